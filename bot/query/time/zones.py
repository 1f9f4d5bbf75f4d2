"""Time zones said beside a time: "9pm EST", "yesterday in UTC", "09:00+02:00"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.query.numbers import integer
from bot.query.time.calendar import DAYS, MONTHS, UNITS
from bot.query.tokens import Kind, Token, item_text, word_set
from bot.query.values import Misread

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
_DAY = 24 * 60
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
PATTERN = rf"(?:{'|'.join(sorted(ABBREVIATIONS, key=len, reverse=True))}|{_REGION.pattern})"
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
        return timezone(offset) if minutes < _DAY else None
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
            if 1 <= number <= 12 and not (back and words[at] == "half"):  # noqa: PLR2004 - of a clock
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
        if len(token.word) < 3 or token.word in {"west", "eastern", "central", "mountain", "pacific"}:  # noqa: PLR2004
            return None
        shouted = token.text.isupper() or "/" in token.word or token.word in {"utc", "gmt"}
        if not (shouted if last == "in" else last in _TIME_WORDS or last[:1].isdecimal()):
            return None
    zone = zone_called(token.word)
    return None if zone is None else (SaidZone(token.word.upper(), zone), 1)
