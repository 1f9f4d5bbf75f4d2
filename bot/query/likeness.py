"""When two names are the same, or one is meant by the other: to resemble each other is not enough."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Sequence

from rapidfuzz.distance import OSA

LONG = 6
"""Letters from which a word with one left out, doubled or swapped is still that word and no other."""
VERY_LONG = 7
"""Letters from which this holds for a wrong letter, too: of shorter ones it makes another name (Mario)."""
PART = 3
"""Letters from which the beginning of a word may stand for it: “book” for “Booking”, but no “E” for “EN”."""

WordMeant = Callable[[str, str], bool]
"""Whether a word as typed means a word of a name."""


@functools.lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return a name for comparing: no case, accents or punctuation; ß is ss."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split()) or name.casefold().strip()


def same_name(one: str, other: str) -> bool:
    """Whether two plain names are one, however their words are joined: “call center”, “callcenter”."""
    if one == other:
        return True
    joined = one.replace(" ", "")
    return joined == other.replace(" ", "") and joined.isalpha()


def begins(typed: str, word: str) -> bool:
    """Whether a word is one of a name, or how it begins. Numbers and short words (codes) are not cut off."""
    return typed == word or (len(typed) >= PART and typed.isalpha() and word.startswith(typed))


def mistyped_for(typed: str, word: str) -> bool:
    """Whether a word is one of a name with one typing error in it.

    A digit, a code of two letters or another first letter is no typing error: it names something else.
    """
    if typed == word:
        return True
    shorter = min(len(typed), len(word))
    if shorter < LONG or typed[0] != word[0] or not (typed.isalpha() and word.isalpha()):
        return False
    if OSA.distance(typed, word, score_cutoff=1) > 1:
        return False
    wrong_letter = len(typed) == len(word) and sorted(typed) != sorted(word)
    return not wrong_letter or shorter >= VERY_LONG


def begins_or_mistyped(typed: str, word: str) -> bool:
    """Whether a word is one of a name: its beginning, or with one typing error in it."""
    return begins(typed, word) or mistyped_for(typed, word)


def holds(label: Sequence[str], words: Sequence[str], meant: WordMeant) -> bool:
    """Whether every word is meant by a word of the name, each by its own; the very same words go first."""
    left = list(label)
    others = []
    for word in words:
        if word in left:
            left.remove(word)
        else:
            others.append(word)
    for word in others:
        hit = next((known for known in left if meant(word, known)), None)
        if hit is None:
            return False
        left.remove(hit)
    return True
