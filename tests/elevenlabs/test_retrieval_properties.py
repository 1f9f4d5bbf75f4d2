"""The law of retrieval: whatever data, habits and faults a server has, the result is brute force's."""

from __future__ import annotations

import asyncio
import itertools
import random
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from bot.elevenlabs.client import Conversations
from bot.model import Conversation, Selection
from tests.elevenlabs.asking import NOW, Clock, client, everything, ids
from tests.elevenlabs.fake import DROP, GARBAGE, Fake, row
from tests.laws import law

FAULTS = (500, 503, 429, DROP, GARBAGE)
clusters = st.lists(
    st.tuples(
        st.integers(60, 40 * 86_400),  # how long ago the cluster ends
        st.integers(1, 700),  # rows
        st.sampled_from([0, 1, 7, 60, 3600]),  # seconds between rows
    ),
    min_size=0,
    max_size=5,
)


def rows_of(shape: list[tuple[int, int, int]]) -> list[dict[str, Any]]:
    """Return conversations in clusters."""
    starts = [NOW - ago - step * n for ago, count, step in shape for n in range(count)]
    return [row(number, start) for number, start in enumerate(starts)]


def wanted(rows: list[dict[str, Any]], selection: Selection) -> set[str]:
    """Return by brute force the ids that a selection means."""
    filters = dict(selection.params)
    return {
        item["conversation_id"]
        for item in rows
        if (selection.since is None or item["start_time_unix_secs"] >= selection.since)
        and (selection.until is None or item["start_time_unix_secs"] < selection.until)
        and all(item[name] == value for name, value in filters.items())
    }


def in_order(rows: list[Conversation], *, oldest_first: bool) -> bool:
    """Whether start times fall, or rise."""
    starts = [row.start_time_unix_secs for row in rows]
    return starts == sorted(starts, reverse=not oldest_first)


@dataclass(frozen=True)
class Habits:
    """A server's data and habits, as plain values that a failing example can show."""

    shape: list[tuple[int, int, int]]
    after_inclusive: bool = True
    before_inclusive: bool = True
    offset_cursors: bool = False
    ignore_ascending: bool = False
    ignore_times: bool = False
    largest_page: int = 100
    at_once: int | None = None
    faults: tuple[int | str | None, ...] = ()
    arriving: tuple[int | None, ...] = ()

    def server(self) -> Fake:
        """Return such a server."""
        arrivals = [
            None if ago is None else row(900_000 + number, NOW + ago)
            for number, ago in enumerate(self.arriving)
        ]
        return Fake(
            rows_of(self.shape),
            after_inclusive=self.after_inclusive,
            before_inclusive=self.before_inclusive,
            offset_cursors=self.offset_cursors,
            ignore_ascending=self.ignore_ascending,
            ignore_times=self.ignore_times,
            largest_page=self.largest_page,
            at_once=self.at_once,
            faults=iter(self.faults),
            arrivals=iter(arrivals),
        )


def bearable(faults: list[Any]) -> bool:
    """Whether no single request can meet more faults than a person's question is retried."""
    return sum(fault is not None for fault in faults) <= 4


habits = st.builds(
    Habits,
    shape=clusters,
    after_inclusive=st.booleans(),
    before_inclusive=st.booleans(),
    offset_cursors=st.booleans(),
    ignore_ascending=st.booleans(),
    ignore_times=st.sampled_from([False, False, False, True]),
    largest_page=st.sampled_from([100, 100, 100, 37]),
    at_once=st.sampled_from([None, None, 2]),
    faults=st.lists(st.none() | st.sampled_from(FAULTS), max_size=12).filter(bearable).map(tuple),
    arriving=st.lists(st.none() | st.integers(-20 * 86_400, 5), max_size=6).map(tuple),
)


def bounds() -> st.SearchStrategy[int | None]:
    """Return an optional time."""
    return st.none() | st.integers(NOW - 41 * 86_400, NOW + 10)


selections = st.builds(
    Selection,
    since=bounds(),
    until=bounds(),
    oldest_first=st.booleans(),
    params=st.sampled_from([(), (("agent_id", "agent_1"),), (("call_successful", "failure"),)]),
)


