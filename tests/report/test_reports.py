"""Reports by example: comparison, charts, money, shares, and the rest beside the largest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.model import Conversation
from bot.report.chart import chart_of
from bot.report.groups import LocalTime, group_of
from bot.report.measures import MEASURES
from bot.report.report_table import MOST_GROUPS, REST, GroupedCalls, ReportTable, csv_rows
from tests.report.rows import BERLIN, call

LOCAL = LocalTime(BERLIN)
DASH = "\N{EN DASH}"


def unix(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """Return a moment of the clock in Berlin."""
    return int(datetime(year, month, day, hour, minute, tzinfo=BERLIN).timestamp())


def counted(rows: Sequence[Conversation], *by: str) -> GroupedCalls:
    """Count calls in groups."""
    groups = [group for key in by if (group := group_of(key)) is not None]
    found = GroupedCalls(groups, LOCAL)
    found.add(rows)
    return found


def days(*counts: int, month: int = 11) -> list[Conversation]:
    """Return so many calls on each day from the first of a month on, the last one of each failed."""
    return [
        call(start_time_unix_secs=unix(2026, month, day, 12, minute), call_successful=result)
        for day, count in enumerate(counts, start=1)
        for minute in range(count)
        for result in ["failure" if minute == count - 1 else "success"]
    ]


def test_days_stand_beside_the_days_of_the_period_before() -> None:
    """The first day of a period is compared with the first of the one before, whatever its date."""
    table = ReportTable(
        show=(MEASURES["calls"],),
        current=counted(days(3, 0, 2), "day"),
        previous=counted(days(1, 1, month=10), "day"),
        since=unix(2026, 11, 1),
        until=unix(2026, 11, 4),
        since_before=unix(2026, 10, 1),
        until_before=unix(2026, 10, 5),
    )
    assert [(row.labels[0], row.now.calls, row.before and row.before.calls) for row in table.rows] == [
        ("Sun 1 Nov", 3, 1),
        ("Mon 2 Nov", 0, 1),
        ("Tue 3 Nov", 2, 0),
    ]
    assert [row.keys for row in table.without_counterpart] == [("2026-10-04",)]
    lines = [line[:3] for line in csv_rows(table)]
    assert lines[0] == ["day", "period", "calls"]
    assert lines[1:4] == [[f"2026-11-0{day}", "current", str(n)] for day, n in ((1, 3), (2, 0), (3, 2))]
    assert lines[4:] == [[f"2026-10-0{day}", "before", str(n)] for day, n in ((1, 1), (2, 1), (3, 0), (4, 0))]
    chart = chart_of(table)
    assert chart is not None
    assert chart.kind == "line"
    assert chart.series == ((f"1{DASH}3 Nov", (3, 0, 2)), (f"1{DASH}4 Oct", (1, 1, 0)))


@pytest.mark.parametrize(
    ("now", "before", "names"),
    [
        ("2026-11-23 2026-11-30", "2026-11-16 2026-11-23", "23-29 Nov, 16-22 Nov"),
        ("2026-11-30 2026-11-30T09:00", "2026-11-23 2026-11-23T09:00", "30 Nov, 23 Nov"),
        ("2026-01-01 2027-01-01", "2025-01-01 2026-01-01", "1 Jan-31 Dec 2026, 1 Jan-31 Dec 2025"),
        ("2026-12-28 2027-01-04", "2026-12-21 2026-12-28", "28 Dec-3 Jan, 21-27 Dec"),
        ("2026-11-03T09 2026-11-03T10", "2026-11-03T08 2026-11-03T09", "09:00-10:00, 08:00-09:00"),
        ("2026-11-23 2026-11-30", "", "Current, Before"),
    ],
)
def test_a_comparison_names_both_times(now: str, before: str, names: str) -> None:
    """By days; a year or the clock only where days do not tell them apart. Slack takes twenty characters."""
    (since, until), (since_before, until_before) = (
        [int(datetime.fromisoformat(each).replace(tzinfo=BERLIN).timestamp()) for each in span.split()]
        or (None, None)
        for span in (now, before)
    )
    table = ReportTable(
        show=(MEASURES["calls"],),
        current=counted([call()], "agent"),
        previous=counted([call()], "agent"),
        since=since,
        until=until,
        since_before=since_before,
        until_before=until_before,
    )
    chart = chart_of(table)
    assert chart is not None
    named = [name for name, _values in chart.series]
    assert ", ".join(named).replace(DASH, "-") == names
    assert max(map(len, named)) <= 20


@pytest.mark.parametrize(
    ("show", "dollars", "drawn"),
    [("cost", 12.34567, 12.35), ("average-cost", 0.12345, 0.123), ("cost", 0.00314, 0.0031)],
)
def test_charts_show_money_as_tables_do(show: str, dollars: float, drawn: float) -> None:
    """Two decimals, more only of an average below a dollar and below a cent."""
    table = ReportTable(show=(MEASURES[show],), current=counted([call(cost_fiat=dollars)], "agent"))
    chart = chart_of(table)
    assert chart is not None
    assert chart.series[0][1] == (drawn,)


def test_a_month_is_drawn_in_twenty_points_at_most_and_says_so() -> None:
    """31 days are put together by two, 24 hours too; rates stay those of the calls together."""
    october = ReportTable(
        show=(MEASURES["failure-rate"],),
        current=counted(days(*[2] * 31, month=10), "day"),
        since=unix(2026, 10, 1),
        until=unix(2026, 11, 1),
    )
    chart = chart_of(october)
    assert chart is not None
    assert len(chart.categories) == 16
    assert chart.categories[:2] == ("1–2 Oct", "3–4 Oct")  # noqa: RUF001 - as people read it
    assert chart.categories[-1] == "31 Oct"
    assert set(chart.series[0][1]) == {50}
    assert chart.notes == ("each step of the chart is 2 days",)
    hours = chart_of(
        ReportTable(show=(MEASURES["calls"],), current=counted([], "hour"), since=0, until=86_400)
    )
    assert hours is not None
    assert (hours.kind, hours.categories[:2]) == ("bar", ("00–01 h", "02–03 h"))  # noqa: RUF001


def test_days_without_a_verdict_are_no_failure_rate_of_zero() -> None:
    """A day on which nothing was judged is left out of the chart of a rate, and named."""
    table = ReportTable(
        show=(MEASURES["failure-rate"],),
        current=counted(days(2, 0, 1), "day"),
        since=unix(2026, 11, 1),
        until=unix(2026, 11, 4),
    )
    chart = chart_of(table)
    assert chart is not None
    assert chart.series == (("Failure rate", (50, 100)),)
    assert chart.notes == ("the chart leaves out points with nothing to measure: Mon 2 Nov",)


def test_many_groups_are_the_largest_and_the_rest() -> None:
    """Of many series and bars the largest are drawn; the rest is one, and that is said."""
    rows = [call(agent_id=f"agent_{n}", main_language=f"l{n % 15}") for n in range(30) for _ in range(n + 1)]
    agents = chart_of(ReportTable(show=(MEASURES["calls"],), current=counted(rows, "agent")))
    assert agents is not None
    assert (len(agents.categories), agents.categories[-1]) == (20, "Other")
    assert sum(agents.series[0][1]) == len(rows)
    both = chart_of(ReportTable(show=(MEASURES["calls"],), current=counted(rows, "agent", "language")))
    assert both is not None
    assert (len(both.series), both.series[-1][0]) == (12, "Other")
    assert sum(map(sum, (values for _name, values in both.series))) == len(rows)
    assert both.notes == (
        "the chart shows 19 of 30 agents, the rest as Other",
        "the chart shows 11 of 15 languages, the rest as Other",
    )


def test_top_three_are_the_largest_and_the_rest_is_one_row() -> None:
    """`top 3` keeps three rows; what is left is one row that says how many groups it holds."""
    rows = [call(termination_reason=f"reason {n}") for n in range(6) for _ in range(n + 1)]
    table = ReportTable(show=(MEASURES["calls"],), current=counted(rows, "ended"), limit=3)
    assert [(row.labels[0], row.now.calls) for row in table.rows] == [
        *(("reason 5", 6), ("reason 4", 5), ("reason 3", 4), ("Other (3)", 6)),
    ]
    assert table.rows[-1].merged == 3
    assert [line[0] for line in csv_rows(table)] == ["ended", "reason 5", "reason 4", "reason 3"]
    smallest = ReportTable(
        show=(MEASURES["calls"],), current=counted(rows, "ended"), limit=1, smallest_first=True
    )
    assert smallest.rows[0].labels == ("reason 0",)


def test_money_is_dollars_where_calls_say_them() -> None:
    """Dollars are shown where calls say them; where one period has none, both are in credits."""
    both = [call(cost=100.0, cost_fiat=0.5), call(cost=50.0)]
    old = [call(cost=80.0)]
    cost, average = MEASURES["cost"], MEASURES["average-cost"]
    dollars = ReportTable(show=(cost,), current=counted(both))
    assert not dollars.in_credits
    assert dollars.value(cost, dollars.total.now) == 0.5
    assert dollars.value(average, dollars.total.now) == 0.5
    assert dollars.total.now.credits_alone.said == 1
    assert dollars.total.now.credits_alone.value == 50
    compared = ReportTable(show=(cost,), current=counted(both), previous=counted(old))
    assert compared.in_credits
    assert [compared.value(cost, each.total) for each in (compared.current, counted(old))] == [150, 80]
    nothing = ReportTable(show=(cost,), current=counted([call()]))
    assert nothing.value(cost, nothing.total.now) is None


def test_a_share_is_of_the_same_groups_without_the_filters() -> None:
    """A share compares the calls of a group with all calls of that group."""
    found = counted([call(agent_id="a")], "agent")
    found.add([call(agent_id="a"), call(agent_id="a"), call(agent_id="b")], wider=True)
    table = ReportTable(show=(MEASURES["share"],), current=found)
    share = {row.keys[0]: table.value(table.show[0], row.now) for row in table.rows}
    assert share == {"a": 0.5, "b": 0}
    assert table.value(table.show[0], table.total.now) == pytest.approx(1 / 3)


def test_the_best_of_few_calls_is_not_the_best() -> None:
    """`top 1` of a rate ranks a group of one call after those that say something."""
    many = [call(agent_id="many", call_successful="success")] * 30
    many += [call(agent_id="many", call_successful="failure")] * 10
    table = ReportTable(
        show=(MEASURES["success-rate"],),
        current=counted([*many, call(agent_id="one", call_successful="success")], "agent"),
        limit=1,
    )
    assert table.enough == 10
    assert [row.keys[0] for row in table.rows] == ["many", REST]


def test_languages_are_named() -> None:
    """A group of a language has its name; its key in the CSV stays the API's code."""
    rows = [call(main_language=code) for code in ("de", "de", "de", "pt-br", "pt-br", "xx")]
    table = ReportTable(show=(MEASURES["calls"],), current=counted(rows, "language"))
    assert [row.labels[0] for row in table.rows] == ["German", "Portuguese (BR)", "xx"]
    assert [line[0] for line in csv_rows(table)][1:] == ["de", "pt-br", "xx"]


def test_memory_stays_flat_for_values_without_end() -> None:
    """Beyond ten thousand different values the rest is counted together, and none is lost."""
    found = counted([call(version_id=f"v{n}") for n in range(MOST_GROUPS + 500)], "version")
    assert len(found.found) == MOST_GROUPS + 1
    assert found.found[REST,].calls == 500
    assert sum(tally.calls for tally in found.found.values()) == MOST_GROUPS + 500


def test_an_agent_has_the_name_of_its_newest_call() -> None:
    """An agent that was renamed is called as it is called now; one without a name by its id."""
    later = call().start_time_unix_secs + int(timedelta(hours=1).total_seconds())
    rows = [
        call(agent_id="a", agent_name="New", start_time_unix_secs=later),
        call(agent_id="a", agent_name="Old"),
        call(agent_id="b"),
    ]
    table = ReportTable(show=(MEASURES["calls"],), current=counted(rows, "agent"))
    assert [row.labels[0] for row in table.rows] == ["New", "b"]
    assert [line[:2] for line in csv_rows(table)] == [["agent_id", "agent_name"], ["a", "New"], ["b", "b"]]
