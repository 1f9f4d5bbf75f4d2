"""The CSV of a question: written, its progress shown while it grows, then sent."""

from __future__ import annotations

import asyncio
import contextlib
import math
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import structlog

from bot.answers.answer import Answer
from bot.answers.audit import asked_for, audit
from bot.answers.error_messages import CancelledByAskerError
from bot.answers.ports import Posted, ReplyError
from bot.answers.question.csv_rows import CsvProgress, write_csv
from bot.answers.question.headings import heading
from bot.answers.question.list_placement import redraw
from bot.answers.question.listing import WHILE_WORKING, Listing
from bot.answers.question.outcome import Outcome
from bot.answers.services import Services
from bot.blocks import actions as act
from bot.blocks.file_progress import Count, CountState, FileState, FindingIds, Preparing, Uploading, Waiting
from bot.blocks.text import capital
from bot.csv_export import CsvWriter, filename
from bot.model import NOT_ASKED
from bot.store.exports import Place

log = structlog.get_logger(__name__)

PROGRESS_SECS = 1.5
"""How often a file has news for its message, which shows them when it has a turn."""
IDS_SECS = 30.0
"""How long the ids on screen may be looked up on their own; the file's rows bring them anyway."""
WAITING_SECS = 1.5
"""A file that has waited so long for its turn says so."""
LONG_SECS = 5.0
"""After this, sending without call ids is offered."""


@dataclass(frozen=True, slots=True)
class CsvOrder:
    """A file to be made: of which question, for which answer, into the thread of which message."""

    listing: Listing
    posted: Posted
    answer: Answer
    whole: bool = False
    """Whether it takes no notice of EXPORT_ROWS."""
    refresh: bool = False
    """Whether all rows are read anew, as those on screen were."""


