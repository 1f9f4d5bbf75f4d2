"""What several phrases of time mean together, and how moments are said.

Semantics, also said in the sentence of every answer:
- `since X` begins with X (included); `until X` ends after X when X is a day or longer ("until friday"
  includes Friday), and at X when it is a moment; `before X` ends where X begins; `after X` begins where it
  ends.
- A named period (today, last week, in october) has both ends; "last 7 days" has a beginning only.
- Several phrases must all hold; a time of day belongs to the one day named, else to today.
"""

# ruff: noqa: PLR0911
# Each role of a phrase sets its own bounds.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum

from bot.query.time.calendar import CALENDAR, Clock, Period
from bot.query.time.when import When, at_clock, fixed, within
from bot.query.values import Misread, Span


class Role(Enum):
    """What a phrase does with its date."""

    SINCE = "since"
    AFTER = "after"
    UNTIL = "until"
    BEFORE = "before"
    WITHIN = "within"
    RANGE = "range"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Constraint:
    """One phrase of time."""

    role: Role
    when: When
    to: When | None = None
    """The other end of a range."""
    others: tuple[When, ...] = ()
    """Further stretches joined to the first: "monday and tuesday"."""


def joined(first: Constraint, second: Constraint) -> Constraint | None:
    """Return "monday and tuesday", "yesterday or today" as one, None where one is no stretch."""
    if first.when.of_day or second.when.of_day or not {first.role, second.role} <= {Role.WITHIN, Role.EITHER}:
        return None
    whens = (first.when, *first.others, second.when, *second.others)
    stretch = next((when.inside for when in whens if when.inside), None)
    if stretch is not None:  # "monday and tuesday last week"
        whens = tuple(within(when, stretch) if when.once_in == stretch.unit else when for when in whens)
    return Constraint(Role.EITHER, whens[0], others=whens[1:])


def alike(first: Constraint, second: Constraint) -> bool:
    """Whether two are of one kind, so that a comma makes a list of them: "monday, tuesday"."""
    last = (first.when, *first.others)[-1]
    kinds = [(when.once_in, when.unit, when.pinned) for when in (last, second.when)]
    return kinds[0] == kinds[1]


Bounds = tuple[int | None, int | None]
"""Since (included) and until (not included), as far as they are known."""
_BEGINS, _ENDS = {Role.SINCE, Role.AFTER}, {Role.UNTIL, Role.BEFORE}
_NEEDS_DAY = "A time of day needs its day: say for example “since monday 9am”."
_DAY = 86400
_LONGEST = {"year": 366, "month": 31}
"""The days after which a date comes again that comes once in a year or a month."""


def settle(constraints: tuple[Constraint, ...], clock: Clock, day: date | None = None) -> Span:
    """Return the one span that all phrases mean. Raises Misread when it is empty, in the future or unclear.

    `day` is the one that lone times of day are hours of, when it is not today (a follow-up on its calls).
    """
    asker, clock = clock.zone, replace(clock, now=clock.now.astimezone(clock.said_in or clock.zone))
    placed = _in_stretch([c for c in constraints if not c.when.of_day])
    ends = [c for c in placed if c.role in _ENDS]
    dated = [c for c in placed if c.role not in _ENDS] + ends
    for end in (c.when for c in ends):
        for begin in (c.when for c in dated if c.role in _BEGINS):
            first = begin.resolve(clock, None)
            _check_order(clock, (begin, first), (end, end.resolve(clock, first.start)))
    bounds: Bounds = (None, None) if day is None else (clock.days(day).start, clock.days(day).end)
    for constraint in dated:
        bounds = _narrowed(bounds, _bounds(constraint, clock, bounds[0]))
    for when in (c.when for c in dated if c.role is Role.AFTER and bounds[1] is None):
        if when.clock_first and when.day:  # "after 3pm yesterday" is the rest of that day
            bounds = bounds[0], when.day.resolve(clock, None).end
    if clocks := [constraint for constraint in constraints if constraint.when.of_day]:
        on = _day_of(clocks, dated, clock, bounds)
        that_day, begun = fixed(lambda clock: clock.days(on), "date"), bounds[0]
        for c in clocks:
            hours = replace(
                c,
                when=at_clock(that_day, c.when.clock or time(), clock_first=True),
                to=c.to and at_clock(that_day, c.to.clock or time()),
            )
            bounds = _narrowed(bounds, _bounds(hours, clock, begun))
    whens = [when for c in constraints for when in (c.when, c.to, *c.others) if when and when.clocked]
    periods = [when.resolve(clock, None) for when in whens]
    clocked = {unix for period in periods for unix in (period.start, period.end)}
    _check_bounds(bounds, clock)
    _check_amounts(dated, bounds[0], clock)
    return Span(*bounds, asker, frozenset(unix for unix in bounds if unix is not None and unix in clocked))


