"""Filters on a number: how people compare, and what is left of several comparisons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from bot.query.filters.base import Filter
from bot.query.numbers import WORDS
from bot.query.phrases import Text
from bot.query.tokens import Item, item_text, word_set
from bot.query.values import Misread, Range

ReadNumber = Callable[[Text, int], "tuple[int, int] | None"]
"""Reads one number at a position: the value and the position after it."""
ReadPair = Callable[[Text, int], "tuple[int, int, int] | None"]
"""Reads "1 and 5 minutes" at a position: both values and the position after them."""

MakeRange = Callable[[int], Range]


def _over(n: int) -> Range:
    return Range(low=n + 1)


def _least(n: int) -> Range:
    return Range(low=n)


def _under(n: int) -> Range:
    return Range(high=n - 1)


def _most(n: int) -> Range:
    return Range(high=n)


def _exactly(n: int) -> Range:
    return Range(n, n)


_COMPARISONS: tuple[tuple[MakeRange, tuple[str, ...]], ...] = (
    (
        _over,
        (
            "over",
            "above",
            "exceeding",
            ">",
            "greater than",
            "bigger than",
            "more than",
            "longer than",
            "higher than",
            "better than",
        ),
    ),
    (
        _least,
        (
            "at least",
            ">=",
            "minimum",
            "minimum of",
            "min",
            "no less than",
            "not less than",
            "no shorter than",
            "not shorter than",
        ),
    ),
    (
        _under,
        (
            "under",
            "below",
            "<",
            "less than",
            "fewer than",
            "lower than",
            "worse than",
            "shorter than",
            "smaller than",
        ),
    ),
    (
        _most,
        (
            "at most",
            "<=",
            "maximum",
            "maximum of",
            "max",
            "up to",
            "no more than",
            "not more than",
            "no longer than",
            "not longer than",
        ),
    ),
    (_exactly, ("exactly", "equal to", "=", "==", "precisely")),
)
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], MakeRange]]] = {}
for _make, _phrases in _COMPARISONS:
    for _phrase in _phrases:
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


_SIGNS: tuple[tuple[str, MakeRange], ...] = (
    (">=", _least),
    ("<=", _most),
    ("≥", _least),
    ("≤", _most),
    (">", _over),
    ("<", _under),
    ("=", _exactly),
)


_DOTS = re.compile(r"(.*?)(?:\.{2,}|…)(.*)")
_DASH = re.compile(r"(\d[^-]*?)(?:[-‐‑‒–—−]|to)(\d[^-]*)")  # noqa: RUF001 - what phones type


def _refuse_thousands(key: str, parts: Sequence[str]) -> None:
    """Raise Misread for "1,000", which a comma makes two numbers."""
    if all(len(part) == 3 and part.isdecimal() for part in parts[1:]):  # noqa: PLR2004 - digits in a group
        raise Misread(
            f"“{key}:{','.join(parts)}” has a comma, which is an “or”: "
            f"write {key}:{''.join(parts)} for one number, {key}:{parts[0]}..{parts[-1]} for a range."
        )


class RangeFilter(Filter[Range]):
    """A filter on a whole number."""

    least: ClassVar[int] = 0
    most: ClassVar[int] = 1_000_000_000

    noun: ClassVar[str]
    """What it is one of, for “… is not a rating”."""
    how: ClassVar[str]
    """How it is written after the key."""
    spoken: ClassVar[tuple[str, ...]]
    """How it is said in its field of a form."""

    def number(self, text: str) -> int | None:
        """Return the number a word is, or None."""
        raise NotImplementedError

    def read(self, items: Sequence[Item]) -> Range:
        """Read `>60`, `<=60`, `60..120`, `60`."""
        if len(items) > 1:
            _refuse_thousands(self.key, [item_text(item) for item in items])
            return self.any_of([self.read([item]) for item in items])
        typed = "".join(item_text(item) for item in items)
        text = typed.replace(" ", "").casefold()
        if not text:
            raise Misread(f"“{self.key}:” needs a number, such as {self.examples[-1]}.")
        value = self._of(text)
        if value is None:
            raise Misread(f"“{typed[:40]}” is not {self.noun}: {self.how}.")
        return self.checked(value)

    def _of(self, text: str) -> Range | None:
        """Return the range that a text without blanks is."""
        if match := _DOTS.fullmatch(text) or _DASH.fullmatch(text):
            low, high = self.ends(*match.groups())
            value = Range(self.number(low) if low else None, self.number(high) if high else None)
            unread = (low and value.low is None) or (high and value.high is None)
            return None if unread else value
        for sign, make in _SIGNS:
            if text.startswith(sign):
                number = self.number(text.removeprefix(sign).removeprefix("="))
                return None if number is None else make(number)
        number = self.number(text.removesuffix("+"))
        if number is None:
            return None
        return Range(low=number) if text.endswith("+") else Range(number, number)

    def ends(self, low: str, high: str) -> tuple[str, str]:
        """Return the two ends of a range as they are meant."""
        return low, high

    def any_of(self, values: Sequence[Range]) -> Range:
        """Return several numbers as one range, if they follow each other: "rating:1,2"."""
        numbers = sorted({value.low for value in values if value.low is not None and value.low == value.high})
        low, high = (numbers[0], numbers[-1]) if numbers else (0, -1)
        if len(numbers) != len(values) or numbers != list(range(low, high + 1)):
            raise Misread(f"“{self.key}” takes one number or one range: write for example {self.key}:1..2.")
        return self.checked(Range(low, high))

    def checked(self, value: Range) -> Range:
        """Return a range that some number is in. Raises Misread with the reason."""
        if value.low is None and value.high is None and not value.missing:
            raise Misread(f"“{self.key}:” needs a number, such as {self.examples[-1]}.")
        if value.low is not None and value.high is not None and value.low > value.high:
            raise Misread(
                f"No {self.key} is {self.compared(Range(low=value.low))} "
                f"and {self.compared(Range(high=value.high))} at once: check the two ends."
            )
        return value

    def merge(self, old: Range, new: Range, joiner: str) -> Range:
        """Both must hold."""
        if old == new:
            return old
        if joiner == "or" or old.missing or new.missing or old.outside or new.outside:
            raise Misread(
                f"“{self.key}” is asked for twice: {self.compared(old)} and {self.compared(new)}. Keep one."
            )
        lows = [n for n in (old.low, new.low) if n is not None]
        highs = [n for n in (old.high, new.high) if n is not None]
        return self.checked(Range(max(lows, default=None), min(highs, default=None)))

    def compared(self, value: Range) -> str:
        """Return the comparison in words, without the filter's name."""
        raise NotImplementedError

    def readable(self, value: Range) -> str:
        """Return `>600`, `<=60`, `60..120`, `90`; of equal ways the rounder number."""
        if value.missing:
            text = "none"
        elif value.low is not None and value.high is not None:
            text = str(value.low) if value.low == value.high else f"{value.low}..{value.high}"
        elif value.low is not None:
            text = f">{value.low - 1}" if is_strict(value.low, value.low - 1) else f">={value.low}"
        else:
            high = value.high or 0
            text = f"<{high + 1}" if is_strict(high, high + 1) else f"<={high}"
        return f"not {text}" if value.outside else text

    def canonical(self, value: Range) -> str:
        """Return the readable form after the key, with a minus for "not"."""
        text = self.readable(value)
        return f"-{self.key}:{text.removeprefix('not ')}" if value.outside else f"{self.key}:{text}"


def is_strict(bound: int, beside: int) -> bool:
    """Whether a bound is better said as "more (less) than" its neighbour: 601 as over 600."""
    return beside >= 5 and beside % 5 == 0 and bound % 5 != 0  # noqa: PLR2004 - people say multiples of five


def inside(value: Range, number: float) -> bool:
    """Whether a number is in a range, `outside` not looked at."""
    return (value.low is None or number >= value.low) and (value.high is None or number <= value.high)
