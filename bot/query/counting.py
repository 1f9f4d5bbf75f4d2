"""Numbers and "last" before what they count: "20 failed calls", "the last failed call"."""

from __future__ import annotations

from bot.query.names import NameReader
from bot.query.numbers import integer
from bot.query.vocabulary import FROM_THE_END, FROM_THE_START, ONE_CALL

_ADJECTIVES = frozenset({"result", "direction", "lang", "source"})
"""Filters whose words stand before "calls", so that a number before them is a limit."""


class Counting:
    """Looks ahead, past words that stand before "calls"."""

    def __init__(self, names: NameReader) -> None:
        self.names = names
        self.text = names.text
        self.found = names.found

    def single(self, at: int) -> tuple[int, bool] | None:
        """Return the end of the "last" of "last failed call", and whether the oldest is meant."""
        start = at + (2 if self.text.words[at : at + 2] == ("most", "recent") else 1)
        first = self.text.word(start - 1)
        if first not in FROM_THE_END | FROM_THE_START:
            return None
        end = start
        while (following := self._adjective_end(end)) > end:
            end = following
        if end == start or not {self.text.word(end), self.text.word(end - 1)} & ONE_CALL:
            return None
        return start, first in FROM_THE_START

    def _adjective_end(self, at: int) -> int:
        """Return the end of what stands before "calls" ("failed", an agent's name), or the same position."""
        if at >= len(self.text):
            return at
        found = self.found[at]
        if found is not None:
            return found.end if found.key in _ADJECTIVES and found.problem is None else at
        named = self.names.called(at) or self.names.left_over(at)
        return at if named is None else named[1]

    def counts_next(self, at: int) -> int:
        """Return the number before what it counts ("20 failed calls", "five german calls"), or 0."""
        word = self.text.word(at)
        digits = word.isascii() and word.isdecimal() and len(word) <= 6  # noqa: PLR2004 - a limit
        number = int(word) if digits else 0 if word in {"a", "an", "one", "couple"} else integer(word)
        free = self.found[at] is None if at < len(self.text) else False
        return number if free and number and number > 0 and self._adjective_end(at + 1) > at + 1 else 0
