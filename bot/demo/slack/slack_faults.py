"""Trouble on demand: a plan of what goes wrong, and the rate limits of Slack for a bot to keep to."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(slots=True)
class Fault:
    """One kind of trouble.

    kind: `ratelimited` (429 with Retry-After), `status` (an HTTP status and no JSON), `drop` (the connection
    ends without an answer), `error` (ok: false with `error`), `garbage` (200 that is not JSON), `delay`
    (`seconds` late, then right).
    `methods`: Web API methods; `upload`, `response_url` and `socket` name the other doors; empty means all.
    `skip`: requests to leave alone first. `times`: how often, None for ever. `chance`: of each request.
    `after_effect`: the method does its work, only its answer is lost.
    """

    kind: str
    methods: frozenset[str] = frozenset()
    times: int | None = 1
    skip: int = 0
    chance: float = 1.0
    error: str = "internal_error"
    status: int = 503
    retry_after: int = 1
    seconds: float = 0.0
    after_effect: bool = False
    hits: int = 0


class SlackFaults:
    """The plan: each request takes the first fault that fits."""

    def __init__(self, *plan: Fault) -> None:
        self.plan = list(plan)

    def add(self, fault: Fault) -> Fault:
        """Plan another; returns it, so that its `hits` can be read."""
        self.plan.append(fault)
        return fault

    def clear(self) -> None:
        """Make everything right again."""
        self.plan.clear()

    def take(self, method: str, rng: random.Random) -> Fault | None:
        """Return the trouble that this request gets, if any."""
        for fault in self.plan:
            if fault.methods and method not in fault.methods:
                continue
            if fault.times is not None and fault.hits >= fault.times:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.chance < 1.0 and rng.random() >= fault.chance:
                continue
            fault.hits += 1
            return fault
        return None


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
