"""Questions for numbers, from the sentence in Slack to the CSV: complete, and told where it was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.blocks import actions as act
from bot.demo.elevenlabs import ApiFaults, Record
from bot.demo.slack.sample import GENERAL, QUALITY
from tests.answers.office import Office, days_ago, office
from tests.answers.test_resumed import Restarts
from tests.answers.test_schedules import Clock, save


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 600 sample conversations."""
    async with office(rows=200) as opened:
        yield opened


def lately(desk: Office, days: int = 30) -> list[Record]:
    """Brute force: the conversations of the last days."""
    return [r for r in desk.dataset if r.row.start_time_unix_secs >= days_ago(days)]


async def reported(desk: Office, text: str) -> dict[str, Any]:
    """Ask for numbers by command, and return the message in the direct message."""
    before = len(desk.messages(desk.dm()))
    await desk.command(text)
    found = await desk.seen(
        lambda: [m for m in desk.messages(desk.dm())[before:] if "counted" in str(m["blocks"])]
    )
    message: dict[str, Any] = found[-1]
    return message


def table(message: dict[str, Any]) -> list[list[str]]:
    """Return the cells of a message's table."""
    rows = next(block["rows"] for block in message["blocks"] if block["type"] == "data_table")
    return [[cell["text"] for cell in row] for row in rows]


async def test_a_report_has_finding_chart_and_table_and_no_file(desk: Office) -> None:
    """A rate by agent is right for every agent; the asker sees it on the spot, and no file is made."""
    seen = len(desk.whispers(GENERAL))
    message = await reported(desk, "success rate by agent last 30 days")
    glance = (await desk.seen(lambda: desk.whispers(GENERAL)[seen:]))[-1]
    names = {agent.agent_id: agent.name for agent in desk.dataset.agents}
    results = [(names[r.row.agent_id], r.row.call_successful) for r in lately(desk)]
    judged = Counter(name for name, result in results if result in {"success", "failure"})
    good = Counter(name for name, result in results if result == "success")
    rate = 100 * sum(good.values()) / sum(judged.values())
    assert message["blocks"][0]["text"]["text"].startswith(f"Success rate {rate:.0f}% · highest")
    rows = {row[0]: row[1] for row in table(message)[1:]}
    for name, count in judged.items():
        assert abs(float(rows[name].rstrip("%")) - 100 * good[name] / count) <= 0.5
    kinds = [block["type"] for block in message["blocks"]]
    assert kinds == ["header", "section", "context", "data_visualization", "data_table", "context", "actions"]
    assert glance["blocks"][0]["text"] == message["blocks"][0]["text"]
    assert "direct messages" in str(glance["blocks"])
    assert not message.get("files")


async def test_its_csv_comes_when_asked_with_the_columns_of_the_contract(desk: Office) -> None:
    """The button writes the report's table: one row for each day, zero where no call was."""
    message = await reported(desk, "calls per day last 7 days")
    files = len(desk.files(desk.dm()))
    for _ in range(2):  # pressed again, it points there
        await desk.press(message, act.CSV, channel=desk.dm())
    await desk.deliveries.idle()
    await desk.quiet()
    (file,) = desk.files(desk.dm())[files:]
    rows = desk.rows(file)
    assert " ".join(rows[0]) == (
        "day calls successful failed unknown success_rate total_duration_secs average_duration_secs "
        "median_duration_secs p90_duration_secs cost cost_fiat average_rating rated average_messages"
    )
    assert len(rows) == 8
    assert sum(int(row["calls"]) for row in rows) == len(lately(desk, 7))


async def test_a_comparison_says_with_what_and_the_calls_are_a_press_away(desk: Office) -> None:
    """The time before is named; Show calls lists what was counted."""
    message = await reported(desk, "failure rate last 7 days vs the 7 days before")
    assert [row[0] for row in table(message)] == ["Measure", "Failure rate", "Calls"]
    assert "Before: the calls from" in str(message["blocks"])
    await desk.press(message, f"{act.RUN_EXAMPLE}.0", channel=desk.dm())
    said = f"newest first: {len(lately(desk, 7))} calls"
    await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if said in m["text"]])


async def test_a_day_and_a_week_are_compared(desk: Office) -> None:
    """The chart of both has points of one kind, although a day alone would be drawn by the hour."""
    message = await reported(desk, "how many calls today vs last week")
    assert "leaves out 6 of the days before: they have no counterpart" in str(message["blocks"])


async def test_a_share_is_of_the_same_time_without_the_filter(desk: Office) -> None:
    """The share of failed and inbound calls is that of all calls of the time."""
    message = await reported(desk, "share of inbound calls last 30 days")
    inbound = sum(r.row.direction == "inbound" for r in lately(desk))
    share = 100 * inbound / len(lately(desk))
    found = message["blocks"][0]["text"]["text"]
    assert abs(float(found.removeprefix("Share ").partition("%")[0]) - share) <= 0.5
    assert f"A share is of {len(lately(desk))} calls" in str(message["blocks"])


