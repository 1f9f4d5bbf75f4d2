"""The grammar: what can begin at a word of a question, and the keys that may stand before a colon."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import NamedTuple, NoReturn

from bot.model import WEEKDAYS
from bot.query.filters import BY_KEY, FILTERS
from bot.query.filters.origins import AGENTS, EVERY, PLURAL, code_of
from bot.query.numbers import WORDS, integer, looks_like_phone, read_length
from bot.query.phrases import Entry, Match, Matcher, Phrase, SlotReader, StartsWith, Text
from bot.query.time.calendar import DAYS, MONTHS
from bot.query.time.time_phrases import DOUBTFUL, read_constraint
from bot.query.time.zones import SaidZone
from bot.query.tokens import Kind, Token, word_set
from bot.query.unsupported import UNSUPPORTED
from bot.query.values import Misread
from bot.query.vocabulary import CLEARING, JOINERS, NEGATIONS, STOP, STOP_PHRASES, Vocabulary

TIME_KEYS = {
    **{word: word for word in ("since", "from", "after", "until", "before", "on", "in", "during", "between")},
    **dict.fromkeys(("till", "to", "end"), "until"),
    **dict.fromkeys(("date", "day", "when", "time", "week", "month", "quarter", "year"), "on"),
    "start": "since",
}
"""Keys whose value is read as a phrase of time, and the word it is read after."""
ID_KEYS = word_set("call id call-id conversation conversation-id sid call-sid conv")
KEYS = frozenset(BY_KEY) | frozenset(TIME_KEYS) | ID_KEYS
"""Every word that may stand before a colon."""

_TIMES = (
    frozenset({*DAYS, *MONTHS, *WEEKDAYS})
    | word_set(
        "today yesterday since until between before after last previous week weekend month quarter year"
    )
    | word_set("days hours minutes")
)
ANCHORS = _TIMES | word_set("failed successful inbound outbound unsuccessful")
"""Words whose typing errors are noticed even where a name is being read."""
_OTHER_WORDS = word_set("morning afternoon evening night noon midnight agent for help agents")
_IMPOSSIBLE = MONTHS.keys() | word_set("and of the to am pm at ago days weeks months years quarter")
"""Words that belong to an impossible date, besides its numbers."""

# --- what stands in the slots of phrases ---

_NO_NAME = (
    STOP
    | NEGATIONS
    | JOINERS.keys()
    | (DAYS.keys() - DOUBTFUL)
    | {"today", "yesterday", "since", "until", "last"}
)
"""Words that are no name, nor part of one, unless quoted."""
_AGENT = frozenset({"agent", "assistant"})
_MAX_DIGITS = 9
_MAX_PHONE = 24
"""Characters of the longest phone number, with its signs."""
_ABROAD = ("+", "00")
_NATIONAL = re.compile(r"(?=(?:\D*\d){10,12}\D*$)[0(][\d()-]+|\d{3}-\d{3}-\d{4}")
"""A number without its country. One with dots or slashes may be a date, one with more digits two of them."""
_PHONE_PART = re.compile(r"\+?[\d.()/-]+")


def _count(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a whole number."""
    word = text.word(at)
    value = integer(word) if word not in {"a", "an"} else None
    if value is not None:
        yield value, at + 1


