"""The stand-in as a Starlette app: the door (keys, limits, latency, faults, log) and the routes behind it."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.demo.elevenlabs import refusals
from bot.demo.elevenlabs.answers import Answers, Behaviour
from bot.demo.elevenlabs.api_faults import ApiFaults, before, spoiled
from bot.demo.elevenlabs.dataset import Dataset
from bot.demo.elevenlabs.parameters import Cursors
from bot.demo.elevenlabs.refusals import SAMPLE_KEYS, Key, Keyring, Refusal


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it was answered."""

    method: str
    path: str
    """As the app sees it, without a mount's prefix: /v1/convai/conversations."""
    params: tuple[tuple[str, str], ...]
    status: int
    """HTTP status; 0 when the connection was dropped without an answer."""
    fault: str | None
    """The fault that was played, if any."""
    rows: int
    """List rows in the answer."""

    def param(self, name: str) -> str | None:
        return dict(self.params).get(name)


class RequestLog:
    """The requests in order of their answers, and counters. Keeps the newest 100,000."""

    def __init__(self) -> None:
        self._seen: deque[Seen] = deque(maxlen=100_000)
        self.statuses: Counter[int] = Counter()
        self.in_flight = 0
        self.most_in_flight = 0
        """Most requests that were ever being answered at once (refused ones count)."""

    def __iter__(self) -> Iterator[Seen]:
        return iter(list(self._seen))

    def __len__(self) -> int:
        return len(self._seen)

    def add(self, seen: Seen) -> None:
        self._seen.append(seen)
        self.statuses[seen.status] += 1

    def of(self, path: str) -> list[Seen]:
        return [seen for seen in self._seen if seen.path.endswith(path)]

    def lists(self) -> list[Seen]:
        return self.of("/v1/convai/conversations")

    def details(self) -> list[Seen]:
        head = "/v1/convai/conversations/"
        found = (seen for seen in self._seen if seen.path.startswith(head))
        return [seen for seen in found if "/" not in seen.path.removeprefix(head)]

    def clear(self) -> None:
        self._seen.clear()
        self.statuses.clear()
        self.most_in_flight = self.in_flight


Latency = float | Callable[[], float]
RateLimit = tuple[int, float]
"""So many requests within so many seconds."""


