"""A question answered by numbers: rows are read and counted, the finding shown, the table filed when asked.

Numbers are not stored: after a crash rows are read again, but what was posted stays posted once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.answers.access import asked_for, audit
from bot.answers.answer import Answer
from bot.answers.error_messages import UnansweredError
from bot.answers.notices import elsewhere, say_where, wants_glance
from bot.answers.ports import Posted, ReplyError
from bot.answers.question.list_answer import Asked
from bot.answers.question.list_placement import put, shared_by
from bot.answers.question.listing import wider_questions
from bot.answers.question.outcome import Outcome, remember_outcome
from bot.answers.question.report_rows import CountedReport, ReportReading, plain
from bot.answers.saved.scheduler import why_now
from bot.answers.steps import CSV, GLANCE, LIST, REFRESH, SETTLE, Shown
from bot.blocks import actions as act
from bot.blocks.help_message import Example
from bot.blocks.report_message import ReportView, reading_message, report_message
from bot.blocks.text import capital
from bot.csv_export import filename, table_csv
from bot.model import Message
from bot.query import Query
from bot.query.filters.time import say_span
from bot.query.values import Compared, Keys, Span
from bot.report.report_csv import csv_rows

QUICK_SECS = 1.5
"""A report that takes longer says how far it is."""
PROGRESS_SECS = 1.5
_OFFERS = frozenset({act.CSV, act.SHARE, act.SAVE, act.TELL_ME, act.REFRESH, act.SHOW_API})


class ReportKind:
    """Numbers of calls: by groups, over time, beside another time."""

    def answers(self, query: Query) -> bool:
        return query.report is not None

    def heading(self, query: Query) -> str:
        return query.sentence()

    def filename(self, query: Query, asked: date) -> str:
        """Name the file after what it shows, and of which days."""
        return filename(query.without("time", "compare").sentence(), query.since, query.until, asked)

    async def answer(self, answer: Answer, asked: Asked) -> None:
        services, request = answer.services, answer.request
        drawing = await _drawing(answer, asked)
        reading = _reading(answer, refresh=asked.refresh)
        try:
            async with _in_background(reading) as working:
                await asyncio.wait([working], timeout=QUICK_SECS)
                only_if_any = request.scheduled is not None and request.scheduled.only_if_any
                if only_if_any and not (await working).table.total.now.calls:
                    return
                complete = working.done() and not answer.steps.resumed
                message = drawing.report(await working) if working.done() else drawing.progress(reading)
                shown = await answer.run(LIST, lambda answer: drawing.post(answer, message, asked.place))
                if (posted := shown.posted) is None:
                    return

                async def settle(answer: Answer) -> bool:
                    async with drawing.progress_shown(answer, reading, posted):
                        counted = await working
                    total = counted.table.total.now.calls
                    outcome = Outcome(
                        total=total, final=True, as_of=counted.as_of, omissions=counted.omissions
                    )
                    await remember_outcome(services, answer.question.question_id, outcome)
                    return complete or await drawing.put(answer, drawing.report(counted), posted)

                await answer.run(SETTLE, settle)
                if wants_glance(request) and elsewhere(request, posted):
                    counted = await working
                    await answer.run(GLANCE, lambda answer: drawing.glance(answer, counted, posted))
        except Exception as error:
            raise UnansweredError(answer.question.question_id) from error

    async def refresh(self, answer: Answer) -> None:
        """Read everything again for the message that was pressed."""
        posted = answer.posted
        if posted is None:
            return

        async def refresh(answer: Answer) -> bool:
            drawing = await _drawing(answer, Asked(place=posted))
            counted = await _reading(answer, refresh=True).read()
            return await drawing.put(answer, drawing.report(counted), posted)

        await answer.run(REFRESH, refresh)

    async def file(self, answer: Answer) -> None:
        """Write the report's table as a CSV into the thread of the message that was pressed."""
        posted = answer.posted
        if posted is None:
            return

        async def make(answer: Answer) -> Outcome:
            counted = await _reading(answer).read()
            rows = list(csv_rows(counted.table))
            day = datetime.fromtimestamp(answer.request.asked_at, answer.query.zone).date()
            filed = await answer.reply.file(
                posted,
                table_csv(rows),
                filename=self.filename(answer.query, day),
                title=capital(self.heading(answer.query))[:200],
            )
            audit(
                "export",
                answer.address,
                asked=asked_for(answer.query),
                rows=len(rows) - 1,
                channel_id=filed.channel_id,
                outcome="sent",
            )
            total = counted.table.total.now.calls
            return Outcome(total=total, final=True, as_of=counted.as_of, file_rows=len(rows) - 1)

        await answer.run(CSV, make)


