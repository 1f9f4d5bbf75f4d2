"""One order for both directions.

Everything that pages works with positions that fall as rows come in: newest first, a position is the start
time; oldest first, its negative. Windows of positions are half-open, `[low, high)`; None means open.
"""

from __future__ import annotations

from dataclasses import dataclass

Bound = int | None


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


@dataclass(slots=True)
class Bounds:
    """How the API reads its time bounds, as far as its answers have shown.

    The documentation does not say whether they are inclusive. Until a row on a bound has been seen, a second
    more is asked for, which is right either way; the caller cuts.
    """

    after_inclusive: bool = False
    before_inclusive: bool = False

    def params(self, since: Bound, until: Bound) -> tuple[Bound, Bound]:
        """Return (after, before) so that every row of `[since, until)` comes."""
        after = since if since is None or self.after_inclusive else since - 1
        before = until if until is None or not self.before_inclusive else until - 1
        return after, before

    def learn(self, after: Bound, before: Bound, starts: set[int]) -> bool:
        """Note what the start times in an answer show; whether that was news."""
        known = (self.after_inclusive, self.before_inclusive)
        self.after_inclusive |= after in starts
        self.before_inclusive |= before in starts
        return known != (self.after_inclusive, self.before_inclusive)
