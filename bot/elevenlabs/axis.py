"""One order for both directions.

Everything that pages works with positions that fall as rows come in: newest first, a position is the start
time; oldest first, its negative. Windows of positions are half-open, `[low, high)`; None means open.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.elevenlabs.request import Bound


@dataclass(frozen=True, slots=True)
class Axis:
    """Turns start times into positions and back."""

    oldest_first: bool

    def at(self, start: int) -> int:
        """Return the position of a start time (Unix seconds)."""
        return -start if self.oldest_first else start

    def flip(self, low: Bound, high: Bound) -> tuple[Bound, Bound]:
        """Turn a window of times `[since, until)` into one of positions, or one of positions into times."""
        if not self.oldest_first:
            return low, high
        return (None if high is None else 1 - high), (None if low is None else 1 - low)