@law(30, suppress=tuple(HealthCheck))
@given(habit=habits, selection=selections, concurrency=st.integers(1, 8), look_first=st.booleans())
@example(
    habit=Habits([(3600, 900, 0), (7200, 900, 0)]), selection=Selection(), concurrency=8, look_first=True
)
@example(
    habit=Habits([(60, 100, 1)], ignore_times=True, arriving=(0, 0)),
    selection=Selection(),
    concurrency=2,
    look_first=False,
)
def test_is_what_brute_force_finds(
    habit: Habits, selection: Selection, concurrency: int, look_first: bool
) -> None:
    """All rows that were there and no other come once, in order, and the first page is their beginning."""
    fake = habit.server()
    before = wanted(fake.rows, selection)

    async def ask() -> tuple[list[Conversation], Any]:
        async with client(fake, concurrency=concurrency) as conversations:
            page = await conversations.first(selection) if look_first else None
            return await everything(conversations, selection), page

    rows, page = asyncio.run(ask())
    found = ids(rows)
    assert len(found) == len(set(found))
    assert before <= set(found) <= wanted(fake.rows, selection)
    assert in_order(rows, oldest_first=selection.oldest_first)
    if page is not None:
        assert in_order(list(page.rows), oldest_first=selection.oldest_first)
        assert set(ids(page.rows)) <= wanted(fake.rows, selection)
        if page.complete:
            assert before <= set(ids(page.rows))
        else:
            assert page.rows
            edge = page.rows[-1].start_time_unix_secs
            sign = -1 if selection.oldest_first else 1
            ahead = {
                item["conversation_id"]
                for item in fake.rows
                if sign * item["start_time_unix_secs"] > sign * edge
            }
            assert before & ahead <= set(ids(page.rows))


@law(30, suppress=tuple(HealthCheck))
@given(
    shape=clusters,
    steps=st.lists(
        st.tuples(selections, st.sampled_from(["first", "all", "refresh", "limit"]), st.integers(0, 200)),
        min_size=2,
        max_size=6,
    ),
    cache_rows=st.sampled_from([0, 50, 700, 50_000]),
)
def test_remembering_changes_nothing(
    shape: list[tuple[int, int, int]], steps: list[tuple[Selection, str, int]], cache_rows: int
) -> None:
    """Whatever the cache holds by then, each question of a series gets brute force's answer."""
    fake = Fake(rows_of(shape))
    for number, item in enumerate(fake.rows):
        item["status"] = "in-progress" if number % 97 == 5 else "done"
    clock = Clock()

    async def ask() -> None:
        async with client(fake, clock=clock, cache_rows=cache_rows) as conversations:
            for selection, how, wait in steps:
                await one(conversations, selection, how)
                clock.now += wait

    async def one(conversations: Conversations, selection: Selection, how: str) -> None:
        expected = wanted(fake.rows, selection)
        if how == "first":
            page = await conversations.first(selection)
            assert set(ids(page.rows)) <= expected
            assert len(page.rows) == min(100, len(expected)) or page.rows
            assert in_order(list(page.rows), oldest_first=selection.oldest_first)
            assert page.complete <= (set(ids(page.rows)) == expected)
        elif how == "limit":
            taken: list[Conversation] = []
            async with conversations.retrieve(selection, limit=50) as retrieval:
                async for batch in retrieval:
                    taken.extend(batch)
                    if len(taken) >= 50:
                        break
            assert len(taken) >= min(50, len(expected))
            assert set(ids(taken)) <= expected
        else:
            rows = await everything(conversations, selection, refresh=how == "refresh")
            assert sorted(ids(rows)) == sorted(expected)
            assert in_order(rows, oldest_first=selection.oldest_first)

    asyncio.run(ask())


def test_a_tenth_of_all_requests_failing() -> None:
    """With one request in ten failing in some way, every row still comes once."""
    for seed in range(5):
        chance = random.Random(seed)  # noqa: S311 - a repeatable sequence of faults, not a secret
        faults = (chance.choice(FAULTS) if chance.random() < 0.1 else None for _ in itertools.count())
        fake = Fake(rows_of([(8000, 700, 1), (90_000, 700, 300), (900_000, 700, 60)]), faults=faults)

        async def ask(fake: Fake = fake) -> list[Conversation]:
            async with client(fake) as conversations:
                return await everything(conversations, Selection())

        found = ids(asyncio.run(ask()))
        assert sorted(found) == sorted(ids(fake.rows))
