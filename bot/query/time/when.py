"""What a phrase of time names, before it is known when: resolved later, against the clock.

What "friday" means depends on what it is the end of: alone it is the most recent one that has started, after
"from monday to" the first one that ends later than that monday begins.

Semantics, also said in the sentence of every answer:
- `since X` begins with X (included); `until X` ends after X when X is a day or longer ("until friday"
  includes Friday), and at X when it is a moment; `before X` ends where X begins; `after X` begins where it
  ends.
- A named period (today, last week, in october) has both ends; "last 7 days" has a beginning only.
- Several phrases must all hold; a time of day belongs to the one day named, else to today.
"""

# ruff: noqa: PLR2004
# A reader tries one form after the other; the numbers of a calendar and a clock are their own names.

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from enum import Enum

from bot.query.time.calendar import MAX_YEAR, MIN_YEAR, Clock, Period, shift_days, shift_months
from bot.query.time.zones import SaidZone
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


def day_of_year(day: int, month: int) -> When:
    """Return a date without its year: the most recent one that has started, or the first after a moment."""
    any_year(month, day)

    def resolve(clock: Clock, after: int | None) -> Period:
        base = clock.today.year if after is None else clock.local(after).year
        order = range(base, base - 9, -1) if after is None else range(base, base + 9)
        for year in order:
            if day > calendar.monthrange(year, month)[1]:  # 29 February comes every four years
                continue
            period = clock.days(date(year, month, day))
            if (after is None and period.start <= clock.unix) or (
                after is not None and period.end is not None and period.end > after
            ):
                return period
        raise Misread(f"There is no {day} {calendar.month_name[month]} to be found: name the year.")

    return When(resolve, pinned=False, cycle=YEAR, once_in="year")


def month_of_year(month: int, *, over: bool = False, this_year: bool = False) -> When:
    """Return a month without its year: the most recent begun, the one that is `over`, or this year's."""

    def resolve(clock: Clock, after: int | None) -> Period:
        if this_year:
            year = clock.today.year
        elif over or after is None:
            year = clock.today.year - (month >= clock.today.month if over else month > clock.today.month)
        else:
            start = clock.local(after)
            year = start.year + (month < start.month)
        return clock.month(year, month)

    if over or this_year:
        return When(resolve, spans=True, unit="month")
    return When(resolve, spans=True, pinned=False, cycle=YEAR, once_in="year", unit="month")


def quarter_of_year(number: int, year: int | None) -> When:
    """Return a calendar quarter; without a year, the most recent that has started."""
    if number > 4:
        raise Misread(f"There is no quarter Q{number}: a year has Q1 to Q4.")
    first = number * 3 - 2
    if year is not None:
        real_date(year, first, 1)
        return fixed(lambda clock: clock.month(year, first, 3), unit="quarter")

    def resolve(clock: Clock, after: int | None) -> Period:
        if after is None:
            return clock.month(clock.today.year - (first > clock.today.month), first, 3)
        start = clock.local(after)
        return clock.month(start.year + (first + 2 < start.month), first, 3)

    return When(resolve, spans=True, pinned=False, cycle=YEAR, once_in="year", unit="quarter")


def half_of_year(number: int, year: int | None) -> When:
    """Return the first or second half of a year; without a year, the most recent that has started."""
    first = number * 6 - 5
    if year is not None:
        real_date(year, first, 1)
        return fixed(lambda clock: clock.month(year, first, 6))

    def resolve(clock: Clock, after: int | None) -> Period:
        start = clock.today if after is None else clock.local(after)
        past = first > start.month if after is None else first + 5 < start.month
        return clock.month(start.year + (past if after is not None else -past), first, 6)

    return When(resolve, spans=True, pinned=False, cycle=YEAR, once_in="year")


def weekday(number: int, *, before_today: bool = False, this_week: bool = False) -> When:
    """Return a weekday: the most recent (today counts unless `before_today`), or the one of this week."""

    def resolve(clock: Clock, after: int | None) -> Period:
        if this_week:
            first = clock.week_of(clock.today)
            return clock.days(shift_days(first, (number - first.weekday()) % 7))
        if after is not None and not before_today:
            first = clock.local(after).date()
            return clock.days(shift_days(first, (number - first.weekday()) % 7))
        back = (clock.today.weekday() - number) % 7
        return clock.days(shift_days(clock.today, -(back or (7 if before_today else 0))))

    return When(resolve, pinned=False, once_in="" if before_today or this_week else "week")


