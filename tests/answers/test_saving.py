"""Saved questions: by words, by the button under an answer, run by name, listed, deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.demo.slack.sample import GENERAL, LENA, ME, QUALITY
from tests.answers.office import Json, Office, office


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 80 sample conversations."""
    async with office(rows=80) as opened:
        yield opened


async def told(desk: Office, words: str) -> Json:
    """Wait for something the bot says in the direct message."""
    found: list[Json] = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if words in m["text"]])
    return found[-1]


async def files(desk: Office, number: int) -> list[Json]:
    """Wait for this many files in the direct message."""
    found: list[Json] = await desk.seen(
        lambda: desk.files(desk.dm()) if len(desk.files(desk.dm())) == number else None
    )
    return found


async def test_saved_with_a_question_it_is_asked_and_runs_by_its_name(desk: Office) -> None:
    """The question is answered, kept, and its name alone asks it again, from anywhere."""
    desk.say('failed calls last 30 days save as "Bad calls"', channel=desk.dm())
    await told(desk, "Saved as “Bad calls”")
    await files(desk, 1)
    await desk.command("bad calls", channel=GENERAL)
    both = await files(desk, 2)
    assert desk.rows(both[0]) == desk.rows(both[1])
    desk.say('run "Bad calls"', channel=desk.dm())
    await files(desk, 3)


async def test_a_name_that_says_a_schedule_is_a_name(desk: Office) -> None:
    """“Run daily failures” asks the question saved as that; where there is none, nothing is scheduled."""
    desk.say("run daily failures", channel=desk.dm())
    said = await told(desk, "no saved question called “daily failures”")
    assert "at what time of day" in str(said["blocks"])
    desk.say('failed calls last 30 days save as "Daily failures"', channel=desk.dm())
    await told(desk, "Saved as “Daily failures”")
    await files(desk, 1)
    desk.say("run daily failures", channel=desk.dm())
    await files(desk, 2)
    desk.say('failed calls last 30 days save as "Failures daily 9:00"', channel=desk.dm())
    await told(desk, "Saved as “Failures")
    await files(desk, 3)
    desk.say("failures daily 9:00", channel=desk.dm())
    await files(desk, 4)
    desk.say("saved", channel=desk.dm())
    await told(desk, "2 saved questions")
    assert not [m for m in desk.messages(desk.dm()) if "asked every" in m["text"]]


async def test_what_is_sent_on_a_schedule_is_saved_by_its_question(desk: Office) -> None:
    """“Send … to me every friday” changes what is called so; where nothing is, it schedules a question."""
    desk.say("send failed calls yesterday to me every friday at 17:00", channel=desk.dm())
    await told(desk, "Saved as “failed calls yesterday”")
    desk.say("send failed calls yesterday to me every friday at 18:00", channel=desk.dm())
    changed = await told(desk, "Changed “failed calls yesterday”")
    assert "18:00" in str(changed["blocks"])
    desk.say("send failed calls today to me every friday", channel=desk.dm())
    await told(desk, "at what time of day")


async def test_saved_in_a_thread_the_follow_ups_belong_to_it(desk: Office) -> None:
    """What was asked and refined in a thread is saved as a whole."""
    asked = desk.say("calls last 30 days", channel=desk.dm())
    await files(desk, 1)
    desk.say("only the failed ones", channel=desk.dm(), thread_ts=asked["ts"])
    refined = await told(desk, "Failed calls")
    await desk.seen(lambda: "'action_id': 'csv'" in str(refined))
    desk.say("save as Failures", channel=desk.dm(), thread_ts=asked["ts"])
    await told(desk, "Saved as “Failures”")
    await desk.command("run failures", channel=QUALITY)
    again = (await files(desk, 2))[1]
    assert f": {len(desk.rows(again))} calls" in refined["text"]
    assert {row["call_successful"] for row in desk.rows(again)} == {"failure"}


async def test_the_command_saves_the_last_question_and_lists_and_deletes(desk: Office) -> None:
    """Without a thread the last question is meant; what is deleted is gone and says so."""
    await desk.command("failed last 30 days", channel=QUALITY)
    await files(desk, 1)
    await desk.command('save as "Bad"', channel=QUALITY)
    await desk.seen(lambda: [m for m in desk.whispers(QUALITY) if "Saved as “Bad”" in m["text"]])
    await desk.command("saved", channel=QUALITY)
    shown = (await desk.seen(lambda: [m for m in desk.whispers(QUALITY) if "1 saved question" in m["text"]]))[
        0
    ]
    await desk.press(shown, "saved_run", channel=QUALITY)
    await files(desk, 2)
    await desk.command('delete saved "Bad"', channel=QUALITY)
    await desk.seen(lambda: [m for m in desk.whispers(QUALITY) if "Deleted" in m["text"]])
    await desk.command("run Bad", channel=QUALITY)
    gone = await desk.seen(lambda: [m for m in desk.whispers(QUALITY) if "no saved question" in m["text"]])
    assert "not saved any yet" in str(gone[0]["blocks"])


