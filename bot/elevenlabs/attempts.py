"""Asking again: which failures pass by themselves, and how often and how long that is waited for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import stamina
import stamina.instrumentation

from bot.elevenlabs.errors import BadAnswer, RateLimited, Unavailable
from bot.elevenlabs.patience import Patience

# Its hooks would log each retry with the function's arguments; `Counts.retries` is what we tell of them.
stamina.instrumentation.set_on_retry_hooks([])

T = TypeVar("T")

_SERVER = 500
_FEW = 3
"""Attempts at what is refused for now, with a status below 500: a lock, a proxy in between."""
_HARDLY = 0.1
"""A Retry-After below this is no wait: the usual one is taken."""


@dataclass(slots=True)
class Counts:
    """What was sent so far, for metrics."""

    requests: int = 0
    failures: int = 0
    """Attempts that brought no usable answer."""
    refusals: int = 0
    """429 answers."""
    retries: int = 0
    """Attempts after the first."""
    cached: int = 0
    """First lists given from memory, without a request."""


async def attempts(once: Callable[[], Awaitable[T]], patience: Patience, counts: Counts) -> T:
    """Return what `once` returns, tried again as long as patience allows; raises its last error."""
    refusals = 0

    def again(error: BaseException) -> bool | float:
        nonlocal refusals
        if isinstance(error, RateLimited):
            wait = error.retry_after
            if wait is None or wait < _HARDLY:
                return True
            # The limiter holds everybody back for that long: no further wait of our own.
            return 0.0 if wait <= patience.longest_pause else False
        if isinstance(error, Unavailable) and error.status is not None:
            refusals += 1
            most = patience.refusals if error.status >= _SERVER else _FEW
            return most is None or refusals < most
        return isinstance(error, Unavailable | BadAnswer)

    async for attempt in stamina.retry_context(
        on=again,
        attempts=patience.attempts,
        timeout=patience.timeout,
        wait_initial=patience.wait_initial,
        wait_max=patience.wait_max,
        wait_jitter=patience.wait_jitter,
    ):
        counts.retries += attempt.num > 1
        with attempt:
            return await once()
    raise AssertionError("a retry loop ends by returning or raising")
