"""Comparisons as people write them: "over 5 minutes", "between 1 and 5", "2-5 minutes", "4 or 5 stars"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.query.numbers import SECONDS, WORDS, decimal, integer, read_length
from bot.query.phrases import Text
from bot.query.tokens import Kind, word_set
from bot.query.values import Range

ReadNumber = Callable[[Text, int], "tuple[int, int] | None"]
"""Reads one number at a position: the value and the position after it."""
ReadPair = Callable[[Text, int], "tuple[int, int, int] | None"]
"""Reads "1 and 5 minutes" at a position: both values and the position after them."""

MakeRange = Callable[[int], Range]


OVER: MakeRange = lambda n: Range(low=n + 1)  # noqa: E731
LEAST: MakeRange = lambda n: Range(low=n)  # noqa: E731
UNDER: MakeRange = lambda n: Range(high=n - 1)  # noqa: E731
MOST: MakeRange = lambda n: Range(high=n)  # noqa: E731
EXACTLY: MakeRange = lambda n: Range(n, n)  # noqa: E731
_COMPARISONS: dict[MakeRange, str] = {
    OVER: "over|above|exceeding|>|greater than|bigger than|more than|longer than|higher than|better than",
    LEAST: "at least|>=|minimum|minimum of|min|no less than|not less than|no shorter than|not shorter than",
    UNDER: "under|below|<|less than|fewer than|lower than|worse than|shorter than|smaller than",
    MOST: "at most|<=|maximum|maximum of|max|up to|no more than|not more than|no longer than|not longer than",
    EXACTLY: "exactly|equal to|=|==|precisely",
}
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], MakeRange]]] = {}
for _make, _phrases in _COMPARISONS.items():
    for _phrase in _phrases.split("|"):
        for _typed in dict.fromkeys((_phrase, _phrase.replace("than", "then"))):  # as many people type it
            _words = tuple(_typed.split())
            _BY_FIRST.setdefault(_words[0], []).append((_words, _make))
_MORE = word_set("more longer above higher over up better greater upwards")
_LESS = word_set("less fewer shorter below lower under worse down")
COMPARING = frozenset(_BY_FIRST) | {"between", "from", "half"}
"""First words of comparisons that are no number."""


def starts_range(word: str) -> bool:
    """Whether a comparison or a number can begin with a word."""
    return word[:1].isdecimal() or word in COMPARING or word in WORDS


def read_range(text: Text, at: int, number: ReadNumber, pair: ReadPair) -> Iterator[tuple[object, int]]:
    """Read a comparison: "over 5", "at least 5", "5 or more", "between 2 and 4", ">= 5"."""
    for words, make in _BY_FIRST.get(text.word(at), ()):
        if text.words[at : at + len(words)] == words:
            found = number(text, at + len(words))
            if found:
                yield make(found[0]), found[1]
    if text.word(at) in {"between", "from"}:
        both = pair(text, at + 1)
        if both:
            yield Range(both[0], both[1]), both[2]
    found = number(text, at)
    if found:
        yield from _after(text, *found)


def _after(text: Text, value: int, end: int) -> Iterator[tuple[object, int]]:
    """Read what may follow a number: "or more", "maximum"."""
    joined = text.word(end) in {"or", "and"}
    if joined and text.word(end + 1) in _MORE:
        yield Range(low=value), end + 2
    elif joined and text.word(end + 1) in _LESS:
        yield Range(high=value), end + 2
    elif text.word(end) in {"minimum", "upwards", "plus", "+"}:
        yield Range(low=value), end + 1
    elif text.word(end) in {"maximum", "max", "tops"}:
        yield Range(high=value), end + 1


# --- lengths of calls ---

_UNIT = re.compile(r"\d+(?:\.\d+)?-?([a-z]+)")
_JOINS = frozenset({"and", "&", "to", "-"})
_MARKS = frozenset({"-", "–", "—", ".."})  # noqa: RUF001 - what phones type


def _number(text: Text, at: int) -> tuple[int, int] | None:
    return read_length(text.words, at)


def read_lengths(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a comparison of lengths: "over 5 minutes", "5+ minutes", "2-5 minutes"."""
    if plus := _plus(text, at):
        yield plus
    if sides := _two_sided(text, at):
        yield sides
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


