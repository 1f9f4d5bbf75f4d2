"""Which stretches of time are to be fetched, by whom, and what may be handed out. Pure bookkeeping.

A `Board` is a list of windows in the order of the answer. A window is paged from its top down. An idle worker
takes a waiting window, or the far half of the window with most rows left by estimate (the density of its last
page times the span it has yet to cover). Two windows never share a second, so duplicates only occur inside
one.

`budget` bounds the work: a window is worth fetching only if fewer than so many rows come before it, by
estimate. It stands for both "at most N rows are wanted" and "at most so many rows are held in memory".
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import AsyncIterator, Sequence
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


@dataclass(frozen=True, slots=True)
class Axis:
    """Turns start times into positions and back."""

    oldest_first: bool

    def at(self, start: int) -> int:
        """Return the position of a start time (Unix seconds)."""
        return -start if self.oldest_first else start

    def flip(self, low: Bound, high: Bound) -> tuple[Bound, Bound]:
        """Turn a window of times `[since, until)` into one of positions, or one of positions into times."""
        if not self.oldest_first:
            return low, high
        return (None if high is None else 1 - high), (None if low is None else 1 - low)


class OutOfOrder(UnreliableList):
    """Rows did not come in the order that was asked for."""


class WindowState(Enum):
    """What is happening to a window."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"


@dataclass(slots=True)
class Chain:
    """A question that is paged by cursor. The API wants it repeated with every cursor."""

    low: Bound
    high: Bound
    sent: tuple[Bound, Bound] = (None, None)
    """The time bounds that were sent with its first page: cursors want them unchanged."""
    cursor: str | None = None
    cursors: set[str] = field(default_factory=set)
    past_end: bool = False
    """Whether the page before was called the last, but named a next one: it is read to be sure."""


@dataclass(slots=True, eq=False)
class Window:
    """A stretch of positions `[low, high)` and how far it has come."""

    low: Bound
    high: Bound
    state: WindowState = WindowState.WAITING
    reached: int | None = None
    """Position of the last row received; everything above it is complete, its own second may not be."""
    density: float | None = None
    """Rows per second: of the last page, or of the window that this one was cut from."""
    measured: bool = False
    """Whether the density is its own."""
    chain: Chain | None = None
    out: deque[Batch] = field(default_factory=deque)
    """Batches not yet handed out."""
    kept_rows: AsyncIterator[Batch] | None = None
    """For a window whose rows are kept: they are only read when its turn comes."""
    held: int = 0
    """Rows in `out`."""
    brought: int = 0
    """Rows received in all."""
    seen: set[str] = field(default_factory=set)
    last: int | None = None
    """Position of the last new row in this chain, also of one outside the window."""
    pages_without_news: int = 0
    """Pages in a row that brought no row not seen before."""
    restarts: int = 0
    """Cursors rejected in a row."""
    kept: Bound = None
    """Everything at or above this position has been given to the cache."""
    ranges_missing_rows: int = 0
    """So many ranges to come lack a row, so that the cache must not have them."""
    unfinished_second: Batch = field(default_factory=list)
    """Rows of the second that was reached, for the cache to have once that is complete."""

    def __post_init__(self) -> None:
        self.kept = self.high

    @property
    def top(self) -> int:
        """The highest position that may still have rows to come."""
        if self.reached is not None:
            return self.reached
        return 0 if self.high is None else self.high - 1

    @property
    def started(self) -> bool:
        """Whether its position and density say anything yet."""
        return self.density is not None and (self.reached is not None or self.high is not None)


