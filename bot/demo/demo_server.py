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

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.app import assemble
from bot.demo.elevenlabs import Dataset, Record, elevenlabs_app
from bot.demo.slack import Deliveries, StandIn, Workspace, sample_workspace
from bot.demo.slack.composer import compose
from bot.demo.slack.page_api import Handler
from bot.demo.slack.sample import installed_app
from bot.demo.slack.shapes import Json
from bot.redaction import Secret
from bot.settings import Settings
from bot.web import routes, serve

TALK = Path(__file__).with_name("talk.json")
QUIET = (20.0, 45.0)
"""Between so many seconds pass from one new call to the next."""
FRESH = 3600
"""Seconds: people talk about calls that are older than this, for those do not change any more."""
RATED_LATE = 200
"""How many of the newest calls may still get a rating."""


class TalkLine(msgspec.Struct, frozen=True):
    """What somebody said `minutes` ago (None: they say it now, so the bot hears it).

    No `channel`: it is said to the bot. The text may have gaps for the ids of calls.
    """

    who: str
    text: str
    channel: str = ""
    minutes: float | None = None
    replies: tuple[TalkLine, ...] = ()


def gaps(dataset: Dataset, now: float) -> dict[str, str]:
    """Find calls worth talking about: the newest failed ones that ended for good."""
    found: dict[str, str] = {}
    for record in reversed(dataset.records):
        if record.row.start_time_unix_secs < now - FRESH and _went_wrong(record):
            phone = record.phone
            if phone is None:
                found.setdefault("conversation_id", record.row.conversation_id)
            elif phone.type == "twilio":
                found.setdefault("call_sid", phone.call_sid)
            elif isinstance(phone.call_id, str):
                found.setdefault("sip_call_id", phone.call_id)
    return found


def _went_wrong(record: Record) -> bool:
    return record.row.call_successful == "failure" and isinstance(record.row.call_summary_title, str)


def lets_fail(dataset: Dataset, clock: Callable[[], float]) -> Handler:
    """Return what the page posts to let a call fail at once, for who watches failed calls."""

    async def fail(_body: Json, _user: str) -> Json:
        conversation_id = dataset.arrive(int(clock())).row.conversation_id
        dataset.change(conversation_id, status="done", call_successful="failure")
        return {"ok": True, "conversation_id": conversation_id}

    return fail


class Life:
    """Lets the people of a workspace talk, and calls arrive in its data set (None: real conversations)."""

    def __init__(
        self, deliveries: Deliveries, dataset: Dataset | None, clock: Callable[[], float], rng: random.Random
    ) -> None:
        self._deliveries = deliveries
        self._dataset = dataset
        self._clock = clock
        self._rng = rng
        self._lines = msgspec.json.decode(TALK.read_bytes(), type=tuple[TalkLine, ...])
        self._gaps = {} if dataset is None else gaps(dataset, clock())

    def remember(self) -> None:
        """Put what was said earlier into the channels; a line whose call there is not is left out."""
        for line in self._lines:
            if line.minutes is not None and (said := self._say_earlier(line, line.channel)):
                for reply in line.replies:
                    self._say_earlier(reply, line.channel, said)

    async def go_on(self) -> None:
        """Ask the bot, once it listens, and let calls arrive from then on."""
        while not (await self._deliveries.url_verification()).ok:  # noqa: ASYNC110 - a server of its own
            await asyncio.sleep(0.1)
        workspace = self._deliveries.workspace
        people = {user.name: user.id for user in workspace.users.values()}
        for line in self._lines:
            if line.minutes is None:
                user = people[line.who]
                channel = workspace.find_channel(line.channel) if line.channel else workspace.dm(user)
                self._deliveries.say(user, channel.id, line.text)
        while self._dataset is not None:
            await asyncio.sleep(self._rng.uniform(*QUIET))
            self._dataset.arrive(int(self._clock()))
            self._rate_late(self._dataset)

    def _say_earlier(self, line: TalkLine, channel: str, thread_ts: str | None = None) -> str | None:
        workspace = self._deliveries.workspace
        try:
            text, blocks = compose(workspace, line.text.format_map(self._gaps))
        except KeyError:
            return None
        where = workspace.find_channel(channel).id
        user = next(user.id for user in workspace.users.values() if user.name == line.who)
        ts = f"{self._clock() - 60 * (line.minutes or 0):.6f}"
        content = {"user": user, "text": text, "blocks": blocks, "ts": ts}
        workspace.messages.post(where, content, thread_ts=thread_ts)
        return ts

    def _rate_late(self, dataset: Dataset) -> None:
        """Let somebody rate a call some time after it ended, as people do."""
        late = self._rng.choice(dataset.records[-RATED_LATE:]).row
        if late.status == "done" and late.rating is None:
            stars = (1, 2) if late.call_successful == "failure" else (4, 5)
            dataset.change(late.conversation_id, rating=self._rng.choice(stars))


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
    stop_secs: float = 1.0,
) -> AsyncIterator[Starlette]:
    """Yield the demo as one app, to be served on `port`.

    Its `.state` has the `workspace`, `deliveries`, the `api`, how much the bot has `running`, and the
    `dataset` that was made up.
    Tests bring their own `workspace`, `samples` (an `elevenlabs_app`), `api_key`, database `folder`, `change`
    of what the demo does not let be set, and `stop_secs` that answers have to end.
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
        async with assemble(change(pointed), clock=clock, stop_secs=stop_secs) as bot:
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
