"""Names without quotes: where one begins, and where it ends because something of the grammar begins."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA

from bot.query.agent_names import KnownAgents
from bot.query.call_ids import like_id
from bot.query.grammar import ANCHORS, GRAMMAR, FoundPhrase
from bot.query.phrases import Text
from bot.query.suggestions import HINTS
from bot.query.time.calendar import UNITS
from bot.query.tokens import Kind, Token, word_set
from bot.query.vocabulary import (
    BEFORE_TIME,
    CALL_NOUNS,
    ENDS_NAME,
    JOINERS,
    NAME_WORDS,
    NEGATIONS,
    NO_TOPIC,
    STOP,
)

_NAME_ENDS = word_set("for by handled answered taken per")
"""Openers, and the like, that also end the name before them."""
_LEADS = word_set("the our my agent agents assistant both either is = named called")
"""Words between “for” and an agent's name, unless they are capitalised as a part of it."""
_ASKING = word_set("show list give get export csv send")
"""Words that are in every question."""
_NOUNS = word_set("agent assistant")
"""What may stand after a name with “the” before it."""
_AGENT_KINDS = _NOUNS | word_set("bot team line")
"""What an agent may be called besides its name."""
_PREPOSITIONS = word_set("in on at by from to with over up out off")
"""Words that begin a phrase, but capitalised end a name: “Check In yesterday”."""
_NO_PART = NEGATIONS | JOINERS.keys() | _NAME_ENDS
_ENDS = ENDS_NAME | NEGATIONS | _NAME_ENDS
_WORDS_OF_A_NAME = 6
_SHORTEST_MISTYPED = 3
"""Letters from which a word may be a mistyped one."""
_LONG = 5
"""Letters from which a word that resembles one of the grammar is hardly another."""
_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,3})+")
_AHEAD = 16
"""Words that are looked at to see what a phrase would say."""
_BEFORE_UNIT = ("last", "this", "next", "past", "each", "every")


