"""When calls started (`time`), and what time a report is compared with (`compare`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import cast

from bot.model import Conversation
from bot.query.filters.base import Filter, SaidWords, Slots, Write, word_group
from bot.query.filters.choices import RESULTS
from bot.query.phrases import PhraseSlot, Text, where
from bot.query.time.calendar import Clock
from bot.query.time.settle import Constraint, alike, joined, say_clock, say_day, say_moment, settle
from bot.query.time.time_phrases import read_constraint
from bot.query.tokens import Item, item_text, tokenise
from bot.query.values import Also, Compared, Misread, Span, Value


class Time(Filter[Value]):
    """`call_start_after_unix` and `call_start_before_unix`; the query adds them, since they also bound pages.

    While a text is read the value is a tuple of Constraints; settled, it is one Span.
    """

    def read(self, items: Sequence[Item], key: str = "") -> Value:  # noqa: ARG002
        """Refuse: `since:`, `until:` and `on:` are read as phrases."""
        raise Misread("Say “since:”, “until:” or “on:” with a date.")

    def merge(self, old: Value, new: Value, joiner: str) -> Value:
        """Keep all phrases: they must hold together; “monday and tuesday” is one."""
        before, after = cast("tuple[Constraint, ...]", old), cast("tuple[Constraint, ...]", new)
        one = joined(before[-1], after[0])
        if joiner == "or" and one is None:
            raise Misread("Two separate times cannot be joined with “or”: ask for one span that covers both.")
        if one is not None and (joiner in {"or", "and"} or (joiner == "," and alike(before[-1], after[0]))):
            return (*before[:-1], one, *after[1:])
        return (*before, *after)

    def settle(self, value: Value, clock: Clock) -> Value | None:
        if isinstance(value, Span):
            return value
        span = settle(cast("tuple[Constraint, ...]", value), clock)
        return None if span.since is None and span.until is None else span

    def matches(self, value: Value, row: Conversation) -> bool:
        span, start = cast("Span", value), row.start_time_unix_secs
        return (span.since is None or span.since <= start) and (span.until is None or start < span.until)

    def words(self, value: Value) -> SaidWords:
        return SaidWords(end=say_span(cast("Span", value)))

    def canonical(self, value: Value) -> str:
        """Return absolute bounds: the same tomorrow."""
        span, parts = cast("Span", value), []
        for word, unix in (("since", span.since), ("until", span.until)):
            if unix is not None:  # a fraction says that the seconds were read off a clock
                moment = span.at(unix)
                exact = "milliseconds" if unix in span.clocked and moment.second else "auto"
                parts.append(f"{word}:{moment.isoformat(timespec=exact)}")
        return " ".join(parts)

    def readable(self, value: Value) -> str:
        """Return ISO 8601 bounds with "..", the end not included."""
        span = cast("Span", value)
        ends = ("" if unix is None else span.at(unix).isoformat() for unix in (span.since, span.until))
        return "..".join(ends)


TIME = Time(
    key="time",
    form="Period",
    offered=("today", "yesterday", "this week", "last 7 days", "this month"),
    about="when the call started, in your time zone",
    examples=(
        *("today", "yesterday", "since monday", "last week", "last 7 days", "in october"),
        *("between 3 and 7 november", "since 2026-11-01", "until friday", "on 2026-11-03"),
        *("since 9am", "yesterday before noon"),
    ),
    not_excluded="A time cannot be excluded: say what to include, with “since”, “until” or “between”.",
)


def say_span(span: Span) -> str:  # noqa: PLR0911 - one sentence for each kind of span
    """Return a span as people say it, naming days that are included."""
    since, until = _said(span, span.since), _said(span, span.until)
    if since is not None and since == until:  # of less than a minute the seconds matter
        exact = replace(span, clocked=frozenset())
        since, until = _said(exact, span.since), _said(exact, span.until)
    last = until.date() - timedelta(days=1) if until is not None and until.time() == time() else None
    if since is None:
        before = "" if until is None else f"before {say_moment(until)}"
        return before if last is None else f"until {say_day(last)} included"
    if until is None:
        return f"since {say_moment(since)}"
    first = since.date()
    if since.time() != time() or last is None:
        end = "24:00" if last == first else say_clock(until) if until.date() == first else ""
        if end:
            return f"on {say_day(first)} from {say_clock(since)} to {end}"
        return f"from {say_moment(since)} to before {say_moment(until)}"
    if first == last:
        return f"on {say_day(first)}"
    if first.day == until.day == 1 and (first.year, first.month) == (last.year, last.month):
        return f"in {first:%B %Y}"
    return f"from {say_day(first)} to {say_day(last)}"


def _said(span: Span, unix: int | None) -> datetime | None:
    """Return a bound as it is said: without seconds that only a clock named; midnight stays a whole day's."""
    if unix is None:
        return None
    moment = span.at(unix)
    by_clock = unix in span.clocked and (moment.hour, moment.minute) != (0, 0)
    return moment.replace(second=0) if by_clock else moment


