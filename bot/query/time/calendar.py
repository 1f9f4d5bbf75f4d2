"""The asker's clock: now, the zone, the first day of the week, arithmetic that survives clock changes.

Days, weeks, months and years are counted on the wall clock (seven days ago is the same time of day, also
across a change to summer time); hours, minutes and seconds are counted as they pass.

Moments are in Unix seconds. Time zones said beside a time ("9pm EST", "yesterday in UTC") are read here, too.
"""

# ruff: noqa: PLR2004
# The numbers of a calendar are their own names.

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.model import WEEKDAYS
from bot.query.numbers import SECONDS, integer
from bot.query.tokens import Kind, Token, item_text, word_set
from bot.query.values import Misread

MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}

DAYS = (
    {name: number for number, name in enumerate(WEEKDAYS)}
    | {name[:3]: number for number, name in enumerate(WEEKDAYS)}
    | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
)
"""Weekdays."""

UNITS = {
    **{word: {1: "second", 60: "minute", 3600: "hour"}[seconds] for word, seconds in SECONDS.items()},
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "week"),
    **dict.fromkeys(("fortnight", "fortnights"), "fortnight"),
    **dict.fromkeys(("mo", "month", "months"), "month"),
    **dict.fromkeys(("quarter", "quarters"), "quarter"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "year"),
}
"""Units of time before now. `m` is minutes, months are `mo`."""

CALENDAR = frozenset({"day", "week", "month", "quarter", "year"})
"""Units that have a place in the calendar."""

MIN_YEAR, MAX_YEAR = 2000, 2099
"""Years that a question may name; calls exist in none before."""

_MIN_UNIX = int(datetime(MIN_YEAR, 1, 1, tzinfo=UTC).timestamp()) - 86400
_TOO_LONG_AGO = f"That goes back before {MIN_YEAR}: ask for a shorter time."
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_SPANNED = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
"""Days of a unit, for its fractions."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time; an instant ends where it starts, `end` None is "and since then"."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, as the asker sees it."""

    now: datetime
    week_start: int = 0
    """0 is Monday."""
    said_in: tzinfo | None = None
    """The zone that the times of a question are said in, if not the asker's."""

    @property
    def zone(self) -> tzinfo:
        return self.now.tzinfo or UTC

    @property
    def unix(self) -> int:
        """Now in Unix seconds."""
        return int(self.now.timestamp())

    def at(self, day: date, clock: time = time()) -> int:
        """Return the moment of a wall-clock time: of two the first; of one that clocks skip, when they do."""
        check_year(day.year, MIN_YEAR - 1, MAX_YEAR + 1)
        said = datetime.combine(day, clock, tzinfo=self.zone)
        later = said.replace(fold=1)
        early, late = int(later.timestamp()), int(said.timestamp())
        if early >= late:
            return late
        while late - early > 1:
            middle = (early + late) // 2
            before = self.local(middle).utcoffset() == said.utcoffset()
            early, late = (middle, late) if before else (early, middle)
        return late

    def named(self, day: date, clock: time) -> int:
        """Return the moment of a time that somebody named. Raises Misread when that day has it twice."""
        said = datetime.combine(day, clock, tzinfo=self.zone)
        again = said.replace(fold=1)
        first, second = said.utcoffset(), again.utcoffset()
        if clock != time() and first is not None and second is not None and first > second:
            raise Misread(
                f"{clock:%H:%M} comes twice on {day.day} {day:%B %Y}, when the clocks go back: write it as "
                f"{said.isoformat(timespec='minutes')} or as {again.isoformat(timespec='minutes')}."
            )
        return self.at(day, clock)

    def local(self, unix: int) -> datetime:
        """Return a moment on the asker's wall clock."""
        return datetime.fromtimestamp(unix, self.zone)

    def days(self, first: date, count: int = 1) -> Period:
        return Period(self.at(first), self.at(shift_days(first, count)))

    def day_of(self, unix: int) -> Period:
        """Return the day that a moment is in."""
        return self.days(self.local(unix).date())

    def months(self, year: int, month: int, count: int = 1) -> Period:
        first = date(year, month, 1)
        return Period(self.at(first), self.at(shift_months(first, count)))

    def unit(self, unit: str, day: date, back: int = 0) -> Period:
        """Return the day, week, month, quarter or year that a day is in, or one so many before it."""
        if unit == "day":
            return self.days(shift_days(day, -back))
        if unit == "week":
            return self.days(shift_days(day, -((day.weekday() - self.week_start) % 7) - 7 * back), 7)
        months = _MONTHS[unit]
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        first = shift_months(first, -months * back)
        return self.months(first.year, first.month, months)

    def hour(self) -> Period:
        """Return this hour on the wall clock: zones may be half an hour off, and change by as much."""
        start = self.at(self.now.date(), time(self.now.hour, fold=self.now.fold))
        following = shift_days(self.now.date(), 1) if self.now.hour == 23 else self.now.date()
        ends = (start + 3600, self.at(following, time((self.now.hour + 1) % 24)))
        return Period(start, min(end for end in ends if end > self.unix))

    def ago(self, count: float, unit: str) -> int:
        """Return the moment some units before now. Raises Misread when that is out of range."""
        if unit in _SECONDS:
            moment = self.unix - round(count * _SECONDS[unit])
        elif count * _MONTHS.get(unit, 0) > MAX_YEAR * 12:
            raise Misread(_TOO_LONG_AGO)
        else:
            count, unit = (count * 2, "week") if unit == "fortnight" else (count, unit)
            whole = int(count)
            days = whole * _SPANNED[unit] if unit in {"day", "week"} else 0
            moved = shift_months(shift_days(self.now.date(), -days), -whole * _MONTHS.get(unit, 0))
            clock = self.now.time().replace(microsecond=0)
            back = datetime.combine(moved, clock) - timedelta((count - whole) * _SPANNED[unit])
            moment = self.at(back.date(), back.time())
        if moment < _MIN_UNIX:
            raise Misread(_TOO_LONG_AGO)
        return moment


