"""A look, over a fake ElevenLabs: once for all processes, nothing lost, no more than a place can bear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, cast

import msgspec
import pytest

from bot.answers.answer import Request, Services
from bot.answers.telling import MOST_AN_HOUR, Telling
from bot.answers.watcher import Watcher
from bot.elevenlabs.errors import Invalid, Unavailable
from bot.model import Agent, Conversation, SavedQuestion, Selection
from bot.report.alerting import AlertRule, AlertState
from bot.store.database import Database
from bot.store.saved import SavedQuestions, Watches

START = 1_795_000_000.0
EVERY = 60.0


@dataclass
class Calls:
    """ElevenLabs with some calls; `asked` is what was requested of it."""

    rows: dict[str, Conversation] = field(default_factory=dict)
    asked: list[Selection] = field(default_factory=list)
    away: bool = False
    refuses: bool = False
    """Whether it does not look for words."""
    found: tuple[str, ...] = ()
    """Calls in which the words are said that a text search looks for."""

    def add(self, key: str, start: float, **values: Any) -> None:
        fields = {"status": "done", "call_successful": "failure", **values}
        self.rows[key] = Conversation(conversation_id=key, start_time_unix_secs=int(start), **fields)

    async def agents(self, *, refresh: bool = False) -> tuple[Agent, ...]:
        del refresh
        return ()

    def retrieve(self, selection: Selection) -> Reading:
        self.asked.append(selection)
        if self.away:
            raise Unavailable("away")
        if self.refuses and selection.texts:
            raise Invalid("no such text")
        rows = [row for row in self.rows.values() if row.start_time_unix_secs >= (selection.since or 0)]
        if selection.texts:
            rows = [row for row in rows if row.conversation_id in self.found]
        return Reading(rows)


@dataclass
class Reading:
    """Rows as they are read."""

    rows: list[Conversation]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """End."""

    async def __aiter__(self) -> AsyncIterator[list[Conversation]]:
        yield self.rows


@dataclass
class Place:
    """A database, ElevenLabs, and processes that look."""

    database: Database
    calls: Calls = field(default_factory=Calls)
    now: float = START
    told: list[tuple[str, Telling]] = field(default_factory=list)
    """Id of what is watched, and the message."""
    week_start = "monday"
    dies = False
    """Whether a process dies before it records a message."""

    @property
    def meter(self) -> Place:
        return self

    @property
    def conversations(self) -> Calls:
        return self.calls

    def looked(self, _outcome: str, _seconds: float) -> None:
        """Hear of a look."""

    def clock(self) -> float:
        return self.now

    def process(self, name: str) -> Watcher:
        """Start a process."""
        watches = Watches(self.database, name)

        async def start(request: Request) -> None:
            if self.dies:
                raise ConnectionError
            saved = await SavedQuestions(self.database).get(request.watched_id)
            assert saved is not None
            telling = msgspec.json.decode(saved.pending or "", type=Telling)
            assert telling.batch_id == request.answer_id
            if (saved.saved_id, telling) not in self.told:
                self.told.append((saved.saved_id, telling))

        services = _Services(self, watches)
        return Watcher(cast("Services", services), start, every=EVERY)

    async def watch(self, key: str, question: str, **values: Any) -> None:
        saved = SavedQuestion(
            saved_id=key,
            team_id="T1",
            user_id="U1",
            name=key,
            name_key=key,
            texts=(question,),
            tz="UTC",
            since=self.now,
            looked_at=self.now,
            **{"kind": "subscription", **values},
        )
        assert await SavedQuestions(self.database).put(saved) is not None

    async def arrived(self, key: str) -> None:
        """Let the message on its way arrive."""
        saved = await SavedQuestions(self.database).get(key)
        assert saved is not None
        await Watches(self.database, "any").settle(saved, pending=None)

    async def look(self, *processes: Watcher) -> int:
        """Let a minute pass and all look; returns how many did."""
        self.now += EVERY
        return sum(await asyncio.gather(*(each.look() for each in processes)))

    @property
    def ids(self) -> list[str]:
        return [key for _, telling in self.told for key in telling.ids]


@dataclass
class _Services:
    place: Place
    watches: Watches

    def __getattr__(self, name: str) -> Any:
        return getattr(self.place, name)


@pytest.fixture(params=["sqlite", "postgres"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """Open a place with one subscription to failed calls."""
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres")
    database = Database(url)
    await database.create_tables()
    opened = Place(database)
    await opened.watch("s1", "failed calls")
    yield opened
    database.close()


async def test_of_two_processes_one_looks(place: Place) -> None:
    """One looks for both; when it is silent, the other does; every call is told once."""
    one, other = place.process("one"), place.process("other")
    place.calls.add("a", START + 10)
    assert await place.look(one) == 1  # who is the first goes on
    await place.arrived("s1")
    place.calls.add("b", START + 70)
    assert await place.look(one, other) == 1
    await place.arrived("s1")
    assert await place.look(other) == 0
    assert await place.look(other) == 0
    assert await place.look(other) == 1
    assert place.ids == ["a", "b"]


async def test_a_process_that_dies_before_it_records_a_message_loses_none(place: Place) -> None:
    """What it had noted is recorded by the next that looks, under the same id; nothing twice."""
    one, other = place.process("one"), place.process("other")
    place.calls.add("a", START + 10)
    place.dies = True
    with pytest.raises(ConnectionError):
        await place.look(one)
    assert place.told == []
    place.dies = False
    place.calls.add("b", START + 100)
    place.now += 3 * EVERY
    await place.look(other)
    assert place.ids == ["a"]
    await place.arrived("s1")
    await place.look(other)
    await place.look(other)
    assert place.ids == ["a", "b"]


async def test_after_days_without_a_process_nothing_is_told_twice(place: Place) -> None:
    """Also when one died with a message on its way, and what was told is older than what is remembered."""
    one, other = place.process("one"), place.process("other")
    place.calls.add("a", START + 10)
    await place.look(one)
    await place.arrived("s1")
    place.calls.add("b", START + 70)
    place.dies = True
    with pytest.raises(ConnectionError):
        await place.look(one)
    place.dies = False
    place.now += 5 * 86_400
    for _ in range(3):
        await place.look(other)
        await place.arrived("s1")
    assert place.ids == ["a", "b"]


async def test_while_elevenlabs_is_away_nothing_is_lost(place: Place) -> None:
    """What happened meanwhile is told late, which the message says."""
    one = place.process("one")
    await place.look(one)
    place.calls.away = True
    place.calls.add("a", place.now + 10)
    for _ in range(10):
        assert await place.look(one) == 0
    place.calls.away = False
    await place.look(one)
    ((_, telling),) = place.told
    assert telling.ids == ("a",)
    assert telling.looked_before == START + EVERY


async def test_what_changes_later_and_what_is_deleted(place: Place) -> None:
    """A call rated hours after its end is told within an hour; one that is gone is not."""
    await place.watch("s2", "calls rated 1")
    one = place.process("one")
    place.calls.add("a", START + 10, call_successful="success")
    place.calls.add("gone", START + 10, status="in-progress", call_successful="unknown")
    await place.look(one)
    del place.calls.rows["gone"]
    for _ in range(3):
        place.now += 3600
        await place.look(one)
    place.calls.add("a", START + 10, call_successful="success", rating=1.0)
    for _ in range(61):
        await place.look(one)
    assert place.ids == ["a"]


async def test_a_place_hears_no_more_than_it_can_bear(place: Place) -> None:
    """Beyond so many messages an hour calls wait, and come in one."""
    one = place.process("one")
    for number in range(60):
        place.calls.add(f"c{number:02}", place.now + 10)
        await place.look(one)
        await place.arrived("s1")
        if number == MOST_AN_HOUR + 5:
            one = place.process("one")  # restarted, with nothing in memory
    within = [telling for _, telling in place.told if telling.at <= START + 3600]
    assert sum(1 if telling.as_table else len(telling.ids) for telling in within) == MOST_AN_HOUR
    assert [telling.waiting for telling in within if telling.waiting] == [("failed calls: 1 call",)]
    for _ in range(60):
        await place.look(one)
        await place.arrived("s1")
    assert sorted(place.ids) == sorted(place.calls.rows)
    assert any(telling.as_table for _, telling in place.told)


async def test_what_began_before_a_subscription_is_never_told(place: Place) -> None:
    """However far back an alert reads, and whatever of it is still going on; nor what was told long ago."""
    place.calls.add("hangs", START - 3 * 3600, status="in-progress", call_successful="unknown")
    await place.watch("live", "calls in progress for more than 30 minutes")
    rule = AlertRule(measure="calls", over=True, bound=1e6, compared=True)
    await place.watch("a1", "", kind="alert", rule=msgspec.json.encode(rule).decode())
    one = place.process("one")
    place.calls.add("a", START + 10)
    place.calls.add("new", START + 10, status="in-progress", call_successful="unknown")
    await place.look(one)
    await place.arrived("s1")
    for _ in range(2):
        place.now += 2 * 86_400
        await place.look(one)
        await place.arrived("live")
    other = place.process("other")  # reads eight days again
    await place.look(other)
    await place.look(other)
    assert place.ids == ["a", "new"]


async def test_one_look_serves_all(place: Place) -> None:
    """However many are watched, the calls are read once; only what is said in calls is asked for apart."""
    for number in range(20):
        await place.watch(f"w{number}", f"failed calls longer than {number} seconds")
    await place.watch("said", "calls about refund")
    one = place.process("one")
    await place.look(one)
    place.calls.asked.clear()
    place.calls.add("a", place.now + 5)
    place.calls.add("going on", START - 100, call_duration_secs=200)
    place.calls.add("before", START - 100, call_duration_secs=50)
    place.calls.found = ("a", "going on", "before")
    await place.look(one)
    assert [selection.texts for selection in place.calls.asked] == [(), ("refund",)]
    said = {key for saved_id, telling in place.told if saved_id == "said" for key in telling.ids}
    assert said == {"a", "going on"}


async def test_a_question_that_elevenlabs_refuses_holds_up_no_other(place: Place) -> None:
    """It is asked again at the next look."""
    await place.watch("said", "calls about refund")
    one = place.process("one")
    place.calls.add("a", START + 10)
    place.calls.found, place.calls.refuses = ("a",), True
    await place.look(one)
    assert [saved_id for saved_id, _ in place.told] == ["s1"]
    place.calls.refuses = False
    await place.look(one)
    assert [saved_id for saved_id, _ in place.told] == ["s1", "said"]


async def test_an_alert_begins_and_ends(place: Place) -> None:
    """Its state outlives the process; each change is one message."""
    rule = AlertRule(measure="calls", over=True, bound=2, window=600)
    await place.watch("a1", "failed calls", kind="alert", rule=msgspec.json.encode(rule).decode())
    for number in range(3):
        place.calls.add(f"c{number}", START + 10 + number)
    for number in range(15):
        await place.look(
            place.process(f"process {number}") if number % 4 == 0 else place.process("process 0")
        )
        place.now += 2 * EVERY  # silent for long enough for any process
        await place.arrived("a1")
    news = [telling.news for saved_id, telling in place.told if saved_id == "a1"]
    assert news == ["firing", "resolved"]
    saved = await SavedQuestions(place.database).get("a1")
    assert saved is not None
    assert msgspec.json.decode(saved.state or "", type=AlertState).standing == "resolved"
