"""The registry: every filter there is, in the order in which sentences and canonical text say them."""

from __future__ import annotations

from typing import Any

from bot.query.filters.agent import Agent
from bot.query.filters.base import Filter, Words
from bot.query.filters.channel import Direction, Source
from bot.query.filters.duration import Duration
from bot.query.filters.facts import Data, Evaluation, Search, Variable
from bot.query.filters.language import Language
from bot.query.filters.rating import Feedback, Rating
from bot.query.filters.result import Result
from bot.query.filters.shape import Count, LimitRows, Sort
from bot.query.filters.status import Status
from bot.query.filters.things import BRANCH, NUMBER, TOPIC, USER, VERSION, Ended, Tag
from bot.query.filters.time import Time
from bot.query.filters.tools import Tool, ToolFailed, ToolSucceeded

__all__ = ["BY_KEY", "FILTERS", "ORDER", "Filter", "Words", "filter_help"]

FILTERS: tuple[Filter[Any], ...] = (
    Count(),
    Result(),
    Direction(),
    Language(),
    Agent(),
    Source(),
    Status(),
    Duration(),
    Rating(),
    Feedback(),
    Tool(),
    ToolFailed(),
    ToolSucceeded(),
    Tag(),
    Ended(),
    USER,
    Data(),
    Evaluation(),
    Variable(),
    TOPIC,
    BRANCH,
    VERSION,
    NUMBER,
    Search(),
    Time(),
    Sort(),
    LimitRows(),
)
BY_KEY: dict[str, Filter[Any]] = {name: f for f in FILTERS for name in (f.key, *f.aliases)}
"""Filters by every word that may stand before a colon."""
ORDER: dict[str, int] = {f.key: number for number, f in enumerate(FILTERS)}


def filter_help() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return (key, what it selects, example words) of every filter, for `help filters`."""
    return tuple((f.key, f.about, f.examples) for f in FILTERS)
