"""Saved questions that ask themselves: when, how often, where, and who may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.answers.answer import Request
from bot.answers.ports import Address, Asker
from bot.answers.saved_requests import Scheduler
from bot.demo.slack.sample import LEADS, LENA, ME, OMAR, PARTNERS, QUALITY, SUPPORT, TEAM
from bot.model import SavedQuestion
from bot.query.time.schedule_parser import read_schedule
from bot.store.database import Database
from bot.store.saved import SavedQuestions
from tests.answers.office import Json, Office, office


def moment(text: str) -> float:
    """Return Unix seconds of an ISO time."""
    return datetime.fromisoformat(text).timestamp()


class Clock:
    """A clock that is set by hand and goes on by itself."""

    def __init__(self, text: str) -> None:
        self.now = moment(text)

    def __call__(self) -> float:
        """Return Unix seconds, each time a little more."""
        self.now += 0.0001
        return self.now

    def set(self, text: str) -> None:
        """Put it forward."""
        assert moment(text) > self.now
        self.now = moment(text)


@pytest.fixture
def clock() -> Clock:
    """Friday afternoon in Amsterdam."""
    return Clock("2026-11-20T15:00+01:00")


@pytest.fixture
async def desk(clock: Clock) -> AsyncIterator[Office]:
    """Open an office with 300 sample conversations."""
    async with office(rows=50, clock=clock) as opened:
        yield opened


async def asked_itself(desk: Office, channel: str, number: int = 1) -> list[Json]:
    """Wait for this many lists that say that they ask themselves, with their files."""

    def found() -> list[Json] | None:
        lists = [m for m in desk.messages(channel) if "”, asked every" in str(m.get("blocks"))]
        done = [m for m in lists if "CSV in" in m["text"] or "No calls" in str(m)]
        return done if len(done) == number else None

    lists: list[Json] = await desk.seen(found)
    return lists


async def save(desk: Office, text: str, user: str = ME) -> None:
    """Save something in the direct message and wait for the yes."""
    before = len(desk.messages(desk.dm(user)))
    desk.say(text, channel=desk.dm(user), user=user)
    done = ("Saved as", "Changed")
    await desk.seen(lambda: [m for m in desk.messages(desk.dm(user))[before:] if m["text"].startswith(done)])
    await desk.deliveries.idle()


async def test_it_is_asked_at_its_time_and_relative_words_move_on(desk: Office, clock: Clock) -> None:
    """Not before nine, once at nine, and next Monday “last week” is the next week."""
    await save(desk, 'calls last week save as "Weekly" every monday 9:00')
    await desk.settled_list(desk.dm())
    clock.set("2026-11-23T08:59+01:00")
    clock.set("2026-11-23T09:00+01:00")
    (first,) = await asked_itself(desk, desk.dm())
    assert "from Monday 16 Nov 2026 to Sunday 22 Nov 2026" in first["text"]
    assert "late" not in str(first["blocks"])
    clock.set("2026-11-30T09:00:10+01:00")
    (_, second) = await asked_itself(desk, desk.dm(), 2)
    assert "from Monday 23 Nov 2026 to Sunday 29 Nov 2026" in second["text"]


async def test_in_a_channel_all_see_it_and_nobody_is_mentioned(desk: Office, clock: Clock) -> None:
    """List and file are in the chosen channel, which nobody is called to; nothing in the direct message."""
    asked = desk.say('@conversations failed last 30 days save as "Bad" every day 9:00 here', channel=QUALITY)
    await desk.seen(lambda: [m for m in desk.messages(QUALITY) if "Saved as" in m["text"]])
    clock.set("2026-11-21T09:00+01:00")
    (shown,) = await asked_itself(desk, QUALITY)
    assert shown.get("thread_ts") != asked["ts"]
    assert "<@" not in f"{shown['blocks']} {shown['text']}"
    assert desk.files(desk.dm()) == []


async def test_a_channel_that_may_no_longer_read_gets_nothing(desk: Office, clock: Clock) -> None:
    """Shared with another company since, its answer goes to the owner alone, and says why."""
    await save(desk, f'failed last 30 days save as "Bad" every day 9:00 in <#{SUPPORT}|support-calls>')
    desk.workspace.channels[SUPPORT].kind = "shared"
    desk.workspace.channels[SUPPORT].other_teams = desk.workspace.channels[PARTNERS].other_teams
    clock.set("2026-11-21T09:00+01:00")
    (shown,) = await asked_itself(desk, desk.dm())
    assert "another company" in str(shown["blocks"])
    assert desk.messages(SUPPORT) == []


async def test_a_channel_shared_with_others_is_refused_at_once(desk: Office) -> None:
    """It cannot even be chosen."""
    desk.say(f'failed save as "Bad" every day 9:00 in <#{PARTNERS}|partners>', channel=desk.dm())
    told = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "Not saved" in m["text"]])
    assert "another company" in told[0]["text"]


async def test_a_channel_whose_owner_is_no_member_of_it_gets_nothing(desk: Office, clock: Clock) -> None:
    """It cannot be chosen by somebody who is not in it; who has left it since is answered alone."""
    desk.workspace.channels[LEADS].members.add(desk.workspace.app.bot_user_id)
    where = f'failed last 30 days save as "Bad" every day 9:00 in <#{LEADS}|leads>'
    desk.say(where, channel=desk.dm(OMAR), user=OMAR)
    told = await desk.seen(lambda: [m for m in desk.messages(desk.dm(OMAR)) if "Not saved" in m["text"]])
    assert "not a member of that channel" in told[0]["text"]
    await save(desk, where, LENA)
    desk.workspace.channels[LEADS].members.discard(LENA)
    clock.set("2026-11-21T09:00+01:00")
    (shown,) = await asked_itself(desk, desk.dm(LENA))
    assert "you are not a member of that channel" in str(shown["blocks"])
    assert desk.messages(LEADS) == []


async def test_an_owner_who_may_no_longer_ask_is_refused_and_it_pauses(desk: Office, clock: Clock) -> None:
    """Permission is that of the run, not of the day it was saved."""
    await save(desk, 'failed last 30 days save as "Bad" every day 9:00', LENA)
    await desk.settled_list(desk.dm(LENA))
    before = len(desk.files(desk.dm(LENA)))
    desk.workspace.users[LENA].is_restricted = True
    clock.set("2026-11-21T09:00+01:00")
    refused = await desk.seen(lambda: [m for m in desk.messages(desk.dm(LENA)) if "Sorry" in m["text"]])
    assert "paused" in refused[0]["text"]
    clock.set("2026-11-22T09:00+01:00")
    await desk.deliveries.idle()
    assert len(desk.files(desk.dm(LENA))) == before


async def test_paused_it_is_silent_and_resumed_it_goes_on(desk: Office, clock: Clock) -> None:
    """By words; what fell due meanwhile is not made up for."""
    await save(desk, 'failed last 30 days save as "Bad" every day 9:00')
    desk.say('pause "Bad"', channel=desk.dm())
    await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "Paused" in m["text"]])
    clock.set("2026-11-22T10:00+01:00")
    desk.say('resume "Bad"', channel=desk.dm())
    told = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "Resumed" in m["text"]])
    assert "Monday 23 November 09:00" in told[0]["text"]
    clock.set("2026-11-23T09:00+01:00")
    await asked_itself(desk, desk.dm())


async def test_home_pauses_and_resumes(desk: Office, clock: Clock) -> None:
    """The menu of a saved question in Home does the same, and shows it."""
    await save(desk, 'failed last 30 days save as "Bad" every day 9:00')
    await desk.seen(lambda: "every day 09:00" in str(desk.home()))
    await desk.press_home("saved_menu", pick="Pause")
    await desk.seen(lambda: "Paused:" in str(desk.home()))
    clock.set("2026-11-21T12:00+01:00")
    await desk.press_home("saved_menu", pick="Resume")
    await desk.seen(lambda: "Paused:" not in str(desk.home()))
    clock.set("2026-11-22T09:00+01:00")
    await asked_itself(desk, desk.dm())


async def test_a_saved_name_is_scheduled_by_words(desk: Office, clock: Clock) -> None:
    """“Bad” every day 18:00 schedules what was saved before; without a name it is the question before."""
    await save(desk, 'failed last 30 days save as "Bad"')
    await save(desk, '"Bad" every day 18:00')
    asked = desk.say("successful last 30 days", channel=desk.dm())
    await desk.seen(lambda: len(desk.files(desk.dm())) == 2)
    desk.say("every friday 18:00", channel=desk.dm(), thread_ts=asked["ts"])
    await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "“successful last 30 days”" in m["text"]])
    clock.set("2026-11-20T18:00+01:00")
    both = await asked_itself(desk, desk.dm(), 2)
    assert {m["text"].split()[0] for m in both} == {"Failed", "Successful"}


async def test_of_times_missed_while_down_the_last_is_asked_and_says_so(tmp_path: Path, clock: Clock) -> None:
    """Down for three Mondays: one answer, for the last of them, marked late; then as usual."""
    async with office(rows=50, clock=clock, folder=tmp_path) as desk:
        await save(desk, 'calls last week save as "Weekly" every monday 9:00')
        space = desk.workspace
    clock.set("2026-12-07T11:30+01:00")
    async with office(rows=50, clock=clock, folder=tmp_path) as desk:
        (late,) = await asked_itself(desk, desk.dm())
        assert "late: it was due Monday 7 December 09:00, and 2 earlier times were missed" in str(
            late["blocks"]
        )
        assert "from Monday 30 Nov 2026 to Sunday 6 Dec 2026" in late["text"]
        clock.set("2026-12-14T09:00+01:00")
        await asked_itself(desk, desk.dm(), 2)
    assert space is not desk.workspace


async def test_a_change_keeps_what_it_does_not_name(desk: Office, clock: Clock) -> None:
    """Another time, another question, another place, another name: one saved question all along."""
    await save(desk, f'failed last 30 days save as "Bad" every monday 9:00 in <#{QUALITY}|quality>')
    await save(desk, 'change "Bad" to every tuesday')
    await save(desk, 'change the question of "Bad" to successful calls last 30 days')
    await save(desk, 'rename "Bad" to "Good"')
    await save(desk, '"Good" every wednesday, only if any')
    desk.say("saved", channel=desk.dm())
    (listed,) = await desk.seen(
        lambda: [m for m in desk.messages(desk.dm()) if m["text"].startswith("1 saved question: Good")]
    )
    assert f"every Wednesday 09:00, in <#{QUALITY}>, only if any" in str(listed["blocks"])
    clock.set("2026-11-25T09:00+01:00")
    (shown,) = await asked_itself(desk, QUALITY)
    assert shown["text"].startswith("Successful")


async def test_only_if_any_says_nothing_about_no_calls(desk: Office, clock: Clock) -> None:
    """With no call it is silent; what is scheduled beside it is answered."""
    await save(desk, 'rated 1 yesterday longer than 9 hours save as "None" every day 18:00 only if any')
    await save(desk, 'rated 1 yesterday longer than 9 hours save as "Always" daily 18:00')
    before = len(desk.messages(desk.dm()))
    clock.set("2026-11-20T18:00+01:00")
    await asked_itself(desk, desk.dm())
    await desk.deliveries.idle()
    assert "“None”, asked" not in str(desk.messages(desk.dm())[before:])


class Somebody:
    """Knows one person, who lives in Amsterdam."""

    async def name_of(self, mention: str) -> str | None:
        return mention

    async def asker(self, address: Address) -> Asker:
        """Return them."""
        assert address.user_id == ME
        return Asker(tz="Europe/Amsterdam")

    async def audience(self, address: Address) -> str | None:
        """Return that all may read."""
        return None if address.channel_id else "channel_not_found"

    async def barred(self, address: Address) -> str | None:
        """Return the same: they are a member everywhere."""
        return await self.audience(address)

    async def channels_of(self, user_id: str) -> dict[str, str]:
        """Return none: no channel is asked for by its name."""
        assert user_id == ME
        return {}


async def test_two_that_look_at_once_ask_once(tmp_path: Path, clock: Clock) -> None:
    """Two processes over one database record one answer for one time, also when one died before the next."""
    databases = [Database(f"sqlite:///{tmp_path / 'bot.db'}") for _ in range(2)]
    await databases[0].create_tables()
    started: list[Request] = []

    async def start(request: Request) -> None:
        started.append(request)
        await asyncio.sleep(0.05)

    async def die(request: Request) -> None:
        started.append(request)
        raise ConnectionError

    monday = read_schedule("every monday 9:00")
    saved = SavedQuestion(
        saved_id="s1",
        team_id=TEAM.id,
        user_id=ME,
        name="Bad",
        name_key="bad",
        texts=("failed",),
        tz="Europe/Amsterdam",
        schedule=monday.words(),
        next_at=monday.next_after(clock(), ZoneInfo("Europe/Amsterdam")),
    )
    await SavedQuestions(databases[0]).put(saved)
    clock.set("2026-11-23T09:00+01:00")
    dying, one, other = (
        Scheduler(SavedQuestions(database), Somebody(), clock, begin)
        for database, begin in zip([databases[0], *databases], [die, start, start], strict=True)
    )
    assert await dying.look() == 0
    await asyncio.gather(one.look(), other.look(), one.look())
    assert {request.answer_id for request in started} == {f"schedule-s1-{int(saved.next_at or 0)}"}
    assert len(started) > 1
    assert await one.look() == 0
    (kept,) = await SavedQuestions(databases[1]).of(ME)
    assert kept.next_at == moment("2026-11-30T09:00+01:00")
    for database in databases:
        database.close()


async def test_one_that_cannot_be_asked_keeps_no_other_waiting(tmp_path: Path, clock: Clock) -> None:
    """The first due fails at each look, the second is in a time zone unknown here; all others are asked."""
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}")
    await database.create_tables()
    table = SavedQuestions(database)
    asked: list[str] = []

    async def start(request: Request) -> None:
        if request.text == "Fails":
            raise ConnectionError
        asked.append(request.text)

    for number, (name, tz) in enumerate([("Fails", "UTC"), ("Mars", "Mars/Olympus"), ("Fine", "UTC")]):
        saved = SavedQuestion(
            saved_id=f"s{number}",
            team_id=TEAM.id,
            user_id=ME,
            name=name,
            name_key=name.casefold(),
            texts=("failed",),
            tz=tz,
            schedule="every monday 9:00",
            next_at=moment("2026-11-23T09:00+00:00") + number,
        )
        await table.put(saved)
    clock.set("2026-11-23T12:00+01:00")
    schedules = Scheduler(table, Somebody(), clock, start)
    assert await schedules.look() == 2
    assert await schedules.look() == 0
    assert asked == ["Mars", "Fine"]
    assert [saved.name for saved in await table.due(clock())] == ["Fails"]
    database.close()
