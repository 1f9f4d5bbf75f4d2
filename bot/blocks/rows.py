"""Ten calls in a message: as a table, as paragraphs for a Slack without tables, and as words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.blocks.elements import (
    Block,
    code_cell,
    context,
    id_cell,
    option,
    section,
    table,
    text_cell,
)
from bot.blocks.names import one_word
from bot.blocks.text import DASH, code, escape, length, link, literal, open_url, started
from bot.model import NOT_ASKED, CallIds, Conversation, IdState

__all__ = ["PAGE", "Calls", "id_words", "result", "zone"]

PAGE = 10
"""Rows of one message."""
PENDING = "…"
UNREADABLE = "could not be read"
NO_CARRIER_ID = "none from the carrier"
_OPTION_VALUE = 150
_COLUMNS: tuple[Block, ...] = (
    {"is_wrapped": False},
    {"is_wrapped": False},
    {"align": "right"},
    {"is_wrapped": False},
    {"is_wrapped": False},  # an id broken over lines is hard to copy
    {"is_wrapped": False},
)
_AGENT_CHARS = 40
_RESULTS = {"success": "Successful", "failure": "Failed", "unknown": "Unknown"}
_VERDICTS = frozenset({"success", "failure"})
_UNDER_WAY = {"initiated": "Initiated", "in-progress": "In progress", "processing": "Processing"}
_OVER = frozenset({"done", "failed", "unknown", ""})


def result(status: str, call_successful: str) -> str:
    """Say how a call went: its verdict once there is one, until then how far the call is.

    The same words filter by it: what is listed as failed says Failed, also when the call itself broke off.
    """
    if status in _OVER or call_successful in _VERDICTS:
        return _RESULTS.get(call_successful) or one_word(call_successful)
    return _UNDER_WAY.get(status) or one_word(status)


def zone(tz: tzinfo, now: float) -> str:
    """Name a time zone shortly: "Berlin", "UTC"."""
    key = getattr(tz, "key", None)
    name = key.rpartition("/")[2].replace("_", " ") if isinstance(key, str) else None
    return literal(name or datetime.fromtimestamp(now, tz).tzname(), 30)


def id_words(row: Conversation, found: CallIds) -> tuple[str, bool]:
    """Say what stands for a row's call id, and whether it is an id (code style)."""
    if found.state is IdState.FAILED:
        return UNREADABLE, False
    if found.state is IdState.FOUND and found.phone is not None:
        return (found.phone.call_id, True) if found.phone.call_id else (NO_CARRIER_ID, False)
    if found.state is IdState.NOT_ASKED and row.may_be_phone:
        return PENDING, False
    return DASH, False


@dataclass(frozen=True, slots=True)
class Calls:
    """Up to ten rows with the ids known for them, and whose clock they are shown by."""

    rows: Sequence[Conversation]
    ids: Mapping[str, CallIds]
    tz: tzinfo
    now: float

    def _shown(self) -> list[tuple[Conversation, str, bool]]:
        return [
            (row, *id_words(row, self.ids.get(row.conversation_id, NOT_ASKED))) for row in self.rows[:PAGE]
        ]

    def _facts(self, row: Conversation) -> tuple[str, str, str, str]:
        agent = row.agent_name or row.agent_id
        return (
            started(row.start_time_unix_secs, self.tz, self.now),
            literal(agent, _AGENT_CHARS),
            length(row.call_duration_secs),
            result(row.status, row.call_successful),
        )

    def pending(self) -> bool:
        """Whether a call id on this page is still to come."""
        return any(words == PENDING for _, words, _ in self._shown())

    def blocks(self) -> list[Block]:
        """Make the table, with its legend when it needs one."""
        rows = [
            [
                *(text_cell(fact) for fact in self._facts(row)),
                code_cell(words) if is_id else text_cell(words),
                id_cell(row.conversation_id, row.site),
            ]
            for row, words, is_id in self._shown()
        ]
        head = (
            f"Started ({zone(self.tz, self.now)})",
            "Agent",
            "Length",
            "Result",
            "Call id",
            "Conversation id",
        )
        return [table(head, rows, _COLUMNS), *self._legend()] if rows else []

    def plain_blocks(self) -> list[Block]:
        """Make the same as paragraphs."""
        paragraphs = [
            section(_line(self._facts(row), row, words, is_id)) for row, words, is_id in self._shown()
        ]
        return [*paragraphs, *self._legend()] if paragraphs else []

    def _legend(self) -> list[Block]:
        shown = {words for _, words, is_id in self._shown() if not is_id}
        notes = []
        if DASH in shown:
            notes.append(f"{DASH} not a phone call")
        if PENDING in shown:
            notes.append(f"{PENDING} call id not looked up yet")
        if UNREADABLE in shown:
            notes.append(f"{UNREADABLE}: ElevenLabs did not give the call's details")
        return [context(" · ".join(notes))] if notes else []

    def text(self) -> str:
        """Make markup lines for screen readers and for a Slack that shows no blocks."""
        lines = []
        for row, words, is_id in self._shown():
            facts = " · ".join(escape(fact) for fact in self._facts(row))
            call = code(words) if is_id else words
            lines.append(f"{facts} · call {call} · {code(row.conversation_id, 120)}")
        return "\n".join(lines)

    def options(self) -> list[Block]:
        """Make the menu's entries, one a call; the value is its conversation id."""
        return [
            option(" · ".join(self._facts(row)), row.conversation_id, detail=row.call_summary_title)
            for row in self.rows[:PAGE]
            if 0 < len(row.conversation_id) <= _OPTION_VALUE and row.conversation_id.isascii()
        ]


def _line(facts: tuple[str, str, str, str], row: Conversation, words: str, is_id: bool) -> str:
    when, agent, took, how = (escape(fact) for fact in facts)
    url = open_url(row.conversation_id, row.site)
    opening = f" · {link(url, 'open')}" if url else ""
    call = code(words) if is_id else words
    conversation = f"Conversation {code(row.conversation_id, 120)}{opening}"
    return f"*{when}* · {agent} · {took} · {how}\nCall id {call}\n{conversation}"
