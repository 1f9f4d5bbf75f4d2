"""The time that a report is compared with: like with like."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.query import parse

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("calls last week vs the week before", "2026-11-02T00:00", "2026-11-09T00:00"),
        ("this week vs last week", "2026-11-09T00:00", "2026-11-12T14:30"),
        ("this month compared to last month", "2026-10-01T00:00", "2026-10-19T14:30"),
        ("today vs yesterday", "2026-11-18T00:00", "2026-11-18T14:30"),
        ("october vs september", "2026-09-01T00:00", "2026-10-01T00:00"),
        ("this month vs august", "2026-08-01T00:00", "2026-08-19T14:30"),
        ("this week vs october", "2026-10-01T00:00", "2026-11-01T00:00"),
        ("calls since monday compare:previous", "2026-11-09T00:00", "2026-11-12T14:30"),
        ("calls since 2026-11-01 compare:previous", "2026-10-01T00:00", "2026-10-19T14:30"),
        ("last 24 hours compare:previous", "2026-11-17T14:30", "2026-11-18T14:30"),
        ("yesterday from 9:00 to 12:00 compare:previous", "2026-11-17T09:00", "2026-11-17T12:00"),
        ("calls on 2026-10-26 compare:previous", "2026-10-25T00:00", "2026-10-26T00:00"),
    ],
)
def test_like_is_compared_with_like(text: str, since: str, until: str) -> None:
    """Of a time that still runs as much as has passed of it is taken; days are those of the wall clock."""
    parsed = parse(text, now=NOW)
    assert parsed.understood, parsed.problems
    other = parsed.query.compared(NOW)
    assert other is not None
    assert other.report is None or other.report.compare is None
    assert [f"{each:%Y-%m-%dT%H:%M}" for each in (other.since, other.until) if each] == [since, until]


def test_a_question_without_a_comparison_has_no_other_time() -> None:
    assert parse("success rate last week", now=NOW).query.compared(NOW) is None
