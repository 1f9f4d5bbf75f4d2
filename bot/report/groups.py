"""What a report can be broken down by: one object for each group. A new one is one more.

The key of a group is text, as the CSV of a report has it; "" stands for what a call does not say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from operator import attrgetter
from typing import Any

from bot.model import CHOSEN_BY_ID, LANGUAGES, SOURCES, WEEKDAYS, Conversation, chosen_value
from bot.tally import SumsBy

_QUARTER = 900
"""Seconds. No zone changes its clock within a quarter of an hour, nor stands between two of them."""
_QUARTERS_OF_A_DAY = 96
_DAY, _WEEK = 86_400, 7 * 86_400
_ROUND = 8 * 86_400
"""Seconds in which every hour of the day and every weekday comes at least once."""
NOT_SAID = "Not said"
_DAY_NAMES = tuple(name.capitalize() for name in WEEKDAYS)
_RESULTS = {"success": "Successful", "failure": "Failed"}


@dataclass(frozen=True, slots=True)
class LocalTime:
    """The asker's days and hours."""

    zone: tzinfo
    first_weekday: int = 0
    """0 is Monday: the day on which a week begins."""

    def week_of(self, day: date) -> date:
        """Return the first day of a day's week."""
        return day - timedelta(days=(day.weekday() - self.first_weekday) % 7)


