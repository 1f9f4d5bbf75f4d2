"""Trouble on demand: a plan of what goes wrong, for which methods, how many times."""

from __future__ import annotations

import random
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


class Faults:
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