def _check_bounds(bounds: Bounds, clock: Clock) -> None:
    """Raise Misread for a time that is empty or has not begun."""
    since, until = bounds
    if since is not None and since > clock.unix:
        raise Misread(
            f"{say_moment(clock.local(since))} is in the future, so there are no calls yet: "
            "ask for a time that has begun."
        )
    if since is not None and until is not None and since >= until:
        end_moment = clock.local(until)
        last = say_day(end_moment - timedelta(1)) if end_moment.time() == time() else say_moment(end_moment)
        raise Misread(
            "The times do not overlap, so what is asked for is empty: it would begin with "
            f"{say_moment(clock.local(since))} and end with {last}. Ask for one of them, or check both ends."
        )


def _check_amounts(dated: Sequence[Constraint], since: int | None, clock: Clock) -> None:
    """Raise Misread for "2 weeks yesterday": the amount would say nothing."""
    for period in (c.when.resolve(clock, None) for c in dated if c.when.unit == "amount"):
        if since is not None and period.start < since:
            raise Misread(
                f"Two times are named: one since {say_moment(clock.local(period.start))} and one that begins "
                f"with {say_moment(clock.local(since))}. Ask for one of them."
            )


def _narrowed(bounds: Bounds, more: Bounds) -> Bounds:
    """Return what is in both bounds."""
    since = [unix for unix in (bounds[0], more[0]) if unix is not None]
    until = [unix for unix in (bounds[1], more[1]) if unix is not None]
    return max(since, default=None), min(until, default=None)


def _in_stretch(dated: list[Constraint]) -> list[Constraint]:
    """Return "on monday … last week" as one: a date that comes once in a stretch that is named lies in it."""
    named = [c.when for c in dated if c.role is Role.WITHIN and c.when.unit in CALENDAR - {"day"}]
    longer = next((when.unit for when in named if when.unit != "week"), "")
    if longer and any(c.when.once_in == "week" for c in dated):
        raise Misread(
            f"A {longer} has several weekends and several of each weekday: write the dates, such as "
            "“last monday of october”, or ask for “calls by weekday”."
        )
    stretches = [when for when in named if not when.once_in]
    if len(stretches) != 1:
        return dated

    def inside(when: When) -> When:
        return within(when, stretches[0]) if when.once_in == stretches[0].unit else when

    return [
        c
        if c.role in _BEGINS | _ENDS
        else replace(
            c, when=inside(c.when), to=c.to and inside(c.to), others=tuple(inside(w) for w in c.others)
        )
        for c in dated
    ]


def _bounds(constraint: Constraint, clock: Clock, since: int | None) -> Bounds:
    """Return the bounds that a phrase sets which names its day; `since` is where what is asked begins."""
    role, when = constraint.role, constraint.when
    if role is Role.RANGE and constraint.to is not None:
        return _range(when, constraint.to, clock)
    if role is Role.EITHER:
        return _together([w.resolve(clock, None) for w in (when, *constraint.others)])
    period = when.resolve(clock, since if role in _ENDS else None)
    if role is Role.SINCE:
        return period.start, None
    if role is Role.AFTER:
        return period.start if period.end is None else period.end, None
    if role in _ENDS:
        day = clock.unit("day", clock.local(period.start).date())
        start = day.start if when.clock_first and since is None else None  # "before noon on monday"
        if when.day and when.clock == time():
            return start, day.end  # midnight ends the day
        return start, period.start if role is Role.BEFORE else period.end
    if period.start == period.end:
        raise Misread(
            f"{say_moment(clock.local(period.start))} is a moment: write “since” or “until” before it, "
            f"or both ends, such as {_around(clock, period.start)}."
        )
    return period.start, period.end


def _range(when: When, to: When, clock: Clock) -> Bounds:
    if when.clock is not None and to.clock is not None and when.day is to.day is not None:
        _check_clocks(when.clock, to.clock)  # "between 3pm and 5pm yesterday"
        day = to.day.resolve(clock, None)
        return when.resolve(clock, None).start, day.end if to.clock == time() else to.resolve(clock, None).end
    first = when.resolve(clock, None)
    last = to.resolve(clock, None if to.pinned and when.once_in else first.start)
    ends_first = last.end is not None and last.end <= first.start and when.comes_again
    if ends_first or (to.pinned and when.once_in):  # "3 november to 7 november 2025"
        first = when.resolve(Clock(clock.local(last.start), clock.week_start), None)
    _check_order(clock, (when, first), (to, last))
    return first.start, last.end


