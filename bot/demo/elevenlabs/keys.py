"""Which keys the stand-in accepts, how it refuses the others, and the account they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.demo.elevenlabs import refusals


@dataclass(frozen=True, slots=True)
class Key:
    """What a key may do."""

    scopes: frozenset[str] = frozenset({"convai_read", "user_read"})
    residency: bool = False
    """A key of a residency region, refused on this (global) host."""
    unpaid: bool = False
    forbidden: bool = False


SAMPLE_KEYS: Mapping[str, Key] = {
    "sample-key-without-scope": Key(scopes=frozenset({"text_to_speech"})),
    "sample-key-residency": Key(residency=True),
    "sample-key-unpaid": Key(unpaid=True),
    "sample-key-forbidden": Key(forbidden=True),
    "sample-key-read-only": Key(scopes=frozenset({"convai_read"})),
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


SUBSCRIPTION: dict[str, Any] = {
    "tier": "business",
    "character_count": 1_204_377,
    "character_limit": 11_000_000,
    "max_character_limit_extension": None,
    "max_credit_limit_extension": "unlimited",
    "can_extend_character_limit": True,
    "allowed_to_extend_character_limit": True,
    "next_character_count_reset_unix": 1_798_761_600,
    "voice_slots_used": 4,
    "professional_voice_slots_used": 0,
    "professional_voice_slots_used_in_workspace": 0,
    "voice_limit": 660,
    "voice_add_edit_counter": 0,
    "professional_voice_limit": 3,
    "can_extend_voice_limit": False,
    "can_use_instant_voice_cloning": True,
    "can_use_professional_voice_cloning": True,
    "currency": "usd",
    "current_overage": {"amount": "0", "currency": "usd"},
    "status": "active",
    "billing_period": "monthly_period",
    "character_refresh_period": "monthly_period",
}


def user() -> dict[str, Any]:
    return {
        "user_id": "user_sample",
        "workspace_id": "ws_sample",
        "subscription": SUBSCRIPTION,
        "is_new_user": False,
        "can_use_delayed_payment_methods": False,
        "is_onboarding_completed": True,
        "is_onboarding_checklist_completed": True,
        "first_name": "Robin",
        "is_api_key_hashed": True,
        "xi_api_key_preview": None,
        "created_at": 1_735_689_600,
        "seat_type": "workspace_admin",
    }
