"""Two lengths of a call as people write them: "between 1 and 5 minutes", "2-5 minutes", "30..60s"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.query.filters.ranges import read_range
from bot.query.numbers import SECONDS, decimal, integer, read_length
from bot.query.phrases import Text
from bot.query.tokens import Kind
from bot.query.values import Range

_UNIT = re.compile(r"\d+(?:\.\d+)?-?([a-z]+)")
_JOINS = frozenset({"and", "&", "to", "-"})
_MARKS = frozenset({"-", "–", "—", ".."})  # noqa: RUF001 - what phones type


def _number(text: Text, at: int) -> tuple[int, int] | None:
    return read_length(text.words, at)


def read_lengths(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a comparison of lengths: "over 5 minutes", "5+ minutes", "2-5 minutes"."""
    if plus := _plus(text, at):
        yield plus
    lead = at + 1 if text.word(at) in {"between", "from"} else at
    if both := _pair(text, lead, bare=False):
        yield Range(both[0], both[1]), both[2]
    yield from read_range(text, at, _number, lambda _text, _at: None)


def read_seconds(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "> 60", "at least 60", "60 to 300", "0": seconds need no unit after the filter's name."""

    def number(text: Text, at: int) -> tuple[int, int] | None:
        value = integer(text.word(at))
        return (value, at + 1) if value is not None and text.word(at) not in {"a", "an"} else None

    lead = at + 1 if text.word(at) in {"between", "from"} else at
    if both := _pair(text, lead, bare=True):
        yield Range(both[0], both[1]), both[2]
    yield from read_range(text, at, number, lambda _text, _at: None)
    if alone := number(text, at):
        yield Range(alone[0], alone[0]), alone[1]


def _plus(text: Text, at: int) -> tuple[Range, int] | None:
    """Read "5+ minutes"."""
    word = text.word(at)
    if not word.endswith("+"):
        return None
    found = read_length((word.removesuffix("+"), text.word(at + 1)), 0)
    return (Range(low=found[0]), at + found[1]) if found else None


def _pair(text: Text, at: int, *, bare: bool) -> tuple[int, int, int] | None:
    """Read "1 and 5 minutes", "30 seconds and 2 minutes", "2-5 minutes"; `bare`: "60 to 300" are seconds."""
    low, dash, high = text.word(at).partition("-")
    if dash and low[:1].isdecimal() and high[:1].isdecimal():
        return _two((low,), (high, *text.words[at + 1 : at + 2]), at - 1, bare=bare)
    for end in range(at + 1, min(at + 5, len(text))):
        if _joins(text, end):
            return _two(text.words[at:end], text.words[end + 1 : end + 8], end, bare=bare)
    return None


def _joins(text: Text, at: int) -> bool:
    if text.word(at):
        return text.word(at) in _JOINS
    return text.tokens[at].kind is Kind.MARK and text.tokens[at].text in _MARKS


def _two(
    first: tuple[str, ...], rest: tuple[str, ...], joined_at: int, *, bare: bool
) -> tuple[int, int, int] | None:
    """Return both lengths and the position after them; the first may take its unit from the second."""
    second = read_length(rest, 0)
    if second is None:
        numbers = (integer(first[0]), integer(rest[0])) if bare and len(first) == 1 and rest else (None, None)
        if numbers[0] is None or numbers[1] is None:
            return None
        return numbers[0], numbers[1], joined_at + 2
    if len(first) == 1 and decimal(first[0]) is not None:
        unit = _unit(rest, second[1])
        first = (first[0], unit) if unit else first
    low = read_length(first, 0)
    if low is None or low[1] != len(first):
        return None
    return low[0], second[0], joined_at + 1 + second[1]


def _unit(words: tuple[str, ...], end: int) -> str:
    """Return the unit that a length ends with."""
    word = words[end - 1]
    glued = _UNIT.fullmatch(word)
    return word if word in SECONDS else glued.group(1) if glued else ""
