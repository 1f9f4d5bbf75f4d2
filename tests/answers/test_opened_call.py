"""One call opened: what it shows, its modal and pages, its transcript, recording and API request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.answers import opened_calls
from bot.demo.elevenlabs import ApiFaults, Dataset, Record
from bot.demo.faults import Fault, Faults
from bot.demo.slack import sample_workspace
from bot.demo.slack.sample import GUEST, LENA, ME, QUALITY
from tests.answers.calls import (
    call_id_of,
    content,
    modal,
    one_call,
    open_first,
    opened,
    phone_call,
    press_in,
)
from tests.answers.office import Json, Office, office


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 200 sample conversations."""
    async with office(rows=80) as opened_office:
        yield opened_office


def first_choice(message: Json) -> str:
    """Return the conversation id of the first call that a message's menu offers."""
    for block in message["blocks"]:
        for element in block.get("elements", ()):
            if element.get("action_id") == "open_call":
                value: str = element["options"][0]["value"]
                return value
    raise AssertionError("no menu")


async def call_message(desk: Office, channel: str, kind: str = "twilio") -> tuple[Json, str]:
    """Open a call as a message; returns the message and the conversation's id."""
    conversation_id = phone_call(desk.dataset, kind).row.conversation_id
    mention = "" if channel.startswith("D") else "@conversations "
    desk.say(mention + conversation_id, channel=channel)
    return await opened(desk, channel, conversation_id), conversation_id


async def test_a_guest_sees_nothing_in_a_modal(desk: Office) -> None:
    """Someone who may not ask opens a modal that says so and holds no data."""
    desk.say("@conversations last 30 days", channel=QUALITY)
    listed = await desk.settled_list(QUALITY)
    conversation_id = await open_first(desk, listed, channel=QUALITY, user=GUEST)
    view = await modal(desk, "only full members", user=GUEST)
    assert conversation_id not in str(view["blocks"])


async def test_a_press_whose_trigger_is_too_old_is_told_kindly() -> None:
    """When Slack no longer opens a modal, the presser is asked to press again."""
    faults = Faults()
    async with office(rows=60, workspace=lambda base: sample_workspace(base_url=base, faults=faults)) as desk:
        desk.say("@conversations last 60 days", channel=QUALITY)
        listed = await desk.settled_list(QUALITY)
        faults.add(Fault("error", frozenset({"views.open"}), error="expired_trigger_id"))
        await open_first(desk, listed, channel=QUALITY)
        (told,) = await desk.seen(lambda: desk.whispers(QUALITY))
        assert "Press again" in told["text"]
        assert desk.workspace.views.stack(ME) == ()


def long_call() -> Record:
    """Return a call whose transcript takes several pages."""
    turns = tuple(
        {
            "role": "agent" if n % 2 else "user",
            "message": f"Turn number {n}. " + "Words. " * 40,
            "time_in_call_secs": n,
        }
        for n in range(120)
    )
    return one_call("conv_longtranscript", turns=turns)


async def test_pages_of_a_long_transcript_are_turned_in_place() -> None:
    """Next and Previous show every turn of a long call, in the same modal."""
    async with office(dataset=Dataset([long_call()])) as desk:
        desk.say("last 7 days", channel=desk.dm())
        listed = await desk.settled_list(desk.dm())
        await open_first(desk, listed, channel=desk.dm())
        view = await modal(desk, "page 1 of")
        shown = str(view["blocks"])
        page = 1
        while any(e.get("action_id") == "call_page.1" for b in view["blocks"] for e in b.get("elements", ())):
            await press_in(desk, view, "call_page.1")
            page += 1
            view = await modal(desk, f"page {page} of")
            shown += str(view["blocks"])
        assert page > 3
        assert all(f"Turn number {n}." in shown for n in range(120))
        await press_in(desk, view, "call_page.0")
        await modal(desk, f"page {page - 1} of")
        assert len(desk.workspace.views.stack(ME)) == 1


async def test_a_page_that_comes_late_does_not_take_the_place_of_a_later_one() -> None:
    """Next is pressed twice on a page and once on the one after: a slow first answer changes nothing."""
    async with office(dataset=Dataset([long_call()])) as desk:
        desk.say("last 7 days", channel=desk.dm())
        await open_first(desk, await desk.settled_list(desk.dm()), channel=desk.dm())
        view = await modal(desk, "page 1 of")
        late = Fault("delay", frozenset({"views.update"}), seconds=1.0)
        desk.workspace.faults.add(late)
        await press_in(desk, view, "call_page.1")
        await desk.seen(lambda: late.hits)
        await press_in(desk, view, "call_page.1")
        await press_in(desk, await modal(desk, "page 2 of"), "call_page.1")
        await modal(desk, "page 3 of")
        await desk.seen(lambda: not desk.running())
        await modal(desk, "page 3 of")


