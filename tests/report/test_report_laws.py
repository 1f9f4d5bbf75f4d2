"""A report equals counting by hand, whatever the rows, their order and how they are split."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Conversation
from bot.report.chart import MOST_POINTS, MOST_SERIES, chart_of
from bot.report.groups import GROUPS, Group, LocalTime
from bot.report.measures import CSV_COLUMNS, MEASURES
from bot.report.report_table import GroupedCalls, ReportTable, csv_rows
from tests.laws import law
from tests.report.rows import ZONES, calls

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
groups = st.lists(st.sampled_from(list(GROUPS.values())), max_size=2, unique=True)
zones = st.sampled_from(ZONES).map(ZoneInfo)


def counted(
    rows: Sequence[Conversation], by: Sequence[Group], local: LocalTime, size: int = 7
) -> GroupedCalls:
    """Count rows in batches of some size."""
    found = GroupedCalls(by, local)
    for start in range(0, len(rows), size):
        found.add(rows[start : start + size])
    return found


def keys_by_hand(group: Group, row: Conversation, local: LocalTime) -> list[str]:
    """Return the groups that a call is in, found without the code of reports."""
    moment = datetime.fromtimestamp(row.start_time_unix_secs, local.zone)
    day = moment.date()
    by_time = {
        "day": f"{day:%Y-%m-%d}",
        "week": str(day - timedelta(days=(day.weekday() - local.first_weekday) % 7)),
        "month": f"{day:%Y-%m}",
        "hour": str(moment.hour),
        "weekday": _WEEKDAYS[day.weekday()],
    }
    if group.key in by_time:
        return [by_time[group.key]]
    if group.key in {"tool", "tag"}:
        return sorted(set(row.tool_names if group.key == "tool" else row.tag_ids)) or [""]
    names = {
        "agent": "agent_id",
        "result": "call_successful",
        "source": "conversation_initiation_source",
        "language": "main_language",
        "ended": "termination_reason",
        "branch": "branch_id",
        "version": "version_id",
    }
    value = getattr(row, names.get(group.key, group.key))
    return [f"{value:g}" if isinstance(value, float) else value or ""]


def cells_by_hand(rows: Sequence[Conversation]) -> list[float | None]:
    """Return the columns of a report for some calls, the plain way."""
    good = sum(row.call_successful == "success" for row in rows)
    bad = sum(row.call_successful == "failure" for row in rows)
    lengths = [row.call_duration_secs for row in rows]
    costs = [row.cost for row in rows if row.cost is not None]
    dollars = [row.cost_fiat for row in rows if row.cost_fiat is not None]
    ratings = [row.rating for row in rows if row.rating is not None]

    def percentile(fraction: float) -> float | None:
        if len(lengths) < 2:
            return lengths[0] if lengths else None
        # "inclusive" interpolates linearly between the two nearest ranks, as percentile_cont does.
        return statistics.quantiles(lengths, n=100, method="inclusive")[round(fraction * 100) - 1]

    return [
        *(len(rows), good, bad, len(rows) - good - bad),
        good / (good + bad) if good + bad else None,
        sum(lengths),
        sum(lengths) / len(rows) if rows else None,
        percentile(0.5),
        percentile(0.9),
        sum(costs) if costs else None,
        sum(dollars) if dollars else None,
        sum(ratings) / len(ratings) if ratings else None,
        len(ratings),
        sum(row.message_count for row in rows) / len(rows) if rows else None,
    ]


@law(30)
@given(st.lists(calls, max_size=20), groups, zones, st.integers(0, 6))
def test_a_report_is_what_counting_by_hand_finds(
    rows: list[Conversation], by: list[Group], zone: ZoneInfo, first_weekday: int
) -> None:
    """Every row of a report's CSV says what the calls of its groups say; no call is in none."""
    local = LocalTime(zone, first_weekday)
    table = ReportTable(show=(MEASURES["calls"],), current=counted(rows, by, local))
    head, *lines = csv_rows(table)
    assert tuple(head[-len(CSV_COLUMNS) :]) == tuple(CSV_COLUMNS)
    seen: set[str] = set()
    for line in lines:
        named = dict(zip(head, line, strict=True))
        wanted = [named["agent_id"] if group.key == "agent" else named[group.key] for group in by]
        inside = [
            row
            for row in rows
            if all(key in keys_by_hand(group, row, local) for group, key in zip(by, wanted, strict=True))
        ]
        seen |= {row.conversation_id for row in inside}
        for name, cell, expected in zip(
            CSV_COLUMNS, line[-len(CSV_COLUMNS) :], cells_by_hand(inside), strict=True
        ):
            found = float(cell) if cell else None
            assert found == (None if expected is None else pytest.approx(expected, abs=0.00501)), name
    assert seen == {row.conversation_id for row in rows}


