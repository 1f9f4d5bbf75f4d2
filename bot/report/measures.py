"""What a report can show of calls: one object for each measure. A new one is one more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from enum import Enum

from bot.tally import Tally


class Unit(Enum):
    """What a measure's values are, which decides how they are written and compared."""

    COUNT = "count"
    RATE = "rate"
    """0 to 1; two rates differ by points."""
    SECONDS = "seconds"
    MONEY = "money"
    """Dollars or credits: which of them is decided once for a whole report."""
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is read from counted calls."""

    key: str
    """Its name in `show:`."""
    title: str
    unit: Unit
    value: Callable[[Tally], float | None]
    """None where there is nothing to measure. Of money, dollars."""
    said: str
    """What people call it, besides its key, with commas: `a|b` is either word and `[a]` may be missing."""
    _: KW_ONLY
    of: Callable[[Tally], int] | None = None
    """How many calls an average or a rate is of; None for a sum."""
    credits: Callable[[Tally], float | None] | None = None
    """The same in credits."""
    parts: tuple[str, ...] = ()
    """The measures it consists of, when it is several."""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.said.split(", "))


def _calls(tally: Tally) -> int:
    return tally.calls


def _judged(tally: Tally) -> int:
    return tally.judged


def _rate(
    key: str,
    title: str,
    part: Callable[[Tally], int],
    of: Callable[[Tally], int],
    said: str,
    *,
    unit: Unit = Unit.RATE,
) -> Measure:
    """Return a measure that is a part of some calls, or so much for each of them."""
    return Measure(
        key, title, unit, lambda tally: part(tally) / of(tally) if of(tally) else None, said, of=of
    )


_MEASURES = (
    Measure("calls", "Calls", Unit.COUNT, _calls, "[call] volume, number of calls|conversations, traffic"),
    _rate(
        "success-rate",
        "Success rate",
        lambda tally: tally.successful,
        _judged,
        "success rate|rates|percentage|ratio, rate of success|successful [calls], "
        "percentage|percent|% successful|success|succeeded, percentage of successful calls, "
        "what percentage succeeded, completion|resolution|pass rate",
    ),
    _rate(
        "failure-rate",
        "Failure rate",
        lambda tally: tally.failed,
        _judged,
        "failure rate|rates|percentage|ratio, fail|failed|error rate, rate of failure|failed [calls], "
        "percentage|percent|% failed|failing|failures, percentage of failed calls, what percentage failed",
    ),
    _rate(
        "unknown-rate",
        "Unknown rate",
        lambda tally: tally.unknown,
        _calls,
        "unknown rate, percentage|percent|% unknown, rate of unknown calls",
    ),
    _rate("share", "Share", _calls, lambda tally: tally.wider, "share, share of calls, proportion, fraction"),
    _rate(
        "average-duration",
        "Average length",
        lambda tally: tally.total_duration,
        _calls,
        "average|avg|mean [call|conversation] duration|length, "
        "average|avg|mean talk|handle|handling|call|conversation time|length|duration, aht",
        unit=Unit.SECONDS,
    ),
    Measure(
        "median-duration",
        "Median length",
        Unit.SECONDS,
        lambda tally: tally.percentile(0.5),
        "median|typical [call] duration|length, median handle time, p50 [duration]",
        of=_calls,
    ),
    Measure(
        "p90-duration",
        "90th percentile of length",
        Unit.SECONDS,
        lambda tally: tally.percentile(0.9),
        "p90 [call] [duration|length], 90th percentile [of] [the] [call|talk|handle] [duration|length|time]",
        of=_calls,
    ),
    Measure(
        "total-duration",
        "Talk time",
        Unit.SECONDS,
        lambda tally: tally.total_duration,
        "total [call|talk] duration|length|time|minutes|hours, talk time, minutes, "
        "call minutes, minutes used",
    ),
    Measure(
        "cost",
        "Cost",
        Unit.MONEY,
        lambda tally: tally.dollars.value,
        "[total] cost|costs|spend|spending, total price, credits [used|spent]",
        credits=lambda tally: tally.credits.value,
    ),
    Measure(
        "average-cost",
        "Average cost",
        Unit.MONEY,
        lambda tally: tally.dollars.average,
        "average|avg|mean [call] cost|price, [average] cost per call|conversation",
        of=_calls,
        credits=lambda tally: tally.credits.average,
    ),
    Measure(
        "rating",
        "Average rating",
        Unit.NUMBER,
        lambda tally: tally.rating.average,
        "average|avg|mean rating|score, [average] csat, csat score, [customer] satisfaction, ratings",
        of=lambda tally: tally.rating.said,
    ),
    _rate(
        "messages",
        "Messages per call",
        lambda tally: tally.messages,
        _calls,
        "average|avg [number] [of] messages|turns, messages|turns per call, turns",
        unit=Unit.NUMBER,
    ),
    Measure(
        "overview",
        "Overview",
        Unit.COUNT,
        _calls,
        "overview, summary, kpi|kpis [report|overview|summary], performance, report, stats, statistics, "
        "the numbers, key|main figures|numbers|metrics, how are we doing, dashboard, recap, metrics",
        parts=("calls", "success-rate", "median-duration", "cost", "rating"),
    ),
)
MEASURES: dict[str, Measure] = {measure.key: measure for measure in _MEASURES}
"""Every measure by its name in `show:`."""

CSV_COLUMNS: dict[str, tuple[Unit, Callable[[Tally], float | None]]] = {
    "calls": (Unit.COUNT, _calls),
    "successful": (Unit.COUNT, lambda tally: tally.successful),
    "failed": (Unit.COUNT, lambda tally: tally.failed),
    "unknown": (Unit.COUNT, lambda tally: tally.unknown),
    "success_rate": (Unit.RATE, MEASURES["success-rate"].value),
    "total_duration_secs": (Unit.COUNT, lambda tally: tally.total_duration),
    "average_duration_secs": (Unit.SECONDS, MEASURES["average-duration"].value),
    "median_duration_secs": (Unit.SECONDS, MEASURES["median-duration"].value),
    "p90_duration_secs": (Unit.SECONDS, MEASURES["p90-duration"].value),
    "cost": (Unit.MONEY, lambda tally: tally.credits.value),
    "cost_fiat": (Unit.MONEY, lambda tally: tally.dollars.value),
    "average_rating": (Unit.NUMBER, MEASURES["rating"].value),
    "rated": (Unit.COUNT, lambda tally: tally.rating.said),
    "average_messages": (Unit.NUMBER, MEASURES["messages"].value),
}
"""What a report's CSV says of each group: a contract, scripts rely on it."""


def csv_cell(unit: Unit, value: float | None) -> str:
    """Write a value for other programs: rates with four decimals, averages with two, money without zeros."""
    if value is None:
        return ""
    if unit is Unit.MONEY:
        return f"{value:.6f}".rstrip("0").rstrip(".")
    places = {Unit.COUNT: 0, Unit.RATE: 4}.get(unit, 2)
    return f"{value:.{places}f}"
