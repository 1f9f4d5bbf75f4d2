"""What a filter is: one object that knows its words, API parameters, local test, sentence and help line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from rapidfuzz import fuzz, process

from bot.model import Conversation
from bot.query.phrases import Phrase, SlotReader, StartsWith
from bot.query.suggestions import opposed
from bot.query.time.calendar import Clock
from bot.query.tokens import Item, Segment, bare_or_quoted, clean_value, item_text
from bot.query.values import Also, Choice, Misread, NotKnown, Value

V = TypeVar("V", bound=Value)
Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A filter's part of the sentence: before the noun ("failed"), after it ("for Support") or at the end."""

    before: str = ""
    after: str = ""
    end: str = ""


class Filter(Generic[V]):
    """One filter: a new one is a subclass with its object in the registry, and nothing else."""

    key: str
    """The word before the colon in canonical text."""
    aliases: tuple[str, ...] = ()
    """Other words accepted before the colon."""
    about: str
    """What it selects, for `help filters`."""
    examples: tuple[str, ...]
    """Words that people can use, for `help filters`; every one parses to this filter."""
    openers: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Words after which a name or free text follows, up to the next phrase: "for", "about". See `named`."""

    goes_on: ClassVar[bool] = False
    """A further name may follow “and” or “or”: “tagged vip or gold”."""

    spaced: ClassVar[bool] = False
    """A sign and its value may follow after blanks: “data:order_id = 123”."""

    def phrases(self) -> Iterable[Phrase]:
        """Return the phrases that say this filter without a colon."""
        return ()

    def slots(self) -> Mapping[str, SlotReader]:
        """Return readers for the slots of its phrases that only it knows."""
        return {}

    def slot_words(self) -> Mapping[str, frozenset[str]]:
        """Return the words its slots can begin with, for slots that are lists of words."""
        return {}

    def slot_starts(self) -> Mapping[str, StartsWith]:
        """Return, for its other slots, what judges whether they can begin with a word."""
        return {}

    def vocabulary(self) -> Iterable[str]:
        """Return further words to suggest for a mistyped one."""
        return ()

    def read(self, items: Sequence[Item]) -> V:
        """Return the value of `key:items`. Raises Misread or NotKnown."""
        raise NotImplementedError

    def read_as(self, key: str, items: Sequence[Item]) -> V | Also:  # noqa: ARG002 - for those that care
        """Return the same by the word that stands before the colon: an alias may say more."""
        return self.read(items)

    form_joins: ClassVar[tuple[str, ...]] = (" and not ",)
    """What separates the parts of a readable value; a name may hold a plain "and"."""

    def from_form(self, text: str) -> V:
        """Return the value of a form's text: what `readable` gives, or what may stand after the colon."""
        text, negated = clean_value(text), False
        if text.startswith("not "):
            text, negated = text.removeprefix("not "), True
        for join in self.form_joins:
            first, found, rest = text.partition(join)
            if found:
                second = self.from_form(("not " if join == " and not " else "") + rest)
                return self.merge(self._of_form(first, negated=negated), second, "")
        return self._of_form(text, negated=negated)

    def _of_form(self, text: str, *, negated: bool) -> V:
        value = self.read(self.form_items(text))
        return self.negate(value) if negated else value

    def form_items(self, text: str) -> tuple[Item, ...]:
        """Take a form's text apart at its commas."""
        return tuple((Segment(part.strip()),) for part in text.split(",") if part.strip())

    def named(self, name: str) -> V:
        """Return the value of a name that follows one of the openers."""
        raise NotImplementedError

    def merge(self, old: V, new: V, joiner: str) -> V:  # noqa: ARG002 - for those that join
        """Return what two mentions mean together; joiner is "or", "and", "," or "" if they stand apart."""
        if old == new:
            return old
        raise Misread(
            f"“{self.key}” is asked for twice: {self.readable(old)} and {self.readable(new)}. Keep one."
        )

    def negate(self, value: V) -> V:  # noqa: ARG002 - for those that can
        """Return the opposite. Raises Misread when it cannot be asked for."""
        raise Misread(
            f"“{self.key}” cannot be excluded: ElevenLabs offers no such filter. Leave the “not” out."
        )

    def settle(self, value: V, clock: Clock) -> V | None:
        """Return the value once the whole text is read, or None when it says nothing."""
        del clock
        return value

    def params(self, value: V, *, text_search: bool) -> Params:
        """Return the API's parameters; `text_search` is the message search, which lacks a few."""
        del value, text_search
        return ()

    def local(self, value: V, *, text_search: bool) -> bool:
        """Whether rows must be tested here as well."""
        del value, text_search
        return False

    def keeps(self, value: V, row: Conversation) -> bool:
        """Whether a row passes, when it is tested here."""
        del value, row
        return True

    def silent(self, value: V, row: Conversation) -> bool:
        """Whether a row does not say what this filter, tested here, would have to know of it."""
        del value, row
        return False

    def words(self, value: V) -> Words:
        """Return this filter's part of the sentence."""
        raise NotImplementedError

    def canonical(self, value: V) -> str:
        """Return text that reads back as this value."""
        raise NotImplementedError

    def readable(self, value: V) -> str:
        """Return the value as `explain` and forms show it: what may stand after the colon."""
        return self.canonical(value).partition(":")[2]