async def test_trouble_is_said_before_the_menu_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing the list again may wait for ElevenLabs as long as a file does; nobody waits for that."""
    drawing = asyncio.Event()

    async def draw_for_ever(*_: object) -> None:
        drawing.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(opened_calls, "draw_as_it_was", draw_for_ever)
    faults = ApiFaults()
    async with office(rows=60, faults=faults) as desk:
        desk.say("source:widget last 90 days", channel=desk.dm())
        listed = await desk.settled_list(desk.dm())
        faults.plan("conversations/", "503", times=1000)
        await open_first(desk, listed, channel=desk.dm())
        await modal(desk, "though it answers other requests")
        await desk.seen(drawing.is_set)


async def test_a_call_that_says_only_its_agents_id_has_its_name(desk: Office) -> None:
    """The name that the list of agents has; with or without it in the conversation."""
    record = phone_call(desk.dataset, "twilio")
    named = record.row.agent_name
    record.row.agent_name = None
    desk.say(record.row.conversation_id, channel=desk.dm())
    message = await opened(desk, desk.dm(), record.row.conversation_id)
    assert f"{named} · " in message["blocks"][1]["elements"][0]["text"]


async def test_a_deleted_call_is_said_in_the_modal(desk: Office) -> None:
    """A row may be gone when it is opened: the modal says so instead of staying empty."""
    desk.say("source:twilio last 30 days", channel=desk.dm())
    listed = await desk.settled_list(desk.dm())
    for each in listed["blocks"]:
        for element in each.get("elements", ()):
            for option in element.get("options", ()):
                desk.dataset.remove(option["value"])
    await open_first(desk, listed, channel=desk.dm())
    await modal(desk, "No conversation has the id")


@pytest.mark.parametrize(
    ("fails", "words"),
    [("/v1/", "ElevenLabs does not answer"), ("conversations/", "though it answers other requests")],
)
async def test_elevenlabs_down_is_said_in_the_modal(fails: str, words: str) -> None:
    """The modal names the trouble, whether it is this call's alone, a next step and a reference."""
    faults = ApiFaults()
    async with office(rows=60, faults=faults) as desk:
        desk.say("source:widget last 90 days", channel=desk.dm())
        listed = await desk.settled_list(desk.dm())
        faults.plan(fails, "503", times=1000)
        await open_first(desk, listed, channel=desk.dm())
        view = await modal(desk, words)
        assert "Reference" in str(view)


@pytest.mark.parametrize("where", ["direct", "channel"])
async def test_the_transcript_comes_to_the_direct_message(desk: Office, where: str) -> None:
    """Every turn is in the file; pressed in a channel, it does not go there."""
    channel = desk.dm() if where == "direct" else QUALITY
    message, conversation_id = await call_message(desk, channel)
    await desk.press(message, "transcript_file", channel=channel)
    (file,) = await desk.seen(lambda: desk.files(desk.dm()))
    text = content(desk, file).decode()
    assert file["name"].startswith(conversation_id)
    assert file["name"].endswith(".txt")
    assert conversation_id in text
    assert text.count("Agent:") > 1
    assert desk.files(QUALITY) == []
    if where == "channel":
        (told,) = await desk.seen(lambda: desk.whispers(QUALITY))
        assert "in your direct messages" in told["text"]


async def test_the_recording_is_passed_on_whole(desk: Office) -> None:
    """The bytes in the direct message are ElevenLabs' own, under the call's id."""
    message, conversation_id = await call_message(desk, QUALITY)
    await desk.press(message, "audio_file", channel=QUALITY)
    (file,) = await desk.seen(lambda: desk.files(desk.dm()))
    (asked,) = desk.samples.state.requests.of("/audio")
    assert asked.path.endswith(f"{conversation_id}/audio")
    assert file["name"].startswith(conversation_id)
    assert file["name"].endswith(".mp3")
    assert len(content(desk, file)) > 10_000
    assert desk.files(QUALITY) == []


async def test_a_recording_of_unknown_length_is_passed_on() -> None:
    """Slack wants the length first: without one from ElevenLabs the file still comes, whole."""
    async with office(rows=60, audio_length=False, audio_bytes=777_777) as desk:
        message, _ = await call_message(desk, desk.dm())
        await desk.press(message, "audio_file", channel=desk.dm())
        (file,) = await desk.seen(lambda: desk.files(desk.dm()))
        assert len(content(desk, file)) == pytest.approx(777_777, abs=200)


async def test_a_recording_that_is_too_large_is_not_sent() -> None:
    """Its size is said, and where to listen to it instead."""
    async with office(rows=60, audio_bytes=400_000_000) as desk:
        message, _ = await call_message(desk, desk.dm())
        await desk.press(message, "audio_file", channel=desk.dm())
        (told,) = await desk.seen(
            lambda: (
                [m for m in desk.messages(desk.dm()) if "larger than what I send" in m["text"]]
                + [m for m in desk.whispers(desk.dm()) if "larger than what I send" in m["text"]]
            )
        )
        assert "MB) is larger" in told["text"]
        assert desk.files(desk.dm()) == []


