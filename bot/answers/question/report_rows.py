"""The rows of a report: read once, counted as they come, beside those of the time before and of the whole."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.answers.question.matching_rows import NOT_FILTERS, MatchingRows, with_agent_names
from bot.blocks.list_message import Outcome
from bot.elevenlabs.client import Conversations
from bot.model import CHOSEN_BY_ID, WEEKDAYS
from bot.query import Query
from bot.query.filters.order_and_limit import LOWEST_FIRST
from bot.query.report_question import SHAPE
from bot.query.values import Compared, Keys
from bot.report.chart import Chart, chart_of
from bot.report.groups import GROUPS, LocalTime, group_of
from bot.report.measures import MEASURES
from bot.report.report_table import GroupedCalls, OverviewCalls, ReportTable

_HOURS_SECS = 26 * 3600
"""A report on no more than a day, which may have 25 hours, is drawn by the hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedReport:
    """What came of reading a report."""

    table: ReportTable
    chart: Chart | None
    overview: OverviewCalls | None
    before: Query | None
    """The calls of the time that is compared with."""
    outcome: Outcome


class ReportReading:
    """Reads a report. `seen` and `expected` say how far that is."""

    def __init__(
        self, query: Query, client: Conversations, *, now: datetime, week_start: str, refresh: bool = False
    ) -> None:
        """`now` is when the question was asked. Raises ValueError for a question that asks for no report."""
        if (report := query.report) is None:
            raise ValueError("not a question for numbers")
        self._query, self._client, self._now, self._refresh = query, client, now, refresh
        self._local = LocalTime(query.zone, WEEKDAYS.index(week_start))
        self._by = [group for key in report.by if (group := group_of(key)) is not None]
        measures = [MEASURES[key] for key in report.show]
        self._overview = next((measure for measure in measures if measure.parts), None)
        parts = [MEASURES[key] for measure in measures for key in measure.parts or (measure.key,)]
        self._show = tuple(dict.fromkeys(parts))
        self._streams: list[MatchingRows] = []
        self.calls = plain(query)
        """The calls that are counted, as a question for their list."""
        asked = query if report.compare or self._overview is None else query.with_value("compare", Compared())
        before = asked.compared(now)
        self.before = None if before is None else plain(before)

    @property
    def seen(self) -> int:
        """Rows read so far."""
        return sum(rows.seen for rows in self._streams)

    @property
    def expected(self) -> int | None:
        """Estimate of the rows to read; None while unknown."""
        known = [rows.expected for rows in self._streams]
        return None if None in known else sum(each or 0 for each in known)

    async def read(self) -> CountedReport:
        """Read and count all calls; raises what the client raises."""
        share = any(measure.key == "share" for measure in self._show)
        periods = [query for query in (self.calls, self.before) if query is not None]
        counting = [self._trend_or_groups(query) for query in periods]
        overview = OverviewCalls(self._local) if self._overview is not None else None
        async with asyncio.TaskGroup() as tasks:
            current = tasks.create_task(self._count(self.calls, counting[0], overview))
            if self.before is not None:
                tasks.create_task(self._count(self.before, counting[1]))
            if share:
                for query, counted in zip(periods, counting, strict=True):
                    tasks.create_task(self._count(without_filters(query), counted, wider=True))
        drawn = self._table(counting)
        table = drawn if self._by else self._table([each.together() for each in counting])
        return CountedReport(
            table=table,
            chart=chart_of(drawn),
            overview=overview,
            before=self.before,
            outcome=Outcome(
                total=table.total.now.calls,
                final=True,
                as_of=min(rows.as_of for rows in self._streams),
                omissions=current.result().omissions,
            ),
        )

    def _trend_or_groups(self, query: Query) -> GroupedCalls:
        """Return what counts calls: by the groups asked for, else by time, for the chart."""
        if self._by:
            return GroupedCalls(self._by, self._local)
        since, until = self._span(query)
        short = since is not None and until - since <= _HOURS_SECS
        return GroupedCalls([GROUPS["hour" if short else "day"]], self._local)

    def _table(self, counting: Sequence[GroupedCalls]) -> ReportTable:
        since, until = self._span(self.calls)
        since_before, until_before = (None, None) if self.before is None else self._span(self.before)
        return ReportTable(
            show=self._show,
            current=counting[0],
            previous=counting[1] if len(counting) > 1 else None,
            limit=self._query.limit,
            smallest_first=self._query.value("sort") == LOWEST_FIRST,
            since=since,
            until=until,
            since_before=since_before,
            until_before=until_before,
        )

    def _span(self, query: Query) -> tuple[int | None, int]:
        """Return the time of a question; days to come are no days without calls."""
        selection, now = query.selection(), int(self._now.timestamp()) + 1
        return selection.since, now if selection.until is None else min(selection.until, now)

    async def _count(
        self,
        query: Query,
        counted: GroupedCalls,
        overview: OverviewCalls | None = None,
        *,
        wider: bool = False,
    ) -> MatchingRows:
        names = any(group.key == "agent" for group in self._by)
        sums_by = None if overview else counted.sums_by  # an overview tells calls worth hearing
        async with MatchingRows(query, self._client, refresh=self._refresh, sums_by=sums_by) as rows:
            self._streams.append(rows)
            async for batch in rows:
                named = await with_agent_names(batch, self._client) if names else batch
                counted.add(named, wider=wider)
                if overview is not None:
                    overview.add(named)
            alike = [each.alike for each in rows.sums]
            named = await with_agent_names(alike, self._client) if names else alike
            sums = [replace(each, alike=row) for each, row in zip(rows.sums, named, strict=True)]
            counted.add_sums(sums, wider=wider)
        return rows


def plain(query: Query) -> Query:
    """Return the calls of a report as a question for their list."""
    report = query.report
    chosen = tuple(key for key in (report.by if report else ()) if key.partition(".")[0] in CHOSEN_BY_ID)
    calls = query.without(*SHAPE, "sort", "limit", "count", "columns")
    return calls.with_value("columns", Keys(chosen)) if chosen else calls


def without_filters(calls: Query) -> Query:
    """Return what a share is of: the time without the filters; of one agent's calls, those of the agent."""
    filters = [key for key, _value in calls.conditions if key not in NOT_FILTERS]
    return calls.without(*(key for key in filters if key != "agent" or len(filters) == 1))
