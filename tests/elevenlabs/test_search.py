from __future__ import annotations

from typing import Any

import pytest

from bot.elevenlabs.errors import MissingScope
from bot.model import Selection
from tests.elevenlabs.asking import NOW, client, everything, ids
from tests.elevenlabs.fake import Fake, refused, row

DAY = 86_400


def searched(count: int, every: int, **more: Any) -> Fake:
    """Return a server in which every so-manieth conversation has two chunks that match."""
    rows = [row(number, NOW - 3 * 3600 - number * 600) for number in range(count)]
    hits = [
        {
            "conversation_id": item["conversation_id"],
            "chunk_text": "refund",
            "conversation_start_time_unix_secs": item["start_time_unix_secs"],
        }
        for item in rows[::every]
        for _ in range(2)
    ]
    hits.sort(key=lambda hit: hit["conversation_id"][::-1])  # best match first, not newest first
    return Fake(rows, hits=hits, **more)


@pytest.mark.parametrize(("count", "every"), [(40, 3), (2000, 7), (2000, 900), (300, 1)])
async def test_chunks_become_rows(count: int, every: int) -> None:
    """Each conversation found comes once, as a row of the list, in order of time."""
    fake = searched(count, every)
    async with client(fake) as conversations:
        rows = await everything(conversations, Selection(texts=("refund",)))
        oldest = await everything(conversations, Selection(texts=("refund",), oldest_first=True))
    assert ids(rows) == ids(fake.rows[::every])
    assert oldest == rows[::-1]
    assert fake.requests[0][1]["text_query"] == ["refund"]


async def test_any_of_several_texts() -> None:
    """Each text is searched for; a conversation in which both were said comes once, in order of time."""
    fake = searched(600, 5)
    async with client(fake) as conversations:
        rows = await everything(conversations, Selection(texts=("refund", "return")))
    assert ids(rows) == ids(fake.rows[::5])
    asked = {params["text_query"][0] for _path, params in fake.requests if "text_query" in params}
    assert asked == {"refund", "return"}


async def test_filters_and_times_hold() -> None:
    """A hit outside the times or against a filter of the list is no match."""
    fake = searched(600, 5)
    selection = Selection(
        texts=("refund",), since=NOW - 3 * DAY, until=NOW - DAY, params=(("agent_id", "agent_1"),)
    )
    async with client(fake) as conversations:
        rows = await everything(conversations, selection)
    expected = [
        item
        for item in fake.rows[::5]
        if item["agent_id"] == "agent_1" and NOW - 3 * DAY <= item["start_time_unix_secs"] < NOW - DAY
    ]
    assert ids(rows) == ids(expected)
    assert expected


async def test_rows_that_are_remembered_cost_nothing() -> None:
    """After a list of the same time, a search asks the list for nothing."""
    fake = searched(600, 5)
    async with client(fake) as conversations:
        await everything(conversations, Selection())
        pages = fake.pages
        page = await conversations.first(Selection(texts=("refund",)))
        assert (len(page.rows), page.complete, fake.pages) == (100, False, pages)
        sent = len(fake.requests)
        assert ids(await everything(conversations, Selection(texts=("refund",)))) == ids(fake.rows[::5])
        assert len(fake.requests) == sent


@pytest.mark.parametrize(("count", "every", "most"), [(80, 20, 5), (600, 20, 12), (12_000, 300, 42)])
async def test_a_page_of_the_list_is_not_asked_for_each_hit(count: int, every: int, most: int) -> None:
    """Where a page spans many hits, it is read once; where rows are many, what is between hits is not."""
    fake = searched(count, every)
    async with client(fake) as conversations:
        found = await everything(conversations, Selection(texts=("refund",)))
    assert ids(found) == ids(fake.rows[::every])
    assert fake.pages <= most


async def test_nothing_found() -> None:
    """A search without hits is an empty list after one request."""
    fake = Fake([row(1, NOW - DAY)])
    async with client(fake) as conversations:
        page = await conversations.first(Selection(texts=("refund",)))
    assert (page.rows, page.complete, len(fake.requests)) == ((), True, 1)


async def test_many_in_one_second() -> None:
    """Hits that share their second with more rows than a page holds are all found."""
    rows = [row(number, NOW - DAY) for number in range(450)]
    hits = [
        {"conversation_id": item["conversation_id"], "conversation_start_time_unix_secs": NOW - DAY}
        for item in rows[3::40]
    ]
    fake = Fake(rows, hits=hits)
    async with client(fake) as conversations:
        found = await everything(conversations, Selection(texts=("refund",)))
    assert sorted(ids(found)) == sorted(ids(rows[3::40]))


async def test_a_hit_without_a_time_is_counted() -> None:
    """When the search does not say when a conversation started, it is missing unless its row comes anyway."""
    rows = [row(number, NOW - DAY - number) for number in range(3)]
    times = [{"conversation_start_time_unix_secs": each["start_time_unix_secs"]} for each in rows]
    times[1] = {}
    hits = [
        {"conversation_id": each["conversation_id"], **time} for each, time in zip(rows, times, strict=True)
    ]
    fake = Fake(rows, hits=[*hits, {"conversation_id": "conv_000009"}])
    async with client(fake) as conversations, conversations.retrieve(Selection(texts=("refund",))) as found:
        assert [each async for batch in found for each in ids(batch)] == ids(rows)
        assert found.feed.unplaced == {"conv_000009"}


async def test_errors_come_as_themselves() -> None:
    """An error of one of the many requests is raised as it is, not wrapped in a group."""
    fake = searched(2000, 3)
    fake.override = lambda _: refused(401, "missing_permissions", message="the permission convai_read")
    async with client(fake) as conversations:
        with pytest.raises(MissingScope):
            await everything(conversations, Selection(texts=("refund",)))
