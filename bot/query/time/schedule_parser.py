"""When a saved question is asked by itself: "every monday 9:00", in a time zone, across clock changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

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
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_SPAN = rf"(?:{_DAY})s?\s*(?:-|–|to|through|thru|until|till)\s*(?:{_DAY})s?"  # noqa: RUF001 - phones type it
_LIST = (
    rf"(?:{_SPAN}|(?:{_DAY})s?)(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)(?:every\s+|on\s+)?(?:{_DAY})s?)*"
)
_SPAN_PARTS = re.compile(rf"\b({_DAY})s?\s*(?:-|–|to|through|thru|until|till)\s*({_DAY})s?\b")  # noqa: RUF001
_DAYS_WORDS = rf"(?:every|each)\s+(?P<every>{_LIST})|(?P<daily>daily)|weekly(?:\s+on)?\s+(?P<weekly>{_LIST})"
_TIME_WORDS = (
    r"(?:at\s+)?(?:(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?(?:\s*(?:h|uhr|o'clock))?"
    r"|(?P<name>noon|midday|midnight))"
)
PATTERN = rf"(?:{_DAYS_WORDS})(?:\s*,?\s+{_TIME_WORDS}(?:\s+(?P<zone>{ZONE_PATTERN}))?)?(?=\s|$|[.,;!])"
"""How a schedule is said; matched without regard to case."""
_SCHEDULE = re.compile(PATTERN, re.IGNORECASE)
_CLOCK_HALF = 12


class NoScheduleError(ValueError):
    """Words that say no schedule. The text is for people: the reason and a next step."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Days of the week (0 is Monday) and a time of day."""

    days: frozenset[int]
    at: time
    zone_name: str = ""
    """The zone that was named; else it is the owner's."""

    def words(self) -> str:
        """Say it; `read_schedule` reads it back as the same."""
        named = {EVERY_DAY: "day", WORKDAYS: "weekday", WEEKEND: "weekend"}.get(self.days)
        if named is None:
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
            if day.weekday() in self.days:
                moment = datetime.combine(day, self.at, zone).astimezone(UTC).timestamp()
                if moment > after:
                    return moment

    def last_until(self, first: float, now: float, zone: tzinfo) -> tuple[float, int]:
        """Return the last time from `first` (which is one) until now, and how many came before it."""
        passed = 0
        while (later := self.next_after(first, zone)) <= now:
            first, passed = later, passed + 1
        return first, passed


def read_schedule(text: str) -> Schedule:
    """Read a schedule and nothing else. Raises NoScheduleError with words for a person."""
    found = _SCHEDULE.fullmatch(" ".join(text.split()).rstrip(".!"))
    if found is None:
        raise NoScheduleError(
            "I do not know that schedule. "
            "Say for example every monday 9:00, every weekday 8:30 or every day 18:00."
        )
    return schedule_of(found)


def schedule_of(found: re.Match[str]) -> Schedule:
    """Return the schedule of a match of PATTERN. Raises NoScheduleError when it names no time of day."""
    named = fold(found["every"] or found["weekly"] or "day")
    days: frozenset[int] = frozenset()
    for span in re.finditer(_SPAN_PARTS, named):
        first, last = (_days_called(word) for word in span.groups())
        if len(first) != 1 or len(last) != 1:
            raise NoScheduleError("Name the two days, such as every monday to friday 9:00.")
        start, end = min(first), min(last)
        days |= {day % 7 for day in range(start, end + 1 if end >= start else end + 8)}
    for word in re.findall(r"[a-z]+", _SPAN_PARTS.sub(" ", named)):
        days |= _days_called(word)
    zone = (found["zone"] or "").casefold()
    try:
        known = not zone or zone_called(zone) is not None
    except Misread as several:
        raise NoScheduleError(str(several)) from None
    if not known:
        raise NoScheduleError(f"I do not know the time zone {found['zone']}. Say for example 9:00 UTC.")
    return Schedule(days, _time(found), found["zone"] or "" if "/" in zone else zone.upper())


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
