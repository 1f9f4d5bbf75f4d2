"""Filters: opened on an answer it shows the question; submitted, the same message answers the new one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.demo.slack import Fault
from bot.demo.slack.sample import GUEST, LENA, ME, QUALITY
from tests.answers.calls import share
from tests.answers.office import Office, office

Json = dict[str, Any]
SHOWN = re.compile(r"conv_[a-z0-9]+")
FAILED = "failed since 90 days ago"
DONE = "'action_id': 'csv'"
"""A list offers it once it is complete."""


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 120 sample conversations."""
    async with office(rows=120) as opened:
        yield opened


async def form(desk: Office, user: str = ME) -> Json:
    """Wait for the Filters form to be open and filled."""

    def filled() -> Json | None:
        stack = desk.workspace.views.stack(user)
        return stack[-1] if stack and stack[-1]["callback_id"] == "filters_view" else None

    found: Json = await desk.seen(filled)
    return found


def field(view: Json, block_id: str) -> Json:
    """Return an element of the form."""
    block = next(block for block in view["blocks"] if block.get("block_id") == block_id)
    found: Json = block.get("accessory") or block.get("element") or block["elements"][0]
    return found


def chosen(*values: str) -> Json:
    """Return a menu's state."""
    return {"selected_options": [{"text": {"type": "plain_text", "text": v}, "value": v} for v in values]}


def values(**entries: Json) -> Json:
    """Return what was entered: block_id=state of its element."""
    asked_for = {"agent": "agent_menu", "duration": "filter_menu", "search": "filter_menu"}
    return {name: {asked_for.get(name, "entry"): entry} for name, entry in entries.items()}


async def now_shows(desk: Office, message: Json, words: str, channel: str) -> Json:
    """Wait for a message to have these words; return it."""

    def there() -> Json | None:
        found = desk.workspace.messages.get(channel, message["ts"])
        return found if found is not None and words in found["text"] + str(found["blocks"]) else None

    found: Json = await desk.seen(there)
    return found


def expected(desk: Office, **facts: str) -> list[str]:
    """Return the ids of matching sample conversations, newest first, by brute force."""
    found = [r for r in desk.dataset if all(getattr(r.row, name) == value for name, value in facts.items())]
    return [r.row.conversation_id for r in sorted(found, key=lambda r: r.key, reverse=True)]


def shown(message: Json) -> list[str]:
    """Return the conversation ids of a list message, in order."""
    return list(dict.fromkeys(SHOWN.findall(message["text"])))


async def opened_on_a_list(desk: Office, text: str = FAILED) -> tuple[Json, Json]:
    """Ask, wait for the list, press Filters; return the list and the form."""
    await desk.command(text, channel=QUALITY)
    listed = await desk.settled_list(desk.dm())
    await desk.press(listed, "filters", channel=desk.dm())
    return listed, await form(desk)


async def test_the_form_shows_the_question(desk: Office) -> None:
    """Result, day and the sentence stand in it."""
    _, view = await opened_on_a_list(desk)
    assert [o["value"] for o in field(view, "result")["initial_options"]] == ["failure"]
    assert field(view, "since")["initial_date"]
    assert "Failed calls since" in str(view["blocks"][0])


async def test_the_form_says_limits_in_words(desk: Office) -> None:
    """A length or a rating is shown as the answer says it, not as `<=2`."""
    _, view = await opened_on_a_list(desk, "calls rated 2 or less over 5 minutes")
    shown = [field(view, name)["initial_options"][0]["text"]["text"] for name in ("rating", "duration")]
    assert shown == ["Rated 2 or less", "Longer than 5 minutes"]


