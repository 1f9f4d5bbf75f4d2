"""Explain without Slack: how a question is understood, and the request it becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.elevenlabs.request import call_request, call_sid_request, first_requests
from bot.model import Agent
from bot.query import CallRef, Parsed, Query, parse, resolve, say_agent_problem
from bot.query.filters import BY_KEY
from bot.query.filters.base import listed
from bot.query.filters.collected import by_id, guessed
from bot.settings import Settings


def explain_question(
    settings: Settings, question: str, now: datetime, look_up: Callable[[], Sequence[Agent] | None]
) -> dict[str, Any]:
    """Return how a question is understood. `look_up` is called for the agents if their names may be in it."""
    parsed = parse(question, now=now, week_start=settings.week_start)
    agents = look_up() if parsed.unknown or parsed.corrected or parsed.query.agent_names else None
    if agents:  # a name may be known without "for", or be made of words that say something else
        parsed = parse(question, now=now, week_start=settings.week_start, agents=agents)
    return explain(parsed, settings.elevenlabs_base_url, now, agents)


def is_question(text: str) -> bool:
    return parse(text, now=datetime.now(UTC)).understood


def explain(
    parsed: Parsed, base_url: str, now: datetime, agents: Sequence[Agent] | None = None
) -> dict[str, Any]:
    """Return how a text was understood, as JSON values.

    Keys: understood (sentence; empty where nothing was), kind (list, count, report, call), filters, since
    (included) and until (excluded) as ISO 8601 with offset or null, params (the API's query of the first
    request, by its own names), local (filters applied here, as canonical text), show and by (names), compare
    (null, or since and until), sort, limit, curl, unknown (words); and where there are any: unresolved (names
    of agents and columns not looked up or not found), problems (sentences), nearest (suggestions by unknown
    word), possible (all values, by unknown word that none is near), special (a command), ids, and with ids
    unused (filters that opening a call by its id leaves out, as canonical text).
    """
    query, unresolved, problems = parsed.query, list(parsed.query.agent_names), list(parsed.problems)
    names = [name for name in query.columns if not by_id(name)]
    names += [test.name for test in guessed(query.value("data"))]
    if agents is not None:
        outcome = resolve(query, agents)
        if isinstance(outcome, Query):
            query, unresolved = outcome, []
        else:
            unresolved = [outcome.name]
            problems.append(say_agent_problem(outcome))
    if parsed.ids:
        result = _opened(parsed.ids, query, base_url, now)
    else:
        partly = bool(problems or parsed.unknown or parsed.special)
        result = _listed(query, base_url, now, partly=partly)
    result["unknown"] = [unknown.word for unknown in parsed.unknown]
    more: dict[str, Any] = {
        "unresolved": [*unresolved, *names],
        "problems": problems,
        "nearest": {u.word: list(u.nearest) for u in parsed.unknown if u.nearest},
        "possible": {u.word: list(u.possible) for u in parsed.unknown if u.possible},
        "special": parsed.special,
        "ids": [{"kind": ref.kind, "value": ref.value} for ref in parsed.ids],
    }
    return result | {key: value for key, value in more.items() if value}


def _listed(query: Query, base_url: str, now: datetime, *, partly: bool) -> dict[str, Any]:
    """Return what is said of a list; `partly`: of a text not all of which was understood."""
    requests = first_requests(query.selection())
    report, compared = query.report, query.compared(now)
    return {
        "understood": "" if partly and not query.conditions else query.sentence(),
        "kind": "report" if report else "count" if query.counting else "list",
        "filters": query.filters(),
        **_bounds(query),
        "params": requests[0].typed_params(),
        "local": list(query.local),
        "show": list(report.show) if report else [],
        "by": list(report.by) if report else [],
        "compare": _bounds(compared) if compared else None,
        "sort": query.order.by,
        "limit": query.limit,
        "curl": "\n".join(request.curl(base_url) for request in requests),
    }


def _bounds(query: Query) -> dict[str, str | None]:
    """Return the time of a question, ISO 8601 with offset."""
    since, until = query.since, query.until
    return {"since": since.isoformat() if since else None, "until": until.isoformat() if until else None}


def _opened(refs: Sequence[CallRef], query: Query, base_url: str, now: datetime) -> dict[str, Any]:
    """Return what is said of calls opened by ids: the request of the first; a time says where to look."""
    by_time = any(ref.kind != "conversation_id" for ref in refs)
    unused = query.without("time") if by_time else query
    where = query.without(*unused.filters())
    said = f"the call{'s' if len(refs) > 1 else ''} {listed([ref.value for ref in refs], 'and')}"
    if time := where.value("time"):
        said += f", looked for first {BY_KEY['time'].words(time).end}"
    if without := list(unused.filters()):
        ids = "their ids" if len(refs) > 1 else "its id"
        said += f", opened by {ids} alone, without {', '.join(without)}"
    first = refs[0]
    request = (call_request if first.kind == "conversation_id" else call_sid_request)(first.value)
    opened = _listed(where, base_url, now, partly=False) | {
        "kind": "call",
        "understood": said,
        "params": request.typed_params(),
        "curl": request.curl(base_url),
    }
    if without:
        opened["unused"] = [BY_KEY[key].canonical(value) for key, value in unused.conditions]
    return opened
