"""The words of a question, gone through once from the first to the last: tokens -> values of filters."""

# ruff: noqa: C901, PLR0911, PLR0912
# What may stand at a word is tried one after the other.

from __future__ import annotations

from typing import cast

from bot.query.agent_names import KnownAgents
from bot.query.call_ids import damaged_id, ids_in, may_be_id
from bot.query.draft import DIFFERENT_FILTERS, Draft, Unknown
from bot.query.filters import BY_KEY
from bot.query.filters.agent import ID_STARTS
from bot.query.filters.collected import guessed_test
from bot.query.grammar import GRAMMAR, ID_KEYS, FoundPhrase
from bot.query.key_values import Prepared, ids_after, items_after
from bot.query.name_reader import NameReader
from bot.query.negations import PLAIN_NOT, not_only_but_also, takes_away
from bot.query.numbers import WORDS
from bot.query.row_counts import RowCountReader
from bot.query.suggestions import HINTS, excluded
from bot.query.time.calendar import Clock
from bot.query.time.when import in_zone
from bot.query.tokens import Kind, Token, courtesy_emoji, word_set
from bot.query.topics import TopicReader
from bot.query.values import (
    AgentRef,
    Agents,
    Also,
    Compared,
    Limit,
    Misread,
    NotKnown,
    Value,
)
from bot.query.vocabulary import (
    BEFORE_TIME,
    CONTRASTS,
    EXCEPTING,
    JOINERS,
    NEGATIONS,
    NOISE,
    OTHER_THAN,
    SIGNS,
)

_MAX_SUGGESTED = 5
"""Unknown words that get suggestions; of more, the text is not a question anyway."""
_NEVER_UNKNOWN = NEGATIONS | JOINERS.keys() | BEFORE_TIME
_OF_SOMEBODY = word_set("from for by to with of about the")


def read_words(prepared: Prepared, clock: Clock, agents: KnownAgents) -> Draft:
    """Read all words of a text; `agents` are those there are, if they are known."""
    draft = Draft(clock)
    for problem in prepared.problems:
        draft.problem(problem)
    if prepared.zone:
        draft.values["time"] = (in_zone(prepared.zone),)
    reader, at = _Reader(prepared, draft, agents), 0
    while at < len(prepared.text):
        at = reader.step(at)
    reader.drop_negation()
    draft.check_contrasts()
    return draft


