"""Rows on their way from one producer to any number of readers, in order.

A `SharedRows` runs the producer; `Retrieval` is what a caller iterates. Two callers with the same question
read the same stream. It keeps what it has published as long as that is not much, so that a late caller can
join; after that it drops what all readers have seen, and takes no new ones.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self

from bot.model import Conversation
from bot.tally import CallSums

Batch = list[Conversation]
_readers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The first rows of a selection."""

    rows: tuple[Conversation, ...]
    """At most 100, in order, exactly within the selection's times."""
    complete: bool
    """Whether these are all."""
    as_of: float
    """Unix time of the oldest part that the rows come from."""
    unplaced: int = 0
    """How many rows the API sent without an id or a start time, so that they are missing here."""
    unread: int = 0
    """How many phone calls were not looked at, so that they are missing although they may belong here."""


class SharedRows:
    """One running retrieval. The producer calls `publish` and keeps the public figures up to date."""

    def __init__(
        self,
        produce: Callable[[SharedRows], Awaitable[None]],
        *,
        as_of: float,
        keep: int,
        ended: Callable[[], None],
        started: float = 0.0,
    ) -> None:
        """`produce` runs from the first reader on; `keep` rows are remembered; `ended` is called once."""
        self.started = started
        self.seen = 0
        self.expected: int | None = None
        self.as_of = as_of
        self.unplaced: set[str] = set()
        """Rows left out, as `wire.ListPage` names them."""
        self.unread: set[str] = set()
        """Phone calls that were not looked at, so that they are missing: whether they belong is not known."""
        self.sums: list[CallSums] = []
        """Rows that are not handed out, as they were summed where they are kept."""
        self.read_rows = 0
        """Rows that the fastest reader has taken."""
        self.on_demand: Callable[[], None] = _nothing
        """Called whenever a reader has taken something or waits for more; set by the producer."""
        self.waiting = 0
        """Readers that wait for more."""
        self._produce = produce
        self._keep = keep
        self._ended = ended
        self._batches: deque[Batch] = deque()
        self._forgotten = 0
        self._held = 0
        self._published = 0
        self._positions: dict[int, list[int]] = {}
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._error: Exception | None = None
        self._done = False

    @property
    def open(self) -> bool:
        """Whether another reader can still join and get everything."""
        return not self._forgotten and not self._done

    @property
    def begun(self) -> bool:
        """Whether anything was handed out."""
        return self._published > 0

    def join(self) -> int:
        """Add a reader; return its number."""
        number = next(_readers)
        self._positions[number] = [0, 0]
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return number

    def leave(self, number: int) -> asyncio.Task[None] | None:
        """Remove a reader. When it was the last, the producer is cancelled; its task is returned."""
        if self._positions.pop(number, None) is None or self._positions or self._task is None:
            return None
        if not self._task.done():
            self._task.cancel()
            self._finish()
        return self._task

    async def stop(self) -> None:
        """Send all readers away."""
        for number in list(self._positions):
            task = self.leave(number)
            if task is not None:
                await asyncio.wait([task])

    def publish(self, batch: Batch) -> None:
        """Hand a batch to the readers. Empty ones are dropped."""
        if batch:
            self._batches.append(batch)
            self._held += len(batch)
            self._published += 1
            self._wake()

    async def read(self, number: int) -> Batch | None:
        """Return a reader's next batch, None at the end. Raises at last what stopped the producer."""
        place = self._positions[number]
        while place[0] >= self._published:
            if self._error is not None:
                raise self._error
            if self._done:
                return None
            self.waiting += 1
            self.on_demand()
            try:
                await self._news.wait()
            finally:
                self.waiting -= 1
        batch = self._batches[place[0] - self._forgotten]
        place[0] += 1
        place[1] += len(batch)
        if place[1] > self.read_rows:
            self.read_rows = place[1]
            self.on_demand()
        self._forget()
        return batch

    def _forget(self) -> None:
        if self._held <= self._keep:
            return
        behind = min(place[0] for place in self._positions.values())
        while self._forgotten < behind and self._held > self._keep:
            self._held -= len(self._batches.popleft())
            self._forgotten += 1

    async def _run(self) -> None:
        try:
            await self._produce(self)
        except Exception as error:  # noqa: BLE001 - whatever stopped the producer is raised in its readers
            self._error = error
        finally:
            self._finish()

    def _finish(self) -> None:
        if not self._done:
            self._done = True
            self._ended()
            self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


def _nothing() -> None:
    """Do nothing."""


class Retrieval:
    """All rows of a selection, in order, without duplicates: an async iterator of batches.

    Nothing is asked before the first batch is. `async with` (or `aclose`) stops all requests at once when the
    caller has enough. After an error, the batches that came before it are complete up to their last second.
    """

    def __init__(self, start: Callable[[], SharedRows], as_of: float) -> None:
        """`start` gives the feed to read, a new or a shared one; `as_of` is the age until it is known."""
        self._start = start
        self._as_of = as_of
        self._feed: SharedRows | None = None
        self._number = 0
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def seen(self) -> int:
        """Rows fetched so far, also those not yet handed out."""
        return self._feed.seen if self._feed is not None else 0

    @property
    def expected(self) -> int | None:
        """An estimate of all rows, once there is one."""
        return self._feed.expected if self._feed is not None else None

    @property
    def as_of(self) -> float:
        """Unix time of the oldest part that the rows come from."""
        return self._feed.as_of if self._feed is not None else self._as_of

    @property
    def unplaced(self) -> int:
        """How many rows the API sent without an id or a start time, so that they are missing here."""
        return len(self._feed.unplaced) if self._feed is not None else 0

    @property
    def unread(self) -> int:
        """How many phone calls were not looked at, so that they are missing although they may belong here."""
        return len(self._feed.unread) if self._feed is not None else 0

    @property
    def sums(self) -> list[CallSums]:
        """The rows that were summed where they are kept, and not handed out: all of them at the end."""
        return self._feed.sums if self._feed is not None else []

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Batch:
        if self._closed:
            raise StopAsyncIteration
        if self._feed is None:
            self._feed = self._start()
            self._number = self._feed.join()
            self._loop = asyncio.get_running_loop()
        try:
            batch = await self._feed.read(self._number)
        except Exception:
            await self.aclose()
            raise
        if batch is None:
            await self.aclose()
            raise StopAsyncIteration
        return batch

    async def aclose(self) -> None:
        """Stop: when nobody else reads the same, no request is in flight any more on return."""
        if self._closed:
            return
        self._closed = True
        task = self._feed.leave(self._number) if self._feed is not None else None
        if task is not None:
            await asyncio.wait([task])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def __del__(self) -> None:
        # Left in the middle without being closed: nobody will ever read on.
        if (
            not self._closed
            and self._feed is not None
            and self._loop is not None
            and not self._loop.is_closed()
        ):
            self._loop.call_soon_threadsafe(self._feed.leave, self._number)
