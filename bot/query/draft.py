"""What has been read of a text so far: values of filters, words not understood, what cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from bot.query.agent_names import KnownAgents
from bot.query.call_ids import CallRef
from bot.query.filters import BY_KEY
from bot.query.grammar import VOCABULARY, FoundPhrase
from bot.query.time.calendar import Clock
from bot.query.values import AgentRef, Also, Choice, Compared, Misread, Unknown, Value
from bot.query.vocabulary import HINTS, excluded

_MAX_SUGGESTED = 5
"""Unknown words that get suggestions; of more, the text is not a question anyway."""

_DIFFERENT_FILTERS = (
    "“or” joins values of one filter, such as “failed or unknown”, not different filters: "
    "ask the two questions one after the other."
)


@dataclass
class Draft:
    """What has been read so far; a “not”, an “or” or an “instead of” waits for what follows it."""

    clock: Clock
    agents: KnownAgents
    """Those there are, if they are known."""
    values: dict[str, Value] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ids: list[CallRef] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    """Filters that the text says are no longer wanted."""
    corrected: list[tuple[str, str]] = field(default_factory=list)
    """Words with a typing error, as typed and as read."""
    contrasts: list[tuple[str, str, Value]] = field(default_factory=list)
    """“instead of failed”: the words, the filter, and what is not wanted of it."""
    negation: str = ""
    contrast: str = ""
    """As typed, until something follows."""
    joiner: str = ""
    """"or", "and", "," or "", until something follows."""
    last_key: str = ""
    last_negated: bool = False
    last_contrast: str = ""
    """Of what was read last: its filter, and what it was said with."""

    def problem(self, problem: Misread | str) -> None:
        """Note what cannot be, once."""
        if str(problem) not in self.problems:
            self.problems.append(str(problem))

    def add(self, key: str, value: object, *, negated: bool = False) -> None:
        """Take in one filter's value, with the “not” and the “or” that stood before it."""
        if isinstance(value, Also):
            for which_key, each in value.values:
                self.add(which_key, each, negated=negated)
            return
        joiner = self.joiner if self.last_key == key else ""
        carried = bool(self.negation) or (bool(joiner) and self.last_negated)  # "not german or french"
        which, new, old = BY_KEY[key], cast("Value", value), self.values.get(key)
        compared = isinstance(new, Compared)  # “inbound vs outbound” joins both
        if not compared and self.joiner == "or" and self.last_key and self.last_key != key:
            self.problem(_DIFFERENT_FILTERS)
        if key == "agent" and isinstance(new, Choice) and (both := self.agents.both(new.wanted[0].label)):
            new = Choice((tuple(map(AgentRef, both)),))
        contrast = self.contrast or (self.last_contrast if joiner in {"or", "and"} else "")
        if contrast and not compared:
            self.contrasts.append((contrast, key, new))
            self.contrast, self.last_contrast, self.joiner, self.last_key = "", contrast, "", key
            return
        try:
            if not compared and (negated or carried):
                new = which.negate(new)
            self.values[key] = new if old is None else which.merge(old, new, joiner)
        except Misread as problem:
            self.problem(problem)
        if isinstance(new, Compared):
            self.joiner = "or" if new.vague else ""
            return
        self.negation = self.joiner = self.last_contrast = ""
        self.last_key, self.last_negated = key, carried

    def add_named(self, key: str, named: tuple[str, int] | None, *, negated: bool = False) -> int:
        """Take in a name, if there is one; returns the position after it, or 0."""
        if named is None:
            return 0
        self.add(key, BY_KEY[key].named(named[0]), negated=negated)
        return named[1]

    def add_either(self, key: str, names: Sequence[str], end: int) -> int:
        """Take in names of which any will do; returns the position after them, or 0."""
        for name in names:
            self.add(key, BY_KEY[key].named(name))
            self.joiner = "or"
        self.joiner = "" if names else self.joiner
        return end if names else 0

    def add_phrase(self, found: FoundPhrase) -> int:
        """Take in what a phrase says; returns the position after it."""
        if found.problem is not None:
            self.problem(found.problem)
            self.negation = self.joiner = ""
        else:
            self.add(found.key, found.value)
        return found.end

    def not_known(self, word: str, nearest: tuple[str, ...] = (), *, sign: str = "") -> None:
        """Note a word that was not understood; `sign` is a minus glued to it, and to what is suggested."""
        nearest = nearest or HINTS.get(word.casefold(), ())
        if not nearest and len(self.unknown) < _MAX_SUGGESTED:
            nearest = VOCABULARY.suggest(word)
        self.unknown.append(Unknown(sign + word, excluded(nearest, sign) if sign else nearest))

    def drop_negation(self) -> None:
        """Name a "not" or an "instead of" that nothing followed."""
        self.unknown += [Unknown(words) for words in (self.negation, self.contrast) if words]
        self.negation = self.contrast = ""

    def settled(self) -> dict[str, Value]:
        """Return the values once all is read."""
        settled: dict[str, Value] = {}
        for key, value in self.values.items():
            try:
                final = BY_KEY[key].settle(value, self.clock)
            except Misread as problem:
                self.problem(problem)
                continue
            if final is not None:
                settled[key] = final
        return settled

    def check_contrasts(self) -> None:
        """Name an “instead of” where nothing else of its filter is asked for."""
        for words, key, value in self.contrasts:
            if self.values.get(key, value) == value:
                said = f"{words} {BY_KEY[key].readable(value)}"
                self.problem(
                    f"“{said}” leaves open what is wanted: name it too, such as “successful {words} failed”."
                )