class NameReader:
    """Finds where a name begins and ends among words of the grammar."""

    def __init__(
        self, text: Text, found: Sequence[FoundPhrase | None], time_pairs: Container[int], agents: KnownAgents
    ) -> None:
        """`found` is what phrase begins at each word; `time_pairs` the positions of `since:` and the like."""
        self.text = text
        self.found = found
        self.time_pairs = time_pairs
        self.agents = agents
        self.topic = False
        """Whether what is read is what calls are about, in which a measure is only a word."""
        self._mistyped: dict[int, bool] = {}

    # --- agents ---

    def agent(self, at: int, opener: int) -> tuple[str, int] | None:
        """Read an agent's name after the words from `opener` on; an agent that is called so wins.

        A capital letter makes a word a part of the name, whatever it says elsewhere: “for Will”.
        """
        token = self.text.tokens[opener]
        capitals = token.text.islower() or (opener == 0 and token.text.istitle())  # not where all have one
        start = at
        while self.text.word(start) in _LEADS and not (capitals and _capital(self.text.tokens[start])):
            start += 1
        read = self.read(start, capitals=capitals, first=True, framed=start > at)
        ends = self.agents.whole(self.text, start)
        if not ends:
            return read
        name, end = self.agents.name(self.text, start, ends[0]), ends[0]
        if read is None:
            return name, end
        if end > read[1]:
            words = all(self.text.words[start:end])
            shorter = words and self.agents.is_whole(read[0]) and not self.agents.as_typed(name)
            return read if shorter else (name, end)
        rest = self.text.words[end : read[1]]
        if len(rest) == 1 and rest[0] in _AGENT_KINDS and self.text.tokens[end].text.islower():
            return name, read[1]  # "the Billing team"
        return (name, end) if end == read[1] or self._goes_other_ways(end) else read

    def called(self, at: int) -> tuple[str, int] | None:
        """Read the whole name of an agent, without "for", where the grammar alone would miss a part of it."""
        token = self.text.tokens[at]
        if token.kind is Kind.QUOTED and self.agents.is_whole(token.name):
            return token.name, self._after_noun(at + 1)
        for end in self.agents.whole(self.text, at):
            name = self.agents.name(self.text, at, end)
            own = [position for position in range(at, end) if self._says_nothing(position)]
            as_typed = self.agents.as_typed(name)
            shorter = own[:1] == [at] and self.agents.is_whole(self.text.tokens[at].text)
            shorter &= end > at + 1 and all(self.text.words[at:end])
            if shorter and not as_typed:  # "sales today" is of Sales, not of Sales Today
                continue
            capital = as_typed and _capital(self.text.tokens[at])
            if own or (end > at + 1 and (capital or self._asks_nothing(at, end))):
                return name, self._after_noun(end)
        return None

    def left_over(self, at: int) -> tuple[str, int] | None:
        """Read words that say nothing else and clearly name an agent: of "Support EN today" the first two.

        Where an agent is named with "for", other words are none: "refund calls for Sales".
        """
        end = at
        while end < len(self.text) and (
            self._says_nothing(end) or (end > at and self.text.word(end) in NAME_WORDS)
        ):
            end += 1
        for stop in range(min(end, at + _WORDS_OF_A_NAME), at, -1):
            name = self.agents.name(self.text, at, stop)
            if not (self._says_nothing(stop - 1) and self.agents.meant(name.split())):
                continue
            if self.agents.is_whole(name) or not self._named_elsewhere():
                return name, self._after_noun(stop)
        return None

    def _after_noun(self, at: int) -> int:
        """Return the position after the "agent" of "the Billing agent"."""
        return at + (self.text.word(at) in _AGENT_KINDS and self.text.tokens[at].text.islower())

    def _asks_nothing(self, at: int, end: int) -> bool:
        """Whether no question is made of some words but by chance: "check in"."""
        idle = all(found is None or not found.key for found in self.found[at:end])
        return idle and (CALL_NOUNS | NO_TOPIC | _ASKING).isdisjoint(self.text.words[at:end])

    def _named_elsewhere(self) -> bool:
        """Whether an agent is named with "for" or the like."""
        openers = [(at, GRAMMAR.opener(self.text, at)) for at in range(len(self.text))]
        return any(o and o[1] == "agent" and self.agent(o[0], at) is not None for at, o in openers)

    def _says_nothing(self, at: int) -> bool:
        """Whether a word says nothing in the grammar."""
        token = self.text.tokens[at]
        plain = token.kind is Kind.WORD and not token.key and at not in self.time_pairs
        return plain and self.found[at] is None and token.word not in _NO_PART and not like_id(token.text)

    def _goes_other_ways(self, at: int) -> bool:
        """Whether what follows an agent's name is no part of a longer one: "Support EN per day"."""
        before, token = self.text.tokens[at - 1], self.text.tokens[at]
        return token.word in JOINERS or (_capital(before) and token.text.isalpha() and token.text.islower())

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
            return token.name, at + 1
        if token.kind is not Kind.WORD or token.word[:1].isdecimal():
            return None
        end = self._begun(at, capitals=capitals, first=first)
        if end is None:
            return None
        while end < len(self.text) and not self.stops(end, at, capitals=capitals):
            end += 1
        while end > at and self.trailing(end - 1):
            end -= 1
        words = [t.text for t in self.text.tokens[at:end] if t.kind is Kind.WORD]
        if framed and len(words) > 1 and words[-1] in _NOUNS:
            words.pop()
        name = " ".join(words)
        return (name, end) if any(c.isalnum() for c in name) else None

    def stops(self, at: int, start: int, *, capitals: bool = False) -> bool:
        """Whether a name that began at `start` ends before a word."""
        if self._ends_name(at, capitals=capitals) or (
            self.topic and at > start and self.text.word(at) == "or"
        ):
            return True
        if at == start:
            return False
        if self.is_mistyped(at):
            return True
        token, opener = self.text.tokens[at], GRAMMAR.opener(self.text, at)
        searched = opener is not None and opener[1] == "search"
        return token.text.islower() and (searched or (token.word in UNITS and len(token.word) > 1))

    def trailing(self, at: int) -> bool:
        """Whether a word at the end of a name is none of it; the "A" of "Team A" is."""
        word = self.text.word(at)
        return word in JOINERS or (word in NAME_WORDS and self.text.tokens[at].text != "A")

    def _begun(self, at: int, *, capitals: bool, first: bool) -> int | None:
        """Return how far a name surely goes that begins here; None where none does."""
        if first and self._part_by_capital(at) and (capitals or self.text.word(at) not in NO_TOPIC):
            return at + 1
        if not self._ends_name(at, capitals=capitals):
            return at
        found = self.found[at]  # words of the grammar may begin a name: the "German" of "for German Support"
        if found is None or found.key in {"", "time"} or found.problem is not None:
            return None
        begins = self.text.word(at) not in NEGATIONS and found.end < len(self.text)
        if not begins or self.stops(found.end, at, capitals=capitals):
            return None
        return found.end if self.text.word(found.end) not in NAME_WORDS | JOINERS.keys() else None

    def _part_by_capital(self, at: int) -> bool:
        """Whether a capital letter makes a word that says nothing a part of a name."""
        token, found = self.text.tokens[at], self.found[at]
        idle = found is not None and not found.clears and (not found.key or token.word in _PREPOSITIONS)
        return idle and token.word not in JOINERS and _capital(token) and at not in self.time_pairs

    def _ends_name(self, at: int, *, capitals: bool) -> bool:
        token, found = self.text.tokens[at], self.found[at]
        if token.kind is not Kind.WORD or at in self.time_pairs or like_id(token.text):
            return True
        if self._only_word(at):
            return not (self.topic or (capitals and _capital(token)))
        if token.word in JOINERS:  # "Sales and Returns" is one name, "Sales and inbound" is not
            return at + 1 >= len(self.text) or self._ends_name(at + 1, capitals=capitals)
        if token.word in NAME_WORDS:
            return found is not None and bool(found.key)
        if at and capitals and not self.text.tokens[at - 1].closed and self._part_by_capital(at):
            return False
        return token.word in _ENDS or (found is not None and (bool(found.key) or token.word not in STOP))

    def _only_word(self, at: int) -> bool:
        """Whether a word is one of a name although it says more elsewhere: "version 2.1" is no date."""
        found, before = self.found[at], self.text.word(at - 1)
        if _VERSION.fullmatch(self.text.word(at)):
            return before.isalpha() and before not in BEFORE_TIME | _PREPOSITIONS
        return found is not None and found.key == "refused" and found.end == at + 1

    # --- typing errors ---

    def is_mistyped(self, at: int) -> bool:
        """Whether a word is a mistyped one of the grammar, so that it is no part of a name."""
        if at not in self._mistyped:
            self._mistyped[at] = self._look_mistyped(at)
        return self._mistyped[at]

    def _look_mistyped(self, at: int) -> bool:
        token = self.text.tokens[at]
        if len(token.word) < _SHORTEST_MISTYPED or not token.word.isalpha():
            return False
        if self.agents.has_word(token.word):
            return False
        if self.text.word(at + 1) in UNITS:  # "lst week"
            return any(OSA.distance(token.word, known, score_cutoff=1) <= 1 for known in _BEFORE_UNIT)
        return any(self._could_stand(known, at) for known in GRAMMAR.vocabulary.one_error_from(token.word))

    def _could_stand(self, known: str, at: int) -> bool:
        """Whether a known word could stand in place of a word.

        A long one does so alone, a short one with what follows: "sinc monday". At the end of a name one that
        is nearly as long does, too, and where the agents are known any: none of them has the word.
        """
        token = self.text.tokens[at]
        anchor = known in ANCHORS
        shorter, longer = sorted((len(token.word), len(known)))
        if anchor and shorter >= _LONG:
            return True
        if token.text[:1].isupper() and not self.agents:  # "for Support Rom today": who knows?
            return False
        near = (shorter, longer) >= ((_SHORTEST_MISTYPED, _LONG - 1) if self.agents else (_LONG - 1, _LONG))
        if anchor and near and self._nothing_after(at):
            return True
        right = replace(token, text=known, word=known)
        found = GRAMMAR.find(Text((right, *self.text.tokens[at + 1 : at + _AHEAD])), 0)
        return found is not None and bool(found.key) and found.end > 1

    def _nothing_after(self, at: int) -> bool:
        """Whether a name ends with a word: nothing stands after it, or something of the grammar."""
        if at + 1 >= len(self.text) or self.text.tokens[at + 1].kind is not Kind.WORD:
            return True
        found = self.found[at + 1]
        return found is not None and bool(found.key)

    def nearest(self, at: int) -> tuple[str, ...]:
        """Return the words that a mistyped one was meant to be; a capital letter makes it no name."""
        word = self.text.word(at)
        return () if word in HINTS or not self.is_mistyped(at) else GRAMMAR.vocabulary.nearest(word)


def _capital(token: Token) -> bool:
    return token.kind is Kind.WORD and token.text[:1].isupper()
