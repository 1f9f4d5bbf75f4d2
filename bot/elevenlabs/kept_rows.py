"""Rows that are kept: complete for a selection and a span of time, of a known age.

`KeptRows` is the interface. `MemoryRows` keeps what was asked in memory, for the same filters again;
`bot.archive` keeps everything in the database, for any filter that rows decide. What is missing is requested.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Protocol

from cachetools import TTLCache

from bot.elevenlabs.request import Bound
from bot.model import Conversation, Selection
from bot.tally import CallSums, Summary

Rows = list[Conversation]
Params = tuple[tuple[str, str], ...]

LIVE_SECS = 2 * 3600
"""Conversations that started so many seconds ago, or less, still change."""
CLOCK_SLACK = 5
"""Rows known up to so many seconds before they were fetched are known up to then."""
LAST = 2**40
"""The end of spans that are open."""
_WORTH_A_REQUEST = 75
"""Two gaps with fewer kept rows between them are requested as one."""
_SEGMENT_ROWS = 2000
"""Rows of a segment at most, unless they came at once: the larger, the more is copied for each page."""
_SAME_AGE = 30.0
"""Neighbours are merged when they were fetched within so many seconds."""


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


SumsKept = Callable[[Summary], Awaitable[list[CallSums] | None]]
"""Sums the rows of a piece, or finds the first; None where they differ too much to be worth it."""


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
    """Unix time when they were fetched; 0 where they are missing."""
    sums: SumsKept | None = None
    """Sums the rows where they are kept, which is quicker than reading them; None where it is not."""


class KeptRows(Protocol):
    """Where rows are kept. Times are Unix seconds, spans `[since, until)`."""

    async def put(self, selection: Selection, since: Bound, until: Bound, rows: Rows, as_of: float) -> None:
        """Keep `rows` (newest first), all that the API has in a span before `as_of`, when the fetch began."""

    async def cover(self, selection: Selection, since: Bound, until: Bound, max_age: MaxAge) -> list[Piece]:
        """Divide a span into pieces that are kept and pieces that are missing, newest first."""

    async def forget(self, conversation_id: str) -> None:
        """Drop a conversation that the API no longer has."""


Belongs = Callable[[Conversation], bool]


def at_hand(newest_first: Rows, belongs: Belongs | None = None) -> ReadsKept:
    """Return how rows are read that are in memory, or those of them that belong."""

    async def read(*, oldest_first: bool) -> AsyncIterator[Rows]:
        found = newest_first if belongs is None else list(filter(belongs, newest_first))
        yield found[::-1] if oldest_first else found

    return read


def without_seconds(since: int, until: int, seconds: list[int]) -> list[tuple[int, int]]:
    """Return a span without some seconds (sorted), as spans, newest first."""
    parts, end = [], until
    for second in reversed(seconds[bisect_left(seconds, since) : bisect_left(seconds, max(since, until))]):
        if second + 1 < end:
            parts.append((second + 1, end))
        end = second
    return [*parts, (since, end)] if since < end else parts


def with_gaps(kept: Iterable[Piece], since: Bound, until: Bound) -> list[Piece]:
    """Return the pieces of a span that are kept and what is missing between them, newest first."""
    pieces: list[Piece] = []
    top = until
    for piece in kept:
        if piece.until is not None and (top is None or piece.until < top):
            pieces.append(Piece(piece.until, top))
        pieces.append(piece)
        top = piece.since
    if top is None or top > max(since or 0, 0):
        pieces.append(Piece(since, top))
    return pieces


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


_TESTS: dict[str, tuple[str, Callable[[Conversation, str], bool]]] = {
    "agent_id": ("(?!seng_).+", lambda row, value: row.agent_id == value),
    "conversation_initiation_source": (
        "(?!unknown$).+",
        lambda row, value: row.conversation_initiation_source == value,
    ),
    "call_duration_min_secs": ("[0-9]+", lambda row, value: row.call_duration_secs >= int(value)),
    "call_duration_max_secs": ("[0-9]+", lambda row, value: row.call_duration_secs <= int(value)),
}
"""Filters by what never changes about a finished conversation, the values for which rows decide them, and
how. Rows carry no id of a speech engine; a source "unknown" may stand for rows that have none."""


def _decided(params: Params) -> Belongs | None:
    """Return how a question's rows are told among all rows; None if they cannot be."""
    if len(dict(params)) < len(params):
        return None
    if not all(name in _TESTS and re.fullmatch(_TESTS[name][0], value) for name, value in params):
        return None
    return lambda row: all(_TESTS[name][1](row, value) for name, value in params)


