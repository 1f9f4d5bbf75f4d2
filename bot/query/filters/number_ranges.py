"""Filters on a number: the call's length and the caller's rating."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.model import Conversation
from bot.query.filters.base import Filter, Params, SaidWords, Slots, Write, listed
from bot.query.filters.comparisons import (
    OF_LENGTHS,
    Found,
    one_of,
    read_exact,
    read_lengths,
    read_rating,
    read_seconds,
    read_stars,
)
from bot.query.numbers import length_words, one_unit
from bot.query.phrases import PhraseSlot, Text
from bot.query.tokens import Item, Segment, item_text, word_token
from bot.query.values import Misread, Range

LOWEST, HIGHEST = 1, 5
"""Stars."""

_MOST_SKIPPED = 9
"""How far apart numbers may be of which any will do."""
_SIGN = re.compile(r"([<>]=|[<>=≥≤])|\.{2,}|…")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")


@dataclass(frozen=True, kw_only=True, eq=False)
class RangeFilter(Filter[Range]):
    """A filter on a whole number; the API's bounds are inclusive."""

    bounds: tuple[str, str]
    """The API's parameters for the least and the most."""
    noun: str
    """What it is one of, for “… is not a rating”."""
    reads: Callable[[Text, int], Found]
    """How it is read in words."""
    says: Mapping[str, str] = field(default_factory=dict)
    """The comparison in words, by its sign: "" for one number, ".." for two."""

    def read(self, items: Sequence[Item], key: str = "") -> Range:  # noqa: ARG002
        """Read `>60`, `60..120`, `60`, and what a sentence says: "2 or less", "over 5 minutes"."""
        if len(items) > 1:
            return self._any_of([item_text(item) for item in items])
        typed = "".join(map(item_text, items))
        apart = _SIGN.sub(lambda sign: f" {sign[1] or '..'} ", typed).split()
        if not apart:
            raise self.incomplete()
        text = Text(list(map(word_token, apart)))
        start = int(text.word(0) in {self.key, *self.aliases})
        value = next((value for value, end in self.reads(text, start) if end == len(text)), None)
        if value is None:
            example = listed((self.offered[0], *self.offered[-2:]))
            raise Misread(f"“{typed[:60]}” is not {self.noun}. Write for example {example}.")
        return self.checked(value)

    def form_items(self, text: str) -> tuple[Item, ...]:
        return super().form_items(_THOUSANDS.sub("", text))

    def _any_of(self, parts: Sequence[str]) -> Range:
        """Return several numbers as one range, if they follow each other: "rating:1,2"."""
        values = [self.read([(Segment(part),)]) for part in parts]
        numbers = [value.low for value in values if value.low is not None and value.low == value.high]
        grouped = all(len(part) == 3 for part in parts[1:])  # noqa: PLR2004 - digits in a group
        if grouped or len(numbers) != len(values) or max(numbers) - min(numbers) > _MOST_SKIPPED:
            one = "".join(parts) if grouped else "1..2"
            raise Misread(
                f"“{self.key}:{','.join(parts)}” has a comma, which is an “or”, and is no one number or "
                f"range: write for example {self.key}:{one}."
            )
        return self.checked(one_of(numbers))

    def checked(self, value: Range) -> Range:
        """Return a range that some number is in. Raises Misread with the reason."""
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
        plain = not any(each.missing or each.outside or each.skipped for each in (old, new))
        if joiner == "or" and plain and old.low == old.high and new.low == new.high:
            return self._any_of([self.readable(old), self.readable(new)])
        if joiner == "or" or not plain:
            raise Misread(
                f"“{self.key}” is asked for twice: {self.compared(old)} and {self.compared(new)}. Keep one."
            )
        lows = [n for n in (old.low, new.low) if n is not None]
        highs = [n for n in (old.high, new.high) if n is not None]
        return self.checked(Range(max(lows, default=None), min(highs, default=None)))

    def negate(self, value: Range) -> Range:
        return replace(value, outside=not value.outside)

    def params(self, value: Range) -> Params:
        if value.outside or value.missing:
            return ()
        ends = zip(self.bounds, (value.low, value.high), strict=True)
        return tuple((name, str(end)) for name, end in ends if end is not None)

    def local(self, value: Range) -> bool:
        """Whether no number, or one not in a range, is asked for: the API cannot."""
        return value.outside or value.missing or bool(value.skipped)

    def matches(self, value: Range, row: Conversation) -> bool | None:
        number = getattr(row, self.attribute)
        if number is None or value.missing:
            return number is None and (value.missing or value.outside)
        inside = (value.low is None or number >= value.low) and (value.high is None or number <= value.high)
        inside &= number not in value.skipped
        return inside != value.outside

    def compared(self, value: Range) -> str:
        """Return the comparison in words, without the filter's name."""
        sign, ends = self._signed(value)
        if sign == ",":
            return self.says[""].format(listed(list(map(self.number, ends))))
        return self.says[sign].format(*map(self.number, ends))

    def number(self, value: int) -> str:
        return str(value)

    def words(self, value: Range) -> SaidWords:
        return SaidWords(after=self.compared(value))

    def parts(self, value: Range, write: Write) -> Iterable[tuple[str, bool]]:  # noqa: ARG002
        """Return `>600`, `<=60`, `60..120`, `90`, `none`."""
        sign, ends = self._signed(value)
        text = (sign if sign in {",", ".."} else "..").join(map(str, ends))
        return [("none" if value.missing else sign.strip(".,") + text, value.outside)]

    def _signed(self, value: Range) -> tuple[str, list[int]]:
        """Return a range as a sign and its ends: 601 and more as over 600, as people say it."""
        low, high = value.low, value.high
        if low is not None and high is not None and value.skipped:
            return ",", [number for number in range(low, high + 1) if number not in value.skipped]
        if low is not None and high is not None:
            return ("", [low]) if low == high else ("..", [low, high])
        bound, beside = ((high or 0), (high or 0) + 1) if low is None else (low, low - 1)
        sign = "<" if low is None else ">"
        strict = sign in self.says and beside >= 5 and beside % 5 == 0 and bound % 5 != 0  # noqa: PLR2004
        return (sign, [beside]) if strict else (f"{sign}=", [bound])


