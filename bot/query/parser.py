"""Text -> Query, what was not understood, and what cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.model import Agent
from bot.query.known import KnownAgents
from bot.query.parsed import Parsed, finish
from bot.query.query import Query
from bot.query.reader import read
from bot.query.time.calendar import WEEKDAYS, Clock
from bot.query.tokens import fold, word_set
from bot.query.vocabulary import STOP, WHOLE_LIST

_SPECIAL = {
    "help": "help",
    "?": "help",
    "hilfe": "help",
    "usage": "help",
    "examples": "help",
    "help me": "help",
    "what can you do": "help",
    "how does this work": "help",
    "commands": "help",
    "hi": "help",
    "hello": "help",
    "help filters": "help filters",
    "filters": "help filters",
    "help filter": "help filters",
    "list filters": "help filters",
    "show filters": "help filters",
    "agents": "agents",
    "list agents": "agents",
    "show agents": "agents",
    "list of agents": "agents",
    "list the agents": "agents",
    "show me the agents": "agents",
    "which agents": "agents",
    "all agents": "agents",
    "how many agents": "agents",
    "how many agents are there": "agents",
    "show me all agents": "agents",
    "list all agents": "agents",
    "which agents are there": "agents",
}


def parse(text: str, *, now: datetime, week_start: str = "monday", agents: Sequence[Agent] = ()) -> Parsed:
    """Read a question. Never raises for any text.

    `now` must be aware, in the asker's zone; `week_start` is a weekday's English name. `agents` are those
    there are: with them, an agent's name is known without “for”, and whatever words it is made of.
    """
    special = _special(text)
    clock = clock_of(now, week_start)
    if special:
        return Parsed(Query(zone=clock.zone), special=special)
    draft = read(text, clock, KnownAgents(agents))
    if draft.said_nothing and not WHOLE_LIST & {fold(word.strip(_ENDS)) for word in text.split()[:40]}:
        return Parsed(Query(zone=clock.zone), special="help")
    return finish(draft, draft.settled())


def clock_of(now: datetime, week_start: str) -> Clock:
    """Return the asker's clock. Raises ValueError for a naive time or no weekday: the caller's mistake."""
    if now.tzinfo is None:
        raise ValueError("now must know its time zone")
    day = week_start.strip().casefold()
    if day not in WEEKDAYS:
        raise ValueError(f"{week_start!r} is no weekday")
    return Clock(now, WEEKDAYS.index(day))


_COURTEOUS = word_set("very great good nice cool perfect danke ty yep yeah nope yes bye done lot again")
"""Words of an answer that alone ask for nothing, and get the help like other words that say nothing."""
_ENDS = ".,;:!?…*_~`\"'“”"


def _special(text: str) -> str | None:
    if len(text) > 60:  # noqa: PLR2004 - no command is that long
        return None
    words = {word.strip(_ENDS) for word in text.casefold().split()} - {""}
    if words & _COURTEOUS and words <= _COURTEOUS | STOP and not words & WHOLE_LIST:
        return "help"
    return _SPECIAL.get(" ".join(text.casefold().replace("?", " ").split()) or ("?" if "?" in text else ""))
