"""HTTP: the routes of Slack and ElevenLabs, what an operator's tools ask (alive, ready, figures), the server.

Who sends too much, too slowly, or something else than what a route takes is answered 4xx in a word.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass

import h11
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.model import CannotStartError, HttpAnswer

BODY_LIMIT = 1_000_000
"""Bytes of a request: Slack's own stay far below (a view is 250 KB)."""
EVENT_LIMIT = 8_000_000
"""Bytes of a post-call event: a transcript of hours is one or two million."""
BODY_SECS = 5.0
"""Seconds in which a request's body must have come; Slack's comes at once."""
ANSWER_SECS = 20.0
"""Seconds that answering may take; Slack itself has given up after three."""
DRAIN_SECS = 3
"""How long requests in flight may take to end after a stop was asked."""
HEADER_SECS = 5.0
"""How long the head of a request may take to come: uvicorn itself would wait for ever."""


Receive = Callable[[bytes, Mapping[str, str]], Awaitable[HttpAnswer]]
"""Takes a request's body and headers (by lower-case names) and answers it."""


class _TooLargeError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a process can do its part; in words without secrets."""

    problems: tuple[str, ...] = ()
    """What keeps it from that."""
    notes: tuple[str, ...] = ()
    """What else an operator should know."""


def application(routes: list[Route]) -> Starlette:
    """Return an app of these routes: any other address is 404, also one with a slash too many."""
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    return app


def routes(
    receive: Receive,
    figures: Callable[[], Awaitable[bytes]],
    ready: Callable[[], Awaitable[Readiness]],
    *,
    body_secs: float = BODY_SECS,
) -> list[Route]:
    """Return `POST /slack/events`, and what `health_routes` returns."""
    slack = _taking(receive, limit=BODY_LIMIT, body_secs=body_secs)
    return [Route("/slack/events", slack, methods=["POST"]), *health_routes(figures, ready)]


def event_routes(receive: Receive | None) -> list[Route]:
    """Return `POST /elevenlabs/webhook`, if it is wanted."""
    if receive is None:
        return []
    take = _taking(receive, limit=EVENT_LIMIT, body_secs=BODY_SECS)
    return [Route("/elevenlabs/webhook", take, methods=["POST"])]


def _taking(receive: Receive, *, limit: int, body_secs: float) -> Callable[[Request], Awaitable[Response]]:
    async def take(request: Request) -> Response:
        try:
            async with asyncio.timeout(body_secs):
                body = await _read_at_most(request, limit)
        except _TooLargeError:
            return _refused(413, "too large")
        except TimeoutError:
            return _refused(408, "too slow")
        except ClientDisconnect:
            return _refused(400, "incomplete")
        try:
            async with asyncio.timeout(ANSWER_SECS):
                answered = await receive(body, request.headers)
        except TimeoutError:
            return _refused(503, "busy")
        return Response(answered.content, answered.status, media_type=answered.content_type)

    return take


def health_routes(
    figures: Callable[[], Awaitable[bytes]], ready: Callable[[], Awaitable[Readiness]]
) -> list[Route]:
    """Return `GET /healthz` (alive), `GET /readyz` (can do its part) and `GET /metrics`."""

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def readyz(_request: Request) -> Response:
        found = await ready()
        return JSONResponse(
            {"ok": not found.problems, "problems": found.problems, "notes": found.notes},
            status_code=503 if found.problems else 200,
        )

    async def metrics(_request: Request) -> Response:
        return Response(await figures(), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]


def _refused(status: int, words: str) -> Response:
    """Answer in words, and end the connection: the rest of what is being sent is not read."""
    return PlainTextResponse(words, status_code=status, headers={"connection": "close"})


async def _read_at_most(request: Request, limit: int) -> bytes:
    """Return the body, whatever its Content-Length claims; raise when it is larger."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise _TooLargeError
        parts.append(part)
    return b"".join(parts)


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


def stop_asked() -> asyncio.Event:
    """Return an event that SIGINT or SIGTERM sets."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no handlers on its loop
            loop.add_signal_handler(number, stopping.set)
    return stopping