def _reading(answer: Answer, *, refresh: bool = False) -> ReportReading:
    now = datetime.fromtimestamp(answer.request.moment, ZoneInfo(answer.question.tz))
    services = answer.services
    return ReportReading(
        answer.query, services.conversations, now=now, week_start=services.week_start, refresh=refresh
    )


@contextlib.asynccontextmanager
async def _in_background(reading: ReportReading) -> AsyncIterator[asyncio.Task[CountedReport]]:
    task = asyncio.create_task(reading.read())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _drawing(answer: Answer, asked: Asked) -> _Drawing:
    """Return how an answer is drawn: it says who shared it, or why it is shown when nobody asked just now."""
    request, services = answer.request, answer.services
    if request.sharing is not None:
        return _Drawing(answer, asked.notes, answer.user_id)
    if request.scheduled is None:
        return _Drawing(answer, asked.notes, await shared_by(services, asked.place))
    why = why_now(request.scheduled, services.clock(), answer.question.tz)
    # A schedule mentions nobody.
    return _Drawing(answer, (*why, *asked.notes), None if request.address.private else "")


@dataclass(frozen=True, slots=True)
class _Drawing:
    """The messages of one report."""

    answer: Answer
    notes: tuple[str, ...]
    shared_by: str | None

    def report(self, counted: CountedReport, permalink: str | None = None) -> Message:
        answer, query = self.answer, self.answer.query
        now = answer.services.clock()
        notes = [*counted.omissions.words, *self.notes]
        if counted.before is not None and isinstance(span := counted.before.value("time"), Span):
            by_the_clock = replace(span, clocked=frozenset(filter(None, (span.since, span.until))))
            notes.insert(0, f"before: the calls {say_span(by_the_clock)}")
        empty = not counted.table.total.now.calls
        today = datetime.fromtimestamp(now, ZoneInfo(answer.question.tz))
        glance = permalink is not None
        return report_message(
            ReportView(
                sentence=query.sentence(),
                table=counted.table,
                chart=counted.chart,
                overview=counted.overview,
                tz=query.zone,
                now=now,
                as_of=counted.as_of,
                question_id=answer.question.question_id,
                actions=frozenset() if glance else _OFFERS,
                asks=wider_questions(query, today)
                if empty
                else onward_questions(query, compared=counted.before is not None),
                notes=notes,
                shared_by=self.shared_by,
                shared_note=answer.question.note or "",
                permalink=permalink,
            )
        )

    def progress(self, reading: ReportReading) -> Message:
        return reading_message(self.answer.query.sentence(), reading.seen, reading.expected)

    async def post(self, answer: Answer, message: Message, place: Posted | None) -> Shown:
        """Post a report, or put it in a message that showed another; remember where it stands."""
        posted = place or await answer.reply.show(message)
        await answer.services.questions.stands(
            answer.question.question_id,
            channel_id=posted.channel_id,
            ts=posted.ts,
            thread=posted.thread,
            user_id=self.shared_by or answer.question.user_id,
            shared_by=self.shared_by,
        )
        if place is not None:
            await self.put(answer, message, posted)
        await say_where(answer, posted)
        return Shown(posted=posted, shared_by=self.shared_by)

    async def put(self, answer: Answer, message: Message, posted: Posted, *, progress: bool = False) -> bool:
        question_id = answer.question.question_id
        return await put(
            answer.services, answer.reply, posted, message, question_id=question_id, progress=progress
        )

    @contextlib.asynccontextmanager
    async def progress_shown(
        self, answer: Answer, reading: ReportReading, posted: Posted
    ) -> AsyncIterator[None]:
        """Say now and then how far the reading is."""

        async def show() -> None:
            while True:
                await asyncio.sleep(PROGRESS_SECS)
                with contextlib.suppress(ReplyError):  # that Slack does not want it now is no reason to stop
                    await self.put(answer, self.progress(reading), posted, progress=True)

        task = asyncio.create_task(show())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def glance(self, answer: Answer, counted: CountedReport, posted: Posted) -> bool:
        """Show the report on the spot, to the asker only."""
        link = await answer.reply.link(posted)
        return await answer.reply.glance(self.report(counted, permalink=link or ""))


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
