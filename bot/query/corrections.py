"""The text that one press asks instead: offered only where it plausibly means the same.

It asks for all that was understood before and for more, is understood, and is not refused again. A word is
put right by a typing error, or by the one thing that it can be a synonym of; words in a row become one name
or one topic, in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rapidfuzz.distance import OSA

from bot.model import Agent
from bot.query.agent_names import resolve
from bot.query.draft import Unknown
from bot.query.filters.origins import code_of
from bot.query.parser import Parsed
from bot.query.query import Query
from bot.query.suggestions import HINTS, NO_TOPIC, SYNONYMS
from bot.query.values import Agents, Choice, Span, Value

_MOST_CHARS = 300
"""Longer texts are not corrected: the button would not show what it asks."""
_ERRORS = 2
"""Typing errors that a word may have, if it is not short."""
_SHORT = 5
_CODE = 2
"""Letters of a language's code, which may as well be a place: calls from the UK are not in Ukrainian."""


def correction(
    text: str, parsed: Parsed, read: Callable[[str], Parsed], agents: Sequence[Agent] = ()
) -> str | None:
    """Return the text with known words for those not understood, or None.

    `read` reads a text as this one was read; `agents` are those there are, if they are known.
    """
    unknown = parsed.unknown
    if not unknown or len(text) > _MOST_CHARS or not all(each.nearest for each in unknown):
        return None
    words = [each.word for each in unknown]
    one_name = unknown[0].word[0].isupper() and _as_one(text, words)
    texts = [one_name] if one_name else []  # "Support EN" is one name, not a name and a language
    for number in range(max(len(each.nearest) for each in unknown)):
        right = text
        for each in unknown:
            plausible = [near for near in each.nearest if _plausible(each, near, text)]
            if not plausible:
                break
            right = _replaced(right, each.word, plausible[min(number, len(plausible) - 1)])
        else:
            texts.append(right)
    texts.append(_as_one(text, words) or "")
    for right in texts:
        if right and right != text and _asks_for_it_too(parsed, read(right), agents):
            return right
    return None


def _plausible(unknown: Unknown, near: str, text: str) -> bool:
    """Whether a suggestion may be what a word says: a typing error, a name, a topic, its only synonym."""
    typed, word = unknown.word.casefold(), unknown.word.casefold().lstrip("-")
    if near.startswith(("for ", "about ")) or word in SYNONYMS:
        return True
    if typed.startswith(near.partition(":")[0] + ":"):  # of “result:faild” the value is mistyped
        typed, near = typed.partition(":")[2], near.partition(":")[2]
    if code_of(typed) and len(typed) == _CODE:
        placed = re.search(rf"\b(?:from|in|to|the)\s+{typed}\b", text, re.IGNORECASE)
        named = re.search(rf"\b[A-Z]\w+\s+{unknown.word}\b", text)  # "Support EN"
        return placed is None and named is None and typed != "uk"
    return word not in HINTS and OSA.distance(typed, near) <= (1 if len(typed) <= _SHORT else _ERRORS)


def _asks_for_it_too(before: Parsed, after: Parsed, agents: Sequence[Agent]) -> bool:
    """Whether a corrected text is understood, and asks for all that was understood before."""
    if not after.understood or after.special or after.ids:
        return False
    values = dict(after.query.conditions)
    if any(not _within(key, value, values.get(key)) for key, value in before.query.conditions):
        return False
    return not agents or isinstance(resolve(after.query, agents), Query)


def _within(key: str, before: Value, after: Value | None) -> bool:
    """Whether a filter is still there: the same, with more values joined by "or", or a part of the time."""
    if isinstance(before, Choice) and isinstance(after, Choice):
        return {v for g in before.groups for v in g} <= {v for g in after.groups for v in g}
    if isinstance(before, Agents) and isinstance(after, Agents):
        return {*before.include} <= {*after.include} and {*before.exclude} <= {*after.exclude}
    if key == "columns":
        return after is not None  # by their ids before, by name after
    if isinstance(before, Span) and isinstance(after, Span):
        return True
    return before == after


def _as_one(text: str, words: Sequence[str]) -> str | None:
    """Return the text with words in a row as a name, if they are capitalised, or as what calls are about."""
    found = re.search(r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)", text)
    if len(words) < 2 or found is None or not NO_TOPIC.isdisjoint(w.casefold() for w in words):  # noqa: PLR2004
        return None
    opener = "for" if found.group()[0].isupper() else "about"
    return f'{text[: found.start()]}{opener} "{" ".join(words)}"{text[found.end() :]}'


def _replaced(text: str, word: str, by: str) -> str:
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    return text if found is None else text[: found.start()] + by + text[found.end() :]