class Board:
    """All windows of one retrieval, in the order of its answer."""

    def __init__(self, guess: int) -> None:
        """`guess` is a position that no row lies below, for windows that are open there."""
        self.windows: deque[Window] = deque()
        self.handed_out = 0
        self.floor: int | None = None
        """Position of the last row of all, once it is known. Only a hint."""
        self.may_divide = False
        """Whether dividing makes sense yet: the hint has come, or never will."""
        self._guess = guess

    @property
    def finished(self) -> bool:
        """Whether nothing is left to be fetched."""
        return all(window.state is WindowState.DONE for window in self.windows)

    def add_missing(self, low: Bound, high: Bound) -> None:
        """Append a window that must be fetched."""
        self.windows.append(Window(low, high))

    def add_kept(self, low: Bound, high: Bound, count: int, rows: AsyncIterator[Batch]) -> None:
        """Append a window whose rows, at most `count`, are kept."""
        self.windows.append(Window(low, high, WindowState.DONE, held=count, kept_rows=rows))

    def take(self, budget: float) -> Window | None:
        """Return a window to work on, now taken, or None if nothing is worth it at the moment."""
        before = float(self.handed_out)
        best: tuple[float, int, Window] | None = None
        for index, window in enumerate(self.windows):
            if before >= budget:
                break
            if window.state is WindowState.WAITING:
                window.state = WindowState.TAKEN
                return window
            left = self._left(window)
            worth = min(left, budget - before) - PAGE_SIZE
            divisible = (
                window.state is WindowState.TAKEN and window.started and window.top > self._bottom(window)
            )
            if divisible and worth >= WORTH and (best is None or worth > best[0]):
                best = (worth, index, window)
            before += window.held + left
        if best is None or not self.may_divide:
            return None
        return self._divide(*best)

    def give_back(self, window: Window) -> None:
        """Leave a window for later, or for another worker."""
        if window.state is WindowState.TAKEN:
            window.state = WindowState.WAITING

    def worth(self, window: Window, budget: float) -> bool:
        """Whether a window should still be worked on under this budget."""
        before = float(self.handed_out)
        for other in self.windows:
            if other is window:
                break
            before += other.held + self._left(other)
        return before < budget

    def record(
        self, window: Window, rows: Sequence[tuple[int, Conversation]], *, has_more: bool, cursor: str | None
    ) -> Batch:
        """Note one page of a taken window; return the rows that are new and lie in it.

        Raises OutOfOrder or BadAnswer when the page contradicts what came before.
        """
        top = window.top
        seen = len(window.seen)
        fresh, below = _sorted_in(window, rows)
        new = len(window.seen) > seen
        first_of_all = window.high is None
        if first_of_all and rows:
            # Frozen here: what arrives later is above, and belongs to a later question.
            window.high = rows[0][0] + 1
        if fresh:
            reached = fresh[-1][0]
            span = max(1, window.top - reached)
            window.density, window.measured = len(fresh) / span, True
            window.reached = reached
            window.out.append([row for _, row in fresh])
            window.held += len(fresh)
            window.brought += len(fresh)
        window.pages_without_news = 0 if new else window.pages_without_news + 1
        if below or (not has_more and _is_last(window, cursor, new=new)):
            bottom = rows[-1][0] if has_more and rows else self._bottom(window)
            self._tell_below(window, max(0.5, len(rows)) / max(1, top - bottom))
            self.close(window)
        elif has_more and first_of_all and rows and rows[0][0] != rows[-1][0]:
            # Go on below the frozen bound, where nothing moves any more. (A page within one second would come
            # again, and does not show yet whether the server sorts as asked.)
            window.chain = None
        else:
            _follow(window, cursor, has_more=has_more, new=new)
        return [row for _, row in fresh]

    def close(self, window: Window) -> None:
        """Note that a window is complete."""
        window.state = WindowState.DONE
        window.chain = None
        window.seen.clear()

    def hand_out(self) -> Batch | None:
        """Return the next batch in order, or None if the next one is still to be fetched, or read."""
        while self.windows:
            window = self.windows[0]
            if window.out:
                batch = window.out.popleft()
                window.held -= len(batch)
                self.handed_out += len(batch)
                return batch
            if window.state is not WindowState.DONE or window.kept_rows is not None:
                return None
            self.windows.popleft()
        return None

    async def read_kept(self) -> int | None:
        """Read the next batch of the first window; return its rows, None if that window's are not kept."""
        window = self.windows[0] if self.windows else None
        if window is None or window.kept_rows is None:
            return None
        batch = await anext(window.kept_rows, None)
        if batch is None:
            window.kept_rows, window.held = None, 0
            return 0
        window.held = max(window.held, len(batch))
        window.out.append(batch)
        return len(batch)

    def expected(self) -> int | None:
        """Estimate all rows; None while most of the estimate would rest on windows never looked into."""
        known = float(self.handed_out)
        unknown = 0.0
        for window in self.windows:
            known += window.held
            left = self._left(window)
            if window.measured:
                known += left
            else:
                unknown += left
        return round(known + unknown) if unknown <= known and (self.may_divide or self.finished) else None

    def _tell_below(self, window: Window, density: float) -> None:
        """Correct the inherited density of the windows below, as far as none has a better one."""
        index = self.windows.index(window)
        for below in itertools.islice(self.windows, index + 1, None):
            if below.measured or below.state is WindowState.DONE:
                break
            if below.density is not None:
                below.density = density

    def _left(self, window: Window) -> float:
        """Estimate the rows that a window has yet to bring."""
        if window.state is WindowState.DONE:
            return 0.0
        if not window.started or window.density is None:
            return float(PAGE_SIZE)
        bottom = self._bottom(window)
        if bottom == window.top:
            # Within one second only its past can say: as much again as it has brought.
            return max(window.density, float(window.brought))
        return window.density * (window.top - bottom + 1)

    def _bottom(self, window: Window) -> int:
        top = window.top
        bottom = self._guess if window.low is None else window.low
        if self.floor is not None and self.floor <= top:
            bottom = max(bottom, self.floor)
        return min(bottom, top)

    def _divide(self, worth: float, index: int, window: Window) -> Window | None:
        """Cut off the far half of the `worth` rows that a window has left after the page in flight."""
        if window.density is None:
            return None
        cut = window.top - round((PAGE_SIZE + worth / 2) / window.density)
        if cut <= self._bottom(window):
            cut = self._bottom(window) + 1
        if cut > window.top or (window.low is not None and cut <= window.low):
            return None  # one second cannot be divided: it is paged on
        far = Window(window.low, cut, WindowState.TAKEN, density=window.density)
        window.low = cut
        self.windows.insert(index + 1, far)
        return far


