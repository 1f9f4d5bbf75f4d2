"""Follow-ups: a text in the thread of a list changes its question, and the answer says what it kept."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.blocks import actions as act
from bot.demo.slack.sample import LENA, ME, PARTNERS, QUALITY, STRANGER
from tests.answers.calls import share
from tests.answers.office import Office, has_element, office

KEPT = "Kept from the question before"


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 80 sample conversations."""
    async with office(rows=80) as opened:
        yield opened


async def lists(desk: Office, channel: str, count: int) -> list[dict[str, Any]]:
    """Wait until so many lists of a channel are done; return them, oldest first."""

    def settled() -> list[dict[str, Any]] | None:
        said = desk.messages(channel)
        found = [m for m in said if has_element(m, act.CSV) or "No calls" in str(m.get("blocks"))]
        return found if len(found) >= count else None

    return list(await desk.seen(settled))


def matching(desk: Office, **facts: str) -> int:
    """Count sample conversations with these facts, by brute force."""
    return sum(all(getattr(r.row, name) == value for name, value in facts.items()) for r in desk.dataset)


def counted(message: dict[str, Any]) -> int:
    """Return how many calls a list says that there are."""
    found = re.search(r"(\d+) calls?\b(?! so far)", message["text"])
    assert found is not None
    return int(found[1])


def rows(desk: Office, channel: str) -> list[int]:
    """Return the length of each file of a channel, oldest first."""
    return [len(desk.rows(file)) for file in desk.files(channel)]


async def test_in_the_thread_of_a_commands_list(desk: Office) -> None:
    """A reply to the list of a slash command in the direct message changes its question, and says so."""
    await desk.command("failed since 90 days ago", channel=QUALITY)
    listed = await desk.settled_list(desk.dm())
    desk.say("just German", channel=desk.dm(), thread_ts=listed["ts"])
    _, changed = await lists(desk, desk.dm(), 2)
    assert changed["thread_ts"] == listed["ts"]
    assert "Failed German calls" in changed["text"]
    assert f"{KEPT}: failed, since" in str(changed["blocks"])
    german = matching(desk, call_successful="failure", main_language="de")
    assert counted(changed) == german
    assert len(desk.files(desk.dm())) == 1  # a button makes it
    for _ in range(2):  # pressed twice, it makes one
        await desk.press(changed, act.CSV, channel=desk.dm())
    await desk.deliveries.idle()
    await desk.quiet()
    assert rows(desk, desk.dm())[1:] == [german]


async def test_columns_are_chosen_in_a_follow_up(desk: Office) -> None:
    """The file gets them, found by name; one that is none is named with the nearest, and nothing is filed."""
    await desk.command("failed since 90 days ago", channel=QUALITY)
    listed = await desk.settled_list(desk.dm())
    desk.say("columns “Order id”, csat", channel=desk.dm(), thread_ts=listed["ts"])
    _, changed = await lists(desk, desk.dm(), 2)
    assert "with the columns data.order_id and data.csat" in changed["text"]
    await desk.press(changed, act.CSV, channel=desk.dm())
    files = await desk.seen(lambda: desk.files(desk.dm()) if desk.files(desk.dm())[1:] else None)
    assert [row["conversation_id"] for row in desk.rows(files[0])] == [
        row["conversation_id"] for row in desk.rows(files[1])
    ]
    assert list(desk.rows(files[1])[0])[-2:] == ["data.order_id", "data.csat"]
    table = next(block for block in changed["blocks"] if block["type"] == "data_table")
    assert [cell["text"] for cell in table["rows"][0]][-4:] == [
        "order_id",
        "csat",
        "Call id",
        "Conversation id",
    ]
    desk.say("columns ordr_id", channel=desk.dm(), thread_ts=listed["ts"])
    await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "ordr_id" in str(m) and "bot_id" in m])
    assert len(desk.files(desk.dm())) == 2


async def test_a_chain_goes_on_from_the_last_answer(desk: Office) -> None:
    """Each follow-up changes the one before it, not the first; fragments without a noun do in a thread."""
    desk.say("failed calls since 90 days ago", channel=desk.dm())
    (listed,) = await lists(desk, desk.dm(), 1)
    desk.say("only inbound", channel=desk.dm(), thread_ts=listed["thread_ts"])
    await lists(desk, desk.dm(), 2)
    desk.say("successful", channel=desk.dm(), thread_ts=listed["thread_ts"])
    _, _, last = await lists(desk, desk.dm(), 3)
    assert "Successful inbound calls" in last["text"]
    assert "Dropped from the question before: failed" in str(last["blocks"])
    assert counted(last) == matching(desk, call_successful="success", direction="inbound")


async def test_at_the_top_level_of_a_direct_message(desk: Office) -> None:
    """There too, a text that sounds like one goes on from the person's last question."""
    desk.say("failed calls since 90 days ago", channel=desk.dm())
    await lists(desk, desk.dm(), 1)
    asked = desk.say("and the German ones?", channel=desk.dm())
    _, changed = await lists(desk, desk.dm(), 2)
    assert changed["thread_ts"] == asked["ts"]
    assert "Failed German calls" in changed["text"]


