"""Answering a question: understood, first list after one API request, glance, file, final count.

Each part is a checkpoint. After a crash the answer goes on from the last one: rows are read again (they are
never stored), but what was posted stays posted once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.answer import Answer
from bot.answers.call.call_search import Finding
from bot.answers.call.open_by_id import Opening
from bot.answers.error_messages import CancelledByAskerError, moved, reference, words_for
from bot.answers.notices import elsewhere, say_moved, wants_glance
from bot.answers.ports import Asker, Posted, Reply, ReplyError
from bot.answers.question.csv_file import CsvFiles, CsvOrder, count_reached, with_progress
from bot.answers.question.csv_rows import CsvProgress
from bot.answers.question.first_page import newest_again, newest_or_remembered
from bot.answers.question.list_placement import redraw, show_list
from bot.answers.question.listing import Listing, as_asked, can_be_shared, query_of
from bot.answers.question.outcome import Failed, Outcome
from bot.answers.question.understanding import Understanding
from bot.answers.request import Request
from bot.answers.saved.scheduler import why_now
from bot.answers.services import Services
from bot.answers.steps import CSV, EMPTY, GLANCE, LIST, NO_CSV, SETTLE, UNDERSTAND, Shown, Understood
from bot.blocks import actions as act
from bot.blocks.file_progress import Cancelled, CountState
from bot.blocks.list_message import glance_message
from bot.blocks.text import escape
from bot.model import FAILED, CallIds, IdState, Message
from bot.query import parse

log = structlog.get_logger(__name__)

GLANCE_SECS = 2.0
"""How long a glance waits for its call ids: it cannot be edited later."""


class Asking:
    """Answers questions."""

    def __init__(
        self, services: Services, files: CsvFiles, opening: Opening, understanding: Understanding
    ) -> None:
        self._services = services
        self._files = files
        self._opening = opening
        self._understanding = understanding

    async def ask(self, answer: Answer, text: str, *, follows: str | None = None) -> bool:
        """Answer the question in `text`, from understanding it to the file; returns whether it was one.

        `follows` is the id of a question that the text is known to go on from.
        """
        understood = await answer.run(
            UNDERSTAND, lambda answer: self._understanding.understand(answer, text, follows=follows)
        )
        if understood.task is not None:
            await self._opening.open(answer, understood.task)
            return True
        if understood.question_id is None:
            return False
        await self.answer(answer, understood.question_id, notes=understood.notes)
        return True

    async def restore(self, request: Request, sentence: str, asker: Asker) -> str | None:
        """Store the question that a sentence of ours restates; see Understanding.restore."""
        return await self._understanding.restore(request, sentence, asker)

    async def answer(
        self,
        answer: Answer,
        question_id: str,
        *,
        refresh: bool = False,
        notes: tuple[str, ...] = (),
        place: Posted | None = None,
    ) -> None:
        """Answer a stored question with a list message and a file; in `place`, if given, not in a new one."""
        request = answer.request
        question = await self._services.questions.get(question_id)
        if question is None:
            return  # forgotten between two checkpoints: older than RETENTION_DAYS
        query = query_of(question, week_start=self._services.week_start)
        # What an earlier process showed comes before what can be read now: that may be otherwise, or nothing.
        before = await answer.recorded(LIST)
        if before is None and await answer.recorded(EMPTY) is not None:
            return  # there was nothing to list, and that was said
        if before is not None:
            listing = await newest_again(self._services, question, query)
        else:
            listing = await newest_or_remembered(self._services, question, query, refresh=refresh)
        listing = self._introduced(replace(listing, notes=(*notes, *listing.notes)), request)

        async def show(answer: Answer) -> Shown:
            shown = await show_list(answer, listing, place)
            await say_moved(answer, shown.posted)
            return shown

        if before is None and listing.empty and wants_glance(request):
            message = listing.message(self._services.clock())
            await answer.once(EMPTY, lambda answer: answer.reply.fail(message))
            return
        shown = await answer.run(LIST, show)
        posted = shown.posted
        if posted is None or not shown.rows:
            return
        if wants_glance(request):
            await answer.run(GLANCE, lambda answer: self._glance(answer, listing, posted))
        if listing.remembered:
            return
        await self.file(answer, replace(listing, shared_by=shown.shared_by), posted, refresh=refresh)

    def _introduced(self, listing: Listing, request: Request) -> Listing:
        """Say why it is shown, when nobody asked just now."""
        if request.scheduled is None:
            return listing
        question = listing.question
        why = why_now(request.scheduled, self._services.clock(), question.tz)
        shared_by = None if request.address.private else question.user_id
        return replace(listing, notes=(*why, *listing.notes), shared_by=shared_by)

    async def instead(self, answer: Answer, *, before: str) -> None:
        """Answer the question chosen in Filters, in the message they were opened on; else with a new one.

        The message belongs to the new question from the moment its list is there, with all its buttons. The
        file follows into the thread as for any question. One still in the making for the question before
        comes too, unless the same person asked for it: who changes filters again has no use for it, so it is
        cancelled.
        """
        request, asker = answer.request, answer.asker
        place = None if asker.audience is not None else answer.posted  # data may no longer be shown there
        old = await self._services.questions.get(before)

        async def remember(_answer: Answer) -> Understood:
            now = datetime.fromtimestamp(request.asked_at, ZoneInfo(asker.tz))
            query = parse(request.text, now=now, week_start=self._services.week_start).query
            channel_id = None if old is None else old.channel_id
            return Understood(
                question_id=await self._understanding.remember(
                    request, query, asker.tz, channel_id=channel_id
                )
            )

        understood = await answer.run(UNDERSTAND, remember)
        await self.answer(answer, understood.question_id or "", place=place)

    async def _glance(self, answer: Answer, listing: Listing, posted: Posted) -> bool:
        """Show the asker the newest rows on the spot, complete with ids found in time."""
        if not elsewhere(answer.request, posted):
            return False  # the list is right there
        finding = 0.0 if listing.remembered else GLANCE_SECS
        ids, link = await asyncio.gather(
            self._services.ids.find_within(listing.rows, finding), answer.reply.link(posted)
        )
        return await answer.reply.glance(self.glance(listing, ids, link))

    def glance(self, listing: Listing, ids: Mapping[str, CallIds], link: str | None) -> Message:
        """Draw what a command shows on the spot; it offers what works on it."""
        if listing.empty:
            return listing.message(self._services.clock())
        offers = {act.OPEN_CALL, act.REFRESH, act.FILTERS}
        if can_be_shared(listing.question):
            offers.add(act.SHARE)
        view = replace(
            listing.view(self._services.clock()),
            ids=ids,
            actions=frozenset(offers),
            notes=(*listing.omissions.words, *(listing.notes if listing.remembered else ())),
        )
        return glance_message(view, permalink=link, file_follows=not listing.remembered)

    async def file(
        self,
        answer: Answer,
        listing: Listing,
        posted: Posted,
        *,
        whole: bool = False,
        refresh: bool = False,
    ) -> None:
        """Make and send the file, then settle the message; what keeps it from coming is said there.

        `whole` takes no notice of EXPORT_ROWS, `refresh` none of what is remembered.
        """
        working = replace(listing, notes=(*listing.notes, *moved(posted)))
        progress = CsvProgress()

        async def make(answer: Answer) -> Outcome:
            return await self._files.make(CsvOrder(working, posted, answer, whole, refresh), progress)

        try:
            outcome = await answer.run(CSV, make)
        except CancelledByAskerError:
            failed = None
        except Exception as error:  # noqa: BLE001 - every error becomes words
            words = words_for(error)
            failed = Failed(
                words=f"No CSV: {words.headline} {words.beside_retry if words.retry else words.next_step}",
                reference=reference(answer.request.answer_id),
                retry=words.retry,
                midway=progress.begun
                and count_reached(progress, working.count).state is not CountState.FINAL,
            )
        else:
            await answer.run(
                SETTLE,
                lambda answer: self._settle(working, posted, answer.reply, outcome, progress),
            )
            return
        await answer.run(NO_CSV, lambda answer: self._stop(working, posted, answer.reply, progress, failed))

    async def _stop(
        self, listing: Listing, posted: Posted, reply: Reply, progress: CsvProgress, failed: Failed | None
    ) -> bool:
        """Show what was found until the file failed, or was cancelled; nothing on it stays "to come"."""
        count = count_reached(progress, listing.count)
        outcome = Outcome(
            total=count.number,
            final=count.state is CountState.FINAL,
            as_of=listing.as_of,
            failed=failed,
            omissions=listing.omissions,
        )
        outcome = as_asked(outcome, listing.question, posted)
        await self.remember_outcome(listing.question.question_id, outcome)
        listing = with_progress(listing, progress)
        missing = [row for row in listing.rows if not _told(listing.ids.get(row.conversation_id))]
        late = await self._services.ids.find_within(missing, GLANCE_SECS)
        late = {key: ids if _told(ids) else FAILED for key, ids in late.items()}
        listing = replace(listing, ids={**listing.ids, **late}).settled(outcome)
        if failed is None:
            listing = replace(listing, file=Cancelled())
        shown = await self._show_end(listing, posted, reply)
        if failed is not None and not shown:  # the message shows another question, or cannot be changed
            with contextlib.suppress(ReplyError):
                await reply.fail(Message(text=escape(failed.words)))
        return shown

    async def _settle(
        self, listing: Listing, posted: Posted, reply: Reply, outcome: Outcome, progress: CsvProgress
    ) -> bool:
        """Show the final count, the ids and what is offered now.

        When the file was sent before a crash, `progress` knows nothing: first rows and ids are read again.
        """
        outcome = as_asked(outcome, listing.question, posted)
        await self.remember_outcome(listing.question.question_id, outcome)
        if progress.newest:
            listing = replace(listing, rows=tuple(progress.newest), ids=progress.newest_ids)
        else:
            ids = await self._services.ids.find_within(listing.rows, GLANCE_SECS)
            listing = replace(listing, ids=ids)
        return await self._show_end(listing.settled(outcome), posted, reply)

    async def _show_end(self, listing: Listing, posted: Posted, reply: Reply) -> bool:
        """Show how it ended. A file that is sent stays sent when Slack does not take the words for it."""
        try:
            return await redraw(self._services, reply, posted, listing)
        except ReplyError as refused:
            log.warning("end not shown", code=refused.code)
            return False

    async def remember_outcome(self, question_id: str, outcome: Outcome) -> None:
        """Keep what came of a question, for the next click."""
        await self._services.questions.set_outcome(question_id, msgspec.json.encode(outcome).decode())


def _told(ids: CallIds | None) -> bool:
    return ids is not None and ids.state in (IdState.FOUND, IdState.NOT_PHONE)


def asking(services: Services) -> Asking:
    """Put together what answers questions."""
    return Asking(services, CsvFiles(services), Opening(services, Finding(services)), Understanding(services))
