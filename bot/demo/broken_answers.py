"""Answers that break off, for the faults of both stand-ins."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class Dropped(Response):
    """Closes the connection without an answer (under uvicorn); elsewhere it breaks off after the headers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Abort the server's transport."""
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
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
