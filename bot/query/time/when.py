"""What a phrase of time names, before it is known when: resolved later, against the clock.

What "friday" means depends on what it is the end of: alone it is the most recent one that has started, after
"from monday to" the first one that ends later than that monday begins.
"""

# ruff: noqa: PLR2004
# The numbers of a calendar and a clock are their own names.

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time

from bot.query.time.calendar import MAX_YEAR, MIN_YEAR, Clock, Period
from bot.query.values import Misread

LAST = frozenset({"last", "previous", "prev", "past", "preceding"})


THIS = frozenset({"this", "current"})


Resolve = Callable[[Clock, int | None], Period]
"""Given the clock and the moment it must end after (or None), the period meant."""


@dataclass(frozen=True, slots=True)
class When:
    """A date, a time or a span of the calendar as written."""

    resolve: Resolve
    of_day: bool = False
    """A time of day without a day: it belongs to the day named elsewhere, or to today."""
    clock: time | None = None
    """The time of day said, with a day or without."""
    spans: bool = False
    """A named stretch such as "yesterday" or "last week", rather than a point one counts from."""
    one_day: bool = False
    """A span of one day, which a time of day may follow."""
    pinned: bool | None = None
    """True for a date with its year, False for one that comes again (a weekday, a date without its year)."""
    relative: bool = False
    """Counted back from now ("7 days ago", "last 24 hours")."""
    clocked: bool = False
    """Its seconds were read off a clock: nobody said them."""
    cycle: int = 0
    """Days after which it comes again (`YEAR`, `MONTH`), when no year or month was said; else 0."""
    on: tuple[When, time] | None = None
    """A time on a day: the day, and the time."""
    clock_first: bool = False
    """The time stands before its day: "before noon on monday" is that morning, not all that was before."""
    once_in: str = ""
    """The unit in which it comes once, when that was not said: a weekday in a "week", a month in a "year"."""
    unit: str = ""
    """The unit of the calendar that it is one of: "last week" is a "week"."""
    inside: When | None = None
    """The stretch it was said to lie in: the "last week" of "monday last week"."""


YEAR, MONTH = 366, 31
"""Cycles of dates that come again: the days of the longest year and month."""


Read = tuple[When, int]


def fixed(
    make: Callable[[Clock], Period],
    *,
    spans: bool = True,
    one_day: bool = False,
    relative: bool = False,
    clocked: bool = False,
    unit: str = "",
) -> When:
    """Return a When that does not depend on what it is the end of."""
    return When(
        lambda clock, _after: make(clock),
        spans=spans,
        one_day=one_day,
        relative=relative,
        clocked=clocked,
        unit=unit,
    )


def unclear(reason: str) -> When:
    """Return what was read as a time but can be meant in two ways: it is asked back once all is read."""

    def ask(_clock: Clock, _after: int | None) -> Period:
        raise Misread(reason)

    return When(ask)


def within(part: When, stretch: When) -> When:
    """Return "monday last week", "november last year": the one of a stretch. Asked back if it has none."""

    def resolve(clock: Clock, _after: int | None) -> Period:
        whole = stretch.resolve(clock, None)
        found = part.resolve(clock, whole.start)
        if found.start < whole.start or (whole.end is not None and found.start >= whole.end):
            raise Misread(f"That {stretch.unit} has no such day: check the date.")
        return found

    return replace(part, resolve=resolve, pinned=True, cycle=0, once_in="", inside=stretch)


def on_date(day: date) -> When:
    """Return one day of a given year."""
    return When(lambda clock, _after: clock.days(day), pinned=True)


def real_date(year: int, month: int, day: int) -> date:
    """Return a date. Raises Misread with the reason when there is none."""
    if not MIN_YEAR <= year <= MAX_YEAR:
        raise Misread(f"The year {year} is out of range: name one from {MIN_YEAR} to {MAX_YEAR}.")
    if not 1 <= month <= 12:
        raise Misread(f"There is no month {month}: write dates as year-month-day, such as 2026-11-03.")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        name = calendar.month_name[month]
        raise Misread(f"There is no {day} {name} {year}: {name} {year} has {last} days. Check the date.")
    return date(year, month, day)


def any_year(month: int, day: int) -> None:
    """Raise Misread when no year has such a date."""
    if not 1 <= month <= 12:
        raise Misread(f"There is no month {month}: write dates as year-month-day, such as 2026-11-03.")
    longest = calendar.monthrange(2024, month)[1]  # a leap year has every date there is
    if not 1 <= day <= longest:
        name = calendar.month_name[month]
        raise Misread(f"There is no {day} {name}: {name} has {longest} days at most. Check the date.")


def instant(unix: int) -> Period:
    """Return the period that is one moment."""
    return Period(unix, unix)
