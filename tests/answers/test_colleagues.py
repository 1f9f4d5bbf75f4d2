"""Who did not ask may press anything on a public answer: they alone are answered, the message stays."""

from __future__ import annotations

import functools
import json
from collections.abc import AsyncIterator

import pytest

from bot.answers.clicks import CLICKS, QUESTION_CLICKS
from bot.blocks import actions as act
from bot.blocks.actions import Pointer, encode
from bot.demo.slack.sample import GUEST, LENA, ME, QUALITY
from tests.answers.office import Json, Office, office

QUESTION = "failed calls since 60 days ago"
FORMS = {act.FILTERS_VIEW, act.SHARED_ANSWER, act.SHARED_CALL}
CONTROLS = sorted({*CLICKS, *QUESTION_CLICKS, *act.OPENS_MODAL} - FORMS)
"""Everything that can be pressed. Forms are submitted by whoever they were opened for."""
IN_MENU = {act.REFRESH: act.MORE, act.SHOW_API: act.MORE, act.SAVED_EDIT: act.SAVED_MENU}


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 120 sample conversations."""
    async with office(rows=120) as opened:
        yield opened


async def public_answer(desk: Office) -> tuple[Json, str]:
    """Let ME ask in a channel; returns the list and the id of its question."""
    desk.say(f"@conversations {QUESTION}", channel=QUALITY)
    listed = await desk.settled_list(QUALITY)
    await desk.quiet()
    (csv,) = [
        element
        for block in listed["blocks"]
        for element in block.get("elements", ())
        if element.get("action_id") == act.CSV
    ]
    return listed, act.decode(csv["value"]).question_id


def with_controls(desk: Office, listed: Json, question_id: str) -> dict[str, Json]:
    """Put every control there is into a message; returns it with one control each, by its name."""
    call = desk.dataset.records[-1].row.conversation_id
    picks = {
        **dict.fromkeys((act.RUN_EXAMPLE, act.QUICK), "calls today"),
        act.SAVED_MENU: f"{act.SAVED_DELETE}:s1",
        act.SAVED_EDIT: f"{act.SAVED_EDIT}:s1",
        act.CALL_PAGE: f"0:{call}",
    }
    rows: dict[str, Json] = {}
    for control in CONTROLS:
        words = {"type": "plain_text", "text": control}
        pick = picks.get(control, control if control in IN_MENU else call)
        value = call if control == act.OPEN_CALL else encode(Pointer(question_id, pick=pick))
        element: Json = {"type": "button", "action_id": control, "text": words, "value": value}
        if control in IN_MENU:
            element = {
                "type": "overflow",
                "action_id": IN_MENU[control],
                "options": [{"text": words, "value": value}],
            }
        rows[control] = {"type": "actions", "block_id": f"of {control}", "elements": [element]}
    desk.workspace.messages.edit(QUALITY, listed["ts"], {"blocks": [*listed["blocks"], *rows.values()]})
    return {control: {"ts": listed["ts"], "blocks": [row]} for control, row in rows.items()}


async def press(desk: Office, messages: dict[str, Json], control: str, user: str) -> None:
    """Press one control."""
    name, pick = IN_MENU.get(control, control), control if control in IN_MENU else None
    await desk.press(messages[control], name, channel=QUALITY, user=user, pick=pick)


def seen_by(desk: Office, user: str) -> tuple[int, int, list[str]]:
    """Return how much only this person sees in the channel and in their direct message, and their modals."""
    return (
        len(desk.whispers(QUALITY, user)),
        len(desk.messages(desk.dm(user))),
        [view["id"] for view in desk.workspace.views.stack(user)],
    )


def _differs(desk: Office, seen: tuple[int, int, list[str]]) -> bool:
    return seen_by(desk, LENA) != seen


async def test_no_control_lets_a_colleague_change_a_public_answer(desk: Office) -> None:
    """Every control that exists, pressed by another member: something only they see, and nothing else."""
    listed, question_id = await public_answer(desk)
    shown = with_controls(desk, listed, question_id)
    before = json.dumps(desk.messages(QUALITY))
    for control in CONTROLS:
        seen = seen_by(desk, LENA)
        await press(desk, shown, control, LENA)
        if control != act.CALL_PAGE:  # it turns the modal that it stands in
            await desk.seen(functools.partial(_differs, desk, seen))
        await desk.quiet()
        assert json.dumps(desk.messages(QUALITY)) == before, control
    assert seen_by(desk, ME) == (0, 0, [])


async def test_a_guest_and_who_may_not_ask_get_a_refusal_from_every_control(desk: Office) -> None:
    """The public answer is there to read; pressing gives them no data."""
    listed, question_id = await public_answer(desk)
    shown = with_controls(desk, listed, question_id)
    before = json.dumps(desk.messages(QUALITY))
    for control in CONTROLS:
        await press(desk, shown, control, GUEST)
        await desk.quiet()
    assert json.dumps(desk.messages(QUALITY)) == before
    everything = [
        desk.whispers(QUALITY, GUEST),
        desk.messages(desk.dm(GUEST)),
        desk.workspace.views.stack(GUEST),
    ]
    assert "conv_" not in json.dumps(everything)
    assert desk.files(desk.dm(GUEST)) == []


async def test_a_colleague_has_an_answer_of_their_own(desk: Office) -> None:
    """CSV on another's answer: list and file in their direct message, which they can go on from."""
    listed, _ = await public_answer(desk)
    await desk.press(listed, act.CSV, channel=QUALITY, user=LENA)
    own = await desk.settled_list(desk.dm(LENA))
    assert len(desk.files(desk.dm(LENA))) == 1
    desk.say("just German", channel=desk.dm(LENA), user=LENA)
    await desk.seen(lambda: [m for m in desk.messages(desk.dm(LENA)) if "German" in m["text"]])
    assert "Failed calls" in own["text"]


@pytest.mark.parametrize("question", [f"how many {QUESTION}", "success rate by agent since 60 days ago"])
async def test_a_colleague_gets_the_file_of_numbers_that_they_pressed_for(
    desk: Office, question: str
) -> None:
    """Numbers bring no file of their own; the press on another's answer asks for one."""
    desk.say(f"@conversations {question}", channel=QUALITY)
    public = await desk.settled_list(QUALITY)
    await desk.press(public, act.CSV, channel=QUALITY, user=LENA)
    await desk.seen(lambda: desk.files(desk.dm(LENA)))
    assert desk.files(QUALITY) == []


async def test_what_is_no_list_belongs_to_who_asked_too(desk: Office) -> None:
    """An example in a channel: pressed by who asked it is answered there, by a colleague for them alone."""
    desk.say("@conversations help", channel=QUALITY)
    examples = (await desk.seen(lambda: [m for m in desk.messages(QUALITY) if "run_example" in str(m)]))[0]
    await desk.press(examples, act.RUN_EXAMPLE, channel=QUALITY, user=LENA)
    await desk.settled_list(desk.dm(LENA))
    assert len(desk.messages(QUALITY)) == 1
    await desk.press(examples, act.RUN_EXAMPLE, channel=QUALITY)
    await desk.settled_list(QUALITY)
