"""What a filter is: a line of the registry's table, with code only for what is odd about it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar, cast

from rapidfuzz import fuzz, process

from bot.model import CHOSEN_BY_ID, Conversation
from bot.query.phrases import Phrase, PhraseSlot
from bot.query.time.calendar import Clock
from bot.query.tokens import Item, Segment, bare_or_quoted, clean_value, item_text
from bot.query.values import Also, Keys, Misread, NotKnown, Value
from bot.query.vocabulary import opposed

V = TypeVar("V", bound=Value)
Params = tuple[tuple[str, str], ...]
Slots = Mapping[str, object]
Write = Callable[[Any], str]
"""How a value is written after the colon: quoted where that is needed, or as it is."""

_WORD_GROUPS = {
    "CALLS": "call|calls|conversation|conversations",
    "CHATS": "call|calls|chat|chats|conversation|conversations|channel|source|messages",
    "ROWS": "call|calls|conversation|conversations|chat|chats|results|rows|ones|entries|records|sessions",
    "ONES": "one|ones|call|calls",
    "RESULT": "result|outcome|results|outcomes",
    "WHO": "who|who's|anyone|anybody|someone|somebody",
    "WHOSE": "a|an|the|their|whose",
    "CALLER": "user|caller|customer",
    "RATED": "rating|ratings|rated|score|scored",
    "USED": "used|using|use|uses|called|calling|invoked|invoking|ran|triggered|triggering|with",
    "THAT": "that|which|where|in|when",
    "TOOLS": "[a|any|some|one|the] tool|tools",
    "BROKE": "failed|fails|errored|broke|crashed",
    "SORTED": "sort|sorted|order|ordered",
    "OLDEST": "oldest|earliest",
    "NEWEST": "newest|latest",
    "HAS": "[has|have|had|got|gets|get|is|was|were|are|with|saw|costs|cost]",
    "IS": "is|are|was|were",
    "DID": "is|are|was|were|do|does|did",
    "WE": "we|i|you|they|it",
    "MOST": "most|highest|greatest|largest|biggest|busiest",
    "LEAST": "fewest|lowest|least|smallest|quietest",
    "OF_FAILURE": "for|of|behind [the|our|all] failure|failures|failing|failed",
    "SHARE": "[what|which|how] [is|was|are] [the|our|a|many] PART [of] [the|all|our] [CALLS]",
    "PART": "share|percentage|percent|pct|%|proportion|fraction|ratio|portion",
    "WERE": "[that|which|who] [were|was|are|is|have|has|did|get|got] [been]",
    "LONG": "long|minutes|min",
    "LONGER": "over|longer|more|above|exceeding|least",
    "TALKED": "talk|talked|talking|use|used|using|spend|spent|speak|spoke",
    "LASTED": "lasted|lasting|took|taking|last|of|with|were|are",
    "RUNNING": "progress|ongoing|running|live|stuck|in-progress",
    "BEFORE": "[UNITS|days|weeks|hours|one] before [that|it|then]",
    "REASONS": "reason|reasons|cause|causes",
    "COMMON": "common|frequent|usual",
    "CHARTS": "bar|line|pie|column|area",
    "AGAINST": "vs|versus|vs.|against",
    "COMPARED": "compared|compare|comparing|comparison|relative",
    "WITH": "with|to|against|and|by|vs|versus",
    "PREVIOUS": "previous|prior|preceding",
    "UNITS": "week|month|day|hour|quarter|year|period|time",
    "SIDE": "below|above|under|over|less|more|lower|higher|greater|fewer|exceeding",
    "PCT": "%|percent|pct",
    "THAN": "than|least|most|to",
    "MONEY": "dollar|dollars|euro|euros|cent|cents|usd|eur|credits|credit|$|€",
    "PRICED": "[that|which] [with|whose] [a|the] cost|costs|costing|price|priced [is|was|of]",
    "PEOPLE": "callers|caller|customers|customer|people|persons|users|clients|individuals",
    "UNLIKE": "unique|different|distinct|individual|repeat|repeated|returning|frequent|separate",
    "RESULTS": "failed|successful|inbound|outbound",
    "COUNTED": "calls|conversations|failures",
    "EACH": "per|by|each|a|every [each|working|business] hour|day|weekday|week|month|agent",
    "SIZE": "[call|calls|talk] length|lengths|duration|durations|time|cost|costs|rating",
    "DAY_PART": "morning|mornings|afternoon|afternoons|evening|evenings|night|nights",
    "THINGS": "BOTS|days|day|hours|weeks|tools|languages|channels",
    "BOTS": "agents|agent|bots|assistants",
    "WHEN": "[since|until|till|before|after|between|over|during|on|in|at|from|this|last|next] "
    "[the|this|last|next]",
    "MORE": "more|fewer|less|higher|lower|better|worse|longer|shorter|cheaper",
}
"""Words that mean the same in many phrases, by their name in patterns."""


def word_group(name: str) -> frozenset[str]:
    return frozenset(_WORD_GROUPS[name].split("|"))


class SaidWords(NamedTuple):
    """A filter's part of the sentence: before the noun ("failed"), after it ("for Support") or at the end."""

    before: str = ""
    after: str = ""
    end: str = ""


