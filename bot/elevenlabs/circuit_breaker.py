"""Leaving ElevenLabs alone for a while when it fails again and again, so that people are told at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.elevenlabs.errors import FailingFast


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