def _together(periods: list[Period]) -> Bounds:
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


# --- times of day ---


def _day_of(clocks: Sequence[Constraint], dated: Sequence[Constraint], clock: Clock, bounds: Bounds) -> date:
    """Return the day that the other words give, else today. Raises Misread for several days."""
    since, until = bounds
    if since is not None and until is not None:
        first, last = clock.local(since).date(), clock.local(until - 1).date()
        if first != last and (until - since > _DAY or len(clocks) > 1):
            raise Misread("A time of day needs one day: say for example “yesterday before noon”.")
        on_first = clock.at(first, clocks[0].when.clock or time())
        return first if since <= on_first else last  # "last night after 11pm"
    if until is not None:
        if not all(c.role in _BEGINS for c in clocks):
            raise Misread(_NEEDS_DAY)
        return clock.local(until - 1).date()  # "since 9am until now"
    if since is None:
        return clock.now.date()
    # "until 5pm" is today's; after "since monday 9am" the first such time
    timed = any(c.when.clock is not None and c.role in _BEGINS for c in dated)
    ends = [c.when for c in clocks if c.role is Role.UNTIL or (timed and c.role is Role.BEFORE)]
    if len(ends) != len(clocks):
        raise Misread(_NEEDS_DAY)
    return clock.local(ends[0].resolve(clock, since if timed else None).start).date()


# --- two ends in their order ---

End = tuple[When, Period]
"""One end of a range: as written, and as understood."""


def _check_order(clock: Clock, first: End, last: End) -> None:
    """Raise Misread for "9 to 3 november": the next 3 November is a year on, which nobody means.

    A range over the end of a year (a month) passes when it is the shorter way round: "20 december to
    5 january", "from november to march". A beginning that names its year passes while the end is past.
    """
    begins, ends = ((end[0].day or end[0]).once_in for end in (first, last))
    again = ends if ends in _LONGEST else begins if last[0].pinned and begins in _LONGEST else ""
    start, end = clock.local(first[1].start).date(), clock.local(last[1].start).date()
    turned = start.year != end.year or (again == "month" and start.month != end.month)
    if not again or not turned or (end - start).days <= _LONGEST[again] // 2 + 1:
        return
    if begins != ends and not last[0].pinned and last[1].start <= clock.unix:
        return
    raise Misread(
        f"The end is before the beginning: {_said(clock, last)} comes before {_said(clock, first)}. "
        f"Turn the two round, or write both with their {again}."
    )


def _said(clock: Clock, end: End) -> str:
    """Return an end as it was written: a month, a quarter or a day, with its year if that was said."""
    when, start = end[0].day or end[0], clock.local(end[1].start)
    year = "" if when.once_in == "year" else f" {start.year}"
    if when.once_in == "month":
        return f"day {start.day}"
    if when.unit == "quarter":
        return f"Q{(start.month + 2) // 3}{year}"
    return f"{start:%B}{year}" if when.unit == "month" else f"{start.day} {start:%B}{year}"


def _check_clocks(first: time, last: time) -> None:
    """Raise Misread for "between 5pm and 3pm" on one day; midnight ends the day."""
    if last <= first and last != time():
        raise Misread(
            f"The end is before the beginning: {last:%H:%M} comes before {first:%H:%M}. "
            "Turn the two round, or name both days, such as “since yesterday 10pm until today 2am”."
            if last < first
            else f"The time asked for is empty: it would begin and end at {first:%H:%M}. Check both ends."
        )


# --- how moments are said ---


def _around(clock: Clock, unix: int) -> str:
    """Return how the hour (the day) that a moment begins is asked for."""
    start, later = clock.local(unix), clock.local(unix + 3600)
    if start.time() == time():
        return f"“on {start:%Y-%m-%d}”"
    if start.date() != later.date():
        return f"“between {start:%Y-%m-%d %H:%M} and {later:%Y-%m-%d %H:%M}”"
    return f"“from {start:%H:%M} to {later:%H:%M} on {start:%Y-%m-%d}”"


def say_day(day: date) -> str:
    """Return a date as people read it: Monday 16 Nov 2026."""
    return f"{day:%A} {day.day} {day:%b} {day.year}"


def say_clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def say_moment(moment: datetime) -> str:
    """Return a moment: the date alone at midnight, else with the time."""
    return say_day(moment) if moment.time() == time() else f"{say_day(moment)}, {say_clock(moment)}"
