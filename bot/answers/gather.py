"""All rows of a question into one CSV: rows stream in, ids are found beside them, the file is written once.

Nothing holds all rows: a few batches are in flight between the API and the file, whatever the count.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from bot.answers.ids import IdFinder
from bot.answers.lacking import NOTHING, Lacking, hidden_among, undecided_among
from bot.answers.naming import KnowsAgents, named
from bot.csv_export import CsvWriter
from bot.model import FAILED, CallIds, Conversation, Selection
from bot.query import Query

_BATCHES_AHEAD = 6
"""Batches whose ids are being found while an earlier one is written: enough to keep every slot busy."""


T = TypeVar("T")


class RowStream(Protocol):
    """Rows of a selection as they come: `bot.elevenlabs`' Retrieval."""

    @property
    def seen(self) -> int:
        """Rows retrieved so far, before any test of ours."""

    @property
    def expected(self) -> int | None:
        """Estimate of all rows; None while unknown."""

    @property
    def as_of(self) -> float:
        """Unix seconds at which the oldest part of the rows was read."""

    @property
    def unplaced(self) -> int:
        """Rows that came without an id or a start time, so that they are missing."""

    def __aiter__(self) -> AsyncIterator[Sequence[Conversation]]:
        """Yield batches in order, without duplicates."""

    async def aclose(self) -> None:
        """Stop; requests in flight are cancelled."""


class Retrieves(KnowsAgents, Protocol):
    """The client's side of reading rows: `bot.elevenlabs.Conversations`."""

    def retrieve(self, selection: Selection, *, refresh: bool = False, limit: int | None = None) -> RowStream:
        """Begin to read all rows of a selection; `limit` is how many the caller will take at most."""


@dataclass
class Progress:
    """How far a file has come; read by whoever shows it while it grows."""

    rows: int = 0
    """Matching rows found."""
    seen: int = 0
    """Rows read, matching or not."""
    expected: int | None = None
    """Estimate of the rows to read."""
    ended: bool = False
    """Whether every row that goes into the file is read; their ids may still be looked up."""
    total: int | None = None
    """How many rows answer the question, once all of them are counted."""
    ids_done: int = 0
    ids_wanted: int = 0
    newest: list[Conversation] = field(default_factory=list)
    """The first matching rows, up to ten."""
    newest_ids: dict[str, CallIds] = field(default_factory=dict)
    """Their ids, as far as they are found."""
    without_ids: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by the asker who wants the file now: further ids are not looked up."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came together."""

    rows: int
    """Rows in the file."""
    total: int
    """Matching rows counted; more than `rows` when the file was cut and counting went on."""
    stopped: bool
    """Whether reading stopped before the last row, so that `total` is a lower bound."""
    ids_failed: int
    """Rows whose ids could not be read, other than those that are hidden."""
    as_of: float
    lacking: Lacking = NOTHING
    newest: tuple[Conversation, ...] = ()
    """The first rows of the file, up to ten."""
    newest_ids: dict[str, CallIds] = field(default_factory=dict)


_FIRST = 10


async def gather(
    query: Query,
    client: Retrieves,
    ids: IdFinder,
    writer: CsvWriter,
    *,
    row_limit: int | None,
    progress: Progress,
    refresh: bool = False,
    count_all: bool = False,
) -> Gathered:
    """Write every row of the question to `writer`, up to `row_limit`; raises what the client raises.

    `count_all` counts first, also beyond the limit, for questions that ask how many: ids are looked up when
    the number is known. The rows of the file wait for that, as many as `row_limit`.
    """
    wanted = _smallest(row_limit, query.limit)
    bound = None if query.local or count_all else wanted
    hint = None if bound is None else bound + 1
    async with closing(client.retrieve(query.selection(), refresh=refresh, limit=hint)) as stream:
        work = _Gathering(query, client, ids, stream, progress, wanted, bound, count_all)
        await work.run(writer)
    return Gathered(
        rows=writer.rows,
        total=work.total,
        stopped=work.stopped,
        ids_failed=writer.ids_failed - work.without_ids,
        as_of=stream.as_of,
        lacking=Lacking(unplaced=stream.unplaced, hidden=work.hidden, undecided=work.undecided),
        newest=tuple(progress.newest),
        newest_ids=dict(progress.newest_ids),
    )


