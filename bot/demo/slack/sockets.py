"""Socket Mode: websockets over which deliveries go to the app and its acknowledgements come back."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from dataclasses import dataclass
from typing import Any

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
