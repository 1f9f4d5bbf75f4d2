"""The message of a report: what it says first, what Slack takes, and what remains where it takes less."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import actions as act
from bot.blocks.notice_messages import Example
from bot.blocks.report_message import (
    ReportView,
    change_words,
    dollars,
    finding,
    percent,
)
from bot.model import Conversation, Message
from bot.report.chart import chart_of
from bot.report.groups import GROUPS, LocalTime
from bot.report.measures import MEASURES
from bot.report.report_table import GroupedCalls, ReportTable
from tests.blocks.checker import check_message
from tests.blocks.hostile import BAD
from tests.blocks.samples import BERLIN, NOW
from tests.laws import law

LOCAL = LocalTime(BERLIN)


def counted(rows: list[Conversation], *by: str) -> GroupedCalls:
    """Count calls in groups."""
    found = GroupedCalls([GROUPS[key] for key in by], LOCAL)
    found.add(rows)
    return found


def calls(
    good: int, bad: int, *, unknown: int = 0, agent: str = "Support EN", **fields: Any
) -> list[Conversation]:
    """Return so many calls of each result."""
    results = ["success"] * good + ["failure"] * bad + ["unknown"] * unknown
    return [
        Conversation(
            **{
                "conversation_id": f"conv_{number}",
                "agent_id": agent,
                "agent_name": agent,
                "start_time_unix_secs": int(NOW) - 60 * number,
                "call_successful": result,
                "call_duration_secs": 60 + number,
                **fields,
            }
        )
        for number, result in enumerate(results)
    ]


def view(table: ReportTable, **changes: Any) -> ReportView:
    """Return a report as it is shown, with everything that may be offered."""
    given: dict[str, Any] = {
        "sentence": "success rate of calls last week",
        "table": table,
        "chart": chart_of(table),
        "tz": BERLIN,
        "as_of": NOW,
        "question_id": "q1",
        "actions": frozenset({act.CSV, act.SHARE, act.SAVE, act.REFRESH, act.SHOW_API}),
        "asks": (Example("Show calls", asks="result:failure"), Example("By agent", asks="by:agent")),
    }
    return ReportView(**{**given, **changes})


def blocks_of(message: Message) -> list[dict[str, Any]]:
    """Return a message's blocks, to look into."""
    return [dict(block) for block in message.blocks]


def said(blocks: Sequence[dict[str, Any]]) -> str:
    """Return what a message's headers, sections and contexts say."""
    texts = [
        block.get("text") or block["elements"][0]
        for block in blocks
        if block["type"] in {"header", "section", "context"}
    ]
    return "\n".join(text["text"] for text in texts)


def test_the_finding_stands_first() -> None:
    """The number and its change come before the question it answers."""
    table = ReportTable(
        show=(MEASURES["success-rate"],),
        current=counted([*calls(6, 2, unknown=2), *calls(1, 3, agent="Sales")], "agent"),
        previous=counted(calls(9, 3), "agent"),
    )
    message = view(table).message(NOW)
    check_message(message)
    assert (
        blocks_of(message)[0]["text"]["text"]
        == "Success rate 58%, down 17 points · highest: Support EN with 75%"
    )
    assert message.text.startswith("Success rate 58%, down 17 points")
    assert [block["type"] for block in message.blocks] == [
        *("header", "section", "context", "data_visualization", "data_table", "context", "actions"),
    ]
    assert "14 calls counted: 7 successful, 5 failed, 2 unknown" in said(blocks_of(message))
    assert "Rates are of the 12 calls that were judged" in said(blocks_of(message))
    rows = blocks_of(message)[4]["rows"]
    assert [cell["text"] for cell in rows[0]] == ["Agent", "Success rate", "Before", "Change", "Calls"]
    assert [cell["text"] for cell in rows[1]] == ["Support EN", "75%", "75%", "unchanged", "10"]
    assert [cell["text"] for cell in rows[2]] == ["Sales", "25%", "–", "–", "4"]  # noqa: RUF001 - a dash


