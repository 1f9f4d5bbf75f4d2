"""Dates that come again: weekdays, and days, months and quarters without their year."""

# ruff: noqa: PLR2004
# The numbers of a calendar and a clock are their own names.

from __future__ import annotations

import calendar
from datetime import date

from bot.query.time.calendar import Clock, Period, shift_days, shift_months
from bot.query.time.when import MONTH, YEAR, When, any_year, fixed, real_date
from bot.query.values import Misread


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
