"""How many requests may be in flight, and how often one is repeated; none while ElevenLabs is away.

Pure asyncio over a clock and a sleep that are passed in. Additive increase, multiplicative decrease: a 429
halves the limit (once for all requests that were in flight together), successes bring it back one by one,
slowly past the height at which it failed last.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum

from bot.elevenlabs.errors import AskedToWait, FailingFast

_CAUTION = 20
"""Past the height that failed, a step up takes this many times the successes."""
_TRY_AGAIN = 60.0
"""Seconds after which somebody asks again, however long a pause was asked for: it may be a mistake."""
_FAILURES = 5
"""Requests in a row that failed for good: then ElevenLabs is left alone."""
_REST = 30.0
"""For so many seconds."""


class Rank(IntEnum):
    """Which requests go first."""

    URGENT = 0
    """A person waits for it."""
    USUAL = 1
    """One of many that a person waits for."""
    BACKGROUND = 2
    """Nobody waits for it."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long a failed request is repeated, by what waits for its answer."""

    attempts: int
    timeout: float
    """Seconds in all."""
    answer_secs: float = 90.0
    """Seconds for one whole answer: also one that trickles in."""
    wait_max: float = 8.0
    """Seconds between two attempts, at most."""
    server_errors: int | None = None
    """Attempts answered 5xx after which no more are made; None: as many as of any other failure."""
    max_pause: float = 60.0
    """A Retry-After beyond this is not waited for: the error says how long it is."""
    rank: Rank = Rank.USUAL


BULK = RetryPolicy(attempts=8, timeout=180.0)
"""For pages of a long retrieval."""
URGENT = RetryPolicy(attempts=5, timeout=30.0, wait_max=4.0, max_pause=10.0, rank=Rank.URGENT)
"""For a request that a person waits for."""
BACKGROUND = replace(BULK, rank=Rank.BACKGROUND)
"""For pages that the archive reads."""
DETAIL = replace(BULK, server_errors=3)
"""For details of many calls: one that cannot be read always answers 500, and the others wait for it."""
BACKGROUND_DETAIL = replace(DETAIL, rank=Rank.BACKGROUND)
URGENT_DETAIL = replace(URGENT, server_errors=3)
"""For one call that a person opens."""
RECORDING = replace(URGENT_DETAIL, attempts=3, timeout=600.0)
"""For a recording, which takes long and may break off."""
ONCE = RetryPolicy(attempts=1, timeout=10.0, max_pause=0.0)
"""For a request whose answer is only a hint."""
TO_CHECK_HEALTH = RetryPolicy(
    attempts=2, timeout=10.0, answer_secs=5.0, wait_max=0.5, max_pause=5.0, rank=Rank.URGENT
)
"""For the health check: a person may wait for what it decides."""


@dataclass(slots=True)
class RateLimiter:
    """Slots for requests in flight, by rank. `monotonic` and `sleep` are in seconds."""

    most: int
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    limit: int = 0
    in_flight: int = 0
    _cuts: int = 0
    """How often the limit was halved."""
    _ceiling: int = 0
    _successes: int = 0
    _paused_until: float = 0.0
    """Until when nobody asks."""
    _wanted_until: float = 0.0
    """Until when ElevenLabs wants the pause to last: what people are told."""
    _in_background: int = 0
    _waiting: list[tuple[Rank, int, asyncio.Future[None]]] = field(default_factory=list)
    """A heap: by rank, then by who came first."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.limit = self._ceiling = max(1, self.most)

    @contextlib.asynccontextmanager
    async def slot(self, rank: Rank = Rank.USUAL, *, max_pause: float = math.inf) -> AsyncIterator[int]:
        """Wait for a slot, and for the end of a pause that ElevenLabs asked for; gives what `refused` wants.

        Raises AskedToWait, at once, when the pause takes longer than `max_pause` seconds in all.
        """
        waited = 0.0
        while True:
            # A pause is not waited for in a slot: who has no time for it would wait for those who have.
            while (now := self.monotonic()) < self._paused_until:
                if waited + self._wanted_until - now > max_pause:
                    raise AskedToWait(self._wanted_until - now)
                waited += self._paused_until - now
                await self.sleep(self._paused_until - now)
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (rank, next(self._numbers), turn))
            self._admit()
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():
                    self._leave(rank)  # admitted and cancelled in the same moment: pass the slot on
                raise
            if self.monotonic() >= self._paused_until:
                break
            self._leave(rank)
        try:
            yield self._cuts
        finally:
            self._leave(rank)

    @property
    def quiet(self) -> bool:
        """Whether only the background has requests in flight."""
        return self.in_flight == self._in_background

    def succeeded(self) -> None:
        """Note a request that was answered; enough of them raise the limit by one."""
        if self.limit >= self.most:
            return
        self._successes += 1
        if self._successes >= self.limit * (1 if self.limit < self._ceiling else _CAUTION):
            self._successes = 0
            self.limit += 1
            self._ceiling = max(self._ceiling, self.limit)
            self._admit()

    def refused(self, slot: int, retry_after: float | None) -> None:
        """Note a 429: halve the limit, unless a cut came after it was sent, and pause as ElevenLabs asks."""
        if retry_after is not None:
            now = self.monotonic()
            before = self._wanted_until if now < self._paused_until else now  # if over, however long it was
            self._wanted_until = max(before, now + retry_after)
            self._paused_until = max(self._paused_until, now + min(retry_after, _TRY_AGAIN))
        if slot == self._cuts:
            self._cuts += 1
            self._successes = 0
            self._ceiling = max(1, self.limit - 1)
            self.limit = max(1, self.limit // 2)

    def _leave(self, rank: Rank) -> None:
        self.in_flight -= 1
        self._in_background -= rank is Rank.BACKGROUND
        self._admit()

    def _admit(self) -> None:
        """Let in who is next: the background has a quarter of the slots, one while others are in flight."""
        while self._waiting and self.in_flight < self.limit:
            background = self._waiting[0][0] is Rank.BACKGROUND
            others = self.in_flight > self._in_background
            if background and self._in_background >= (1 if others else max(1, self.limit // 4)):
                return
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                self.in_flight += 1
                self._in_background += background
                turn.set_result(None)


@dataclass(slots=True)
class CircuitBreaker:
    """Opens after five requests in a row failed for good, for 30 seconds; then one request tries.

    A request counts once, after its retries. For what may fail by itself (one conversation, one search), the
    caller asks for something else first.
    """

    clock: Callable[[], float]
    ever_answered: bool = False
    open_until: float | None = None
    """Until when requests fail fast (on the clock passed in); None while all is well."""
    _in_row: int = 0
    _trying: bool = False

    def check(self) -> bool:
        """Raise FailingFast while resting. True when this request is the one that tries again."""
        if self.open_until is None:
            return False
        if self._trying or self.clock() < self.open_until:
            raise FailingFast(self.open_until)
        self._trying = True
        return True

    def succeeded(self) -> None:
        """Note an answer, of any status below 500: ElevenLabs is there."""
        self.ever_answered = True
        self._in_row = 0
        self.open_until = None
        self._trying = False

    def failed(self) -> None:
        """Note a request that failed after its retries."""
        self._in_row += 1
        if self._trying or (self.open_until is None and self._in_row >= _FAILURES):
            self.open_until = self.clock() + _REST
        self._trying = False

    def gave_up(self) -> None:
        """Note that the request that tried again was cancelled: another one may try."""
        self._trying = False
