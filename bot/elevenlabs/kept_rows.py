"""Rows that are kept: complete for a selection and a span of time, of a known age.

`KeptRows` is the interface. A question is answered from the rows kept for any question that is at least as
wide; what they leave open is requested. `memory_rows.py` keeps them in memory, `bot.archive` in the database.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol, Self

from bot.elevenlabs.request import Bound
from bot.model import Conversation, Selection
from bot.tally import CallSums, SumsBy

Rows = list[Conversation]
Params = tuple[tuple[str, str], ...]

LIVE_SECS = 2 * 3600
"""Conversations that started so many seconds ago, or less, still change."""
_WORTH_A_REQUEST = 75
"""Two gaps with fewer kept rows between them are requested as one."""
CLOCK_SLACK = 5
"""Rows known up to so many seconds before they were fetched are known up to then."""
_SPEECH_ENGINE = "seng_"
"""Agents can be asked for by the id of a speech engine, which rows do not carry."""
_SOURCE_UNKNOWN = "unknown"
"""May stand for rows that carry no source at all: only the API can tell."""


@dataclass(frozen=True, slots=True)
class MaxAge:
    """How many seconds ago rows may have been fetched at most."""

    settled: float
    """Those that are final and started more than two hours before: only ratings and tags still change."""
    live: float
    """All others."""
    archived_settled: float
    """As `settled`, in the archive: it is read again each night."""
    archived_live: float
    """As `live`, in the archive: its newest rows are read again each minute."""


FRESH = MaxAge(settled=300.0, live=0.0, archived_settled=36 * 3600.0, archived_live=90.0)
"""For answers that pass for ElevenLabs' own."""
IN_AN_OUTAGE = MaxAge(settled=300.0, live=0.0, archived_settled=math.inf, archived_live=math.inf)
"""For whole answers while ElevenLabs is away: what is in the archive, shown with its age."""
LAST_KNOWN = MaxAge(settled=3600.0, live=3600.0, archived_settled=math.inf, archived_live=math.inf)
"""For an outage: shown with their age."""


class ReadsKept(Protocol):
    """Reads the rows of a piece, in batches."""

    def __call__(self, *, oldest_first: bool) -> AsyncIterator[Rows]: ...


SumsKept = Callable[[SumsBy], Awaitable[list[CallSums] | None]]
"""Sums the rows of a piece; None where they differ too much to be worth it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of times `[since, until)` of a question: its rows are kept, or missing."""

    since: Bound
    until: Bound
    count: int = 0
    """How many rows there are at most."""
    rows: ReadsKept | None = None
    """Reads the rows. None: they are missing."""
    as_of: float = 0.0
    """Unix time when they were fetched."""
    sums: SumsKept | None = None
    """Sums the rows where they are kept, which is quicker than reading them; None where it is not."""


class KeptRows(Protocol):
    """Where rows are kept. Times are Unix seconds, spans `[since, until)`."""

    async def put(self, selection: Selection, since: Bound, until: Bound, rows: Rows, as_of: float) -> None:
        """Keep `rows` (newest first), which are all that the API has of a selection in a span.

        `as_of` is when the fetch began: later times are not part of the span.
        """

    async def cover(self, selection: Selection, since: Bound, until: Bound, max_age: MaxAge) -> list[Piece]:
        """Divide a span into pieces that are kept and pieces that are missing, newest first."""

    async def forget(self, conversation_id: str) -> None:
        """Drop a conversation that the API no longer has."""


class LayeredRows:
    """Rows in memory, and under them those of the archive: `KeptRows` over both. New rows go to memory."""

    def __init__(self, memory: KeptRows, archive: KeptRows) -> None:
        self._memory = memory
        self._archive = archive

    async def put(self, selection: Selection, since: Bound, until: Bound, rows: Rows, as_of: float) -> None:
        await self._memory.put(selection, since, until, rows, as_of)

    async def cover(self, selection: Selection, since: Bound, until: Bound, max_age: MaxAge) -> list[Piece]:
        pieces: list[Piece] = []
        for piece in await self._memory.cover(selection, since, until, max_age):
            if piece.rows is not None:
                pieces.append(piece)
            else:
                pieces += await self._archive.cover(selection, piece.since, piece.until, max_age)
        return pieces

    async def forget(self, conversation_id: str) -> None:
        await self._memory.forget(conversation_id)
        await self._archive.forget(conversation_id)


