"""The words of a question, gone through once from the first to the last: tokens -> values of filters."""

# ruff: noqa: C901, PLR0911, PLR0912
# What may stand at a word is tried one after the other.

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.query.agent_names import KnownAgents
from bot.query.filters import BY_KEY
from bot.query.filters.collected import guessed_test
from bot.query.filters.order_limit_columns import RANKINGS
from bot.query.filters.origins import ID_STARTS
from bot.query.grammar import ID_KEYS, FoundPhrase, QuestionText
from bot.query.keys_and_ids import damaged_id, ids_after, ids_in, items_after, may_be_id
from bot.query.name_reader import NameReader
from bot.query.numbers import WORDS, integer
from bot.query.query import Draft
from bot.query.time.calendar import Clock
from bot.query.tokens import Kind, Token, courtesy_emoji, word_set
from bot.query.values import Limit, Misread, NotKnown, Order, Unknown
from bot.query.vocabulary import (
    BEFORE_TIME,
    CONTRASTS,
    EXCEPTING,
    FROM_THE_END,
    FROM_THE_START,
    JOINERS,
    NEGATIONS,
    NOISE,
    ONE_CALL,
    OTHER_THAN,
    RESTRICTING,
    SIGNS,
    UNIVERSAL,
)

_MAX_LIMIT_DIGITS = 6
_ENDS = dict.fromkeys(FROM_THE_START, Order("oldest")) | dict.fromkeys(FROM_THE_END, Order())
"""The order whose first call a word may begin to ask for."""
_BEGIN_ONE = _ENDS.keys() | {"most"}
_FUNCTION_WORDS = NEGATIONS | JOINERS.keys() | EXCEPTING | {words[0] for words in OTHER_THAN | CONTRASTS}
_ADJECTIVES = frozenset({"result", "direction", "lang", "source", "sort"})
"""Filters whose words stand before "calls", so that a number before them is a limit."""
_PLAIN_NOT = frozenset({"not", "no", "non", "never", "neither", "nor", "without"})
"""What takes away a fact, not one of all calls."""
_NOT_ONLY = frozenset({("not", "only"), ("not", "just")})
_NEVER_UNKNOWN = NEGATIONS | JOINERS.keys() | BEFORE_TIME
_OF_SOMEBODY = word_set("from for by to with of about the")


def read_words(question: QuestionText, clock: Clock, agents: KnownAgents) -> Draft:
    """Read all words of a text; `agents` are those there are, if they are known."""
    zone = question.zone
    draft = Draft(clock if zone is None else replace(clock, said_in=zone.zone), agents)
    for problem in question.problems:
        draft.problem(problem)
    reader, at = _Reader(question, agents, draft), 0
    for start, word in enumerate(question.words):
        # "five failed calls" ends a name
        if word in WORDS and word.isalpha() and (rows := reader.rows(start)):
            question.phrases[start] = FoundPhrase(start + 1, "limit", Limit(rows))
    while at < len(question):
        at = reader.step(at)
    if zone and draft.values.keys().isdisjoint({"time", "compare"}):
        draft.problem(f"“{zone.word}” is a time zone: say it with a time, such as “since 9am {zone.word}”.")
    if draft.negation or draft.contrast:
        draft.drop_negation()
    if draft.contrasts:
        draft.check_contrasts()
    return draft


