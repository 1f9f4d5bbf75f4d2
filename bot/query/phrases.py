"""Phrases: small patterns over words, and how they are found.

A pattern is words with blanks between: `a|b` is either word, `[a|b]` may be missing, `{slot}` is read by a
function. `Matcher` finds what patterns begin at a word, among those that a text may hold at all, so that
hundreds cost little. `Commands` reads what a whole text says; what stands in its slots stays as it was typed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from bot.query.tokens import Kind, Token

SlotReader = Callable[["Text", int], Iterable[tuple[object, int]]]
"""Reads a slot at a position: returns values with the position after them, the best first."""
StartsWith = Callable[[str], object]
"""Whether a slot can begin with a word; "" stands for a quoted name, a mark or the end."""
ANYTHING: StartsWith = re.compile("").match


class TimePair(NamedTuple):
    """Where the words of `since:X` came from: as typed, the position after them, whether it is negated."""

    typed: str
    end: int
    negated: bool


@dataclass(eq=False)
class Text:
    """The tokens of a question, with their words side by side for readers that look ahead."""

    tokens: Sequence[Token]
    time_pairs: Mapping[int, TimePair] = field(default_factory=dict)
    """By the position of their first word."""

    def __post_init__(self) -> None:
        self.words = tuple([token.word if token.kind is Kind.WORD else "" for token in self.tokens])
        self.word: Callable[[int], str] = defaultdict(str, enumerate(self.words)).__getitem__
        """Returns the word at a position; empty past the end and for anything but a word."""
        self.words_from = [frozenset(self.words[at:]) for at in range(len(self.words) + 1)]
        """The words from each position on."""
        self.times: dict[tuple[str, int], Sequence[tuple[object, int]]] = {}
        """The times of each kind that were found at a position, so that each is read once."""
        self.phrases: dict[int, Any] = {}
        """What was found to begin at a position."""
        self.apart: tuple[Text, Sequence[int], Mapping[int, int]] | None = None
        """The same with "9-17" as three words, where its words are there, and back."""

    def __len__(self) -> int:
        return len(self.tokens)

    def typed(self, at: int, end: int) -> str:
        """Return tokens as typed, with blanks between them."""
        return " ".join([token.text for token in self.tokens[at:end]])


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern and what it means."""

    pattern: str
    meaning: object
    """A value, or what makes it from the slots."""


class PhraseSlot(NamedTuple):
    """How a slot of patterns is read, and what it can begin with: all first words, or what judges one."""

    read: SlotReader
    starts: StartsWith | frozenset[str]


Slots = Mapping[str, PhraseSlot]


def word_slot(words: Mapping[str, object]) -> PhraseSlot:
    """Return what reads the longest of some words at a position: what they stand for."""
    by_first: dict[str, list[tuple[tuple[str, ...], object]]] = {}
    for said, key in sorted(words.items(), key=lambda pair: -pair[0].count(" ")):
        parts = tuple(said.split())
        by_first.setdefault(parts[0], []).append((parts, key))

    def read(text: Text, at: int) -> Iterator[tuple[object, int]]:
        for parts, key in by_first.get(text.word(at), ()):
            if text.words[at : at + len(parts)] == parts:
                yield key, at + len(parts)

    return PhraseSlot(read, frozenset(by_first))


def one_word(value: Callable[[str], object], starts: StartsWith | None = None) -> PhraseSlot:
    """Return what reads one word that has a value."""

    def read(text: Text, at: int) -> Iterator[tuple[object, int]]:
        if (found := value(text.word(at))) is not None:
            yield found, at + 1

    return PhraseSlot(read, starts or (lambda word: value(word) is not None))


def where(holds: Callable[[Text, int], object], starts: StartsWith | frozenset[str] = ANYTHING) -> PhraseSlot:
    """Return a slot that is empty, and stands only where something holds."""

    def read(text: Text, at: int) -> Iterator[tuple[object, int]]:
        if holds(text, at):
            yield None, at

    return PhraseSlot(read, starts)


class _Element(NamedTuple):
    words: frozenset[str]
    """What it is, or what its slot begins with."""
    slot: str
    read: SlotReader | None
    starts: StartsWith | None
    """What judges with which word the slot begins, where that is none of some words."""
    optional: bool
    following: _Element | None


class Entry(NamedTuple):
    """A pattern taken apart."""

    number: int
    """Of equally long phrases the one added first is found."""
    key: str
    meaning: object
    first: _Element
    needs: tuple[frozenset[str], ...]
    """Of each of these sets a word must follow: words of the pattern and of its slots."""


Match = tuple[int, Entry, Mapping[str, object]]
"""Where a phrase ends, which it is, and its slots."""


