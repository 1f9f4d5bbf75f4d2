"""What several phrases of time mean together, and how moments are said."""

# ruff: noqa: PLR0911
# A reader tries one form after the other.

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.query.time.calendar import Clock, Period
from bot.query.time.constraint import Constraint, Role
from bot.query.time.of_day import Bounds, apply_clocks, day_of_clocks
from bot.query.time.order import clocks_in_order, dates_in_order
from bot.query.time.when import When, within
from bot.query.values import Misread, Span


def settle(constraints: tuple[Constraint, ...], clock: Clock, day: date | None = None) -> Span:
    """Return the one span that all phrases mean. Raises Misread when it is empty, in the future or unclear.

    `day` is the one that lone times of day are hours of, when it is not today (a follow-up on its calls).
    """
    asker = clock.zone
    if zones := [c.zone for c in constraints if c.zone]:
        constraints = tuple(c for c in constraints if not c.zone)
        if not constraints:
            said = zones[0].word
            raise Misread(f"“{said}” is a time zone: say it with a time, such as “since 9am {said}”.")
        clock = replace(clock, now=clock.now.astimezone(zones[0].zone))
    since, until = (None, None) if day is None else (clock.days(day).start, clock.days(day).end)
    dated = sorted(_in_stretch([c for c in constraints if not c.of_day]), key=_order)
    _begin_before_they_end(dated, clock)
    for constraint in dated:
        low, high = _bounds(constraint, clock, since)
        since = low if since is None else max(since, low) if low is not None else since
        until = high if until is None else min(until, high) if high is not None else until
    since, until = _whole_day(dated, clock, since, until)
    clocks = [constraint for constraint in constraints if constraint.of_day]
    if clocks:
        day = day_of_clocks(clocks, dated, clock, (since, until)) or clock.today
        since, until = apply_clocks(clocks, clock, day, (since, until))
    if since is not None and since > clock.unix:
        raise Misread(
            f"{_moment(clock, since)} is in the future, so there are no calls yet: "
            "ask for a time that has begun."
        )
    if since is not None and until is not None and since >= until:
        raise Misread(
            "The times do not overlap, so what is asked for is empty: it would begin with "
            f"{_moment(clock, since)} and end with {_last(clock, until)}. "
            "Ask for one of them, or check both ends."
        )
    clocked = _clocked(constraints, clock) & {since, until}
    return Span(since, until, asker, frozenset(unix for unix in clocked if unix is not None))


def _in_stretch(dated: list[Constraint]) -> list[Constraint]:
    """Return "on monday … last week" as one: a date that comes once in a stretch that is named lies in it."""
    named = [c.when for c in dated if c.role is Role.WITHIN and c.when.unit]
    longer = next((when.unit for when in named if when.unit in {"month", "quarter", "year"}), "")
    if longer and any(c.when.once_in == "week" for c in dated):
        raise Misread(
            f"A {longer} has several of each weekday: write the date, "
            "or for example “last monday of october”."
        )
    stretches = [when for when in named if not when.once_in]
    if len(stretches) != 1:
        return dated
    stretch = stretches[0]

    def inside(when: When) -> When:
        return within(when, stretch) if when.once_in == stretch.unit else when

    return [
        c
        if c.role not in {Role.WITHIN, Role.EITHER, Role.RANGE}
        else replace(
            c, when=inside(c.when), to=c.to and inside(c.to), others=tuple(inside(w) for w in c.others)
        )
        for c in dated
    ]


def _whole_day(dated: list[Constraint], clock: Clock, since: int | None, until: int | None) -> Bounds:
    """Return the bounds of "before noon on monday" and "after 3pm yesterday": the rest of that day."""
    for constraint in dated:
        if not constraint.when.clock_first or constraint.when.on is None:
            continue
        day = clock.days(clock.local(constraint.when.on[0].resolve(clock, None).start).date())
        if since is None and constraint.role in {Role.UNTIL, Role.BEFORE}:
            since = day.start
        elif until is None and constraint.role is Role.AFTER:
            until = day.end
    return since, until


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


def _bounds(constraint: Constraint, clock: Clock, since: int | None) -> Bounds:
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
    if role in {Role.UNTIL, Role.BEFORE} and constraint.when.on and constraint.when.clock == time():
        return None, clock.days(clock.local(period.start).date()).end  # midnight ends the day
    if role is Role.BEFORE:
        return None, period.start
    if role is Role.UNTIL:
        return None, period.end
    if period.instant:
        raise Misread(
            f"{_moment(clock, period.start)} is a moment: write “since” or “until” before it, "
            f"or both ends, such as {_around(clock, period.start)}."
        )
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


def _around(clock: Clock, unix: int) -> str:
    """Return how the hour (the day) that a moment begins is asked for."""
    start, later = clock.local(unix), clock.local(unix + 3600)
    if start.time() == time():
        return f"“on {start:%Y-%m-%d}”"
    if start.date() != later.date():
        return f"“between {start:%Y-%m-%d %H:%M} and {later:%Y-%m-%d %H:%M}”"
    return f"“from {start:%H:%M} to {later:%H:%M} on {start:%Y-%m-%d}”"


def _last(clock: Clock, until: int) -> str:
    """Return an end as people say it: the last day, or the time."""
    moment = clock.local(until)
    return say_day(moment - timedelta(days=1)) if moment.time() == time() else say_moment(moment)


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
