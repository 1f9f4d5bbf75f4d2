"""The bot speaks first: a new call is told once, an alert begins and ends once, where it may be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.demo.elevenlabs import Dataset
from bot.demo.slack import Fault
from bot.demo.slack.sample import LENA, ME, PARTNERS, QUALITY
from tests.answers.office import Json, Office, office
from tests.answers.test_schedules import Clock

EVERY = {"ALERT_SECONDS": "5", "ARCHIVE_DAYS": "0"}


@pytest.fixture
def clock() -> Clock:
    """Set the clock."""
    return Clock("2026-11-18T12:00+01:00")


@pytest.fixture
async def desk(clock: Clock) -> AsyncIterator[Office]:
    """Open an office that looks every five seconds of its clock."""
    async with office(rows=60, clock=clock, variables=EVERY) as opened:
        yield opened


def arrive(dataset: Dataset, clock: Clock, **values: Any) -> str:
    """Let a call end just now that began after all that was said so far; returns its id."""
    clock.now += 100
    record = dataset.arrive(int(clock.now))
    row = record.row
    dataset.remove(row.conversation_id)
    fields = {"status": "done", "call_successful": "failure", "call_duration_secs": 65, **values}
    for name, value in {**fields, "start_time_unix_secs": int(clock.now) - 70}.items():
        setattr(row, name, value)
    dataset.add(record)
    return row.conversation_id


async def looks(clock: Clock, number: int = 3) -> None:
    """Let time pass for some looks, so that all that would be told is."""
    for _ in range(number):
        clock.now += 6
        await asyncio.sleep(0.25)


async def until(clock: Clock, what: Callable[[], Any]) -> Any:
    """Let time pass until `what` gives something true, and return it."""
    for _ in range(100):
        if found := what():
            return found
        clock.now += 3
        await asyncio.sleep(0.1)
    raise AssertionError("not seen in time")


async def say(desk: Office, text: str, words: str, *, channel: str | None = None, user: str = ME) -> Json:
    """Say something and wait for the answer."""
    place = channel or desk.dm(user)
    before = len(desk.messages(place))
    desk.say(text, channel=place, user=user)
    found: list[Json] = await desk.seen(
        lambda: [m for m in desk.messages(place)[before:] if words in f"{m['text']} {m.get('blocks')}"]
    )
    await desk.deliveries.idle()
    return found[-1]


def about(desk: Office, conversation_id: str, channel: str | None = None) -> list[Json]:
    """Return the messages that tell of a call."""
    return [m for m in desk.messages(channel or desk.dm()) if conversation_id in str(m.get("blocks"))]


async def test_a_new_failed_call_is_told_once(desk: Office, clock: Clock) -> None:
    """In the thread of the day's message, which counts; calls that do not match, never."""
    said = await say(desk, "subscribe to failed calls", "I will post failed calls in your direct messages")
    assert "one message a day" in str(said["blocks"])
    fine = arrive(desk.dataset, clock, call_successful="success")
    failed = arrive(desk.dataset, clock, call_summary_title="Refund refused")
    (told,) = await until(clock, lambda: about(desk, failed))
    assert "Refund refused" in told["text"]
    assert {"open_call", "audio_file"} >= {
        e["action_id"] for b in told["blocks"] for e in b.get("elements", ()) if "value" in e
    }
    await looks(clock)
    assert about(desk, fine) == []
    assert len(about(desk, failed)) == 1
    (head,) = [m for m in desk.messages(desk.dm()) if "1 call on " in m["text"]]
    assert told["thread_ts"] == head["ts"]
    second = arrive(desk.dataset, clock)
    await until(clock, lambda: about(desk, second))
    await until(clock, lambda: [m for m in desk.messages(desk.dm()) if "2 calls on " in m["text"]])


