"""Reading dates, times of day and spans of the calendar out of words.

A reader returns a `When` and the position after it. A When is resolved later, since what "friday" means depends
on what it is the end of: alone it is the most recent one that has started, after "from monday to" the first one
that ends later than that monday begins.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from .clock import MAX_YEAR, MIN_YEAR, WEEKDAYS, Clock, Period, shift_days, shift_months
from .numbers import glued, read_count
from .phrases import Text
from .values import Misread

MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}
DAYS = (
    {name: number for number, name in enumerate(WEEKDAYS)}
    | {name[:3]: number for number, name in enumerate(WEEKDAYS) if name != "sunday"}
    | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
)
"""Weekdays. "sun" and "sat" are left to their full names where they would be words of their own."""
UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "second"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "minute"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hour"),
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "week"),
    **dict.fromkeys(("mo", "month", "months"), "month"),
    **dict.fromkeys(("quarter", "quarters"), "quarter"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "year"),
}
"""Units of time before now. `m` is minutes, months are `mo`."""
LAST = frozenset({"last", "previous", "prev", "past", "preceding"})
THIS = frozenset({"this", "current"})
ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_ISO_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(z|[+-]\d\d:?\d\d(?::\d\d)?)?"
)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_ISO_WEEK = re.compile(r"(\d{4})-?w(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2})?)?")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
QUARTER = re.compile(r"(?:(\d{4})-?)?q([1-9])(?:-?(\d{4}))?")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d\d))?(?::(\d\d))?(am|pm|a\.m|p\.m)?")
_PARTS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 24)}
"""Parts of a day by the clock."""

Resolve = Callable[[Clock, int | None], Period]
"""Given the clock and the moment it must end after (or None), the period meant."""


@dataclass(frozen=True, slots=True)
class When:
    """A date, a time or a span of the calendar as written."""

    resolve: Resolve
    of_day: bool = False
    """A time of day without a day: it belongs to the day named elsewhere, or to today."""
    clock: time | None = None
    spans: bool = False
    """A named stretch such as "yesterday" or "last week", rather than a point one counts from."""
    one_day: bool = False
    """A span of one day, which a time of day may follow."""
    year: bool | None = None
    """For a date or month: whether its year is given. None where the question does not arise."""
    relative: bool = False
    """Counted back from now ("7 days ago", "last 24 hours")."""


Read = tuple[When, int]


def fixed(
    make: Callable[[Clock], Period], *, spans: bool = True, one_day: bool = False, relative: bool = False
) -> When:
    """Return a When that does not depend on what it is the end of."""
    return When(lambda clock, _after: make(clock), spans=spans, one_day=one_day, relative=relative)


def on_date(day: date) -> When:
    """Return one day of a given year."""
    return When(lambda clock, _after: clock.days(day), year=True)


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


def day_of_year(day: int, month: int) -> When:
    """Return a date without its year: the most recent one that has started, or the first after a moment."""
    longest = calendar.monthrange(2024, month)[1] if 1 <= month <= 12 else 31
    real_date(2024, month, day if day != longest else day)  # a leap year has every date there is

    def resolve(clock: Clock, after: int | None) -> Period:
        base = clock.today.year if after is None else clock.local(after).year
        order = range(base, base - 9, -1) if after is None else range(base, base + 9)
        for year in order:
            if day > calendar.monthrange(year, month)[1]:
                if after is None and date(year, month, 28) > clock.today:
                    continue
                real_date(year, month, day)
            period = clock.days(date(year, month, day))
            if (after is None and period.start <= clock.unix) or (
                after is not None and period.end is not None and period.end > after
            ):
                return period
        raise Misread(f"There is no {day} {calendar.month_name[month]} to be found: name the year.")

    return When(resolve, year=False)


def month_of_year(month: int) -> When:
    """Return a month without its year."""

    def resolve(clock: Clock, after: int | None) -> Period:
        if after is None:
            year = clock.today.year - (month > clock.today.month)
        else:
            start = clock.local(after)
            year = start.year + (month < start.month)
        return clock.month(year, month)

    return When(resolve, spans=True, year=False)


def quarter_of_year(number: int, year: int | None) -> When:
    """Return a calendar quarter; without a year, the most recent that has started."""
    if number > 4:
        raise Misread(f"There is no quarter Q{number}: a year has Q1 to Q4.")
    first = number * 3 - 2
    if year is not None:
        real_date(year, first, 1)
        return fixed(lambda clock: clock.month(year, first, 3))

    def resolve(clock: Clock, after: int | None) -> Period:
        if after is None:
            return clock.month(clock.today.year - (first > clock.today.month), first, 3)
        start = clock.local(after)
        return clock.month(start.year + (first + 2 < start.month), first, 3)

    return When(resolve, spans=True)


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

    return When(resolve)


def weekend(*, last: bool = False, this: bool = False) -> When:
    """Return Saturday and Sunday: the most recent begun; `last`: the most recent over; `this`: of this week."""

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
    return fixed(lambda clock: clock.month(year, 1, 12))


# --- times of day ---------------------------------------------------------------------------------------------


def read_clock(text: Text, at: int, *, bare: bool = False) -> tuple[time, int] | None:
    """Read `9am`, `9:30`, `14:00`, `noon`, `9 o'clock`; a bare hour only where one is expected."""
    word = text.word(at)
    if word in {"noon", "midday"}:
        return time(12), at + 1
    if word == "midnight":
        return time(0), at + 1
    match = _TIME.fullmatch(word)
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.group(1, 2, 3))
    half, end = (match.group(4) or "").replace(".", ""), at + 1
    if not half and text.word(end).replace(".", "") in {"am", "pm"}:
        half, end = text.word(end).replace(".", ""), end + 1
    hour_sign = text.word(end) in {"o'clock", "oclock"}
    if not (half or hour_sign or bare or (match.group(2) and ":" in word)):
        return None
    end += hour_sign
    if half:
        if not 1 <= hour <= 12:
            raise Misread(f"There is no {hour} {half}: write the time as 9am, 21:00 or 9:30 pm.")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour == 24 and not minute and not second:
        return time(0), end
    if hour > 23 or minute > 59 or second > 59:
        raise Misread(f"There is no time {word}: write it as 9am or 21:30.")
    return time(hour, minute, second), end


def time_of_day(clock_time: time) -> When:
    """Return a time of day without a day (today, unless settled otherwise)."""
    return When(
        lambda clock, _after: _instant(clock.at(clock.today, clock_time)), of_day=True, clock=clock_time
    )


def _instant(unix: int) -> Period:
    return Period(unix, unix)


def _at_clock(day: When, clock_time: time) -> When:
    """Return a time on a day."""

    def resolve(clock: Clock, after: int | None) -> Period:
        period = day.resolve(clock, after)
        return _instant(clock.at(clock.local(period.start).date(), clock_time))

    return When(resolve)


def _part_of(day: When, part: str) -> When:
    """Return the morning, afternoon, evening or night of a day."""
    first, last = _PARTS[part]

    def resolve(clock: Clock, after: int | None) -> Period:
        start = clock.local(day.resolve(clock, after).start).date()
        end = clock.at(start, time(last)) if last < 24 else clock.at(shift_days(start, 1))
        return Period(clock.at(start, time(first)), end)

    return When(resolve, spans=True)


TODAY = fixed(lambda clock: clock.days(clock.today), one_day=True)
YESTERDAY = fixed(lambda clock: clock.days(shift_days(clock.today, -1)), one_day=True)
_SIMPLE = {
    "today": TODAY,
    "todays": TODAY,
    "yesterday": YESTERDAY,
    "yesterdays": YESTERDAY,
    "tomorrow": fixed(lambda clock: clock.days(shift_days(clock.today, 1)), one_day=True),
}


def _night(back: int) -> When:
    """Return the night that began some days ago: from six in the evening to six in the morning."""
    return fixed(
        lambda clock: Period(
            clock.at(shift_days(clock.today, -back), time(18)),
            clock.at(shift_days(clock.today, 1 - back), time(6)),
        )
    )


# --- dates ----------------------------------------------------------------------------------------------------


def _read_numeric(text: Text, at: int) -> Read | None:
    """Read a date of one word in digits."""
    word = text.word(at)
    if not word[:1].isdigit():
        return None
    if match := _ISO_TIME.fullmatch(word):
        return _iso_time(match), at + 1
    if match := _ISO.fullmatch(word):
        return on_date(real_date(*(int(part) for part in match.groups()))), at + 1
    if match := _ISO_WEEK.fullmatch(word):
        return _iso_week(int(match.group(1)), int(match.group(2))), at + 1
    if match := QUARTER.fullmatch(word):
        return quarter_of_year(int(match.group(2)), int(match.group(1))), at + 1
    if match := _ISO_MONTH.fullmatch(word):
        year, month = int(match.group(1)), int(match.group(2))
        if not MIN_YEAR <= year <= MAX_YEAR:
            return None
        real_date(year, month, 1)
        return fixed(lambda clock: clock.month(year, month)), at + 1
    if match := _DOTTED.fullmatch(word):
        return _dotted(match), at + 1
    if match := _SLASHED.fullmatch(word):
        return _slashed(word, match), at + 1
    return None


def _iso_time(match: re.Match[str]) -> When:
    year, month, day, hour, minute = (int(match.group(i)) for i in range(1, 6))
    second, offset = int(match.group(6) or 0), match.group(7)
    on = real_date(year, month, day)
    if hour > 23 or minute > 59 or second > 59:
        raise Misread(f"There is no time {hour:02}:{minute:02}:{second:02}: hours go to 23, minutes to 59.")
    clock_time = time(hour, minute, second)
    if offset is None:
        return When(lambda clock, _after: _instant(clock.at(on, clock_time)))
    if offset == "z":
        unix = int(datetime.combine(on, clock_time, tzinfo=UTC).timestamp())
    else:
        try:
            unix = int(datetime.fromisoformat(f"{on}T{clock_time}{offset}").timestamp())
        except ValueError:
            raise Misread(f"There is no offset {offset}: write it as +01:00 or Z.") from None
    return When(lambda _clock, _after: _instant(unix))


def _iso_week(year: int, week: int) -> When:
    real_date(year, 1, 1)
    try:
        first = date.fromisocalendar(year, week, 1)
    except ValueError:
        raise Misread(f"There is no week {week} in {year}: weeks go from 1 to 52 or 53.") from None
    return fixed(lambda clock: clock.days(first, 7))


def _dotted(match: re.Match[str]) -> When:
    """Read 3.11. or 3.11.2026: day first, as everybody who writes dots does."""
    day, month = int(match.group(1)), int(match.group(2))
    if match.group(3):
        year = int(match.group(3))
        return on_date(real_date(year + 2000 if year < 100 else year, month, day))
    real_date(2024, month, day)
    return day_of_year(day, month)


def _slashed(word: str, match: re.Match[str]) -> When:
    """Read 25/12/2026; 03/11/2026 means two things, so it is asked back."""
    first, second = int(match.group(1)), int(match.group(2))
    if first <= 12 and second <= 12 and first != second:
        months = calendar.month_name
        raise Misread(
            f"{word} could be {first} {months[second]} or {second} {months[first]}: "
            "write the month as a word, or the date as 2026-11-03."
        )
    day, month = (first, second) if second <= 12 else (second, first)
    if match.group(3):
        return on_date(real_date(int(match.group(3)), month, day))
    real_date(2024, month, day)
    return day_of_year(day, month)


def read_year(text: Text, at: int) -> int | None:
    """Return the year a word is."""
    return int(text.word(at)) if _YEAR.fullmatch(text.word(at)) else None


def _skip(text: Text, at: int, *words: str) -> int:
    return at + 1 if text.word(at) in words else at


def _after_comma(text: Text, at: int) -> int:
    """Return the position after a comma that stands before a year: "nov 3, 2026"."""
    if at < len(text) and text.tokens[at].text == "," and read_year(text, at + 1) is not None:
        return at + 1
    return at


def _read_named(text: Text, at: int) -> Read | None:
    """Read `3 november 2026`, `november 3rd, 2026`, `the 3rd of november`, `november 2026`, `november`."""
    start = _skip(text, at, "the")
    match = _DAY.fullmatch(text.word(start))
    if match:
        named = _skip(text, start + 1, "of")
        month = MONTHS.get(text.word(named))
        if month is not None:
            return dated(text, int(match.group(1)), month, named + 1)
        if ORDINAL.fullmatch(text.word(start)) and text.word(start + 1) not in {"quarter"}:
            return _day_of_month(int(match.group(1))), start + 1
        return None
    month = MONTHS.get(text.word(at))
    if month is None:
        return None
    after = _skip(text, at + 1, "the")
    match = _DAY.fullmatch(text.word(after))
    if match and not read_clock(text, after):
        return dated(text, int(match.group(1)), month, after + 1)
    after = _skip(text, at + 1, "of")
    year = read_year(text, after)
    if year is not None:
        real_date(year, month, 1)
        return When(lambda clock, _after: clock.month(year, month), spans=True, year=True), after + 1
    return month_of_year(month), at + 1


def dated(text: Text, day: int, month: int, at: int) -> Read:
    """Return a day and month with the year that may follow."""
    comma = _after_comma(text, at)
    year = read_year(text, comma)
    if year is None:
        real_date(2024, month, day)
        return day_of_year(day, month), at
    return on_date(real_date(year, month, day)), comma + 1


def _day_of_month(day: int) -> When:
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
        raise Misread(f"There is no day {day} nearby: name the month.")  # pragma: no cover - each month of 31

    return When(resolve)


def read_day(text: Text, at: int) -> Read | None:
    """Read one day: today, a weekday, a date."""
    word = text.word(at)
    if word in _SIMPLE:
        return _SIMPLE[word], at + 1
    start = _skip(text, at, "the")
    if text.words[start : start + 3] == ("day", "before", "yesterday"):
        return fixed(lambda clock: clock.days(shift_days(clock.today, -2)), one_day=True), start + 3
    if word in LAST | THIS | {"next"} and text.word(at + 1) in DAYS:
        number = DAYS[text.word(at + 1)]
        if word == "next":
            return fixed(lambda clock: clock.days(_next_day(clock, number))), at + 2
        return weekday(number, before_today=word in LAST, this_week=word in THIS), at + 2
    if word in DAYS:
        found = _read_named(text, at + 1) or _read_numeric(text, _after_mark(text, at + 1))
        if found and not found[0].spans:  # "monday 16 nov": the date says it
            return found
        return weekday(DAYS[word]), at + 1
    return _read_numeric(text, at) or _read_named(text, at)


def _after_mark(text: Text, at: int) -> int:
    return at + 1 if at < len(text) and text.tokens[at].text == "," else at


def _next_day(clock: Clock, number: int) -> date:
    ahead = (number - clock.today.weekday()) % 7 or 7
    return shift_days(clock.today, ahead)


# --- spans ----------------------------------------------------------------------------------------------------


def _this_unit(unit: str) -> When:
    def make(clock: Clock) -> Period:
        today = clock.today
        if unit == "hour":
            start = clock.unix - clock.unix % 3600
            return Period(start, start + 3600)
        if unit == "day":
            return clock.days(today)
        if unit == "week":
            return clock.week()
        if unit == "month":
            return clock.month(today.year, today.month)
        if unit == "quarter":
            return clock.month(today.year, (today.month - 1) // 3 * 3 + 1, 3)
        return clock.month(today.year, 1, 12)

    return fixed(make)


def _last_unit(unit: str) -> When:
    """Return the previous calendar week, month, quarter or year."""

    def make(clock: Clock) -> Period:
        today = clock.today
        if unit == "week":
            return clock.week(1)
        if unit == "month":
            first = shift_months(today.replace(day=1), -1)
            return clock.month(first.year, first.month)
        if unit == "quarter":
            first = shift_months(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), -3)
            return clock.month(first.year, first.month, 3)
        return clock.month(today.year - 1, 1, 12)

    return fixed(make)


def _next_unit(unit: str) -> When:
    def make(clock: Clock) -> Period:
        today = clock.today
        if unit == "week":
            return clock.week(-1)
        if unit == "month":
            first = shift_months(today.replace(day=1), 1)
            return clock.month(first.year, first.month)
        if unit == "quarter":
            first = shift_months(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3)
            return clock.month(first.year, first.month, 3)
        return clock.month(today.year + 1, 1, 12)

    return fixed(make)


def read_amount(text: Text, at: int) -> tuple[float, str, int] | None:
    """Read `7 days`, `24h`, `two weeks`, `a couple of hours`; returns the count, the unit and the end."""
    parts = glued(text.word(at))
    if parts and parts[1] in UNITS:
        return parts[0], UNITS[parts[1]], at + 1
    counted = read_count(text.words, at)
    if counted is None or text.word(counted[1]) not in UNITS:
        return None
    return counted[0], UNITS[text.word(counted[1])], counted[1] + 1


def running(count: float, unit: str) -> When:
    """Return the time from some units ago until now, and on."""
    if count <= 0:
        raise Misread(f"The last {count:g} {unit}s is no time at all: ask for at least 1.")
    return fixed(lambda clock: Period(clock.ago(count, unit), None), relative=True)


def ago(count: float, unit: str) -> When:
    """Return the moment some units ago."""
    return fixed(lambda clock: _instant(clock.ago(count, unit)), spans=False, relative=True)


def _read_relative(text: Text, at: int) -> Read | None:
    """Read this, last and next: week, month, quarter, year, weekend, and `last 7 days`, `7 days ago`."""
    word, following = text.word(at), text.word(at + 1)
    if word in THIS | LAST | {"next"} and following == "weekend":
        return weekend(last=word in LAST, this=word in THIS or word == "next"), at + 2
    if word in THIS and following in {"hour", "day", "week", "month", "quarter", "year"}:
        return _this_unit(following), at + 2
    if word in THIS | LAST and following in MONTHS:
        return month_of_year(MONTHS[following]), at + 2
    if word in {"last", "previous", "prev", "preceding"} and following in {
        "week",
        "month",
        "quarter",
        "year",
    }:
        return _last_unit(following), at + 2
    if word == "next" and following in {"week", "month", "quarter", "year"}:
        return _next_unit(following), at + 2
    if word in LAST and following in UNITS and len(following) > 2:
        return running(1, UNITS[following]), at + 2
    if word in LAST:
        amount = read_amount(text, at + 1)
        return (running(*amount[:2]), amount[2]) if amount else None
    amount = read_amount(text, at)
    if amount and text.word(amount[2]) in {"ago", "back", "before"}:
        if text.word(amount[2]) == "before" and text.word(amount[2] + 1) not in {"now", "today"}:
            return None
        return ago(*amount[:2]), amount[2] + (2 if text.word(amount[2]) == "before" else 1)
    return None


def _read_named_span(text: Text, at: int) -> Read | None:
    """Read quarters, weeks by number, weekends and years."""
    at_name = _skip(text, at, "the")
    word = text.word(at_name)
    if word == "weekend":
        return weekend(), at_name + 1
    if word == "week" and text.word(at_name + 1) == "of":
        found = read_day(text, at_name + 2)
        return (_week_around(found[0]), found[1]) if found else None
    match = QUARTER.fullmatch(word)
    if match:
        year = int(match.group(3)) if match.group(3) else int(match.group(1)) if match.group(1) else None
        after = _skip(text, at_name + 1, "of")
        named = read_year(text, after) if year is None else None
        return quarter_of_year(int(match.group(2)), year or named), after + 1 if named else at_name + 1
    ordinal = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}.get(
        word
    )
    if ordinal and text.word(at_name + 1) == "quarter":
        after = _skip(text, at_name + 2, "of")
        named = read_year(text, after)
        return quarter_of_year(ordinal, named), after + 1 if named else at_name + 2
    year = read_year(text, at_name)
    if year is not None:
        match = QUARTER.fullmatch(text.word(at_name + 1))
        if match and not match.group(1) and not match.group(3):
            return quarter_of_year(int(match.group(2)), year), at_name + 2
        return year_of(year), at_name + 1
    return None


def _week_around(day: When) -> When:
    def resolve(clock: Clock, after: int | None) -> Period:
        start = clock.local(day.resolve(clock, after).start).date()
        return clock.days(clock.week_of(start), 7)

    return When(resolve, spans=True)


def read_when(text: Text, at: int) -> Read | None:
    """Read a date, a time or a span: the longest that begins here. Raises Misread on an impossible one."""
    word = text.word(at)
    if word == "now":
        return fixed(lambda clock: _instant(clock.unix), spans=False), at + 1
    if word in THIS and text.word(at + 1) in _PARTS:
        return _part_of(TODAY, text.word(at + 1)), at + 2
    if word == "tonight":
        return _night(0), at + 1
    if word == "last" and text.word(at + 1) == "night":
        return _night(1), at + 2
    found = _read_relative(text, at)
    if found:
        return found
    clocked = read_clock(text, at)
    if clocked:
        day = read_day(text, _skip(text, clocked[1], "on"))
        if day and (day[0].one_day or not day[0].spans):
            return _at_clock(day[0], clocked[0]), day[1]
        return time_of_day(clocked[0]), clocked[1]
    day = read_day(text, at)
    if day:
        return _with_clock(text, *day)
    return _read_named_span(text, at)


def _with_clock(text: Text, day: When, end: int) -> Read:
    """Return a day with the time or part of day that may follow."""
    if day.spans and not day.one_day:
        return day, end
    if text.word(end) in _PARTS:
        return _part_of(day, text.word(end)), end + 1
    at_sign = _skip(text, end, "at")
    clocked = read_clock(text, at_sign, bare=at_sign > end)
    return (_at_clock(day, clocked[0]), clocked[1]) if clocked else (day, end)
