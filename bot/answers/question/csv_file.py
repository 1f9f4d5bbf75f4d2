"""The CSV of a question: written, its progress shown while it grows, then sent."""

from __future__ import annotations

import asyncio
import contextlib
import math
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.access import AuditOutcome, asked_for, audit
from bot.answers.answer import Answer, unless
from bot.answers.error_messages import CancelledByAskerError, moved, reference, words_for
from bot.answers.ports import Posted, ReplyError
from bot.answers.question.count_beside import count_beside
from bot.answers.question.csv_rows import CsvProgress, write_rows
from bot.answers.question.list_placement import redraw
from bot.answers.question.listing import AT_ONCE, WHILE_WORKING, Listing, heading, list_filename
from bot.answers.question.outcome import Failed, Outcome, remember_outcome
from bot.answers.steps import CSV, NO_CSV, SETTLE
from bot.blocks import actions as act
from bot.blocks.file_progress import (
    NOTHING_BESIDE,
    Beside,
    Cancelled,
    Count,
    CountState,
    FileState,
    FindingIds,
    Preparing,
    Uploading,
    Waiting,
)
from bot.blocks.text import capital, escape
from bot.csv_export import COLUMNS, CsvWriter
from bot.model import FAILED, NOT_ASKED, CallIds, IdState, Message
from bot.store.exports import Place

log = structlog.get_logger(__name__)

PROGRESS_SECS = 1.5
"""How often a file has news for its message, which shows them when it has a turn."""
SETTLE_SECS = 2.0
"""How long a message that is settled waits for ids that are missing."""
IDS_SECS = 30.0
"""How long the ids on screen may be looked up on their own; the file's rows bring them anyway."""
WAITING_SECS = 1.5
"""A file that has waited so long for its turn says so."""
BESIDE_SECS = 10.0
"""How long a settled message still waits for the number that its count is a part of."""
LONG_SECS = 5.0
"""After this, sending without call ids is offered."""


async def finish_list(
    answer: Answer,
    listing: Listing,
    posted: Posted,
    *,
    filed: bool = True,
    whole: bool = False,
    refresh: bool = False,
) -> None:
    """Read all rows, send them as a file if `filed`, then settle the message; what goes wrong is said there.

    `whole` takes no notice of EXPORT_ROWS, `refresh` none of what is remembered.
    """
    listing = replace(listing, notes=(*listing.notes, *moved(posted)))
    progress = CsvProgress()

    async def make(answer: Answer) -> Outcome:
        file = _CsvFile(answer, listing, posted, progress, filed=filed, whole=whole, refresh=refresh)
        return await (file.make() if filed else file.count())

    async with _counting_beside(answer, listing, progress, refresh=refresh) as beside:
        try:
            outcome = await answer.run(CSV, make)
        except CancelledByAskerError:
            failed = None
        except Exception as error:  # noqa: BLE001 - every error becomes words
            words = words_for(error)
            failed = Failed(
                words=f"{'No CSV: ' if filed else ''}{words.headline} "
                f"{words.beside_retry if words.retry else words.next_step}",
                reference=reference(answer.request.answer_id),
                retry=words.retry,
                midway=progress.begun
                and _count_reached(progress, listing.count).state is not CountState.FINAL,
            )
        else:
            await answer.run(SETTLE, lambda answer: _settle(answer, listing, posted, outcome, progress))
            if outcome.beside == NOTHING_BESIDE and progress.begun:  # it may have come while that was shown
                await asyncio.wait([beside], timeout=BESIDE_SECS)
                if progress.beside != NOTHING_BESIDE:
                    outcome = msgspec.structs.replace(outcome, beside=progress.beside)
                    await _settle(answer, listing, posted, outcome, progress)
            return
    await answer.run(NO_CSV, lambda answer: _stop(answer, listing, posted, failed, progress))


@contextlib.asynccontextmanager
async def _counting_beside(
    answer: Answer, listing: Listing, progress: CsvProgress, *, refresh: bool
) -> AsyncIterator[asyncio.Task[Beside]]:
    """Count what the number is looked at beside meanwhile; nothing waits for it."""
    client, now = answer.services.conversations, answer.request.moment
    counting = asyncio.create_task(count_beside(listing.query, client, now=now, refresh=refresh))

    def keep(done: asyncio.Task[Beside]) -> None:
        progress.beside = NOTHING_BESIDE if done.cancelled() or done.exception() else done.result()

    counting.add_done_callback(keep)
    try:
        yield counting
    finally:
        counting.cancel()
        await asyncio.gather(counting, return_exceptions=True)


