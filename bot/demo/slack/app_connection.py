"""How deliveries reach the app, over its Socket Mode connections or its address, and what came of each."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.demo.slack.shapes import Json
from bot.demo.slack.workspace import Workspace

MOST_CONNECTIONS = 10


@dataclass(slots=True)
class Envelope:
    """An acknowledgement that came: its payload (None without one)."""

    payload: Any


class Sockets:
    """The open connections; each delivery goes to one of them, in turn."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Envelope]] = {}
        self._turn = itertools.count()
        self._news = asyncio.Event()

    @property
    def connected(self) -> int:
        return len(self._open)

    async def wait_connected(self, count: int = 1) -> None:
        while len(self._open) < count:
            self._news.clear()
            await self._news.wait()

    async def endpoint(self, websocket: WebSocket) -> None:
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._workspace.tickets or len(self._open) >= MOST_CONNECTIONS:
            await websocket.close(code=1008)
            return
        self._workspace.tickets.discard(ticket)
        await websocket.accept()
        self._open.append(websocket)
        try:
            await websocket.send_text(json.dumps(self._hello()))
            self._news.set()
            while True:
                self._take(await websocket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            with contextlib.suppress(ValueError):
                self._open.remove(websocket)

    async def send(self, kind: str, payload: Json, *, timeout: float, **extra: object) -> Envelope:
        """Deliver over one connection. Raises TimeoutError (no ack) or ConnectionError (no socket)."""
        if not self._open:
            raise ConnectionError("no socket is connected")
        websocket = self._open[next(self._turn) % len(self._open)]
        envelope_id = self._workspace.ids.uuid()
        accepts = kind != "events_api"
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": accepts,
            **extra,
        }
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiting
        try:
            await websocket.send_text(json.dumps(envelope))
            return await asyncio.wait_for(waiting, timeout)
        except RuntimeError as closed:
            raise ConnectionError("the socket closed") from closed
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every client to reconnect, as Slack does now and then (warning, refresh_requested, …)."""
        leaving = tuple(self._open)
        message = {"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}}
        for websocket in leaving:
            if reason != "warning":
                self._open.remove(websocket)
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await websocket.send_text(json.dumps(message))
        if reason == "warning":
            return
        for websocket in leaving:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await websocket.close(code=1000)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {"host": "stand-in", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._workspace.app.app_id},
        }

    def _take(self, text: str) -> None:
        try:
            answer = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(answer.get("envelope_id", "")) if isinstance(answer, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(Envelope(answer.get("payload")))


def signature(secret: str, timestamp: int, body: bytes) -> str:
    base = b"v0:" + str(timestamp).encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed_headers(secret: str, timestamp: int, body: bytes, content_type: str) -> dict[str, str]:
    return {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": signature(secret, timestamp, body),
    }


OK = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was delivered and how the app acknowledged it.

    kind: command, event, block_actions, view_submission, … `error` is None for a good ack, else
    operation_timeout (over 3 seconds), http_error (not 200; retries call it so) or connection_failed.
    `body` is the ack's JSON or text. `seconds` is the time to the ack.
    """

    kind: str
    payload: Json
    transport: str
    status: int | None
    body: Any
    seconds: float
    error: str | None
    attempt: int = 0
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        return self.error is None


class Transport:
    """Sends to `events_url` (may be set later). `timeout`: Slack's patience in seconds."""

    def __init__(
        self,
        workspace: Workspace,
        sockets: Sockets,
        *,
        events_url: str | None,
        timeout: float,
    ) -> None:
        self._workspace = workspace
        self._sockets = sockets
        self.events_url = events_url
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self, kind: str, envelope: str, payload: Json, *, attempt: int = 0, reason: str = ""
    ) -> Delivery:
        """Deliver once; what the app does wrong is in the result, never raised.

        envelope: events_api, slash_commands or interactive.
        """
        started = asyncio.get_running_loop().time()
        transport, no_retry = "none", False
        status: int | None = None
        body: Any = None
        error: str | None = "connection_failed"
        try:
            if self._sockets.connected:
                transport = "socket"
                again = {"retry_attempt": attempt, "retry_reason": reason} if envelope == "events_api" else {}
                ack = await self._sockets.send(envelope, payload, timeout=self._timeout, **again)
                status, body, error = OK, ack.payload, None
            elif self.events_url:
                transport = "http"
                status, body, no_retry = await self._post(envelope, payload, attempt, reason)
                error = None if status == OK else "http_error"
        except TimeoutError:
            error = "operation_timeout"
        except (aiohttp.ClientError, ConnectionError):
            error = "connection_failed"
        seconds = asyncio.get_running_loop().time() - started
        return Delivery(kind, payload, transport, status, body, seconds, error, attempt, no_retry)

    async def _post(self, envelope: str, payload: Json, attempt: int, reason: str) -> tuple[int, Any, bool]:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, force_close=True
                ),  # a stale connection is no failed ack
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        if envelope == "events_api":
            body, kind = json.dumps(payload).encode(), "application/json"
        else:
            form = payload if envelope == "slash_commands" else {"payload": json.dumps(payload)}
            body, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
        headers = signed_headers(self._workspace.app.signing_secret, int(self._workspace.clock()), body, kind)
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        patience = aiohttp.ClientTimeout(total=self._timeout)
        url = self.events_url or ""
        async with self._session.post(url, data=body, headers=headers, timeout=patience) as response:
            text = await response.text(errors="replace")
            answer: Any = text
            if response.content_type == "application/json" and text:
                try:
                    answer = json.loads(text)
                except ValueError:
                    answer = text
            return response.status, answer or None, response.headers.get("X-Slack-No-Retry") == "1"

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
