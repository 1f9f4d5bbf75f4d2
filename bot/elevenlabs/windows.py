"""Which stretches of time are to be fetched, by whom, and what may be handed out. Pure bookkeeping.

A `Board` is a list of windows in the order of the answer. Positions fall in that order: they are start times,
or the negative of them where the oldest come first. A window is paged from its top down. An idle worker
takes a waiting window, or the far half of the window with most rows left by estimate (the density of its last
page times the span it has yet to cover). Two windows never share a second, so duplicates only occur inside
one.

`budget` bounds the work: a window is worth fetching only if fewer than so many rows come before it, by
estimate. It stands for both "at most N rows are wanted" and "at most so many rows are held in memory".
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from bot.elevenlabs.errors import UnreliableList
from bot.elevenlabs.request import PAGE_SIZE, Bound
from bot.model import Conversation

WORTH = 50
"""Rows left beyond the page in flight that make dividing a window worth its request."""
PAGES_WITHOUT_NEWS = 50
"""So many pages in a row that bring no new row and still promise more are a fault."""
Batch = list[Conversation]


class WindowState(Enum):
    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"


@dataclass(slots=True)
class Chain:
    """A question that is paged by cursor. The API wants its time bounds repeated with every cursor."""

    low: Bound = None
    high: Bound = None
    cursor: str | None = None
    past_end: bool = False
    """Whether the page before was called the last, but named a next one: it is read to be sure."""
    _used: set[str] = field(default_factory=set)
    _pages_without_news: int = 0

    def ends(self, cursor: str | None, *, has_more: bool, new: bool) -> bool:
        """Whether a page is the last: its cursor, too, must lead to nothing new."""
        return not has_more and (cursor is None or cursor in self._used or (self.past_end and not new))

    def follow(self, cursor: str | None, *, has_more: bool, new: bool) -> bool:
        """Go on to the page that a cursor names, if it names one. Raises UnreliableList after too many."""
        self._pages_without_news = 0 if new else self._pages_without_news + 1
        if self._pages_without_news > PAGES_WITHOUT_NEWS:
            raise UnreliableList("one page after the other promises more and brings nothing new")
        if cursor is None or cursor in self._used:
            return False
        self._used.add(cursor)
        self.cursor, self.past_end = cursor, not has_more
        return True


@dataclass(slots=True, eq=False)
class Window:
    """A stretch of positions `[low, high)` and how far it has come."""

    low: Bound
    high: Bound
    state: WindowState = WindowState.WAITING
    reached: int | None = None
    """Position of the last row received; everything above it is complete, its own second may not be."""
    density: float | None = None
    """Rows per second: of the last page or, before the first, of the window that this one was cut from."""
    chain: Chain | None = None
    ordered: bool = True
    """Whether its rows are known to come in the order asked for; nothing is handed out before."""
    out: deque[Batch] = field(default_factory=deque)
    """Batches not yet handed out."""
    kept_rows: AsyncIterator[Batch] | None = None
    """For a window whose rows are kept: they are only read when its turn comes."""
    as_of: float = 0.0
    """Unix time of those."""
    held: int = 0
    seen: set[str] = field(default_factory=set)
    last: int | None = None
    """Position of the last new row in this chain, also of one outside the window."""
    restarts: int = 0
    """Cursors rejected in a row."""
    kept: Bound = None
    """Everything at or above this position has been given to the cache."""
    ranges_missing_rows: int = 0
    """So many ranges to come lack a row, so that the cache must not have them."""
    unfinished_second: Batch = field(default_factory=list)
    """Rows of the second that was reached, for the cache to have once that is complete."""

    @property
    def top(self) -> int:
        """The highest position that may still have rows to come."""
        if self.reached is not None:
            return self.reached
        return 0 if self.high is None else self.high - 1

    def question(self) -> Chain:
        """Return the question to send for the next page, a new one if none is being paged."""
        if self.chain is None:
            self.last = None
            self.chain = Chain(self.low, self.high if self.reached is None else self.reached + 1)
        return self.chain

    def close(self) -> None:
        self.state = WindowState.DONE
        self.chain = None
        self.seen.clear()


@dataclass(slots=True)
class Board:
    """All windows of one retrieval, in the order of its answer."""

    guess: int
    """A position that no row lies below, for windows that are open there."""
    windows: deque[Window] = field(default_factory=deque)
    handed_out: int = 0
    floor: int | None = None
    """Position of the last row of all, once it is known. Only a hint."""
    may_divide: bool = False
    """Whether dividing makes sense yet: the hint has come, or never will."""

    @property
    def finished(self) -> bool:
        """Whether nothing is left to be fetched."""
        return all(window.state is WindowState.DONE for window in self.windows)

    def take(self, budget: float) -> Window | None:
        """Return a window to work on, now taken, or None if nothing is worth it at the moment."""
        best: tuple[float, Window] | None = None
        before = float(self.handed_out)
        for window in self.windows:
            if before >= budget:
                break
            if window.state is WindowState.WAITING:
                window.state = WindowState.TAKEN
                return window
            left = self._left(window)
            worth = min(left, budget - before) - PAGE_SIZE
            divisible = window.density is not None and window.top > self._bottom(window)
            if divisible and worth >= WORTH and (best is None or worth > best[0]):
                best = (worth, window)
            before += window.held + left
        return self._divide(*best) if best is not None and self.may_divide else None

    def record(
        self, window: Window, rows: Sequence[tuple[int, Conversation]], *, has_more: bool, cursor: str | None
    ) -> Batch:
        """Note a page of a taken window; return its new rows. Raises UnreliableList on a contradiction."""
        top, seen, chain = window.top, len(window.seen), window.question()
        first = rows[0][0] if window.last is None and rows else window.last
        fresh, below = _sorted_in(window, rows)
        new = len(window.seen) > seen
        window.ordered |= window.last not in {None, first}  # a single second may be the last instead
        first_of_all = window.high is None
        if first_of_all and rows and window.ordered:
            # Frozen here: what arrives later is above, and belongs to a later question.
            window.high = rows[0][0] + 1
        if fresh:
            reached = fresh[-1][0]
            window.density = len(fresh) / max(1, window.top - reached)
            window.reached = reached
            window.out.append([row for _, row in fresh])
            window.held += len(fresh)
        if (below and window.ordered) or chain.ends(cursor, has_more=has_more, new=new):
            bottom = rows[-1][0] if has_more and rows else self._bottom(window)
            for other in itertools.islice(self.windows, self.windows.index(window) + 1, None):
                if other.reached is not None or other.state is WindowState.DONE:
                    break
                if other.density is not None:  # inherited: this page knows better
                    other.density = max(0.5, len(rows)) / max(1, top - bottom)
            window.close()
        elif has_more and first_of_all and rows and rows[0][0] != rows[-1][0]:
            # Go on below the frozen bound, where nothing moves any more. (A page within one second would come
            # again.)
            window.chain = None
        elif not chain.follow(cursor, has_more=has_more, new=new):
            if not new:
                raise UnreliableList("a page promises more but does not say where")
            window.chain = None  # on by time, from the last row
        return [row for _, row in fresh]

    def hand_out(self) -> Iterator[Batch]:
        """Give the next batches in order, up to one that is still to be fetched, or read."""
        while self.windows:
            window = self.windows[0]
            done = window.state is WindowState.DONE
            while window.out and (window.ordered or done):
                batch = window.out.popleft()
                window.held -= len(batch)
                self.handed_out += len(batch)
                yield batch
            if not done or window.kept_rows is not None:
                return
            self.windows.popleft()

    def expected(self) -> int | None:
        """Estimate all rows; None while most of the estimate would rest on windows never looked into."""
        known, unknown = float(self.handed_out), 0.0
        for window in self.windows:
            left = self._left(window)
            known += window.held + (0.0 if window.reached is None else left)
            unknown += left if window.reached is None else 0.0
        return round(known + unknown) if unknown <= known and (self.may_divide or self.finished) else None

    def _left(self, window: Window) -> float:
        """Estimate the rows that a window has yet to bring."""
        if window.state is WindowState.DONE:
            return 0.0
        if window.density is None:
            return float(PAGE_SIZE)
        bottom = self._bottom(window)
        if bottom == window.top:
            # Within one second only its past can say: as much again as it has brought.
            return max(window.density, float(len(window.seen)))
        return window.density * (window.top - bottom + 1)

    def _bottom(self, window: Window) -> int:
        bottom = self.guess if window.low is None else window.low
        if self.floor is not None and self.floor <= window.top:
            bottom = max(bottom, self.floor)
        return min(bottom, window.top)

    def _divide(self, worth: float, window: Window) -> Window | None:
        """Cut off the far half of the `worth` rows that a window has left after the page in flight."""
        cut = window.top - round((PAGE_SIZE + worth / 2) / (window.density or 1.0))
        cut = max(cut, self._bottom(window) + 1)
        if cut > window.top or (window.low is not None and cut <= window.low):
            return None  # one second cannot be divided: it is paged on
        far = Window(window.low, cut, WindowState.TAKEN, kept=cut)
        far.density, far.ordered = window.density, window.ordered
        window.low = cut
        self.windows.insert(self.windows.index(window) + 1, far)
        return far


def _sorted_in(
    window: Window, rows: Sequence[tuple[int, Conversation]]
) -> tuple[list[tuple[int, Conversation]], bool]:
    """Return a page's rows that are new and inside the window, and whether it went below the window.

    What appears above the last row received came later. (Only a server that ignores the bounds sends it.)
    """
    reached = window.reached
    fresh: list[tuple[int, Conversation]] = []
    below = False
    previous: int | None = None
    for position, row in rows:
        if previous is not None and position > previous:
            raise UnreliableList("rows of one page are not in the order asked for")
        previous = position
        if row.conversation_id in window.seen:
            continue
        if window.last is not None and position > window.last:
            raise UnreliableList("a page holds rows that belong before the page before it")
        window.last = position
        window.seen.add(row.conversation_id)
        if window.low is not None and position < window.low:
            below = True
        elif (window.high is None or position < window.high) and (reached is None or position <= reached):
            fresh.append((position, row))
    return fresh, below
