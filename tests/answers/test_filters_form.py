"""A question as a form and back: what is not touched stays, what is touched changes nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.answers import filters_form as fields
from bot.answers.filters_form import filters_modal, form_of, read_filters, typed_option, with_form
from bot.answers.listing import wider_questions
from bot.blocks.modal_views import BadFormError
from bot.model import Agent
from bot.query import Query, parse, resolve
from bot.query.filters import FILTERS, HEADINGS, Filter
from bot.query.values import Order
from tests.blocks.checker import check_view
from tests.blocks.test_forms import untouched

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 19, 14, 30, 12, tzinfo=BERLIN)
AGENTS = [Agent(agent_id="agent_1", name="Support EN"), Agent(agent_id="agent_2", name='Sales "Today", DE')]

QUESTIONS = [
    "",
    "failed",
    "failed or unknown since monday",
    "not failed",
    "in german or french",
    "not in german",
    "via phone",
    "source:twilio,whatsapp",
    "-source:widget",
    "outbound over 5 minutes",
    "between 1 and 5 minutes",
    "shorter than 30s last 90 minutes",
    "rated 2 or less",
    "rating:none",
    "-rating:2..4",
    "tool:refund,cancel",
    "tool:refund tool:cancel -tool:lookup",
    'about "late, \\"very\\" late delivery"',
    "for Support EN",
    'not agent:"Sales \\"Today\\", DE"',
    "agent:agent_1,agent_2 oldest first",
    "how many failed calls with tag vip yesterday",
    "limit:50 data:order_id=123 status:failed since 9am today",
]


def asked(text: str) -> Query:
    """Return the question of a text, its agents found."""
    parsed = parse(text.replace('\\"', "”"), now=NOW)
    assert parsed.understood, parsed
    query = resolve(parsed.query, [AGENTS[0], Agent(agent_id="agent_2", name="Sales ”Today”, DE")])
    assert isinstance(query, Query)
    return query


def submitted(query: Query, **entries: Any) -> Query:
    """Open the form of a question, change some fields, submit: the way Slack does.

    An entry is the values of a menu, or the value of a state's entry for an input.
    """
    form = form_of(query, NOW, "monday")
    view: dict[str, Any] = filters_modal(form, sentence=query.sentence())
    check_view(view)
    state = untouched(view)
    for block_id, value in entries.items():
        entry = state[block_id].get("entry") or next(iter(state[block_id].values()))
        match entry["type"]:
            case "datepicker":
                entry["selected_date"] = value
            case "static_select":
                entry["selected_option"] = option(value)
            case _:
                entry["selected_options"] = [option(each) for each in value]
    return with_form(query, form, read_filters(state, form), NOW, "monday")


def option(value: str) -> dict[str, Any]:
    """Return an option as Slack sends it."""
    return {"value": value, "text": {"type": "plain_text", "text": value}}


@pytest.mark.parametrize("text", QUESTIONS)
def test_untouched_it_is_the_same_question(text: str) -> None:
    """Opening and submitting Filters asks exactly the same again."""
    query = asked(text)
    assert submitted(query) == query


@pytest.mark.parametrize("text", QUESTIONS)
def test_one_field_changes_one_filter(text: str) -> None:
    """Every other filter stays, also those that the form does not show."""
    query = asked(text)
    assert submitted(query, duration=[">2m"]) == query.with_filter("duration", ">120")
    assert submitted(query, time="any") == query.without("time")
    assert submitted(query, sort="cheapest") == query.with_value("sort", Order("cheapest"))


def test_the_registry_says_which_fields_there_are() -> None:
    """Each filter with a name in the form has its field there, under its heading, and no other has."""
    shown: Any = filters_modal(form_of(asked("failed"), NOW, "monday"))["blocks"]
    wanted = [each for filters in HEADINGS.values() for each in filters if each.form]
    assert {each.key for each in wanted} == {each.key for each in FILTERS if each.form}
    keys = [block["block_id"] for block in shown if block.get("block_id") in {each.key for each in wanted}]
    assert keys == [each.key for each in wanted]
    headings = [block["text"]["text"] for block in shown if block["type"] == "header"]
    assert headings == [
        heading for heading, filters in HEADINGS.items() if any(each.form for each in filters)
    ]


@pytest.mark.parametrize("period", ["today", "yesterday", "this week", "last 7 days", "this month"])
def test_a_period_is_a_press(period: str) -> None:
    """It asks for what its words ask for, and the form shows it again; days of their own come by calendar."""
    chosen = submitted(asked("failed since 2026-01-01"), time=period)
    assert chosen == asked(f"failed {period}")
    assert form_of(chosen, NOW, "monday").period == period
    assert submitted(chosen, since="2026-11-02") == asked("failed since 2026-11-02")


def test_a_period_of_days_needs_days() -> None:
    with pytest.raises(BadFormError, match="cannot be") as wrong:
        submitted(asked("failed"), time="days")
    assert "days below" in wrong.value.errors[fields.PERIOD]


def test_menus_are_read() -> None:
    """Several values are any of them; one taken away is no longer asked for."""
    query = submitted(asked("failed in german"), result=["failure", "unknown"])
    assert query == asked("failed or unknown in german")
    assert submitted(query, lang=[]) == asked("failed or unknown")
    assert submitted(asked("not failed"), result=[]) == asked("")
    assert submitted(asked("tool:refund"), tool=["refund", "-lookup"]) == asked("tool:refund -tool:lookup")
    chosen = submitted(asked("columns:data.csat"), columns=["data.csat", "eval.greeting"])
    assert chosen == asked("columns:data.csat,eval.greeting")


def test_agents_are_read() -> None:
    """One more agent is either; ids ask the API, names make the sentence."""
    query = submitted(asked("for Support EN"), agent=["agent_1", "agent_9"])
    assert query.sentence().startswith("calls for Support EN or agent_9")
    assert [ref.id for ref in query.value("agent").wanted] == ["agent_1", "agent_9"]


def test_errors_name_their_fields() -> None:
    """What the grammar cannot read is said with its sentence, all where Slack can show it."""
    with pytest.raises(BadFormError) as wrong:
        submitted(asked(""), duration=["long"], rating=["9"], tool=["refund"])
    (said,) = wrong.value.errors.values()
    assert "Length: “long”" in said
    assert "Rating: " in said
    assert "Tool" not in said


@pytest.mark.parametrize(
    ("key", "typed", "offered"),
    [
        ("duration", "over 5 minutes", True),
        ("duration", "very long", False),
        ("rating", "1-2", True),
        ("search", "late delivery", True),
        ("search", "xoxb-123456789012-abcdefghijkl", False),
        ("search", "  ", False),
    ],
)
def test_a_menu_offers_what_is_typed_where_it_can_be_asked(key: str, typed: str, *, offered: bool) -> None:
    assert bool(typed_option(key, typed)) is offered


@pytest.mark.parametrize(
    ("field", "typed", "asks"),
    [
        ("rating", "rated 2 or less", "rated 2 or less"),
        ("rating", "2 or less", "rated 2 or less"),
        ("rating", "at most 2", "rated 2 or less"),
        ("rating", "1-2", "rating:1..2"),
        ("rating", "4 or 5", "rated 4 or 5"),
        ("rating", "5 stars", "5 stars"),
        ("rating", "not rated 2 or less", "not rated 2 or less"),
        ("rating", "none", "unrated"),
        ("duration", "over 5 minutes", "over 5 minutes"),
        ("duration", "more than 5 minutes", "over 5 minutes"),
        ("duration", "1-5 min", "between 1 and 5 minutes"),
        ("duration", "between 1 and 5 minutes", "between 1 and 5 minutes"),
        ("duration", "5 minutes", "lasting 5 minutes"),
        ("duration", "over 60", "duration:>60"),
        ("duration", "1,000", "duration:1000"),
        ("duration", "not over 5 minutes", "not over 5 minutes"),
    ],
)
def test_a_field_takes_what_a_sentence_takes(field: str, typed: str, asks: str) -> None:
    """A number may be said in words, without its name; other filters stay."""
    query = asked("failed for Support EN")
    assert submitted(query, **{field: [typed]}) == asked(f"failed for Support EN {asks}")


@pytest.mark.parametrize("field", ["rating", "duration"])
@pytest.mark.parametrize("typed", ["over five lemons", "failed", "last 5 minutes", "2 or less failed", "="])
def test_what_a_field_cannot_take_is_quoted_as_typed(field: str, typed: str) -> None:
    """The error is for whoever sees the form: their own words, no key, and examples."""
    with pytest.raises(BadFormError) as wrong:
        submitted(asked(""), **{field: [typed]})
    (said,) = wrong.value.errors.values()
    assert f"“{typed}”" in said
    assert f"{field}:" not in said
    assert "for example" in said


@pytest.mark.parametrize("which", [each for each in FILTERS if each.form], ids=lambda which: which.key)
def test_what_a_menu_offers_can_be_asked(which: Filter[Any]) -> None:
    """Each entry sets its own filter and no other."""
    single = which.key in {"time", "sort"}
    for value in which.offered:
        chosen = submitted(asked(""), **{which.key: value if single else [value]})
        assert set(chosen.filters()) == (set() if value == "newest" else {which.key})


def test_an_agent_both_wanted_and_not_is_an_error() -> None:
    """Chosen in the menu while excluded before."""
    with pytest.raises(BadFormError) as wrong:
        submitted(asked("not agent:agent_1"), agent=["-agent_1", "agent_1"])
    assert "Agents: " in wrong.value.errors[fields.PERIOD]


@pytest.mark.parametrize("text", QUESTIONS)
def test_wider_questions_are_wider(text: str) -> None:
    """Each says what it asks, differs from the question, and is read back as it was meant."""
    query = asked(text)
    found = wider_questions(query, NOW)
    assert len({example.question for example in found}) == len(found) <= 4
    for example in found:
        read = parse(example.asks, now=NOW)
        assert read.understood
        assert read.query != query
        left = dict(read.query.conditions)
        left.pop("time", None)
        assert left.items() <= dict(query.conditions).items()


def test_a_longer_time_comes_first() -> None:
    """Yesterday becomes the last 30 days, then any time, then a filter less."""
    words = [example.question for example in wider_questions(asked("failed for Support EN yesterday"), NOW)]
    assert words == ["The last 30 days", "Any time", "Without “failed”", "Without “for Support EN”"]
    assert wider_questions(asked(""), NOW) == []