@dataclass(kw_only=True)
class Door:
    """What every request passes before a route answers it."""

    keyring: Keyring
    faults: ApiFaults
    latency: Latency
    max_concurrent: int | None
    rate_limit: RateLimit | None
    retry_after: float | str | None
    log: RequestLog
    clock: Callable[[], float]
    _recent: deque[float] = field(default_factory=deque)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def guard(
        self, scope: str, answer: Callable[[Request], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Put a route behind the door; `scope` is what a key needs for it."""

        async def endpoint(request: Request) -> Response:
            log = self.log
            log.in_flight += 1
            log.most_in_flight = max(log.most_in_flight, log.in_flight)
            request.state.fault = None
            request.state.rows = 0
            status = 499  # the client went away before there was an answer
            try:
                response = await self._answer(request, scope, answer)
                status = response.status_code
            finally:
                log.in_flight -= 1
                log.add(
                    Seen(
                        method=request.method,
                        path=path_of(request),
                        params=tuple(request.query_params.multi_items()),
                        status=0 if request.state.fault == "drop" else status,
                        fault=request.state.fault,
                        rows=request.state.rows if status == 200 else 0,  # noqa: PLR2004 (HTTP's own)
                    )
                )
            return response

        return endpoint

    async def _answer(self, request: Request, scope: str, answer: Callable[[Request], Response]) -> Response:
        if self.max_concurrent is not None and self.log.in_flight > self.max_concurrent:
            return self.refuse(refusals.too_many("too_many_concurrent_requests", self.retry_after))
        if (left := self._too_fast()) is not None:
            wait = self.retry_after if self.retry_after is not None else left
            return self.refuse(refusals.too_many("rate_limit_exceeded", wait))
        fault = request.state.fault = self.faults.next(path_of(request))
        latency = self.latency if isinstance(self.latency, (int, float)) else self.latency()
        if fault == "slow":
            latency += self.faults.slow
        # the work counts towards the latency, as it does in the real API's answering time
        due = time.perf_counter() + latency
        response = self._respond(request, scope, answer, fault)
        if latency > 0:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        return response

    def _too_fast(self) -> float | None:
        """Count a request; return the seconds until there is room again when there is none."""
        if self.rate_limit is None:
            return None
        most, seconds = self.rate_limit
        now = self.clock()
        while self._recent and self._recent[0] <= now - seconds:
            self._recent.popleft()
        if len(self._recent) >= most:
            return self._recent[0] + seconds - now
        self._recent.append(now)
        return None

    def _respond(
        self, request: Request, scope: str, answer: Callable[[Request], Response], fault: str | None
    ) -> Response:
        try:
            if fault is not None:
                before(fault, self.faults)
            self.keyring.check(request.headers.get("xi-api-key"), scope)
            response = answer(request)
        except Refusal as refused:
            return self.refuse(refused)
        response.headers["request-id"] = self._request_id()
        return response if fault is None else spoiled(fault, request, response)

    def refuse(self, refused: Refusal) -> Response:
        request_id = self._request_id()
        detail = refused.detail
        if isinstance(detail, dict):
            detail = {**detail, "request_id": request_id}
        headers = {**refused.headers, "request-id": request_id}
        content = msgspec.json.encode({"detail": detail})
        return Response(content, refused.status, headers, media_type="application/json")

    def _request_id(self) -> str:
        return f"req_{next(self._numbers):012x}"


def path_of(request: Request) -> str:
    """Give the path as the app has it, without the prefix it may be mounted under."""
    return request.url.path.removeprefix(request.scope.get("root_path", ""))


def elevenlabs_app(
    dataset: Dataset,
    *,
    api_key: str = "sample-key",
    keys: Mapping[str, Key] | None = None,
    wrong_key_status: int = 401,
    faults: ApiFaults | None = None,
    latency: Latency = 0.0,
    max_concurrent: int | None = None,
    rate_limit: RateLimit | None = None,
    retry_after: float | str | None = None,
    cursor_ttl: float | None = None,
    clock: Callable[[], float] = time.time,
    **behaviour: Any,
) -> Starlette:
    """Make the stand-in. Its `state` has `requests` (RequestLog), `dataset` and `faults`.

    api_key: the key that may do all; `SAMPLE_KEYS` are refused in their several ways; `keys` adds more.
    wrong_key_status: 401 or 400, the API knows both. latency: seconds before each answer, or a function
    that draws them. max_concurrent: more requests at once get 429, with Retry-After if `retry_after` is set
    (in seconds, or as text). rate_limit: (requests, seconds); more requests within the time get 429, with
    the time that is left.
    cursor_ttl: seconds a cursor lives. The rest: see `Behaviour`.
    """
    log = RequestLog()
    faults = faults or ApiFaults()
    door = Door(
        keyring=Keyring({**SAMPLE_KEYS, **(keys or {}), api_key: Key()}, wrong_key_status=wrong_key_status),
        faults=faults,
        latency=latency,
        max_concurrent=max_concurrent,
        rate_limit=rate_limit,
        retry_after=retry_after,
        log=log,
        clock=clock,
    )
    answers = Answers(dataset, Cursors(ttl=cursor_ttl, clock=clock), Behaviour(**behaviour))
    one = "/v1/convai/conversations/{conversation_id}"
    search = "/v1/convai/conversations/messages"
    app = Starlette(
        routes=[
            Route("/v1/convai/conversations", door.guard("convai_read", answers.conversations)),
            Route(f"{search}/text-search", door.guard("convai_read", answers.text_search)),
            Route(one, door.guard("convai_read", answers.conversation)),
            Route(f"{one}/audio", door.guard("convai_read", answers.audio)),
            Route("/v1/convai/agents", door.guard("convai_read", answers.agents)),
            Route("/v1/convai/agents/{agent_id}", door.guard("convai_read", answers.agent)),
            Route("/v1/convai/settings/dashboard", door.guard("convai_read", answers.dashboard)),
        ],
        exception_handlers={HTTPException: _http_error},
    )
    app.state.requests = log
    app.state.dataset = dataset
    app.state.faults = faults
    return app


async def _http_error(_: Request, error: Exception) -> Response:
    """Answer unknown routes and methods as FastAPI does: `detail` is a string."""
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    return Response(msgspec.json.encode({"detail": detail}), status, media_type="application/json")