def weekend(*, last: bool = False, this: bool = False) -> When:
    """Return Saturday and Sunday: the most recent begun, or `last`: over, or `this`: of this week."""

    def make(clock: Clock) -> Period:
        saturday = shift_days(clock.today, -((clock.today.weekday() - 5) % 7))
        if this:
            saturday = shift_days(shift_days(clock.today, -clock.today.weekday()), 5)
        elif last and clock.today.weekday() >= 5:
            saturday = shift_days(saturday, -7)
        return clock.days(saturday, 2)

    return fixed(make)


def year_of(year: int) -> When:
    """Return a whole year."""
    real_date(year, 1, 1)
    return fixed(lambda clock: clock.month(year, 1, 12), unit="year")


def day_of_month(day: int) -> When:
    """Return "the 3rd": the most recent day of that number, or the first after a moment."""
    if not 1 <= day <= 31:
        raise Misread(f"There is no day {day} in any month: check the date.")

    def resolve(clock: Clock, after: int | None) -> Period:
        first = (clock.today if after is None else clock.local(after).date()).replace(day=1)
        for step in range(14):
            month = shift_months(first, -step if after is None else step)
            if day > calendar.monthrange(month.year, month.month)[1]:
                continue
            period = clock.days(month.replace(day=day))
            if after is None and period.start <= clock.unix:
                return period
            if after is not None and period.end is not None and period.end > after:
                return period
        raise Misread(f"There is no day {day} nearby: name the month.")

    return When(resolve, cycle=MONTH, once_in="month")


def next_day(clock: Clock, number: int) -> date:
    """Return the next weekday of this number after today."""
    ahead = (number - clock.today.weekday()) % 7 or 7
    return shift_days(clock.today, ahead)


class Role(Enum):
    """What a phrase does with its date."""

    SINCE = "since"
    AFTER = "after"
    UNTIL = "until"
    BEFORE = "before"
    WITHIN = "within"
    RANGE = "range"
    EITHER = "either"
    ZONE = "zone"
    """Only says in which zone the other times are."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One phrase of time."""

    role: Role
    when: When
    to: When | None = None
    """The other end of a range."""
    others: tuple[When, ...] = ()
    """Further stretches joined to the first: "monday and tuesday"."""

    zone: SaidZone | None = None

    @property
    def of_day(self) -> bool:
        """Whether it only says a time of day."""
        return self.when.of_day


def in_zone(zone: SaidZone) -> Constraint:
    """Return that all times are said in a zone."""
    return Constraint(Role.ZONE, When(lambda clock, _after: Period(clock.unix, None), of_day=True), zone=zone)


def joined(first: Constraint, second: Constraint) -> Constraint:
    """Return "monday and tuesday", "yesterday or today" as one. Raises Misread when they cannot be."""
    roles = {first.role, second.role}
    if first.of_day or second.of_day or not roles <= {Role.WITHIN, Role.EITHER}:
        raise Misread("Two separate times cannot be joined with “or”: ask for one span that covers both.")
    whens = (first.when, *first.others, second.when, *second.others)
    stretch = next((when.inside for when in whens if when.inside), None)
    if stretch is not None:  # "monday and tuesday last week"
        whens = tuple(within(when, stretch) if when.once_in == stretch.unit else when for when in whens)
    return Constraint(Role.EITHER, whens[0], others=whens[1:])


def alike(first: Constraint, second: Constraint) -> bool:
    """Whether two are of one kind, so that a comma makes a list of them: "monday, tuesday"."""
    last = first.others[-1] if first.others else first.when
    kinds = [(when.once_in, when.unit, when.one_day, when.pinned, when.spans) for when in (last, second.when)]
    return {first.role, second.role} <= {Role.WITHIN, Role.EITHER} and kinds[0] == kinds[1]
