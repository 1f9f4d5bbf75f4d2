"""Phrases: small patterns over words, and how they are found.

A pattern is words with blanks between: `a|b` is either word, `[a|b]` may be missing, `{slot}` is read by a
function. `Matcher` finds what patterns begin at a word, by that word, so that hundreds cost little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

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
        self.all_words = frozenset(self.words)

    def __len__(self) -> int:
        return len(self.tokens)

    def word(self, at: int) -> str:
        """Return the word at a position; empty past the end and for anything but a word."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def typed(self, at: int, end: int) -> str:
        """Return tokens as typed, with blanks between them."""
        return " ".join([token.text for token in self.tokens[at:end]])


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern and what it means."""

    pattern: str
    make: MakeValue


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: where it ends, whose it is and what it says."""

    end: int
    key: str
    make: MakeValue
    slots: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Element:
    words: frozenset[str] = frozenset()
    slot: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    make: MakeValue
    elements: tuple[_Element, ...]
    needs: tuple[frozenset[str], ...]
    """Of each of these sets a word must be in the text: the pattern's own words that may not be missing."""


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
    """All phrases of a grammar, found by their first word."""

    def __init__(
        self,
        slots: Mapping[str, SlotReader],
        slot_words: Mapping[str, frozenset[str]],
        slot_starts: Mapping[str, StartsWith],
    ) -> None:
        """Take readers of slots, and their first words: listed (`slot_words`) or judged (`slot_starts`)."""
        self._slots = slots
        self._slot_words = slot_words
        self._slot_starts = slot_starts
        self._by_word: dict[str, list[_Entry]] = {}
        self._by_slot: list[tuple[StartsWith, _Entry]] = []
        self.vocabulary: set[str] = set()

    def add(self, key: str, phrase: Phrase) -> None:
        """Add a phrase of a filter."""
        elements = _compile(phrase.pattern)
        needs = tuple(e.words for e in elements if e.words and not e.optional)
        entry = _Entry(key, phrase.make, elements, needs)
        self.vocabulary.update(*(element.words for element in elements))
        firsts: set[str] = set()
        for element in elements:
            if element.slot in self._slot_starts:
                self._by_slot.append((self._slot_starts[element.slot], entry))
            else:
                firsts |= self._slot_words[element.slot] if element.slot else element.words
            if not element.optional:
                break
        for word in firsts:
            self._by_word.setdefault(word, []).append(entry)

    def longest(self, text: Text, at: int) -> Match | None:
        """Return the longest phrase that begins at a position, of equal ones the first added."""
        word = text.word(at)
        entries = [*self._by_word.get(word, ()), *[e for starts, e in self._by_slot if starts(word)]]
        best = None
        for entry in entries:
            if any(map(text.all_words.isdisjoint, entry.needs)):
                continue
            found = self._match(text, entry.elements, 0, at)
            if found is not None and found[0] > (best.end if best else at):
                best = Match(found[0], entry.key, entry.make, found[1])
        return best

    def _match(
        self, text: Text, elements: tuple[_Element, ...], index: int, at: int
    ) -> tuple[int, dict[str, object]] | None:
        """Return where the elements from `index` on end, and their slots."""
        if index == len(elements):
            return at, {}
        element = elements[index]
        if element.slot:
            for value, end in self._slots[element.slot](text, at):
                rest = self._match(text, elements, index + 1, end)
                if rest is not None:
                    return rest[0], {element.slot: value, **rest[1]}
        elif text.word(at) in element.words:
            rest = self._match(text, elements, index + 1, at + 1)
            if rest is not None:
                return rest
        return self._match(text, elements, index + 1, at) if element.optional else None
