"""Agents by name: exact, then fuzzy; two close ones are asked back."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.model import Agent
from bot.query.query import Query
from bot.query.values import AgentRef, Agents

CLOSE = 82
"""Similarity (of 100) from which a name counts as meant."""
APART = 8
"""How much better than the next the best must be, or it is asked back."""
SUGGEST = 40
MAX_CANDIDATES = 10
MAX_NAME = 80
"""Characters of a name that are compared."""
MAX_WORDS = 6
"""Words of a name that are also compared one by one."""
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
    for form in _forms(wanted):
        same = [agent for label, agent in named if label == form]
        if same:
            return same[0] if len(same) == 1 else _ask(name, same)
    for form in _forms(wanted):
        words = form.split()
        holding = [agent for label, agent in named if words and _holds(label.split(), words)]
        if holding:
            return holding[0] if len(holding) == 1 else _ask(name, holding)
    return _closest(name, wanted, named)


def _ask(name: str, agents: Sequence[Agent]) -> AgentChoice:
    """Return the agents to choose from, by name."""
    ordered = sorted(agents, key=lambda agent: (agent.name.casefold(), agent.agent_id))
    return AgentChoice(name, tuple(ordered[:MAX_CANDIDATES]))


def _closest(name: str, wanted: str, named: list[tuple[str, Agent]]) -> Agent | AgentChoice | NoSuchAgent:
    labels = [label for label, _agent in named]
    scores = _similarities(wanted, labels)
    best = max(scores, default=0)
    if best >= CLOSE:
        pairs = zip(scores, named, strict=True)
        rivals = [agent for score, (_label, agent) in pairs if score >= CLOSE and score > best - APART]
        return rivals[0] if len(rivals) == 1 else _ask(name, rivals)
    parts = _scores(fuzz.partial_ratio, wanted, labels) if len(wanted) <= MAX_NAME // 2 else scores
    loose = [score * 0.9 for score in parts]
    ranked = sorted(
        (
            (max(pair), label, agent)
            for pair, (label, agent) in zip(zip(scores, loose, strict=True), named, strict=True)
        ),
        key=lambda entry: (-entry[0], entry[1], entry[2].agent_id),
    )
    return NoSuchAgent(name, tuple(agent for score, _label, agent in ranked[:3] if score >= SUGGEST))


def _similarities(wanted: str, labels: list[str]) -> list[float]:
    """Return 0 to 100 for each: as a whole, in any order of words, or word by word (a mistyped part)."""
    whole = _scores(fuzz.ratio, wanted, labels)
    sorted_words = _scores(fuzz.token_sort_ratio, wanted, labels)
    by_word = _by_word(wanted.split(), labels)
    return [max(three) for three in zip(whole, sorted_words, by_word, strict=True)]


def _by_word(words: list[str], labels: list[str]) -> list[float]:
    """Return how well the wanted words are found among each label's words."""
    if not 1 <= len(words) <= MAX_WORDS:
        return [0.0] * len(labels)
    known = sorted({word for label in labels for word in label.split()})
    tables = [dict(zip(known, _scores(fuzz.ratio, word, known), strict=True)) for word in words]
    totals = []
    for label in labels:
        theirs = label.split()
        enough = len(words) <= len(theirs)
        found = (max(table[word] for word in theirs) for table in tables) if enough else (0.0,)
        totals.append(sum(found) / len(words) - 2)
    return totals


def _scores(scorer: Callable[..., float], wanted: str, labels: list[str]) -> list[float]:
    """Return a score for each label, in order."""
    scores = [0.0] * len(labels)
    for _label, score, index in process.extract(wanted, labels, scorer=scorer, limit=None):
        scores[index] = score
    return scores


def _forms(wanted: str) -> list[str]:
    """Return the name, and without "the" before and "agent" after it."""
    forms = [wanted]
    for start in _SPARE:
        forms += [form.removeprefix(start) for form in forms if form.startswith(start)]
    for end in _SPARE_END:
        forms += [form.removesuffix(end) for form in forms if form.endswith(end)]
    return forms


def _holds(label: list[str], words: list[str]) -> bool:
    """Whether every wanted word begins a word of the name, each its own."""
    left = list(label)
    for word in words:
        hit = next((w for w in left if w == word), None) or next(
            (w for w in left if w.startswith(word)), None
        )
        if hit is None:
            return False
        left.remove(hit)
    return True


@functools.lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return a name for comparing: no case, accents or punctuation; ß is ss."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split()) or name.casefold().strip()
