"""What somebody typed into a field of a form: as after a colon, or as in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.query.filters import BY_KEY
from bot.query.filters.base import listed
from bot.query.filters.number_ranges import RangeFilter
from bot.query.parser import parse
from bot.query.query import Query
from bot.query.values import Misread

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""What is taken from a field says no time."""


def with_typed(query: Query, key: str, text: str) -> Query:
    """Return the question with a filter as typed into its field; empty text takes it away.

    A number may be said as in a sentence, its name left out: "2 or less" in the field for the rating. Raises
    Misread, with words for whoever sees the field and no key.
    """
    try:
        return query.with_filter(key, text)
    except Misread as problem:
        which = BY_KEY[key]
        if not isinstance(which, RangeFilter):
            raise
        why = [str(problem)]
        for said in (text, f"{key} {text}"):
            parsed = parse(said, now=_ANY_TIME)
            if parsed.understood and list(parsed.query.filters()) == [key]:
                return query.with_value(key, parsed.query.value(key))
        if not parsed.unknown and not parsed.query.conditions:
            why = [*parsed.problems, *why]
        spoken = f"“{text.strip()[:60]}” is not {which.noun}. Write for example {listed(which.spoken)}."
        raise Misread(next((each for each in why if f"{key}:" not in each), spoken)) from None
