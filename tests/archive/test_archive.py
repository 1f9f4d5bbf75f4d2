"""What was read once is answered from the database, and is true again after each reading."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.answers.matching_rows import CsvProgress, write_rows
from bot.answers.report_answer import ReportReading
from bot.archive.archive_state import Lease
from bot.archive.kept_ids import IdFinder
from bot.demo.elevenlabs import Dataset, elevenlabs_app
from bot.elevenlabs.errors import ElevenLabsError, Unavailable
from bot.model import IdState, Selection
from bot.query import parse
from bot.report.report_table import csv_rows
from bot.store.database import Database
from bot.tally import SumsBy
from tests.archive.keeping import keeping
from tests.elevenlabs.asking import NOW, Clock, everything, ids
from tests.elevenlabs.fake import Fake, row

DAY = 86_400
MONTH = Selection(since=NOW - 30 * DAY)


def listed(dataset: Dataset, selection: Selection = MONTH) -> set[str]:
    """Return by brute force which conversations a selection without filters means."""
    return {
        record.row.conversation_id
        for record in dataset
        if record.row.start_time_unix_secs >= (selection.since or 0)
    }


async def test_a_month_after_one_sync_costs_next_to_nothing(database_url: str) -> None:
    """800 calls: after a sync the last 30 days are one request, with every call id and no detail."""
    clock, dataset = Clock(), Dataset.generate(800, now=NOW)
    app = elevenlabs_app(dataset, clock=clock)
    async with keeping(database_url, app, clock) as kept:
        await kept.sync.once()
        assert (await kept.archive.state()).rows == len(listed(dataset, Selection(since=NOW - 90 * DAY + 60)))
    clock.now += 600
    for _ in range(3):
        dataset.arrive(int(clock.now))
    async with keeping(database_url, app, clock) as kept:
        app.state.requests.clear()
        await kept.client.first(MONTH)
        rows = await everything(kept.client, MONTH)
        assert set(ids(rows)) == listed(dataset)
        assert len(rows) == len(set(ids(rows)))
        found = await IdFinder(kept.client, kept.ids).find(rows)
        paths = [request.path for request in app.state.requests]
        assert sum(path.endswith("/conversations") for path in paths) <= 4
        assert len(paths) <= 4 + 25
        for record in dataset:
            if (
                record.row.conversation_id in found
                and record.phone is not None
                and record.row.status == "done"
            ):
                assert found[record.row.conversation_id].state is IdState.FOUND
                phone = found[record.row.conversation_id].phone
                assert phone is not None
                assert phone.call_sid == record.phone.call_sid


async def test_statuses_not_known_yet_do_not_cost_a_request_each(sqlite: str) -> None:
    """Seconds that are not kept, with few kept rows between them, are asked as one stretch."""
    clock = Clock()
    rows = [web_row(number, NOW - 3 * 3600 - 600 * number) for number in range(900)]
    fake = Fake([{**each, "status": "done" if number % 3 else "new"} for number, each in enumerate(rows)])
    async with keeping(sqlite, fake, clock) as kept:
        await kept.sync.once()
        clock.now += 600
        fake.requests.clear()
        assert ids(await everything(kept.client, MONTH)) == [each["conversation_id"] for each in rows]
        assert fake.pages <= 20


async def test_a_page_without_any_id_does_not_end_a_sync(sqlite: str) -> None:
    """The last page has one row, without its id: all others are kept, and it is counted."""
    fake = Fake([web_row(number, NOW - 600 * number) for number in range(101)])
    fake.rows[-1]["conversation_id"] = None
    async with keeping(sqlite, fake, Clock()) as kept:
        await kept.sync.once()
        assert len(kept.sync.progress.unplaced) == 1
        assert len(await everything(kept.client, MONTH)) == 100


async def test_what_changed_and_what_was_deleted_is_right_after_the_next_sync(database_url: str) -> None:
    """A late rating, a deletion weeks back and one of today: all three are as they are, minutes later."""
    clock, dataset = Clock(), Dataset.generate(600, now=NOW)
    async with keeping(database_url, elevenlabs_app(dataset, clock=clock), clock) as kept:
        await kept.sync.once()
        old, gone, newest = [record.row for record in list(dataset)[-100:-98]] + [list(dataset)[-2].row]
        old.rating = 1.0
        dataset.remove(gone.conversation_id)
        dataset.remove(newest.conversation_id)
        clock.now += 120
        await kept.sync.once()
        rows = {row.conversation_id: row for row in await everything(kept.client, MONTH)}
        assert newest.conversation_id not in rows
        assert gone.conversation_id not in rows
        assert rows[old.conversation_id].rating == 1.0
        assert gone.conversation_id not in await kept.ids.get([gone.conversation_id])


async def test_a_sync_that_was_interrupted_goes_on(sqlite: str) -> None:
    """What it had read again before it was interrupted is not read a third time; the next one reads all."""
    clock = Clock()
    fake = Fake([web_row(number, NOW - 3 * 3600 - 600 * number) for number in range(1800)])
    async with keeping(sqlite, fake, clock) as kept:
        await kept.sync.once()
        whole = fake.pages
        clock.now += 120
        fake.requests.clear()
        fake.override = lambda _: (401, b"{}", {}) if fake.pages > whole * 4 // 5 else None
        with pytest.raises(ElevenLabsError):
            await kept.sync.once()
        fake.override = None
        for pages, at_least in ((whole - 5, 1), (2 * whole, whole - 2)):
            clock.now += 120
            fake.requests.clear()
            await kept.sync.once()
            assert at_least <= fake.pages <= pages


@pytest.mark.parametrize("later", [5, 60, 600])
async def test_a_first_page_is_whole_whatever_the_archive_lacks(sqlite: str, later: int) -> None:
    """Few of the kept rows match, and there are gaps between them, before them and after them."""
    clock, dataset = Clock(), Dataset.generate(1500, now=NOW)
    app = elevenlabs_app(dataset, clock=clock)
    async with keeping(sqlite, app, clock) as kept:
        await kept.sync.once()
        clock.now += later
        now = datetime.fromtimestamp(clock.now, UTC)
        for text in (
            "lang:de duration:>120",
            "unknown calls",
            "german calls last 80 days",
            "failed calls rated 1",
            "failed calls rated 1 oldest first",
            "calls rated 1 to 2 in the last 200 days",
        ):
            selection = parse(text, now=now).query.selection()
            expected = ids(await everything(kept.client, selection, refresh=True))
            app.state.requests.clear()
            page = await kept.client.first(selection)
            assert (ids(page.rows), page.complete) == (expected[:100], len(expected) <= 100), text
            assert len(app.state.requests) <= 3, text


async def test_a_report_is_summed_where_calls_are_kept(database_url: str) -> None:
    """Only the newest calls are read, and the table is that of reading everything from ElevenLabs."""
    clock, dataset = Clock(), Dataset.generate(600, now=NOW)
    async with keeping(database_url, elevenlabs_app(dataset, clock=clock), clock) as kept:
        await kept.sync.once()
        clock.now += 600
        for _ in range(3):
            dataset.arrive(int(clock.now))
        by = SumsBy(("agent_id",))
        retrieval = kept.client.retrieve(MONTH, summaries=(by,))
        read = [row async for batch in retrieval for row in batch]
        assert 3 <= len(read) < 100
        assert len(read) + sum(each.tally.calls for each in retrieval.feed.sums[by]) == len(listed(dataset))
        now = datetime.fromtimestamp(clock.now, UTC)
        number = next(each.phone.external_number for each in dataset if each.phone is not None)
        for text in (
            "last 30 days by agent",
            "last 30 days by day compared to the time before",
            "share of failed calls by hour last 30 days",
            "average duration of calls over 1 min by result last 30 days",
            "calls by tool last 30 days",
            "calls mentioning refund last 30 days by agent",
            f"calls from {number} by agent",
        ):
            parsed = parse(text, now=now)
            assert parsed.understood, text
            query = parsed.query
            tables = [
                list(csv_rows((await reading.read()).table))
                for refresh in (False, True)
                for reading in [
                    ReportReading(query, kept.client, now=now, week_start="monday", refresh=refresh)
                ]
            ]
            assert tables[0] == tables[1], text
        overview = parse("overview of the last 20 days", now=now).query
        reading = ReportReading(overview, kept.client, now=now, week_start="monday")
        found = await reading.read()
        assert found.overview is not None
        assert (len(found.overview.worth_hearing()), found.outcome.total > reading.seen) == (3, True)
        progress = CsvProgress()
        counted = parse("how many failed calls last 30 days", now=now).query
        await write_rows(counted, kept.client, IdFinder(kept.client, kept.ids), None, progress)
        failed = [row for row in await everything(kept.client, MONTH) if row.call_successful == "failure"]
        assert progress.read is not None
        assert (progress.read.total, progress.read.final) == (len(failed), True)
        assert progress.rows < 100


def web_row(number: int, start: int, **more: Any) -> dict[str, Any]:
    """Return a conversation without a carrier's id, so that nobody asks for its detail."""
    return row(number, start, conversation_initiation_source="widget", **more)


