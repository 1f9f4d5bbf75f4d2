"""All rows of a question into one CSV: rows stream in, ids are found beside them, the file is written once.

Nothing holds all rows: a few batches are in flight between the API and the file, whatever the count.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from bot.answers.ids import IdFinder
from bot.answers.lacking import NOTHING, Lacking, hidden_among
from bot.answers.naming import KnowsAgents, named
from bot.export import CsvWriter
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
    on_batch: Callable[[], None] = lambda: None,
) -> Gathered:
    """Write every row of the question to `writer`, up to `row_limit`; raises what the client raises.

    `count_all` goes on counting after the limit, for questions that ask how many.
    """
    wanted = _smallest(row_limit, query.limit)
    bound = None if query.local or count_all else wanted
    hint = None if bound is None else bound + 1
    selection = query.selection()
    counted = hidden = without_ids = 0
    newest, newest_ids = progress.newest, progress.newest_ids

    async def find(rows: Sequence[Conversation]) -> dict[str, CallIds]:
        may_be = sum(row.may_be_phone for row in rows)
        progress.ids_wanted += may_be
        found = await _unless(progress.without_ids, ids.find(rows)) or await ids.known(rows)
        progress.ids_done += may_be
        on_batch()
        return found

    queue: asyncio.Queue[tuple[Sequence[Conversation], asyncio.Task[dict[str, CallIds]]] | None]
    queue = asyncio.Queue(_BATCHES_AHEAD)

    async def read(group: asyncio.TaskGroup) -> None:
        nonlocal counted, hidden
        async for batch in stream:
            progress.seen, progress.expected = stream.seen, stream.expected
            if bound is not None:  # pages hold more rows than a short list or file takes
                progress.seen = min(progress.seen, bound)
                progress.expected = progress.expected and min(progress.expected, bound)
            matching = [row for row in batch if query.keeps(row)]
            room = len(matching) if wanted is None else max(0, wanted - counted)
            hidden += hidden_among(matching if count_all else matching[:room])
            counted += len(matching)
            progress.rows = counted if wanted is None else min(counted, wanted)
            on_batch()
            if rows := await named(matching[:room], client):
                newest.extend(rows[: _FIRST - len(newest)])
                await queue.put((rows, group.create_task(find(rows))))
            if wanted is not None and counted > wanted and not count_all:
                break
            await asyncio.sleep(0)  # a long run of cached batches must not starve the acknowledgements
        await queue.put(None)

    async with closing(client.retrieve(selection, refresh=refresh, limit=hint)) as stream:
        async with asyncio.TaskGroup() as group:
            group.create_task(read(group))
            while (item := await queue.get()) is not None:
                rows, finding = item
                found = await finding
                writer.write(rows, found)
                without_ids += hidden_among(row for row in rows if found.get(row.conversation_id) == FAILED)
                for row in newest:
                    if row.conversation_id in found:
                        newest_ids[row.conversation_id] = found[row.conversation_id]
        as_of, unplaced = stream.as_of, stream.unplaced
    asked_for_less = query.limit is not None and wanted == query.limit
    return Gathered(
        rows=writer.rows,
        total=min(counted, query.limit) if query.limit is not None else counted,
        stopped=wanted is not None and counted > wanted and not count_all and not asked_for_less,
        ids_failed=writer.ids_failed - without_ids,
        as_of=as_of,
        lacking=Lacking(unplaced=unplaced, hidden=hidden),
        newest=tuple(newest),
        newest_ids=dict(newest_ids),
    )


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
    total = hidden = 0
    hint = None if wanted is None or query.local else wanted + 1
    async with closing(client.retrieve(query.selection(), refresh=refresh, limit=hint)) as stream:
        async for batch in stream:
            matching = [row for row in batch if query.keeps(row)]
            total += len(matching)
            hidden += hidden_among(matching)
            if wanted is not None and total > wanted:
                break
            await asyncio.sleep(0)
        as_of, lacking = stream.as_of, Lacking(unplaced=stream.unplaced, hidden=hidden)
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