async def test_the_same_message_answers_the_new_question(desk: Office) -> None:
    """List, count, refresh and file of the message are the new question's; no other list is posted."""
    listed, view = await opened_on_a_list(desk)
    done = await desk.deliveries.submit(ME, view["id"], values(result=chosen("success")))
    assert done.ok
    assert desk.workspace.views.stack(ME) == ()
    changed = await now_shows(desk, listed, "Successful calls", desk.dm())
    changed = await now_shows(desk, listed, DONE, desk.dm())
    order = expected(desk, call_successful="success")
    assert shown(changed) == order[:10]
    assert "is of the question that stood here before: failed calls" in str(changed["blocks"])
    assert len(desk.files(desk.dm())) == 1
    await desk.press(changed, "csv", channel=desk.dm())
    files = await desk.seen(lambda: desk.files(desk.dm()) if len(desk.files(desk.dm())) == 2 else None)
    assert [row["conversation_id"] for row in desk.rows(files[1])] == order
    assert len([m for m in desk.messages(desk.dm()) if not m.get("files")]) == 1


async def test_a_follow_up_goes_on_from_the_changed_question(desk: Office) -> None:
    """The thread is about what its list shows now."""
    listed, view = await opened_on_a_list(desk)
    await desk.deliveries.submit(ME, view["id"], values(result=chosen("success")))
    await now_shows(desk, listed, "Successful calls", desk.dm())
    desk.say("just German", channel=desk.dm(), thread_ts=listed["ts"])
    await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "Successful German calls" in m["text"]])


async def test_what_cannot_be_is_said_in_the_form(desk: Office) -> None:
    """The form stays open with a sentence; corrected, the same form is answered."""
    listed, view = await opened_on_a_list(desk)
    wrong = await desk.deliveries.submit(ME, view["id"], values(duration=chosen("very long")))
    assert set(wrong.errors) == {"time"}
    assert "Length: " in wrong.errors["time"]
    right = await desk.deliveries.submit(ME, view["id"], values(duration=chosen(">1m")))
    assert right.ok
    await now_shows(desk, listed, "longer than 1 minute", desk.dm())


async def test_choosing_in_the_form_asks_nothing_yet(desk: Office) -> None:
    """Slack tells of each choice in a menu; only the submitted form is a question."""
    _, view = await opened_on_a_list(desk)
    before = len(desk.messages(desk.dm()))
    for picked in (
        {"block_id": "result", "action_id": "entry", **chosen("success")},
        {"block_id": "agent", "action_id": "agent_menu", **chosen("agent_1")},
        {"block_id": "since", "action_id": "time_of_day", "selected_time": "08:00"},
    ):
        assert (await desk.deliveries.act(ME, picked, view_id=view["id"])).ok
    await asyncio.sleep(0.3)
    assert len(desk.messages(desk.dm())) == before
    assert desk.whispers(QUALITY)[1:] == []


async def test_menus_offer_what_there_is_and_what_is_typed(desk: Office) -> None:
    """Tools that agents used, what they collect, and a length in any words; nonsense is not offered."""
    _, view = await opened_on_a_list(desk)

    async def offered(key: str, typed: str) -> list[str]:
        found = await desk.deliveries.options(ME, "filter_menu", key, typed, view_id=view["id"])
        return [option["value"] for option in found["options"]]

    assert {name for record in desk.dataset for name in record.row.tool_names or ()} >= {
        *await offered("tool", "")
    }
    assert await offered("tool", "")
    assert (await offered("columns", ""))[0].startswith(("data.", "eval."))
    assert await offered("columns", "csat") == ["data.csat"]
    assert await offered("duration", "over 7 minutes") == ["over 7 minutes"]
    assert await offered("duration", "very long") == []
    assert await offered("result", "") == []


async def test_a_submission_delivered_twice_is_one_answer(desk: Office) -> None:
    """Slack's second delivery of the same submission adds neither list nor file."""
    listed, view = await opened_on_a_list(desk)
    await desk.deliveries.submit(ME, view["id"], values(result=chosen("unknown")))
    payload = next(d for d in reversed(desk.deliveries.log) if d.kind == "view_submission").payload
    await desk.deliveries.send("view_submission", "interactive", payload)
    await now_shows(desk, listed, "Unknown calls", desk.dm())
    await now_shows(desk, listed, DONE, desk.dm())
    assert len(desk.files(desk.dm())) == 1
    assert len([m for m in desk.messages(desk.dm()) if not m.get("files")]) == 1