async def test_nobody_runs_what_somebody_else_saved(desk: Office) -> None:
    """Names belong to a person."""
    desk.say('failed save as "Mine"', channel=desk.dm())
    await told(desk, "Saved as")
    desk.say("run Mine", channel=desk.dm(LENA), user=LENA)
    refused = await desk.seen(lambda: desk.messages(desk.dm(LENA)))
    assert "no saved question" in refused[0]["text"]


async def test_what_is_not_understood_is_not_saved(desk: Office) -> None:
    """The unknown word is named; nothing is kept."""
    desk.say('failled frobnications save as "X"', channel=desk.dm())
    await told(desk, "frobnications")
    desk.say("saved", channel=desk.dm())
    await told(desk, "0 saved questions")


async def test_nothing_to_save_says_what_to_do(desk: Office) -> None:
    """Before any question, “save as” has nothing to keep."""
    desk.say('save as "X"', channel=desk.dm())
    said = await told(desk, "no question to save")
    assert "save as" in str(said["blocks"])


async def test_the_button_saves_with_a_schedule_and_a_channel(desk: Office) -> None:
    """The form asks for a name, refuses what cannot be beside its field, and says what was saved."""
    await desk.command("failed last 30 days", channel=QUALITY)
    listed = await desk.settled_list(desk.dm())
    await desk.press(listed, "save", channel=desk.dm())
    view = await desk.seen(lambda: _form(desk))
    assert "'initial_value': 'Failed last 30 days'" in str(view)
    wrong = {"name": entry("help"), "schedule": entry("now and then"), "channel": {}}
    refused = await desk.deliveries.submit(ME, view["id"], wrong)
    assert set(refused.errors) == {"name"}
    wrong["name"] = entry("Bad")
    refused = await desk.deliveries.submit(ME, view["id"], wrong)
    assert "every monday 9:00" in refused.errors["schedule"]
    there = {
        "name": entry("Bad"),
        "schedule": entry("every monday 9:00"),
        "channel": chosen(GENERAL),
    }
    refused = await desk.deliveries.submit(ME, view["id"], there)
    assert "/invite" in refused.errors["channel"]
    there["channel"] = chosen(QUALITY)
    done = await desk.deliveries.submit(ME, view["id"], there)
    assert done.ok
    said = str(desk.workspace.views.stack(ME)[-1]["blocks"])
    assert f"asked every Monday 09:00 (Europe/Amsterdam) and answered in <#{QUALITY}>" in said
    assert done.delivery is not None  # sent again, as somebody does who saw no answer
    again = await desk.deliveries.send("view_submission", "interactive", done.delivery.payload)
    assert "Saved as “Bad”" in str(again.body)
    await desk.seen(lambda: QUALITY in str(desk.home()))
    shown = desk.workspace.views.stack(ME)[-1]
    desk.workspace.views.close(ME, shown["id"], clear=True)
    await desk.press_home("saved_menu", pick="Edit")
    view = await desk.seen(lambda: _form(desk))
    edited = {**there, "question": entry("failed last 30 days"), "schedule": entry("tuesdays 10am")}
    done = await desk.deliveries.submit(ME, view["id"], {**edited, "question": entry("frobnicate")})
    assert set(done.errors) == {"question"}
    assert (await desk.deliveries.submit(ME, view["id"], edited)).ok
    await desk.seen(lambda: "every Tuesday 10:00" in str(desk.home()))
    assert "every Monday" not in str(desk.home())


def entry(text: str) -> Json:
    """Return the state of a field that somebody typed in."""
    return {"entry": {"type": "plain_text_input", "value": text}}


def chosen(channel_id: str) -> Json:
    """Return the state of a field in which somebody chose a channel."""
    return {"entry": {"type": "conversations_select", "selected_conversation": channel_id}}


def _form(desk: Office) -> Json | None:
    views = desk.workspace.views.stack(ME)
    return views[-1] if views and views[-1]["callback_id"] == "save_view" else None
