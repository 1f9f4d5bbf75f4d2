"""Duration: how long the call took."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from bot.model import Conversation
from bot.query.filters.base import Params, Words
from bot.query.filters.lengths import read_lengths, read_seconds
from bot.query.filters.ranges import RangeFilter, inside, is_strict, starts_range
from bot.query.numbers import MAX_NUMBER, compact_length, decimal, integer, length_words, one_unit
from bot.query.phrases import Phrase, SlotReader, StartsWith
from bot.query.values import Misread, Range


def _ask_unit(slots: Mapping[str, object]) -> Range:
    """Answer "longer than 300"."""
    number = slots["digits"]
    s = "" if number == 1 else "s"
    raise Misread(f"{number} what? Name the unit, such as “{number} second{s}” or “{number} minute{s}”.")


def _only_a_column(_slots: Mapping[str, object]) -> Range:
    """Answer "more than 10 messages"."""
    raise Misread(
        "ElevenLabs cannot filter by the number of messages: leave it out; the file has it as message_count."
    )


def _ask_which(slots: Mapping[str, object]) -> Range:
    """Answer "5 minutes": the time until now, or the length of calls; none lasts no time by the clock."""
    seconds = slots["length"]
    if seconds == 0:
        return Range(0, 0)
    said = one_unit(seconds if isinstance(seconds, int) else 0)
    raise Misread(
        f"“{said}” may be a length or a time: for calls of that length write “at least {said}” or "
        f"“at most {said}”, for those since then “last {said}”."
    )


def _ask_back(word: str, example: str) -> Callable[[Mapping[str, object]], Range]:
    """Return what answers a word that says no number."""

    def make(_slots: Mapping[str, object]) -> Range:
        raise Misread(f"How {word} is “{word}”? Say a length, such as “{example}”.")

    return make


_UNIT = re.compile(r"[\d.]+([a-z]+)")


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

    noun = "a length"
    how = "write seconds, such as duration:>60, or 30s, 5m, 1h"
    spoken = ("over 5 minutes", "30s to 2m", ">60")

    def slots(self) -> Mapping[str, SlotReader]:
        """Return the reader of comparisons of lengths."""
        return {"lengths": read_lengths, "seconds": read_seconds}

    def slot_starts(self) -> Mapping[str, StartsWith]:
        """Return what judges their first words."""
        return {"lengths": starts_range, "seconds": starts_range}

    def phrases(self) -> Iterable[Phrase]:
        """Return comparisons of lengths, and words that are asked back."""
        lead = "[that|which] [lasted|lasting|took|taking|last|of|with|were|are]"
        noun = "[a|the] [call] [duration|length] [is|was|of|:] [was|is]"
        yield Phrase(f"{lead} {noun} {{lengths}} [long|minutes|min]", lambda s: self._range(s["lengths"]))
        yield Phrase(
            "duration|length|secs|seconds [is|was|of] {seconds}", lambda s: self._range(s["seconds"])
        )
        exact = "lasted|lasting|took|taking|exactly|duration|length"
        yield Phrase(f"{exact} [is|was|of|exactly] {{length}} [long]", lambda s: self._exact(s["length"]))
        yield Phrase("{length}", _ask_which)
        yield Phrase("{length} long", lambda s: self._exact(s["length"]))
        unitless = "longer|shorter|over|under|above|below|more|less"
        yield Phrase(f"{unitless} than|then {{digits}}", _ask_unit)
        yield Phrase(f"{unitless} than|then {{digits}} message|messages|turn|turns", _only_a_column)
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

    def ends(self, low: str, high: str) -> tuple[str, str]:
        """Give the unit of the far end to a near one without: 5..10min."""
        unit = _UNIT.fullmatch(high)
        return (low + unit.group(1) if unit and decimal(low) is not None else low), high

    def number(self, text: str) -> int | None:
        """Return seconds of `60`, `30s`, `5m`, `1h30m`, `2:30`."""
        whole = integer(text) if text[:1].isdecimal() else None
        if whole is not None:
            return min(whole, MAX_NUMBER)
        return compact_length(text)

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
        return f"not lasting {said}" if value.outside else said

    def words(self, value: Range) -> Words:
        """Say "longer than 10 minutes" after the noun."""
        said = self.compared(value)
        return Words(after=said if said.startswith(("longer", "shorter", "not")) else f"lasting {said}")
