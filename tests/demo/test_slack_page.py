"""The chat page's own API: what it shows, what it sends, and what it hears live."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Self

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from bot.demo.slack import Deliveries, StandIn, sample, sample_workspace
from tests.demo.slacking import Slack, bolt_app, listening, served
from tests.serving import serve

Json = dict[str, Any]


class Page:
    """A browser tab: it asks, and listens to the live events."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.events: list[Json] = []
        self.last_id = ""

    async def __aenter__(self) -> Self:
        self.session = aiohttp.ClientSession(base_url=self.base)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    async def get(self, path: str, user: str = "") -> Any:
        async with self.session.get(path, params={"as": user} if user else None) as answer:
            return await answer.json()

    async def post(self, name: str, user: str = "", **body: object) -> Any:
        async with self.session.post(
            f"/demo/{name}", json=body, params={"as": user} if user else None
        ) as answer:
            return await answer.json()

    async def hear(self, count: int, after: str | None = None) -> list[Json]:
        headers = {"Last-Event-ID": after} if after is not None else {}
        heard: list[Json] = []
        async with asyncio.timeout(5), self.session.get("/demo/live", headers=headers) as answer:
            assert answer.content_type == "text/event-stream"
            async for line in answer.content:
                if line.startswith(b"id: "):
                    self.last_id = line[4:].decode().strip()
                if line.startswith(b"data: "):
                    heard.append(json.loads(line[6:]))
                if len(heard) == count:
                    break
        return heard


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    workspace = sample_workspace()
    async with served(workspace, Deliveries(workspace, ack_timeout=0.5, retry_delays=())) as running:
        yield running


@pytest.fixture
async def page(slack: Slack) -> AsyncIterator[Page]:
    async with Page(slack.base) as tab:
        yield tab


async def test_state(slack: Slack, page: Page) -> None:
    """The page learns who is who and which conversations there are, each with its kind."""
    state = await page.get("/demo/state")
    assert (state["me"]["id"], state["me"]["tz"]) == (sample.ME, "Europe/Amsterdam")
    assert state["bot"]["user_id"] == slack.workspace.app.bot_user_id
    kinds = {channel["name"]: channel["kind"] for channel in state["channels"]}
    assert kinds["quality-review"] == "channel"
    assert kinds["leads"] == "private"
    assert kinds["partners-harbor"] == "shared"
    assert kinds["Conversations"] == "app_dm"
    assert kinds["Lena Fischer"] == "im"
    general = next(channel for channel in state["channels"] if channel["name"] == "general")
    assert (general["bot_is_member"], general["user_is_member"]) == (False, True)
    assert state["commands"][0]["command"] == "/conversations"
    assert {shortcut["type"] for shortcut in state["shortcuts"]} == {"global", "message"}
    assert state["suggestions"]


async def test_messages_and_replies(slack: Slack, page: Page) -> None:
    """A channel shows its top level and this person's ephemerals; a thread its replies and files."""
    root = await slack.client.chat_postMessage(channel=sample.QUALITY, text="root")
    await slack.client.files_upload_v2(
        channel=sample.QUALITY, thread_ts=root["ts"], content="a,b", filename="calls.csv"
    )
    await slack.client.chat_postEphemeral(channel=sample.QUALITY, user=sample.ME, text="psst")
    await slack.client.chat_postEphemeral(channel=sample.QUALITY, user=sample.LENA, text="not you")
    await slack.deliveries.idle()
    messages = (await page.get(f"/demo/messages?channel={sample.QUALITY}"))["messages"]
    assert [(m["text"], m.get("is_ephemeral"), m.get("reply_count")) for m in messages] == [
        ("root", None, 1),
        ("psst", True, None),
    ]
    replies = (await page.get(f"/demo/replies?channel={sample.QUALITY}&ts={root['ts']}"))["messages"]
    file = replies[1]["files"][0]
    assert (file["name"], file["size"], file["mimetype"]) == ("calls.csv", 3, "text/csv")
    async with page.session.get(file["url"]) as answer:
        assert await answer.read() == b"a,b"
    for path in ("/demo/messages?channel=C0NOWHERE01", "/demo/replies?ts=1", "/demo/files/F0NOWHERE01"):
        async with page.session.get(path) as answer:
            assert answer.status == 404


