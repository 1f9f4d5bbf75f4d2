"""What a filter is: a line of the registry's table, with code only for what is odd about it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from rapidfuzz import fuzz, process

from bot.model import Conversation
from bot.query.numbers import looks_like_phone
from bot.query.phrases import Phrase, SlotReader, StartsWith
from bot.query.suggestions import opposed
from bot.query.time.calendar import Clock
from bot.query.tokens import Item, Segment, bare_or_quoted, clean_value, item_text, quote
from bot.query.values import Also, Flag, Misread, NotKnown, Texts, TextValue, Value

V = TypeVar("V", bound=Value)
Params = tuple[tuple[str, str], ...]
Slots = Mapping[str, object]
MOST_TEXTS = 5
_QUOTED_PART = re.compile(r'("[^"]+")')
NAMED = "named"
NOT_NAMED = "not named"
"""What a phrase means by the name in its only slot."""


@dataclass(frozen=True, slots=True)
class SaidWords:
    """A filter's part of the sentence: before the noun ("failed"), after it ("for Support") or at the end."""

    before: str = ""
    after: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class PhraseSlot:
    """A slot of phrases that only one filter has: how it is read, and what it can begin with."""

    read: SlotReader
    starts: StartsWith | frozenset[str]
    """All first words, which is faster, or what judges a word."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Filter(Generic[V]):
    """One filter. A usual one is an object in the registry; an odd one overrides a method."""

    key: str
    """The word before the colon in canonical text."""
    aliases: tuple[str, ...] = ()
    """Other words accepted before the colon."""
    about: str
    """What it selects, for `help filters`."""
    examples: tuple[str, ...]
    """Words that people can use, for `help filters`; every one parses to this filter."""
    group: str = "Advanced"
    """The heading that it stands under in `help filters`."""
    place: int = 0
    """Its place under that heading, where the order of the registry is not the right one."""
    parameter: str = ""
    """The API's parameter; "" where the API has none."""
    attribute: str = ""
    """The attribute of a row that it tests; "" where rows do not say."""
    searchable: bool = True
    """The message search knows the parameter too; else the list applies it to what was found."""
    free_text: bool = False
    """People type its value freely, so names and numbers may be in it: the audit hides it."""
    patterns: tuple[tuple[str, Any], ...] = ()
    """Phrases that say it without a colon, with the value they mean, NAMED, or a function of their slots."""
    openers: tuple[str, ...] = ()
    """Words after which a name or free text follows, up to the next phrase: "for", "about". See `named`."""
    slots: Mapping[str, PhraseSlot] = field(default_factory=dict)
    """The slots of its patterns that only it has."""
    vocabulary: Iterable[str] = ()
    """Further words to suggest for a mistyped one."""
    goes_on: bool = False
    """A further name may follow “and” or “or”: “tagged vip or gold”."""
    spaced: bool = False
    """A sign and its value may follow after blanks: “data:order_id = 123”."""
    form: str = ""
    """Its name in the Filters form; "" where it has no field there."""
    offered: tuple[str, ...] = ()
    """What its field offers: what may stand after the colon."""
    typed: bool = False
    """Whether anything else may be typed there."""
    most_chosen: int | None = None
    """How many may be chosen there, if not any number."""
    form_joins: tuple[str, ...] = (" and not ",)
    """What separates the parts of a readable value; a name may hold a plain "and"."""

    # --- reading ---

    def phrases(self) -> Iterable[Phrase]:
        """Return the phrases that say this filter without a colon."""
        return [Phrase(pattern, self._maker(meaning)) for pattern, meaning in self.patterns]

    def _maker(self, meaning: Any) -> Callable[[Slots], object]:
        if meaning == NAMED:
            return lambda slots: self.named(str(next(iter(slots.values()), "")))
        if meaning == NOT_NAMED:
            return lambda slots: self.negate(self.named(str(next(iter(slots.values()), ""))))
        if callable(meaning):
            return cast("Callable[[Slots], object]", meaning)
        return lambda _slots: meaning

    def read(self, items: Sequence[Item], key: str = "") -> V | Also:
        """Return the value of `key:items`; an alias may say more. Raises Misread or NotKnown."""
        raise NotImplementedError

    def named(self, name: str) -> V:
        """Return the value of a name found in the text. Raises Misread or NotKnown."""
        raise NotImplementedError

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
        if isinstance(value, Also):
            raise TypeError("a field of a form says one thing")
        return self.negate(value) if negated else value

    def form_items(self, text: str) -> tuple[Item, ...]:
        """Take a form's text apart at its commas."""
        return tuple((Segment(part.strip()),) for part in text.split(",") if part.strip())

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

    def settle(self, value: V, clock: Clock) -> V | None:  # noqa: ARG002 - for times
        """Return the value once the whole text is read, or None when it says nothing."""
        return value

    # --- what the API is asked, and what is tested here ---

    def params(self, value: V) -> Params:  # noqa: ARG002 - for those that have some
        """Return the API's parameters."""
        return ()

    def local(self, value: V) -> bool:  # noqa: ARG002 - for those that the API lacks
        """Whether rows must be tested here as well."""
        return False

    def matches(self, value: V, row: Conversation) -> bool | None:  # noqa: ARG002 - only the API may know
        """Whether a row passes, as the API would decide; None where the row does not say."""
        return None

    # --- writing ---

    def title(self, value: str) -> str:
        """Return a value as a menu shows it."""
        return value[:1].upper() + value[1:].replace("-", " ")

    def words(self, value: V) -> SaidWords:  # noqa: ARG002 - order and limit are said by the query
        """Return this filter's part of the sentence."""
        return SaidWords()

    def canonical(self, value: V) -> str:
        """Return text that reads back as this value."""
        raise NotImplementedError

    def readable(self, value: V) -> str:
        """Return the value as `explain` and forms show it: what may stand after the colon."""
        return self.canonical(value).partition(":")[2]


