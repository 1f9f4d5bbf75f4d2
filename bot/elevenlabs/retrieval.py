"""Work that is done once for all who ask for the same: rows for any number of readers, and single answers.

A `SharedRows` runs the producer; `Retrieval` is what a caller iterates. Two callers with the same question
read the same stream, one perhaps only its first page. It keeps what it has published as long as that is not
much, so that a late caller can join; after that it drops what all readers have seen, and takes no new ones.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self, TypeVar

from bot.elevenlabs.request import PAGE_SIZE
from bot.model import Conversation, Selection
from bot.tally import CallSums, Summary

T = TypeVar("T")
Batch = list[Conversation]
ONE_PAGE = 0.5
"""The limit of who wants the first page, and no other: less than any number of rows."""
RECENT = 10.0
"""A retrieval goes on from what was read of the same question within so many seconds."""
_JOINABLE = 60.0
"""A running retrieval is shared with an equal question for so many seconds."""
_EVERYTHING = 2**62


class RowsAsked(NamedTuple):
    """What is read, and how: see `Conversations.retrieve`."""

    selection: Selection
    refresh: bool = False
    summaries: tuple[Summary, ...] = ()


@dataclass(frozen=True, slots=True)
class FirstPage:
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
        keep: int = 0,
        limit: float = math.inf,
    ) -> None:
        """`produce` runs from the first reader on; `keep` rows are remembered for others to join."""
        self.started = as_of
        self.limit = limit
        """Rows that readers probably want: for what is beyond no request is sent before they read on."""
        self.seen = 0
        """Rows fetched so far, also those not yet handed out."""
        self.expected: int | None = None
        """An estimate of all rows, once there is one."""
        self.as_of = as_of
        """Unix time of the oldest part that the rows come from."""
        self.unplaced: set[str] = set()
        """Rows that the API sent without an id or a start time, as `wire.ListPage` names them: missing."""
        self.unread: set[str] = set()
        """Phone calls that were not looked at: missing, although they may belong here."""
        self.sums: dict[Summary, list[CallSums]] = {}
        """Rows that are not handed out, as they were summed where they are kept: all of them at the end."""
        self.answered = False
        """Whether a page came from ElevenLabs."""
        self.resting = False
        """Whether nothing more comes within the limit."""
        self.published = 0
        """Batches handed out so far."""
        self.read_rows = 0
        """Rows that the fastest reader has taken."""
        self.waiting = 0
        """Readers that wait for more, also beyond the limit."""
        self.news = asyncio.Event()
        """Set when anything changes; the next change has an event of its own."""
        self._produce = produce
        self._keep = keep
        self._batches: deque[Batch] = deque()
        self._held = 0
        self._readers: set[ReaderPlace] = set()
        self._task: asyncio.Task[None] | None = None
        self._error: Exception | None = None
        self._done = self._left = False

    @property
    def urgent(self) -> bool:
        """Whether only the first page is wanted, by people who see nothing until it comes."""
        return self.limit == ONE_PAGE

    def joinable(self, limit: float, now: float) -> bool:
        """Whether a reader who wants `limit` rows can still join and get everything, in time.

        A first page is shared with those who want no more: it is given up before a file would be.
        """
        running = not self._done and not self.resting
        if self.published != len(self._batches) or self._left or self._error is not None:
            return False
        if limit == ONE_PAGE or (self.urgent and running and not self.published):
            return limit == ONE_PAGE and self.urgent and running
        return now - self.started < (_JOINABLE if running else RECENT)

    def leave(self, reader: ReaderPlace) -> asyncio.Task[None] | None:
        """Remove a reader. When it was the last, the producer is cancelled; its task is returned."""
        self._readers.discard(reader)
        if self._readers:
            return None
        self._done = self._left = True
        self.wake()
        if self._task is not None:
            self._task.cancel()
        return self._task

    async def stop(self) -> None:
        for reader in list(self._readers):
            if (task := self.leave(reader)) is not None:
                await asyncio.wait([task])

    def publish(self, batch: Batch) -> None:
        """Hand a batch to the readers. Empty ones are dropped."""
        if batch:
            self._batches.append(batch)
            self._held += len(batch)
            self.published += 1
            self.wake()

    async def read(self, reader: ReaderPlace, *, beyond: bool = True) -> Batch | None:
        """Return a reader's next batch, None at the end (`beyond` the limit, too). Raises what stopped it."""
        self._readers.add(reader)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        if reader.batches == self.published:
            self.waiting += beyond
            self.wake()
            try:
                while reader.batches == self.published and not self._done and (beyond or not self.resting):
                    await self.news.wait()
            finally:
                self.waiting -= beyond
        if reader.batches == self.published:
            if self._error is not None:
                raise self._error
            return None
        batch = self._batches[reader.batches - self.published]
        reader.batches += 1
        reader.rows += len(batch)
        if reader.rows > self.read_rows:
            self.read_rows = reader.rows
            self.wake()
        behind = self.published - min(each.batches for each in self._readers)
        while len(self._batches) > behind and self._held > self._keep:
            self._held -= len(self._batches.popleft())
        return batch

    async def first_page(self, *, linger: float = 0.0) -> FirstPage:
        """Return the first rows, at most 100: those that come before another page is requested.

        The rest can be read by whoever joins within `linger` seconds.
        """
        reader, rows = ReaderPlace(), Batch()
        try:
            while len(rows) <= PAGE_SIZE and (batch := await self.read(reader, beyond=False)) is not None:
                rows += batch
        except BaseException:
            self.leave(reader)
            raise
        complete = self._done and not self._left and len(rows) <= PAGE_SIZE
        reader.batches = _EVERYTHING  # it keeps none of them from being dropped
        asyncio.get_running_loop().call_later(linger, self.leave, reader)
        return FirstPage(tuple(rows[:PAGE_SIZE]), complete, self.as_of, len(self.unplaced), len(self.unread))

    def wake(self) -> None:
        self.news.set()
        self.news = asyncio.Event()

    async def _run(self) -> None:
        try:
            await self._produce(self)
        except Exception as error:  # noqa: BLE001 - whatever stopped the producer is raised in its readers
            self._error = error
        finally:
            self._done = True
            self.wake()


