"""Reading a time of any kind: a clock time, a day, a stretch, or one of them within another."""

# ruff: noqa: C901, PLR0911, PLR2004
# A reader tries one form after the other; the numbers of a calendar and a clock are their own names.

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.query.phrases import Text
from bot.query.time.calendar import CALENDAR, MONTHS, UNITS, Clock, Period, shift_days, shift_months
from bot.query.time.clock_words import (
    PARTS,
    TODAY,
    ago,
    at_clock,
    calendar_unit,
    night,
    part_of,
    read_amount,
    read_calendar,
    read_clock,
    read_running,
    running,
    time_of_day,
)
from bot.query.time.dates import (
    DAY_NUMBER,
    ORDINALS,
    QUARTER,
    after_comma,
    iso_week,
    read_day,
    read_inside,
    read_nth,
    read_stretch,
    read_year,
    skip,
)
from bot.query.time.day_hours import in_part, lone_hour, which_half
from bot.query.time.when import (
    LAST,
    THIS,
    Read,
    When,
    fixed,
    half_of_year,
    instant,
    month_of_year,
    quarter_of_year,
    unclear,
    weekend,
    within,
    year_of,
)
from bot.query.values import Misread

_TO_DATE = {"wtd": "week", "mtd": "month", "qtd": "quarter", "ytd": "year"}
_HALF = re.compile(r"(?:(\d{4})[-/]?)?h([12])(?:[-/]?(\d{4}))?")
_WEEK_WORD = re.compile(r"(?:kw|cw|wk|w)(\d{1,2})")
_WEEK_OF = {("week", "of"), ("week", "in")}
CODE = re.compile(rf"{QUARTER.pattern}|{_HALF.pattern}|{_WEEK_WORD.pattern}")
"""A stretch in one word: q3, h1-2026, kw45."""


def read_named_span(text: Text, at: int) -> Read | None:
    """Read quarters, half-years, weeks by number, weekends and years."""
    at_name = skip(text, at, "the")
    word, following = text.word(at_name), text.word(at_name + 1)
    numbered = _read_week_number(text, at_name)
    if numbered:
        return numbered
    if word in _TO_DATE:
        return calendar_unit(_TO_DATE[word]), at_name + 1
    if word in {"week", "month", "quarter", "year"} and text.words[at_name + 1 : at_name + 3] == (
        "to",
        "date",
    ):
        return calendar_unit(word), at_name + 3
    if word in {"beginning", "start", "end"} and following == "of":
        return _read_edge(text, at_name)
    if word == "weekend":
        return weekend(), at_name + 1
    if word == "week" and following == "of":
        found = read_day(text, at_name + 2)
        return (_week_around(found[0]), found[1]) if found else None
    ordinal = ORDINALS.get(word)
    if ordinal and following == "quarter":
        return _with_year(text, at_name + 2, lambda year: quarter_of_year(ordinal, year))
    if ordinal and ordinal <= 2 and following == "half" and text.word(at_name + 2) == "of":
        if read_year(text, at_name + 3) is None:
            return _half_of(text, at_name + 3, ordinal)
        return _with_year(text, at_name + 2, lambda year: half_of_year(ordinal, year))
    if coded := _read_code(text, at_name):
        return coded
    year = read_year(text, at_name)
    if year is not None:
        coded = _read_code(text, at_name + 1, year)
        return coded or (year_of(year), at_name + 1)
    return None


