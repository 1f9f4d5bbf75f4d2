"""Reading one day out of words: today, weekdays, dates in all their forms."""

# ruff: noqa: C901, PLR0911, PLR0912, PLR2004
# A reader tries one form after the other; the numbers of a calendar and a clock are their own names.

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.model import WEEKDAYS
from bot.query.phrases import Text
from bot.query.time.calendar import CALENDAR, DAYS, MAX_YEAR, MIN_YEAR, MONTHS, Clock, Period, shift_days
from bot.query.time.clock_words import (
    SIMPLE,
    calendar_unit,
    read_amount,
    read_calendar,
    read_clock,
    whole_ago,
)
from bot.query.time.when import (
    LAST,
    THIS,
    Read,
    When,
    day_of_month,
    day_of_year,
    fixed,
    instant,
    month_of_year,
    next_day,
    on_date,
    quarter_of_year,
    real_date,
    weekday,
    within,
)
from bot.query.values import Misread

_ORDINAL_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth"
ORDINALS = {word: number for number, word in enumerate(_ORDINAL_WORDS.split(), 1)} | {
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
_NTH = {word: number for word, number in ORDINALS.items() if number <= 4} | {
    "last": 0
}  # every month has four


def read_stretch(text: Text, at: int) -> Read | None:
    """Read a week, month or year in which a date can lie: "last week", "2 weeks ago"."""
    if found := read_calendar(text, at):
        return found
    amount = read_amount(text, at)
    if amount and amount[1] in CALENDAR - {"day"} and text.word(amount[2]) == "ago":
        return whole_ago(*amount[:2]), amount[2] + 1
    return None


def read_inside(text: Text, day: When, at: int) -> Read | None:
    """Read the stretch that says which one a date is, if it follows and the date comes once in it."""
    if not day.once_in:
        return None
    start = at + 1 if text.word(at) in {"of", "in"} or after_comma(text, at) > at else at
    start = skip(text, start, "the")
    found = read_stretch(text, start)
    return found if found and found[0].unit == day.once_in else None


def after_comma(text: Text, at: int) -> int:
    """Return the position after a comma, if one stands here."""
    return at + 1 if at < len(text) and text.tokens[at].text == "," else at


def read_nth(text: Text, at: int) -> Read | None:
    """Read "the first monday of november", "last day of last month"."""
    start = skip(text, at, "the")
    number, name = _NTH.get(text.word(start)), text.word(start + 1)
    if number is None or (name not in DAYS and name != "day") or text.word(start + 2) not in {"of", "in"}:
        return None
    month = _read_month(text, start + 3)
    if month is None:
        return None

    def make(clock: Clock) -> Period:
        whole = month[0].resolve(clock, None)
        first = clock.local(whole.start).date()
        days = [
            shift_days(first, n) for n in range((clock.local((whole.end or 0) - 1).date() - first).days + 1)
        ]
        fitting = [day for day in days if name == "day" or day.weekday() == DAYS[name]]
        return clock.days(fitting[number - 1])

    return fixed(make, one_day=True), month[1]


def _read_month(text: Text, at: int) -> Read | None:
    start = skip(text, at, "the")
    found = read_calendar(text, start)
    if found:
        return found if found[0].unit == "month" else None
    if text.word(start) == "month":
        return calendar_unit("month"), start + 1
    if text.word(start) not in MONTHS:
        return None
    number = MONTHS[text.word(start)]
    year = read_year(text, start + 1)
    if year is not None:
        return fixed(lambda clock: clock.month(year, number)), start + 2
    return month_of_year(number), start + 1


ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")


DAY_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?")


_YEAR = re.compile(r"(?:19|20)\d\d")


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(20\d\d)(0\d|1[0-2])([0-3]\d)")


_ISO_ANY = r"(\d{4}-\d{1,2}-\d{1,2}(?:t\d\d:[\d:.]+(?:z|\+[\d:]+)?)?)"
ISO_PAIR = re.compile(rf"{_ISO_ANY}[-/]{_ISO_ANY}")
"""Two dates in one word."""


_ISO_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(z|[+-]\d\d:?\d\d(?::\d\d)?)?"
)


_UNIX = re.compile(r"1\d{9}(?:\d{3})?")
"""Seconds since 1970, or milliseconds: a time from 2001 to 2033."""
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


_ISO_WEEK = re.compile(r"(\d{4})-?w(\d{1,2})")


DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2})?)?")


