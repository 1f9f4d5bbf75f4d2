"""One table of rules for phrases of time, by the kind of thing they name.

A pattern stands for what is made of its slots; a slot such as {when} is a time of that kind, others stand in
`time_slots`. Without a function it stands for its slot; text is what is asked back. The longest pattern
holds; of equal ones the first of which something is made.
"""

# ruff: noqa: PLR2004
# The numbers of a calendar and a clock are their own names.

from __future__ import annotations

from collections.abc import Callable
from datetime import time

from bot.query.time.calendar import CALENDAR
from bot.query.time.settle import Constraint, Role
from bot.query.time.time_slots import PARTS, Hour, coded, dated, later
from bot.query.time.when import (
    TODAY,
    When,
    ago,
    at_clock,
    calendar_unit,
    day_of_month,
    day_of_year,
    days_beside,
    days_from_today,
    days_of,
    edge,
    fixed,
    half,
    hours_of,
    instant,
    iso_week,
    months_of_year,
    moved,
    nth_day,
    on_weekday,
    running,
    time_of_day,
    weekday,
    within,
)
from bot.query.values import Misread

Rules = dict[str, When | Role | str | Callable[..., object] | None]
Amount = tuple[float, str]

_LAST_ONE = "last|previous|prev|prior|preceding"
_LAST = f"{_LAST_ONE}|past"
_THIS = "this|current"
_FULL = "full|complete|whole|calendar|entire"
_WORKING = "business|working|work"

# --- days and stretches ---


def _inside(part: When, stretch: When) -> When | None:
    return within(part, stretch) if part.once_in and part.once_in == stretch.unit else None


def _whole_ago(amount: Amount) -> When | None:
    whole = ago(*amount).whole
    return whole if whole and whole.unit != "day" else None


def _week_around(day: When) -> When:
    return moved(day, lambda clock, on: clock.unit("week", clock.local(on.start).date()), "week")


def _month_that_is_over(month: int) -> When:
    """Return "last november", which in November is a year ago."""
    return fixed(lambda clock: clock.months(clock.now.year - (month >= clock.now.month), month), "month")


_LAST_WORKING_DAY = days_from_today(lambda today: -1 - max(0, (today - 1) % 7 - 4), unit="day")

