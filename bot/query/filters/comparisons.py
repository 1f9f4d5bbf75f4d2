"""Comparisons as people write them: "over 5 minutes", "between 1 and 5", "2-5 minutes", "4 or 5 stars"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot.query.numbers import SECONDS, WORDS, decimal, integer, read_length
from bot.query.phrases import Text
from bot.query.tokens import Kind, word_set
from bot.query.values import Range

ReadNumber = Callable[[Sequence[str], int], "tuple[int, int] | None"]
"""Reads one number at a position: the value and the position after it."""
MakeRange = Callable[[int], Range]
Found = Iterator[tuple[Range, int]]

OVER: MakeRange = lambda n: Range(low=n + 1)  # noqa: E731
LEAST: MakeRange = lambda n: Range(low=n)  # noqa: E731
UNDER: MakeRange = lambda n: Range(high=n - 1)  # noqa: E731
MOST: MakeRange = lambda n: Range(high=n)  # noqa: E731
EXACTLY: MakeRange = lambda n: Range(n, n)  # noqa: E731
_COMPARISONS: dict[MakeRange, str] = {
    OVER: "over|above|exceeding|>|greater than|bigger than|more than|longer than|higher than|better than",
    LEAST: "at least|>=|≥|minimum|minimum of|min|no less than|not less than|no shorter than|not shorter than",
    UNDER: "under|below|<|less than|fewer than|lower than|worse than|shorter than|smaller than",
    MOST: "at most|<=|≤|..|max|maximum|maximum of|up to|no more than|no longer than|not more than|"
    "not longer than",
    EXACTLY: "exactly|equal to|=|==|precisely",
}
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], MakeRange]]] = {}
for _make, _phrases in _COMPARISONS.items():
    for _phrase in _phrases.split("|"):
        for _typed in dict.fromkeys((_phrase, _phrase.replace("than", "then"))):  # as many people type it
            _words = tuple(_typed.split())
            _BY_FIRST.setdefault(_words[0], []).append((_words, _make))
_LEADS = frozenset({"between", "from"})
_STARTS = frozenset(_BY_FIRST) | _LEADS | {"half"}
"""First words of comparisons that are no number."""
_MORE = word_set("more longer above higher over up better greater upwards")
_LESS = word_set("less fewer shorter below lower under worse down")
_BUT = word_set("but and yet")
_JOINS = word_set("and & to - ..")
_MARKS = word_set("- – — ..")  # noqa: RUF001 - what phones type
_UNIT = re.compile(r"\d+(?:\.\d+)?-?([a-z]+)")
_STARS = frozenset({"star", "stars"})
_BEFORE_LENGTH = word_set("lasted lasting took taking last duration length is was")
_AFTER_LENGTH = word_set("long minutes min")
_LONGEST = 5
"""Words of the longest number: "one and a half hours"."""


def starts_range(word: str) -> bool:
    """Whether a comparison or a number can begin with a word."""
    number = word[:1].isdecimal() and word.count("-") + word.count("/") < 2  # noqa: PLR2004 - else a date
    return number or word in _STARTS or word in WORDS


def read_lengths(text: Text, at: int) -> Found:
    """Read a comparison of lengths: "over 5 minutes", "5+ minutes", "2-5 minutes".

    Two clock times are hours of a day, unless a word beside them says that they are a length.
    """
    if sides := _two_sided(text, at):
        yield sides
    for value, end in _ranges(text, at, read_length):
        clocks = None not in {value.low, value.high} and ":" in text.word(end - 1)
        if not clocks or text.word(at - 1) in _BEFORE_LENGTH or text.word(end) in _AFTER_LENGTH:
            yield value, end


def read_exact(text: Text, at: int) -> Found:
    """Read a length that is meant exactly."""
    if found := read_length(text.words, at):
        yield EXACTLY(found[0]), found[1]


def read_seconds(text: Text, at: int) -> Found:
    """Read "> 60", "at least 60", "60 to 300", "0": seconds need no unit after the filter's name."""
    yield from _ranges(text, at, _seconds)
    if alone := _seconds(text.words, at):
        yield EXACTLY(alone[0]), alone[1]


def read_rating(text: Text, at: int) -> Found:
    """Read a comparison of stars, "4+", "4 or 5", or one number."""
    for value, end in _ranges(text, at, _stars):
        wide = value.low is not None and value.high is not None and value.high - value.low > 1
        if not (wide and text.word(at) not in _LEADS and "and" in text.words[at:end]):  # "3 and 5 stars"
            yield value, end
    found = _stars(text.words, at)
    if found and text.word(found[1]) in {"or", "and"}:
        second = _stars(text.words, found[1] + 1)
        if second and abs(second[0] - found[0]) == 1:
            yield Range(min(found[0], second[0]), max(found[0], second[0])), second[1]
    if found:
        yield EXACTLY(found[0]), found[1]


def read_stars(text: Text, at: int) -> Found:
    """Read the same where the word "stars" must come with it."""
    for value, end in read_rating(text, at):
        if any(
            word in {"star", "stars"} or word.endswith(("-star", "-stars")) for word in text.words[at:end]
        ):
            yield value, end
        elif text.word(end) in _STARS:
            yield value, end + 1


