"""The numbers beside a count: how many calls there were in all of its time, and in the time before."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.answers.question.matching_rows import MatchingRows, ReadsRows
from bot.answers.question.report_rows import NOT_FILTERS, plain
from bot.blocks.file_progress import Beside
from bot.elevenlabs.errors import ElevenLabsError
from bot.query import Query
from bot.query.values import Compared

BESIDE_ROWS = 3_000
"""A second number that needs more rows is not counted: some thirty requests, unless they are kept."""


async def count_beside(query: Query, client: ReadsRows, *, now: float, refresh: bool = False) -> Beside:
    """Count both, as far as it is quick and goes well: nothing but these words is lost without them."""
    local = datetime.fromtimestamp(now, query.zone)
    of, before = await asyncio.gather(
        *(_count(each, client, refresh=refresh) for each in (_all_of_its_time(query), _before(query, local)))
    )
    return Beside(of, before)


def _all_of_its_time(query: Query) -> Query | None:
    """Return the question for all calls of the time that a question narrows; None where there is none."""
    filters = [key for key, _value in query.conditions if key not in NOT_FILTERS]
    if query.limit is not None or query.since is None or not filters:
        return None
    return plain(query).without(*filters)


def _before(query: Query, now: datetime) -> Query | None:
    """Return the question for the same calls in the time before, where how many was asked."""
    if not query.counting or query.limit is not None or query.since is None:
        return None
    before = query.with_value("compare", Compared()).compared(now)
    return None if before is None else plain(before)


async def _count(query: Query | None, client: ReadsRows, *, refresh: bool) -> int | None:
    if query is None:
        return None
    try:
        async with MatchingRows(query, client, limit=BESIDE_ROWS, refresh=refresh) as rows:
            async for _batch in rows:
                if (rows.expected or 0) > BESIDE_ROWS:
                    return None
    except ElevenLabsError:
        return None
    return None if rows.stopped else rows.total
