"""The asker's clock: now, the zone, the first day of the week, and arithmetic that survives clock changes.

Days, weeks, months and years are counted on the wall clock (seven days ago is the same time of day, also
across a change to summer time); hours, minutes and seconds are counted as they pass.

Moments are in Unix seconds.
"""

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


MIN_UNIX = int(datetime(MIN_YEAR, 1, 1, tzinfo=UTC).timestamp()) - 86400


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time; an instant ends where it starts, `end` None is "and since then"."""

    start: int
    end: int | None

    @property
    def instant(self) -> bool:
        """Whether it is a moment rather than a stretch."""
        return self.start == self.end


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, as the asker sees it."""

    now: datetime
    week_start: int = 0
    """0 is Monday."""

    @property
    def zone(self) -> tzinfo:
        """The asker's zone."""
        return self.now.tzinfo or UTC

    @property
    def unix(self) -> int:
        """Now in Unix seconds."""
        return int(self.now.timestamp())

    @property
    def today(self) -> date:
        """The asker's date."""
        return self.now.date()

    def at(self, day: date, clock: time = time()) -> int:
        """Return the moment of a wall-clock time: of two the first; of one that clocks skip, when they do."""
        if not MIN_YEAR - 1 <= day.year <= MAX_YEAR + 1:
            raise Misread(f"The year {day.year} is out of range: name one from {MIN_YEAR} to {MAX_YEAR}.")
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
        first, second = said.utcoffset(), said.replace(fold=1).utcoffset()
        if clock != time() and first is not None and second is not None and first > second:
            times = [said.isoformat(timespec="minutes"), said.replace(fold=1).isoformat(timespec="minutes")]
            raise Misread(
                f"{clock:%H:%M} comes twice on {day.day} {day:%B %Y}, when the clocks go back: "
                f"write it as {times[0]} or as {times[1]}."
            )
        return self.at(day, clock)

    def local(self, unix: int) -> datetime:
        """Return a moment on the asker's wall clock."""
        return datetime.fromtimestamp(unix, self.zone)

    def days(self, first: date, count: int = 1) -> Period:
        """Return whole days."""
        return Period(self.at(first), self.at(shift_days(first, count)))

    def week(self, back: int = 0) -> Period:
        """Return a calendar week: this one, or the one `back` weeks ago."""
        return self.days(shift_days(self.week_of(self.today), -7 * back), 7)

    def week_of(self, day: date) -> date:
        """Return the first day of a date's week."""
        return shift_days(day, -((day.weekday() - self.week_start) % 7))

    def month(self, year: int, month: int, count: int = 1) -> Period:
        """Return calendar months."""
        first = date(year, month, 1)
        return Period(self.at(first), self.at(shift_months(first, count)))

    def ago(self, count: float, unit: str) -> int:
        """Return the moment some units before now. Raises Misread when that is out of range."""
        if unit in {"second", "minute", "hour"}:
            seconds = round(count * {"second": 1, "minute": 60, "hour": 3600}[unit])
            return self._in_range(self.unix - seconds)
        if unit == "fortnight":
            count, unit = count * 2, "week"
        whole = int(count)
        naive = self.now.replace(tzinfo=None, microsecond=0)
        if unit in {"day", "week"}:
            days = whole * (7 if unit == "week" else 1)
            moved = shift_days(naive.date(), -days)
            part = timedelta(days=(count - whole) * (7 if unit == "week" else 1))
        else:
            months = whole * {"month": 1, "quarter": 3, "year": 12}[unit]
            moved = shift_months(naive.date(), -months)
            part = timedelta(days=(count - whole) * {"month": 30, "quarter": 91, "year": 365}[unit])
        back = datetime.combine(moved, naive.time()) - part
        return self._in_range(self.at(back.date(), back.time()))

    def _in_range(self, unix: int) -> int:
        if unix < MIN_UNIX:
            raise Misread(f"That goes back before {MIN_YEAR}: ask for a shorter time.")
        return unix


def shift_days(day: date, count: int) -> date:
    """Return a date some days later. Raises Misread when the calendar ends."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise Misread(f"That goes back before {MIN_YEAR}: ask for a shorter time.") from None


def shift_months(day: date, count: int) -> date:
    """Return the same day of another month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    if not MIN_YEAR - 1 <= year <= MAX_YEAR + 1:
        raise Misread(f"The year {year} is out of range: name one from {MIN_YEAR} to {MAX_YEAR}.")
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
