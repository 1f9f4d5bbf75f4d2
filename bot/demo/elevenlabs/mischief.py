"""Playing the faults: refusals instead of an answer, and answers spoiled on their way."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.demo.elevenlabs import refusals
from bot.demo.elevenlabs.audio import FRAME
from bot.demo.elevenlabs.faults import Faults
from bot.demo.elevenlabs.refusals import Refusal

RAW_SEND = "stand_in.send"
"""Where `App` keeps the server's own send function in the scope."""
WRONG_SHAPE = b'{"conversations":{"unexpected":true},"agents":7}'
PAGE = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"

REFUSALS: Mapping[str, Callable[[], Refusal]] = {
    "400": lambda: refusals.refusal(400, "validation_error", "bad_request", "The request is not valid."),
    "401": refusals.wrong_key,
    "402": refusals.payment_required,
    "403": refusals.forbidden,
    "404": lambda: refusals.not_found("document", "unknown"),
    "409": refusals.conflict,
    "429": refusals.too_many,
    "500": refusals.server_error,
    "503": lambda: refusals.server_error(503),
}


class Dropped(Response):
    """Closes the connection without an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Abort the server's transport; where that is not to be had, break off after the headers."""
        server = getattr(scope.get(RAW_SEND), "__self__", None)
        transport = getattr(server, "transport", None)
        if transport is None:
            await Cut(b"", 1000)(scope, receive, send)
            return
        transport.abort()
        # until the server has noticed, or it would answer 500 for us
        while (await receive())["type"] != "http.disconnect":
            pass


class Cut(Response):
    """Sends fewer bytes than it promised and closes the connection."""

    def __init__(self, body: bytes, promised: int | None, media_type: str = "application/json") -> None:
        super().__init__(body, media_type=media_type)
        del self.headers["content-length"]
        if promised is not None:
            self.headers["content-length"] = str(max(promised, len(body) + 1))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (ASGI's)
        """Send the headers and a part; the server closes the connection when no more comes."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})


REPLACED: Mapping[str, Callable[[], Response]] = {
    "html": lambda: HTMLResponse(PAGE.format("Just a moment…")),
    "503-html": lambda: HTMLResponse(PAGE.format("503 Service Temporarily Unavailable"), 503),
    "wrong-shape": lambda: Response(WRONG_SHAPE, media_type="application/json"),
    "drop": Dropped,
}
"""Answers that have nothing of the good one."""


def before(fault: str, faults: Faults) -> None:
    """Raise the refusal that a fault stands for, if it is one."""
    if fault == "429-retry-after":
        raise refusals.too_many("system_busy", faults.retry_after)
    if fault in REFUSALS:
        refused = REFUSALS[fault]()
        raise refused


def spoiled(fault: str, request: Request, response: Response) -> Response:
    """Give what is sent instead of a good answer."""
    if fault in REPLACED:
        return REPLACED[fault]()
    if isinstance(response, StreamingResponse):
        return _cut_stream(response) if fault == "cut" else response
    body = bytes(response.body)
    if fault in {"cut", "broken-json"}:
        half = body[: len(body) // 2]
        if fault == "broken-json":
            return Response(half, response.status_code, media_type="application/json")
        return Cut(half, len(body))
    if fault in {"repeat-cursor", "shuffled"} and body.startswith(b'{"conversations"'):
        return _confused(fault, request, body)
    return response


def _cut_stream(response: StreamingResponse) -> Response:
    """Break off a recording after its first frames; without a length the end of the chunks is missing."""
    promised = response.headers.get("content-length")
    return Cut(FRAME * 20, None if promised is None else int(promised), "audio/mpeg")


def _confused(fault: str, request: Request, body: bytes) -> Response:
    page = msgspec.json.decode(body)
    if fault == "shuffled":
        random.Random(1).shuffle(page["conversations"])  # noqa: S311 (any order will do)
    elif page["has_more"]:
        page["next_cursor"] = request.query_params.get("cursor", page["next_cursor"])
    return Response(msgspec.json.encode(page), media_type="application/json")
