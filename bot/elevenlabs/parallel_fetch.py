"""All rows of a selection, several pages at a time, by dividing time.

The workers, the pages and the rules around them; `windows.Board` keeps the books. What keeps it right: bounds
are asked a second wider and cut here; the newest row of the first page is the upper bound from then on; the
oldest-row probe only guides where to cut; pages must be in order and cursors must not repeat; a cursor that
the server rejects restarts its window only.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from bot.elevenlabs.errors import ElevenLabsError, Invalid, NotFound
from bot.elevenlabs.kept_rows import Piece, at_hand
from bot.elevenlabs.rate_limit import BULK, ONCE, RetryPolicy
from bot.elevenlabs.request import Bound, list_request
from bot.elevenlabs.retrieval import SharedRows, run_all
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.windows import Axis, Batch, Board, OutOfOrder, Window, WindowState
from bot.model import Selection

BEFORE_ELEVENLABS = 1_640_995_200
"""1 January 2022: no conversation is older."""
_DAY = 86_400
_RESTARTS = 3
"""So many times in a row a cursor may be rejected without a new row in between."""
_RANGES_AFFECTED = 2
"""A row without a start time may belong to the range that its page completes, or to the next."""
Keep = Callable[[Bound, Bound, Batch], Awaitable[None]]
"""Takes (since, until, rows newest first): everything that the API has in between."""


class Opening(NamedTuple):
    """The first rows of a selection, for a retrieval to go on from."""

    rows: Batch
    piece: Piece
    """The stretch of time that is complete with them."""
    complete: bool
    unplaced: frozenset[str]


class ParallelFetch:
    """Produces the rows of one selection into a feed."""

    def __init__(
        self,
        transport: HttpTransport,
        selection: Selection,
        pieces: list[Piece],
        *,
        now: float,
        keep: Keep,
        ahead: float = math.inf,
        limit: int | None = None,
        policy: RetryPolicy = BULK,
    ) -> None:
        """`pieces` cover the selection, newest first.

        `ahead`: rows held in memory at most, roughly, before the reader takes them. `limit`: rows that the
        reader probably wants; beyond them nothing is fetched until it asks for more.
        """
        self._transport = transport
        self._selection = selection
        self._axis = Axis(selection.oldest_first)
        self._pieces = pieces[::-1] if selection.oldest_first else pieces
        self._now = now
        self._ahead = ahead
        self._limit = math.inf if limit is None else max(1, limit)
        self._keep = keep
        self._policy = policy
        self._board = Board(-(int(now) + _DAY) if selection.oldest_first else BEFORE_ELEVENLABS)
        self._in_order = not selection.oldest_first
        """Whether a page has shown that the server sorts as asked."""
        self._feed = SharedRows(self, as_of=now)
        self._publish: Callable[[Batch], None] = self._feed.publish

    async def opening(self) -> Opening:
        """Fetch only until the first rows are there: one request, unless its page holds none of them.

        Raises OutOfOrder when the server does not sort oldest first.
        """
        (piece,) = self._pieces
        window = Window(*self._axis.flip(piece.since, piece.until))
        self._board.windows.append(window)
        high = window.high
        while window.state is not WindowState.DONE and not (window.held and self._in_order):
            await self._turn(window)
        rows = [row for batch in window.out for row in batch]
        complete = window.state is WindowState.DONE
        end = window.low if complete or window.reached is None else window.reached + 1
        whole = [row for row in rows if end is None or self._axis.at(row.start_time_unix_secs) >= end]
        kept = at_hand(whole[::-1] if self._selection.oldest_first else whole)
        known = Piece(*self._axis.flip(end, high), len(whole), kept, self._now)
        return Opening(rows, known, complete, frozenset(self._feed.unplaced))

    async def __call__(self, feed: SharedRows, publish: Callable[[Batch], None] | None = None) -> None:
        """Fetch until everything is there or a page fails for good. Raises ElevenLabsError."""
        self._feed, self._publish = feed, publish or feed.publish
        for piece in self._pieces:
            window = Window(*self._axis.flip(piece.since, piece.until))
            if piece.rows is not None:
                window.state, window.held = WindowState.DONE, piece.count
                window.kept_rows = piece.rows(oldest_first=self._selection.oldest_first)
            self._board.windows.append(window)
        try:
            await self._all()
        except OutOfOrder:
            if not self._selection.oldest_first or self._board.handed_out:
                raise
            await self._backwards()

    async def _all(self) -> None:
        missing = [piece for piece in self._pieces if piece.rows is None]
        end = attrgetter("until" if self._selection.oldest_first else "since")
        probe = None
        # Nothing that is kept says where the rows end, if the last piece ends where the selection does.
        if not self._board.finished and end(missing[-1]) == end(self._selection):
            probe = asyncio.create_task(self._probe(missing[-1]))
        else:
            self._board.may_divide = True
        try:
            workers = (self._work() for _ in range(self._transport.limiter.most if missing else 0))
            await run_all(itertools.chain([self._deliver()], workers))
        finally:
            if probe is not None:
                probe.cancel()
                await asyncio.wait([probe])

    async def _backwards(self) -> None:
        """Fetch newest first and turn it around: the server cannot sort the other way."""
        selection = replace(self._selection, oldest_first=False)
        pieces = [Piece(selection.since, selection.until)]
        batches: list[Batch] = []
        self._feed.seen = 0
        fetch = ParallelFetch(self._transport, selection, pieces, now=self._now, keep=self._keep)
        await fetch(self._feed, batches.append)
        for batch in reversed(batches):
            self._publish(batch[::-1])

    async def _work(self) -> None:
        """Take windows and page them, until nothing is left; wait for news when nothing is worth taking."""
        while not self._board.finished:
            window = self._board.take(self._budget())
            if window is None:
                await self._feed.news.wait()
                continue
            while window.state is WindowState.TAKEN:
                await self._turn(window)
                if window.state is WindowState.TAKEN and not self._board.worth(window, self._budget()):
                    window.state = WindowState.WAITING
                self._hand_out()
                self._feed.wake()

    async def _turn(self, window: Window) -> None:
        """Fetch a window's next page and write it into the books."""
        chain = window.question()
        since, until = self._axis.flip(chain.low, chain.high)
        request = list_request(self._selection, since, until, cursor=chain.cursor)
        try:
            page = await self._transport.get(request, self._transport.page, policy=self._policy)
        except (Invalid, NotFound):
            # With a cursor, it is the cursor that the server no longer knows: ask anew from where we are.
            if chain.cursor is None or window.restarts >= _RESTARTS:
                raise
            if chain.past_end:
                window.close()  # the page before was the last, as it said
                await self._keep_complete(window, [])
                return
            if not self._in_order:
                raise OutOfOrder("whether rows are in order cannot be seen") from None
            window.chain = None
            window.restarts += 1
            return
        rows = [(self._axis.at(row.start_time_unix_secs), row) for row in page.rows]
        positions = {position for position, _ in rows}
        shows_order = len(positions) > 1 or (window.last is not None and not positions <= {window.last})
        fresh = self._board.record(window, rows, has_more=page.has_more, cursor=page.next_cursor)
        # Only now, as nothing was raised, is it sure that the server sorts as asked.
        self._in_order |= shows_order
        window.restarts = 0 if fresh else window.restarts
        window.ranges_missing_rows = _RANGES_AFFECTED if page.unplaced else window.ranges_missing_rows
        self._feed.seen += len(fresh)
        self._feed.unplaced |= page.unplaced
        self._feed.expected = self._board.expected()
        await self._keep_complete(window, fresh)

    async def _keep_complete(self, window: Window, fresh: Batch) -> None:
        """Pass on what is now complete: down to the second above the last row, or the rest of the window.

        A range with a row left out of it is asked again, so that the next answer says so too.
        """
        rows = [*window.unfinished_second, *fresh]
        window.unfinished_second = []
        low = window.low
        if window.state is not WindowState.DONE:
            if window.reached is None or not self._in_order:
                window.unfinished_second = rows
                return
            low = window.reached + 1
            at = self._axis.at
            window.unfinished_second = [row for row in rows if at(row.start_time_unix_secs) < low]
            rows = rows[: len(rows) - len(window.unfinished_second)]
        if window.kept is not None and low is not None and low >= window.kept:
            return
        since, until = self._axis.flip(low, window.kept)
        window.kept = low
        if window.ranges_missing_rows:
            window.ranges_missing_rows -= 1
        else:
            await self._keep(since, until, rows[::-1] if self._selection.oldest_first else rows)

    async def _probe(self, piece: Piece) -> None:
        """Look for the last row of all, as a hint where to divide. Any failure only costs the hint."""
        other_end = replace(self._selection, oldest_first=not self._selection.oldest_first)
        request = list_request(other_end, piece.since, piece.until, page_size=1)
        with contextlib.suppress(ElevenLabsError):
            for row in (await self._transport.get(request, self._transport.page, policy=ONCE)).rows:
                self._board.floor = self._axis.at(row.start_time_unix_secs)
        self._board.may_divide = True
        self._feed.wake()

    def _budget(self) -> float:
        """Return how many rows, counted from the first, are worth fetching now."""
        if not self._in_order:
            return math.inf  # nothing is handed out before a page shows the order: one must be fetched
        while self._feed.waiting and self._board.handed_out >= self._limit:
            self._limit *= 2  # the reader goes on past its limit
        return min(self._feed.read_rows + self._ahead, self._limit)

    async def _deliver(self) -> None:
        """Hand out what is fetched, and read what is kept when its turn comes and the reader keeps up."""
        while True:
            self._hand_out()
            if not self._board.windows:
                return
            window = self._board.windows[0]
            in_order = self._in_order or self._board.finished
            if window.kept_rows is None or not in_order or self._board.handed_out >= self._budget():
                await self._feed.news.wait()
                continue
            batch = await anext(window.kept_rows, None)
            if batch is None:
                window.kept_rows, window.held = None, 0
            else:
                window.out.append(batch)
                window.held = max(window.held, len(batch))
                self._feed.seen += len(batch)

    def _hand_out(self) -> None:
        if self._in_order or self._board.finished:
            while (batch := self._board.hand_out()) is not None:
                self._publish(batch)
