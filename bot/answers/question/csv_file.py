"""All rows of a question: counted, written into one CSV, shown on the way, and how it ended.

Rows stream in, ids are found beside them, the file is written once. Nothing holds all rows: a few batches are
in flight between the API and the file, whatever the count.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import tempfile
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.access import AuditOutcome, asked_for, audit
from bot.answers.answer import Answer, meanwhile, unless
from bot.answers.error_messages import CancelledByAskerError, moved, reference, words_for
from bot.answers.ports import Posted, ReplyError, Upload
from bot.answers.question.listing import AT_ONCE, WHILE_WORKING, Listing, heading, list_filename
from bot.answers.question.matching_rows import (
    NOT_FILTERS,
    CsvProgress,
    Failed,
    MatchingRows,
    Outcome,
    write_rows,
)
from bot.answers.question.placement import redraw
from bot.answers.steps import CSV, NO_CSV, SETTLE
from bot.blocks import actions as act
from bot.blocks.list_message import (
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
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import FAILED, IdState, Message
from bot.query import Query
from bot.query.values import Compared, Limit
from bot.store.exports import Place
from bot.tally import SumsBy

log = structlog.get_logger(__name__)

PROGRESS_SECS = 1.5
"""How often a file has news for its message, which shows them when it has a turn."""
SETTLE_SECS = 2.0
"""How long a message that is settled waits for ids that are missing."""
IDS_SECS = 30.0
"""How long the ids on screen may be looked up on their own; the file's rows bring them anyway."""
WAITING_SECS = 1.5
"""A file that has waited so long for its turn says so."""
BESIDE_ROWS = 3_000
"""A second number that needs more rows is not counted: some thirty requests, unless they are kept."""
BESIDE_SECS = 10.0
"""How long a settled message still waits for the number that its count is a part of."""
LONG_SECS = 5.0
"""After this, sending without call ids is offered."""
_FINAL = (IdState.FOUND, IdState.NOT_PHONE)


async def count_beside(query: Query, client: Conversations, *, now: float, refresh: bool = False) -> Beside:
    """Count what a count is looked at beside, as far as it is quick and goes well: else only words are lost.

    That is how many calls there were in all of its time, and how many in the time before.
    """
    whole = before = None
    if query.limit is None and query.since is not None:
        if filters := [key for key, _value in query.conditions if key not in NOT_FILTERS]:
            whole = query.without(*filters)
        if query.counting:
            before = query.with_value("compare", Compared()).compared(datetime.fromtimestamp(now, query.zone))

    async def count(asked: Query | None) -> int | None:
        if asked is None:
            return None
        try:
            calls = asked.without(*NOT_FILTERS - {"time"})
            async with MatchingRows(
                calls, client, limit=BESIDE_ROWS, refresh=refresh, sums_by=SumsBy()
            ) as rows:
                async for _batch in rows:
                    pass
        except ElevenLabsError:
            return None
        return None if rows.stopped else rows.total

    return Beside(*await asyncio.gather(count(whole), count(before)))


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
    client, now = answer.services.conversations, answer.request.moment
    beside = count_beside(listing.query, client, now=now, refresh=refresh)
    async with meanwhile(beside) as (counting,):  # nothing waits for it
        file = _CsvFile(listing, posted, counting, filed, whole, refresh)
        try:
            outcome = await answer.run(CSV, file.make)
        except CancelledByAskerError:
            await answer.run(NO_CSV, lambda answer: file.stop(answer, None))
            return
        except Exception as error:  # noqa: BLE001 - every error becomes words
            failed = file.failure(error, reference(answer.request.answer_id))
            await answer.run(NO_CSV, lambda answer: file.stop(answer, failed))
            return
        await answer.run(SETTLE, lambda answer: file.settle(answer, outcome))
        if outcome.beside == NOTHING_BESIDE and file.progress.begun:  # it may have come while that was shown
            await asyncio.wait([counting], timeout=BESIDE_SECS)
            if file.beside != NOTHING_BESIDE:
                await file.settle(answer, msgspec.structs.replace(outcome, beside=file.beside))


