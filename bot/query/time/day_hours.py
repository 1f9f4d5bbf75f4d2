"""Two hours of one day: "yesterday from 9 to 5", "monday 9-17", "9:00 to 17:00 on 3 november"."""

# ruff: noqa: PLR2004
# The numbers of a clock are their own names.

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time

from bot.query.numbers import WORDS
from bot.query.phrases import Text
from bot.query.time.calendar import MONTHS, UNITS
from bot.query.time.clock_words import PARTS, TODAY, at_clock, read_clock, time_of_day
from bot.query.time.dates import after_comma, read_day, skip
from bot.query.time.when import THIS, Constraint, Role, When, unclear
from bot.query.tokens import Kind, Token, fold

DASHES = frozenset({"-", "–", "—"})  # noqa: RUF001 - what phones type
TO = frozenset({"to", "until", "till", "til", "through", "thru", "-"})
_H = re.compile(r"(\d{1,2})h(\d\d)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d\d)")
_WRITTEN = {
    word: number for word, number in WORDS.items() if number <= 12 and len(word) > 2 and word != "couple"
}
_NO_HOUR_BEFORE = UNITS.keys() | MONTHS.keys() | {"star", "stars", "percent", "%", "or", "of"}
"""What makes a number before it no hour: "5 to 10 minutes", "3 to 7 november"."""
LONGEST_CALL = 6
"""Hours that no call lasts: "between 9h and 17h" are times of day, "between 1h and 2h" are lengths."""


@dataclass(frozen=True, slots=True)
class Hour:
    """One end as written."""

    clock: time
    end: int
    bare: bool = False
    """A number from 1 to 12 alone, which may be in the morning or in the afternoon."""
    said: bool = False
    """Its half of the day is said: 9am, noon."""
    named: bool = False
    """Nothing but a time of day is written like that."""
    by_h: bool = False
    """Written as 9h, which may also be a length."""


def _hour(text: Text, at: int) -> Hour | None:
    word = text.word(at)
    if match := _H.fullmatch(word):
        hour, minute = int(match.group(1)), int(match.group(2) or 0)
        valid = hour <= 24 and minute <= 59
        return Hour(time(hour % 24, minute), at + 1, by_h=True) if valid else None
    if found := read_clock(text, at):
        half = not word[-1:].isdecimal() or found[1] > at + 1
        return Hour(found[0], found[1], said=half, named=True)
    if match := _DOTTED.fullmatch(word):
        hour, minute = int(match.group(1)), int(match.group(2))
        return Hour(time(hour, minute), at + 1) if hour < 24 and minute < 60 else None
    number = int(word) if word.isascii() and word.isdecimal() and len(word) <= 2 else _WRITTEN.get(word, 99)
    if number > 24 or text.word(at + 1) in _NO_HOUR_BEFORE:
        return None
    return Hour(time(number % 24), at + 1, bare=1 <= number <= 12)


def read_hours(text: Text, at: int, joins: frozenset[str]) -> tuple[Hour, Hour, int] | None:
    """Read "9:00 to 17:00", "9 to 5", "9-17": two hours with a word or a dash between them."""
    split = _split(text, at)
    if split is not None:
        found = read_hours(split, at, frozenset({"-"}))
        return (found[0], found[1], found[2] - 2) if found else None
    first = _hour(text, at)
    if first is None or not is_join(text, first.end, joins):
        return None
    last = _hour(text, first.end + 1)
    if last is None:
        return None
    lengths = (first.by_h or last.by_h) and not (first.named or last.named)
    if lengths and max(first.clock.hour, last.clock.hour) < LONGEST_CALL:
        return None
    return first, last, last.end


def is_join(text: Text, at: int, joins: frozenset[str]) -> bool:
    """Whether a word or a mark that joins two ends stands here."""
    if text.word(at):
        return text.word(at) in joins
    return at < len(text) and text.tokens[at].kind is Kind.MARK and text.tokens[at].text in DASHES | {".."}


def _split(text: Text, at: int) -> Text | None:
    """Return the text with a word such as "9-17" as three."""
    first, dash, last = text.word(at).partition("-")
    if not (dash and first[:1].isdecimal() and last[:1].isdecimal() and len(first) <= 7 and len(last) <= 7):
        return None
    pieces = [Token(Kind.WORD, part, fold(part)) for part in (first, "-", last)]
    return Text([*text.tokens[:at], *pieces, *text.tokens[at + 1 : at + 4]])


def settle_hours(first: Hour, last: Hour) -> tuple[time, time] | str:
    """Return the two times meant, or what to ask back: 9 to 5 ends in the afternoon, 3 to 5 may be either."""
    start, end = first.clock, last.clock
    evening = last.said and not first.said and start.hour < 12
    if evening and end == time() and first.bare:
        start = start.replace(hour=start.hour + 12)  # "9 to midnight"
    elif evening and end.hour >= 12:
        later = start.replace(hour=start.hour + 12)  # "3 to 5pm"
        start = later if later < end else start
    elif last.bare and start >= end and end.hour + 12 > start.hour:
        end = end.replace(hour=(end.hour + 12) % 24)  # "9 to 5", "9am to 5"
    elif (first.bare or last.bare) and not first.said and 1 <= start.hour <= 7 and start < end < time(12):
        late = [clock.replace(hour=clock.hour + 12) for clock in (start, end)]
        return (
            f"“{_said(first)} to {_said(last)}” could be in the morning or in the afternoon: "
            f"write “from {start:%H:%M} to {end:%H:%M}” or “from {late[0]:%H:%M} to {late[1]:%H:%M}”."
        )
    return start, end


