"""The grammar put together: every filter's phrases, slots and keys, and what begins at a word of a text."""

from __future__ import annotations

from dataclasses import dataclass

from bot.query.filters import BY_KEY, FILTERS
from bot.query.phrases import Match, Matcher, SlotReader, StartsWith, Text
from bot.query.refused import refused_phrases
from bot.query.slots import SLOTS, STARTS
from bot.query.suggestions import Vocabulary
from bot.query.time.calendar import DAYS, MONTHS, WEEKDAYS
from bot.query.time.phrases import read_constraint
from bot.query.values import Misread
from bot.query.vocabulary import CLEARING, STOP, STOP_PHRASES

TIME_KEYS = {
    "since": "since",
    "from": "from",
    "after": "after",
    "until": "until",
    "till": "until",
    "to": "until",
    "before": "before",
    "on": "on",
    "date": "on",
    "day": "on",
    "in": "in",
    "during": "during",
    "when": "on",
    "between": "between",
    "start": "since",
    "end": "until",
    "time": "on",
    "week": "on",
    "month": "on",
    "quarter": "on",
    "year": "on",
}
"""Keys whose value is read as a phrase of time, and the word it is read after."""
ID_KEYS = frozenset({"call", "id", "call-id", "conversation", "conversation-id", "sid", "call-sid", "conv"})
KEYS = frozenset(BY_KEY) | frozenset(TIME_KEYS) | ID_KEYS
"""Every word that may stand before a colon."""


_PARTS_OF_DAY = frozenset({"morning", "afternoon", "evening", "night", "noon", "midnight"})


@dataclass(frozen=True, slots=True)
class Found:
    """What begins at a word: a filter's phrase, or words that say nothing."""

    end: int
    key: str
    """The filter's key, or "" for words that say nothing."""
    value: object = None
    problem: Misread | None = None
    """The phrase was recognised, but what it says cannot be."""
    clears: str = ""
    """The filter that is no longer wanted: "all agents", "any time"."""


class Grammar:
    """All phrases. One object serves every text; it keeps no state."""

    def __init__(self) -> None:
        slots: dict[str, SlotReader] = dict(SLOTS)
        slot_words: dict[str, frozenset[str]] = {}
        starts: dict[str, StartsWith] = dict(STARTS)
        for f in FILTERS:
            slots.update(f.slots())
            slot_words.update(f.slot_words())
            starts.update(f.slot_starts())
        self._matcher = Matcher(slots, slot_words, starts)
        for f in FILTERS:
            for phrase in f.phrases():
                self._matcher.add(f.key, phrase)
        known = {w for f in FILTERS for w in f.vocabulary()} | self._matcher.vocabulary
        for phrase in refused_phrases():
            self._matcher.add("refused", phrase)
        self._openers: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for f in FILTERS:
            for opener in f.openers:
                self._openers.setdefault(opener[0], []).append((opener, f.key))
        self._stops: dict[str, list[list[str]]] = {}
        for words in STOP_PHRASES:
            self._stops.setdefault(words[0], []).append(words)
        times = {
            *DAYS,
            *MONTHS,
            *WEEKDAYS,
            "today",
            "yesterday",
            "since",
            "until",
            "between",
            "before",
            "after",
        }
        times |= {
            "last",
            "previous",
            "week",
            "weekend",
            "month",
            "quarter",
            "year",
            "days",
            "hours",
            "minutes",
        }
        self.anchors = frozenset(times | {"failed", "successful", "inbound", "outbound", "unsuccessful"})
        """Words whose typing errors are noticed even where a name is being read."""
        self.vocabulary = Vocabulary(
            known | times | _PARTS_OF_DAY | {"agent", "for", "help", "agents"} | set(KEYS)
        )

    def find(self, text: Text, at: int) -> Found | None:
        """Return the longest phrase that begins at a word; of equal ones a time, a filter's, idle words.

        So "between 9:00 and 17:00" is when calls began, and "lasting between 2:00 and 5:00" their length.
        """
        best: Found | None = None
        for match in self._matcher.matches(text, at):
            if best is None or match.end > best.end:
                best = _make(match)
        timed = self._time(text, at)
        if timed is not None and (best is None or timed.end >= best.end):
            best = timed
        cleared = CLEARING.get(" ".join(text.words[at : at + 2]))
        if cleared and (best is None or best.end < at + 2):
            best = Found(at + 2, "", clears=cleared)
        idle = self._idle(text, at)
        if idle > at and (best is None or idle > best.end):
            best = Found(idle, "")
        return best

    def opener(self, text: Text, at: int) -> tuple[int, str] | None:
        """Return the end and the filter of words that a name follows ("for", "about"), the longest first."""
        found = [
            (at + len(words), key)
            for words, key in self._openers.get(text.word(at), ())
            if text.words[at : at + len(words)] == words
        ]
        return max(found, default=None)

    @staticmethod
    def _time(text: Text, at: int) -> Found | None:
        if not text.word(at):
            return None
        try:
            found = read_constraint(text, at)
        except Misread as problem:
            return Found(_impossible_end(text, at), "time", problem=problem)
        return Found(found[1], "time", (found[0],)) if found else None

    def _idle(self, text: Text, at: int) -> int:
        """Return the end of words that say nothing."""
        end = at + 1 if text.word(at) in STOP else at
        for words in self._stops.get(text.word(at), ()):
            if list(text.words[at : at + len(words)]) == words:
                end = max(end, at + len(words))
        return end


def _make(match: Match) -> Found | None:
    try:
        return Found(match.end, match.key, match.make(match.slots))
    except Misread as problem:
        return Found(match.end, match.key, problem=problem)


def _impossible_end(text: Text, at: int) -> int:
    """Return where an impossible date ends: after its numbers, months and words of time."""
    end = at + 1
    while end < len(text) and (
        text.word(end)[:1].isdecimal()
        or text.word(end) in MONTHS
        or text.word(end)
        in {"and", "of", "the", "to", "am", "pm", "at", "ago", "days", "weeks", "months", "years", "quarter"}
    ):
        end += 1
    return end


GRAMMAR = Grammar()
