"""The laws of the archive: it decides filters as the API does, and says complete only what is."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.archive.tables import conditions
from bot.demo.elevenlabs import Dataset, Record, Summary, elevenlabs_app
from bot.elevenlabs.errors import ElevenLabsError
from bot.elevenlabs.kept_rows import FRESH, LAST_KNOWN, Piece
from bot.elevenlabs.request import first_requests
from bot.model import Conversation, Selection
from bot.report.groups import GROUPS, Group, LocalTime
from bot.report.report_table import GroupedCalls, OverviewCalls
from tests.archive.keeping import Keeping, keeping
from tests.demo.elevenlabs_direct import Direct
from tests.elevenlabs.asking import NOW, Clock
from tests.elevenlabs.fake import DROP, Fake, row
from tests.laws import law
from tests.query.test_filters_on_rows import DATASETS, QUESTIONS, START, asked_of, returned
from tests.report.rows import CHANGES, ZONES, calls

DAY = 86_400
WHOLE = Selection()
DECIDED = {
    *("agent", "result", "source", "branch", "version", "duration", "rating", "lang", "ended", "tool", "tag")
}


@law(3)
@given(DATASETS)
def test_the_archive_decides_filters_as_the_api_does(summaries: list[Summary]) -> None:
    """For every question whose parameters rows decide, both give the same rows."""
    for number, summary in enumerate(summaries):
        summary.conversation_id = f"conv_{number}"
    dataset = Dataset([Record(row=summary) for summary in summaries])
    client = Direct(dataset)
    rows = list(returned(client, ()).values())
    expected = {
        (key, selection.params): set(returned(client, first_requests(selection)[0].params))
        for key, text in QUESTIONS
        if conditions((selection := Selection(params=asked_of(text).selection().params)).params) is not None
    }
    assert {key for key, _ in expected} >= DECIDED

    async def decided() -> dict[tuple[str, Any], set[str]]:
        with tempfile.TemporaryDirectory() as folder:
            clock = Clock(float(START + 3600))
            async with keeping(f"sqlite:///{folder}/bot.db", elevenlabs_app(dataset), clock) as kept:
                assert await kept.archive.lease.take()
                await kept.archive.belong([])
                await kept.archive.put(Selection(), START - 9 * DAY, None, rows, clock.now)
                return {
                    (key, params): {
                        row.conversation_id
                        for _, found in await kept_pieces(kept, Selection(params=params))
                        for row in found
                    }
                    for key, params in expected
                }

    assert asyncio.run(decided()) == expected


def change(fake: Fake, chance: random.Random, clock: Clock) -> None:
    """Let something happen at the server: an arrival, a deletion, a late result."""
    what = chance.randrange(4)
    if what == 0:
        fake.rows.append(web(chance, int(clock.now) - chance.randrange(1, 90), "in-progress"))
    elif what == 1 and fake.rows:
        fake.rows.pop(chance.randrange(len(fake.rows)))
    elif what == 2 and fake.rows:
        chance.choice(fake.rows).update(status="done", rating=chance.randrange(1, 6))


def web(chance: random.Random, start: int, status: str = "done") -> dict[str, Any]:
    """Return a conversation without a carrier's id."""
    number = chance.randrange(10**9)
    return row(number, start, status=status, conversation_initiation_source="widget")


@law(4)
@given(st.integers(0, 10**6))
def test_a_sync_killed_anywhere_loses_and_doubles_nothing(seed: int) -> None:
    """Faults, arrivals, deletions and kills at random: what is called complete is what the server has or had.

    After a last sync that is left alone, it is what the server has.
    """
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(kill_again_and_again(f"sqlite:///{Path(folder) / 'bot.db'}", seed, kills=5))


async def test_the_same_on_postgresql(postgres: str) -> None:
    """Ten kills against PostgreSQL."""
    await kill_again_and_again(postgres, 1, kills=10)


@dataclass
class History:
    """When conversations came to the server and left it, on the clock of the test."""

    starts: dict[str, int] = field(default_factory=dict)
    came: dict[str, float] = field(default_factory=dict)
    left: dict[str, float] = field(default_factory=dict)

    def note(self, fake: Fake, now: float) -> None:
        """Compare with what was there before."""
        there = {item["conversation_id"]: item["start_time_unix_secs"] for item in fake.rows}
        self.starts |= there
        self.came |= dict.fromkeys(there.keys() - self.came.keys(), now)
        self.left |= dict.fromkeys(self.came.keys() - there.keys() - self.left.keys(), now)

    def check(self, piece: Piece, rows: list[str]) -> None:
        """Fail unless a piece holds, once, all that was there at its moment, and nothing that was gone."""
        within = {
            key
            for key, start in self.starts.items()
            if piece.since is not None and piece.until is not None and piece.since <= start < piece.until
        }
        assert len(rows) == len(set(rows))
        assert set(rows) <= within
        for key in within:
            if self.came[key] < piece.as_of and self.left.get(key, math.inf) > piece.as_of:
                assert key in rows or key in self.left
            if self.left.get(key, math.inf) < piece.as_of:
                assert key not in rows


