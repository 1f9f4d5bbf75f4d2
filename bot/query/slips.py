"""Typing errors: words that were meant to be others of the grammar, also where a name is being read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA

from bot.query.grammar import ANCHORS, GRAMMAR, Found
from bot.query.known import KnownAgents
from bot.query.phrases import Text
from bot.query.suggestions import HINTS
from bot.query.time.calendar import UNITS
from bot.query.tokens import Kind

_TOLD = 3
"""Letters from which a word may be a mistyped one."""
_LONG = 5
"""Letters from which a word that resembles one of the grammar is hardly another."""
_AHEAD = 16
"""Words that are looked at to see what a phrase would say."""
_BEFORE_UNIT = ("last", "this", "next", "past", "each", "every")


class Slips:
    """Finds them; an agent's word is none."""

    def __init__(self, text: Text, found: Sequence[Found | None], agents: KnownAgents) -> None:
        """`found` is what phrase begins at each word."""
        self.text = text
        self.found = found
        self.agents = agents
        self._mistyped: dict[int, bool] = {}

    def at(self, at: int) -> bool:
        """Whether a word is a mistyped one of the grammar, so that it is no part of a name."""
        if at not in self._mistyped:
            self._mistyped[at] = self._is_mistyped(at)
        return self._mistyped[at]

    def _is_mistyped(self, at: int) -> bool:
        token = self.text.tokens[at]
        if len(token.word) < _TOLD or not token.word.isalpha() or self.agents.has_word(token.word):
            return False
        if self.text.word(at + 1) in UNITS:  # "lst week"
            return any(OSA.distance(token.word, known, score_cutoff=1) <= 1 for known in _BEFORE_UNIT)
        capital = token.text[:1].isupper() and not self.agents  # "for Support Rom today": who knows?
        return any(
            self._meant(at, known, capital=capital) for known in GRAMMAR.vocabulary.one_error_from(token.word)
        )

    def _meant(self, at: int, known: str, *, capital: bool) -> bool:
        """Whether a known word could stand in place of a word.

        A long one does so alone, a short one with what follows: "sinc monday". At the end of a name one that
        is nearly as long does, too, and where the agents are known any: none of them has the word.
        """
        word = self.text.word(at)
        anchor = known in ANCHORS
        if anchor and min(len(word), len(known)) >= _LONG:
            return True
        if capital:
            return False
        lengths = min(len(word), len(known)), max(len(word), len(known))
        near = lengths >= ((_TOLD, _LONG - 1) if self.agents else (_LONG - 1, _LONG))
        if anchor and near and self._nothing_after(at):
            return True
        right = replace(self.text.tokens[at], text=known, word=known)
        found = GRAMMAR.find(Text((right, *self.text.tokens[at + 1 : at + _AHEAD])), 0)
        return found is not None and bool(found.key) and found.end > 1

    def _nothing_after(self, at: int) -> bool:
        """Whether a name ends with a word: nothing stands after it, or something of the grammar."""
        if at + 1 >= len(self.text) or self.text.tokens[at + 1].kind is not Kind.WORD:
            return True
        found = self.found[at + 1]
        return found is not None and bool(found.key)

    def nearest(self, at: int) -> tuple[str, ...] | None:
        """Return the words that a mistyped one was meant to be; a capital letter makes it no name."""
        word = self.text.word(at)
        if word in HINTS or not self.at(at):
            return None
        return GRAMMAR.vocabulary.nearest(word) or None
