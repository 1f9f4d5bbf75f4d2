"""From a list to one call: opened in a modal, heard, shared, and the next one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.blocks import actions as act
from bot.demo.slack.sample import GENERAL, ME, QUALITY
from tests.answers.calls import call_id_of, content, modal, open_first, opened, press_in, submit_share
from tests.answers.office import Json, Office, office


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 200 sample conversations."""
    async with office(rows=80) as opened_office:
        yield opened_office


async def test_the_menu_of_a_list_opens_a_call_in_a_modal(desk: Office) -> None:
    """Choosing a row shows the call to the chooser alone, its ids, transcript and actions in it."""
    desk.say("source:twilio last 30 days", channel=desk.dm())
    listed = await desk.settled_list(desk.dm())
    conversation_id = await open_first(desk, listed, channel=desk.dm())
    view = await modal(desk, conversation_id)
    record = desk.dataset.get(conversation_id)
    assert record is not None
    assert call_id_of(record) in str(view)
    assert "Transcript" in str(view)
    assert {"transcript_file", "call_api", "open_link"} <= {
        e.get("action_id") for b in view["blocks"] for e in b.get("elements", ())
    }


async def test_the_menu_of_a_list_is_empty_again_after_a_call(desk: Office) -> None:
    """The list is drawn anew under a new block id, so the menu shows nothing chosen."""
    desk.say("last 60 days", channel=desk.dm())
    listed = await desk.settled_list(desk.dm())

    def now() -> Json:
        return desk.workspace.messages.get(desk.dm(), listed["ts"]) or {}

    def menu() -> str:
        return next(str(b["block_id"]) for b in now()["blocks"] if "open_call" in str(b))

    before, text = menu(), now()["text"]
    await open_first(desk, now(), channel=desk.dm())
    await desk.seen(lambda: menu() != before)
    assert now()["text"] == text


async def test_the_menu_of_a_glance_opens_a_call(desk: Office) -> None:
    """What a command shows on the spot opens calls too, also where the bot is no member."""
    await desk.command("failed", channel=GENERAL)
    (glance,) = await desk.seen(lambda: desk.whispers(GENERAL))
    conversation_id = await open_first(desk, glance, channel=GENERAL)
    await modal(desk, conversation_id)


async def test_a_list_opens_calls_before_its_file_is_there() -> None:
    """The menu works from the first second, while the rest is still being read."""
    async with office(rows=1200, latency=0.1) as desk:
        desk.say("last 60 days", channel=desk.dm())
        (listed,) = await desk.seen(lambda: desk.messages(desk.dm()))
        assert "CSV in" not in listed["text"]
        await modal(desk, await open_first(desk, listed, channel=desk.dm()))


async def test_from_a_list_to_hearing_a_call_are_three_presses(desk: Office) -> None:
    """Open the call, press Audio, press play: one message has file and title, the modal stays and says so."""
    desk.say("source:twilio last 30 days", channel=desk.dm())
    listed = await desk.settled_list(desk.dm())
    conversation_id = await open_first(desk, listed, channel=desk.dm())
    view = await modal(desk, conversation_id)
    before = len(desk.messages(desk.dm()))
    await press_in(desk, view, act.AUDIO_FILE)
    await press_in(desk, await modal(desk, "recording is on its way"), act.TRANSCRIPT_FILE)
    view = await modal(desk, "transcript is on its way to your direct messages")
    assert "recording is on its way" not in str(view)
    assert conversation_id in str(view)
    assert len(desk.workspace.views.stack(ME)) == 1
    await desk.seen(lambda: desk.messages(desk.dm())[before + 1 :])
    sent = desk.messages(desk.dm())[before:]
    assert sorted(file["name"][-4:] for message in sent for file in message["files"]) == [".mp3", ".txt"]
    assert all(f"`{conversation_id}`" in message["text"] for message in sent)


@pytest.mark.parametrize("where", ["list", "glance"])
async def test_the_modal_goes_on_to_the_next_call_of_the_list(desk: Office, where: str) -> None:
    """In the order of the list, and back, in the same modal; from what only its reader sees, too."""
    channel = desk.dm() if where == "list" else QUALITY
    await desk.command("source:twilio last 30 days", channel=channel)
    listed = await desk.settled_list(desk.dm())
    if where == "glance":
        listed = desk.whispers(QUALITY)[-1]
    elements = [element for block in listed["blocks"] for element in block.get("elements", ())]
    menu = next(element for element in elements if element.get("action_id") == act.OPEN_CALL)
    first, second = [each["value"] for each in menu["options"][:2]]
    await desk.press(listed, act.OPEN_CALL, channel=channel, pick=menu["options"][0]["text"]["text"])
    view = await modal(desk, f"*Conversation id*  `{first}`")
    assert "Previous call" not in str(view)
    await press_in(desk, view, f"{act.CALL_PAGE}.3")
    view = await modal(desk, f"*Conversation id*  `{second}`")
    await press_in(desk, view, f"{act.CALL_PAGE}.2")
    await modal(desk, f"*Conversation id*  `{first}`")
    assert len(desk.workspace.views.stack(ME)) == 1


async def test_from_a_list_to_a_colleague_seeing_one_call_are_three_presses(desk: Office) -> None:
    """Open the call, press Share, submit: what happened is in the channel, and the files that were ticked."""
    await desk.command("source:twilio last 30 days", channel=QUALITY)
    listed = await desk.settled_list(desk.dm())
    conversation_id = await open_first(desk, listed, channel=desk.dm())
    await press_in(desk, await modal(desk, conversation_id), act.SHARE)
    view = await modal(desk, act.SHARE_VIEW)
    assert f"'initial_conversation': '{QUALITY}'" in str(view["blocks"])
    files = {"selected_options": [{"value": act.TRANSCRIPT_FILE}, {"value": act.AUDIO_FILE}]}
    assert (await submit_share(desk, view, QUALITY, note={"value": "Listen from 1:20"}, files=files)).ok
    assert len(desk.workspace.views.stack(ME)) == 1  # back in the call
    shared = await opened(desk, QUALITY, conversation_id)
    assert f"Shared by <@{ME}>:\nListen from 1:20" in shared["blocks"][0]["text"]["text"]
    record = desk.dataset.get(conversation_id)
    assert record is not None
    assert record.phone is not None
    both = await desk.seen(lambda: desk.files(QUALITY)[1:] and desk.messages(QUALITY)[1:])
    assert {message["thread_ts"] for message in both} == {shared["ts"]}
    assert record.phone.external_number not in str(desk.messages(QUALITY))
    assert record.phone.external_number not in content(desk, desk.files(QUALITY)[0]).decode()
    assert await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "Shared in" in m["text"]])
