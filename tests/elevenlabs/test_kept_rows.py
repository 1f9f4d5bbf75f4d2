from __future__ import annotations

import gc
from dataclasses import replace
from types import FunctionType, ModuleType
from typing import Any

import pytest

from bot.demo.elevenlabs import Dataset, elevenlabs_app
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.kept_rows import FRESH, LAST_KNOWN, LIVE_SECS, MemoryRows, Piece, join_gaps
from bot.model import Conversation, Selection
from tests.elevenlabs.asking import NOW, Clock, client, everything, ids
from tests.elevenlabs.fake import Fake, row
from tests.elevenlabs.test_retrieval import spread
from tests.serving import serve

DAY = 86_400


def older_rows(count: int = 1000) -> list[dict[str, Any]]:
    """Return rows all older than two hours, over twenty days."""
    return [row(number, NOW - 3 * 3600 - number * 20 * DAY // count) for number in range(count)]


async def sent_for(conversations: Any, fake: Fake, selection: Selection, **how: Any) -> tuple[int, list[str]]:
    """Return how many list requests a question takes, and the ids it finds."""
    before = fake.pages
    found = ids(await everything(conversations, selection, **how))
    return fake.pages - before, found


async def test_the_same_again_asks_for_the_live_edge_only() -> None:
    """A repeated question asks once for what is younger than two hours, and Refresh asks for everything."""
    fake, clock = Fake(older_rows()), Clock()
    async with client(fake, clock=clock) as conversations:
        _, first = await sent_for(conversations, fake, Selection())
        clock.now += 60
        fake.rows.append(row(5000, NOW + 30))
        sent, again = await sent_for(conversations, fake, Selection())
        assert sent <= 2
        assert again == ["conv_005000", *first]
        clock.now += 60
        sent, _ = await sent_for(conversations, fake, Selection(), refresh=True)
        assert sent >= 10


async def test_narrower_questions_are_answered_from_wider_ones() -> None:
    """By time, agent, source and length nothing more than the live edge is asked; other filters are asked."""
    fake = Fake(older_rows())
    async with client(fake) as conversations:
        await sent_for(conversations, fake, Selection())
        narrower = [
            Selection(since=NOW - 10 * DAY, until=NOW - 5 * DAY),
            Selection(since=NOW - 10 * DAY, until=NOW - 5 * DAY, oldest_first=True),
            Selection(params=(("agent_id", "agent_1"),)),
            Selection(params=(("conversation_initiation_source", "twilio"),)),
            Selection(params=(("agent_id", "agent_1"), ("call_duration_min_secs", "300"))),
        ]
        for selection in narrower:
            sent, found = await sent_for(conversations, fake, selection)
            assert sent <= 1, selection
            query: dict[str, list[str]] = {name: [value] for name, value in selection.params}
            if selection.since is not None and selection.until is not None:
                query["call_start_after_unix"] = [str(selection.since)]
                query["call_start_before_unix"] = [str(selection.until - 1)]
            if selection.oldest_first:
                query["sort_direction"] = ["asc"]
            assert found == ids(fake.matching(query))
        failed = ("call_successful", "failure")
        agent, other = ("agent_id", "agent_1"), ("agent_id", "agent_2")
        for params in ((failed,), (agent, failed), (agent, other)):
            sent, _ = await sent_for(conversations, fake, Selection(params=params))
            assert sent >= 2, params


async def test_first_page_from_memory() -> None:
    """A first page is free when it is older than two hours and remembered; its age is that of its parts."""
    fake, clock = Fake(older_rows()), Clock()
    async with client(fake, clock=clock) as conversations:
        await everything(conversations, Selection())
        before, clock.now = fake.pages, clock.now + 100
        page = await conversations.first(Selection(until=NOW - 5 * DAY))
        assert (fake.pages, len(page.rows), page.complete, page.as_of) == (before, 100, False, NOW)
        few = await conversations.first(Selection(since=NOW - 6 * DAY, until=NOW - 5 * DAY))
        assert (fake.pages, few.complete) == (before, True)
        oldest = await conversations.first(Selection(until=NOW - 5 * DAY, oldest_first=True))
        assert (fake.pages, oldest.rows[0].conversation_id) == (before, "conv_000999")
        async with conversations.retrieve(Selection(until=NOW - 5 * DAY)) as retrieval:
            async for _ in retrieval:
                assert retrieval.feed.as_of == NOW


async def test_a_first_page_that_needs_a_request_is_as_of_now() -> None:
    """What is kept of it is asked again in that one request; what follows is taken from what is kept."""
    fake, clock = Fake(spread(1000)), Clock()
    for oldest_first in (False, True):
        async with client(fake, clock=clock) as conversations:
            known = Selection(since=NOW - 29 * DAY, until=NOW - DAY)
            await everything(conversations, known)
            clock.now += 200
            fake.rows[40]["call_successful"] = fake.rows[-40]["call_successful"] = "changed"
            sent, selection = fake.pages, Selection(oldest_first=oldest_first)
            page = await conversations.first(selection)
            assert fake.pages == sent + 1
            assert page.as_of == clock.now
            ordered = fake.rows[::-1] if oldest_first else fake.rows
            assert [each.call_successful for each in page.rows] == [
                each["call_successful"] for each in ordered[:100]
            ]
            assert ids(await everything(conversations, selection)) == ids(ordered)
            assert fake.pages <= sent + 3  # the other end, which was not kept


async def test_memory_fades() -> None:
    """After the time to live everything is asked again."""
    fake, clock = Fake(older_rows()), Clock()
    week = Selection(since=NOW - 12 * DAY, until=NOW - 5 * DAY)
    async with client(fake, clock=clock) as conversations:
        await sent_for(conversations, fake, week)
        clock.now += FRESH.settled - 1
        assert (await sent_for(conversations, fake, week))[0] == 0
        clock.now += 2
        assert (await sent_for(conversations, fake, week))[0] > 0


async def test_what_may_change_is_asked_again() -> None:
    """A row that was not final is asked for again, with its second; its neighbours are not."""
    fake = Fake(older_rows())
    fake.rows[500]["status"] = "processing"
    async with client(fake) as conversations:
        week = Selection(since=NOW - 20 * DAY, until=NOW - DAY)
        await sent_for(conversations, fake, week)
        fake.rows[500]["status"] = "done"
        before = fake.pages
        rows = await everything(conversations, week)
        assert fake.pages - before == 1
        assert {row.status for row in rows} == {"done"}


async def test_bounded() -> None:
    """No more rows than allowed are kept, whatever is asked; with none allowed everything is asked again."""
    for most in (0, 300, 5000):
        fake = Fake(older_rows())
        async with client(fake, cache_rows=most) as conversations:
            for selection in (Selection(), Selection(params=(("call_successful", "success"),)), Selection()):
                await everything(conversations, selection)
                assert referenced(conversations.kept) <= most
            assert most == 0 or referenced(conversations.kept)


def referenced(root: Any) -> int:
    """Count the rows that something refers to, by whatever way."""
    seen, waiting, rows = set[int](), [root], 0
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, type | ModuleType | FunctionType):
            continue
        seen.add(id(value))
        rows += isinstance(value, Conversation)
        waiting.extend(gc.get_referents(value))
    return rows


async def test_what_leaves_is_not_held_on_to() -> None:
    """Twenty questions with filters of their own leave no more rows in memory than are allowed."""
    fake, clock = Fake(older_rows(900)), Clock()
    async with client(fake, clock=clock, cache_rows=2000) as conversations:
        for number in range(20):
            params = (("has_feedback_comment", str(number)),)
            assert len(await everything(conversations, Selection(params=params))) == 900
        assert 1000 < referenced(conversations.kept) <= 2000


async def test_what_is_too_old_leaves_though_nobody_asks_again() -> None:
    """A question of today sweeps out what yesterday's questions, never repeated, have left."""
    fake, clock = Fake(older_rows(300)), Clock()
    async with client(fake, clock=clock) as conversations:
        for number in range(5):
            await everything(conversations, Selection(params=(("has_feedback_comment", str(number)),)))
        assert referenced(conversations.kept) == 1500
        clock.now += DAY
        await everything(conversations, Selection(params=(("text_only", "true"),)))
        assert referenced(conversations.kept) == 300


async def test_the_least_recently_used_leave_first() -> None:
    """What was asked for stays, what nobody asked for since makes room."""
    cache = MemoryRows(300, Clock())
    for number, name in enumerate("ab"):
        rows = [conversation(NOW - 10 * DAY + second) for second in range(140 - number, 0, -1)]
        await cache.put(Selection(params=((name, ""),)), None, NOW - 9 * DAY, rows, NOW)
    await cache.cover(Selection(params=(("a", ""),)), None, None, FRESH)
    assert referenced(cache) == 279
    await cache.put(
        Selection(params=(("c", ""),)), None, NOW - 9 * DAY, [conversation(NOW - 10 * DAY)] * 100, NOW
    )
    assert any(piece.rows for piece in await cache.cover(Selection(params=(("a", ""),)), None, None, FRESH))
    assert not any(
        piece.rows for piece in await cache.cover(Selection(params=(("b", ""),)), None, None, FRESH)
    )


@pytest.mark.parametrize("param", ["unknown", "seng"])
async def test_what_rows_do_not_show_is_asked(param: str) -> None:
    """A source `unknown` (rows without one may be meant) and a speech engine: cold and warm are the same."""
    data = Dataset.generate(200, 5, NOW, odd=False)
    for record in list(data)[::4]:
        record.row.conversation_initiation_source = None
    agent = data.agents[0].agent_id
    params = {
        "unknown": ("conversation_initiation_source", "unknown"),
        "seng": ("agent_id", agent.replace("agent_", "seng_")),
    }[param]
    wide = Selection(since=NOW - 80 * DAY, until=NOW - 3 * DAY)
    found = []
    async with serve(elevenlabs_app(data)) as url:
        for warm in (False, True):
            async with Conversations(api_key="sample-key", base_url=url, clock=Clock()) as conversations:
                if warm:
                    await everything(conversations, wide)
                found.append(ids(await everything(conversations, replace(wide, params=(params,)))))
    assert found[0] == found[1]
    assert found[0]


async def test_a_deleted_conversation_leaves() -> None:
    """A 404 on a detail takes the row out of the lists that are remembered."""
    fake = Fake(older_rows())
    week = Selection(since=NOW - 12 * DAY, until=NOW - 5 * DAY)
    async with client(fake) as conversations:
        rows = await everything(conversations, week)
        await conversations.ids(rows[3].conversation_id)
        before = fake.pages
        again = await everything(conversations, week)
        assert ids(again) == [found for found in ids(rows) if found != rows[3].conversation_id]
        assert fake.pages == before


def conversation(start: int, status: str = "done") -> Conversation:
    """Return a row."""
    return Conversation(conversation_id=f"c{start}", start_time_unix_secs=start, status=status)


async def starts(piece: Piece) -> list[int] | None:
    """Return the start times of a piece's rows, newest first; None when they are missing."""
    if piece.rows is None:
        return None
    return [row.start_time_unix_secs async for batch in piece.rows(oldest_first=False) for row in batch]


async def shown(
    cache: MemoryRows, since: int, until: int
) -> list[tuple[int | None, int | None, list[int] | None]]:
    """Return how a stretch is covered: (since, until, start times or None when missing)."""
    return [
        (piece.since, piece.until, await starts(piece))
        for piece in await cache.cover(Selection(), since, until, FRESH)
    ]


async def test_neighbours_join_and_gaps_show() -> None:
    """Stretches put one by one answer as one, gaps are missing, what is new replaces what is old."""
    cache = MemoryRows(1000, Clock())
    old = NOW - 10 * DAY
    many = [conversation(old + 190 - n) for n in range(90)]
    await cache.put(Selection(), old + 100, old + 200, many, NOW)
    await cache.put(Selection(), old, old + 100, [conversation(old + 50)], NOW)
    assert await shown(cache, old, old + 200) == [
        (old, old + 200, [r.start_time_unix_secs for r in many] + [old + 50])
    ]
    await cache.put(Selection(), old + 300, old + 400, [], NOW)
    assert await shown(cache, old + 250, old + 350) == [
        (old + 300, old + 350, []),
        (old + 250, old + 300, None),
    ]
    await cache.put(Selection(), old + 40, old + 60, [conversation(old + 41)], NOW)
    assert [start for _, _, found in await shown(cache, old, old + 100) for start in found or []] == [
        old + 41
    ]


async def test_the_last_two_hours_are_never_fresh() -> None:
    """The last two hours and seconds of rows not final stay open; an outage shows them."""
    cache = MemoryRows(1000, Clock())
    rows = [
        conversation(NOW - 60),
        conversation(NOW - LIVE_SECS - 5, "in-progress"),
        conversation(NOW - LIVE_SECS - 500),
    ]
    await cache.put(Selection(), None, None, rows, NOW)
    pieces = join_gaps(await cache.cover(Selection(), None, None, FRESH))
    gaps = [(piece.since, piece.until) for piece in pieces if piece.rows is None]
    assert gaps == [(NOW - LIVE_SECS - 5, None)]
    assert [await starts(piece) for piece in pieces if piece.rows is not None] == [[NOW - LIVE_SECS - 500]]
    known = await cache.cover(Selection(), None, None, LAST_KNOWN)
    assert [piece.count for piece in known] == [0, 3]
