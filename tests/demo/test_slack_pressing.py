"""What people press: clicks, menus, modals, shortcuts; through a real Bolt app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.slack import Deliveries, SlackError, sample, sample_workspace
from tests.demo.slacking import Slack, bolt_app, listening, served

Json = dict[str, Any]
GO = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "v1"}
MENU: Json = {
    "type": "static_select",
    "action_id": "menu",
    "options": [{"text": {"type": "plain_text", "text": t}, "value": t} for t in ("one", "two")],
    "initial_option": {"text": {"type": "plain_text", "text": "one"}, "value": "one"},
}
BUTTONS = [{"type": "actions", "block_id": "b", "elements": [GO, MENU]}]


def modal(**more: object) -> Json:
    field = {"type": "plain_text_input", "action_id": "text", "min_length": 2}
    blocks = [
        {
            "type": "input",
            "block_id": "needed",
            "label": {"type": "plain_text", "text": "L"},
            "element": field,
        },
        {
            "type": "input",
            "block_id": "free",
            "optional": True,
            "label": {"type": "plain_text", "text": "N"},
            "element": {
                "type": "number_input",
                "action_id": "n",
                "is_decimal_allowed": False,
                "max_value": "9",
            },
        },
    ]
    title = {"type": "plain_text", "text": "T"}
    return {"type": "modal", "callback_id": "form", "title": title, "submit": title, "blocks": blocks, **more}


def given(text: str | None, number: str | None = None) -> Json:
    return {"needed": {"text": {"value": text}}, "free": {"n": {"value": number}}}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    workspace = sample_workspace()
    async with served(workspace, Deliveries(workspace, ack_timeout=0.5, retry_delays=())) as running:
        yield running


@pytest.fixture
def app(slack: Slack) -> AsyncApp:
    """Return an app that opens a modal from the button, and keeps what it hears."""
    made = bolt_app(slack)

    @made.event("message")
    async def message() -> None:
        """Hear everything."""

    return made


async def settled(slack: Slack) -> None:
    await asyncio.sleep(0.05)
    await slack.deliveries.idle()


async def test_click_on_a_message(slack: Slack, app: AsyncApp) -> None:
    """A click carries message, state and the element's own value; its URL replaces the message."""
    seen = list[Json]()

    @app.action("go")
    async def go(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond("replaced", replace_original=True)

    posted = await slack.client.chat_postMessage(channel=sample.QUALITY, text="x", blocks=BUTTONS)
    async with listening(slack, app):
        forged = {"block_id": "b", "action_id": "go", "value": "forged"}
        await slack.deliveries.act(sample.ME, forged, channel=sample.QUALITY, message_ts=posted["ts"])
        await settled(slack)
    body = seen[0]
    assert body["actions"][0]["value"] == "v1"
    assert body["message"]["ts"] == posted["ts"]
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": sample.QUALITY,
        "is_ephemeral": False,
    }
    assert body["state"]["values"]["b"]["menu"]["selected_option"]["value"] == "one"
    stored = slack.workspace.messages.get(sample.QUALITY, posted["ts"])
    assert stored is not None
    assert (stored["text"], stored.get("blocks")) == ("replaced", None)


