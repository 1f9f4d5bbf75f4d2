"""Socket Mode: slack_bolt's own handler connects, receives, acknowledges and comes back."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.slack import Deliveries, sample, sample_workspace
from tests.demo.slacking import Slack, bolt_app, served, until

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """Serve the demo's workspace with short patience and one repeat."""
    workspace = sample_workspace()
    async with served(workspace, Deliveries(workspace, ack_timeout=0.5, retry_delays=(0.0,))) as running:
        yield running


@contextlib.asynccontextmanager
async def connected(slack: Slack, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    web = AsyncWebClient(base_url=f"{slack.base}/slack-api/")
    before = slack.deliveries.sockets.connected
    handler = AsyncSocketModeHandler(app, slack.workspace.app.app_token, web_client=web, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call] # the SDK has no type here
    await slack.deliveries.sockets.wait_connected(before + 1)
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call] # the SDK has no type here


async def test_everything_over_the_socket(slack: Slack) -> None:
    """Commands (with an answer in the ack), events and clicks arrive over the socket, not over HTTP."""
    app, seen = bolt_app(slack), list[str]()

    @app.command("/conversations")
    async def command(ack: Any) -> None:
        seen.append("command")
        await ack({"text": "here"})

    @app.event("app_mention")
    async def mentioned(event: Json, client: AsyncWebClient) -> None:
        seen.append("app_mention")
        await client.chat_postMessage(channel=event["channel"], text="yes?", thread_ts=event["ts"])

    @app.event("message")
    async def message() -> None:
        seen.append("message")

    async with connected(slack, app):
        done = await slack.deliveries.command(sample.ME, sample.QUALITY, "/conversations")
        assert (done.error, done.delivery.transport) == (None, "socket")
        shown = slack.workspace.messages.whispers(sample.QUALITY, sample.ME)
        assert [m["text"] for m in shown] == ["here"]
        sent = slack.deliveries.say(sample.ME, sample.QUALITY, "@Conversations?")
        await until(lambda: sent.get("reply_count") == 1 and len(seen) == 3)
        await slack.deliveries.idle()
    assert sorted(seen) == ["app_mention", "command", "message"]
    assert all(d.ok and d.transport == "socket" for d in slack.deliveries.log)


async def test_clients_come_back(slack: Slack) -> None:
    """Asked to reconnect, the client opens another connection and goes on."""
    app = bolt_app(slack)

    @app.command("/conversations")
    async def command(ack: Any) -> None:
        await ack()

    async with connected(slack, app):
        opened = len(slack.stand_in.api.called("apps.connections.open"))
        await slack.deliveries.sockets.disconnect("warning")
        await slack.deliveries.sockets.disconnect()
        await until(lambda: len(slack.stand_in.api.called("apps.connections.open")) > opened)
        await slack.deliveries.sockets.wait_connected()
        # The SDK may open two and leave the first: what is sent into that one is lost, and typed again.
        for _ in range(5):
            done = await slack.deliveries.command(sample.ME, sample.QUALITY, "/conversations")
            if done.error is None:
                break
        assert done.error is None


async def test_tickets_are_needed_once(slack: Slack) -> None:
    """Only an address given by apps.connections.open connects, and only once."""
    client = AsyncWebClient(slack.workspace.app.app_token, base_url=f"{slack.base}/slack-api/")
    url = (await client.apps_connections_open(app_token=slack.workspace.app.app_token))["url"]
    assert url.startswith("ws://")
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as websocket:
            hello = await websocket.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
            await websocket.send_str("not json")
            await websocket.send_str('["no envelope"]')
            await websocket.ping()
        for refused in (url, f"{slack.base}/slack-socket/?ticket=guess"):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(refused)
