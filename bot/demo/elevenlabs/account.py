"""GET /v1/user and /v1/user/subscription, in the shapes of the SDK's `User` and `Subscription`."""

from __future__ import annotations

from typing import Any

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
    """Describe the owner of the key."""
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
