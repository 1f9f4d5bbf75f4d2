"""Random calls, as ElevenLabs may send them, and what is to be counted of them by hand."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.model import Conversation

ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns"),
    *("Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham"),
)
"""Zones of half and quarter hours, and one whose clock changes by half an hour, among plain ones."""
BERLIN = ZoneInfo("Europe/Berlin")
CHANGES = tuple(
    int(datetime(*day, tzinfo=ZoneInfo("UTC")).timestamp()) for day in ((2026, 3, 28), (2026, 4, 4))
)
"""Days before clocks change: forward in Berlin, back on Lord Howe and Chatham."""

_starts = st.builds(lambda day, second: day + second, st.sampled_from(CHANGES), st.integers(0, 2 * 86_400))
_maybe = st.sampled_from((None, "", "a", "b", "=cmd()", "<!channel>"))


def _number(least: float, most: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(least, most, allow_nan=False) | st.integers(int(least), int(most)).map(float)


calls = st.builds(
    Conversation,
    conversation_id=st.uuids().map(str),
    agent_id=st.sampled_from(("agent_1", "agent_2", "")),
    agent_name=st.sampled_from((None, "Support EN", "Sales")),
    start_time_unix_secs=_starts,
    call_duration_secs=st.integers(0, 40) | st.integers(0, 100_000),
    message_count=st.integers(0, 50),
    status=st.sampled_from(("done", "failed", "in-progress", "paused")),
    call_successful=st.sampled_from(("success", "failure", "unknown", "later")),
    direction=_maybe,
    conversation_initiation_source=st.sampled_from((None, "twilio", "teleport")),
    main_language=_maybe,
    termination_reason=_maybe,
    rating=_number(1, 5),
    cost=_number(0, 5000),
    cost_fiat=_number(-20, 20),
    tool_names=st.lists(st.sampled_from(("end_call", "refund")), max_size=3).map(tuple),
    tag_ids=st.lists(st.sampled_from(("vip", "test")), max_size=2).map(tuple),
    branch_id=_maybe,
    version_id=_maybe,
)


def call(**fields: object) -> Conversation:
    """Return a call of 20 November 2026, noon in Berlin, if nothing else is said."""
    moment = int(datetime(2026, 11, 20, 12, tzinfo=BERLIN).timestamp())
    return Conversation(**{"conversation_id": "conv_1", "start_time_unix_secs": moment, **fields})  # type: ignore[arg-type]