def all_forms(pattern: str) -> Iterator[str]:
    """Return every text that a pattern without slots stands for."""
    parts = [part.strip("[]").split("|") + [""] * part.startswith("[") for part in pattern.split()]
    return (" ".join(filter(None, words)) for words in itertools.product(*parts))


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
    parameter: str = ""
    """The API's parameter; "" where the API has none."""
    attribute: str = ""
    """The attribute of a row that it tests; "" where rows do not say."""
    selects: bool = True
    """Whether it selects calls, rather than says what is shown of them."""
    not_excluded: str = "“{key}” cannot be excluded: ElevenLabs offers no such filter. Leave the “not” out."
    """What is answered to a “not” before it."""
    searchable: bool = True
    """The message search knows the parameter too; else the list applies it to what was found."""
    free_text: bool = False
    """People type its value freely, so names and numbers may be in it: the audit hides it."""
    phrases: Mapping[object, str] = field(default_factory=dict)
    """Patterns that say it without a colon, one a line, by what they mean. See `_meaning`."""
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

    # --- phrases ---

    def all_phrases(self, filters: Mapping[str, Filter[Any]]) -> Iterator[Phrase]:
        """Return the phrases that say this filter without a colon; `filters` are all there are, by key."""
        for said, patterns in self.phrases.items():
            meaning = self._meaning(said, filters) if isinstance(said, str) else said
            for pattern in patterns.strip().splitlines():
                yield Phrase(_spelled_out(pattern), meaning)

    def _meaning(self, said: str, filters: Mapping[str, Filter[Any]]) -> object:
        """Return the value of a phrase, or what makes it, from what would be typed as a rule.

        "failure" is result:failure; "-{}" excludes what the phrase's slots hold; "limit:{count} sort:newest"
        says something to two filters, and leaves out what no slot holds. "!…" is why it cannot be asked for.
        """
        if said.startswith("!"):
            return lambda slots: refuse(said[1:].format(**slots))
        terms = [self._term(term, filters) for term in said.split()]
        if len(terms) == 1:
            return terms[0][1]

        def make(slots: Slots) -> object:
            read = [(key, term(slots) if callable(term) else term) for key, term in terms]
            values = tuple((key, value) for key, value in read if value is not None)
            return Also(values) if len(values) > 1 else values[0][1]

        return make

    def _term(self, term: str, filters: Mapping[str, Filter[Any]]) -> tuple[str, Any]:
        """Return the filter of "key:text", and its value or what makes it from the slots."""
        key, colon, text = term.removeprefix("-").rpartition(":")
        which: Filter[Any] = filters[key] if colon else self
        name = text[1:-1]
        if text == "{}" and term.startswith("-"):
            return which.key, lambda slots: which.negate(which.of_slots(slots))
        if text == "{}":
            return which.key, which.of_slots
        if text.startswith("{"):
            return which.key, lambda slots: which.named(slots[name]) if name in slots else None
        return which.key, which.from_form(f"not {text}" if term.startswith("-") else text)

    def of_slots(self, slots: Slots) -> V:
        """Return the value that the slots of a phrase hold. Raises Misread or NotKnown."""
        found = next(iter(slots.values()), "")
        return self.named(found) if isinstance(found, str) else self.checked(cast("V", found))

    # --- reading ---

    def read(self, items: Sequence[Item], key: str = "") -> V | Also:
        """Return the value of `key:items`; an alias may say more. Raises Misread or NotKnown."""
        raise NotImplementedError

    def incomplete(self) -> Misread:
        """Return what is answered to a key with nothing after it."""
        example = next((each for each in self.examples if ":" in each), self.examples[0])
        return Misread(f"“{self.key}:” needs a value, such as {example}.")

    def named(self, name: object) -> V:
        """Return the value of a name found in the text. Raises Misread or NotKnown."""
        return self._one_thing(((Segment(str(name), quoted=True),),))

    def checked(self, value: V) -> V:
        """Return a value in its simplest form. Raises Misread for one that cannot be."""
        return value

    def from_form(self, text: str) -> V:
        """Return the value of a form's text: what `readable` gives, or what may stand after the colon."""
        text = clean_value(text)
        for join in self.form_joins:
            first, found, rest = text.partition(join)
            if found:
                second = ("not " if join == " and not " else "") + rest
                return self.merge(self.from_form(first), self.from_form(second), "")
        value = self._one_thing(self.form_items(text.removeprefix("not ")))
        return self.negate(value) if text.startswith("not ") else value

    def _one_thing(self, items: Sequence[Item]) -> V:
        value = self.read(items)
        if isinstance(value, Also):
            raise TypeError("only an alias says more than one thing")
        return value

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
        raise Misread(self.not_excluded.format(key=self.key))

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
        return None if self.selects else True

    # --- writing ---

    def title(self, value: str) -> str:
        """Return a value as a menu shows it."""
        return value[:1].upper() + value[1:].replace("-", " ")

    def words(self, value: V) -> SaidWords:  # noqa: ARG002 - order and limit are said by the query
        """Return this filter's part of the sentence."""
        return SaidWords()

    def parts(self, value: V, write: Write) -> Iterable[tuple[str, bool]]:
        """Return what stands after each colon, and whether a minus stands before the key."""
        raise NotImplementedError

    def canonical(self, value: V) -> str:
        """Return text that reads back as this value."""
        parts = self.parts(value, bare_or_quoted)
        return " ".join(f"{'-' if excluded else ''}{self.key}:{text}" for text, excluded in parts)

    def readable(self, value: V) -> str:
        """Return the value as `explain` and forms show it: what may stand after the colon."""
        return " and ".join("not " * excluded + text for text, excluded in self.parts(value, str))