def _sorted_in(
    window: Window, rows: Sequence[tuple[int, Conversation]]
) -> tuple[list[tuple[int, Conversation]], bool]:
    """Return a page's rows that are new and inside the window, and whether it went below the window.

    What appears above the last row received came after the rows there were asked for: it is for a later
    question. (Only a server that takes no notice of the bounds sends it.)
    """
    reached = window.reached
    fresh: list[tuple[int, Conversation]] = []
    below = False
    previous: int | None = None
    for position, row in rows:
        if previous is not None and position > previous:
            raise OutOfOrder("rows of one page are not in the order asked for")
        previous = position
        if row.conversation_id in window.seen:
            continue
        if window.last is not None and position > window.last:
            raise OutOfOrder("a page holds rows that belong before the page before it")
        window.last = position
        window.seen.add(row.conversation_id)
        if window.low is not None and position < window.low:
            below = True
        elif (window.high is None or position < window.high) and (reached is None or position <= reached):
            fresh.append((position, row))
    return fresh, below


def _is_last(window: Window, cursor: str | None, *, new: bool) -> bool:
    """Whether a page that promises no more is the last: also a cursor must lead to nothing new."""
    chain = window.chain
    return chain is None or cursor is None or cursor in chain.cursors or (chain.past_end and not new)


def _follow(window: Window, cursor: str | None, *, has_more: bool, new: bool) -> None:
    """Go on to the page that `cursor` names; where that leads nowhere, by time from the last row."""
    chain = window.chain
    if window.pages_without_news > PAGES_WITHOUT_NEWS:
        raise UnreliableList("one page after the other promises more and brings nothing new")
    if chain is not None and cursor is not None and cursor not in chain.cursors:
        chain.cursors.add(cursor)
        chain.cursor = cursor
        chain.past_end = not has_more
    elif new:
        window.chain = None
    else:
        raise UnreliableList("a page promises more but does not say where")


def next_chain(window: Window) -> Chain:
    """Return the question to send for a window's next page, a new one if none is being paged."""
    if window.chain is None:
        window.last = None
        high = window.high if window.reached is None else window.reached + 1
        window.chain = Chain(window.low, high)
    return window.chain
