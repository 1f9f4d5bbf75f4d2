"""A question for numbers: what it shows, by what, and compared with which time (like with like)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.query.filters.order_limit_columns import BEST_FIRST, LOWEST_FIRST, RANKINGS, WORST_FIRST, said_first
from bot.query.time.calendar import Clock, shift_days, shift_months
from bot.query.time.settle import Constraint, Role, settle
from bot.query.time.when import calendar_unit
from bot.query.values import (
    SHAPE,
    Choice,
    Compared,
    Keys,
    Misread,
    Order,
    ReportQuestion,
    Span,
    Value,
    report_of,
)
from bot.report.groups import GROUPS
from bot.report.measures import MEASURES

_JUDGED = frozenset({"success-rate", "failure-rate", "unknown-rate"})
_MORE_IS_BETTER = frozenset({"calls", "success-rate", "rating"})
"""Measures of which the best is the highest."""
_TWO_DAYS = 2 * 86400
_CLOCK_CHANGE = 1 / 12
"""What a day may differ from 24 hours, in days."""
_COLUMNS = (
    "Columns belong to a list: leave “{}” out of a report, or ask for the calls. Several have commas "
    "between them, as in columns order_id, csat."
)
_RANKED = (
    "A report counts calls in any order, so “{}” says nothing in it: ask for the calls, or for numbers such "
    "as “average call length by agent”."
)
_LOWEST = (
    "The lowest of what? Say what the numbers are grouped by, such as “which agent has the fewest calls”."
)
_SHARE = "A share of which calls? Say for example “share of whatsapp calls last month”."
_EITHER_SHARE = (
    "That may be how many of those calls had that result, or their share of all calls: for the first write "
    "for example “failure rate of german calls”, for the second “share of german calls”."
)
_ONE_RESULT = (
    "A rate of calls with one result says nothing: leave the result out, or ask for “how many” of them."
)
_LIMIT = (
    "A report is about all calls of a time, not about some of the newest or oldest: name the time, such as "
    "“last 7 days”. “top 5 agents” limits what it is grouped by."
)
_NOT_WHICH = frozenset({*SHAPE, "time", "count", "sort", "limit"})
_WEEK = 7


def settle_report(values: dict[str, Value], clock: Clock) -> Iterable[Misread]:
    """Complete what a report leaves unsaid; return what cannot be, and take it away."""
    if isinstance(compared := values.get("compare"), Compared) and compared.better:
        values.setdefault("show", Keys(("success-rate",)))
    try:
        _settle_comparison(values, clock)
    except Misread as problem:
        values.pop("compare", None)
        yield problem
    _settle_groups(values)
    for key, why in list(_wrong(values)):
        if values.pop(key, None) is not None:
            yield Misread(why)


def _wrong(values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Return what cannot be asked of a report, and what answers it."""
    report, order, which = report_of(values), values.get("sort"), values.keys() - _NOT_WHICH
    show, by = ({*report.show}, report.by) if report else (set[str](), ())
    ranked = order.by if isinstance(order, Order) and order.by in RANKINGS else ""
    columns = values.get("columns")
    if report and isinstance(columns, Keys):
        yield "columns", _COLUMNS.format(" and ".join(columns.keys))
    if report and ranked:
        yield "sort", _RANKED.format(said_first(Order(ranked)))
    if order == LOWEST_FIRST and not by:
        yield "sort", _LOWEST
    if "share" in show and not which:
        yield "show", _SHARE
    if "share" in show and "result" in which and which - {"result", "agent"}:
        yield "show", _EITHER_SHARE
    if report and show & _JUDGED and "result" in which and "result" not in by and not report.compare:
        yield "show", _ONE_RESULT
    if report and (not by or (order not in {None, LOWEST_FIRST} and not ranked)):
        yield "limit", _LIMIT


def _settle_groups(values: dict[str, Value]) -> None:
    """Find out which end is the best or the worst, and by what a chart is drawn that names no group."""
    report = report_of(values)
    if report is None:
        if values.get("sort") in {BEST_FIRST, WORST_FIRST}:
            values["sort"] = LOWEST_FIRST  # of nothing, which is refused
        return
    if values.get("by") == Keys(()):
        del values["by"]
        time = values.get("time")
        length = (time.until or 0) - (time.since or 0) if isinstance(time, Span) else 0
        if report.compare is None and "overview" not in report.show:
            values["by"] = Keys(("hour" if 0 < length <= _TWO_DAYS else "day",))
    if (order := values.get("sort")) in {BEST_FIRST, WORST_FIRST}:
        measure = report.show[0]
        more_is_better = measure in _MORE_IS_BETTER and (measure != "calls" or "result" not in values)
        del values["sort"]
        if more_is_better == (order == WORST_FIRST):
            values["sort"] = LOWEST_FIRST


def _settle_comparison(values: dict[str, Value], clock: Clock) -> None:
    compared, time = values.get("compare"), values.get("time")
    if not isinstance(compared, Compared):
        return
    if compared.vague:
        _compare_values(values)
        return
    if not isinstance(time, Span):
        if compared.unit:
            time = settle((Constraint(Role.WITHIN, calendar_unit(compared.unit)),), clock)
        elif compared.span is None or (time := _following(compared.span, clock)) is None:
            raise Misread(
                "Name the time that is compared, too, such as “this month compared with last month”."
            )
        values["time"] = time
    if time.since is None:
        raise Misread("A comparison needs a time with a beginning, such as “last week” or “since monday”.")
    _check_length(compared, time, clock)
    named = compared.span
    if named is not None and time.until is not None and named in {time, before(time, time.until)}:
        named = None
    values["compare"] = Compared(named)


