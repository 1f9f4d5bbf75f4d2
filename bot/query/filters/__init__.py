"""The registry: every filter there is, in the order in which sentences and canonical text say them."""

from __future__ import annotations

from typing import Any

from bot.query.filters.base import Filter, SaidWords
from bot.query.filters.choices import DIRECTION, RESULT, STATUS
from bot.query.filters.chosen_columns import COLUMNS
from bot.query.filters.collected import COMPANY_FILTERS
from bot.query.filters.number_ranges import DURATION, RATING
from bot.query.filters.order_and_limit import COUNT, LIMIT, SORT
from bot.query.filters.origins import AGENT, LANGUAGE, SOURCE
from bot.query.filters.report_names import BY, SHOW
from bot.query.filters.time import COMPARE, TIME
from bot.query.filters.tools import ENDED, FEEDBACK, SEARCH, TAG, TOOL, TOOL_FAILED, TOOL_SUCCEEDED

__all__ = ["BY_KEY", "FILTERS", "ORDER", "Filter", "SaidWords", "filter_help", "help_groups", "in_groups"]

FILTERS: tuple[Filter[Any], ...] = (
    *(COUNT, RESULT, DIRECTION, LANGUAGE, AGENT, SOURCE, STATUS, DURATION, RATING, FEEDBACK),
    *(TOOL, TOOL_FAILED, TOOL_SUCCEEDED, TAG, ENDED, *COMPANY_FILTERS, SEARCH, TIME),
    *(SHOW, BY, COMPARE, SORT, LIMIT, COLUMNS),
)
BY_KEY: dict[str, Filter[Any]] = {name: f for f in FILTERS for name in (f.key, *f.aliases)}
"""Filters by every word that may stand before a colon."""
ORDER: dict[str, int] = {f.key: number for number, f in enumerate(FILTERS)}

# --- as help shows them ---


def filter_help() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return (key, what it selects, example words) of every filter, for `help filters`."""
    return tuple((f.key, f.about, f.examples) for f in FILTERS)


_GROUPS = (
    *("When", "Which agent", "How it went", "Length and rating", "How it came in", "What was said and done"),
    *("Numbers", "What you get", "Advanced"),
)
"""The headings of `help filters`, the most asked first."""


def in_groups() -> list[Filter[Any]]:
    """Return all filters, those of a heading together, in the order in which people look for them."""
    return sorted(FILTERS, key=lambda each: (_GROUPS.index(each.group), each.place))


def help_groups() -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    """Return what `filter_help` gives, by the heading that each filter stands under."""
    groups: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for each in in_groups():
        groups.setdefault(each.group, []).append((each.key, each.about, each.examples))
    return groups
