"""Rating: the stars that the person who called gave; and whether they left a comment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bot.model import Conversation
from bot.query.filters.base import Filter, Params, Words, pick
from bot.query.filters.ranges import RangeFilter, inside, read_range, starts_range
from bot.query.numbers import integer
from bot.query.phrases import Phrase, SlotReader, StartsWith, Text
from bot.query.tokens import Item, item_text
from bot.query.values import Flag, Misread, Range

LOWEST, HIGHEST = 1, 5


def _number(text: Text, at: int) -> tuple[int, int] | None:
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


def _joins(text: Text, at: int, words: frozenset[str]) -> bool:
    if text.word(at):
        return text.word(at) in words
    return at < len(text) and text.tokens[at].text in {"..", "-", "–", "—"}  # noqa: RUF001 - what phones type


def _pair(text: Text, at: int) -> tuple[int, int, int] | None:
    first = _number(text, at)
    if first is None or not _joins(text, first[1], frozenset({"and", "to", "-"})):
        return None
    second = _number(text, first[1] + 1)
    return (first[0], *second) if second else None


def _rating(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a comparison of stars, "4+", or one number."""
    yield from read_range(text, at, _number, _pair)
    word = text.word(at)
    if word.endswith("+") and word[:-1].isdecimal() and len(word) <= 3:  # noqa: PLR2004 - "10+" at most
        yield Range(low=int(word[:-1])), at + 1
    low, dash, high = word.partition("-")
    if dash and low.isdecimal() and high.isdecimal() and len(word) <= 5:  # noqa: PLR2004 - "10-10" at most
        yield Range(int(low), int(high)), at + 1
    first = _number(text, at)
    if first and text.word(first[1]) in {"or", "and"}:  # "4 or 5"
        second = _number(text, first[1] + 1)
        if second and abs(second[0] - first[0]) == 1:
            yield Range(min(first[0], second[0]), max(first[0], second[0])), second[1]
    both = _pair(text, at)
    if both and _joins(text, at + 1, frozenset({"to", "-"})):
        yield Range(both[0], both[1]), both[2]
    found = _number(text, at)
    if found:
        yield Range(found[0], found[0]), found[1]


