"""The stand-in with Slack's own SDK and a small Bolt app as the receiver."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.demo.slack import StandIn, Workspace, sample_workspace, slack_app
from bot.demo.slack import sample as s
from tests.serving import serve


@dataclass
class Slack:
    """A served stand-in and a client of it."""

    stand_in: StandIn
    client: AsyncWebClient
    base: str

    @property
    def workspace(self) -> Workspace:
        """Its state."""
        return self.stand_in.workspace


@contextlib.asynccontextmanager
async def served(workspace: Workspace) -> AsyncIterator[Slack]:
    app = slack_app(workspace)
    async with serve(app) as base:
        workspace.base_url = base
        client = AsyncWebClient(workspace.app.bot_token, base_url=f"{base}/slack-api/")
        yield Slack(app.state.stand_in, client, base)


@contextlib.asynccontextmanager
async def bolt(slack: Slack, app: AsyncApp) -> AsyncIterator[str]:
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    async with serve(Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])) as base:
        slack.stand_in.deliveries.transport.events_url = f"{base}/slack/events"
        yield base


def bolt_app(slack: Slack) -> AsyncApp:
    return AsyncApp(client=slack.client, signing_secret=slack.workspace.app.signing_secret)


async def test_walk() -> None:
    """Posting, uploading, commands and events work against the real SDK and Bolt."""
    async with served(sample_workspace()) as slack:
        who = await slack.client.auth_test()
        assert who["user_id"] == slack.workspace.app.bot_user_id
        assert "chat:write" in who.headers["x-oauth-scopes"]
        dm = (await slack.client.conversations_open(users=s.ME))["channel"]["id"]
        posted = await slack.client.chat_postMessage(channel=dm, text="hello")
        await slack.client.chat_update(channel=dm, ts=posted["ts"], text="hello & <b>")
        await slack.client.files_upload_v2(
            channel=dm, thread_ts=posted["ts"], content="a,b\n1,2\n", filename="calls.csv", title="Calls"
        )
        await slack.stand_in.deliveries.idle()
        thread = slack.workspace.messages.thread(dm, posted["ts"])
        assert thread[1]["files"][0]["name"] == "calls.csv"
        with pytest.raises(SlackApiError, match="not_in_channel"):
            await slack.client.chat_postMessage(channel=s.GENERAL, text="hi")
        app = bolt_app(slack)
        heard: list[Any] = []

        @app.command("/conversations")
        async def run(ack: Any, respond: Any, body: dict[str, Any]) -> None:
            await ack()
            heard.append(body)
            await respond("only you")

        @app.event("app_mention")
        async def mention(event: dict[str, Any]) -> None:
            heard.append(event)

        @app.event("message")
        async def message(event: dict[str, Any]) -> None:
            heard.append(event)

        async with bolt(slack, app):
            done = await slack.stand_in.deliveries.command(s.ME, s.GENERAL, "/conversations", "failed")
            assert done.error is None
            slack.stand_in.deliveries.say(s.ME, s.QUALITY, "@Conversations how many?")
            await slack.stand_in.deliveries.idle()
            await asyncio.sleep(0.1)
            assert {h.get("type") for h in heard} == {None, "app_mention", "message"}
            assert slack.workspace.messages.whispers(s.GENERAL, s.ME)[0]["text"] == "only you"
