"""What `bot explain` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.model import Agent
from bot.query.agent_names import AgentChoice, NoSuchAgent, resolve
from bot.query.call_ids import CallRef
from bot.query.filters import BY_KEY
from bot.query.filters.base import listed
from bot.query.one_call import ref_curl, ref_params
from bot.query.parsed import Parsed
from bot.query.query import Query
from bot.query.snippets import curl, typed_params


def explain(parsed: Parsed, base_url: str, agents: Sequence[Agent] | None = None) -> dict[str, Any]:
    """Return how a text was understood, as JSON values.

    Keys: understood (sentence; empty where nothing was), filters, since (included) and until (excluded) as
    ISO 8601 with offset or null, params (the API's query of the first request, by its own names), local
    (filters applied here, as canonical text), curl, unknown (words); and where there are any: unresolved
    (agent names not looked up or not found), problems (sentences), nearest (suggestions by unknown word),
    possible (all values, by unknown word that none is near), special (a command), ids, and with ids unused
    (filters that opening a call by its id leaves out, as canonical text).
    """
    query, unresolved, problems = parsed.query, list(parsed.query.agent_names), list(parsed.problems)
    if agents is not None:
        outcome = resolve(query, agents)
        if isinstance(outcome, Query):
            query, unresolved = outcome, []
        else:
            unresolved = [outcome.name]
            problems.append(say_agent_problem(outcome))
    if parsed.ids:
        result = _opened(parsed.ids, query, base_url)
    else:
        partly = bool(problems or parsed.unknown or parsed.special)
        result = _listed(query, base_url, partly=partly)
    result["unknown"] = [unknown.word for unknown in parsed.unknown]
    more: dict[str, Any] = {
        "unresolved": unresolved,
        "problems": problems,
        "nearest": {u.word: list(u.nearest) for u in parsed.unknown if u.nearest},
        "possible": {u.word: list(u.possible) for u in parsed.unknown if u.possible},
        "special": parsed.special,
        "ids": [{"kind": ref.kind, "value": ref.value} for ref in parsed.ids],
    }
    return result | {key: value for key, value in more.items() if value}


def _listed(query: Query, base_url: str, *, partly: bool) -> dict[str, Any]:
    """Return what is said of a list; `partly`: of a text not all of which was understood."""
    since, until = query.since, query.until
    return {
        "understood": "" if partly and not query.conditions else query.sentence(),
        "filters": query.filters(),
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
        "params": typed_params(query),
        "local": list(query.local),
        "curl": curl(query, base_url),
    }


def _opened(refs: Sequence[CallRef], query: Query, base_url: str) -> dict[str, Any]:
    """Return what is said of calls opened by their ids; the request is the first one's.

    A time says where to look for an id that is not ElevenLabs' own; other filters are not used.
    """
    by_time = any(ref.kind != "conversation_id" for ref in refs)
    unused = query.without("time") if by_time else query
    where = query.without(*unused.filters())
    said = f"the call{'s' if len(refs) > 1 else ''} {listed([ref.value for ref in refs], 'and')}"
    if time := where.value("time"):
        said += f", looked for first {BY_KEY['time'].words(time).end}"
    if without := list(unused.filters()):
        ids = "their ids" if len(refs) > 1 else "its id"
        said += f", opened by {ids} alone, without {', '.join(without)}"
    opened = _listed(where, base_url, partly=False) | {
        "understood": said,
        "params": ref_params(refs[0]),
        "curl": ref_curl(refs[0], base_url),
    }
    if without:
        opened["unused"] = [BY_KEY[key].canonical(value) for key, value in unused.conditions]
    return opened


def say_agent_problem(outcome: AgentChoice | NoSuchAgent) -> str:
    """Return one sentence with a next step for a name that is unclear."""
    if isinstance(outcome, AgentChoice):
        names = ", ".join(f"{agent.name} ({agent.agent_id})" for agent in outcome.candidates)
        return f"Several agents fit “{outcome.name}”: {names}. Name one of them in quotes, or by id."
    if outcome.nearest:
        names = ", ".join(agent.name for agent in outcome.nearest)
        return f"No agent is called “{outcome.name}”. The nearest: {names}. “agents” lists all."
    return f"No agent is called “{outcome.name}”. “agents” lists all."