PLAIN: Rules = {
    "today|todays": TODAY,
    "yesterday|yesterdays|yest": calendar_unit("day", 1),
    "tomorrow": calendar_unit("day", -1),
    "[the] day before yesterday": calendar_unit("day", 2),
    "{weekday}": weekday,
    f"{_LAST} {{weekday}}": lambda n: days_from_today(lambda today: -((today - n) % 7 or 7)),
    f"{_THIS} {{weekday}}": lambda n: within(weekday(n), calendar_unit("week")),
    "next {weekday}": lambda n: days_from_today(lambda today: (n - today) % 7 or 7),
    f"[{_LAST}|{_THIS}|next] {{weekday}} [{{comma}}] {{sure_date}}": on_weekday,
    "{date_of_year}": None,
    "[the] {which} {weekday} of|in {whole}": nth_day,
    "[the] {which} day of|in {whole}": lambda which, whole: nth_day(which, None, whole),
    f"{_LAST} workday {{not_of}}": _LAST_WORKING_DAY,
    f"{_LAST} {_WORKING} day {{not_of}}": _LAST_WORKING_DAY,
    f"{_LAST} {_WORKING} week": days_from_today(lambda today: -today - 7, 5, "span"),
    "[the] first {count} days of|in {whole}": lambda count, whole: days_of(count, whole, last=False),
    "[the] last {count} days of|in {whole}": lambda count, whole: days_of(count, whole, last=True),
    "[the] week commencing|beginning|starting|from [on] {day}": lambda day: days_beside(day, 0),
    "w/c {day}": lambda day: days_beside(day, 0),
    "w/e {day}": lambda day: days_beside(day, -6),
    "[the] week ending|to [on] {day}": lambda day: days_beside(day, -6),
    f"{_THIS} {{unit}}": calendar_unit,
    **{f"{_THIS} {unit}s": calendar_unit(unit) for unit in sorted(CALENDAR)},  # as people type "this week's"
    f"{_THIS} hour": calendar_unit("hour"),
    f"{_LAST_ONE} [{_FULL}] {{longer_unit}}": lambda unit: calendar_unit(unit, 1),
    "next {longer_unit}": lambda unit: calendar_unit(unit, -1),
    "[the] {unit} before last": lambda unit: calendar_unit(unit, 2),
    **{
        f"{_LAST} {unit}s": f"“{{said}}” may be one {unit} or more: write “last {unit}” or “last 2 {unit}s”."
        for unit in sorted(CALENDAR - {"day"})
    },
    f"{_LAST_ONE} fortnight": days_from_today(lambda _today: -14, 14, "span"),
    "{month}": lambda month: months_of_year(month, 1),
    "{month} [of] {year}": lambda month, year: months_of_year(month, 1, year),
    f"{_LAST} {{month}}": _month_that_is_over,
    f"{_THIS} {{month}}": lambda month: within(months_of_year(month, 1), calendar_unit("year")),
    "[the] {ordinal} quarter [{year_after}]": lambda n, year=None: months_of_year(n * 3 - 2, 3, year),
    "{code} [{year_after}]": coded,
    "{year} {code}": lambda year, code: coded(code, year),
    "{year}": lambda year: months_of_year(1, 12, year),
    "[calendar] week|wk|kw|cw {week_number} [{year_after}]": iso_week,
    "{week_word} [{year_after}]": iso_week,
    "[the] weekend": weekday(5, 2),
    f"{_LAST} weekend": days_from_today(lambda today: -((today - 5) % 7) - 7 * (today >= 5), 2, "span"),
    f"{_THIS}|next weekend": days_from_today(lambda today: 5 - today, 2, "span"),
    "wtd": calendar_unit("week"),
    "mtd": calendar_unit("month"),
    "qtd": calendar_unit("quarter"),
    "ytd": calendar_unit("year"),
    "[the] {longer_unit} to date": calendar_unit,
    "[the] week of {day}": _week_around,
    "{amount} ago today": lambda amount: moved(
        ago(*amount), lambda clock, at: clock.day_of(at.start), "date"
    ),
    "[the] {ordinal} half of {whole}": half,
    "[the] {ordinal} half {same_whole}": half,
}
"""A day or a stretch by itself."""
DATE_OF_YEAR: Rules = {
    "{date}": None,
    "[the] {day_number} [of] {month} [{year_after}]": dated,
    "[the] {nth} of|in {month} [{year_after}]": dated,
    "[the] {ordinal} of {month} [{year_after}]": dated,
    "{month} [the] {no_clock} {day_number} [{year_after}]": lambda month, day, year=None: dated(
        day, month, year
    ),
    "[the] {nth} {no_quarter}": day_of_month,
    "[the] {after_the} {ordinal}": day_of_month,
}
NAMED: Rules = {
    "{plain}": None,
    "{sure_plain} [{comma}] [of|in] {container}": _inside,
    "{container} [on|in] [the] {sure_plain}": lambda stretch, part: _inside(part, stretch),
}
"""A day or a stretch, also with the longer one that it lies in: "monday last week"."""
CONTAINER: Rules = {
    "[the] {plain}": lambda plain: plain if plain.unit in CALENDAR - {"day"} else None,
    "{amount} ago": _whole_ago,
}
WHOLE: Rules = {
    "[the] {unit}": calendar_unit,
    "[the] {named}": lambda named: named if named.unit else None,
}
"""What stands after "end of": a unit of the calendar alone is the one of now."""

# --- any time ---


def _in_part(day: When, part: str = "") -> tuple[When, str]:
    return day, part


def at_hour(day: When, part: str, hour: Hour, *, clock_first: bool = True) -> When:
    """Return an hour of a day, or of a part of it; from 8 on it is what a clock shows."""
    hour = hour.in_part(part)
    number = hour.clock.hour
    if hour.bare and number <= 7:
        raise Misread(
            f"“{number}” could be in the morning or in the afternoon: "
            f"write “{number}am” or “{number + 12}:00”."
        )
    return at_clock(day, hour.clock, clock_first=clock_first)


def _last_or_ago(first: float, amount: Amount) -> When:
    last, unit = amount
    raise Misread(
        f"“{first:g} to {last:g} {unit}s” may mean the last {last:g}, or that stretch: write "
        f"“last {last:g} {unit}s” or “between {first:g} and {last:g} {unit}s ago”."
    )


