"""A small stand-in for Slack, such as others write: a few methods, `unknown_method` for everything else.

Nothing that it does not know (people, channels, members) is a reason to refuse an answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from bot.app import assemble
from bot.demo.elevenlabs import Dataset, elevenlabs_app
from bot.settings import Mode, Settings
from bot.web import routes
from tests.serving import free_port, serve
from tests.slack.posting import JSON, SECRET, command, signed

DM, CHANNEL, TS = "D0SOMEBODY1", "C0GENERAL01", "1700000000.000100"


class SmallSlack:
    """Knows how to post, to update and to take files."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.called: list[tuple[str, dict[str, Any]]] = []
        self.responded: list[dict[str, Any]] = []

    async def method(self, request: Request) -> Response:
        """Answer a Web API call."""
        name, raw = request.path_params["method"], (await request.body()).decode()
        given = json.loads(raw) if raw.startswith("{") else dict(parse_qsl(raw))
        self.called.append((name, {**request.query_params, **given}))
        known: dict[str, dict[str, Any]] = {
            "auth.test": {"team_id": "T0DEMOTEAM1", "user_id": "U0BOT", "bot_id": "B0BOT"},
            "chat.postMessage": {"channel": given.get("channel"), "ts": f"1700000001.{len(self.called):06}"},
            "chat.update": {"channel": given.get("channel"), "ts": given.get("ts")},
            "conversations.open": {"channel": {"id": DM}},
            "files.getUploadURLExternal": {"upload_url": f"{self.base}/upload", "file_id": "F1"},
            "files.completeUploadExternal": {"files": [{"id": "F1"}]},
        }
        if name not in known:
            return JSONResponse({"ok": False, "error": "unknown_method"})
        return JSONResponse({"ok": True, **known[name]})

    async def respond(self, request: Request) -> Response:
        """Take what is shown on the spot."""
        self.responded.append(await request.json())
        return PlainTextResponse("ok")

    async def upload(self, request: Request) -> Response:
        """Take a file's bytes."""
        return PlainTextResponse(f"OK - {len(await request.body())}")

    def of(self, name: str) -> list[dict[str, Any]]:
        """Return the arguments of the calls of a method."""
        return [arguments for called, arguments in self.called if called == name]

    async def settled(self, channel: str) -> dict[str, Any]:
        """Wait for the list in a channel to say that its file is there; return how it was posted."""
        async with asyncio.timeout(20):
            while not any("CSV in" in str(each.get("text")) for each in self.of("chat.update")):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        (posted,) = [each for each in self.of("chat.postMessage") if each["channel"] == channel]
        (filed,) = self.of("files.completeUploadExternal")
        assert filed["channel_id"] == channel
        return posted


@contextlib.asynccontextmanager
async def answering(folder: Path) -> AsyncIterator[tuple[SmallSlack, aiohttp.ClientSession]]:
    """Run the bot against it; yields it and a session to post requests with."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    slack = SmallSlack(base)
    settings = Settings.load(
        Mode.HTTP,
        {
            "SLACK_BOT_TOKEN": "xoxb-small",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{base}/api",
            "ELEVENLABS_API_KEY": "sample-key",
            "ELEVENLABS_BASE_URL": f"{base}/elevenlabs",
            "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}",
        },
    )
    samples = elevenlabs_app(Dataset.generate(80, now=int(time.time())))
    async with assemble(settings, stop_secs=1) as bot:
        app = Starlette(
            routes=[
                Route("/api/{method}", slack.method, methods=["GET", "POST"]),
                Route("/respond", slack.respond, methods=["POST"]),
                Route("/upload", slack.upload, methods=["POST"]),
                Mount("/elevenlabs", samples),
                *routes(bot.receive, bot.figures, bot.ready),
            ]
        )
        async with serve(app, port), aiohttp.ClientSession(base) as session:
            yield slack, session


async def test_a_command_gets_its_glance_list_and_file(tmp_path: Path) -> None:
    """The glance goes to the response_url, list and CSV to the direct message."""
    async with answering(tmp_path) as (slack, session):
        body = command(text="last 60 days", response_url=f"{slack.base}/respond")
        async with session.post("/slack/events", data=body, headers=signed(body)) as answer:
            assert answer.status == 200
        await slack.settled(DM)
        assert "conv_" in str(slack.responded)


async def test_a_mention_is_answered_in_its_thread(tmp_path: Path) -> None:
    """List and CSV are in the thread, whatever the event does not say."""
    async with answering(tmp_path) as (slack, session):
        event = {"type": "app_mention", "user": "U0NOBODY001", "channel": CHANNEL, "ts": TS}
        event["text"] = "<@U0BOT> last 60 days"
        body = json.dumps({"type": "event_callback", "team_id": "T0DEMOTEAM1", "event": event}).encode()
        async with session.post("/slack/events", data=body, headers=signed(body, JSON)) as answer:
            assert answer.status == 200
        assert (await slack.settled(CHANNEL))["thread_ts"] == TS
