"""What of the calls a report shows: its measures (`show`), its groups (`by`), its comparison (`compare`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from bot.model import CHOSEN_BY_ID
from bot.query.filters.base import Filter, Params, SaidWords, listed, nearest
from bot.query.filters.time import readable_span, say_span
from bot.query.phrases import SlotReader, Text
from bot.query.time.calendar import Clock
from bot.query.time.settle import settle
from bot.query.time.time_phrases import read_constraint
from bot.query.time.when import Constraint
from bot.query.tokens import Item, bare_or_quoted, item_text, tokenise
from bot.query.values import Compared, Keys, Misread, NotKnown, Span
from bot.report.groups import GROUPS
from bot.report.measures import MEASURES

MOST_GROUPS = 2
_PREVIOUS = frozenset({"previous", "before", "prior", "yes"})
_OF_AGENTS = ("data.", "eval.")
"""What begins the groups of collected data and criteria."""


def _spoken(registry: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Return the keys by what people call them, "call length" also as one word with a hyphen."""
    return {
        form: key
        for key, words in registry
        for word in (key, *words)
        for form in (word.casefold(), word.replace(" ", "-"))
    }


SHOWN = _spoken((key, measure.words) for key, measure in MEASURES.items())
GROUPED = _spoken((key, group.words) for key, group in GROUPS.items())
NOT_ALONE = frozenset(
    {
        "calls",
        "share",
        "proportion",
        "fraction",
        "minutes",
        "turns",
        "ratings",
        "rating",
        "report",
        "messages",
        "satisfaction",
    }
)
"""Words of measures that say too little on their own."""


def reader(words: Mapping[str, str]) -> tuple[SlotReader, frozenset[str]]:
    """Return what reads the longest of some words at a position, and their first words."""
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for said, key in sorted(words.items(), key=lambda pair: -pair[0].count(" ")):
        parts = tuple(said.split())
        by_first.setdefault(parts[0], []).append((parts, key))

    def read(text: Text, at: int) -> Iterator[tuple[object, int]]:
        for parts, key in by_first.get(text.word(at), ()):
            if text.words[at : at + len(parts)] == parts:
                yield key, at + len(parts)

    return read, frozenset(by_first)


