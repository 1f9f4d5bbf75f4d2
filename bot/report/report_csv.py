"""The columns of a report as a CSV has them: a contract, scripts rely on it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.report.report_table import ReportTable
from bot.tally import Tally

COLUMNS = (
    "calls",
    "successful",
    "failed",
    "unknown",
    "success_rate",
    "total_duration_secs",
    "average_duration_secs",
    "median_duration_secs",
    "p90_duration_secs",
    "cost",
    "cost_fiat",
    "average_rating",
    "rated",
    "average_messages",
)
"""What follows the groups, and `period` where two are compared."""


def csv_rows(table: ReportTable) -> Iterator[list[str]]:
    """Yield the header, then a row for each group; where two periods are compared, one for each of both."""
    compared = table.previous is not None
    heads = [["agent_id", "agent_name"] if group.key == "agent" else [group.key] for group in table.by]
    yield [*(name for head in heads for name in head), *(["period"] if compared else []), *COLUMNS]
    for period in ("current", "before") if compared else ("current",):
        current = period == "current"
        for row in table.rows if current else (*table.rows, *table.without_counterpart):
            keys, tally = (row.keys, row.now) if current else (row.keys_before, row.before)
            if row.merged or tally is None or keys is None:
                continue
            groups = [
                [key, table.agent_name(key) if key else ""] if group.key == "agent" else [key]
                for group, key in zip(table.by, keys, strict=True)
            ]
            yield [
                *(cell for each in groups for cell in each),
                *([period] if compared else []),
                *_cells(tally),
            ]


def _cells(tally: Tally) -> list[str]:
    judged, calls = tally.judged or None, tally.calls or None
    return [
        str(tally.calls),
        str(tally.successful),
        str(tally.failed),
        str(tally.unknown),
        _decimal(judged and tally.successful / judged, 4),
        str(tally.total_duration),
        _decimal(calls and tally.total_duration / calls),
        _decimal(tally.percentile(0.5)),
        _decimal(tally.percentile(0.9)),
        _money(tally.credits.value),
        _money(tally.dollars.value),
        _decimal(tally.rating.average),
        str(tally.rating.said),
        _decimal(calls and tally.messages / calls),
    ]


def _decimal(value: float | None, places: int = 2) -> str:
    return "" if value is None else f"{value:.{places}f}"


def _money(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")
