"""What is counted of calls: sums that two parts of the rows add up to, in whatever order they come.

Every measure is read from these, so a report is one pass over its rows and holds none of them. Lengths are
whole seconds, so how often each occurs is all that a median needs. A database counts the rows that it keeps
itself, and finds the first of them in an order (`Summary`).
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from operator import attrgetter

from bot.model import Conversation

SCALE = 10**6
"""Decimals are summed as whole millionths: sums of floats would depend on the order of rows."""
ABSURD = 1e9
"""Decimals from here on are taken for not said: a database sums their millionths exactly below that."""
_DAY = 86_400

_duration = attrgetter("call_duration_secs")
_result = attrgetter("call_successful")
_messages = attrgetter("message_count")
_cost = attrgetter("cost")
_fiat = attrgetter("cost_fiat")
_rating = attrgetter("rating")


@dataclass(slots=True)
class Total:
    """The sum of what some calls say of themselves."""

    said: int = 0
    """Calls that say it."""
    millionths: int = 0

    def add(self, values: Iterable[float | None]) -> None:
        found = [round(each * SCALE) for each in values if each is not None and -ABSURD < each < ABSURD]
        self.said += len(found)
        self.millionths += sum(found)

    @property
    def value(self) -> float | None:
        """None where no call says it."""
        return self.millionths / SCALE if self.said else None

    @property
    def average(self) -> float | None:
        return self.millionths / SCALE / self.said if self.said else None


@dataclass(slots=True)
class Tally:
    calls: int = 0
    successful: int = 0
    failed: int = 0
    messages: int = 0
    wider: int = 0
    """Calls of the same question without its filters: what a share is of."""
    durations: Counter[int] = field(default_factory=Counter)
    """Calls by length in seconds."""
    credits: Total = field(default_factory=Total)
    dollars: Total = field(default_factory=Total)
    credits_alone: Total = field(default_factory=Total)
    """Credits of the calls that say no dollars."""
    rating: Total = field(default_factory=Total)

    def add(self, rows: Sequence[Conversation]) -> None:
        self.calls += len(rows)
        results = Counter(map(_result, rows))
        self.successful += results["success"]
        self.failed += results["failure"]
        self.durations.update(map(_duration, rows))
        self.messages += sum(map(_messages, rows))
        before = self.dollars.said
        self.dollars.add(map(_fiat, rows))
        self.credits.add(map(_cost, rows))
        if self.dollars.said - before < len(rows):
            self.credits_alone.add(row.cost for row in rows if row.cost_fiat is None)
        self.rating.add(map(_rating, rows))

    def merge(self, other: Tally) -> None:
        for name in ("calls", "successful", "failed", "messages", "wider"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.durations.update(other.durations)
        for name in ("credits", "dollars", "credits_alone", "rating"):
            mine, more = getattr(self, name), getattr(other, name)
            mine.said += more.said
            mine.millionths += more.millionths

    @property
    def judged(self) -> int:
        return self.successful + self.failed

    @property
    def unknown(self) -> int:
        """Calls without a verdict, whatever stands in its place."""
        return self.calls - self.judged

    @property
    def total_duration(self) -> int:
        """Seconds."""
        return sum(length * times for length, times in self.durations.items())

    def percentile(self, fraction: float) -> float | None:
        """Return a percentile of the lengths in seconds, interpolated as by PostgreSQL's percentile_cont."""
        if not (calls := self.durations.total()):
            return None
        place = fraction * (calls - 1)
        below = int(place)
        low = high = None
        seen = 0
        for length in sorted(self.durations):
            seen += self.durations[length]
            if low is None and seen > below:
                low = length
            if seen > below + 1 or seen == calls:
                high = length
                break
        if low is None or high is None:
            return None
        return low + (high - low) * (place - below)


def merge_all(tallies: Iterable[Tally]) -> Tally:
    """Count the calls of all of them together."""
    whole = Tally()
    for each in tallies:
        whole.merge(each)
    return whole


