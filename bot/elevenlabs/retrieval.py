"""Work that is done once for all who ask for the same: rows for any number of readers, and single answers.

A `SharedRows` runs the producer; `Retrieval` is what a caller iterates. Two callers with the same question
read the same stream. It keeps what it has published as long as that is not much, so that a late caller can
join; after that it drops what all readers have seen, and takes no new ones.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self, TypeVar

from bot.model import Conversation, Selection
from bot.tally import CallSums, SumsBy

T = TypeVar("T")
Batch = list[Conversation]


class RowsAsked(NamedTuple):
    """What is read, and how: see `Conversations.retrieve`."""

    selection: Selection
    refresh: bool
    limit: int | None = None
    sums_by: SumsBy | None = None


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


@dataclass(slots=True, eq=False)
class _Place:
    """How far a reader has come."""

    batches: int = 0
    rows: int = 0


class SharedRows:
    """One running retrieval. The producer calls `publish` and keeps the public figures up to date."""

    def __init__(
        self,
        produce: Callable[[SharedRows], Awaitable[None]],
        *,
        as_of: float,
        keep: int = 0,
        started: float = 0.0,
    ) -> None:
        """`produce` runs from the first reader on; `keep` rows are remembered for others to join."""
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
        self.waiting = 0
        """Readers that wait for more."""
        self.news = asyncio.Event()
        """Set when anything changes; the next change has an event of its own."""
        self._produce = produce
        self._keep = keep
        self._batches: deque[Batch] = deque()
        self._forgotten = 0
        self._held = 0
        self._places: set[_Place] = set()
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
        return self._forgotten + len(self._batches) > 0

    def join(self) -> _Place:
        """Add a reader."""
        place = _Place()
        self._places.add(place)
        return place

    def leave(self, place: _Place) -> asyncio.Task[None] | None:
        """Remove a reader. When it was the last, the producer is cancelled; its task is returned."""
        self._places.discard(place)
        if self._places:
            return None
        self._finish()
        if self._task is not None:
            self._task.cancel()
        return self._task

    async def stop(self) -> None:
        """Send all readers away."""
        for place in list(self._places):
            if (task := self.leave(place)) is not None:
                await asyncio.wait([task])

    def publish(self, batch: Batch) -> None:
        """Hand a batch to the readers. Empty ones are dropped."""
        if batch:
            self._batches.append(batch)
            self._held += len(batch)
            self.wake()

    async def read(self, place: _Place) -> Batch | None:
        """Return a reader's next batch, None at the end. Raises at last what stopped the producer."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        if not self._has_more(place):
            self.waiting += 1
            self.wake()
            try:
                while not self._has_more(place) and not self._done:
                    await self.news.wait()
            finally:
                self.waiting -= 1
        if not self._has_more(place):
            if self._error is not None:
                raise self._error
            return None
        batch = self._batches[place.batches - self._forgotten]
        place.batches += 1
        place.rows += len(batch)
        if place.rows > self.read_rows:
            self.read_rows = place.rows
            self.wake()
        behind = min(each.batches for each in self._places)
        while self._forgotten < behind and self._held > self._keep:
            self._held -= len(self._batches.popleft())
            self._forgotten += 1
        return batch

    def _has_more(self, place: _Place) -> bool:
        return place.batches < self._forgotten + len(self._batches)

    async def _run(self) -> None:
        try:
            await self._produce(self)
        except Exception as error:  # noqa: BLE001 - whatever stopped the producer is raised in its readers
            self._error = error
        finally:
            self._finish()

    def _finish(self) -> None:
        self._done = True
        self.wake()

    def wake(self) -> None:
        """Wake everybody who waits for news."""
        self.news.set()
        self.news = asyncio.Event()


class Retrieval:
    """All rows of a selection, in order, without duplicates: an async iterator of batches.

    Nothing is asked before the first batch is. `async with` (or `aclose`) stops all requests at once when the
    caller has enough. After an error, the batches that came before it are complete up to their last second.
    """

    def __init__(self, start: Callable[[], SharedRows], as_of: float) -> None:
        """`start` gives the feed to read, a new or a shared one; `as_of` is the age until it is known."""
        self._start = start
        self._feed = SharedRows(_nothing, as_of=as_of)
        self._place: _Place | None = None
        self._closed = False

    @property
    def seen(self) -> int:
        """Rows fetched so far, also those not yet handed out."""
        return self._feed.seen

    @property
    def expected(self) -> int | None:
        """An estimate of all rows, once there is one."""
        return self._feed.expected

    @property
    def as_of(self) -> float:
        """Unix time of the oldest part that the rows come from."""
        return self._feed.as_of

    @property
    def unplaced(self) -> int:
        """How many rows the API sent without an id or a start time, so that they are missing here."""
        return len(self._feed.unplaced)

    @property
    def unread(self) -> int:
        """How many phone calls were not looked at, so that they are missing although they may belong here."""
        return len(self._feed.unread)

    @property
    def sums(self) -> list[CallSums]:
        """The rows that were summed where they are kept, and not handed out: all of them at the end."""
        return self._feed.sums

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Batch:
        if self._closed:
            raise StopAsyncIteration
        if self._place is None:
            self._feed, self._loop = self._start(), asyncio.get_running_loop()
            self._place = self._feed.join()
        try:
            batch = await self._feed.read(self._place)
        except Exception:
            await self.aclose()
            raise
        if batch is None:
            await self.aclose()
            raise StopAsyncIteration
        return batch

    async def aclose(self) -> None:
        """Stop: when nobody else reads the same, no request is in flight any more on return."""
        self._closed = True
        if self._place is not None and (task := self._feed.leave(self._place)) is not None:
            await asyncio.wait([task])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def __del__(self) -> None:
        # Left in the middle without being closed: nobody will ever read on.
        if not self._closed and self._place is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._feed.leave, self._place)


async def _nothing(_: SharedRows) -> None:
    """Produce nothing."""


class SingleFlight:
    """Runs one coroutine per key, for all that ask for it at the same time."""

    def __init__(self) -> None:
        self._running: dict[Hashable, tuple[asyncio.Task[Any], list[int]]] = {}

    async def run(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what `make` returns, or what it returns to somebody who asked first.

        It is cancelled only when nobody waits for it any more.
        """
        running = self._running.get(key)
        if running is None or running[0].done():
            running = self._running[key] = (asyncio.create_task(make()), [0])
        task, waiting = running
        waiting[0] += 1
        try:
            result: T = await asyncio.shield(task)
        finally:
            waiting[0] -= 1
            if not waiting[0]:
                task.cancel()
                if self._running.get(key) is running:
                    del self._running[key]
        return result


async def run_all(jobs: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run coroutines side by side; return their results in order. The first error stops the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None  # as it is, not wrapped in a group
    return [task.result() for task in tasks]