class CsvFiles:
    """Makes files, as many at once as there are places for."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def make(self, order: CsvOrder, progress: CsvProgress) -> Outcome:
        """Gather every row, show progress in the posted message, and upload the CSV into its thread.

        `progress` is kept up to date on the way. Raises CancelledByAskerError, ReplyError and what the client
        raises.
        """
        question = order.listing.question
        async with self._services.exports.place(
            order.answer.steps.answer_id,
            question_id=question.question_id,
            user_id=order.answer.user_id,
        ) as place:
            making = asyncio.create_task(self._make_in_turn(order, progress, place))
            pressed = asyncio.create_task(place.cancelled.wait())
            try:
                await asyncio.wait({making, pressed}, return_when=asyncio.FIRST_COMPLETED)
                if making.done():
                    if not making.cancelled() and making.exception() is not None:
                        _audit(order, "failed", order.posted.channel_id)
                    return making.result()
                _audit(order, "cancelled", order.posted.channel_id)
                raise CancelledByAskerError
            finally:
                making.cancel()
                pressed.cancel()
                await asyncio.gather(making, pressed, return_exceptions=True)

    async def _make_in_turn(self, order: CsvOrder, progress: CsvProgress, place: Place) -> Outcome:
        """Wait for the turn, saying behind how many, then make the file."""
        shown, patience = 0, WAITING_SECS
        while not place.begun.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(place.begun.wait(), patience)
                break
            behind = self._services.exports.behind(place)
            patience = WAITING_SECS * math.sqrt(max(1, behind))  # who waits long is told less often
            if behind and behind != shown:
                offers = frozenset({act.CANCEL, act.FILTERS})
                waiting = replace(order.listing, file=Waiting(behind), offers=offers)
                shown = behind if await self._show(order, waiting) else shown
        progress.without_ids = place.without_ids
        return await self._make(order, progress)

    async def _make(self, order: CsvOrder, progress: CsvProgress) -> Outcome:
        query, tz = order.listing.query, ZoneInfo(order.listing.question.tz)
        services = self._services
        limit = None if order.whole or query.limit_all else services.export_rows
        with tempfile.TemporaryFile() as out:  # without a name: gone with the process, however that ends
            writer = CsvWriter(out, tz)
            async with self._showing(order, progress):
                await write_csv(
                    query,
                    services.conversations,
                    services.ids,
                    writer,
                    row_limit=limit,
                    progress=progress,
                    refresh=order.refresh,
                    count_all=query.counting,
                )
            if not writer.rows:
                return _outcome(progress)
            listing = with_progress(order.listing, progress)
            count = count_reached(progress, listing.count)
            await self._show(
                order,
                replace(listing, file=Uploading(writer.rows), count=count),
            )
            # The day of the request, not of our clock: made again after a crash the file has the same name,
            # by which one that was sent already is recognised, also past midnight.
            day = datetime.fromtimestamp(order.answer.request.asked_at, tz).date()
            filed = await order.answer.reply.file(
                order.posted,
                out,
                filename=filename(heading(query).partition(",")[0], day),
                title=capital(heading(query))[:200] or "Conversations",
            )
        _audit(order, "sent", filed.channel_id, rows=writer.rows)
        elsewhere = None if filed.channel_id == order.posted.channel_id else "in your direct messages"
        return _outcome(
            progress,
            file_rows=writer.rows,
            without_ids=progress.without_ids.is_set(),
            elsewhere=elsewhere,
        )

    async def _show(self, order: CsvOrder, listing: Listing) -> bool:
        """Show progress; that Slack does not want it just now is no reason to stop the work."""
        try:
            return await redraw(self._services, order.answer.reply, order.posted, listing, progress=True)
        except ReplyError as refused:
            log.info("progress not shown", code=refused.code)
            return False

    @contextlib.asynccontextmanager
    async def _showing(self, order: CsvOrder, progress: CsvProgress) -> AsyncIterator[None]:
        """Update the message now and then while the file grows; at once when the ids it shows are there."""
        listing, news = order.listing, asyncio.Event()

        async def fill() -> None:
            ids = await self._services.ids.find_within(listing.rows, IDS_SECS)
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
                state, offers = _state(progress), WHILE_WORKING - {act.WITHOUT_IDS}
                if long and progress.looking_up:
                    offers |= {act.WITHOUT_IDS}
                shown = replace(
                    listing,
                    ids={**listing.ids, **progress.newest_ids},
                    file=state,
                    count=_so_far(listing, progress),
                    offers=offers,
                )
                await self._show(order, shown)

        tasks = (asyncio.create_task(fill()), asyncio.create_task(show()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _state(progress: CsvProgress) -> FileState:
    if not progress.looking_up:
        return Preparing(progress.seen, progress.expected)
    if not progress.ended:  # nobody knows yet how many ids it will be
        return Preparing(progress.seen, progress.expected, progress.ids_done)
    return FindingIds(progress.ids_done, progress.ids_wanted)


def _so_far(listing: Listing, progress: CsvProgress) -> Count:
    if progress.total is not None:
        return Count(progress.total)
    found = max(progress.rows, listing.count.number)
    if listing.count == Count(found):
        return listing.count
    return Count(found, CountState.SO_FAR if listing.query.local else CountState.COUNTING)


def count_reached(progress: CsvProgress, known: Count) -> Count:
    """Return the last count, given what was known before; whoever stopped is not counting any more."""
    if progress.ended:
        return Count(progress.counted, CountState.AT_LEAST if progress.stopped else CountState.FINAL)
    if known.state is CountState.FINAL:
        return known
    return Count(max(progress.rows, known.number), CountState.AT_LEAST)


def with_progress(listing: Listing, progress: CsvProgress) -> Listing:
    """Return the listing with the rows and ids found so far."""
    rows = max(listing.rows, tuple(progress.newest), key=len)
    return replace(listing, rows=rows, ids={**listing.ids, **progress.newest_ids})


def _outcome(
    progress: CsvProgress,
    *,
    file_rows: int | None = None,
    without_ids: bool = False,
    elsewhere: str | None = None,
) -> Outcome:
    return Outcome(
        total=progress.counted,
        final=not progress.stopped,
        as_of=progress.as_of,
        file_rows=file_rows,
        ids_failed=progress.ids_failed,
        without_ids=without_ids,
        elsewhere=elsewhere,
        omissions=progress.omissions,
    )


def _audit(
    order: CsvOrder, outcome: Literal["sent", "cancelled", "failed"], channel_id: str, *, rows: int = 0
) -> None:
    audit(
        "export",
        user_id=order.answer.user_id,
        team_id=order.listing.question.team_id,
        asked=asked_for(order.listing.query),
        rows=rows,
        channel_id=channel_id,
        outcome=outcome,
    )