def _digits(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a whole number in digits."""
    word = text.word(at)
    if word.isascii() and word.isdecimal() and len(word) <= _MAX_DIGITS:
        yield int(word), at + 1


def _length(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a call's length in seconds."""
    if found := read_length(text.words, at):
        yield found


def _phone(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "+49 30 123456", "+1 (415) 555-0134", "0170 1234567"."""
    end, digits = at, ""
    while end < len(text) and len(digits) < _MAX_PHONE:
        part = text.tokens[end].text
        if not _PHONE_PART.fullmatch(part):
            break
        digits += part
        end += 1
    national = _NATIONAL.fullmatch(digits) is not None
    first = text.tokens[at].text if at < len(text) else ""
    if _phone_starts(first) and looks_like_phone(digits) and (national or digits.startswith(_ABROAD)):
        yield digits, end


def _fraction(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a number that is not whole."""
    if _fraction_starts(text.word(at)):
        yield text.word(at), at + 1


def _alone(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read nothing, where nothing but idle words stands before: "calls right now"."""
    if all(word in STOP or word in _COUNTING for word in text.words[:at]):
        yield "", at


def _quoted(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a quoted name."""
    if at < len(text) and text.tokens[at].kind is Kind.QUOTED:
        yield text.tokens[at].name, at + 1


def _name(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a quoted name, or one word."""
    yield from _quoted(text, at)
    if text.word(at) and _name_starts(text.word(at)):
        yield text.tokens[at].text, at + 1


def _names(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a quoted name, or one to four words, the fewest first."""
    yield from _name(text, at)
    for end in range(at + 1, at + 4):
        if not text.word(end) or not _name_starts(text.word(end)):
            return
        yield text.typed(at, end + 1), end + 1


def _framed(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a name with "agent" after it, which capitalised is its last word: "the Test Agent"."""
    if text.all_words.isdisjoint(_AGENT):
        return
    for name, end in _names(text, at):
        if text.word(end) in _AGENT:
            noun = text.tokens[end].text
            yield (f"{name} {noun}" if noun[0].isupper() else name), end + 1


def _group(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "support agents" as typed, for whoever knows which those are."""
    if not text.all_words.isdisjoint(PLURAL):
        yield from _ending(text, at, at, PLURAL)


def _every(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "all support agents", "every sales agent" as typed."""
    if text.word(at) not in EVERY or text.all_words.isdisjoint(AGENTS):
        return
    start = at + 1
    while text.word(start) in {"of", "the", "our", "my"}:
        start += 1
    yield from _ending(text, at, start, AGENTS)


def _ending(text: Text, at: int, start: int, nouns: frozenset[str]) -> Iterator[tuple[object, int]]:
    """Read names from `start` on that one of the nouns follows."""
    for _words, end in _names(text, start):
        if text.word(end) in nouns:
            yield text.typed(at, end + 1), end + 1


def _name_starts(word: str) -> bool:
    return word not in _NO_NAME


_number_starts = re.compile(rf"\d|(?:half|{'|'.join(WORDS)})$").match
_phone_starts = re.compile(r"\+\d|0\d|\(|\d{3}-").match
_fraction_starts = re.compile(r"\d{1,3}[.,]\d{1,2}$").match
_COUNTING = word_set("how many number count of")
_NOUNS = word_set("call calls conversations chats")
_SLOTS: dict[str, tuple[SlotReader, StartsWith | frozenset[str]]] = {
    "count": (_count, _number_starts),
    "digits": (_digits, _number_starts),
    "length": (_length, _number_starts),
    "name": (_name, _name_starts),
    "names": (_names, _name_starts),
    "framed": (_framed, _name_starts),
    "group": (_group, _name_starts),
    "every": (_every, EVERY),
    "quoted": (_quoted, operator.not_),
    "phone": (_phone, _phone_starts),
    "fraction": (_fraction, _fraction_starts),
    "alone": (_alone, _NOUNS),
}
"""Slots that any filter's phrases may have: how they are read, and what they can begin with."""

# --- all phrases together ---


@dataclass(frozen=True, slots=True)
class FoundPhrase:
    """What begins at a word: a filter's phrase, or words that say nothing."""

    end: int
    key: str
    """The filter's key, or "" for words that say nothing."""
    value: object = None
    problem: Misread | None = None
    """The phrase was recognised, but what it says cannot be."""
    clears: str = ""
    """The filter that is no longer wanted: "all agents", "any time"."""


def _refuse(reason: str, _slots: Mapping[str, object]) -> NoReturn:
    raise Misread(reason)


class Grammar:
    """All phrases. One object serves every text; it keeps no state."""

    def __init__(self) -> None:
        slots = dict(_SLOTS)
        for each in FILTERS:
            slots |= {name: (slot.read, slot.starts) for name, slot in each.slots.items()}
        self.matcher = Matcher(slots)
        self._openers: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for each in FILTERS:
            for phrase in each.all_phrases(BY_KEY):
                self.matcher.add(each.key, phrase)
            for opener in each.openers:
                words = tuple(opener.split())
                self._openers.setdefault(words[0], []).append((words, each.key))
        more = {word for each in FILTERS for word in each.vocabulary}
        self.vocabulary = Vocabulary(self.matcher.vocabulary | more | _TIMES | _OTHER_WORDS | KEYS, code_of)
        """Words that are suggested for others; those of what is not supported are not among them."""
        for reason, patterns in UNSUPPORTED.items():
            for pattern in patterns:
                self.matcher.add("refused", Phrase(pattern, partial(_refuse, reason)))
        self._stops: dict[str, list[tuple[str, ...]]] = {word: [(word,)] for word in STOP}
        for words in STOP_PHRASES:
            self._stops.setdefault(words[0], []).append(words)

    def find(self, text: Text, at: int, possible: Iterable[Entry]) -> FoundPhrase | None:
        """Return the longest phrase that begins at a word; of equal ones a time, a filter's, idle words.

        So "between 9:00 and 17:00" is when calls began, and "lasting between 2:00 and 5:00" their length.
        """
        best = timed = self._time(text, at) if text.word(at) else None
        match = self.matcher.longest(text, at, possible)
        if match is not None and (timed is None or match.end > timed.end or _goes_first(match, timed)):
            try:
                best = FoundPhrase(match.end, match.key, match.make(match.slots))
            except Misread as problem:
                best = FoundPhrase(match.end, match.key, problem=problem)
        end = best.end if best else at
        for count in (2, 3):
            if end < at + count and (cleared := CLEARING.get(text.words[at : at + count])):
                best, end = FoundPhrase(at + count, "", clears=cleared), at + count
        for words in self._stops.get(text.word(at), ()):
            if end < at + len(words) and text.words[at : at + len(words)] == words:
                best, end = FoundPhrase(at + len(words), ""), at + len(words)
        return best

    def opener(self, text: Text, at: int) -> tuple[int, str] | None:
        """Return the end and the filter of words that a name follows ("for", "about"), the longest first."""
        best = None
        for words, key in self._openers.get(text.word(at), ()):
            if text.words[at : at + len(words)] == words:
                best = max(best or (at, ""), (at + len(words), key))
        return best

    @staticmethod
    def _time(text: Text, at: int) -> FoundPhrase | None:
        try:
            found = read_constraint(text, at)
        except Misread as problem:
            end = at + 1
            while text.word(end)[:1].isdecimal() or text.word(end) in _IMPOSSIBLE:
                end += 1
            return FoundPhrase(end, "time", problem=problem)
        return FoundPhrase(found[1], "time", (found[0],)) if found else None


def _goes_first(match: Match, timed: FoundPhrase) -> bool:
    """Whether a phrase is meant, and no time of the same words: "daily", "compare this week to last week"."""
    return match.end == timed.end and (timed.problem is not None or match.key == "compare")


GRAMMAR = Grammar()


class TimePair(NamedTuple):
    """Where the words of `since:X` came from: as typed, the position after them, whether it is negated."""

    typed: str
    end: int
    negated: bool


class QuestionText(Text):
    """The words of a question, and what phrase begins at each: looked for once, where it is asked for."""

    def __init__(
        self,
        tokens: Sequence[Token],
        time_pairs: Mapping[int, TimePair] = MappingProxyType({}),
        zone: SaidZone | None = None,
        problems: tuple[str, ...] = (),
        *,
        too_long: bool = False,
    ) -> None:
        """Take the tokens; `time_pairs` by the position of their first word; the zone that times are said in.

        Of a text that is too long these are the beginning.
        """
        super().__init__(tokens)
        self.time_pairs = time_pairs
        self.zone = zone
        self.problems = problems
        self.too_long = too_long
        self._possible = GRAMMAR.matcher.possible(self)
        self._found: dict[int, FoundPhrase | None] = {}

    def found(self, at: int) -> FoundPhrase | None:
        """Return what begins at a position; None for nothing, and past the end."""
        if at not in self._found:
            there = at < len(self.tokens)
            self._found[at] = GRAMMAR.find(self, at, self._possible) if there else None
        return self._found[at]

    def key(self, at: int) -> str:
        """Return the filter whose phrase begins at a position, or ""."""
        found = self.found(at)
        return found.key if found is not None else ""

    def takes(self, at: int, found: FoundPhrase) -> None:
        """Let a phrase begin at a position."""
        self._found[at] = found

    def opener(self, at: int) -> tuple[int, str] | None:
        """Return the end and the filter of words that a name follows ("for", "about"), the longest first."""
        return GRAMMAR.opener(self, at)

    def with_word(self, at: int, word: str) -> QuestionText:
        """Return the question with another word at a position."""
        right = replace(self.tokens[at], text=word, word=word)
        tokens = (*self.tokens[:at], right, *self.tokens[at + 1 :])
        return QuestionText(tokens, self.time_pairs, self.zone, self.problems)
