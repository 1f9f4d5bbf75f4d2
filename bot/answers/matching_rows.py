"""The rows of a question as they come: read, tested and counted, for whoever lists, counts or files them.

In an order that the API does not have ("longest first") they come when all are read: as many as are wanted.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Protocol

import msgspec

from bot.answers.answer import unless
from bot.archive.kept_ids import IdFinder
from bot.blocks.data_table import MOST_ROWS
from bot.blocks.list_message import Omissions, Outcome
from bot.elevenlabs.client import Conversations
from bot.model import FAILED, CallIds, Conversation
from bot.query import Query
from bot.query.values import SHAPE
from bot.store.questions import Question
from bot.tally import CallSums, FirstRows, Summary, SumsBy

MOST_RANKED = 50_000
"""Rows that are put in an order of ours at most: all of them are in memory."""
NOT_FILTERS = frozenset({*SHAPE, "time", "count", "sort", "limit", "columns"})
"""What keeps no calls out, and time."""
_BATCHES_AHEAD = 6
"""Batches whose ids are being found while an earlier one is written: enough to keep every slot busy."""
_BATCH = 1000


def without_filters(query: Query) -> Query:
    """Return what a share is of: the time without the filters; of an agent's failed calls, the agent's."""
    filters = [key for key, _value in query.conditions if key not in NOT_FILTERS]
    return query.without(*(key for key in filters if key != "agent" or len(filters) == 1))


def outcome_of(question: Question) -> Outcome:
    """Return what is kept of a question's answer; while it is still being answered, next to nothing."""
    if question.outcome is None:
        return Outcome(total=0, final=False, as_of=question.asked_at)
    return msgspec.json.decode(question.outcome, type=Outcome)


class MatchingRows(AbstractAsyncContextManager["MatchingRows"]):
    """Reads the rows of a question in batches and counts them, also those it does not yield."""

    def __init__(
        self,
        query: Query,
        client: Conversations,
        *,
        limit: int | None = None,
        count_all: bool = False,
        refresh: bool = False,
        summaries: tuple[Summary, ...] = (),
    ) -> None:
        """At most `limit` rows are yielded, or as many as are asked for; `count_all` counts beyond them.

        `summaries` are for a caller that takes sums of rows, too: see `sums`.
        """
        self.counted = 0
        """Matching rows among those read."""
        self.hidden = 0
        self.undecided = 0
        self.sums: Mapping[Summary, Sequence[CallSums]] = {}
        """Matching rows that were summed where they are kept, and not yielded: there at the end."""
        self._summaries = () if query.local or query.ranking else summaries
        self.enough = False
        """Whether there are more rows than wanted, so that reading on would be of no use."""
        self.stopped = False
        """Whether reading stopped before the last row, so that the count is a lower bound."""
        self._query = query
        known = [each for each in (limit, query.limit) if each is not None]
        self.wanted = min(known) if known else None
        """Rows to yield, at most."""
        self._count_all = count_all or query.ranking is not None
        self.first: FirstRows | None = None
        """What is kept of rows in an order of ours."""
        if query.ranking is not None:
            self.wanted = min(self.wanted or MOST_RANKED, MOST_RANKED)
            self.first = FirstRows(replace(query.ranking, most=self.wanted))
        self._bound = None if query.local or self._count_all else self.wanted
        self._stream = client.retrieve(
            query.selection(),
            refresh=refresh,
            limit=None if self._bound is None else self._bound + 1,
            summaries=self._summaries,
        )

    async def __aexit__(self, *_: object) -> None:
        await self._stream.aclose()

    async def __aiter__(self) -> AsyncIterator[list[Conversation]]:
        async for batch in self._stream:
            verdicts = [self._query.matches(row) for row in batch]
            matching = [row for row, matches in zip(batch, verdicts, strict=True) if matches]
            room = len(matching) if self.wanted is None else max(0, self.wanted - self.counted)
            if self.first is not None:
                self.first.add(matching)
                room = 0
            told = matching if self._count_all else matching[:room]
            self.hidden += sum(row.hiding_reason is not None for row in told)
            self.undecided += verdicts.count(None)
            self.counted += len(matching)
            yield matching[:room]
            self.enough = self.wanted is not None and self.counted > self.wanted and not self._count_all
            if self.enough:
                self.stopped = self.wanted != self._query.limit
                break
            await asyncio.sleep(0)  # a long run of cached batches must not starve the acknowledgements
        else:
            self.sums = self._stream.feed.sums
            every = self.sums[self._summaries[0]] if self.sums else ()
            self.counted += sum(each.tally.calls for each in every)
            self.hidden += sum(each.hidden for each in every)
        rows = self.first.rows() if self.first is not None else []
        for start in range(0, len(rows), _BATCH):
            yield rows[start : start + _BATCH]

    @property
    def progress(self) -> tuple[int, int | None]:
        """Rows read by now, matching or not, and of about how many. They are read ahead of those yielded."""
        feed, most = self._stream.feed, math.inf if self._bound is None else self._bound
        return int(min(feed.seen, most)), None if feed.expected is None else int(min(feed.expected, most))

    @property
    def outcome(self) -> Outcome:
        """What came of reading, so far: how many rows answer the question, their age, and what is missing."""
        feed, ranking, limit = self._stream.feed, self._query.ranking, self._query.limit
        total = self.counted if limit is None else min(self.counted, limit)
        silent = self.first.without_value if self.first is not None else 0
        without = max(0, total - (self.counted - silent))  # those that a limit leaves out are not last
        omissions = Omissions(
            unplaced=len(feed.unplaced),
            hidden=self.hidden,
            undecided=self.undecided,
            unread=len(feed.unread),
            without_value=without,
            ranked_by=ranking.noun if ranking is not None and without else "",
        )
        return Outcome(total=total, final=not self.stopped, as_of=feed.as_of, omissions=omissions)


