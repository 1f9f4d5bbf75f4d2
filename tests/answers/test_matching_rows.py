"""Rows of a question over a fake client: what is read, tested, counted and left out, without a request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from bot.answers.matching_rows import (
    MatchingRows,
    count_rows,
    outcome_of,
    with_agent_names,
)
from bot.blocks.list_message import Omissions
from bot.elevenlabs.client import Conversations
from bot.model import Conversation, Selection
from bot.query import Query, parse
from bot.store.questions import Question
from bot.tally import CallSums, Summary

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
BATCH = 10


def asked(text: str) -> Query:
    parsed = parse(text, now=NOW, week_start="monday")
    assert parsed.understood
    return parsed.query


def calls(number: int, **values: Any) -> list[Conversation]:
    return [
        Conversation(
            conversation_id=f"conv_{index}",
            agent_id="agent_1",
            start_time_unix_secs=int(NOW.timestamp()) - index,
            **values,
        )
        for index in range(number)
    ]


@dataclass
class Stream:
    """Rows in batches, as a retrieval gives them."""

    rows: list[Conversation]
    seen: int = 0
    as_of: float = 90.0
    unplaced: Sequence[int] = ()
    unread: Sequence[int] = ()
    sums: Mapping[Summary, Sequence[CallSums]] = field(default_factory=dict)
    closed: bool = False

    @property
    def feed(self) -> Stream:
        return self

    @property
    def expected(self) -> int | None:
        return len(self.rows)

    async def __aiter__(self) -> AsyncIterator[Sequence[Conversation]]:
        for start in range(0, len(self.rows), BATCH):
            batch = self.rows[start : start + BATCH]
            self.seen += len(batch)
            yield batch

    async def aclose(self) -> None:
        self.closed = True


@dataclass
class Client:
    """Reads from memory, and notes what it was asked."""

    rows: list[Conversation]
    unplaced: int = 0
    names: dict[str, str] = field(default_factory=dict)
    limits: list[int | None] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)
    asked_names: int = 0

    def retrieve(
        self,
        _selection: Selection,
        *,
        refresh: bool = False,
        limit: int | None = None,
        summaries: tuple[Summary, ...] = (),
    ) -> Stream:
        del refresh, summaries
        self.limits.append(limit)
        self.streams.append(Stream(self.rows, unplaced=range(self.unplaced)))
        return self.streams[-1]

    async def agent_names(self) -> Mapping[str, str]:
        self.asked_names += 1
        return self.names


def reads(client: Client) -> Conversations:
    return cast("Conversations", client)


async def test_all_rows_are_yielded_and_counted() -> None:
    """Without a limit nothing is stopped, and the client is not told of one."""
    client = Client(calls(25))
    async with MatchingRows(asked("all calls"), reads(client)) as rows:
        found = [row async for batch in rows for row in batch]
    assert found == client.rows
    assert (rows.outcome.total, rows.progress[0], rows.outcome.final) == (25, 25, True)
    assert client.limits == [None]
    assert client.streams[0].closed


async def test_progress_counts_what_is_read_ahead() -> None:
    """A slow first part holds up the rows that are yielded, not the number of those that were read."""
    client = Client(calls(25))
    async with MatchingRows(asked("all calls"), reads(client)) as rows:
        assert rows.progress == (0, 25)
        async for batch in rows:
            assert (len(batch), rows.progress) == (10, (10, 25))
            client.streams[0].seen = 20
            assert rows.progress == (20, 25)
            break


async def test_reading_stops_at_the_limit_of_a_file_and_says_so() -> None:
    """One row more than wanted is asked for: that tells whether there are more."""
    client = Client(calls(35))
    async with MatchingRows(asked("all calls"), reads(client), limit=12) as rows:
        found = [row async for batch in rows for row in batch]
    assert (client.limits, len(found)) == ([13], 12)
    assert (rows.enough, rows.outcome.final) == (True, False)
    assert client.streams[0].seen == 20  # no batch beyond the one that was enough
    assert rows.progress[0] <= 13
    outcome, first = await count_rows(asked("all calls"), reads(client), limit=12, first=11)
    assert (len(first), outcome.final) == (11, False)


async def test_the_limit_of_a_question_is_its_total() -> None:
    """Five rows answer "newest 5", and nothing is missing then."""
    outcome, first = await count_rows(asked("newest 5 calls"), reads(Client(calls(35))), limit=100, first=100)
    assert (outcome.total, len(first), outcome.final) == (5, 5, True)


async def test_a_count_reads_beyond_what_its_file_takes() -> None:
    """Rows beyond the limit are counted, and not yielded."""
    client = Client(calls(35))
    async with MatchingRows(asked("how many calls"), reads(client), limit=12, count_all=True) as rows:
        found = [row async for batch in rows for row in batch]
    assert len(found) == 12
    assert (rows.outcome.total, rows.outcome.final, client.limits) == (35, True, [None])


async def test_rows_are_tested_here_where_the_api_cannot() -> None:
    """All rows are read, so the client gets no limit; rows that do not say are left out and counted."""
    query = asked("inbound calls")
    assert query.local
    client = Client(calls(25, direction="inbound") + calls(3, direction="outbound") + calls(2))
    outcome, first = await count_rows(query, reads(client), limit=12, first=100)
    assert (len(first), outcome.final, client.limits) == (12, False, [None])
    async with MatchingRows(query, reads(client)) as rows:
        assert [row async for batch in rows for row in batch]
    assert (rows.outcome.total, rows.progress[0]) == (25, 30)
    assert rows.outcome.omissions == Omissions(undecided=2)


async def test_an_order_of_ours_is_found_among_all_rows() -> None:
    """All are read and counted, the best come at the end, and rows without the number are told."""
    client = Client([*calls(30), *(msgspec.structs.replace(row, rating=3.0) for row in calls(4))])
    client.rows[17] = msgspec.structs.replace(client.rows[17], rating=1.0)
    async with MatchingRows(asked("worst rated calls"), reads(client), limit=3) as rows:
        found = [row.rating for batch in [batch async for batch in rows] for row in batch]
    assert found == [1.0, 3.0, 3.0]
    assert (rows.outcome.total, rows.outcome.final, client.limits) == (34, True, [None])
    assert rows.outcome.omissions.words == ("Last: 29 calls without a rating",)
    outcome, first = await count_rows(asked("top 2 worst rated calls"), reads(client), limit=100, first=9)
    assert (outcome.total, len(first)) == (2, 2)
    assert outcome.omissions.words == ()  # none of the two
    outcome, _ = await count_rows(asked("top 7 worst rated calls"), reads(client), limit=100)
    assert outcome.omissions.words == ("Last: 2 calls without a rating",)


async def test_what_is_missing_is_counted() -> None:
    """Rows without a place in time, and rows that the key may not open."""
    client = Client(calls(3, hiding_reason="zero_retention"), unplaced=2)
    outcome, _ = await count_rows(asked("all calls"), reads(client), limit=None)
    assert outcome.omissions == Omissions(unplaced=2, hidden=3)
    assert outcome.as_of == 90.0


async def test_agents_are_named_only_where_a_name_is_missing() -> None:
    """One question for names, and none where every row has its own."""
    client = Client([], names={"agent_1": "Support"})
    named = await with_agent_names(calls(2), reads(client))
    assert [row.agent_name for row in named] == ["Support", "Support"]
    assert await with_agent_names(named, reads(client)) == named
    assert client.asked_names == 1


def test_an_outcome_that_an_earlier_version_stored_is_read() -> None:
    """Its omissions are called `lacking` in the database, and stay so."""
    stored = '{"total":3,"final":true,"as_of":90.0,"file_rows":3,"lacking":{"hidden":2}}'
    question = Question(
        question_id="q1",
        text="all",
        tz="UTC",
        team_id="T1",
        user_id="U1",
        channel_id="D1",
        thread_ts=None,
        asked_at=80.0,
        outcome=stored,
    )
    outcome = outcome_of(question)
    assert (outcome.total, outcome.omissions) == (3, Omissions(hidden=2))
    assert msgspec.json.decode(msgspec.json.encode(outcome))["lacking"]["hidden"] == 2
