"""What a report can be broken down by: one object for each group. A new one is one more.

The key of a group is text, as the CSV of a report has it; "" stands for what a call does not say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any

from bot.model import SOURCES, WEEKDAYS, Conversation

_QUARTER = 900
"""Seconds. No zone changes its clock within a quarter of an hour, nor stands between two of them."""
NOT_SAID = "Not said"
_DAY_NAMES = tuple(name.capitalize() for name in WEEKDAYS)
_RESULTS = {"success": "Successful", "failure": "Failed", "unknown": "Unknown"}


@dataclass(frozen=True, slots=True)
class LocalTime:
    """The asker's days and hours."""

    zone: tzinfo
    first_weekday: int = 0
    """0 is Monday: the day on which a week begins."""

    def week_of(self, day: date) -> date:
        """Return the first day of a day's week."""
        return day - timedelta(days=(day.weekday() - self.first_weekday) % 7)


KeyOf = Callable[[Conversation], Any]
"""The key of a row; a set of keys where a call may be in several groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A way to sort calls into groups."""

    key: str
    """Its name in `by:`."""
    title: str
    words: tuple[str, ...]
    """What people call it, besides its key: after "by", "per" and "each"."""
    key_of: Callable[[LocalTime], KeyOf]
    label: Callable[[str], str] = lambda key: key or NOT_SAID
    """How people read a key."""
    order: Callable[[str, LocalTime], Any] | None = None
    """Sorts keys; None puts the largest groups first."""
    between: Callable[[date, date, LocalTime], list[str]] | None = None
    """Every key from one day to another (both included), so that none is missing where no call was."""
    several: bool = False
    """Whether a call may be in several groups, so that they add up to more than all calls."""

    @property
    def over_time(self) -> bool:
        """Whether its keys follow each other in time, rather than come again or stand apart."""
        return self.key in {"day", "week", "month"}


def _timed(key_of: Callable[[datetime, LocalTime], str]) -> Callable[[LocalTime], KeyOf]:
    def of(local: LocalTime) -> KeyOf:
        @cache
        def key(quarter: int) -> str:
            return key_of(datetime.fromtimestamp(quarter * _QUARTER, local.zone), local)

        return lambda row: key(row.start_time_unix_secs // _QUARTER)

    return of


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _once(keys: list[str]) -> list[str]:
    return list(dict.fromkeys(keys))


def _field(read: Callable[[Conversation], str | None]) -> Callable[[LocalTime], KeyOf]:
    return lambda _local: lambda row: read(row) or ""


def _spoken(key: str) -> str:
    """Show a word of the API: "in-progress" -> "In progress"."""
    words = key.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:] or NOT_SAID


def _day_label(key: str) -> str:
    day = date.fromisoformat(key)
    return f"{day:%a} {day.day} {day:%b %Y}"


def _week_label(key: str) -> str:
    day = date.fromisoformat(key)
    return f"Week of {day.day} {day:%b %Y}"


def _rating_key(row: Conversation) -> str:
    return "" if row.rating is None else f"{row.rating:g}"


def _alphabetical(key: str, _local: LocalTime) -> str:
    return key


