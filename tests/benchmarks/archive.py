"""A million conversations in a database: how fast they are listed and grouped, and what they take."""

from __future__ import annotations

import asyncio
import random
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from statistics import median
from zoneinfo import ZoneInfo

import httpx
import sqlalchemy as sa

from bot.answers.matching_rows import CsvProgress, write_rows
from bot.answers.report_answer import ReportReading
from bot.archive.archive_state import KeptAccount, hash_key
from bot.archive.archive_sync import ArchiveSync
from bot.archive.archived_rows import Archive
from bot.archive.kept_ids import CallIdStore, IdFinder
from bot.csv_export import COLUMNS, CsvWriter
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.kept_rows import FRESH
from bot.model import SITE, CallIds, Conversation, IdState, PhoneCall, Selection
from bot.query import parse
from bot.report.groups import GROUPS, LocalTime
from bot.report.measures import MEASURES
from bot.report.report_table import GroupedCalls, ReportTable, csv_rows
from bot.store.database import Database
from bot.store.processes import new_executor_id
from tests.benchmarks.measures import KEY, Result

YEAR = 365 * 86_400
MONTH = 30 * 86_400
PUT = 2000
PAIRS = 9
SUMMARY = (
    "The caller asked about a late delivery. The agent looked up the order, explained the delay and offered "
    "a refund of the shipping costs, which the caller accepted. A confirmation was sent by text message."
)


def made_up(number: int, start: int, chance: random.Random) -> Conversation:
    """Return a conversation with fields as long as the API's are."""
    agent = int(chance.random() ** 3 * 50)
    return Conversation(
        conversation_id=f"conv_{number:026x}",
        agent_id=f"agent_{agent:026x}",
        agent_name=f"Support team {agent}",
        start_time_unix_secs=start,
        call_duration_secs=chance.randrange(900),
        message_count=chance.randrange(40),
        status="done",
        call_successful=chance.choice(("success", "success", "success", "failure", "unknown")),
        direction="inbound",
        conversation_initiation_source=chance.choice(("twilio", "widget", "sip_trunk")),
        main_language=chance.choice(("en", "de", "fr")),
        rating=chance.choice((None, None, None, 1.0, 4.0, 5.0)),
        termination_reason=chance.choice(("Client disconnected: 1000", "end_call tool was called")),
        call_summary_title="Late delivery and refund",
        transcript_summary=SUMMARY,
        tool_names=("lookup_order", "end_call"),
        cost=float(chance.randrange(600)),
        cost_fiat=chance.random(),
    )


def made_up_ids(number: int) -> CallIds:
    """Return the ids of a phone call, as long as a carrier's are."""
    sid, numbers = f"CA{number:032x}", f"{number % 50_000:032x}"
    phone = PhoneCall(
        phone_provider="twilio",
        call_id=sid,
        call_sid=sid,
        direction="inbound",
        agent_number="(+49) •••••4567",
        external_number="(+49) •••••1234",
        agent_number_hash=f"{number % 50:032x}",
        external_number_hash=numbers,
        region="DE",
    )
    return CallIds(IdState.FOUND, phone)


@asynccontextmanager
async def filled(url: str, rows: int, now: int) -> AsyncIterator[tuple[Archive, CallIdStore]]:
    """Yield an archive with `rows` conversations of the last year, with the ids of a month."""
    database = Database(url)
    await database.create_tables()
    account = KeptAccount(await hash_key(database), "key", base_url="", site=SITE, masked=True)
    archive = Archive(database, lambda: now, holder=new_executor_id(), days=400, account=account)
    ids = CallIdStore(database, lambda: now, seal=None)
    await archive.lease.take()
    await archive.belong([])
    chance = random.Random(1)  # noqa: S311 - the same each time
    step = YEAR / rows
    for first in range(0, rows, PUT):
        part = [made_up(n, int(now - 9000 - n * step), chance) for n in range(first, min(first + PUT, rows))]
        since = int(now - 9000 - (first + PUT) * step) + 1
        until = int(now - 9000 - first * step) + 1
        await archive.lease.take()
        if since > now - MONTH - PUT * step:
            phone = [(n, row) for n, row in enumerate(part, first) if row.may_be_phone]
            await ids.put({row.conversation_id: made_up_ids(n) for n, row in phone})
        await archive.put(Selection(), since, until, part, now)
    await archive.analyze()
    try:
        yield archive, ids
    finally:
        database.close()


