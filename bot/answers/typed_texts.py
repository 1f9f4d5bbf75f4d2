"""Words as typed -> what they ask: a question, and the follow-ups that changed it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.answers.answer import Services
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import CHOSEN_COLUMNS, Agent
from bot.query import AgentChoice, Misread, NoSuchAgent, Parsed, Query, Unknown, follow_up, parse, resolve
from bot.query.filters.collected import by_id, guessed, look_up, not_collected, with_ids
from bot.query.values import Choice, Keys
from bot.store.questions import Question

log = structlog.get_logger(__name__)

MOST_AGENTS = 30
"""Agents whose settings are read to find columns by name: a request each, remembered for minutes."""


def query_of(services: Services, question: Question) -> Query:
    """Read a stored question again; its text is canonical, so it means what it meant."""
    now = datetime.fromtimestamp(question.asked_at, ZoneInfo(question.tz))
    return parse(question.text, now=now, week_start=services.week_start).query


def read(
    texts: Sequence[str],
    *,
    now: datetime,
    week_start: str,
    agents: Sequence[Agent] = (),
    before: Query | None = None,
) -> Parsed:
    """Read a question and its follow-ups, after `before`; stops at the first that is not understood."""
    parsed = Parsed(Query() if before is None else before)
    for number, text in enumerate(texts or ("",)):
        if not parsed.understood or parsed.special or parsed.ids:
            break
        if number == 0 and before is None:
            parsed = parse(text, now=now, week_start=week_start, agents=agents)
        else:
            parsed = follow_up(parsed.query, text, now=now, week_start=week_start, agents=agents)
    return parsed


async def read_with_names(
    client: Conversations, read: Callable[[Sequence[Agent]], Parsed]
) -> tuple[Parsed, Sequence[Agent]]:
    """Return what a text says, and the agents there are if a name may be in it: then it is read again.

    What agents collect is found by name, too.
    """
    parsed, agents = read(()), tuple[Agent, ...]()
    by_name = parsed.unknown or parsed.corrected or parsed.query.agent_names
    if by_name and not parsed.special and not parsed.ids:
        try:
            agents = await client.agents()
            parsed = read(agents)
        except ElevenLabsError as error:  # the words are named, or looked up again, then it is said
            log.info("agents not known", error=type(error).__name__)
    named = {*(parsed.query.value("columns") or Keys()).keys} - CHOSEN_COLUMNS.keys()
    if (named or guessed(parsed.query.value("data"))) and not parsed.special and not parsed.ids:
        parsed = await _with_columns(client, parsed)
    return parsed, agents


async def with_agents(client: Conversations, query: Query) -> Query | AgentChoice | NoSuchAgent:
    if not query.agent_names:
        return query
    found = resolve(query, await client.agents())
    if isinstance(found, NoSuchAgent):  # it may be new
        found = resolve(query, await client.agents(refresh=True))
    return found


async def _with_columns(client: Conversations, parsed: Parsed) -> Parsed:
    """Find by name what a question's agents collect and are judged by: columns, and “order_id 1042”."""
    chosen, data = parsed.query.value("columns") or Keys(), parsed.query.value("data")
    try:
        agent_ids = await _agents_of(client, parsed.query)
        if len(agent_ids) > MOST_AGENTS:
            problem = f"I do not look for columns by name among {len(agent_ids)} agents"
        else:
            fields = await client.agent_settings.fields(agent_ids)
            columns, unknown = look_up(chosen, fields)
            words = tuple(Unknown(name, near) for name, near in unknown.items())
            tests = with_ids(data, fields) if data else None
            query = parsed.query.with_value("columns", columns).with_value("data", tests)
            reasons = tuple(map(not_collected, guessed(tests)))
            return replace(
                parsed,
                query=query,
                unknown=(*parsed.unknown, *words),
                problems=(*parsed.problems, *reasons),
            )
    except Misread as too_many:
        return replace(parsed, problems=(*parsed.problems, str(too_many)))
    except ElevenLabsError as error:
        log.info("columns not known", error=type(error).__name__)
        problem = "ElevenLabs does not tell what the agents collect and are judged by"
    reasons = tuple(map(not_collected, guessed(data)))
    if not all(map(by_id, chosen.keys)):
        how = "name the agent, or columns by their ids, such as columns:data.order_id,eval.greeting."
        reasons = (*reasons, f"{problem}: {how}")
    return replace(parsed, problems=(*parsed.problems, *reasons))


async def _agents_of(client: Conversations, query: Query) -> list[str]:
    found = await with_agents(client, query)
    if isinstance(found, AgentChoice):
        return [agent.agent_id for agent in found.candidates]
    if isinstance(found, NoSuchAgent):
        return [agent.agent_id for agent in found.nearest]
    named = [ref.id for ref in (found.value("agent") or Choice()).wanted if ref.id]
    return named or [agent.agent_id for agent in await client.agents()]
