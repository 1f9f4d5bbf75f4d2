"""Times of day without a day: which day they belong to, and what they leave of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from bot.query.time.calendar import Clock
from bot.query.time.constraint import Constraint, Role
from bot.query.time.order import clocks_in_order
from bot.query.values import Misread

Bounds = tuple[int | None, int | None]
"""Since (included) and until (not included), as far as they are known."""
_BEGINS = {Role.SINCE, Role.AFTER}
_NEEDS_DAY = "A time of day needs its day: say for example “since monday 9am”."


def day_of_clocks(
    clocks: Sequence[Constraint], dated: Sequence[Constraint], clock: Clock, bounds: Bounds
) -> date | None:
    """Return the day that the other words give; None if they give none. Raises Misread for several days."""
    since, until = bounds
    if since is not None and until is not None:
        first, last = clock.local(since).date(), clock.local(until - 1).date()
        if first != last:
            raise Misread("A time of day needs one day: say for example “yesterday before noon”.")
        return first
    if until is not None:
        if not all(c.role in _BEGINS for c in clocks):
            raise Misread(_NEEDS_DAY)
        return clock.local(until - 1).date()  # "since 9am until now"
    return None if since is None else _day_of_end(clocks, dated, clock, since)


def _day_of_end(clocks: Sequence[Constraint], dated: Sequence[Constraint], clock: Clock, since: int) -> date:
    """Return the day of "until 5pm" after a beginning: after "since monday 9am" the first such time."""
    timed = any(c.when.clock is not None and c.role in _BEGINS for c in dated)
    ends = [c.when for c in clocks if c.role is Role.UNTIL or (timed and c.role is Role.BEFORE)]
    if len(ends) != len(clocks):
        raise Misread(_NEEDS_DAY)
    return clock.local(ends[0].resolve(clock, since if timed else None).start).date()


def apply_clocks(clocks: Sequence[Constraint], clock: Clock, day: date, bounds: Bounds) -> Bounds:
    """Return the bounds narrowed to the times of the day."""
    since, until = bounds
    begun = since is not None and until is None  # what has begun before the day goes on into it
    for constraint in clocks:
        low, high = _hours(constraint, clock, day, begun=begun)
        since = low if since is None else max(since, low) if low is not None else since
        until = high if until is None else min(until, high) if high is not None else until
    return since, until


def _hours(constraint: Constraint, clock: Clock, day: date, *, begun: bool) -> Bounds:
    """Return the bounds that one time of day sets."""
    said = constraint.when.clock or time()
    at = clock.named(day, said)
    if constraint.role is Role.RANGE and constraint.to is not None and constraint.to.clock is not None:
        clocks_in_order(said, constraint.to.clock)
        return at, _end(clock, day, constraint.to.clock)
    if constraint.role in _BEGINS:
        return at, None
    if constraint.role in {Role.UNTIL, Role.BEFORE}:
        return None if begun else clock.at(day), _end(clock, day, said)
    raise Misread(
        f"{said:%H:%M} is a moment: write “since” or “until” before it, or both ends, "
        f"such as “from {said:%H:%M} to {(said.hour + 1) % 24:02}:{said:%M}”."
    )


def _end(clock: Clock, day: date, said: time) -> int:
    """Return the moment of a time that ends something: midnight ends the day."""
    return clock.named(day, said) if said != time() else clock.days(day).end or clock.at(day)