async def test_click_on_an_ephemeral_message(slack: Slack, app: AsyncApp) -> None:
    """A click on what only one person sees carries no message; it can still be replaced and deleted."""
    seen = list[Json]()

    @app.action("go")
    async def go(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        seen.append(body)
        if len(seen) == 1:
            await respond(text="again", blocks=BUTTONS, replace_original=True)
        else:
            await respond(delete_original=True)

    url = slack.deliveries.response_url("command", sample.GENERAL, sample.ME)
    shown = slack.workspace.messages.whisper(sample.GENERAL, sample.ME, {"text": "x", "blocks": BUTTONS})
    assert url
    press = {"block_id": "b", "action_id": "go"}
    async with listening(slack, app):
        await slack.deliveries.act(sample.ME, press, channel=sample.GENERAL, message_ts=shown["ts"])
        await settled(slack)
        assert shown["text"] == "again"
        with pytest.raises(SlackError, match="message_not_found"):
            await slack.deliveries.act(sample.LENA, press, channel=sample.GENERAL, message_ts=shown["ts"])
        await slack.deliveries.act(sample.ME, press, channel=sample.GENERAL, message_ts=shown["ts"])
        await settled(slack)
    assert "message" not in seen[0]
    assert seen[0]["container"]["is_ephemeral"]
    assert slack.workspace.messages.whispers(sample.GENERAL, sample.ME) == []


async def test_menu_choice(slack: Slack) -> None:
    """A choice comes as the option chosen and is the state of the next click; the same again is no event."""
    posted = await slack.client.chat_postMessage(channel=sample.QUALITY, text="x", blocks=BUTTONS)
    choice = {"block_id": "b", "action_id": "menu", "selected_option": MENU["options"][1]}
    done = await slack.deliveries.act(sample.ME, choice, channel=sample.QUALITY, message_ts=posted["ts"])
    assert done.payload["actions"][0]["selected_option"]["value"] == "two"
    assert done.payload["state"]["values"]["b"]["menu"]["selected_option"]["value"] == "two"
    first = {**choice, "selected_option": MENU["options"][0]}
    with pytest.raises(SlackError, match="already_chosen"):
        await slack.deliveries.act(sample.ME, choice, channel=sample.QUALITY, message_ts=posted["ts"])
    back = await slack.deliveries.act(sample.ME, first, channel=sample.QUALITY, message_ts=posted["ts"])
    assert back.payload["actions"][0]["selected_option"]["value"] == "one"
    missing = {"block_id": "b", "action_id": "no"}
    with pytest.raises(SlackError, match="action_not_found"):
        await slack.deliveries.act(sample.ME, missing, channel=sample.QUALITY, message_ts=posted["ts"])


async def opened(slack: Slack, view: Json) -> Json:
    trigger = slack.workspace.hooks.trigger(sample.ME)
    answer: Json = (await slack.client.views_open(trigger_id=trigger, view=view))["view"]
    return answer


async def test_submission_answers(slack: Slack, app: AsyncApp) -> None:
    """The client refuses what is missing; errors, update, push, clear and nothing do what Slack does."""
    answers: list[Json | None] = [
        {"response_action": "errors", "errors": {"needed": "not this"}},
        {"response_action": "update", "view": modal(callback_id="form", private_metadata="2")},
        {"response_action": "push", "view": modal(callback_id="form", private_metadata="3")},
        None,
        {"response_action": "clear"},
    ]
    states = list[Json]()

    @app.view("form")
    async def submitted(ack: Any, view: Json) -> None:
        states.append(view["state"]["values"])
        answer = answers.pop(0)
        await (ack(**answer) if answer else ack())

    view = await opened(slack, modal())
    deliveries, views = slack.deliveries, slack.workspace.views
    async with listening(slack, app):
        assert set((await deliveries.submit(sample.ME, view["id"], given(None))).errors) == {"needed"}
        assert set((await deliveries.submit(sample.ME, view["id"], given("x", "1.5"))).errors) == {
            "needed",
            "free",
        }
        assert set((await deliveries.submit(sample.ME, view["id"], given("xx", "10"))).errors) == {"free"}
        assert states == []
        refused = await deliveries.submit(sample.ME, view["id"], given("xx", "9"))
        assert refused.errors == {"needed": "not this"}
        assert states[0]["free"]["n"] == {"type": "number_input", "value": "9"}
        assert (await deliveries.submit(sample.ME, view["id"], given("xx"))).ok
        assert views.stack(sample.ME)[0]["private_metadata"] == "2"
        assert (await deliveries.submit(sample.ME, view["id"], given("xx"))).ok
        first, second = views.stack(sample.ME)
        assert (second["previous_view_id"], second["root_view_id"]) == (first["id"], first["id"])
        assert (await deliveries.submit(sample.ME, second["id"], given("xx"))).ok
        assert views.stack(sample.ME) == (first,)
        assert (await deliveries.submit(sample.ME, first["id"], given("xx"))).ok
        assert views.stack(sample.ME) == ()
    with pytest.raises(SlackError, match="view_not_found"):
        await deliveries.submit(sample.ME, view["id"], given("xx"))


async def test_bad_submission_answers(slack: Slack, app: AsyncApp) -> None:
    """A broken or late answer leaves the modal open, and the person is told."""
    toasts = list[str]()
    slack.workspace.changes.listen(lambda c: toasts.append(c.data["text"]) if c.kind == "toast" else None)
    answers: list[Json] = [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
    ]

    @app.view("form")
    async def submitted(ack: Any) -> None:
        if not answers:
            await asyncio.sleep(1)
        await ack(answers.pop(0) if answers else {})

    view = await opened(slack, modal())
    async with listening(slack, app):
        for _ in range(4):
            done = await slack.deliveries.submit(sample.ME, view["id"], given("xx"))
            assert (done.ok, done.errors) == (False, {})
    assert len(toasts) == 4
    assert len(slack.workspace.views.stack(sample.ME)) == 1


async def test_trigger_rules(slack: Slack) -> None:
    """A trigger opens one view within three seconds; a stack holds three; hashes guard updates."""
    now = [1_795_000_000.0]
    async with served(sample_workspace(clock=lambda: now[0])) as other:
        trigger = other.workspace.hooks.trigger(sample.ME)
        now[0] += 3.1
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            await other.client.views_open(trigger_id=trigger, view=modal())
    hooks, client = slack.workspace.hooks, slack.client
    trigger = hooks.trigger(sample.ME)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(
            trigger_id=trigger, view=modal(title={"type": "plain_text", "text": "x" * 25})
        )
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_push(trigger_id=trigger, view=modal())
    view = (await client.views_open(trigger_id=trigger, view=modal(external_id="ext")))["view"]
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=modal())
    for _ in range(2):
        await client.views_push(trigger_id=hooks.trigger(sample.ME), view=modal())
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=hooks.trigger(sample.ME), view=modal())
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await client.views_open(trigger_id=hooks.trigger(sample.LENA), view=modal(external_id="ext"))
    updated = (
        await client.views_update(external_id="ext", view=modal(callback_id="new"), hash=view["hash"])
    )["view"]
    assert (updated["id"], updated["callback_id"]) == (view["id"], "new")
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=view["id"], view=modal(), hash=view["hash"])


