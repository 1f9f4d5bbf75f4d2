"""Duration: how long the call took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from bot.model import Conversation
from bot.query.filters.base import Params, Words
from bot.query.filters.ranges import RangeFilter, inside, is_strict, read_range, starts_range
from bot.query.numbers import MAX_NUMBER, compact_length, decimal, integer, length_words, read_length
from bot.query.phrases import Phrase, SlotReader, StartsWith, Text
from bot.query.values import Misread, Range


def _number(text: Text, at: int) -> tuple[int, int] | None:
    return read_length(text.words, at)


def _plus(text: Text, at: int) -> tuple[Range, int] | None:
    """Read "5+ minutes"."""
    word = text.word(at)
    if not word.endswith("+"):
        return None
    found = read_length((word.removesuffix("+"), text.word(at + 1)), 0)
    return (Range(low=found[0]), at + found[1]) if found else None


def _pair(text: Text, at: int) -> tuple[int, int, int] | None:
    """Read "1 and 5 minutes", "30 seconds and 2 minutes"."""
    first = read_length(text.words, at) if text.word(at + 1) not in {"and", "to"} else None
    if first is None:
        bare = decimal(text.word(at))
        if bare is None or text.word(at + 1) not in {"and", "to", "-"}:
            return None
        second = read_length(text.words, at + 2)
        if second is None:
            return None
        per_unit = read_length((text.word(at), *text.words[second[1] - 1 : second[1]]), 0)
        if per_unit is None:
            per_unit = read_length((f"{text.word(at)}{text.word(second[1] - 1).lstrip('0123456789.')}",), 0)
        return (per_unit[0], *second) if per_unit else None
    if text.word(first[1]) not in {"and", "to", "-"}:
        return None
    second = read_length(text.words, first[1] + 1)
    return (first[0], *second) if second else None


def _ranges(text: Text, at: int) -> Iterator[tuple[object, int]]:
    # "between 1 minute and 5 minutes" must not read "1 minute and 5 ..." as one length
    if text.word(at) in {"between", "from"}:
        for end in range(at + 2, min(at + 5, len(text))):
            if text.word(end) in {"and", "to"}:
                first = read_length(text.words[:end], at + 1)
                second = read_length(text.words, end + 1)
                if first and second and first[1] == end:
                    yield Range(first[0], second[0]), second[1]
    if plus := _plus(text, at):
        yield plus
    yield from read_range(text, at, _number, _pair)


def _bare_ranges(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "> 60", "at least 60": seconds need no unit after the filter's name."""

    def number(text: Text, at: int) -> tuple[int, int] | None:
        value = integer(text.word(at))
        return (value, at + 1) if value is not None else None

    yield from read_range(text, at, number, lambda _text, _at: None)


def _ask_unit(slots: Mapping[str, object]) -> Range:
    """Answer "longer than 300"."""
    number = slots["digits"]
    raise Misread(f"{number} what? Name the unit, such as “{number} seconds” or “{number} minutes”.")


def _ask_back(word: str, example: str) -> Callable[[Mapping[str, object]], Range]:
    """Return what answers a word that says no number."""

    def make(_slots: Mapping[str, object]) -> Range:
        raise Misread(f"How {word} is “{word}”? Say a length, such as “{example}”.")

    return make


