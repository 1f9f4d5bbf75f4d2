"""A town: both stand-ins served here, and processes of the bot that are started, stopped and killed."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.answers.answer import reference
from bot.demo.elevenlabs import ApiFaults, Dataset, elevenlabs_app
from bot.demo.slack import Deliveries, Delivery, StandIn, sample_workspace
from bot.demo.slack.sample import GENERAL, ME
from bot.demo.slack.shapes import User
from tests.answers.office import Office
from tests.bot_process import BotProcess, start_bot
from tests.serving import free_port, serve

PATIENCE = 180.0
"""Seconds for a whole town; on a busy machine three processes and their outages took 106."""


class Process:
    """One process of the bot; its log is a file."""

    def __init__(self, process: BotProcess, log: Path, port: int | None) -> None:
        self._process = process
        self.log = log
        self.port = port
        """Where it serves HTTP, its health at least."""

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.returncode is None

    async def kill(self) -> None:
        """End it without a chance to put anything away."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def stop(self) -> float:
        """Ask it to end; returns after how many seconds it did. It must end well."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(self._process.wait(), 30)
        assert code == 0, self.log.read_text(encoding="utf-8")[-3000:]
        return time.monotonic() - began

    async def healthy(self) -> None:
        """Wait until it says that it can do its part."""
        deadline = time.monotonic() + PATIENCE
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < deadline:
                assert self.running, self.log.read_text(encoding="utf-8")[-3000:]
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"http://127.0.0.1:{self.port}/readyz") as response:
                        if response.status == 200:
                            return
                await asyncio.sleep(0.05)
        pytest.fail(self.log.read_text(encoding="utf-8")[-3000:])

    async def get(self, path: str) -> str:
        """Return what it answers at a path."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.port}{path}") as response,
        ):
            return await response.text()

    async def figures(self, *lines: str) -> None:
        """Wait until its metrics hold these lines: a figure comes a moment after what it counts is seen."""
        deadline = time.monotonic() + PATIENCE
        while missing := [line for line in lines if line not in (shown := await self.get("/metrics"))]:
            assert time.monotonic() < deadline, (missing, shown)
            await asyncio.sleep(0.05)

    def lines(self) -> list[dict[str, Any]]:
        """Read its log: one JSON object a line."""
        text = self.log.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{") and line.endswith("}")]

    def said(self, message: str) -> list[dict[str, Any]]:
        """Return the lines of its log with this message."""
        return [line for line in self.lines() if line["message"] == message]


def filed(messages: list[dict[str, Any]]) -> list[str]:
    """Return, for each file of a conversation, the mark of the list in whose thread it is."""
    marks = {
        message["ts"]: message["metadata"]["event_payload"]["answer"]
        for message in messages
        if message.get("metadata", {}).get("event_payload", {}).get("part") == "list"
    }
    return [marks[message["thread_ts"]] for message in messages for _file in message.get("files", ())]