@dataclass(frozen=True, kw_only=True, eq=False)
class FlagFilter(Filter[Flag]):
    """Something that is asked for or not: `key:yes`."""

    yes: tuple[str, ...]
    no: tuple[str, ...] = ()
    """Words that are understood, but cannot be asked for."""
    sentence: str = ""

    def read(self, items: Sequence[Item], key: str = "") -> Flag:  # noqa: ARG002
        word = "".join(item_text(item) for item in items).casefold()
        if word in self.no:
            return self.negate(Flag())
        pick(word, dict.fromkeys(self.yes, ("yes",)), self.key)
        return Flag()

    def named(self, name: str) -> Flag:  # noqa: ARG002 - a phrase has no name
        return Flag()

    def matches(self, value: Flag, row: Conversation) -> bool | None:  # noqa: ARG002
        return None if self.parameter else True

    def params(self, value: Flag) -> Params:  # noqa: ARG002
        return ((self.parameter, "true"),) if self.parameter else ()

    def words(self, value: Flag) -> SaidWords:  # noqa: ARG002
        return SaidWords(after=self.sentence)

    def canonical(self, value: Flag) -> str:  # noqa: ARG002
        return f"{self.key}:yes"


class TextFilter(Filter[TextValue]):
    """One id."""

    def form_items(self, text: str) -> tuple[Item, ...]:
        return ((Segment(text),),)

    def read(self, items: Sequence[Item], key: str = "") -> TextValue:  # noqa: ARG002
        if len(items) != 1 or not item_text(items[0]):
            raise Misread(f"“{self.key}:” takes one value, such as {self.key}:123.")
        return TextValue(item_text(items[0]))

    def named(self, name: str) -> TextValue:
        return TextValue(name)

    def matches(self, value: TextValue, row: Conversation) -> bool | None:
        return getattr(row, self.attribute) == value.text if self.attribute else None

    def params(self, value: TextValue) -> Params:
        return ((self.parameter, value.text),)

    def words(self, value: TextValue) -> SaidWords:
        return SaidWords(after=f"with {self.key} {value.text}")

    def canonical(self, value: TextValue) -> str:
        return f"{self.key}:{bare_or_quoted(value.text)}"

    def readable(self, value: TextValue) -> str:
        return value.text


