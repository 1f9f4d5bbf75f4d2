"""HTTP: the routes of Slack and ElevenLabs, what an operator's tools ask (alive, ready, metrics), the server.

Who sends too much, too slowly, or something else than what a route takes is answered 4xx in a word. Metrics
are as Prometheus reads them; their labels are few and fixed: no person, question or id.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import h11
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.answers.answer import CSV, EMPTY, LIST
from bot.archive.archive_state import ArchiveState
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
        body = bytearray()
        try:
            async with asyncio.timeout(body_secs):
                async for part in request.stream():  # whatever Content-Length claims
                    body += part
                    if len(body) > limit:
                        return _refused(413, "too large")
        except TimeoutError:
            return _refused(408, "too slow")
        except ClientDisconnect:
            return _refused(400, "incomplete")
        try:
            async with asyncio.timeout(ANSWER_SECS):
                answered = await receive(bytes(body), request.headers)
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


_LOOK = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_ACK = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
_LIST = (0.25, 0.5, 1, 2, 3, 5, 10, 30, 60)
_FILE = (0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900)
_FIRST_SEEN = frozenset({LIST.name, EMPTY.name})


class Counts(Protocol):
    """What ElevenLabs was sent: `bot.elevenlabs`' own counts."""

    requests: int
    failures: int
    refusals: int
    cached: int


class Metrics:
    def __init__(self, counts: Callable[[], Counts], running: Callable[[], int]) -> None:
        """Read `counts` and `running` (answers being worked on here) when figures are asked for."""
        self.registry = CollectorRegistry()

        def seconds(name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(f"bot_{name}_seconds", about, labels, registry=self.registry, buckets=buckets)

        def gauge(name: str, about: str) -> Gauge:
            return Gauge(f"bot_{name}", about, registry=self.registry)

        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(f"bot_{name}", about, labels, registry=self.registry)

        self.recorded = counter("requests_recorded", "Requests recorded before Slack heard our ack", "kind")
        self.answers = counter("answers", "Answers by what became of them", "kind", "outcome")
        self.ack = seconds("ack", "From a request's arrival to its ack", _ACK)
        self.first_list = seconds("first_list", "From the question to its list", _LIST)
        self.file = seconds("file", "From the question to its file", _FILE)
        looks = "Looks at subscriptions and alerts, by what became of them"
        self.looks = seconds("alert_look", looks, _LOOK, "outcome")
        self.waiting = gauge("queue_depth", "Requests recorded and not begun by any process")
        self.rows = gauge("archive_rows", "Conversations kept in the database")
        self.head_age = gauge("archive_head_age_seconds", "How long ago the newest conversations were read")
        without_ids = "Phone calls whose carrier ids are still to be looked up"
        self.rows_without_ids = gauge("archive_rows_without_ids", without_ids)
        checked = "Since when everything kept was read again"
        self.full_check = gauge("archive_full_check_timestamp_seconds", checked)
        self.registry.register(_Read(counts, running))

    def archived(self, state: ArchiveState, now: float) -> None:
        """Take what the archive holds; it says nothing of its head while it is empty."""
        self.rows.set(state.rows)
        self.head_age.set(math.nan if state.head is None else now - state.head)
        self.rows_without_ids.set(state.without_ids)
        self.full_check.set(math.nan if state.whole is None else state.whole)

    def answered(self, kind: str, outcome: str) -> None:
        self.answers.labels(kind=kind, outcome=outcome).inc()

    def looked(self, outcome: str, seconds: float) -> None:
        self.looks.labels(outcome=outcome).observe(seconds)

    def step(self, name: str, seconds: float) -> None:
        if name == CSV.name:
            self.file.observe(seconds)
        elif name in _FIRST_SEEN:
            self.first_list.observe(seconds)


class _Read(Collector):
    def __init__(self, counts: Callable[[], Counts], running: Callable[[], int]) -> None:
        self._counts = counts
        self._running = running

    def collect(self) -> Iterator[Metric]:
        counts = self._counts()
        for name, about, value in (
            ("requests", "Requests sent to ElevenLabs, retries too", counts.requests),
            ("failures", "Requests without a usable answer; nearly all are tried again", counts.failures),
            ("rate_limited", "Answers 429 of ElevenLabs", counts.refusals),
            ("cached", "First lists answered without a request", counts.cached),
        ):
            yield CounterMetricFamily(f"bot_elevenlabs_{name}", about, value=value)
        yield GaugeMetricFamily("bot_answers_running", "Answers being worked on here", value=self._running())