async def read(
    archive: Archive, selection: Selection, limit: int | None
) -> AsyncIterator[list[Conversation]]:
    """Give the rows of a selection in batches, as the client does, up to a limit."""
    count = 0
    for piece in await archive.cover(selection, selection.since, selection.until, FRESH):
        if piece.rows is None:
            continue
        async for batch in piece.rows(oldest_first=False):
            yield batch
            count += len(batch)
            if limit is not None and count >= limit:
                return


async def _timed(archive: Archive, selection: Selection, limit: int | None) -> tuple[float, int]:
    began, count = time.perf_counter(), 0
    async for batch in read(archive, selection, limit):
        count += len(batch)
    return time.perf_counter() - began, count


async def _summed(archive: Archive, selection: Selection, key: str, now: int) -> float:
    """Return the seconds that a report by one group takes, up to its table."""
    began = time.perf_counter()
    grouped = GroupedCalls([GROUPS[key]], LocalTime(ZoneInfo("Europe/Berlin")))
    assert grouped.sums_by is not None
    for piece in await archive.cover(selection, selection.since, selection.until, FRESH):
        if piece.sums is not None:
            grouped.add_sums(await piece.sums(grouped.sums_by) or [])
    list(csv_rows(ReportTable(show=(MEASURES["calls"],), current=grouped, since=now - YEAR, until=now)))
    return time.perf_counter() - began


async def _overview(archive: Archive, now: int) -> float:
    """Return the seconds that an overview over a year takes."""
    http = httpx.MockTransport(lambda _: httpx.Response(200, json={"conversations": [], "has_more": False}))
    async with Conversations(api_key=KEY, clock=lambda: now, http=http, archive=archive) as client:
        moment = datetime.fromtimestamp(now, UTC)
        query = parse("overview of the last 365 days", now=moment).query
        began = time.perf_counter()
        await ReportReading(query, client, now=moment, week_start="monday").read()
        return time.perf_counter() - began


async def _filed(archive: Archive, ids: CallIdStore, now: int) -> tuple[float, int, int]:
    """Return the seconds that the file of a month takes, its rows, and the requests for details."""
    details = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal details
        details += not request.url.path.endswith("/conversations")
        return httpx.Response(200, json={"conversations": [], "has_more": False})

    http = httpx.MockTransport(answer)
    async with Conversations(api_key=KEY, clock=lambda: now, http=http, archive=archive) as client:
        query = parse("last 30 days", now=datetime.fromtimestamp(now, UTC)).query
        began = time.perf_counter()
        with tempfile.TemporaryFile() as out:
            writer = CsvWriter(out, UTC, COLUMNS)
            await write_rows(query, client, IdFinder(client, ids), writer, CsvProgress())
        return time.perf_counter() - began, writer.rows, details


