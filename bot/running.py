"""Running the bot until it is asked to stop: HTTP or Socket Mode."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import h11
import structlog
import uvicorn
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.app import Bot, assemble
from bot.model import CannotStartError
from bot.settings import Settings
from bot.web import Readiness, application, event_routes, health_routes, routes

log = structlog.get_logger(__name__)

NICE = 10
"""Workers give way to web processes on the same machine: Slack waits three seconds for them."""
DRAIN_SECS = 3
"""How long requests in flight may take to end after a stop was asked."""
DEAF_SECS = 30.0
"""How long Slack's connection may be lost before that counts: Slack renews it now and then."""

FIRST_LOOK_SECS = 2.0
"""After the start, when connections have had time to come about."""
LOOK_SECS = 30.0
HEADER_SECS = 5.0
"""How long the head of a request may take to come: uvicorn itself would wait for ever."""


class HeadTimeout(H11Protocol):
    """A connection that is ended when the head of a request does not come in time."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on; a head that has come whole is waited for no longer, the next one is."""
        super().data_received(data)
        self._wait()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._cancel()

    def _wait(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._cancel()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(HEADER_SECS, self.transport.close)

    def _cancel(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class Server(uvicorn.Server):
    """Uvicorn without its signal handling: it would end the process before the bot has put things away."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `stop_asked`."""
        yield


async def run_http(settings: Settings) -> None:
    """Serve HTTP on PORT until SIGINT or SIGTERM. With a shared database workers do the answering."""
    async with assemble(settings, answering=not settings.shared_database) as bot, watched(bot):
        app = application([*routes(bot.receive, bot.figures, bot.ready), *event_routes(bot.events)])
        log.info("listening", port=settings.port, path="/slack/events")
        await serve(app, host="0.0.0.0", port=settings.port)  # noqa: S104 - Slack reaches it from outside


async def serve(app: Starlette, *, host: str, port: int, ending: Callable[[], object] = lambda: None) -> None:
    """Serve an app until SIGINT or SIGTERM. Requests may end; `ending` ends those that never would.

    Raises CannotStartError when the port cannot be had.
    """
    listening = _listen(host, port)
    server = Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            http=HeadTimeout,
            timeout_graceful_shutdown=DRAIN_SECS,
        )
    )
    stopping = stop_asked()
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    ending()
    server.should_exit = True
    waiting.cancel()
    await serving


def _listen(host: str, port: int) -> socket.socket:
    """Take the port ourselves: uvicorn would end the process, with a code of its own."""
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise CannotStartError(
            f"Port {port} cannot be had ({reason}): end what uses it, or choose another port."
        ) from error


async def run_worker(settings: Settings, health_port: int | None) -> None:
    """Answer what other processes record, until SIGINT or SIGTERM."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    async with assemble(settings) as bot, watched(bot):
        log.info("working")
        await _until_stopped(bot, health_port)


async def _until_stopped(bot: Bot, health_port: int | None) -> None:
    """Wait for SIGINT or SIGTERM; meanwhile answer for our health where a port is given."""
    if health_port is None:
        await stop_asked().wait()
        return
    app = application([*health_routes(bot.figures, bot.ready), *event_routes(bot.events)])
    await serve(app, host="0.0.0.0", port=health_port)  # noqa: S104 - asked from outside the container


async def run_socket(settings: Settings, health_port: int | None) -> None:
    """Connect by Socket Mode until SIGINT or SIGTERM."""
    token = settings.slack_app_token
    if token is None:
        raise ValueError("Socket Mode needs SLACK_APP_TOKEN")
    async with (
        assemble(settings) as bot,
        connected(bot, token.reveal()) as listening,
        watched(listening),
    ):
        await _until_stopped(listening, health_port)


@contextlib.asynccontextmanager
async def watched(bot: Bot) -> AsyncIterator[None]:
    """Keep the archive, and tell the log what keeps the process from doing its part, and when that ended.

    Without it a token that Slack does not take would show only to who asks /readyz.
    """

    async def watch() -> None:
        known: tuple[str, ...] = ()
        await asyncio.sleep(FIRST_LOOK_SECS)
        while True:
            problems = (await bot.ready()).problems
            if problems and problems != known:
                log.error("not ready", problems=list(problems), next_step="run `bot check`")
            elif known and not problems:
                log.info("ready again")
            known = problems
            await asyncio.sleep(LOOK_SECS)

    tasks = [asyncio.create_task(watch()), asyncio.ensure_future(bot.keep_archive())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def connected(bot: Bot, app_token: str, *, deaf_secs: float = DEAF_SECS) -> AsyncIterator[Bot]:
    """Hold a Socket Mode connection open; yields the bot as one that is ready only while it hears Slack.

    Slack's SDK tries for ever to connect and tells only the log: with an app token that is not taken, or
    behind a proxy that ends websockets, the process is alive, its bot token is fine, and nothing comes.
    """
    handler = AsyncSocketModeHandler(bot.bolt, app_token)
    handler.client.proxy = bot.client.proxy
    heard = -math.inf  # before the first connection there was none

    async def listen() -> None:
        nonlocal heard
        await handler.connect_async()  # type: ignore[no-untyped-call]
        log.info("connected by Socket Mode")
        while True:
            if await handler.client.is_connected():
                heard = time.monotonic()
            await asyncio.sleep(min(1.0, deaf_secs / 4))

    async def ready() -> Readiness:
        found = await bot.ready()
        if time.monotonic() - heard <= deaf_secs:
            return found
        return replace(found, problems=(*found.problems, "slack: not connected"))

    listening = asyncio.create_task(listen())
    try:
        yield replace(bot, ready=ready)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await handler.close_async()  # type: ignore[no-untyped-call]


def stop_asked() -> asyncio.Event:
    """Return an event that SIGINT or SIGTERM sets."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no handlers on its loop
            loop.add_signal_handler(number, stopping.set)
    return stopping
