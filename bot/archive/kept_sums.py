"""Sums of kept conversations, and the first in an order, made by the database: equal to those of the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.archive.tables import ALL, conversations, words_of
from bot.model import FIELDS, FINAL_STATUSES, Conversation, FieldKind
from bot.tally import SCALE, CallSums, FirstBy, SumsBy, Tally, Total

_c = conversations.c
_FORWARD = 7 * 86_400
"""Added to all times, so that none is below zero, where databases divide in ways of their own."""
_TO_WHOLE = 1.5 * 2.0**52
"""A float has no digits left for fractions beside it: added and taken away, it rounds, halves to even."""
_MOST_SUMS = 20_000
"""Calls that differ more than so are counted from their rows, which takes no more memory for it."""
_DECIMALS: dict[str, sa.ColumnElement[Any]] = {
    "credits": _c.cost,
    "dollars": _c.cost_fiat,
    "rating": _c.rating,
    "credits_alone": sa.case((_c.cost_fiat.is_(None), _c.cost)),
}

# Whole numbers are summed as floats: exact up to 2**53, and no sum is too large.
_SUMS = (
    sa.func.max(_c.start_time_unix_secs).label("newest"),
    sa.func.min(_c.start_time_unix_secs).label("oldest"),
    sa.func.count(_c.hiding_reason).label("hidden"),
    sa.func.count().label("calls"),
    sa.func.count(sa.case((_c.call_successful == "success", 1))).label("successful"),
    sa.func.count(sa.case((_c.call_successful == "failure", 1))).label("failed"),
    sa.func.sum(sa.cast(_c.message_count, sa.Double)).label("messages"),
    sa.func.aggregate_strings(sa.cast(_c.call_duration_secs, sa.Text), " ").label("durations"),
    *(sa.func.count(column).label(f"{name}_said") for name, column in _DECIMALS.items()),
    *(
        sa.func.sum(column * float(SCALE) + _TO_WHOLE - _TO_WHOLE).label(f"{name}_sum")
        for name, column in _DECIMALS.items()
    ),
)


def summing(
    by: SumsBy, ahead: int, since: int, until: int, tests: Sequence[sa.ColumnElement[bool]]
) -> sa.Select[Any]:
    """Return the statement that sums calls, all in one, so that the sums are of one moment.

    The clock is `ahead` of UTC by so many seconds.
    """
    keys: list[sa.ColumnElement[Any]] = [_c[name] for name in by.columns]
    if by.step:
        clock = _c.start_time_unix_secs + (ahead + _FORWARD)
        keys.append(((clock % by.again if by.again else clock) // by.step).label("stretch"))
    shown = [*keys, _newest_name(since, until).label("agent_name")] if "agent_id" in by.columns else keys
    return sa.select(*shown, *_SUMS).where(*tests, *_wanted(by, since, until)).group_by(*keys)


def first_rows(
    by: FirstBy, since: int, until: int, tests: Sequence[sa.ColumnElement[bool]]
) -> sa.Select[Any]:
    """Return the statement that finds the first calls by `FirstBy.place`, in whatever order."""
    order: list[sa.ColumnElement[Any]] = []
    unsaid: list[sa.ColumnElement[bool]] = []
    for name in by.fields:
        number = sa.case((sa.and_(sa.or_(_c[name] != 0, _c.status.in_(FINAL_STATUSES)), *unsaid), _c[name]))
        unsaid.append(number.is_(None))
        order += [number.is_(None), number.desc() if by.largest_first else number]
    first = sa.select(_c.conversation_id).where(*tests, *_wanted(by, since, until))
    first = first.order_by(*order, _c.start_time_unix_secs.desc(), _c.conversation_id).limit(by.most)
    return ALL.where(_c.conversation_id.in_(first.correlate(None)))


def _wanted(by: SumsBy | FirstBy, since: int, until: int) -> list[sa.ColumnElement[bool]]:
    result = [_c.call_successful == by.result] if by.result else []
    return [_c.start_time_unix_secs >= since, _c.start_time_unix_secs < until, *result]


def _newest_name(since: int, until: int) -> sa.ScalarSelect[str]:
    """Return what a group's agent is called by the newest of its calls that says it."""
    other = conversations.alias().c
    start, name = other.start_time_unix_secs, other.agent_name
    return (
        sa.select(name)
        .where(other.agent_id == _c.agent_id, start >= since, start < until, name.is_not(None))
        .order_by(start.desc(), name.desc())
        .limit(1)
        .scalar_subquery()
    )


def read_sums(connection: sa.Connection, statement: sa.Select[Any]) -> list[CallSums] | None:
    """Return what a statement of `summing` finds; None if it is too much."""
    found = connection.execute(statement.limit(_MOST_SUMS + 1)).mappings().all()
    return [_sums(row) for row in found if row["calls"]] if len(found) <= _MOST_SUMS else None


def _sums(row: sa.RowMapping) -> CallSums:
    said = {
        name: words_of(row[name]) if FIELDS[name] is FieldKind.WORDS else row[name]
        for name in row
        if name in FIELDS and row[name] is not None
    }
    lengths = Counter(row["durations"].split())
    tally = Tally(
        calls=row["calls"],
        successful=row["successful"],
        failed=row["failed"],
        messages=int(row["messages"]),
        durations=Counter({int(length): times for length, times in lengths.items()}),
    )
    for name in _DECIMALS:
        setattr(tally, name, Total(row[f"{name}_said"], int(row[f"{name}_sum"] or 0)))
    alike = Conversation(**{"conversation_id": "", **said, "start_time_unix_secs": row["newest"]})
    return CallSums(alike, row["oldest"], row["hidden"], tally)
