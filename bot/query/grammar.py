"""The grammar: what can begin at a word of a question, and the keys that may stand before a colon."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from bot.model import WEEKDAYS
from bot.query.filters import BY_KEY, FILTERS
from bot.query.filters.origins import AGENTS, EVERY, PLURAL, code_of
from bot.query.numbers import begins_number, integer, looks_like_phone, read_length
from bot.query.phrases import Matcher, Phrase, PhraseSlot, Text, one_word
from bot.query.time.calendar import DAYS, MONTHS, SaidZone
from bot.query.time.time_phrases import DOUBTFUL, read_constraint
from bot.query.tokens import Kind, word_set
from bot.query.unsupported import REFUSED
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
ANCHORS = _TIMES | word_set("failed successful inbound outbound unsuccessful without except excluding")
"""Words whose typing errors are noticed even where a name is being read."""
_OTHER_WORDS = word_set("morning afternoon evening night noon midnight agent for help agents neither")
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
_NATIONAL = re.compile(r"(?=(?:\D*\d){10,12}\D*$)[0(][\d()-]+|\d{3}([-.])\d{3}\1\d{4}")
"""A number without its country. Others with dots may be dates, those with more digits two of them."""
_BEFORE_PHONE = word_set("from to number phone caller")
"""Words that tell one of digits alone from the number of an order."""
_MOST_DIGITS = 12
_DAY_OR_HOURS = re.compile(r"\d{1,2}-\d{1,2}|\d{1,2}(?:st|nd|rd|th|\.)?")
_DATE = re.compile(r"\d{1,2}[/.]\d{1,2}[/.](?:\d{4})?|\d{4}-\d\d-\d\d")
"""What behind a number is a time: "1-15 nov", "9-17", "11/13/2026"."""
_PHONE_PART = re.compile(r"\+?[\d.()/-]+")


def _count(word: str) -> int | None:
    return None if word in {"a", "an"} else integer(word)


def _digits(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= _MAX_DIGITS else None


def _length(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a call's length in seconds."""
    if found := read_length(text.words, at):
        yield found


