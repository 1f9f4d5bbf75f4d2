"""Agents by name: exact, then by a part of it or with a typing error; two that fit are asked back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.model import Agent
from bot.query.filters.agent import AGENTS, EVERY, PLURAL
from bot.query.likeness import begins, begins_or_mistyped, holds, plain, same_name
from bot.query.query import Query
from bot.query.values import AgentRef, Agents

SUGGEST = 40
MAX_CANDIDATES = 10
MAX_NAME = 80
"""Characters of a name that are compared."""
MAX_WORDS = 6
"""Words of a name that are compared one by one."""
_JOINS = (" and ", " or ", " & ", ", ")
_SPARE = ("the ", "our ", "my ")
_SPARE_END = (" agent", " bot", " assistant", " team", " line")


@dataclass(frozen=True, slots=True)
class AgentChoice:
    """Several agents fit a name equally well: ask which."""

    name: str
    candidates: tuple[Agent, ...]


@dataclass(frozen=True, slots=True)
class NoSuchAgent:
    """No agent fits a name; the nearest, best first."""

    name: str
    nearest: tuple[Agent, ...]


def resolve(query: Query, agents: Sequence[Agent]) -> Query | AgentChoice | NoSuchAgent:
    """Return the question with its agents' ids, or what to ask back about the first name that is unclear."""
    value = query.value("agent")
    if not isinstance(value, Agents):
        return query
    include = _all(value.include, agents)
    if isinstance(include, AgentChoice | NoSuchAgent):
        return include
    exclude = _all(value.exclude, agents)
    if isinstance(exclude, AgentChoice | NoSuchAgent):
        return exclude
    return query.with_value("agent", Agents(include, exclude))


def choose(query: Query, name: str, agent: Agent) -> Query:
    """Return the question with an unclear name replaced by the agent chosen."""
    value = query.value("agent")
    if not isinstance(value, Agents):
        return query
    chosen = AgentRef(agent.name, agent.agent_id)

    def swap(refs: tuple[AgentRef, ...]) -> tuple[AgentRef, ...]:
        parts = (p for ref in refs for p in _parts_of(ref, name))
        return _sorted({chosen if ref.id is None and ref.name == name else ref for ref in parts})

    return query.with_value("agent", Agents(swap(value.include), swap(value.exclude)))


def _parts_of(ref: AgentRef, name: str) -> list[AgentRef]:
    """Return a reference taken apart if the name in question is one part of it."""
    if ref.id is None and ref.name and ref.name != name and name in (parts := _split(ref.name)):
        return [AgentRef(part) for part in parts]
    return [ref]


def _sorted(refs: set[AgentRef]) -> tuple[AgentRef, ...]:
    return tuple(sorted(refs, key=lambda ref: (ref.name or "", ref.id or "")))


def _all(
    refs: tuple[AgentRef, ...], agents: Sequence[Agent]
) -> tuple[AgentRef, ...] | AgentChoice | NoSuchAgent:
    found: set[AgentRef] = set()
    for ref in refs:
        if ref.id is not None:
            known = next((a for a in agents if a.agent_id == ref.id), None)
            found.add(AgentRef(known.name, known.agent_id) if known else ref)
            continue
        result = _by_name(ref.name or "", agents)
        if isinstance(result, NoSuchAgent) and len(parts := _split(ref.name or "")) > 1:
            several = _all(tuple(AgentRef(part) for part in parts), agents)
            if not isinstance(several, tuple):
                return several
            found.update(several)
        elif isinstance(result, Agent):
            found.add(AgentRef(result.name, result.agent_id))
        else:
            return result
    return _sorted(found)


def _split(name: str) -> list[str]:
    """Return the names in "Sales and Support"."""
    for join in _JOINS:
        name = name.replace(join, "\n")
    return [part.strip() for part in name.split("\n") if part.strip()]


