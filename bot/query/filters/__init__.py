"""The registry: every filter there is, in the order in which sentences and canonical text say them."""

from __future__ import annotations

from typing import Any

from bot.query.filters.agent import AGENT, SEARCH
from bot.query.filters.base import Filter, SaidWords
from bot.query.filters.choices import DIRECTION, RESULT, STATUS
from bot.query.filters.chosen_columns import COLUMNS
from bot.query.filters.collected import COMPANY_FILTERS
from bot.query.filters.number_ranges import DURATION, RATING
from bot.query.filters.order_and_limit import COUNT, LIMIT, SORT
from bot.query.filters.origins import LANGUAGE, SOURCE
from bot.query.filters.report_comparison import COMPARE
from bot.query.filters.report_names import BY, SHOW
from bot.query.filters.time import TIME
from bot.query.filters.tools import ENDED, FEEDBACK, TAG, TOOL, TOOL_FAILED, TOOL_SUCCEEDED

__all__ = ["BY_KEY", "FILTERS", "ORDER", "Filter", "SaidWords"]

FILTERS: tuple[Filter[Any], ...] = (
    *(COUNT, RESULT, DIRECTION, LANGUAGE, AGENT, SOURCE, STATUS, DURATION, RATING, FEEDBACK),
    *(TOOL, TOOL_FAILED, TOOL_SUCCEEDED, TAG, ENDED, *COMPANY_FILTERS, SEARCH, TIME),
    *(SHOW, BY, COMPARE, SORT, LIMIT, COLUMNS),
)
BY_KEY: dict[str, Filter[Any]] = {name: f for f in FILTERS for name in (f.key, *f.aliases)}
"""Filters by every word that may stand before a colon."""
ORDER: dict[str, int] = {f.key: number for number, f in enumerate(FILTERS)}
