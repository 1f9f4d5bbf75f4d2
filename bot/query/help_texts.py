"""The filters as help shows them: what each selects, by heading."""

from __future__ import annotations

from typing import Any

from bot.query.filters import FILTERS, Filter


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
