"""Times of day and parts of days."""

# ruff: noqa: PLR2004
# The numbers of a calendar and a clock are their own names.

from __future__ import annotations

import re
from datetime import time

from bot.query.phrases import Text
from bot.query.time.calendar import Clock, Period, shift_days
from bot.query.time.when import When, fixed, instant
from bot.query.values import Misread

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d\d))?(?::(\d\d))?(am|pm|a\.m|p\.m)?")


_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}
PARTS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 24)}
"""Parts of a day by the clock."""


def read_clock(text: Text, at: int, *, bare: bool = False) -> tuple[time, int] | None:
    """Read `9am`, `9:30`, `14:00`, `noon`, `9 o'clock`; a bare hour only where one is expected."""
    word = text.word(at)
    named = at + (word in {"12", "12:00"})  # "12:00 noon"
    if text.word(named) in _NAMED:
        return _NAMED[text.word(named)], named + 1
    match = _TIME.fullmatch(word)
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.group(1, 2, 3))
    half, end = (match.group(4) or "").replace(".", ""), at + 1
    if not half and text.word(end).replace(".", "") in {"am", "pm"}:
        half, end = text.word(end).replace(".", ""), end + 1
    hour_sign = text.word(end) in {"o'clock", "oclock", "uhr"}
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
    """Return a time of day without a day: today's, or the first one after a moment."""

    def resolve(clock: Clock, after: int | None) -> Period:
        if after is None:
            return instant(clock.named(clock.today, clock_time))
        day = clock.local(after).date()
        unix = clock.named(day, clock_time)
        return instant(unix if unix > after else clock.named(shift_days(day, 1), clock_time))

    return When(resolve, of_day=True, clock=clock_time)


def at_clock(day: When, clock_time: time, *, clock_first: bool = False) -> When:
    """Return a time on a day."""

    def resolve(clock: Clock, after: int | None) -> Period:
        period = day.resolve(clock, after)
        return instant(clock.named(clock.local(period.start).date(), clock_time))

    return When(resolve, clock=clock_time, cycle=day.cycle, on=(day, clock_time), clock_first=clock_first)


def part_of(day: When, part: str) -> When:
    """Return the morning, afternoon, evening or night of a day."""
    first, last = PARTS[part]

    def resolve(clock: Clock, after: int | None) -> Period:
        start = clock.local(day.resolve(clock, after).start).date()
        end = clock.at(start, time(last)) if last < 24 else clock.at(shift_days(start, 1))
        return Period(clock.at(start, time(first)), end)

    return When(resolve, spans=True)


TODAY = fixed(lambda clock: clock.days(clock.today), one_day=True)


YESTERDAY = fixed(lambda clock: clock.days(shift_days(clock.today, -1)), one_day=True)


SIMPLE = {
    "today": TODAY,
    "todays": TODAY,
    "yesterday": YESTERDAY,
    "yesterdays": YESTERDAY,
    "tomorrow": fixed(lambda clock: clock.days(shift_days(clock.today, 1)), one_day=True),
}


def night(back: int) -> When:
    """Return the night that began some days ago: from six in the evening to six in the morning."""
    return fixed(
        lambda clock: Period(
            clock.at(shift_days(clock.today, -back), time(18)),
            clock.at(shift_days(clock.today, 1 - back), time(6)),
        )
    )