async def kill_again_and_again(url: str, seed: int, *, kills: int) -> None:
    """Begin a sync, change the server, kill it; look at what is said to be complete; at last let it end."""
    clock, history = Clock(), History()
    chance = random.Random(seed)  # noqa: S311 - chance that can be repeated
    fake = Fake([web(chance, NOW - chance.randrange(60, 60 * DAY)) for _ in range(chance.randrange(0, 900))])
    history.note(fake, -math.inf)
    for _ in range(kills):
        clock.now += chance.choice((1, 70, 4000, DAY))
        fake.faults = iter([chance.choice((None, None, None, 500, 429, DROP)) for _ in range(60)])
        async with keeping(url, fake, clock) as kept:
            running = asyncio.create_task(kept.sync.once())
            for _ in range(chance.randrange(1, 25)):
                change(fake, chance, clock)
                history.note(fake, clock.now)
                await asyncio.sleep(chance.random() / 200)
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError, ElevenLabsError):
                await running
            for piece, rows in await kept_pieces(kept):
                history.check(piece, [row.conversation_id for row in rows])
    fake.faults = None
    clock.now += 2 * DAY
    async with keeping(url, fake, clock) as kept:
        await kept.sync.once()
        low, high = int(clock.now) - 90 * DAY + 60, int(clock.now) - 5
        assert {
            row.conversation_id: (row.status, row.rating)
            for _, rows in await kept_pieces(kept)
            for row in rows
        } == {
            item["conversation_id"]: (item["status"], item.get("rating"))
            for item in fake.rows
            if low <= item["start_time_unix_secs"] < high
        }
        pieces = await kept.archive.cover(Selection(), low, high, FRESH)
        assert [piece for piece in pieces if piece.rows is None] == []


async def kept_pieces(kept: Keeping, selection: Selection = WHOLE) -> list[tuple[Piece, list[Conversation]]]:
    """Return what of a selection is called complete, with its rows."""
    return [
        (piece, [row async for batch in piece.rows(oldest_first=False) for row in batch])
        for piece in await kept.archive.cover(selection, None, None, LAST_KNOWN)
        if piece.rows is not None
    ]


ROWS = st.lists(
    st.builds(lambda call, why: replace(call, hiding_reason=why), calls, st.sampled_from((None, "billing"))),
    max_size=20,
)
GROUPED = st.lists(st.sampled_from(list(GROUPS.values())), max_size=2, unique=True)
Case = tuple[list[Conversation], list[Group], str, int]
CASES = st.lists(st.tuples(ROWS, GROUPED, st.sampled_from(ZONES), st.integers(0, 6)), min_size=3, max_size=8)


async def check_sums(database_url: str, cases: list[Case]) -> None:
    """Compare reports from sums of the database with those from rows."""
    since = min(CHANGES) - DAY
    clock = Clock(float(max(CHANGES) + 9 * DAY))
    async with keeping(database_url, elevenlabs_app(Dataset([])), clock) as kept:
        assert await kept.archive.lease.take()
        await kept.archive.belong([])
        for rows, by, zone, first_weekday in cases:
            local = LocalTime(ZoneInfo(zone), first_weekday)
            from_rows, from_sums = GroupedCalls(by, local), GroupedCalls(by, local)
            from_rows.add(rows)
            from_rows.add(rows, wider=True)
            told, told_by_sums = OverviewCalls(local), OverviewCalls(local)
            told.add(rows)
            assert from_sums.sums_by is not None
            await kept.archive.put(WHOLE, since, None, rows, clock.now)
            hidden = 0
            for piece in await kept.archive.cover(WHOLE, since, None, LAST_KNOWN):
                if piece.sums is not None:
                    sums = await piece.sums(from_sums.sums_by) or []
                    from_sums.add_sums(sums)
                    from_sums.add_sums(sums, wider=True)
                    hidden += sum(each.hidden for each in sums)
                    told_by_sums.add_sums({each: await piece.sums(each) or [] for each in told.summaries})
            assert from_sums.found == from_rows.found
            assert from_sums.total == from_rows.total
            assert told_by_sums.worth_hearing() == told.worth_hearing()
            for name in ("reasons", "tools"):
                assert getattr(told_by_sums, name).found == getattr(told, name).found
            called, expected = (
                {agent: name for agent, (_, name) in each.names.items()} for each in (from_sums, from_rows)
            )
            assert called == expected
            assert (from_sums.oldest, from_sums.newest) == (from_rows.oldest, from_rows.newest)
            assert hidden == sum(call.hiding_reason is not None for call in rows)
        await kept.archive.lease.release()


@law(10)
@given(CASES)
def test_a_report_from_sums_is_that_from_rows(cases: list[Any]) -> None:
    """Whatever the rows, the groups and the clock of the zone: the database counts as the report does."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(check_sums(f"sqlite:///{folder}/bot.db", cases))


@law(4, suppress=(HealthCheck.too_slow, HealthCheck.function_scoped_fixture))
@given(cases=CASES)
def test_sums_of_postgresql(postgres: str, cases: list[Any]) -> None:
    """PostgreSQL rounds and divides in ways of its own, to the same sums."""
    asyncio.run(check_sums(postgres, cases))