def _two_sided(text: Text, at: int) -> tuple[Range, int] | None:
    """Read "longer than 5 min but shorter than 10": of the two, one may leave its unit to the other."""
    if not (low := _compared(text.words, at)):
        return None
    middle = low[1] + 1
    while middle < min(low[1] + 5, len(text)) and text.word(middle) not in _BUT:
        middle += 1
    if text.word(middle) not in _BUT or not (high := _compared(text.words, middle + 1)):
        return None
    first, second = text.words[low[1] : middle], text.words[high[1] : high[1] + 5]
    length = read_length(second, 0)
    if length is None and (one := read_length(first, 0)):  # the second has the unit of the first
        second = (*second[:1], _unit(first, one[1]))
        length = read_length(second, 0)
        length = (length[0], 1) if length else None
    both = _two(first, second, -1, bare=False) if length else None
    if both is None or length is None:
        return None
    found = low[0](both[0]), high[0](both[1])
    lows = [each.low for each in found if each.low is not None]
    highs = [each.high for each in found if each.high is not None]
    if len(lows) != 1 or len(highs) != 1 or lows[0] > highs[0]:
        return None
    return Range(lows[0], highs[0]), high[1] + length[1]


_BUT = frozenset({"but", "and", "yet"})


def _compared(words: tuple[str, ...], at: int) -> tuple[MakeRange, int] | None:
    """Read "longer than": what it makes of the number after it, and its end."""
    found = [
        (make, at + len(said))
        for said, make in _BY_FIRST.get(words[at] if at < len(words) else "", ())
        if words[at : at + len(said)] == said
    ]
    return max(found, key=lambda each: each[1], default=None)


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


# --- ratings ---


def _stars_number(text: Text, at: int) -> tuple[int, int] | None:
    word = text.word(at).removesuffix("/5").removesuffix("-star").removesuffix("-stars")
    value = integer(word) if word not in {"a", "an"} else None
    if value is None:
        return None
    end = at + 1
    if text.word(end) in {"star", "stars"}:
        end += 1
    if text.word(end) == "out" and text.word(end + 1) == "of" and text.word(end + 2) in {"5", "five"}:
        end += 3
    return value, end


def _joined_by(text: Text, at: int, words: frozenset[str]) -> bool:
    if text.word(at):
        return text.word(at) in words
    return at < len(text) and text.tokens[at].text in {"..", "-", "–", "—"}  # noqa: RUF001 - what phones type


def _stars_pair(text: Text, at: int) -> tuple[int, int, int] | None:
    first = _stars_number(text, at)
    if first is None or not _joined_by(text, first[1], frozenset({"and", "to", "-"})):
        return None
    second = _stars_number(text, first[1] + 1)
    return (first[0], *second) if second else None


def read_rating(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a comparison of stars, "4+", or one number."""
    yield from read_range(text, at, _stars_number, _stars_pair)
    word = text.word(at)
    if word.endswith("+") and word[:-1].isdecimal() and len(word) <= 3:  # noqa: PLR2004 - "10+" at most
        yield Range(low=int(word[:-1])), at + 1
    low, dash, high = word.partition("-")
    if dash and low.isdecimal() and high.isdecimal() and len(word) <= 5:  # noqa: PLR2004 - "10-10" at most
        yield Range(int(low), int(high)), at + 1
    first = _stars_number(text, at)
    if first and text.word(first[1]) in {"or", "and"}:  # "4 or 5"
        second = _stars_number(text, first[1] + 1)
        if second and abs(second[0] - first[0]) == 1:
            yield Range(min(first[0], second[0]), max(first[0], second[0])), second[1]
    both = _stars_pair(text, at)
    if both and _joined_by(text, at + 1, frozenset({"to", "-"})):
        yield Range(both[0], both[1]), both[2]
    found = _stars_number(text, at)
    if found:
        yield Range(found[0], found[0]), found[1]


def read_stars(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the same where the word "stars" must come with it."""
    for value, end in read_rating(text, at):
        words = text.words[at:end]
        if {"star", "stars"} & set(words) or any(w.endswith(("-star", "-stars")) for w in words):
            yield value, end
        elif text.word(end) in {"star", "stars"}:
            yield value, end + 1