async def test_agents_are_searched(desk: Office) -> None:
    """The menu offers the account's agents by name; chosen, the list is theirs."""
    listed, view = await opened_on_a_list(desk)
    found = await desk.deliveries.options(ME, "agent_menu", "agent", "support", view_id=view["id"])
    assert found["options"]
    assert all("support" in option["text"]["text"].casefold() for option in found["options"])
    option = found["options"][0]
    await desk.deliveries.submit(ME, view["id"], values(agent={"selected_options": [option]}))
    changed = await now_shows(desk, listed, f"Failed calls for {option['text']['text']}", desk.dm())
    changed = await now_shows(desk, listed, DONE, desk.dm())
    assert shown(changed) == expected(desk, call_successful="failure", agent_id=option["value"])[:10]


async def test_nothing_found_offers_filters_and_wider_questions(desk: Office) -> None:
    """The message of an empty result becomes a list, and a list an empty result, by Filters or a press."""
    listed, view = await opened_on_a_list(desk)
    await desk.deliveries.submit(ME, view["id"], values(search=chosen("zzqqxx never said")))
    empty = await now_shows(desk, listed, "No calls found", desk.dm())
    assert "Without “failed”" in str(empty["blocks"])
    await desk.press(empty, "filters", channel=desk.dm())
    again = await desk.seen(lambda: _other(desk, view))
    await desk.deliveries.submit(ME, again["id"], values(search=chosen()))
    await now_shows(desk, listed, DONE, desk.dm())


def _other(desk: Office, view: Json) -> Json | None:
    stack = desk.workspace.views.stack(ME)
    return next((v for v in stack if v["callback_id"] == "filters_view" and v["id"] != view["id"]), None)


async def test_a_wider_question_is_one_press_away(desk: Office) -> None:
    """Pressed under an empty result, it is asked and answered."""
    asked = desk.say("failed calls before 2020-01-01", channel=desk.dm())
    empty = (await desk.seen(lambda: desk.messages(desk.dm())))[0]
    assert "Any time" in str(empty["blocks"])
    await desk.press(empty, "run_example", channel=desk.dm())
    listed = await desk.settled_list(desk.dm())
    assert shown(listed) == expected(desk, call_successful="failure")[:10]
    assert listed["thread_ts"] == asked["ts"]


async def test_the_shortcut_opens_a_fresh_form(desk: Office) -> None:
    """From anywhere; the answer is a new list in the direct message, and the form says so."""
    await desk.deliveries.shortcut(ME, "open_filters")
    view = await form(desk)
    assert "initial_options" not in field(view, "result")
    await desk.deliveries.submit(ME, view["id"], values(result=chosen("failure")))
    assert "direct messages" in str(desk.workspace.views.stack(ME)[-1]["blocks"])
    listed = await desk.settled_list(desk.dm())
    assert shown(listed) == expected(desk, call_successful="failure")[:10]


async def test_from_a_glance_the_answer_is_private(desk: Office) -> None:
    """What only its reader sees cannot be changed: the new list is in the direct message, to be shared."""
    await desk.command(FAILED, channel=QUALITY)
    glance = (await desk.seen(lambda: desk.whispers(QUALITY)))[0]
    await desk.settled_list(desk.dm())
    await desk.press(glance, "filters", channel=QUALITY)
    view = await form(desk)
    await desk.deliveries.submit(ME, view["id"], values(result=chosen("success")))
    lists = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "Successful calls" in m["text"]])
    assert desk.messages(QUALITY) == []
    await now_shows(desk, lists[0], "'share'", desk.dm())


