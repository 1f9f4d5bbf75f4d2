"""`bot run` as people start it: a process of its own, over HTTP and by Socket Mode, stopped and killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.app import Bot, assemble, connected
from bot.demo.elevenlabs import Dataset, elevenlabs_app
from bot.demo.slack import Deliveries, Fault, StandIn, sample_workspace
from bot.demo.slack.sample import GENERAL, ME
from bot.settings import Mode, Settings
from tests.answers.office import Office, days_ago
from tests.bot_process import BotProcess, start_bot
from tests.serving import free_port, serve


@dataclass
class Outside:
    """Both stand-ins on one port, and what a process needs to know of them."""

    desk: Office
    environment: dict[str, str]
    port: int

    @contextlib.asynccontextmanager
    async def bot(self, *arguments: str, **variables: str) -> AsyncIterator[BotProcess]:
        """Run `bot run …`; it is killed at the end if it still runs."""
        environment = {**os.environ, **self.environment, **variables}
        process = await start_bot("run", *arguments, env=environment, cwd=Path(environment["FOLDER"]))
        try:
            yield process
        finally:
            process.kill()
            await process.communicate()

    async def listening(self) -> None:
        """Wait until the process answers HTTP."""
        deadline = time.monotonic() + 30
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < deadline:
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"http://127.0.0.1:{self.port}/readyz") as response:
                        if response.status == 200:
                            return
                await asyncio.sleep(0.05)
        pytest.fail("the bot does not listen")


@pytest.fixture
async def outside(tmp_path: Path, sqlite: str) -> AsyncIterator[Outside]:
    """Slack and ElevenLabs, waiting for a bot."""
    port, bot_port = free_port(), free_port()
    base = f"http://127.0.0.1:{port}"
    workspace = sample_workspace(base_url=base)
    deliveries = Deliveries(workspace, events_url=f"http://127.0.0.1:{bot_port}/slack/events")
    stand_in = StandIn(workspace, deliveries)
    dataset = Dataset.generate(150, now=int(time.time()))
    samples = elevenlabs_app(dataset, latency=0.02)
    app = Starlette(routes=[*stand_in.routes(), Mount("/elevenlabs", samples)])
    app.state.workspace, app.state.deliveries = workspace, deliveries
    environment = {
        "SLACK_BOT_TOKEN": workspace.app.bot_token,
        "SLACK_SIGNING_SECRET": workspace.app.signing_secret,
        "SLACK_API_URL": f"{base}/slack-api/",
        "ELEVENLABS_API_KEY": "sample-key",
        "ELEVENLABS_BASE_URL": f"{base}/elevenlabs",
        "DATABASE_URL": sqlite,
        "PORT": str(bot_port),
        "LOG_FORMAT": "json",
        "FOLDER": str(tmp_path),
    }
    async with serve(app, port):
        yield Outside(Office(app, dataset, samples, base), environment, bot_port)
        await stand_in.aclose()


def failed_ids(desk: Office, days: int) -> set[str]:
    """Brute force over the stand-in's own data."""
    since = days_ago(days, time.time())
    return {
        record.row.conversation_id
        for record in desk.dataset
        if record.row.call_successful == "failure" and record.row.start_time_unix_secs >= since
    }


async def test_http_answers_a_signed_command_completely(outside: Outside) -> None:
    """Acknowledged in time, glance on the spot, list and complete file in the direct message.

    It makes its database.
    """
    (Path(outside.environment["FOLDER"]) / "bot.db").unlink()
    desk = outside.desk
    async with outside.bot("--http") as process:
        await outside.listening()
        delivery = await desk.command("failed since 30 days ago")
        assert delivery.ok
        assert delivery.transport == "http"
        await desk.seen(lambda: desk.whispers(GENERAL))
        await desk.settled_list(desk.dm())
        (file,) = desk.files(desk.dm())
        assert {row["conversation_id"] for row in desk.rows(file)} == failed_ids(desk, 30)
        process.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(process.communicate(), 25)
        assert process.returncode == 0
        assert workspace_secrets(desk).isdisjoint(set(log.decode().split('"')))