# --- the time compared with ---

_BETWEEN = frozenset({"with", "to", "and", "against", "vs", "versus"})
_COMPARING = frozenset({"compare", "compared", "comparing", "comparison", "difference"})
_LONGEST_TIME = 9


def _read_period(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the time that is compared, or compared with."""
    found = read_constraint(text, at)
    if found and isinstance(found[0], Constraint):
        yield found


def _read_first(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the first of two times after a "compare", which "this week to last week" would make one."""
    if not _compares(text.words[:at]):
        return
    for end in range(at + 1, min(at + _LONGEST_TIME, len(text))):
        if text.word(end) in _BETWEEN:
            found = next(_read_period(Text(text.tokens[:end]), at), None)
            if found and found[1] == end:
                yield found


def _compares(words: Sequence[str]) -> bool:
    return not _COMPARING.isdisjoint(words)


def _before_than(text: Text, at: int) -> bool:
    """Whether a time follows a "than" further on: "more failures than last week"."""
    return "than" in text.words[at:] and any(_read_period(text, text.words.index("than", at) + 1))


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
        return [(TIME.readable(value.span) if value.span else "previous", False)]


def _previous(slots: Slots) -> Compared:
    count = slots.get("count")
    return Compared(count=int(count) if isinstance(count, int | float) else 0)


def _compared(slots: Slots) -> Compared:
    return Compared(said=(slots["period"],))


def _two_times(slots: Slots) -> Also:
    return Also((("time", (slots["first"],)), ("compare", _compared(slots))))


COMPARE = CompareWith(
    key="compare",
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
        """,
        _two_times: "[COMPARED] [of|between] [the] {first} WITH [the] {period}",
        Compared(vague=True): """
            {before_than} MORE
            [the] difference [in|of]
            and how many {result_too}
            AGAINST
            COMPARED
            {comparing} with|to|against
            how do|does|did {compared_later}
        """,
        Compared(vague=True, better=True): """
            [performing|performs|doing|does] {no_time_after} better|worse than
            {which_before} [IS] better|worse
        """,
        "!Which time is that? Name it, such as “compared to last thursday” or “compared to last week”.": """
            AGAINST [the] same day|time|hour|week|month [of] {period}
            COMPARED WITH [the] same day|time|hour|week|month [of] {period}
        """,
        **{
            Compared(unit=unit): f"{unit} over|on|to|vs {unit}|{unit}\n{short}"
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
        "comparing": where(lambda text, at: _compares(text.words[:at]), word_group("WITH")),
        "period": PhraseSlot(_read_period, bool),
        "first": PhraseSlot(_read_first, bool),
        # "how did this week compare to last week"
        "compared_later": where(lambda text, at: _compares(text.words[at:])),
        "before_than": where(_before_than, word_group("MORE")),
        # "how many failed and how many succeeded"
        "result_too": where(lambda text, at: "how" in text.words[: at - 3], frozenset(RESULTS)),
        # "is Sales better than Billing", "which of the two is better"
        "no_time_after": where(lambda text, at: not _before_than(text, at), word_group("MORE")),
        "which_before": where(
            lambda text, at: "which" in text.words[:at] and not _before_than(text, at),
            word_group("IS") | word_group("MORE"),
        ),
    },
)
