"""Did you mean: what to suggest for a word that is not known, never the opposite of what it says."""

# ruff: noqa: PLR2004
# Lengths of words and how much they resemble each other say what they are in their own lines.

from __future__ import annotations

from collections.abc import Callable, Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.query.tokens import word_set
from bot.query.vocabulary import PRONOUNS, STOP

_NOT = ("in", "un", "non", "dis", "im", "ir")
"""What in front of a word turns it round: “incomplete”, “unsuccessful”."""
_LIKE = 0.75
"""How much two words resemble each other that are one but for such a beginning."""
_LOOKED_AT = 12
"""Words that resemble one enough to be looked at; the best of them are suggested."""
_LONGEST = 40
NOT_EXCLUDABLE = frozenset({"result:error"})
"""Suggestions that cannot be excluded."""

_HINTS = {
    "may": "in may",
    "mar": "in march",
    "sun": "on sunday",
    "week": "this week, last week",
    "month": "this month, last month",
    "year": "this year, last year",
    "quarter": "this quarter, last quarter",
    "day": "today, yesterday",
    "days": "last 7 days",
    "weeks": "last 2 weeks",
    "months": "last 3 months",
    "hours": "last 24 hours",
    "hour": "last hour",
    "minutes": "over 5 minutes, last 30 minutes",
    "minute": "over 1 minute",
    "seconds": "shorter than 30 seconds",
    "past": "past 2 weeks",
    "ago": "since 7 days ago",
    "than": "longer than 5 minutes",
    "rating ratings rated": "rated 2 or less",
    "stars": "5 stars",
    "tool tools": "tool:name",
    "tag tagged": "tag:name",
    "limit": "limit:50",
    "column columns": "columns:all",
    "first": "first 10 calls",
    "last": "last 10 calls, last week",
    "over duration": "over 5 minutes",
    "under": "under 30 seconds",
    "agent": "agent:name",
    "agents": "agents",
    "sort sorted reverse order": "oldest first",
    "language": "in german",
    "untagged": "-tag:name",
}
_SAME = {
    "error errors errored erroring erroneous": "failed, result:error",
    "broken crashed faulty problematic wrong": "failed",
    "dropped aborted interrupted canceled cancelled disconnected": "failed, status:failed",
    "bad poor terrible negative worst": "failed, rated 2 or less",
    "good great excellent positive best": "successful, rated 4 or more",
    "stop": 'about "stop"',
    "cancel": 'about "cancel"',
    "unclear ambiguous uncertain": "unknown result",
    "done processed closed": "status:done",
    "initiated queued ringing dialing dialling": "status:initiated",
    "pending open waiting": "in progress, processing, status:initiated",
}
SYNONYMS = frozenset(word for words, same in _SAME.items() if ", " not in same for word in words.split())
"""Words that say the same as what is suggested for them."""
NO_TOPIC = (
    STOP
    | PRONOUNS
    | word_set("""
    may might include includes including
    rate rates ratio average avg mean median total sum share percent percentage count counts number
    numbers amount maximum minimum more most less least few fewer fewest many several half double twice
    once top bottom high higher highest low lower lowest long longer longest short shorter shortest fast
    faster fastest slow slower slowest big bigger biggest small smaller smallest large larger largest hour
    hours hourly minute minutes second seconds day days daily week weeks weekly weekend weekends month
    months monthly quarter quarters quarterly year years yearly annual fortnight fortnights decade century
    morning mornings afternoon evening night nights noon midnight overnight holiday holidays season summer
    winter spring autumn easter christmas thanksgiving fiscal calendar soon later earlier early late
    recent recently lately currently previous next current past future ago time times date dates when
    whenever always often sometimes usually rarely seldom why how who whom whose which what where whether
    because reason reasons cause causes good better best bad worse worst great poor nice fine okay
    terrible awful horrible excellent perfect amazing angry unhappy happy sad upset annoyed frustrated
    rude polite friendly satisfied dissatisfied disappointed furious mad pleased positive negative neutral
    important urgent critical serious interesting strange weird odd unusual normal typical suspicious
    difficult hard easy simple complex successful expensive cheap hardly almost nearly barely mostly
    mainly roughly approximately around exactly only quite rather very really extremely somewhat slightly
    too enough if unless although though while despite compare compared comparison versus vs trend trends
    increase decrease growth drop change difference different similar same unique distinct new old first
    last other another none nothing nobody noone someone somebody something
    """)
)
"""Idle words, and words of measure, time and judgement: nobody asks for calls in which they were said."""
HINTS = {
    word: tuple(suggested.split(", "))
    for words, suggested in (_HINTS | _SAME).items()
    for word in words.split()
}
"""What to suggest for words that say something only together with others, or that may say several things."""


