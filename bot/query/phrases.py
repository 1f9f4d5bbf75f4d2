"""Phrases: small patterns over words, and how they are found.

A pattern is words with blanks between: `a|b` is either word, `[a|b]` may be missing, `{slot}` is read by a
function. `Matcher` finds what patterns begin at a word, among those that a text may hold at all, so that
hundreds cost little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.query.tokens import Kind, Token

SlotReader = Callable[["Text", int], Iterator[tuple[object, int]]]
"""Reads a slot at a position: yields values with the position after them, the best first."""
StartsWith = Callable[[str], object]
"""Whether a slot can begin with a word."""
MakeValue = Callable[[Mapping[str, object]], object]
"""Returns what a phrase means, from its slots by name. May raise Misread."""


class Text:
    """The tokens of a question, with their words side by side for readers that look ahead."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tuple(tokens)
        self.words = tuple([token.word if token.kind is Kind.WORD else "" for token in tokens])
        self.word: Callable[[int], str] = defaultdict(str, enumerate(self.words)).__getitem__
        """Returns the word at a position; empty past the end and for anything but a word."""
        self.times: dict[tuple[str, int], tuple[object, int] | None] = {}
        """The times of each kind that were found at a position, so that each is read once."""
        self.apart: tuple[Text, Sequence[int], Mapping[int, int]] | None = None
        """The same with "9-17" as three words, where its words are there, and back."""

    @cached_property
    def all_words(self) -> frozenset[str]:
        """Every word there is."""
        return frozenset(self.words)

    def __len__(self) -> int:
        return len(self.tokens)

    def typed(self, at: int, end: int) -> str:
        """Return tokens as typed, with blanks between them."""
        return " ".join([token.text for token in self.tokens[at:end]])


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern and what it means."""

    pattern: str
    make: MakeValue


@dataclass(frozen=True, slots=True)
class _Element:
    words: frozenset[str] = frozenset()
    slot: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A pattern taken apart."""

    number: int
    """Of equally long phrases the one added first is found."""
    key: str
    make: MakeValue
    elements: tuple[_Element, ...]
    needs: tuple[frozenset[str], ...]
    """Of each of these sets a word must be in the text: words of the pattern and of its slots."""
    firsts: frozenset[str]
    starts: tuple[StartsWith, ...]
    """What it may begin with: one of these words, or one that one of these accepts."""


def _compile(pattern: str) -> tuple[_Element, ...]:
    elements = []
    for part in pattern.split():
        optional, body = part.startswith("["), part.strip("[]")
        if body.startswith("{"):
            elements.append(_Element(slot=body.strip("{}"), optional=optional))
        else:
            elements.append(_Element(words=frozenset(body.split("|")), optional=optional))
    return tuple(elements)


class Matcher:
    """All phrases of a grammar. Of a text first those are found all of whose words are in it."""

    def __init__(
        self,
        slots: Mapping[str, tuple[SlotReader, StartsWith | frozenset[str]]],
        phrases: Iterable[tuple[str, Phrase]],
    ) -> None:
        """Take how each slot is read, and what it can begin with: words, or what judges a word.

        The phrases come with the key of their filter.
        """
        self._slots = slots
        self.entries = [self._entry(number, key, phrase) for number, (key, phrase) in enumerate(phrases)]
        self._by_first: dict[str, list[Entry]] = {}
        self._judged: dict[StartsWith, list[Entry]] = {}
        """The phrases by their first words, and by what judges these."""
        for entry in self.entries:
            for word in entry.firsts:
                self._by_first.setdefault(word, []).append(entry)
            for starts in entry.starts:
                self._judged.setdefault(starts, []).append(entry)
        self.beginning = lru_cache(4096)(self._beginning)
        """The phrases that can begin with a word."""

    def _entry(self, number: int, key: str, phrase: Phrase) -> Entry:
        elements = _compile(phrase.pattern)
        begins = [self._slots[e.slot][1] if e.slot else e.words for e in elements]
        needs = [
            first
            for element, first in zip(elements, begins, strict=True)
            if isinstance(first, frozenset) and not element.optional
        ]
        firsts: set[str] = set()
        starts: list[StartsWith] = []
        for element, first in zip(elements, begins, strict=True):
            if isinstance(first, frozenset):
                firsts |= first
            else:
                starts.append(first)
            if not element.optional:
                break
        return Entry(number, key, phrase.make, elements, tuple(needs), frozenset(firsts), tuple(starts))

    def _beginning(self, word: str) -> list[Entry]:
        found = {entry.number: entry for entry in self._by_first.get(word, ())}
        for starts, entries in self._judged.items():
            if starts(word):
                found |= {entry.number: entry for entry in entries}
        return [found[number] for number in sorted(found)]

    def matches(self, text: Text, at: int) -> Iterator[tuple[int, Entry, Mapping[str, object]]]:
        """Return all phrases that begin here, in the order in which they were added: their ends and slots."""
        for entry in self.beginning(text.word(at)):
            if not any(map(text.all_words.isdisjoint, entry.needs)):
                found = self._match(text, entry.elements, 0, at)
                if found is not None and found[0] > at:
                    yield found[0], entry, found[1]

    def _match(
        self, text: Text, elements: tuple[_Element, ...], index: int, at: int
    ) -> tuple[int, dict[str, object]] | None:
        """Return where the elements from `index` on end, and their slots."""
        for number in range(index, len(elements)):
            element = elements[number]
            if element.slot:
                for value, end in self._slots[element.slot][0](text, at):
                    rest = self._match(text, elements, number + 1, end)
                    if rest is not None:
                        return rest[0], {element.slot: value, **rest[1]}
            elif text.word(at) in element.words:
                if not element.optional:
                    at += 1
                    continue
                rest = self._match(text, elements, number + 1, at + 1)
                if rest is not None:
                    return rest
            if not element.optional:
                return None
        return at, {}