class Duration(RangeFilter):
    """`call_duration_min_secs` and `call_duration_max_secs`, both inclusive."""

    key = "duration"
    aliases = ("length", "len", "secs", "seconds", "call-duration")
    about = "how long the call took (seconds, or with a unit)"
    examples = (
        "over 5 minutes",
        "shorter than 30s",
        "between 1 and 5 minutes",
        "duration:>60",
        "duration:60..300",
    )

    def slots(self) -> Mapping[str, SlotReader]:
        """Return the reader of comparisons of lengths."""
        return {"lengths": _ranges, "seconds": _bare_ranges}

    def slot_starts(self) -> Mapping[str, StartsWith]:
        """Return what judges their first words."""
        return {"lengths": starts_range, "seconds": starts_range}

    def phrases(self) -> Iterable[Phrase]:
        """Return comparisons of lengths, and words that are asked back."""
        lead = "[that|which] [lasted|lasting|took|taking|last|of|with|were|are]"
        noun = "[a|the] [call] [duration|length] [is|was|of|:] [was|is]"
        yield Phrase(f"{lead} {noun} {{lengths}} [long]", lambda s: self._range(s["lengths"]))
        yield Phrase("duration|length|secs|seconds {seconds}", lambda s: self._range(s["seconds"]))
        exact = "lasted|lasting|took|taking|exactly|duration|length"
        yield Phrase(f"{exact} [is|was|of|exactly] {{length}} [long]", lambda s: self._exact(s["length"]))
        unitless = "longer|shorter|over|under|above|below|more|less"
        yield Phrase(f"{unitless} than {{digits}}", _ask_unit)
        for word, example in (
            ("short", "shorter than 30s"),
            ("shorter", "shorter than 30s"),
            ("quick", "shorter than 30s"),
            ("brief", "shorter than 30s"),
            ("long", "longer than 10 minutes"),
            ("longer", "longer than 10 minutes"),
            ("lengthy", "longer than 10 minutes"),
        ):
            yield Phrase(f"[very|really|too] {word}", _ask_back(word, example))

    def _range(self, value: object) -> Range:
        return self.checked(value) if isinstance(value, Range) else Range()

    def _exact(self, value: object) -> Range:
        seconds = value if isinstance(value, int) else 0
        return Range(seconds, seconds)

    def number(self, text: str) -> int:
        """Return seconds of `60`, `30s`, `5m`, `1h30m`, `2:30`."""
        if text.isascii() and text.isdecimal() and len(text) <= 10:  # noqa: PLR2004 - MAX_NUMBER has ten digits
            return min(int(text), MAX_NUMBER)
        seconds = compact_length(text)
        if seconds is None:
            raise Misread(
                f"“{text[:40]}” is not a length: write seconds, such as duration:>60, or 30s, 5m, 1h."
            )
        return seconds

    def checked(self, value: Range) -> Range:
        """Refuse lengths below zero."""
        if value.high is not None and value.high < 0:
            raise Misread("No duration is below 0 seconds: ask for a longer one, such as “shorter than 30s”.")
        return super().checked(value)

    def negate(self, value: Range) -> Range:
        """Turn one-sided comparisons round; others are tested here."""
        if value.low is not None and value.high is None and not value.outside:
            return self.checked(Range(high=value.low - 1))
        if value.high is not None and value.low is None and not value.outside:
            return Range(low=value.high + 1)
        return Range(value.low, value.high, outside=not value.outside)

    def params(self, value: Range, *, text_search: bool) -> Params:
        """Send both bounds."""
        del text_search
        if value.outside:
            return ()
        bounds = (("call_duration_min_secs", value.low), ("call_duration_max_secs", value.high))
        return tuple((name, str(n)) for name, n in bounds if n is not None)

    def local(self, value: Range, *, text_search: bool) -> bool:
        """Only "not between" is tested here."""
        del text_search
        return value.outside

    def keeps(self, value: Range, row: Conversation) -> bool:
        """Compare the row's length."""
        return inside(value, row.call_duration_secs) != value.outside

    def compared(self, value: Range) -> str:
        """Return "longer than 10 minutes"."""
        low, high = value.low, value.high
        if low is not None and high is not None:
            said = (
                f"exactly {length_words(low)}"
                if low == high
                else (f"from {length_words(low)} to {length_words(high)}")
            )
        elif low is not None:
            said = (
                f"longer than {length_words(low - 1)}"
                if is_strict(low, low - 1)
                else f"at least {length_words(low)}"
            )
        else:
            high = high or 0
            said = (
                f"shorter than {length_words(high + 1)}"
                if is_strict(high, high + 1)
                else f"at most {length_words(high)}"
            )
        return f"not {said}" if value.outside else said

    def words(self, value: Range) -> Words:
        """Say "longer than 10 minutes" after the noun."""
        said = self.compared(value)
        return Words(after=said if said.startswith(("longer", "shorter", "not")) else f"lasting {said}")