DAY_PART: Rules = {
    "{day} [{part}]": _in_part,
    "{day} in|during [the] {part}": _in_part,
    "{part} [of|on] [the] {day}": lambda part, day: (day, part),
    "{plain} {part} [of|in] {container}": lambda day, part, stretch: (
        (found := _inside(day, stretch)) and _in_part(found, part)
    ),
    f"{_THIS} {{part}}": lambda part: (TODAY, part),
}
"""A day, and the morning, afternoon, evening or night of it that may be named."""
_VAGUE = (
    "“{said}” may be meant in several ways: write the days or the hours, such as "
    "“monday to wednesday last week” or “yesterday from 21:00 to 23:00”."
)
WHEN: Rules = {
    "{named}": None,
    "now": fixed(lambda clock: instant(clock.unix), "", clocked=True),
    "{clock}": lambda hour: time_of_day(hour.clock),
    "{clock} [on] [the] {day_part}": lambda hour, day: at_clock(day[0], hour.clock, clock_first=True),
    "{day} [{comma}] [at] {clock}": lambda day, hour: at_clock(day, hour.clock),
    "{day} at {lone_hour}": lambda day, hour: at_hour(day, "", hour, clock_first=False),
    "{plain} [{comma}] [at] {clock} [of|in] {container}": lambda day, hour, stretch: (
        (found := _inside(day, stretch)) and at_clock(found, hour.clock)
    ),
    "{day_part}": lambda day: hours_of(day[0], *PARTS[day[1]]) if day[1] else None,
    "{day} am": lambda day: hours_of(day, 0, 12),
    "{day} pm": lambda day: hours_of(day, 12, 24),
    f"{_THIS} am": hours_of(TODAY, 0, 12),
    f"{_THIS} pm": hours_of(TODAY, 12, 24),
    "tonight": hours_of(TODAY, 18, 30),
    "last night": hours_of(calendar_unit("day", 1), 18, 30),
    "{amount} ago|back": lambda amount: ago(*amount),
    "{amount} before now|today": lambda amount: ago(*amount),
    f"{_LAST} {{units}}": lambda unit: running(1, unit),
    f"{_LAST} {{amount}}": lambda amount: running(*amount),
    f"{_LAST} {{length}}": lambda amount: running(*amount),
    "[the] beginning|start of {whole}": lambda whole: edge(whole, end=False),
    "[the] end of {whole}": lambda whole: edge(whole, end=True),
    f"{_LAST} {{count}} to|or|- {{amount}}": _last_or_ago,
    f"{_LAST} {{count}} {_WORKING} days": (
        "“{said}” leaves weekends out, and a question asks for one stretch of time: "
        "write “last {0:g} days”, or “since” and the day."
    ),
    f"{_LAST} [a] few|several|some {{unit_name}}": "“{said}” says no number: say for example “last 3 {0}”.",
    "[the] same|this time|day|week|month|quarter last week|month|quarter|year": (
        "“{said}” may be meant in several ways: name the time, such as “november 2025” or “week 47 of 2025”."
    ),
    "early [-] {month_name}": "“early {0}” says no days: name them, such as “between 1 and 10 {0}”.",
    "mid [-] {month_name}": "“mid {0}” says no days: name them, such as “between 10 and 20 {0}”.",
    "late [-] {month_name}": "“late {0}” says no days: name them, such as “between 20 and 28 {0}”.",
    "earlier {when}": None,
    "early|mid|late [-] [in|on] [the] {when}": _VAGUE,
    "{day} early|late [in] [the] {part}": _VAGUE,
    **{
        f"[the] {which} week of|in {{month_name}}": (
            f"“{{said}}” may be seven days or a week of the calendar: "
            f"write “between {day} and {day + 6} {{0}}” or “week of {day} {{0}}”."
        )
        for which, day in (("first|1st", 1), ("second|2nd", 8), ("third|3rd", 15), ("fourth|4th|last", 22))
    },
}
MOMENT: Rules = {
    "{when}": None,
    "{lone_hour} [on] [the] {day_part}": lambda hour, day: at_hour(day[0], day[1], hour),
}
"""What may follow "since", "until", "before" and "after": also an hour in digits, "9 yesterday"."""

# --- two ends ---

_LONGEST_CALL = 6
"""Hours that no call lasts: "between 9h and 17h" are times of day, "between 1h and 2h" are lengths."""


def _range(first: When, last: When) -> Constraint:
    return Constraint(Role.RANGE, first, last)


def _two_hours(first: Hour, last: Hour) -> tuple[time, time] | None:
    """Return the two times meant: 9 to 5 ends in the afternoon. Raises Misread for 3 to 5: it is either."""
    start, end = first.clock, last.clock
    if (first.by_h or last.by_h) and not (first.named or last.named) and max(start, end).hour < _LONGEST_CALL:
        return None
    evening = last.said and not first.said and start.hour < 12
    if evening and end == time() and first.bare:
        start = later(start)  # "9 to midnight"
    elif evening and end.hour >= 12:
        start = later(start) if later(start) < end else start  # "3 to 5pm"
    elif last.bare and start >= end and end.hour + 12 > start.hour:
        end = later(end)  # "9 to 5", "9am to 5"
    elif (first.bare or last.bare) and not first.said and 1 <= start.hour <= 7 and start < end < time(12):
        raise Misread(
            f"“{first.words} to {last.words}” could be in the morning or in the afternoon: write "
            f"“from {start:%H:%M} to {end:%H:%M}” or “from {later(start):%H:%M} to {later(end):%H:%M}”."
        )
    return start, end