def _phone(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "+49 30 123456", "+1 (415) 555-0134", "0170 1234567"."""
    end, digits = at, ""
    while end < len(text) and len(digits) < _MAX_PHONE:
        part = text.tokens[end].text
        day = _DAY_OR_HOURS.fullmatch(part) and (
            text.word(end + 1) in MONTHS or ("-" in part and len(digits) > _MAX_DIGITS)
        )
        if not _PHONE_PART.fullmatch(part) or (end > at and (day or _DATE.fullmatch(part))):
            break
        digits += part
        end += 1
    plain = text.word(at - 1) in _BEFORE_PHONE and digits.isdecimal() and len(digits) <= _MOST_DIGITS
    national = plain or _NATIONAL.fullmatch(digits) is not None
    first = text.tokens[at].text if at < len(text) else ""
    if (
        first
        and _phone_starts(first)
        and looks_like_phone(digits)
        and (national or digits.startswith(_ABROAD))
    ):
        yield digits, end


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
    if text.words_from[at].isdisjoint(_AGENT):
        return
    for name, end in _names(text, at):
        if text.word(end) in _AGENT:
            noun = text.tokens[end].text
            yield (f"{name} {noun}" if noun[0].isupper() else name), end + 1


def _group(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "support agents" as typed, for whoever knows which those are."""
    if not text.words_from[at].isdisjoint(PLURAL):
        yield from _ending(text, at, at, PLURAL)


def _every(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "all support agents", "every sales agent" as typed."""
    if text.word(at) not in EVERY or text.words_from[at].isdisjoint(AGENTS):
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


_phone_starts = re.compile(r"\+\d|0\d|\(|\d{3}|$").match
_fraction_starts = re.compile(r"\d{1,3}[.,]\d{1,2}$").match
_COUNTING = word_set("how many number count of")
_NOUNS = word_set("call calls conversations chats")
_SLOTS = {
    "count": one_word(_count, begins_number),
    "digits": one_word(_digits, begins_number),
    "length": PhraseSlot(_length, begins_number),
    "name": PhraseSlot(_name, _name_starts),
    "names": PhraseSlot(_names, _name_starts),
    "framed": PhraseSlot(_framed, _name_starts),
    "group": PhraseSlot(_group, _name_starts),
    "every": PhraseSlot(_every, EVERY),
    "quoted": PhraseSlot(_quoted, operator.not_),
    "phone": PhraseSlot(_phone, _phone_starts),
    "fraction": one_word(lambda word: word if _fraction_starts(word) else None, _fraction_starts),
    "alone": PhraseSlot(_alone, _NOUNS),
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


def _all_phrases() -> Iterator[tuple[str, Phrase]]:
    for each in (*FILTERS, REFUSED):
        yield from ((each.key, phrase) for phrase in each.all_phrases(BY_KEY))


_PHRASES = Matcher(
    _SLOTS | {name: slot for each in (*FILTERS, REFUSED) for name, slot in each.slots.items()},
    _all_phrases(),
)
_OPENERS: dict[str, list[tuple[tuple[str, ...], str]]] = {}
"""Words that a name follows, with the filter's key, by the first of them."""
for _each in FILTERS:
    for _opener in _each.openers:
        _OPENERS.setdefault(_opener.split()[0], []).append((tuple(_opener.split()), _each.key))
_IDLE: dict[str, list[tuple[tuple[str, ...], str]]] = {}
"""Words that say nothing, or which filter is not wanted, by the first of them."""
for _words, _cleared in [*CLEARING.items(), *((idle, "") for idle in (*STOP_PHRASES, *((w,) for w in STOP)))]:
    _IDLE.setdefault(_words[0], []).append((_words, _cleared))
_said = {word for key, words in _PHRASES.said.items() if key != REFUSED.key for word in words}
_said |= {word for each in FILTERS for word in each.vocabulary}
VOCABULARY = Vocabulary(_said | ANCHORS | _OTHER_WORDS | KEYS, code_of)
"""Words that are suggested for others; those of what is not supported are not among them."""


@dataclass(eq=False)
class QuestionText(Text):
    """The words of a question, and what phrase begins at each: looked for once, where it is asked for."""

    zone: SaidZone | None = None
    """The zone that times are said in."""
    problems: tuple[str, ...] = ()
    too_long: bool = False

    def found(self, at: int) -> FoundPhrase | None:
        """Return the longest phrase that begins at a position; None for nothing, and past the end.

        Of equally long ones it is a time, a filter's, idle words. So "between 9:00 and 17:00" is when calls
        began, and "lasting between 2:00 and 5:00" their length; "daily" and "compare this week to last week"
        are no times.
        """
        if at in self.phrases or at >= len(self.words):
            return cast("FoundPhrase | None", self.phrases.get(at))
        best: FoundPhrase | None = None
        end = at
        if timed := read_constraint(self, at):
            time, end = timed
            best = FoundPhrase(end, "time", (time,), time if isinstance(time, Misread) else None)
        if match := next(iter(_PHRASES.matches(self, at)), None):
            better = best is None or best.problem is not None or match[1].key == "compare"
            if match[0] > end or (match[0] == end and better):
                end, entry, slots = match
                try:
                    best = FoundPhrase(
                        end, entry.key, entry.meaning(slots) if callable(entry.meaning) else entry.meaning
                    )
                except Misread as problem:
                    best = FoundPhrase(end, entry.key, problem=problem)
        for words, cleared in _IDLE.get(self.words[at], ()):
            if end < at + len(words) and self.words[at : at + len(words)] == words:
                end = at + len(words)
                best = FoundPhrase(end, "", clears=cleared)
        self.phrases[at] = best
        return best

    def key(self, at: int) -> str:
        """Return the filter whose phrase begins at a position, or ""."""
        found = self.found(at)
        return found.key if found is not None else ""

    def capital_inside(self, at: int) -> bool:
        """Whether a word has a capital letter inside a sentence of small ones."""
        begins = at == 0 or self.tokens[at - 1].closed
        return not begins and any(token.text.islower() for token in self.tokens)

    def opener(self, at: int) -> tuple[int, str] | None:
        """Return the end and the filter of words that a name follows ("for", "about"), the longest first."""
        openers = _OPENERS.get(self.word(at), ())
        there = [
            (at + len(words), key) for words, key in openers if self.words[at : at + len(words)] == words
        ]
        return max(there, default=None)

    def with_word(self, at: int, word: str) -> QuestionText:
        """Return the question with another word at a position."""
        right = replace(self.tokens[at], text=word, word=word)
        return replace(self, tokens=(*self.tokens[:at], right, *self.tokens[at + 1 :]))
