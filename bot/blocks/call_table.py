"""Calls in a message: a table, what happened first, ids last; and a menu to open one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo

from bot.blocks.block_elements import context, option
from bot.blocks.call_words import result, zone
from bot.blocks.data_table import Cell, DataTable, data_table
from bot.blocks.limits import OPTION_VALUE_CHARS, Block
from bot.blocks.text import DASH, clip, length, literal, one_line, open_url, started
from bot.model import NOT_ASKED, CallIds, Conversation, IdState, chosen_value

MOST_ROWS = 100
"""Rows of a table of calls; all of them are in the CSV."""
PENDING = "…"
UNREADABLE = "could not be read"
NO_CARRIER_ID = "none from the carrier"
AGENT, RESULT, ENDED = "Agent", "Result", "Ended because"
_TITLE_CHARS, _AGENT_CHARS = 40, 30


def _started(row: Conversation, _ids: CallIds, tz: tzinfo, now: float) -> Cell:
    return Cell(started(row.start_time_unix_secs, tz, now), row.start_time_unix_secs)


def _call_id(row: Conversation, ids: CallIds, _tz: tzinfo, _now: float) -> Cell:
    words, is_id = id_words(row, ids)
    return Cell(words, is_id=is_id)


def _conversation_id(row: Conversation, _ids: CallIds, _tz: tzinfo, _now: float) -> Cell:
    return Cell(row.conversation_id, is_id=True, url=open_url(row.conversation_id, row.site))


_COLUMNS: Mapping[str, Callable[[Conversation, CallIds, tzinfo, float], Cell]] = {
    "Started": _started,
    AGENT: lambda row, *_: Cell(row.agent_name or row.agent_id),
    "Length": lambda row, *_: Cell(length(row.call_duration_secs), row.call_duration_secs),
    RESULT: lambda row, *_: Cell(result(row.status, row.call_successful)),
    "Title": lambda row, *_: Cell(row.call_summary_title),
    ENDED: lambda row, *_: Cell(row.termination_reason),
    "Call id": _call_id,
    "Conversation id": _conversation_id,
}


def id_words(row: Conversation, found: CallIds) -> tuple[str, bool]:
    """Say what stands for a row's call id, and whether it is an id (code style)."""
    if found.state is IdState.FAILED:
        return UNREADABLE, False
    if found.state is IdState.FOUND and found.phone is not None:
        return (found.phone.call_id, True) if found.phone.call_id else (NO_CARRIER_ID, False)
    if found.state is IdState.NOT_ASKED and row.may_be_phone:
        return PENDING, False
    return DASH, False


def call_table(
    rows: Sequence[Conversation],
    ids: Mapping[str, CallIds],
    tz: tzinfo,
    now: float,
    *,
    constant: frozenset[str] = frozenset(),
    chosen: Sequence[str] = (),
) -> DataTable:
    """Make a table of the first rows, up to `MOST_ROWS`, without the columns that are `constant`.

    `chosen` columns, as `chosen_value` reads them, stand before the ids.
    """
    shown = [name for name in _COLUMNS if name not in constant]
    ids_at = sum(not name.endswith(" id") for name in shown)
    made = []
    for row in rows[:MOST_ROWS]:
        found = ids.get(row.conversation_id, NOT_ASKED)
        cells = [_COLUMNS[name](row, found, tz, now) for name in shown]
        cells[ids_at:ids_at] = [_chosen(chosen_value(row, column)) for column in chosen]
        made.append(cells)
    head = [*shown[:ids_at], *(column.partition(".")[2] or column for column in chosen), *shown[ids_at:]]
    return data_table(f"Calls, times in {zone(tz, now)}", head, made)


def _chosen(value: str | float | None) -> Cell:
    return Cell(value) if value is None or isinstance(value, str) else Cell(f"{value:g}", value)


def call_options(rows: Sequence[Conversation], tz: tzinfo, now: float) -> list[Block]:
    """Make entries of a menu, one a call, by its title; the value is its conversation id."""
    return [
        option(f"{_name(row)} · {started(row.start_time_unix_secs, tz, now)}", row.conversation_id)
        for row in rows[:MOST_ROWS]
        if 0 < len(row.conversation_id) <= OPTION_VALUE_CHARS and row.conversation_id.isascii()
    ]


def _name(row: Conversation) -> str:
    if named := one_line(row.call_summary_title or ""):
        return clip(named, _TITLE_CHARS)
    agent = literal(row.agent_name or row.agent_id, _AGENT_CHARS)
    return f"{agent} · {result(row.status, row.call_successful)}"


def pending(rows: Sequence[Conversation], ids: Mapping[str, CallIds]) -> bool:
    """Whether a call id is still to come."""
    return any(id_words(row, ids.get(row.conversation_id, NOT_ASKED))[0] == PENDING for row in rows)


def legend(rows: Sequence[Conversation], ids: Mapping[str, CallIds]) -> list[Block]:
    """Say what stands in the place of call ids that are not known."""
    shown = {id_words(row, ids.get(row.conversation_id, NOT_ASKED))[0] for row in rows[:MOST_ROWS]}
    notes = (
        (PENDING, f"{PENDING} call id not looked up yet"),
        (UNREADABLE, f"{UNREADABLE}: ElevenLabs did not give the call's details"),
    )
    words = " · ".join(note for mark, note in notes if mark in shown)
    return [context(words)] if words else []