async def _settle(
    answer: Answer, listing: Listing, posted: Posted, outcome: Outcome, progress: CsvProgress
) -> bool:
    """Show the final count, the ids and what is offered now.

    When the file was sent before a crash, `progress` knows nothing: first rows and ids are read again.
    """
    outcome = msgspec.structs.replace(outcome, earlier=listing.earlier)
    await remember_outcome(answer.services, listing.question.question_id, outcome)
    if progress.newest:
        listing = replace(listing, rows=tuple(progress.newest), ids=progress.newest_ids)
    else:
        ids = await answer.services.ids.find_within(listing.rows, SETTLE_SECS)
        listing = replace(listing, ids=ids)
    return await _show_end(answer, listing.settled(outcome), posted)


async def _stop(
    answer: Answer, listing: Listing, posted: Posted, failed: Failed | None, progress: CsvProgress
) -> bool:
    """Show what was found until the file failed, or was cancelled; nothing on it stays "to come"."""
    count = _count_reached(progress, listing.count)
    outcome = Outcome(
        total=count.number,
        final=count.state is CountState.FINAL,
        as_of=listing.as_of,
        failed=failed,
        omissions=listing.omissions,
        earlier=listing.earlier,
    )
    await remember_outcome(answer.services, listing.question.question_id, outcome)
    listing = _with_progress(listing, progress)
    missing = [row for row in listing.rows if not _is_final(listing.ids.get(row.conversation_id))]
    late = await answer.services.ids.find_within(missing, SETTLE_SECS)
    late = {key: ids if _is_final(ids) else FAILED for key, ids in late.items()}
    listing = replace(listing, ids={**listing.ids, **late}).settled(outcome)
    if failed is None:
        listing = replace(listing, file=Cancelled())
    shown = await _show_end(answer, listing, posted)
    if failed is not None and not shown:  # the message shows another question, or cannot be changed
        with contextlib.suppress(ReplyError):
            await answer.reply.fail(Message(text=escape(failed.words)))
    return shown


async def _show_end(answer: Answer, listing: Listing, posted: Posted) -> bool:
    """Show how it ended. A file that is sent stays sent when Slack does not take the words for it."""
    try:
        return await redraw(answer.services, answer.reply, posted, listing)
    except ReplyError as refused:
        log.warning("end not shown", code=refused.code)
        return False


def _is_final(ids: CallIds | None) -> bool:
    return ids is not None and ids.state in (IdState.FOUND, IdState.NOT_PHONE)


