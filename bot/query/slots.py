"""What stands in a phrase's slots: counts, lengths, names, and names of several agents."""

from __future__ import annotations

from collections.abc import Iterator

from bot.query.filters.agent import AGENTS, EVERY, PLURAL
from bot.query.numbers import WORDS, integer, read_length
from bot.query.phrases import SlotReader, StartsWith, Text
from bot.query.refused import is_phone_start, phone_number
from bot.query.time.calendar import DAYS
from bot.query.time.doubtful import DOUBTFUL
from bot.query.tokens import Kind, item_text
from bot.query.vocabulary import JOINERS, NEGATIONS, STOP

_NO_NAME = (
    STOP
    | NEGATIONS
    | JOINERS.keys()
    | (DAYS.keys() - DOUBTFUL)
    | {"today", "yesterday", "since", "until", "last"}
)
"""Words that are no name, nor part of one, unless quoted."""


_AGENT = frozenset({"agent", "assistant"})


def _count(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a whole number."""
    word = text.word(at)
    value = integer(word) if word not in {"a", "an"} else None
    if value is not None:
        yield value, at + 1


def _digits(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a whole number in digits."""
    word = text.word(at)
    if word.isascii() and word.isdecimal() and len(word) <= 9:  # noqa: PLR2004 - as many digits as MAX_NUMBER allows
        yield int(word), at + 1


def _length(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a call's length in seconds."""
    found = read_length(text.words, at)
    if found:
        yield found


def _name(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a quoted name, or one word."""
    if at < len(text):
        token = text.tokens[at]
        if token.kind is Kind.QUOTED:
            yield item_text(token.items[0]), at + 1
        elif token.kind is Kind.WORD and token.word not in _NO_NAME:
            yield token.text, at + 1


def _names(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a quoted name, or one to four words, the fewest first."""
    yield from _name(text, at)
    for end in range(at + 1, at + 4):
        if end >= len(text) or text.tokens[end].kind is not Kind.WORD or text.word(end) in _NO_NAME:
            return
        yield " ".join(t.text for t in text.tokens[at : end + 1]), end + 1


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
        yield from _ended(text, at, at, PLURAL)


def _every(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "all support agents", "every sales agent" as typed."""
    if text.word(at) not in EVERY or text.all_words.isdisjoint(AGENTS):
        return
    start = at + 1
    while text.word(start) in {"of", "the", "our", "my"}:
        start += 1
    yield from _ended(text, at, start, AGENTS)


def _ended(text: Text, at: int, start: int, nouns: frozenset[str]) -> Iterator[tuple[object, int]]:
    for _name, end in _names(text, start):
        if text.word(end) in nouns:
            yield " ".join(token.text for token in text.tokens[at : end + 1]), end + 1


def _quoted(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a quoted name."""
    if at < len(text) and text.tokens[at].kind is Kind.QUOTED:
        yield item_text(text.tokens[at].items[0]), at + 1


SLOTS: dict[str, SlotReader] = {
    "count": _count,
    "digits": _digits,
    "length": _length,
    "name": _name,
    "names": _names,
    "framed": _framed,
    "group": _group,
    "every": _every,
    "quoted": _quoted,
    "phone": phone_number,
}


def _number_starts(word: str) -> bool:
    return word[:1].isdecimal() or word in WORDS or word == "half"


def _name_starts(word: str) -> bool:
    return word not in _NO_NAME


STARTS: dict[str, StartsWith] = {
    "count": _number_starts,
    "digits": _number_starts,
    "length": _number_starts,
    "name": _name_starts,
    "names": _name_starts,
    "framed": _name_starts,
    "group": _name_starts,
    "every": lambda word: word in EVERY,
    "quoted": lambda word: not word,
    "phone": is_phone_start,
}
