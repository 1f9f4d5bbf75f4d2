"""The registry: every filter there is, in the order in which sentences and canonical text say them."""

from __future__ import annotations

from typing import Any

from .agent import Agent
from .base import Filter, Words
from .result import Result
from .shape import Count, LimitRows, Sort
from .time import Time

__all__ = ["AGENT", "BY_KEY", "FILTERS", "TIME", "Filter", "Words", "filter_help"]

AGENT = Agent()
TIME = Time()
FILTERS: tuple[Filter[Any], ...] = (
    Count(),
    Result(),
    AGENT,
    TIME,
    Sort(),
    LimitRows(),
)
BY_KEY: dict[str, Filter[Any]] = {name: f for f in FILTERS for name in (f.key, *f.aliases)}
"""Filters by every word that may stand before a colon."""
ORDER: dict[str, int] = {f.key: number for number, f in enumerate(FILTERS)}


def filter_help() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return (key, what it selects, example words) of every filter, for `help filters`."""
    return tuple((f.key, f.about, f.examples) for f in FILTERS)