def _compare_values(values: dict[str, Value]) -> None:
    """Group by the filter that has several values ("inbound vs outbound"), by what an overview shows."""
    del values["compare"]
    several = [key for key, value in values.items() if isinstance(value, Choice) and len({*value.wanted}) > 1]
    groups = [group for key in several if (group := {"lang": "language"}.get(key, key)) in GROUPS]
    by = values.get("by", Keys())
    if isinstance(by, Keys) and groups:
        values["by"] = Keys(tuple(dict.fromkeys((*by.keys, groups[0]))))
        if values.keys().isdisjoint({"show", "count", "result"}):
            values["show"] = Keys(MEASURES["overview"].parts)
    elif by == Keys():
        raise Misread(
            "Compare what with what? Say for example “this week vs last week”, or “inbound vs outbound”."
        )


def _check_length(compared: Compared, time: Span, clock: Clock) -> None:
    """Refuse "last 7 days vs the previous 30 days": the time before is as long as the time asked for."""
    if not compared.count:
        return
    unit, count = _unit(replace(time, until=time.until or clock.unix))
    hours = {"month": 0, "day": 24}.get(unit, 1 / 3600) * count
    lengths = (hours, hours / 24, hours / 24 / _WEEK, count if unit == "month" else 0)
    if not any(abs(length - compared.count) < _CLOCK_CHANGE for length in lengths):
        raise Misread(
            "The time before is as long as the time asked for: name a time of another length, such as “last "
            "week vs october”."
        )


# --- the time compared with ---


def _unit(span: Span) -> tuple[str, int]:
    """Return what a span is made of: whole months, whole days, or seconds."""
    if span.since is None or span.until is None:
        raise ValueError("a span without both ends has no length")
    first, last = span.at(span.since), span.at(span.until)
    if (first.hour, first.minute, first.second, last.hour, last.minute, last.second) != (0, 0, 0, 0, 0, 0):
        return "second", span.until - span.since
    if first.day == last.day == 1:
        return "month", (last.year - first.year) * 12 + last.month - first.month
    return "day", (last.date() - first.date()).days


def _moved(span: Span, unix: int, unit: str, count: int) -> int:
    """Return a moment some units later, by the wall clock of the span's zone."""
    if unit == "second":
        return unix + count
    local = span.at(unix)
    day = shift_months(local.date(), count) if unit == "month" else shift_days(local.date(), count)
    return Clock(local).at(day, local.time())


def _shifted(span: Span, unit: str, count: int) -> Span:
    ends = [None if unix is None else _moved(span, unix, unit, count) for unix in (span.since, span.until)]
    return replace(span, since=ends[0], until=ends[1], clocked=frozenset())


def _following(span: Span, clock: Clock) -> Span | None:
    """Return the time after a span, if it is the one of now: after last week this week."""
    after = _shifted(span, *_unit(span))
    inside = after.since is not None and after.until is not None and after.since <= clock.unix < after.until
    return after if inside else None


def before(span: Span, now: int) -> Span:
    """Return the same length of time before a span. Of one that still runs, the part up to the same moment.

    Of a time without an end ("since monday") that is the part of the month, the week or the day before: it
    begins as many whole weeks earlier as it lasts, so that weekdays meet weekdays.
    """
    since = span.since or 0
    closed = span if span.until is not None else replace(span, until=max(now, since + 1))
    unit, count = _unit(closed)
    end = closed.until or since
    if unit == "second" and span.until is not None and span.at(since).date() == span.at(end - 1).date():
        unit, count = "day", 1  # hours of a day are compared with those of the day before
    if span.until is None and since not in span.clocked:
        first = span.at(since)
        days = -(-(max(now, since + 1) - since) // 86400)
        unit, count = "day", 1 if days <= 1 else -(-days // _WEEK) * _WEEK
        if first.day == 1 and first.time() == datetime.min.time() and days <= 31:  # noqa: PLR2004 - of a month
            unit, count = "month", 1
    shifted = _shifted(closed, unit, -count)
    if closed.until is not None and since <= now < closed.until:
        shifted = replace(shifted, until=_moved(span, now, unit, -count))
    return replace(shifted, until=min(shifted.until or since, since))


def compared_span(report: ReportQuestion, time: Span, now: int) -> Span | None:
    """Return the time that a report is compared with: of a named one as much as has passed of its own."""
    if report.compare is None or time.since is None:
        return None
    if report.compare == "previous":
        return before(time, now)
    other = report.compare
    if time.until is None or not time.since <= now < time.until or _unit(other) != _unit(time):
        return other
    passed = time.at(now).replace(tzinfo=None) - time.at(time.since).replace(tzinfo=None)
    start = other.at(other.since or 0)
    local = start.replace(tzinfo=None) + passed
    until = Clock(start).at(local.date(), local.time())
    return replace(other, until=min(until, other.until or until))
