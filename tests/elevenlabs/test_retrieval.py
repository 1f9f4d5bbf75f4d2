from __future__ import annotations

import asyncio
import gc
import itertools
from typing import Any

import pytest

from bot.elevenlabs.errors import BadAnswer, Invalid, Unavailable
from bot.elevenlabs.kept_rows import Piece
from bot.elevenlabs.parallel_fetch import ParallelFetch
from bot.elevenlabs.retrieval import Retrieval, SharedRows
from bot.model import Conversation, Selection
from tests.elevenlabs.asking import NOW, Clock, client, everything, ids
from tests.elevenlabs.fake import DROP, Fake, found, refused, row

DAY = 86_400


def spread(count: int, *, days: int = 30) -> list[dict[str, Any]]:
    """Return rows spread evenly, all older than two hours."""
    step = days * DAY / count
    return [row(number, int(NOW - 3 * 3600 - number * step)) for number in range(count)]


async def test_several_pages_at_a_time() -> None:
    """Eight windows are paged at the same time, with hardly more requests than pages."""
    fake = Fake(spread(5000), latency=0.001)
    async with client(fake) as conversations:
        rows = await everything(conversations, Selection())
    assert sorted(ids(rows)) == sorted(ids(fake.rows))
    assert fake.most_in_flight == 8
    assert fake.pages <= 50 * 1.15


@pytest.mark.parametrize("oldest_first", [False, True])
async def test_half_of_all_in_one_hour(oldest_first: bool) -> None:
    """A crowded hour, wherever it lies, costs few requests beyond the pages, in both directions."""
    for hours_ago in (4, 300, 700):
        crowd = [row(number, NOW - hours_ago * 3600 - number) for number in range(2500)]
        fake = Fake([*crowd, *(item | {"conversation_id": f"s{n}"} for n, item in enumerate(spread(2500)))])
        async with client(fake) as conversations:
            rows = await everything(conversations, Selection(oldest_first=oldest_first))
        assert len(rows) == 5000
        assert fake.pages <= 50 * 1.6


@pytest.mark.parametrize("oldest_first", [False, True])
async def test_a_limit_bounds_the_work(oldest_first: bool) -> None:
    """With a limit, the rows wanted come from several windows at once and little beyond them is fetched."""
    fake = Fake(spread(20_000), latency=0.001)
    taken: list[Conversation] = []
    selection = Selection(oldest_first=oldest_first)
    async with client(fake) as conversations, conversations.retrieve(selection, limit=2000) as retrieval:
        async for batch in retrieval:
            taken.extend(batch)
            if len(taken) >= 2000:
                break
    expected = sorted(fake.rows, key=lambda item: item["start_time_unix_secs"], reverse=not oldest_first)
    assert ids(taken)[:2000] == ids(expected)[:2000]
    assert fake.pages <= 20 * 1.8
    assert fake.most_in_flight > 4


async def test_a_reader_may_go_on_past_its_limit() -> None:
    """The limit is a hint: whoever reads on gets everything."""
    fake = Fake(spread(1500))
    async with client(fake) as conversations:
        rows = await everything(conversations, Selection(), limit=200)
    assert len(rows) == 1500


