"""When a known word may be suggested for one that is not: it resembles it, and does not say the opposite."""

from __future__ import annotations

from rapidfuzz.distance import OSA

_NOT = ("in", "un", "non", "dis", "im", "ir")
"""What in front of a word turns it round: “incomplete”, “unsuccessful”."""
_LIKE = 0.75
"""How much two words resemble each other that are one but for such a beginning."""


def may_be(typed: str, known: str) -> bool:
    """Whether a known word may be what was meant, once it resembles what was typed."""
    return not opposed(typed, known) and not _another(typed, known)


def opposed(one: str, other: str) -> bool:
    """Whether one of two words is the other with “un-” or the like in front, also with a typing error."""
    return _turned(one, other) or _turned(other, one)


def turned_round(word: str) -> str:
    """Return the word that “un-” or the like stands before; "" where there is none."""
    return next((word.removeprefix(start) for start in _NOT if word.startswith(start)), "")


def _turned(word: str, other: str) -> bool:
    return any(
        word.startswith(start)
        and not other.startswith(start)
        and OSA.normalized_similarity(word.removeprefix(start), other) >= _LIKE
        for start in _NOT
    )


def _another(typed: str, known: str) -> bool:
    """Whether two words only rhyme: “stop” is no “top”, “aborted” no “sorted”.

    A first letter may be left out, wrong or swapped by mistake, but seldom is one too many.
    """
    swapped = sorted(typed[:2]) == sorted(known[:2])
    if typed[:1] == known[:1] or typed[:1] == known[1:2] or swapped:
        return False
    return typed[1:] == known or OSA.distance(typed, known) > 1
