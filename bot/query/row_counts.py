"""How many calls are asked for where words stand between the number and "calls": "20 failed calls"."""

from __future__ import annotations

from bot.query.filters.order_and_limit import RANKINGS
from bot.query.name_reader import NameReader
from bot.query.numbers import integer
from bot.query.values import Order
from bot.query.vocabulary import FROM_THE_END, FROM_THE_START, ONE_CALL

_MAX_LIMIT_DIGITS = 6
_ADJECTIVES = frozenset({"result", "direction", "lang", "source", "sort"})
"""Filters whose words stand before "calls", so that a number before them is a limit."""


class RowCountReader:
    """Finds numbers of calls before what they count."""

    def __init__(self, names: NameReader) -> None:
        self.names = names
        self.text = names.text
        self.found = names.found

    def one_from_an_end(self, at: int) -> tuple[Order, int] | None:
        """Read the "last" of "last failed call": one call, from that end; with the position after it.

        So is the "longest" of "longest failed call".
        """
        order, start = self._end_at(at)
        end = self._adjective_end(start)
        if order is None or end == start:
            return None
        while (following := self._adjective_end(end)) > end:
            end = following
        if ONE_CALL.isdisjoint(self.text.words[end - 1 : end + 1]):
            return None
        return order, start

    def _end_at(self, at: int) -> tuple[Order | None, int]:
        """Return the order whose first call a word may begin to ask for, and the position after its words."""
        found, word = self.found[at], self.text.word(at)
        if found is not None and isinstance(found.value, Order) and found.value.by in RANKINGS:
            return found.value, found.end
        if self.text.words[at : at + 2] == ("most", "recent"):
            return Order(), at + 2
        if word in FROM_THE_START:
            return Order("oldest"), at + 1
        return (Order() if word in FROM_THE_END else None), at + 1

    def _adjective_end(self, at: int) -> int:
        """Return the end of what stands before "calls" ("failed", an agent's name), or the same position."""
        if at >= len(self.text):
            return at
        found = self.found[at]
        if found is not None:
            return found.end if found.key in _ADJECTIVES and found.problem is None else at
        named = self.names.called(at) or self.names.left_over(at)
        return at if named is None else named[1]

    def rows(self, at: int) -> int:
        """Return the number before what it counts ("20 failed calls", "five german calls"), or 0."""
        word = self.text.word(at)
        if self.found[at] is not None or word in {"a", "an", "one", "couple"}:
            return 0
        digits = word.isascii() and word.isdecimal() and len(word) <= _MAX_LIMIT_DIGITS
        number = int(word) if digits else integer(word)
        return number if number and number > 0 and self._adjective_end(at + 1) > at + 1 else 0
