"""Agents by name: which agent a name means, and names of agents among the words of a question.

A name is exact, a part of it, or has one typing error; two agents that fit are asked back. To resemble a name
is not enough.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.model import Agent
from bot.query.filters.origins import AGENTS, EVERY, PLURAL
from bot.query.phrases import Text
from bot.query.tokens import Kind
from bot.query.values import AgentRef, merged

_SUGGEST = 40
_SCORERS = ((fuzz.ratio, 1.0), (fuzz.token_sort_ratio, 1.0), (fuzz.partial_ratio, 0.9))
_MAX_CANDIDATES = 10
_MAX_NAME = 80
"""Characters of a name that are compared."""
_MAX_WORDS = 6
"""Words of a name that are compared one by one."""
_JOINS = (" and ", " or ", " & ", ", ")
_SPARE = re.compile("^(?:the |our |my )+")
_SPARE_END = re.compile("(?: (?:agent|bot|assistant|team|line))+$")
_NO_END = re.compile("(?!)")
_OF_THEM = "(?:(?:of|the|our|my) )*+"
_EVERY = "|".join(EVERY)
_GROUP = re.compile(
    rf"(?:{_EVERY}) {_OF_THEM}(?P<every>.+) (?:{'|'.join(AGENTS)})"
    rf"|(?!(?:{_EVERY}) ){_OF_THEM}(?P<plural>.+) (?:{'|'.join(PLURAL)})"
)
_LONG = 6
"""Letters from which a word with one left out, doubled or swapped is still that word and no other."""
_VERY_LONG = 7
"""Letters from which this holds for a wrong letter, too: of shorter ones it makes another name (Mario)."""
_PART = 3
"""Letters from which the beginning of a word may stand for it: “book” for “Booking”, but no “E” for “EN”."""
_LONGEST = 10
"""Words and marks of a name that are looked for in a question."""
_REMEMBERED = 4096
"""Words of questions of which it is remembered whether they are in a name."""
_LOST_MARKS = re.compile(r"[\s.:'’*`~]")  # noqa: RUF001 - phones type the second
"""Blanks, and marks that a word loses when a text is taken apart."""
_OWNER = ("'s", "’s")  # noqa: RUF001 - phones type the second

WordMeant = Callable[[str, str], bool]
"""Whether a word as typed means a word of a name."""


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


def say_agent_problem(outcome: AgentChoice | NoSuchAgent) -> str:
    """Return one sentence with a next step for a name that is unclear."""
    if isinstance(outcome, AgentChoice):
        names = ", ".join(f"{agent.name} ({agent.agent_id})" for agent in outcome.candidates)
        return f"Several agents fit “{outcome.name}”: {names}. Name one of them in quotes, or by id."
    names = ", ".join(agent.name for agent in outcome.nearest)
    nearest = f" The nearest: {names}." if names else ""
    return f"No agent is called “{outcome.name}”.{nearest} “agents” lists all."


def parts_of(ref: AgentRef, name: str) -> list[AgentRef]:
    """Return a reference taken apart if the name in question is one part of it."""
    parts = _split(ref.name) if not ref.id else []
    return [AgentRef(part) for part in parts] if name in parts and ref.name != name else [ref]


def _split(name: str) -> list[str]:
    """Return the names in "Sales and Support"."""
    for join in _JOINS:
        name = name.replace(join, "\n")
    return [part.strip() for part in name.split("\n") if part.strip()]


def _group(wanted: str) -> str:
    """Return what "all support agents" have in common in their names; "" for one agent's name."""
    found = _GROUP.fullmatch(wanted)
    return found["every"] or found["plural"] if found else ""


def _forms(wanted: str, end: re.Pattern[str] = _NO_END) -> list[str]:
    """Return the name, and without "the" before it and what may stand after it."""
    forms = [wanted, _SPARE.sub("", wanted)]
    return list(dict.fromkeys([*forms, *(end.sub("", form) for form in forms)]))


# --- when a name, or a word of it, is meant ---


@functools.lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return a name for comparing: no case, accents or punctuation; ß is ss."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split()) or name.casefold().strip()


def _begins(typed: str, word: str) -> bool:
    """Whether a word is one of a name, or how it begins. Numbers and short words (codes) are not cut off."""
    return typed == word or (len(typed) >= _PART and typed.isalpha() and word.startswith(typed))


