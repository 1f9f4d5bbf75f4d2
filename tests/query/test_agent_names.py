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


def listed(names: list[str]) -> list[Agent]:
    """Return agents of these names."""
    return [Agent(agent_id=f"agent_{number:04}", name=name) for number, name in enumerate(names)]


AGENTS = listed(NAMES)


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
    assert [ref.name for ref in query.value("agent").wanted] == [name]
    assert ("agent_id", query.value("agent").wanted[0].id) in query.selection().params
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


@pytest.mark.parametrize(
    ("text", "names", "nearest"),
    [
        ("for Support ES", ["Support EN", "Sales"], "Support EN"),
        ("for Support EN", ["Support DE", "Sales"], "Support DE"),
        ("not for Support ES", ["Support EN"], "Support EN"),
        ("for Support E", ["Support EN", "Sales"], "Support EN"),
        ("for Hotline 2", ["Hotline 1", "Sales"], "Hotline 1"),
        ("for Hotline 1", ["Hotline 12", "Sales"], "Hotline 12"),
        ('for "Staging 2"', ["Staging 1"], "Staging 1"),
        ("for Booking v2", ["Booking v1", "Sales"], "Booking v1"),
        ("for Support EN v2", ["Support EN", "Sales"], "Support EN"),
        ("for Support Team UK", ["Support Team US"], "Support Team US"),
        ("for Location Bern", ["Location Berlin"], "Location Berlin"),
        ("for Production", ["Preproduction", "Bob"], "Preproduction"),
        ("for Maria", ["Mario", "Bob"], "Mario"),
        ("for Filling", ["Billing", "Bob"], "Billing"),
        ("for Sales Europe", ["Sales", "Bob"], "Sales"),
    ],
)
def test_another_agents_name_is_never_taken(text: str, names: list[str], nearest: str) -> None:
    """A digit, a code, a version, a word more or another beginning is no typing error: it is asked back."""
    agents = listed(names)
    for read in (parse(text, now=NOW), parse(text, now=NOW, agents=agents)):
        none = resolve(read.query, agents)
        assert isinstance(none, NoSuchAgent)
        assert none.nearest[0].name == nearest


@pytest.mark.parametrize(
    ("text", "names", "name"),
    [
        ("for Booking Bot", ["Booking", "Booking Bot"], "Booking Bot"),
        ("for Booking Bot", ["Booking", "Sales"], "Booking"),
        ("for Test Agent", ["Test", "Test Agent"], "Test Agent"),
        ("for the test agent", ["Test", "Test Agent"], "Test Agent"),
        ("for Test", ["Test", "Test Agent"], "Test"),
        ("for Team A", ["Team A", "Team B"], "Team A"),
        ("for Sales Today", ["Sales Today", "Sales EN"], "Sales Today"),
        ("for Last Mile Delivery", ["Last Mile Delivery", "Sales"], "Last Mile Delivery"),
        ("for callcenter", ["Call Center", "Sales"], "Call Center"),
    ],
)
def test_an_exact_name_wins(text: str, names: list[str], name: str) -> None:
    """No part of a name is left out, whatever its words say elsewhere, when an agent is called so."""
    agents = listed(names)
    query = resolve(parse(text, now=NOW, agents=agents).query, agents)
    assert isinstance(query, Query)
    assert [ref.name for ref in query.value("agent").wanted] == [name]
    assert list(query.filters()) == ["agent"]


OFFICE = ["Support EN", "Support DE", "Sales", "Sales Today", "Billing", "Open Table", "German Desk"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Support EN yesterday", "for Support EN on Wednesday 18 Nov 2026"),
        ("calls from Support EN", "for Support EN"),
        ("all calls of Support EN", "for Support EN"),
        ("Suport EN failed", "failed calls for Support EN"),
        ("failed billing calls", "failed calls for Billing"),
        ("except Support EN", "not for Support EN"),
        ("everything except Support EN", "not for Support EN"),
        ("all agents but Support EN", "not for Support EN"),
        ("sales and billing yesterday", "for Billing or Sales on Wednesday 18 Nov 2026"),
        ("sales today", "for Sales on Thursday 19 Nov 2026"),
        ("Sales Today", "for Sales Today"),
        ("German Desk yesterday", "for German Desk on Wednesday 18 Nov 2026"),
        ("open table yesterday", "for Open Table on Wednesday 18 Nov 2026"),
        ("for Support EN per day", "for Support EN"),
        ("Billing's failed calls", "failed calls for Billing"),
        ("the Billing agent", "calls for Billing"),
        ("for the Billing team", "calls for Billing"),
        ("how many calls did Billing handle yesterday", "for Billing on Wednesday 18 Nov 2026"),
        ("last Billing call", "the newest call for Billing"),
        ("10 Billing calls", "the 10 newest calls for Billing"),
        ("billing/sales", "for Billing or Sales"),
        ("calls other than Sales", "not for Sales"),
        ("for everyone except Sales", "not for Sales"),
        ("search Billing", "for Billing"),
    ],
)
def test_an_agent_is_known_without_for(text: str, meant: str) -> None:
    """Where the agents are known, words left over that name one are that agent, and the sentence says so."""
    agents = listed(OFFICE)
    query = resolve(parse(text, now=NOW, agents=agents).query, agents)
    assert isinstance(query, Query)
    assert meant in query.sentence()