async def test_many_at_once_are_one_table_in_the_channel(desk: Office, clock: Clock) -> None:
    """Five or more in one look; nobody is called to it."""
    await say(desk, f"notify <#{QUALITY}|quality> about failed calls", f"in <#{QUALITY}>")
    ids = [arrive(desk.dataset, clock) for _ in range(6)]
    found = await until(clock, lambda: about(desk, ids[0], QUALITY))
    await looks(clock, 2)
    told = {key for key in ids if about(desk, key, QUALITY)}
    assert told == set(ids)
    assert "<@" not in str(found)


async def test_a_late_result_counts_when_it_is_final(desk: Office, clock: Clock) -> None:
    """While a call goes on it is not told; once it has failed, it is."""
    await say(desk, "tell me about failed calls", "I will post")
    call = arrive(desk.dataset, clock, status="in-progress", call_successful="unknown")
    await looks(clock)
    assert about(desk, call) == []
    desk.dataset.change(call, status="done", call_successful="failure")
    await until(clock, lambda: about(desk, call))


async def test_a_call_that_hangs_is_told(desk: Office, clock: Clock) -> None:
    """In progress for more than 30 minutes: told while it hangs."""
    await say(desk, "subscribe to calls in progress for more than 30 minutes", "I will post")
    call = arrive(desk.dataset, clock, status="in-progress", call_successful="unknown")
    await looks(clock)
    assert about(desk, call) == []
    clock.now += 1800
    await until(clock, lambda: about(desk, call))


async def test_an_alert_begins_and_ends_once(desk: Office, clock: Clock) -> None:
    """With its number and a chart; Snooze and the menu; the end after two looks."""
    words = "alert me when the failure rate is over 25% in the last 2 hours with at least 2 calls"
    await say(desk, words, "when the failure rate is over 25% in the last 2 hours with at least 2 calls")
    assert "Not looked at yet" in str((await say(desk, "alerts", "1 alert"))["blocks"])
    for _ in range(3):
        arrive(desk.dataset, clock)

    def news(word: str) -> list[Json]:
        return [m for m in desk.messages(desk.dm()) if word in m["text"]]

    (firing,) = await until(clock, lambda: news("Failure rate: "))
    assert "data_visualization" in str(firing["blocks"])
    for _ in range(9):
        arrive(desk.dataset, clock, call_successful="success")
    await until(clock, lambda: news("back at"))
    await looks(clock)
    assert len(news("Failure rate: ")) == 2
    listed = await say(desk, "alerts", "1 alert")
    assert "Resolved since" in str(listed["blocks"])
    await desk.press(firing, "watch_menu.99", channel=desk.dm(), pick="1 hour")
    await desk.seen(lambda: [m for m in desk.whispers(desk.dm()) if "Silent until" in m["text"]])
    await desk.press(listed, "watch_menu", channel=desk.dm(), pick="Delete")
    await desk.seen(lambda: [m for m in desk.whispers(desk.dm()) if "Deleted" in m["text"]])
    await say(desk, "alerts", "Alerts and subscriptions")


async def test_what_was_told_is_told_no_more_after_a_restart(tmp_path: Path, clock: Clock) -> None:
    """Another process begins with nothing in memory: what was missed meanwhile comes late, and says so."""
    dataset = Dataset.generate(60, now=int(clock()))
    async with office(dataset=dataset, clock=clock, folder=tmp_path, variables=EVERY) as desk:
        await say(desk, "subscribe to failed calls", "I will post")
        first = arrive(dataset, clock)
        await until(clock, lambda: about(desk, first))
        await looks(clock, 1)
    missed = arrive(dataset, clock)
    async with office(dataset=dataset, clock=clock, folder=tmp_path, variables=EVERY) as desk:
        await until(clock, lambda: about(desk, missed))
        await looks(clock)
        assert len(about(desk, missed)) == 1
        assert about(desk, first) == []


