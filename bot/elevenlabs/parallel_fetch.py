"""All rows of a selection, several pages at a time, by dividing time.

The workers, the pages and the rules around them; `windows.Board` keeps the books. What keeps it right: bounds
are asked a second wider and cut here; the newest row of the first page is the upper bound from then on; the
oldest-row probe only guides where to cut; pages must be in order and cursors must not repeat; a cursor that
the server rejects restarts its window only. A window that does not come oldest first is read newest first,
and turned round.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from operator import attrgetter

from bot.elevenlabs.errors import ElevenLabsError, Invalid, NotFound, UnreliableList
from bot.elevenlabs.kept_rows import Piece
from bot.elevenlabs.rate_limit import BULK, ONCE, URGENT, RetryPolicy
from bot.elevenlabs.request import PAGE_SIZE, Bound, list_request
from bot.elevenlabs.retrieval import Retrieval, SharedRows, run_all
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.windows import Batch, Board, Window, WindowState
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
Rest = Callable[[Bound, Bound], Awaitable[list[Piece]]]
"""Divides a span into what is kept and what is missing, newest first."""


class ParallelFetch:
    def __init__(
        self,
        transport: HttpTransport,
        selection: Selection,
        pieces: list[Piece],
        feed: SharedRows,
        *,
        keep: Keep,
        rest: Rest | None = None,
        ahead: float = math.inf,
        policy: RetryPolicy = BULK,
    ) -> None:
        """`pieces` are those of the selection that are wanted, newest first.

        `rest` is asked once a reader goes on past the first page. `ahead`: rows held in memory, roughly.
        """
        self._transport = transport
        self._selection = selection
        self._sign = -1 if selection.oldest_first else 1
        self._pieces = pieces[:: self._sign]
        self._feed = feed
        self._ahead = ahead
        self._keep = keep
        self._rest = rest
        self._policy = policy
        guess = -(int(feed.started) + _DAY) if selection.oldest_first else BEFORE_ELEVENLABS
        self._board = Board(guess)
        self._board.windows.extend(map(self._window, self._pieces))

    def _flip(self, low: Bound, high: Bound) -> tuple[Bound, Bound]:
        """Turn a window of times `[since, until)` into one of positions, or one of positions into times."""
        if not self._selection.oldest_first:
            return low, high
        return (None if high is None else 1 - high), (None if low is None else 1 - low)

    def _window(self, piece: Piece) -> Window:
        oldest_first = self._selection.oldest_first
        low, high = self._flip(piece.since, piece.until)
        window = Window(low, high, kept=high, ordered=not oldest_first)
        if piece.rows is not None:
            window.state, window.held, window.as_of = WindowState.DONE, piece.count, piece.as_of
            window.kept_rows = piece.rows(oldest_first=oldest_first)
        elif low is not None and high is not None and low >= high:
            window.state = WindowState.DONE
        return window

    async def run(self) -> None:
        """Fetch until everything is there or a page fails for good. Raises ElevenLabsError."""
        missing = [piece for piece in self._pieces if piece.rows is None]
        end = attrgetter("until" if self._selection.oldest_first else "since")
        probe = None
        # Nothing that is kept says where the rows end, if the last piece ends where the selection does.
        if not self._board.finished and end(missing[-1]) == end(self._selection):
            probe = asyncio.create_task(self._probe())
        else:
            self._board.may_divide = True
        try:
            workers = (self._work() for _ in range(self._transport.limiter.most if missing else 0))
            await run_all([*workers, self._deliver()])
        finally:
            if probe is not None:
                probe.cancel()
                await asyncio.wait([probe])

    async def _work(self) -> None:
        """Fetch page after page, until nothing is left; wait for news when none is worth its request."""
        while not self._board.finished:
            window = self._board.take(self._budget())
            if window is None:
                await self._feed.news.wait()
                continue
            self._feed.resting = False
            await self._turn(window)
            if window.state is WindowState.TAKEN:
                window.state = WindowState.WAITING
            for ready in self._board.hand_out():
                self._feed.publish(ready)
            self._feed.wake()

    async def _turn(self, window: Window) -> None:
        """Fetch a window's next page and write it into the books."""
        if not window.ordered and window.chain is None and window.reached is not None:
            await self._turn_round(window)  # where to go on cannot be told without knowing the order
            return
        if self._rest is not None and window.reached is not None and window.ordered:
            await self._go_on(window, self._rest)
            return
        chain = window.question()
        since, until = self._flip(chain.low, chain.high)
        request = list_request(self._selection, since, until, cursor=chain.cursor)
        policy = URGENT if self._feed.urgent else self._policy
        try:
            page = await self._transport.get(request, self._transport.page, policy=policy)
        except (Invalid, NotFound):
            # With a cursor, it is the cursor that the server no longer knows: ask anew from where we are.
            if chain.cursor is None or window.restarts >= _RESTARTS:
                raise
            if chain.past_end:
                window.close()  # the page before was the last, as it said
                await self._keep_complete(window, [])
                return
            window.chain = None
            window.restarts += 1
            return
        self._feed.answered = True
        rows = [(self._sign * row.start_time_unix_secs, row) for row in page.rows]
        try:
            fresh = self._board.record(window, rows, has_more=page.has_more, cursor=page.next_cursor)
        except UnreliableList:
            if window.ordered:
                raise
            await self._turn_round(window)
            return
        window.restarts = 0 if fresh else window.restarts
        window.ranges_missing_rows = _RANGES_AFFECTED if page.unplaced else window.ranges_missing_rows
        self._feed.seen += len(fresh)
        self._feed.unplaced |= page.unplaced
        self._feed.expected = self._board.expected()
        await self._keep_complete(window, fresh)

    async def _go_on(self, window: Window, rest: Rest) -> None:
        """Take from what is kept what comes after the first page, which was asked for whole."""
        self._rest = None
        density, window.density = window.density, None  # so that nobody divides it meanwhile
        pieces = await rest(*self._flip(window.low, window.top + 1))
        window.density = density
        if all(piece.rows is None for piece in pieces):
            return
        for after in map(self._window, pieces[:: self._sign]):
            after.seen |= window.seen  # of the second that the page ended in
            after.ordered = True  # as the first page has shown
            if after.kept_rows is not None:
                after.kept_rows = _without(window.seen.copy(), after.kept_rows)
            self._board.windows.append(after)
        window.close()

    async def _turn_round(self, window: Window) -> None:
        """Read a window newest first, and turn it round: the server does not sort the other way."""
        self._feed.seen -= window.held
        window.density, window.held = None, 0  # so that nobody divides it meanwhile
        window.out.clear()
        selection = replace(self._selection, oldest_first=False)
        pieces = [Piece(*self._flip(window.low, window.kept))]

        async def produce(feed: SharedRows) -> None:
            await ParallelFetch(
                self._transport, selection, pieces, feed, keep=self._keep, policy=self._policy
            ).run()

        started = self._feed.started
        async with Retrieval(lambda: SharedRows(produce, as_of=started), started) as newest_first:
            async for batch in newest_first:
                window.out.appendleft(batch[::-1])
                window.held += len(batch)
                self._feed.seen += len(batch)
            self._feed.unplaced |= newest_first.feed.unplaced
        window.close()

    async def _keep_complete(self, window: Window, fresh: Batch) -> None:
        """Pass on what is complete: down to the second above the last row, or the rest of the window.

        A range with a row left out of it is asked again, so that the next answer says so too.
        """
        rows = [*window.unfinished_second, *fresh]
        window.unfinished_second = []
        low = window.low
        if window.state is not WindowState.DONE:
            if window.reached is None or not window.ordered:
                window.unfinished_second = rows
                return
            low = window.reached + 1
            window.unfinished_second = [row for row in rows if self._sign * row.start_time_unix_secs < low]
            rows = rows[: len(rows) - len(window.unfinished_second)]
        if window.kept is not None and low is not None and low >= window.kept:
            return
        since, until = self._flip(low, window.kept)
        window.kept = low
        if window.ranges_missing_rows:
            window.ranges_missing_rows -= 1
        else:
            await self._keep(since, until, rows[:: self._sign])

    async def _probe(self) -> None:
        """Look for the last row of all, as a hint where to divide. Any failure only costs the hint."""
        while self._feed.limit <= PAGE_SIZE or self._rest is not None:
            await self._feed.news.wait()
        self._board.may_divide = self._board.finished
        if self._board.finished:
            return
        last = self._board.windows[-1]
        other_end = replace(self._selection, oldest_first=not self._selection.oldest_first)
        request = list_request(other_end, *self._flip(last.low, last.high), page_size=1)
        with contextlib.suppress(ElevenLabsError):
            for row in (await self._transport.get(request, self._transport.page, policy=ONCE)).rows:
                self._board.floor = self._sign * row.start_time_unix_secs
        self._board.may_divide = True
        self._feed.wake()

    def _budget(self) -> float:
        """Return how many rows, counted from the first, are worth fetching now."""
        while self._feed.waiting and self._board.handed_out >= self._feed.limit:
            self._feed.limit *= 2  # the reader goes on past its limit
        return min(self._feed.read_rows + self._ahead, self._feed.limit)

    async def _deliver(self) -> None:
        """Hand out what is fetched, and read what is kept when its turn comes and the reader keeps up."""
        while True:
            for ready in self._board.hand_out():
                self._feed.publish(ready)
            if not self._board.windows:
                return
            window = self._board.windows[0]
            at_work = any(each.state is WindowState.TAKEN for each in self._board.windows)
            # What is kept costs no request: a first page of it, and whether there is more, may be known. But
            # while ElevenLabs may be away, nothing is begun that could not be ended.
            enough = max(self._budget(), PAGE_SIZE + 1) if self._feed.answered or not at_work else 0
            if window.kept_rows is not None and self._board.handed_out < enough:
                self._feed.as_of = min(self._feed.as_of, window.as_of)
                batch = await anext(window.kept_rows, None)
                if batch is None:
                    window.kept_rows, window.held = None, 0
                else:
                    window.out.append(batch)
                    window.held = max(window.held, len(batch))
                    self._feed.seen += len(batch)
                continue
            if not at_work and not self._feed.resting:
                self._feed.resting = True
                self._feed.wake()
            await self._feed.news.wait()


async def _without(known: set[str], batches: AsyncIterator[Batch]) -> AsyncIterator[Batch]:
    async for batch in batches:
        yield [row for row in batch if row.conversation_id not in known]
