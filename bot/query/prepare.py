"""A text's tokens made ready: `since:X` as words, values parted by slashes, pasted lists."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.query.filters import BY_KEY
from bot.query.grammar import GRAMMAR, KEYS, TIME_KEYS
from bot.query.phrases import Text
from bot.query.times.when import MONTHS
from bot.query.tokens import MAX_WORDS, Kind, Token, fold, item_text, tokenise, word_set

_NUMBERED = re.compile(r"\s*\d{1,2}[.)]\s+(?=([^\W\d_]+))")
"""The number of a line that was copied from a list: "1. failed calls"."""
_AFTER_ORDINAL = word_set("of day week quarter half month to") | MONTHS.keys()
"""Words that make such a number one of a date."""
_SIGNS = frozenset({"<", ">", "<=", ">=", "=", "≤", "≥"})


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
    tokens, typed = _unfold_times(_parted(taken.tokens))
    words = [number for number, token in enumerate(tokens) if token.kind is not Kind.PAIR]
    too_long = taken.too_long or len(words) > MAX_WORDS
    if len(words) > MAX_WORDS:
        tokens = tokens[: words[MAX_WORDS]]
    return Prepared(tuple(tokens), typed, too_long, taken.open_quote)


def _unfold_times(tokens: list[Token]) -> tuple[list[Token], dict[int, tuple[str, int, bool]]]:
    """Turn `since:X` into the words "since X"; returns also where those came from, to name them as typed."""
    unfolded: list[Token] = []
    typed: dict[int, tuple[str, int, bool]] = {}
    for token in tokens:
        if token.kind is Kind.PAIR and token.key in BY_KEY and not token.negated and _unsaid(token):
            unfolded.append(Token(Kind.WORD, token.text, token.key, key=token.key))  # "rating: 2 or less"
            unfolded.extend(tokenise(item_text(item), frozenset()).tokens[0] for item in token.items)
            continue
        if token.kind is not Kind.PAIR or token.key not in TIME_KEYS:
            unfolded.append(token)
            continue
        start = len(unfolded)
        word = TIME_KEYS[token.key]
        unfolded.append(Token(Kind.WORD, token.text, word))
        for item in token.items:
            unfolded.extend(
                t for t in tokenise(item_text(item), frozenset()).tokens if t.kind is not Kind.PAIR
            )
        typed[start] = (token.text, len(unfolded), token.negated)
    return unfolded, typed


def _unsaid(token: Token) -> bool:
    """Whether a pair's value only begins after a blank. A sign in quotes is a value."""
    return all(item_text(item) in _SIGNS and not any(part.quoted for part in item) for item in token.items)


def _parted(tokens: tuple[Token, ...]) -> list[Token]:
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
    return parted


def _one_filter(words: list[Token]) -> bool:
    """Whether each word says a value of the same filter."""
    keys = {found.key if (found := GRAMMAR.find(Text([word]), 0)) else "" for word in words}
    return len(keys) == 1 and not keys & {"", "time"}