async def test_a_recording_that_breaks_off_is_asked_for_again() -> None:
    """A connection that drops in the middle gives no cut file: the second attempt is whole."""
    faults = ApiFaults()
    async with office(rows=60, faults=faults) as desk:
        message, _ = await call_message(desk, desk.dm())
        faults.plan("/audio", "cut", times=1)
        await desk.press(message, "audio_file", channel=desk.dm())
        (file,) = await desk.seen(lambda: desk.files(desk.dm()))
        assert len(content(desk, file)) > 10_000


async def test_a_recording_that_is_not_ready_yet_is_said() -> None:
    """ElevenLabs still makes it: that is said, without advice about lists."""
    faults = ApiFaults()
    async with office(rows=60, faults=faults) as desk:
        message, _ = await call_message(desk, desk.dm())
        faults.plan("/audio", "425", times=9)
        await desk.press(message, "audio_file", channel=desk.dm())
        told = await desk.seen(
            lambda: [
                m
                for m in (*desk.messages(desk.dm()), *desk.whispers(desk.dm()))
                if "not ready yet" in m["text"]
            ]
        )
        assert "few minutes" in str(told)
        assert "filters" not in told[0]["text"]
        assert desk.files(desk.dm()) == []


async def test_the_api_request_of_a_call(desk: Office) -> None:
    """From its message and its modal: endpoint, curl and Python for that call, the key only by its name."""
    message, conversation_id = await call_message(desk, desk.dm())
    await desk.press(message, "call_api", channel=desk.dm())
    shown = await modal(desk, "$ELEVENLABS_API_KEY")
    assert f"/v1/convai/conversations/{conversation_id}" in str(shown["blocks"])
    assert "sample-key" not in str(shown)

    desk.say("source:twilio last 30 days", channel=desk.dm())
    listed = await desk.settled_list(desk.dm())
    chosen = await open_first(desk, listed, channel=desk.dm())
    await press_in(desk, await modal(desk, "call_view"), "call_api")
    view = await modal(desk, "$ELEVENLABS_API_KEY")
    assert chosen in str(view["blocks"])


async def test_the_shortcut_finds_an_id_in_any_message(desk: Office) -> None:
    """An id in a colleague's message, also in its attachments, opens the call for the presser only."""
    record = phone_call(desk.dataset, "twilio")
    said = desk.say(f"Caller complained, see {call_id_of(record)} please", channel=QUALITY, user=LENA)
    await desk.deliveries.shortcut(ME, "find_call", channel=QUALITY, message_ts=said["ts"])
    await modal(desk, record.row.conversation_id)
    assert desk.workspace.views.stack(LENA) == ()
    assert desk.messages(QUALITY) == []


async def test_the_shortcut_scans_when_it_must() -> None:
    """With no working filter the modal shows the search, then the call."""
    async with office(rows=150, system_variables="absent") as desk:
        record = phone_call(desk.dataset, "twilio", days=20)
        said = desk.say(call_id_of(record), channel=QUALITY, user=LENA)
        await desk.deliveries.shortcut(ME, "find_call", channel=QUALITY, message_ts=said["ts"])
        await modal(desk, record.row.conversation_id)


async def test_the_shortcut_asks_which_of_several(desk: Office) -> None:
    """On a list of calls it offers each of them; the chosen one opens over the choice."""
    desk.say("source:twilio last 30 days", channel=desk.dm())
    listed = await desk.settled_list(desk.dm())
    await desk.deliveries.shortcut(ME, "find_call", channel=desk.dm(), message_ts=listed["ts"])
    (table,) = [block for block in listed["blocks"] if block["type"] == "data_table"]
    view = await modal(desk, f"names {len(table['rows']) - 1} calls")
    chosen = first_choice(view)
    await press_in(desk, view, "open_call", pick=chosen)
    await modal(desk, f"*Conversation id*  `{chosen}`")
    assert len(desk.workspace.views.stack(ME)) == 2


async def test_the_shortcut_on_a_message_without_ids(desk: Office) -> None:
    """It says what it looks for."""
    said = desk.say("Lunch?", channel=QUALITY, user=LENA)
    await desk.deliveries.shortcut(ME, "find_call", channel=QUALITY, message_ts=said["ts"])
    await modal(desk, "no call id in this message")


async def test_a_modal_closed_during_a_search_ends_it() -> None:
    """Nobody looks any more: no further calls are asked for."""
    async with office(rows=1000, system_variables="absent", latency=0.05) as desk:
        said = desk.say("CA" + "0" * 32, channel=QUALITY, user=LENA)
        await desk.deliveries.shortcut(ME, "find_call", channel=QUALITY, message_ts=said["ts"])
        view = await modal(desk, "back to")
        await desk.deliveries.close(ME, view["id"])
        await asyncio.sleep(2.5)
        asked = len(desk.samples.state.requests)
        await asyncio.sleep(0.4)
        assert len(desk.samples.state.requests) == asked