_MONTH_YEAR = re.compile(r"(\d{1,2})[/.-](20\d\d)")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?")
_DASHED = re.compile(r"\d{1,2}-\d{1,2}-\d{4}")
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY_DASH_MONTH = re.compile(rf"(\d{{1,2}})[-./]({_MONTH})(?:[-./](\d{{4}}))?")
_MONTH_DASH_DAY = re.compile(rf"({_MONTH})[-./](?:(\d{{1,2}})|(\d{{4}}))")


QUARTER = re.compile(r"(?:(\d{4})[-/]?)?q([1-9])(?:[-/]?(\d{4}))?")


def read_numeric(text: Text, at: int) -> Read | None:
    """Read a date of one word in digits."""
    word = text.word(at)
    if match := _MONTH_DASH_DAY.fullmatch(word):  # nov-3, nov-2026
        month = MONTHS[match.group(1)]
        if match.group(3):
            return _month(int(match.group(3)), month), at + 1
        return day_of_year(int(match.group(2)), month), at + 1
    if not word[:1].isdecimal():
        return None
    if match := _DAY_DASH_MONTH.fullmatch(word):  # 3-nov-2026
        day, month = int(match.group(1)), MONTHS[match.group(2)]
        year_word = match.group(3)
        return (
            on_date(real_date(int(year_word), month, day)) if year_word else day_of_year(day, month)
        ), at + 1
    if _UNIX.fullmatch(word):
        unix = int(word[:10])
        return When(lambda _clock, _after: instant(unix)), at + 1
    if match := _ISO_TIME.fullmatch(word):
        return _iso_time(match), at + 1
    if match := _ISO.fullmatch(word):
        return on_date(real_date(*(int(part) for part in match.groups() if part))), at + 1
    if match := _ISO_WEEK.fullmatch(word):
        return iso_week(int(match.group(1)), int(match.group(2))), at + 1
    if match := QUARTER.fullmatch(word):
        return quarter_of_year(int(match.group(2)), int(match.group(1))), at + 1
    if match := _ISO_MONTH.fullmatch(word):
        year, month = int(match.group(1)), int(match.group(2))
        if not MIN_YEAR <= year <= MAX_YEAR:
            return None
        return _month(year, month), at + 1
    if match := DOTTED.fullmatch(word):
        return _dotted(match), at + 1
    if match := _MONTH_YEAR.fullmatch(word):
        return _month(int(match.group(2)), int(match.group(1))), at + 1
    slashed = word.replace("-", "/") if _DASHED.fullmatch(word) else word
    if match := _SLASHED.fullmatch(slashed):
        return _slashed(word, match), at + 1
    return None


def _month(year: int, month: int) -> When:
    real_date(year, month, 1)
    return When(lambda clock, _after: clock.month(year, month), spans=True, pinned=True, unit="month")


def _iso_time(match: re.Match[str]) -> When:
    year, month, day, hour, minute = (int(match.group(i)) for i in range(1, 6))
    second, offset = int(match.group(6) or 0), match.group(8)
    clocked = match.group(7) is not None  # a fraction of a second is a machine's, and marks canonical text
    on = real_date(year, month, day)
    if hour > 23 or minute > 59 or second > 59:
        raise Misread(f"There is no time {hour:02}:{minute:02}:{second:02}: hours go to 23, minutes to 59.")
    clock_time = time(hour, minute, second)
    if offset is None:
        return When(
            lambda clock, _after: instant(clock.named(on, clock_time)), clocked=clocked, clock=clock_time
        )
    if offset == "z":
        unix = int(datetime.combine(on, clock_time, tzinfo=UTC).timestamp())
    else:
        try:
            unix = int(datetime.fromisoformat(f"{on}T{clock_time}{offset}").timestamp())
        except ValueError:
            raise Misread(f"There is no offset {offset}: write it as +01:00 or Z.") from None
    return When(lambda _clock, _after: instant(unix), clocked=clocked)


def iso_week(year: int, week: int) -> When:
    """Return an ISO week. Raises Misread when the year has no such week."""
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
        year = int(match.group(3))
        return on_date(real_date(year + 2000 if year < 100 else year, month, day))
    return day_of_year(day, month)


def read_year(text: Text, at: int) -> int | None:
    """Return the year a word is."""
    return int(text.word(at)) if _YEAR.fullmatch(text.word(at)) else None


def skip(text: Text, at: int, *words: str) -> int:
    """Return the position after one of some words, if it stands here."""
    return at + 1 if text.word(at) in words else at


def _after_comma(text: Text, at: int) -> int:
    """Return the position after a comma that stands before a year: "nov 3, 2026"."""
    after = after_comma(text, at)
    return after if read_year(text, after) is not None else at


