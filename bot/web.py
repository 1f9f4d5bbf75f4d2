"""HTTP: the routes of Slack and ElevenLabs, and what an operator's tools ask (alive, ready, figures).

Who sends too much, too slowly, or something else than what a route takes is answered 4xx in a word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

BODY_LIMIT = 1_000_000
"""Bytes of a request: Slack's own stay far below (a view is 250 KB)."""
EVENT_LIMIT = 8_000_000
"""Bytes of a post-call event: a transcript of hours is one or two million."""
BODY_SECS = 5.0
"""Seconds in which a request's body must have come; Slack's comes at once."""
ANSWER_SECS = 20.0
"""Seconds that answering may take; Slack itself has given up after three."""


class Answered(Protocol):
    """What Slack or ElevenLabs is answered."""

    @property
    def status(self) -> int:
        """HTTP's status."""

    @property
    def content(self) -> str:
        """The body."""

    @property
    def content_type(self) -> str:
        """Its type."""


Receive = Callable[[bytes, Mapping[str, str]], Awaitable[Answered]]
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
