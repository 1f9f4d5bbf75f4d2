"""What stands in the slots of phrases of time: numbers, names, one-word dates, times of day, amounts."""

# ruff: noqa: PLR2004
# The numbers of a calendar and a clock are their own names; a reader tries one form after the other.

from __future__ import annotations

import calendar
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time

from bot.model import WEEKDAYS
from bot.query.numbers import WORDS, begins_number, read_amount, read_count, read_length
from bot.query.phrases import PhraseSlot, Text, one_word, where, word_slot
from bot.query.time.calendar import CALENDAR, DAYS, MONTHS, UNITS, Period
from bot.query.time.when import When, at_clock, day_of_year, iso_week, months_of_year, on_date
from bot.query.values import Misread

ORDINALS = {
    **{word: at for at, word in enumerate(["first", "second", "third", "fourth"], 1)},
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
_MORE_ORDINALS = ORDINALS | {
    word: at for at, word in enumerate(["fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 5)
}
PARTS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 24)}
"""Parts of a day by the clock."""
_NOON = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_SHORT_UNITS = {"wk": "week", "qtr": "quarter", "yr": "year"}
_REPEATING = ("weekday", "weekdays", "weekends", "daily", "weekly", "monthly")
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))

# --- dates of one word ---


def _slashed(match: re.Match[str]) -> When:
    """Read 25/12/2026; 03/11/2026 means two things, so it is asked back."""
    first, second = int(match[1]), int(match[2])
    if first <= 12 and second <= 12 and first != second:
        months = calendar.month_name
        raise Misread(
            f"{match[0]} could be {first} {months[second]} or {second} {months[first]}: "
            "write the month as a word, or the date as 2026-11-03."
        )
    return dated(*((first, second) if second <= 12 else (second, first)), match[3])


def dated(day: int, month: int, year: int | str | None = None) -> When:
    """Return a day and month, with the year if it was said: in two digits it is of this century."""
    if year is None:
        return day_of_year(day, month)
    return on_date(int(year) + 2000 if int(year) < 100 else int(year), month, day)


def _iso_time(match: re.Match[str]) -> When:
    day = on_date(int(match[1]), int(match[2]), int(match[3]))
    try:
        said = datetime.fromisoformat(match[0].upper())
    except ValueError:
        raise Misread(f"There is no time {match[4]}: write it as 21:30, 21:30+01:00 or 21:30Z.") from None
    zoned = said.tzinfo is not None
    found = _moment(int(said.timestamp())) if zoned else at_clock(day, said.time())
    return replace(found, clocked="." in match[4])  # a machine's fraction, which marks canonical text


def _moment(unix: int) -> When:
    return When(lambda _clock, _after: Period(unix, unix))


_DATES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], When]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"({_MONTH})[-./](\d{{1,2}})", lambda m: dated(int(m[2]), MONTHS[m[1]])),
        (rf"({_MONTH})[-./](\d{{4}})", lambda m: months_of_year(MONTHS[m[1]], 1, int(m[2]))),
        (
            rf"(\d{{1,2}})[-./]({_MONTH})(?:[-./](\d{{4}}|\d\d))?",
            lambda m: dated(int(m[1]), MONTHS[m[2]], m[3]),
        ),
        # seconds since 1970, or milliseconds: a time from 2001 to 2033
        (r"(1\d{9})(?:\d{3})?", lambda m: _moment(int(m[1]))),
        (r"(\d{4})-(\d\d)-(\d\d)t(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:z|[+-][\d:]{4,8})?)", _iso_time),
        (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", lambda m: on_date(int(m[1]), int(m[2]), int(m[3]))),
        (r"(20\d\d)(0\d|1[0-2])([0-3]\d)", lambda m: on_date(int(m[1]), int(m[2]), int(m[3]))),
        (r"(\d{4})-?w(\d{1,2})", lambda m: iso_week(int(m[2]), int(m[1]))),
        (r"(20\d\d)-(\d{1,2})", lambda m: months_of_year(int(m[2]), 1, int(m[1]))),
        (r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2})?)?", lambda m: dated(int(m[1]), int(m[2]), m[3])),
        (r"(\d{1,2})[/.-](20\d\d)", lambda m: months_of_year(int(m[1]), 1, int(m[2]))),
        (r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?", _slashed),
        (r"(\d{1,2})-(\d{1,2})-(\d{4})", _slashed),
    )
)


_is_date = re.compile("|".join(pattern.pattern for pattern, _make in _DATES)).fullmatch