@dataclass(eq=False)
class _Segment:
    """All rows of `[since, until)` for some filters, newest first, as of a moment."""

    since: int
    until: int
    rows: Rows
    as_of: float

    @cached_property
    def settled(self) -> list[tuple[int, int]]:
        """The parts that no longer change: not the two hours before the fetch, nor seconds of live rows."""
        live = sorted({row.start_time_unix_secs for row in self.rows if not row.final})
        return without_seconds(self.since, min(self.until, int(self.as_of) - LIVE_SECS), live)

    def between(self, since: int, until: int) -> Rows:
        if since <= self.since and until >= self.until:
            return self.rows
        first, last = (bisect_right(self.rows, -edge, key=_falling) for edge in (until, since))
        return self.rows[first:last]

    def without(self, since: int, until: int) -> list[_Segment]:
        """Return what is left of it when a span is taken out."""
        parts = ((self.since, min(self.until, since)), (max(self.since, until), self.until))
        return [
            replace(self, since=low, until=high, rows=self.between(low, high))
            for low, high in parts
            if low < high
        ]


def _falling(row: Conversation) -> int:
    return -row.start_time_unix_secs


def _size(segments: list[_Segment]) -> int:
    return sum(len(segment.rows) + 1 for segment in segments)


class MemoryRows:
    """Rows kept in memory for an hour, at most so many; what they leave open, a database below may have.

    By the filters of a question, in segments of time, newest first. Those of all conversations answer
    questions with filters, too, where rows decide these. The least recently used question leaves first, but
    none takes all the room; of what was fetched with one the first stays, which is where it begins: an outage
    shows it.
    """

    def __init__(self, max_rows: int, clock: Callable[[], float], below: KeptRows | None = None) -> None:
        self._most = max_rows * 9 // 10
        self._clock = clock
        self._below = below
        self._segments: TTLCache[Params, list[_Segment]] = TTLCache(
            max_rows, LAST_KNOWN.settled, timer=clock, getsizeof=_size
        )

    async def put(self, selection: Selection, since: Bound, until: Bound, rows: Rows, as_of: float) -> None:
        low = max(since or 0, 0)
        high = min(LAST if until is None else until, int(as_of))
        if low >= high:
            return
        within = [row for row in rows if low <= row.start_time_unix_secs < high]
        known = self._segments.get(selection.params, [])
        parts = [part for segment in known for part in segment.without(low, high)]
        parts.append(_Segment(low, high, within, as_of))
        room, kept = self._most, list[_Segment]()
        same_age = [part for part in parts if part.as_of >= as_of - _SAME_AGE]
        for part in same_age + [part for part in parts if part.as_of < as_of - _SAME_AGE]:
            size = _size([part])
            if size <= room and part.as_of >= self._clock() - LAST_KNOWN.settled:
                kept.append(part)
                room -= size
        if kept:
            self._segments[selection.params] = _merged(sorted(kept, key=attrgetter("until"), reverse=True))

    async def forget(self, conversation_id: str) -> None:
        for params in list(self._segments):
            for segment in self._segments.get(params, ()):
                segment.rows = [row for row in segment.rows if row.conversation_id != conversation_id]
        if self._below is not None:
            await self._below.forget(conversation_id)

    async def cover(self, selection: Selection, since: Bound, until: Bound, max_age: MaxAge) -> list[Piece]:
        belongs = _decided(selection.params)
        pieces: list[Piece] = []
        for piece in self._cover(selection.params, None, Piece(since, until), max_age):
            pieces += [piece] if belongs is None else self._cover((), belongs, piece, max_age)
        if self._below is None:
            return pieces
        answered: list[Piece] = []
        for piece in pieces:
            if piece.rows is None:
                answered += await self._below.cover(selection, piece.since, piece.until, max_age)
            else:
                answered.append(piece)
        return answered

    def _cover(self, params: Params, belongs: Belongs | None, gap: Piece, max_age: MaxAge) -> list[Piece]:
        """Divide a piece, if it is missing, by what is kept for some filters."""
        if gap.rows is not None:
            return [gap]
        now = self._clock()
        low, high = max(gap.since or 0, 0), LAST if gap.until is None else gap.until
        kept: list[Piece] = []
        for segment in self._segments.get(params, ()):
            if segment.as_of < now - max_age.settled:
                continue
            live = segment.as_of > now - max_age.live
            for start, end in [(segment.since, segment.until)] if live else segment.settled:
                start, end = max(start, low), min(end, high)  # noqa: PLW2901
                if start < end:
                    rows = segment.between(start, end)
                    kept.append(Piece(start, end, len(rows), at_hand(rows, belongs), segment.as_of))
        return with_gaps(kept, gap.since, gap.until)


def _merged(segments: list[_Segment]) -> list[_Segment]:
    """Join neighbours of about the same age, as long as they stay small. `segments` are newest first."""
    result: list[_Segment] = []
    for segment in segments:
        last = result[-1] if result else None
        if (
            last is not None
            and last.since == segment.until
            and abs(last.as_of - segment.as_of) <= _SAME_AGE
            and len(last.rows) + len(segment.rows) <= _SEGMENT_ROWS
        ):
            rows, as_of = last.rows + segment.rows, min(last.as_of, segment.as_of)
            result[-1] = replace(segment, until=last.until, rows=rows, as_of=as_of)
        else:
            result.append(segment)
    return result
