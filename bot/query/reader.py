"""Going through the words of a question, once."""

from __future__ import annotations

from bot.query.call_ids import damaged_id, find_ids, ids_in
from bot.query.counting import Counting
from bot.query.filters import BY_KEY
from bot.query.filters.agent import ID_STARTS
from bot.query.grammar import GRAMMAR, ID_KEYS, Found
from bot.query.known import KnownAgents
from bot.query.names import NameReader
from bot.query.pairs import ids_after, items_after, values_after
from bot.query.parsed import Draft
from bot.query.phrases import Text
from bot.query.prepare import prepare
from bot.query.taking import Taker
from bot.query.time.calendar import Clock
from bot.query.tokens import MAX_WORDS, Kind, Token, item_text, word_set
from bot.query.topics import TopicReader
from bot.query.values import Limit, Misread, NotKnown, Order
from bot.query.vocabulary import (
    CLEARING,
    JOINERS,
    NEGATIONS,
    SIGNS,
    courtesy_emoji,
)

NO_AGENTS = KnownAgents(())
"""Where the list of agents is not at hand."""
_BEFORE_TIME = word_set("since until till before after between during within starting beginning through")
"""Words that only introduce a time: of "since yesteday" the second is what was not understood."""


_OTHER_THAN = frozenset({("other", "than"), ("apart", "from"), ("aside", "from")})


def read(text: str, clock: Clock, agents: KnownAgents = NO_AGENTS) -> Draft:
    """Read all words of a text; `agents` are those there are, if they are known."""
    prepared = prepare(text)
    draft = Draft(clock, words=bool(prepared.tokens))
    if prepared.too_long:
        draft.problems.append(f"That is too long for a question: keep it under {MAX_WORDS} words.")
        draft.ids.extend(find_ids(text))
    if prepared.open_quote:
        draft.problems.append(
            "A quotation mark is opened but not closed: close it, so that it is clear where the name ends."
        )
    _Reader(Text(prepared.tokens), prepared.typed, draft, agents).run()
    return draft


def _name_text(token: Token) -> str:
    return item_text(token.items[0]) if token.kind is Kind.QUOTED else token.text


