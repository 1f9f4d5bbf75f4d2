"""A question as a form and back: what is not touched stays, what is touched changes nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.answers.filters_form import form_of, menus_for, with_form
from bot.answers.question.listing import wider_questions
from bot.blocks import filters_modal as fields
from bot.blocks.filters_modal import FiltersForm, filters_modal, read_filters
from bot.blocks.inputs import BadFormError, MenuChoice
from bot.model import Agent
from bot.query import Query, parse, resolve
from bot.query.filters import BY_KEY
from bot.query.filters.number_ranges import RangeFilter
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


def submitted(query: Query, **entries: tuple[str, Any]) -> Query:
    """Open the form of a question, change some fields, submit: the way Slack does."""
    form = form_of(query)
    view: dict[str, Any] = filters_modal(form, tz=BERLIN, sentence=query.sentence(), menus=menus_for(form))
    check_view(view)
    state = untouched(view)
    for block_id, (name, value) in entries.items():
        (entry,) = state[block_id].values()
        entry[name] = value
    return with_form(query, form, read_filters(state, tz=BERLIN, before=form))


@pytest.mark.parametrize("text", QUESTIONS)
def test_untouched_it_is_the_same_question(text: str) -> None:
    """Opening and submitting Filters asks exactly the same again."""
    query = asked(text)
    assert submitted(query) == query


@pytest.mark.parametrize("text", QUESTIONS)
def test_one_field_changes_one_filter(text: str) -> None:
    """Every other filter stays, also those that the form does not show."""
    query = asked(text)
    changed = submitted(query, duration=("value", ">2m"))
    assert changed == query.with_filter("duration", ">120")
    emptied = submitted(query, since=("selected_date", None), since_time=("selected_time", None))
    assert emptied == query.with_time(None, query.until)


def options(*values: str) -> list[dict[str, Any]]:
    """Return options as Slack sends them."""
    return [{"value": value, "text": {"type": "plain_text", "text": value}} for value in values]


def test_menus_are_read() -> None:
    """Several values are any of them; one taken away is no longer asked for."""
    query = submitted(asked("failed in german"), result=("selected_options", options("failure", "unknown")))
    assert query == asked("failed or unknown in german")
    assert submitted(query, language=("selected_options", [])) == asked("failed or unknown")
    assert submitted(asked("not failed"), result=("selected_options", [])) == asked("")


def test_agents_are_read() -> None:
    """One more agent is either; ids ask the API, names make the sentence."""
    query = submitted(asked("for Support EN"), agents=("selected_options", options("agent_1", "agent_9")))
    assert query.sentence().startswith("calls for Support EN or agent_9")
    assert [ref.id for ref in query.agents] == ["agent_1", "agent_9"]


def test_errors_stand_beside_their_fields() -> None:
    """What the grammar cannot read is said with its sentence, each at its field."""
    form = form_of(asked(""))
    with pytest.raises(BadFormError) as wrong:
        with_form(asked(""), form, replace(form, duration="long", rating="9", tool="refund"))
    assert set(wrong.value.errors) == {fields.DURATION, fields.RATING}
    assert "length" in wrong.value.errors[fields.DURATION]


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
        ("duration", "not over 5 minutes", "not over 5 minutes"),
    ],
)
def test_a_field_takes_what_a_sentence_takes(field: str, typed: str, asks: str) -> None:
    """A number may be said in words, without its name; other filters stay."""
    query = asked("failed for Support EN")
    assert submitted(query, **{field: ("value", typed)}) == asked(f"failed for Support EN {asks}")


@pytest.mark.parametrize("field", ["rating", "duration"])
@pytest.mark.parametrize("typed", ["over five lemons", "failed", "last 5 minutes", "2 or less failed", "="])
def test_what_a_field_cannot_take_is_quoted_as_typed(field: str, typed: str) -> None:
    """The error is for whoever sees the form: their own words, no key, and examples."""
    with pytest.raises(BadFormError) as wrong:
        submitted(asked(""), **{field: ("value", typed)})
    (said,) = wrong.value.errors.values()
    assert f"“{typed}”" in said
    assert f"{field}:" not in said
    assert "for example" in said


def test_placeholders_are_taken() -> None:
    """What the empty fields show as examples can be typed there."""
    for key, field in (("rating", "rating"), ("duration", "duration")):
        which = BY_KEY[key]
        assert isinstance(which, RangeFilter)
        for example in which.spoken:
            assert key in submitted(asked(""), **{field: ("value", example)}).filters()
            assert example in str(filters_modal(FiltersForm(), tz=BERLIN))


def test_an_agent_both_wanted_and_not_is_an_error() -> None:
    """Chosen in the menu while excluded before."""
    query = asked("not agent:agent_1")
    form = form_of(query)
    with pytest.raises(BadFormError) as wrong:
        with_form(query, form, replace(form, agents=(*form.agents, MenuChoice("agent_1", "Support EN"))))
    assert set(wrong.value.errors) == {fields.AGENTS}


def test_a_fresh_form_is_every_call() -> None:
    """The shortcut's form, submitted empty, asks for all."""
    fresh = Query(zone=BERLIN)
    assert with_form(fresh, FiltersForm(), FiltersForm()) == asked("")


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
