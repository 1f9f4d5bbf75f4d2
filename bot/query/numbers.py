"""Numbers as people write them: counts, lengths of time, phone numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

Unit = TypeVar("Unit")

_WRITTEN_OUT = """
    a=1 an=1 one=1 two=2 couple=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11
    twelve=12 fifteen=15 twenty=20 thirty=30 forty=40 forty-five=45 fifty=50 sixty=60 ninety=90 hundred=100
"""
WORDS = {word: int(digits) for word, _, digits in (pair.partition("=") for pair in _WRITTEN_OUT.split())}
"""Numbers written out; "a couple of" is two."""

SECONDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600),
}
"""Units of a call's length, in seconds."""
begins_number = re.compile(rf"half|\d.*|{'|'.join(WORDS)}").fullmatch
"""Whether a number, or a length of time, may begin with a word."""
_AND_A_HALF = ("and", "a", "half")
_UNITS = (("hour", 3600), ("minute", 60), ("second", 1))

MAX_NUMBER = 1_000_000_000
_DECIMAL = re.compile(r"\d{1,10}(?:\.\d{1,3})?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){1,3}")
_GLUED = re.compile(r"(\d{1,10}(?:\.\d{1,3})?)-?([a-z]+)")
_COMPOUND = re.compile(
    r"(?:(\d{1,5})h(?:r|rs)?)?(?:(\d{1,6})(?:m(?:in|ins)?|(?<=h\d\d)$))?(?:(\d{1,7})(?:s(?:ec|ecs)?|(?<=m\d\d)$))?"
)
"""Hours, minutes and seconds; "1h30" and "2m30" leave the last unit out."""
_LETTERS = re.compile(r"[a-z]+")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d\d)")


def decimal(word: str) -> float | None:
    """Return the number a word is, written in digits or out; 1.000 is a thousand."""
    if not word[:1].isdecimal():
        return WORDS.get(word)
    if _THOUSANDS.fullmatch(word):
        return min(float(word.replace(".", "")), MAX_NUMBER)
    if _DECIMAL.fullmatch(word):
        return min(float(word), MAX_NUMBER)
    return None


def integer(word: str) -> int | None:
    """Return the whole number a word is, or None."""
    value = decimal(word)
    return int(value) if value is not None and value == int(value) else None


def glued(word: str) -> tuple[float, str] | None:
    """Split `30s` or `24h` into number and unit."""
    match = _GLUED.fullmatch(word)
    number = decimal(match.group(1)) if match else None
    return (number, match.group(2)) if match and number is not None else None


def compact_length(word: str) -> int | None:
    """Return the seconds of one word such as `30s`, `1h30m`, `1.5h` or `2:30` (minutes and seconds)."""
    parts = glued(word)
    if parts and parts[1] in SECONDS:
        return round(parts[0] * SECONDS[parts[1]])
    match = _COMPOUND.fullmatch(word) or _CLOCK.fullmatch(word)
    if match is None or not match.lastindex:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def read_length(words: tuple[str, ...], at: int) -> tuple[int, int] | None:
    """Read a call's length from `words[at:]`; returns seconds and the position after it.

    Understands `30s`, `10 minutes`, `an hour`, `half an hour`, `1 hour 30 minutes`, `one and a half hours`.
    """
    first = _one_length(words, at)
    if first is None:
        return None
    seconds, end, unit = first
    second = _one_length(words, end + (words[end : end + 1] == ("and",)))
    if second and second[2] < unit:
        return seconds + second[0], second[1]
    return seconds, end


def read_count(words: tuple[str, ...], at: int) -> tuple[float, int] | None:
    """Read `10`, `ten`, `a`, `a couple of` from `words[at:]`; returns the number and the end."""
    end = at + (words[at : at + 2] == ("a", "couple"))
    number = decimal(words[end] if end < len(words) else "")
    if number is None:
        return None
    return number, end + (2 if words[end : end + 2] == ("couple", "of") else 1)


def read_amount(words: tuple[str, ...], at: int, units: Mapping[str, Unit]) -> tuple[float, Unit, int] | None:
    """Read `7 days`, `24h`, `half an hour`, `one and a half hours`; returns the number, the unit, the end."""
    parts = glued(words[at] if at < len(words) else "")
    if parts and parts[1] in units:
        return parts[0], units[parts[1]], at + 1
    if words[at : at + 1] == ("half",):
        number, end = 0.5, at + 1 + (words[at + 1 : at + 2] in {("a",), ("an",)})
    elif counted := read_count(words, at):
        number, end = counted
    else:
        return None
    if words[end : end + 3] == _AND_A_HALF:
        number, end = number + 0.5, end + 3
    if end >= len(words) or words[end] not in units:
        return None
    unit, end = units[words[end]], end + 1
    more = words[end : end + 3] == _AND_A_HALF
    return (number + 0.5, unit, end + 3) if more else (number, unit, end)


def _one_length(words: tuple[str, ...], at: int) -> tuple[int, int, int] | None:
    """Return seconds, end and the unit's own seconds."""
    word = words[at] if at < len(words) else ""
    compact = compact_length(word)
    if compact is not None:
        letters = _LETTERS.findall(word)
        return compact, at + 1, SECONDS.get(letters[-1], 1) if letters else 1
    number, unit, end = read_amount(words, at, SECONDS) or (0, 0, at)
    if not unit or (unit > 1 and _THOUSANDS.fullmatch(word)):  # 1.500 minutes: one and a half, or a day?
        return None
    return round(number * unit), end, unit


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" + ("s" if count != 1 else "")


def one_unit(seconds: int) -> str:
    """Return a length in its largest unit that needs no other: "90 minutes"."""
    name, unit = next((each for each in _UNITS if seconds and seconds % each[1] == 0), _UNITS[-1])
    return _counted(seconds // unit, name)


def length_words(seconds: int) -> str:
    """Return a length as people say it: "30 seconds", "10 minutes", "1 hour 30 minutes"."""
    parts = []
    for name, unit in _UNITS:
        count, seconds = divmod(seconds, unit)
        if count:
            parts.append(_counted(count, name))
    return " ".join(parts) or "0 seconds"


def looks_like_phone(text: str) -> bool:
    """Whether a text is a phone number in international form."""
    digits = text.strip().removeprefix("+")
    for sign in " -()./":
        digits = digits.replace(sign, "")
    long = len(digits) >= (7 if text.strip().startswith(("+", "00")) else 10)
    return long and digits.isascii() and digits.isdecimal()
