"""A served Slack stand-in, and small real Bolt apps as its receivers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.demo.slack import Deliveries, StandIn, Workspace
from tests.serving import serve

Endpoint = Callable[[Request], Awaitable[Response]]


async def nobody(_: Request) -> Response:
    return PlainTextResponse("not found", status_code=404)


@dataclass(slots=True)
class Slack:
    """A served stand-in and the SDK's client of it. `app` answers deliveries, on the same port."""

    stand_in: StandIn
    client: AsyncWebClient = field(default_factory=AsyncWebClient)
    base: str = ""
    app: Endpoint = nobody

    @property
    def workspace(self) -> Workspace:
        return self.stand_in.workspace

    @property
    def deliveries(self) -> Deliveries:
        return self.stand_in.deliveries

    async def receive(self, request: Request) -> Response:
        return await self.app(request)


@contextlib.asynccontextmanager
async def served(workspace: Workspace, deliveries: Deliveries | None = None) -> AsyncIterator[Slack]:
    """Serve a workspace; yields it with a client that has the bot's token."""
    slack = Slack(StandIn(workspace, deliveries))
    receiver = Route("/slack/events", slack.receive, methods=["POST"])
    async with serve(Starlette(routes=[*slack.stand_in.routes(), receiver])) as base:
        slack.base = workspace.base_url = base
        slack.client = AsyncWebClient(workspace.app.bot_token, base_url=f"{base}/slack-api/")
        yield slack
        await slack.stand_in.aclose()


def bolt_app(slack: Slack) -> AsyncApp:
    return AsyncApp(client=slack.client, signing_secret=slack.workspace.app.signing_secret)


async def until(condition: Callable[[], bool]) -> None:
    """Wait (five seconds at most) for what another program brings about."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the other program has no event of ours to set
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def answering(slack: Slack, endpoint: Endpoint) -> AsyncIterator[None]:
    slack.app = endpoint
    slack.deliveries.transport.events_url = f"{slack.base}/slack/events"
    try:
        yield
    finally:
        await slack.deliveries.idle()
        slack.deliveries.transport.events_url = None


@contextlib.asynccontextmanager
async def listening(slack: Slack, app: AsyncApp) -> AsyncIterator[None]:
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    async with answering(slack, endpoint):
        yield