class UserFilter(TextFilter):
    """`user_id`. "caller:" often comes with a phone number, which is something else."""

    def read(self, items: Sequence[Item], key: str = "") -> TextValue:
        """Refuse a phone number, unless it is said to be the id."""
        value = super().read(items, key)
        if key in {"caller", "customer"} and looks_like_phone(value.text):
            raise Misread(
                f'A phone number goes after “number:”: write number:"{value.text[:40]}". '
                f'If it is the id that your system gave the person, write user:"{value.text[:40]}".'
            )
        return value


class NumberFilter(TextFilter):
    """A telephone number, which ElevenLabs cannot filter by, or `phone_number_ids`."""

    def local(self, value: TextValue) -> bool:
        return looks_like_phone(value.text)

    def params(self, value: TextValue) -> Params:
        return () if self.local(value) else super().params(value)

    def matches(self, value: TextValue, row: Conversation) -> bool | None:  # noqa: ARG002
        """Let all pass: only calls of a number are selected, which rows do not say."""
        return True if self.local(value) else None

    def words(self, value: TextValue) -> SaidWords:
        return SaidWords(after=f"from or to {value.text}") if self.local(value) else super().words(value)


class SearchFilter(Filter[Texts]):
    """The message search: its own endpoint, so the query says what to look for."""

    def read(self, items: Sequence[Item], key: str = "") -> Texts:  # noqa: ARG002
        texts = [self.named(clean_value("".join(part.text for part in item))) for item in items]
        return functools.reduce(lambda old, new: self.merge(old, new, "or"), texts or [self.named("")])

    def named(self, name: str) -> Texts:
        if not name:
            raise Misread('“search:” needs words to look for, such as search:"late delivery".')
        return Texts((name,))

    def from_form(self, text: str) -> Texts:
        """Read one text, or several in quotes with "or" between."""
        parts = [part for part in _QUOTED_PART.split(text) if part.strip(" ,") and part.strip() != "or"]
        several = len(parts) > 1 and all(_QUOTED_PART.fullmatch(part) for part in parts)
        texts = [part[1:-1] for part in parts] if several else [text]
        return functools.reduce(
            lambda old, new: self.merge(old, new, "or"), [self.named(clean_value(each)) for each in texts]
        )

    def merge(self, old: Texts, new: Texts, joiner: str) -> Texts:
        """Look for either; ElevenLabs does not look for two at once."""
        texts = tuple(dict.fromkeys((*old.texts, *new.texts)))
        if len(texts) > MOST_TEXTS:
            raise Misread(f"I look for at most five topics at once, not for {len(texts)}: leave some out.")
        if joiner not in {"or", ","} and texts != old.texts:
            said = listed([f"“{text}”" for text in texts], "and")
            raise Misread(
                f"Calls in which both {said} were said cannot be found: write “or” between them for either."
            )
        return Texts(texts)

    def words(self, value: Texts) -> SaidWords:
        return SaidWords(after="about " + listed([f"“{text}”" for text in value.texts]))

    def canonical(self, value: Texts) -> str:
        return f"{self.key}:{','.join(map(quote, value.texts))}"

    def readable(self, value: Texts) -> str:
        return value.texts[0] if len(value.texts) == 1 else " or ".join(f'"{text}"' for text in value.texts)


def nearest(word: str, known: Iterable[str], *, count: int = 3, cutoff: float = 60) -> tuple[str, ...]:
    """Return the known words closest to a word, best first."""
    found = process.extract(word, list(known), scorer=fuzz.ratio, limit=None, score_cutoff=cutoff)
    return tuple(match for match, _score, _index in found if not opposed(word, match))[:count]


def listed(values: Sequence[str], joiner: str = "or") -> str:
    """Return "a, b or c"."""
    if len(values) < 2:  # noqa: PLR2004 - one needs no joining
        return "".join(values)
    return f"{', '.join(values[:-1])} {joiner} {values[-1]}"


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
