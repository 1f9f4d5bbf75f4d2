"""What `bot explain` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.model import Agent
from bot.query.agents import AgentChoice, NoSuchAgent, resolve
from bot.query.parsed import Parsed
from bot.query.query import Query
from bot.query.snippets import curl, typed_params


def explain(parsed: Parsed, base_url: str, agents: Sequence[Agent] | None = None) -> dict[str, Any]:
    """Return how a text was understood, as JSON values.

    Keys: understood (sentence), filters, since (included) and until (excluded) as ISO 8601 with offset or
    null, params (the API's query of the first request, by its own names), local (filters applied here, as
    canonical text), curl, unknown (words); and where there are any: unresolved (agent names not looked up or
    not found), problems (sentences), nearest (suggestions by unknown word), special (a command), ids.
    """
    query, unresolved, problems = parsed.query, list(parsed.query.agent_names), list(parsed.problems)
    if agents is not None:
        outcome = resolve(query, agents)
        if isinstance(outcome, Query):
            query, unresolved = outcome, []
        else:
            unresolved = [outcome.name]
            problems.append(say_agent_problem(outcome))
    since, until = query.since, query.until
    result: dict[str, Any] = {
        "understood": query.sentence(),
        "filters": query.filters(),
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
        "params": typed_params(query),
        "local": list(query.local),
        "curl": curl(query, base_url),
        "unknown": [unknown.word for unknown in parsed.unknown],
    }
    if unresolved:
        result["unresolved"] = unresolved
    if problems:
        result["problems"] = problems
    if nearest := {u.word: list(u.nearest) for u in parsed.unknown if u.nearest}:
        result["nearest"] = nearest
    if parsed.special:
        result["special"] = parsed.special
    if parsed.ids:
        result["ids"] = [{"kind": ref.kind, "value": ref.value} for ref in parsed.ids]
    return result


def say_agent_problem(outcome: AgentChoice | NoSuchAgent) -> str:
    """Return one sentence with a next step for a name that is unclear."""
    if isinstance(outcome, AgentChoice):
        names = ", ".join(f"{agent.name} ({agent.agent_id})" for agent in outcome.candidates)
        return f"Several agents fit “{outcome.name}”: {names}. Name one of them in quotes, or by id."
    if outcome.nearest:
        names = ", ".join(agent.name for agent in outcome.nearest)
        return f"No agent is called “{outcome.name}”. The nearest: {names}. “agents” lists all."
    return f"No agent is called “{outcome.name}”. “agents” lists all."
