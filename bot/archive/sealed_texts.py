"""Texts with telephone numbers that are not masked, encrypted: the database alone does not tell them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SEALED = "\x1e"
_NONCE = 12


class Seal:
    """AES-GCM by a key made from the database's and the API key, whose owner can read the numbers anyway."""

    def __init__(self, secret: bytes, api_key: str) -> None:
        self._cipher = AESGCM(hmac.new(secret, f"seal {api_key}".encode(), hashlib.sha256).digest())

    @staticmethod
    def is_closed(text: str) -> bool:
        """Whether a text looks closed; an open one that does has to be closed, too."""
        return text.startswith(_SEALED)

    def close(self, text: str) -> str:
        nonce = os.urandom(_NONCE)
        return _SEALED + base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), None)).decode()

    def open(self, text: str | None) -> str | None:
        """Return a text as it was, also one that was never closed; None if another key closed it."""
        if text is None or not self.is_closed(text):
            return text
        try:
            content = base64.b64decode(text.removeprefix(_SEALED))
            return self._cipher.decrypt(content[:_NONCE], content[_NONCE:], None).decode()
        except (ValueError, InvalidTag):
            return None