@pytest.mark.parametrize(
    ("text", "word", "meant"),
    [
        ("failed calls for Suport EN sinc monday", "sinc", "since"),
        ("failed calls for Suport EN Sinc monday", "Sinc", "since"),
        ("for Suport EN lst", "lst", "last"),
        ("for Suport EN untl friday", "untl", "until"),
        ("for Support Rom today", "Rom", "from"),
        ("for Suport EN yesteday", "yesteday", "yesterday"),
        ("for Suport EN faild", "faild", "failed"),
        ("also for Suport EN ovr 5 minutes", "ovr", "over"),
    ],
)
def test_a_typing_error_is_no_part_of_a_name(text: str, word: str, meant: str) -> None:
    """What no agent is called and one error away from what could stand there is read so, or named with it."""
    parsed = parse(text, now=NOW, agents=listed(OFFICE))
    if parsed.understood:
        assert parsed.corrected == ((word, meant),)
    else:
        assert [unknown.word for unknown in parsed.unknown] == [word]
        assert parsed.unknown[0].nearest[0] == meant


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("for Marc yesterday", "Sales Marc"),
        ("for Sales Marc yesterday", "Sales Marc"),
        ("for Support Rom today", "Support Rom"),
        ("for support frida today", "Support Frida"),
        ("for Lab Sinc on monday", "Lab Sinc"),
    ],
)
def test_a_word_of_an_agents_name_is_no_typing_error(text: str, name: str) -> None:
    """A name that resembles a word of the grammar is a name where an agent has it."""
    agents = listed(["Sales Marc", "Support Rom", "Support Frida", "Lab Sinc", "Sales"])
    parsed = parse(text, now=NOW, agents=agents)
    query = resolve(parsed.query, agents)
    assert parsed.understood
    assert isinstance(query, Query)
    assert [ref.name for ref in query.value("agent").wanted] == [name]


def test_several_agents_named_without_for_are_asked_back() -> None:
    """“Support calls” names two agents: which is meant is asked."""
    agents = listed(OFFICE)
    choice = resolve(parse("support calls", now=NOW, agents=agents).query, agents)
    assert isinstance(choice, AgentChoice)
    assert [agent.name for agent in choice.candidates] == ["Support DE", "Support EN"]


@pytest.mark.parametrize("word", ["EN", "xyzzy", "Supp", "Mailing"])
def test_a_word_that_names_no_agent_clearly_stays_unknown(word: str) -> None:
    """A mistyped word of the grammar, a code, a beginning or another name is not taken for an agent."""
    parsed = parse(f"{word} calls", now=NOW, agents=listed([*OFFICE, "Mailed", "Field"]))
    assert [unknown.word for unknown in parsed.unknown] == [word]
    assert not parsed.query.value("agent")


def test_without_the_agents_such_words_are_named() -> None:
    """The parser alone does not guess."""
    parsed = parse("today Support EN", now=NOW)
    assert [unknown.word for unknown in parsed.unknown] == ["Support", "EN"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("failed calls for all support agents", ["Support DE", "Support EN"]),
        ("for all of the Support agents since monday", ["Support DE", "Support EN"]),
        ("for every sales agent", ["Sales", "Sales Today"]),
        ("calls of the support agents", ["Support DE", "Support EN"]),
        ("all billing agents", ["Billing"]),
    ],
)
def test_several_agents_by_what_they_have_in_common_are_asked_back(text: str, names: list[str]) -> None:
    """“All support agents” are never taken for one of them: those there are are offered."""
    agents = listed(OFFICE)
    choice = resolve(parse(text, now=NOW, agents=agents).query, agents)
    assert isinstance(choice, AgentChoice)
    assert [agent.name for agent in choice.candidates] == names


def test_an_agent_called_like_several_is_that_agent() -> None:
    """An exact name wins over what it says."""
    agents = listed(["All Day Agent", "Day", "Support Agents", "Support EN"])
    for text, name in (("for All Day Agent", "All Day Agent"), ("for Support Agents", "Support Agents")):
        query = resolve(parse(text, now=NOW, agents=agents).query, agents)
        assert isinstance(query, Query)
        assert [ref.name for ref in query.value("agent").wanted] == [name]


def test_a_choice_made_replaces_the_name() -> None:
    """After a button is pressed the question holds the agent chosen, and the other name is looked up too."""
    query = parse("failed calls for Support and Sales since monday", now=NOW).query
    choice = resolve(query, AGENTS)
    assert isinstance(choice, AgentChoice)
    chosen = resolve(choose(query, choice.name, [AGENTS[1]]), AGENTS)
    assert isinstance(chosen, Query)
    assert sorted(ref.label for ref in chosen.value("agent").wanted) == ["Sales", "Support DE"]
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
    assert [ref.name for ref in query.value("agent").wanted] == ["Sales", "Support EN"]
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


def test_local_filters_are_those_the_parameters_lack() -> None:
    """What is tested here after agents are known: several agents cannot be sent."""
    agents = [Agent(agent_id="agent_1", name="A"), Agent(agent_id="agent_2", name="B")]
    query = resolve(parse('agent:"A","B" failed', now=NOW).query, agents)
    assert not isinstance(query, tuple)
    assert getattr(query, "local", None) == ('agent:"A"@"agent_1","B"@"agent_2"',)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("did Will fail today", "Will"),
        ("how did Will do", "Will"),
        ("Will", "Will"),
        ("US", "US"),
        ("will it fail today", None),
        ("WILL IT FAIL", None),
        ("Which Calls Will Fail", None),
        ("calls for 24/7 Support since 9:00", "24/7 Support"),
        ("24/7 Support yesterday", "24/7 Support"),
        ("failed calls for 24/7", None),
    ],
)
def test_an_agent_called_like_an_idle_word_or_a_date_is_found(text: str, name: str | None) -> None:
    """A capital letter inside a sentence, or words that say nothing else, make it the agent's name."""
    parsed = parse(text, now=NOW, agents=listed(["Will", "US", "24/7 Support"]))
    assert parsed.unknown == ()
    wanted = parsed.query.value("agent")
    assert (wanted and [ref.name for ref in wanted.wanted]) == (name and [name])
