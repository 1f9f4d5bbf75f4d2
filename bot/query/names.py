"""Names without quotes: they go on until a known phrase begins."""

from __future__ import annotations

from collections.abc import Container, Sequence

from bot.query.call_ids import like_id
from bot.query.grammar import GRAMMAR, Found
from bot.query.known import KnownAgents
from bot.query.phrases import Text
from bot.query.slips import Slips
from bot.query.time.calendar import UNITS
from bot.query.tokens import Kind, Token, item_text
from bot.query.vocabulary import CALL_NOUNS, ENDS_NAME, JOINERS, NAME_WORDS, NEGATIONS, NO_TOPIC, STOP

_NAME_ENDS = frozenset({"for", "by", "handled", "answered", "taken", "per"})
"""Openers, and the like, that also end the name before them."""
_LEADS = frozenset(
    {"the", "our", "my", "agent", "agents", "assistant", "both", "either", "is", "=", "named", "called"}
)
"""Words between “for” and an agent's name, unless they are capitalised as a part of it."""
_ASKING = frozenset({"show", "list", "give", "get", "export", "csv", "send"})
"""Words that are in every question."""
_NOUNS = frozenset({"agent", "assistant"})
"""What may stand after a name with “the” before it."""
_KINDS = _NOUNS | {"bot", "team", "line"}
"""What an agent may be called besides its name."""
_PREPOSITIONS = frozenset({"in", "on", "at", "by", "from", "to", "with", "over", "up", "out", "off"})
"""Words that begin a phrase, but capitalised end a name: “Check In yesterday”."""


