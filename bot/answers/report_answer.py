"""A question answered by numbers: rows are read once and counted, beside those of the time before and of all.

The finding is shown, the table filed when asked. Numbers are not stored: after a crash rows are read again,
but what was posted stays posted once.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from bot.answers.access import asked_for, audit
from bot.answers.answer import CSV, GLANCE, LIST, REFRESH, SETTLE, Answer, Asked, meanwhile, unless
from bot.answers.error_messages import UnansweredError
from bot.answers.list_answer import points_to_file
from bot.answers.listing import PROGRESS_SECS, wider_questions
from bot.answers.matching_rows import MatchingRows, with_agent_names, without_filters
from bot.answers.placement import (
    introduction,
    moved,
    redraw,
    redraw_to_stay,
    shared_by,
    show_answer,
    wants_glance,
)
from bot.answers.ports import Posted, ReplyError, Upload
from bot.blocks import actions as act
from bot.blocks.list_message import Outcome
from bot.blocks.notice_messages import Example
from bot.blocks.report_message import ReportView
from bot.blocks.text import capital
from bot.csv_export import filename, table_csv
from bot.elevenlabs.client import Conversations
from bot.model import CHOSEN_BY_ID, WEEKDAYS
from bot.query import Query
from bot.query.filters.order_limit_columns import LOWEST_FIRST
from bot.query.filters.time import say_span
from bot.query.values import SHAPE, Compared, Keys, Span
from bot.report.chart import Chart, chart_of
from bot.report.groups import GROUPS, Group, LocalTime, group_of
from bot.report.measures import MEASURES
from bot.report.report_table import GroupedCalls, OverviewCalls, ReportTable, csv_rows

QUICK_SECS = 1.5
"""A report that takes longer says how far it is."""
_OFFERS = frozenset({act.CSV, act.SHARE, act.SAVE, act.TELL_ME, act.REFRESH, act.SHOW_API})
_HOURS_SECS = 26 * 3600
"""A report on no more than a day, which may have 25 hours, is drawn by the hour."""


class ReportKind:
    """Numbers of calls: by groups, over time, beside another time."""

    def heading(self, query: Query) -> str:
        return query.sentence()

    def filename(self, query: Query, asked: date) -> str:
        """Name the file after what it shows, and of which days."""
        return filename(query.without("time", "compare").sentence(), query.since, query.until, asked)

    async def answer(self, answer: Answer, asked: Asked) -> None:
        services, request = answer.services, answer.request
        why, sharer = introduction(answer)
        reading, view = _begin(answer, refresh=asked.refresh)
        view = replace(view, notes=(*why, *asked.notes), shared_by=sharer)
        only_if_any = request.scheduled is not None and request.scheduled.only_if_any
        try:
            async with meanwhile(reading.read()) as (working,):
                await asyncio.wait([working], timeout=QUICK_SECS)
                if only_if_any and not (await working).outcome.total:
                    return
                # A process that died may have left "Counting" there, whatever this one has already counted.
                complete = working.done() and not answer.steps.resumed
                first = _counted(answer, view, await working) if working.done() else view
                shown = await answer.run(LIST, show_answer, first, asked.place)
                if (posted := shown.posted) is None:
                    return
                view = replace(view, notes=(*view.notes, *moved(posted)))

                async def settle(answer: Answer) -> bool:
                    counted = (
                        working.result() if complete else await _count(answer, working, reading, view, posted)
                    )
                    if counted is None:
                        await redraw_to_stay(answer, posted, _so_far(view, reading, act.RETRY))
                        return False
                    await services.questions.set_outcome(view.question_id, counted.outcome)
                    final = replace(_counted(answer, view, counted), shared_by=shown.shared_by)
                    return complete or await redraw_to_stay(answer, posted, final) is not None

                if not await answer.run(SETTLE, settle):
                    return
                if wants_glance(request) and posted.channel_id != request.address.channel_id:
                    glance = replace(_counted(answer, view, await working), actions=frozenset())
                    await answer.run(GLANCE, _glance, glance, posted)
                if asked.file:
                    await answer.run(CSV, self._file, posted)
        except Exception as error:
            raise UnansweredError(answer.question.question_id) from error

    async def refresh(self, answer: Answer) -> None:
        """Read everything again for the message that was pressed."""
        posted, services = answer.posted, answer.services
        if posted is None:
            return

        async def refresh(answer: Answer) -> bool:
            reading, view = _begin(answer, refresh=True)
            view, counted = replace(view, shared_by=await shared_by(services, posted)), await reading.read()
            await services.questions.set_outcome(view.question_id, counted.outcome)
            return await redraw(services, answer.reply, posted, _counted(answer, view, counted))

        await answer.run(REFRESH, refresh)

    async def file(self, answer: Answer) -> None:
        """Write the report's table as a CSV into the thread of the message; or point to the one there is."""
        posted = answer.posted
        if posted is not None and not await points_to_file(answer, posted):
            await answer.run(CSV, self._file, posted)

    async def _file(self, answer: Answer, posted: Posted) -> Outcome:
        query, counted = answer.query, await _begin(answer)[0].read()
        rows = list(csv_rows(counted.table))
        day = datetime.fromtimestamp(answer.request.asked_at, query.zone).date()
        content, title = io.BytesIO(table_csv(rows)), capital(self.heading(query))[:200]
        file = Upload(content=content, filename=self.filename(query, day), title=title)
        filed = await answer.reply.file(posted, file)
        written = len(rows) - 1
        audit("export", answer.address, asked=asked_for(query), rows=written, channel_id=filed.channel_id)
        outcome = msgspec.structs.replace(
            counted.outcome, file_rows=written, file_url=filed.url, filed_as_of=counted.outcome.as_of
        )
        await answer.services.questions.set_outcome(answer.question.question_id, outcome)
        return outcome


