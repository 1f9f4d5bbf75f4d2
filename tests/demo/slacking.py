"""A served Slack stand-in, and small real Bolt apps as its receivers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.demo.slack import Deliveries, StandIn, Workspace, slack_app
from tests.serving import serve


@dataclass(frozen=True, slots=True)
class Slack:
    """A served stand-in and the SDK's client of it."""

    stand_in: StandIn
    client: AsyncWebClient
    base: str

    @property
    def workspace(self) -> Workspace:
        """Its state."""
        return self.stand_in.workspace

    @property
    def deliveries(self) -> Deliveries:
        """What people do in it."""
        return self.stand_in.deliveries


@contextlib.asynccontextmanager
async def served(workspace: Workspace, deliveries: Deliveries | None = None) -> AsyncIterator[Slack]:
    """Serve a workspace; yields it with a client that has the bot's token."""
    app = slack_app(workspace, deliveries)
    async with serve(app) as base:
        workspace.base_url = base
        client = AsyncWebClient(workspace.app.bot_token, base_url=f"{base}/slack-api/")
        yield Slack(app.state.stand_in, client, base)


def bolt_app(slack: Slack) -> AsyncApp:
    """Return an empty Bolt app installed in the workspace."""
    return AsyncApp(client=slack.client, signing_secret=slack.workspace.app.signing_secret)


@contextlib.asynccontextmanager
async def listening(slack: Slack, app: AsyncApp) -> AsyncIterator[str]:
    """Serve a Bolt app over HTTP and deliver to it."""
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    async with answering(slack, endpoint) as url:
        yield url


async def until(condition: Callable[[], bool]) -> None:
    """Wait (five seconds at most) for what another program brings about."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the other program has no event of ours to set
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def answering(slack: Slack, endpoint: object) -> AsyncIterator[str]:
    """Serve any Starlette endpoint as the app and deliver to it."""
    routes = [Route("/slack/events", endpoint, methods=["POST"])]  # type: ignore[arg-type] # any endpoint
    async with serve(Starlette(routes=routes)) as base:
        slack.deliveries.transport.events_url = f"{base}/slack/events"
        try:
            yield base
        finally:
            await slack.deliveries.idle()
            slack.deliveries.transport.events_url = None
