"""Which of two questions is the narrower, as far as that can be decided from rows already held.

Only by what never changes about a finished conversation: its agent, its source, its length (and its time,
which the cache handles itself). Every other filter must be the same in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bot.model import Conversation

Params = tuple[tuple[str, str], ...]

_AGENT = "agent_id"
_SOURCE = "conversation_initiation_source"
_SHORTEST = "call_duration_min_secs"
_LONGEST = "call_duration_max_secs"
_OTHER_NAME_OF_AN_AGENT = "seng_"
"""Agents can be asked for by the id of a speech engine, which rows do not carry."""
_SOURCE_UNKNOWN = "unknown"
"""May stand for rows that carry no source at all: only the API can tell."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a question, told apart: those that can be applied here, and the rest."""

    rest: Params
    agent: str | None = None
    source: str | None = None
    shortest: int | None = None
    longest: int | None = None

    @classmethod
    def of(cls, params: Params) -> Self:
        """Tell the filters of an API query apart. Repeated or odd ones stay in the rest."""
        names = [name for name, _ in params]
        simple = {name: value for name, value in params if names.count(name) == 1}
        agent = simple.get(_AGENT)
        if agent is not None and agent.startswith(_OTHER_NAME_OF_AN_AGENT):
            agent = None
        source, shortest, longest = (
            simple.get(_SOURCE),
            _seconds(simple, _SHORTEST),
            _seconds(simple, _LONGEST),
        )
        if source == _SOURCE_UNKNOWN:
            source = None
        known = {_AGENT: agent, _SOURCE: source, _SHORTEST: shortest, _LONGEST: longest}
        rest = tuple(sorted((name, value) for name, value in params if known.get(name) is None))
        return cls(rest, agent, source, shortest, longest)

    def within(self, wider: Filters) -> bool:
        """Whether every row of this question is among the rows of `wider`."""
        return (
            self.rest == wider.rest
            and wider.agent in (None, self.agent)
            and wider.source in (None, self.source)
            and (wider.shortest is None or (self.shortest is not None and self.shortest >= wider.shortest))
            and (wider.longest is None or (self.longest is not None and self.longest <= wider.longest))
        )

    def keeps(self, row: Conversation) -> bool:
        """Whether a finished conversation, held for a wider question, belongs to this one."""
        return (
            (self.agent is None or row.agent_id == self.agent)
            and (self.source is None or row.conversation_initiation_source == self.source)
            and (self.shortest is None or row.call_duration_secs >= self.shortest)
            and (self.longest is None or row.call_duration_secs <= self.longest)
        )


def _seconds(params: dict[str, str], name: str) -> int | None:
    value = params.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() else None