# --- one number ---


def _whole(words: Sequence[str], at: int) -> tuple[int, int] | None:
    word = words[at] if at < len(words) else ""
    value = integer(word) if word not in {"a", "an"} else None
    return (value, at + 1) if value is not None else None


def _seconds(words: Sequence[str], at: int) -> tuple[int, int] | None:
    return read_length(words, at) or _whole(words, at)


def _stars(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Read "4", "4 stars", "4-star", "4/5", "4 out of 5"."""
    word = words[at] if at < len(words) else ""
    found = _whole((word.removesuffix("/5").removesuffix("-star").removesuffix("-stars"),), 0)
    if found is None:
        return None
    end = at + 1
    if words[end : end + 1] in {("star",), ("stars",)}:
        end += 1
    return found[0], end + 3 if words[end : end + 3] in {("out", "of", "5"), ("out", "of", "five")} else end


# --- ranges of them ---


def _ranges(text: Text, at: int, number: ReadNumber) -> Found:
    """Read "between 2 and 4", "2-4", "5+", "over 5", "at least 5", ">= 5", "5 or more"."""
    word = text.word(at)
    if both := _pair(text, at + 1 if word in _LEADS else at, number):
        yield Range(both[0], both[1]), both[2]
    if word.endswith("+") and (found := number((word[:-1], *text.words[at + 1 : at + 2]), 0)):
        yield LEAST(found[0]), at + found[1]
    if (compared := _compared(text.words, at)) and (found := number(text.words, compared[1])):
        yield compared[0](found[0]), found[1]
    if found := number(text.words, at):
        value, end = found
        joined = text.word(end) in {"or", "and"}
        said, after = text.word(end + joined), end + joined + 1
        if said in (_MORE if joined else {"minimum", "upwards", "plus", "+", ".."}):
            yield LEAST(value), after
        elif said in (_LESS if joined else {"maximum", "max", "tops"}):
            yield MOST(value), after


def _compared(words: Sequence[str], at: int) -> tuple[MakeRange, int] | None:
    """Read "longer than": what it makes of the number after it, and its end."""
    found = [
        (make, at + len(said))
        for said, make in _BY_FIRST.get(words[at] if at < len(words) else "", ())
        if words[at : at + len(said)] == said
    ]
    return max(found, key=lambda each: each[1], default=None)


def _pair(text: Text, at: int, number: ReadNumber) -> tuple[int, int, int] | None:
    """Read "1 and 5 minutes", "30 seconds and 2 minutes", "2-5 minutes": both, and where they end."""
    low, dash, high = text.word(at).partition("-")
    if dash and low[:1].isdecimal() and high[:1].isdecimal():
        return _two((low,), (high, *text.words[at + 1 : at + 2]), at, number)
    for end in range(at + 1, min(at + _LONGEST, len(text))):
        token = text.tokens[end]
        if text.word(end) in _JOINS or (token.kind is Kind.MARK and token.text in _MARKS):
            return _two(text.words[at:end], text.words[end + 1 : end + 8], end + 1, number)
    return None


def _two(
    first: tuple[str, ...], rest: tuple[str, ...], start: int, number: ReadNumber
) -> tuple[int, int, int] | None:
    """Return both numbers and the position after `rest`'s; the first may take its unit from the second."""
    second = number(rest, 0)
    if second is None:
        return None
    if len(first) == 1 and decimal(first[0]) is not None and (unit := _unit(rest, second[1])):
        first = (first[0], unit)
    low = number(first, 0)
    return (low[0], second[0], start + second[1]) if low and low[1] == len(first) else None


def _two_sided(text: Text, at: int) -> tuple[Range, int] | None:
    """Read "longer than 5 min but shorter than 10": of the two, one may leave its unit to the other."""
    low = _compared(text.words, at)
    ends = range(low[1] + 1, min(low[1] + _LONGEST + 1, len(text))) if low else ()
    middle = next((end for end in ends if text.word(end) in _BUT), 0)
    high = _compared(text.words, middle + 1) if middle else None
    if low is None or high is None:
        return None
    first, second = text.words[low[1] : middle], text.words[high[1] : high[1] + _LONGEST]
    alone = read_length(second, 0)
    if alone is None and (one := read_length(first, 0)):  # the second has the unit of the first
        second = (*second[:1], _unit(first, one[1]))
    both = _two(first, second, high[1], read_length)
    if both is None:
        return None
    found = low[0](both[0]), high[0](both[1])
    lows = [each.low for each in found if each.low is not None]
    highs = [each.high for each in found if each.high is not None]
    if len(lows) != 1 or len(highs) != 1 or lows[0] > highs[0]:
        return None
    return Range(lows[0], highs[0]), both[2] if alone else high[1] + 1


def _unit(words: tuple[str, ...], end: int) -> str:
    """Return the unit that a length ends with."""
    word = words[end - 1]
    glued = _UNIT.fullmatch(word)
    return word if word in SECONDS else glued.group(1) if glued else ""