def at_hand(newest_first: Rows) -> ReadsKept:
    """Return how rows are read that are in memory."""

    async def read(*, oldest_first: bool) -> AsyncIterator[Rows]:
        yield newest_first[::-1] if oldest_first else newest_first

    return read


async def sum_kept(pieces: list[Piece], by: SumsBy) -> tuple[list[CallSums], list[Piece]]:
    """Sum the pieces that can be; return the sums, and all pieces with no row left in those."""
    sums: list[CallSums] = []
    left: list[Piece] = []
    for piece in pieces:
        found = None if piece.sums is None else await piece.sums(by)
        if found is not None:
            sums += found
            piece = replace(piece, count=0, rows=at_hand([]), sums=None)  # noqa: PLW2901
        left.append(piece)
    return sums, left


def join_gaps(pieces: list[Piece]) -> list[Piece]:
    """Make one of two gaps with hardly any kept rows between them. `pieces` are newest first."""
    result: list[Piece] = []
    between = 0
    last_gap: int | None = None
    for piece in pieces:
        if piece.rows is not None:
            result.append(piece)
            between += piece.count
            continue
        if last_gap is not None and between < _WORTH_A_REQUEST:
            until = result[last_gap].until
            del result[last_gap:]
            result.append(Piece(piece.since, until))
        else:
            result.append(piece)
        last_gap = len(result) - 1
        between = 0
    return result


def without_later_gap(pieces: list[Piece]) -> list[Piece]:
    """Leave out a newest piece that is missing only because its time came after the fetch of the next."""
    if len(pieces) > 1 and pieces[0].rows is None and pieces[1].rows is not None:
        later = (pieces[0].since or 0) >= int(pieces[1].as_of) - CLOCK_SLACK
        return pieces[1:] if later else pieces
    return pieces


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a question, those that kept rows can decide told apart.

    Only what never changes about a finished conversation can be decided: its agent, its source, its length.
    """

    rest: Params
    agent: str | None = None
    source: str | None = None
    min_secs: int | None = None
    max_secs: int | None = None

    @classmethod
    def of(cls, params: Params) -> Self:
        """Tell the filters of an API query apart. Repeated or odd ones stay in the rest."""
        names = [name for name, _ in params]
        once = {name: value for name, value in params if names.count(name) == 1}
        agent, source = once.get("agent_id"), once.get("conversation_initiation_source")
        decided = {
            "agent_id": None if agent is not None and agent.startswith(_SPEECH_ENGINE) else agent,
            "conversation_initiation_source": None if source == _SOURCE_UNKNOWN else source,
        }
        lengths = {
            name: int(value)
            for name in ("call_duration_min_secs", "call_duration_max_secs")
            if (value := once.get(name, "")).isascii() and value.isdecimal()
        }
        known = {name for name, value in decided.items() if value is not None} | lengths.keys()
        return cls(
            rest=tuple(sorted((name, value) for name, value in params if name not in known)),
            agent=decided["agent_id"],
            source=decided["conversation_initiation_source"],
            min_secs=lengths.get("call_duration_min_secs"),
            max_secs=lengths.get("call_duration_max_secs"),
        )

    def within(self, wider: Filters) -> bool:
        """Whether every row of this question is among the rows of `wider`."""
        return (
            self.rest == wider.rest
            and wider.agent in (None, self.agent)
            and wider.source in (None, self.source)
            and (wider.min_secs is None or (self.min_secs is not None and self.min_secs >= wider.min_secs))
            and (wider.max_secs is None or (self.max_secs is not None and self.max_secs <= wider.max_secs))
        )

    def keeps(self, row: Conversation) -> bool:
        """Whether a finished conversation, kept for a wider question, belongs to this one."""
        return (
            (self.agent is None or row.agent_id == self.agent)
            and (self.source is None or row.conversation_initiation_source == self.source)
            and (self.min_secs is None or row.call_duration_secs >= self.min_secs)
            and (self.max_secs is None or row.call_duration_secs <= self.max_secs)
        )
