"""Reading two ends: "between 3 and 7 november", "monday to friday", "9-11am"."""

# ruff: noqa: PLR2004, RUF001
# The numbers of a calendar and a clock are their own names; people type long dashes.

from __future__ import annotations

from bot.query.phrases import Text
from bot.query.times.constraint import Constraint, Role
from bot.query.times.dates import dated
from bot.query.times.hours import at_clock, read_clock, time_of_day
from bot.query.times.recurring import day_of_year
from bot.query.times.spans import read_when
from bot.query.times.when import MONTHS, Read, When, on_date, real_date
from bot.query.tokens import Kind, Token, fold
from bot.query.values import Misread

_TO = frozenset({"to", "until", "till", "through", "thru", "-", "–", "—"})


def the(text: Text, at: int) -> int:
    """Return the position after "the", unless it begins "the day before yesterday"."""
    return at + 1 if text.word(at) == "the" and text.word(at + 1) != "day" else at


def between(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read the rest of "between 3 and 7 november", "between 9am and noon"."""
    return _ends(text, at, frozenset({"and", "&", "to", "-"}))


def read_range(text: Text, at: int, *, after_from: bool) -> tuple[Constraint, int] | None:
    """Read "3-7 november", "2026-11-03..2026-11-07", "monday to friday", "nov 1 until nov 15"."""
    found = _ends(text, at, _TO)
    if found and not after_from and found[0].to and found[0].to.of_day and not found[0].when.of_day:
        return None  # "yesterday until noon" is a day and a time on it
    return found


def _ends(text: Text, at: int, joins: frozenset[str]) -> tuple[Constraint, int] | None:
    """Read two ends with a word between them; the first may lack what the second says (month, year)."""
    split = _dash_split(text, at)
    if split is not None:
        return split
    first_end = the(text, at)
    short = _number(text, first_end)
    if short is not None:  # "3 and 7 november", "9 and 11am"
        joined = _join(text, first_end + 1, joins)
        if joined is not None:
            borrowed = _borrow(text, short, first_end, joined)
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
    return Constraint(Role.RANGE, _on_its_day(found[0], second[0]), second[0]), second[1]


def _on_its_day(first: When, second: When) -> When:
    """Return the near end with the day of the far one: "between 3pm and 5pm yesterday"."""
    if first.of_day and first.clock is not None and second.on is not None:
        return at_clock(second.on[0], first.clock)
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
            return time_of_day(clocked[0]), clocked[1]
    month = next((MONTHS[w] for w in text.words[first_at : first[1]] if w in MONTHS), None)
    if month is not None and found is None:
        return dated(text, number, month, at + 1)
    return found


def _number(text: Text, at: int) -> int | None:
    """Return the day or hour a short number is (`3`, `3rd`)."""
    word = text.word(at).removesuffix("st").removesuffix("nd").removesuffix("rd").removesuffix("th")
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= 2 else None


def _join(text: Text, at: int, joins: frozenset[str]) -> int | None:
    if text.word(at) in joins or (
        at < len(text) and text.tokens[at].kind is Kind.MARK and text.tokens[at].text in {"..", "-", "–", "—"}
    ):
        return at + 1
    return None


def _borrow(text: Text, number: int, at: int, second_at: int) -> tuple[Constraint, int] | None:
    """Return a range whose first end is a bare number: it takes its month or half of day from the second."""
    second = read_when(text, the(text, second_at))
    if second is None:
        return None
    end_words = text.words[second_at : second[1]]
    month = next((MONTHS[w] for w in end_words if w in MONTHS), None)
    end = read_clock(text, the(text, second_at))
    if end is not None and (second[0].of_day or second[0].on is not None):
        clocked = read_clock(text, at, bare=True)
        if clocked is None:
            return None
        start = clocked[0]
        afternoon = end[0].hour >= 12 and any("pm" in w for w in end_words)
        if afternoon and start.hour < 12 and start.hour + 12 <= end[0].hour:
            start = start.replace(hour=start.hour + 12)
        return Constraint(Role.RANGE, _on_its_day(time_of_day(start), second[0]), second[0]), second[1]
    if month is None or second[0].spans:
        return None
    year = next((int(w) for w in end_words if len(w) == 4 and w.isdecimal()), None)
    if year is not None:
        return Constraint(Role.RANGE, on_date(real_date(year, month, number)), second[0]), second[1]
    real_date(2024, month, number)
    return Constraint(Role.RANGE, day_of_year(number, month), second[0]), second[1]


def _dash_split(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read one word with a dash in it: "3-7 november", "november 3-7", "9-11am", "mon-fri"."""
    if "-" in text.word(at) and read_when(text, at):  # a date by itself: 2026-11-03, 2026-w45, q3-2025
        return None
    for position in (at, at + 1):
        word = text.word(position).replace("–", "-").replace("—", "-")
        parts = word.split("-")
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