def _said(hour: Hour) -> str:
    return str(hour.clock.hour) if hour.bare else f"{hour.clock:%H:%M}"


def hours_on_day(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read a day and its hours: "yesterday from 9 to 5", "on 3 november between 9:00 and 12:00"."""
    day = (TODAY, at + 1) if text.word(at) in THIS and text.word(at + 1) in PARTS else read_day(text, at)
    if day is None or (day[0].spans and not day[0].one_day):
        return None
    part = text.word(day[1]) if text.word(day[1]) in PARTS else ""
    start = day[1] + 1 if part else day[1]
    start = after_comma(text, start)
    if not part and (beside := _beside_hour(text, day[0], start)):
        return beside
    joins = TO
    if text.word(start) in {"between", "btw"}:
        start, joins = start + 1, TO | {"and", "&"}
    else:
        start = skip(text, start, "from", "at")
    found = read_hours(text, start, joins)
    if found is None:
        return None
    first, last = (in_part(hour, part) for hour in found[:2])
    return _on(day[0], first, last), found[2]


def in_part(hour: Hour, part: str) -> Hour:
    """Return an hour in the half of the day that was named: "yesterday evening from 6 to 8"."""
    if part not in PARTS or hour.said:
        return hour
    late = PARTS[part][0] >= 12 and hour.clock.hour < 12
    clock = hour.clock.replace(hour=hour.clock.hour + 12) if late else hour.clock
    return replace(hour, clock=clock, bare=False)


_BESIDE = {
    "after": Role.AFTER,
    "since": Role.SINCE,
    "before": Role.BEFORE,
    "until": Role.UNTIL,
    "till": Role.UNTIL,
}


def _beside_hour(text: Text, day: When, at: int) -> tuple[Constraint, int] | None:
    """Read the rest of "yesterday after 9": that day's hours from nine on."""
    role, hour = _BESIDE.get(text.word(at)), lone_hour(text, at + 1)
    if role is None or hour is None:
        return None
    reason = which_half(hour)
    when = unclear(reason) if reason else at_clock(day, hour.clock, clock_first=True)
    return Constraint(Role.AFTER if role is Role.SINCE else role, when), hour.end


def hours_of_day(text: Text, at: int, joins: frozenset[str]) -> tuple[Constraint, int] | None:
    """Read hours and their day, "9 to 5 yesterday"; without one what can be nothing else, "9:00-17:00"."""
    found = read_hours(text, at, joins)
    if found is None:
        return None
    first, last, end = found
    day = read_day(text, skip(text, end, "on", "of"))
    if day and (day[0].one_day or not day[0].spans):
        return _on(day[0], first, last), day[1]
    if not (first.named or last.named or first.by_h or last.by_h):
        return None
    times = settle_hours(first, last)
    if isinstance(times, str):
        return Constraint(Role.RANGE, unclear(times), unclear(times)), end
    return Constraint(Role.RANGE, time_of_day(times[0]), time_of_day(times[1])), end


def numbers_of_what(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Ask back about "between 9 and 5", which says neither a day nor a unit."""
    found = read_hours(text, at, TO | {"and", "&"})
    if found is None or not (found[0].bare and found[1].bare):
        return None
    first, last = (hour.clock.hour for hour in found[:2])
    reason = (
        f"“{first} and {last}” of what? Write hours as “between {first:02}:00 and {last:02}:00”, "
        f"a length as “between {min(first, last)} and {max(first, last)} minutes”."
    )
    return Constraint(Role.WITHIN, unclear(reason)), found[2]


def _on(day: When, first: Hour, last: Hour) -> Constraint:
    times = settle_hours(first, last)
    if isinstance(times, str):
        return Constraint(Role.RANGE, unclear(times), unclear(times))
    overnight = times[0].hour >= 18 and time() < times[1] <= time(12)
    far = time_of_day(times[1]) if overnight else at_clock(day, times[1])  # "monday 10pm to 2am"
    return Constraint(Role.RANGE, at_clock(day, times[0]), far)


def lone_hour(text: Text, at: int) -> Hour | None:
    """Read an hour where a day beside it says that it is one: 9, 17, 15h, nine."""
    hour = _hour(text, at)
    return None if hour is None or hour.named else hour


def which_half(hour: Hour) -> str | None:
    """Return what to ask back about an hour alone; from 8 on it is what a clock shows."""
    if not hour.bare or hour.clock.hour > 7:
        return None
    number = hour.clock.hour
    return (
        f"“{number}” could be in the morning or in the afternoon: write “{number}am” or “{number + 12}:00”."
    )