def _begin(answer: Answer, *, refresh: bool = False) -> tuple[ReportReading, ReportView]:
    """Return what reads a report, and what is shown of it while that has not ended."""
    services, question, query = answer.services, answer.question, answer.query
    zone = ZoneInfo(question.tz)
    now = datetime.fromtimestamp(answer.request.moment, zone)
    reading = ReportReading(
        query, services.conversations, now=now, week_start=services.week_start, refresh=refresh
    )
    return reading, ReportView(
        question_id=question.question_id,
        tz=zone,
        sentence=query.sentence(),
        counted=query.counted(),
        shared_note=question.note or "",
    )


def _counted(answer: Answer, view: ReportView, counted: CountedReport) -> ReportView:
    """Return what is shown once everything is counted."""
    query, outcome, notes = answer.query, counted.outcome, [*counted.outcome.omissions.words, *view.notes]
    if counted.before is not None and isinstance(span := counted.before.value("time"), Span):
        by_the_clock = replace(span, clocked=frozenset(filter(None, (span.since, span.until))))
        notes.insert(0, f"before: the calls {say_span(by_the_clock)}")
    if outcome.total:
        asks = onward_questions(query, compared=counted.before is not None)
    else:
        asks = wider_questions(query, datetime.fromtimestamp(outcome.as_of, view.tz))
    return replace(
        view,
        table=counted.table,
        chart=counted.chart,
        overview=counted.overview,
        as_of=outcome.as_of,
        actions=_OFFERS,
        asks=asks,
        notes=notes,
    )


async def _count(
    answer: Answer,
    working: asyncio.Task[CountedReport],
    reading: ReportReading,
    view: ReportView,
    posted: Posted,
) -> CountedReport | None:
    """Wait until all is counted, saying now and then how far that is; None once it is cancelled."""

    async def counted() -> CountedReport:
        return await working

    async def keep_showing() -> None:
        while True:
            await asyncio.sleep(PROGRESS_SECS)
            with contextlib.suppress(ReplyError):  # that Slack does not want it now is no reason to stop
                shown = _so_far(view, reading, act.CANCEL)
                await redraw(answer.services, answer.reply, posted, shown, progress=True)

    async with (
        answer.services.exports.place(
            answer.steps.answer_id,
            question_id=view.question_id,
            user_id=answer.address.user_id,
            search=True,
        ) as place,
        meanwhile(keep_showing()),
    ):
        return await unless(counted(), place.cancelled.wait())


