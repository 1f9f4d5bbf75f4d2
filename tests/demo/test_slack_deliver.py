"""Deliveries over HTTP to a real Bolt app: commands, events, repeats, patience, response URLs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.demo.slack import Command, Deliveries, sample, sample_workspace
from bot.demo.slack.app_connection import signature
from tests.demo.slacking import Slack, answering, bolt_app, listening, served

Json = dict[str, Any]


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """Serve the demo's workspace with short patience and repeats at once."""
    workspace = sample_workspace()
    deliveries = Deliveries(workspace, ack_timeout=0.3, retry_delays=(0.0, 0.0, 0.0))
    async with served(workspace, deliveries) as running:
        yield running


def test_signature_is_slacks() -> None:
    """The example of Slack's documentation comes out as there."""
    secret = "8f742231b10e8888abcd99yyyzzz85a5"
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature(secret, 1531420618, body) == expected


async def test_command(slack: Slack) -> None:
    """A command reaches Bolt with all its fields; its ack is timed; answers in it are shown."""
    app, seen = bolt_app(slack), list[Json]()

    @app.command("/conversations")
    async def run(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack("got <it>")

    async with listening(slack, app):
        done = await slack.deliveries.command(
            sample.ME, sample.LEADS, "/conversations", "longer than > 5 & so"
        )
    assert done.error is None
    assert done.delivery.status == 200
    assert 0 < done.delivery.seconds < 0.3
    body = seen[0]
    assert body["text"] == "longer than &gt; 5 &amp; so"
    assert (body["channel_name"], body["user_name"], body["team_id"]) == (
        "privategroup",
        "mara",
        sample.TEAM.id,
    )
    assert body["response_url"].startswith(f"{slack.base}/slack-hooks/")
    shown = slack.workspace.messages.whispers(sample.LEADS, sample.ME)
    assert [message["text"] for message in shown] == ["got <it>"]


async def test_command_text_forms(slack: Slack) -> None:
    """should_escape turns names into ids; without it they stay; entities can be left out."""
    slack.workspace.app.commands = (Command("/escaped", should_escape=True),)
    deliveries = slack.deliveries
    one = await deliveries.command(sample.ME, sample.QUALITY, "/escaped", "@lena in #general")
    assert one.delivery.payload["text"] == f"<@{sample.LENA}> in <#{sample.GENERAL}|general>"
    two = await deliveries.command(sample.ME, sample.QUALITY, "/plain", "@lena <b>")
    assert two.delivery.payload["text"] == "@lena &lt;b&gt;"
    slack.workspace.escape_commands = False
    three = await deliveries.command(sample.ME, sample.QUALITY, "/plain", "a > b")
    assert three.delivery.payload["text"] == "a > b"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (PlainTextResponse("no", status_code=500), "dispatch_failed"),
        (JSONResponse({"blocks": [{"type": "no"}]}), "invalid_command_response"),
        (JSONResponse(["no"]), "invalid_command_response"),
        (None, "operation_timeout"),
    ],
)
async def test_failed_commands(slack: Slack, answer: Response | None, error: str) -> None:
    """A late, refused or broken ack fails the command, and its sender is told as Slack tells."""

    async def endpoint(_: Request) -> Response:
        if answer is None:
            await asyncio.sleep(0.5)
        return answer or PlainTextResponse("")

    async with answering(slack, endpoint):
        done = await slack.deliveries.command(sample.ME, sample.QUALITY, "/conversations")
    assert (done.error, done.shown) == (error, f'/conversations failed with the error "{error}"')
    assert slack.workspace.messages.whispers(sample.QUALITY, sample.ME) == []


async def test_mention_comes_twice(slack: Slack) -> None:
    """Where the bot is a member a mention is app_mention and message; elsewhere in public only the first."""
    app, seen = bolt_app(slack), list[tuple[str, Json]]()

    @app.event("app_mention")
    async def mentioned(event: Json) -> None:
        seen.append(("app_mention", event))

    @app.event("message")
    async def message(event: Json) -> None:
        seen.append(("message", event))

    async with listening(slack, app):
        sent = slack.deliveries.say(
            sample.ME, sample.QUALITY, "@Conversations a > b #general https://x.y/z?a=1&b"
        )
        await slack.deliveries.idle()
        await asyncio.sleep(0.05)
        bot = slack.workspace.app.bot_user_id
        assert sorted(kind for kind, _ in seen) == ["app_mention", "message"]
        text = f"<@{bot}> a &gt; b <#{sample.GENERAL}|general> <https://x.y/z?a=1&amp;b>"
        assert {(event["text"], event["ts"], event["channel"]) for _, event in seen} == {
            (text, sent["ts"], sample.QUALITY)
        }
        ids = {delivery.payload["event_id"] for delivery in slack.deliveries.log}
        assert len(ids) == 2
        seen.clear()
        slack.deliveries.say(sample.ME, sample.GENERAL, "@conversations hi")
        slack.deliveries.say(sample.ME, sample.LEADS, "@conversations hi")
        await slack.deliveries.idle()
        await asyncio.sleep(0.05)
        assert [kind for kind, _ in seen] == ["app_mention"]