class Vocabulary:
    """All words that mean something, to suggest the closest."""

    def __init__(self, words: Iterable[str], language_code: Callable[[str], str | None]) -> None:
        """Single letters and numbers are nobody's closest word."""
        self._known = {w for w in words if len(w) > 2 and not w[0].isdecimal()}
        self._words = sorted(self._known)
        self._language_code = language_code

    def suggest(self, word: str) -> tuple[str, ...]:
        """Return what may have been meant: the closest words; for others how a name, or a topic, is said."""
        if word[0] in '"“„«' and len(word) <= 60:
            return (f"for {word}", f"about {word}")
        word = word[:-2] if word.endswith(("'s", "’s")) else word  # noqa: RUF001 - phones type the second
        folded = word.casefold()
        if len(word) == 2 and (code := self._language_code(folded)):
            return (f"lang:{code}",)
        close = self.nearest(folded)
        if folded in NO_TOPIC:
            return close
        if not word.isalpha() or not 3 <= len(word) <= _LONGEST:
            return close
        if word[0].isupper() and not (close and OSA.normalized_similarity(folded, close[0]) >= 0.8):
            return (f"for {word}", f'about "{word}"')  # a name that resembles a word: "Billing", "calling"
        return close or (() if folded in NO_TOPIC or folded.endswith(("ly", "est")) else (f'about "{word}"',))

    def nearest(self, word: str) -> tuple[str, ...]:
        """Return known words that resemble a mistyped one, best first."""
        if len(word) > _LONGEST:
            return ()
        near = self._like(word, OSA.normalized_similarity, 0.6 if len(word) > 3 else 0.7)[:3]
        near = near or self._like(word, fuzz.ratio, 75)[:1]
        if near:
            return near
        opposite = next((word.removeprefix(start) for start in _NOT if word.startswith(start)), "")
        return (f"-{opposite}",) if opposite in self._known else ()  # “-active” for “inactive”

    def _like(self, word: str, scorer: Callable[..., float], cutoff: float) -> tuple[str, ...]:
        found = process.extract(word, self._words, scorer=scorer, limit=_LOOKED_AT, score_cutoff=cutoff)
        return tuple(
            known
            for known, _score, _index in found
            if known != word
            and may_be(word, known)
            and _near(word, known)
            and not self._of_place(word, known)
        )

    def _of_place(self, word: str, known: str) -> bool:
        """Whether a word is a country beside its language: who calls from Germany need not speak German."""
        return self._language_code(known) is not None and (word.startswith(known) or known.startswith(word))

    def one_error_from(self, word: str) -> tuple[str, ...]:
        """Return the known words that are one typing error away from a word; none for a known one."""
        if len(word) > _LONGEST or word in self._known:
            return ()
        found = process.extract(word, self._words, scorer=OSA.distance, limit=None, score_cutoff=1)
        return tuple(known for known, _distance, _index in found)


def excluded(suggested: Iterable[str], sign: str) -> tuple[str, ...]:
    """Return suggestions with a minus in front, those that can have one; two take each other away."""
    return tuple(
        each[1:] if each.startswith("-") else sign + each
        for each in suggested
        if " " not in each and each not in NOT_EXCLUDABLE
    )


def _near(typed: str, known: str) -> bool:
    """Whether one or two typing errors make one word of the other; small idle words are hardly meant."""
    errors = OSA.distance(typed, known)
    if typed[0] != known[0] and typed[0] != known[1]:
        return errors == 1 and len(typed) > 5
    return errors <= (1 if len(typed) <= 5 or known in STOP else 2 if len(typed) < 10 else 3)


def may_be(typed: str, known: str) -> bool:
    """Whether a known word may be what was meant, once it resembles what was typed.

    Words that only rhyme are others: “stop” is no “top”, “aborted” no “sorted”. A first letter may be left
    out, wrong or swapped by mistake, but seldom is one too many.
    """
    if opposed(typed, known):
        return False
    if typed[:1] in {known[:1], known[1:2]} or sorted(typed[:2]) == sorted(known[:2]):
        return True
    return typed[1:] != known and OSA.distance(typed, known) <= 1


def opposed(one: str, other: str) -> bool:
    """Whether one of two words is the other with “un-” or the like in front, also with a typing error."""
    return any(
        word.startswith(start)
        and not rest.startswith(start)
        and OSA.normalized_similarity(word.removeprefix(start), rest) >= _LIKE
        for word, rest in ((one, other), (other, one))
        for start in _NOT
    )
