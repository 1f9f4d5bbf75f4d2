"""What words of time name, before it is known when: resolved later, against the clock."""

# ruff: noqa: PLR2004
# The numbers of a calendar are their own names.

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time

from bot.model import WEEKDAYS
from bot.query.time.calendar import CALENDAR, Clock, Period, check_year, shift_days, shift_months
from bot.query.values import Misread

Resolve = Callable[[Clock, int | None], Period]
"""Given the clock and the moment it must end after (or None), the period meant."""


_LEAP_YEAR = 2024
"""A year that has every date there is."""


@dataclass(frozen=True, slots=True)
class When:
    """A date, a time or a stretch as written, resolved later against the clock.

    What "friday" means depends on what it is the end of: alone it is the most recent one that has started,
    after "from monday to" the first one that ends later than that monday begins.
    """

    resolve: Resolve
    unit: str = ""
    """A "day", "week", "month", "quarter" or "year" of the calendar, any other "span", or a "date".

    One counts from a date ("from monday"); "from yesterday" is that day. "7 days" without a "last" is an
    "amount". A moment has no unit.
    """
    once_in: str = ""
    """The unit in which it comes once, when that was not said: a weekday in a "week", a month in a "year"."""
    inside: When | None = None
    """The stretch it was said to lie in: the "last week" of "monday last week"."""
    pinned: bool = False
    """Whether its year, or the stretch it lies in, was said."""
    month: int = 0
    """The month that was named with a day."""
    clock: time | None = None
    """The time of day said, with a day or without."""
    day: When | None = None
    """The day of that time. Without one it belongs to the day named elsewhere, or to today."""
    clock_first: bool = False
    """The time stands before its day: "before noon on monday" is that morning, not all that was before."""
    clocked: bool = False
    """Its seconds were read off a clock: nobody said them."""
    whole: When | None = None
    """Of "3 days ago", where it is no end of a longer time: that whole day."""

    @property
    def of_day(self) -> bool:
        """Whether it is a time of day without its day."""
        return self.clock is not None and self.day is None

    @property
    def comes_again(self) -> bool:
        """Whether it is one of many: which one depends on what it stands beside."""
        return bool(self.once_in) or (self.unit == "date" and not self.pinned)

    @property
    def is_day(self) -> bool:
        """Whether it is one day, which a time of day may follow."""
        return self.unit in {"day", "date"}

    @property
    def spans(self) -> bool:
        """Whether it is a named stretch, such as "yesterday" or "last week"."""
        return self.unit not in {"", "date"}


def fixed(make: Callable[[Clock], Period], unit: str = "span", *, clocked: bool = False) -> When:
    """Return what does not depend on what it is the end of."""
    return When(lambda clock, _after: make(clock), unit, clocked=clocked)


def instant(unix: int) -> Period:
    """Return the period that is one moment."""
    return Period(unix, unix)


def moved(when: When, make: Callable[[Clock, Period], Period], unit: str) -> When:
    """Return what is made of the period that something else names."""
    return replace(
        when, resolve=lambda clock, after: make(clock, when.resolve(clock, after)), unit=unit, whole=None
    )


def days_from_today(shift: Callable[[int], int], count: int = 1, unit: str = "date") -> When:
    """Return days so many after today, which depends on what weekday it is (0 is Monday)."""
    return fixed(
        lambda clock: clock.days(shift_days(clock.now.date(), shift(clock.now.weekday())), count), unit
    )


def recurring(once_in: str, make: Callable[[Clock, date, int], Period | None], unit: str = "date") -> When:
    """Return what comes again: the most recent one that has begun, or the first that ends after a moment.

    `make` returns the one so many times after (before) that of a date, None where there is none.
    """

    def resolve(clock: Clock, after: int | None) -> Period:
        base = clock.now.date() if after is None else clock.local(after).date()
        for step in range(9):  # 29 February comes every four years
            period = make(clock, base, -step if after is None else step)
            if period and (period.start <= clock.unix if after is None else (period.end or 0) > after):
                return period
        raise Misread("That date is not to be found nearby: name its year. Check the date.")

    return When(resolve, unit, once_in)


def weekday(number: int, count: int = 1) -> When:
    """Return a day of the week, or a weekend."""
    return recurring(
        "week",
        lambda clock, base, step: clock.days(shift_days(base, number - base.weekday() + 7 * step), count),
        "date" if count == 1 else "span",
    )