def _half_of(text: Text, at: int, number: int) -> Read | None:
    """Read the rest of "first half of november", "second half of the year": a month splits by its days."""
    found = _unit_or(text, skip(text, at, "the"))
    if found is None or found[0].unit not in {"month", "year"}:
        return None
    whole = found[0]

    def resolve(clock: Clock, after: int | None) -> Period:
        period = whole.resolve(clock, after)
        first, next_first = (clock.local(unix).date() for unix in (period.start, period.end or 0))
        if whole.unit == "year":
            middle = shift_months(first, 6)
        else:
            middle = shift_days(first, (next_first - first).days // 2)
        parts = [period.start, clock.at(middle), clock.at(next_first)]
        return Period(parts[number - 1], parts[number])

    return replace(whole, resolve=resolve, unit=""), found[1]


def _unit_or(text: Text, at: int) -> Read | None:
    """Read a unit of the calendar, "the month", or any other time."""
    if text.word(at) in CALENDAR:
        return calendar_unit(text.word(at)), at + 1
    return read_when(text, at)


def _with_year(text: Text, at: int, make: Callable[[int | None], When]) -> Read:
    """Return what is made of the year that may follow, after "of"."""
    after = skip(text, at, "of")
    year = read_year(text, after)
    return (make(year), after + 1) if year is not None else (make(None), at)


def _read_code(text: Text, at: int, year: int | None = None) -> Read | None:
    """Read "q3", "q3-2026", "2026-h1", "h2 2025"; `year` is one that stands before."""
    for pattern, make in ((QUARTER, quarter_of_year), (_HALF, half_of_year)):
        match = pattern.fullmatch(text.word(at))
        if match is None:
            continue
        number, own = int(match.group(2)), match.group(1) or match.group(3)
        if own or year:
            return make(number, int(own) if own else year), at + 1
        return _with_year(text, at + 1, lambda named: make(number, named))  # noqa: B023 - called at once
    return None


def _read_week_number(text: Text, at: int) -> Read | None:
    """Read "week 45", "KW45", "calendar week 45": the ISO week, the most recent that has started."""
    word, end = text.word(at), at + 1
    match = _WEEK_WORD.fullmatch(word)
    if match:
        number = int(match.group(1))
    else:
        end += word == "calendar"
        if text.word(end - 1) not in {"week", "wk", "kw"} or not DAY_NUMBER.fullmatch(text.word(end)):
            return None
        if not text.word(end).isdecimal():
            return None
        number, end = int(text.word(end)), end + 1
    named = read_year(text, skip(text, end, "of"))
    if named is not None:
        return iso_week(named, number), skip(text, end, "of") + 1
    if not 1 <= number <= 53:
        raise Misread(f"There is no week {number}: weeks go from 1 to 52 or 53.")

    def resolve(clock: Clock, after: int | None) -> Period:
        """Return the most recent week of the number; within a year that year's."""
        base = clock.today.year + 1 if after is None else clock.local(after).year
        for year in range(base, base - 9 if after is None else base + 1, -1 if after is None else 1):
            try:
                first = date.fromisocalendar(year, number, 1)
            except ValueError:  # a year of 52 weeks
                continue
            if after is not None or first <= clock.today:
                return clock.days(first, 7)
        raise Misread(f"There is no week {number} to be found: name the year.")

    return When(resolve, spans=True, once_in="year"), end


def read_week_of_month(text: Text, at: int) -> Read | None:
    """Ask back about "the first week of november": it may be seven days or a week of the calendar."""
    start = skip(text, at, "the")
    which, name = text.word(start), text.word(start + 3)
    number = 4 if which == "last" else ORDINALS.get(which)
    if not number or number > 4 or text.words[start + 1 : start + 3] not in _WEEK_OF or name not in MONTHS:
        return None
    day = number * 7 - 6
    reason = (
        f"“{which} week of {name}” may be seven days or a week of the calendar: "
        f"write “between {day} and {day + 6} {name}” or “week of {day} {name}”."
    )
    return unclear(reason), start + 4


def _read_edge(text: Text, at: int) -> Read | None:
    """Read "beginning of the month", "end of october": the moment where a stretch begins or ends."""
    found = _unit_or(text, skip(text, at + 2, "the"))
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


def _read_relative(text: Text, at: int) -> Read | None:
    """Read this, last and next: week, month, quarter, year, weekend, and `last 7 days`, `7 days ago`."""
    word, following = text.word(at), text.word(at + 1)
    if word in THIS | LAST | {"next"} and following == "weekend":
        return weekend(last=word in LAST, this=word in THIS or word == "next"), at + 2
    if word in THIS | LAST and following in MONTHS:
        return month_of_year(MONTHS[following], over=word in LAST, this_year=word in THIS), at + 2
    if word in LAST and (back := _working_day(text, at + 1)) and text.word(back) not in {"of", "in"}:
        return fixed(_last_working_day, one_day=True), back
    if weeks := read_week_of_month(text, at):
        return weeks
    if stretch := read_calendar(text, at):
        return stretch
    if word in LAST and following in UNITS and len(following) > 2:
        return running(1, UNITS[following]), at + 2
    if word in LAST:
        return read_running(text, at + 1)
    amount = read_amount(text, at)
    if amount and text.word(amount[2]) in {"ago", "back", "before"}:
        if text.word(amount[2]) == "before" and text.word(amount[2] + 1) not in {"now", "today"}:
            return None
        return ago(*amount[:2]), amount[2] + (2 if text.word(amount[2]) == "before" else 1)
    return None


def _working_day(text: Text, at: int) -> int:
    """Return the end of "working day", or 0."""
    if text.word(at) == "workday":
        return at + 1
    return at + 2 if text.word(at) in {"business", "working", "work"} and text.word(at + 1) == "day" else 0


def _last_working_day(clock: Clock) -> Period:
    day = shift_days(clock.today, -1)
    return clock.days(shift_days(day, -max(0, day.weekday() - 4)))


def read_when(text: Text, at: int) -> Read | None:
    """Read a date, a time or a span: the longest that begins here. Raises Misread on an impossible one."""
    stretch = read_stretch(text, at)
    if stretch:  # "last week monday", "last year in november"
        start = skip(text, skip(text, stretch[1], "on", "in"), "the")
        part = _read_one(text, start)
        if part and part[0].once_in == stretch[0].unit:
            return within(part[0], stretch[0]), part[1]
    found = _read_one(text, at)
    return _in_stretch(text, *found) if found else None


def _in_stretch(text: Text, when: When, end: int) -> Read:
    """Return a date with the stretch that may follow: "november last year", "monday 9am of last week"."""
    day = when.on[0] if when.on else when
    stretch = read_inside(text, day, end)
    if stretch is None:
        return when, end
    inside = within(day, stretch[0])
    return (at_clock(inside, when.on[1], clock_first=when.clock_first) if when.on else inside), stretch[1]


def _read_one(text: Text, at: int) -> Read | None:
    word = text.word(at)
    if word == "now":
        return fixed(lambda clock: instant(clock.unix), spans=False, clocked=True), at + 1
    if word in THIS and text.word(at + 1) in PARTS:
        return part_of(TODAY, text.word(at + 1)), at + 2
    if word == "tonight":
        return night(0), at + 1
    if word == "last" and text.word(at + 1) == "night":
        return night(1), at + 2
    found = read_nth(text, at) or _read_relative(text, at)
    if found:
        return found
    clocked = read_clock(text, at)
    if clocked:
        day = _day_beside(text, skip(text, clocked[1], "on"))
        if day:
            return at_clock(day[0], clocked[0], clock_first=True), day[1]
        return time_of_day(clocked[0]), clocked[1]
    day = read_day(text, at)
    if day:
        return _with_clock(text, *day)
    return read_named_span(text, at)


def read_moment(text: Text, at: int) -> Read | None:
    """Read what may follow "since", "until", "before", "after": also an hour in digits, "9 yesterday"."""
    hour = lone_hour(text, at)
    day = _day_beside(text, skip(text, hour.end, "on")) if hour else None
    if hour is None or day is None:
        return read_when(text, at)
    hour = in_part(hour, text.word(day[1] - 1))
    reason = which_half(hour)
    return (unclear(reason) if reason else at_clock(day[0], hour.clock, clock_first=True)), day[1]


def _day_beside(text: Text, at: int) -> Read | None:
    """Read the day of an hour before it, and the part of the day that says it again: "9am this morning"."""
    if text.word(at) in THIS and text.word(at + 1) in PARTS:
        return TODAY, at + 2
    day = _one_day(text, at)
    return (day[0], day[1] + 1) if day and text.word(day[1]) in PARTS else day


def _one_day(text: Text, at: int) -> Read | None:
    day = read_day(text, at)
    return day if day and (day[0].one_day or not day[0].spans) else None


def _with_clock(text: Text, day: When, end: int) -> Read:
    """Return a day with the time or part of day that may follow."""
    if day.spans and not day.one_day:
        return day, end
    if text.word(end) in PARTS:
        stretch = read_inside(text, day, end + 1)  # "monday morning last week"
        day, after = (within(day, stretch[0]), stretch[1]) if stretch else (day, end + 1)
        return part_of(day, text.word(end)), after
    comma = after_comma(text, end)
    at_sign = comma if comma > end and read_clock(text, comma) else skip(text, end, "at")
    clocked = read_clock(text, at_sign)
    if clocked:
        return at_clock(day, clocked[0]), clocked[1]
    bare = lone_hour(text, at_sign) if at_sign > end else None
    if bare is None:
        return day, end
    reason = which_half(bare)
    return (unclear(reason) if reason else at_clock(day, bare.clock)), bare.end