async def _measured(url: str, rows: int) -> list[Result]:
    now, kind = int(time.time()), url.partition(":")[0]
    began = time.perf_counter()
    async with filled(url, rows, now) as (archive, ids):
        filling = time.perf_counter() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        agent = Selection(params=(("agent_id", f"agent_{49:026x}"),))
        failed = Selection(since=now - YEAR, params=(("call_successful", "failure"),))
        year = Selection(since=now - 2 * YEAR)
        listed, _ = await _timed(archive, failed, 100)
        ten, _ = await _timed(archive, agent, 10)
        whole, count = await _timed(archive, year, None)
        began = time.perf_counter()
        grouped = GroupedCalls([GROUPS["agent"]], LocalTime(ZoneInfo("UTC")))
        async for batch in read(archive, year, None):
            grouped.add(batch)
        report = time.perf_counter() - began
        summed = [(key, await _summed(archive, year, key, now)) for key in ("agent", "day", "hour", "tool")]
        overview = await _overview(archive, now)
        bare = await _bare(archive._database)
        file, filed, details = await _filed(archive, ids, now)
        size = await _size(archive._database, url)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    return [
        Result(f"{kind}: {count:,} rows, list of 100 failed", listed, "s", at_most=0.3),
        Result(f"{kind}: ten newest of one agent", ten * 1000, "ms", at_most=50),
        *(
            Result(f"{kind}: report by {key} over a year", secs, "s", at_most=2 if key == "agent" else None)
            for key, secs in summed
        ),
        Result(f"{kind}: overview over a year", overview, "s"),
        Result(f"{kind}: GROUP BY agent and nothing else", bare, "s", note="how fast the machine is now"),
        Result(f"{kind}: file of a month, {filed:,} rows", file, "s", at_most=10),
        Result(f"{kind}: requests for details for it", details, "", at_most=0),
        Result(f"{kind}: by agent from every row", report, "s"),
        Result(f"{kind}: every row read", whole, "s"),
        Result(f"{kind}: size", size / 2**20, "MB", at_most=1000),
        Result(f"{kind}: memory that reading takes", grown, "MB", at_most=300),
        Result(f"{kind}: filling, in puts of {PUT} rows", filling, "s"),
    ]


async def _bare(database: Database) -> float:
    began = time.perf_counter()
    statement = "SELECT agent_id, count(*) FROM conversations GROUP BY agent_id"
    await database.run(lambda found: found.execute(sa.text(statement)).all())
    return time.perf_counter() - began


async def _size(database: Database, url: str) -> int:
    size = "page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    if not url.startswith("sqlite"):
        size = "pg_database_size(current_database())"
    return int(await database.run(lambda found: found.execute(sa.text(f"SELECT {size}")).scalar_one()))


def archived(url: str, rows: int) -> Iterator[Result]:
    """Measure an archive in a database."""
    yield from asyncio.run(_measured(url, rows))


async def _while_it_fills(url: str, database_url: str) -> list[tuple[float, float]]:
    """Return the seconds of a first list alone, and right after it while the archive fills: medians."""
    database = Database(database_url)
    await database.create_tables()
    account = KeptAccount(await hash_key(database), KEY, base_url=url, site=SITE, masked=True)
    archive = Archive(database, time.time, holder=new_executor_id(), days=90, account=account)
    ids = CallIdStore(database, time.time, seal=None)

    async def asked(conversations: Conversations) -> float:
        began = time.perf_counter()
        await conversations.first(Selection(), refresh=True)
        return time.perf_counter() - began

    pairs = []
    try:
        async with Conversations(api_key=KEY, base_url=url, archive=archive) as conversations:
            await asked(conversations)
            for _ in range(PAIRS):
                alone = median([await asked(conversations) for _ in range(5)])
                filling = asyncio.create_task(ArchiveSync(archive, ids, conversations, time.time).keep())
                await asyncio.sleep(3)  # it has begun, and fills
                pairs.append((alone, median([await asked(conversations) for _ in range(5)])))
                filling.cancel()
                await asyncio.gather(filling, return_exceptions=True)
    finally:
        database.close()
    return pairs


def while_it_fills(url: str, database_url: str) -> Iterator[Result]:
    """Measure what a person notices of an archive that fills."""
    pairs = asyncio.run(_while_it_fills(url, database_url))
    ratio = median(beside / alone for alone, beside in pairs)
    alone, beside = (median(each) * 1000 for each in zip(*pairs, strict=True))
    note = f"{PAIRS} pairs, {alone:.0f} ms alone, {beside:.0f} ms beside it"
    yield Result("a first list while the archive fills, to one alone", ratio, "x", at_most=1.1, note=note)
