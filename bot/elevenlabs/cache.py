"""Rows remembered as windows of time, not as answers to questions.

A segment says: these are all rows that the API has for these filters in this stretch of time. A question is
answered from the segments of any question that is at least as wide; what they leave open is asked for.

Never kept: rows not final and everything within two hours before the fetch (they still change). What is kept
leaves after `ttl` seconds, since ratings and tags still change, or when space is needed, least recently used
first. A segment is small, so that what leaves leaves in small parts.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterable

from cachetools import LRUCache

from bot.elevenlabs.listing import Piece
from bot.elevenlabs.narrowing import Filters, Params
from bot.elevenlabs.request import Bound
from bot.model import Conversation, Selection

EDGE = 2 * 3600
"""Conversations that started so many seconds ago, or less, are always asked for again."""
TTL = 300.0
_FIRST = 0
_LAST = 2**40
_SEGMENT = 2000
"""Rows per segment at most, unless one second holds more."""
_SAME_AGE = 30.0
"""Neighbours are merged when they were fetched within so many seconds."""
_WORTH_A_REQUEST = 75
"""Two gaps with fewer held rows between them are asked for as one."""
Rows = list[Conversation]


class _Segment:
    """All rows of `[since, until)` for some filters, newest first, as of a moment."""

    __slots__ = ("as_of", "filters", "number", "rows", "since", "until")
    _numbers = itertools.count()

    def __init__(self, filters: Filters, since: int, until: int, rows: Rows, as_of: float) -> None:
        self.filters = filters
        self.since = since
        self.until = until
        self.rows = rows
        self.as_of = as_of
        self.number = next(self._numbers)

    def between(self, since: int, until: int) -> Rows:
        """Return the rows of a part of it."""
        if since <= self.since and until >= self.until:
            return self.rows
        return self.rows[
            bisect_right(self.rows, -until, key=_falling) : bisect_right(self.rows, -since, key=_falling)
        ]


def _falling(row: Conversation) -> int:
    return -row.start_time_unix_secs


class _Shelf(LRUCache[int, _Segment]):
    """All segments by number, and by filters; one that leaves, however it leaves, is in neither."""

    def __init__(self, max_rows: int) -> None:
        super().__init__(max(1, max_rows), getsizeof=lambda segment: len(segment.rows) + 1)
        self.by_filters: dict[Filters, dict[int, _Segment]] = {}

    def add(self, segment: _Segment) -> None:
        """Put a segment on the shelf; others may have to leave."""
        self[segment.number] = segment
        self.by_filters.setdefault(segment.filters, {})[segment.number] = segment

    def segments(self) -> Iterable[_Segment]:
        """Give all segments, without counting as using them."""
        return itertools.chain.from_iterable(equal.values() for equal in self.by_filters.values())

    def __delitem__(self, number: int) -> None:
        """Take a segment off the shelf; cachetools calls this for those that it pushes out as well."""
        filters = self[number].filters
        super().__delitem__(number)
        equal = self.by_filters[filters]
        del equal[number]
        if not equal:
            del self.by_filters[filters]


class WindowCache:
    """What is remembered of all lists. Times are Unix seconds."""

    def __init__(
        self,
        max_rows: int,
        clock: Callable[[], float],
        *,
        ttl: float = TTL,
        edge: int = EDGE,
        unsettled: bool = False,
    ) -> None:
        """`unsettled` keeps rows that are not final too: for who would rather have old news than none."""
        self.max_rows = max_rows
        self._clock = clock
        self._ttl = ttl
        self._edge = edge
        self._unsettled = unsettled
        self._shelf = _Shelf(max_rows)
        self._swept = clock()

    @property
    def rows(self) -> int:
        """Rows held at the moment, for metrics and tests."""
        return sum(len(segment.rows) for segment in self._shelf.segments())

    def clear(self) -> None:
        """Forget everything."""
        self._shelf.clear()

    def put(self, params: Params, since: Bound, until: Bound, rows: Rows, as_of: float) -> int:
        """Remember that `rows` (newest first) are all that the API has in `[since, until)`.

        `as_of` is when the fetch began. Returns how many rows were kept: not those too young or not final,
        whose seconds stay open.
        """
        low = _FIRST if since is None else max(since, _FIRST)
        high = min(_LAST if until is None else until, int(as_of) - self._edge)
        if low >= high or not self.max_rows:
            return 0
        self._sweep()
        filters = Filters.of(params)
        segments = self._cut_out(filters, low, high)
        within = [row for row in rows if low <= row.start_time_unix_secs < high]
        parts = [(low, high, within)] if self._unsettled else _final(low, high, within)
        added = [_Segment(filters, start, end, part, as_of) for start, end, part in parts]
        added = [segment for segment in added if len(segment.rows) < self._shelf.maxsize]
        # Small in a small cache too: one segment must never fill it.
        largest = min(_SEGMENT, self.max_rows // 4)
        merged = _merged(sorted([*segments, *added], key=lambda segment: segment.since), largest)
        numbers = {segment.number for segment in merged}
        for segment in segments:
            if segment.number not in numbers:
                self._shelf.pop(segment.number, None)
        for segment in [segment for segment in merged if segment.number not in self._shelf]:
            self._shelf.add(segment)
        return sum(len(segment.rows) for segment in added)

    def cover(self, selection: Selection, since: Bound, until: Bound, *, joined: bool = True) -> list[Piece]:
        """Divide `[since, until)` into stretches held and missing, newest first.

        `joined`: a little that is held between two gaps counts as missing, since asking once is quicker.
        """
        filters = Filters.of(selection.params)
        gaps = [(_FIRST if since is None else max(since, _FIRST), _LAST if until is None else until)]
        pieces: list[tuple[int, int, _Segment]] = []
        for segment in self._usable(filters):
            left: list[tuple[int, int]] = []
            for start, end in gaps:
                low, high = max(start, segment.since), min(end, segment.until)
                if low >= high:
                    left.append((start, end))
                    continue
                pieces.append((low, high, segment))
                left.extend((a, b) for a, b in ((start, low), (high, end)) if a < b)
            gaps = left
        held = [self._held(low, high, segment, filters) for low, high, segment in pieces]
        missing = [Piece(start, end) for start, end in gaps]
        ordered = sorted([*held, *missing], key=lambda piece: piece.since or 0, reverse=True)
        return [_opened(piece) for piece in (_joined(ordered) if joined else ordered)]

    def forget(self, conversation_id: str) -> None:
        """Drop a conversation that the API no longer knows."""
        for segment in self._shelf.segments():
            if any(row.conversation_id == conversation_id for row in segment.rows):
                segment.rows = [row for row in segment.rows if row.conversation_id != conversation_id]

    def _sweep(self) -> None:
        """Now and then, drop what is too old, also for questions that nobody asks again."""
        now = self._clock()
        if now - self._swept < self._ttl / 10:
            return
        self._swept = now
        for filters in list(self._shelf.by_filters):
            self._live(filters)

    def _usable(self, filters: Filters) -> Iterable[_Segment]:
        """Give the live segments of all questions at least as wide, those of the same question first."""
        wider = [known for known in self._shelf.by_filters if filters.within(known)]
        for known in sorted(wider, key=lambda known: known != filters):
            yield from self._live(known)

    def _live(self, filters: Filters) -> list[_Segment]:
        """Return the segments of these filters that are not too old; drop the others."""
        oldest = self._clock() - self._ttl
        segments = list(self._shelf.by_filters.get(filters, {}).values())
        for segment in segments:
            if segment.as_of < oldest:
                del self._shelf[segment.number]
        return [segment for segment in segments if segment.as_of >= oldest]

    def _held(self, low: int, high: int, segment: _Segment, filters: Filters) -> Piece:
        self._shelf.get(segment.number)  # used just now
        part = segment.between(low, high)

        def make() -> Rows:
            return [row for row in part if filters.keeps(row)]

        return Piece(low, high, len(part), make, segment.as_of)

    def _cut_out(self, filters: Filters, low: int, high: int) -> list[_Segment]:
        """Return the live segments of the same question without what they say about `[low, high)`."""
        kept: list[_Segment] = []
        for segment in self._live(filters):
            if segment.until <= low or segment.since >= high:
                kept.append(segment)
                continue
            self._shelf.pop(segment.number, None)
            kept.extend(
                _Segment(filters, start, end, segment.between(start, end), segment.as_of)
                for start, end in ((segment.since, low), (high, segment.until))
                if start < end
            )
        return kept


def _final(low: int, high: int, rows: Rows) -> Iterable[tuple[int, int, Rows]]:
    """Divide `[low, high)` at the seconds of rows that are not final, leaving those seconds out."""
    open_seconds = sorted({row.start_time_unix_secs for row in rows if not row.final}, reverse=True)
    end = high
    for second in [*open_seconds, low - 1]:
        start = second + 1
        if start < end:
            yield start, end, [row for row in rows if start <= row.start_time_unix_secs < end]
        end = second


def _merged(segments: list[_Segment], largest: int) -> list[_Segment]:
    """Join neighbours of about the same age, as long as they stay small. `segments` are sorted by time."""
    result: list[_Segment] = []
    for segment in segments:
        last = result[-1] if result else None
        if (
            last is not None
            and last.until == segment.since
            and abs(last.as_of - segment.as_of) <= _SAME_AGE
            and len(last.rows) + len(segment.rows) <= largest
        ):
            result[-1] = _Segment(
                segment.filters,
                last.since,
                segment.until,
                segment.rows + last.rows,
                min(last.as_of, segment.as_of),
            )
        else:
            result.append(segment)
    return result


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Ask for two gaps as one when hardly anything held lies between them. `pieces` are newest first."""
    result: list[Piece] = []
    between = 0
    last_gap: int | None = None
    for piece in pieces:
        if piece.make is not None:
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


def _opened(piece: Piece) -> Piece:
    """Show the ends of time as open bounds."""
    since = None if piece.since == _FIRST else piece.since
    until = None if piece.until == _LAST else piece.until
    return Piece(since, until, piece.count, piece.make, piece.as_of)
