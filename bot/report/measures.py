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
    """What people call it, besides its key."""
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
        words=("call volume", "volume", "number of calls", "number of conversations", "traffic"),
        unit=Unit.COUNT,
        value=lambda tally: tally.calls,
    ),
    Measure(
        key="success-rate",
        title="Success rate",
        words=(
            *("success rate", "success rates", "rate of success", "success percentage", "success ratio"),
            *("percentage of successful calls", "percentage successful", "percent successful"),
            *("% successful", "% succeeded", "% success", "what percentage succeeded"),
            *("completion rate", "resolution rate", "pass rate"),
        ),
        unit=Unit.RATE,
        value=_rate(lambda tally: tally.successful, lambda tally: tally.judged),
        of=lambda tally: tally.judged,
    ),
    Measure(
        key="failure-rate",
        title="Failure rate",
        words=(
            *("failure rate", "failure rates", "fail rate", "failed rate", "rate of failure", "error rate"),
            *("failure percentage", "failure ratio", "percentage of failed calls", "percentage failed"),
            *("percent failed", "% failed", "% failing", "% failures", "what percentage failed"),
        ),
        unit=Unit.RATE,
        value=_rate(lambda tally: tally.failed, lambda tally: tally.judged),
        of=lambda tally: tally.judged,
    ),
    Measure(
        key="unknown-rate",
        title="Unknown rate",
        words=("unknown rate", "percentage unknown", "percent unknown", "% unknown", "rate of unknown calls"),
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
            *("average duration", "average length", "average call length", "average call duration"),
            *("average handle time", "average handling time", "aht", "mean duration", "mean length"),
            *("mean call length", "mean call duration", "avg duration", "avg length", "avg call length"),
            *("average talk time", "average call time", "avg call duration"),
        ),
        unit=Unit.SECONDS,
        value=_rate(lambda tally: tally.total_duration, lambda tally: tally.calls),
        of=lambda tally: tally.calls,
    ),
    Measure(
        key="median-duration",
        title="Median length",
        words=(
            *("median duration", "median length", "median call length", "median call duration"),
            *("median handle time", "typical call length", "typical length", "p50", "p50 duration"),
        ),
        unit=Unit.SECONDS,
        value=lambda tally: tally.percentile(0.5),
        of=lambda tally: tally.calls,
    ),
    Measure(
        key="p90-duration",
        title="90th percentile of length",
        words=(
            *("p90", "p90 duration", "p90 length", "p90 call length", "p90 call duration"),
            *("90th percentile", "90th percentile duration", "90th percentile call length"),
            *("90th percentile of call length", "90th percentile length", "90th percentile of length"),
        ),
        unit=Unit.SECONDS,
        value=lambda tally: tally.percentile(0.9),
        of=lambda tally: tally.calls,
    ),
    Measure(
        key="total-duration",
        title="Talk time",
        words=(
            *("total duration", "total length", "total talk time", "talk time", "total minutes", "minutes"),
            *("total call time", "call minutes", "minutes used", "total hours", "total time"),
        ),
        unit=Unit.SECONDS,
        value=lambda tally: tally.total_duration,
    ),
    Measure(
        key="cost",
        title="Cost",
        words=("cost", "costs", "total cost", "spend", "spending", "total spend", "credits used"),
        unit=Unit.MONEY,
        value=lambda tally: tally.dollars.value,
        credits=lambda tally: tally.credits.value,
    ),
    Measure(
        key="average-cost",
        title="Average cost",
        words=(
            *("average cost", "avg cost", "mean cost", "cost per call", "average cost per call"),
            *("cost per conversation", "average call cost", "average price"),
        ),
        unit=Unit.MONEY,
        value=lambda tally: tally.dollars.average,
        credits=lambda tally: tally.credits.average,
        of=lambda tally: tally.calls,
    ),
    Measure(
        key="rating",
        title="Average rating",
        words=(
            *("average rating", "avg rating", "mean rating", "csat", "satisfaction", "average score"),
            *("customer satisfaction", "csat score", "average csat", "ratings"),
        ),
        unit=Unit.NUMBER,
        value=lambda tally: tally.rating.average,
        of=lambda tally: tally.rating.said,
    ),
    Measure(
        key="messages",
        title="Messages per call",
        words=(
            *("average messages", "messages per call", "average number of messages", "turns"),
            *("average turns", "turns per call", "avg messages", "average number of turns"),
        ),
        unit=Unit.NUMBER,
        value=_rate(lambda tally: tally.messages, lambda tally: tally.calls),
        of=lambda tally: tally.calls,
    ),
    Measure(
        key="overview",
        title="Overview",
        words=(
            *("overview", "summary", "kpi report", "kpis", "performance", "report", "stats", "statistics"),
            *("the numbers", "key figures", "how are we doing", "dashboard", "recap", "metrics"),
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
