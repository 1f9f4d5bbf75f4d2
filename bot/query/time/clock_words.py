"""Amounts of time ("7 days", "last week") and times of day ("9am", "noon")."""

# ruff: noqa: PLR0911, PLR2004
# A reader tries one form after the other; the numbers of a calendar and a clock are their own names.

from __future__ import annotations

import re
from datetime import date, time

from bot.query.numbers import decimal, glued, read_count, read_length
from bot.query.phrases import Text
from bot.query.time.calendar import CALENDAR, UNITS, Clock, Period, shift_days, shift_months
from bot.query.time.when import THIS, Read, When, fixed, instant, unclear
from bot.query.values import Misread

_LAST_ONE = frozenset({"last", "previous", "prev", "preceding"})
_VAGUE = frozenset({"few", "several", "some"})


def calendar_unit(unit: str, back: int = 0) -> When:
    """Return a unit of the calendar: the one of now, or so many before (after, if negative)."""
    return fixed(lambda clock: _of_calendar(clock, unit, clock.today, back), unit=unit)


def _of_calendar(clock: Clock, unit: str, day: date, back: int = 0) -> Period:
    """Return the unit that a day is in, or one so many before it."""
    if unit == "hour":
        return _hour(clock)
    if unit == "day":
        return clock.days(shift_days(day, -back))
    if unit == "week":
        return clock.days(shift_days(clock.week_of(day), -7 * back), 7)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = shift_months(day.replace(month=(day.month - 1) // months * months + 1, day=1), -months * back)
    return clock.month(first.year, first.month, months)


def _hour(clock: Clock) -> Period:
    """Return the hour on the wall clock: zones may be half an hour off, and change by as much."""
    local = clock.local(clock.unix)
    start = clock.at(local.date(), time(local.hour, fold=local.fold))
    following = shift_days(local.date(), 1) if local.hour == 23 else local.date()
    ends = (start + 3600, clock.at(following, time((local.hour + 1) % 24)))
    return Period(start, min(end for end in ends if end > clock.unix))


def read_calendar(text: Text, at: int) -> Read | None:
    """Read "this week", "last year", "next month", "the week before last"."""
    word, unit = text.word(at), text.word(at + 1)
    if word in CALENDAR and text.words[at + 1 : at + 3] == ("before", "last"):
        return calendar_unit(word, 2), at + 3
    if word in THIS and unit in CALENDAR | {"hour"}:
        return calendar_unit(unit), at + 2
    if unit not in CALENDAR - {"day"} | {"fortnight"}:
        return None
    if word in _LAST_ONE and unit == "fortnight":
        return fixed(lambda clock: clock.days(shift_days(clock.today, -14), 14)), at + 2
    if word in _LAST_ONE and unit in CALENDAR:
        return calendar_unit(unit, 1), at + 2
    return (calendar_unit(unit, -1), at + 2) if word == "next" and unit in CALENDAR else None


def read_amount(text: Text, at: int) -> tuple[float, str, int] | None:
    """Read `7 days`, `24h`, `two weeks`, `a couple of hours`; returns the count, the unit and the end."""
    if text.word(at) == "half":
        unit = at + 2 if text.word(at + 1) in {"a", "an"} else at + 1
        return (0.5, UNITS[text.word(unit)], unit + 1) if text.word(unit) in UNITS else None
    found = read_amount_of(text.words[at : at + 4])
    return (found[0], found[1], at + found[2]) if found else None


def read_running(text: Text, at: int) -> Read | None:
    """Read what follows "last": `7 days`, `half hour`; "few days" is asked back."""
    if several := read_two_amounts(text, at, frozenset({"to", "or", "-"})):
        first, last, unit, end = several
        return unclear(
            f"“{first:g} to {last:g} {unit}s” may mean the last {last:g}, or that stretch: write "
            f"“last {last:g} {unit}s” or “between {first:g} and {last:g} {unit}s ago”."
        ), end
    amount = read_amount(text, at)
    length = read_length(text.words, at)
    if amount and length and length[1] > amount[2]:  # "last 1 hour 30 minutes"
        minutes, rest = divmod(length[0], 60)
        return (running(length[0], "second") if rest else running(minutes, "minute")), length[1]
    if amount:
        return running(*amount[:2]), amount[2]
    if length and ":" not in text.word(at):  # "last 1h30"
        return running(length[0] / 60, "minute"), length[1]
    counted = read_count(text.words, at)
    if counted and text.words[counted[1] : counted[1] + 2] in _WORKING_DAYS:
        return unclear(
            f"“last {counted[0]:g} {text.word(counted[1])} days” leaves weekends out, and a question asks "
            f"for one stretch of time: write “last {counted[0]:g} days”, or “since” and the day."
        ), counted[1] + 2
    vague = at + 1 if text.word(at) == "a" else at
    unit = text.word(vague + 1)
    if text.word(vague) in _VAGUE and unit in UNITS and len(unit) > 2:
        said = f"{text.word(vague)} {unit}"
        return unclear(f"“{said}” says no number: say for example “last 3 {unit}”."), vague + 2
    return None


_WORKING_DAYS = frozenset({("business", "days"), ("working", "days"), ("work", "days")})


def read_two_amounts(text: Text, at: int, joins: frozenset[str]) -> tuple[float, float, str, int] | None:
    """Read "2 to 5 days", "2-5 days", "2 days and 5 days": both counts, the unit and the end."""
    low, dash, high = text.word(at).partition("-")
    if dash:
        first, second = decimal(low), read_amount_of((high, *text.words[at + 1 : at + 2]))
        end = at
    else:
        counted = read_count(text.words, at)
        if counted is None or text.word(counted[1]) not in joins:
            return None
        first, end = counted[0], counted[1] + 1
        second = read_amount_of(text.words[end : end + 4])
    if first is None or second is None:
        return None
    return first, second[0], second[1], end + second[2]


def read_amount_of(words: tuple[str, ...]) -> tuple[float, str, int] | None:
    """Read an amount from plain words."""
    parts = glued(words[0]) if words else None
    if parts and parts[1] in UNITS:
        return parts[0], UNITS[parts[1]], 1
    counted = read_count(words, 0)
    if counted is None or counted[1] >= len(words) or words[counted[1]] not in UNITS:
        return None
    count, unit = counted[0], UNITS[words[counted[1]]]
    if unit == "fortnight":
        count, unit = count * 2, "week"
    return count, unit, counted[1] + 1


def running(count: float, unit: str) -> When:
    """Return the time from some units ago until now, and on."""
    if count <= 0:
        raise Misread(f"The last {count:g} {unit}s is no time at all: ask for at least 1.")
    return fixed(lambda clock: Period(clock.ago(count, unit), None), relative=True, clocked=unit != "second")


def ago(count: float, unit: str) -> When:
    """Return the moment some units ago."""
    return fixed(
        lambda clock: instant(clock.ago(count, unit)), spans=False, relative=True, clocked=unit != "second"
    )


def whole_ago(count: float, unit: str) -> When:
    """Return the whole day, week, month or year that the moment some units ago is in."""
    return fixed(
        lambda clock: _of_calendar(clock, unit, clock.local(clock.ago(count, unit)).date()), unit=unit
    )


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
