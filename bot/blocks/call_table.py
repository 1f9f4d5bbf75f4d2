"""Ten calls in a message: as a table, as paragraphs for a Slack without tables, and as words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks.block_elements import code_cell, context, option, section, table, text_cell
from bot.blocks.call_words import result, zone
from bot.blocks.limits import OPTION_VALUE_CHARS, Block
from bot.blocks.text import DASH, code, escape, length, link, literal, open_url, started
from bot.model import NOT_ASKED, CallIds, Conversation, IdState

PAGE = 10
"""Rows of one message."""
PENDING = "…"
UNREADABLE = "could not be read"
NO_CARRIER_ID = "none from the carrier"
_HEADERS = ("Agent", "Length", "Result", "Call id", "Conversation id")
_COLUMNS: tuple[Block, ...] = (
    {"is_wrapped": False},
    {"is_wrapped": False},
    {"align": "right"},
    {"is_wrapped": False},
    {"is_wrapped": False},  # an id broken over lines is hard to copy
    {"is_wrapped": False},
)
_AGENT_CHARS = 40


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
class _Line:
    """One row as it is shown."""

    row: Conversation
    facts: tuple[str, str, str, str]
    """Started, agent, length, result: literal text."""
    call_id: str
    is_id: bool
    """Whether `call_id` is an id, rather than a word in its place."""

    @property
    def call_markup(self) -> str:
        return code(self.call_id) if self.is_id else self.call_id


@dataclass(frozen=True, slots=True)
class CallTable:
    """The first ten of some rows, with the ids known for them."""

    lines: Sequence[_Line]
    zone: str
    """Whose clock the times are by."""

    @classmethod
    def of(
        cls, rows: Sequence[Conversation], ids: Mapping[str, CallIds], tz: tzinfo, now: float
    ) -> CallTable:
        lines = [_line(row, ids.get(row.conversation_id, NOT_ASKED), tz, now) for row in rows[:PAGE]]
        return cls(lines, zone(tz, now))

    @property
    def pending(self) -> bool:
        """Whether a call id is still to come."""
        return any(line.call_id == PENDING for line in self.lines)

    def as_table(self) -> list[Block]:
        rows = [
            [
                *map(text_cell, line.facts),
                code_cell(line.call_id) if line.is_id else text_cell(line.call_id),
                code_cell(line.row.conversation_id, url=open_url(line.row.conversation_id, line.row.site)),
            ]
            for line in self.lines
        ]
        return [table((f"Started ({self.zone})", *_HEADERS), rows, _COLUMNS), *self._legend()]

    def as_paragraphs(self) -> list[Block]:
        """Draw the same for a Slack without tables."""
        paragraphs = []
        for line in self.lines:
            when, *others = map(escape, line.facts)
            url = open_url(line.row.conversation_id, line.row.site)
            opening = f" · {link(url, 'open')}" if url else ""
            paragraphs.append(
                section(
                    f"*{when}* · {' · '.join(others)}\nCall id {line.call_markup}\n"
                    f"Conversation {code(line.row.conversation_id, 120)}{opening}"
                )
            )
        return [*paragraphs, *self._legend()]

    def as_text(self) -> str:
        """Markup lines for screen readers and for a Slack that shows no blocks."""
        return "\n".join(
            f"{' · '.join(map(escape, line.facts))} · call {line.call_markup} · "
            f"{code(line.row.conversation_id, 120)}"
            for line in self.lines
        )

    def options(self) -> list[Block]:
        """Entries of a menu, one a call; the value is its conversation id."""
        return [
            option(" · ".join(line.facts), line.row.conversation_id, detail=line.row.call_summary_title)
            for line in self.lines
            if 0 < len(line.row.conversation_id) <= OPTION_VALUE_CHARS and line.row.conversation_id.isascii()
        ]

    def _legend(self) -> list[Block]:
        shown = {line.call_id for line in self.lines if not line.is_id}
        notes = (
            (DASH, f"{DASH} not a phone call"),
            (PENDING, f"{PENDING} call id not looked up yet"),
            (UNREADABLE, f"{UNREADABLE}: ElevenLabs did not give the call's details"),
        )
        words = " · ".join(note for mark, note in notes if mark in shown)
        return [context(words)] if words else []


def _line(row: Conversation, ids: CallIds, tz: tzinfo, now: float) -> _Line:
    call_id, is_id = id_words(row, ids)
    return _Line(
        row,
        (
            started(row.start_time_unix_secs, tz, now),
            literal(row.agent_name or row.agent_id, _AGENT_CHARS),
            length(row.call_duration_secs),
            result(row.status, row.call_successful),
        ),
        call_id,
        is_id,
    )
