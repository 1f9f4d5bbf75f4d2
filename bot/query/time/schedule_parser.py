"""When a saved question runs: "every monday 9:00", "monthly on the 1st", in a zone, across clock changes."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import partial

from bot.model import WEEKDAYS
from bot.query.phrases import Commands, SaidSlots, Text, one_line
from bot.query.time.calendar import DAYS, ZONE_NAME, zone_called
from bot.query.time.time_slots import PARTS, SLOTS, Hour
from bot.query.tokens import tokenise
from bot.query.values import Misread

EVERY_DAY = frozenset(range(7))
WORKDAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})
_MORNING = time(9)
"""When only the days are named."""
_DAYS: dict[str, frozenset[int]] = {
    "day": EVERY_DAY,
    "weekday": WORKDAYS,
    "workday": WORKDAYS,
    "weekend": WEEKEND,
    **{word: frozenset({number}) for word, number in DAYS.items()},
}
_LAST = 31
NOT_SO_OFTEN = (
    "A saved question runs at most once a day, on days of the week or one of the month. Say for example "
    "every day 9:00, every monday 9:00 or every month on the 1st at 8:00."
)
_NONE = (
    "I do not know that schedule. "
    "Say for example every monday 9:00, every weekday 8:30 or every month on the 1st at 8:00."
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Days of the week (0 is Monday), or one of the month, and a time of day."""

    days: frozenset[int]
    at: time
    zone_name: str = ""
    """The zone that was named; else it is the owner's."""
    month_day: int = 0
    """The day of the month, 0 for none; in a month that has no such day it is the last."""
    timed: bool = field(default=True, compare=False)
    """Whether its time of day was said."""

    def words(self) -> str:
        """Say it; `read_schedule` reads it back as the same."""
        named = {EVERY_DAY: "day", WORKDAYS: "weekday", WEEKEND: "weekend"}.get(self.days)
        if self.month_day:
            named = f"month on the {'last day' if self.month_day == _LAST else _ordinal(self.month_day)}"
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


def _ordinal(number: int) -> str:
    teen = number // 10 == 1
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


# --- reading ---

_DAY = rf"(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})s?"
_AND = r"(?: ?, ?(?:and )?| and | ?& ?)(?:every |on )?"
_PLURAL = rf"(?:{'|'.join(sorted({*DAYS, 'weekday', 'weekend'}, key=len, reverse=True))})s"
_SLOTS = {
    "units": "(?:minute|min|hour|day|week|month)s?",
    "other": rf"{_DAY}|week|month",
    "days": rf"{_DAY}(?:(?: ?- ?| (?:to|through|thru|until|till) ){_DAY})?(?:{_AND}{_DAY})*",
    "plurals": rf"{_PLURAL}(?:{_AND}{_PLURAL})*",
    "part": "|".join(PARTS),
    "date": r"(?:the )?(?P<number>first|last|\d{1,2})(?:st|nd|rd|th)?(?: day)?",
    "at": (
        r"(?:at |@ ?)?(?P<clock>\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\b\.?| ?h\b| uhr| o'clock)?"
        rf"|noon|midday|midnight)(?: (?P<zone>{ZONE_NAME}|ist))?"
    ),
}
_LINES = {
    EVERY_DAY: ("every|each {days} [{part}]", "every|each {part}", "daily", "[on] {plurals}"),
    frozenset({0}): ("weekly [on] [{days}]", "every|each week [on] [{days}]"),
    frozenset[int](): (
        *("monthly [on] [{date}]", "every|each month [on] [{date}]"),
        "[on] {date} of every|each month",
    ),
}
"""How a schedule is said, by the days that are meant if none are named; of a month it is the first."""


def _days(said: str) -> frozenset[int]:
    """Return the days of "monday to friday", "tuesdays and thursdays"."""
    days, first = frozenset[int](), -1
    for word in re.findall(r"[a-z]+|-", said.casefold()):
        named = _DAYS.get(word) or _DAYS.get(word.removesuffix("s"), frozenset())
        if first >= 0 and named:
            named = frozenset((first + each) % 7 for each in range((min(named) - first) % 7 + 1))
        first = min(days) if not named and word not in {"and", "every", "on"} else -1
        days |= named
    return days


def _not_so(_slots: SaidSlots) -> Schedule:
    raise Misread(NOT_SO_OFTEN)


def _schedule(days: frozenset[int], slots: SaidSlots) -> Schedule:
    """Return what the slots of a pattern say. Raises Misread for a time that cannot be."""
    days = _days(slots.get("days") or slots.get("plurals", "")) or days
    month_day = 0
    if not days:
        said = slots.get("number", "first").casefold()
        month_day = {"first": 1, "last": _LAST}.get(said) or int(said)
        if not 1 <= month_day <= _LAST:
            raise Misread(f"No month has a day {said}. Say for example every month on the 1st at 8:00.")
    if "clock" not in slots:
        return Schedule(days, _MORNING, month_day=month_day, timed=False)
    text = Text(tokenise(slots["clock"]).tokens)
    found = [found for slot in ("hour", "clock") for found, _end in SLOTS[slot].read(text, 0)]
    hour = found[0] if found else None
    if not isinstance(hour, Hour) or slots["clock"].startswith("24"):
        reason = str(hour) if isinstance(hour, Misread) else ""
        reason = reason or f"There is no time {slots['clock']}: midnight is 0:00 of the next day"
        raise Misread(f"{reason.removesuffix('.')}, such as every monday 9:00.")
    zone = slots.get("zone", "")
    if zone and zone_called(zone.casefold()) is None:
        raise Misread(f"I do not know the time zone {zone}. Say for example 9:00 UTC.")
    zone = zone if "/" in zone else zone.upper()
    return Schedule(days, hour.in_part(slots.get("part", "").casefold()).clock, zone, month_day)


SCHEDULES: Commands[Schedule] = Commands(
    {
        _not_so: """
            every|each (?:\\d+|two|three|four|five|six|ten|fifteen|thirty|few|couple|half) [of|an] {units}
            every|each (?:other|second|third) {other}
        """,
        **{
            partial(_schedule, days): "\n".join(f"{line} [{{at}}]\nat {{at}} {line}" for line in lines)
            for days, lines in _LINES.items()
        },
    },
    **_SLOTS,
)
_OF_THE_MONTH = re.compile(r"\bof (?:the|a) month\b", re.IGNORECASE)


def read_schedule(said: str, before: Schedule | None = None) -> Schedule:
    """Read a schedule and nothing else, also without its "every": "Monday 9am", "first of the month".

    `before` is one that goes on where only the days ("tuesdays") or only the time ("10:00") are said.
    Raises Misread with words for a person.
    """
    said = _OF_THE_MONTH.sub("of every month", one_line(said))
    if (
        before is not None
        and (alone := SCHEDULES.read(f"daily at {said}".replace("at at", "at"))) is not None
    ):
        return replace(before, at=alone.at, zone_name=alone.zone_name or before.zone_name)
    schedule = SCHEDULES.read(said) or SCHEDULES.read(f"every {said}")
    if schedule is None or not (schedule.timed or before or SCHEDULES.read(said)):
        raise Misread(_NONE)
    if before is None or schedule.timed:
        return schedule
    return replace(schedule, at=before.at, zone_name=before.zone_name)
