"""How many requests may be in flight: fewer while ElevenLabs says it is too many, none while it is away.

Pure asyncio over a clock and a sleep that are passed in. Additive increase, multiplicative decrease: a 429
halves the limit (once for all requests that were in flight together), successes bring it back one by one,
slowly past the height at which it failed last.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum

from bot.elevenlabs.errors import AskedToWait, FailingFast

_CAUTION = 20
"""Past the height that failed, a step up takes this many times the successes."""
_TRY_AGAIN = 60.0
"""Seconds after which somebody asks again, however long a pause was asked for: it may be a mistake."""


class Rank(IntEnum):
    """Which requests go first."""

    URGENT = 0
    """A person waits for it."""
    USUAL = 1
    """One of many that a person waits for."""
    BACKGROUND = 2
    """Nobody waits for it."""


@dataclass(slots=True)
class Slot:
    """One request in flight. `epoch` tells whether the limit was cut after it had started."""

    epoch: int


@dataclass(slots=True)
class RateLimiter:
    """Slots for requests in flight. What a person waits for goes first, what nobody waits for last.

    `monotonic` and `sleep` are in seconds.
    """

    most: int
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    limit: int = 0
    in_flight: int = 0
    cuts: int = 0
    """How often the limit was halved; tests and metrics read it."""
    _ceiling: int = 0
    _successes: int = 0
    _paused_until: float = 0.0
    """Until when nobody asks."""
    _wanted_until: float = 0.0
    """Until when ElevenLabs wants the pause to last: what people are told."""
    _in_background: int = 0
    _waiting: dict[Rank, deque[asyncio.Future[None]]] = field(
        default_factory=lambda: {rank: deque() for rank in Rank}
    )

    def __post_init__(self) -> None:
        self.limit = self._ceiling = max(1, self.most)

    @contextlib.asynccontextmanager
    async def slot(self, rank: Rank = Rank.USUAL, *, max_pause: float = math.inf) -> AsyncIterator[Slot]:
        """Wait for a slot, and for the end of a pause that ElevenLabs asked for; hold it for the block.

        Raises AskedToWait, at once, when the pause takes longer than `max_pause` seconds in all.
        """
        waited = 0.0
        while True:
            # A pause is not waited for in a slot: who has no time for it would wait for those who have.
            waited += await self._pause(max_pause - waited)
            await self._enter(rank)
            if self.monotonic() >= self._paused_until:
                break
            self._leave(rank)
        try:
            yield Slot(self.cuts)
        finally:
            self._leave(rank)

    def succeeded(self) -> None:
        """Note a request that was answered; enough of them raise the limit by one."""
        if self.limit >= self.most:
            return
        self._successes += 1
        needed = self.limit if self.limit < self._ceiling else self.limit * _CAUTION
        if self._successes >= needed:
            self._successes = 0
            self.limit += 1
            self._ceiling = max(self._ceiling, self.limit)
            self._admit()

    def refused(self, slot: Slot, retry_after: float | None) -> None:
        """Note a 429: halve the limit and pause as long as ElevenLabs asks.

        Requests that started before an earlier cut say nothing about the limit after it.
        """
        if retry_after is not None:
            self._ask_to_wait(retry_after)
        if slot.epoch != self.cuts:
            return
        self.cuts += 1
        self._successes = 0
        self._ceiling = max(1, self.limit - 1)
        self.limit = max(1, self.limit // 2)

    def _ask_to_wait(self, seconds: float) -> None:
        now = self.monotonic()
        if now >= self._paused_until:
            self._wanted_until = now  # the pause before is over, whatever it was to last
        self._wanted_until = max(self._wanted_until, now + seconds)
        self._paused_until = max(self._paused_until, now + min(seconds, _TRY_AGAIN))

    async def _pause(self, longest: float) -> float:
        """Wait for the end of the pause; return how many seconds that took."""
        waited = 0.0
        while (now := self.monotonic()) < self._paused_until:
            left = self._wanted_until - now
            if waited + left > longest:
                raise AskedToWait(left)
            rest = self._paused_until - now
            await self.sleep(rest)
            waited += rest
        return waited

    def _leave(self, rank: Rank) -> None:
        self.in_flight -= 1
        self._in_background -= rank is Rank.BACKGROUND
        self._admit()

    async def _enter(self, rank: Rank) -> None:
        if self._has_room(rank) and not any(self._waiting[each] for each in Rank if each <= rank):
            self._take(rank)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._waiting[rank]
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # Admitted and cancelled in the same moment: pass the slot on.
                self._leave(rank)
            else:
                with contextlib.suppress(ValueError):  # already skipped by _admit
                    queue.remove(turn)
            raise

    def _admit(self) -> None:
        for rank, queue in self._waiting.items():
            while queue and self._has_room(rank):
                turn = queue.popleft()
                if not turn.done():
                    self._take(rank)
                    turn.set_result(None)

    def _has_room(self, rank: Rank) -> bool:
        """Whether a slot is free; the background takes a quarter, and one while others are in flight."""
        others = self.in_flight > self._in_background
        most = 1 if others else max(1, self.limit // 4)
        return self.in_flight < self.limit and (rank is not Rank.BACKGROUND or self._in_background < most)

    def _take(self, rank: Rank) -> None:
        self.in_flight += 1
        self._in_background += rank is Rank.BACKGROUND


@dataclass(slots=True)
class CircuitBreaker:
    """Opens after `failures` requests in a row failed for good, for `rest` seconds; then one request tries.

    A request counts once, after its retries: a blip that drops eight connections at once is not an outage.
    Nor is a request that fails while others are answered: the caller compares `answers`, and asks for
    something else, before it calls `failed` for what may fail by itself (one conversation, one search).
    """

    clock: Callable[[], float]
    failures: int = 5
    rest: float = 30.0
    answers: int = 0
    """How many requests were answered so far."""
    _in_row: int = 0
    _open_until: float | None = None
    _trying: bool = False

    @property
    def open_until(self) -> float | None:
        """Until when requests fail fast (on the clock passed in); None while all is well."""
        return self._open_until

    def check(self) -> bool:
        """Raise FailingFast while resting. True when this request is the one that tries again."""
        if self._open_until is None:
            return False
        if self._trying or self.clock() < self._open_until:
            raise FailingFast(self._open_until)
        self._trying = True
        return True

    def succeeded(self) -> None:
        """Note an answer, of any status below 500: ElevenLabs is there."""
        self.answers += 1
        self._in_row = 0
        self._open_until = None
        self._trying = False

    def failed(self) -> None:
        """Note a request that failed after its retries."""
        self._in_row += 1
        if self._trying or (self._open_until is None and self._in_row >= self.failures):
            self._open_until = self.clock() + self.rest
        self._trying = False

    def gave_up(self) -> None:
        """Note that the request that tried again was cancelled: another one may try."""
        self._trying = False