class Duration(RangeFilter):
    """`call_duration_min_secs` and `call_duration_max_secs`."""

    def checked(self, value: Range) -> Range:
        if value.high is not None and value.high < 0:
            raise Misread("No duration is below 0 seconds: ask for a longer one, such as “shorter than 30s”.")
        return super().checked(value)

    def negate(self, value: Range) -> Range:
        """Turn one-sided comparisons round; others are tested here."""
        if value.outside or (value.low is None) == (value.high is None):
            return super().negate(value)
        if value.low is None:
            return Range(low=(value.high or 0) + 1)
        return self.checked(Range(high=value.low - 1))

    def number(self, value: int) -> str:
        return length_words(value)

    def compared(self, value: Range) -> str:
        return f"not lasting {super().compared(value)}" if value.outside else super().compared(value)

    def words(self, value: Range) -> SaidWords:
        said = self.compared(value)
        return SaidWords(after=said if said.startswith(("longer", "shorter", "not")) else f"lasting {said}")


def _ask_unit(slots: Slots) -> Range:
    """Answer "longer than 300"."""
    number = slots["digits"]
    s = "" if number == 1 else "s"
    raise Misread(f"{number} what? Name the unit, such as “{number} second{s}” or “{number} minute{s}”.")


def _ask_length_or_time(slots: Slots) -> Range:
    """Answer "5 minutes": the time until now, or the length of calls; none lasts no time by the clock."""
    seconds = slots["length"]
    if seconds == 0:
        return Range(0, 0)
    said = one_unit(seconds if isinstance(seconds, int) else 0)
    raise Misread(
        f"“{said}” may be a length or a time: for calls of that length write “at least {said}” or "
        f"“at most {said}”, for those since then “last {said}”."
    )


