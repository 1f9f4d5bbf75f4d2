"""The chart of a report, chosen by rule: a line over time, bars for the rest, and no more than can be read.

At most 12 series of 20 points. Times beyond it are put together, of other groups the largest stay and the
rest is one; the chart says which.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.report.measures import Measure, Unit
from bot.report.report_table import ReportTable
from bot.tally import Tally

MOST_POINTS = 20
MOST_SERIES = 12
_LENGTHS = ((3600, "hours"), (60, "minutes"))
_NAMED = 3
_CENT = 0.01
_SECOND = timedelta(seconds=1)
_WITH_WEEKDAYS = 8
"""Up to so many days have their weekday beside them."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn. Names and labels may come from outside."""

    kind: Literal["line", "bar"]
    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    """Each with a value for every category."""
    x_label: str
    y_label: str
    notes: tuple[str, ...] = ()
    """What was put together, or is not drawn."""


def chart_of(table: ReportTable) -> Chart | None:
    """Return the chart of a report's first measure; None where there is nothing to draw."""
    if not table.by:
        return None
    measure, notes = table.show[0], list[str]()
    place = next((at for at, group in enumerate(table.by) if group.order is not None), 0)
    axis, two = table.by[place], len(table.by) > 1
    points = _parts(table, place, MOST_POINTS, notes)
    if two:
        lines = _parts(table, 1 - place, MOST_SERIES, notes)
    else:
        lines = {name: [] for name in _periods(table)} if table.previous else {measure.title: []}
    drawn = [
        [table.value(measure, tally) for tally in line] for line in _tallies(table, place, points, lines)
    ]
    shown = [at for at in range(len(points)) if any(line[at] is not None for line in drawn)]
    if not shown:
        return None
    names = list(points)
    if len(shown) < len(names):
        empty = [name for at, name in enumerate(names) if at not in shown]
        which = ", ".join(empty) if len(empty) <= _NAMED else f"{len(empty)} of {len(names)}"
        notes.append(f"the chart leaves out points with nothing to measure: {which}")
    if (alone := len(table.without_counterpart)) and not two:
        notes.append(f"the chart leaves out {alone} of the {axis.noun}s before: they have no counterpart")
    largest = max(abs(value or 0) for line in drawn for value in line)
    scale, places, unit = scale_of(measure, largest, in_credits=table.in_credits)
    return Chart(
        kind="line" if axis.over_time and len(shown) > 1 else "bar",
        title=f"{measure.title} by {axis.noun}",
        categories=tuple(names[at] for at in shown),
        series=tuple(
            (name, tuple(round((line[at] or 0) * scale, places) for at in shown))
            for name, line in zip(lines, drawn, strict=True)
        ),
        x_label=axis.title,
        y_label=unit,
        notes=tuple(notes),
    )


def _parts(table: ReportTable, place: int, most: int, notes: list[str]) -> dict[str, list[str]]:
    """Return at most so many parts of one of the groups: how each is called, and its keys."""
    group, keys, labels = table.by[place], table.keys[place], table.labels[place]
    if group.at is not None:
        size = max(1, math.ceil(len(keys) / most))
        chunks = [keys[start : start + size] for start in range(0, len(keys), size)]
        if size > 1:
            notes.append(f"each step of the chart is {size} {group.noun}s")
        short = group.key == "day" and len(chunks) > _WITH_WEEKDAYS
        ends = [
            [labels[key].partition(" ")[2] if short else labels[key] for key in chunk] for chunk in chunks
        ]
        names = [end[0] if len(end) == 1 else _span(end[0], end[-1]) for end in ends]
        return dict(zip(names, chunks, strict=True))
    kept = keys if len(keys) <= most else keys[: most - 1]
    parts: dict[str, list[str]] = {}
    for key in kept:
        parts.setdefault(labels[key], []).append(key)
    if len(kept) < len(keys):
        notes.append(f"the chart shows {len(kept)} of {len(keys)} {group.noun}s, the rest as Other")
        parts.setdefault("Other", []).extend(keys[len(kept) :])
    return parts


def _periods(table: ReportTable) -> tuple[str, str]:
    """Name both times by their days, or by the clock: "23-29 Nov" and "16-22 Nov"."""
    bounds = (table.since, table.until, table.since_before, table.until_before)
    zone = table.current.local.zone
    known = [datetime.fromtimestamp(each, zone) for each in bounds if each is not None]
    if len(known) == len(bounds):
        since, until, since_before, until_before = known
        for named in (_days, lambda since, until: f"{_days(since, until)} {until - _SECOND:%Y}", _clock):
            names = named(since, until), named(since_before, until_before)
            if names[0] != names[1]:
                return names
    return "Current", "Before"


def _days(since: datetime, until: datetime) -> str:
    first, last = (f"{each.day} {each:%b}" for each in (since, until - _SECOND))
    return first if first == last else _span(first, last)


def _clock(since: datetime, until: datetime) -> str:
    return f"{since:%H:%M}\N{EN DASH}{until:%H:%M}"


def _span(first: str, last: str) -> str:
    """Name times from one to another, with a dash between: "1-2 Nov", "30 Oct-1 Nov", "08-09 h"."""
    if ":" in first:
        return f"{first[:2]}\N{EN DASH}{last[:2]} h"
    start, _blank, rest = first.partition(" ")
    return f"{start if last.endswith(f' {rest}') else first}\N{EN DASH}{last}"


def _tallies(
    table: ReportTable, place: int, points: dict[str, list[str]], lines: dict[str, list[str]]
) -> list[list[Tally]]:
    """Return what was counted for each line at each point."""
    found = [[Tally() for _point in points] for _line in lines]
    point_of = {key: at for at, keys in enumerate(points.values()) for key in keys}
    line_of = {key: at for at, keys in enumerate(lines.values()) for key in keys}
    for row in table.all_rows:
        point = point_of[row.keys[place]]
        found[line_of[row.keys[1 - place]] if line_of else 0][point].merge(row.now)
        if row.before is not None and not line_of:
            found[1][point].merge(row.before)
    return found


def dollar_places(value: float, *, average: bool) -> int:
    """Return how many decimals dollars have: three where an average is below one, four below a cent."""
    return 4 if 0 < value < _CENT else 3 if average and 0 < value < 1 else 2


def scale_of(measure: Measure, largest: float, *, in_credits: bool) -> tuple[float, int, str]:
    """Return by what values are multiplied to be read, their decimals, and what they then are."""
    if measure.unit is Unit.RATE:
        return 100, 2, "%"
    if measure.unit is Unit.MONEY and not in_credits:
        return 1, dollar_places(largest, average=measure.of is not None), "US dollars"
    if measure.unit is Unit.SECONDS:
        least = [(each, name) for each, name in _LENGTHS if largest >= 2 * each]
        return (1 / least[0][0], 2, least[0][1]) if least else (1, 2, "seconds")
    return 1, 2, "credits" if measure.unit is Unit.MONEY else measure.title.lower()