@dataclass(slots=True, eq=False)
class ReaderPlace:
    batches: int = 0
    rows: int = 0


class Retrieval:
    """All rows of a selection, in order, without duplicates: an async iterator of batches.

    Nothing is asked before the first batch is. `aclose` stops all requests at once. After an error, the
    batches that came before it are complete up to their last second.
    """

    def __init__(self, start: Callable[[], SharedRows], as_of: float) -> None:
        """`start` gives the feed to read, a new or a shared one; `as_of` is the age until it is known."""
        self.feed = SharedRows(_nothing, as_of=as_of)
        """Its figures are those of this retrieval."""
        self._batches = self._read(start)

    async def _read(self, start: Callable[[], SharedRows]) -> AsyncGenerator[Batch, None]:
        self.feed, reader = start(), ReaderPlace()
        try:
            while (batch := await self.feed.read(reader)) is not None:
                yield batch
        finally:
            if (task := self.feed.leave(reader)) is not None:
                await asyncio.wait([task])

    def __aiter__(self) -> AsyncIterator[Batch]:
        return self._batches

    async def aclose(self) -> None:
        """Stop: when nobody else reads the same, no request is in flight any more on return."""
        await self._batches.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()


async def _nothing(_: SharedRows) -> None:
    """Produce nothing."""


class SingleFlight:
    """Runs one coroutine per key, for all that ask for it at the same time."""

    def __init__(self) -> None:
        self._running: dict[Hashable, tuple[asyncio.Task[Any], list[int]]] = {}

    async def run(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what `make` returns, or its run that is begun already; cancelled once nobody waits."""
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
