"""A question answered by numbers: rows are read and counted, the finding shown, the table filed when asked.

Numbers are not stored: after a crash rows are read again, but what was posted stays posted once.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from bot.answers.access import asked_for, audit
from bot.answers.answer import Answer, meanwhile
from bot.answers.error_messages import UnansweredError
from bot.answers.ports import Posted, ReplyError, Upload
from bot.answers.question.list_answer import points_to_file
from bot.answers.question.listing import Asked, introduction, wider_questions
from bot.answers.question.placement import elsewhere, redraw, shared_by, show_answer, wants_glance
from bot.answers.question.report_rows import CountedReport, ReportReading, plain
from bot.answers.steps import CSV, GLANCE, LIST, REFRESH, SETTLE
from bot.blocks import actions as act
from bot.blocks.list_message import Outcome
from bot.blocks.notice_messages import Example
from bot.blocks.report_message import ReportView
from bot.blocks.text import capital
from bot.csv_export import filename, table_csv
from bot.query import Query
from bot.query.filters.time import say_span
from bot.query.values import Compared, Keys, Span
from bot.report.report_table import csv_rows

QUICK_SECS = 1.5
"""A report that takes longer says how far it is."""
PROGRESS_SECS = 1.5
_OFFERS = frozenset({act.CSV, act.SHARE, act.SAVE, act.TELL_ME, act.REFRESH, act.SHOW_API})


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
                shown = await answer.run(LIST, lambda answer: show_answer(answer, first, asked.place))
                if (posted := shown.posted) is None:
                    return

                async def settle(answer: Answer) -> bool:
                    async with meanwhile(_keep_showing(answer, reading, view, posted)):
                        counted = await working
                    await services.questions.set_outcome(view.question_id, counted.outcome)
                    final = replace(_counted(answer, view, counted), shared_by=shown.shared_by)
                    return complete or await redraw(services, answer.reply, posted, final)

                await answer.run(SETTLE, settle)
                if wants_glance(request) and elsewhere(request, posted):
                    glance = replace(_counted(answer, view, await working), actions=frozenset())
                    await answer.run(GLANCE, lambda answer: _glance(answer, glance, posted))
                if asked.file:
                    await answer.run(CSV, lambda answer: self._file(answer, posted))
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
            await answer.run(CSV, lambda answer: self._file(answer, posted))

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


async def _keep_showing(answer: Answer, reading: ReportReading, view: ReportView, posted: Posted) -> None:
    """Say now and then how far the reading is."""
    while True:
        await asyncio.sleep(PROGRESS_SECS)
        view = replace(view, seen=reading.seen, expected=reading.expected)
        with contextlib.suppress(ReplyError):  # that Slack does not want it now is no reason to stop
            await redraw(answer.services, answer.reply, posted, view, progress=True)


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
