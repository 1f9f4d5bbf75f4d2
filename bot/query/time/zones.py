"""Time zones said beside a time: "9pm EST", "yesterday in UTC", "09:00+02:00"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

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
_REGIONS = ("Europe", "America", "Asia", "Australia", "Africa", "Pacific", "Atlantic", "Indian")
_HALVES = {
    ("in", "the", "morning"): "am",
    **dict.fromkeys((("in", "the", "afternoon"), ("in", "the", "evening"), ("at", "night")), "pm"),
}
_HOUR = re.compile(r"(?:0?[1-9]|1[0-2])(?::[0-5]\d)?")
_SEVERAL = {"ist": "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem"}
_DAY = 24 * 60
_OFFSET = re.compile(r"(?:utc|gmt)([+-])(\d{1,2})(?::?(\d\d))?")
_REGION = re.compile(r"(?:africa|america|asia|atlantic|australia|europe|indian|pacific)(?:/[a-z_-]+){1,2}")
_GLUED = re.compile(r"(\d{1,2}:\d\d(?::\d\d)?)(z|\+\d\d(?::?\d\d)?)")
_CLOCK = re.compile(r"\d{1,2}(?:[:.]\d\d){0,2}(?:am|pm|a\.m|p\.m|h)|\d{1,2}:\d\d(?::\d\d)?|\d.*t\d\d:.*")
_CLOCK_WORDS = word_set("am pm a.m p.m noon midday midnight o'clock oclock uhr")
_TIME_WORDS = (
    DAYS.keys() | MONTHS.keys() | UNITS.keys() | word_set("today yesterday weekend morning afternoon night")
)
ZONE_WORDS = frozenset({*ABBREVIATIONS, *_SEVERAL, "time"})
ZONE = re.compile(rf"{_OFFSET.pattern}|{_REGION.pattern}|{_GLUED.pattern}")
"""Words that may say a zone, and forms of others."""
CLOCK_WORDS = word_set("half quarter morning afternoon evening night")
"""Words with which an hour is spoken."""
PATTERN = rf"(?:{'|'.join(sorted(ABBREVIATIONS, key=len, reverse=True))}|{_REGION.pattern})"
"""A zone by its name, in lower case."""


def zone_called(word: str) -> tzinfo | None:
    """Return the zone of a name or an offset from UTC, in lower case. Raises Misread for "IST"."""
    if word in _SEVERAL:
        raise Misread(
            f"“{word.upper()}” is the name of several time zones: write {_SEVERAL[word]} instead, "
            "or the offset, such as UTC+5:30."
        )
    if word in ABBREVIATIONS:
        return UTC if ABBREVIATIONS[word] == "UTC" else ZoneInfo(ABBREVIATIONS[word])
    if match := _OFFSET.fullmatch(word):
        minutes = int(match[2] or 0) * 60 + int(match[3] or 0)
        return (
            timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes)) if minutes < _DAY else None
        )
    if _REGION.fullmatch(word):
        try:
            return ZoneInfo(
                re.sub(r"[a-z]+", lambda part: part[0].capitalize(), word).replace("_Of_", "_of_")
            )
        except (KeyError, ValueError):
            return None
    return None


def zone_of_place(words: Sequence[str]) -> tzinfo | None:
    """Return the zone of a city, in lower case, as in “London time”."""
    city = "_".join(word.capitalize() for word in words)
    for region in _REGIONS if all(word.isalpha() for word in words) else ():
        try:
            return ZoneInfo(f"{region}/{city}")
        except (KeyError, ValueError, OSError):
            continue
    return None


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
    """Return the tokens without the zone beside a time, and that zone; and why it cannot be.

    Two letters are a zone only after a time of day: "in PT" is Portuguese.
    """
    rest: list[Token] = []
    said: SaidZone | None = None
    problem = ""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        glued = _GLUED.fullmatch(token.word)
        word = "utc" + glued[2].removeprefix("z") if glued else token.word
        at += 1
        if place := _place(rest, tokens[at - 1 : at + 2]):
            said, at = place[0], at + place[1]
            continue
        if not glued and not (word and _stands_beside_time(rest, token)):
            rest.append(token)
            continue
        try:
            zone = zone_called(word)
        except Misread as several:
            problem = str(several)
            continue
        if zone is None:
            rest.append(token)
            continue
        if said is not None and said.zone != zone:
            problem = f"A question has one time zone: write both times in {said.word} or in {word.upper()}."
        said = SaidZone(word.upper(), zone)
        if glued:
            rest.append(Token(Kind.WORD, glued[1], glued[1]))
        elif rest and rest[-1].word == "in":
            rest.pop()
        while at < len(tokens) and tokens[at].word in {"standard", "daylight", "time"}:
            at += 1
    return rest, said, problem


def _place(before: Sequence[Token], tokens: Sequence[Token]) -> tuple[SaidZone, int] | None:
    """Return the zone of "London time", "New York time" after a time of day, and how many words it has."""
    words = [token.word for token in tokens]
    if "time" not in words[1:] or not before or not _is_clock(before[-1].word):
        return None
    count = words.index("time")
    zone = zone_of_place(words[:count])
    return (SaidZone(" ".join(token.text for token in tokens[:count]), zone), count) if zone else None


def _is_clock(word: str) -> bool:
    return word in _CLOCK_WORDS or any(_CLOCK.fullmatch(each) for each in (word, word.rpartition("-")[2]))


def _stands_beside_time(before: Sequence[Token], token: Token) -> bool:
    """Whether what stands before a word makes a time zone of it."""
    if (
        not before
        or token.kind is not Kind.WORD
        or not (
            token.word in ABBREVIATIONS
            or token.word in _SEVERAL
            or _REGION.fullmatch(token.word)
            or _OFFSET.fullmatch(token.word)
        )
    ):
        return False
    pair = before[-1].items if before[-1].kind is Kind.PAIR else ()
    last = item_text(pair[-1]).casefold() if pair else before[-1].word
    if _is_clock(last):
        return True
    if len(token.word) < 3 or token.word in {"west", "eastern", "central", "mountain", "pacific"}:  # noqa: PLR2004
        return False
    if last == "in":
        return token.text.isupper() or "/" in token.word or token.word in {"utc", "gmt"}
    return last in _TIME_WORDS or last[:1].isdecimal()
