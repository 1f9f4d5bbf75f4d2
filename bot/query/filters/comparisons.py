"""Comparisons as people write them: "over 5 minutes", "between 1 and 5", "2-5 minutes", "4 or 5 stars"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import cast

from bot.query.filters.base import Slots
from bot.query.numbers import SECONDS, begins_number, decimal, glued, integer, read_length
from bot.query.phrases import Matcher, Phrase, PhraseSlot, SlotReader, Text, word_slot
from bot.query.tokens import Kind, Token, word_set, word_token
from bot.query.values import Range

ReadNumber = Callable[[tuple[str, ...], int], "tuple[int, int] | None"]
"""Reads one number at a position: the value and the position after it."""
Found = Iterator[tuple[Range, int]]
_ABOVE = {
    1: "over|above|exceeding|>|greater than|bigger than|more than|longer than|long than|higher than|"
    "better than",
    0: "at least|>=|≥|minimum|minimum of|min|no less than|not less than|no shorter than|not shorter than",
}
_BELOW = {
    -1: "under|below|<|less than|fewer than|short than|lower than|worse than|shorter than|smaller than",
    0: "at most|<=|≤|..|max|maximum|maximum of|up to|no more than|no longer than|not more than|"
    "not longer than",
}
"""Words of a comparison, by what is added to the number after them for the bound, which is included."""
_RANGES = """
    {above} {low} but|and|yet {below} {high}
    {below} {high} but|and|yet {above} {low}
    [between|from] {low} {to} {high}
    {dashed}
    {low+}
    {above} {low}
    {below} {high}
    exactly|=|==|precisely {exact}
    equal to {exact}
    {low} or|and more|longer|above|higher|over|up|better|greater|upwards
    {low} minimum|upwards|plus|+|..
    {high} or|and less|fewer|shorter|below|lower|under|worse|down
    {high} maximum|max|tops
