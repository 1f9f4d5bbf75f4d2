"""HTTP: Slack's route, and what an operator's tools ask (alive, ready, figures)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

BODY_LIMIT = 1_000_000
"""Bytes of a request: Slack's own stay far below (a view is 250 KB)."""


class _TooLargeError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a process can do its part; in words without secrets."""

    problems: tuple[str, ...] = ()
    """What keeps it from that."""
    notes: tuple[str, ...] = ()
    """What else an operator should know."""


def routes(
    bolt: AsyncApp,
    figures: Callable[[], Awaitable[bytes]],
    ready: Callable[[], Awaitable[Readiness]],
) -> list[Route]:
    """Return `POST /slack/events`, and what `health_routes` returns."""
    handler = AsyncSlackRequestHandler(bolt)

    async def slack(request: Request) -> Response:
        try:
            await _read_at_most(request, BODY_LIMIT)
        except _TooLargeError:
            return PlainTextResponse("too large", status_code=413)
        except ClientDisconnect:
            return PlainTextResponse("incomplete", status_code=400)
        try:
            (await request.body()).decode()
        except UnicodeDecodeError:
            return PlainTextResponse("not UTF-8", status_code=400)
        return await handler.handle(request)

    return [Route("/slack/events", slack, methods=["POST"]), *health_routes(figures, ready)]


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


async def _read_at_most(request: Request, limit: int) -> None:
    """Read the body into the request, whatever its Content-Length claims; raise when it is larger."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise _TooLargeError
        parts.append(part)
    request._body = b"".join(parts)  # noqa: SLF001 - where Starlette itself keeps a body that was read
