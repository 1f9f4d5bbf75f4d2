"""Words as typed -> what they ask: a question, and the follow-ups that changed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.answers.opening import links_as_ids
from bot.answers.services import Services
from bot.model import Agent
from bot.query import (
    AgentChoice,
    NoSuchAgent,
    Parsed,
    Query,
    choose,
    follow_up,
    looks_like_follow_up,
    parse,
    resolve,
)
from bot.query.values import AgentRef, Agents

_NOUNS = frozenset({"call", "calls", "conversation", "conversations", "convos", "chats", "sessions"})
_ALSO_BEGIN_QUESTIONS = frozenset({"how", "all", "any", "no", "then", "now"})


def read(texts: Sequence[str], *, now: datetime, week_start: str) -> Parsed:
    """Read a question and its follow-ups, in order; stops at the first that is not understood."""
    parsed = parse(links_as_ids(texts[0]) if texts else "", now=now, week_start=week_start)
    for text in texts[1:]:
        if not parsed.understood or parsed.special or parsed.ids:
            break
        parsed = follow_up(parsed.query, links_as_ids(text), now=now, week_start=week_start)
    return parsed


async def with_agents(services: Services, query: Query) -> Query | AgentChoice | NoSuchAgent:
    """Find the agents that a question names."""
    if not query.agent_names:
        return query
    found = resolve(query, await services.conversations.agents())
    if isinstance(found, NoSuchAgent):  # it may be new
        found = resolve(query, await services.conversations.agents(refresh=True))
    return found


def with_any_of(query: Query, name: str, agents: Sequence[Agent]) -> Query:
    """Return the question with an unclear name replaced by the agents chosen: any of them."""
    chosen = [choose(query, name, agent).value("agent") for agent in agents]
    values = [value for value in chosen if isinstance(value, Agents)]
    include = {ref for value in values for ref in value.include}
    exclude = {ref for value in values for ref in value.exclude}
    return query.with_value("agent", Agents(_in_order(include), _in_order(exclude))) if values else query


def _in_order(refs: set[AgentRef]) -> tuple[AgentRef, ...]:
    return tuple(sorted(refs, key=lambda ref: (ref.name or "", ref.id or "")))


def goes_on(text: str, *, in_thread: bool) -> bool:
    """Whether a text changes the question before rather than asks one of its own.

    In the thread of a list, words without a noun ("last month", "for Sales") refine it; "calls last month" is
    a question of its own, and so is "how many calls last month?". "Only the German calls" goes on anywhere.
    """
    words = [word.strip(",.;:?!\"'").casefold() for word in text.split()]
    if not words:
        return False
    if _NOUNS.isdisjoint(words):
        return in_thread or looks_like_follow_up(text)
    return words[0] not in _ALSO_BEGIN_QUESTIONS and looks_like_follow_up(text)
