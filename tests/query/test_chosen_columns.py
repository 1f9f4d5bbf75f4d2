"""Columns that are chosen: read from words, asked of the API, found by name."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.model import AgentField
from bot.query import Misread, follow_up, goes_on, parse
from bot.query.filters.collected import MOST_COLUMNS, look_up
from bot.query.values import Keys

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))
KNOWN = (
    AgentField("data.order_id", "Order number"),
    AgentField("data.csat", "How satisfied?"),
    AgentField("data.greeting", "Greeting"),
    AgentField("eval.greeting", "Greets the caller"),
    AgentField("eval.crit_7", "Stays polite"),
)


@pytest.mark.parametrize(
    ("text", "names", "rest"),
    [
        ("failed calls with columns order_id, csat", ("order_id", "csat"), "failed"),
        ("columns order_id and csat for Support EN", ("order_id", "csat"), 'agent:"Support EN"'),
        ("calls since monday with the column csat", ("csat",), "since monday"),
        ("columns csat, failed calls", ("csat",), "failed"),
        ("columns csat and failed", ("csat",), "failed"),
        ("columns csat, order_id, german calls", ("csat", "order_id"), "german"),
        ('columns "Order number", csat yesterday', ("Order number", "csat"), "yesterday"),
        ("columns data.order_id, eval.greeting", ("data.order_id", "eval.greeting"), ""),
        ("columns:data.order_id,eval.greeting failed", ("data.order_id", "eval.greeting"), "failed"),
        ("columns:all", ("all",), ""),
        ("failed calls with all columns", ("all",), "failed"),
        ("failed column:success_score", ("success_score",), "failed"),
        ("failed calls without columns", (), "failed"),
    ],
)
def test_columns_are_read(text: str, names: tuple[str, ...], rest: str) -> None:
    """The names end where the rest of the question begins."""
    parsed = parse(text, now=NOW)
    assert parsed.understood, parsed
    assert parsed.query.columns == names
    assert parsed.query.without("columns") == parse(rest, now=NOW).query


def test_a_comma_left_out_is_named() -> None:
    """“csat” alone is a measure, and a report has no such columns."""
    (problem,) = parse("columns order_id csat", now=NOW).problems
    assert "columns order_id, csat" in problem


def test_a_sentence_with_columns_reads_back() -> None:
    """What the answer restates asks for the same; many columns are counted."""
    query = parse("failed calls columns:data.order_id,eval.greeting,success_score", now=NOW).query
    assert query.sentence() == (
        "failed calls with the columns data.order_id, eval.greeting and success_score, newest first"
    )
    assert parse(query.sentence(), now=NOW).query == query
    many = query.with_value("columns", Keys(tuple(f"data.f{number}" for number in range(9))))
    assert "with the columns data.f0, data.f1, data.f2 and 6 more" in many.sentence()


def test_columns_are_asked_of_the_api_by_id() -> None:
    """Only ids are; other columns are in every row. So rows read without them are another selection's."""
    query = parse("columns:data.order_id,eval.greeting,success_score,eval.a.b", now=NOW).query
    assert query.selection().params == (
        ("data_collection_ids", "order_id"),
        ("evaluation_criteria_ids", "a.b"),
        ("evaluation_criteria_ids", "greeting"),
    )
    assert query.local == ()


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("columns csat", ("csat",)),
        ("with columns csat", ("csat",)),
        ("also columns csat", ("data.order_id", "csat")),
        ("add column csat", ("data.order_id", "csat")),
        ("only the failed ones", ("data.order_id",)),
        ("without columns", ()),
        ("columns:none", ()),
    ],
)
def test_follow_ups_change_the_columns(text: str, columns: tuple[str, ...]) -> None:
    """New ones replace those before, unless they are added; the rest of the question stays."""
    before = parse("german calls columns:data.order_id", now=NOW).query
    changed = follow_up(before, text, now=NOW)
    assert changed.understood, changed
    assert changed.query.columns == columns
    assert changed.query.filters()["lang"] == "de"


def test_columns_alone_go_on_from_the_question_before() -> None:
    assert goes_on("columns csat")
    assert goes_on("with columns order_id, csat")
    assert not goes_on("columns csat for failed calls of Support EN since monday")


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("order_id", ("data.order_id",)),
        ("data.order_id", ("data.order_id",)),
        ("order number", ("data.order_id",)),
        ("Order-ID", ("data.order_id",)),
        ("greeting", ("data.greeting", "eval.greeting")),
        ("stays polite", ("eval.crit_7",)),
        ("success_score", ("success_score",)),
        ("all", tuple(field.column for field in KNOWN)),
    ],
)
def test_names_are_looked_up(name: str, columns: tuple[str, ...]) -> None:
    """By id, then by what people call it; a name of two things is both."""
    assert look_up(Keys((name, "csat")), KNOWN) == (
        Keys(tuple(dict.fromkeys((*columns, "data.csat")))),
        {},
    )


def test_what_is_none_is_named_with_the_nearest() -> None:
    found, unknown = look_up(Keys(("csta", "data.ordr_id", "weather", "csat")), KNOWN)
    assert found == Keys(("data.csat",))
    assert unknown == {"csta": ("csat",), "data.ordr_id": ("data.order_id",), "weather": ()}


def test_what_cannot_be_asked_for_is_said() -> None:
    many = [AgentField(f"data.f{number}", "") for number in range(MOST_COLUMNS + 1)]
    with pytest.raises(Misread, match="51 columns"):
        look_up(Keys(("all",)), many)
    with pytest.raises(Misread, match="no further columns"):
        look_up(Keys(("all",)), ())
