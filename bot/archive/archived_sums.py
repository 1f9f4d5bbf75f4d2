"""Sums of kept conversations, made by the database: equal to what `Tally` counts of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.archive.tables import conversations
from bot.model import Conversation
from bot.tally import ABSURD, SCALE, CallSums, SumsBy

_FORWARD = 7 * 86_400
"""Added to all times, so that none is below zero, where databases divide in ways of their own."""
_c = conversations.c
_HALF = 0.5
_MOST_SUMS = 20_000
"""Calls that differ more than so are counted from their rows, which takes no more memory for it."""
_DECIMALS = {"credits": _c.cost, "dollars": _c.cost_fiat, "rating": _c.rating}
_UNKNOWN = Conversation(conversation_id="")


def _millionths(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return a decimal in whole millionths; halves to even, as Python rounds. Null where it is absurd."""
    exact = column * sa.literal(float(SCALE))
    near = sa.func.round(exact)
    even = sa.case((sa.func.abs(exact - near) == _HALF, sa.func.round(exact / 2.0) * 2.0), else_=near)
    return sa.case((sa.and_(column > -ABSURD, column < ABSURD), even))


def _summed() -> list[sa.ColumnElement[Any]]:
    # Whole numbers are summed as floats: exact up to 2**53, and no sum is too large.
    of: list[tuple[str, sa.ColumnElement[Any]]] = [
        *((name, _millionths(column)) for name, column in _DECIMALS.items()),
        ("credits_alone", sa.case((_c.cost_fiat.is_(None), _millionths(_c.cost)))),
    ]
    return [
        sa.func.max(_c.start_time_unix_secs),
        sa.func.min(_c.start_time_unix_secs),
        sa.func.count(_c.hiding_reason),
        sa.func.count(),
        sa.func.sum(sa.cast(_c.message_count, sa.Double)),
        *(made for _, each in of for made in (sa.func.count(each), sa.func.sum(each))),
    ]


def summing(
    by: SumsBy, ahead: int, since: int, until: int, tests: Sequence[sa.ColumnElement[bool]]
) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Return statements: sums of calls by result, and how many have each length.

    The clock is `ahead` of UTC by so many seconds.
    """
    alike: list[sa.ColumnElement[Any]] = [_c[name] for name in by.columns]
    names: list[Any] = list(alike)
    if by.step:
        clock = _c.start_time_unix_secs + (ahead + _FORWARD)
        alike.append(((clock % by.again if by.again else clock) // by.step).label("stretch"))
        names.append("stretch")
    within = [*tests, _c.start_time_unix_secs >= since, _c.start_time_unix_secs < until]
    sums = sa.select(*alike, _c.call_successful.label("result"), *_summed()).where(*within)
    lengths = sa.select(*alike, _c.call_duration_secs, sa.func.count()).where(*within)
    return sums.group_by(*names, _c.call_successful), lengths.group_by(*names, _c.call_duration_secs)


def read_sums(
    connection: sa.Connection, by: SumsBy, sums: sa.Select[Any], lengths: sa.Select[Any]
) -> list[CallSums] | None:
    """Return what both statements of `summing` find; None if it is too much."""
    summed = connection.execute(sums.limit(_MOST_SUMS + 1)).all()
    if len(summed) > _MOST_SUMS:
        return None
    found: dict[tuple[Any, ...], CallSums] = {}
    width = len(by.columns) + bool(by.step)
    for row in summed:
        key, (result, newest, oldest, hidden, calls, messages, *decimals) = row[:width], row[width:]
        said = {name: value for name, value in zip(by.columns, key, strict=False) if value is not None}
        each = found.get(key)
        if each is None or newest > each.alike.start_time_unix_secs:
            alike = Conversation(conversation_id="", **(said | {"start_time_unix_secs": newest}))
            if each is None:
                each = found[key] = CallSums(alike, oldest)
            each.alike = alike
        each.oldest = min(each.oldest, oldest)
        each.hidden += hidden
        tally = each.tally
        tally.calls += calls
        tally.messages += int(messages or 0)
        tally.results[_UNKNOWN.call_successful if result is None else result] += calls
        totals = (tally.credits, tally.dollars, tally.rating, tally.credits_alone)
        for total, times, millionths in zip(totals, decimals[::2], decimals[1::2], strict=True):
            total.said += times
            total.millionths += int(millionths or 0)
    for row in connection.execute(lengths):
        each = found.get(row[:width])
        if each is not None:  # None: kept between the two statements
            length, times = row[width:]
            each.tally.durations[length or 0] += times
    return list(found.values())