def _stars(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the same where the word "stars" must come with it."""
    for value, end in _rating(text, at):
        words = text.words[at:end]
        if {"star", "stars"} & set(words) or any(w.endswith(("-star", "-stars")) for w in words):
            yield value, end
        elif text.word(end) in {"star", "stars"}:
            yield value, end + 1


class Rating(RangeFilter):
    """`rating_min` and `rating_max`, 1 to 5, both inclusive; calls without a rating are found here."""

    key = "rating"
    aliases = ("rated", "stars", "score", "rate")
    about = "the caller's rating, 1 to 5"
    examples = ("rated 2 or less", "rated at least 4", "5 stars", "unrated", "rating:<=2")
    noun = "a rating"
    how = "write 1 to 5, such as rating:<=2"
    spoken = ("2 or less", "4-5", "none")

    def slots(self) -> Mapping[str, SlotReader]:
        """Return the readers of ratings."""
        return {"rating": _rating, "stars": _stars}

    def slot_starts(self) -> Mapping[str, StartsWith]:
        """Return what judges their first words."""
        return {"rating": starts_range, "stars": starts_range}

    def phrases(self) -> Iterable[Phrase]:
        """Return "rated 2 or less", "5 stars", "unrated"."""
        whose = "[with] [a|an|the|their|whose] [user|caller|customer]"
        lead = f"{whose} rating|ratings|rated|score|scored [is|was|of|as] [is|was]"
        yield Phrase(f"{lead} {{rating}}", lambda s: self._range(s["rating"]))
        yield Phrase("[with] [a|an] {stars} [rating|ratings|rated]", lambda s: self._range(s["stars"]))
        yield Phrase("[with] [a] {stars} or|and less|fewer|below", lambda s: self._below(s["stars"]))
        yield Phrase("[with] [a] {stars} or|and more|above|better|up", lambda s: self._above(s["stars"]))
        for pattern in (
            "unrated",
            "without [a|any] rating|ratings",
            "no rating|ratings",
            "not rated",
            "with no rating",
        ):
            yield Phrase(pattern, lambda _s: Range(missing=True))
        yield Phrase("not rated {rating}", lambda s: self.negate(self._range(s["rating"])))
        for pattern in ("rated", "with [a|any] rating|ratings", "that have [a] rating"):
            yield Phrase(pattern, lambda _s: Range(low=LOWEST))
        for word, example in (
            ("badly", "rated 2 or less"),
            ("poorly", "rated 2 or less"),
            ("low", "rated 2 or less"),
            ("highly", "rated 4 or more"),
            ("well", "rated 4 or more"),
            ("high", "rated 4 or more"),
        ):
            yield Phrase(f"{word} rated|rating|ratings", _ask_back(word, example))
            yield Phrase(f"rated {word}", _ask_back(word, example))
        for word, example in (("low-rated", "rated 2 or less"), ("high-rated", "rated 4 or more")):
            yield Phrase(word, _ask_back(word, example))

    def _range(self, value: object) -> Range:
        return self.checked(value) if isinstance(value, Range) else Range()

    def _below(self, value: object) -> Range:
        return self._range(Range(high=value.high) if isinstance(value, Range) else value)

    def _above(self, value: object) -> Range:
        return self._range(Range(low=value.low) if isinstance(value, Range) else value)

    def read(self, items: Sequence[Item]) -> Range:
        """Read numbers, and `none` or `any`."""
        text = "".join(item_text(item) for item in items).casefold()
        if text in {"none", "no", "unrated", "missing"}:
            return Range(missing=True)
        if text in {"any", "yes", "rated"}:
            return Range(low=LOWEST)
        return super().read(items)

    def number(self, text: str) -> int | None:
        """Return the stars."""
        short = len(text) <= 9  # noqa: PLR2004 - enough to say it is too high
        return int(text) if text.isascii() and text.isdecimal() and short else None

    def checked(self, value: Range) -> Range:
        """Refuse what no rating can be."""
        value = super().checked(value)
        for bound in (value.low, value.high):
            if bound is not None and not LOWEST <= bound <= HIGHEST:
                raise Misread(
                    "Ratings go from 1 to 5, so this can match nothing: say for example “rated 2 or less”."
                )
        if value.low == LOWEST and value.high == HIGHEST:
            return Range(low=LOWEST)
        if value.low is None and value.high == HIGHEST:
            return Range(low=LOWEST)
        return value

    def negate(self, value: Range) -> Range:
        """Turn round; "not rated 2 or less" also keeps calls without a rating."""
        if value.missing:
            return Range(low=LOWEST)
        if value == Range(low=LOWEST):
            return Range(missing=True)
        return Range(value.low, value.high, outside=not value.outside)

    def params(self, value: Range, *, text_search: bool) -> Params:
        """Send both bounds."""
        del text_search
        if value.outside or value.missing:
            return ()
        return tuple(
            (n, str(b)) for n, b in (("rating_min", value.low), ("rating_max", value.high)) if b is not None
        )

    def local(self, value: Range, *, text_search: bool) -> bool:
        """No rating, or not in a range: tested here."""
        del text_search
        return value.outside or value.missing

    def keeps(self, value: Range, row: Conversation) -> bool:
        """Compare the row's rating."""
        if row.rating is None:
            return value.missing or value.outside
        return not value.missing and inside(value, row.rating) != value.outside

    def compared(self, value: Range) -> str:
        """Return "rated 2 or less"."""
        if value.missing:
            return "without a rating"
        low, high = value.low, value.high
        if low is not None and high is not None:
            said = f"rated {low}" if low == high else f"rated {low} to {high}"
        elif low is not None:
            said = "rated at all" if low == LOWEST else f"rated {low} or more"
        else:
            said = f"rated {high} or less"
        return f"not {said}" if value.outside else said

    def words(self, value: Range) -> Words:
        """Say it after the noun."""
        return Words(after="with a rating" if value == Range(low=LOWEST) else self.compared(value))


def _ask_back(word: str, example: str) -> Callable[[Mapping[str, object]], Range]:
    """Return what answers a word that says no number."""

    def make(_slots: Mapping[str, object]) -> Range:
        raise Misread(f"“{word}” says no number: ratings go from 1 to 5, say for example “{example}”.")

    return make


class Feedback(Filter[Flag]):
    """`has_feedback_comment`; the API finds calls with a comment, not those without."""

    key = "feedback"
    aliases = ("comment", "has-feedback-comment")
    about = "calls with a feedback comment"
    examples = ("with feedback", "feedback:yes")

    def phrases(self) -> Iterable[Phrase]:
        """Return "with feedback"."""
        yield Phrase(
            "with|has|have|having|left [a|any] [user|caller|customer] feedback [comment|comments]",
            lambda _s: Flag(),
        )
        yield Phrase(
            "with|has|have|having|left [a|any] [user|caller|customer] comment|comments", lambda _s: Flag()
        )
        yield Phrase("no|without [a|any] feedback|comment|comments", lambda _s: self.negate(Flag()))

    def read(self, items: Sequence[Item]) -> Flag:
        """Accept yes only."""
        word = "".join(item_text(item) for item in items).casefold()
        if word in {"no", "false", "none"}:
            return self.negate(Flag())
        pick(word, dict.fromkeys(("yes", "true", "any"), ("yes",)), self.key)
        return Flag()

    def params(self, value: Flag, *, text_search: bool) -> Params:
        """Send the flag."""
        del value, text_search
        return (("has_feedback_comment", "true"),)

    def words(self, value: Flag) -> Words:
        """Say "with a feedback comment"."""
        del value
        return Words(after="with a feedback comment")

    def canonical(self, value: Flag) -> str:
        """Return feedback:yes."""
        del value
        return "feedback:yes"