def day_of_month(day: int) -> When:
    """Return "the 3rd". Raises Misread when no month has that day."""
    if not 1 <= day <= 31:
        raise Misread(f"There is no day {day} in any month: check the date.")

    def make(clock: Clock, base: date, step: int) -> Period | None:
        month = shift_months(base.replace(day=1), step)
        short = day > calendar.monthrange(month.year, month.month)[1]
        return None if short else clock.days(month.replace(day=day))

    return recurring("month", make)


def day_of_year(day: int, month: int) -> When:
    """Return a date without its year. Raises Misread when no year has such a date."""
    real_date(_LEAP_YEAR, month, day)

    def make(clock: Clock, base: date, step: int) -> Period | None:
        short = day > calendar.monthrange(base.year + step, month)[1]
        return None if short else clock.days(date(base.year + step, month, day))

    return replace(recurring("year", make), month=month)


def real_date(year: int, month: int, day: int) -> date:
    """Return a date. Raises Misread with the reason when there is none."""
    check_year(year)
    if not 1 <= month <= 12:
        raise Misread(f"There is no month {month}: write dates as year-month-day, such as 2026-11-03.")
    name, last = calendar.month_name[month], calendar.monthrange(year, month)[1]
    longest = calendar.monthrange(_LEAP_YEAR, month)[1]
    if not 1 <= day <= longest:
        raise Misread(f"There is no {day} {name}: {name} has {longest} days at most. Check the date.")
    if day > last:
        raise Misread(f"There is no {day} {name} {year}: {name} {year} has {last} days. Check the date.")
    return date(year, month, day)


def on_date(year: int, month: int, day: int) -> When:
    on = real_date(year, month, day)
    return When(lambda clock, _after: clock.days(on), "date", pinned=True, month=month)


def months_of_year(first: int, count: int, year: int | None = None) -> When:
    """Return a month, quarter or half of a year, or a whole one. Raises Misread for an impossible year."""
    unit = {1: "month", 3: "quarter", 12: "year"}.get(count, "span")
    if year is None:
        return recurring("year", lambda clock, base, step: clock.months(base.year + step, first, count), unit)
    real_date(year, first, 1)
    return replace(fixed(lambda clock: clock.months(year, first, count), unit), pinned=count == 1)


def iso_week(number: int, year: int | None = None) -> When:
    """Return a week by its number. Raises Misread when there is no such week."""
    if year:
        real_date(year, 1, 1)
    if not 1 <= number <= 53 or (year and number == 53 and date(year, 12, 28).isocalendar().week < 53):
        raise Misread(f"There is no week {number}{f' in {year}' * bool(year)}: weeks go from 1 to 52 or 53.")

    def make(clock: Clock, base: date, step: int) -> Period | None:
        try:
            return clock.days(date.fromisocalendar((year or base.isocalendar().year) + step, number, 1), 7)
        except ValueError:  # a year of 52 weeks
            return None

    if year:
        return fixed(lambda clock: clock.days(date.fromisocalendar(year, number, 1), 7), "week")
    return recurring("year", make, "week")


def calendar_unit(unit: str, back: int = 0) -> When:
    """Return a unit of the calendar: the one of now, or so many before (after, if negative)."""
    if unit == "hour":
        return fixed(Clock.hour)
    return fixed(lambda clock: clock.unit(unit, clock.now.date(), back), unit)


def ago(count: float, unit: str) -> When:
    """Return the moment some units ago; by itself it is the whole day, week, month or year of that moment."""
    if unit == "fortnight":
        count, unit = count * 2, "week"
    whole = None
    if unit in CALENDAR:
        whole = fixed(lambda clock: clock.unit(unit, clock.local(clock.ago(count, unit)).date()), unit)
    moment = fixed(lambda clock: instant(clock.ago(count, unit)), "", clocked=unit != "second")
    return replace(moment, whole=whole)


def running(count: float, unit: str) -> When:
    """Return the time from some units ago until now, and on. Raises Misread for none at all."""
    if count <= 0:
        raise Misread(f"The last {count:g} {unit}s is no time at all: ask for at least 1.")
    return fixed(lambda clock: Period(clock.ago(count, unit), None), clocked=unit != "second")


