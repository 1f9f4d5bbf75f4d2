"""Whether the end of a range comes after its beginning, as far as its words say."""

from __future__ import annotations

from datetime import time

from bot.query.time.calendar import Clock, Period
from bot.query.time.when import MONTH, YEAR, When
from bot.query.values import Misread

End = tuple[When, Period]
"""One end of a range: as written, and as understood."""

_DAY = 86400


def dates_in_order(clock: Clock, first: End, last: End) -> None:
    """Raise Misread for "9 to 3 november": the next 3 November is a year on, which nobody means.

    A range over the end of a year (a month) passes when it is the shorter way round: "20 december to
    5 january", "from november to march". A beginning that names its year passes while the end is past.
    """
    cycle = last[0].cycle or (first[0].cycle if last[0].pinned else 0)
    start, end = clock.local(first[1].start).date(), clock.local(last[1].start).date()
    turned = start.year != end.year or (cycle == MONTH and start.month != end.month)
    if not cycle or not turned or (end - start).days <= cycle // 2 + 1:
        return
    alike = last[0].cycle == first[0].cycle or last[0].pinned
    if not alike and last[1].start <= clock.unix:
        return
    raise Misread(
        f"The end is before the beginning: {_said(clock, last)} comes before {_said(clock, first)}. "
        f"Turn the two round, or write both with their {'month' if cycle == MONTH else 'year'}."
    )


def clocks_in_order(first: time, last: time) -> None:
    """Raise Misread for "between 5pm and 3pm" on one day; midnight ends the day."""
    if last <= first and last != time():
        raise Misread(
            f"The end is before the beginning: {last:%H:%M} comes before {first:%H:%M}. "
            "Turn the two round, or name both days, such as “since yesterday 10pm until today 2am”."
            if last < first
            else f"The time asked for is empty: it would begin and end at {first:%H:%M}. Check both ends."
        )


def _said(clock: Clock, end: End) -> str:
    """Return an end as it was written: a month, a quarter or a day, with its year if that was said."""
    when, period = end
    start = clock.local(period.start)
    days = 1 if period.end is None else (period.end - period.start) / _DAY
    if when.cycle == MONTH:
        return f"day {start.day}"
    year = "" if when.cycle == YEAR else f" {start.year}"
    if days > MONTH + 1:
        return f"Q{(start.month + 2) // 3}{year}"
    return f"{start:%B}{year}" if days > MONTH - 4 else f"{start.day} {start:%B}{year}"