async def test_who_reads_is_checked_each_time(desk: Office, clock: Clock) -> None:
    """A channel shared with another company cannot be chosen; one that is shared since gets nothing."""
    said = await say(desk, f"subscribe to failed calls in <#{PARTNERS}|partners>", "Not watched")
    assert "another company" in said["text"]
    await say(desk, f"subscribe to failed calls in <#{QUALITY}|quality>", "I will post")
    silent = Fault("error", frozenset({"conversations.members"}), times=None)
    desk.workspace.faults.add(silent)
    late = arrive(desk.dataset, clock)
    await looks(clock)
    assert about(desk, late, QUALITY) == []
    silent.times = 0  # Slack says again who reads there: nothing is lost
    await until(clock, lambda: about(desk, late, QUALITY))
    await looks(clock, 1)
    desk.workspace.channels[QUALITY].other_teams = desk.workspace.channels[PARTNERS].other_teams
    desk.workspace.channels[QUALITY].kind = "shared"
    call = arrive(desk.dataset, clock)
    await until(clock, lambda: [m for m in desk.messages(desk.dm()) if "it is paused" in m["text"]])
    assert about(desk, call, QUALITY) == []


async def test_what_slack_refuses_is_told_later_and_once(desk: Office, clock: Clock) -> None:
    """Slack fails while calls are told: those that were are not told again, the others are."""
    await say(desk, "subscribe to failed calls", "I will post")
    calls = [arrive(desk.dataset, clock) for _ in range(3)]
    doors = desk.workspace.faults
    await until(clock, lambda: about(desk, calls[0]))
    doors.add(Fault("error", frozenset({"chat.postMessage"}), skip=1, error="restricted_action_x"))
    more = [arrive(desk.dataset, clock) for _ in range(3)]
    await until(clock, lambda: all(about(desk, call) for call in more))
    await looks(clock)
    assert [len(about(desk, call)) for call in (*calls, *more)] == [1] * 6


async def test_a_day_whose_message_is_deleted_begins_anew(desk: Office, clock: Clock) -> None:
    """Calls that were told are not told again."""
    await say(desk, "subscribe to failed calls", "I will post")
    first = arrive(desk.dataset, clock)
    (told,) = await until(clock, lambda: about(desk, first))
    await looks(clock, 1)
    desk.workspace.messages.delete(desk.dm(), told["thread_ts"])
    second = arrive(desk.dataset, clock)
    await until(clock, lambda: about(desk, second))
    await looks(clock)
    third = arrive(desk.dataset, clock)
    (again,) = await until(clock, lambda: about(desk, third))
    assert again["thread_ts"] != told["thread_ts"]
    assert [len(about(desk, call)) for call in (second, third)] == [1, 1]


async def test_an_owner_who_left_is_told_of_no_more(desk: Office, clock: Clock) -> None:
    """What they watched for a channel is paused at the next message."""
    await say(desk, f"subscribe to failed calls in <#{QUALITY}|quality>", "I will post", user=LENA)
    desk.workspace.users[LENA] = replace(desk.workspace.users[LENA], deleted=True)
    call = arrive(desk.dataset, clock)
    clock.now += 400  # who somebody is, is remembered for five minutes
    (stopped,) = await until(
        clock, lambda: [m["text"] for m in desk.messages(QUALITY) if "it is paused" in m["text"]]
    )
    assert "anew" in stopped
    assert about(desk, call, QUALITY) == []
    desk.workspace.users[LENA] = replace(desk.workspace.users[LENA], deleted=False)
    clock.now += 400
    await say(desk, "alerts", "Paused", user=LENA)
    await say(desk, f"subscribe to failed calls in <#{QUALITY}|quality>", "I will post")


async def test_a_told_call_is_opened_and_heard(desk: Office, clock: Clock) -> None:
    """In its thread: Open shows the call, Audio sends its recording to who pressed."""
    await say(desk, f"notify <#{QUALITY}> about failed calls", "I will post")
    call = arrive(desk.dataset, clock)
    (told,) = await until(clock, lambda: about(desk, call, QUALITY))
    await desk.press(told, "open_call", channel=QUALITY)
    await desk.seen(lambda: call in str(desk.workspace.views.stack(ME)))
    await desk.press(told, "audio_file", channel=QUALITY)
    (file,) = await desk.seen(lambda: desk.files(desk.dm()))
    assert file["mimetype"].startswith("audio/")
    assert call in file["name"]
    assert desk.files(QUALITY) == []
