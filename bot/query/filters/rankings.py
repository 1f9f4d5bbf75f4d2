"""Orders that the API does not have: all rows are read, and the first of them found here."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.model import Conversation

_NO_VALUE = 2


@dataclass(frozen=True, slots=True)
class SortKey:
    """What calls can be ranked by."""

    noun: str
    words: str
    """What people say after "sorted by": the pattern of a phrase."""
    value: Callable[[Conversation], float | None]
    """None where a call does not say: it comes last."""
    fallback: Callable[[Conversation], float | None] = lambda _row: None
    """The number of calls without the other one, which come after those with it."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Calls in the order of one number."""

    number: SortKey
    words: str
    """What people say: the pattern of a phrase."""
    aliases: tuple[str, ...] = ()
    """Other words after `sort:`."""
    largest_first: bool = True
    adjective: bool = True
    """Whether "the 5 …" can be said of calls."""

    @property
    def sorted_by(self) -> str:
        """Return the pattern of what people say after "sorted by"."""
        return f"{self.number.words} {'[descending|desc]' if self.largest_first else 'ascending|asc'}"

    def place(self, row: Conversation) -> tuple[int, float, int, str]:
        """Return what sorts rows: the smallest comes first, of equal ones the newest."""
        for rank, read in enumerate((self.number.value, self.number.fallback)):
            if (value := read(row)) is not None:
                sign = -1 if self.largest_first else 1
                return rank, sign * value, -row.start_time_unix_secs, row.conversation_id
        return _NO_VALUE, 0, -row.start_time_unix_secs, row.conversation_id


class FirstRows:
    """The first rows of a ranking, in memory that does not grow with those it has seen."""

    def __init__(self, ranking: Ranking, most: int) -> None:
        self._ranking = ranking
        self._most = most
        self._kept: list[tuple[tuple[int, float, int, str], Conversation]] = []
        self._waiting: list[tuple[tuple[int, float, int, str], Conversation]] = []
        self.without_value = 0
        """Rows seen that do not say the number."""

    def add(self, rows: Iterable[Conversation]) -> None:
        """Take rows in. They are sorted now and then, which costs less than one by one."""
        for row in rows:
            place = self._ranking.place(row)
            self._waiting.append((place, row))
            self.without_value += place[0] == _NO_VALUE
        if len(self._waiting) > self._most:
            self._sort()

    def rows(self) -> list[Conversation]:
        """Return the first rows seen so far, in order."""
        self._sort()
        return [row for _place, row in self._kept]

    def _sort(self) -> None:
        both = [*self._kept, *self._waiting]
        self._kept = heapq.nsmallest(self._most, both, key=lambda pair: pair[0])
        self._waiting = []


def _length(row: Conversation) -> float | None:
    return row.call_duration_secs if row.final or row.call_duration_secs else None


def _messages(row: Conversation) -> float | None:
    return row.message_count if row.final or row.message_count else None


_LENGTH = SortKey("length", "[call] length|lengths|duration|durations", _length)
_COST = SortKey("cost", "[call] cost|costs|price", lambda row: row.cost_fiat, lambda row: row.cost)
_RATING = SortKey("rating", "rating|ratings|stars", lambda row: row.rating)
_MESSAGES = SortKey("number of messages", "[number] [of] messages|turns", _messages)
RANKINGS: dict[str, Ranking] = {
    "longest": Ranking(_LENGTH, "longest", ("duration", "length", "call-duration-secs", "longest-first")),
    "shortest": Ranking(_LENGTH, "shortest|briefest", ("shortest-first",), largest_first=False),
    "most-expensive": Ranking(
        _COST, "most expensive|costly|pricey", ("cost", "price", "expensive", "costliest", "priciest")
    ),
    "cheapest": Ranking(_COST, "cheapest", ("least-expensive",), largest_first=False),
    "best-rated": Ranking(
        _RATING, "best|highest|top rated", ("rating", "best", "highest-rated", "top-rated")
    ),
    "worst-rated": Ranking(_RATING, "worst|lowest rated", ("worst", "lowest-rated"), largest_first=False),
    "most-messages": Ranking(
        _MESSAGES,
        "[with] [the] most messages|turns",
        ("messages", "message-count", "turns"),
        adjective=False,
    ),
}
"""By what stands after `sort:`."""