class _Reader(Taker):
    """Goes through the tokens once; `found` holds what phrase begins at each, worked out from the end."""

    def __init__(
        self, text: Text, typed: dict[int, tuple[str, int, bool]], draft: Draft, agents: KnownAgents
    ) -> None:
        super().__init__(draft)
        self.text = text
        self.typed = typed
        self.found: list[Found | None] = [GRAMMAR.find(text, at) for at in range(len(text))]
        self.names = NameReader(text, self.found, typed, agents)
        self.topics = TopicReader(self.names)
        self.counting = Counting(self.names)
        for at, word in enumerate(text.words):
            if word.isalpha() and (rows := self.counting.counts_next(at)):  # "five failed calls" ends a name
                self.found[at] = Found(at + 1, "limit", Limit(rows))

    def run(self) -> None:
        at = 0
        while at < len(self.text):
            at = self._step(at)
        self.drop_negation()

    def _step(self, at: int) -> int:
        """Read what stands at a position; returns the position after it."""
        for read_one in (
            self._structured,
            self._id,
            self._called,
            self._opened,
            self._single,
            self._phrase,
            self._function_word,
            self._idle,
            self._more,
            self._left_over,
        ):
            end = read_one(at)
            if end is not None:
                return end
        token = self.text.tokens[at]
        if self.negation in SIGNS and self.text.word(at - 1) == "not":  # "-faild" is one word
            self.draft.not_understood(token.text, sign=self.negation)
            self.negation = ""
        else:
            self.drop_negation()
            if token.word not in _BEFORE_TIME or not self._unknown_next(at + 1):
                self.draft.not_understood(token.text, self.names.slips.nearest(at))
        self.last_key = self.joiner = ""
        return at + 1

    def _structured(self, at: int) -> int | None:
        """Read punctuation and pairs."""
        token = self.text.tokens[at]
        if at in self.typed:
            return self._time_pair(at)
        if token.kind is Kind.PAIR:
            return self._pair(token, at)
        if token.kind is not Kind.MARK:
            return None
        if token.text == ",":
            self.joiner = self.joiner or ","
            if self.negation.casefold() == "no":  # "no, show me …" answers and excludes nothing
                self.negation = ""
        return at + 1

    def _phrase(self, at: int) -> int | None:
        """Read a filter's phrase."""
        found = self.found[at]
        return self.take(found) if found is not None and found.key else None

    def _id(self, at: int) -> int | None:
        """Read an id on its own, also as it is pasted: quoted, after its name in JSON, with a slash."""
        token = self.text.tokens[at]
        if token.kind is Kind.QUOTED:
            return self._quoted_id(_name_text(token), at)
        if token.kind is not Kind.WORD:
            return None
        if refs := ids_in(token.text):
            self.draft.ids.extend(refs)
        elif problem := damaged_id(token.text):
            self.draft.problem(Misread(problem))
        elif token.text.startswith(ID_STARTS):
            self.add("agent", BY_KEY["agent"].named(token.text))
        else:
            return None
        return at + 1

    def _quoted_id(self, quoted: str, at: int) -> int | None:
        following = self.text.tokens[at + 1].text if at + 1 < len(self.text) else ""
        if following == ":" and quoted.casefold().replace("_", "-") in ID_KEYS:
            return at + 2
        if problem := damaged_id(quoted):
            self.draft.problem(Misread(problem))
            return at + 1
        refs = ids_in(quoted)
        if not refs or self.joiner or self.negation:
            return None
        self.draft.ids.extend(refs)
        return at + 1

    def _single(self, at: int) -> int | None:
        """Read the "last" of "last failed call": one call, from that end."""
        one = self.counting.single(at)
        if one is None:
            return None
        self.add("limit", Limit(1))
        self.add("sort", Order(oldest_first=one[1]))
        return one[0]

    def _function_word(self, at: int) -> int | None:
        """Read "not", "and", "or", and a key whose value is no phrase."""
        token = self.text.tokens[at]
        if self.text.words[at : at + 2] in _OTHER_THAN:
            self.drop_negation()
            self.negation = f"{token.text} {self.text.tokens[at + 1].text}"
            return at + 2
        all_but = token.word == "but" and (
            self.text.word(at - 1) in {"all", "everything", "anything"}
            or self.text.words[max(0, at - 2) : at] in CLEARING
        )
        if token.word in NEGATIONS or all_but:
            self.drop_negation()
            self.negation = token.text
            return at + 1
        if token.word in JOINERS:
            self.joiner = "or" if self.joiner == "or" else JOINERS[token.word]
            return at + 1
        return self._pair(token, at) if token.key else None

    def _idle(self, at: int) -> int | None:
        """Read words that say nothing, or that a filter is not wanted."""
        found, token = self.found[at], self.text.tokens[at]
        if found is not None:
            if found.clears:
                self.draft.cleared.append(found.clears)
            return found.end
        return at + 1 if token.kind is Kind.WORD and courtesy_emoji(token.word) else None

    def _more(self, at: int) -> int | None:
        """Read a further name of a list, and a number before what it counts."""
        token = self.text.tokens[at]
        if self._goes_on(at):
            which = BY_KEY[self.last_key]
            self.joiner = "" if self.negation else "or" if self.joiner == "," else self.joiner
            name, end = (_name_text(token), at + 1)
            if which.key == "agent" and token.kind is Kind.WORD:
                name, end = self.names.read(at) or (name, end)
            self.add(which.key, which.named(name))
            return end + (self.text.word(end) in {"tool", "tag"})
        if rows := self.counting.counts_next(at):
            self.add("limit", Limit(rows))
            return at + 1
        return None

    def _goes_on(self, at: int) -> bool:
        """Whether a name goes on a list: the "gold" of "tagged vip or gold"."""
        token = self.text.tokens[at]
        if not self.last_key or not BY_KEY[self.last_key].goes_on:
            return False
        joined = bool(self.joiner or self.negation)  # "tagged vip, gold", "tagged vip but not gold"
        if token.kind is Kind.QUOTED:
            return joined
        plain = token.kind is Kind.WORD and token.word[:1].isalpha() and not self.names.slips.at(at)
        return plain and joined and self.last_key != "search" and not ids_in(token.text)

    def _unknown_next(self, at: int) -> bool:
        """Whether the next word will be named, so that the "since" before it need not be."""
        if at >= len(self.text) or at in self.typed:
            return False
        token = self.text.tokens[at]
        known = token.word in NEGATIONS | JOINERS.keys() | _BEFORE_TIME or ids_in(token.text)
        opened = GRAMMAR.opener(self.text, at)
        plain = token.kind is Kind.WORD and not token.key and not courtesy_emoji(token.word)
        return (
            plain
            and self.found[at] is None
            and not known
            and not opened
            and not self.counting.counts_next(at)
        )

    def _time_pair(self, at: int) -> int:
        typed, end, negated = self.typed[at]
        found = self.found[at]
        if found is not None and found.key == "time" and found.end >= end:
            if negated:
                self.negation = self.negation or "-"
            return self.take(found)
        if found is not None and found.problem is not None:
            self.take(found)
            return max(found.end, end)
        self.draft.not_understood(typed.rstrip(":"))
        return end

    def _pair(self, token: Token, at: int) -> int:
        """Read a key and its value."""
        which = BY_KEY.get(token.key)
        name_follows = not token.items and which is not None and which.openers
        if which is not None and name_follows and (named := self._name_after(which.key, at + 1, at)):
            self.add(which.key, which.named(named[0]), negated=token.negated)
            return named[1]
        items, end = items_after(self.text, token, at, which)
        try:
            if token.key in ID_KEYS:
                self.draft.ids.extend(ids_after(token, items))
            elif which is None:
                self.draft.not_understood(token.text)
            else:
                for key, value in values_after(which, token, items).items():
                    self.add(key, value, negated=token.negated)
        except NotKnown as unknown:
            self.draft.not_understood(token.text, unknown.nearest, unknown.possible)
            self.negation = ""
        except Misread as problem:
            self.draft.problem(problem)
            self.negation = ""
        return end

    # --- names ---

    def _name_after(self, key: str, start: int, opener: int) -> tuple[str, int] | None:
        return self.names.agent(start, opener) if key == "agent" else self.topics.read(start)

    def _called(self, at: int) -> int | None:
        """Read the whole name of an agent, without “for”."""
        return self._name(self.names.called(at))

    def _left_over(self, at: int) -> int | None:
        """Read words left over that clearly name an agent, or several with a slash."""
        parts = self.text.tokens[at].text.split("/")
        if len(parts) > 1 and all(self.names.agents.is_whole(part) for part in parts):
            for part in parts:
                self.add("agent", BY_KEY["agent"].named(part))
                self.joiner = "or"
            self.joiner = ""
            return at + 1
        return self._name(self.names.left_over(at))

    def _name(self, named: tuple[str, int] | None, key: str = "agent") -> int | None:
        """Take in a name, if there is one; returns the position after it."""
        if named is None:
            return None
        self.add(key, BY_KEY[key].named(named[0]))
        return named[1]

    def _opened(self, at: int) -> int | None:
        """Read "for Support EN", "about late delivery": an opener and the name after it."""
        opener = GRAMMAR.opener(self.text, at)
        if opener is None:
            return None
        start, key = opener
        found = self.found[at]
        if found is not None and found.key and found.end >= start:
            return None
        return (
            self._topic(at, start) if key == "search" else self._name(self._name_after(key, start, at), key)
        )

    def _topic(self, at: int, start: int) -> int | None:
        """Read what a call is about, after the words that introduce it."""
        if self.topics.only_introduced(at, start):
            return None
        if asked := self.topics.two_ways(at, start):
            self.draft.problem(asked[0])
            return asked[1]
        named = self.topics.read(start)
        if named is None and (nothing := self.topics.nothing(at, start)):
            self.draft.problem(nothing)
            return start
        return self._name(named, "search")