async def test_somebody_else(slack: Slack, page: Page) -> None:
    """A tab can play another person: it sees what they see, and what it does is theirs."""
    await slack.client.chat_postEphemeral(channel=sample.QUALITY, user=sample.LENA, text="for Lena")
    await page.post("send", sample.LENA, channel=sample.QUALITY, text="it is me")
    messages = f"/demo/messages?channel={sample.QUALITY}"
    assert [m["text"] for m in (await page.get(messages, sample.LENA))["messages"]] == [
        "for Lena",
        "it is me",
    ]
    assert [m["user"] for m in (await page.get(messages))["messages"]] == [sample.LENA]
    guest = await page.get("/demo/state", sample.GUEST)
    assert guest["me"]["is_restricted"]
    assert {c["name"] for c in guest["channels"]} == {"general", "quality-review", "Conversations"}
    for nobody in (slack.workspace.app.bot_user_id, "U0NOBODY001"):
        assert (await page.get("/demo/state", nobody))["me"]["id"] == sample.ME


async def test_sending(slack: Slack, page: Page) -> None:
    """Messages go to the channel and the app; commands to the app, with Slack's words when they fail."""
    sent = await page.post("send", channel=sample.QUALITY, text="hello <you> & me")
    assert sent["ok"]
    stored = slack.workspace.messages.get(sample.QUALITY, sent["ts"])
    assert stored is not None
    assert stored["text"] == "hello &lt;you&gt; &amp; me"
    reply = await page.post("send", channel=sample.QUALITY, text="again", thread_ts=sent["ts"])
    assert reply["ok"]
    assert stored["reply_count"] == 1
    failed = await page.post("send", channel=sample.QUALITY, text="/conversations failed")
    assert failed == {
        "ok": False,
        "error": "dispatch_failed",
        "shown": '/conversations failed with the error "dispatch_failed"',
    }
    threaded = await page.post("send", channel=sample.QUALITY, text="/conversations x", thread_ts=sent["ts"])
    assert threaded["shown"] == "/conversations is not supported in threads. Sorry!"
    assert (await page.post("send", channel=sample.QUALITY, text="/nope"))["error"] == "unknown_command"
    assert (await page.post("send", channel="C0NOWHERE01", text="x"))["error"] == "channel_not_found"
    assert (await page.post("send", channel=sample.OPEN, text="x"))["error"] == "not_in_channel"
    assert (await page.post("send", channel=sample.QUALITY, text="  "))["error"] == "no_text"
    async with page.session.post("/demo/send", data="{") as answer:
        assert answer.status == 400


async def test_command_round_trip(slack: Slack, page: Page) -> None:
    """A command, its private answer, a press and a modal's submission all come back live."""
    app = bolt_app(slack)
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    title = {"type": "plain_text", "text": "Filters"}
    field = {"type": "plain_text_input", "action_id": "t"}
    form = {
        "type": "modal",
        "callback_id": "form",
        "title": title,
        "submit": title,
        "blocks": [{"type": "input", "block_id": "b", "label": title, "element": field}],
    }

    @app.command("/conversations")
    async def command(ack: Any, respond: Any) -> None:
        await ack()
        await respond("list", blocks=[{"type": "actions", "block_id": "a", "elements": [button]}])

    @app.action("go")
    async def go(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form)

    @app.view("form")
    async def submitted(ack: Any, view: Json) -> None:
        if view["state"]["values"]["b"]["t"]["value"] == "bad":
            await ack(response_action="errors", errors={"b": "bad indeed"})
        else:
            await ack()

    async with listening(slack, app):
        assert (await page.post("send", channel=sample.LEADS, text="/conversations failed"))["ok"]
        shown = (await page.hear(1, after="0"))[0]
        assert (shown["type"], shown["message"]["is_ephemeral"]) == ("message", True)
        pressed = await page.post(
            "act",
            channel=sample.LEADS,
            message_ts=shown["message"]["ts"],
            action={"type": "button", "action_id": "go", "block_id": "a"},
        )
        assert pressed == {"ok": True}
        opened = (await page.hear(1, after=page.last_id))[0]
        assert opened["type"] == "view_opened"
        view_id = opened["view"]["id"]
        wrong = await page.post("submit", view_id=view_id, values={"b": {"t": {"value": "bad"}}})
        assert wrong == {"ok": False, "errors": {"b": "bad indeed"}}
        assert await page.post("submit", view_id=view_id, values={"b": {"t": {"value": "ok"}}}) == {
            "ok": True
        }
        assert await page.hear(1, after=page.last_id) == [{"type": "view_closed", "view_id": view_id}]
        gone = await page.post("submit", view_id=view_id, values={})
        assert gone["error"] == "view_not_found"


