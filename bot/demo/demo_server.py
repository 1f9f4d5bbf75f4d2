"""One process, one port: the chat page, both stand-ins, and the real bot, which reaches them over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import random
import tempfile
import time
import webbrowser
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.app import assemble
from bot.demo.elevenlabs import Dataset, elevenlabs_app
from bot.demo.living import Life, lets_fail
from bot.demo.slack import Deliveries, StandIn, Workspace, sample_workspace
from bot.demo.slack.sample import installed_app
from bot.reading import Secret
from bot.running import serve
from bot.settings import Settings
from bot.web import routes

PAGE = Path(__file__).parent / "page"
HOST = "127.0.0.1"
SAMPLE_KEY = "sample-key"
DATABASE = "demo.db"
SAMPLE_LATENCY = 0.12
"""Seconds a sample request takes, so that the demo feels like the real API."""


def demo_settings(
    settings: Settings, workspace: Workspace, *, port: int, folder: Path, live: bool, api_key: str
) -> Settings:
    """Point the settings at the stand-ins; `live` leaves ElevenLabs as it is set."""
    base = f"http://{HOST}:{port}"
    settings = replace(
        settings,
        slack_bot_token=Secret(workspace.app.bot_token),
        slack_app_token=None,
        slack_signing_secret=Secret(workspace.app.signing_secret),
        slack_api_url=f"{base}/slack-api/",
        database_url=Secret(f"sqlite:///{folder / DATABASE}"),
        allowed_users=frozenset(),
        allowed_channels=frozenset(),
        port=port,
    )
    if live:
        return settings
    return replace(settings, elevenlabs_api_key=Secret(api_key), elevenlabs_base_url=f"{base}/elevenlabs")


def page_routes() -> list[BaseRoute]:

    async def index(_request: Request) -> Response:
        return FileResponse(PAGE / "index.html")

    return [
        Route("/", index),
        Route("/archives/{rest:path}", index),  # a copied message address opens the page there
        Mount("/page", StaticFiles(directory=PAGE)),
    ]


@contextlib.asynccontextmanager
async def demo_app(
    settings: Settings,
    *,
    port: int,
    rows: int,
    live: bool = False,
    clock: Callable[[], float] = time.time,
    workspace: Workspace | None = None,
    samples: Starlette | None = None,
    folder: Path | None = None,
    api_key: str = SAMPLE_KEY,
    change: Callable[[Settings], Settings] = lambda settings: settings,
) -> AsyncIterator[Starlette]:
    """Yield the demo as one app, to be served on `port`.

    Its `.state` has the `workspace`, `deliveries`, the `api`, how much the bot has `running`, and the
    `dataset` that was made up.
    Tests bring their own `workspace`, `samples` (an `elevenlabs_app`), `api_key`, database `folder` and
    `change` of what the demo does not let be set.
    """
    base = f"http://{HOST}:{port}"
    workspace = workspace or sample_workspace(clock=clock, base_url=base, app=installed_app())
    deliveries = Deliveries(workspace, events_url=f"{base}/slack/events")
    dataset: Dataset | None = None
    if samples is None and not live:
        dataset = await asyncio.to_thread(Dataset.generate, rows, now=int(clock()))
        samples = elevenlabs_app(dataset, api_key=SAMPLE_KEY, latency=SAMPLE_LATENCY, clock=clock)

    posts = {} if dataset is None else {"fail": lets_fail(dataset, clock)}
    stand_in = StandIn(workspace, deliveries, hosts=frozenset({HOST, "localhost"}), page_posts=posts)
    with tempfile.TemporaryDirectory(prefix="conversations-demo-") as temporary:
        where = folder or Path(temporary)
        pointed = demo_settings(settings, workspace, port=port, folder=where, live=live, api_key=api_key)
        async with assemble(change(pointed), clock=clock, stop_secs=1) as bot:
            app = Starlette(
                routes=[
                    *page_routes(),
                    *stand_in.routes(),
                    *([] if samples is None else [Mount("/elevenlabs", samples)]),
                    *routes(bot.receive, bot.figures, bot.ready),
                ]
            )
            app.state.workspace, app.state.deliveries, app.state.api = workspace, deliveries, stand_in.api
            app.state.live, app.state.running, app.state.dataset = stand_in.live, bot.running, dataset
            app.state.keep_archive = bot.keep_archive
            try:
                yield app
            finally:
                await stand_in.aclose()


async def run_demo(settings: Settings, *, port: int, rows: int, live: bool, browser: bool) -> None:
    """Serve the demo until SIGINT or SIGTERM; opens the page in a browser when asked to."""
    async with demo_app(settings, port=port, rows=rows, live=live) as app:
        life = Life(app.state.deliveries, app.state.dataset, time.time, random.Random())  # noqa: S311 - a show
        life.remember()
        going_on = asyncio.create_task(life.go_on())
        keeping = asyncio.ensure_future(app.state.keep_archive())
        address = f"http://{HOST}:{port}/"
        if browser:
            asyncio.get_running_loop().call_later(0.5, _open, address)
        try:
            await serve(app, host=HOST, port=port, ending=app.state.live.close)
        finally:
            going_on.cancel()
            keeping.cancel()


def _open(address: str) -> None:
    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(address)
