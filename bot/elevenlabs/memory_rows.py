"""Rows kept in memory, at most CACHE_ROWS of them, for an hour at most.

They lie in segments: all rows that the API has for some filters in a span, as of a moment. The least recently
used leave first to make room, but the beginning of each question stays longer, since an outage shows it: an
export of a hundred thousand rows pushes out neither its own beginning nor those of other questions.
"""

from __future__ import annotations

import functools
import itertools
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace

from cachetools import LRUCache

from bot.elevenlabs.kept_rows import (
    LAST_KNOWN,
    LIVE_SECS,
    Filters,
    MaxAge,
    Piece,
    Rows,
    without_later_gap,
)
from bot.elevenlabs.request import Bound
from bot.model import Conversation, Selection

_FIRST = 0
_LAST = 2**40
_SEGMENT_ROWS = 2000
"""Rows of a segment at most, unless one second holds more: what leaves is to leave in small parts."""
_SAME_AGE = 30.0
"""Neighbours are merged when they were fetched within so many seconds."""
_BEGINNING_ROWS = 500
"""Rows of a question's beginning, at most: more than a list shows, as it serves narrower questions too."""


def _falling(row: Conversation) -> int:
    return -row.start_time_unix_secs


@dataclass(eq=False)
class _Segment:
    """All rows of `[since, until)` for some filters, newest first, as of a moment."""

    filters: Filters
    since: int
    until: int
    rows: Rows
    as_of: float
    beginning: bool
    """Whether it belongs to the beginning of a question."""

    @functools.cached_property
    def settled(self) -> list[tuple[int, int]]:
        """The parts that no longer change: not the two hours before the fetch, nor seconds of live rows."""
        end = min(self.until, int(self.as_of) - LIVE_SECS)
        live = {row.start_time_unix_secs for row in self.rows if not row.final}
        parts: list[tuple[int, int]] = []
        for second in [*sorted((second for second in live if second < end), reverse=True), self.since - 1]:
            if second + 1 < end:
                parts.append((second + 1, end))
            end = second
        return parts

    def cut(self, since: int, until: int) -> _Segment:
        """Return a part of it."""
        return replace(self, since=since, until=until, rows=self.between(since, until))

    def between(self, since: int, until: int) -> Rows:
        """Return the rows of a part of it."""
        if since <= self.since and until >= self.until:
            return self.rows
        return self.rows[
            bisect_right(self.rows, -until, key=_falling) : bisect_right(self.rows, -since, key=_falling)
        ]


class _Shelf(LRUCache[int, _Segment]):
    """Segments by identity, least recently used first; also those of `by_filters`, which shelves share."""

    def __init__(self, max_rows: int, by_filters: dict[Filters, dict[int, _Segment]]) -> None:
        super().__init__(max(1, max_rows), getsizeof=lambda segment: len(segment.rows) + 1)
        self.by_filters = by_filters

    def add(self, segment: _Segment) -> None:
        """Put a segment on the shelf, unless it is too large; others may have to leave."""
        if len(segment.rows) < self.maxsize:
            self[id(segment)] = segment
            self.by_filters.setdefault(segment.filters, {})[id(segment)] = segment

    def __delitem__(self, key: int) -> None:
        """Take a segment off the shelf; cachetools calls this for those that it pushes out as well."""
        filters = self[key].filters
        super().__delitem__(key)
        equal = self.by_filters[filters]
        del equal[key]
        if not equal:
            del self.by_filters[filters]


class _Beginnings(_Shelf):
    """The shelf for beginnings; what leaves it goes on the other."""

    def __init__(self, max_rows: int, rest: _Shelf) -> None:
        super().__init__(max_rows, rest.by_filters)
        self._rest = rest

    def popitem(self) -> tuple[int, _Segment]:
        """Move the least recently used segment to the other shelf."""
        key, segment = super().popitem()
        segment.beginning = False
        self._rest.add(segment)
        return key, segment


