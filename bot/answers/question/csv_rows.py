"""All rows of a question into one CSV: rows stream in, ids are found beside them, the file is written once.

Nothing holds all rows: a few batches are in flight between the API and the file, whatever the count.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.answers.answer import unless
from bot.answers.call.carrier_ids import IdFinder
from bot.answers.question.matching_rows import MatchingRows, ReadsRows, hidden_among, with_agent_names
from bot.answers.question.outcome import NO_OMISSIONS, Omissions
from bot.blocks.call_table import MOST_ROWS
from bot.blocks.file_progress import NOTHING_BESIDE, Beside
from bot.model import FAILED, CallIds, Conversation
from bot.query import Query

_BATCHES_AHEAD = 6
"""Batches whose ids are being found while an earlier one is written: enough to keep every slot busy."""


@dataclass
class CsvProgress:
    """How far a file has come; read by whoever shows it while it grows, and when it is done."""

    begun: bool = False
    """Whether reading has begun."""
    rows: int = 0
    """Matching rows found for the file."""
    seen: int = 0
    """Rows read, matching or not."""
    expected: int | None = None
    """Estimate of the rows to read."""
    ended: bool = False
    """Whether every row that goes into the file is read; their ids may still be looked up."""
    stopped: bool = False
    """Whether reading stopped before the last row, so that the total is not known."""
    counted: int = 0
    """How many rows answer the question, as far as was read."""
    beside: Beside = NOTHING_BESIDE
    as_of: float = 0
    omissions: Omissions = NO_OMISSIONS
    ids_done: int = 0
    ids_wanted: int = 0
    ids_failed: int = 0
    """Rows whose ids could not be read, other than those that are hidden."""
    newest: list[Conversation] = field(default_factory=list)
    """The first rows of the file, as many as are shown."""
    newest_ids: dict[str, CallIds] = field(default_factory=dict)
    """Ids of the rows on screen, as far as they are found."""
    without_ids: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by the asker who wants the file now: further ids are not looked up."""

    @property
    def total(self) -> int | None:
        """How many rows answer the question, once all of them are counted."""
        return self.counted if self.ended and not self.stopped else None

    @property
    def looking_up(self) -> bool:
        """Whether ids are still being looked up."""
        return self.ids_wanted > self.ids_done and not self.without_ids.is_set()


class RowWriter(Protocol):
    """Writes a file of rows: `csv_export.CsvWriter`, `parquet_export.ParquetWriter`."""

    ids_failed: int

    def write(self, rows: Iterable[Conversation], ids: Mapping[str, CallIds]) -> int:
        """Write rows in the order given, with the call ids known; return how many."""


async def write_rows(
    query: Query,
    client: ReadsRows,
    ids: IdFinder,
    writer: RowWriter | None,
    *,
    row_limit: int | None,
    progress: CsvProgress,
    refresh: bool = False,
    count_all: bool = False,
) -> None:
    """Write every row of the question to `writer`, up to `row_limit`; raises what the client raises.

    Without a writer rows are only counted, and the first of them kept: no ids are looked up.

    `count_all` counts also beyond the limit, for questions that ask how many. With a limit all rows are read
    first, and ids are looked up when the number is known; without one both go on side by side.
    """
    progress.begun = True
    async with MatchingRows(query, client, limit=row_limit, count_all=count_all, refresh=refresh) as rows:
        await _CsvRows(rows, client, ids, progress, counts_first=rows.wanted is not None).write(writer)
        progress.as_of, progress.omissions = rows.as_of, rows.omissions


class _CsvRows:
    """Reads rows, has their ids found beside that, and writes both in order."""

    def __init__(
        self,
        rows: MatchingRows,
        client: ReadsRows,
        ids: IdFinder,
        progress: CsvProgress,
        *,
        counts_first: bool,
    ) -> None:
        self._rows, self._client, self._ids, self._progress = rows, client, ids, progress
        self._may_look_up = asyncio.Event()
        if not counts_first:
            self._may_look_up.set()
        self._queue: asyncio.Queue[tuple[Sequence[Conversation], asyncio.Task[dict[str, CallIds]]] | None] = (
            asyncio.Queue(0 if counts_first else _BATCHES_AHEAD)
        )

    async def write(self, writer: RowWriter | None) -> None:
        """Write the rows, each batch when its ids are there."""
        progress, hidden = self._progress, 0
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read(None if writer is None else group))
            while writer is not None and (item := await self._queue.get()) is not None:
                rows, finding = item
                found = await finding
                writer.write(rows, found)
                hidden += hidden_among([row for row in rows if found.get(row.conversation_id) == FAILED])
                progress.ids_failed = writer.ids_failed - hidden
                for row in progress.newest:
                    if row.conversation_id in found:
                        progress.newest_ids[row.conversation_id] = found[row.conversation_id]

    async def _read(self, group: asyncio.TaskGroup | None) -> None:
        rows, progress = self._rows, self._progress
        async for matching in rows:
            progress.rows, progress.seen, progress.expected = rows.yielded, rows.seen, rows.expected
            if batch := await with_agent_names(matching, self._client):
                progress.newest.extend(batch[: MOST_ROWS - len(progress.newest)])
                if group is not None:
                    await self._queue.put((batch, group.create_task(self._find(batch))))
        progress.counted, progress.stopped, progress.ended = rows.total, rows.stopped, True
        self._may_look_up.set()
        if group is not None:
            await self._queue.put(None)

    async def _find(self, rows: Sequence[Conversation]) -> dict[str, CallIds]:
        await self._may_look_up.wait()
        progress = self._progress
        may_be = sum(row.may_be_phone for row in rows)
        progress.ids_wanted += may_be
        found = None
        if not progress.without_ids.is_set():
            found = await unless(self._ids.find(rows), progress.without_ids.wait())
        found = found or await self._ids.known(rows)
        progress.ids_done += may_be
        return found