@dataclass(frozen=True, slots=True)
class _CsvFile:
    """A file to be made of a question, into the thread of a message that shows how far it is."""

    listing: Listing
    posted: Posted
    counting: asyncio.Task[Beside]
    filed: bool
    """Whether there is to be one; else rows are read for their number."""
    whole: bool
    """Whether it takes no notice of EXPORT_ROWS."""
    refresh: bool
    """Whether all rows are read anew, as those on screen were."""
    progress: CsvProgress = field(default_factory=CsvProgress)

    async def make(self, answer: Answer) -> Outcome:
        """Gather every row, show progress in the posted message, and upload the CSV into its thread.

        Raises CancelledByAskerError, ReplyError and what the client raises.
        """
        ids, progress, channel_id = answer.services.ids, self.progress, self.posted.channel_id
        if not self.filed:
            read = await self._read_and_show(answer, None)
            progress.newest_ids |= await ids.find(self._reached.rows, within=IDS_SECS)
            return msgspec.structs.replace(read, beside=self.beside)
        question_id, user_id = self.listing.question.question_id, answer.user_id
        async with answer.services.exports.place(
            answer.steps.answer_id, question_id=question_id, user_id=user_id
        ) as place:
            try:
                outcome = await unless(self._make_in_turn(answer, place), place.cancelled.wait())
            except Exception:
                self._audit(answer, "failed", channel_id)
                raise
            if outcome is None:
                self._audit(answer, "cancelled", channel_id)
                raise CancelledByAskerError
            return outcome

    async def _make_in_turn(self, answer: Answer, place: Place) -> Outcome:
        """Wait for the turn, saying behind how many, then make the file."""
        listing, progress, query = self.listing, self.progress, self.listing.query
        said, wait_secs = 0, WAITING_SECS
        while not place.begun.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_secs):
                    await place.begun.wait()
                break
            behind = answer.services.exports.behind(place)
            wait_secs = WAITING_SECS * math.sqrt(max(1, behind))  # who waits long is told less often
            if behind and behind != said:
                offers = frozenset({act.CANCEL, act.FILTERS})
                shown = await self._show(answer, replace(listing, file=Waiting(behind), offers=offers))
                said = behind if shown else said
        progress.without_ids, tz = place.without_ids, ZoneInfo(listing.question.tz)
        with tempfile.TemporaryFile() as out:  # without a name: gone with the process, however that ends
            writer = CsvWriter(out, tz, (*COLUMNS, *query.columns))
            read = await self._read_and_show(answer, writer)
            if not writer.rows:
                return msgspec.structs.replace(read, beside=self.beside)
            await self._show(answer, replace(self._reached, file=Uploading(writer.rows)))
            # The day of the request, not of our clock: made again after a crash the file has the same name,
            # by which one that was sent already is recognised, also past midnight.
            day = datetime.fromtimestamp(answer.request.asked_at, tz).date()
            title = capital(heading(query))[:200] or "Conversations"
            file = Upload(content=out, filename=list_filename(query, day), title=title)
            filed = await answer.reply.file(self.posted, file)
        self._audit(answer, "sent", filed.channel_id, rows=writer.rows)
        return msgspec.structs.replace(
            read,
            beside=self.beside,
            file_rows=writer.rows,
            file_url=filed.url,
            without_ids=progress.without_ids.is_set(),
            elsewhere=None if filed.channel_id == self.posted.channel_id else "in your direct messages",
        )

    async def _read_and_show(self, answer: Answer, writer: CsvWriter | None) -> Outcome:
        """Read every row, and update the message now and then; at once when the ids it shows are there."""
        services, query, news = answer.services, self.listing.query, asyncio.Event()
        limit = None if self.whole or query.value("limit") == Limit(None) else services.export_rows
        client, ids = services.conversations, services.ids
        async with meanwhile(self._find_shown(answer, news), self._keep_showing(answer, news)):
            return await write_rows(
                query, client, ids, writer, self.progress, limit=limit, refresh=self.refresh
            )

    async def _find_shown(self, answer: Answer, news: asyncio.Event) -> None:
        listing, progress = self.listing, self.progress
        found = await answer.services.ids.find(listing.rows, within=IDS_SECS)
        if any(listing.ids.get(key) != each for key, each in found.items()):
            progress.newest_ids = found | progress.newest_ids
            news.set()

    async def _keep_showing(self, answer: Answer, news: asyncio.Event) -> None:
        listing, progress, clock = self.listing, self.progress, asyncio.get_running_loop().time
        began = clock()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PROGRESS_SECS):  # `wait_for` may swallow that it is cancelled
                    await news.wait()
            news.clear()
            offers = WHILE_WORKING if self.filed else AT_ONCE
            if self.filed and clock() - began > LONG_SECS and progress.looking_up:
                offers |= {act.WITHOUT_IDS}
            file, ids = self._state if self.filed else None, {**listing.ids, **progress.newest_ids}
            shown = replace(listing, ids=ids, file=file, count=self._count_so_far, offers=offers)
            await self._show(answer, shown)

    async def _show(self, answer: Answer, listing: Listing, *, progress: bool = True) -> bool:
        """Show progress, or how it ended. A file that is sent stays sent when Slack refuses the words."""
        try:
            return await redraw(answer.services, answer.reply, self.posted, listing, progress=progress)
        except ReplyError as refused:
            log.info("not shown", code=refused.code, progress=progress)
            return False

    def _audit(self, answer: Answer, outcome: AuditOutcome, channel_id: str, *, rows: int = 0) -> None:
        asked = asked_for(self.listing.query)
        audit("export", answer.address, asked=asked, rows=rows, channel_id=channel_id, outcome=outcome)

    @property
    def beside(self) -> Beside:
        """What the number is looked at beside, as far as it is known."""
        done = self.counting.done() and not self.counting.cancelled() and not self.counting.exception()
        return self.counting.result() if done else NOTHING_BESIDE

    @property
    def _state(self) -> FileState:
        progress = self.progress
        if not progress.looking_up:
            return Preparing()
        if progress.read is None:  # nobody knows yet how many ids it will be
            return Preparing(progress.ids_done)
        return FindingIds(progress.ids_done, progress.ids_wanted)

    @property
    def _count_so_far(self) -> Count:
        progress, known = self.progress, self.listing.count
        if progress.read is not None and progress.read.final:
            return replace(progress.read.count, beside=self.beside)
        found = max(progress.rows, known.number)
        if known == Count(found):
            return known
        return Count(found, CountState.WORKING, read=progress.seen, expected=progress.expected)

    @property
    def _reached(self) -> Listing:
        """The list with what was found so far; whoever stopped is not counting any more."""
        listing, progress = self.listing, self.progress
        count = self._count_so_far.settled() if progress.read is None else progress.read.count
        rows = max(listing.rows, tuple(progress.newest), key=len)
        return replace(listing, rows=rows, ids={**listing.ids, **progress.newest_ids}, count=count)

    def failure(self, error: Exception, ref: str) -> Failed:
        words, begun = words_for(error), self.progress.begun
        step = words.beside_retry if words.retry else words.next_step
        return Failed(
            words=f"{'No CSV: ' if self.filed else ''}{words.headline} {step}",
            reference=ref,
            retry=words.retry,
            midway=begun and self._reached.count.state is not CountState.FINAL,
        )

    async def settle(self, answer: Answer, outcome: Outcome) -> bool:
        """Show the final count, the ids and what is offered now.

        When the file was sent before a crash nothing was read here: first rows and ids are read again.
        """
        services, listing, progress = answer.services, self.listing, self.progress
        outcome = msgspec.structs.replace(outcome, earlier=listing.earlier)
        await services.questions.set_outcome(listing.question.question_id, outcome)
        if progress.newest:
            listing = replace(listing, rows=tuple(progress.newest), ids=progress.newest_ids)
        else:
            found = await services.ids.find(listing.rows, within=SETTLE_SECS)
            listing = replace(listing, ids=progress.newest_ids | found)
        return await self._show(answer, listing.settled(outcome), progress=False)

    async def stop(self, answer: Answer, failed: Failed | None) -> bool:
        """Show what was found until the file failed, or was cancelled; nothing on it stays "to come"."""
        services, listing = answer.services, self._reached
        outcome = Outcome(
            total=listing.count.number,
            final=listing.count.state is CountState.FINAL,
            as_of=listing.as_of,
            failed=failed,
            omissions=listing.omissions,
            earlier=listing.earlier,
        )
        await services.questions.set_outcome(listing.question.question_id, outcome)
        ids = {key: each for key, each in listing.ids.items() if each.state in _FINAL}
        missing = [row for row in listing.rows if row.conversation_id not in ids]
        late = await services.ids.find(missing, within=SETTLE_SECS)
        ids |= {row.conversation_id: late.get(row.conversation_id, FAILED) for row in missing}
        listing = replace(listing, ids=ids).settled(outcome)
        if failed is None:
            listing = replace(listing, file=Cancelled())
        shown = await self._show(answer, listing, progress=False)
        if failed is not None and not shown:  # the message shows another question, or cannot be changed
            with contextlib.suppress(ReplyError):
                await answer.reply.fail(Message(text=escape(failed.words)))
        return shown
