"""Ordinary conversations, for readable renderings."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.model import FAILED, NOT_PHONE, CallIds, Conversation, IdState, PhoneCall

BERLIN = ZoneInfo("Europe/Berlin")
NOW = 1_795_000_000.0
"""Wed 18 Nov 2026, 10:26:40 in Berlin."""


def phone(call_id: str | None, provider: str = "twilio") -> CallIds:
    """Return the ids of a phone call."""
    sid = "SCL_9f2c" if provider == "sip_trunking" else call_id
    return CallIds(
        IdState.FOUND,
        PhoneCall(
            phone_provider=provider,
            call_id=call_id,
            call_sid=sid,
            direction="inbound",
            agent_number="+1•••0123",
            external_number="+49•••4567",
        ),
    )


ROWS = [
    Conversation(
        conversation_id=f"conv_01jkz{n:024d}",
        agent_id="agent_1",
        agent_name=name,
        start_time_unix_secs=int(NOW) - 3600 * n * n - 90,
        call_duration_secs=length,
        status=status,
        call_successful=result,
        conversation_initiation_source=source,
    )
    for n, (name, length, status, result, source) in enumerate(
        [
            ("Support EN", 245, "in-progress", "unknown", "twilio"),
            ("Support EN", 7, "done", "failure", "twilio"),
            ("Sales & Billing <DE>", 3723, "done", "success", "sip_trunk"),
            ("Support EN", 61, "done", "success", "widget"),
            ("Support EN", 0, "failed", "unknown", "sip_trunk"),
            (None, 612, "done", "success", "twilio"),
        ]
    )
]
IDS = {
    ROWS[1].conversation_id: phone("CA3f8e2b1c9d4a4e6f8b7a6c5d4e3f2a1b"),
    ROWS[2].conversation_id: phone("a84b4c76e66710@pc33.example.com", "sip_trunking"),
    ROWS[3].conversation_id: NOT_PHONE,
    ROWS[4].conversation_id: phone(None, "sip_trunking"),
    ROWS[5].conversation_id: FAILED,
}
