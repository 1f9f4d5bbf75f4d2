"""Orders that the API does not have: what comes first, what comes last, and how it is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Conversation
from bot.query import follow_up, parse
from bot.query.filters.order_limit_columns import RANKINGS
from bot.tally import FirstRows
from tests.laws import law

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))
numbers = st.none() | st.integers(0, 5).map(float)
rows = st.lists(
    st.builds(
        Conversation,
        conversation_id=st.uuids().map(str),
        start_time_unix_secs=st.integers(1, 4),
        call_duration_secs=st.integers(0, 4),
        message_count=st.integers(0, 4),
        status=st.sampled_from(["done", "in-progress"]),
        rating=numbers,
        cost=numbers,
        cost_fiat=numbers,
    ),
    max_size=30,
)


@given(rows, st.sampled_from(sorted(RANKINGS)), st.integers(1, 40), st.integers(1, 7))
@law(100)
def test_the_first_are_those_of_all_in_order(
    found: list[Conversation], key: str, most: int, batch: int
) -> None:
    """However the rows come in batches: by the number, then without one, of equal ones the newest."""
    ranking = RANKINGS[key]
    first = FirstRows(replace(ranking, most=most))
    for start in range(0, len(found), batch):
        first.add(found[start : start + batch])
    kept = first.rows()
    assert kept == sorted(found, key=ranking.place)[:most]
    values = [ranking.numbers(row)[0] for row in kept]
    said = [value for value in values if value is not None]
    assert values[: len(said)] == said  # those that say nothing come last
    assert said == sorted(said, reverse=ranking.largest_first)
    silent = [row for row in found if set(ranking.numbers(row)) == {None}]
    assert first.without_value == len(silent)


def test_a_call_that_goes_on_has_no_length_yet() -> None:
    """Of the shortest calls none is one that has just begun."""
    place = RANKINGS["shortest"].place
    running = Conversation(conversation_id="a", status="in-progress")
    ended = Conversation(conversation_id="b", status="failed")
    assert sorted([running, ended], key=place) == [ended, running]


def test_dollars_come_before_credits() -> None:
    """They cannot be compared: calls of which only credits are known follow, in the order of those."""
    known = [("a", 9.0, None), ("b", 1.0, 0.5), ("c", 20.0, None), ("d", 3.0, 0.7)]
    calls = [
        Conversation(conversation_id=name, cost=in_credits, cost_fiat=dollars)
        for name, in_credits, dollars in known
    ]
    ranked = sorted(calls, key=RANKINGS["most-expensive"].place)
    assert [row.conversation_id for row in ranked] == ["d", "b", "c", "a"]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("top 5 longest calls", "limit:5 sort:longest"),
        ("the 5 longest failed calls today", "limit:5 sort:longest failed today"),
        ("longest 5 calls", "limit:5 sort:longest"),
        ("longest call yesterday", "limit:1 sort:longest yesterday"),
        ("longest failed call", "limit:1 sort:longest failed"),
        ("shortest calls first", "sort:shortest"),
        ("the most expensive calls for Support EN", 'sort:most-expensive agent:"Support EN'),
        ("cheapest calls", "sort:cheapest"),
        ("best rated calls", "sort:best-rated"),
        ("10 worst rated calls", "limit:10 sort:worst-rated"),
        ("highest rated", "sort:best-rated"),
        ("calls with the most messages", "sort:most-messages"),
        ("5 calls with most messages", "limit:5 sort:most-messages"),
        ("failed calls sorted by length", "sort:longest failed"),
        ("sorted by duration ascending", "sort:shortest"),
        ("sort by cost", "sort:most-expensive"),
        ("sorted by rating", "sort:best-rated"),
        ("sorted by number of messages", "sort:most-messages"),
        ("how many of the 5 longest calls", "limit:5 sort:longest count:yes"),
    ],
)
def test_orders_are_read(text: str, means: str) -> None:
    """In the words that people use, with the number of calls before or after them."""
    parsed = parse(text, now=NOW)
    assert parsed.understood, parsed
    assert parsed.query == parse(means, now=NOW).query
    assert parsed.query.ranking


@pytest.mark.parametrize(
    "text", ["which agent has the longest calls", "success rate of the worst rated calls yesterday"]
)
def test_a_report_has_no_order_of_calls(text: str) -> None:
    """It would be dropped, and another question answered."""
    (problem,) = parse(text, now=NOW).problems
    assert "says nothing in it" in problem
    before = parse("longest failed calls", now=NOW).query
    assert follow_up(before, "by agent", now=NOW).understood


@pytest.mark.parametrize("text", ["sorted by mood", "longest first, newest first"])
def test_other_orders_are_refused(text: str) -> None:
    (problem,) = parse(text, now=NOW).problems
    assert "longest" in problem


@pytest.mark.parametrize("limit", ["", " limit:1", " limit:5"])
@pytest.mark.parametrize("key", RANKINGS)
def test_the_order_is_said_and_reads_back(key: str, limit: str) -> None:
    """The sentence names it once, and asks for the same; the API is asked for newest first."""
    query = parse(f"failed calls since monday sort:{key}{limit}", now=NOW).query
    assert query.sentence().count(key.replace("-", " ")) == 1
    assert parse(query.sentence(), now=NOW).query == query
    assert query.ranking is RANKINGS[key]
    assert not query.selection().oldest_first


def test_a_follow_up_changes_the_order() -> None:
    before = parse("longest failed calls", now=NOW).query
    assert before.sentence() == "failed calls, longest first"
    assert follow_up(before, "and the cheapest?", now=NOW).query.sentence() == "failed calls, cheapest first"
    assert follow_up(before, "newest first", now=NOW).query == parse("failed", now=NOW).query
    kept = follow_up(before, "only german ones", now=NOW)
    assert kept.query.ranking is RANKINGS["longest"]
    assert "longest first" in kept.kept