def one_word_date(word: str) -> When | Misread | None:
    """Return the date, month or moment that a word with digits is, or why it can be none."""
    for pattern, make in _DATES if _is_date(word) else ():
        if match := pattern.fullmatch(word):
            try:
                return make(match)
            except Misread as problem:
                return problem
    return None


# --- numbers and names ---

_DAY_NUMBER = re.compile(r"(\d{1,2})(st|nd|rd|th)?\.?")
_QUARTER = re.compile(r"(?:(\d{4})[-/]?)?([qh])([1-9])(?:[-/]?(\d{4}))?")
_WEEK_WORD = re.compile(r"(?:kw|cw|wk|w)(\d{1,2})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"\d{1,2}")


def _matched(pattern: re.Pattern[str], make: Callable[[re.Match[str]], object]) -> PhraseSlot:
    """Return a slot of one word, by its match."""
    return one_word(
        lambda word: make(match) if (match := pattern.fullmatch(word)) else None, pattern.fullmatch
    )


def _year_after(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the year behind a date, also after "of" or a comma."""
    start = at + 1 if text.word(at) == "of" or text.typed(at, at + 1) == "," else at
    if _YEAR.fullmatch(text.word(start)):
        yield int(text.word(start)), start + 1


def coded(match: re.Match[str], year: int | None = None) -> When:
    """Return q3, h1-2026, also with the year beside it."""
    number, count = int(match[3]), 3 if match[2] == "q" else 6
    if number > 12 // count:
        raise Misread(f"There is no quarter Q{number}: a year has Q1 to Q4.")
    own = match[1] or match[4]
    return months_of_year(number * count - count + 1, count, int(own) if own else year)


def _comma(text: Text, at: int) -> Iterator[tuple[object, int]]:
    if text.typed(at, at + 1) == ",":
        yield None, at + 1


# --- amounts ---


def _amount(text: Text, at: int) -> Iterator[tuple[object, int]]:
    if found := read_amount(text.words, at, UNITS):
        yield found[:2], found[2]


def _length(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "1 hour 30 minutes", "1h30" in seconds or minutes, as `_amount` does."""
    found = read_length(text.words, at) if ":" not in text.word(at) else None
    if found:
        minutes, rest = divmod(found[0], 60)
        yield ((found[0], "second") if rest else (minutes, "minute")), found[1]


def _count(text: Text, at: int) -> Iterator[tuple[object, int]]:
    if found := read_count(text.words, at):
        yield found


# --- times of day ---

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d\d))?(?::(\d\d))?(am|pm|a\.m|p\.m)?")
_H = re.compile(r"(\d{1,2})h(\d\d)?")
_HOUR = re.compile(rf"{_TIME.pattern}|{_H.pattern}")
_DOTTED = re.compile(r"(\d{1,2})\.(\d\d)")
_HOUR_WORDS = {
    word: number for word, number in WORDS.items() if number <= 12 and len(word) > 2 and word != "couple"
}
_NO_HOUR_BEFORE = UNITS.keys() | MONTHS.keys() | {"star", "stars", "percent", "%", "or", "of"}
"""What makes a number before it no hour: "5 to 10 minutes", "3 to 7 november"."""


