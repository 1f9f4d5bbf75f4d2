"""An office with the real bot in it: people ask in Slack's stand-in, and what they see is read back."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from bot.blocks import actions as act
from bot.demo.demo_server import DATABASE, SAMPLE_KEY, demo_app
from bot.demo.elevenlabs import ApiFaults, Dataset, elevenlabs_app
from bot.demo.slack import Deliveries, Delivery, Workspace, sample_workspace
from bot.demo.slack.sample import GENERAL, ME, installed_app
from bot.settings import Mode, Settings
from tests.databases import sqlite_with_tables
from tests.serving import free_port, serve

Json = dict[str, Any]
NOW = 1_795_000_000.0
"""When offices open, whenever tests run: Wednesday 18 November 2026, 12:06 in Amsterdam."""
PATIENCE = 20.0
"""Seconds after which something that should be seen counts as missing, on a machine that has the time."""
_LOOK = 0.05
"""Seconds from one look to the next while nothing changes."""
_ENDING = 1.0
"""Seconds that answers have to end before their office closes."""


class Office:
    """Slack's stand-in, ElevenLabs' stand-in and the bot between them, served on one port."""

    def __init__(self, app: Starlette, dataset: Dataset, samples: Starlette, base: str) -> None:
        self.workspace: Workspace = app.state.workspace
        self.clock = self.workspace.clock
        self.deliveries: Deliveries = app.state.deliveries
        self._app = app
        self.dataset = dataset
        self.samples = samples
        self.base = base

    async def command(self, text: str, *, channel: str = GENERAL, user: str = ME) -> Delivery:
        """Type `/conversations text`; returns how it was acknowledged."""
        return (await self.deliveries.command(user, channel, "/conversations", text)).delivery

    def say(self, text: str, *, channel: str, user: str = ME, thread_ts: str | None = None) -> Json:
        """Post a message; a leading `@conversations` mentions the bot."""
        mention = f"<@{self.workspace.app.bot_user_id}>"
        text = text.replace("@conversations", mention)
        return self.deliveries.say(user, channel, text, thread_ts=thread_ts, raw=True)

    async def press(
        self, message: Json, action_id: str, *, channel: str, user: str = ME, pick: str | None = None
    ) -> Delivery:
        """Press a button of a message by its action id; `pick` chooses an option by its label."""
        action = _action(message, action_id, pick)
        return await self.deliveries.act(user, action, channel=channel, message_ts=message["ts"])

    def calls(self, method: str) -> list[Json]:
        """Return the arguments of the bot's successful calls of a Web API method, oldest first."""
        found = [call for call in self._app.state.api.calls if call.method == method]
        return [call.args for call in found if call.error is None]

    def refused(self, method: str) -> list[str]:
        """Return the errors that calls of a Web API method were answered with."""
        return [call.error for call in self._app.state.api.calls if call.method == method and call.error]

    async def open_page(self, tab: str, user: str = ME) -> Delivery:
        """Open the app's page: its "home" tab, or "messages", the direct message with it."""
        return await self.deliveries.opened(user, tab)

    def home(self, user: str = ME) -> Json | None:
        """Return the Home tab that somebody sees."""
        return self.workspace.views.home(user)

    async def press_home(self, action_id: str, *, user: str = ME, pick: str | None = None) -> Delivery:
        """Press a button of somebody's Home tab; `pick` chooses an option by its label."""
        view = self.home(user) or {}
        return await self.deliveries.act(user, _action(view, action_id, pick), view_id=view["id"])

    def dm(self, user: str = ME) -> str:
        """Return the direct message between a person and the bot."""
        return self.workspace.dm(user).id

    def messages(self, channel: str) -> list[Json]:
        """Return what the bot posted for all in a channel, replies too, oldest first."""
        bot = self.workspace.app.bot_user_id
        return [m for m in self.workspace.messages.all(channel) if m.get("user") == bot]

    def whispers(self, channel: str = GENERAL, user: str = ME) -> list[Json]:
        """Return what only this person sees in a channel, oldest first."""
        return self.workspace.messages.whispers(channel, user)

    def files(self, channel: str) -> list[Json]:
        """Return the files shared in a channel or its threads."""
        return [file for message in self.messages(channel) for file in message.get("files", ())]

    def rows(self, file: Json) -> list[dict[str, str]]:
        """Read a CSV file as a spreadsheet would."""
        stored = self.workspace.files.get(file["id"])
        data = (stored.content if stored is not None else None) or b""
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    async def seen(self, what: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Wait until `what` gives something true, and return it.

        It looks after each change in Slack, and now and then for what is no change there. Patience is counted
        in these looks, not by the clock: where many share a core, everything takes longer, looking too.
        """
        looks = round(patience / _LOOK)
        news = asyncio.Event()
        stop = self.workspace.changes.listen(lambda _change: news.set())
        try:
            while not (found := what()):
                assert looks, "not seen in time"
                try:
                    async with asyncio.timeout(_LOOK):
                        await news.wait()
                except TimeoutError:
                    looks -= 1
                news.clear()
        finally:
            stop()
        return found

    def running(self) -> int:
        """Return how much the bot has in hand."""
        count: int = self._app.state.running()
        return count

    async def quiet(self, patience: float = PATIENCE) -> None:
        """Wait for the bot to be done with all it was asked, but not for ever."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self.running():  # noqa: ASYNC110 - a figure
                    await asyncio.sleep(0.002)

    async def settled_list(self, channel: str) -> Json:
        """Wait for the last list message of a channel to be done: its file there, or its button for one."""

        def done() -> list[Json]:
            lists = [m for m in self.messages(channel) if not m.get("files")]
            return [m for m in lists if " so far" not in m["text"] and has_element(m, act.CSV)]

        found = await self.seen(done)
        message: Json = found[-1]
        return message


def ticking(start: float = NOW) -> Callable[[], float]:
    """Return a clock that goes on from a moment."""
    ahead = start - time.monotonic()
    return lambda: time.monotonic() + ahead


def days_ago(days: int, now: float = NOW) -> float:
    """Return the same time of day in Amsterdam so many days earlier: a clock change may lie in between."""
    return (datetime.fromtimestamp(now, ZoneInfo("Europe/Amsterdam")) - timedelta(days=days)).timestamp()


def settings(**values: str) -> Settings:
    """Return the settings of a demo, with some variables set."""
    return Settings.load(Mode.DEMO, values)


def lasting(space: Workspace) -> Callable[[str], Workspace]:
    """Return what opens each office in the same workspace: its bot is stopped and started again."""

    def at(base: str) -> Workspace:
        space.base_url = base
        return space

    return at


@contextlib.asynccontextmanager
async def office(
    *,
    rows: int = 600,
    dataset: Dataset | None = None,
    faults: ApiFaults | None = None,
    workspace: Callable[[str], Workspace] | None = None,
    folder: Path | None = None,
    clock: Callable[[], float] | None = None,
    variables: dict[str, str] | None = None,
    api_key: str = SAMPLE_KEY,
    change: Callable[[Settings], Settings] = lambda settings: settings,
    ending: float = _ENDING,
    **samples: Any,
) -> AsyncIterator[Office]:
    """Open an office. `samples` are further options of `elevenlabs_app`.

    `ending` is how long answers and requests may end before it closes.
    """
    clock = clock or ticking()
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    dataset = dataset or Dataset.generate(rows, now=int(clock()))
    samples_app = elevenlabs_app(dataset, api_key=SAMPLE_KEY, faults=faults, clock=clock, **samples)
    space = sample_workspace(base_url=base, app=installed_app()) if workspace is None else workspace(base)
    space.clock = space.ids.clock = clock
    async with contextlib.AsyncExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="office-")))
            (folder / DATABASE).write_bytes(sqlite_with_tables())
        app = await stack.enter_async_context(
            demo_app(
                settings(**(variables or {})),
                port=port,
                rows=rows,
                clock=clock,
                workspace=space,
                samples=samples_app,
                folder=folder,
                api_key=api_key,
                change=change,
                stop_secs=ending,
            )
        )
        await stack.enter_async_context(serve(app, port, ending=ending))
        desk = Office(app, dataset, samples_app, base)
        yield desk
        await desk.quiet(ending)


def has_element(message: Json, action_id: str) -> bool:
    """Whether a message has a button or menu by this action id."""
    return next(_elements(message, action_id), None) is not None


def _elements(message: Json, action_id: str) -> Iterator[tuple[Json, Json]]:
    """Find the elements of a message by their action id, each with its block."""
    for block in message.get("blocks") or ():
        elements = [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())]
        for element in elements:
            name = str(element.get("action_id", ""))
            if action_id in {name, name.partition(".")[0]}:
                yield block, element


def _action(message: Json, action_id: str, pick: str | None) -> Json:
    """Return the payload of pressing an element of a message."""
    found = next(_elements(message, action_id), None)
    assert found is not None, f"no element {action_id} in the message"
    block, element = found
    action: Json = {key: element[key] for key in ("type", "action_id", "value") if key in element}
    action["block_id"] = block.get("block_id", "")
    if pick is not None:
        options = element.get("options", ())
        action["selected_option"] = next(o for o in options if pick in o["text"]["text"])
    return action
