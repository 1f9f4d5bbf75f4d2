"""What a text says: what is being read, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.query.call_ids import CallRef
from bot.query.filters import BY_KEY
from bot.query.filters.language import code_of
from bot.query.grammar import GRAMMAR
from bot.query.query import Query
from bot.query.suggestions import ALONE, HINTS
from bot.query.time.calendar import Clock
from bot.query.values import Misread, Value

MAX_SUGGESTED = 5
"""Unknown words that get suggestions; of more, the text is not a question anyway."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that was not understood, as typed, with the closest known ones."""

    word: str
    nearest: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    """Of a value that is like no known one: all there are, as `key:value`."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says. It may be answered only if `unknown` and `problems` are empty."""

    query: Query
    unknown: tuple[Unknown, ...] = ()
    problems: tuple[str, ...] = ()
    """What cannot be, one sentence each with the reason and a next step."""
    special: str | None = None
    """"help", "help filters" or "agents": the text is a command."""
    ids: tuple[CallRef, ...] = ()
    """Calls named by an id or a link."""
    kept: tuple[str, ...] = ()
    """In a follow-up: what stays of the question before, in words."""

    @property
    def understood(self) -> bool:
        """Whether every word was understood and can be."""
        return not self.unknown and not self.problems


@dataclass
class Draft:
    """What has been read so far."""

    clock: Clock
    values: dict[str, Value] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ids: list[CallRef] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    """Filters that the text says are no longer wanted."""
    words: bool = False
    """Whether there was anything to read."""

    @property
    def said_nothing(self) -> bool:
        """Whether there were words, and none of them asked for anything."""
        return self.words and not (self.values or self.unknown or self.problems or self.ids or self.cleared)

    def add(self, key: str, value: Value, joiner: str, *, negated: bool) -> None:
        """Take in one filter's value."""
        which = BY_KEY[key]
        try:
            if negated:
                value = which.negate(value)
            old = self.values.get(key)
            self.values[key] = value if old is None else which.merge(old, value, joiner)
        except Misread as problem:
            self.problem(problem)

    def problem(self, problem: Misread) -> None:
        """Note what cannot be, once."""
        if str(problem) not in self.problems:
            self.problems.append(str(problem))

    def not_understood(
        self,
        word: str,
        nearest: tuple[str, ...] | None = None,
        possible: tuple[str, ...] = (),
        *,
        sign: str = "",
    ) -> None:
        """Note a word that was not understood; `sign` is a minus glued to it, and to what is suggested."""
        if nearest is None:
            few = len(self.unknown) < MAX_SUGGESTED
            nearest = HINTS.get(word.casefold()) or (self._suggest(word) if few else ())
        if sign:
            nearest = tuple(
                _with_sign(sign, each) for each in nearest if " " not in each and each not in ALONE
            )
        self.unknown.append(Unknown(sign + word, nearest, possible))

    @staticmethod
    def _suggest(word: str) -> tuple[str, ...]:
        """Return what may have been meant: the closest words; for others how a name, or a topic, is said."""
        if word[0] in '"“„«' and len(word) <= 60:  # noqa: PLR2004 - longer ones are no names
            return (f"for {word}", f"about {word}")
        word = word[:-2] if word.endswith(("'s", "’s")) else word  # noqa: RUF001 - phones type the second
        folded = word.casefold()
        if len(word) == 2 and (code := code_of(folded)):  # noqa: PLR2004 - a language's code
            return (f"lang:{code}",)
        close = GRAMMAR.vocabulary.nearest(folded)
        if not word.isalpha() or len(word) < 3 or len(word) > 40:  # noqa: PLR2004 - no name, nothing to talk about
            return close
        if word[0].isupper() and not (close and GRAMMAR.vocabulary.is_close(folded, close[0])):
            return (f"for {word}", f'about "{word}"')
        return close or (f'about "{word}"',)

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


def _with_sign(sign: str, word: str) -> str:
    """Return a suggestion with a minus in front; two take each other away."""
    return word[1:] if word.startswith("-") else sign + word


def finish(draft: Draft, values: dict[str, Value], kept: tuple[str, ...] = ()) -> Parsed:
    """Return what a draft comes to."""
    return Parsed(
        query=Query.of(values, draft.clock.zone),
        unknown=tuple(draft.unknown),
        problems=tuple(draft.problems),
        ids=tuple(dict.fromkeys(draft.ids)),
        kept=kept,
    )