def nearest(word: str, known: Iterable[str], *, count: int = 3, cutoff: float = 60) -> tuple[str, ...]:
    """Return the known words closest to a word, best first."""
    found = process.extract(word, list(known), scorer=fuzz.ratio, limit=None, score_cutoff=cutoff)
    return tuple(match for match, _score, _index in found if not opposed(word, match))[:count]


def listed(values: Sequence[str], joiner: str = "or") -> str:
    """Return "a, b or c"."""
    if len(values) < 2:  # noqa: PLR2004 - one needs no joining
        return "".join(values)
    return f"{', '.join(values[:-1])} {joiner} {values[-1]}"


def merged(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """Return both without repetition, in one order whatever the order of mention."""
    return tuple(sorted({*first, *second}))


class ChoiceFilter(Filter[Choice]):
    """A filter on a fact that a call has once, or (with `many`) on things of which it has several."""

    many: ClassVar[bool] = False
    """Two mentions must both hold, rather than contradict each other."""
    noun: ClassVar[str] = "value"
    """What a call has one of: “A call has one result”."""

    def value(self, text: str) -> tuple[str, ...]:
        """Return the API's values for a word. Raises NotKnown or Misread."""
        return (text,)

    def read(self, items: Sequence[Item]) -> Choice:
        """Return any of the values given."""
        values: tuple[str, ...] = ()
        for item in items:
            if item and not item[0].quoted and item[0].text.startswith("-"):
                wanted = f"{self.key}:{item_text(item)[1:]}"
                raise Misread(f"A minus stands before the key: write -{wanted} for what is not wanted.")
            values = merged(values, self.value(item_text(item)))
        if not values:
            raise Misread(f"“{self.key}:” needs a value, such as {self.examples[0]}.")
        return Choice((values,))

    def named(self, name: str) -> Choice:
        """Return one value by a name found in the text."""
        return Choice((merged(self.value(name), ()),))

    def one(self, *values: str) -> Choice:
        """Return any of some API values."""
        return Choice((merged(values, ()),))

    def merge(self, old: Choice, new: Choice, joiner: str) -> Choice:
        """Join with or; else all must hold, or contradict each other.

        Of a fact that a call has once, "inbound and outbound" can only mean either.
        """
        exclude = merged(old.exclude, new.exclude)
        if not old.groups or not new.groups:
            groups = old.groups or new.groups
        elif set(old.groups) >= set(new.groups):
            groups = old.groups
        elif joiner == "or" or (not self.many and joiner in {"and", ","}):
            last = merged(old.groups[-1], new.groups[0])
            groups = tuple(sorted({*old.groups[:-1], last, *new.groups[1:]}))
        elif self.many:
            groups = tuple(sorted({*old.groups, *new.groups}))
        else:
            a, b = self.said(old.groups[0]), self.said(new.groups[0])
            raise Misread(
                f"A call has one {self.noun}, so it cannot be both {a} and {b}: "
                f"write “{a} or {b}” for either, or keep one."
            )
        return self.checked(Choice(groups, exclude))

    def checked(self, value: Choice) -> Choice:
        """Return the value in its simplest form. Raises Misread when nothing can match."""
        groups = []
        for group in value.groups:
            left = tuple(v for v in group if v not in value.exclude)
            if not left:
                raise Misread(
                    f"{self.said(group)} is both asked for and excluded, so nothing can match: "
                    "keep one of the two."
                )
            groups.append(left)
        if groups and not self.many:  # what is asked for says it all
            return Choice(tuple(groups))
        return Choice(tuple(groups), value.exclude)

    def negate(self, value: Choice) -> Choice:
        """Exclude what was asked for, or ask for what was excluded: “not incomplete”."""
        if not value.groups:
            return Choice((value.exclude,))
        return Choice((), merged(value.exclude, [v for group in value.groups for v in group]))

    def said(self, values: Sequence[str]) -> str:
        """Return values as the sentence says them."""
        return listed([self.say(v) for v in values])

    def say(self, value: str) -> str:
        """Return one value as the sentence says it."""
        return value

    def canonical(self, value: Choice) -> str:
        """Return a pair for each group, then the excluded."""
        parts = [f"{self.key}:{','.join(map(bare_or_quoted, group))}" for group in value.groups]
        if value.exclude:
            parts.append(f"-{self.key}:{','.join(map(bare_or_quoted, value.exclude))}")
        return " ".join(parts)

    def readable(self, value: Choice) -> str:
        """Return the values, comma-separated; excluded ones after "not"."""
        parts = [",".join(group) for group in value.groups]
        if value.exclude:
            parts.append("not " + ",".join(value.exclude))
        return " and ".join(parts)

    def matches(self, value: Choice, facts: Iterable[str | None]) -> bool:
        """Whether a row with these facts passes."""
        have = {fact.casefold() for fact in facts if fact}
        return all(any(v.casefold() in have for v in group) for group in value.groups) and not any(
            v.casefold() in have for v in value.exclude
        )


def pick(text: str, table: Mapping[str, tuple[str, ...]], key: str) -> tuple[str, ...]:
    """Return what a word stands for in a table. Raises NotKnown with the nearest `key:word`, or all."""
    word = text.casefold().strip()
    for form in (word, word.replace("_", "-"), word.replace("-", "_"), word.replace(" ", "_")):
        if form in table:
            return table[form]
    close = nearest(word, table, cutoff=55)
    possible = () if close else tuple(dict.fromkeys(table.values()))
    raise NotKnown(
        tuple(f"{key}:{known}" for known in close),
        tuple(f"{key}:{','.join(values)}" for values in possible),
    )
