"""All rows of a selection, several pages at a time, by dividing time.

The workers, the pages and the rules around them; `windows.Board` keeps the books. What keeps it right: bounds
are asked a second wider and cut here; the newest row of the first page is the upper bound from then on; the
oldest-row probe only guides where to cut; pages must be in order and cursors must not repeat; a cursor that
the server rejects restarts its window only.
"""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.elevenlabs.errors import ElevenLabsError, Invalid, NotFound
from bot.elevenlabs.kept_rows import Piece, at_hand
from bot.elevenlabs.request import Bound, TimeBounds, list_request
from bot.elevenlabs.retrieval import Batch, Retrieval, SharedRows
from bot.elevenlabs.retry_policy import BULK, ONCE, URGENT, RetryPolicy
from bot.elevenlabs.single_flight import run_all
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.windows import Axis, Board, OutOfOrder, Window, next_chain
from bot.elevenlabs.wire import ListPage
from bot.model import Conversation, Selection

BEFORE_ELEVENLABS = 1_640_995_200
"""1 January 2022: no conversation is older."""
_DAY = 86_400
_RESTARTS = 3
"""So many times in a row a cursor may be rejected without a new row in between."""
_RANGES_AFFECTED = 2
"""A row without a start time may belong to the range that its page completes, or to the next."""
Keep = Callable[[Bound, Bound, Batch], Awaitable[None]]
"""Takes (since, until, rows newest first): everything that the API has in between."""


@dataclass(frozen=True, slots=True)
class FirstFetch:
    """The first page of a selection, and the stretch of time that is complete with it."""

    rows: Batch
    complete: bool
    unplaced: frozenset[str]
    piece: Piece


