"""The asker's clock: now, the zone, the first day of the week, and arithmetic that survives clock changes.

Days, weeks, months and years are counted on the wall clock (seven days ago is the same time of day, also
across a change to summer time); hours, minutes and seconds are counted as they pass.

Moments are in Unix seconds.
"""

# ruff: noqa: PLR2004
# The numbers of a calendar are their own names.

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.model import WEEKDAYS
from bot.query.values import Misread

MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}

DAYS = (
    {name: number for number, name in enumerate(WEEKDAYS)}
    | {name[:3]: number for number, name in enumerate(WEEKDAYS)}
    | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
)
"""Weekdays."""

UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "second"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "minute"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hour"),
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "week"),
    **dict.fromkeys(("fortnight", "fortnights"), "fortnight"),
    **dict.fromkeys(("mo", "month", "months"), "month"),
    **dict.fromkeys(("quarter", "quarters"), "quarter"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "year"),
}
"""Units of time before now. `m` is minutes, months are `mo`."""

CALENDAR = frozenset({"day", "week", "month", "quarter", "year"})
"""Units that have a place in the calendar."""

MIN_YEAR, MAX_YEAR = 2000, 2099
"""Years that a question may name; calls exist in none before."""

_MIN_UNIX = int(datetime(MIN_YEAR, 1, 1, tzinfo=UTC).timestamp()) - 86400
_TOO_LONG_AGO = f"That goes back before {MIN_YEAR}: ask for a shorter time."
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_SPANNED = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
"""Days of a unit, for its fractions."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time; an instant ends where it starts, `end` None is "and since then"."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, as the asker sees it."""

    now: datetime
    week_start: int = 0
    """0 is Monday."""
    said_in: tzinfo | None = None
    """The zone that the times of a question are said in, if not the asker's."""

    @property
    def zone(self) -> tzinfo:
        return self.now.tzinfo or UTC

    @property
    def unix(self) -> int:
        """Now in Unix seconds."""
        return int(self.now.timestamp())

    @property
    def today(self) -> date:
        return self.now.date()

    def at(self, day: date, clock: time = time()) -> int:
        """Return the moment of a wall-clock time: of two the first; of one that clocks skip, when they do."""
        check_year(day.year, MIN_YEAR - 1, MAX_YEAR + 1)
        said = datetime.combine(day, clock, tzinfo=self.zone)
        later = said.replace(fold=1)
        early, late = int(later.timestamp()), int(said.timestamp())
        if early >= late:
            return late
        while late - early > 1:
            middle = (early + late) // 2
            before = self.local(middle).utcoffset() == said.utcoffset()
            early, late = (middle, late) if before else (early, middle)
        return late

    def named(self, day: date, clock: time) -> int:
        """Return the moment of a time that somebody named. Raises Misread when that day has it twice."""
        said = datetime.combine(day, clock, tzinfo=self.zone)
        again = said.replace(fold=1)
        first, second = said.utcoffset(), again.utcoffset()
        if clock != time() and first is not None and second is not None and first > second:
            raise Misread(
                f"{clock:%H:%M} comes twice on {day.day} {day:%B %Y}, when the clocks go back: write it as "
                f"{said.isoformat(timespec='minutes')} or as {again.isoformat(timespec='minutes')}."
            )
        return self.at(day, clock)

    def local(self, unix: int) -> datetime:
        """Return a moment on the asker's wall clock."""
        return datetime.fromtimestamp(unix, self.zone)

    def days(self, first: date, count: int = 1) -> Period:
        return Period(self.at(first), self.at(shift_days(first, count)))

    def day_of(self, unix: int) -> Period:
        """Return the day that a moment is in."""
        return self.days(self.local(unix).date())

    def months(self, year: int, month: int, count: int = 1) -> Period:
        first = date(year, month, 1)
        return Period(self.at(first), self.at(shift_months(first, count)))

    def unit(self, unit: str, day: date, back: int = 0) -> Period:
        """Return the day, week, month, quarter or year that a day is in, or one so many before it."""
        if unit == "day":
            return self.days(shift_days(day, -back))
        if unit == "week":
            return self.days(shift_days(day, -((day.weekday() - self.week_start) % 7) - 7 * back), 7)
        months = _MONTHS[unit]
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        first = shift_months(first, -months * back)
        return self.months(first.year, first.month, months)

    def hour(self) -> Period:
        """Return this hour on the wall clock: zones may be half an hour off, and change by as much."""
        start = self.at(self.now.date(), time(self.now.hour, fold=self.now.fold))
        following = shift_days(self.now.date(), 1) if self.now.hour == 23 else self.now.date()
        ends = (start + 3600, self.at(following, time((self.now.hour + 1) % 24)))
        return Period(start, min(end for end in ends if end > self.unix))

    def ago(self, count: float, unit: str) -> int:
        """Return the moment some units before now. Raises Misread when that is out of range."""
        if unit in _SECONDS:
            moment = self.unix - round(count * _SECONDS[unit])
        else:
            count, unit = (count * 2, "week") if unit == "fortnight" else (count, unit)
            whole = int(count)
            days = whole * _SPANNED[unit] if unit in {"day", "week"} else 0
            moved = shift_months(shift_days(self.today, -days), -whole * _MONTHS.get(unit, 0))
            clock = self.now.time().replace(microsecond=0)
            back = datetime.combine(moved, clock) - timedelta((count - whole) * _SPANNED[unit])
            moment = self.at(back.date(), back.time())
        if moment < _MIN_UNIX:
            raise Misread(_TOO_LONG_AGO)
        return moment


def check_year(year: int, least: int = MIN_YEAR, most: int = MAX_YEAR) -> None:
    """Raise Misread for a year that no call can be of."""
    if not least <= year <= most:
        raise Misread(f"The year {year} is out of range: name one from {MIN_YEAR} to {MAX_YEAR}.")


def shift_days(day: date, count: int) -> date:
    """Return a date some days later. Raises Misread when the calendar ends."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise Misread(_TOO_LONG_AGO) from None


def shift_months(day: date, count: int) -> date:
    """Return the same day of another month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    check_year(year, MIN_YEAR - 1, MAX_YEAR + 1)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
