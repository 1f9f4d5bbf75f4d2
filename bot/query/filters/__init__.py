"""The registry: every filter there is, in the order in which sentences and canonical text say them."""

from __future__ import annotations

from typing import Any

from bot.query.filters.base import Filter, SaidWords
from bot.query.filters.choices import DIRECTION, RESULT, STATUS
from bot.query.filters.collected import COMPANY_FILTERS
from bot.query.filters.number_ranges import DURATION, RATING
from bot.query.filters.order_limit_columns import COLUMNS, COUNT, LIMIT, SORT
from bot.query.filters.origins import AGENT, LANGUAGE, SOURCE
from bot.query.filters.report_names import BY, SHOW
from bot.query.filters.time import COMPARE, TIME
from bot.query.filters.tools import ENDED, FEEDBACK, SEARCH, TAG, TOOL, TOOL_FAILED, TOOL_SUCCEEDED

__all__ = ["BY_KEY", "FILTERS", "HEADINGS", "ORDER", "Filter", "SaidWords", "help_groups"]

FILTERS: tuple[Filter[Any], ...] = (
    *(COUNT, RESULT, DIRECTION, LANGUAGE, AGENT, SOURCE, STATUS, DURATION, RATING, FEEDBACK),
    *(TOOL, TOOL_FAILED, TOOL_SUCCEEDED, TAG, ENDED, *COMPANY_FILTERS, SEARCH, TIME),
    *(SHOW, BY, COMPARE, SORT, LIMIT, COLUMNS),
)
BY_KEY: dict[str, Filter[Any]] = {name: f for f in FILTERS for name in (f.key, *f.aliases)}
"""Filters by every word that may stand before a colon."""
ORDER: dict[str, int] = {f.key: number for number, f in enumerate(FILTERS)}

HEADINGS: dict[str, tuple[Filter[Any], ...]] = {
    "When": (TIME,),
    "Which agent": (AGENT,),
    "How it went": (RESULT, STATUS, ENDED),
    "Length and rating": (DURATION, RATING, FEEDBACK),
    "How it came in": (DIRECTION, SOURCE, LANGUAGE),
    "What was said and done": (SEARCH, TOOL, TOOL_FAILED, TOOL_SUCCEEDED, TAG),
    "Numbers": (SHOW, BY, COMPARE),
    "What you get": (COUNT, SORT, LIMIT, COLUMNS),
    "Advanced": COMPANY_FILTERS,
}
"""As `help filters` and the form show them, the most asked first."""


def help_groups() -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    """Return what `help filters` says, by heading: of each filter its key, what it selects and examples."""
    return {heading: [(f.key, f.about, f.examples) for f in filters] for heading, filters in HEADINGS.items()}