_GROUPS = (
    Group(
        key="agent",
        title="Agent",
        words=("agent", "agents", "assistant", "assistants", "bot", "bots", "agent name"),
        key_of=_field(lambda row: row.agent_id),
    ),
    Group(
        key="day",
        title="Day",
        words=("day", "days", "daily", "date", "dates"),
        key_of=_timed(lambda at, _local: at.date().isoformat()),
        label=_day_label,
        order=_alphabetical,
        between=lambda first, last, _local: [day.isoformat() for day in _days(first, last)],
    ),
    Group(
        key="week",
        title="Week",
        words=("week", "weeks", "weekly"),
        key_of=_timed(lambda at, local: local.week_of(at.date()).isoformat()),
        label=_week_label,
        order=_alphabetical,
        between=lambda first, last, local: _once(
            [local.week_of(day).isoformat() for day in _days(first, last)]
        ),
    ),
    Group(
        key="month",
        title="Month",
        words=("month", "months", "monthly"),
        key_of=_timed(lambda at, _local: f"{at:%Y-%m}"),
        label=lambda key: f"{date.fromisoformat(f'{key}-01'):%b %Y}",
        order=_alphabetical,
        between=lambda first, last, _local: _once([f"{day:%Y-%m}" for day in _days(first, last)]),
    ),
    Group(
        key="hour",
        title="Hour",
        words=("hour", "hours", "hourly", "hour of day", "hour of the day", "time of day"),
        key_of=_timed(lambda at, _local: str(at.hour)),
        label=lambda key: f"{int(key):02}:00",
        order=lambda key, _local: int(key),
        between=lambda _first, _last, _local: [str(hour) for hour in range(24)],
    ),
    Group(
        key="weekday",
        title="Weekday",
        words=("weekday", "weekdays", "day of week", "day of the week"),
        key_of=_timed(lambda at, _local: _DAY_NAMES[at.weekday()]),
        order=lambda key, local: (_DAY_NAMES.index(key) - local.first_weekday) % 7,
        between=lambda _first, _last, _local: list(_DAY_NAMES),
    ),
    Group(
        key="result",
        title="Result",
        words=("result", "results", "outcome", "outcomes", "success"),
        key_of=_field(lambda row: row.call_successful),
        label=lambda key: _RESULTS.get(key) or _spoken(key),
    ),
    Group(
        key="direction",
        title="Direction",
        words=("direction", "directions"),
        key_of=_field(lambda row: row.direction),
        label=_spoken,
    ),
    Group(
        key="source",
        title="Source",
        words=("source", "sources", "channel", "channels", "initiation source", "platform"),
        key_of=_field(lambda row: row.conversation_initiation_source),
        label=lambda key: (SOURCES[key].label if key in SOURCES else "") or _spoken(key),
    ),
    Group(
        key="language",
        title="Language",
        words=("language", "languages", "lang"),
        key_of=_field(lambda row: row.main_language),
    ),
    Group(
        key="status",
        title="Status",
        words=("status", "statuses", "state"),
        key_of=_field(lambda row: row.status),
        label=_spoken,
    ),
    Group(
        key="ended",
        title="Ended because",
        words=(
            *("reason", "reasons", "end reason", "end reasons", "termination reason", "termination reasons"),
            *("reason for ending", "reasons for ending", "reason for failure", "reasons for failure"),
            *("failure reason", "failure reasons", "reason of failure", "reasons of failure"),
        ),
        key_of=_field(lambda row: row.termination_reason),
    ),
    Group(
        key="rating",
        title="Rating",
        words=("rating", "ratings", "score", "stars", "csat"),
        key_of=lambda _local: _rating_key,
        label=lambda key: key or "Not rated",
        order=lambda key, _local: (not key, float(key or 0)),
    ),
    Group(
        key="tool",
        title="Tool",
        words=("tool", "tools", "tool used"),
        key_of=lambda _local: lambda row: frozenset(row.tool_names or ("",)),
        label=lambda key: key or "No tool",
        several=True,
    ),
    Group(
        key="tag",
        title="Tag",
        words=("tag", "tags", "label", "labels"),
        key_of=lambda _local: lambda row: frozenset(row.tag_ids or ("",)),
        label=lambda key: key or "No tag",
        several=True,
    ),
    Group(
        key="branch",
        title="Branch",
        words=("branch", "branches", "experiment", "experiments"),
        key_of=_field(lambda row: row.branch_id),
    ),
    Group(
        key="version",
        title="Version",
        words=("version", "versions", "agent version"),
        key_of=_field(lambda row: row.version_id),
    ),
)
GROUPS: dict[str, Group] = {group.key: group for group in _GROUPS}
"""Every group by its name in `by:`, but for those of what an agent collects (`group_of`)."""
_OF_AGENTS = {"data": "data_collection_results", "eval": "evaluation_criteria_results"}


def group_of(key: str) -> Group | None:
    """Return the group of a name in `by:`, also `data.<id>` and `eval.<id>`; None for what is none."""
    if key in GROUPS:
        return GROUPS[key]
    kind, _dot, found = key.partition(".")
    attribute = _OF_AGENTS.get(kind)
    if attribute is None or not found:
        return None

    def value(row: Conversation) -> str:
        said = (getattr(row, attribute, None) or {}).get(found)
        return "" if said is None else str(said)

    return Group(
        key=key, title=found, words=(), key_of=lambda _local: value, label=_spoken if kind == "eval" else str
    )
