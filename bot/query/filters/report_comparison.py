"""What a report is compared with (`compare`): another time, or the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from bot.query.filters.base import Filter, PhraseSlot, SaidWords, Slots, Write, word_group
from bot.query.filters.time import readable_span, say_span
from bot.query.phrases import Text
from bot.query.time.calendar import Clock
from bot.query.time.settle import settle
from bot.query.time.time_phrases import read_constraint
from bot.query.time.when import Constraint
from bot.query.tokens import Item, item_text, tokenise
from bot.query.values import Also, Compared, Misread, Span

_BETWEEN = frozenset({"with", "to", "and", "against", "vs", "versus"})
_COMPARING = frozenset({"compare", "compared", "comparing", "comparison"})
_LONGEST_TIME = 9


def _read_period(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the time that is compared, or compared with."""
    try:
        found = read_constraint(text, at)
    except Misread:
        return
    if found:
        yield found


def _read_first(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the first of two times after a "compare", which "this week to last week" would make one."""
    if _COMPARING.isdisjoint(text.words[:at]):
        return
    for end in range(at + 1, min(at + _LONGEST_TIME, len(text))):
        if text.word(end) in _BETWEEN:
            found = next(_read_period(Text(text.tokens[:end]), at), None)
            if found and found[1] == end:
                yield found


def _comparing(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read nothing, where "compare" stands before."""
    if not _COMPARING.isdisjoint(text.words[:at]):
        yield "", at


def _compared_later(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read nothing, where "compare" follows: "how did this week compare to last week"."""
    if not _COMPARING.isdisjoint(text.words[at:]):
        yield "", at


def _before_than(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read nothing, where a time follows a "than" further on: "more failures than last week"."""
    if "than" in text.words[at:] and any(_read_period(text, text.words.index("than", at) + 1)):
        yield "", at


class CompareWith(Filter[Compared]):
    """Another time, or the one before. A named one that is the one before is the same question."""

    def read(self, items: Sequence[Item], key: str = "") -> Compared:  # noqa: ARG002
        """Read "previous", two ISO 8601 moments with ".." between, or a time in words."""
        said = ",".join(item_text(item) for item in items)
        if said.casefold() in {"previous", "before", "prior", "yes"}:
            return Compared()
        since, dots, until = said.partition("..")
        if dots:
            try:
                bounds = [datetime.fromisoformat(each) for each in (since, until)]
            except ValueError:
                bounds = []
            if bounds and all(each.tzinfo for each in bounds) and bounds[0] < bounds[1]:
                unix = [int(each.timestamp()) for each in bounds]
                return Compared(Span(unix[0], unix[1], bounds[0].tzinfo or Clock(bounds[0]).zone))
        text = Text(tokenise(said.replace("-", " ") if not said[:1].isdecimal() else said).tokens)
        found = next(_read_period(text, 0), None) if len(text) else None
        if found is None or found[1] < len(text):
            raise Misread(
                f"“{self.key}:{said[:40]}” is no time to compare with: write compare:previous for the time "
                'before, or a time such as compare:"last month".'
            )
        return Compared(said=(found[0],))

    def merge(self, old: Compared, new: Compared, joiner: str) -> Compared:
        """Settle a word alone ("compare") by what it is compared with."""
        if old == new or new.vague or old.vague:
            return new if old.vague else old
        return super().merge(old, new, joiner)

    def settle(self, value: Compared, clock: Clock) -> Compared:
        """Work out the span."""
        if not value.said:
            return replace(value, span=replace(value.span, zone=clock.zone)) if value.span else value
        span = settle(cast("tuple[Constraint, ...]", value.said), clock)
        if span.since is None or span.until is None:
            raise Misread("Say both ends of the time to compare with, such as “last week” or “in october”.")
        return Compared(span)

    def words(self, value: Compared) -> SaidWords:
        with_what = f"the calls {say_span(value.span)}" if value.span else "the time before"
        return SaidWords(end=f"compared with {with_what}")

    def parts(self, value: Compared, write: Write) -> Iterable[tuple[str, bool]]:  # noqa: ARG002
        return [(readable_span(value.span) if value.span else "previous", False)]


def _previous(slots: Slots) -> Compared:
    count = slots.get("count")
    return Compared(count=int(count) if isinstance(count, int | float) else 0)


def _compared(slots: Slots) -> Compared:
    return Compared(said=(slots["period"],))


COMPARE = CompareWith(
    key="compare",
    group="Numbers",
    aliases=("compared", "compare-with", "versus", "vs"),
    about="another time that the numbers are compared with",
    examples=("this week vs last week", "october compared to september", "last week vs the week before"),
    selects=False,
    not_excluded="A comparison cannot be excluded: leave it out.",
    phrases={
        _previous: """
            AGAINST [the] [{count}] BEFORE
            COMPARED WITH [the] [{count}] BEFORE
            {comparing} WITH [the] BEFORE
            than [the] BEFORE
            AGAINST [the] PREVIOUS [{count}] [UNITS|days|weeks|months|hours]
            COMPARED WITH [the] PREVIOUS [{count}] [UNITS|days|weeks|months|hours]
            {comparing} WITH [the] PREVIOUS [UNITS]
            than [the] PREVIOUS [UNITS]
        """,
        _compared: """
            AGAINST [the] {period}
            COMPARED WITH [the] {period}
            {comparing} WITH [the] {period}
            than [in|on] {period}
            [COMPARED] WITH [the] same|equivalent period|part|days|dates|stretch [of|in] [the] {period}
            AGAINST [the] same|equivalent period|part|days|dates|stretch [of|in] [the] {period}
        """,
        lambda slots: Also((("time", (slots["first"],)), ("compare", _compared(slots)))): (
            "[COMPARED] [of|between] [the] {first} WITH [the] {period}"
        ),
        Compared(vague=True): """
            {before_than} MORE
            AGAINST
            COMPARED
            {comparing} with|to|against
            how do|does|did {compared_later}
        """,
        "!Which time is that? Name it, such as “compared to last thursday” or “compared to last week”.": """
            AGAINST [the] same day|time|hour|week|month [of] {period}
            COMPARED WITH [the] same day|time|hour|week|month [of] {period}
        """,
        **{
            Compared(unit=unit): f"{unit} over|on|to|by|vs {unit}|{unit}\n{short}"
            for unit, short in {
                "day": "",
                "week": "wow",
                "month": "mom",
                "quarter": "",
                "year": "yoy",
            }.items()
        },
    },
    slots={
        "comparing": PhraseSlot(_comparing, word_group("WITH")),
        "period": PhraseSlot(_read_period, bool),
        "first": PhraseSlot(_read_first, bool),
        "compared_later": PhraseSlot(_compared_later, bool),
        "before_than": PhraseSlot(_before_than, word_group("MORE")),
    },
)
