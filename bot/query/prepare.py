"""A text's tokens made ready: `since:X` as words, values parted by slashes, pasted lists."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.query.grammar import GRAMMAR, KEYS
from bot.query.phrases import Text
from bot.query.time.calendar import MONTHS
from bot.query.tokens import MAX_WORDS, Kind, Token, fold, tokenise, word_set
from bot.query.unfold import unfold_times

_NUMBERED = re.compile(r"\s*\d{1,2}[.)]\s+(?=([^\W\d_]+))")
"""The number of a line that was copied from a list: "1. failed calls"."""
_AFTER_ORDINAL = word_set("of day week quarter half month to") | MONTHS.keys()
"""Words that make such a number one of a date."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is gone through."""

    tokens: tuple[Token, ...]
    typed: dict[int, tuple[str, int, bool]]
    """Where `since:` and the like came from: as typed, where it ends, whether it is negated."""
    too_long: bool = False
    open_quote: bool = False


def prepare(text: str) -> Prepared:
    """Take a text apart. Of one that is too long the beginning is kept."""
    numbered = _NUMBERED.match(text[:40])
    if numbered and fold(numbered.group(1)) not in _AFTER_ORDINAL:
        text = text[numbered.end() :]
    taken = tokenise(text, KEYS)
    tokens, typed = unfold_times(_parted(taken.tokens))
    words = [number for number, token in enumerate(tokens) if token.kind is not Kind.PAIR]
    too_long = taken.too_long or len(words) > MAX_WORDS
    if len(words) > MAX_WORDS:
        tokens = tokens[: words[MAX_WORDS]]
    return Prepared(tuple(tokens), typed, too_long, taken.open_quote)


def _parted(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Read a slash between two values of one filter as "or": "german/french"."""
    parted: list[Token] = []
    for token in tokens:
        parts = token.text.split("/") if token.kind is Kind.WORD and "/" in token.text else []
        words = [Token(Kind.WORD, part, fold(part)) for part in parts]
        if 1 < len(words) <= MAX_WORDS and _one_filter(words):
            for number, word in enumerate(words):
                parted += [word] if number == 0 else [Token(Kind.WORD, "/", "or"), word]
        else:
            parted.append(token)
    return tuple(parted)


def _one_filter(words: list[Token]) -> bool:
    """Whether each word says a value of the same filter."""
    keys = {found.key if (found := GRAMMAR.find(Text([word]), 0)) else "" for word in words}
    return len(keys) == 1 and not keys & {"", "time"}