@dataclass(frozen=True, slots=True)
class _CsvFile:
    """A file to be made of a question, for an answer, into the thread of a message."""

    answer: Answer
    listing: Listing
    posted: Posted
    progress: CsvProgress
    """Kept up to date on the way."""
    filed: bool
    """Whether there is to be one; else rows are read for their number."""
    whole: bool
    """Whether it takes no notice of EXPORT_ROWS."""
    refresh: bool
    """Whether all rows are read anew, as those on screen were."""

    async def make(self) -> Outcome:
        """Gather every row, show progress in the posted message, and upload the CSV into its thread.

        Raises CancelledByAskerError, ReplyError and what the client raises.
        """
        async with self.answer.services.exports.place(
            self.answer.steps.answer_id,
            question_id=self.listing.question.question_id,
            user_id=self.answer.user_id,
        ) as place:
            try:
                outcome = await unless(self._make_in_turn(place), place.cancelled.wait())
            except Exception:
                self._audit("failed", self.posted.channel_id)
                raise
            if outcome is None:
                self._audit("cancelled", self.posted.channel_id)
                raise CancelledByAskerError
            return outcome

    async def count(self) -> Outcome:
        """Read every row, show progress in the posted message, and find the ids on screen."""
        async with self._showing():
            await self._read(None)
            found = await self.answer.services.ids.find_within(self.progress.newest, IDS_SECS)
            self.progress.newest_ids |= {key: each for key, each in found.items() if each != NOT_ASKED}
        return _outcome(self.progress)

    async def _read(self, writer: CsvWriter | None) -> None:
        services, query = self.answer.services, self.listing.query
        await write_rows(
            query,
            services.conversations,
            services.ids,
            writer,
            row_limit=None if self.whole or query.limit_all else services.export_rows,
            progress=self.progress,
            refresh=self.refresh,
            count_all=query.counting,
        )

    async def _make_in_turn(self, place: Place) -> Outcome:
        """Wait for the turn, saying behind how many, then make the file."""
        shown, wait_secs = 0, WAITING_SECS
        while not place.begun.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(place.begun.wait(), wait_secs)
                break
            behind = self.answer.services.exports.behind(place)
            wait_secs = WAITING_SECS * math.sqrt(max(1, behind))  # who waits long is told less often
            if behind and behind != shown:
                offers = frozenset({act.CANCEL, act.FILTERS})
                waiting = replace(self.listing, file=Waiting(behind), offers=offers)
                shown = behind if await self._show(waiting) else shown
        self.progress.without_ids = place.without_ids
        return await self._make()

    async def _make(self) -> Outcome:
        listing, progress, query = self.listing, self.progress, self.listing.query
        tz = ZoneInfo(listing.question.tz)
        with tempfile.TemporaryFile() as out:  # without a name: gone with the process, however that ends
            writer = CsvWriter(out, tz, (*COLUMNS, *query.columns))
            async with self._showing():
                await self._read(writer)
            if not writer.rows:
                return _outcome(progress)
            count = _count_reached(progress, listing.count)
            uploading = replace(_with_progress(listing, progress), file=Uploading(writer.rows), count=count)
            await self._show(uploading)
            # The day of the request, not of our clock: made again after a crash the file has the same name,
            # by which one that was sent already is recognised, also past midnight.
            day = datetime.fromtimestamp(self.answer.request.asked_at, tz).date()
            filed = await self.answer.reply.file(
                self.posted,
                out,
                filename=list_filename(query, day),
                title=capital(heading(query))[:200] or "Conversations",
            )
        self._audit("sent", filed.channel_id, rows=writer.rows)
        elsewhere = None if filed.channel_id == self.posted.channel_id else "in your direct messages"
        return _outcome(
            progress,
            file_rows=writer.rows,
            file_url=filed.url,
            without_ids=progress.without_ids.is_set(),
            elsewhere=elsewhere,
        )

    async def _show(self, listing: Listing) -> bool:
        """Show progress; that Slack does not want it just now is no reason to stop the work."""
        answer = self.answer
        try:
            return await redraw(answer.services, answer.reply, self.posted, listing, progress=True)
        except ReplyError as refused:
            log.info("progress not shown", code=refused.code)
            return False

    @contextlib.asynccontextmanager
    async def _showing(self) -> AsyncIterator[None]:
        """Update the message now and then while the file grows; at once when the ids it shows are there."""
        listing, progress, news = self.listing, self.progress, asyncio.Event()

        async def fill() -> None:
            ids = await self.answer.services.ids.find_within(listing.rows, IDS_SECS)
            if any(ids[key] != listing.ids.get(key, NOT_ASKED) for key in ids):
                found = {key: each for key, each in ids.items() if each != NOT_ASKED}
                progress.newest_ids = found | progress.newest_ids
                news.set()

        async def show() -> None:
            began = asyncio.get_running_loop().time()
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(PROGRESS_SECS):
                        await news.wait()
                news.clear()
                long = asyncio.get_running_loop().time() - began > LONG_SECS
                offers = WHILE_WORKING - {act.WITHOUT_IDS}
                if long and progress.looking_up:
                    offers |= {act.WITHOUT_IDS}
                shown = replace(
                    listing,
                    ids={**listing.ids, **progress.newest_ids},
                    file=_state(progress) if self.filed else None,
                    count=_so_far(listing, progress),
                    offers=offers if self.filed else AT_ONCE,
                )
                await self._show(shown)

        tasks = (asyncio.create_task(fill()), asyncio.create_task(show()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _audit(self, outcome: AuditOutcome, channel_id: str, *, rows: int = 0) -> None:
        audit(
            "export",
            self.answer.address,
            asked=asked_for(self.listing.query),
            rows=rows,
            channel_id=channel_id,
            outcome=outcome,
        )


def _state(progress: CsvProgress) -> FileState:
    if not progress.looking_up:
        return Preparing()
    if not progress.ended:  # nobody knows yet how many ids it will be
        return Preparing(progress.ids_done)
    return FindingIds(progress.ids_done, progress.ids_wanted)


def _so_far(listing: Listing, progress: CsvProgress) -> Count:
    if progress.total is not None:
        return Count(progress.total, beside=progress.beside)
    found = max(progress.rows, listing.count.number)
    if listing.count == Count(found):
        return listing.count
    return Count(found, CountState.WORKING, read=progress.seen, expected=progress.expected)


def _count_reached(progress: CsvProgress, known: Count) -> Count:
    """Return the last count, given what was known before; whoever stopped is not counting any more."""
    if progress.ended:
        return Count(progress.counted, CountState.AT_LEAST if progress.stopped else CountState.FINAL)
    if known.state is CountState.FINAL:
        return known
    return Count(max(progress.rows, known.number), CountState.AT_LEAST)


def _with_progress(listing: Listing, progress: CsvProgress) -> Listing:
    """Return the listing with the rows and ids found so far."""
    rows = max(listing.rows, tuple(progress.newest), key=len)
    return replace(listing, rows=rows, ids={**listing.ids, **progress.newest_ids})


def _outcome(
    progress: CsvProgress,
    *,
    file_rows: int | None = None,
    file_url: str | None = None,
    without_ids: bool = False,
    elsewhere: str | None = None,
) -> Outcome:
    return Outcome(
        total=progress.counted,
        beside=progress.beside,
        final=not progress.stopped,
        as_of=progress.as_of,
        file_rows=file_rows,
        file_url=file_url,
        filed_as_of=progress.as_of,
        ids_failed=progress.ids_failed,
        without_ids=without_ids,
        elsewhere=elsewhere,
        omissions=progress.omissions,
    )
