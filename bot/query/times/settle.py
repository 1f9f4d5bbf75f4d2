"""What several phrases of time mean together, and how moments are said."""

# ruff: noqa: PLR0911
# A reader tries one form after the other.

from __future__ import annotations

from datetime import date, datetime, time

from bot.query.times.clock import Clock, Period
from bot.query.times.constraint import Constraint, Role
from bot.query.times.order import clocks_in_order, dates_in_order
from bot.query.times.when import When
from bot.query.values import Misread, Span


def settle(constraints: tuple[Constraint, ...], clock: Clock, day: date | None = None) -> Span:
    """Return the one span that all phrases mean. Raises Misread when it is empty, in the future or unclear.

    `day` is the day a lone time of day belongs to, when it is not today (a follow-up on one day's calls).
    """
    since: int | None = None
    until: int | None = None
    dated = sorted((c for c in constraints if not c.of_day), key=_order)
    _begin_before_they_end(dated, clock)
    for constraint in dated:
        low, high = _bounds(constraint, clock, since)
        since = low if since is None else max(since, low) if low is not None else since
        until = high if until is None else min(until, high) if high is not None else until
    clocks = [constraint for constraint in constraints if constraint.of_day]
    if clocks:
        since, until = _of_day(clocks, clock, since, until, day)
    if since is not None and since > clock.unix:
        raise Misread(
            f"{_moment(clock, since)} is in the future, so there are no calls yet: "
            "ask for a time that has begun."
        )
    if since is not None and until is not None and since >= until:
        raise Misread(
            f"The time asked for is empty: it would begin {_moment(clock, since)} "
            f"and end {_moment(clock, until)}. Check both ends."
        )
    clocked = _clocked(constraints, clock) & {since, until}
    return Span(since, until, clock.zone, frozenset(unix for unix in clocked if unix is not None))


def _begin_before_they_end(dated: list[Constraint], clock: Clock) -> None:
    """Raise Misread for "since 9 november until 3 november"."""
    begins = [c.when for c in dated if c.role in {Role.SINCE, Role.AFTER}]
    for end in (c.when for c in dated if c.role in {Role.UNTIL, Role.BEFORE}):
        for begin in begins:
            first = begin.resolve(clock, None)
            dates_in_order(clock, (begin, first), (end, end.resolve(clock, first.start)))


def _clocked(constraints: tuple[Constraint, ...], clock: Clock) -> set[int | None]:
    """Return the moments that were read off a clock."""
    whens = [when for c in constraints for when in (c.when, c.to, *c.others) if when and when.clocked]
    periods = [when.resolve(clock, None) for when in whens]
    return {unix for period in periods for unix in (period.start, period.end)}


def _order(constraint: Constraint) -> int:
    """Settle ends after beginnings, since "until friday" looks forward from them."""
    return 1 if constraint.role in {Role.UNTIL, Role.BEFORE} else 0


def _bounds(constraint: Constraint, clock: Clock, since: int | None) -> tuple[int | None, int | None]:
    role = constraint.role
    if role is Role.RANGE and constraint.to is not None:
        return _range(constraint.when, constraint.to, clock)
    if role is Role.EITHER:
        return _together([w.resolve(clock, None) for w in (constraint.when, *constraint.others)])
    period = constraint.when.resolve(clock, since if role in {Role.UNTIL, Role.BEFORE} else None)
    if role is Role.SINCE:
        return period.start, None
    if role is Role.AFTER:
        return period.start if period.end is None else period.end, None
    if role is Role.BEFORE:
        return None, period.start
    if role is Role.UNTIL:
        return None, period.end
    if period.instant:
        raise Misread(f"{_moment(clock, period.start)} is a moment: write “since” or “until” before it.")
    return period.start, period.end


def _range(when: When, to: When, clock: Clock) -> tuple[int, int | None]:
    if when.on is not None and to.on is not None and when.on[0] is to.on[0]:
        # "between 3pm and 5pm yesterday"
        clocks_in_order(when.on[1], to.on[1])
        day = to.on[0].resolve(clock, None)
        return when.resolve(clock, None).start, day.end if to.on[1] == time() else to.resolve(clock, None).end
    if to.pinned and when.pinned is False:  # "3 november to 7 november 2025"
        last = to.resolve(clock, None)
        first = when.resolve(Clock(clock.local(last.start), clock.week_start), None)
    else:
        first = when.resolve(clock, None)
        last = to.resolve(clock, first.start)
        if last.end is not None and last.end <= first.start and when.pinned is False:
            first = when.resolve(Clock(clock.local(last.start), clock.week_start), None)
    dates_in_order(clock, (when, first), (to, last))
    return first.start, last.end


def _together(periods: list[Period]) -> tuple[int, int | None]:
    """Return the stretch that adjoining periods make. Raises Misread when there is a gap."""
    ordered = sorted(periods, key=lambda period: period.start)
    start, end = ordered[0].start, ordered[0].end
    for period in ordered[1:]:
        if end is None:
            break
        if period.start > end:
            raise Misread(
                "The times named do not adjoin, and a question asks for one span: ask for them one by one."
            )
        end = None if period.end is None else max(end, period.end)
    return start, end


def _of_day(
    clocks: list[Constraint], clock: Clock, since: int | None, until: int | None, day: date | None
) -> tuple[int | None, int | None]:
    """Apply times of day to the one day asked for."""
    if since is not None and until is not None:
        first, last = clock.local(since).date(), clock.local(until - 1).date()
        if first != last:
            raise Misread("A time of day needs one day: say for example “yesterday before noon”.")
        day = first
    elif since is not None or until is not None:
        raise Misread("A time of day needs its day: say for example “since monday 9am”.")
    day = day or clock.today
    for constraint in clocks:
        low = clock.at(day, constraint.when.clock) if constraint.when.clock else clock.at(day)
        if constraint.role is Role.RANGE and constraint.to is not None and constraint.to.clock is not None:
            clocks_in_order(constraint.when.clock or time(), constraint.to.clock)
            high = clock.at(day, constraint.to.clock)
            if not constraint.to.clock.hour and not constraint.to.clock.minute:
                high = clock.days(day).end or high
            since = max(since or low, low)
            until = min(until or high, high)
        elif constraint.role in {Role.SINCE, Role.AFTER}:
            since = max(since or low, low)
        elif constraint.role in {Role.UNTIL, Role.BEFORE}:
            if constraint.when.clock == time():  # "before midnight" ends the day
                low = clock.days(day).end or low
            until = min(until or low, low)
            since = max(since or 0, clock.at(day)) or None
        else:
            raise Misread("A time of day needs “since”, “after”, “before” or “between … and …”.")
    return since, until


def _moment(clock: Clock, unix: int) -> str:
    return say_moment(clock.local(unix))


def say_day(day: date) -> str:
    """Return a date as people read it: Monday 16 Nov 2026."""
    return f"{day:%A} {day.day} {day:%b} {day.year}"


def say_moment(moment: datetime) -> str:
    """Return a moment: the date alone at midnight, else with the time."""
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return say_day(moment)
    clock = f"{moment:%H:%M}" if not moment.second else f"{moment:%H:%M:%S}"
    return f"{say_day(moment)}, {clock}"