@law(30)
@given(st.lists(calls, max_size=20), groups, zones, st.randoms(use_true_random=False), st.integers(1, 9))
def test_neither_order_nor_split_matters(
    rows: list[Conversation], by: list[Group], zone: ZoneInfo, chance: Random, size: int
) -> None:
    """The same calls in any order and any batches give exactly the same report."""
    local, shuffled = LocalTime(zone), list(rows)
    chance.shuffle(shuffled)
    show = (MEASURES["average-cost"],)
    one, other = (
        ReportTable(show=show, current=counted(each, by, local, batch))
        for each, batch in ((rows, 100), (shuffled, size))
    )
    assert list(csv_rows(one)) == list(csv_rows(other))
    assert chart_of(one) == chart_of(other)


@law(30)
@given(st.lists(calls, max_size=20), groups, zones)
def test_groups_add_up_to_all(rows: list[Conversation], by: list[Group], zone: ZoneInfo) -> None:
    """The groups of a report hold every call once; only tools and tags may hold one several times."""
    found = counted(rows, by, LocalTime(zone))
    table = ReportTable(show=(MEASURES["calls"],), current=found)
    total = sum(row.now.calls for row in table.rows)
    if any(group.several for group in by):
        assert total >= len(rows)
    else:
        assert total == len(rows)
        assert sum(row.now.total_duration for row in table.rows) == found.total.total_duration
        assert sum(row.now.dollars.millionths for row in table.rows) == found.total.dollars.millionths


@law(30)
@given(st.lists(calls, max_size=20), groups, zones, st.sampled_from([m for m in MEASURES if m != "overview"]))
def test_a_chart_keeps_what_slack_takes(
    rows: list[Conversation], by: list[Group], zone: ZoneInfo, measure: str
) -> None:
    """Every chart has at most 12 series of 20 points, each with a value for every category."""
    found = counted(rows, by, LocalTime(zone))
    chart = chart_of(ReportTable(show=(MEASURES[measure],), current=found, previous=found))
    if chart is not None:
        assert 1 <= len(chart.categories) <= MOST_POINTS
        assert 1 <= len(chart.series) <= MOST_SERIES
        assert all(len(values) == len(chart.categories) for _name, values in chart.series)
        assert len(set(chart.categories)) == len(chart.categories)


@law(30)
@given(st.lists(calls, max_size=20), st.lists(calls, max_size=20), groups, zones, st.integers(1, 3))
def test_a_limit_keeps_all_calls(
    rows: list[Conversation], before: list[Conversation], by: list[Group], zone: ZoneInfo, limit: int
) -> None:
    """The largest groups and the rest together hold what all groups hold, in both periods."""
    local = LocalTime(zone)
    parts = (counted(rows, by, local), counted(before, by, local))
    whole, top = (
        ReportTable(show=(MEASURES["calls"],), current=parts[0], previous=parts[1], limit=each)
        for each in (None, limit)
    )
    for period in ("now", "before"):
        sums = [sum(getattr(row, period).calls for row in table.rows) for table in (whole, top)]
        assert sums[0] == sums[1]


@law(30)
@given(zones, st.integers(0, 6), st.sampled_from(["day", "week", "month", "hour", "weekday"]), st.data())
def test_no_time_is_left_out(zone: ZoneInfo, first_weekday: int, group: str, data: st.DataObject) -> None:
    """A report on a time without calls has a row of zero calls for each day, week, month, hour of it."""
    local = LocalTime(zone, first_weekday)
    first = data.draw(st.dates(date(2026, 1, 1), date(2026, 12, 1)))
    days = [first + timedelta(days=number) for number in range(data.draw(st.integers(1, 40)))]
    since, until = (
        int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
        for day in (first, days[-1] + timedelta(days=1))
    )
    hours = [datetime.fromtimestamp(unix, zone) for unix in range(since, until, 900)]
    wanted = {
        "day": {str(day) for day in days},
        "week": {str(local.week_of(day)) for day in days},
        "month": {f"{day:%Y-%m}" for day in days},
        "hour": {str(moment.hour) for moment in hours},
        "weekday": {_WEEKDAYS[day.weekday()] for day in days},
    }
    table = ReportTable(
        show=(MEASURES["calls"],), current=counted([], [GROUPS[group]], local), since=since, until=until
    )
    assert {row.keys[0] for row in table.rows} == wanted[group]
    assert all(row.now.calls == 0 for row in table.rows)