@dataclass
class _Gathering:
    """Reads rows, has their ids found beside that, and writes both in order."""

    query: Query
    client: Retrieves
    ids: IdFinder
    stream: RowStream
    progress: Progress
    wanted: int | None
    """Rows for the file, at most."""
    bound: int | None
    """Rows to read, at most, where that is known."""
    count_all: bool
    counted: int = 0
    hidden: int = 0
    undecided: int = 0
    without_ids: int = 0
    """Hidden rows, whose ids are not to be had."""

    def __post_init__(self) -> None:
        self._may_look_up = asyncio.Event()
        if not self.count_all or self.wanted is None:
            self._may_look_up.set()
        ahead = _BATCHES_AHEAD if self._may_look_up.is_set() else 0
        self._queue: asyncio.Queue[tuple[Sequence[Conversation], asyncio.Task[dict[str, CallIds]]] | None] = (
            asyncio.Queue(ahead)
        )

    @property
    def total(self) -> int:
        """How many rows answer the question, as far as was read."""
        return self.counted if self.query.limit is None else min(self.counted, self.query.limit)

    @property
    def stopped(self) -> bool:
        """Whether reading stopped before the last row."""
        asked_for_less = self.query.limit is not None and self.wanted == self.query.limit
        return self._enough() and not asked_for_less

    def _enough(self) -> bool:
        return self.wanted is not None and self.counted > self.wanted and not self.count_all

    async def run(self, writer: CsvWriter) -> None:
        """Write the rows, each batch when its ids are there."""
        newest_ids = self.progress.newest_ids
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read(group))
            while (item := await self._queue.get()) is not None:
                rows, finding = item
                found = await finding
                writer.write(rows, found)
                failed = (row for row in rows if found.get(row.conversation_id) == FAILED)
                self.without_ids += hidden_among(failed)
                for row in self.progress.newest:
                    if row.conversation_id in found:
                        newest_ids[row.conversation_id] = found[row.conversation_id]

    async def _read(self, group: asyncio.TaskGroup) -> None:
        async for batch in self.stream:
            if rows := await named(self._matching(batch), self.client):
                self.progress.newest.extend(rows[: _FIRST - len(self.progress.newest)])
                await self._queue.put((rows, group.create_task(self._find(rows))))
            if self._enough():
                break
            await asyncio.sleep(0)  # a long run of cached batches must not starve the acknowledgements
        self.progress.ended = True
        self.progress.total = None if self.stopped else self.total
        self._may_look_up.set()
        await self._queue.put(None)

    def _matching(self, batch: Sequence[Conversation]) -> list[Conversation]:
        """Count the rows of a batch that answer the question; returns those that go into the file."""
        progress, stream = self.progress, self.stream
        progress.seen, progress.expected = stream.seen, stream.expected
        if self.bound is not None:  # pages hold more rows than a short list or file takes
            progress.seen = min(progress.seen, self.bound)
            progress.expected = progress.expected and min(progress.expected, self.bound)
        matching = [row for row in batch if self.query.keeps(row)]
        room = len(matching) if self.wanted is None else max(0, self.wanted - self.counted)
        self.hidden += hidden_among(matching if self.count_all else matching[:room])
        self.undecided += undecided_among(self.query, batch)
        self.counted += len(matching)
        progress.rows = self.counted if self.wanted is None else min(self.counted, self.wanted)
        return matching[:room]

    async def _find(self, rows: Sequence[Conversation]) -> dict[str, CallIds]:
        await self._may_look_up.wait()
        progress = self.progress
        may_be = sum(row.may_be_phone for row in rows)
        progress.ids_wanted += may_be
        found = await _unless(progress.without_ids, self.ids.find(rows)) or await self.ids.known(rows)
        progress.ids_done += may_be
        return found


async def first_rows(
    query: Query, client: Retrieves, first: Sequence[Conversation], *, complete: bool, within: float
) -> tuple[list[Conversation], bool]:
    """Return up to ten matching rows, and whether they are known to be all there are.

    `first` is the first page. Only when our own tests leave fewer than ten of it are further pages read, for
    at most `within` seconds: a question that the API filters by itself is answered after one request.
    """
    matching = [row for row in first if query.keeps(row)]
    want = _FIRST if query.limit is None else min(_FIRST, query.limit)
    if complete or len(matching) >= want:
        return list(await named(matching[:want], client)), complete and len(matching) <= want
    matching = []
    finished = False
    async with closing(client.retrieve(query.selection())) as stream:
        try:
            async with asyncio.timeout(within):
                async for batch in stream:
                    matching += [row for row in batch if query.keeps(row)]
                    if len(matching) > want:
                        break
                else:
                    finished = True
        except TimeoutError:
            pass
    return list(await named(matching[:want], client)), finished and len(matching) <= want


async def count(query: Query, client: Retrieves, *, limit: int | None, refresh: bool = False) -> Gathered:
    """Count the rows of a question, up to `limit` of them; nothing is written."""
    wanted = _smallest(limit, query.limit)
    total = hidden = undecided = 0
    hint = None if wanted is None or query.local else wanted + 1
    async with closing(client.retrieve(query.selection(), refresh=refresh, limit=hint)) as stream:
        async for batch in stream:
            matching = [row for row in batch if query.keeps(row)]
            total += len(matching)
            hidden += hidden_among(matching)
            undecided += undecided_among(query, batch)
            if wanted is not None and total > wanted:
                break
            await asyncio.sleep(0)
        lacking = Lacking(unplaced=stream.unplaced, hidden=hidden, undecided=undecided)
        as_of = stream.as_of
    stopped = wanted is not None and total > wanted and wanted != query.limit
    total = total if query.limit is None else min(total, query.limit)
    return Gathered(rows=0, total=total, stopped=stopped, ids_failed=0, as_of=as_of, lacking=lacking)


async def _unless(event: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Do the work, unless the event is set or comes first: then the work is given up and None returned."""
    working, waiting = asyncio.ensure_future(work), asyncio.ensure_future(event.wait())
    try:
        if not event.is_set():
            await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, waiting):
            task.cancel()
        await asyncio.gather(working, waiting, return_exceptions=True)


def closing(stream: RowStream) -> AbstractAsyncContextManager[RowStream]:
    """Close a stream whatever happens."""
    return _Closing(stream)


class _Closing(AbstractAsyncContextManager[RowStream]):
    def __init__(self, stream: RowStream) -> None:
        self._stream = stream

    async def __aenter__(self) -> RowStream:
        return self._stream

    async def __aexit__(self, *_: object) -> None:
        await self._stream.aclose()


def _smallest(*limits: int | None) -> int | None:
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None