async def test_click_in_a_modal(slack: Slack, app: AsyncApp) -> None:
    """A click in a modal carries the view with its state, and no response URL; its trigger pushes."""
    blocks = [*modal()["blocks"], *BUTTONS]

    @app.action("go")
    async def go(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=modal(notify_on_close=True))

    view = await opened(slack, modal(blocks=blocks))
    async with listening(slack, app):
        done = await slack.deliveries.act(
            sample.ME,
            {"block_id": "b", "action_id": "go"},
            view_id=view["id"],
            state={"values": given("typed")},
        )
        await settled(slack)
        assert done.payload["view"]["state"]["values"]["needed"]["text"]["value"] == "typed"
        assert "response_url" not in done.payload
        top = slack.workspace.views.stack(sample.ME)[-1]
        closed = await slack.deliveries.close(sample.ME, top["id"])
        assert [d.payload["type"] for d in closed] == ["view_closed"]
        assert await slack.deliveries.close(sample.ME, view["id"]) == []
    assert slack.workspace.views.stack(sample.ME) == ()


async def test_suggestions(slack: Slack, app: AsyncApp) -> None:
    """A menu's options are asked of the app; wrong ones are not shown."""
    option = {"text": {"type": "plain_text", "text": "Support EN"}, "value": "a1"}

    @app.options("agent")
    async def suggest(ack: Any, payload: Json) -> None:
        await ack(options=[option] if payload["value"] == "sup" else [option] * 101)

    element = {"type": "external_select", "action_id": "agent", "min_query_length": 0}
    block = {
        "type": "input",
        "block_id": "a",
        "label": {"type": "plain_text", "text": "A"},
        "element": element,
    }
    view = await opened(slack, modal(blocks=[block]))
    async with listening(slack, app):
        ask = slack.deliveries.options
        assert await ask(sample.ME, "agent", "a", "sup", view_id=view["id"]) == {"options": [option]}
        assert await ask(sample.ME, "agent", "a", "too many", view_id=view["id"]) == {"options": []}


async def test_shortcuts(slack: Slack, app: AsyncApp) -> None:
    """A message shortcut carries the message and answers privately; a global one only its trigger."""
    seen = list[Json]()

    @app.shortcut("find_call")
    async def find(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond("found", replace_original=True)

    @app.shortcut("open_filters")
    async def filters(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        seen.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    sent = slack.deliveries.say(sample.LENA, sample.QUALITY, "look at CA123")
    async with listening(slack, app):
        await slack.deliveries.shortcut(sample.ME, "find_call", channel=sample.QUALITY, message_ts=sent["ts"])
        await slack.deliveries.shortcut(sample.ME, "open_filters")
        await settled(slack)
    assert [(body["type"], "message" in body, "channel" in body) for body in seen] == [
        ("message_action", True, True),
        ("shortcut", False, False),
    ]
    assert [m["text"] for m in slack.workspace.messages.whispers(sample.QUALITY, sample.ME)] == ["found"]
    assert sent["text"] == "look at CA123"
    assert len(slack.workspace.views.stack(sample.ME)) == 1