def _hours_of_day(day: tuple[When, str], first: Hour, last: Hour) -> Constraint | None:
    times = _two_hours(first.in_part(day[1]), last.in_part(day[1]))
    if times is None:
        return None
    start, end = times
    overnight = start.hour >= 18 and time() < end <= time(12)  # "monday 10pm to 2am"
    return _range(at_clock(day[0], start), time_of_day(end) if overnight else at_clock(day[0], end))


def _hours(first: Hour, last: Hour) -> Constraint | None:
    """Return hours without a day, if they can be nothing else: "9:00-17:00"."""
    times = _two_hours(first, last) if any(h.named or h.by_h for h in (first, last)) else None
    return times and _range(*map(time_of_day, times))


def _ago_to_ago(first: float, amount: Amount) -> Constraint:
    """Return "2 to 5 days ago": whole days, weeks and months; of hours and minutes the time between."""
    near, far = (ago(count, amount[1]) for count in sorted((first, amount[0])))
    return _range(far.whole or far, near.whole or near)


def _two_ends(first: When, last: When) -> Constraint:
    """Return a range, the near end in the day, week or month that the far one is said to be in.

    "Between 3pm and 5pm yesterday", "monday to friday last week"; a year is left to the dates, since
    "20 december to 5 january last year" begins in the one before.
    """
    if first.clock and first.of_day and not last.of_day:  # "9am until now"
        return _range(at_clock(last.day or TODAY, first.clock), last)
    if last.inside is not None and first.once_in == last.inside.unit != "year":
        return _range(within(first, last.inside), last)
    return _range(first.whole or first if last.spans else first, last)


def _to_hour(first: When, last: Hour) -> Constraint | None:
    """Return "monday 9am to 5": the hour is in the afternoon if only so it comes after the first."""
    start, end = first.clock, last.clock
    if start and last.bare and end <= start and end.hour + 12 > start.hour:
        end = later(end)
    return _range(first, time_of_day(end)) if start else None


def _same_month(day: int, last: When) -> Constraint:
    """Return "3 to 7 november": the near end takes its month from the far one."""
    return _range(day_of_year(day, last.month), last)


def _to_same_month(first: When, day: int, year: int | None = None) -> Constraint | None:
    return _range(first, dated(day, first.month, year)) if first.month else None


def _ends(join: str) -> Rules:
    """Return the rules of two ends with a word between them; the first may lack what the second says."""
    return {
        f"{{hour}} {join} {{hour2}} [on|of] {{day}}": lambda *hours: _hours_of_day(
            (hours[2], ""), *hours[:2]
        ),
        f"{{day_part}} [{{comma}}] [from|at] {{hour}} {join} {{hour2}}": _hours_of_day,
        f"{{hour}} {join} {{hour2}}": _hours,
        f"{{count}} {join} {{amount}} ago": _ago_to_ago,
        f"{{amount}} {join} {{amount2}} ago": lambda first, amount: _ago_to_ago(first[0], amount),
        f"[the] {{day_number}} {join} [the] {{dated}}": _same_month,
        f"{{when}} {join} [the] {{day_number}} [{{year_after}}]": _to_same_month,
        f"{{when}} {join} {{hour}}": _to_hour,
        f"{{when}} {join} [the] {{when2}}": _two_ends,
    }


TO = "to|until|till|til|through|thru|-"
AND = f"and|&|{TO}"
TWO_ENDS = _ends(TO) | {
    f"{{day_part}} [{{comma}}] between|btw {{hour}} {AND} {{hour2}}": _hours_of_day,
    f"{_LAST} {{count}} {_FULL} {{units}}": lambda count, unit: (
        _range(calendar_unit(unit, int(count)), calendar_unit(unit, 1)) if unit in CALENDAR else None
    ),
}
BETWEEN = _ends(AND)
KINDS: dict[str, Rules] = {
    "date_of_year": DATE_OF_YEAR,
    "sure_date": {"{date_of_year}": None},
    "plain": PLAIN,
    "sure_plain": {"{plain}": None},
    "named": NAMED,
    "container": CONTAINER,
    "whole": WHOLE,
    "day": {"{named}": lambda named: named if named.is_day else None},
    "dated": {"{when}": lambda when: when if when.is_day and when.month else None},
    "day_part": DAY_PART,
    "when": WHEN,
    "stretch": {"{when}": lambda when: when if when.spans or when.whole else None},
    "moment": MOMENT,
    "running": {"{amount}": lambda amount: running(*amount)},
    "two_ends": TWO_ENDS,
    "between": BETWEEN,
}
"""What names times, by the slot that it stands in."""
