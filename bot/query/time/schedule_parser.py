"""When a saved question runs: "every monday 9:00", "monthly on the 1st", in a zone, across clock changes."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.model import WEEKDAYS
from bot.query.time.calendar import DAYS
from bot.query.time.zones import PATTERN as ZONE_PATTERN
from bot.query.time.zones import zone_called
from bot.query.tokens import fold
from bot.query.values import Misread

EVERY_DAY = frozenset(range(7))
WORKDAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})
_MORNING = time(9)
"""When only the days are named."""

_DAYS: dict[str, frozenset[int]] = {
    "day": EVERY_DAY,
    "morning": EVERY_DAY,
    "weekday": WORKDAYS,
    "workday": WORKDAYS,
    "weekend": WEEKEND,
    **{word: frozenset({number}) for word, number in DAYS.items()},
}
_DAY = rf"(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})s?"
_TO = r"\s*(?:-|–|to|through|thru|until|till)\s*"  # noqa: RUF001 - phones type it
_AND = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)"
_LIST = rf"{_DAY}(?:{_TO}{_DAY})?(?:{_AND}(?:every\s+|on\s+)?{_DAY})*"
_SPAN = re.compile(rf"({_DAY}){_TO}({_DAY})")
_PLURALS = rf"(?:{'|'.join(sorted({*DAYS, 'weekday', 'weekend'}, key=len, reverse=True))})s"
_DATE = r"(?:the\s+)?(?P<{}>first|last|\d{{1,2}})(?:st|nd|rd|th)?(?:\s+day)?"
_DAYS_WORDS = (
    rf"(?:(?:every|each)\s+month|(?P<monthly>monthly))(?:\s+on\s+{_DATE.format('date')})?"
    rf"|(?:on\s+)?{_DATE.format('date_of')}\s+of\s+(?:every|each)\s+month"
    rf"|(?:every|each)\s+(?P<every>{_LIST})|(?P<daily>daily)"
    rf"|(?P<week>weekly|(?:every|each)\s+week)(?:(?:\s+on)?\s+(?P<weekly>{_LIST}))?"
    rf"|(?:on\s+)?(?P<plural>{_PLURALS}(?:{_AND}{_PLURALS})*)"
)
_TIME_WORDS = (
    r"(?:at\s+)?(?:(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?(?:\s*(?:h|uhr|o'clock))?"
    r"|(?P<name>noon|midday|midnight))"
)
_AT = rf"{_TIME_WORDS}(?:\s+(?P<zone>{ZONE_PATTERN}))?"
PATTERN = rf"(?:{_DAYS_WORDS})(?:\s*,?\s+{_AT})?(?=\s|$|[.,;!])"
"""How a schedule is said; matched without regard to case."""
_SCHEDULE = re.compile(PATTERN, re.IGNORECASE)
_TIME_ALONE = re.compile(_AT, re.IGNORECASE)
_OF_THE_MONTH = re.compile(r"\bof\s+(?:the|a)\s+month\b", re.IGNORECASE)
_CLOCK_HALF = 12
_LAST_DATE = 31


class NoScheduleError(ValueError):
    """Words that say no schedule. The text is for people: the reason and a next step."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Days of the week (0 is Monday), or one of the month, and a time of day."""

    days: frozenset[int]
    at: time
    zone_name: str = ""
    """The zone that was named; else it is the owner's."""
    month_day: int = 0
    """The day of the month, 0 for none; in a month that has no such day it is the last."""

    def words(self) -> str:
        """Say it; `read_schedule` reads it back as the same."""
        named = {EVERY_DAY: "day", WORKDAYS: "weekday", WEEKEND: "weekend"}.get(self.days)
        if self.month_day:
            named = f"month on the {'last day' if self.month_day == _LAST_DATE else _ordinal(self.month_day)}"
        elif named is None:
            names = [WEEKDAYS[day].capitalize() for day in sorted(self.days)]
            named = " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
        return f"every {named} {self.at:%H:%M}" + (f" {self.zone_name}" if self.zone_name else "")

    def next_after(self, after: float, zone: tzinfo) -> float:
        """Return the first time after a moment, both in Unix seconds.

        Where clocks are put forward over that time of day, it is as much later as they are; where they are
        put back it is the first of the two. So every named day has it exactly once.
        """
        zone = zone_called(self.zone_name.casefold()) or zone if self.zone_name else zone
        day = datetime.fromtimestamp(after, zone).date() - timedelta(days=1)
        while True:
            day += timedelta(days=1)
            if self._falls_on(day):
                moment = datetime.combine(day, self.at, zone).astimezone(UTC).timestamp()
                if moment > after:
                    return moment

    def _falls_on(self, day: date) -> bool:
        if not self.month_day:
            return day.weekday() in self.days
        return day.day == min(self.month_day, calendar.monthrange(day.year, day.month)[1])

    def last_until(self, first: float, now: float, zone: tzinfo) -> tuple[float, int]:
        """Return the last time from `first` (which is one) until now, and how many came before it."""
        passed = 0
        while (later := self.next_after(first, zone)) <= now:
            first, passed = later, passed + 1
        return first, passed


