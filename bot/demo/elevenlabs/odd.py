"""Rows as real data has them now and then: hostile texts, nulls, missing fields, unheard-of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import UNSET

from bot.demo.elevenlabs.records import Record


def make_some_odd(records: Sequence[Record]) -> None:
    """Change a dozen finished rows in place, past the newest forty, which a first look shows."""
    finished = [record for record in records[:-40] if record.row.status == "done"]
    step = max(1, len(finished) // (len(ODDITIES) * 40))
    for index, change in enumerate(ODDITIES):
        position = len(finished) - 1 - index * step
        if position >= 0:
            change(finished[position])


def titled(title: str, summary: str | None = None) -> Callable[[Record], None]:
    """Make a change that sets the title, and the summary if one is given."""

    def change(record: Record) -> None:
        record.row.call_summary_title = title
        if summary is not None:
            record.row.transcript_summary = summary

    return change


def hide(record: Record) -> None:
    """Let the key list a conversation, but not open it."""
    record.row.hiding_reason = "no_access"


def lose_start(record: Record) -> None:
    """Send a conversation's row without a start time."""
    record.row_extra = {"start_time_unix_secs": None}


def _nulls(record: Record) -> None:
    row = record.row
    row.agent_name = row.call_summary_title = row.transcript_summary = None
    row.termination_reason = row.main_language = row.tool_names = row.tag_ids = None
    row.cost = row.cost_fiat = row.rating = row.direction = None
    record.errored_tools = ()


def _missing(record: Record) -> None:
    row = record.row
    row.agent_name = row.call_summary_title = row.transcript_summary = UNSET
    row.termination_reason = row.main_language = row.tool_names = row.tag_ids = UNSET
    row.cost = row.cost_fiat = row.rating = row.direction = UNSET
    record.errored_tools = ()


def _unknown_values(record: Record) -> None:
    row = record.row
    row.status = "archived"
    row.call_successful = "partial"
    row.conversation_initiation_source = "hologram"
    row.main_language = "tlh"


def _no_carrier_id(record: Record) -> None:
    if record.phone is not None and record.phone.type == "sip_trunking":
        record.phone.call_id = None


def _long(record: Record) -> None:
    record.row.call_summary_title = "A very long story about a heat pump " * 40
    record.row.transcript_summary = "And then the caller told it again. " * 600


ODDITIES: tuple[Callable[[Record], None], ...] = (
    titled("<!channel> & <b>urgent</b> refund", "Caller typed <!here> and `code` & *stars* into the chat."),
    titled('=HYPERLINK("https://example.com","Click me")', "=1+1 was read out by the caller."),
    titled("🎉 Happy customer 🎉 👩‍👩‍👧‍👦", "All good 👍🏽"),
    titled("\u202eرقم الطلب\u202c 12345 \u200f", "نص من اليمين إلى اليسار with English inside."),
    titled("Two\nlines\r\nand a\ttab", 'A summary with "quotes", commas, and\nline breaks;\nthree of them.'),
    titled("@SUM(A1:A9)", "-2+3 and +44 look like formulas too."),
    titled("", ""),
    _nulls,
    _missing,
    _unknown_values,
    _no_carrier_id,
    _long,
)
