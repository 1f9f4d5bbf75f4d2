"""What goes wrong on purpose in both look-alikes: faults, answers that break off, Slack's rate limits."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send


@dataclass(slots=True)
class Fault:
    """One kind of trouble; each look-alike says which kinds it knows.

    `places`: parts of the paths (ElevenLabs) or the methods (Slack; also `upload` and `response_url`) that it
    strikes; all, if empty. `times`: how often, None for ever. `skip`: requests to leave alone
    first. `chance`: of each request. `after_effect`: the request does its work, only its answer is lost.
    """

    kind: str
    places: frozenset[str] = frozenset()
    times: int | None = 1
    skip: int = 0
    chance: float = 1.0
    error: str = "internal_error"
    status: int = 503
    retry_after: int = 1
    seconds: float = 0.0
    after_effect: bool = False
    hits: int = 0

    def strikes(self, place: str, rng: random.Random) -> bool:
        """Decide about one request, and count it."""
        if self.places and not any(part in place for part in self.places):
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.chance < 1.0 and rng.random() >= self.chance:
            return False
        self.hits += 1
        return True


class Faults:
    """The plan: each request takes the first fault that strikes it."""

    def __init__(self, *planned: Fault) -> None:
        self.planned = list(planned)

    def add(self, fault: Fault) -> Fault:
        """Plan another; returns it, so that its `hits` can be read."""
        self.planned.append(fault)
        return fault

    def clear(self) -> None:
        self.planned.clear()

    def take(self, place: str, rng: random.Random) -> Fault | None:
        """Return the trouble that this request gets, if any."""
        return next((fault for fault in self.planned if fault.strikes(place, rng)), None)


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


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls a minute, and so many at once; `per_channel`: each channel has its own."""

    per_minute: float
    burst: int
    per_channel: bool = False


SLACKS: Mapping[str, Rate] = {
    "chat.postMessage": Rate(60, 5, per_channel=True),
    "chat.update": Rate(50, 10),
    "conversations.open": Rate(50, 10),
    "conversations.info": Rate(50, 10),
    "users.conversations": Rate(50, 10),
    "conversations.history": Rate(50, 10),
    "chat.postEphemeral": Rate(100, 20),
    "files.getUploadURLExternal": Rate(100, 20),
    "files.completeUploadExternal": Rate(100, 20),
    "views.open": Rate(100, 20),
    "views.update": Rate(100, 20),
    "users.info": Rate(100, 20),
}
"""Slack's documented rates; how far it lets bursts go is not documented, these are small."""


class Rates:
    """Counts calls against limits. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float], limits: Mapping[str, Rate] = SLACKS) -> None:
        self._clock = clock
        self._limits = limits
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def wait(self, method: str, channel: str) -> int | None:
        """Count a call; returns the seconds of Retry-After when it is one too many."""
        rate = self._limits.get(method)
        if rate is None:
            return None
        key, now = (method, channel if rate.per_channel else ""), self._clock()
        left, then = self._buckets.get(key, (float(rate.burst), now))
        left = min(float(rate.burst), left + (now - then) * rate.per_minute / 60)
        if left < 1:
            self._buckets[key] = (left, now)
            return max(1, math.ceil((1 - left) * 60 / rate.per_minute))
        self._buckets[key] = (left - 1, now)
        return None


def faulty(fault: Fault) -> tuple[Response, str]:
    """Return the answer of a planned fault, and a word for the record.

    Kinds: `ratelimited` (429 with Retry-After), `status` (an HTTP status and no JSON), `drop` (the connection
    ends without an answer), `garbage` (200 that is not JSON), `error` (ok: false with `error`). `delay`
    (`seconds` late, then right) is no answer of its own.
    """
    match fault.kind:
        case "ratelimited":
            headers = {"Retry-After": str(fault.retry_after)}
            body = {"ok": False, "error": "ratelimited"}
            return JSONResponse(body, status_code=429, headers=headers), "ratelimited"
        case "status":
            return PlainTextResponse(
                "upstream connect error", status_code=fault.status
            ), f"http_{fault.status}"
        case "drop":
            return Dropped(), "dropped"
        case "garbage":
            return PlainTextResponse("<html>We are having trouble</html>", media_type="text/html"), "garbage"
        case _:
            return JSONResponse({"ok": False, "error": fault.error}), fault.error
