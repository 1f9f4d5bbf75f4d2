"""Phrases: small patterns over words, and how they are found.

A pattern is words with blanks between: `a|b` is either word, `[a|b]` may be missing, `{slot}` is read by a
function. `Matcher` finds what patterns begin at a word, by that word, so that hundreds of patterns cost little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .tokens import Kind, Token

SlotReader = Callable[["Text", int], Iterator[tuple[object, int]]]
"""Reads a slot at a position: yields values with the position after them, the best first."""


class Text:
    """The tokens of a question, with their words side by side for readers that look ahead."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tuple(tokens)
        self.words = tuple(token.word if token.kind is Kind.WORD else "" for token in tokens)

    def __len__(self) -> int:
        return len(self.tokens)

    def word(self, at: int) -> str:
        """Return the word at a position; empty past the end and for anything but a word."""
        return self.words[at] if 0 <= at < len(self.words) else ""


@dataclass(frozen=True, slots=True)
class _Element:
    words: frozenset[str] = frozenset()
    slot: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern and what it means: `make` gets the slots by name and may raise Misread."""

    pattern: str
    make: Callable[[Mapping[str, object]], object]


def _compile(pattern: str) -> tuple[_Element, ...]:
    elements = []
    for part in pattern.split():
        optional = part.startswith("[")
        body = part.strip("[]")
        if body.startswith("{"):
            elements.append(_Element(slot=body.strip("{}"), optional=optional))
        else:
            elements.append(_Element(words=frozenset(body.split("|")), optional=optional))
    return tuple(elements)


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: where it ends, whose it is and what it says."""

    end: int
    key: str
    make: Callable[[Mapping[str, object]], object]
    slots: Mapping[str, object]


class Matcher:
    """All phrases of a grammar, found by their first word."""

    def __init__(self, slots: Mapping[str, SlotReader], slot_words: Mapping[str, frozenset[str]]) -> None:
        """`slot_words` are the first words of slots whose words are known; other slots may start anywhere."""
        self._slots = slots
        self._slot_words = slot_words
        self._by_word: dict[str, list[tuple[str, tuple[_Element, ...], Phrase]]] = {}
        self._anywhere: list[tuple[str, tuple[_Element, ...], Phrase]] = []
        self.vocabulary: set[str] = set()

    def add(self, key: str, phrase: Phrase) -> None:
        """Add a phrase of a filter."""
        elements = _compile(phrase.pattern)
        entry = (key, elements, phrase)
        firsts: set[str] = set()
        for element in elements:
            self.vocabulary |= element.words
        for element in elements:
            known = self._slot_words.get(element.slot) if element.slot else element.words
            if known is None:
                self._anywhere.append(entry)
                return
            firsts |= known
            if not element.optional:
                break
        for word in firsts:
            self._by_word.setdefault(word, []).append(entry)

    def matches(self, text: Text, at: int) -> Iterator[Match]:
        """Yield what phrases begin at a position."""
        for entries in (self._by_word.get(text.word(at), ()), self._anywhere):
            for key, elements, phrase in entries:
                found = self._match(text, elements, 0, at)
                if found is not None and found[0] > at:
                    yield Match(found[0], key, phrase.make, found[1])

    def _match(
        self, text: Text, elements: tuple[_Element, ...], index: int, at: int
    ) -> tuple[int, dict[str, object]] | None:
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