def test_the_finding_names_what_was_counted() -> None:
    """230 failed calls are not 230 calls, and one is one."""
    table = ReportTable(show=(MEASURES["calls"],), current=counted(calls(0, 3), "agent"))
    assert finding(table, "failed calls for Support EN") == "3 failed calls for Support EN"
    one = ReportTable(show=(MEASURES["calls"],), current=counted(calls(0, 1), "agent"))
    assert finding(one, "failed calls") == "1 failed call"


def test_the_highest_rate_is_not_that_of_two_calls() -> None:
    """Groups of a few judged calls are named only where no group has more."""
    few = calls(2, 0, agent="Sales")
    table = ReportTable(show=(MEASURES["success-rate"],), current=counted([*calls(30, 20), *few], "agent"))
    assert finding(table).endswith("highest of those with 10 judged calls or more: Support EN with 60%")
    table = ReportTable(show=(MEASURES["success-rate"],), current=counted([*calls(3, 2), *few], "agent"))
    assert finding(table).endswith("highest: Sales with 100%")


def test_groups_that_share_the_first_place_are_told() -> None:
    """Of two agents with as many calls none is the one with the most."""
    table = ReportTable(
        show=(MEASURES["calls"],), current=counted([*calls(0, 3), *calls(0, 3, agent="Sales")], "agent")
    )
    assert finding(table).endswith("most: Sales and 1 more with 3")


def test_what_slack_refuses_is_left_out_and_the_numbers_stay() -> None:
    """Without charts the table has the numbers; without tables, paragraphs; the buttons are always there."""
    table = ReportTable(show=(MEASURES["calls"],), current=counted(calls(3, 1), "result"))
    message = view(table).message(NOW)
    kinds = [[block["type"] for block in blocks][3:-2] for blocks in (message.blocks, *message.fallbacks)]
    assert kinds[:2] == [["data_visualization", "data_table"], ["data_table"]]
    assert kinds[-1] == ["section", "section", "context"]
    assert all(blocks[-1]["type"] == "actions" for blocks in (message.blocks, *message.fallbacks))


def test_money_that_is_not_in_the_sum_is_named() -> None:
    """Dollars are shown where calls say them; what says only credits, or nothing, is counted apart."""
    rows = [
        *calls(2, 0, cost=100.0, cost_fiat=0.25),
        *calls(1, 0, cost=80.0),
        *calls(1, 0),
    ]
    message = view(ReportTable(show=(MEASURES["cost"],), current=counted(rows))).message(NOW)
    assert blocks_of(message)[0]["text"]["text"] == "Cost $0.50"
    assert "Without 1 call that say only credits (80 credits)" in said(blocks_of(message))
    assert "1 call without a cost" in said(blocks_of(message))


def test_a_report_on_one_number_compares_in_a_small_table() -> None:
    """Without groups, two periods stand side by side by measure."""
    table = ReportTable(
        show=(MEASURES["calls"], MEASURES["median-duration"]),
        current=counted(calls(3, 0)),
        previous=counted(calls(2, 0)),
    )
    message = view(table).message(NOW)
    rows = next(block for block in blocks_of(message) if block["type"] == "data_table")["rows"]
    assert [[cell["text"] for cell in row] for row in rows] == [
        ["Measure", "Value", "Before", "Change"],
        ["Calls", "3", "2", "up 50%"],
        ["Median length", "1 min 1 s", "1 min", "up 0.8%"],
    ]


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.0, "0%"),
        (1.0, "100%"),
        (0.714, "71%"),
        (0.034, "3.4%"),
        (0.957, "96%"),
        (0.995, "99.5%"),
        (0.0001, "under 0.1%"),
        (0.9999, "over 99.9%"),
    ],
)
def test_rates_are_said_as_people_do(rate: float, words: str) -> None:
    """A rate is a whole per cent, with a decimal where it is small or nearly all; "0%" means none."""
    assert percent(rate) == words


