"""What several phrases of time mean together, and how moments are said."""

# ruff: noqa: PLR0911
# A reader tries one form after the other; the numbers of a calendar and a clock are their own names.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.query.time.calendar import Clock, Period
from bot.query.time.when import MONTH, YEAR, Constraint, Role, When, within
from bot.query.values import Misread, Span

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


End = tuple[When, Period]
"""One end of a range: as written, and as understood."""

_DAY = 86400


def dates_in_order(clock: Clock, first: End, last: End) -> None:
    """Raise Misread for "9 to 3 november": the next 3 November is a year on, which nobody means.

    A range over the end of a year (a month) passes when it is the shorter way round: "20 december to
    5 january", "from november to march". A beginning that names its year passes while the end is past.
    """
    cycle = last[0].cycle or (first[0].cycle if last[0].pinned else 0)
    start, end = clock.local(first[1].start).date(), clock.local(last[1].start).date()
    turned = start.year != end.year or (cycle == MONTH and start.month != end.month)
    if not cycle or not turned or (end - start).days <= cycle // 2 + 1:
        return
    alike = last[0].cycle == first[0].cycle or last[0].pinned
    if not alike and last[1].start <= clock.unix:
        return
    raise Misread(
        f"The end is before the beginning: {_said(clock, last)} comes before {_said(clock, first)}. "
        f"Turn the two round, or write both with their {'month' if cycle == MONTH else 'year'}."
    )


def clocks_in_order(first: time, last: time) -> None:
    """Raise Misread for "between 5pm and 3pm" on one day; midnight ends the day."""
    if last <= first and last != time():
        raise Misread(
            f"The end is before the beginning: {last:%H:%M} comes before {first:%H:%M}. "
            "Turn the two round, or name both days, such as “since yesterday 10pm until today 2am”."
            if last < first
            else f"The time asked for is empty: it would begin and end at {first:%H:%M}. Check both ends."
        )


def _said(clock: Clock, end: End) -> str:
    """Return an end as it was written: a month, a quarter or a day, with its year if that was said."""
    when, period = end
    start = clock.local(period.start)
    days = 1 if period.end is None else (period.end - period.start) / _DAY
    if when.cycle == MONTH:
        return f"day {start.day}"
    year = "" if when.cycle == YEAR else f" {start.year}"
    if days > MONTH + 1:
        return f"Q{(start.month + 2) // 3}{year}"
    return f"{start:%B}{year}" if days > MONTH - 4 else f"{start.day} {start:%B}{year}"


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
