"""Dates within a stretch: "monday last week", "november last year", "the 3rd of last month"."""

from __future__ import annotations

import re

from bot.query.phrases import Text
from bot.query.time.calendar import CALENDAR, DAYS, MONTHS, Clock, Period, shift_days
from bot.query.time.recurring import month_of_year
from bot.query.time.units import calendar_unit, read_amount, read_calendar, whole_ago
from bot.query.time.when import Read, When, fixed

_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": 0,
}
_YEAR = re.compile(r"20\d\d")


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
    start = at + 1 if text.word(at) in {"of", "in"} or _comma(text, at) else at
    start = start + 1 if text.word(start) == "the" else start
    found = read_stretch(text, start)
    return found if found and found[0].unit == day.once_in else None


def _comma(text: Text, at: int) -> bool:
    return at < len(text) and text.tokens[at].text == ","


def read_nth(text: Text, at: int) -> Read | None:
    """Read "the first monday of november", "last day of last month"."""
    start = at + 1 if text.word(at) == "the" else at
    number, name = _ORDINALS.get(text.word(start)), text.word(start + 1)
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
    start = at + 1 if text.word(at) == "the" else at
    found = read_calendar(text, start)
    if found:
        return found if found[0].unit == "month" else None
    if text.word(start) == "month":
        return calendar_unit("month"), start + 1
    if text.word(start) not in MONTHS:
        return None
    number = MONTHS[text.word(start)]
    if _YEAR.fullmatch(text.word(start + 1)):
        year = int(text.word(start + 1))
        return fixed(lambda clock: clock.month(year, number)), start + 2
    return month_of_year(number), start + 1