@pytest.mark.parametrize("text", ["german calls", "how many conversations in german?", "all calls in german"])
async def test_a_question_of_its_own_stays_one(desk: Office, text: str) -> None:
    """In the thread of a list, a text that names calls as a question does is a new question."""
    desk.say("failed calls since 90 days ago", channel=desk.dm())
    (listed,) = await lists(desk, desk.dm(), 1)
    desk.say(text, channel=desk.dm(), thread_ts=listed["thread_ts"])
    _, own = await lists(desk, desk.dm(), 2)
    assert "ailed" not in own["text"].partition("\n")[0]
    assert KEPT not in str(own["blocks"])
    assert counted(own) == matching(desk, main_language="de")


async def test_after_nothing_was_found_by_a_command(desk: Office) -> None:
    """The person's last question is changed even though it had no list."""
    await desk.command("failed rated 5 before 2020-01-01", channel=QUALITY)
    await desk.seen(lambda: desk.whispers(QUALITY))
    desk.say("and since 90 days ago?", channel=desk.dm())
    (changed,) = await lists(desk, desk.dm(), 1)
    assert f"{KEPT}: failed, rated 5" in str(changed["blocks"])


async def test_a_colleague_goes_on_in_a_channels_thread(desk: Office) -> None:
    """Mentioned in the thread, the bot changes its question for another member too."""
    asked = desk.say("@conversations failed since 90 days ago", channel=QUALITY)
    await desk.settled_list(QUALITY)
    desk.say("@conversations only inbound", channel=QUALITY, user=LENA, thread_ts=asked["ts"])
    _, changed = await lists(desk, QUALITY, 2)
    assert "Failed inbound calls" in changed["text"]
    assert changed["thread_ts"] == asked["ts"]
    assert desk.messages(desk.dm(LENA)) == []


async def test_a_stranger_gets_nothing_from_a_thread(desk: Office) -> None:
    """In a channel with another company, a stranger's follow-up shows them no data."""
    asked = desk.say("@conversations failed since 90 days ago", channel=PARTNERS, user=ME)
    await desk.settled_list(desk.dm())
    desk.say("@conversations only inbound", channel=PARTNERS, user=STRANGER, thread_ts=asked["ts"])
    await desk.seen(lambda: [w for w in desk.whispers(PARTNERS, STRANGER) if "Sorry" in w["text"]])
    assert desk.messages(PARTNERS) == []
    assert "conv_" not in str(desk.whispers(PARTNERS, STRANGER))


async def test_a_shared_list_can_be_followed_up_in_its_thread(desk: Office) -> None:
    """The thread under a shared list is about its question."""
    await desk.command("failed since 90 days ago", channel=QUALITY)
    glance = (await desk.seen(lambda: desk.whispers(QUALITY)))[0]
    await desk.settled_list(desk.dm())
    await share(desk, glance, pressed_in=QUALITY, to=QUALITY)
    shared = await desk.settled_list(QUALITY)
    desk.say("@conversations just German", channel=QUALITY, user=LENA, thread_ts=shared["ts"])
    _, changed = await lists(desk, QUALITY, 2)
    assert "Failed German calls" in changed["text"]


async def test_an_unknown_word_is_corrected_by_a_press(desk: Office) -> None:
    """The button asks the corrected follow-up, still of the question before."""
    desk.say("failed calls since 90 days ago", channel=desk.dm())
    (listed,) = await lists(desk, desk.dm(), 1)
    desk.say("only gremann ones", channel=desk.dm(), thread_ts=listed["thread_ts"])
    told = (await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "gremann" in m["text"]]))[0]
    await desk.press(told, "run_example", channel=desk.dm())
    _, changed = await lists(desk, desk.dm(), 2)
    assert "Failed German calls" in changed["text"]


async def test_what_was_understood_is_asked_without_the_rest(desk: Office) -> None:
    """A word that nothing resembles can be left out by a press."""
    await desk.command("failed calls xqzzt since 90 days ago", channel=QUALITY)
    told = (await desk.seen(lambda: desk.whispers(QUALITY)))[0]
    assert "xqzzt" in told["text"]
    await desk.press(told, "ask_again", channel=QUALITY)
    await desk.settled_list(desk.dm())
    assert rows(desk, desk.dm()) == [matching(desk, call_successful="failure")]


async def test_nothing_goes_on_from_a_question_that_was_refused(desk: Office) -> None:
    """A refused question is no context and not recent, until what was understood of it is asked."""
    desk.say("failed calls qwertzuiop since 90 days ago", channel=desk.dm())
    (refused, *_) = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "ask_again" in str(m)])
    desk.say("and yesterday?", channel=desk.dm(), thread_ts=refused["thread_ts"])
    (listed,) = await lists(desk, desk.dm(), 1)
    question = listed["text"].partition("\n")[0]  # the rows below may tell of failed calls
    assert "ailed" not in question
    assert KEPT not in str(listed["blocks"])
    await desk.open_page("home")
    home = await desk.seen(lambda: desk.home() if "recent.0" in str(desk.home()) else None)
    assert "recent.1" not in str(home)
    await desk.press(refused, "ask_again", channel=desk.dm())
    assert "Failed calls" in (await lists(desk, desk.dm(), 2))[1]["text"]
    await desk.open_page("home")
    await desk.seen(lambda: "recent.1" in str(desk.home()))
