"""Reading a time of any kind: a clock time, a day, a stretch, or one of them within another."""

# ruff: noqa: PLR0911
# A reader tries one form after the other.

from __future__ import annotations

from bot.query.phrases import Text
from bot.query.time.calendar import MONTHS, UNITS, Clock, Period, shift_days
from bot.query.time.dates import read_day, skip
from bot.query.time.day_hours import in_part, lone_hour, which_half
from bot.query.time.hours import PARTS, TODAY, at_clock, night, part_of, read_clock, time_of_day
from bot.query.time.named import read_named_span, read_week_of_month
from bot.query.time.recurring import month_of_year, weekend
from bot.query.time.units import ago, read_amount, read_calendar, read_running, running
from bot.query.time.when import LAST, THIS, Read, When, fixed, instant, unclear, within
from bot.query.time.within import read_inside, read_nth, read_stretch


def _read_relative(text: Text, at: int) -> Read | None:
    """Read this, last and next: week, month, quarter, year, weekend, and `last 7 days`, `7 days ago`."""
    word, following = text.word(at), text.word(at + 1)
    if word in THIS | LAST | {"next"} and following == "weekend":
        return weekend(last=word in LAST, this=word in THIS or word == "next"), at + 2
    if word in THIS | LAST and following in MONTHS:
        return month_of_year(MONTHS[following], over=word in LAST, this_year=word in THIS), at + 2
    if word in LAST and (back := _working_day(text, at + 1)):
        return fixed(_last_working_day, one_day=True), back
    if weeks := read_week_of_month(text, at):
        return weeks
    if stretch := read_calendar(text, at):
        return stretch
    if word in LAST and following in UNITS and len(following) > 2:  # noqa: PLR2004 - "last m" is no minute
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
    return read_named_span(text, at, read_when)


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
    comma = end < len(text) and text.tokens[end].text == "," and read_clock(text, end + 1) is not None
    at_sign = end + 1 if comma else skip(text, end, "at")
    clocked = read_clock(text, at_sign)
    if clocked:
        return at_clock(day, clocked[0]), clocked[1]
    bare = lone_hour(text, at_sign) if at_sign > end else None
    if bare is None:
        return day, end
    reason = which_half(bare)
    return (unclear(reason) if reason else at_clock(day, bare.clock)), bare.end