class Matcher:
    """All phrases of a grammar. Of a text first those are found all of whose words are in it."""

    def __init__(self, slots: Slots, phrases: Iterable[tuple[str, Phrase]] = ()) -> None:
        """Take the phrases with the key of their filter."""
        self._slots = slots
        self.said: dict[str, set[str]] = defaultdict(set)
        """The words of the phrases of each key."""
        self._by_first: dict[str, list[Entry]] = defaultdict(list)
        self._judged: dict[StartsWith, list[Entry]] = defaultdict(list)
        """The phrases by their first words, and by what judges these."""
        self.add(phrases)
        self.beginning = lru_cache(4096)(self._beginning)
        """The phrases that can begin with a word."""

    def add(self, phrases: Iterable[tuple[str, Phrase]]) -> None:
        """Take all phrases, now that the slots are there."""
        for number, (key, phrase) in enumerate(phrases):
            self._add(number, key, phrase)

    def _add(self, number: int, key: str, phrase: Phrase) -> None:
        element: _Element | None = None
        needs: list[frozenset[str]] = []
        firsts: list[_Element] = []
        for part in reversed(phrase.pattern.split()):
            optional, body = part.startswith("["), part.strip("[]")
            words, slot, read, starts = frozenset(body.split("|")), "", None, None
            if body.startswith("{"):
                slot = body.strip("{}")
                read, begins = self._slots[slot]
                words, starts = (begins, None) if isinstance(begins, frozenset) else (frozenset(), begins)
            else:
                self.said[key] |= words
            element = _Element(words, slot, read, starts, optional, element)
            if not optional:
                firsts.clear()
                needs += [words] if words else []
            firsts.append(element)
        if element is None:
            raise ValueError(f"{key} has an empty pattern")
        entry = Entry(number, key, phrase.meaning, element, tuple(needs))
        for first in firsts:
            for word in first.words:
                self._by_first[word].append(entry)
            if first.starts is not None:
                self._judged[first.starts].append(entry)

    def _beginning(self, word: str) -> list[Entry]:
        found = {entry.number: entry for entry in self._by_first.get(word, ())}
        for starts, entries in self._judged.items():
            if starts(word):
                found |= {entry.number: entry for entry in entries}
        return [found[number] for number in sorted(found)]

    def matches(self, text: Text, at: int) -> list[Match]:
        """Return all phrases that begin here, the longest first; of equally long ones those added first."""
        found: list[Match] = []
        absent = text.words_from[min(at, len(text))].isdisjoint
        for entry in self.beginning(text.word(at)):
            if entry.needs and any(map(absent, entry.needs)):
                continue
            match = _match(text, entry.first, at)
            if match is not None and match[0] > at:
                found.append((match[0], entry, match[1]))
        return sorted(found, key=itemgetter(0), reverse=True) if len(found) > 1 else found


def _match(text: Text, element: _Element | None, at: int) -> tuple[int, dict[str, object]] | None:
    """Return where an element and those after it end, and their slots."""
    while element is not None:
        words, slot, read, starts, optional, following = element
        word = text.word(at)
        if read is not None:
            for value, end in read(text, at) if word in words or (starts and starts(word)) else ():
                rest = _match(text, following, end)
                if rest is not None:
                    return rest[0], {slot: value, **rest[1]}
        elif word in words:
            if not optional:
                element, at = following, at + 1
                continue
            rest = _match(text, following, at + 1)
            if rest is not None:
                return rest
        if not optional:
            return None
        element = following
    return at, {}


# --- what a whole text says ---

QUOTES = '"“”„‟«»'
QUOTED = re.compile(rf"[{QUOTES}][^{QUOTES}]*[{QUOTES}]")
COURTESY = "[please] [can|could] [you] [please]"
_PLEASE = re.compile(r",? please$", re.IGNORECASE)
_COMMAND_SLOTS = {
    "words": r"\S.*?",
    "more": r"\S.*",
    "name": rf"{QUOTED.pattern}|[^{QUOTES}]+?",
    "quoted": QUOTED.pattern,
    "channel": r"<#(?P<id>[CG][A-Z0-9]{1,30})(?:\|[^>]*)?>|(?P<named>#[^\s<>]*[^\s<>.,;:!?])",
}
T = TypeVar("T")
SaidSlots = Mapping[str, str]
"""What stands in the slots of a pattern, and in their parts, as it was typed."""


def _expression(pattern: str, slots: Mapping[str, str]) -> str:
    """Return a pattern as a regular expression for a text with single blanks.

    `a|b` is either word, `[a|b]` may be missing, `{slot}` is what its own expression says. Marks may stand
    between.
    """
    parts = []
    for part in pattern.split():
        body = part.strip("[]")
        body = f"(?P<{body[1:-1]}>{slots[body[1:-1]]})" if body[0] == "{" else f"(?:{body})"
        parts.append(rf"(?:{body}[,;:.!]*(?:\s|$))?" if part[0] == "[" else rf"{body}[,;:.!]*(?:\s|$)")
    return "".join(parts)


class Commands(Generic[T]):
    """What a text may say: patterns, one a line, by what is made of their slots. The first holds."""

    def __init__(self, patterns: Mapping[Callable[..., T | None], str], **slots: str) -> None:
        self._patterns = [
            (re.compile(_expression(line, _COMMAND_SLOTS | slots), re.IGNORECASE), make)
            for make, lines in patterns.items()
            for line in lines.strip().splitlines()
        ]

    def read(self, text: str, *beside: object) -> T | None:
        """Return what the first pattern makes of a whole text, of those that make something of it."""
        for pattern, make in self._patterns:
            if (found := pattern.fullmatch(text)) is None:
                continue
            slots = {slot: said for slot, said in found.groupdict().items() if said is not None}
            if (made := make(*beside, slots)) is not None:
                return made
        return None

    def within(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Yield what is said anywhere in a text, not in quotes: where it begins and ends, and what it is."""
        masked = QUOTED.sub(lambda quoted: '"' * len(quoted[0]), text)
        for pattern, make in self._patterns:
            for found in pattern.finditer(masked):
                begins = found.start() == 0 or text[found.start() - 1] in " ,;"
                slots = {slot: said for slot, said in found.groupdict().items() if said is not None}
                if begins and (made := make(slots)) is not None:
                    yield *found.span(), made


def one_line(text: str) -> str:
    """Return a command with single blanks, without the courtesy and the marks at its end."""
    return _PLEASE.sub("", " ".join(text.split()).rstrip(".!?"))
