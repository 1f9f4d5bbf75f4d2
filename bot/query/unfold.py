"""Pairs that are read as phrases: `since:monday` is "since monday"."""

from __future__ import annotations

from bot.query.filters import BY_KEY
from bot.query.grammar import TIME_KEYS
from bot.query.numbers import glued
from bot.query.times.when import UNITS
from bot.query.tokens import Kind, Token, item_text, tokenise


def unfold_times(tokens: tuple[Token, ...]) -> tuple[list[Token], dict[int, tuple[str, int, bool]]]:
    """Turn `since:X` into the words "since X"; returns also where those came from, to name them as typed."""
    unfolded: list[Token] = []
    typed: dict[int, tuple[str, int, bool]] = {}
    for token in tokens:
        if token.kind is Kind.PAIR and token.key in BY_KEY and not token.negated and _unsaid(token):
            unfolded.append(Token(Kind.WORD, token.text, token.key, key=token.key))  # "rating: 2 or less"
            unfolded.extend(tokenise(item_text(item), frozenset()).tokens[0] for item in token.items)
            continue
        word = _time_word(token)
        if not word:
            unfolded.append(token)
            continue
        start = len(unfolded)
        unfolded.append(Token(Kind.WORD, token.text, word))
        for item in token.items:
            unfolded.extend(
                t for t in tokenise(item_text(item), frozenset()).tokens if t.kind is not Kind.PAIR
            )
        typed[start] = (token.text, len(unfolded), token.negated)
    return unfolded, typed


def _time_word(token: Token) -> str:
    """Return the word that a pair's value is read after as a time; empty for any other token."""
    if token.kind is not Kind.PAIR:
        return ""
    value = item_text(token.items[0]) if token.items else ""
    if token.key == "week" and value.isdecimal():
        return "week"
    if token.key in {"last", "past"} and (parts := glued(value)) and parts[1] in UNITS:  # "last:7d"
        return "last"
    return TIME_KEYS.get(token.key, "")


def _unsaid(token: Token) -> bool:
    """Whether a pair's value only begins after a blank. A sign in quotes is a value."""
    return all(
        item_text(item) in {"<", ">", "<=", ">=", "=", "≤", "≥"} and not any(part.quoted for part in item)
        for item in token.items
    )
