"""HTTP: Slack's route, and what an operator's tools ask (alive, ready, figures)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

BODY_LIMIT = 1_000_000
"""Bytes of a request: Slack's own stay far below (a view is 250 KB)."""


class _TooLargeError(Exception):
    pass


def routes(
    bolt: AsyncApp, registry: CollectorRegistry, ready: Callable[[], Awaitable[list[str]]]
) -> list[Route]:
    """Return `POST /slack/events`, `GET /healthz`, `GET /readyz` and `GET /metrics`.

    `ready` returns what keeps the process from answering, in words without secrets; empty when it can.
    """
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

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def readyz(_request: Request) -> Response:
        problems = await ready()
        return JSONResponse({"ok": not problems, "problems": problems}, status_code=503 if problems else 200)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/slack/events", slack, methods=["POST"]),
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
