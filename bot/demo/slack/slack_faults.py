"""How Slack's trouble looks: the answers of planned faults, and rate limits for a bot to keep to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.demo.faults import Dropped, Fault


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