class _Reader:
    """Goes through the tokens once; `found` holds what phrase begins at each.

    A “not” or “or” waits for what follows it: `negation` is what was typed, `joiner` what it means.
    """

    def __init__(self, prepared: Prepared, draft: Draft, agents: KnownAgents) -> None:
        self.text = text = prepared.text
        self.time_pairs = prepared.time_pairs
        self.draft = draft
        self.agents = agents
        self.joiner = self.negation = self.last_key = self.contrast = ""
        self.last_negated = False
        self.last_contrast = self.topic_key = ""
        self.found = [GRAMMAR.find(text, at) for at in range(len(text))]
        self.names = NameReader(text, self.found, prepared.time_pairs, agents)
        self.topics = TopicReader(self.names)
        self.counts = RowCountReader(self.names)
        for at, word in enumerate(text.words):
            # "five failed calls" ends a name
            if word in WORDS and word.isalpha() and (rows := self.counts.rows(at)):
                self.found[at] = FoundPhrase(at + 1, "limit", Limit(rows))

    def step(self, at: int) -> int:
        """Read what stands at a position; returns the position after it."""
        token, found = self.text.tokens[at], self.found[at]
        if at in self.time_pairs:
            return self._time_pair(at)
        if token.kind is Kind.PAIR:
            return self._pair(token, at)
        if token.kind is Kind.MARK:
            return self._mark(token, at)
        if (may_be_id(token.text) or token.kind is Kind.QUOTED) and (end := self._id(token, at)):
            return end
        if self.agents and (named := self.names.called(at)):
            return self._named("agent", named)
        if (opener := GRAMMAR.opener(self.text, at)) and (end := self._opened(at, *opener)):
            return end
        if one := self.counts.one_from_an_end(at):
            self._add("limit", Limit(1))
            self._add("sort", one[0])
            return one[1]
        if opened := not_only_but_also(self.text, at):
            self.joiner = opened[1] or self.joiner
            return opened[0]
        if end := self._measured(token, at):
            return end
        if found is not None and found.key and not self._of_topics(found):
            return self._take(found)
        if end := self._function_word(token, at):
            return end
        if found is not None and not (found.key and self._of_topics(found)):
            if found.clears:
                self.draft.cleared.append(found.clears)
            return found.end
        if courtesy_emoji(token.word):
            return at + 1
        others = (
            self._topics,
            self._all_but_a_name,
            self._further_name,
            self._left_over,
            self._noise,
            self._not_understood,
        )
        return next(end for read in others if (end := read(token, at)))

    # --- taking in what was read ---

    def _add(self, key: str, value: object, *, negated: bool = False) -> None:
        """Take in one filter's value, with the “not” and the “or” that stood before it."""
        joiner = self.joiner if self.last_key == key else ""
        carried = bool(self.negation) or (bool(joiner) and self.last_negated)  # "not german or french"
        if self.joiner == "or" and self.last_key and self.last_key != key:
            self.draft.problem(DIFFERENT_FILTERS)
        which, new, old = BY_KEY[key], cast("Value", value), self.draft.values.get(key)
        if key == "compare":  # “inbound vs outbound” joins both
            self.joiner = "or" if cast("Compared", new).vague else ""
            self.draft.take(key, new)
            return
        if isinstance(new, Agents) and len(both := self.agents.both(new.include[0].label)) > 1:
            new = Agents(tuple(map(AgentRef, both)))
        contrast = self.contrast or (self.last_contrast if joiner in {"or", "and"} else "")
        self.contrast, self.last_contrast = "", contrast
        if contrast:
            self.draft.contrasts.append((contrast, key, new))
            self.joiner, self.last_key = "", key
            return
        try:
            if negated or carried:
                new = which.negate(new)
            self.draft.values[key] = new if old is None else which.merge(old, new, joiner)
        except Misread as problem:
            self.draft.problem(problem)
        self.negation = self.joiner = ""
        self.last_key = key
        self.last_negated = carried

    def _take(self, found: FoundPhrase) -> int:
        if found.problem is not None:
            self.draft.problem(found.problem)
            self.negation = self.joiner = ""
        elif isinstance(found.value, Also):
            for key, value in found.value.values:
                self._add(key, value)
        else:
            self._add(found.key, found.value)
        return found.end

    def _named(self, key: str, named: tuple[str, int]) -> int:
        self._add(key, BY_KEY[key].named(named[0]))
        return named[1]

    def _unknown(self, word: str, nearest: tuple[str, ...] = (), *, sign: str = "") -> None:
        """Note a word that was not understood; `sign` is a minus glued to it, and to what is suggested."""
        nearest = nearest or HINTS.get(word.casefold(), ())
        if not nearest and len(self.draft.unknown) < _MAX_SUGGESTED:
            nearest = GRAMMAR.vocabulary.suggest(word)
        self.draft.unknown.append(Unknown(sign + word, excluded(nearest, sign) if sign else nearest))

    def drop_negation(self) -> None:
        """Name a "not" or an "instead of" that nothing followed."""
        for words in (self.negation, self.contrast):
            if words:
                self.draft.unknown.append(Unknown(words))
        self.negation = self.contrast = ""

    def _not_understood(self, token: Token, at: int) -> int:
        if self.negation in SIGNS and self.text.word(at - 1) == "not":  # "-faild" is one word
            self._unknown(token.text, sign=self.negation)
            self.negation = ""
        else:
            self.drop_negation()
            if token.word not in BEFORE_TIME or not self._unknown_next(at + 1):
                self._unknown(token.text, self.names.nearest(at))
        self.last_key = self.joiner = ""
        return at + 1

    def _unknown_next(self, at: int) -> bool:
        """Whether the next word will be named, so that the "since" before it need not be."""
        if at >= len(self.text) or at in self.time_pairs or self.found[at] is not None:
            return False
        token = self.text.tokens[at]
        if token.kind is not Kind.WORD or token.key or token.word in _NEVER_UNKNOWN:
            return False
        known = courtesy_emoji(token.word) or ids_in(token.text) or GRAMMAR.opener(self.text, at)
        return not known and not self.counts.rows(at)

    # --- what may stand at a word ---

    def _mark(self, token: Token, at: int) -> int:
        if token.text == ",":
            self.joiner = self.joiner or ","
            if self.negation.casefold() == "no":  # "no, show me …" answers and excludes nothing
                self.negation = ""
        return at + 1

    def _time_pair(self, at: int) -> int:
        pair, found = self.time_pairs[at], self.found[at]
        if found is not None and found.key == "time" and found.end >= pair.end:
            if pair.negated:
                self.negation = self.negation or "-"
            return self._take(found)
        if found is not None and found.problem is not None:
            return max(self._take(found), pair.end)
        self._unknown(pair.typed.rstrip(":"))
        return pair.end

    def _pair(self, token: Token, at: int) -> int:
        """Read a key and its value."""
        which = BY_KEY.get(token.key)
        named = (
            self._name_after(which.key, at + 1, at) if which and which.openers and not token.items else None
        )
        if which is not None and named is not None:
            self._add(which.key, which.named(named[0]), negated=token.negated)
            return named[1]
        items, end = items_after(self.text, token, at, which)
        try:
            if token.key in ID_KEYS:
                self.draft.ids.extend(ids_after(token, items))
            elif which is None and (guessed := guessed_test(token, items)):
                self._add("data", guessed, negated=token.negated)
            elif which is None:
                self._unknown(token.text)
            else:
                value = which.read(items, token.key)
                for key, each in value.values if isinstance(value, Also) else ((which.key, value),):
                    self._add(key, each, negated=token.negated)
        except NotKnown as unknown:
            self.negation = ""
            self.draft.unknown.append(Unknown(token.text, unknown.nearest, unknown.possible))
        except Misread as problem:
            self.negation = ""
            self.draft.problem(problem)
        return end

    def _id(self, token: Token, at: int) -> int:
        """Read an id on its own, also as it is pasted: quoted, after its name in JSON, with a slash."""
        name, quoted = token.name, token.kind is Kind.QUOTED
        following = self.text.tokens[at + 1].text if at + 1 < len(self.text) else ""
        if quoted and following == ":" and name.casefold().replace("_", "-") in ID_KEYS:
            return at + 2
        if refs := ids_in(name):
            if quoted and (self.joiner or self.negation):
                return 0
            self.draft.ids.extend(refs)
        elif problem := damaged_id(name):
            self.draft.problem(problem)
        elif not quoted and name.startswith(ID_STARTS):
            self._add("agent", BY_KEY["agent"].named(name))
        else:
            return 0
        return at + 1

    def _opened(self, at: int, start: int, key: str) -> int:
        """Read "for Support EN", "about late delivery": an opener and the name after it."""
        found = self.found[at]
        if found is not None and found.key and found.end >= start:
            named = found.key == "by" and found.end == start and self.names.agent(start, at)
            return self._named(key, named) if named else 0  # "calls by agent Support EN"
        if key == "search":
            if self.topics.only_introduced(at, start):
                return 0
            if asked := self.topics.two_ways(at, start):
                self.draft.problem(asked[0])
                return asked[1]
            after = self.found[start] if start < len(self.text) else None
            self.topic_key = after.key if after is not None and after.key else "nothing"
        named = self._name_after(key, start, at)
        if named is None and key == "search" and (nothing := self.topics.nothing(at, start)):
            self.draft.problem(nothing)
            return start
        return self._named(key, named) if named else 0

    def _name_after(self, key: str, start: int, opener: int) -> tuple[str, int] | None:
        if key == "agent":
            return self.names.agent(start, opener)
        self.names.topic = True
        read = self.topics.read(start)
        self.names.topic = False
        return read

    def _function_word(self, token: Token, at: int) -> int:
        """Read "not", "and", "or", and a key whose value is no phrase."""
        if self.text.words[at : at + 2] in OTHER_THAN:
            self.drop_negation()
            self.negation = self.text.typed(at, at + 2)
            return at + 2
        if self.text.words[at : at + 2] in CONTRASTS:
            self.drop_negation()
            self.contrast = self.text.typed(at, at + 2)
            return at + 2
        if token.word in NEGATIONS or (token.word in EXCEPTING and takes_away(self.names, at)):
            self.drop_negation()
            self.negation = token.text
            return at + 1
        if token.word in JOINERS:
            self.joiner = "or" if self.joiner == "or" else JOINERS[token.word]
            return at + 1
        return self._pair(token, at) if token.key else 0

    def _measured(self, token: Token, at: int) -> int:
        """Read an agent's name after what is measured: "an overview of Support EN"."""
        if token.word not in {"of", "on"} or self.last_key != "show" or at + 1 >= len(self.text):
            return 0
        named = self.names.agent(at + 1, at) if self.text.tokens[at + 1].text[:1].isupper() else None
        return self._named("agent", named) if named else 0

    def _of_topics(self, found: FoundPhrase) -> bool:
        """Whether a phrase is a further topic, like the one before it: "about whatsapp or sms"."""
        return self.last_key == "search" and self.joiner == "or" and found.key == self.topic_key

    def _topics(self, token: Token, at: int) -> int:  # noqa: ARG002 - as its siblings
        """Read further topics, and topics alone that “or” joins."""
        if self.last_key == "search" and self.joiner == "or":
            read = self._name_after("search", at, at)
            return self._named("search", read) if read else 0
        if self.negation or (self.joiner and self.last_key != "search"):
            return 0
        names, end = self.topics.either(at)
        for name in names:
            self._add("search", BY_KEY["search"].named(name))
            self.joiner = "or"
        self.joiner = "" if names else self.joiner
        return end if names else 0

    def _all_but_a_name(self, token: Token, at: int) -> int:
        """Read the name after "all calls but": nothing else may be meant by it than an agent."""
        apart = self.negation and self.negation not in SIGNS and self.negation.casefold() not in PLAIN_NOT
        if not apart or not (token.kind is Kind.QUOTED or token.text[:1].isupper()):
            return 0
        read = self.names.read(at, capitals=True, first=True)
        return self._named("agent", read) if read else 0

    def _noise(self, token: Token, at: int) -> int:
        mention = token.text.startswith("@") and self.text.word(at - 1) not in _OF_SOMEBODY
        return at + 1 if token.kind is Kind.WORD and (token.word in NOISE or mention) else 0

    def _further_name(self, token: Token, at: int) -> int:
        """Read a further name of a list ("tagged vip or gold"), and a number before what it counts."""
        if self._goes_on(token, at):
            which = BY_KEY[self.last_key]
            self.joiner = "" if self.negation else "or" if self.joiner == "," else self.joiner
            read = self.names.read(at) if which.key == "agent" and token.kind is Kind.WORD else None
            end = self._named(which.key, read or (token.name, at + 1))
            return end + (self.text.word(end) in {"tool", "tag"})
        if rows := self.counts.rows(at):
            self._add("limit", Limit(rows))
            return at + 1
        return 0

    def _goes_on(self, token: Token, at: int) -> bool:
        """Whether a name goes on a list: "tagged vip, gold", "tagged vip but not gold"."""
        if not self.last_key or not BY_KEY[self.last_key].goes_on or not (self.joiner or self.negation):
            return False
        if token.kind is Kind.QUOTED:
            return True
        plain = token.word[:1].isalpha() and self.last_key != "search"
        return plain and not self.names.is_mistyped(at) and not ids_in(token.text)

    def _left_over(self, token: Token, at: int) -> int:
        """Read words left over that clearly name an agent, or several with a slash."""
        parts = token.text.split("/")
        if len(parts) > 1 and all(self.agents.is_whole(part) for part in parts):
            for part in parts:
                self._add("agent", BY_KEY["agent"].named(part))
                self.joiner = "or"
            self.joiner = ""
            return at + 1
        named = self.names.left_over(at)
        return self._named("agent", named) if named else 0
