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

import msgspec
import structlog

from bot.answers.access import AuditOutcome, asked_for, audit
from bot.answers.answer import Answer, meanwhile, unless
from bot.answers.error_messages import CancelledByAskerError, moved, reference, words_for
from bot.answers.ports import Posted, ReplyError, Upload
from bot.answers.question.listing import AT_ONCE, Asked, heading, list_filename, settled
from bot.answers.question.matching_rows import NOT_FILTERS, CsvProgress, MatchingRows, write_rows
from bot.answers.question.placement import redraw
from bot.answers.steps import CSV, NO_CSV, SETTLE
from bot.blocks import actions as act
from bot.blocks.list_message import (
    FILE_CANCELLED,
    FILE_FOLLOWS,
    NOTHING_BESIDE,
    Beside,
    Failed,
    ListView,
    Outcome,
    ReadSoFar,
)
from bot.blocks.text import capital, escape, number, plural
from bot.csv_export import COLUMNS, CsvWriter
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import Message
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
        calls = asked.without(*NOT_FILTERS - {"time"})
        try:
            async with MatchingRows(
                calls, client, limit=BESIDE_ROWS, refresh=refresh, sums_by=SumsBy()
            ) as rows:
                async for _batch in rows:
                    pass
        except ElevenLabsError:
            return None
        return None if rows.stopped else rows.total

    return Beside(*await asyncio.gather(count(whole), count(before)))


async def finish_list(answer: Answer, view: ListView, posted: Posted, asked: Asked) -> None:
    """Read all rows, send them as a file if asked to, settle the message; what goes wrong is said there."""
    view = replace(view, notes=(*view.notes, *moved(posted)))
    file = _CsvFile(view, posted, asked)
    async with meanwhile(file.count_beside(answer)) as (counting,):  # nothing waits for it
        try:
            outcome = await answer.run(CSV, file.make)
        except CancelledByAskerError:
            await answer.run(NO_CSV, file.stop, None)
            return
        except Exception as error:  # noqa: BLE001 - every error becomes words
            failed = file.failure(error, reference(answer.request.answer_id))
            await answer.run(NO_CSV, file.stop, failed)
            return
        await answer.run(SETTLE, file.settle, outcome)
        if outcome.beside == NOTHING_BESIDE and file.progress.begun:  # it may have come while that was shown
            await asyncio.wait([counting], timeout=BESIDE_SECS)
            if file.beside != NOTHING_BESIDE:
                await file.settle(answer, msgspec.structs.replace(outcome, beside=file.beside))