class MemoryRows:
    """`KeptRows` in memory. Times are Unix seconds."""

    def __init__(self, max_rows: int, clock: Callable[[], float]) -> None:
        self._max_rows = max_rows
        self._clock = clock
        self._rest = _Shelf(max_rows, {})
        self._beginnings = _Beginnings(max_rows // 5, self._rest)
        self._by_filters = self._rest.by_filters
        self._beginning_rows = min(_BEGINNING_ROWS, max_rows // 20)  # never all of a small memory
        self._swept = clock()
        self._put_by: LRUCache[tuple[Filters, float], int] = LRUCache(256)
        """How many rows each retrieval has put: it must not push out its own first ones."""

    @property
    def rows(self) -> int:
        """How many rows are kept at the moment."""
        return sum(len(segment.rows) for segment in self._segments())

    async def put(self, selection: Selection, since: Bound, until: Bound, rows: Rows, as_of: float) -> None:
        """Keep `rows`: see KeptRows."""
        low = _FIRST if since is None else max(since, _FIRST)
        high = min(_LAST if until is None else until, int(as_of))
        if low >= high or not self._max_rows:
            return
        self._sweep()
        filters = Filters.of(selection.params)
        within = [row for row in rows if low <= row.start_time_unix_secs < high]
        whole = _Segment(filters, low, high, within, as_of, beginning=False)
        added = [
            part
            for part in await self._beginning_apart(whole, selection, since, until)
            if part.beginning or self._has_room(part)
        ]
        old = self._cut_out(filters, low, high)
        # Small in a small memory too: one segment must never fill it.
        largest = min(_SEGMENT_ROWS, self._max_rows // 6)
        merged = _merged(sorted([*old, *added], key=lambda segment: segment.since), largest)
        for segment in set(old).difference(merged):
            self._drop(segment)
        kept = self._by_filters.get(filters, {})
        for segment in [segment for segment in merged if id(segment) not in kept]:
            (self._beginnings if segment.beginning else self._rest).add(segment)
        while self._rest and self._rest.currsize + self._beginnings.currsize > self._max_rows:
            self._rest.popitem()

    async def cover(self, selection: Selection, since: Bound, until: Bound, max_age: MaxAge) -> list[Piece]:
        """Divide a span into pieces that are kept and pieces that are missing, newest first."""
        filters = Filters.of(selection.params)
        gaps = [(_FIRST if since is None else max(since, _FIRST), _LAST if until is None else until)]
        kept: list[Piece] = []
        for segment in self._usable(filters, max_age):
            live = segment.as_of > self._clock() - max_age.live
            for start, end in [(segment.since, segment.until)] if live else segment.settled:
                left: list[tuple[int, int]] = []
                for gap in gaps:
                    low, high = max(gap[0], start), min(gap[1], end)
                    if low >= high:
                        left.append(gap)
                        continue
                    kept.append(self._piece(low, high, segment, filters))
                    left.extend((a, b) for a, b in ((gap[0], low), (high, gap[1])) if a < b)
                gaps = left
        pieces = sorted([*kept, *(Piece(*gap) for gap in gaps)], key=lambda piece: -(piece.since or 0))
        return [
            replace(
                piece,
                since=None if piece.since == _FIRST else piece.since,
                until=None if piece.until == _LAST else piece.until,
            )
            for piece in pieces
        ]

    async def forget(self, conversation_id: str) -> None:
        """Drop a conversation that the API no longer has."""
        for segment in self._segments():
            if any(row.conversation_id == conversation_id for row in segment.rows):
                segment.rows = [row for row in segment.rows if row.conversation_id != conversation_id]

    def _segments(self) -> Iterable[_Segment]:
        """Give all segments, without counting as using them."""
        return itertools.chain.from_iterable(equal.values() for equal in self._by_filters.values())

    def _drop(self, segment: _Segment) -> None:
        for shelf in (self._beginnings, self._rest):
            if id(segment) in shelf:
                del shelf[id(segment)]

    def _sweep(self) -> None:
        """Now and then, drop what is too old, also of questions that nobody asks again."""
        now = self._clock()
        if now - self._swept >= LAST_KNOWN.settled / 10:
            self._swept = now
            for segment in list(self._segments()):
                if segment.as_of < now - LAST_KNOWN.settled:
                    self._drop(segment)

    def _usable(self, filters: Filters, max_age: MaxAge) -> list[_Segment]:
        """Return the segments of all questions at least as wide, those of the same question first."""
        oldest = self._clock() - max(max_age.settled, max_age.live)
        wide = [known for known in self._by_filters if filters.within(known)]
        return [
            segment
            for known in sorted(wide, key=lambda known: known != filters)
            for segment in self._by_filters[known].values()
            if segment.as_of >= oldest
        ]

    def _piece(self, low: int, high: int, segment: _Segment, filters: Filters) -> Piece:
        (self._beginnings if segment.beginning else self._rest).get(id(segment))  # used just now
        part = segment.between(low, high)

        async def rows(*, oldest_first: bool) -> AsyncIterator[Rows]:
            found = [row for row in part if filters.keeps(row)]
            yield found[::-1] if oldest_first else found

        return Piece(low, high, len(part), rows, segment.as_of)

    async def _beginning_apart(
        self, whole: _Segment, selection: Selection, since: Bound, until: Bound
    ) -> list[_Segment]:
        """Split off what continues the beginning of the selection, without a gap and up to its size."""
        oldest_first = selection.oldest_first
        before = (selection.since, since) if oldest_first else (until, selection.until)
        known: list[Piece] = []
        if before[0] != before[1]:
            known = without_later_gap(await self.cover(selection, *before, LAST_KNOWN))
        room = self._beginning_rows - sum(piece.count for piece in known)
        if room <= 0 or any(piece.rows is None for piece in known):
            return [whole]
        if len(whole.rows) <= room:
            return [replace(whole, beginning=True)]
        # Down (or up) to a whole second.
        edge = whole.rows[-1 - room if oldest_first else room].start_time_unix_secs + (not oldest_first)
        parts = [whole.cut(edge, whole.until), whole.cut(whole.since, edge)]
        first = parts[1 if oldest_first else 0]
        first.beginning = True
        return [part for part in parts if part.since < part.until]

    def _has_room(self, part: _Segment) -> bool:
        """Count a part as put by its retrieval, unless it would push out what that has put before."""
        key = (part.filters, part.as_of)
        rows = self._put_by.get(key, 0) + len(part.rows)
        if rows > self._max_rows - self._beginnings.currsize:
            return False
        self._put_by[key] = rows
        return True

    def _cut_out(self, filters: Filters, low: int, high: int) -> list[_Segment]:
        """Return the segments of the same question without what they say about `[low, high)`."""
        left: list[_Segment] = []
        for segment in list(self._by_filters.get(filters, {}).values()):
            if segment.until <= low or segment.since >= high:
                left.append(segment)
                continue
            self._drop(segment)
            for start, end in ((segment.since, low), (high, segment.until)):
                if start < end:
                    left.append(segment.cut(start, end))
        return left


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
            result[-1] = replace(
                segment,
                since=last.since,
                rows=segment.rows + last.rows,
                as_of=min(last.as_of, segment.as_of),
            )
        else:
            result.append(segment)
    return result