DURATION = Duration(
    key="duration",
    form="Length",
    offered=("over 5 minutes", "over 10 minutes", "under 30 seconds", "30s to 2m", ">60"),
    typed=True,
    most_chosen=1,
    aliases=("length", "len", "secs", "seconds", "call-duration"),
    about="how long the call took (seconds, or with a unit)",
    examples=(
        *("over 5 minutes", "shorter than 30s", "between 1 and 5 minutes", "duration:>60"),
        "duration:60..300",
    ),
    bounds=("call_duration_min_secs", "call_duration_max_secs"),
    attribute="call_duration_secs",
    noun="a length",
    reads=read_seconds,
    says={
        ">": "longer than {}",
        ">=": "at least {}",
        "<": "shorter than {}",
        "<=": "at most {}",
        "": "exactly {}",
        "..": "from {} to {}",
    },
    phrases={
        "{}": """
            [that|which] [LASTED] [a|the] [call] [duration|length] [is|was|of|:] [was|is] {lengths} [LONG]
            duration|length|secs|seconds [is|was|of] {seconds}
            lasted|lasting|took|taking|exactly|duration|length [is|was|of|exactly] {exact} [long]
            {exact} long
        """,
        _ask_length_or_time: "{length}",
        _ask_unit: "longer|shorter|over|under|above|below|more|less than|then {digits}",
        (
            "!ElevenLabs cannot filter by the number of messages: leave it out; the file has it as "
            "message_count."
        ): ("longer|shorter|over|under|above|below|more|less than|then {digits} message|messages|turn|turns"),
        **{
            f"!How {word} is “{word}”? Say a length, such as “{example}”.": f"[very|really|too] {word}"
            for example, words in (
                ("shorter than 30s", "short shorter quick brief"),
                ("longer than 10 minutes", "long longer lengthy"),
            )
            for word in words.split()
        },
    },
    slots={
        "lengths": PhraseSlot(read_lengths, OF_LENGTHS.beginning),
        "exact": PhraseSlot(read_exact, OF_LENGTHS.beginning),
        "seconds": PhraseSlot(read_seconds, OF_LENGTHS.beginning),
    },
)


class Rating(RangeFilter):
    """`rating_min` and `rating_max`, 1 to 5; calls without a rating are found here."""

    def read(self, items: Sequence[Item], key: str = "") -> Range:
        """Read numbers, and `none` or `any`."""
        text = "".join(map(item_text, items)).casefold()
        if text in {"none", "no", "unrated", "missing"}:
            return Range(missing=True)
        if text in {"any", "yes", "rated"}:
            return Range(low=LOWEST)
        return super().read(items, key)

    def checked(self, value: Range) -> Range:
        value = super().checked(value)
        if any(bound is not None and not LOWEST <= bound <= HIGHEST for bound in (value.low, value.high)):
            raise Misread(
                "Ratings go from 1 to 5, so this can match nothing: say for example “rated 2 or less”."
            )
        rated = value.high == HIGHEST and value.low in {None, LOWEST} and not value.skipped
        return Range(low=LOWEST) if rated else value

    def negate(self, value: Range) -> Range:
        """Turn round; "not rated 2 or less" also keeps calls without a rating."""
        rated, unrated = Range(low=LOWEST), Range(missing=True)
        return {unrated: rated, rated: unrated}.get(value) or super().negate(value)

    def compared(self, value: Range) -> str:
        if value.missing:
            return "without a rating"
        said = "rated at all" if value == Range(low=LOWEST) else super().compared(value)
        return f"not {said}" if value.outside else said

    def words(self, value: Range) -> SaidWords:
        return SaidWords(after="with a rating") if value == Range(low=LOWEST) else super().words(value)


RATING = Rating(
    key="rating",
    form="Rating",
    offered=("2 or less", "4-5", "5", "none"),
    typed=True,
    most_chosen=1,
    aliases=("rated", "stars", "score", "rate"),
    about="the caller's rating, 1 to 5",
    examples=("rated 2 or less", "rated at least 4", "5 stars", "unrated", "rating:<=2"),
    bounds=("rating_min", "rating_max"),
    attribute="rating",
    noun="a rating",
    reads=read_rating,
    says={">=": "rated {} or more", "<=": "rated {} or less", "": "rated {}", "..": "rated {} to {}"},
    phrases={
        "{}": """
            [with] [WHOSE] [CALLER] RATED [is|was|of|as] [is|was|either] {rating}
            [with] [a|an] {stars} [rating|ratings|rated]
        """,
        "!A caller rates with whole numbers, so none is {fraction}: say for example “rated 4 or more”.": """
            [with] [WHOSE] [CALLER] RATED [is|was|of|as] [at] [least|most] {fraction}
            {fraction} star|stars
        """,
        "none": """
            unrated
            without|no|neither|nor [a|any] rating|ratings
        """,
        "any": """
            rated
            [that] with|have|has|had|having [a|any] rating|ratings
        """,
        **{
            f"!“{word}” says no number: ratings go from 1 to 5, say for example “{example}”.": pattern
            for example, words in (
                ("rated 2 or less", "badly poorly bad poor terrible negative low low-rated"),
                ("rated 4 or more", "highly well good great positive high high-rated"),
            )
            for word in words.split()
            for pattern in [word if "-" in word else f"{word} rated|rating|ratings\nrated {word}"]
        },
    },
    slots={
        "rating": PhraseSlot(read_rating, OF_LENGTHS.beginning),
        "stars": PhraseSlot(read_stars, OF_LENGTHS.beginning),
    },
)