def check_year(year: int, least: int = MIN_YEAR, most: int = MAX_YEAR) -> None:
    """Raise Misread for a year that no call can be of."""
    if not least <= year <= most:
        raise Misread(f"The year {year} is out of range: name one from {MIN_YEAR} to {MAX_YEAR}.")


def shift_days(day: date, count: int) -> date:
    """Return a date some days later. Raises Misread when the calendar ends."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise Misread(_TOO_LONG_AGO) from None


def shift_months(day: date, count: int) -> date:
    """Return the same day of another month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    check_year(year, MIN_YEAR - 1, MAX_YEAR + 1)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# --- time zones ---

_ABBREVIATIONS = """
    UTC=utc,gmt,zulu America/New_York=et,est,edt,eastern America/Chicago=ct,cst,cdt,central
    America/Denver=mt,mst,mdt,mountain America/Los_Angeles=pt,pst,pdt,pacific America/Anchorage=akst,akdt
    Pacific/Honolulu=hst America/Sao_Paulo=brt Europe/London=bst Europe/Lisbon=wet,west
    Europe/Berlin=cet,cest,mez,mesz Europe/Athens=eet,eest Europe/Moscow=msk Asia/Dubai=gst Asia/Tokyo=jst
    Asia/Seoul=kst Asia/Singapore=sgt Asia/Hong_Kong=hkt Australia/Sydney=aest,aedt
    Australia/Adelaide=acst,acdt Australia/Perth=awst Pacific/Auckland=nzst,nzdt Africa/Johannesburg=sast
"""
ABBREVIATIONS = {
    word: name
    for name, _, words in (pair.partition("=") for pair in _ABBREVIATIONS.split())
    for word in words.split(",")
}
"""Zones by their short names, each that of a place: 9am EST in July is what New York calls nine."""
_REGIONS = ("europe", "america", "asia", "australia", "africa", "pacific", "atlantic", "indian")
_HALVES = {
    ("in", "the", "morning"): "am",
    **dict.fromkeys((("in", "the", "afternoon"), ("in", "the", "evening"), ("at", "night")), "pm"),
}
_HOUR = re.compile(r"(?:0?[1-9]|1[0-2])(?::[0-5]\d)?")
_SEVERAL = {"ist": "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem"}
_OFFSET = re.compile(r"(?:utc|gmt)([+-])(\d{1,2})(?::?(\d\d))?")
_REGION = re.compile(rf"(?:{'|'.join(_REGIONS)})(?:/[a-z_-]+){{1,2}}")
_GLUED = re.compile(r"(\d{1,2}:\d\d(?::\d\d)?)(z|\+\d\d(?::?\d\d)?)")
_CLOCK = re.compile(r"\d{1,2}(?:[:.]\d\d){0,2}(?:am|pm|a\.m|p\.m|h)|\d{1,2}:\d\d(?::\d\d)?|\d.*t\d\d:.*")
_CLOCK_NAMES = word_set("am pm a.m p.m noon midday midnight o'clock oclock uhr")
_TIME_WORDS = (
    DAYS.keys() | MONTHS.keys() | UNITS.keys() | word_set("today yesterday weekend morning afternoon night")
)
_NAMED = ABBREVIATIONS.keys() | _SEVERAL.keys()
ZONE_WORDS = _NAMED | {"time"}
ZONE = re.compile(rf"{_OFFSET.pattern}|{_REGION.pattern}|{_GLUED.pattern}")
"""Words that may say a zone, and forms of others."""
CLOCK_WORDS = word_set("half quarter morning afternoon evening night")
"""Words with which an hour is spoken."""
ZONE_NAME = rf"(?:{'|'.join(sorted(ABBREVIATIONS, key=len, reverse=True))}|{_REGION.pattern})"
"""A zone by its name, in lower case."""


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Return the names of all zones by their lower case."""
    return {name.casefold(): name for name in available_timezones()}


def zone_called(word: str) -> tzinfo | None:
    """Return the zone of a name or an offset from UTC, in lower case. Raises Misread for "IST"."""
    if word in _SEVERAL:
        raise Misread(
            f"“{word.upper()}” is the name of several time zones: write {_SEVERAL[word]} instead, "
            "or the offset, such as UTC+5:30."
        )
    if match := _OFFSET.fullmatch(word):
        minutes = int(match[2] or 0) * 60 + int(match[3] or 0)
        offset = timedelta(minutes=-minutes if match[1] == "-" else minutes)
        return timezone(offset) if minutes < 24 * 60 else None
    name = ABBREVIATIONS.get(word) or (_names().get(word, "") if _REGION.fullmatch(word) else "")
    return UTC if name == "UTC" else ZoneInfo(name) if name else None


def spoken_clocks(tokens: Sequence[Token]) -> list[Token]:
    """Read "9 in the morning" as 9am, "half past nine" and "quarter to ten" as 9:30 and 9:45."""
    words = [token.word for token in tokens]
    rest: list[Token] = []
    at = 0
    while at < len(tokens):
        end, hour, minutes = at + 1, words[at], ""
        if (
            words[at] in {"half", "quarter"}
            and words[at + 1 : at + 2] in (["past"], ["to"])
            and at + 2 < len(words)
        ):
            number = integer(words[at + 2]) or 0
            back = words[at + 1] == "to"
            if 1 <= number <= 12 and not (back and words[at] == "half"):
                end, minutes = at + 3, "30" if words[at] == "half" else "45" if back else "15"
                hour = f"{(number - 2) % 12 + 1 if back else number}:{minutes}"
        part = tuple(words[end : end + 3])
        half = _HALVES.get(part) or _HALVES.get(part[:2])
        if half and _HOUR.fullmatch(hour):
            end += 3 if part in _HALVES else 2
            hour += half
        typed = " ".join(token.text for token in tokens[at:end])
        rest.append(tokens[at] if end == at + 1 else Token(Kind.WORD, typed, hour))
        at = end
    return rest


@dataclass(frozen=True, slots=True)
class SaidZone:
    """A zone as typed."""

    word: str
    zone: tzinfo


def take_zone(tokens: Sequence[Token]) -> tuple[list[Token], SaidZone | None, str]:
    """Return the tokens without the zone beside a time, and that zone; and why it cannot be."""
    tokens = [part for token in tokens for part in _unglued(token)]
    rest: list[Token] = []
    said: SaidZone | None = None
    problem, at = "", 0
    while at < len(tokens):
        try:
            found = _zone_after(rest, tokens[at : at + 3])
        except Misread as several:
            found, problem = None, str(several)
            at += 1
            continue
        if found is None:
            rest.append(tokens[at])
            at += 1
            continue
        zone, count = found
        if said is not None and said.zone != zone.zone:
            problem = f"A question has one time zone: write both times in {said.word} or in {zone.word}."
        said, at = zone, at + count
        if rest[-1].word == "in":
            rest.pop()
        while at < len(tokens) and tokens[at].word in {"standard", "daylight", "time"}:
            at += 1
    return rest, said, problem


def _unglued(token: Token) -> list[Token]:
    """Return "09:00+02:00" and "14:32:07Z" as a time of day and its offset."""
    glued = _GLUED.fullmatch(token.word)
    if glued is None:
        return [token]
    zone = Token(Kind.WORD, glued[2], f"utc{glued[2].removeprefix('z')}")
    return [Token(Kind.WORD, glued[1], glued[1]), zone]


def _zone_after(before: Sequence[Token], tokens: Sequence[Token]) -> tuple[SaidZone, int] | None:
    """Return the zone of "EST", "Asia/Tokyo", "New York time" after a time, and how many words it has.

    Two letters are a zone only after a time of day: "in PT" is Portuguese. So is a place.
    """
    if not before:
        return None
    pair = before[-1].items if before[-1].kind is Kind.PAIR else ()
    last = item_text(pair[-1]).casefold() if pair else before[-1].word
    clock = last in _CLOCK_NAMES or any(_CLOCK.fullmatch(each) for each in (last, last.rpartition("-")[2]))
    words, token = [token.word for token in tokens], tokens[0]
    if clock and "time" in words[1:]:
        count = words.index("time")
        cities = [f"{region}/{'_'.join(words[:count])}" for region in _REGIONS]
        if name := next((_names()[city] for city in cities if city in _names()), ""):
            return SaidZone(" ".join(each.text for each in tokens[:count]), ZoneInfo(name)), count
    if token.kind is not Kind.WORD or not (token.word in _NAMED or ZONE.fullmatch(token.word)):
        return None
    if not clock:
        if len(token.word) < 3 or token.word in {"west", "eastern", "central", "mountain", "pacific"}:
            return None
        shouted = token.text.isupper() or "/" in token.word or token.word in {"utc", "gmt"}
        if not (shouted if last == "in" else last in _TIME_WORDS or last[:1].isdecimal()):
            return None
    zone = zone_called(token.word)
    return None if zone is None else (SaidZone(token.word.upper(), zone), 1)