class ParallelFetch:
    """Produces the rows of one selection into a feed."""

    def __init__(
        self,
        transport: HttpTransport,
        selection: Selection,
        pieces: list[Piece],
        *,
        now: float,
        ahead: int,
        limit: int | None,
        keep: Keep,
        unplaced: frozenset[str] = frozenset(),
        policy: RetryPolicy = BULK,
    ) -> None:
        """`unplaced`: rows left out already. `pieces` cover the selection, in the order of the answer.

        `ahead`: rows held in memory at most, roughly, before the reader takes them. `limit`: rows that the
        reader probably wants; beyond them nothing is fetched until it asks for more.
        """
        self._transport = transport
        self._selection = selection
        self._axis = Axis(selection.oldest_first)
        self._pieces = pieces
        self._now = now
        self._ahead = ahead
        self._limit = math.inf if limit is None else max(1, limit)
        self._keep = keep
        self._unplaced = unplaced
        self._policy = policy
        self._bounds = TimeBounds()
        guess = -(int(now) + _DAY) if selection.oldest_first else BEFORE_ELEVENLABS
        self._board = Board(guess)
        self._in_order = not selection.oldest_first
        self._news = asyncio.Event()
        self._urgent = False
        self._feed = SharedRows(_nothing, as_of=now, keep=0, ended=lambda: None)

    async def opening(self) -> FirstFetch:
        """Fetch only until the first rows are there: one request, unless its page holds none of them.

        Raises OutOfOrder when the server does not sort oldest first.
        """
        self._urgent = True
        (piece,) = self._pieces
        low, high = self._axis.flip(piece.since, piece.until)
        self._board.add_missing(low, high)
        window = self._board.windows[0]
        self._board.take(math.inf)
        while window.state is window.state.TAKEN and not (window.held and self._in_order):
            await self._turn(window)
        rows: Batch = []
        while (batch := self._board.hand_out()) is not None:
            rows.extend(batch)
        complete = window.state is window.state.DONE
        end = window.low if complete or window.reached is None else window.reached + 1
        since, until = self._axis.flip(end, high)
        whole = [row for row in rows if end is None or self._axis.at(row.start_time_unix_secs) >= end]
        newest_first = whole[::-1] if self._selection.oldest_first else whole
        known = Piece(since, until, len(whole), at_hand(newest_first), self._now)
        return FirstFetch(rows, complete, frozenset(self._feed.unplaced), known)

    async def __call__(self, feed: SharedRows) -> None:
        """Fetch until everything is there or a page fails for good. Raises ElevenLabsError."""
        self._feed = feed
        feed.unplaced |= self._unplaced
        feed.on_demand = self._tell
        for piece in self._pieces:
            low, high = self._axis.flip(piece.since, piece.until)
            if piece.rows is None:
                self._board.add_missing(low, high)
            else:
                rows = piece.rows(oldest_first=self._selection.oldest_first)
                self._board.add_kept(low, high, piece.count, rows)
        try:
            await self._all()
        except OutOfOrder:
            if not self._selection.oldest_first or self._board.handed_out:
                raise
            await self._backwards()

    async def _all(self) -> None:
        if self._board.finished:
            await self._deliver()
            return
        missing = [piece for piece in self._pieces if piece.rows is None]
        probe = None
        if self._open_ended(missing[-1]):
            probe = asyncio.create_task(self._probe(missing[-1]))
        else:
            self._board.may_divide = True
        try:
            workers = (self._work() for _ in range(self._transport.limiter.most))
            await run_all(itertools.chain([self._deliver()], workers))
        finally:
            if probe is not None:
                probe.cancel()
                await asyncio.wait([probe])

    def _open_ended(self, piece: Piece) -> bool:
        """Whether a missing piece ends where the selection ends: nothing held says where its rows end."""
        whole = self._axis.flip(self._selection.since, self._selection.until)
        return self._axis.flip(piece.since, piece.until)[0] == whole[0]

    async def _backwards(self) -> None:
        """Fetch newest first and turn it around: the server cannot sort the other way."""
        selection = Selection(
            since=self._selection.since, until=self._selection.until, params=self._selection.params
        )
        pieces = [Piece(selection.since, selection.until)]
        inner = ParallelFetch(
            self._transport, selection, pieces, now=self._now, ahead=self._ahead, limit=None, keep=self._keep
        )
        feed = SharedRows(inner, as_of=self._now, keep=0, ended=lambda: None)
        feed.unplaced = self._feed.unplaced
        collected: list[Batch] = []
        async with Retrieval(lambda: feed, self._now) as newest_first:
            async for batch in newest_first:
                collected.append(batch)
                self._feed.seen, self._feed.expected = feed.seen, feed.expected
        while collected:
            self._feed.publish(collected.pop()[::-1])

    async def _work(self) -> None:
        """Take windows and page them, until nothing is left; wait for news when nothing is worth taking."""
        while True:
            window = self._board.take(self._budget())
            if window is None:
                if self._board.finished:
                    self._tell()
                    return
                await self._news.wait()
                continue
            while window.state is window.state.TAKEN:
                await self._turn(window)
                if not self._board.worth(window, self._budget()):
                    self._board.give_back(window)
                self._hand_out()
                self._tell()

    async def _turn(self, window: Window) -> None:
        """Fetch and note a window's next page."""
        try:
            page, after, before = await self._page(window)
        except (Invalid, NotFound):
            # With a cursor, it is the cursor that the server no longer knows: ask anew from where we are.
            if window.chain is None or window.chain.cursor is None or window.restarts >= _RESTARTS:
                raise
            if window.chain.past_end:
                self._board.close(window)  # the page before was the last, as it said
                await self._keep_complete(window, [])
                return
            if not self._in_order:
                raise OutOfOrder("whether rows are in order cannot be seen") from None
            window.chain = None
            window.restarts += 1
            return
        if await self._note(window, page, after, before):
            window.restarts = 0

    async def _page(self, window: Window) -> tuple[ListPage[Conversation], Bound, Bound]:
        """Fetch a window's next page; return it with the time bounds that were sent."""
        chain = next_chain(window)
        if chain.cursor is None:
            chain.sent = self._bounds.params(*self._axis.flip(chain.low, chain.high))
        after, before = chain.sent
        page = await self._transport.get(
            list_request(self._selection, after, before, cursor=chain.cursor),
            self._transport.page,
            policy=URGENT if self._urgent else self._policy,
        )
        return page, after, before

    async def _note(self, window: Window, page: ListPage[Conversation], after: Bound, before: Bound) -> bool:
        """Write a page into the books; whether it brought something new."""
        at = self._axis.at
        rows = [(at(row.start_time_unix_secs), row) for row in page.rows]
        positions = {position for position, _ in rows}
        shows_order = len(positions) > 1 or (window.last is not None and not positions <= {window.last})
        fresh = self._board.record(window, rows, has_more=page.has_more, cursor=page.next_cursor)
        # Only now, as nothing was raised, is it sure that the server sorts as asked.
        self._in_order |= shows_order
        learned = self._bounds.learn(after, before, {row.start_time_unix_secs for row in page.rows})
        if learned and not fresh and window.chain is not None:
            window.chain = None  # the page only held the second beyond the bound: ask again without it
        self._feed.seen += len(fresh)
        self._feed.unplaced |= page.unplaced
        if page.unplaced:
            window.ranges_missing_rows = _RANGES_AFFECTED
        self._feed.expected = self._board.expected()
        await self._keep_complete(window, fresh)
        return bool(fresh)

    async def _keep_complete(self, window: Window, fresh: Batch) -> None:
        """Pass on what is now complete: down to the second above the last row, or the rest of the window.

        A range with a row left out of it is asked again, so that the next answer says so too.
        """
        rows = [*window.unfinished_second, *fresh]
        window.unfinished_second = []
        low = window.low
        if window.state is not window.state.DONE:
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
        after, before = self._bounds.params(piece.since, piece.until)
        other_end = replace(self._selection, oldest_first=not self._selection.oldest_first)
        request = list_request(other_end, after, before, page_size=1)
        try:
            page = await self._transport.get(request, self._transport.page, policy=ONCE)
        except ElevenLabsError:
            page = None
        if page is not None and page.rows:
            self._board.floor = self._axis.at(page.rows[-1].start_time_unix_secs)
        self._board.may_divide = True
        self._tell()

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
            if self._board.finished and not self._board.windows:
                return
            in_order = self._in_order or self._board.finished
            kept = None
            if in_order and self._board.handed_out < self._budget():
                kept = await self._board.read_kept()
            if kept is None:
                await self._news.wait()
            else:
                self._feed.seen += kept

    def _hand_out(self) -> None:
        if not self._in_order and not self._board.finished:
            return
        while (batch := self._board.hand_out()) is not None:
            self._feed.publish(batch)

    def _tell(self) -> None:
        """Wake all workers that wait for news."""
        self._news.set()
        self._news = asyncio.Event()


async def _nothing(_: SharedRows) -> None:
    """Produce nothing."""
