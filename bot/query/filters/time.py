"""Time: when the call started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from bot.model import Conversation
from bot.query.filters.base import Filter, SaidWords
from bot.query.time.calendar import Clock
from bot.query.time.settle import say_day, say_moment, settle
from bot.query.time.when import Constraint, Role, alike, joined
from bot.query.tokens import Item
from bot.query.values import Misread, Span, Value


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
        periods = {Role.WITHIN, Role.EITHER}
        both_periods = before[-1].role in periods and after[0].role in periods
        neither_clock = not (before[-1].of_day or after[0].of_day)
        listed = joiner == "," and alike(before[-1], after[0])
        if joiner == "or" or ((joiner == "and" or listed) and both_periods and neither_clock):
            return (*before[:-1], joined(before[-1], after[0]), *after[1:])
        return (*before, *after)

    def settle(self, value: Value, clock: Clock) -> Value | None:
        """Work out the span."""
        if isinstance(value, Span):
            return value
        span = settle(cast("tuple[Constraint, ...]", value), clock)
        return None if span.since is None and span.until is None else span

    def matches(self, value: Value, row: Conversation) -> bool:
        span, start = cast("Span", value), row.start_time_unix_secs
        return (span.since is None or span.since <= start) and (span.until is None or start < span.until)

    def words(self, value: Value) -> SaidWords:
        """Say the span by its dates."""
        return SaidWords(end=say_span(cast("Span", value)))

    def canonical(self, value: Value) -> str:
        """Return absolute bounds: the same tomorrow."""
        span = cast("Span", value)
        parts = []
        if span.since is not None:
            parts.append(f"since:{_exact(span, span.since)}")
        if span.until is not None:
            parts.append(f"until:{_exact(span, span.until)}")
        return " ".join(parts)

    def readable(self, value: Value) -> str:
        return readable_span(cast("Span", value))


TIME = Time(
    key="time",
    form="Period",
    offered=("today", "yesterday", "this week", "last 7 days", "this month"),
    group="When",
    about="when the call started, in your time zone",
    examples=(
        *("today", "yesterday", "since monday", "last week", "last 7 days", "in october"),
        *("between 3 and 7 november", "since 2026-11-01", "until friday", "on 2026-11-03"),
        *("since 9am", "yesterday before noon"),
    ),
    not_excluded="A time cannot be excluded: say what to include, with “since”, “until” or “between”.",
)


def readable_span(span: Span) -> str:
    """Return ISO 8601 bounds with "..", the end not included."""
    since = span.at(span.since).isoformat() if span.since is not None else ""
    until = span.at(span.until).isoformat() if span.until is not None else ""
    return f"{since}..{until}"


def say_span(span: Span) -> str:  # noqa: PLR0911 - one sentence for each kind of span
    """Return a span as people say it, naming days that are included."""
    since, until = _said(span, span.since), _said(span, span.until)
    if since is not None and since == until:  # of less than a minute the seconds matter
        exact = replace(span, clocked=frozenset())
        since, until = _said(exact, span.since), _said(exact, span.until)
    midnight = until is not None and (until.hour, until.minute, until.second) == (0, 0, 0)
    if since is None:
        if until is None:
            return ""
        return (
            f"until {say_day(until.date() - timedelta(days=1))} included"
            if midnight
            else f"before {say_moment(until)}"
        )
    if until is None:
        return f"since {say_moment(since)}"
    whole = (since.hour, since.minute, since.second) == (0, 0, 0) and midnight
    if not whole:
        if since.date() == until.date():
            return f"on {say_day(since.date())} from {_clock(since)} to {_clock(until)}"
        if midnight and since.date() == until.date() - timedelta(days=1):
            return f"on {say_day(since.date())} from {_clock(since)} to 24:00"
        return f"from {say_moment(since)} to before {say_moment(until)}"
    first, last = since.date(), until.date() - timedelta(days=1)
    if first == last:
        return f"on {say_day(first)}"
    if first.day == 1 and until.day == 1 and (until.year - first.year) * 12 + until.month - first.month == 1:
        return f"in {first:%B %Y}"
    return f"from {say_day(first)} to {say_day(last)}"


def _said(span: Span, unix: int | None) -> datetime | None:
    """Return a bound as it is said: without seconds that only a clock named; midnight stays a whole day's."""
    if unix is None:
        return None
    moment = span.at(unix)
    by_clock = unix in span.clocked and (moment.hour, moment.minute) != (0, 0)
    return moment.replace(second=0) if by_clock else moment


def _exact(span: Span, unix: int) -> str:
    """Return a bound in ISO 8601; a fraction says that the seconds were read off a clock."""
    moment = span.at(unix)
    return moment.isoformat(timespec="milliseconds" if unix in span.clocked and moment.second else "auto")


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