async def test_direct_message_edit_and_delete(slack: Slack) -> None:
    """In a direct message there is message.im only; edits and deletions come as subtypes."""
    dm = slack.workspace.dm(sample.ME).id
    sent = slack.deliveries.say(sample.ME, dm, "@Conversations hello")
    slack.workspace.messages.edit(dm, sent["ts"], {"text": "hello you"}, edited_by=sample.ME)
    slack.workspace.messages.delete(dm, sent["ts"])
    await slack.deliveries.idle()
    events = [delivery.payload["event"] for delivery in slack.deliveries.log]
    assert [(e["type"], e.get("subtype"), e["channel_type"]) for e in events] == [
        ("message", None, "im"),
        ("message", "message_changed", "im"),
        ("message", "message_deleted", "im"),
    ]
    assert events[1]["message"]["text"] == "hello you"
    assert events[1]["previous_message"]["text"].endswith("hello")
    assert events[2]["deleted_ts"] == sent["ts"]


async def test_strangers_are_marked(slack: Slack) -> None:
    """A stranger's message in a shared channel says so: team of the author, shared channel."""
    slack.deliveries.say(sample.STRANGER, sample.PARTNERS, "@Conversations hi")
    await slack.deliveries.idle()
    for delivery in slack.deliveries.log:
        payload = delivery.payload
        assert payload["is_ext_shared_channel"]
        assert payload["team_id"] == sample.TEAM.id
        assert payload["event"]["user_team"] == sample.PARTNER.id
        assert payload["authorizations"][0]["team_id"] == sample.TEAM.id
    done = await slack.deliveries.command(sample.STRANGER, sample.PARTNERS, "/conversations")
    assert done.delivery.payload["team_id"] == sample.PARTNER.id


async def test_events_come_again(slack: Slack) -> None:
    """An event not acknowledged comes three times more, the same, with its number and reason."""
    seen: list[tuple[str, str | None, str | None]] = []

    async def endpoint(request: Request) -> Response:
        event_id = json.loads(await request.body())["event_id"]
        headers = request.headers
        seen.append((event_id, headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")))
        if len(seen) == 2:
            await asyncio.sleep(0.5)
        return PlainTextResponse("", status_code=404 if len(seen) == 1 else 200)

    async with answering(slack, endpoint):
        done = await slack.deliveries.event({"type": "app_mention", "text": "x"})
    assert done.ok
    assert [row[1:] for row in seen] == [(None, None), ("1", "http_error"), ("2", "http_timeout")]
    assert len({row[0] for row in seen}) == 1
    assert [d.error for d in slack.deliveries.log] == ["http_error", "operation_timeout", None]


async def test_repeats_end(slack: Slack) -> None:
    """After the third repeat Slack gives up, and at once when the app says so."""

    async def endpoint(_: Request) -> Response:
        return PlainTextResponse("", status_code=500)

    async with answering(slack, endpoint):
        done = await slack.deliveries.event({"type": "app_mention"})
        assert (done.attempt, done.error) == (3, "http_error")

    async def enough(_: Request) -> Response:
        return PlainTextResponse("", status_code=500, headers={"X-Slack-No-Retry": "1"})

    async with answering(slack, enough):
        assert (await slack.deliveries.event({"type": "app_mention"})).attempt == 0


async def respond(url: str, **body: object) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return answer.status, await answer.text()


async def test_response_url_of_a_command() -> None:
    """Five uses in thirty minutes; replace_original posts another message, ephemeral unless said."""
    clock = Clock()
    async with served(sample_workspace(clock=clock)) as slack:
        url = slack.deliveries.response_url("command", sample.GENERAL, sample.ME)
        assert await respond(url, text="one") == (200, "ok")
        assert await respond(url, text="two", replace_original=True) == (200, "ok")
        assert await respond(url, text="three", response_type="in_channel") == (200, "ok")
        status, text = await respond(url, text="x", blocks=[{"type": "no"}])
        assert (status, json.loads(text)["error"]) == (200, "invalid_blocks")
        assert await respond(url, delete_original=True) == (200, "ok")
        status, text = await respond(url, text="six")
        assert (status, json.loads(text)["error"]) == (404, "used_url")
        whispers = slack.workspace.messages.whispers(sample.GENERAL, sample.ME)
        assert [message["text"] for message in whispers] == ["one", "two"]
        assert [m["text"] for m in slack.workspace.messages.top_level(sample.GENERAL)] == ["three"]
        late = slack.deliveries.response_url("command", sample.GENERAL, sample.ME)
        clock.now += 30 * 60 + 1
        status, text = await respond(late, text="late")
        assert (status, json.loads(text)["error"]) == (404, "expired_url")
        assert (await respond(f"{slack.base}/slack-hooks/no", text="x"))[0] == 404


async def test_app_home_opened(slack: Slack) -> None:
    """Opening the app's tabs is told, with the Home view once there is one."""
    first = await slack.deliveries.opened(sample.ME, "messages")
    assert first.payload["event"]["channel"] == slack.workspace.dm(sample.ME).id
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    await slack.client.views_publish(user_id=sample.ME, view=home)
    second = await slack.deliveries.opened(sample.ME, "home")
    assert second.payload["event"]["view"]["type"] == "home"
