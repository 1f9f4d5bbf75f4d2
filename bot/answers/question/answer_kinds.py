"""The kinds of answers to a question: how each is read, drawn and filed. A new kind is a class and a line."""

from __future__ import annotations

import re
from datetime import date

from bot.blocks.text import capital
from bot.csv_export import filename
from bot.query import Query

_ORDER = ", newest first"
_NOUN = re.compile(r"\b(?:call|conversation)(?=s?\b)")


class ListKind:
    """The newest calls, how many there are, and a CSV of them."""

    counts_all = False
    """Whether all rows are read for their number, also those beyond what its CSV takes."""
    count_first = False
    """Whether the number stands first, large."""

    def answers(self, query: Query) -> bool:
        """Whether a question asks for this kind."""
        return not query.counting

    def heading(self, query: Query) -> str:
        """Return what stands over the answer: "failed calls today, newest first"."""
        return query.sentence()

    def filename(self, query: Query, asked: date) -> str:
        """Name the file after which calls it holds, and of which days."""
        which = query.with_counting(counting=False).without("time").subject()
        return filename(which, query.since, query.until, asked)


class CountKind(ListKind):
    """The number of calls, then the newest of them."""

    counts_all = True
    count_first = True

    def answers(self, query: Query) -> bool:
        return query.counting

    def heading(self, query: Query) -> str:
        """Name what was counted, by the word beside the number: "2 calls", then "calls on Thursday"."""
        before, _order, after = query.with_counting(counting=False).sentence().rpartition(_ORDER)
        return _NOUN.sub("call", before + after, count=1)


KINDS = (ListKind(), CountKind())


def kind_of(query: Query) -> ListKind:
    return next(kind for kind in KINDS if kind.answers(query))


def restated(sentence: str, query: Query) -> Query | None:
    """Return the question whose heading or sentence this is, given how it reads; None when it is neither."""
    for each in (query, query.with_counting(counting=True)):
        if sentence in (capital(each.sentence()), capital(kind_of(each).heading(each))):
            return each
    return None
