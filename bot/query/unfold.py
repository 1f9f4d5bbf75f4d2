"""Pairs that are read as phrases: `since:monday` is "since monday"."""

from __future__ import annotations

from bot.query.filters import BY_KEY
from bot.query.grammar import TIME_KEYS
from bot.query.numbers import SECONDS, glued
from bot.query.time.calendar import CALENDAR, DAYS, MONTHS, UNITS
from bot.query.tokens import Kind, Token, item_text, tokenise

_LAST_ONES = CALENDAR | DAYS.keys() | MONTHS.keys() | {"weekend", "night"}
"""What may follow "last:", which else takes a number of calls."""


def unfold_times(tokens: tuple[Token, ...]) -> tuple[list[Token], dict[int, tuple[str, int, bool]]]:
    """Turn `since:X` into the words "since X"; returns also where those came from, to name them as typed."""
    unfolded: list[Token] = []
    typed: dict[int, tuple[str, int, bool]] = {}
    for at, token in enumerate(tokens):
        if _goes_on(token, tokens[at + 1 : at + 2]):  # "duration:5 minutes"
            unfolded.append(Token(Kind.WORD, token.text, "duration"))
            unfolded.append(Token(Kind.WORD, token.text, _value(token)))
            continue
        if token.kind is Kind.PAIR and token.key in BY_KEY and not token.negated and _unsaid(token):
            unfolded.append(Token(Kind.WORD, token.text, token.key, key=token.key))  # "rating: 2 or less"
            unfolded.extend(tokenise(item_text(item), frozenset()).tokens[0] for item in token.items)
            continue
        word = _time_word(token)
        if not word:
            unfolded.append(token)
            continue
        start = len(unfolded)
        if not token.negated and _which(token):  # "week:last"
            unfolded.append(Token(Kind.WORD, token.text, _which(token)))
            unfolded.append(Token(Kind.WORD, token.text, token.key))
            typed[start] = (token.text, len(unfolded), False)
            continue
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
    value = _value(token)
    if token.key == "week" and value.isdecimal():
        return "week"
    parts = glued(value)
    if token.key == "last" and (value in _LAST_ONES or (parts and parts[1] in UNITS)):  # "last:7d"
        return "last"
    return TIME_KEYS.get(token.key, "")


def _goes_on(token: Token, following: tuple[Token, ...]) -> bool:
    """Whether a length goes on after the blank: its unit, or the other end of a range."""
    if token.kind is not Kind.PAIR or token.negated or not following or len(token.items) != 1:
        return False
    length = token.key in BY_KEY and BY_KEY[token.key].key == "duration"
    return length and _value(token).isdecimal() and following[0].word in SECONDS.keys() | {"to"}


def _value(token: Token) -> str:
    return item_text(token.items[0]).casefold() if token.items else ""


def _which(token: Token) -> str:
    """Return the "last" of "week:last"."""
    known = token.key in CALENDAR and _value(token) in {"last", "previous", "this", "current", "next"}
    return _value(token) if known else ""


def _unsaid(token: Token) -> bool:
    """Whether a pair's value only begins after a blank. A sign in quotes is a value."""
    return all(
        item_text(item) in {"<", ">", "<=", ">=", "=", "≤", "≥"} and not any(part.quoted for part in item)
        for item in token.items
    )