def _spelled_out(pattern: str) -> str:
    return _GROUP_NAME.sub(lambda found: _spelled_out(_WORD_GROUPS[found[0]]), pattern)


_GROUP_NAME = re.compile(r"\b[A-Z][A-Z_]+\b")


class NamesFilter(Filter[Keys]):
    """Names in order of mention: what is shown of the calls, and beside them."""

    def read(self, items: Sequence[Item], key: str = "") -> Keys:  # noqa: ARG002
        names = [name for item in items if (name := item_text(item))]
        if not names:
            raise self.incomplete()
        return self.merge(Keys(()), Keys(tuple(map(self.known, names))), "")

    def known(self, name: str) -> str:
        """Return the name for what was typed. Raises NotKnown."""
        return name

    def merge(self, old: Keys, new: Keys, joiner: str) -> Keys:  # noqa: ARG002
        """Take both."""
        return Keys(tuple(dict.fromkeys((*old.keys, *new.keys))))

    def params(self, value: Keys) -> Params:
        """Ask for what rows have only if it is asked for."""
        asked = (name.partition(".") for name in value.keys)
        return tuple(
            (CHOSEN_BY_ID[kind][1], each) for kind, _, each in asked if each and kind in CHOSEN_BY_ID
        )

    def parts(self, value: Keys, write: Write) -> Iterable[tuple[str, bool]]:
        return [(",".join(map(write, value.keys)), False)]


def refuse(reason: str) -> Any:
    raise Misread(reason)


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
