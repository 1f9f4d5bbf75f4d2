"""All rows of a selection, several pages at a time, by dividing time.

The workers, the pages and the rules around them; `windows.Board` keeps the books. What keeps it right: bounds
are asked a second wider and cut here; the newest row of the first page is the upper bound from then on; the
oldest-row probe only guides where to cut; pages must be in order and cursors must not repeat; a cursor that
the server rejects restarts its window only.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace
from operator import attrgetter

from bot.elevenlabs.errors import ElevenLabsError, Invalid, NotFound
from bot.elevenlabs.kept_rows import Piece
from bot.elevenlabs.rate_limit import BULK, ONCE, URGENT, RetryPolicy
from bot.elevenlabs.request import PAGE_SIZE, Bound, list_request
from bot.elevenlabs.retrieval import SharedRows, run_all
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.windows import Axis, Batch, Board, Window, WindowState
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


class ParallelFetch:
    """Produces the rows of one selection into a feed."""

    def __init__(
        self,
        transport: HttpTransport,
        selection: Selection,
        pieces: list[Piece],
        feed: SharedRows,
        *,
        keep: Keep,
        ahead: float = math.inf,
        policy: RetryPolicy = BULK,
    ) -> None:
        """`pieces` are those of the selection that are wanted, newest first.

        `ahead`: rows held in memory at most, roughly, before the reader takes them.
        """
        self._transport = transport
        self._selection = selection
        self._axis = Axis(selection.oldest_first)
        self._pieces = pieces[::-1] if selection.oldest_first else pieces
        self._feed = feed
        self._ahead = ahead
        self._keep = keep
        self._policy = policy
        guess = -(int(feed.started) + _DAY) if selection.oldest_first else BEFORE_ELEVENLABS
        self._board = Board(guess)
        for piece in self._pieces:
            window = Window(*self._axis.flip(piece.since, piece.until))
            if piece.rows is not None:
                window.state, window.held, window.as_of = WindowState.DONE, piece.count, piece.as_of
                window.kept_rows = piece.rows(oldest_first=selection.oldest_first)
            self._board.windows.append(window)

    async def run(self) -> None:
        """Fetch until everything is there or a page fails for good. Raises ElevenLabsError."""
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
            self._hand_out()
            self._feed.wake()

    async def _turn(self, window: Window) -> None:
        """Fetch a window's next page and write it into the books."""
        chain = window.question()
        since, until = self._axis.flip(chain.low, chain.high)
        request = list_request(self._selection, since, until, cursor=chain.cursor)
        policy = URGENT if self._feed.limit <= PAGE_SIZE else self._policy
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
        rows = [(self._axis.at(row.start_time_unix_secs), row) for row in page.rows]
        fresh = self._board.record(window, rows, has_more=page.has_more, cursor=page.next_cursor)
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
            if window.reached is None:
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
        while self._feed.limit <= PAGE_SIZE:
            await self._feed.news.wait()
        other_end = replace(self._selection, oldest_first=not self._selection.oldest_first)
        request = list_request(other_end, piece.since, piece.until, page_size=1)
        with contextlib.suppress(ElevenLabsError):
            for row in (await self._transport.get(request, self._transport.page, policy=ONCE)).rows:
                self._board.floor = self._axis.at(row.start_time_unix_secs)
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
            self._hand_out()
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
                # What was read of what is kept may be less than was expected: then a page is worth it now.
                self._feed.resting = not self._board.waits(self._budget())
                self._feed.wake()
            await self._feed.news.wait()

    def _hand_out(self) -> None:
        while (batch := self._board.hand_out()) is not None:
            self._feed.publish(batch)