def test_averages_of_cents_can_be_told_apart() -> None:
    """What a call costs on average has a decimal more than a sum; less than a cent has four."""
    assert (dollars(0.1184), dollars(0.1184, average=True)) == ("$0.12", "$0.118")
    assert (dollars(0.0031), dollars(2.5, average=True)) == ("$0.0031", "$2.50")


bad = st.sampled_from(BAD)
rows = st.lists(
    st.builds(
        Conversation,
        conversation_id=st.just("c"),
        agent_id=bad,
        agent_name=bad | st.none(),
        start_time_unix_secs=st.integers(0, 2**37),
        call_duration_secs=st.integers(0, 2**53),
        call_successful=bad | st.just("failure"),
        termination_reason=bad,
        main_language=bad,
        cost=st.none() | st.floats(-1e20, 1e20),
        cost_fiat=st.none() | st.floats(0, 1e9),
        rating=st.none() | st.floats(-5, 1e6),
        tool_names=st.lists(bad, max_size=3).map(tuple),
    ),
    max_size=30,
)


@law(30)
@given(
    rows,
    st.lists(
        st.sampled_from([key for key in GROUPS if key not in {"day", "week", "month"}]),
        max_size=2,
        unique=True,
    ),
    st.sampled_from([key for key in MEASURES if key != "overview"]),
    st.booleans(),
    bad,
)
def test_slack_takes_any_report(
    given_rows: list[Conversation], by: list[str], measure: str, compared: bool, text: str
) -> None:
    """Whatever ElevenLabs sends, Slack takes the report of it, and nothing in it calls anyone."""
    found = counted(given_rows, *by)
    table = ReportTable(
        show=(MEASURES[measure],),
        current=found,
        previous=found if compared else None,
        limit=3 if by else None,
    )
    check_message(view(table, sentence=text, notes=(text,)).message(NOW))
    assert finding(table)


def test_values_without_end_are_said_to_be_counted_together() -> None:
    """Beyond ten thousand different values the rest is one group, and the message says so."""
    found = counted([each for n in range(10_050) for each in calls(1, 0, agent=f"a{n}")], "agent")
    message = view(ReportTable(show=(MEASURES["calls"],), current=found)).message(NOW)
    check_message(message)
    assert "Beyond 10,000 different values the rest is counted together" in said(blocks_of(message))


def test_a_year_of_days_fits() -> None:
    """A report of 365 days is drawn in twenty points; its table says how many rows it leaves to the CSV."""
    start = datetime(2026, 1, 1, 12, tzinfo=BERLIN)
    year = [
        Conversation(conversation_id="c", start_time_unix_secs=int((start + timedelta(days=day)).timestamp()))
        for day in range(365)
    ]
    message = view(ReportTable(show=(MEASURES["calls"],), current=counted(year, "day"))).message(NOW)
    check_message(message)
    assert "The table shows 200 of 365 rows: the CSV has all" in said(blocks_of(message))
    assert "Each step of the chart is 19 days" in said(blocks_of(message))
    reading = ReportView(question_id="q", tz=BERLIN, sentence="calls", seen=3000, expected=40_000)
    check_message(reading.message(NOW))


@pytest.mark.parametrize(
    ("measure", "now", "before", "expected"),
    [
        ("success-rate", 0.5, 0.75, "down 25 points"),
        ("success-rate", 0.51, 0.5, "up 1 point"),
        ("failure-rate", 0.0, 0.0, "unchanged"),
        ("calls", 120, 100, "up 20%"),
        ("calls", 3, 0, "up from none"),
        ("calls", 0, 0, "unchanged"),
        ("cost", 100.001, 100.0, "unchanged"),
        ("rating", None, 4.0, ""),
    ],
)
def test_rates_differ_by_points_and_the_rest_by_per_cent(
    measure: str, now: float | None, before: float | None, expected: str
) -> None:
    """A change has a direction and a size, and no judgement."""
    assert change_words(MEASURES[measure], now, before) == expected
