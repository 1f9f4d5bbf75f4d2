"""Text -> Parsed: the question, what was not understood, and what cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import WEEKDAYS, Agent
from bot.query.agent_names import KnownAgents
from bot.query.call_ids import CallRef, find_ids
from bot.query.draft import Draft, Unknown
from bot.query.key_values import prepare
from bot.query.other_languages import other_language
from bot.query.query import Query
from bot.query.reader import read_words
from bot.query.report_question import report_of, settle_report
from bot.query.time.calendar import Clock
from bot.query.tokens import MAX_WORDS, fold, plain_text, word_set
from bot.query.typing_errors import mistyped, one_meaning, with_word
from bot.query.values import Value
from bot.query.vocabulary import STOP, WHOLE_LIST

_COMMANDS = {
    "help": (
        "help, hilfe, usage, examples, commands, help me, what can you do, how does this work, hi, hello, ?"
    ),
    "help filters": "filters, help filters, help filter, list filters, show filters",
    "agents": (
        "agents, list agents, show agents, all agents, list of agents, list the agents, list all agents, "
        "show me the agents, show me all agents, which agents, which agents are there, how many agents, "
        "how many agents are there"
    ),
}
_COMMAND_OF = {words: command for command, said in _COMMANDS.items() for words in said.split(", ")}
_LONGEST_COMMAND = 60
_COURTEOUS = word_set("very great good nice cool perfect danke ty yep yeah nope yes bye done lot again")
"""Words of an answer that alone ask for nothing, and get the help like other words that say nothing."""
_ENDS = ".,;:!?…*_~`\"'“”"
_FIRST_WORDS = 40
_NO_AGENTS = KnownAgents(())
"""Where the list of agents is not at hand."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says. It may be answered only if `unknown` and `problems` are empty."""

    query: Query
    unknown: tuple[Unknown, ...] = ()
    problems: tuple[str, ...] = ()
    """What cannot be, one sentence each with the reason and a next step."""
    special: str | None = None
    """"help", "help filters" or "agents": the text is a command."""
    ids: tuple[CallRef, ...] = ()
    """Calls named by an id or a link."""
    kept: tuple[str, ...] = ()
    """In a follow-up: what stays of the question before, in words."""
    dropped: tuple[str, ...] = ()
    """In a follow-up: what was taken away of the question before."""
    corrected: tuple[tuple[str, str], ...] = ()
    """Words with a typing error, as typed and as read."""
    other_language: bool = False
    """Whether the text is a question in a language not read here: `problems` says so, in that language."""

    @property
    def understood(self) -> bool:
        """Whether every word was understood and can be."""
        return not self.unknown and not self.problems


def parse(text: str, *, now: datetime, week_start: str = "monday", agents: Sequence[Agent] = ()) -> Parsed:
    """Read a question. Never raises for any text.

    `now` must be aware, in the asker's zone; `week_start` is a weekday's English name. `agents` are those
    there are: with them, an agent's name is known without “for”, and whatever words it is made of.
    """
    clock = clock_of(now, week_start)
    if special := _command(text):
        return Parsed(Query(zone=clock.zone), special=special)
    known = KnownAgents(agents)
    draft = read(text, clock, known)
    asked = draft.values or draft.unknown or draft.problems or draft.ids or draft.cleared
    if not asked and plain_text(text).strip() and not _says_list(text):
        return Parsed(Query(zone=clock.zone), special="help")
    return finish(draft, draft.settled(), known)


def read(text: str, clock: Clock, agents: KnownAgents = _NO_AGENTS) -> Draft:
    """Read all words of a text; `agents` are those there are, if they are known."""
    prepared = prepare(text)
    draft = read_words(prepared, clock, agents)
    if prepared.too_long:
        draft.problem(f"That is too long for a question: keep it under {MAX_WORDS} words.")
        draft.ids.extend(find_ids(text))
        return draft
    for at, known in mistyped(prepared, draft, agents):
        texts = [with_word(prepared, at, word) for word in known]
        if found := one_meaning(draft, [(each, read_words(each, clock, agents)) for each in texts]):
            words = (prepared.text.tokens[at].text, found[0].text.word(at))
            found[1].corrected = [*draft.corrected, words]
            prepared, draft = found
    return draft


def _says_list(text: str) -> bool:
    return not WHOLE_LIST.isdisjoint({fold(word.strip(_ENDS)) for word in text.split()[:_FIRST_WORDS]})


def clock_of(now: datetime, week_start: str) -> Clock:
    """Return the asker's clock. Raises ValueError for a naive time or no weekday: the caller's mistake."""
    if now.tzinfo is None:
        raise ValueError("now must know its time zone")
    day = week_start.strip().casefold()
    if day not in WEEKDAYS:
        raise ValueError(f"{week_start!r} is no weekday")
    return Clock(now, WEEKDAYS.index(day))


def finish(draft: Draft, values: dict[str, Value], agents: KnownAgents) -> Parsed:
    """Return what a draft comes to."""
    for problem in settle_report(values, draft.clock):
        draft.problem(problem)
    if draft.ids and report_of(values):
        draft.problem("An id opens one call, and a report counts many: ask for one of the two.")
    said = None if draft.ids else other_language(draft.unknown, agents)
    if said:
        draft.problems = [said]
        draft.unknown = [Unknown(each.word) for each in draft.unknown]
    return Parsed(
        query=Query.of(values, draft.clock.zone),
        unknown=tuple(draft.unknown),
        problems=tuple(draft.problems),
        ids=tuple(dict.fromkeys(draft.ids)),
        corrected=tuple(draft.corrected),
        other_language=said is not None,
    )


def _command(text: str) -> str | None:
    """Return the command that a text is: "help", "help filters" or "agents"."""
    if len(text) > _LONGEST_COMMAND:
        return None
    said = text.casefold()
    words = {word.strip(_ENDS) for word in said.split()} - {""}
    if words & _COURTEOUS and words <= _COURTEOUS | STOP and not words & WHOLE_LIST:
        return "help"
    return _COMMAND_OF.get(" ".join(said.replace("?", " ").split()) or ("?" if "?" in text else ""))
