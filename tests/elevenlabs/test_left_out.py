"""Rows without a start time, and rows hidden from the key: counted and said, never dropped in silence."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archive.kept_ids import CallIdStore, IdFinder
from bot.archive.tables import Seal
from bot.demo.elevenlabs import Dataset, elevenlabs_app
from bot.demo.elevenlabs.dataset import hide, lose_start
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import BadAnswer
from bot.elevenlabs.wire import decode_page
from bot.model import FAILED, Selection
from bot.store.database import Database
from tests.elevenlabs.asking import NOW, Clock, client, everything, ids
from tests.elevenlabs.fake import Fake, found, row
from tests.elevenlabs.test_wire import page
from tests.laws import law
from tests.serving import serve

DAY = 86_400


def talking_to(url: str) -> Conversations:
    """Return a client of the stand-in."""
    return Conversations(api_key="sample-key", base_url=url, wait_scale=0.01, clock=Clock())


@pytest.mark.parametrize("oldest_first", [False, True])
async def test_rows_without_a_start_time_are_counted_once(oldest_first: bool) -> None:
    """However pages and windows overlap, each is counted once, in each answer; all others are there."""
    data = Dataset.generate(3000, 5, NOW, skew="second")
    lost = [record.row.conversation_id for record in list(data)[5::97]]
    for record in data:
        if record.row.conversation_id in lost:
            lose_start(record)
    app = elevenlabs_app(data, empty_last_page=True)
    whole = Selection(oldest_first=oldest_first)
    async with serve(app) as url, talking_to(url) as api:
        await api.first(whole)
        for refresh in (False, False, True):
            async with api.retrieve(whole, refresh=refresh) as retrieval:
                rows = [row async for batch in retrieval for row in batch]
                assert len(retrieval.feed.unplaced) == len(lost)
            assert sorted([*ids(rows), *lost]) == sorted(record.row.conversation_id for record in data)


async def test_a_page_of_nothing_else_does_not_end_the_export() -> None:
    """The last page of a window, or the only one, may hold nothing that can be placed."""
    data = Dataset.generate(260, 5, NOW)
    for record in list(data)[:60]:
        lose_start(record)
    async with serve(elevenlabs_app(data)) as url, talking_to(url) as api:
        async with api.retrieve(Selection()) as retrieval:
            assert sum([len(batch) async for batch in retrieval]) == 200
            assert len(retrieval.feed.unplaced) == 60
        oldest = list(data)[:40]
        until = oldest[-1].row.start_time_unix_secs
        first = await api.first(Selection(until=until))
        assert (first.rows, first.complete) == ((), True)
        assert first.unplaced >= 39


async def test_a_first_page_ends_with_a_page_that_holds_rows() -> None:
    """Rows that are left out make it neither take another request nor end before there are any."""
    for left_out, requests in ((2, 1), (100, 2), (101, 2)):
        rows = [row(number, NOW - DAY - number) for number in range(300)]
        fake = Fake(rows)

        def lose(query: dict[str, list[str]], fake: Fake = fake, left_out: int = left_out) -> Any:
            begin = int(query.get("cursor", ["0"])[0])
            sent = fake.rows[begin : begin + 100]
            page = [
                {**each, "start_time_unix_secs": None} if begin + at < left_out else each
                for at, each in enumerate(sent)
            ]
            more = begin + 100 < len(fake.rows)
            return found(
                {"conversations": page, "next_cursor": str(begin + 100) if more else None, "has_more": more}
            )

        fake.override = lose
        async with client(fake) as api:
            page = await api.first(Selection())
            assert (bool(page.rows), fake.pages, page.unplaced) == (True, requests, left_out)


@given(
    stretches=st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=12),
    size=st.sampled_from([1, 3, 10, 100]),
    oldest_first=st.booleans(),
    inclusive=st.booleans(),
)
@law(30)
def test_nothing_is_lost_without_a_word(
    stretches: list[tuple[int, bool]], size: int, oldest_first: bool, inclusive: bool
) -> None:
    """Rows that come, and rows that are told to be missing, are together all: cold, warm and narrower."""
    starts = itertools.accumulate(-37 * length for length, _ in stretches)
    rows = [row(number, NOW - 9000 + start) for number, start in enumerate(starts)]
    broken = {f"conv_{number:06d}" for number, (_, lost) in enumerate(stretches) if lost}

    class Losing(Fake):
        """Knows when its rows began, and does not say it of some."""

        def _list(self, query: dict[str, list[str]]) -> Any:
            status, body, headers = super()._list(query)
            for name in broken:
                at = body.find(name.encode())
                if at >= 0:
                    key = body.find(b'"start_time_unix_secs": ', at)
                    end = body.find(b",", key)
                    body = body[:key] + b'"start_time_unix_secs": null' + body[end:]
            return status, body, headers

    async def ask() -> None:
        fake = Losing(rows, largest_page=size, after_inclusive=inclusive, before_inclusive=not inclusive)
        async with client(fake) as api:
            for selection in (
                Selection(oldest_first=oldest_first),
                Selection(),
                Selection(until=rows[0]["start_time_unix_secs"]),
                Selection(oldest_first=oldest_first),
            ):
                wanted = {
                    each["conversation_id"]
                    for each in rows
                    if selection.until is None or each["start_time_unix_secs"] < selection.until
                }
                async with api.retrieve(selection) as retrieval:
                    got = {each.conversation_id async for batch in retrieval for each in batch}
                    assert got == wanted - broken
                    assert len(retrieval.feed.unplaced) >= len(wanted & broken)
                    assert len(retrieval.feed.unplaced) <= len(broken)

    asyncio.run(ask())


def test_rows_without_an_id_are_told_apart_by_their_place() -> None:
    """Two of them on a page are two; the same page again adds none; a page full of nothing else is none."""
    one, two = {"conversation_id": "conv_1", "start_time_unix_secs": NOW}, None
    body = page(one, two, two, {**one, "conversation_id": "conv_2"}, two, {"agent_id": "x"})
    assert len(decode_page(body).unplaced) == 4
    assert decode_page(body).unplaced == decode_page(body).unplaced
    lost = page({"conversation_id": "conv_3", "start_time_unix_secs": None}, next_cursor="c", has_more=True)
    assert decode_page(lost).unplaced == {"conv_3"}
    assert decode_page(lost).next_cursor == "c"
    alone = {"start_time_unix_secs": NOW}
    assert len(decode_page(page(alone, alone)).unplaced) == 2
    nothings = page(two, two), page({"agent_id": "x"}), page({"conversation_id": 7}), page(*[alone] * 100)
    for nothing in nothings:
        with pytest.raises(BadAnswer):
            decode_page(nothing)


async def test_a_search_says_what_it_had_to_leave_out() -> None:
    """A hit whose row, or whose time, cannot be had is counted."""
    rows = [row(number, NOW - 2 * DAY - number) for number in range(4)]
    hits: list[dict[str, Any]] = [
        {
            "conversation_id": each["conversation_id"],
            "conversation_start_time_unix_secs": each["start_time_unix_secs"],
        }
        for each in rows
    ]
    hits[2]["conversation_start_time_unix_secs"] = None
    hits += [{"conversation_id": "conv_000009"}]
    sent = [rows[0], {**rows[1], "start_time_unix_secs": None}, rows[2], rows[3]]
    fake = Fake(rows, hits=hits)
    fake.override = lambda _: found({"conversations": sent, "has_more": False})
    async with client(fake) as api:
        for _ in range(2):
            async with api.retrieve(Selection(texts=("refund",))) as retrieval:
                listed = [each async for batch in retrieval for each in batch]
                assert ids(listed) == ["conv_000000", "conv_000002", "conv_000003"]
                assert len(retrieval.feed.unplaced) == 2


async def test_hidden_rows_are_listed_and_not_asked_for(tmp_path: Path) -> None:
    """A row with hiding_reason is a row; its detail is never asked, and that is not a failed look-up."""
    data = Dataset.generate(250, 5, NOW, odd=False)
    phones = [record for record in data if record.phone is not None and record.row.status == "done"]
    for record in phones[:7]:
        hide(record)
    app = elevenlabs_app(data)
    async with serve(app) as url, talking_to(url) as api:
        rows = await everything(api, Selection())
        hidden = [each for each in rows if each.hiding_reason is not None]
        assert sorted(ids(hidden)) == sorted(record.row.conversation_id for record in phones[:7])
        await (database := Database(f"sqlite:///{tmp_path}/ids.db")).create_tables()
        finder = IdFinder(api, CallIdStore(database, Clock(), seal=Seal(b"secret", "key")))
        for _ in range(2):
            given_ids = await finder.find(hidden)
            assert set(given_ids.values()) == {FAILED}
        assert await finder.find(hidden, within=1.0) == given_ids
        assert not app.state.requests.details()
        database.close()
