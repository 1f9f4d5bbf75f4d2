"""What a report can show of calls: one object for each measure. A new one is one more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something that is read from counted calls."""

    key: str
    """Its name in `show:`."""
    title: str
    words: tuple[str, ...]
    """What people call it, besides its key: patterns, `a|b` is either word and `[a]` may be missing."""
    unit: Unit
    value: Callable[[Tally], float | None]
    """None where there is nothing to measure. Of money, dollars."""
    credits: Callable[[Tally], float | None] | None = None
    """The same in credits."""
    of: Callable[[Tally], int] | None = None
    """How many calls an average or a rate is of; None for a sum."""
    parts: tuple[str, ...] = ()
    """The measures it consists of, when it is several."""


def _rate(part: Callable[[Tally], int], whole: Callable[[Tally], int]) -> Callable[[Tally], float | None]:
    return lambda tally: part(tally) / whole(tally) if whole(tally) else None


_MEASURES = (
    Measure(
        key="calls",
        title="Calls",
        words=("[call] volume", "number of calls|conversations", "traffic"),
        unit=Unit.COUNT,
        value=lambda tally: tally.calls,
    ),
    Measure(
        key="success-rate",
        title="Success rate",
        words=(
            "success rate|rates|percentage|ratio",
            "rate of success|successful [calls]",
            "percentage|percent|% successful|success|succeeded",
            "percentage of successful calls",
            "what percentage succeeded",
            "completion|resolution|pass rate",
        ),
        unit=Unit.RATE,
        value=_rate(lambda tally: tally.successful, lambda tally: tally.judged),
        of=lambda tally: tally.judged,
    ),
    Measure(
        key="failure-rate",
        title="Failure rate",
        words=(
            "failure rate|rates|percentage|ratio",
            "fail|failed|error rate",
            "rate of failure|failed [calls]",
            "percentage|percent|% failed|failing|failures",
            "percentage of failed calls",
            "what percentage failed",
        ),
        unit=Unit.RATE,
        value=_rate(lambda tally: tally.failed, lambda tally: tally.judged),
        of=lambda tally: tally.judged,
    ),
    Measure(
        key="unknown-rate",
        title="Unknown rate",
        words=("unknown rate", "percentage|percent|% unknown", "rate of unknown calls"),
        unit=Unit.RATE,
        value=_rate(lambda tally: tally.unknown, lambda tally: tally.calls),
        of=lambda tally: tally.calls,
    ),
    Measure(
        key="share",
        title="Share",
        words=("share", "share of calls", "proportion", "fraction"),
        unit=Unit.RATE,
        value=_rate(lambda tally: tally.calls, lambda tally: tally.wider),
        of=lambda tally: tally.wider,
    ),
    Measure(
        key="average-duration",
        title="Average length",
        words=(
            "average|avg|mean [call|conversation] duration|length",
            "average|avg|mean talk|handle|handling|call|conversation time|length|duration",
            "aht",
        ),
        unit=Unit.SECONDS,
        value=_rate(lambda tally: tally.total_duration, lambda tally: tally.calls),
        of=lambda tally: tally.calls,
    ),
    Measure(
        key="median-duration",
        title="Median length",
        words=("median|typical [call] duration|length", "median handle time", "p50 [duration]"),
        unit=Unit.SECONDS,
        value=lambda tally: tally.percentile(0.5),
        of=lambda tally: tally.calls,
    ),
    Measure(
        key="p90-duration",
        title="90th percentile of length",
        words=(
            "p90 [call] [duration|length]",
            "90th percentile [of] [the] [call|talk|handle] [duration|length|time]",
        ),
        unit=Unit.SECONDS,
        value=lambda tally: tally.percentile(0.9),
        of=lambda tally: tally.calls,
    ),
    Measure(
        key="total-duration",
        title="Talk time",
        words=(
            "total [call|talk] duration|length|time|minutes|hours",
            "talk time",
            "minutes",
            "call minutes",
            "minutes used",
        ),
        unit=Unit.SECONDS,
        value=lambda tally: tally.total_duration,
    ),
    Measure(
        key="cost",
        title="Cost",
        words=("[total] cost|costs|spend|spending", "total price", "credits [used|spent]"),
        unit=Unit.MONEY,
        value=lambda tally: tally.dollars.value,
        credits=lambda tally: tally.credits.value,
    ),
    Measure(
        key="average-cost",
        title="Average cost",
        words=("average|avg|mean [call] cost|price", "[average] cost per call|conversation"),
        unit=Unit.MONEY,
        value=lambda tally: tally.dollars.average,
        credits=lambda tally: tally.credits.average,
        of=lambda tally: tally.calls,
    ),
    Measure(
        key="rating",
        title="Average rating",
        words=(
            "average|avg|mean rating|score",
            "[average] csat",
            "csat score",
            "[customer] satisfaction",
            "ratings",
        ),
        unit=Unit.NUMBER,
        value=lambda tally: tally.rating.average,
        of=lambda tally: tally.rating.said,
    ),
    Measure(
        key="messages",
        title="Messages per call",
        words=("average|avg [number] [of] messages|turns", "messages|turns per call", "turns"),
        unit=Unit.NUMBER,
        value=_rate(lambda tally: tally.messages, lambda tally: tally.calls),
        of=lambda tally: tally.calls,
    ),
    Measure(
        key="overview",
        title="Overview",
        words=(
            "overview",
            "summary",
            "kpi|kpis [report|overview|summary]",
            "performance",
            "report",
            "stats",
            "statistics",
            "the numbers",
            "key|main figures|numbers|metrics",
            "how are we doing",
            "dashboard",
            "recap",
            "metrics",
        ),
        unit=Unit.COUNT,
        value=lambda tally: tally.calls,
        parts=("calls", "success-rate", "median-duration", "cost", "rating"),
    ),
)
MEASURES: dict[str, Measure] = {measure.key: measure for measure in _MEASURES}
"""Every measure by its name in `show:`."""

CSV_COLUMNS: dict[str, tuple[Unit, Callable[[Tally], float | None]]] = {
    "calls": (Unit.COUNT, lambda tally: tally.calls),
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