def _by_name(name: str, agents: Sequence[Agent]) -> Agent | AgentChoice | NoSuchAgent:
    exact = [a for a in agents if a.agent_id == name] or [a for a in agents if a.name == name]
    if len(exact) == 1:
        return exact[0]
    wanted = plain(name[:MAX_NAME])
    named = [(plain(agent.name), agent) for agent in agents]
    for form in _forms(wanted, _SPARE_END):
        same = [agent for label, agent in named if same_name(label, form)]
        if same:
            return same[0] if len(same) == 1 else _ask(name, same)
    for meant in (begins, begins_or_mistyped):
        for form in _forms(wanted, ()):
            fitting = _fitting(form, named, meant)
            if fitting:
                return fitting[0] if len(fitting) == 1 else _ask(name, fitting)
    if fitting := _fitting(_group(wanted), named, begins_or_mistyped):
        return _ask(name, fitting)
    for form in _forms(wanted, _SPARE_END):  # "Booking bot" need not be the Booking Hotline
        if fitting := _fitting(form, named, begins):
            return _ask(name, fitting)
    return _nearest(name, wanted, named)


def _fitting(form: str, named: list[tuple[str, Agent]], meant: Callable[[str, str], bool]) -> list[Agent]:
    """Return the agents whose names hold each word of a form."""
    words = form.split()
    if not 1 <= len(words) <= MAX_WORDS:
        return []
    return [agent for label, agent in named if holds(label.split(), words, meant)]


def _group(wanted: str) -> str:
    """Return what "all support agents" have in common in their names; "" for one agent's name."""
    words = wanted.split()
    every = words[:1] and words[0] in EVERY
    if len(words) < 2 or words[-1] not in (AGENTS if every else PLURAL):  # noqa: PLR2004 - one word is a name
        return ""
    words = words[1:-1] if every else words[:-1]
    while words and words[0] in {"of", "the", "our", "my"}:
        words = words[1:]
    return " ".join(words)


def _ask(name: str, agents: Sequence[Agent]) -> AgentChoice:
    """Return the agents to choose from, by name."""
    ordered = sorted(agents, key=lambda agent: (agent.name.casefold(), agent.agent_id))
    return AgentChoice(name, tuple(ordered[:MAX_CANDIDATES]))


def _nearest(name: str, wanted: str, named: list[tuple[str, Agent]]) -> NoSuchAgent:
    """Return the agents to suggest. What only resembles a name is never taken for it."""
    labels = [label for label, _agent in named]
    whole = _scores(fuzz.ratio, wanted, labels)
    in_order = _scores(fuzz.token_sort_ratio, wanted, labels)
    parts = _scores(fuzz.partial_ratio, wanted, labels) if len(wanted) <= MAX_NAME // 2 else whole
    scored = [
        (max(one, two, 0.9 * part), label, agent)
        for one, two, part, (label, agent) in zip(whole, in_order, parts, named, strict=True)
    ]
    ranked = sorted(scored, key=lambda entry: (-entry[0], entry[1], entry[2].agent_id))
    return NoSuchAgent(name, tuple(agent for score, _label, agent in ranked[:3] if score >= SUGGEST))


def _scores(scorer: Callable[..., float], wanted: str, labels: list[str]) -> list[float]:
    """Return a score for each label, in order."""
    scores = [0.0] * len(labels)
    for _label, score, index in process.extract(wanted, labels, scorer=scorer, limit=None):
        scores[index] = score
    return scores


def _forms(wanted: str, ends: Sequence[str]) -> list[str]:
    """Return the name, and without "the" before it and one of the ends after it."""
    forms = [wanted]
    for start in _SPARE:
        forms += [form.removeprefix(start) for form in forms if form.startswith(start)]
    for end in ends:
        forms += [form.removesuffix(end) for form in forms if form.endswith(end)]
    return forms


def say_agent_problem(outcome: AgentChoice | NoSuchAgent) -> str:
    """Return one sentence with a next step for a name that is unclear."""
    if isinstance(outcome, AgentChoice):
        names = ", ".join(f"{agent.name} ({agent.agent_id})" for agent in outcome.candidates)
        return f"Several agents fit “{outcome.name}”: {names}. Name one of them in quotes, or by id."
    if outcome.nearest:
        names = ", ".join(agent.name for agent in outcome.nearest)
        return f"No agent is called “{outcome.name}”. The nearest: {names}. “agents” lists all."
    return f"No agent is called “{outcome.name}”. “agents” lists all."