class Town:
    """Both stand-ins, and the processes started so far."""

    def __init__(self, desk: Office, folder: Path, environment: dict[str, str]) -> None:
        self.desk = desk
        self.workspace = desk.workspace
        self.processes: list[Process] = []
        self._folder = folder
        self._environment = environment
        self._numbers = itertools.count(1)
        self.asked: list[Delivery] = []
        """Commands that were acknowledged."""
        self.refused: list[Delivery] = []
        """Commands that were not: nobody listened, or it was killed before it said so."""

    async def start(self, *arguments: str, port: int | None = None, **variables: str) -> Process:
        """Start `bot ARGUMENTS`."""
        log = self._folder / f"{next(self._numbers)}-{arguments[0]}.log"
        if port is not None:
            variables["PORT"] = str(port)
        environment = {**os.environ, **self._environment, **variables}
        process = await start_bot(*arguments, env=environment, cwd=self._folder, log=log)
        started = Process(process, log, port)
        self.processes.append(started)
        return started

    async def web(self, port: int | None = None) -> Process:
        """Start a process that takes requests over HTTP."""
        return await self.start("run", "--http", port=port or free_port())

    async def worker(self) -> Process:
        """Start a process that answers what others recorded."""
        port = free_port()
        process = await self.start("worker", "--health-port", str(port))
        process.port = port
        return process

    async def end(self) -> None:
        """End every process."""
        for process in self.processes:
            await process.kill()

    async def ask(self, text: str, *, to: Process, user: str = ME, channel: str = GENERAL) -> Delivery:
        """Type a command, delivered to one process; whether it was acknowledged decides what is expected."""
        self.desk.deliveries.transport.events_url = f"http://127.0.0.1:{to.port}/slack/events"
        delivery = await self.desk.command(text, user=user, channel=channel)
        (self.asked if delivery.ok else self.refused).append(delivery)
        return delivery

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield what the bot posted in direct messages."""
        for user in self._askers():
            yield from self.desk.messages(self.desk.dm(user))

    def _askers(self) -> set[str]:
        return {delivery.payload["user_id"] for delivery in self.asked}

    def lists(self) -> Counter[str]:
        """Count the list messages of each answer, by its mark."""
        return Counter(
            message["metadata"]["event_payload"]["answer"]
            for message in self.messages()
            if message.get("metadata", {}).get("event_payload", {}).get("part") == "list"
        )

    def files(self) -> Counter[str]:
        """Count the files of each answer, by the mark of the list in whose thread they are."""
        return Counter(
            mark for user in self._askers() for mark in filed(self.desk.messages(self.desk.dm(user)))
        )

    def settled(self) -> int:
        """Count the list messages that say that their file is there."""
        return sum("CSV in" in message["text"] for message in self.messages())

    async def all_answered(self, patience: float = PATIENCE) -> None:
        """Wait until every acknowledged command has its list and file."""
        wanted = {reference(f"command-{delivery.payload['trigger_id']}") for delivery in self.asked}

        def done() -> bool:
            return wanted <= set(self.files()) and wanted <= set(self.lists())

        deadline = time.monotonic() + patience
        while not done():
            if time.monotonic() > deadline:
                missing = sorted(wanted - set(self.files()))
                pytest.fail(f"{len(missing)} of {len(wanted)} have no file: {missing[:5]}")
            await asyncio.sleep(0.1)

    def repeated(self) -> dict[str, int]:
        """Return the answers with more than one list or file."""
        return {
            mark: count
            for counts in (self.lists(), self.files())
            for mark, count in counts.items()
            if count > 1
        }

    def people(self, count: int) -> list[str]:
        """Add colleagues to the workspace; returns their ids."""
        home = self.workspace.team.id
        ids = [f"U0CROWD{number:04}" for number in range(count)]
        for user_id in ids:
            self.workspace.users[user_id] = User(user_id, user_id.lower(), user_id, home, tz="Europe/Berlin")
            self.workspace.channels[GENERAL].members.add(user_id)
        return ids


@contextlib.asynccontextmanager
async def town(
    folder: Path,
    database_url: str,
    *,
    rows: int = 100,
    latency: float = 0.02,
    api_faults: ApiFaults | None = None,
    **variables: str,
) -> AsyncIterator[Town]:
    """Serve both stand-ins; ends every process at the end."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    workspace = sample_workspace(base_url=base)
    deliveries = Deliveries(workspace, events_url=None)
    stand_in = StandIn(workspace, deliveries)
    dataset = Dataset.generate(rows, now=int(time.time()))
    samples = elevenlabs_app(dataset, latency=latency, faults=api_faults)
    app = Starlette(routes=[*stand_in.routes(), Mount("/elevenlabs", samples)])
    app.state.workspace, app.state.deliveries = workspace, deliveries
    environment = {
        "SLACK_BOT_TOKEN": workspace.app.bot_token,
        "SLACK_SIGNING_SECRET": workspace.app.signing_secret,
        "SLACK_API_URL": f"{base}/slack-api/",
        "ELEVENLABS_API_KEY": "sample-key",
        "ELEVENLABS_BASE_URL": f"{base}/elevenlabs",
        "DATABASE_URL": database_url,
        "LOG_FORMAT": "json",
        "PYTHONDONTWRITEBYTECODE": "",  # the first process compiles the bot for all
        **variables,
    }
    async with serve(app, port):
        built = Town(Office(app, dataset, samples, base), folder, environment)
        try:
            yield built
        finally:
            await built.end()
            await stand_in.aclose()
