"""The question as its answer restates it, and wider questions for one that nothing matches."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.blocks.help_message import Example
from bot.blocks.text import capital
from bot.query import Query
from bot.query.follow_ups import say

_ORDER = ", newest first"
_NOUN = re.compile(r"\b(?:call|conversation)(?=s?\b)")
_MOST_WIDER = 4
_DAYS = 30
_SHAPE = frozenset({"count", "sort", "limit", "time"})
"""What does not keep calls out, and time, which is widened apart."""


def heading(query: Query) -> str:
    """Return what stands over an answer: "failed calls today, newest first".

    Of a count it names what was counted, by the word beside the number: "2 calls", then "calls on Thursday".
    """
    if not query.counting:
        return query.sentence()
    before, _order, after = query.with_counting(counting=False).sentence().rpartition(_ORDER)
    return _NOUN.sub("call", before + after, count=1)


def restated(sentence: str, query: Query) -> Query | None:
    """Return the question whose heading or sentence this is, given how it reads; None when it is neither."""
    for each in (query, query.with_counting(counting=True)):
        if sentence in (capital(each.sentence()), capital(heading(each))):
            return each
    return None


def wider_questions(query: Query, now: datetime) -> list[Example]:
    """Return questions that find what this one finds and more: a longer time first, then a filter less."""
    found: list[Example] = []
    month = (now - timedelta(days=_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    if query.value("time") is not None:
        since, until = query.since, query.until
        if since is not None and since > month:
            longer = query.with_time(month, until)
            if until is not None and until > now - timedelta(days=1):
                longer = query.with_time(month, None)
            words = "The last 30 days" if longer.until is None else "From 30 days ago on"
            found.append(_example(words, longer))
        found.append(_example("Any time", query.without("time")))
    for key, value in query.conditions:
        if key not in _SHAPE:
            found.append(_example(f"Without “{say(key, value)}”", query.without(key)))
    return found[:_MOST_WIDER]


def _example(words: str, query: Query) -> Example:
    # "calls" is a word that asks for nothing by itself: text that is empty would ask for help.
    return Example(words, "", asks=query.canonical() or "all calls")
