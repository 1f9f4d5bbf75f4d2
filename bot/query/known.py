"""The agents there are, as names that may stand in a question: with “for” before them, or without."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Agent
from bot.query.likeness import holds, mistyped_for, plain
from bot.query.phrases import Text
from bot.query.tokens import Kind

_LONGEST = 8
"""Words of a name that are looked for in a question."""
_OWNER = ("'s", "’s")  # noqa: RUF001 - phones type the second
_TELLING = 3
"""Letters of a word that alone may tell which agent is meant: a code such as “EN” says little."""


class KnownAgents:
    """Finds names of agents among the words of a question."""

    def __init__(self, agents: Sequence[Agent]) -> None:
        self._names = {plain(agent.name): agent.name for agent in agents}
        self._by_word: dict[str, list[list[str]]] = {}
        self._firsts: set[str] = set()
        for name in self._names:
            label = name.split()
            self._firsts.update(label[:1])
            for word in set(label):
                self._by_word.setdefault(word, []).append(label)
        self._clear: dict[str, bool] = {}
        self._meant: dict[str, list[str]] = {}

    def __bool__(self) -> bool:
        """Whether any agent is known."""
        return bool(self._names)

    def has_word(self, word: str) -> bool:
        """Whether a word stands in the name of an agent."""
        return plain(word) in self._by_word

    def whole(self, text: Text, at: int) -> list[int]:
        """Return where whole names of agents that begin at a word end, the longest name first."""
        if not self._names or at >= len(text) or not _starts(text, at, self._firsts):
            return []
        return [end for end in _ends(text, at) if self.is_whole(self.name(text, at, end))]

    def name(self, text: Text, at: int, end: int) -> str:
        """Return words as a name; "Maria's calls" are of Maria, unless an agent is called "Maria's"."""
        said = " ".join(token.text for token in text.tokens[at:end])
        owner = said[:-2] if said.endswith(_OWNER) else said
        return said if self.is_whole(said) or not self.meant(owner.split()) else owner

    def is_whole(self, name: str) -> bool:
        """Whether an agent is called so, case and accents not looked at."""
        return plain(name) in self._names

    def as_typed(self, name: str) -> bool:
        """Whether an agent is called exactly so."""
        return self._names.get(plain(name)) == name

    def meant(self, words: Sequence[str]) -> bool:
        """Whether words clearly name an agent, or several: each is a whole word of the name.

        One typing error in a long word is forgiven; which of several is meant is asked later.
        """
        said = plain(" ".join(words))
        if said not in self._clear:
            self._clear[said] = self._holds(said.split())
        return self._clear[said]

    def _holds(self, typed: list[str]) -> bool:
        if not any(len(word) >= _TELLING and word.isalpha() for word in typed):
            return False
        if not all(self._words_meant(word) for word in typed):
            return False
        labels = (label for word in self._words_meant(typed[0]) for label in self._by_word[word])
        return any(holds(label, typed, mistyped_for) for label in labels)

    def _words_meant(self, typed: str) -> list[str]:
        """Return the words of names that a word means: the same, or what it is mistyped for."""
        if typed not in self._meant:
            same = [typed] if typed in self._by_word else []
            self._meant[typed] = same or [word for word in self._by_word if mistyped_for(typed, word)]
        return self._meant[typed]


def _starts(text: Text, at: int, firsts: set[str]) -> bool:
    """Whether a word can begin a name, so that the others cost nothing."""
    words = plain(text.tokens[at].text).split()
    return bool(words) and words[0] in firsts


def _ends(text: Text, at: int) -> range:
    """Return where words in a row may end, the farthest first."""
    end = at
    while end < len(text) and end - at < _LONGEST and text.tokens[end].kind is Kind.WORD:
        end += 1
    return range(end, at, -1)
