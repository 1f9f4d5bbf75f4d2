"""Reading stretches that have a name or a number: quarters, half-years, weeks, weekends, years."""

# ruff: noqa: C901, PLR0911, PLR2004
# A reader tries one form after the other; the numbers of a calendar are their own names.

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.query.phrases import Text
from bot.query.time.calendar import CALENDAR, MONTHS, Clock, Period, shift_days, shift_months
from bot.query.time.dates import DAY_NUMBER, QUARTER, iso_week, read_day, read_year, skip
from bot.query.time.recurring import half_of_year, quarter_of_year, weekend, year_of
from bot.query.time.units import calendar_unit
from bot.query.time.when import Read, When, instant, unclear
from bot.query.values import Misread

_TO_DATE = {"wtd": "week", "mtd": "month", "qtd": "quarter", "ytd": "year"}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_HALF = re.compile(r"(?:(\d{4})[-/]?)?h([12])(?:[-/]?(\d{4}))?")
_WEEK_WORD = re.compile(r"(?:kw|cw|wk|w)(\d{1,2})")
_WEEK_OF = {("week", "of"), ("week", "in")}
CODE = re.compile(rf"{QUARTER.pattern}|{_HALF.pattern}|{_WEEK_WORD.pattern}")
"""A stretch in one word: q3, h1-2026, kw45."""


def read_named_span(text: Text, at: int, read_when: Callable[[Text, int], Read | None]) -> Read | None:
    """Read quarters, half-years, weeks by number, weekends and years; `read_when` reads what is in them."""
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
        return _read_edge(text, at_name, read_when)
    if word == "weekend":
        return weekend(), at_name + 1
    if word == "week" and following == "of":
        found = read_day(text, at_name + 2)
        return (_week_around(found[0]), found[1]) if found else None
    ordinal = _ORDINALS.get(word)
    if ordinal and following == "quarter":
        return _with_year(text, at_name + 2, lambda year: quarter_of_year(ordinal, year))
    if ordinal and ordinal <= 2 and following == "half" and text.word(at_name + 2) == "of":
        if read_year(text, at_name + 3) is None:
            return _half_of(text, at_name + 3, ordinal, read_when)
        return _with_year(text, at_name + 2, lambda year: half_of_year(ordinal, year))
    if coded := _read_code(text, at_name):
        return coded
    year = read_year(text, at_name)
    if year is not None:
        coded = _read_code(text, at_name + 1, year)
        return coded or (year_of(year), at_name + 1)
    return None


def _half_of(text: Text, at: int, number: int, read_when: Callable[[Text, int], Read | None]) -> Read | None:
    """Read the rest of "first half of november", "second half of the year": a month splits by its days."""
    found = _unit_or(text, skip(text, at, "the"), read_when)
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


def _unit_or(text: Text, at: int, read_when: Callable[[Text, int], Read | None]) -> Read | None:
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
    number = 4 if which == "last" else _ORDINALS.get(which)
    if number is None or text.words[start + 1 : start + 3] not in _WEEK_OF or name not in MONTHS:
        return None
    day = number * 7 - 6
    reason = (
        f"“{which} week of {name}” may be seven days or a week of the calendar: "
        f"write “between {day} and {day + 6} {name}” or “week of {day} {name}”."
    )
    return unclear(reason), start + 4


def _read_edge(text: Text, at: int, read_when: Callable[[Text, int], Read | None]) -> Read | None:
    """Read "beginning of the month", "end of october": the moment where a stretch begins or ends."""
    found = _unit_or(text, skip(text, at + 2, "the"), read_when)
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
