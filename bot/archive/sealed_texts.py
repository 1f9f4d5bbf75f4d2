"""Texts with telephone numbers that are not masked: unreadable for who has the database without the API key.

Who has that key can read the numbers at ElevenLabs, too. Each text is hidden by a pad of its own, made from
both keys and a random number.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_SEALED = "\x1e"
_NONCE, _MARK = 16, 8


class Seal:
    """Texts made unreadable for who has the database without the API key; that key can read them anyway."""

    def __init__(self, secret: bytes, api_key: str) -> None:
        self._key = hmac.new(secret, f"seal {api_key}".encode(), hashlib.sha256).digest()

    def close(self, text: str) -> str:
        plain, nonce = text.encode(), secrets.token_bytes(_NONCE)
        hidden = nonce + self._with_pad(nonce, plain)
        return _SEALED + base64.b64encode(self._mark(hidden) + hidden).decode()

    def open(self, text: str | None) -> str | None:
        """Return a text as it was, also one that was never closed; None if another key closed it."""
        if text is None or not text.startswith(_SEALED):
            return text
        try:
            content = base64.b64decode(text.removeprefix(_SEALED))
        except ValueError:
            return None
        mark, hidden = content[:_MARK], content[_MARK:]
        if not hmac.compare_digest(mark, self._mark(hidden)):
            return None
        return self._with_pad(hidden[:_NONCE], hidden[_NONCE:]).decode()

    def _with_pad(self, nonce: bytes, text: bytes) -> bytes:
        pad = hashlib.shake_256(self._key + nonce).digest(len(text))
        return bytes(one ^ other for one, other in zip(text, pad, strict=True))

    def _mark(self, hidden: bytes) -> bytes:
        return hmac.new(self._key, hidden, hashlib.sha256).digest()[:_MARK]