async def test_who_shared_a_list_changes_it(desk: Office) -> None:
    """By Filters; it still says who shared it. Another member's filters are answered for them alone."""
    await desk.command(FAILED, channel=QUALITY)
    glance = (await desk.seen(lambda: desk.whispers(QUALITY)))[0]
    await share(desk, glance, pressed_in=QUALITY, to=QUALITY)
    shared = await desk.settled_list(QUALITY)
    before = str(shared["blocks"])
    await desk.press(shared, "filters", channel=QUALITY, user=LENA)
    view = await form(desk, LENA)
    await desk.deliveries.submit(LENA, view["id"], values(result=chosen("success")))
    assert "Successful calls" in (await desk.settled_list(desk.dm(LENA)))["text"]
    assert str(shared["blocks"]) == before
    await desk.press(shared, "filters", channel=QUALITY)
    view = await form(desk)
    await desk.deliveries.submit(ME, view["id"], values(result=chosen("success")))
    await now_shows(desk, shared, "Successful calls", QUALITY)
    changed = await now_shows(desk, shared, DONE, QUALITY)
    assert f"Shared by <@{ME}>" in str(changed["blocks"])


async def test_a_guest_gets_no_form(desk: Office) -> None:
    """Who may not ask is told so in the modal, and finds no agents in its menu."""
    await desk.deliveries.shortcut(GUEST, "open_filters")

    def refused() -> bool:
        stack = desk.workspace.views.stack(GUEST)
        return bool(stack) and "Sorry" in str(stack[-1]["blocks"])

    assert await desk.seen(refused)
    assert "agent_menu" not in str(desk.workspace.views.stack(GUEST))


async def test_an_old_answer_opens_a_fresh_form() -> None:
    """A question no longer kept: the form says so and asks anew."""
    async with office(rows=100, variables={"RETENTION_DAYS": "1"}) as desk:
        posted = desk.workspace.messages.post(
            desk.dm(),
            {
                **desk.workspace.bot_author(),
                "text": "old",
                "blocks": [
                    {
                        "type": "actions",
                        "block_id": "b",
                        "elements": [{"type": "button", "action_id": "filters", "value": '["qforgotten"]'}],
                    }
                ],
            },
        )
        await desk.press(posted, "filters", channel=desk.dm())
        view = await form(desk)
        assert "too old" in str(view["blocks"][0])
        await desk.deliveries.submit(ME, view["id"], values(result=chosen("failure")))
        await desk.settled_list(desk.dm())


async def test_changed_while_the_file_is_made() -> None:
    """The message is the new question's at once and stays so; the same person's older file is cancelled."""
    async with office(rows=600, latency=0.2, variables={"ELEVENLABS_CONCURRENCY": "2"}) as slow:
        await slow.command("all conversations", channel=QUALITY)
        listed = (await slow.seen(lambda: slow.messages(slow.dm())))[0]
        await slow.press(listed, "filters", channel=slow.dm())
        view = await form(slow)
        await slow.deliveries.submit(
            ME, view["id"], values(result=chosen("failure"), duration=chosen(">10m"))
        )
        await now_shows(slow, listed, "Failed calls longer", slow.dm())
        changed = await now_shows(slow, listed, DONE, slow.dm())
        assert "Failed calls longer" in changed["text"]
        assert slow.files(slow.dm()) == []


async def test_a_late_update_does_not_bring_the_old_question_back() -> None:
    """Slack lets an update of the file before wait; the asker's new question comes after it, and stays."""
    async with office(rows=300, latency=0.2, ending=0) as slow:
        slow.say("@conversations all conversations", channel=QUALITY)
        listed = (await slow.seen(lambda: slow.messages(QUALITY)))[0]
        await slow.press(listed, "filters", channel=QUALITY)
        view = await form(slow)
        wait = Fault("ratelimited", frozenset({"chat.update"}), retry_after=1)
        late = slow.workspace.faults.add(wait)
        await slow.seen(lambda: late.hits)
        await slow.deliveries.submit(ME, view["id"], values(result=chosen("failure")))
        await now_shows(slow, listed, "Failed calls", QUALITY)
        for _ in range(24):
            await asyncio.sleep(0.05)
            shows = slow.workspace.messages.get(QUALITY, listed["ts"])
            assert shows is not None
            assert shows["text"].startswith("Failed calls")
