from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.model import Agent
from bot.query import AgentChoice, NoSuchAgent, Query, choose, parse, resolve

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=UTC)
NAMES = [
    "Support EN",
    "Support DE",
    "Sales",
    "Sales Today",
    "Orders and Returns",
    "Müller Hotline",
    "Straße 7",
    "Reception 🏨",
    "Appointment Booking",
    "Twin",
    "Twin",
    "The Agent",
]
AGENTS = [Agent(agent_id=f"agent_{number:04}", name=name) for number, name in enumerate(NAMES)]


def asked(text: str) -> Query | AgentChoice | NoSuchAgent:
    """Return what becomes of the agents in a question."""
    return resolve(parse(text, now=NOW).query, AGENTS)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("for Support EN", "Support EN"),
        ("for support en", "Support EN"),
        ("for the Support EN agent", "Support EN"),
        ("for Suport EN", "Support EN"),
        ("for sales", "Sales"),
        ('for "Sales Today" yesterday', "Sales Today"),
        ("for Muller Hotline", "Müller Hotline"),
        ("for Müller", "Müller Hotline"),
        ("for Strasse 7", "Straße 7"),
        ("for reception", "Reception 🏨"),
        ("for booking", "Appointment Booking"),
        ("for Appointmnet Booking", "Appointment Booking"),
        ("for Orders and Returns", "Orders and Returns"),
        ('for "The Agent"', "The Agent"),
        ("agent:agent_0002", "Sales"),
    ],
)
def test_a_name_close_enough_is_the_agent(text: str, name: str) -> None:
    """Case, accents, a typing error, a part of the name, "the … agent": all find the one agent meant."""
    query = asked(text)
    assert isinstance(query, Query)
    assert query.agent_names == ()
    assert [ref.name for ref in query.agents] == [name]
    assert ("agent_id", query.agents[0].id) in query.selection().params
    assert parse(query.canonical(), now=NOW).query == query


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("for Support", ["Support DE", "Support EN"]),
        ("for Twin", ["Twin", "Twin"]),
        ("for Suport", ["Support DE", "Support EN"]),
    ],
)
def test_two_close_names_are_asked_back(text: str, names: list[str]) -> None:
    """When several agents fit equally, they are offered instead of one being picked."""
    choice = asked(text)
    assert isinstance(choice, AgentChoice)
    assert [agent.name for agent in choice.candidates] == names


def test_a_choice_made_replaces_the_name() -> None:
    """After a button is pressed the question holds the agent chosen, and the other name is looked up too."""
    query = parse("failed calls for Support and Sales since monday", now=NOW).query
    choice = resolve(query, AGENTS)
    assert isinstance(choice, AgentChoice)
    chosen = resolve(choose(query, choice.name, AGENTS[1]), AGENTS)
    assert isinstance(chosen, Query)
    assert sorted(ref.label for ref in chosen.agents) == ["Sales", "Support DE"]
    assert chosen.without("agent") == query.without("agent")


def test_no_agent_names_the_nearest() -> None:
    """A name that fits nobody gives the nearest, and nothing at all for an empty account."""
    none = asked("for Suppositories")
    assert isinstance(none, NoSuchAgent)
    assert none.name == "Suppositories"
    assert none.nearest[0].name.startswith("Support")
    assert resolve(parse("for X", now=NOW).query, []) == NoSuchAgent("X", ())


def test_several_names_are_several_agents() -> None:
    """“Support EN or Sales” is two agents when no agent is called that; rows are then told apart here."""
    query = asked("for Support EN or Sales")
    assert isinstance(query, Query)
    assert [ref.name for ref in query.agents] == ["Sales", "Support EN"]
    assert query.selection().params == ()
    assert query.local


def test_an_agent_excluded_is_looked_up_too() -> None:
    """“Not for Sales” excludes the agent by its id."""
    query = asked("not for sales")
    assert isinstance(query, Query)
    assert query.canonical() == '-agent:"Sales"@"agent_0002"'


def test_an_id_unknown_to_the_list_is_kept() -> None:
    """An id is an id, also when the list of agents does not hold it (yet)."""
    query = asked("agent:agent_new9")
    assert isinstance(query, Query)
    assert query.selection().params == (("agent_id", "agent_new9"),)


def test_a_question_without_agents_is_left_alone() -> None:
    """Nothing to look up: the same question."""
    query = parse("failed", now=NOW).query
    assert resolve(query, AGENTS) is query
