"""Nothing matches: questions that ask for more, one step each."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.blocks.help_message import Example
from bot.query import Query
from bot.query.follow_ups import say

MOST = 4
_DAYS = 30
_SHAPE = frozenset({"count", "sort", "limit", "time"})
"""What does not keep calls out, and time, which is widened apart."""


def wider(query: Query, now: datetime) -> list[Example]:
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
    return found[:MOST]


def _example(words: str, query: Query) -> Example:
    # "calls" is a word that asks for nothing by itself: text that is empty would ask for help.
    return Example(words, "", asks=query.canonical() or "all calls")