def group_at(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a group, also "eval.politeness" as it is spelled."""
    yield from _read_group(text, at)
    if text.word(at).startswith(_OF_AGENTS):
        yield text.tokens[at].text, at + 1


_read_group, _GROUP_STARTS = reader(GROUPED)


def group_starts(word: str) -> bool:
    return word in _GROUP_STARTS or word.startswith(_OF_AGENTS)


def read_further(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a further group after a comma, "and", "by" or "per"."""
    start = at
    while start < at + 3 and (
        text.word(start) in {"and", "&", "by", "per", "then"} or _is_comma(text, start)
    ):
        start += 1
    if start > at:
        yield from group_at(text, start)


def _is_comma(text: Text, at: int) -> bool:
    return at < len(text) and text.tokens[at].text == ","


def read_period(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the time that is compared, or compared with."""
    try:
        found = read_constraint(text, at)
    except Misread:
        return
    if found:
        yield found


def read_first(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the first of two times after a "compare", which "this week to last week" would make one."""
    if _COMPARING.isdisjoint(text.words[:at]):
        return
    for end in range(at + 1, min(at + _LONGEST_TIME, len(text))):
        if text.word(end) in _BETWEEN:
            found = next(read_period(Text(text.tokens[:end]), at), None)
            if found and found[1] == end:
                yield found


def group_later(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the group that is named further on: of "breakdown of calls by result"."""
    later = [
        key
        for place in range(at, len(text))
        if text.word(place) in {"by", "per"}
        for key, _ in group_at(text, place + 1)
    ]
    if later:
        yield later[0], at


def comparing(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read nothing, where "compare" stands before."""
    if not _COMPARING.isdisjoint(text.words[:at]):
        yield "", at


def compared_later(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read nothing, where "compare" follows: "how did this week compare to last week"."""
    if not _COMPARING.isdisjoint(text.words[at:]):
        yield "", at


def before_than(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read nothing, where a time follows a "than" further on: "more failures than last week"."""
    if "than" in text.words[at:]:
        than = text.words.index("than", at)
        if any(True for _ in read_period(text, than + 1)):
            yield "", at


_COMPARING = frozenset({"compare", "compared", "comparing", "comparison"})
_BETWEEN = frozenset({"with", "to", "and", "against", "vs", "versus"})
_LONGEST_TIME = 9


def capitalised(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a name of one to four words that begins with a capital letter, the fewest words first."""
    for end in range(at + 1, at + 5):
        if not text.word(end - 1) or (end == at + 1 and not text.tokens[at].text[:1].isupper()):
            return
        yield text.typed(at, end), end


@dataclass(frozen=True, kw_only=True, eq=False)
class KeysFilter(Filter[Keys]):
    """Names of one of the report's registries."""

    table: Mapping[str, str]
    """The names by what people call them."""
    titles: Callable[[str], str]
    what: str
    """How a sentence introduces them."""
    most: int

    def title(self, value: str) -> str:
        return super().title(self.titles(value))

    def key_of(self, word: str) -> str:
        """Return the name for a word. Raises NotKnown."""
        said = " ".join(word.casefold().replace("_", "-").split())
        if (known := self.table.get(said)) is not None:
            return known
        if self.key == "by" and word.startswith(_OF_AGENTS) and not word.endswith("."):
            return word
        close = nearest(said, {*self.table.values()}, cutoff=55)
        keys = () if close else tuple(dict.fromkeys(self.table.values()))
        raise NotKnown(
            tuple(f"{self.key}:{each}" for each in close), tuple(f"{self.key}:{each}" for each in keys)
        )

    def read(self, items: Sequence[Item], key: str = "") -> Keys:  # noqa: ARG002
        """Return the names given, each once."""
        if not items:
            raise Misread(f"“{self.key}:” needs a value, such as {self.examples[-1]}.")
        return self.merge(Keys(()), Keys(tuple(self.key_of(item_text(item)) for item in items)), "")

    def merge(self, old: Keys, new: Keys, joiner: str) -> Keys:
        """Take both, in the order of mention."""
        del joiner
        keys = tuple(dict.fromkeys((*old.keys, *new.keys)))
        if len(keys) > self.most:
            said = listed([self.titles(each) for each in keys], "and")
            raise Misread(f"A report has at most two {self.what}, not {said}: leave some out.")
        return Keys(keys)

    def params(self, value: Keys) -> Params:
        """Ask for what a group reads that rows have only if it is asked for."""
        asked = (each.partition(".") for each in value.keys)
        return tuple((CHOSEN_BY_ID[kind][1], found) for kind, _, found in asked if kind in CHOSEN_BY_ID)

    def negate(self, value: Keys) -> Keys:
        raise Misread(
            f"“not {self.readable(value)}” cannot be left out of a report: name what you want ({self.key}:…)."
        )

    def matches(self, value: Keys, row: object) -> bool:  # noqa: ARG002 - it selects nothing
        return True

    def words(self, value: Keys) -> SaidWords:
        said = listed([self.titles(each) for each in value.keys], "and")
        return SaidWords(end=f"by {said}" if self.key == "by" else said)

    def canonical(self, value: Keys) -> str:
        return f"{self.key}:{','.join(map(bare_or_quoted, value.keys))}"

    def readable(self, value: Keys) -> str:
        return ",".join(value.keys)


class CompareWith(Filter[Compared]):
    """Another time, or the one before. A named one that is the one before is the same question."""

    def read(self, items: Sequence[Item], key: str = "") -> Compared:  # noqa: ARG002
        """Read "previous", two ISO 8601 moments with ".." between, or a time in words."""
        said = ",".join(item_text(item) for item in items)
        if said.casefold() in _PREVIOUS:
            return Compared()
        since, dots, until = said.partition("..")
        if dots:
            try:
                bounds = [datetime.fromisoformat(each) for each in (since, until)]
            except ValueError:
                bounds = []
            if bounds and all(each.tzinfo for each in bounds) and bounds[0] < bounds[1]:
                unix = [int(each.timestamp()) for each in bounds]
                return Compared(Span(unix[0], unix[1], bounds[0].tzinfo or Clock(bounds[0]).zone))
        text = Text(tokenise(said.replace("-", " ") if not said[:1].isdecimal() else said).tokens)
        found = next(read_period(text, 0), None) if len(text) else None
        if found is None or found[1] < len(text):
            raise Misread(
                f"“{self.key}:{said[:40]}” is no time to compare with: write compare:previous for the time "
                'before, or a time such as compare:"last month".'
            )
        return Compared(said=(found[0],))

    def merge(self, old: Compared, new: Compared, joiner: str) -> Compared:
        """Settle a word alone ("compare") by what it is compared with."""
        if old == new or new.vague or old.vague:
            return new if old.vague else old
        return super().merge(old, new, joiner)

    def settle(self, value: Compared, clock: Clock) -> Compared:
        """Work out the span."""
        if not value.said:
            return replace(value, span=replace(value.span, zone=clock.zone)) if value.span else value
        span = settle(cast("tuple[Constraint, ...]", value.said), clock)
        if span.since is None or span.until is None:
            raise Misread("Say both ends of the time to compare with, such as “last week” or “in october”.")
        return Compared(span)

    def negate(self, value: Compared) -> Compared:  # noqa: ARG002
        raise Misread("A comparison cannot be excluded: leave it out.")

    def matches(self, value: Compared, row: object) -> bool:  # noqa: ARG002 - it selects nothing
        return True

    def words(self, value: Compared) -> SaidWords:
        with_what = f"the calls {say_span(value.span)}" if value.span else "the time before"
        return SaidWords(end=f"compared with {with_what}")

    def canonical(self, value: Compared) -> str:
        return f"{self.key}:{self.readable(value)}"

    def readable(self, value: Compared) -> str:
        return readable_span(value.span) if value.span else "previous"