@dataclass
class _Reader(NameReader):
    """Goes through the tokens once."""

    draft: Draft
    topic_key: str = ""
    """The filter whose phrase the topic before began with, or "nothing"."""

    def step(self, at: int) -> int:
        """Read what stands at a position; returns the position after it."""
        token, draft = self.text.tokens[at], self.draft
        if at in self.text.time_pairs:
            return self._time_pair(at)
        if token.kind is Kind.PAIR:
            return self._pair(token, at)
        if token.kind is Kind.MARK:
            if token.text == "(" and (found := self.text.found(at)):  # "(415) 555-0134"
                return draft.add_phrase(found)
            if token.text == ",":
                draft.joiner = draft.joiner or ","
                if draft.negation.casefold() == "no":  # "no, show me …" answers and excludes nothing
                    draft.negation = ""
            return at + 1
        if (may_be_id(token.text) or token.kind is Kind.QUOTED) and (end := self._id(token, at)):
            return end
        if self.agents.any and (named := self.called(at)):
            return draft.add_named("agent", named)
        if (opener := self.text.opener(at)) and (end := self._opened(at, *opener)):
            return end
        found = self.text.found(at)
        key = found.key if found is not None else ""
        if (key == "sort" or token.word in _BEGIN_ONE) and (one := self._one_from_an_end(at)):
            draft.add("limit", Limit(1))
            draft.add("sort", one[0])
            return one[1]
        if token.word in {"not", "but"} and (end := self._not_only_but_also(at)):
            return end
        measured = draft.last_key == "show" and token.word in {"of", "on"}  # "an overview of Support EN"
        named_next = measured and self.text.typed(at + 1, at + 2)[:1].isupper()
        if named_next and (end := draft.add_named("agent", self.agent(at + 1, at))):
            return end
        if key and draft.last_key == "search" and draft.joiner == "or" and key == self.topic_key:
            found = None  # a further topic, like the one before it: "about whatsapp or sms"
        elif found is not None and key:
            return draft.add_phrase(found)
        if (token.key or token.word in _FUNCTION_WORDS) and (end := self._function_word(token, at)):
            return end
        if found is not None:
            draft.cleared += [found.clears] if found.clears else []
            return found.end
        if courtesy_emoji(token.word):
            return at + 1
        others = (self._topics, self._all_but_a_name, self._further_name, self._left_over)
        if end := next((end for read in others if (end := read(token, at))), 0):
            return end
        mention = token.text.startswith("@") and self.text.word(at - 1) not in _OF_SOMEBODY
        if not (token.word and (token.word in NOISE or mention)):
            self._not_understood(token, at)
        return at + 1

    def _not_understood(self, token: Token, at: int) -> None:
        draft = self.draft
        if draft.negation in SIGNS and self.text.word(at - 1) == "not":  # "-faild" is one word
            draft.not_known(token.text, sign=draft.negation)
            draft.negation = ""
        else:
            draft.drop_negation()
            if token.word not in BEFORE_TIME or not self._unknown_next(at + 1):
                draft.not_known(token.text, self.no_name(at))
        draft.last_key = draft.joiner = ""

    def _unknown_next(self, at: int) -> bool:
        """Whether the next word will be named, so that the "since" before it need not be."""
        if at >= len(self.text) or at in self.text.time_pairs or self.text.found(at) is not None:
            return False
        token = self.text.tokens[at]
        if token.kind is not Kind.WORD or token.key or token.word in _NEVER_UNKNOWN:
            return False
        known = courtesy_emoji(token.word) or ids_in(token.text) or self.text.opener(at)
        return not known and not self.rows(at)

    # --- what may stand at a word ---

    def _time_pair(self, at: int) -> int:
        pair, found = self.text.time_pairs[at], self.text.found(at)
        if found is not None and found.key == "time" and found.end >= pair.end:
            if pair.negated:
                self.draft.negation = self.draft.negation or "-"
            return self.draft.add_phrase(found)
        if found is not None and found.problem is not None:
            return max(self.draft.add_phrase(found), pair.end)
        self.draft.not_known(pair.typed.rstrip(":"))
        return pair.end

    def _pair(self, token: Token, at: int) -> int:
        """Read a key and its value."""
        which, draft = BY_KEY.get(token.key), self.draft
        opens = which is not None and which.openers and not token.items
        if which is not None and opens and (named := self._name_after(which.key, at + 1, at)):
            return draft.add_named(which.key, named, negated=token.negated)
        items, end = items_after(self.text, token, at, which)
        try:
            if token.key in ID_KEYS:
                draft.ids.extend(ids_after(token, items))
            elif which is not None:
                draft.add(which.key, which.read(items, token.key), negated=token.negated)
            elif guessed := guessed_test(token, items):
                draft.add("data", guessed, negated=token.negated)
            else:
                draft.not_known(token.text)
        except NotKnown as unknown:
            draft.negation = ""
            draft.unknown.append(Unknown(token.text, unknown.nearest, unknown.possible))
        except Misread as problem:
            draft.negation = ""
            draft.problem(problem)
        return end

    def _id(self, token: Token, at: int) -> int:
        """Read an id on its own, also as it is pasted: quoted, after its name in JSON, with a slash."""
        name, quoted = token.name, token.kind is Kind.QUOTED
        following = self.text.tokens[at + 1].text if at + 1 < len(self.text) else ""
        if quoted and following == ":" and name.casefold().replace("_", "-") in ID_KEYS:
            return at + 2
        if refs := ids_in(name):
            if quoted and (self.draft.joiner or self.draft.negation):
                return 0
            self.draft.ids.extend(refs)
        elif problem := damaged_id(name):
            self.draft.problem(problem)
        elif not quoted and name.startswith(ID_STARTS):
            self.draft.add("agent", BY_KEY["agent"].named(name))
        else:
            return 0
        return at + 1

    def _opened(self, at: int, start: int, key: str) -> int:
        """Read "for Support EN", "about late delivery": an opener and the name after it."""
        found = self.text.found(at)
        if found is not None and found.key and found.end >= start:
            known = key == "agent" and self.agents.any and start < len(self.text)
            if known and (named := self.called(start)):  # "for 24/7 Support"
                return self.draft.add_named(key, named)
            # "calls by agent Support EN", and no "by agent asap"
            by_agent = found.key == "by" and found.end == start and self.text.word(start) not in NOISE
            return self.draft.add_named(key, self.agent(start, at)) if by_agent else 0
        if key == "search":
            if self.only_introduced(at, start):
                return 0
            if asked := self.two_ways(at, start):
                self.draft.problem(asked[0])
                return asked[1]
            self.topic_key = self.text.key(start) or "nothing"
        named = self._name_after(key, start, at)
        if named is None and key == "search" and (nothing := self.no_topic(at, start)):
            self.draft.problem(nothing)
            return start
        return self.draft.add_named(key, named)

    def _name_after(self, key: str, start: int, opener: int) -> tuple[str, int] | None:
        if key == "agent":
            return self.agent(start, opener)
        self.topic = True
        read = self.read_topic(start)
        self.topic = False
        return read

    def _function_word(self, token: Token, at: int) -> int:
        """Read "not", "and", "or", and a key whose value is no phrase."""
        two = self.text.words[at : at + 2]
        end = at + 2 if two in OTHER_THAN or two in CONTRASTS else at + 1
        if end == at + 2 or token.word in NEGATIONS or (token.word in EXCEPTING and self._takes_away(at)):
            self.draft.drop_negation()
            if two in CONTRASTS:
                self.draft.contrast = self.text.typed(at, end)
            else:
                self.draft.negation = self.text.typed(at, end)
            return end
        if token.word in JOINERS:
            self.draft.joiner = "or" if self.draft.joiner == "or" else JOINERS[token.word]
            return at + 1
        return self._pair(token, at) if token.key else 0

    def _topics(self, token: Token, at: int) -> int:  # noqa: ARG002 - as its siblings
        """Read further topics, and topics alone that “or” joins."""
        draft = self.draft
        if draft.last_key == "search" and draft.joiner == "or":
            return draft.add_named("search", self._name_after("search", at, at))
        if draft.negation or (draft.joiner and draft.last_key != "search") or "or" not in self.text.words:
            return 0
        names, end = self.either(at)
        return draft.add_either("search", names, end)

    def _all_but_a_name(self, token: Token, at: int) -> int:
        """Read the name after "all calls but": nothing else may be meant by it than an agent."""
        apart = self.draft.negation.casefold() not in {"", *SIGNS} | _PLAIN_NOT
        named = apart and (token.kind is Kind.QUOTED or token.text[:1].isupper())
        return self.draft.add_named("agent", self.read(at, capitals=True, first=True)) if named else 0

    def _further_name(self, token: Token, at: int) -> int:
        """Read a further name of a list ("tagged vip or gold"), and a number before what it counts."""
        draft = self.draft
        if self._goes_on(token, at):
            key, draft.joiner = draft.last_key, "" if draft.negation else draft.joiner.replace(",", "or")
            read = self.read(at) if key == "agent" and token.kind is Kind.WORD else None
            end = draft.add_named(key, read or (token.name, at + 1))
            return end + (self.text.word(end) in {"tool", "tag"})
        if rows := self.rows(at):
            draft.add("limit", Limit(rows))
            return at + 1
        return 0

    def _goes_on(self, token: Token, at: int) -> bool:
        """Whether a name goes on a list: "tagged vip, gold", "tagged vip but not gold"."""
        draft = self.draft
        if not (draft.joiner or draft.negation) or not draft.last_key or not BY_KEY[draft.last_key].goes_on:
            return False
        plain = token.word[:1].isalpha() and draft.last_key != "search"
        name = plain and not self.is_mistyped(at) and not ids_in(token.text)
        return token.kind is Kind.QUOTED or name

    def _left_over(self, token: Token, at: int) -> int:
        """Read words left over that clearly name an agent, or several with a slash."""
        parts = token.text.split("/")
        if len(parts) > 1 and all(self.agents.is_whole(part) for part in parts):
            return self.draft.add_either("agent", parts, at + 1)
        named = self.left_over(at)
        idle = token.word.lstrip("@") in NOISE and self.text.word(at - 1) not in _OF_SOMEBODY
        if named and named[1] == at + 1 and idle and not self.agents.is_whole(named[0]):
            return 0  # "hey bot" greets, although an agent's name ends in “Bot”
        return self.draft.add_named("agent", named)

    # --- how many calls ---

    def _one_from_an_end(self, at: int) -> tuple[Order, int] | None:
        """Read the "last" of "last failed call": one call, from that end; with the position after it.

        So is the "longest" of "longest failed call".
        """
        order, start = _ENDS.get(self.text.word(at)), at + 1
        found = self.text.found(at)
        if found is not None and isinstance(found.value, Order) and found.value.by in RANKINGS:
            order, start = found.value, found.end
        elif self.text.words[at : at + 2] == ("most", "recent"):
            order, start = Order(), at + 2
        end = self._adjective_end(start)
        if order is None or (end == start and found is not None and found.end > start + 1):
            return None
        while (following := self._adjective_end(end)) > end:
            end = following
        return None if ONE_CALL.isdisjoint(self.text.words[end - 1 : end + 1]) else (order, start)

    def _adjective_end(self, at: int) -> int:
        """Return the end of what stands before "calls" ("failed", an agent's name), or the same position."""
        if at >= len(self.text):
            return at
        found = self.text.found(at)
        if found is not None:
            return found.end if found.key in _ADJECTIVES and found.problem is None else at
        named = self.called(at) or self.left_over(at)
        return at if named is None else named[1]

    def rows(self, at: int) -> int:
        """Return the number before what it counts ("20 failed calls", "five german calls"), or 0."""
        word = self.text.word(at)
        if self.text.found(at) is not None or word in {"a", "an", "one", "couple"}:
            return 0
        digits = word.isascii() and word.isdecimal() and len(word) <= _MAX_LIMIT_DIGITS
        number = int(word) if digits else integer(word)
        return number if number and number > 0 and self._adjective_end(at + 1) > at + 1 else 0

    # --- small words that turn the meaning ---

    def _takes_away(self, at: int) -> bool:
        """Whether a “but” means “except”: “all calls but the German ones”; “failed but German” does not."""
        text, after = self.text, at + 1
        following = self.text.found(after) if after < len(text) else None
        if (following is not None and following.key == "sort") or text.word(after) in RESTRICTING:
            return False
        named = after < len(text) and self.agents.any and self.called(after)  # "failed but Sales"
        return bool(named) or not UNIVERSAL.isdisjoint(text.words[:at])

    def _not_only_but_also(self, at: int) -> int:
        """Read "not only failed but also unknown" as either; a "not only" without the rest is asked back."""
        pairs = [self.text.words[start : start + 2] for start in range(len(self.text))]
        if pairs[at] == ("but", "also") and not _NOT_ONLY.isdisjoint(pairs[:at]):
            self.draft.joiner = "or"
            return at + 2
        return at + 2 if pairs[at] in _NOT_ONLY and ("but", "also") in pairs[at:] else 0
