"""Rows that are kept: complete for a selection and a span of time, of a known age.

`KeptRows` is the interface. A question is answered from the rows kept for any question that is at least as
wide; what they leave open is requested. `MemoryRows` keeps them in memory, `bot.archive` in the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import math
import re
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter
from typing import Protocol, Self

from bot.elevenlabs.request import Bound
from bot.model import Conversation, Selection
from bot.tally import CallSums, SumsBy

Rows = list[Conversation]

LIVE_SECS = 2 * 3600
"""Conversations that started so many seconds ago, or less, still change."""
CLOCK_SLACK = 5
"""Rows known up to so many seconds before they were fetched are known up to then."""
_WORTH_A_REQUEST = 75
"""Two gaps with fewer kept rows between them are requested as one."""
_DECIDABLE = {
    "agent_id": re.compile("(?!seng_).+"),  # rows do not carry the id of a speech engine
    "conversation_initiation_source": re.compile("(?!unknown$).+"),  # may stand for rows without a source
    "call_duration_min_secs": re.compile("[0-9]+"),
    "call_duration_max_secs": re.compile("[0-9]+"),
}
"""The filters that kept rows can decide, and the values for which they can."""
_FIRST, _LAST = 0, 2**40
"""The times of spans that are open."""
_SEGMENT_ROWS = 2000
"""Rows of a segment at most, unless one second holds more: what leaves is to leave in small parts."""
_SAME_AGE = 30.0
"""Neighbours are merged when they were fetched within so many seconds."""
_BEGINNING_ROWS = 100
"""Rows of the beginning of a question: as many as a list shows."""


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


def at_hand(newest_first: Rows, belongs: Callable[[Conversation], bool] | None = None) -> ReadsKept:
    """Return how rows are read that are in memory, or those of them that belong."""

    async def read(*, oldest_first: bool) -> AsyncIterator[Rows]:
        found = newest_first if belongs is None else list(filter(belongs, newest_first))
        yield found[::-1] if oldest_first else found

    return read


@contextlib.asynccontextmanager
async def summed(pieces: list[Piece], by: SumsBy | None, sums: list[CallSums]) -> AsyncIterator[list[Piece]]:
    """Sum what can be, into `sums`, beside whoever reads the pieces given: no row of it is left there."""
    if by is None:
        yield pieces
        return

    async def sum_all() -> list[list[CallSums] | None]:
        return [None if piece.sums is None else await piece.sums(by) for piece in pieces]

    def left(at: int, piece: Piece) -> Piece:
        async def rows(*, oldest_first: bool) -> AsyncIterator[Rows]:
            found = (await summing)[at]
            if found is not None:
                sums.extend(found)
            elif piece.rows is not None:
                async for batch in piece.rows(oldest_first=oldest_first):
                    yield batch

        return piece if piece.sums is None else replace(piece, count=0, rows=rows, sums=None)

    summing = asyncio.create_task(sum_all())
    try:
        yield [left(at, piece) for at, piece in enumerate(pieces)]
    finally:
        summing.cancel()
        await asyncio.gather(summing, return_exceptions=True)


def join_gaps(pieces: list[Piece]) -> list[Piece]:
    """Make one of two gaps with hardly any kept rows between them. `pieces` are newest first."""
    result: list[Piece] = []
    gap_before: int | None = None
    for piece in pieces:
        if piece.rows is None:
            if gap_before is not None and sum(each.count for each in result[gap_before:]) < _WORTH_A_REQUEST:
                piece = Piece(piece.since, result[gap_before].until)  # noqa: PLW2901
                del result[gap_before:]
            gap_before = len(result)
        result.append(piece)
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

    rest: tuple[tuple[str, str], ...]
    agent: str | None = None
    source: str | None = None
    min_secs: int = 0
    max_secs: float = math.inf

    @classmethod
    def of(cls, params: tuple[tuple[str, str], ...]) -> Self:
        """Tell the filters of an API query apart. Repeated or odd ones stay in the rest."""
        names = [name for name, _ in params]
        decided = {
            name: value
            for name, value in params
            if names.count(name) == 1 and name in _DECIDABLE and _DECIDABLE[name].fullmatch(value)
        }
        return cls(
            rest=tuple(sorted(pair for pair in params if pair[0] not in decided)),
            agent=decided.get("agent_id"),
            source=decided.get("conversation_initiation_source"),
            min_secs=int(decided.get("call_duration_min_secs", 0)),
            max_secs=float(decided.get("call_duration_max_secs", math.inf)),
        )

    def within(self, wider: Filters) -> bool:
        """Whether every row of this question is among the rows of `wider`."""
        return (
            self.rest == wider.rest
            and wider.agent in (None, self.agent)
            and wider.source in (None, self.source)
            and wider.min_secs <= self.min_secs
            and wider.max_secs >= self.max_secs
        )

    def keeps(self, row: Conversation) -> bool:
        """Whether a finished conversation, kept for a wider question, belongs to this one."""
        return (
            (self.agent is None or self.agent == row.agent_id)
            and (self.source is None or self.source == row.conversation_initiation_source)
            and self.min_secs <= row.call_duration_secs <= self.max_secs
        )


@dataclass(eq=False)
class _Segment:
    """All rows of `[since, until)` for some filters, newest first, as of a moment."""

    filters: Filters
    since: int
    until: int
    rows: Rows
    as_of: float
    beginning: bool = False
    """Whether it belongs to the beginning of a question."""

    @property
    def size(self) -> int:
        return len(self.rows) + 1

    @functools.cached_property
    def settled(self) -> list[tuple[int, int]]:
        """The parts that no longer change: not the two hours before the fetch, nor seconds of live rows."""
        end = min(self.until, int(self.as_of) - LIVE_SECS)
        live = {row.start_time_unix_secs for row in self.rows if not row.final}
        edges = [end, *sorted((second for second in live if second < end), reverse=True), self.since - 1]
        return [(low + 1, high) for high, low in itertools.pairwise(edges) if low + 1 < high]

    def cut(self, since: int, until: int) -> list[_Segment]:
        """Return the part of it that lies in a span, if any does."""
        since, until = max(since, self.since), min(until, self.until)
        if since >= until:
            return []
        if (since, until) == (self.since, self.until):
            return [self]
        return [replace(self, since=since, until=until, rows=self.between(since, until))]

    def between(self, since: int, until: int) -> Rows:
        """Return the rows of a part of it."""
        if since <= self.since and until >= self.until:
            return self.rows
        first, last = (bisect_right(self.rows, -edge, key=_falling) for edge in (until, since))
        return self.rows[first:last]


def _falling(row: Conversation) -> int:
    return -row.start_time_unix_secs


class MemoryRows:
    """Rows kept in memory for an hour, at most so many; what they leave open, a database below may have.

    They lie in segments: all rows that the API has for some filters in a span, as of a moment. The least
    recently used leave first to make room, but the beginning of each question stays longer, since an outage
    shows it: an export of a hundred thousand rows pushes out neither its own beginning nor those of others.
    """

    def __init__(self, max_rows: int, clock: Callable[[], float], below: KeptRows | None = None) -> None:
        self._max_rows = max_rows
        self._clock = clock
        self._below = below
        self._segments: list[_Segment] = []
        """Least recently used first."""

    async def put(self, selection: Selection, since: Bound, until: Bound, rows: Rows, as_of: float) -> None:
        low = max(since or 0, _FIRST)
        high = min(_LAST if until is None else until, int(as_of))
        if low >= high or not self._max_rows:
            return
        filters = Filters.of(selection.params)
        within = [row for row in rows if low <= row.start_time_unix_secs < high]
        whole = _Segment(filters, low, high, within, as_of)
        oldest_first = selection.oldest_first
        begins = since == selection.since if oldest_first else until == selection.until
        parts = self._beginning_apart(whole, oldest_first=oldest_first) if begins else [whole]
        oldest = self._clock() - LAST_KNOWN.settled
        others, same = list[_Segment](), list[_Segment]()
        for segment in self._segments:
            if segment.as_of < oldest:
                continue
            if segment.filters == filters:
                same += [*segment.cut(_FIRST, low), *segment.cut(high, _LAST)]
            else:
                others.append(segment)
        # What a retrieval has put, its first rows above all, must not leave for its last.
        stays = sum(segment.size for segment in others if segment.beginning)
        stays += sum(each.size for each in same if each.beginning or each.as_of >= as_of - _SAME_AGE)
        same += [part for part in parts if part.beginning or part.size + stays <= self._max_rows]
        # Small in a small memory too: one segment must never fill it.
        same = _merged(sorted(same, key=attrgetter("since")), min(_SEGMENT_ROWS, self._max_rows // 6))
        self._segments = others + same
        self._make_room()

    async def forget(self, conversation_id: str) -> None:
        for segment in self._segments:
            if any(row.conversation_id == conversation_id for row in segment.rows):
                segment.rows = [row for row in segment.rows if row.conversation_id != conversation_id]
        if self._below is not None:
            await self._below.forget(conversation_id)

    async def cover(self, selection: Selection, since: Bound, until: Bound, max_age: MaxAge) -> list[Piece]:
        filters, now = Filters.of(selection.params), self._clock()
        oldest = now - max(max_age.settled, max_age.live)
        usable = [each for each in self._segments if each.as_of >= oldest and filters.within(each.filters)]
        whole = (max(since or 0, _FIRST), _LAST if until is None else until)
        gaps = [whole] if whole[0] < whole[1] else []
        kept: list[tuple[int, int, _Segment | None]] = []
        for segment in sorted(usable, key=lambda each: each.filters != filters):
            live = segment.as_of > now - max_age.live
            for start, end in [(segment.since, segment.until)] if live else segment.settled:
                left: list[tuple[int, int]] = []
                for gap in gaps:
                    low, high = max(gap[0], start), min(gap[1], end)
                    if low < high:
                        kept.append((low, high, segment))
                        left += [(gap[0], low), (high, gap[1])]
                    else:
                        left.append(gap)
                gaps = [gap for gap in left if gap[0] < gap[1]]
        self._segments.sort(key={segment for _, _, segment in kept}.__contains__)
        pieces: list[Piece] = []
        kept += [(low, high, None) for low, high in gaps]
        for low, high, found in sorted(kept, key=itemgetter(0), reverse=True):
            span = None if low == _FIRST else low, None if high == _LAST else high
            if found is None:
                below = self._below
                pieces += [Piece(*span)] if below is None else await below.cover(selection, *span, max_age)
            else:
                rows = found.between(low, high)
                belongs = None if found.filters == filters else filters.keeps
                pieces.append(Piece(*span, len(rows), at_hand(rows, belongs), found.as_of))
        return pieces

    def _beginning_apart(self, whole: _Segment, *, oldest_first: bool) -> list[_Segment]:
        """Split off the first rows of a question."""
        room = min(_BEGINNING_ROWS, self._max_rows // 20)  # never all of a small memory
        edge = whole.until if oldest_first else whole.since
        if len(whole.rows) > room:  # down (or up) to a whole second
            edge = whole.rows[-1 - room if oldest_first else room].start_time_unix_secs + (not oldest_first)
        newer, older = whole.cut(edge, _LAST), whole.cut(_FIRST, edge)
        for part in older if oldest_first else newer:
            part.beginning = True
        return [*newer, *older]

    def _make_room(self) -> None:
        """Let the least recently used leave: beginnings last, and those beyond a fifth become like others."""
        beginnings = [segment for segment in self._segments if segment.beginning]
        excess = sum(segment.size for segment in beginnings) - self._max_rows // 5
        for segment in beginnings:
            if excess > 0:
                segment.beginning = False
                excess -= segment.size
        excess = sum(segment.size for segment in self._segments) - self._max_rows
        leaving = set[_Segment]()
        for segment in sorted(self._segments, key=attrgetter("beginning")):
            if excess > 0:
                leaving.add(segment)
                excess -= segment.size
        self._segments = [segment for segment in self._segments if segment not in leaving]


def _merged(segments: list[_Segment], largest: int) -> list[_Segment]:
    """Join neighbours of about the same age, as long as they stay small. `segments` are sorted by time."""
    result: list[_Segment] = []
    for segment in segments:
        last = result[-1] if result else None
        if (
            last is not None
            and last.until == segment.since
            and last.beginning == segment.beginning
            and abs(last.as_of - segment.as_of) <= _SAME_AGE
            and len(last.rows) + len(segment.rows) <= largest
        ):
            rows, as_of = segment.rows + last.rows, min(last.as_of, segment.as_of)
            result[-1] = replace(segment, since=last.since, rows=rows, as_of=as_of)
        else:
            result.append(segment)
    return result
