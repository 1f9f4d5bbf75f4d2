"""Orders that the API does not have: all rows are read, and the first of them found here."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.model import Conversation

_NO_VALUE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Calls in the order of one number."""

    noun: str
    """What the number is, as people call it."""
    value: Callable[[Conversation], float | None]
    """None where a call does not say: it comes last."""
    fallback: Callable[[Conversation], float | None] = lambda _row: None
    """The number of calls without the other one, which come after those with it."""
    largest_first: bool = True
    words: str
    """What people say: the pattern of a phrase."""
    sorted_by: str
    """What they say after "sorted by"."""
    aliases: tuple[str, ...] = ()
    """Other words after `sort:`."""
    adjective: bool = True
    """Whether "the 5 …" can be said of calls."""

    def place(self, row: Conversation) -> tuple[int, float, int, str]:
        """Return what sorts rows: the smallest comes first, of equal ones the newest."""
        for rank, read in enumerate((self.value, self.fallback)):
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


_LENGTH = "[call] length|lengths|duration|durations"
_COST = "[call] cost|costs|price"
_RATING = "rating|ratings|stars"
RANKINGS: dict[str, Ranking] = {
    "longest": Ranking(
        noun="length",
        value=_length,
        words="longest",
        sorted_by=f"{_LENGTH} [descending|desc]",
        aliases=("duration", "length", "call-duration-secs", "longest-first"),
    ),
    "shortest": Ranking(
        noun="length",
        value=_length,
        largest_first=False,
        words="shortest|briefest",
        sorted_by=f"{_LENGTH} ascending|asc",
        aliases=("shortest-first",),
    ),
    "most-expensive": Ranking(
        noun="cost",
        value=lambda row: row.cost_fiat,
        fallback=lambda row: row.cost,
        words="most expensive|costly|pricey",
        sorted_by=f"{_COST} [descending|desc]",
        aliases=("cost", "price", "expensive", "costliest", "priciest"),
    ),
    "cheapest": Ranking(
        noun="cost",
        value=lambda row: row.cost_fiat,
        fallback=lambda row: row.cost,
        largest_first=False,
        words="cheapest",
        sorted_by=f"{_COST} ascending|asc",
        aliases=("least-expensive",),
    ),
    "best-rated": Ranking(
        noun="rating",
        value=lambda row: row.rating,
        words="best|highest|top rated",
        sorted_by=f"{_RATING} [descending|desc]",
        aliases=("rating", "best", "highest-rated", "top-rated"),
    ),
    "worst-rated": Ranking(
        noun="rating",
        value=lambda row: row.rating,
        largest_first=False,
        words="worst|lowest rated",
        sorted_by=f"{_RATING} ascending|asc",
        aliases=("worst", "lowest-rated"),
    ),
    "most-messages": Ranking(
        noun="number of messages",
        value=_messages,
        words="[with] [the] most messages|turns",
        sorted_by="[number] [of] messages|turns [descending|desc]",
        aliases=("messages", "message-count", "turns"),
        adjective=False,
    ),
}
"""By what stands after `sort:`."""
