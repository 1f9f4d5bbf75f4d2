"""Reading two ends: "between 3 and 7 november", "monday to friday", "9-11am"."""

# ruff: noqa: PLR0911, PLR2004
# A reader tries one form after the other; the numbers of a calendar and a clock are their own names.

from __future__ import annotations

from datetime import time

from bot.query.phrases import Text
from bot.query.time.calendar import MONTHS
from bot.query.time.clock_words import (
    TODAY,
    ago,
    at_clock,
    read_clock,
    read_two_amounts,
    time_of_day,
    whole_ago,
)
from bot.query.time.dates import DOTTED, ISO_PAIR, dated
from bot.query.time.day_hours import TO, hours_of_day, is_join
from bot.query.time.spans import read_when
from bot.query.time.when import Constraint, Read, Role, When, day_of_year, on_date, real_date, within
from bot.query.tokens import Kind, Token, fold
from bot.query.values import Misread


def the(text: Text, at: int) -> int:
    """Return the position after "the", unless it begins "the day before yesterday"."""
    return at + 1 if text.word(at) == "the" and text.word(at + 1) != "day" else at


def between(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read the rest of "between 3 and 7 november", "between 9am and noon"."""
    return _ends(text, at, frozenset({"and", "&", "to", "-"}))


def read_range(text: Text, at: int, *, after_from: bool) -> tuple[Constraint, int] | None:
    """Read "3-7 november", "2026-11-03..2026-11-07", "monday to friday", "nov 1 until nov 15"."""
    found = _ends(text, at, TO)
    if found and not after_from and found[0].to and found[0].to.of_day and found[0].when.clock is None:
        return None  # "yesterday until noon" is a day and a time on it
    return found


def _ends(text: Text, at: int, joins: frozenset[str]) -> tuple[Constraint, int] | None:
    """Read two ends with a word between them; the first may lack what the second says (month, year)."""
    split = _dash_split(text, at)
    if split is not None:
        return split
    hours = hours_of_day(text, at, joins) or _both_ago(text, at, joins)
    if hours is not None:
        return hours
    first_end = the(text, at)
    short = _number(text, first_end)
    if short is not None:  # "3 and 7 november", "9 and 11am"
        joined = _join(text, first_end + 1, joins)
        if joined is not None:
            borrowed = _borrow(text, short, joined)
            if borrowed:
                return borrowed
    found = read_when(text, first_end)
    if found is None:
        return None
    joined = _join(text, found[1], joins)
    if joined is None:
        return None
    second = _second_end(text, first_end, found, the(text, joined))
    if second is None:
        return None
    return Constraint(Role.RANGE, _beside(found[0], second[0]), second[0]), second[1]


def _both_ago(text: Text, at: int, joins: frozenset[str]) -> tuple[Constraint, int] | None:
    """Read "2 to 5 days ago": whole days, weeks and months; of hours and minutes the time between."""
    both = read_two_amounts(text, at, joins)
    if both is None or text.word(both[3]) != "ago":
        return None
    near, far, unit, end = min(both[:2]), max(both[:2]), both[2], both[3] + 1
    make = ago if unit in {"second", "minute", "hour"} else whole_ago
    return Constraint(Role.RANGE, make(far, unit), make(near, unit)), end


def _beside(first: When, second: When) -> When:
    """Return the near end in the day, week or month that the far one is said to be in.

    "Between 3pm and 5pm yesterday", "monday to friday last week"; a year is left to the dates, since
    "20 december to 5 january last year" begins in the one before.
    """
    if first.of_day and first.clock is not None and second.on is not None:
        return at_clock(second.on[0], first.clock)
    if first.of_day and first.clock is not None and not second.of_day:  # "9am until now"
        return at_clock(TODAY, first.clock)
    if second.inside is not None and first.once_in == second.inside.unit and first.once_in != "year":
        return within(first, second.inside)
    return first


def _second_end(text: Text, first_at: int, first: Read, at: int) -> Read | None:
    """Read the far end; "november 3 to 7" says the month once, "9am to 5" the clock."""
    found = read_when(text, at)
    number = _number(text, at)
    if number is None or (found is not None and not found[0].of_day and found[1] > at + 1):
        return found
    if first[0].of_day or first[0].clock is not None:
        clocked = read_clock(text, at, bare=True)
        if clocked:
            return time_of_day(_later_half(first[0].clock, clocked[0], text.word(at))), clocked[1]
    month = _month_in(text.words[first_at : first[1]])
    if month is not None and found is None:
        return dated(text, number, month, at + 1)
    return found


def _later_half(first: time | None, clock: time, word: str) -> time:
    """Return the hour in the afternoon if only so it comes after the first: "monday 9am to 5"."""
    if first is not None and word.isdecimal() and clock <= first and clock.hour + 12 > first.hour:
        return clock.replace(hour=(clock.hour + 12) % 24)
    return clock


def _month_in(words: tuple[str, ...]) -> int | None:
    """Return the month that words of a date name: november, 7.11."""
    for word in words:
        if word in MONTHS:
            return MONTHS[word]
        if (match := DOTTED.fullmatch(word)) and 1 <= int(match.group(2)) <= 12:
            return int(match.group(2))
    return None


def _number(text: Text, at: int) -> int | None:
    """Return the day or hour a short number is (`3`, `3rd`, `3.`)."""
    word = text.word(at).removesuffix("st").removesuffix("nd").removesuffix("rd").removesuffix("th")
    word = word.removesuffix(".")
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= 2 else None


def _join(text: Text, at: int, joins: frozenset[str]) -> int | None:
    return at + 1 if is_join(text, at, joins) else None


def _borrow(text: Text, number: int, second_at: int) -> tuple[Constraint, int] | None:
    """Return a range whose first end is a bare number: it takes its month from the second."""
    second = read_when(text, the(text, second_at))
    if second is None:
        return None
    end_words = text.words[second_at : second[1]]
    month = _month_in(end_words)
    if month is None or second[0].spans or second[0].clock is not None:
        return None
    year = next((int(w[-4:]) for w in end_words if len(w) >= 4 and w[-4:].isdecimal()), None)
    if year is not None:
        return Constraint(Role.RANGE, on_date(real_date(year, month, number)), second[0]), second[1]
    real_date(2024, month, number)
    return Constraint(Role.RANGE, day_of_year(number, month), second[0]), second[1]


def _dash_split(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read one word with a dash in it: "3-7 november", "november 3-7", "9-11am", "mon-fri"."""
    if pair := ISO_PAIR.fullmatch(text.word(at)):
        pieces = [Token(Kind.WORD, part, part) for part in (pair.group(1), "-", pair.group(2))]
        found = _ends(Text([*text.tokens[:at], *pieces, *text.tokens[at + 1 :]]), at, frozenset({"-"}))
        return (found[0], found[1] - 2) if found else None
    if "-" in text.word(at) and read_when(text, at):  # a date by itself: 2026-11-03, 2026-w45, q3-2025
        return None
    for position in (at, at + 1):
        parts = text.word(position).split("-")
        if len(parts) == 2 and all(parts) and all(len(part) <= 9 for part in parts):
            pieces = [Token(Kind.WORD, part, fold(part)) for part in (parts[0], "-", parts[1])]
            inner = Text([*text.tokens[:position], *pieces, *text.tokens[position + 1 : position + 6]])
            found = _ends_plain(inner, at)
            if found and found[1] > position + 2:
                return found[0], found[1] - 2
        if text.word(at) not in MONTHS:
            break
    return None


def _ends_plain(text: Text, at: int) -> tuple[Constraint, int] | None:
    try:
        return _ends(text, at, frozenset({"-"}))
    except Misread:
        return None