class NameReader:
    """Finds where a name begins and ends among words of the grammar."""

    def __init__(
        self, text: Text, found: Sequence[Found | None], typed: Container[int], agents: KnownAgents
    ) -> None:
        """`found` is what phrase begins at each word; `typed` the positions of `since:` and the like."""
        self.text = text
        self.found = found
        self.typed = typed
        self.agents = agents
        self.slips = Slips(text, found, agents)

    # --- agents ---

    def agent(self, at: int, opener: int) -> tuple[str, int] | None:
        """Read an agent's name after the words from `opener` on; an agent that is called so wins.

        A capital letter makes a word a part of the name, whatever it says elsewhere: “for Will”.
        """
        capitals = self._capitals_tell(opener)
        start = at
        while self.text.word(start) in _LEADS and not (capitals and _capital(self.text.tokens[start])):
            start += 1
        read = self.read(start, capitals=capitals, first=True, framed=start > at)
        ends = self.agents.whole(self.text, start)
        if not ends:
            return read
        if read is None:
            return self.said(start, ends[0]), ends[0]
        longer = ends[0] > read[1]
        if longer and self.agents.is_whole(read[0]) and not self.agents.as_typed(self.said(start, ends[0])):
            return read
        rest = self.text.words[ends[0] : read[1]]
        if len(rest) == 1 and rest[0] in _KINDS and self.text.tokens[ends[0]].text.islower():
            return self.said(start, ends[0]), read[1]  # "the Billing team"
        if ends[0] >= read[1] or self._goes_other_ways(ends[0]):
            return self.said(start, ends[0]), ends[0]
        return read

    def called(self, at: int) -> tuple[str, int] | None:
        """Read the whole name of an agent, without "for", where the grammar alone would miss a part of it."""
        for end in self.agents.whole(self.text, at):
            name = self.agents.name(self.text, at, end)
            own = [n for n in range(at, end) if self._leftover(n)]
            shorter = end > at + 1 and own[:1] == [at] and self.agents.is_whole(self.said(at, at + 1))
            if shorter and not self.agents.as_typed(name):  # "sales today" is of Sales, not of Sales Today
                continue
            typed = self.agents.as_typed(name) and _capital(self.text.tokens[at])
            if own or (end > at + 1 and (typed or self._idle(at, end))):
                return name, self._after_noun(end)
        return None

    def _after_noun(self, at: int) -> int:
        """Return the position after the "agent" of "the Billing agent"."""
        return at + (self.text.word(at) in _NOUNS and self.text.tokens[at].text.islower())

    def _idle(self, at: int, end: int) -> bool:
        """Whether words ask for nothing, and no question is made of them but by chance: "check in"."""
        found = self.found[at:end]
        words = set(self.text.words[at:end])
        return all(f is None or not f.key for f in found) and not words & (CALL_NOUNS | NO_TOPIC | _ASKING)

    def left_over(self, at: int) -> tuple[str, int] | None:
        """Read words that say nothing else and clearly name an agent: of "Support EN today" the first two.

        Where an agent is named with "for", other words are none: "refund calls for Sales".
        """
        end = at
        while end < len(self.text) and (
            self._leftover(end) or (end > at and self.text.word(end) in NAME_WORDS)
        ):
            end += 1
        for stop in range(min(end, at + 6), at, -1):
            name = self.agents.name(self.text, at, stop)
            if not (self._leftover(stop - 1) and self.agents.meant(name.split())):
                continue
            if self.agents.is_whole(name) or not self._named_elsewhere():
                return name, self._after_noun(stop)
        return None

    def _named_elsewhere(self) -> bool:
        """Whether an agent is named with "for" or the like."""
        openers = [(at, GRAMMAR.opener(self.text, at)) for at in range(len(self.text))]
        return any(o and o[1] == "agent" and self.agent(o[0], at) is not None for at, o in openers)

    def _leftover(self, at: int) -> bool:
        """Whether a word says nothing in the grammar."""
        token = self.text.tokens[at]
        plain = token.kind is Kind.WORD and not token.key and at not in self.typed and not like_id(token.text)
        return plain and self.found[at] is None and token.word not in NEGATIONS | JOINERS.keys() | _NAME_ENDS

    def _goes_other_ways(self, at: int) -> bool:
        """Whether what follows an agent's name is no part of a longer one: "Support EN per day"."""
        before, token = self.text.tokens[at - 1], self.text.tokens[at]
        return token.word in JOINERS or (_capital(before) and token.text.isalpha() and token.text.islower())

    def said(self, at: int, end: int) -> str:
        """Return words as typed."""
        return " ".join(token.text for token in self.text.tokens[at:end])

    def _capitals_tell(self, opener: int) -> bool:
        """Whether a capital letter says something: not where all words have one."""
        token = self.text.tokens[opener]
        return token.text.islower() or (opener == 0 and token.text.istitle())

    # --- any name ---

    def read(
        self, at: int, *, capitals: bool = False, first: bool = False, framed: bool = False
    ) -> tuple[str, int] | None:
        """Read a name, quoted or up to a known phrase; returns it with the position after it.

        With `capitals` a capitalised word that says nothing else belongs to it; a `first` one does anyway.
        `framed`: "the" stood before it, so that an "agent" after it is none of its words.
        """
        if at >= len(self.text):
            return None
        token = self.text.tokens[at]
        if token.kind is Kind.QUOTED:
            return item_text(token.items[0]), at + 1
        if token.kind is not Kind.WORD or token.word[:1].isdecimal():
            return None
        begun = self._begun(at, capitals=capitals, first=first)
        if begun is None:
            return None
        end = begun
        while end < len(self.text) and not self.stops(end, at, capitals=capitals):
            end += 1
        while end > at and self.trailing(end - 1):
            end -= 1
        if end == at:
            return None
        words = [t.text for t in self.text.tokens[at:end] if t.kind is Kind.WORD]
        if framed and len(words) > 1 and words[-1] in _NOUNS:
            words.pop()
        name = " ".join(words)
        return (name, end) if any(c.isalnum() for c in name) else None

    def _begun(self, at: int, *, capitals: bool, first: bool) -> int | None:
        """Return how far a name surely goes that begins here; None where none does."""
        if first and self._own(at, capitals=True) and (capitals or self.text.word(at) not in NO_TOPIC):
            return at + 1
        if not self._ends_name(at, capitals=capitals):
            return at
        lead = self._lead_in(at, capitals=capitals)
        return lead if lead > at else None

    def _own(self, at: int, *, capitals: bool) -> bool:
        """Whether a capital letter makes a word that says nothing a part of a name."""
        token, found = self.text.tokens[at], self.found[at]
        idle = found is not None and not found.clears and (not found.key or token.word in _PREPOSITIONS)
        return capitals and idle and token.word not in JOINERS and _capital(token) and at not in self.typed

    def stops(self, at: int, start: int, *, capitals: bool) -> bool:
        """Whether a name that began at `start` ends before a word."""
        if self._ends_name(at, capitals=capitals):
            return True
        if at == start:
            return False
        token = self.text.tokens[at]
        opener = GRAMMAR.opener(self.text, at)
        searched = opener is not None and opener[1] == "search"
        unit = token.word in UNITS and len(token.word) > 1
        return self.slips.at(at) or (token.text.islower() and (searched or unit))

    def trailing(self, at: int) -> bool:
        """Whether a word at the end of a name is none of it; the "A" of "Team A" is."""
        word = self.text.word(at)
        return word in JOINERS or (word in NAME_WORDS and self.text.tokens[at].text != "A")

    def _ends_name(self, at: int, *, capitals: bool = False) -> bool:
        token = self.text.tokens[at]
        if token.kind is not Kind.WORD or at in self.typed or like_id(token.text):
            return True
        found = self.found[at]
        if token.word in JOINERS:  # "Sales and Returns" is one name, "Sales and inbound" is not
            return at + 1 >= len(self.text) or self._ends_name(at + 1, capitals=capitals)
        if token.word in NAME_WORDS:
            return found is not None and bool(found.key)
        if at and self._own(at, capitals=capitals and not self.text.tokens[at - 1].closed):
            return False
        return token.word in ENDS_NAME | NEGATIONS | _NAME_ENDS or (
            found is not None and (bool(found.key) or token.word not in STOP)
        )

    def _lead_in(self, at: int, *, capitals: bool) -> int:
        """Return the end of grammar words that begin a name: the "German" of "for German Support"."""
        found = self.found[at]
        if (
            found is None
            or not found.key
            or found.key == "time"
            or found.problem is not None
            or self.text.word(at) in NEGATIONS
        ):
            return at
        end = found.end
        if end >= len(self.text) or self.stops(end, at, capitals=capitals):
            return at
        return end if self.text.word(end) not in NAME_WORDS | JOINERS.keys() else at


def _capital(token: Token) -> bool:
    return token.kind is Kind.WORD and token.text[:1].isupper()
