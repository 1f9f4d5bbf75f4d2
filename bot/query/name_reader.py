"""Names and topics without quotes: where one begins, and where it ends as something of the grammar begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from rapidfuzz.distance import OSA

from bot.query.agent_names import KnownAgents
from bot.query.grammar import ANCHORS, VOCABULARY, QuestionText
from bot.query.keys_and_ids import ids_in, like_id
from bot.query.time.calendar import UNITS
from bot.query.tokens import Kind, Token, word_set
from bot.query.values import Misread
from bot.query.vocabulary import (
    BEFORE_TIME,
    CALL_NOUNS,
    ENDS_NAME,
    HINTS,
    JOINERS,
    NAME_WORDS,
    NEGATIONS,
    NEVER_SAID,
    NO_TOPIC,
    NOISE,
    STOP,
)

_NAME_ENDS = word_set("for by handled answered taken per")
"""Openers, and the like, that also end the name before them."""
_LEADS = word_set("the our my agent agents assistant both either is = named called")
"""Words between “for” and an agent's name, unless they are capitalised as a part of it."""
_ASKING = word_set("show list give get export csv send")
"""Words that are in every question."""
_MODALS = word_set("will can could would might must")
_NOUNS = word_set("agent assistant")
"""What may stand after a name with “the” before it."""
_AGENT_KINDS = _NOUNS | word_set("bot team line")
"""What an agent may be called besides its name."""
_PREPOSITIONS = word_set("in on at by from to with over up out off")
"""Words that begin a phrase, but capitalised end a name: “Check In yesterday”."""
_NO_PART = NEGATIONS | JOINERS.keys() | _NAME_ENDS
_ENDS = ENDS_NAME | NEGATIONS | _NAME_ENDS
_WORDS_OF_A_NAME = 6
_SHORTEST = 3
"""Letters from which a word may be a mistyped one, or a topic."""
_LONG = 5
"""Letters from which a word that resembles one of the grammar is hardly another."""
_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,3})+")
_AHEAD = 16
"""Words that are looked at to see what a phrase would say."""
_BEFORE_UNIT = ("last", "this", "next", "past", "each", "every")
_TELLING = word_set("tell know learn hear info information something details more")
"""Words before an “about” that only introduces what is asked for."""
_POINTING = word_set("this that these those")
"""Words that point to what stands after them: "those that failed"; alone they are nothing to look for."""
_ASKED_FOR = word_set("all any each every some both either how what which who where when my our")
"""Words after an “about” that begin what is asked for: "a report about all failed calls"."""
_SAYING = NEVER_SAID | NEGATIONS | {word for word, same in HINTS.items() if same != (f'about "{word}"',)}
"""Words that say something else, or that nobody looks for."""
_ENDS_TOPIC = NEGATIONS | JOINERS.keys() | NO_TOPIC | CALL_NOUNS


