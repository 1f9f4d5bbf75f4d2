"""Reading stretches of time: this, last and next; running times; quarters, weeks and years."""

# ruff: noqa: C901, PLR0911, PLR2004
# A reader tries one form after the other; the numbers of a calendar and a clock are their own
# names.

from __future__ import annotations

import re
from datetime import date

from bot.query.numbers import glued, read_count
from bot.query.phrases import Text
from bot.query.times.clock import Clock, Period, shift_months
from bot.query.times.dates import DAY_NUMBER, QUARTER, iso_week, read_day, read_year, skip
from bot.query.times.hours import PARTS, TODAY, at_clock, night, part_of, read_clock, time_of_day
from bot.query.times.recurring import month_of_year, quarter_of_year, weekend, year_of
from bot.query.times.when import LAST, MONTHS, THIS, UNITS, Read, When, fixed, instant
from bot.query.values import Misread


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
    return fixed(lambda clock: Period(clock.ago(count, unit), None), relative=True, clocked=unit != "second")


def ago(count: float, unit: str) -> When:
    """Return the moment some units ago."""
    return fixed(
        lambda clock: instant(clock.ago(count, unit)), spans=False, relative=True, clocked=unit != "second"
    )


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
    at_name = skip(text, at, "the")
    word = text.word(at_name)
    numbered = _read_week_number(text, at_name)
    if numbered:
        return numbered
    if word in _TO_DATE:
        return _this_unit(_TO_DATE[word]), at_name + 1
    if word in {"week", "month", "quarter", "year"} and text.words[at_name + 1 : at_name + 3] == (
        "to",
        "date",
    ):
        return _this_unit(word), at_name + 3
    if word in {"beginning", "start", "end"} and text.word(at_name + 1) == "of":
        return _read_edge(text, at_name)
    if word == "weekend":
        return weekend(), at_name + 1
    if word == "week" and text.word(at_name + 1) == "of":
        found = read_day(text, at_name + 2)
        return (_week_around(found[0]), found[1]) if found else None
    match = QUARTER.fullmatch(word)
    if match:
        year = int(match.group(3)) if match.group(3) else int(match.group(1)) if match.group(1) else None
        after = skip(text, at_name + 1, "of")
        named = read_year(text, after) if year is None else None
        return quarter_of_year(int(match.group(2)), year or named), after + 1 if named else at_name + 1
    ordinal = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}.get(
        word
    )
    if ordinal and text.word(at_name + 1) == "quarter":
        after = skip(text, at_name + 2, "of")
        named = read_year(text, after)
        return quarter_of_year(ordinal, named), after + 1 if named else at_name + 2
    year = read_year(text, at_name)
    if year is not None:
        match = QUARTER.fullmatch(text.word(at_name + 1))
        if match and not match.group(1) and not match.group(3):
            return quarter_of_year(int(match.group(2)), year), at_name + 2
        return year_of(year), at_name + 1
    return None


_TO_DATE = {"wtd": "week", "mtd": "month", "qtd": "quarter", "ytd": "year"}


_WEEK_WORD = re.compile(r"(?:kw|cw|w)(\d{1,2})")


def _read_week_number(text: Text, at: int) -> Read | None:
    """Read "week 45", "KW45", "calendar week 45": the ISO week, the most recent that has started."""
    word, end = text.word(at), at + 1
    match = _WEEK_WORD.fullmatch(word)
    if match:
        number = int(match.group(1))
    else:
        end += word == "calendar"
        if text.word(end - 1) not in {"week", "kw"} or not DAY_NUMBER.fullmatch(text.word(end)):
            return None
        if not text.word(end).isdecimal():
            return None
        number, end = int(text.word(end)), end + 1
    named = read_year(text, skip(text, end, "of"))
    if named is not None:
        return iso_week(named, number), skip(text, end, "of") + 1
    if not 1 <= number <= 53:
        raise Misread(f"There is no week {number}: weeks go from 1 to 52 or 53.")

    def make(clock: Clock) -> Period:
        for year in range(clock.today.year + 1, clock.today.year - 8, -1):
            try:
                first = date.fromisocalendar(year, number, 1)
            except ValueError:  # a year of 52 weeks
                continue
            if first <= clock.today:
                return clock.days(first, 7)
        raise Misread(f"There is no week {number} to be found: name the year.")

    return fixed(make), end


def _read_edge(text: Text, at: int) -> Read | None:
    """Read "beginning of the month", "end of october": the moment where a stretch begins or ends."""
    start = skip(text, at + 2, "the")
    unit = text.word(start)
    if unit in {"day", "week", "month", "quarter", "year"}:
        found: Read | None = (_this_unit(unit), start + 1)
    else:
        found = read_when(text, start)
    if found is None:
        return None
    whole, ends = found[0], text.word(at) == "end"

    def resolve(clock: Clock, after: int | None) -> Period:
        period = whole.resolve(clock, after)
        return instant(period.end if ends and period.end is not None else period.start)

    return When(resolve), found[1]


def _week_around(day: When) -> When:
    def resolve(clock: Clock, after: int | None) -> Period:
        start = clock.local(day.resolve(clock, after).start).date()
        return clock.days(clock.week_of(start), 7)

    return When(resolve, spans=True)


def read_when(text: Text, at: int) -> Read | None:
    """Read a date, a time or a span: the longest that begins here. Raises Misread on an impossible one."""
    word = text.word(at)
    if word == "now":
        return fixed(lambda clock: instant(clock.unix), spans=False, clocked=True), at + 1
    if word in THIS and text.word(at + 1) in PARTS:
        return part_of(TODAY, text.word(at + 1)), at + 2
    if word == "tonight":
        return night(0), at + 1
    if word == "last" and text.word(at + 1) == "night":
        return night(1), at + 2
    found = _read_relative(text, at)
    if found:
        return found
    clocked = read_clock(text, at)
    if clocked:
        day = read_day(text, skip(text, clocked[1], "on"))
        if day and (day[0].one_day or not day[0].spans):
            return at_clock(day[0], clocked[0]), day[1]
        return time_of_day(clocked[0]), clocked[1]
    day = read_day(text, at)
    if day:
        return _with_clock(text, *day)
    return _read_named_span(text, at)


def _with_clock(text: Text, day: When, end: int) -> Read:
    """Return a day with the time or part of day that may follow."""
    if day.spans and not day.one_day:
        return day, end
    if text.word(end) in PARTS:
        return part_of(day, text.word(end)), end + 1
    at_sign = skip(text, end, "at")
    clocked = read_clock(text, at_sign, bare=at_sign > end)
    return (at_clock(day, clocked[0]), clocked[1]) if clocked else (day, end)
