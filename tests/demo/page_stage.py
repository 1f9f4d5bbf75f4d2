"""What the chat page is tested on: the Slack stand-in, the page's files, an app that records and answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

import bot.demo
from bot.demo.slack import Deliveries, StandIn, Workspace, sample_workspace
from tests.serving import serve

Json = dict[str, Any]
PAGE = Path(bot.demo.__file__).parent / "page"


@dataclass
class RecordingApp:
    """The app's side: keeps every payload by its kind; `answers` says what the ack of a kind holds."""

    got: dict[str, list[Json]] = field(default_factory=dict)
    answers: dict[str, Callable[[Json], Json | int | None]] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def endpoint(self, request: Request) -> Response:
        body = await request.body()
        if request.headers.get("content-type", "").startswith("application/json"):
            payload = json.loads(body)
            kind = str(payload["event"]["type"])
        else:
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            payload = json.loads(form["payload"]) if "payload" in form else form
            kind = str(payload.get("type", "command"))
        self.got.setdefault(kind, []).append(payload)
        self.news.set()
        self.news = asyncio.Event()
        answer = self.answers[kind](payload) if kind in self.answers else None
        if isinstance(answer, int):
            return Response(status_code=answer)
        return JSONResponse(answer) if answer is not None else Response()

    async def until(self, kind: str, wanted: Callable[[Json], bool] = lambda _: True) -> Json:
        """Wait for a payload of a kind (such as is wanted); returns the newest one."""
        async with asyncio.timeout(5):
            while True:
                news = self.news
                for payload in reversed(self.got.get(kind, [])):
                    if wanted(payload):
                        return payload
                await news.wait()


@dataclass
class Stage:
    """One running stand-in with its page at `base_url`."""

    base_url: str
    workspace: Workspace
    app: RecordingApp

    @property
    def dm(self) -> str:
        return self.workspace.dm(self.workspace.me).id

    def say(
        self,
        channel: str,
        text: str = "",
        blocks: list[Json] | None = None,
        *,
        thread_ts: str | None = None,
        files: list[Json] | None = None,
    ) -> str:
        """Post as the app, past the checks of the Web API; returns the ts."""
        content: Json = {**self.workspace.bot_author(), "text": text}
        if blocks is not None:
            content["blocks"] = numbered(blocks)
        if files:
            content["files"] = files
        ts: str = self.workspace.messages.post(channel, content, thread_ts=thread_ts)["ts"]
        return ts

    def said_by(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> str:
        """Post as a person; returns the ts."""
        content = {"user": user, "text": text}
        ts: str = self.workspace.messages.post(channel, content, thread_ts=thread_ts)["ts"]
        return ts

    def whisper(self, channel: str, text: str, blocks: list[Json] | None = None) -> str:
        """Show something to the demo user only; returns the ts."""
        content: Json = {**self.workspace.bot_author(), "text": text}
        if blocks is not None:
            content["blocks"] = numbered(blocks)
        ts: str = self.workspace.messages.whisper(channel, self.workspace.me, content)["ts"]
        return ts

    def upload(self, name: str, content: bytes, title: str = "") -> Json:
        """Keep a file, to be given to `say`."""
        file = self.workspace.files.reserve(name, len(content), self.workspace.app.bot_user_id)
        file.content, file.complete, file.title = content, True, title
        return {"id": file.id}

    def open_view(self, view: Json) -> Json:
        return self.workspace.views.open(self.workspace.me, {**view, "blocks": numbered(view["blocks"])})


def numbered(blocks: list[Json]) -> list[Json]:
    return [{"block_id": f"b{index}", **block} for index, block in enumerate(blocks)]


class Switch:
    """Serves whichever app is current, so that one server (and its browser cache) does for all tests."""

    def __init__(self) -> None:
        self.current = Starlette()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.current(scope, receive, send)


class KeptFiles(StaticFiles):
    """The page's files, kept by the browser for the length of a test run."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "max-age=3600, immutable"
        return response


def page_routes() -> list[Route | Mount]:
    """Return the page's files as the demo serves them; a permalink opened directly gets the page too."""

    async def index(_: Request) -> Response:
        return FileResponse(PAGE / "index.html")

    return [
        Route("/", index),
        Route("/archives/{rest:path}", index),
        Mount("/page", KeptFiles(directory=PAGE)),
    ]


@asynccontextmanager
async def staged(switch: Switch, base_url: str, workspace: Workspace | None = None) -> AsyncIterator[Stage]:
    """Put a fresh stand-in with the page and a recording app behind a served switch."""
    space = workspace or sample_workspace(base_url=base_url)
    app = RecordingApp()
    deliveries = Deliveries(space, retry_delays=(), events_url=f"{base_url}/app/events")
    stand_in = StandIn(space, deliveries)
    events = Route("/app/events", app.endpoint, methods=["POST"])
    switch.current = Starlette(routes=[events, *stand_in.routes(), *page_routes()])
    try:
        yield Stage(base_url, space, app)
    finally:
        await stand_in.aclose()


@asynccontextmanager
async def own_stage(port: int = 0) -> AsyncIterator[Stage]:
    switch = Switch()
    async with serve(switch, port) as base_url, staged(switch, base_url) as stage:
        yield stage