"""
_TO = word_set("and & to - – — ..")  # noqa: RUF001 - what phones type
_BETWEEN = _TO | word_set("but yet not " + " ".join((*_ABOVE.values(), *_BELOW.values())).replace("|", " "))
"""Words between two numbers of which one may leave its unit to the other."""
_NEAR = 8
"""How many words away such a unit may stand."""
_STARS = frozenset({"star", "stars"})
_SIDES = word_set("over above under below")
_BEFORE_LENGTH = word_set("lasted lasting took taking last duration length is was")
_AFTER_LENGTH = word_set("long minutes min")


def _comparing(words: Mapping[int, str]) -> PhraseSlot:
    forms = {form: added for added, said in words.items() for form in said.split("|")}
    typed = {form.replace("than", than): added for form, added in forms.items() for than in ("then", "as")}
    return word_slot(typed | forms)


def _range(slots: Slots) -> Range:
    if "dashed" in slots:
        return cast("Range", slots["dashed"])
    ends = {name.rstrip("+"): cast("int", value) for name, value in slots.items()}
    low, high = ends.get("low", ends.get("exact")), ends.get("high", ends.get("exact"))
    return Range(
        None if low is None else low + ends.get("above", 0),
        None if high is None else high + ends.get("below", 0),
    )


def _to(text: Text, at: int) -> Iterator[tuple[object, int]]:
    token = text.tokens[at] if at < len(text) else None
    if token is not None and token.kind in {Kind.WORD, Kind.MARK} and (token.word or token.text) in _TO:
        yield "", at + 1


def _unit(tokens: Iterable[Token]) -> str:
    """Return the unit of the number beside another: of "1 and 5 minutes", "over 5 min but under 10"."""
    for token in tokens:
        word = token.word or token.text
        unit = word if word in SECONDS else (glued(word) or (0, ""))[1]
        if unit in SECONDS:
            return unit
        if word not in _BETWEEN and not begins_number(word):
            break
    return ""


def _dashed(one: SlotReader) -> SlotReader:
    """Return what reads two of some numbers in one word: "2-5 minutes"."""

    def read(text: Text, at: int) -> Found:
        low, _dash, high = text.word(at).partition("-")
        if low[:1].isdecimal() and high[:1].isdecimal():
            apart = Text([word_token(word) for word in (low, "to", high, text.word(at + 1))])
            for (first, end), (last, then) in product(one(apart, 0), one(apart, 2)):
                if end == 1:
                    yield Range(cast("int", first), cast("int", last)), at + then - 2

    return read


def _ranges_of(number: ReadNumber) -> Matcher:
    """Return what finds comparisons of one kind of number."""

    def one(text: Text, at: int) -> Iterator[tuple[object, int]]:
        word = text.word(at)
        if number is not _stars and decimal(word) is not None and not read_length(text.words, at):
            unit = _unit(text.tokens[at + 1 : at + 1 + _NEAR])
            if not unit and text.word(at - 1) not in _TO:
                unit = _unit(reversed(text.tokens[max(0, at - _NEAR) : at]))
            if found := read_length((word, unit), 0):
                yield found[0], at + 1
        if found := number(text.words, at):
            yield found

    def least(text: Text, at: int) -> Iterator[tuple[object, int]]:
        word = text.word(at)
        if word.endswith("+") and (found := number((word[:-1], text.word(at + 1)), 0)):
            yield found[0], at + found[1]

    readers = {"low": one, "high": one, "exact": one, "dashed": _dashed(one), "low+": least}
    slots = {name: PhraseSlot(read, begins_number) for name, read in readers.items()}
    slots |= {"above": _comparing(_ABOVE), "below": _comparing(_BELOW), "to": PhraseSlot(_to, _TO | {""})}
    return Matcher(slots, [("", Phrase(pattern, Range)) for pattern in _RANGES.strip().splitlines()])


def _found(ranges: Matcher, text: Text, at: int) -> Found:
    for end, _entry, slots in ranges.matches(text, at):
        if not (
            text.word(end - 1) in _SIDES and begins_number(text.word(end))
        ):  # "rated 1 and over 5 minutes"
            yield _range(slots), end


def _whole(words: tuple[str, ...], at: int) -> tuple[int, int] | None:
    word = words[at] if at < len(words) else ""
    value = integer(word) if word not in {"a", "an"} else None
    return (value, at + 1) if value is not None else None


def _seconds(words: tuple[str, ...], at: int) -> tuple[int, int] | None:
    return read_length(words, at) or _whole(words, at)


def _stars(words: tuple[str, ...], at: int) -> tuple[int, int] | None:
    """Read "4", "4 stars", "4-star", "4/5", "4 out of 5"."""
    word = words[at] if at < len(words) else ""
    found = _whole((word.removesuffix("/5").removesuffix("-star").removesuffix("-stars"),), 0)
    if found is None:
        return None
    end = at + 1 + (words[at + 1 : at + 2] in {("star",), ("stars",)})
    return found[0], end + 3 if words[end : end + 3] in {("out", "of", "5"), ("out", "of", "five")} else end


OF_LENGTHS, _OF_SECONDS, _OF_STARS = map(_ranges_of, (read_length, _seconds, _stars))


def read_lengths(text: Text, at: int) -> Found:
    """Read a comparison of lengths: "over 5 minutes", "5+ minutes", "2-5 minutes".

    Two clock times are hours of a day, unless a word beside them says that they are a length.
    """
    for value, end in _found(OF_LENGTHS, text, at):
        clocks = None not in {value.low, value.high} and ":" in text.word(end - 1)
        if not clocks or text.word(at - 1) in _BEFORE_LENGTH or text.word(end) in _AFTER_LENGTH:
            yield value, end


def read_exact(text: Text, at: int) -> Found:
    """Read a length that is meant exactly."""
    if found := read_length(text.words, at):
        yield Range(found[0], found[0]), found[1]


def read_seconds(text: Text, at: int) -> Found:
    """Read "> 60", "at least 60", "60 to 300", "0": seconds need no unit after the filter's name."""
    yield from _found(_OF_SECONDS, text, at)
    if alone := _seconds(text.words, at):
        yield Range(alone[0], alone[0]), alone[1]


def read_rating(text: Text, at: int) -> Found:
    """Read a comparison of stars, "4+", or numbers of which any will do: "4", "1, 3 or 5"."""
    for value, end in _found(_OF_STARS, text, at):
        wide = value.low is not None and value.high is not None and value.high - value.low > 1
        if not (wide and text.word(at) not in {"between", "from"} and "and" in text.words[at:end]):
            yield value, end  # "3 and 5 stars" are two
    numbers: list[int] = []
    end, following = at, at
    while (found := _stars(text.words, following)) and not (numbers and read_length(text.words, following)):
        numbers.append(found[0])
        end = following = found[1]
        following += text.typed(end, end + 1) == ","
        following += text.word(following) in {"or", "and"}
        if following == end:
            break
    if numbers:
        yield one_of(numbers), end


def one_of(numbers: Sequence[int]) -> Range:
    """Return a range of which only some numbers are meant; those far apart are none of it."""
    low, high = min(numbers), max(numbers)
    skipped = {*range(low, min(high, low + 9))} - {*numbers}
    return Range(low, high, skipped=tuple(sorted(skipped)))


def read_stars(text: Text, at: int) -> Found:
    """Read the same where the word "stars" must come with it."""
    for value, end in read_rating(text, at):
        if any(word in _STARS or word.endswith(("-star", "-stars")) for word in text.words[at:end]):
            yield value, end
        elif text.word(end) in _STARS:
            yield value, end + 1