def read_named(text: Text, at: int) -> Read | None:
    """Read `3 november 2026`, `november 3rd, 2026`, `the 3rd of november`, `november 2026`, `november`."""
    start = skip(text, at, "the")
    if first := _the_first(text, start):
        return first
    match = DAY_NUMBER.fullmatch(text.word(start))
    if match:
        ordinal = ORDINAL.fullmatch(text.word(start)) is not None
        named = skip(text, start + 1, "of", "in") if ordinal else skip(text, start + 1, "of")
        month = MONTHS.get(text.word(named))
        if month is not None:
            return dated(text, int(match.group(1)), month, named + 1)
        if ordinal and text.word(start + 1) not in {"quarter", "half"}:
            return day_of_month(int(match.group(1))), start + 1
        return None
    month = MONTHS.get(text.word(at))
    if month is None:
        return None
    after = skip(text, at + 1, "the")
    match = DAY_NUMBER.fullmatch(text.word(after))
    if match and not read_clock(text, after):
        return dated(text, int(match.group(1)), month, after + 1)
    after = skip(text, at + 1, "of")
    year = read_year(text, after)
    if year is not None:
        return _month(year, month), after + 1
    return month_of_year(month), at + 1


_BEFORE_ORDINAL = {"since", "on", "until", "till", "before", "after", "from", "between", "to", "and"}


def _the_first(text: Text, start: int) -> Read | None:
    """Read "the first of november", and "since the first" where nothing follows that it could count."""
    day = ORDINALS.get(text.word(start))
    if day is None:
        return None
    month = MONTHS.get(text.word(start + 2)) if text.word(start + 1) == "of" else None
    if month is not None:
        return dated(text, day, month, start + 3)
    alone = start + 1 >= len(text) or text.word(start + 1) in {"to", "until", "till", "and"}
    led = text.word(start - 1) == "the" and text.word(start - 2) in _BEFORE_ORDINAL
    return (day_of_month(day), start + 1) if alone and led else None


def dated(text: Text, day: int, month: int, at: int) -> Read:
    """Return a day and month with the year that may follow."""
    comma = _after_comma(text, at)
    year = read_year(text, comma)
    if year is None:
        return day_of_year(day, month), at
    return on_date(real_date(year, month, day)), comma + 1


def read_day(text: Text, at: int) -> Read | None:
    """Read one day: today, a weekday, a date; also with the stretch it lies in, "monday last week"."""
    found = _one_day(text, at)
    stretch = read_inside(text, found[0], found[1]) if found and not found[0].spans else None
    return (within(found[0], stretch[0]), stretch[1]) if found and stretch else found


def _one_day(text: Text, at: int) -> Read | None:
    word = text.word(at)
    if nth := read_nth(text, at):
        return nth
    if word in SIMPLE:
        return SIMPLE[word], at + 1
    start = skip(text, at, "the")
    if text.words[start : start + 3] == ("day", "before", "yesterday"):
        return fixed(lambda clock: clock.days(shift_days(clock.today, -2)), one_day=True), start + 3
    if word in LAST | THIS | {"next"} and text.word(at + 1) in DAYS:
        number = DAYS[text.word(at + 1)]
        if dated := _date_of_weekday(text, at + 1):
            return dated
        if word == "next":
            return fixed(lambda clock: clock.days(next_day(clock, number))), at + 2
        return weekday(number, before_today=word in LAST, this_week=word in THIS), at + 2
    if word in DAYS:
        return _date_of_weekday(text, at) or (weekday(DAYS[word]), at + 1)
    return read_numeric(text, at) or read_named(text, at)


def _date_of_weekday(text: Text, at: int) -> Read | None:
    """Read the date after a weekday: "tuesday, november 3"."""
    start = after_comma(text, at + 1)
    found = read_named(text, start) or read_numeric(text, start)
    if found is None or found[0].spans or found[0].clock is not None:
        return None
    return _on_weekday(found[0], DAYS[text.word(at)]), found[1]


def _on_weekday(day: When, number: int) -> When:
    """Return "monday 16 nov": the date says it, and the weekday must be its own."""

    def resolve(clock: Clock, after: int | None) -> Period:
        period = day.resolve(clock, after)
        on = clock.local(period.start).date()
        if on.weekday() != number:
            raise Misread(
                f"{on.day} {on:%B %Y} is a {WEEKDAYS[on.weekday()].capitalize()}, not a "
                f"{WEEKDAYS[number].capitalize()}: write the date or the weekday alone."
            )
        return period

    return replace(day, resolve=resolve)