def _mistyped_for(typed: str, word: str) -> bool:
    """Whether a word is one of a name with one typing error in it.

    A digit, a code of two letters or another first letter is no typing error: it names something else.
    """
    if typed == word:
        return True
    shorter = min(len(typed), len(word))
    if shorter < _LONG or typed[0] != word[0] or not (typed.isalpha() and word.isalpha()):
        return False
    if OSA.distance(typed, word, score_cutoff=1) > 1:
        return False
    wrong_letter = len(typed) == len(word) and sorted(typed) != sorted(word)
    return not wrong_letter or shorter >= _VERY_LONG


def _begins_or_mistyped(typed: str, word: str) -> bool:
    return _begins(typed, word) or _mistyped_for(typed, word)


def _holds(label: Sequence[str], words: Sequence[str], meant: WordMeant) -> bool:
    """Whether every word is meant by a word of the name, each by its own; the very same words go first."""
    left, others = list(label), []
    for word in words:
        if word in left:
            left.remove(word)
        else:
            others.append(word)
    for word in others:
        hit = next((known for known in left if meant(word, known)), None)
        if hit is None:
            return False
        left.remove(hit)
    return True


# --- the agents there are ---


class KnownAgents:
    """The agents there are: which of them a name means, and where names stand among words of a question."""

    def __init__(self, agents: tuple[Agent, ...]) -> None:
        self._agents: dict[str, list[Agent]] = {}
        for agent in agents:
            self._agents.setdefault(plain_name(agent.name), []).append(agent)
        self.any = bool(agents)
        """Whether any agent is known."""
        self._by_id = {agent.agent_id: agent for agent in agents}
        self._clear = functools.lru_cache(_REMEMBERED)(self._fits_a_name)

    @cached_property
    def _spelled(self) -> dict[str, dict[str, list[str]]]:
        """The plain names by each of their words, and these by their first letter."""
        found: dict[str, dict[str, list[str]]] = {}
        for label in self._agents:
            for word in label.split():
                found.setdefault(word[0], {}).setdefault(word, []).append(label)
        return found

    # --- which agent a name means ---

    def look_up(self, refs: Iterable[AgentRef]) -> tuple[AgentRef, ...] | AgentChoice | NoSuchAgent:
        """Return references with their ids, or what to ask back about the first name that is unclear."""
        found: set[AgentRef] = set()
        for ref in refs:
            if ref.id:
                known = self._by_id.get(ref.id)
                found.add(AgentRef(known.name, known.agent_id) if known else ref)
                continue
            result = self._by_name(ref.name)
            if isinstance(result, NoSuchAgent) and len(parts := _split(ref.name)) > 1:
                several = self.look_up([AgentRef(part) for part in parts])
                if not isinstance(several, tuple):
                    return several
                found.update(several)
            elif isinstance(result, Agent):
                found.add(AgentRef(result.name, result.agent_id))
            else:
                return result
        return merged(found)

    def _by_name(self, name: str) -> Agent | AgentChoice | NoSuchAgent:
        if name in self._by_id:
            return self._by_id[name]
        exact = [agent for agent in self._agents.get(plain_name(name), ()) if agent.name == name]
        if len(exact) == 1:
            return exact[0]
        wanted = plain_name(name[:_MAX_NAME])
        for agents, sure in self._candidates(wanted):
            if agents:
                if sure and len(agents) == 1:
                    return agents[0]
                by_name = sorted(agents, key=lambda agent: (agent.name.casefold(), agent.agent_id))
                return AgentChoice(name, tuple(by_name[:_MAX_CANDIDATES]))
        return self._nearest(name, wanted)

    def _candidates(self, wanted: str) -> Iterator[tuple[list[Agent], bool]]:
        """Yield the agents that a name may mean, the likeliest first, and whether a single one is meant."""
        for form in _forms(wanted, _SPARE_END):
            yield self._same(form), True
        for meant in (_begins, _begins_or_mistyped):
            for form in _forms(wanted):
                yield self._fitting(form, meant), True
        yield self._fitting(_group(wanted), _begins_or_mistyped), False
        for form in _forms(wanted, _SPARE_END):  # "Booking bot" need not be the Booking Hotline
            yield self._fitting(form, _begins), False

    def _same(self, form: str) -> list[Agent]:
        """Return the agents of a name, however its words are joined."""
        joined = form.replace(" ", "")
        labels = [each for each in self._agents if each.replace(" ", "") == joined]
        labels = [each for each in labels if each == form or joined.isalpha()]
        return [agent for label in labels for agent in self._agents[label]]

    def _fitting(self, form: str, meant: WordMeant) -> list[Agent]:
        """Return the agents whose names hold each word of a form."""
        words = form.split()
        named = [self._named(typed, meant) for typed in words] if len(words) <= _MAX_WORDS else []
        labels = set.intersection(*named) if named else set()
        fitting = [label for label in labels if _holds(label.split(), words, meant)]
        return [agent for label in fitting for agent in self._agents[label]]

    def _named(self, typed: str, meant: WordMeant) -> set[str]:
        """Return the plain names in which a word is meant."""
        alike = self._spelled.get(typed[0], {})
        return {label for word, labels in alike.items() if meant(typed, word) for label in labels}

    def _nearest(self, name: str, wanted: str) -> NoSuchAgent:
        """Return the agents to suggest. What only resembles a name is never taken for it."""
        alike = [
            (-weight * score, label)
            for scorer, weight in _SCORERS
            for label, score, _index in process.extract(
                wanted, [*self._agents], scorer=scorer, limit=3, score_cutoff=_SUGGEST / weight
            )
        ]
        labels = list(dict.fromkeys(label for _score, label in sorted(alike)))[:3]
        agents = [
            agent for label in labels for agent in sorted(self._agents[label], key=attrgetter("agent_id"))
        ]
        return NoSuchAgent(name, tuple(agents[:3]))

    # --- names among the words of a question ---

    def has_word(self, word: str) -> bool:
        """Whether a word stands in the name of an agent."""
        plain = plain_name(word)
        return plain in self._spelled.get(plain[:1], {})

    def whole(self, text: Text, at: int) -> list[int]:
        """Return where whole names of agents that begin at a word end, the longest name first."""
        if at >= len(text) or not self.has_word(plain_name(text.tokens[at].text).partition(" ")[0]):
            return []
        end = at
        while (
            end < len(text) and (text.word(end) or text.tokens[end].kind is Kind.MARK) and end - at < _LONGEST
        ):
            end += 1
        return [end for end in range(end, at, -1) if self._ends_at(text, at, end)]

    def _ends_at(self, text: Text, at: int, end: int) -> bool:
        """Whether words are a whole name; with a mark in or a sign after them it must be in the name, too."""
        if all(text.words[at:end]) and any(map(str.isalnum, text.words[end - 1])):
            return self.is_whole(self.name(text, at, end))
        said = text.typed(at, end)
        known = _LOST_MARKS.sub("", self._own_name(said).casefold())
        return bool(known) and known == _LOST_MARKS.sub("", said.casefold())

    def name(self, text: Text, at: int, end: int) -> str:
        """Return words as a name; "Maria's calls" are of Maria, unless an agent is called "Maria's"."""
        said = text.typed(at, end)
        if not all(text.words[at:end]) and (own := self._own_name(said)):
            return own
        owner = said[:-2] if said.endswith(_OWNER) else said
        return said if self.is_whole(said) or not self.meant(owner.split()) else owner

    def both(self, name: str) -> tuple[str, ...]:
        """Return the names that "both support agents" stands for, if there are exactly two such."""
        said = plain_name(name)
        fitting = self._fitting(_group(said), _begins_or_mistyped) if said.startswith("both ") else []
        names = {plain_name(agent.name): agent.name for agent in fitting}
        return tuple(sorted(names.values())) if len(names) == 2 else ()  # noqa: PLR2004

    def _own_name(self, name: str) -> str:
        """Return what the agent of a name is called, case and accents not looked at; "" for none."""
        known = self._agents.get(plain_name(name))
        return known[-1].name if known else ""

    def is_whole(self, name: str) -> bool:
        """Whether an agent is called so."""
        return plain_name(name) in self._agents

    def as_typed(self, name: str) -> bool:
        """Whether an agent is called exactly so."""
        return self._own_name(name) == name

    def meant(self, words: Sequence[str]) -> bool:
        """Whether words clearly name an agent, or several: each is a whole word of the name.

        One typing error in a long word is forgiven; which of several is meant is asked later. A word of at
        least three letters must be among them: a code such as “EN” says little.
        """
        return self._clear(plain_name(" ".join(words)))

    def _fits_a_name(self, said: str) -> bool:
        words = said.split()
        if not any(len(word) >= _PART and word.isalpha() for word in words):
            return False
        # of a word that is in no name, the names with one that it is mistyped for
        named = [
            {*self._spelled.get(word[0], {}).get(word, ())} or self._named(word, _mistyped_for)
            for word in words
        ]
        return all(named) and any(_holds(label.split(), words, _mistyped_for) for label in named[0])


NO_AGENTS = KnownAgents(())
"""Where the list of agents is not at hand."""
known_agents = functools.lru_cache(maxsize=4)(KnownAgents)
"""The agents there are as they are looked up: a question asks for the same ones many times."""
