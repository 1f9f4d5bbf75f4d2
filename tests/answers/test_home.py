"""The app's own page: Home's quick, recent and saved questions, and what somebody new is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.demo.slack.sample import GUEST, LENA, ME, QUALITY
from tests.answers.office import NOW, Json, Office, office


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 200 sample conversations."""
    async with office(rows=80) as opened:
        yield opened


async def home_with(desk: Office, words: str) -> Json:
    """Wait until Home shows some words."""
    view: Json = await desk.seen(lambda: desk.home() if words in str(desk.home()) else None)
    return view


async def test_home_runs_a_quick_question_and_then_shows_it_as_recent(desk: Office) -> None:
    """Pressed in Home, a question is answered in the direct message; Home lists it by itself."""
    await desk.open_page("home")
    view = await home_with(desk, "quick.0")
    assert "Nothing yet" in str(view)
    await desk.press_home("quick")
    listed = await desk.settled_list(desk.dm())
    assert "Failed calls since" in listed["text"]
    assert len(desk.files(desk.dm())) == 1
    await home_with(desk, "recent.0")


async def test_home_has_today_and_this_week_in_numbers(desk: Office) -> None:
    """The calls of the week are counted, and those of the last seven days drawn, beside the days before."""
    await desk.open_page("home")
    view = await home_with(desk, "This week")
    zone = ZoneInfo(desk.workspace.users[ME].tz)
    now = datetime.fromtimestamp(NOW, zone)
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    calls = sum(record.row.start_time_unix_secs >= monday.timestamp() for record in desk.dataset)
    assert f"*This week*: {calls} calls" in str(view["blocks"][0])
    chart = next(block["chart"] for block in view["blocks"] if block["type"] == "data_visualization")
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=6)
    drawn = [record.row.start_time_unix_secs >= first.timestamp() for record in desk.dataset]
    assert len(chart["series"]) == 2
    assert len(chart["series"][0]["data"]) == 7
    assert sum(point["value"] for point in chart["series"][0]["data"]) == sum(drawn)
    assert "Archive: " in str(view["blocks"][-1])


async def test_home_asks_a_recent_question_again(desk: Office) -> None:
    """What was asked by command is in Home, newest first, and its button answers it once more."""
    await desk.command("failed last 30 days", channel=QUALITY)
    await desk.settled_list(desk.dm())
    await desk.open_page("home")
    await home_with(desk, "recent.0")
    await desk.press_home("recent")
    await desk.seen(lambda: len(desk.files(desk.dm())) == 2)
    # Home itself shows nothing of the answer: it says where that is, from the press on.
    await home_with(desk, "Answered: see the Messages tab.")
    published = [str(call["view"]) for call in desk.calls("views.publish")]
    assert any("The answer comes to the Messages tab." in view for view in published)
    await desk.open_page("home")
    await desk.seen(lambda: "Answered" not in str(desk.home()))


async def test_home_keeps_what_is_saved(desk: Office) -> None:
    """A saved question is in Home at once, runs, and is gone after Delete."""
    desk.say('failed calls last 30 days save as "Bad calls"', channel=desk.dm())
    await desk.settled_list(desk.dm())
    view = await home_with(desk, "Bad calls")
    assert "saved_run.0" in str(view)
    await desk.press_home("saved_run")
    await desk.seen(lambda: len(desk.files(desk.dm())) == 2)
    await desk.press_home("saved_menu", pick="Delete")
    await desk.seen(lambda: "Bad calls" not in str(desk.home()))


async def test_a_guest_sees_an_empty_home(desk: Office) -> None:
    """Who may not ask sees why, and no question of anybody."""
    await desk.open_page("home", GUEST)
    view = await desk.seen(lambda: desk.home(GUEST))
    assert "Sorry" in str(view)
    assert "quick" not in str(view)
    await desk.open_page("messages", GUEST)
    await desk.deliveries.idle()
    assert desk.messages(desk.dm(GUEST)) == []


async def test_home_is_ones_own(desk: Office) -> None:
    """Nobody sees what somebody else asked or saved."""
    desk.say('failed save as "Mine"', channel=desk.dm())
    await desk.settled_list(desk.dm())
    await desk.open_page("home", LENA)
    view = await desk.seen(lambda: desk.home(LENA))
    assert "Mine" not in str(view)
    assert "recent" not in str(view)


async def test_the_direct_message_opened_for_the_first_time_teaches_once(desk: Office) -> None:
    """Five examples as buttons that run, and Slack's prompts; opened again, nothing is repeated."""
    await desk.open_page("messages")
    greeted = (await desk.seen(lambda: desk.messages(desk.dm())))[0]
    buttons = [b["accessory"]["action_id"] for b in greeted["blocks"] if "accessory" in b]
    assert buttons == [f"run_example.{number}" for number in range(5)]
    await desk.seen(lambda: desk.calls("assistant.threads.setSuggestedPrompts"))
    await desk.open_page("messages")
    await desk.seen(lambda: len(desk.calls("assistant.threads.setSuggestedPrompts")) == 2)
    desk.say("xyzzy", channel=desk.dm())
    await desk.seen(lambda: len(desk.messages(desk.dm())) == 2)
    await desk.press(greeted, "run_example", channel=desk.dm())
    await desk.settled_list(desk.dm())
    assert len([m for m in desk.messages(desk.dm()) if "Hello" in m["text"]]) == 1


async def test_an_empty_mention_shows_help_and_an_empty_command_everything(desk: Office) -> None:
    """Who only calls the bot is taught in the thread; the bare command lists all conversations."""
    asked = desk.say("@conversations", channel=QUALITY)
    helped = (await desk.seen(lambda: desk.messages(QUALITY)))[0]
    assert helped["thread_ts"] == asked["ts"]
    assert "run_example.4" in str(helped["blocks"])
    await desk.command("", channel=QUALITY)
    assert "All conversations" in (await desk.settled_list(desk.dm()))["text"]


async def test_help_filters_shows_every_filter_with_examples(desk: Office) -> None:
    """The words come from the grammar."""
    await desk.command("help filters", channel=QUALITY)
    shown = (await desk.seen(lambda: desk.whispers(QUALITY)))[0]
    for words in ("agent", "duration", "`rated 2 or less`", "limit"):
        assert words in str(shown["blocks"]), words


async def test_the_status_is_shown_while_answering_and_cleared_after(desk: Office) -> None:
    """In a direct message Slack says what the bot does, and no more when the answer is there."""
    said = []
    desk.workspace.changes.listen(lambda change: said.append(change) if change.kind == "status" else None)
    desk.say("failed calls last 30 days", channel=desk.dm())
    await desk.settled_list(desk.dm())
    await desk.seen(lambda: len(desk.calls("assistant.threads.setStatus")) == 2)
    assert said[0].data["status"] == "is reading conversations…"
    assert said[-1].data["status"] == ""
