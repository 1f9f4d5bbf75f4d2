"""Spans of the archive: which stretches of time are kept completely, as of when."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import asdict, dataclass, replace

import sqlalchemy as sa

from bot.archive.tables import archive_spans, conversations

_SPAN_ROWS = 2000
"""Rows of a span at most, unless one put brings more: what is read again is to be replaced in small parts."""
_SAME_AGE = 30.0
"""Neighbours become one span when they were read within so many seconds."""


@dataclass(frozen=True, slots=True)
class KeptSpan:
    since: int
    until: int
    as_of: float
    rows: int


def without_seconds(since: int, until: int, seconds: list[int]) -> list[tuple[int, int]]:
    """Return a span without some seconds (sorted), as spans, newest first."""
    parts, end = [], until
    for second in reversed(seconds[bisect_left(seconds, since) : bisect_left(seconds, max(since, until))]):
        if second + 1 < end:
            parts.append((second + 1, end))
        end = second
    return [*parts, (since, end)] if since < end else parts


def _count(connection: sa.Connection, since: int, until: int) -> int:
    start = conversations.c.start_time_unix_secs
    counted = sa.select(sa.func.count()).select_from(conversations).where(start >= since, start < until)
    return connection.execute(counted).scalar_one()


def cut_out(connection: sa.Connection, span: KeptSpan, low: int, high: int) -> None:
    """Take `[low, high)` out of a span."""
    connection.execute(sa.delete(archive_spans).where(archive_spans.c.since == span.since))
    for since, until in ((span.since, low), (high, span.until)):
        if since < until:
            row = asdict(replace(span, since=since, until=until, rows=_count(connection, since, until)))
            connection.execute(sa.insert(archive_spans), row)


def replace_span(connection: sa.Connection, since: int, until: int, as_of: float) -> None:
    """Note that a span is complete, in place of what was known of its times."""
    spans = archive_spans.c
    touching = [
        KeptSpan(*row)
        for row in connection.execute(
            sa.select(archive_spans).where(spans.until >= since, spans.since <= until)
        )
    ]
    whole = KeptSpan(since, until, as_of, _count(connection, since, until))
    for span in touching:
        if span.until > since and span.since < until:
            cut_out(connection, span, since, until)
    for other in [span for span in touching if span.until <= since or span.since >= until]:
        if abs(other.as_of - whole.as_of) <= _SAME_AGE and other.rows + whole.rows <= _SPAN_ROWS:
            connection.execute(sa.delete(archive_spans).where(spans.since == other.since))
            whole = KeptSpan(
                min(other.since, whole.since),
                max(other.until, whole.until),
                min(other.as_of, whole.as_of),
                other.rows + whole.rows,
            )
    connection.execute(sa.insert(archive_spans), asdict(whole))