def workspace_secrets(desk: Office) -> set[str]:
    """Return what must never be in a log."""
    app = desk.workspace.app
    return {app.bot_token, app.app_token, app.signing_secret, "sample-key"}


async def test_socket_mode_answers_the_same(outside: Outside) -> None:
    """With an app token the bot connects by itself and answers over its connection."""
    desk = outside.desk
    async with outside.bot(SLACK_APP_TOKEN=desk.workspace.app.app_token) as process:
        await desk.seen(lambda: desk.deliveries.sockets.connected, patience=30)
        delivery = await desk.command("failed since 30 days ago")
        assert delivery.ok
        assert delivery.transport == "socket"
        await desk.settled_list(desk.dm())
        (file,) = desk.files(desk.dm())
        assert {row["conversation_id"] for row in desk.rows(file)} == failed_ids(desk, 30)
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 25)
        assert process.returncode == 0


async def test_by_socket_mode_ready_means_that_slack_is_heard(outside: Outside) -> None:
    """Not before the first connection, and no more when connections end and no new one is given."""
    space, sockets = outside.desk.workspace, outside.desk.deliveries.sockets
    settings = Settings.load(Mode.RUN, outside.environment)
    token, missing = space.app.app_token, "slack: not connected"

    async def told(bot: Bot, *problems: str) -> None:
        while (await bot.ready()).problems != problems:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0.02)

    space.faults.add(Fault("delay", frozenset({"apps.connections.open"}), seconds=1.0))
    async with assemble(settings, answering=False) as bot, contextlib.AsyncExitStack() as stack:
        await told(bot)
        listening = await stack.enter_async_context(connected(bot, token, deaf_secs=0.3))
        assert (await listening.ready()).problems == (missing,)
        await sockets.wait_connected()
        await asyncio.wait_for(told(listening), 20)
        space.faults.add(
            Fault("error", frozenset({"apps.connections.open"}), error="invalid_auth", times=None)
        )
        await sockets.disconnect()
        await asyncio.wait_for(told(listening, missing), 20)
        await told(bot)


async def test_a_token_that_slack_refuses_is_told_in_the_log(outside: Outside) -> None:
    """Not only to who asks whether it is ready; the token itself is not."""
    async with outside.bot("--http", SLACK_BOT_TOKEN="xoxb-nobody-knows-this-one") as process:
        assert process.stderr is not None
        told = b""
        async with asyncio.timeout(30):
            while b"not ready" not in told:
                told = await process.stderr.readline()
        assert b"invalid_auth" in told
        assert b"bot check" in told
        assert b"nobody-knows" not in told


async def test_a_killed_process_goes_on_where_it_stopped(outside: Outside) -> None:
    """Killed after the list was posted, the next process sends the file; the list is posted once."""
    desk = outside.desk
    async with outside.bot("--http") as process:
        await outside.listening()
        await desk.command("last 60 days")
        await desk.seen(lambda: desk.messages(desk.dm()))
        process.kill()
        await process.wait()
    assert desk.files(desk.dm()) == []
    async with outside.bot("--http"):
        await outside.listening()
        await desk.settled_list(desk.dm())
        assert len(desk.files(desk.dm())) == 1
        assert len([m for m in desk.messages(desk.dm()) if not m.get("files")]) == 1
        assert ME in desk.workspace.users


async def test_the_same_event_delivered_again_is_answered_once(outside: Outside) -> None:
    """Slack's repeated delivery of a message gets no second answer."""
    desk = outside.desk
    async with outside.bot("--http"):
        await outside.listening()
        asked = desk.say("failed since 30 days ago", channel=desk.dm())
        await desk.settled_list(desk.dm())
        inner = {
            **asked,
            "type": "message",
            "channel": desk.dm(),
            "channel_type": "im",
            "event_ts": asked["ts"],
        }
        again = await desk.deliveries.event(inner)
        assert again.ok
        await asyncio.sleep(1)
        assert len(desk.files(desk.dm())) == 1
