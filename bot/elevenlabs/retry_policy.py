"""How often and how long a failed request is repeated, by what waits for its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import stamina
import stamina.instrumentation

from bot.elevenlabs.errors import BadAnswer, RateLimited, Unavailable, at_wrong_address
from bot.elevenlabs.rate_limit import Rank

# Its hooks would log each retry with the function's arguments; `RequestCounts` reports retries.
stamina.instrumentation.set_on_retry_hooks([])

T = TypeVar("T")

_SERVER = 500
_CLIENT_ERRORS = 3
"""Attempts at what is refused for now, with a status below 500: a lock, a proxy in between."""
_SHORTEST_PAUSE = 0.1
"""A Retry-After below this is no wait: the usual one is taken."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Attempts at most, seconds in all, and the waits between attempts in seconds."""

    attempts: int
    timeout: float
    wait_initial: float = 0.25
    wait_max: float = 8.0
    wait_jitter: float = 0.25
    server_errors: int | None = None
    """Attempts answered 5xx after which no more are made; None: as many as of any other failure."""
    max_pause: float = 60.0
    """A Retry-After beyond this is not waited for: the error says how long it is."""
    rank: Rank = Rank.USUAL

    def scaled(self, factor: float) -> RetryPolicy:
        """Return the same with shorter waits, for tests."""
        return replace(
            self,
            wait_initial=self.wait_initial * factor,
            wait_max=self.wait_max * factor,
            wait_jitter=self.wait_jitter * factor,
        )


BULK = RetryPolicy(attempts=8, timeout=180.0)
"""For pages of a long retrieval."""
URGENT = RetryPolicy(attempts=5, timeout=30.0, wait_max=4.0, max_pause=10.0, rank=Rank.URGENT)
"""For a request that a person waits for."""
BACKGROUND = replace(BULK, rank=Rank.BACKGROUND)
"""For pages that the archive reads."""
DETAIL = replace(BULK, server_errors=3)
"""For details of many calls: one that cannot be read always answers 500, and the others wait for it."""
BACKGROUND_DETAIL = replace(DETAIL, rank=Rank.BACKGROUND)
"""For details that the archive reads."""
URGENT_DETAIL = replace(URGENT, server_errors=3)
"""For one call that a person opens."""
ONCE = RetryPolicy(attempts=1, timeout=10.0, max_pause=0.0)
"""For a request whose answer is only a hint."""
HEALTH_CHECK_SECS = 5.0
"""Seconds for the health check: a person may wait for what it decides."""
HEALTH_CHECK_RETRIES = RetryPolicy(
    attempts=2, timeout=2 * HEALTH_CHECK_SECS, wait_max=0.5, max_pause=HEALTH_CHECK_SECS, rank=Rank.URGENT
)


@dataclass(slots=True)
class RequestCounts:
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


async def retry(once: Callable[[], Awaitable[T]], policy: RetryPolicy, counts: RequestCounts) -> T:
    """Return what `once` returns, repeated as the policy allows; raises its last error."""
    server_errors = 0

    def is_passing(error: BaseException) -> bool | float:
        nonlocal server_errors
        if isinstance(error, RateLimited):
            wait = error.retry_after
            if wait is None or wait < _SHORTEST_PAUSE:
                return True
            # The limiter holds everybody back for that long: no further wait of our own.
            return 0.0 if wait <= policy.max_pause else False
        if isinstance(error, Unavailable) and error.status is not None:
            if at_wrong_address(error):
                return False
            server_errors += 1
            most = policy.server_errors if error.status >= _SERVER else _CLIENT_ERRORS
            return most is None or server_errors < most
        return isinstance(error, Unavailable | BadAnswer)

    async for attempt in stamina.retry_context(
        on=is_passing,
        attempts=policy.attempts,
        timeout=policy.timeout,
        wait_initial=policy.wait_initial,
        wait_max=policy.wait_max,
        wait_jitter=policy.wait_jitter,
    ):
        counts.retries += attempt.num > 1
        with attempt:
            return await once()
    raise AssertionError("a retry loop ends by returning or raising")
