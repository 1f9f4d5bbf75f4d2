"""The question as its answer restates it: a count stands under its number, so it is not asked again."""

from __future__ import annotations

import re

from bot.blocks.text import capital
from bot.query import Query

_ORDER = ", newest first"
_NOUN = re.compile(r"\b(?:call|conversation)(?=s?\b)")


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
