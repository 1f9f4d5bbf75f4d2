from __future__ import annotations

import itertools
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.elevenlabs.errors import FailingFast, Unavailable
from bot.elevenlabs.kept_rows import LAST_KNOWN, MemoryRows, without_later_gap
from bot.model import Conversation, Selection
from tests.elevenlabs.asking import NOW, Clock, client, everything, ids
from tests.elevenlabs.fake import DROP, Fake, row
from tests.elevenlabs.test_kept_rows import referenced

HOUR = 3600
EVERY_TEN_MINUTES = [row(number, NOW - 60 - 600 * number) for number in range(250)]
LIVE = row(900, NOW - 30, status="in-progress", call_duration_secs=0)


def down() -> itertools.repeat[str]:
    """Let every request fail from now on."""
    return itertools.repeat(DROP)


async def test_the_same_question_is_remembered_for_an_hour_with_what_still_changes() -> None:
    """The first rows, also the young and the unfinished ones, in order, with the age of the oldest part."""
    fake, clock = Fake([LIVE, *EVERY_TEN_MINUTES]), Clock()
    async with client(fake, clock=clock) as api:
        whole = Selection(since=NOW - 30 * HOUR)
        rows = await everything(api, whole)
        fake.faults = down()
        clock.now += 0.9 * HOUR
        with pytest.raises(Unavailable):
            await api.first(whole)
        asked = len(fake.requests)
        known = await api.remembered(whole)
        assert known is not None
        assert ids(known.rows) == ids(rows)[:100]
        assert known.as_of == NOW
        assert not known.complete
        narrow = await api.remembered(Selection(since=NOW - 2 * HOUR))
        assert narrow is not None
        assert narrow.complete
        assert ids(narrow.rows) == [each["conversation_id"] for each in [LIVE, *EVERY_TEN_MINUTES[:12]]]
        oldest = await api.remembered(Selection(since=NOW - 30 * HOUR, oldest_first=True))
        assert oldest is not None
        assert ids(oldest.rows) == ids(rows)[::-1][:100]
        assert len(fake.requests) == asked
        clock.now += 0.2 * HOUR
        assert await api.remembered(whole) is None


async def test_what_is_not_known_without_a_gap_is_not_shown_as_the_newest() -> None:
    """A stretch of the past says nothing about what came after it; other filters say nothing at all."""
    fake = Fake(EVERY_TEN_MINUTES)
    async with client(fake) as api:
        await everything(api, Selection(since=NOW - 20 * HOUR, until=NOW - 10 * HOUR))
        assert await api.remembered(Selection(since=NOW - 20 * HOUR)) is None
        assert await api.remembered(Selection(since=NOW - 15 * HOUR, until=NOW - 12 * HOUR)) is not None
        assert await api.remembered(Selection(params=(("call_successful", "failure"),))) is None
        assert await api.remembered(Selection(texts=("refund",))) is None


async def test_one_page_is_remembered_as_the_beginning_of_more() -> None:
    """After a first list alone, its rows are known and are not taken for all."""
    fake = Fake(EVERY_TEN_MINUTES)
    async with client(fake) as api:
        page = await api.first(Selection())
        known = await api.remembered(Selection())
        assert known is not None
        assert ids(known.rows) == ids(page.rows)[: len(known.rows)]
        assert len(known.rows) >= 99
        assert not known.complete


@pytest.mark.parametrize(
    ("rows", "cache_rows", "oldest_first"),
    [
        (12_000, 50_000, False),  # the default, and more rows than it has room for
        (2_500, 2000, False),
        (2_500, 2000, True),
        (600, 200, False),
        (600, 200, True),
    ],
)
async def test_an_export_leaves_its_own_beginning_and_those_of_others(
    rows: int, cache_rows: int, oldest_first: bool
) -> None:
    """After the largest export the first rows are known, of it and of what was asked before it."""
    fake = Fake([row(number, NOW - 60 - 60 * number) for number in range(rows)])
    small, whole = Selection(since=NOW - 3 * HOUR, params=(("agent_id", "agent_1"),)), Selection()
    whole = replace(whole, oldest_first=oldest_first)
    async with client(fake, cache_rows=cache_rows) as api:
        asked = await everything(api, small)
        first = await api.first(whole)
        assert len(await everything(api, whole)) == rows
        known = await api.remembered(whole)
        assert known is not None
        assert ids(known.rows) == ids(first.rows)[: len(known.rows)]
        assert len(known.rows) >= min(100, cache_rows // 20) - 1
        assert not known.complete
        before = await api.remembered(small)
        if cache_rows > 500:  # in the smallest there is room for a few rows only
            assert before is not None
            assert ids(before.rows) == ids(asked)
            assert before.complete


@given(
    starts=st.lists(st.integers(0, 60), max_size=40),
    cuts=st.lists(st.integers(0, 60), max_size=6),
    order=st.randoms(use_true_random=False),
    oldest_first=st.booleans(),
    room=st.integers(1, 50),
)
async def test_what_is_remembered_is_the_beginning_without_a_gap(
    starts: list[int], cuts: list[int], order: Random, oldest_first: bool, room: int
) -> None:
    """However an export's stretches come, what is shown later are its first rows, in order."""
    rows = [
        Conversation(conversation_id=f"c{number:03d}", start_time_unix_secs=NOW - 100 + start, status="done")
        for number, start in enumerate(sorted(starts, reverse=True))
    ]
    kept = MemoryRows(20 * room, Clock())
    bounds = [None, *(NOW - 100 + cut for cut in sorted(set(cuts))), None]
    stretches = list(itertools.pairwise(bounds))
    order.shuffle(stretches)
    selection = Selection(oldest_first=oldest_first)
    for since, until in stretches:
        within = [
            each
            for each in rows
            if (since is None or each.start_time_unix_secs >= since)
            and (until is None or each.start_time_unix_secs < until)
        ]
        await kept.put(selection, since, until, within, NOW)
    pieces = without_later_gap(await kept.cover(selection, None, None, LAST_KNOWN))
    known: list[Conversation] = []
    for piece in pieces[::-1] if oldest_first else pieces:
        if piece.rows is None:
            break
        known += [each async for batch in piece.rows(oldest_first=oldest_first) for each in batch]
    ordered = sorted(rows, key=lambda each: each.start_time_unix_secs, reverse=not oldest_first)
    assert [each.start_time_unix_secs for each in known] == [
        each.start_time_unix_secs for each in ordered[: len(known)]
    ]
    assert referenced(kept) <= 20 * room


async def test_agents_last_known_serve_while_there_is_no_answer() -> None:
    """A name can still be looked up, so that the question can be answered from memory."""
    fake, clock = Fake(EVERY_TEN_MINUTES), Clock()
    async with client(fake, clock=clock) as api:
        agents = await api.agents()
        fake.faults = down()
        clock.now += HOUR
        assert await api.agents() == agents
        assert await api.agents(refresh=True) == agents


async def test_it_recovers_by_itself() -> None:
    """Five failures in a row, then at once for 30 seconds without a request, then answers again."""
    fake, clock = Fake(EVERY_TEN_MINUTES), Clock()
    async with client(fake, clock=clock) as api:
        fake.faults = down()
        for _ in range(5):
            with pytest.raises(Unavailable):
                await api.first(Selection(), refresh=True)
        asked = len(fake.requests)
        fake.faults = None
        clock.now += 29
        with pytest.raises(FailingFast):
            await api.first(Selection(), refresh=True)
        assert len(fake.requests) == asked
        clock.now += 2
        assert (await api.first(Selection(), refresh=True)).rows