def within(part: When, stretch: When) -> When:
    """Return "monday last week", "november last year": the one of a stretch. Asked back if it has none."""

    def resolve(clock: Clock, _after: int | None) -> Period:
        whole = stretch.resolve(clock, None)
        found = part.resolve(clock, whole.start)
        if found.start < whole.start or (whole.end is not None and found.start >= whole.end):
            raise Misread(f"That {stretch.unit} has no such day: check the date.")
        return found

    return replace(part, resolve=resolve, once_in="", inside=stretch, pinned=True)


def at_clock(day: When, clock_time: time, *, clock_first: bool = False) -> When:
    on = moved(day, lambda clock, on: instant(clock.named(clock.local(on.start).date(), clock_time)), "")
    return When(on.resolve, clock=clock_time, day=day, clock_first=clock_first)


def on_weekday(number: int, day: When) -> When | None:
    """Return "monday 16 nov": the date says it, and the weekday must be its own."""

    def check(clock: Clock, period: Period) -> Period:
        on = clock.local(period.start).date()
        if on.weekday() != number:
            raise Misread(
                f"{on.day} {on:%B %Y} is a {WEEKDAYS[on.weekday()].capitalize()}, not a "
                f"{WEEKDAYS[number].capitalize()}: write the date or the weekday alone."
            )
        return period

    return moved(day, check, "date") if day.is_day else None


def nth_day(which: int, number: int | None, stretch: When) -> When | None:
    """Return the first, second, … or (0) last day, or weekday of a number, of a stretch."""

    def make(clock: Clock, whole: Period) -> Period:
        first, last = (clock.local(unix).date() for unix in (whole.start, (whole.end or whole.start) - 1))
        all_days = [shift_days(first, n) for n in range((last - first).days + 1)]
        fitting = [day for day in all_days if number is None or day.weekday() == number]
        if which > len(fitting):
            raise Misread(f"That {stretch.unit} has no such day: check the date.")
        return clock.days(fitting[which - 1])

    return moved(stretch, make, "day") if stretch.unit in CALENDAR - {"day"} else None


def half(which: int, stretch: When) -> When | None:
    """Return "first half of november", "second half of the year": a month splits by its days."""

    def make(clock: Clock, whole: Period) -> Period:
        first, last = (clock.local(unix).date() for unix in (whole.start, whole.end or 0))
        year = stretch.unit == "year"
        middle = shift_months(first, 6) if year else shift_days(first, (last - first).days // 2)
        return (Period(whole.start, clock.at(middle)), Period(clock.at(middle), clock.at(last)))[which - 1]

    return moved(stretch, make, "span") if which <= 2 and stretch.unit in {"month", "year"} else None


def days_of(count: float, stretch: When, *, last: bool) -> When | None:
    """Return "first 10 days of november", as many as there are."""

    def make(clock: Clock, whole: Period) -> Period:
        first, after = (clock.local(unix).date() for unix in (whole.start, whole.end or 0))
        days = min(int(count), (after - first).days)
        return clock.days(shift_days(after, -days) if last else first, days)

    return moved(stretch, make, "span") if stretch.unit in CALENDAR and count >= 1 else None


def days_beside(day: When, shift: int) -> When:
    """Return the seven days that begin so many days after a day."""
    return moved(
        day, lambda clock, on: clock.days(shift_days(clock.local(on.start).date(), shift), 7), "span"
    )


def edge(whole: When, *, end: bool) -> When:
    """Return "beginning of the month", "end of october": the moment where a stretch begins or ends."""
    return moved(whole, lambda _clock, period: instant((end and period.end) or period.start), "")


def time_of_day(clock_time: time) -> When:
    """Return a time of day without a day: today's, or the first one after a moment."""

    def resolve(clock: Clock, after: int | None) -> Period:
        day = clock.now.date() if after is None else clock.local(after).date()
        moment = clock.named(day, clock_time)
        if after is not None and moment <= after:
            moment = clock.named(shift_days(day, 1), clock_time)
        return instant(moment)

    return When(resolve, clock=clock_time)


def hours_of(day: When, first: int, last: int) -> When:
    """Return part of a day, up to an hour that may be of the next."""

    def make(clock: Clock, whole: Period) -> Period:
        start = clock.local(whole.start).date()
        return Period(clock.at(start, time(first)), clock.at(shift_days(start, last // 24), time(last % 24)))

    return moved(day, make, "span")


TODAY = calendar_unit("day")
