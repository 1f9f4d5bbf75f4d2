"""The rows of a question as they come: read, tested and counted, for whoever lists, counts or files them.

In an order that the API does not have ("longest first") they come when all are read: as many as are wanted.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from typing import Protocol, Self

import msgspec

from bot.answers.question.outcome import Omissions
from bot.model import Conversation, Selection
from bot.query import Query
from bot.query.filters.order_and_limit import FirstRows
from bot.tally import CallSums, SumsBy

MOST_RANKED = 50_000
"""Rows that are put in an order of ours at most: all of them are in memory."""
_BATCH = 1000


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

    @property
    def unread(self) -> int:
        """Phone calls that may belong here, and were not looked at."""

    @property
    def sums(self) -> Sequence[CallSums]:
        """The rows that were summed where they are kept, and are not among the batches."""

    def __aiter__(self) -> AsyncIterator[Sequence[Conversation]]:
        """Yield batches in order, without duplicates."""

    async def aclose(self) -> None:
        """Stop; requests in flight are cancelled."""


class ReadsRows(Protocol):
    """The client's side of reading rows: `bot.elevenlabs.Conversations`."""

    def retrieve(
        self,
        selection: Selection,
        *,
        refresh: bool = False,
        limit: int | None = None,
        sums_by: SumsBy | None = None,
    ) -> RowStream:
        """Begin to read all rows of a selection; `limit` is how many the caller will take at most.

        `sums_by`: rows that can be summed where they are kept are.
        """

    async def agent_names(self) -> Mapping[str, str]:
        """Return the names of agents by id, as far as they are known; remembered for minutes."""


class MatchingRows:
    """Reads the rows of a question and counts them, also those it does not yield."""

    def __init__(
        self,
        query: Query,
        client: ReadsRows,
        *,
        selection: Selection | None = None,
        limit: int | None = None,
        hint: int | None = None,
        count_all: bool = False,
        refresh: bool = False,
        sums_by: SumsBy | None = None,
    ) -> None:
        """Begin at the first `async for`.

        `selection` is a part of the question's time, if not all. At most `limit` rows are yielded, or as many
        as the question itself asks for; `count_all` counts beyond them. `hint` is for a caller that stops by
        itself: how many rows it may take. `sums_by` is for one that takes sums of rows, too: see `sums`.
        """
        self.counted = 0
        """Matching rows among those read."""
        self.hidden = 0
        self.undecided = 0
        self.sums: Sequence[CallSums] = ()
        """Matching rows that were summed where they are kept, and not yielded: there at the end."""
        self._query = query
        known = [each for each in (limit, query.limit) if each is not None]
        self.wanted = min(known) if known else None
        """Rows to yield, at most."""
        self._count_all = count_all or query.ranking is not None
        self.first: FirstRows | None = None
        """What is kept of rows in an order of ours."""
        if query.ranking is not None:
            self.wanted = min(self.wanted or MOST_RANKED, MOST_RANKED)
            self.first = FirstRows(query.ranking, self.wanted)
        self._bound = None if query.local or self._count_all else self.wanted
        if self._bound is not None:
            hint = self._bound + 1
        self._stream = client.retrieve(
            selection or query.selection(),
            refresh=refresh,
            limit=None if query.local or query.ranking else hint,
            sums_by=None if query.local else sums_by,
        )
        self._batches = self._read()

    def __aiter__(self) -> AsyncIterator[list[Conversation]]:
        return self._batches

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._batches.aclose()
        await self._stream.aclose()

    async def _read(self) -> AsyncGenerator[list[Conversation], None]:
        async for batch in self._stream:
            matching = [row for row in batch if self._query.matches(row)]
            room = len(matching) if self.wanted is None else max(0, self.wanted - self.counted)
            if self.first is not None:
                self.first.add(matching)
                room = 0
            self.hidden += hidden_among(matching if self._count_all else matching[:room])
            self.undecided += undecided_among(self._query, batch)
            self.counted += len(matching)
            yield matching[:room]
            if self.enough:
                break
            await asyncio.sleep(0)  # a long run of cached batches must not starve the acknowledgements
        self.sums = self._stream.sums
        self.counted += sum(each.tally.calls for each in self.sums)
        self.hidden += sum(each.hidden for each in self.sums)
        rows = self.first.rows() if self.first is not None else []
        for start in range(0, len(rows), _BATCH):
            yield rows[start : start + _BATCH]

    @property
    def enough(self) -> bool:
        """Whether there are more rows than wanted, so that reading on would be of no use."""
        return self.wanted is not None and self.counted > self.wanted and not self._count_all

    @property
    def stopped(self) -> bool:
        """Whether reading stopped before the last row, so that `total` is a lower bound."""
        return self.enough and self.wanted != self._query.limit

    @property
    def total(self) -> int:
        """How many rows answer the question, as far as was read."""
        return self.counted if self._query.limit is None else min(self.counted, self._query.limit)

    @property
    def yielded(self) -> int:
        """Rows yielded so far."""
        return self.counted if self.wanted is None else min(self.counted, self.wanted)

    @property
    def seen(self) -> int:
        """Rows read, matching or not; pages hold more rows than a short list or file takes."""
        return self._stream.seen if self._bound is None else min(self._stream.seen, self._bound)

    @property
    def expected(self) -> int | None:
        """Estimate of the rows to read; None while unknown."""
        expected = self._stream.expected
        return min(expected, self._bound) if expected and self._bound is not None else expected

    @property
    def as_of(self) -> float:
        """Unix seconds at which the oldest part of the rows was read."""
        return self._stream.as_of

    @property
    def omissions(self) -> Omissions:
        ranking = self._query.ranking
        silent = self.first.without_value if self.first is not None else 0
        without = max(0, self.total - (self.counted - silent))  # those that a limit leaves out are not last
        return Omissions(
            unplaced=self._stream.unplaced,
            hidden=self.hidden,
            undecided=self.undecided,
            unread=self._stream.unread,
            without_value=without,
            ranked_by=ranking.number.noun if ranking is not None and without else "",
        )


async def count_rows(
    query: Query, client: ReadsRows, *, limit: int | None, first: int = 0, refresh: bool = False
) -> tuple[MatchingRows, Sequence[Conversation]]:
    """Count the rows of a question, up to `limit` of them; returns them read, and the `first` of them."""
    kept: list[Conversation] = []
    async with MatchingRows(query, client, limit=limit, refresh=refresh) as rows:
        async for batch in rows:
            kept += batch[: first - len(kept)]
    return rows, await with_agent_names(kept, client)


async def with_agent_names(rows: Sequence[Conversation], client: ReadsRows) -> Sequence[Conversation]:
    """Return the rows, each with its agent's name where it is known; asks only if one is missing.

    A key that may not list agents is no reason to fail: the agent's id then stands for it.
    """
    if all(row.agent_name or not row.agent_id for row in rows):
        return rows
    names = await client.agent_names()
    return [
        msgspec.structs.replace(row, agent_name=names.get(row.agent_id)) if not row.agent_name else row
        for row in rows
    ]


def hidden_among(rows: Sequence[Conversation]) -> int:
    """Count the rows that the API key may list but not open."""
    return sum(row.hiding_reason is not None for row in rows)


def undecided_among(query: Query, rows: Sequence[Conversation]) -> int:
    """Count the rows that are left out because the list does not say what the question tests."""
    return sum(query.matches(row) is None for row in rows) if query.local else 0
