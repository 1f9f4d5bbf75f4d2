"""A brute-force ElevenLabs for property tests: the answer to every question is a loop over all rows.

It takes a side wherever the API's documentation leaves something open (bounds, cursors, what is ignored), so
that tests can show that the client is right on either side.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, bytes, dict[str, str]]
DROP = "drop"
GARBAGE = "garbage"


def row(number: int, start: int, **more: Any) -> dict[str, Any]:
    """Return one finished conversation as the API lists it."""
    return {
        "conversation_id": f"conv_{number:06d}",
        "agent_id": f"agent_{number % 3}",
        "agent_name": f"Agent {number % 3}",
        "start_time_unix_secs": start,
        "call_duration_secs": number % 600,
        "message_count": number % 30,
        "status": "done",
        "call_successful": "failure" if number % 5 == 0 else "success",
        "direction": "inbound",
        "conversation_initiation_source": "twilio" if number % 2 else "widget",
        **more,
    }


@dataclass
class Fake:
    """An ASGI app over `rows`. `faults` gives, for each request in turn, None or what goes wrong."""

    rows: list[dict[str, Any]] = field(default_factory=list, repr=False)
    after_inclusive: bool = True
    before_inclusive: bool = True
    offset_cursors: bool = False
    """Cursors count rows (they shift as rows arrive) instead of naming the last row."""
    ignore_ascending: bool = False
    ignore_times: bool = False
    largest_page: int = 100
    at_once: int | None = None
    """Requests answered at the same time; more get 429."""
    retry_after: str | None = None
    latency: float = 0.0
    faults: Iterator[int | str | None] | None = None
    arrivals: Iterator[dict[str, Any] | None] | None = None
    """After each list request, a row that has newly appeared, or None."""
    override: Callable[[dict[str, list[str]]], Answer | None] | None = None
    """A test's own answer to a list request."""
    details: dict[str, Any] = field(default_factory=dict)
    hits: list[dict[str, Any]] = field(default_factory=list)
    agents: list[dict[str, Any]] | None = None
    """The agent list; None: those of the rows."""
    missing: str = ""
    """Paths that hold this text are not there."""
    broken: set[str] = field(default_factory=set)
    """Conversations whose detail and recording always answer 500."""
    audio: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            await _lifespan(receive, send)
            return
        path: str = scope["path"]
        query: dict[str, list[str]] = {}
        for name, value in parse_qsl(scope["query_string"].decode(), keep_blank_values=True):
            query.setdefault(name, []).append(value)
        self.requests.append((path, query))
        self.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.latency)
            status, body, headers = self._answer(path, query)
        finally:
            self.in_flight -= 1
        if status == 0:
            raise httpx.ReadError("dropped on purpose")
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            }
        )
        await send({"type": "http.response.body", "body": body})

    @property
    def pages(self) -> int:
        """List requests so far."""
        return sum(path == "/v1/convai/conversations" for path, _ in self.requests)

    def _answer(self, path: str, query: dict[str, list[str]]) -> Answer:
        if self.at_once is not None and self.in_flight > self.at_once:
            wait = {"retry-after": self.retry_after} if self.retry_after is not None else {}
            return refused(429, "too_many_concurrent_requests", headers=wait)
        fault = next(self.faults, None) if self.faults is not None else None
        if path.removesuffix("/audio").rpartition("/")[2] in self.broken:
            fault = 500
        if fault is None:
            return self._right(path, query)
        if fault == DROP:
            return 0, b"", {}
        if isinstance(fault, int):
            return refused(fault, "rate_limit_exceeded" if fault == 429 else "no_way")
        return 200, b'{"conversations": [{"conversation_id": "conv_', {}

    def _right(self, path: str, query: dict[str, list[str]]) -> Answer:
        if self.missing and self.missing in path:
            return refused(404, "not_found")
        if path == "/v1/convai/conversations":
            return self._list(query)
        if path.endswith("/messages/text-search"):
            return self._search(query)
        if path == "/v1/convai/agents":
            return self._agents(query)
        conversation_id = path.split("/")[4]
        if path.endswith("/audio") and conversation_id in self.audio:
            return 200, self.audio[conversation_id], {"content-type": "audio/mpeg"}
        detail = None if path.endswith("/audio") else self.details.get(conversation_id)
        return found(detail) if detail is not None else refused(404, "document_not_found")

    def _agents(self, query: dict[str, list[str]]) -> Answer:
        names = sorted({(item["agent_id"], item["agent_name"]) for item in self.rows})
        agents = self.agents or [{"agent_id": agent, "name": name} for agent, name in names]
        begin = int(query.get("cursor", ["0"])[0])
        page, more = agents[begin : begin + 2], begin + 2 < len(agents)
        return found({"agents": page, "next_cursor": str(begin + 2) if more else None, "has_more": more})

    def matching(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        """Return the rows that a query's filters and times match, newest first unless told otherwise."""
        chosen = [item for item in self.rows if self._keeps(item, query)]
        ascending = query.get("sort_direction") == ["asc"] and not self.ignore_ascending
        return sorted(chosen, key=lambda item: int(item["start_time_unix_secs"]), reverse=not ascending)

    def _keeps(self, item: dict[str, Any], query: dict[str, list[str]]) -> bool:
        start = int(item["start_time_unix_secs"])
        for name in ("agent_id", "call_successful", "conversation_initiation_source"):
            if name in query and item[name] not in query[name]:
                return False
        if "call_duration_min_secs" in query and item["call_duration_secs"] < int(
            query["call_duration_min_secs"][0]
        ):
            return False
        if self.ignore_times:
            return True
        if "call_start_after_unix" in query:
            bound = int(query["call_start_after_unix"][0])
            if start < bound or (start == bound and not self.after_inclusive):
                return False
        if "call_start_before_unix" in query:
            bound = int(query["call_start_before_unix"][0])
            if start > bound or (start == bound and not self.before_inclusive):
                return False
        return True

    def _list(self, query: dict[str, list[str]]) -> Answer:
        if self.override is not None and (answer := self.override(query)) is not None:
            return answer
        size = int(query.get("page_size", ["30"])[0])
        if not 1 <= size <= 100:
            return (
                422,
                json.dumps({"detail": [{"loc": ["query", "page_size"], "msg": "too big"}]}).encode(),
                {},
            )
        size = min(size, self.largest_page)
        chosen = self.matching(query)
        begin = 0
        if "cursor" in query:
            cursor = query["cursor"][0]
            if self.offset_cursors:
                begin = int(cursor.removeprefix("offset-"))
            else:
                ids = [item["conversation_id"] for item in chosen]
                if cursor not in ids:
                    return refused(400, "invalid_cursor")
                begin = ids.index(cursor) + 1
        page = chosen[begin : begin + size]
        more = begin + size < len(chosen)
        cursor = (
            f"offset-{begin + size}" if self.offset_cursors else (page[-1]["conversation_id"] if page else "")
        )
        answer = found({"conversations": page, "next_cursor": cursor if more else None, "has_more": more})
        if self.arrivals is not None and (arrived := next(self.arrivals, None)) is not None:
            self.rows.append(arrived)
        return answer

    def page(self, rows: list[dict[str, Any]]) -> Answer:
        """Return a last page with these rows."""
        return found({"conversations": rows, "next_cursor": None, "has_more": False})

    def _search(self, query: dict[str, list[str]]) -> Answer:
        size = min(int(query.get("page_size", ["10"])[0]), 50)
        begin = int(query.get("cursor", ["0"])[0])
        page = self.hits[begin : begin + size]
        more = begin + size < len(self.hits)
        return found({"results": page, "next_cursor": str(begin + size) if more else None, "has_more": more})


def found(content: Any) -> Answer:
    """Return a 200 answer."""
    return 200, json.dumps(content).encode(), {"content-type": "application/json"}


def refused(status: int, code: str, *, message: str = "no", headers: dict[str, str] | None = None) -> Answer:
    """Return an error as ElevenLabs words it."""
    detail = {"type": "error", "code": code, "status": code, "message": message, "request_id": "req_1"}
    return status, json.dumps({"detail": detail}).encode(), headers or {}


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