def dict_of(params: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    """Return parameters as the fake server reads them."""
    return {name: [value] for name, value in params}


async def test_filters_that_rows_decide_cost_the_edge_and_others_all(sqlite: str) -> None:
    """Failed calls come from the archive; a user's, which rows do not name, from the API."""
    clock = Clock()
    fake = Fake([web_row(number, NOW - 3 * 3600 - 600 * number) for number in range(2000)])
    async with keeping(sqlite, fake, clock) as kept:
        await kept.sync.once()
        for params, pages in (
            ((("call_successful", "failure"),), 1),
            ((("agent_id", "agent_1"), ("call_duration_min_secs", "300")), 1),
            ((("call_successful", "failure"), ("user_id", "7")), 8),
        ):
            asked = Selection(since=NOW - 20 * DAY, params=params)
            before = fake.pages
            assert set(ids(await everything(kept.client, asked))) == set(ids(fake.matching(dict_of(params))))
            assert fake.pages - before == pages


async def test_refresh_goes_round_it_and_an_outage_does_not(sqlite: str) -> None:
    """Refresh asks ElevenLabs for everything; while it is down, the archive answers with its age."""
    clock = Clock()
    fake = Fake([web_row(number, NOW - 600 * number) for number in range(300)])
    async with keeping(sqlite, fake, clock) as kept:
        await kept.sync.once()
        fake.requests.clear()
        assert len(await everything(kept.client, Selection(since=NOW - 5 * DAY), refresh=True)) == 300
        assert fake.pages >= 3
        clock.now += 5 * 3600
        fake.override = lambda _: (503, b"", {})
        whole = Selection(since=NOW - 20 * DAY)
        with pytest.raises(Unavailable):
            await kept.client.first(whole)
        page = await kept.client.remembered(whole)
        assert page is not None
        assert len(page.rows) == 100
        assert page.as_of == NOW
        for asked in (whole, replace(whole, oldest_first=True)):
            async with kept.client.retrieve(asked) as retrieval:
                assert len([row async for batch in retrieval for row in batch]) == 299
                assert retrieval.feed.as_of == NOW
        for asked, refresh in ((whole, True), (Selection(), False)):  # what is not kept is not made up
            with pytest.raises(Unavailable):
                await everything(kept.client, asked, refresh=refresh)


async def test_it_fills_by_itself_and_goes_on_in_another_process(database_url: str) -> None:
    """One process of two keeps the archive; when it ends, the other one does."""
    clock, app = Clock(), elevenlabs_app(Dataset.generate(200, now=NOW), clock=Clock())
    async with keeping(database_url, app, clock) as one, keeping(database_url, app, clock) as other:
        for kept, idle in ((one, other), (other, one)):
            running = asyncio.create_task(kept.sync.keep())
            async with asyncio.timeout(60):
                while (await kept.archive.state()).rows < 199:  # noqa: ASYNC110 - a figure
                    await asyncio.sleep(0.05)
            assert not await idle.archive.lease.take()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await kept.archive.empty()


async def test_another_accounts_key_empties_it_and_a_new_key_of_the_same_does_not(sqlite: str) -> None:
    """Rows of other agents are never shown under a key that does not own them, not even once."""
    clock = Clock()
    ours, theirs = (
        Dataset.generate(50, now=NOW),
        Dataset([msgspec.structs.replace(record) for record in Dataset.generate(20, 9, now=NOW)]),
    )
    for record in theirs:
        record.row.agent_id = f"{record.row.agent_id}_other"
    theirs = Dataset(list(theirs))
    async with keeping(sqlite, elevenlabs_app(ours, clock=clock), clock) as kept:
        await kept.sync.once()
        assert (await kept.archive.state()).rows
    app = elevenlabs_app(ours, api_key="sample-new", clock=clock)
    async with keeping(sqlite, app, clock, key="sample-new") as kept:
        assert (await kept.client.remembered(Selection(since=NOW - DAY))) is None  # not known to be ours yet
        before = (await kept.archive.state()).rows
        await kept.sync.once()
        assert (await kept.archive.state()).rows == before
    app = elevenlabs_app(theirs, api_key="sample-other", clock=clock)
    async with keeping(sqlite, app, clock, key="sample-other") as kept:
        await kept.sync.once()
        rows = await everything(kept.client, Selection(since=NOW - 90 * DAY))
        assert set(ids(rows)) == listed(theirs, Selection(since=NOW - 90 * DAY))


async def test_ids_that_cannot_be_read_are_told_apart(sqlite: str) -> None:
    """A call of which nothing readable is said stays without ids; the sync ends, and says how many."""
    fake, clock = Fake([row(1, NOW - DAY), row(3, NOW - 2 * DAY)]), Clock()
    for name, phone in (("conv_000001", {}), ("conv_000003", {"type": "twilio", "call_sid": "CA3"})):
        fake.details[name] = {"conversation_id": name, "status": "done", "metadata": {"phone_call": phone}}
    async with keeping(sqlite, fake, clock) as kept:
        await kept.sync.once()
        assert (kept.sync.progress.ids_failed, (await kept.archive.state()).without_ids) == (1, 1)


async def test_what_is_too_old_goes_and_none_is_kept_where_none_is_wanted(database_url: str) -> None:
    """ARCHIVE_DAYS bounds what is kept; with 0 nothing is left."""
    clock, dataset = Clock(), Dataset.generate(300, now=NOW)
    app = elevenlabs_app(dataset, clock=clock)
    async with keeping(database_url, app, clock) as kept:
        await kept.sync.once()
    async with keeping(database_url, app, clock, days=7) as kept:
        await kept.sync.once()
        state = await kept.archive.state()
        assert state.oldest is not None
        assert state.oldest >= NOW - 7 * DAY
        assert 0 < state.rows < 60
        await kept.archive.empty()
        assert (await kept.archive.state()).rows == 0


async def test_stopped_while_it_takes_the_lease_a_process_leaves_it_free(sqlite: str) -> None:
    """What its thread writes a moment after the stop is taken back, too."""
    clock, app = Clock(), elevenlabs_app(Dataset.generate(20, now=NOW), clock=Clock())
    async with keeping(sqlite, app, clock) as one, keeping(sqlite, app, clock) as other:
        for turns in range(8):
            running = asyncio.create_task(one.sync.once())
            for _ in range(turns):
                await asyncio.sleep(0)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await asyncio.sleep(0.02)  # that moment
            assert await other.archive.lease.take()
            await other.archive.lease.release()


async def test_one_process_keeps_it_and_another_takes_over(database_url: str) -> None:
    """Two processes: only one has the lease; once it is given back, or its process is no more, the other."""
    clock, app = Clock(), elevenlabs_app(Dataset.generate(20, now=NOW), clock=Clock())
    async with keeping(database_url, app, clock) as one, keeping(database_url, app, clock) as other:
        assert await one.archive.lease.take()
        assert not await other.archive.lease.take()
        assert await one.archive.lease.take()
        await one.archive.lease.release()
        assert await other.archive.lease.take()
        assert not await one.archive.lease.take()


async def test_a_lease_is_given_back_only_if_the_database_is_there(tmp_path: Path) -> None:
    """Who ends while it is away does not wait for it: the lease runs out by itself."""
    lease = Lease(Database(f"sqlite:///{tmp_path}/absent/bot.db"), "one-1-a")
    await asyncio.wait_for(lease.release(), 10)
