"""What is counted of calls: sums that two parts of the rows add up to, in whatever order they come.

Every measure is read from these, so a report is one pass over its rows and holds none of them. Lengths are
whole seconds, so how often each occurs is all that a median needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from bot.model import Conversation

_SCALE = 10**6
"""Decimals are summed as whole millionths: sums of floats would depend on the order of rows."""
_ABSURD = 1e15

_duration = attrgetter("call_duration_secs")
_result = attrgetter("call_successful")
_messages = attrgetter("message_count")
_cost = attrgetter("cost")
_fiat = attrgetter("cost_fiat")
_rating = attrgetter("rating")


def _millionths(values: Iterable[float | None]) -> list[int]:
    return [round(each * _SCALE) for each in values if each is not None and -_ABSURD < each < _ABSURD]


@dataclass(slots=True)
class Tally:
    """Some calls, counted."""

    calls: int = 0
    results: Counter[str] = field(default_factory=Counter)
    """Calls by `call_successful`."""
    durations: Counter[int] = field(default_factory=Counter)
    """Calls by length in seconds."""
    messages: int = 0
    credits_said: int = 0
    """Calls that say a cost in credits."""
    dollars_said: int = 0
    rated: int = 0
    credit_millionths: int = 0
    dollar_millionths: int = 0
    rating_millionths: int = 0
    credit_millionths_alone: int = 0
    """Credits of the calls that say no dollars."""
    credits_alone: int = 0
    """Calls that say credits and no dollars."""
    wider: int = 0
    """Calls of the same question without its filters: what a share is of."""

    def add(self, rows: Sequence[Conversation]) -> None:
        self.calls += len(rows)
        self.results.update(map(_result, rows))
        self.durations.update(map(_duration, rows))
        self.messages += sum(map(_messages, rows))
        found = _millionths(map(_cost, rows))
        self.credits_said += len(found)
        self.credit_millionths += sum(found)
        dollars = _millionths(map(_fiat, rows))
        self.dollars_said += len(dollars)
        self.dollar_millionths += sum(dollars)
        if found and len(dollars) < len(rows):
            alone = _millionths(row.cost for row in rows if row.cost_fiat is None)
            self.credits_alone += len(alone)
            self.credit_millionths_alone += sum(alone)
        ratings = _millionths(map(_rating, rows))
        self.rated += len(ratings)
        self.rating_millionths += sum(ratings)

    def merge(self, other: Tally) -> None:
        """Count another's calls too."""
        for name in self.__slots__:
            mine, more = getattr(self, name), getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(more)
            else:
                setattr(self, name, mine + more)

    @property
    def successful(self) -> int:
        return self.results["success"]

    @property
    def failed(self) -> int:
        return self.results["failure"]

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

    @property
    def credits(self) -> float | None:
        """Credits of all calls that say them; None where none does."""
        return self.credit_millionths / _SCALE if self.credits_said else None

    @property
    def dollars(self) -> float | None:
        return self.dollar_millionths / _SCALE if self.dollars_said else None

    @property
    def rating(self) -> float | None:
        """The average of those that are rated."""
        return _over(self.rating_millionths / _SCALE, self.rated)

    def percentile(self, fraction: float) -> float | None:
        """Return a percentile of the lengths in seconds, interpolated as by PostgreSQL's percentile_cont."""
        if not self.calls:
            return None
        place = fraction * (self.calls - 1)
        below = int(place)
        low = high = None
        seen = 0
        for length in sorted(self.durations):
            seen += self.durations[length]
            if low is None and seen > below:
                low = length
            if seen > below + 1 or seen == self.calls:
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


def _over(part: float, whole: int) -> float | None:
    return part / whole if whole else None