async def count_rows(
    query: Query, client: Conversations, *, limit: int | None, first: int = 0, refresh: bool = False
) -> tuple[Outcome, Sequence[Conversation]]:
    """Count the rows of a question, up to `limit` of them; returns what came of it, and the `first` rows."""
    kept: list[Conversation] = []
    async with MatchingRows(query, client, limit=limit, refresh=refresh) as rows:
        async for batch in rows:
            kept += batch[: first - len(kept)]
    return rows.outcome, await with_agent_names(kept, client)


async def with_agent_names(rows: Sequence[Conversation], client: Conversations) -> Sequence[Conversation]:
    """Return the rows with their agents' names; the id stands for one that the key may not list."""
    if all(row.agent_name or not row.agent_id for row in rows):
        return rows
    names = await client.agent_names()
    return [
        msgspec.structs.replace(row, agent_name=names.get(row.agent_id)) if not row.agent_name else row
        for row in rows
    ]


@dataclass
class CsvProgress:
    """How far a file has come; read by whoever shows it while it grows, and when it is done."""

    begun: bool = False
    rows: int = 0
    """Matching rows found for the file."""
    seen: int = 0
    """Rows read, matching or not."""
    expected: int | None = None
    """Estimate of the rows to read."""
    read: Outcome | None = None
    """Known once every row that goes into the file is read; their ids may still be looked up."""
    ids_done: int = 0
    ids_wanted: int = 0
    newest: list[Conversation] = field(default_factory=list)
    """The first rows of the file, as many as are shown."""
    newest_ids: dict[str, CallIds] = field(default_factory=dict)
    """Ids of the rows on screen, as far as they are found."""
    without_ids: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by the asker who wants the file now: further ids are not looked up."""


class RowWriter(Protocol):
    """Writes a file of rows: `csv_export.CsvWriter`, `parquet_export.ParquetWriter`."""

    ids_failed: int

    def write(self, rows: Iterable[Conversation], ids: Mapping[str, CallIds]) -> int:
        """Write rows in the order given, with the call ids known; return how many."""


async def write_rows(
    query: Query,
    client: Conversations,
    ids: IdFinder,
    writer: RowWriter | None,
    progress: CsvProgress,
    *,
    limit: int | None = None,
    refresh: bool = False,
) -> Outcome:
    """Write every row of the question to `writer`, up to `limit`; raises what the client raises.

    Without a writer rows are only counted, where they are kept if they can be. A question that asks how many
    counts beyond the limit. With a limit all rows are read before ids are looked up; without one both go on
    side by side.
    """
    progress.begun = True
    by, every = (SumsBy(),) if writer is None else (), query.counting
    async with MatchingRows(
        query, client, limit=limit, count_all=every, refresh=refresh, summaries=by
    ) as rows:
        counts_first, may_look_up = rows.wanted is not None, asyncio.Event()
        if not counts_first:
            may_look_up.set()
        queue: asyncio.Queue[asyncio.Task[tuple[Sequence[Conversation], dict[str, CallIds]]] | None] = (
            asyncio.Queue(0 if counts_first else _BATCHES_AHEAD)
        )

        async def read() -> Outcome:
            async for matching in rows:
                progress.rows = min(rows.counted, rows.wanted or rows.counted)
                progress.seen, progress.expected = rows.progress
                if batch := await with_agent_names(matching, client):
                    progress.newest.extend(batch[: MOST_ROWS - len(progress.newest)])
                    if writer is not None:
                        await queue.put(group.create_task(_find(batch, ids, progress, may_look_up)))
            if any(rows.sums.values()):
                progress.newest.clear()  # those on screen are more than the few that were read
            progress.read = rows.outcome
            may_look_up.set()
            await queue.put(None)
            return progress.read

        hidden = 0
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(read())
            while (finding := await queue.get()) is not None and writer is not None:
                batch, found = await finding
                writer.write(batch, found)
                failed = [row for row in batch if found.get(row.conversation_id) == FAILED]
                hidden += sum(row.hiding_reason is not None for row in failed)
                for row in progress.newest:
                    if row.conversation_id in found:
                        progress.newest_ids[row.conversation_id] = found[row.conversation_id]
    failures = 0 if writer is None else writer.ids_failed - hidden  # what is hidden is told apart
    done = reading.result()
    progress.read = msgspec.structs.replace(done, ids_failed=failures, filed_as_of=done.as_of)
    return progress.read


async def _find(
    batch: Sequence[Conversation], ids: IdFinder, progress: CsvProgress, may_begin: asyncio.Event
) -> tuple[Sequence[Conversation], dict[str, CallIds]]:
    await may_begin.wait()
    may_be = sum(row.may_be_phone for row in batch)
    progress.ids_wanted += may_be
    found = None
    if not progress.without_ids.is_set():
        found = await unless(ids.find(batch), progress.without_ids.wait())
    found = found or await ids.known(batch)
    progress.ids_done += may_be
    return batch, found