async def test_live_replays_what_was_missed(slack: Slack, page: Page) -> None:
    """A tab that comes back with the last number it saw gets the rest, in order, and only what it may see."""
    posted = await slack.client.chat_postMessage(channel=sample.QUALITY, text="one")
    slack.deliveries.say(sample.OMAR, slack.workspace.im(sample.OMAR, sample.LENA).id, "secret")
    await slack.client.chat_postEphemeral(channel=sample.QUALITY, user=sample.LENA, text="secret")
    await slack.client.chat_update(channel=sample.QUALITY, ts=posted["ts"], text="two")
    await slack.client.chat_postMessage(channel=sample.QUALITY, text="reply", thread_ts=posted["ts"])
    first = await page.hear(3, after="0")
    events = first + await page.hear(1, after=page.last_id)
    assert [event["type"] for event in events] == [
        "message",
        "message_changed",
        "message",
        "message_changed",
    ]
    assert events[3]["message"]["reply_count"] == 1
    assert "secret" not in json.dumps(events)
    assert await page.hear(4, after="0") == events
    assert (await page.get("/demo/state"))["live_id"] == int(page.last_id)


async def test_assistant_and_home_live(slack: Slack, page: Page) -> None:
    """Status, prompts and Home come live too."""
    dm = slack.workspace.dm(sample.ME).id
    sent = await page.post("send", channel=dm, text="hi")
    client = slack.client
    await client.assistant_threads_setStatus(channel_id=dm, thread_ts=sent["ts"], status="is looking…")
    prompts = [{"title": "Failed", "message": "failed calls"}]
    await client.assistant_threads_setSuggestedPrompts(channel_id=dm, thread_ts=sent["ts"], prompts=prompts)
    await client.views_publish(user_id=sample.ME, view={"type": "home", "blocks": [{"type": "divider"}]})
    status, offered, home = (await page.hear(4, after="0"))[1:]
    assert status == {"type": "status", "channel": dm, "thread_ts": sent["ts"], "status": "is looking…"}
    assert (offered["type"], offered["prompts"]) == ("prompts", prompts)
    assert home["type"] == "home"
    assert (await page.get("/demo/home"))["view"] == home["view"]


async def test_opened_shortcut_close_and_options(slack: Slack, page: Page) -> None:
    """Opening the app's tabs, shortcuts, closing and menus reach the app; trouble comes as a toast."""
    dm = slack.workspace.dm(sample.ME).id
    assert await page.post("opened", channel=dm, tab="home") == {"ok": True}
    await page.post("opened", channel=sample.QUALITY)
    await slack.deliveries.idle()
    opened = [d.payload["event"]["tab"] for d in slack.deliveries.log if d.kind == "app_home_opened"]
    assert opened == ["home"]
    failed = await page.post("shortcut", callback_id="open_filters")
    assert failed == {"ok": False, "error": "connection_failed"}
    toast = (await page.hear(1, after="0"))[0]
    assert (toast["type"], toast["kind"]) == ("toast", "error")
    title = {"type": "plain_text", "text": "T"}
    element = {"type": "external_select", "action_id": "e"}
    block = {"type": "section", "block_id": "b", "text": title, "accessory": element}
    trigger = slack.workspace.hooks.trigger(sample.ME)
    view = {"type": "modal", "title": title, "blocks": [block]}
    view_id = (await slack.client.views_open(trigger_id=trigger, view=view))["view"]["id"]
    asked = await page.post("options", view_id=view_id, action_id="e", block_id="b", value="x")
    assert asked == {"options": []}
    assert await page.post("close", view_id=view_id) == {"ok": True}
    assert slack.workspace.views.stack(sample.ME) == ()


async def test_other_sites_are_refused(slack: Slack, page: Page) -> None:
    """Another site's page can neither act nor read, whatever name it gave this machine."""
    foreign = {"Origin": "https://elsewhere.example"}
    body = {"channel": sample.QUALITY, "text": "x"}
    async with page.session.post("/demo/send", json=body, headers=foreign) as answer:
        assert answer.status == 403
    async with page.session.get("/demo/state", headers={"Origin": slack.base}) as answer:
        assert answer.status == 200
    stand_in = StandIn(sample_workspace(), hosts=frozenset({"localhost"}))
    async with serve(Starlette(routes=stand_in.routes())) as base:
        for host, status in (("localhost", 200), ("elsewhere.example", 403)):
            async with page.session.get(f"{base}/demo/state", headers={"Host": host}) as answer:
                assert (host, answer.status) == (host, status)
    await stand_in.aclose()