def _clock(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read `9am`, `9:30`, `14:00`, `noon`, `9 o'clock`; of what cannot be, why."""
    word = text.word(at)
    named = at + (word in {"12", "12:00"})  # "12:00 noon"
    if text.word(named) in _NOON:
        yield Hour(_NOON[text.word(named)], said=True, named=True), named + 1
        return
    match = _TIME.fullmatch(word)
    if match is None:
        return
    hour, minute, second = (int(part or 0) for part in match.group(1, 2, 3))
    half, end = (match[4] or "").replace(".", ""), at + 1
    if not half and text.word(end).replace(".", "") in {"am", "pm"}:
        half, end = text.word(end).replace(".", ""), end + 1
    hour_sign = text.word(end) in {"o'clock", "oclock", "uhr"}
    end += hour_sign
    if half:
        if not 1 <= hour <= 12:
            yield Misread(f"There is no {hour} {half}: write the time as 9am, 21:00 or 9:30 pm."), end
            return
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif not hour_sign and not (match[2] and ":" in word):
        return
    if (hour, minute, second) == (24, 0, 0):
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        yield Misread(f"There is no time {word}: a day has those from 0:00 to 23:59."), end
    else:
        yield Hour(time(hour, minute, second), said=bool(half or hour_sign), named=True), end


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour as written where a day or another hour beside it says that it is one: 9, 17, 15h, nine, 9am."""

    clock: time
    bare: bool = False
    """A number from 1 to 12 alone, which may be in the morning or in the afternoon."""
    said: bool = False
    """Its half of the day is said: 9am, noon."""
    named: bool = False
    """Nothing but a time of day is written like that."""
    by_h: bool = False
    """Written as 9h, which may also be a length."""

    @property
    def words(self) -> str:
        return str(self.clock.hour) if self.bare else f"{self.clock:%H:%M}"

    def in_part(self, part: str) -> Hour:
        """Return an hour in the half of the day that was named: "yesterday evening from 6 to 8"."""
        if part not in PARTS or self.said:
            return self
        late = PARTS[part][0] >= 12 and self.clock.hour < 12
        return replace(self, clock=later(self.clock) if late else self.clock, bare=False)


def later(clock: time) -> time:
    """Return the same hour of the afternoon."""
    return clock.replace(hour=(clock.hour + 12) % 24)


def _hour(text: Text, at: int) -> Iterator[tuple[object, int]]:
    word = text.word(at)
    if match := _H.fullmatch(word):
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour <= 24 and minute <= 59:
            yield Hour(time(hour % 24, minute), by_h=True), at + 1
        return
    for found, end in _clock(text, at):
        if isinstance(found, Hour):
            yield found, end
        return
    if match := _DOTTED.fullmatch(word):
        hour, minute = int(match[1]), int(match[2])
        if hour < 24 and minute < 60:
            yield Hour(time(hour, minute)), at + 1
        return
    digits = word.isascii() and word.isdecimal() and len(word) <= 2
    number = int(word) if digits else _HOUR_WORDS.get(word, 99)
    if number <= 24 and text.word(at + 1) not in _NO_HOUR_BEFORE:
        yield Hour(time(number % 24), bare=1 <= number <= 12), at + 1


def _lone_hour(text: Text, at: int) -> Iterator[tuple[object, int]]:
    return (found for found in _hour(text, at) if isinstance(found[0], Hour) and not found[0].named)


_begins_hour = re.compile("|".join((_HOUR.pattern, *_HOUR_WORDS, *_NOON))).fullmatch
SLOTS: dict[str, PhraseSlot] = {
    "weekday": word_slot(DAYS),
    "month": word_slot(MONTHS),
    "month_name": word_slot({month: month for month in MONTHS}),
    "unit": word_slot({unit: unit for unit in CALENDAR} | _SHORT_UNITS),
    "longer_unit": word_slot({unit: unit for unit in CALENDAR - {"day"}} | _SHORT_UNITS),
    "units": word_slot({word: unit for word, unit in UNITS.items() if len(word) > 2}),
    "unit_name": word_slot({word: word for word in UNITS if len(word) > 2}),
    "part": word_slot({part: part for part in PARTS}),
    "ordinal": word_slot(_MORE_ORDINALS),
    "which": word_slot(ORDINALS | {"last": 0}),
    "repeated": word_slot({word: word for word in (*DAYS, *UNITS, "weekend", "weekday")}),
    "repeating": word_slot({word: word for word in (*(f"{day}s" for day in WEEKDAYS), *_REPEATING)}),
    "date": one_word(one_word_date, _is_date),
    "day_number": _matched(_DAY_NUMBER, lambda m: int(m[1])),
    "no_clock": where(lambda text, at: not next(_clock(text, at), None)),
    "nth": _matched(_DAY_NUMBER, lambda m: int(m[1]) if m[2] else None),
    "year": _matched(_YEAR, lambda m: int(m[0])),
    "year_after": PhraseSlot(_year_after, re.compile(rf"{_YEAR.pattern}|of|").fullmatch),
    "code": one_word(_QUARTER.fullmatch, _QUARTER.fullmatch),
    "week_word": _matched(_WEEK_WORD, lambda m: int(m[1])),
    "week_number": _matched(_NUMBER, lambda m: int(m[0])),
    "comma": PhraseSlot(_comma, operator.not_),
    "amount": PhraseSlot(_amount, begins_number),
    "amount2": PhraseSlot(_amount, begins_number),
    "length": PhraseSlot(_length, begins_number),
    "count": PhraseSlot(_count, begins_number),
    "clock": PhraseSlot(_clock, _begins_hour),
    "hour": PhraseSlot(_hour, _begins_hour),
    "hour2": PhraseSlot(_hour, _begins_hour),
    "lone_hour": PhraseSlot(_lone_hour, _begins_hour),
}
"""One that yields None says nothing but where it ends."""