async def test_a_count_says_its_share_and_how_it_changed(desk: Office) -> None:
    """How many is looked at beside all calls of the time, and beside the same calls of the time before."""
    await desk.command("how many inbound calls in the last 7 days")
    week, two = (lately(desk, days) for days in (7, 14))
    inbound = [sum(r.row.direction == "inbound" for r in rows) for rows in (week, two)]
    said = f"{100 * inbound[0] / len(week):.0f}% of {len(week)} in that time"
    message = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if said in str(m)])
    assert f"({inbound[1] - inbound[0]} in the time before)" in str(message[-1]["blocks"])


async def test_an_overview_names_reasons_tools_and_three_calls(desk: Office) -> None:
    """An overview compares its numbers, says how failed calls ended, and offers calls to hear."""
    message = await reported(desk, "overview of the last 7 days")
    assert [row[0] for row in table(message)] == [
        *("Measure", "Calls", "Success rate", "Median length", "Cost", "Average rating"),
    ]
    assert "Failed calls ended with" in str(message["blocks"])
    menu = next(
        element
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == act.OPEN_CALL
    )
    assert 1 <= len(menu["options"]) <= 3


async def test_nothing_to_count_is_said_with_what_would_find_more(desk: Office) -> None:
    """A report on no calls says so, and offers a longer time."""
    before = len(desk.messages(desk.dm()))
    await desk.command("success rate of calls over 500 minutes yesterday")
    message = (await desk.seen(lambda: desk.messages(desk.dm())[before:]))[0]
    assert message["blocks"][0]["text"]["text"] == "No calls found"
    assert "The last 30 days" in str(message["blocks"])


async def test_refresh_counts_again_in_the_same_message(desk: Office) -> None:
    """Refresh reads past what is remembered and changes the message that was pressed."""
    message = await reported(desk, "calls by result last 30 days")
    updates = len(desk.calls("chat.update"))
    await desk.press(message, act.MORE, channel=desk.dm(), pick="Refresh")
    await desk.seen(lambda: len(desk.calls("chat.update")) > updates)
    assert desk.calls("chat.update")[-1]["ts"] == message["ts"]


async def test_no_half_report_is_shown() -> None:
    """Where rows cannot be read, what went wrong is said instead of numbers."""
    faults = ApiFaults()
    faults.plan("convai/conversations", "402", times=99)
    async with office(rows=60, faults=faults) as desk:
        await desk.command("success rate last week")
        trouble = (await desk.seen(lambda: desk.whispers(GENERAL), 40))[-1]
        assert "Success rate" not in str(trouble)
        assert desk.messages(desk.dm()) == []


async def test_a_long_report_can_be_cancelled_and_tried_again_in_its_message() -> None:
    """Reading that takes a while shows in the message, ends when it is cancelled, and begins anew."""
    faults = ApiFaults(slow=30.0)
    faults.plan("convai/conversations", "slow", times=99)
    async with office(rows=60, faults=faults) as desk:
        await desk.command("calls by agent")

        async def says(words: str) -> dict[str, Any]:
            await desk.seen(lambda: words in str(desk.messages(desk.dm())))
            (message,) = desk.messages(desk.dm())
            return message

        await says("Counting: 0 calls read so far")
        await desk.press(await says(f"'{act.CANCEL}'"), act.CANCEL, channel=desk.dm())
        cancelled = await says("Cancelled: 0 calls read")
        assert not desk.whispers(GENERAL)
        faults.clear()
        await desk.press(cancelled, act.RETRY, channel=desk.dm())
        await says("60 calls counted")


async def test_a_report_that_a_process_left_is_finished_in_its_message_by_the_next(tmp_path: Path) -> None:
    """A process that dies while it counts leaves a message that says so; another puts the report there."""
    bot, faults = Restarts(tmp_path), ApiFaults(slow=30.0)
    faults.plan("convai/conversations", "slow", times=99)
    async with bot.start(faults=faults) as desk:
        desk.say("success rate by agent", channel=desk.dm())
        await desk.seen(lambda: "Counting: " in str(desk.messages(desk.dm())))
    async with bot.start() as desk:
        await desk.seen(lambda: "counted" in str(desk.messages(desk.dm())))
        (message,) = desk.messages(desk.dm())
        assert message["blocks"][0]["text"]["text"].startswith("Success rate ")
        assert "Counting: " not in str(message)


async def test_a_scheduled_overview_says_why_it_comes_and_mentions_nobody() -> None:
    """A digest is a saved overview: fresh numbers at its time, in the channel that was chosen."""
    clock = Clock("2026-11-20T15:00+01:00")
    async with office(rows=200, clock=clock) as desk:
        await save(desk, f'overview of last week save as "Digest" every monday 9:00 in <#{QUALITY}>')
        clock.set("2026-11-23T09:00+01:00")
        found = await desk.seen(lambda: [m for m in desk.messages(QUALITY) if "counted" in str(m["blocks"])])
        said = str(found[-1]["blocks"])
        assert "“Digest”, asked every Monday 09:00" in said
        assert "Monday 16 Nov 2026 to Sunday 22 Nov 2026" in said
        assert "<@" not in said