def _so_far(view: ReportView, reading: ReportReading, offered: str) -> ReportView:
    return replace(view, seen=reading.seen, expected=reading.expected, actions=frozenset({offered}))


async def _glance(answer: Answer, view: ReportView, posted: Posted) -> bool:
    """Show the report on the spot, to the asker only."""
    view = replace(view, permalink=await answer.reply.link(posted) or "")
    return await answer.reply.glance(view.message(answer.services.clock()))


def onward_questions(query: Query, *, compared: bool) -> list[Example]:
    """Return the questions that go on from a report: its calls, a comparison, other groups."""
    report = query.report
    if report is None:
        return []
    found = [Example("Show calls", asks=plain(query).without("columns").canonical() or "all calls")]
    if not compared and query.since is not None:
        found.append(Example("Compare with before", asks=query.with_value("compare", Compared()).canonical()))
    for key in ("agent", "day"):
        if key not in report.by:
            grouped = query.without("limit", "sort").with_value("by", Keys((key,)))
            found.append(Example(f"By {key}", asks=grouped.canonical()))
    return found


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
        return sum(rows.progress[0] for rows in self._streams)

    @property
    def expected(self) -> int | None:
        """Estimate of the rows to read; None while unknown."""
        known = [rows.progress[1] for rows in self._streams]
        return None if None in known else sum(each or 0 for each in known)

    async def read(self) -> CountedReport:
        """Read and count all calls; raises what the client raises."""
        share = any(measure.key == "share" for measure in self._show)
        periods = [query for query in (self.calls, self.before) if query is not None]
        groups = self._groups([self._span(query) for query in periods])
        counting = [GroupedCalls(groups, self._local) for _query in periods]
        overview = OverviewCalls(self._local) if self._overview is not None else None
        async with asyncio.TaskGroup() as tasks:
            current = tasks.create_task(self._count(self.calls, counting[0], overview))
            if self.before is not None:
                tasks.create_task(self._count(self.before, counting[1]))
            if share:
                for query, counted in zip(periods, counting, strict=True):
                    tasks.create_task(self._count(without_filters(query), counted, wider=True))
        drawn, read = self._table(counting), current.result().outcome
        table = drawn if self._by else self._table([each.together() for each in counting])
        return CountedReport(
            table=table,
            chart=chart_of(drawn),
            overview=overview,
            before=self.before,
            outcome=Outcome(
                total=table.total.now.calls,
                final=True,
                as_of=min(rows.outcome.as_of for rows in self._streams),
                omissions=read.omissions,
            ),
        )

    def _groups(self, spans: Sequence[tuple[int | None, int]]) -> Sequence[Group]:
        """Return what all calls are counted by: the groups asked for, else time, for the chart."""
        short = all(since is not None and until - since <= _HOURS_SECS for since, until in spans)
        return self._by or [GROUPS["hour" if short else "day"]]

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
        by, more = counted.sums_by, overview.summaries if overview is not None else ()
        summaries = () if by is None else (by, *more)
        async with MatchingRows(query, self._client, refresh=self._refresh, summaries=summaries) as rows:
            self._streams.append(rows)
            async for batch in rows:
                named = await with_agent_names(batch, self._client) if names else batch
                counted.add(named, wider=wider)
                if overview is not None:
                    overview.add(named)
            sums = rows.sums.get(by, ()) if by is not None else ()
            alike = [each.alike for each in sums]
            named = await with_agent_names(alike, self._client) if names else alike
            sums = [replace(each, alike=row) for each, row in zip(sums, named, strict=True)]
            counted.add_sums(sums, wider=wider)
            if overview is not None:
                overview.add_sums(rows.sums)
        return rows


def plain(query: Query) -> Query:
    """Return the calls of a report as a question for their list."""
    report = query.report
    chosen = tuple(key for key in (report.by if report else ()) if key.partition(".")[0] in CHOSEN_BY_ID)
    calls = query.without(*SHAPE, "sort", "limit", "count", "columns")
    return calls.with_value("columns", Keys(chosen)) if chosen else calls
