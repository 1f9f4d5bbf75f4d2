"""Which keys the stand-in accepts, and how it refuses the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.demo.elevenlabs import refusals


@dataclass(frozen=True, slots=True)
class Key:
    """What a key may do."""

    scopes: frozenset[str] = frozenset({"convai_read"})
    residency: bool = False
    """A key of a residency region, refused on this (global) host."""
    unpaid: bool = False
    forbidden: bool = False


SAMPLE_KEYS: Mapping[str, Key] = {
    "sample-key-without-scope": Key(scopes=frozenset({"text_to_speech"})),
    "sample-key-residency": Key(residency=True),
    "sample-key-unpaid": Key(unpaid=True),
    "sample-key-forbidden": Key(forbidden=True),
}
"""Keys that every stand-in knows, so that each refusal can be tried by hand."""


class Keyring:
    """Checks keys."""

    def __init__(self, keys: Mapping[str, Key], *, wrong_key_status: int = 401) -> None:
        self._keys = dict(keys)
        self._wrong_key_status = wrong_key_status

    def check(self, given: str | None, scope: str) -> None:
        if not given:
            raise refusals.no_key()
        key = self._keys.get(given)
        if key is None:
            raise refusals.wrong_key(self._wrong_key_status)
        if key.residency:
            raise refusals.residency_key()
        if scope not in key.scopes:
            raise refusals.missing_scope(scope)
        if key.unpaid:
            raise refusals.payment_required()
        if key.forbidden:
            raise refusals.forbidden()
