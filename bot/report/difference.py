"""How a measure changed from one period to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.report.measures import Measure, Unit

_LEAST = 0.05
"""Smaller changes, in points or per cent, are none."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A change, without a judgement: more is not better."""

    direction: Literal["up", "down", "unchanged"]
    size: float | None
    """How much, 0 or above; None where there was nothing before, so that no per cent can be told."""
    unit: Literal["points", "per cent"]
    """Points for rates, which are per cent already."""


def difference(measure: Measure, now: float | None, before: float | None) -> Difference | None:
    """Compare two values of a measure; None where one of them is missing."""
    if now is None or before is None:
        return None
    points = measure.unit is Unit.RATE
    change = now - before
    size = None if not points and not before else abs(change) * 100 / (1 if points else abs(before))
    if not change or (size is not None and size < _LEAST):
        return Difference("unchanged", 0, "points" if points else "per cent")
    return Difference("up" if change > 0 else "down", size, "points" if points else "per cent")