@dataclass(slots=True)
class _CsvFile:
    """A file to be made of a question, into the thread of a message that shows how far it is."""

    view: ListView
    posted: Posted
    asked: Asked
    """Without a file, rows are read for their number."""
    progress: CsvProgress = field(default_factory=CsvProgress)
    beside: Beside = NOTHING_BESIDE
    """What the number is looked at beside, as far as it is known."""

    async def count_beside(self, answer: Answer) -> None:
        client, now = answer.services.conversations, answer.request.moment
        self.beside = await count_beside(answer.query, client, now=now, refresh=self.asked.refresh)

    async def make(self, answer: Answer) -> Outcome:
        """Gather every row, show progress in the posted message, and upload the CSV into its thread.

        Raises CancelledByAskerError, ReplyError and what the client raises.
        """
        services, question_id = answer.services, answer.question.question_id
        if not self.asked.file:
            outcome = await self._read_and_show(answer, None)
            self.progress.newest_ids |= await services.ids.find(self._so_far().rows, within=IDS_SECS)
            return outcome
        async with services.exports.place(
            answer.steps.answer_id, question_id=question_id, user_id=answer.address.user_id
        ) as place:
            try:
                made = await unless(self._make_in_turn(answer, place), place.cancelled.wait())
            except Exception:
                self._audit(answer, "failed", self.posted.channel_id)
                raise
            if made is None:
                self._audit(answer, "cancelled", self.posted.channel_id)
                raise CancelledByAskerError
            return made

    async def _make_in_turn(self, answer: Answer, place: Place) -> Outcome:
        """Wait for the turn, saying behind how many, then make the file."""
        exports, query = answer.services.exports, answer.query
        said, wait_secs = 0, WAITING_SECS
        while not place.begun.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_secs):
                    await place.begun.wait()
                break
            behind = exports.behind(place)
            wait_secs = WAITING_SECS * math.sqrt(max(1, behind))  # who waits long is told less often
            if behind and behind != said:
                waiting = f"The CSV waits behind {number(behind)}"
                offers = frozenset({act.CANCEL, act.FILTERS})
                shown = await self._show(answer, replace(self.view, file=waiting, actions=offers))
                said = behind if shown else said
        self.progress.without_ids, zone = place.without_ids, self.view.tz
        with tempfile.TemporaryFile() as out:  # without a name: gone with the process, however that ends
            writer = CsvWriter(out, zone, (*COLUMNS, *query.columns))
            outcome = await self._read_and_show(answer, writer)
            if not writer.rows:
                return outcome
            sending = f"Sending the CSV: {plural(writer.rows, 'row')}"
            await self._show(answer, replace(self._so_far(), file=sending))
            # The day of the request, not of our clock: made again after a crash the file has the same name,
            # by which one that was sent already is recognised, also past midnight.
            day = datetime.fromtimestamp(answer.request.asked_at, zone).date()
            title = capital(heading(query))[:200] or "Conversations"
            file = Upload(content=out, filename=list_filename(query, day), title=title)
            filed = await answer.reply.file(self.posted, file)
        self._audit(answer, "sent", filed.channel_id, rows=writer.rows)
        return msgspec.structs.replace(
            outcome,
            beside=self.beside,
            file_rows=writer.rows,
            file_url=filed.url,
            without_ids=self.progress.without_ids.is_set(),
            elsewhere=None if filed.channel_id == self.posted.channel_id else "in your direct messages",
        )

    async def _read_and_show(self, answer: Answer, writer: CsvWriter | None) -> Outcome:
        """Read every row, and update the message now and then; at once when the ids it shows are there."""
        services, query, news = answer.services, answer.query, asyncio.Event()
        limit = None if self.asked.whole or query.value("limit") == Limit(None) else services.export_rows
        client, ids = services.conversations, services.ids
        async with meanwhile(self._find_shown(answer, news), self._keep_showing(answer, news)):
            outcome = await write_rows(
                query, client, ids, writer, self.progress, limit=limit, refresh=self.asked.refresh
            )
        return msgspec.structs.replace(outcome, beside=self.beside)

    async def _find_shown(self, answer: Answer, news: asyncio.Event) -> None:
        view, progress = self.view, self.progress
        found = await answer.services.ids.find(view.rows, within=IDS_SECS)
        if any(view.ids.get(key) != each for key, each in found.items()):
            progress.newest_ids = found | progress.newest_ids
            news.set()

    async def _keep_showing(self, answer: Answer, news: asyncio.Event) -> None:
        progress, clock = self.progress, asyncio.get_running_loop().time
        began = clock()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PROGRESS_SECS):  # `wait_for` may swallow that it is cancelled
                    await news.wait()
            news.clear()
            shown = self._so_far()
            if self.asked.file:
                late = clock() - began > LONG_SECS and progress.looking_up
                offers = AT_ONCE | {act.CANCEL} | ({act.WITHOUT_IDS} if late else set())
                shown = replace(shown, file=self._file_so_far(), actions=offers)
            await self._show(answer, shown)

    async def _show(self, answer: Answer, view: ListView, *, progress: bool = True) -> bool:
        """Show progress, or how it ended. A file that is sent stays sent when Slack refuses the words."""
        try:
            return await redraw(answer.services, answer.reply, self.posted, view, progress=progress)
        except ReplyError as refused:
            log.info("not shown", code=refused.code, progress=progress)
            return False

    def _audit(self, answer: Answer, outcome: AuditOutcome, channel_id: str, *, rows: int = 0) -> None:
        asked = asked_for(answer.query)
        audit("export", answer.address, asked=asked, rows=rows, channel_id=channel_id, outcome=outcome)

    def _file_so_far(self) -> str:
        """Say how far the file is; while rows are being read, the count says that."""
        progress = self.progress
        if not progress.looking_up:
            return FILE_FOLLOWS
        if progress.read is None:  # nobody knows yet how many ids it will be
            return f"{FILE_FOLLOWS}: {plural(progress.ids_done, 'call id')} so far"
        return f"{FILE_FOLLOWS}: call ids {number(progress.ids_done)} of {number(progress.ids_wanted)}"

    def _so_far(self) -> ListView:
        """Return the list with what was found so far."""
        view, progress, known = self.view, self.progress, self.view.outcome
        rows = max(view.rows, tuple(progress.newest), key=len)
        view = replace(view, rows=rows, ids={**view.ids, **progress.newest_ids})
        if progress.read is not None:
            outcome = msgspec.structs.replace(progress.read, beside=self.beside, earlier=known.earlier)
            return replace(view, outcome=outcome, reading=None)
        if known.final and progress.rows <= known.total:
            return view
        outcome = msgspec.structs.replace(known, total=max(progress.rows, known.total), final=False)
        return replace(view, outcome=outcome, reading=ReadSoFar(progress.seen, progress.expected))

    def failure(self, error: Exception, ref: str) -> Failed:
        words = words_for(error)
        step = words.beside_retry if words.retry else words.next_step
        return Failed(
            words=f"{'No CSV: ' if self.asked.file else ''}{words.headline} {step}",
            reference=ref,
            retry=words.retry,
            midway=self.progress.begun and not self._so_far().outcome.final,
        )

    async def settle(self, answer: Answer, outcome: Outcome, *, file: str = "") -> bool:
        """Show the final count, the ids and what is offered now; `file` instead of what became of the file.

        When the file was sent before a crash nothing was read here: the ids on screen are looked up again.
        """
        services, view = answer.services, self._so_far()
        outcome = msgspec.structs.replace(outcome, earlier=self.view.outcome.earlier)
        await services.questions.set_outcome(view.question_id, outcome)
        missing = [row for row in view.rows if row.conversation_id not in view.ids]
        late = await services.ids.find(missing, within=SETTLE_SECS)
        view = settled(replace(view, ids={**view.ids, **late}), outcome, answer.query)
        return await self._show(answer, replace(view, file=file), progress=False)

    async def stop(self, answer: Answer, failed: Failed | None) -> bool:
        """Show what was found until the file failed, or was cancelled."""
        outcome = msgspec.structs.replace(self._so_far().outcome, failed=failed)
        shown = await self.settle(answer, outcome, file=FILE_CANCELLED if failed is None else "")
        if failed is not None and not shown:  # the message shows another question, or cannot be changed
            with contextlib.suppress(ReplyError):
                await answer.reply.fail(Message(text=escape(failed.words)))
        return shown