@dataclass(frozen=True, slots=True)
class Group:
    """A way to sort calls into groups, by what a call says (`column`) or by when it began (`at`)."""

    key: str
    """Its name in `by:`."""
    title: str
    said: str = ""
    """What people call it after "by", "per" and "each", with commas."""
    column: str = ""
    """The field of a call that says it; "" for times, and for what an agent collects, which `key` names."""
    _: KW_ONLY
    at: Callable[[datetime, LocalTime], str] | None = None
    step: int = _DAY
    """Seconds on the clock within which `at` gives the same, counted from midnight."""
    over_time: bool = False
    """Whether its keys follow each other in time, rather than come again or stand apart."""
    several: bool = False
    """Whether a call may be in several groups, so that they add up to more than all calls."""
    shown: Callable[[str], str] = str
    """How people read a key."""
    missing: str = NOT_SAID
    """What the calls are called that do not say it."""
    order: Callable[[str, LocalTime], Any] | None = None
    """Sorts keys; None puts the largest groups first."""

    def label(self, key: str) -> str:
        return self.shown(key) if key else self.missing

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.said.split(", ")) if self.said else ()

    @property
    def noun(self) -> str:
        """What one of them is called after "by"."""
        return self.words[0] if self.said else self.title

    def key_of(self, local: LocalTime) -> Callable[[Conversation], Any]:
        """Return what reads the key of a row, or the set of its keys."""
        if self.at is not None:
            key = self._quarters(local)
            return lambda row: key(row.start_time_unix_secs // _QUARTER)
        if not self.column:
            return lambda row: _text(chosen_value(row, self.key))
        said = attrgetter(self.column)
        return lambda row: frozenset(said(row) or ("",)) if self.several else _text(said(row))

    def between(self, since: int, until: int, local: LocalTime) -> list[str]:
        """Return every key of the time from `since` to before `until` (Unix seconds), in order of time.

        Nothing for a group that is not of times.
        """
        if self.at is None or since >= until:
            return []
        key, first, last = self._quarters(local), since // _QUARTER, (until - 1) // _QUARTER
        if not self.over_time:
            last, step = min(last, (since + _ROUND) // _QUARTER), 1
        else:
            step = _QUARTERS_OF_A_DAY // 4  # no day is shorter
        return list(dict.fromkeys(map(key, (*range(first, last, step), last))))

    def _quarters(self, local: LocalTime) -> Callable[[int], str]:
        at = self.at or (lambda _moment, _local: "")
        return cache(lambda quarter: at(datetime.fromtimestamp(quarter * _QUARTER, local.zone), local))


def _text(value: str | float | None) -> str:
    """Write what a call says as the key of its group."""
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _spoken(key: str) -> str:
    """Show a word of the API: "in-progress" -> "In progress"."""
    words = key.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def _result(key: str) -> str:
    return _RESULTS.get(key) or _spoken(key)


def _language(code: str) -> str:
    """Name a language: "pt-br" -> "Portuguese (BR)"."""
    base, _dash, region = code.partition("-")
    name = LANGUAGES.get(base.casefold(), base)
    return f"{name} ({region.upper()})" if region else name


def _day(key: str) -> str:
    day = date.fromisoformat(key)
    return f"{day:%a} {day.day} {day:%b %Y}"


def _alphabetical(key: str, _local: LocalTime) -> str:
    return key


_GROUPS = (
    Group("agent", "Agent", "agent, agents, assistant, assistants, bot, bots, agent name", "agent_id"),
    Group(
        "day",
        "Day",
        "day, days, daily, date, dates",
        at=lambda moment, _local: moment.date().isoformat(),
        over_time=True,
        shown=_day,
        order=_alphabetical,
    ),
    Group(
        "week",
        "Week of",
        "week, weeks, weekly",
        at=lambda moment, local: local.week_of(moment.date()).isoformat(),
        over_time=True,
        shown=lambda key: _day(key)[4:],
        order=_alphabetical,
    ),
    Group(
        "month",
        "Month",
        "month, months, monthly",
        at=lambda moment, _local: f"{moment:%Y-%m}",
        over_time=True,
        shown=lambda key: f"{date.fromisoformat(f'{key}-01'):%b %Y}",
        order=_alphabetical,
    ),
    Group(
        "hour",
        "Hour",
        "hour, hours, hourly, hour of day, hour of the day, time of day",
        at=lambda moment, _local: str(moment.hour),
        step=3600,
        shown=lambda key: f"{int(key):02}:00",
        order=lambda key, _local: int(key),
    ),
    Group(
        "weekday",
        "Weekday",
        "weekday, weekdays, day of week, day of the week",
        at=lambda moment, _local: _DAY_NAMES[moment.weekday()],
        order=lambda key, local: (_DAY_NAMES.index(key) - local.first_weekday) % 7,
    ),
    Group("result", "Result", "result, results, outcome, outcomes", "call_successful", shown=_result),
    Group("direction", "Direction", "direction, directions", "direction", shown=_spoken),
    Group(
        "source",
        "Source",
        "source, sources, channel, channels, initiation source, platform",
        "conversation_initiation_source",
        shown=lambda key: (SOURCES[key].label if key in SOURCES else "") or _spoken(key),
    ),
    Group("language", "Language", "language, languages, lang", "main_language", shown=_language),
    Group("status", "Status", "status, statuses, state", "status", shown=_spoken),
    Group(
        "ended",
        "Ended because",
        "reason, reasons, end reason, end reasons, termination reason, termination reasons, "
        "reason for ending, reasons for ending, reason for failure, reasons for failure, "
        "failure reason, failure reasons, reason of failure, reasons of failure",
        "termination_reason",
    ),
    Group(
        "rating",
        "Rating",
        "rating, ratings, score, stars, csat",
        "rating",
        missing="Not rated",
        order=lambda key, _local: (not key, float(key or 0)),
    ),
    Group("tool", "Tool", "tool, tools, tool used", "tool_names", several=True, missing="No tool"),
    Group("tag", "Tag", "tag, tags, label, labels", "tag_ids", several=True, missing="No tag"),
    Group("branch", "Branch", "branch, branches, experiment, experiments", "branch_id"),
    Group("version", "Version", "version, versions, agent version", "version_id"),
)
GROUPS: dict[str, Group] = {group.key: group for group in _GROUPS}
"""Every group by its name in `by:`, but for those of what an agent collects (`group_of`)."""


def group_of(key: str) -> Group | None:
    """Return the group of a name in `by:`, also `data.<id>` and `eval.<id>`; None for what is none."""
    if key in GROUPS:
        return GROUPS[key]
    kind, _dot, found = key.partition(".")
    if kind not in CHOSEN_BY_ID or not found:
        return None
    return Group(key, found)


def sums_by(groups: Sequence[Group], local: LocalTime) -> SumsBy | None:
    """Return what calls are to be summed by so that each sum is in one group; None if only rows tell."""
    timed = [group for group in groups if group.at is not None]
    columns = tuple(dict.fromkeys(group.column for group in groups if group.at is None))
    if "" in columns:
        return None
    if not timed:
        return SumsBy(columns)
    again = 0 if any(group.over_time for group in timed) else _WEEK
    return SumsBy(columns, step=min(group.step for group in timed), again=again, zone=local.zone)