async def test_rows_come_before_the_rest_is_there() -> None:
    """The first batch is handed out after the first page, with progress and an estimate soon after."""
    fake = Fake(spread(5000), latency=0.002)
    async with client(fake) as conversations, conversations.retrieve(Selection()) as retrieval:
        first = await anext(aiter(retrieval))
        assert fake.pages < 12
        assert first[0].conversation_id == "conv_000000"
        estimates = [retrieval.feed.expected async for _ in retrieval]
        assert retrieval.feed.seen == 5000
        early = [found for found in estimates[: len(estimates) // 2] if found is not None]
        assert early
        assert all(4000 < found < 6000 for found in early)


async def test_closing_stops_requests_at_once() -> None:
    """After aclose nothing is in flight and nothing more is sent."""
    fake = Fake(spread(5000), latency=0.01)
    async with client(fake) as conversations:
        retrieval = conversations.retrieve(Selection())
        await anext(aiter(retrieval))
        await asyncio.sleep(0.015)
        await retrieval.aclose()
        assert fake.in_flight == 0
        sent = len(fake.requests)
        await asyncio.sleep(0.03)
        assert len(fake.requests) == sent
        with pytest.raises(StopAsyncIteration):
            await anext(aiter(retrieval))


async def test_a_forgotten_retrieval_stops_too() -> None:
    """A retrieval that is dropped in the middle without being closed does not go on for nobody."""
    fake = Fake(spread(5000), latency=0.005)
    async with client(fake) as conversations:
        retrieval = conversations.retrieve(Selection())
        await anext(aiter(retrieval))
        del retrieval
        gc.collect()
        sent = 0
        while sent < len(fake.requests):  # on a busy machine the end takes a moment
            sent = len(fake.requests)
            await asyncio.sleep(0.03)
        assert sent < len(fake.rows) / 100


async def test_nothing_is_asked_before_the_first_batch_is() -> None:
    """A retrieval that is never read costs nothing."""
    fake = Fake(spread(500))
    async with client(fake) as conversations:
        async with conversations.retrieve(Selection()) as retrieval:
            assert (retrieval.feed.seen, retrieval.feed.expected) == (0, None)
        assert not fake.requests


@pytest.mark.parametrize("oldest_first", [False, True])
async def test_the_first_page_is_not_paid_twice(oldest_first: bool) -> None:
    """The retrieval after a first page goes on where it ended, and shows the same rows first."""
    selection = Selection(oldest_first=oldest_first)
    alone = Fake(spread(950))
    async with client(alone, concurrency=1) as conversations:
        whole = await everything(conversations, selection)
    fake = Fake(spread(950))
    async with client(fake, concurrency=1) as conversations:
        page = await conversations.first(selection)
        assert fake.pages == 1
        rows = await everything(conversations, selection)
    assert ids(rows) == ids(whole)
    assert ids(rows)[:100] == ids(page.rows)
    assert fake.pages <= alone.pages
    small = Fake(spread(50))
    async with client(small) as conversations:
        assert (await conversations.first(selection)).complete
        assert len(await everything(conversations, selection)) == 50
        assert small.pages == 1
        assert len(await everything(conversations, selection, refresh=True)) == 50
        assert small.pages > 1


async def test_what_arrives_later_belongs_to_a_later_question() -> None:
    """The newest row of the first page is the upper bound of the whole retrieval."""
    arrivals = (row(900_000 + number, NOW + number) for number in itertools.count())
    fake = Fake(spread(1200), arrivals=arrivals)
    async with client(fake) as conversations:
        page = await conversations.first(Selection())
        rows = await everything(conversations, Selection())
    assert len(rows) == 1200
    assert ids(rows)[:100] == ids(page.rows)


async def test_a_failing_page_ends_it_after_what_came_before() -> None:
    """Rows before the page that fails are handed out, complete and in order; then its error is raised."""
    fake = Fake(spread(3000))
    edge = NOW - 15 * DAY

    def broken(query: dict[str, list[str]]) -> Any:
        if int(query.get("call_start_before_unix", ["9" * 10])[0]) < edge:
            return refused(503, "system_busy")
        return None

    fake.override = broken
    rows: list[Conversation] = []
    async with client(fake) as conversations:
        with pytest.raises(Unavailable):
            await collect(conversations.retrieve(Selection()), rows)
        newest = sorted(fake.rows, key=lambda item: -item["start_time_unix_secs"])
        assert rows
        assert ids(rows) == ids(newest)[: len(rows)]
        fake.override = None
        sent = fake.pages
        assert len(await everything(conversations, Selection())) == 3000
        assert fake.pages - sent < 30  # what had come was remembered


async def collect(retrieval: Retrieval, rows: list[Conversation]) -> None:
    """Read a retrieval into a list that survives its error."""
    async for batch in retrieval:
        rows.extend(batch)


async def test_a_rejected_cursor_restarts_its_window() -> None:
    """A cursor that is no longer known costs one more request, not the retrieval."""
    fake = Fake(spread(2000))
    rejected = itertools.count()

    def forgetful(query: dict[str, list[str]]) -> Any:
        return refused(422, "invalid_cursor") if "cursor" in query and next(rejected) % 5 == 4 else None

    fake.override = forgetful
    async with client(fake) as conversations:
        rows = await everything(conversations, Selection())
    assert sorted(ids(rows)) == sorted(ids(fake.rows))


async def test_a_server_without_cursors_fails_in_the_end() -> None:
    """When every cursor is rejected and a second holds more than a page, the error comes out."""
    fake = Fake([row(number, NOW - DAY) for number in range(300)])
    fake.override = lambda query: refused(422, "invalid_cursor") if "cursor" in query else None
    async with client(fake) as conversations:
        with pytest.raises(Invalid):
            await everything(conversations, Selection())


async def test_contradictions_are_bad_answers() -> None:
    """A cursor that repeats, more without a cursor, and rows out of order are errors, not short lists."""
    page = [row(1, NOW - 5000), row(2, NOW - 6000)]
    endless = found({"conversations": page, "next_cursor": "again", "has_more": True})
    lost = found({"conversations": page, "next_cursor": None, "has_more": True})
    shuffled = found({"conversations": page[::-1], "next_cursor": None, "has_more": False})
    for answer in (endless, lost, shuffled):
        fake = Fake(override=lambda _, answer=answer: answer)  # type: ignore[misc]
        async with client(fake) as conversations:
            with pytest.raises(BadAnswer):
                await everything(conversations, Selection(since=NOW - DAY, until=NOW))


@pytest.mark.parametrize(
    ("rows", "most"),
    [(spread(2950), 54), ([row(number, NOW - 5000 - number // 150) for number in range(2950)], 120)],
)
async def test_a_server_that_only_sorts_newest_first_is_read_so(
    rows: list[dict[str, Any]], most: int
) -> None:
    """Its rows are turned round: the oldest page is right, and what follows costs nothing more."""
    fake, selection = Fake(rows, ignore_ascending=True), Selection(oldest_first=True)
    expected = [each["start_time_unix_secs"] for each in rows[::-1]]
    async with client(fake) as conversations:
        page = await conversations.first(selection)
        assert [each.start_time_unix_secs for each in page.rows] == expected[:100]
        assert fake.pages <= most
        sent = fake.pages
        found = await everything(conversations, selection)
        assert [each.start_time_unix_secs for each in found] == expected
        assert len({*ids(found)}) == len(rows)
        assert fake.pages == sent


async def test_what_is_kept_of_the_oldest_is_not_read_again_to_be_turned_round() -> None:
    """Only what is missing is read the other way, also after rows that are kept were handed out."""
    fake, selection = Fake(spread(1000), ignore_ascending=True), Selection(oldest_first=True)
    async with client(fake) as conversations:
        await everything(conversations, Selection(until=NOW - DAY))
        sent = fake.pages
        page = await conversations.first(selection)
        assert (ids(page.rows), fake.pages) == (ids(fake.rows)[:-101:-1], sent)
        assert ids(await everything(conversations, selection)) == ids(fake.rows)[::-1]
        assert fake.pages <= sent + 4


async def test_a_file_waits_longer_than_the_first_page_of_its_question() -> None:
    """It does not share a first page still to come, which is given up early; nor is one of few rows hasty."""
    fake = Fake(spread(300))
    async with client(fake) as conversations:
        fake.faults = iter([DROP] * 14)
        first, rows = await asyncio.gather(
            conversations.first(Selection()), everything(conversations, Selection()), return_exceptions=True
        )
        assert isinstance(first, Unavailable)
        assert isinstance(rows, list)
        for limit in (1, 50):
            fake.faults = iter([DROP] * 6)
            assert len(await everything(conversations, Selection(), refresh=True, limit=limit)) == 300


async def test_equal_questions_share_one_retrieval() -> None:
    """Readers that ask the same at the same time get the same rows for one set of requests."""
    fake = Fake(spread(3000), latency=0.001)
    async with client(fake) as conversations:
        results = await asyncio.gather(*(everything(conversations, Selection()) for _ in range(4)))
    assert {len(rows) for rows in results} == {3000}
    assert fake.pages <= 30 * 1.4


async def test_one_reader_leaving_does_not_stop_the_other() -> None:
    """A shared retrieval goes on as long as somebody reads."""
    fake = Fake(spread(3000), latency=0.001)
    async with client(fake) as conversations:
        leaving = conversations.retrieve(Selection())
        await anext(aiter(leaving))
        staying = asyncio.create_task(everything(conversations, Selection()))
        await asyncio.sleep(0.002)
        await leaving.aclose()
        assert len(await staying) == 3000


async def test_unreadable_rows_are_counted() -> None:
    """Rows without an id or a time are missing from the list, and the retrieval says how many."""
    fake = Fake(spread(40))
    body = found({"conversations": [*fake.rows, {"agent_id": "x"}, None], "has_more": False})
    fake.override = lambda _: body
    async with client(fake) as conversations:
        assert (await conversations.first(Selection())).unplaced == 2
        async with conversations.retrieve(Selection(), refresh=True) as retrieval:
            assert sum([len(batch) async for batch in retrieval]) == 40
            assert len(retrieval.feed.unplaced) == 2


async def test_unreadable_rows_are_told_every_time() -> None:
    """A page with unreadable rows is not remembered as complete: the next answer says so again."""
    fake = Fake(spread(40))
    body = found({"conversations": [*fake.rows, None], "has_more": False})
    fake.override = lambda _: body
    async with client(fake) as conversations:
        for _ in range(2):
            assert (await conversations.first(Selection())).unplaced == 1
            async with conversations.retrieve(Selection()) as retrieval:
                assert sum([len(batch) async for batch in retrieval]) == 40
                assert len(retrieval.feed.unplaced) == 1


async def test_an_impossible_time_is_not_asked() -> None:
    """A selection that ends before it begins is empty without a request."""
    fake = Fake(spread(40))
    async with client(fake) as conversations:
        page = await conversations.first(Selection(since=NOW, until=NOW))
        assert (page.rows, page.complete) == ((), True)
        assert await everything(conversations, Selection(since=NOW, until=NOW - 5)) == []
    assert not fake.requests


async def test_closing_the_client_ends_its_retrievals() -> None:
    """A reader of a closed client is not left waiting."""
    fake = Fake(spread(3000), latency=0.01)
    conversations = client(fake)
    retrieval = conversations.retrieve(Selection())
    await anext(aiter(retrieval))
    reading = asyncio.create_task(everything_of(retrieval))
    await asyncio.sleep(0.005)
    await conversations.aclose()
    await asyncio.wait_for(asyncio.wait([reading]), 1)
    assert fake.in_flight == 0


async def everything_of(retrieval: Any) -> list[Conversation]:
    """Read a retrieval to its end."""
    return [row async for batch in retrieval for row in batch]


async def keep_nothing(_since: int | None, _until: int | None, _rows: list[Conversation]) -> None:
    """Keep nothing of what is complete."""


async def test_a_slow_reader_bounds_what_is_fetched() -> None:
    """Memory stays flat: without anybody taking rows, fetching stops some way ahead of the reader."""
    fake = Fake(spread(6000))
    async with client(fake) as conversations:

        async def produce(feed: SharedRows) -> None:
            transport, pieces = conversations._transport, [Piece(None, None)]
            await ParallelFetch(transport, Selection(), pieces, feed, keep=keep_nothing, ahead=1000).run()

        feed = SharedRows(produce, as_of=NOW)
        retrieval = Retrieval(lambda: feed, NOW)
        await anext(aiter(retrieval))
        await asyncio.sleep(0.3)
        assert feed.seen <= 3000
        assert 100 + len(await everything_of(retrieval)) == 6000


def test_clock_is_only_a_guess() -> None:
    """Rows far older or newer than any guess are found all the same."""

    async def ask() -> list[Conversation]:
        rows = [row(number, start) for number, start in enumerate([5, 1_000, NOW + 10 * DAY] + [7] * 150)]
        async with client(Fake(rows), clock=Clock()) as conversations:
            newest = await everything(conversations, Selection())
            oldest = await everything(conversations, Selection(oldest_first=True))
            assert sorted(ids(newest)) == sorted(ids(oldest))
            return newest

    assert len(asyncio.run(ask())) == 153
