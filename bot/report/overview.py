"""What an overview says besides its numbers: how failed calls ended, their tools, three calls to hear."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

from bot.model import Conversation
from bot.report.groups import GROUPS, LocalTime
from bot.report.report_table import GroupedCalls

_EACH = 3
"""Calls kept for each reason to hear one: the best of it may be worth hearing for another, too."""

Rank = Callable[[Conversation], tuple[float, ...] | None]
"""The smallest is heard first; None for a call that is not worth it."""


def _worst_rated(row: Conversation) -> tuple[float, ...] | None:
    return None if row.rating is None else (row.rating, -row.start_time_unix_secs)


def _failed(row: Conversation) -> tuple[float, ...] | None:
    return (-row.call_duration_secs,) if row.call_successful == "failure" else None


def _long(row: Conversation) -> tuple[float, ...] | None:
    return (-row.call_duration_secs,)


_WORTH: tuple[tuple[str, Rank], ...] = (
    ("Longest failed", _failed),
    ("Worst rated", _worst_rated),
    ("Longest", _long),
)


class OverviewCalls:
    """Counted in the same pass as the numbers. Holds a handful of rows."""

    def __init__(self, local: LocalTime) -> None:
        self.reasons = GroupedCalls([GROUPS["ended"]], local)
        """Failed calls by how they ended."""
        self.tools = GroupedCalls([GROUPS["tool"]], local)
        """Failed calls by the tools that were used in them."""
        self._best: dict[str, list[Conversation]] = {why: [] for why, _rank in _WORTH}

    def add(self, rows: Sequence[Conversation]) -> None:
        failed = [row for row in rows if row.call_successful == "failure"]
        self.reasons.add(failed)
        self.tools.add(failed)
        for why, rank in _WORTH:
            found = [(place, row) for row in (*self._best[why], *rows) if (place := rank(row)) is not None]
            best = heapq.nsmallest(_EACH, found, key=lambda pair: (*pair[0], pair[1].conversation_id))
            self._best[why] = [row for _place, row in best]

    def worth_hearing(self) -> list[tuple[str, Conversation]]:
        """Return one call for each reason to hear one, with the reason; no call twice."""
        found: dict[str, tuple[str, Conversation]] = {}
        for why, best in self._best.items():
            row = next((row for row in best if row.conversation_id not in found), None)
            if row is not None:
                found[row.conversation_id] = (why, row)
        return list(found.values())