@dataclass
class NameReader:
    """Finds where a name, or what calls are about, begins and ends among words of the grammar."""

    text: QuestionText
    agents: KnownAgents
    topic: bool = field(default=False, init=False)
    """Whether what is read is what calls are about, in which a measure is only a word."""
    _mistyped: dict[int, bool] = field(default_factory=dict, init=False)

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
        if not ends:  # "for the team" names nobody
            return None if read and read[0] in NOISE else read
        name, end = self.agents.name(self.text, start, ends[0]), ends[0]
        if read is None:
            return name, end
        if end > read[1]:
            words = all(self.text.words[start:end])
            shorter = words and self.agents.is_whole(read[0]) and not self.agents.as_typed(name)
            return read if shorter else (name, end)
        if end == read[1]:
            return name, end
        following = self.text.tokens[end]
        if read[1] == end + 1 and following.word in _AGENT_KINDS and following.text.islower():
            return name, read[1]  # "the Billing team"
        small = _capital(self.text.tokens[end - 1]) and following.text.isalpha() and following.text.islower()
        return (name, end) if small or following.word in JOINERS else read  # "Support EN per day"

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
            idle = not any(map(self.text.key, range(at, end)))  # but by chance: "check in"
            idle &= (CALL_NOUNS | NO_TOPIC | _ASKING).isdisjoint(self.text.words[at:end])
            begins = at == 0 and token.word in _MODALS and self.text.key(1) not in {"", "refused"}
            alone = (begins or len(self.text) == 1) and not self.text.key(at)  # “Will”, “Will failed calls”
            named = as_typed and (alone or (self.text.capital_inside(at) and self._part_by_capital(at)))
            if own or named or (end > at + 1 and (capital or idle)):
                return name, self._after_noun(end)
        return None

    def left_over(self, at: int) -> tuple[str, int] | None:
        """Read words that name an agent and say nothing else, unless one is named with "for" elsewhere."""
        if not self.agents.any:
            return None
        end = at
        while end < min(len(self.text), at + _WORDS_OF_A_NAME) and (
            self._says_nothing(end) or (end > at and self.text.word(end) in NAME_WORDS)
        ):
            end += 1
        for stop in range(end, at, -1):
            name = self.agents.name(self.text, at, stop)
            if not (self._says_nothing(stop - 1) and self.agents.meant(name.split())):
                continue
            if self.agents.is_whole(name) or not self._names_an_agent:
                return name, self._after_noun(stop)
        return None

    @cached_property
    def _names_an_agent(self) -> bool:
        """Whether an agent is named with "for"."""
        openers = [(at, opener) for at in range(len(self.text)) if (opener := self.text.opener(at))]
        return any(key == "agent" and self.agent(end, at) for at, (end, key) in openers)

    def _after_noun(self, at: int) -> int:
        """Return the position after the "agent" of "the Billing agent"."""
        return at + (self.text.word(at) in _AGENT_KINDS and self.text.tokens[at].text.islower())

    def _says_nothing(self, at: int) -> bool:
        """Whether a word says nothing in the grammar."""
        token = self.text.tokens[at]
        plain = token.kind is Kind.WORD and not token.key and at not in self.text.time_pairs
        idle = plain and self.text.found(at) is None and token.word not in _NO_PART
        return idle and not like_id(token.text)

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
        ends = self._ends_name(at, capitals=capitals)
        if ends or at == start:
            return ends
        if self.is_mistyped(at) or (self.topic and self.text.word(at) == "or"):
            return True
        token, opener = self.text.tokens[at], self.text.opener(at)
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
        found = self.text.found(at)  # words of the grammar may begin a name: "for German Support"
        if found is None or found.key in {"", "time"} or found.problem is not None:
            return None
        begins = self.text.word(at) not in NEGATIONS and found.end < len(self.text)
        if not begins or self.stops(found.end, at, capitals=capitals):
            return None
        return found.end if self.text.word(found.end) not in NAME_WORDS | JOINERS.keys() else None

    def _part_by_capital(self, at: int) -> bool:
        """Whether a capital letter makes a word that says nothing a part of a name."""
        token, found = self.text.tokens[at], self.text.found(at)
        idle = found is not None and not found.clears and (not found.key or token.word in _PREPOSITIONS)
        return idle and token.word not in JOINERS and _capital(token) and at not in self.text.time_pairs

    def _ends_name(self, at: int, *, capitals: bool) -> bool:
        token, found = self.text.tokens[at], self.text.found(at)
        if token.kind is not Kind.WORD or at in self.text.time_pairs or like_id(token.text):
            return True
        if self._only_word(at):
            return not (self.topic or (capitals and _capital(token)))
        if token.word in JOINERS:  # "Sales and Returns" is one name, "Sales and inbound" is not
            return at + 1 >= len(self.text) or self._ends_name(at + 1, capitals=capitals)
        if token.word in NAME_WORDS:
            return bool(self.text.key(at))
        if at and capitals and not self.text.tokens[at - 1].closed and self._part_by_capital(at):
            return False
        return token.word in _ENDS or (found is not None and (bool(found.key) or token.word not in STOP))

    def _only_word(self, at: int) -> bool:
        """Whether a word is one of a name although it says more elsewhere: "version 2.1" is no date."""
        found, before = self.text.found(at), self.text.word(at - 1)
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
        word = self.text.tokens[at].word
        if len(word) < _SHORTEST or not word.isalpha() or self.agents.has_word(word):
            return False
        if self.text.word(at + 1) in UNITS:  # "lst week"
            return any(OSA.distance(word, known) <= 1 for known in _BEFORE_UNIT)
        return any(self._could_stand(known, at) for known in VOCABULARY.one_error_from(word))

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
        if token.text[:1].isupper() and not self.agents.any:  # "for Support Rom today": who knows?
            return False
        near = (shorter, longer) >= ((_SHORTEST, _LONG - 1) if self.agents.any else (_LONG - 1, _LONG))
        if anchor and near and (not self.text.word(at + 1) or self.text.key(at + 1)):
            return True  # the name ends with it
        right = replace(token, text=known, word=known)
        found = QuestionText((right, *self.text.tokens[at + 1 : at + _AHEAD])).found(0)
        return found is not None and bool(found.key) and found.end > 1

    def no_name(self, at: int) -> tuple[str, ...]:
        """Return the words that one with a capital letter is mistyped for: it is no name to suggest."""
        capital = self.text.tokens[at].text[0].isupper() and self.text.word(at) not in HINTS
        return VOCABULARY.nearest(self.text.word(at)) if capital and self.is_mistyped(at) else ()

    # --- what a call is about: after “about” the words of the grammar are only words ---

    def read_topic(self, at: int) -> tuple[str, int] | None:
        """Read what a call is about: words of the grammar are taken as they stand, "about whatsapp"."""
        start = self._after_articles(at)
        found, word = self.text.found(start), self.text.word(start)
        if not word or start in self.text.time_pairs:
            return self.read(at) if start == at else None
        quality = word == "call" and self.text.word(start + 1) and self.text.found(start + 1) is None
        if quality:  # "about call quality"
            rest = self.read(start + 1)
            return None if rest is None else (self.text.typed(at, rest[1]), rest[1])
        if found is None or found.clears or word in _ENDS_TOPIC:
            return self.read(at)
        end, key = self._phrase_end(start), found.key
        while key and self.text.word(end) in JOINERS and self.text.word(end) != "or":
            if self.text.key(end + 1) != key:
                break
            end = self._phrase_end(end + 1)  # "about whatsapp and sms"
        while end < len(self.text) and not self.stops(end, at):
            end += 1
        while end > start + 1 and (self.trailing(end - 1) or self.text.word(end - 1) in CALL_NOUNS):
            end -= 1
        return self.text.typed(at, end), end

    def _after_articles(self, at: int) -> int:
        while self.text.word(at) in NAME_WORDS:
            at += 1
        return at

    def _phrase_end(self, start: int) -> int:
        """Return the end of the phrase that begins a topic; a kind of talk goes with it: "live chat"."""
        found = self.text.found(start)
        end = max(start + 1, found.end if found is not None and found.key else 0)
        while self.text.word(end) in {"chat", "chats", "line", "session", "sessions"}:
            end += 1
        return end

    def either(self, at: int) -> tuple[list[str], int]:
        """Read topics that stand alone, if "or" joins them: "refunds, cancellations or returns"."""
        names, end, following, joined = list[str](), at - 1, at, False
        while following > end and (name := self._alone(following)) is not None:
            names.append(name)
            end = following = following + 1
            following += self.text.typed(following, following + 1) == ","
            if self.text.word(following) == "or":
                joined, following = True, following + 1
        return (names, end) if joined and len(names) > 1 else ([], at)

    def _alone(self, at: int) -> str | None:
        """Return a quoted text, or a word that says nothing else and may well be said in a call."""
        if at >= len(self.text) or at in self.text.time_pairs:
            return None
        token = self.text.tokens[at]
        if token.kind is Kind.QUOTED:
            return None if ids_in(token.name) or self.agents.is_whole(token.name) else token.name
        plain = token.kind is Kind.WORD and not token.key and token.text.isalpha() and token.text.islower()
        if not plain or len(token.word) < _SHORTEST or token.word in _SAYING:
            return None
        known = self.text.found(at) or self.agents.has_word(token.word) or self.is_mistyped(at)
        return None if known or self.text.opener(at) else token.text

    def only_introduced(self, at: int, start: int) -> bool:
        """Whether words only introduce what follows: "search failed calls", "tell me about failed ones"."""
        if self.text.words[at:start] == ("search",):
            if start >= len(self.text) or self.text.found(start) or start in self.text.time_pairs:
                return True
            return bool(self.text.word(start) and (self.called(start) or self.left_over(start)))
        return self._tells(at) and bool(self.text.key(self._after_articles(start)))

    def _tells(self, at: int) -> bool:
        return not _TELLING.isdisjoint(self.text.words[max(0, at - 2) : at])

    def no_topic(self, at: int, start: int) -> Misread | None:
        """Return why an “about” asks for nothing where no topic follows: "calls about it".

        Of "about 20 calls", "about those that failed" and "tell me about it" it is no part of the question.
        """
        if self.text.word(start - 1) != "about" or self._tells(at):
            return None
        end = self._after_articles(start)
        word = self.text.word(end)
        if word[:1].isdecimal() or word in CALL_NOUNS | _ASKED_FOR:
            return None
        if word in _POINTING and self.text.word(end + 1) and self.text.key(end + 1) != "time":
            return None
        said = self.text.typed(at, end + 1 if word in _POINTING | NO_TOPIC else start)
        return Misread(
            f"“{said}” names nothing that could have been said: write the words to look for, such as "
            f'{self.text.typed(at, start)} "refund".'
        )

    def two_ways(self, at: int, start: int) -> tuple[Misread, int] | None:
        """Return what to ask, and the end, when words after “about” may as well be a time or a number."""
        found = self.text.found(start)
        doubtful = {"time", "rating", "duration"} if self.text.word(start - 1) == "about" else {"time"}
        if found is None or found.key not in doubtful:
            return None
        opener, said = self.text.typed(at, start), self.text.typed(start, found.end)
        asked = Misread(
            f'“{opener} {said}” can be read in two ways: write {opener} "{said}" for calls in which that was '
            f"said, or only {said}."
        )
        return asked, found.end


def _capital(token: Token) -> bool:
    return token.kind is Kind.WORD and token.text[:1].isupper()