@dataclass(frozen=True, slots=True)
class SumsBy:
    """What calls are summed by: columns of theirs, and when they began on the clock of a zone."""

    columns: tuple[str, ...] = ()
    _: KW_ONLY
    result: str = ""
    """Of which result only calls are summed; "" for all."""
    step: int = 0
    """Seconds on the clock that are counted together; 0 for all times."""
    again: int = 0
    """Seconds on the clock after which the same comes again, such as a week; 0 for never."""
    zone: tzinfo = UTC

    def stretches(self, since: int, until: int) -> list[tuple[int, int, int]]:
        """Divide a span where the clock changes: (since, until, seconds that the clock is ahead of UTC)."""
        if not self.step:
            return [(since, until, 0)]
        found: list[tuple[int, int, int]] = []
        while since < until:
            ahead, end = self._ahead(since), since
            while end < until:
                last, end = end, min(end + _DAY, until)
                if self._ahead(end) != ahead:
                    end = last + bisect_left(range(last, end), True, key=partial(self._differs, ahead))
                    break
            found.append((since, end, ahead))
            since = end
        return found

    def _differs(self, ahead: int, at: int) -> bool:
        return self._ahead(at) != ahead

    def _ahead(self, at: int) -> int:
        return (datetime.fromtimestamp(at, self.zone).utcoffset() or timedelta()) // timedelta(seconds=1)


_NO_VALUE = 2


@dataclass(frozen=True, slots=True)
class FirstBy:
    """The first calls in the order of a number; of equal ones the newest."""

    fields: tuple[str, ...]
    """Of a call: the number, and another one for calls without it, which come after those with it."""
    _: KW_ONLY
    largest_first: bool = True
    result: str = ""
    """Of which result only calls are wanted; "" for all."""
    most: int = 3
    """How many."""

    def numbers(self, row: Conversation) -> list[float | None]:
        """Return what a call says; while it goes on, nothing is not yet a number."""
        values = [getattr(row, field) for field in self.fields]
        return [value if value or row.final else None for value in values]

    def place(self, row: Conversation) -> tuple[int, float, int, str]:
        """Return what sorts rows: the smallest comes first."""
        sign = -1 if self.largest_first else 1
        said = ((rank, sign * number) for rank, number in enumerate(self.numbers(row)) if number is not None)
        return *next(said, (_NO_VALUE, 0.0)), -row.start_time_unix_secs, row.conversation_id


class FirstRows:
    """The first rows of an order, in memory that does not grow with those it has seen."""

    def __init__(self, by: FirstBy) -> None:
        self.by = by
        self._kept: list[tuple[tuple[int, float, int, str], Conversation]] = []
        self.without_value = 0
        """Rows seen that do not say the number."""

    def add(self, rows: Iterable[Conversation]) -> None:
        """Take rows in. They are sorted now and then, which costs less than one by one."""
        for row in rows:
            if self.by.result in {"", row.call_successful}:
                place = self.by.place(row)
                self._kept.append((place, row))
                self.without_value += place[0] == _NO_VALUE
        if len(self._kept) > 2 * self.by.most:
            self.rows()

    def rows(self) -> list[Conversation]:
        """Return the first rows seen so far, in order."""
        self._kept = heapq.nsmallest(self.by.most, self._kept, key=lambda pair: pair[0])
        return [row for _place, row in self._kept]


Summary = SumsBy | FirstBy
"""What is wanted of rows in place of all of them."""


@dataclass(slots=True)
class CallSums:
    """Calls that are alike in what they are summed by; of the first in an order, each is one of its own."""

    alike: Conversation
    """What they have in common, and the start of the newest."""
    oldest: int
    """When the first of them began, Unix seconds."""
    hidden: int = 0
    """Those that the API key may list but not open."""
    tally: Tally = field(default_factory=Tally)
