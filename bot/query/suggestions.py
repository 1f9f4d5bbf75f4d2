"""Did you mean: what to suggest for a word that is not known, never the opposite of what it says."""

# ruff: noqa: PLR2004
# Lengths of words and how much they resemble each other say what they are in their own lines.

from __future__ import annotations

from collections.abc import Callable, Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.query.tokens import word_set

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


HINTS = {
    "may": ("in may",),
    "mar": ("in march",),
    "sun": ("on sunday",),
    "week": ("this week", "last week"),
    "month": ("this month", "last month"),
    "year": ("this year", "last year"),
    "quarter": ("this quarter", "last quarter"),
    "day": ("today", "yesterday"),
    "days": ("last 7 days",),
    "weeks": ("last 2 weeks",),
    "months": ("last 3 months",),
    "hours": ("last 24 hours",),
    "hour": ("last hour",),
    "minutes": ("over 5 minutes", "last 30 minutes"),
    "minute": ("over 1 minute",),
    "seconds": ("shorter than 30 seconds",),
    "past": ("past 2 weeks",),
    "ago": ("since 7 days ago",),
    "than": ("longer than 5 minutes",),
    "rating": ("rated 2 or less",),
    "ratings": ("rated 2 or less",),
    "stars": ("5 stars",),
    "rated": ("rated 2 or less",),
    "tool": ("tool:name",),
    "tools": ("tool:name",),
    "tag": ("tag:name",),
    "first": ("first 10 calls",),
    "last": ("last 10 calls", "last week"),
    "over": ("over 5 minutes",),
    "under": ("under 30 seconds",),
    "agent": ("agent:name",),
    "agents": ("agents",),
    "sort": ("oldest first",),
    "sorted": ("oldest first",),
    "longest": ("over 10 minutes",),
    "reverse": ("oldest first",),
    "order": ("oldest first",),
    "shortest": ("under 30 seconds",),
    "duration": ("over 5 minutes",),
    "language": ("in german",),
    "untagged": ("-tag:name",),
    **dict.fromkeys(word_set("error errors errored erroring erroneous"), ("failed", "result:error")),
    **dict.fromkeys(word_set("broken crashed faulty problematic wrong"), ("failed",)),
    **dict.fromkeys(
        word_set("dropped aborted interrupted canceled cancelled disconnected"), ("failed", "status:failed")
    ),
    **dict.fromkeys(word_set("bad poor terrible negative worst"), ("failed", "rated 2 or less")),
    **dict.fromkeys(word_set("good great excellent positive best"), ("successful", "rated 4 or more")),
    **{word: (f'about "{word}"',) for word in ("stop", "cancel")},
    **dict.fromkeys(word_set("unclear ambiguous uncertain"), ("unknown result",)),
    **dict.fromkeys(word_set("done processed closed"), ("status:done",)),
    **dict.fromkeys(word_set("initiated queued ringing dialing dialling"), ("status:initiated",)),
    **dict.fromkeys(word_set("pending open waiting"), ("in progress", "processing", "status:initiated")),
}
"""What to suggest for words that say something only together with others, or that may say several things."""


ALONE = frozenset({"result:error"})
"""Suggestions that cannot be excluded."""
_LOOKED_AT = 12
"""Words that resemble one enough to be looked at; the best of them are suggested."""


class Vocabulary:
    """All words that mean something, to suggest the closest."""

    def __init__(self, words: Iterable[str]) -> None:
        """Single letters and numbers are nobody's closest word."""
        self._known = {w for w in words if len(w) > 2 and not w[0].isdecimal()}
        self._words = sorted(self._known)

    def nearest(self, word: str, count: int = 3) -> tuple[str, ...]:
        """Return known words that resemble a mistyped one, best first."""
        if len(word) > 40:
            return ()
        cutoff = 0.6 if len(word) > 3 else 0.7
        near = self._like(word, OSA.normalized_similarity, cutoff)[:count]
        return near or self._like(word, fuzz.ratio, 75)[:1] or self._turned_round(word)

    def _like(self, word: str, scorer: Callable[..., float], cutoff: float) -> tuple[str, ...]:
        found = process.extract(word, self._words, scorer=scorer, limit=_LOOKED_AT, score_cutoff=cutoff)
        return tuple(known for known, _score, _index in found if known != word and may_be(word, known))

    def _turned_round(self, word: str) -> tuple[str, ...]:
        """Return a known word with a minus for one that says the opposite: “-active” for “inactive”."""
        rest = turned_round(word)
        return (f"-{rest}",) if rest in self._words else ()

    def one_error_from(self, word: str) -> tuple[str, ...]:
        """Return the known words that are one typing error away from a word; none for a known one."""
        if len(word) > 40 or word in self._known:
            return ()
        found = process.extract(word, self._words, scorer=OSA.distance, limit=None, score_cutoff=1)
        return tuple(known for known, _distance, _index in found)

    @staticmethod
    def is_close(word: str, known: str) -> bool:
        """Whether a word is surely a mistyped one, and no name that resembles it ("Billing", "calling")."""
        return OSA.normalized_similarity(word, known) >= 0.8