def read_schedule(text: str, before: Schedule | None = None) -> Schedule:
    """Read a schedule and nothing else, also without its "every": "Monday 9am", "first of the month".

    `before` is one that goes on where only the days ("tuesdays") or only the time ("10:00") are said.
    Raises NoScheduleError with words for a person.
    """
    said = _OF_THE_MONTH.sub("of every month", " ".join(text.split()).rstrip(".!"))
    if before is not None and (alone := _TIME_ALONE.fullmatch(said)) is not None:
        return replace(before, at=_time(alone), zone_name=_zone(alone) or before.zone_name)
    found = _SCHEDULE.fullmatch(said)
    if found is None and (every := _SCHEDULE.fullmatch(f"every {said}")) is not None:
        found = every if before is not None or _timed(every) else None
    if found is None:
        raise NoScheduleError(
            "I do not know that schedule. "
            "Say for example every monday 9:00, every weekday 8:30 or every month on the 1st at 8:00."
        )
    schedule = schedule_of(found)
    if before is None or _timed(found):
        return schedule
    return replace(schedule, at=before.at, zone_name=before.zone_name)


def _timed(found: re.Match[str]) -> bool:
    return bool(found["hour"] or found["name"])


def _ordinal(number: int) -> str:
    teen = number // 10 == 1
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def schedule_of(found: re.Match[str]) -> Schedule:
    """Return the schedule of a match of PATTERN. Raises NoScheduleError for what cannot be."""
    if not (found["every"] or found["daily"] or found["week"] or found["plural"]):
        return Schedule(frozenset(), _time(found), _zone(found), _date(found))
    default = "monday" if found["week"] else "day"
    named = fold(found["every"] or found["weekly"] or found["plural"] or default)
    days: frozenset[int] = frozenset()
    for span in _SPAN.finditer(named):
        first, last = (_days_called(word) for word in span.groups())
        if len(first) != 1 or len(last) != 1:
            raise NoScheduleError("Name the two days, such as every monday to friday 9:00.")
        days |= {(min(first) + n) % 7 for n in range((min(last) - min(first)) % 7 + 1)}
    for word in re.findall(r"[a-z]+", _SPAN.sub(" ", named)):
        days |= _days_called(word)
    return Schedule(days, _time(found), _zone(found))


def _date(found: re.Match[str]) -> int:
    said = (found["date"] or found["date_of"] or "1").casefold()
    number = {"first": 1, "last": _LAST_DATE}.get(said) or int(said)
    if not 1 <= number <= _LAST_DATE:
        raise NoScheduleError(f"No month has a day {number}. Say for example every month on the 1st at 8:00.")
    return number


def _zone(found: re.Match[str]) -> str:
    """Return the zone that was named, as it is said. Raises NoScheduleError for one not known here."""
    zone = (found["zone"] or "").casefold()
    try:
        known = not zone or zone_called(zone) is not None
    except Misread as several:
        raise NoScheduleError(str(several)) from None
    if not known:
        raise NoScheduleError(f"I do not know the time zone {found['zone']}. Say for example 9:00 UTC.")
    return found["zone"] or "" if "/" in zone else zone.upper()


def _days_called(word: str) -> frozenset[int]:
    return _DAYS.get(word) or _DAYS.get(word.removesuffix("s")) or frozenset()


def _time(found: re.Match[str]) -> time:
    if found["name"]:
        return time(0) if found["name"].casefold() == "midnight" else time(12)
    if found["hour"] is None:
        return _MORNING
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").casefold()[:1]
    if half and not 1 <= hour <= _CLOCK_HALF:
        hour = 24
    elif half:
        hour = hour % _CLOCK_HALF + (_CLOCK_HALF if half == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise NoScheduleError(
            "There is no such time of day. Say for example every monday 9:00 or every monday 5:30 pm."
        ) from None
