"""Opaque page cursors: signed, bound to the question they were given for, and mortal if so configured."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

import msgspec

SIGNATURE_BYTES = 12


class Cursors:
    """Makes and reads cursors. `ttl` is their life in seconds by `clock`, None for ever."""

    def __init__(
        self, *, ttl: float | None = None, clock: Callable[[], float], secret: bytes = b"stand-in"
    ) -> None:
        self._ttl = ttl
        self._clock = clock
        self._secret = secret

    def make(self, question: str, place: tuple[int | float, str]) -> str:
        """Write a cursor that continues `question` after `place`."""
        body = msgspec.json.encode([place[0], place[1], round(self._clock(), 3)])
        signed = self._sign(question, body) + body
        return base64.urlsafe_b64encode(signed).decode().rstrip("=")

    def read(self, question: str, cursor: str) -> tuple[float, str] | None:
        """Return the place a cursor stands for; None when it is garbage, expired or another question's."""
        try:
            signed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            signature, body = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
            if not hmac.compare_digest(signature, self._sign(question, body)):
                return None
            number, name, made = msgspec.json.decode(body, type=tuple[float, str, float])
        except (ValueError, msgspec.DecodeError):
            return None
        if self._ttl is not None and self._clock() - made > self._ttl:
            return None
        return number, name

    def _sign(self, question: str, body: bytes) -> bytes:
        # the question comes first and its length with it, so that no body can pretend to be part of it
        text = question.encode()
        content = len(text).to_bytes(4, "big") + text + body
        return hmac.new(self._secret, content, hashlib.sha256).digest()[:SIGNATURE_BYTES]
