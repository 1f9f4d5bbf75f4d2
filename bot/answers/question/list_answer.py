"""A question answered by a list: first rows after one API request, glance, file, final count.

Rows are never stored: after a crash they are read again, but what was posted stays posted once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from bot.answers.answer import Answer, Request, Services
from bot.answers.notices import elsewhere, say_where, wants_glance
from bot.answers.ports import Posted
from bot.answers.question.count_beside import count_beside
from bot.answers.question.csv_file import finish_list
from bot.answers.question.list_placement import draw_settled, shared_by, show_list
from bot.answers.question.list_rows import newest, newest_again, newest_or_remembered
from bot.answers.question.listing import Listing, heading, list_filename
from bot.answers.question.matching_rows import count_rows
from bot.answers.question.outcome import outcome_of, remember_outcome
from bot.answers.saved.scheduler import why_now
from bot.answers.steps import EMPTY, GLANCE, LIST, POINTED, REFRESH, Shown
from bot.blocks import actions as act
from bot.blocks.call_table import MOST_ROWS
from bot.blocks.data_table import PLAIN_ROWS
from bot.blocks.list_message import file_there_message, glance_message
from bot.model import CallIds, Message
from bot.query import Query

GLANCE_SECS = 2.0
"""How long a glance waits for its call ids: it cannot be edited later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a question is to be answered."""

    refresh: bool = False
    """Whether rows are read anew, whatever is remembered."""
    notes: tuple[str, ...] = ()
    """What is to be said beside the answer, plain words."""
    place: Posted | None = None
    """The message that is to show it; None for a new one."""
    earlier: str = ""
    """The question whose CSV stands in the thread of `place`, in words."""
    file: bool | None = None
    """Whether its file comes at once; None: as usual, of a list and not of numbers."""


class ListKind:
    """The newest calls, how many there are, and a CSV of them; asked how many, the number stands first."""

    def answers(self, query: Query) -> bool:  # noqa: ARG002 - it is the last resort
        return True

    def heading(self, query: Query) -> str:
        return heading(query)

    def filename(self, query: Query, asked: date) -> str:
        return list_filename(query, asked)

    async def answer(self, answer: Answer, asked: Asked) -> None:
        services, request = answer.services, answer.request
        # What an earlier process showed comes before what can be read now: that may be otherwise, or nothing.
        before = await answer.recorded(LIST)
        if before is None and await answer.recorded(EMPTY) is not None:
            return  # there was nothing to list, and that was said
        if before is not None:
            listing = await newest_again(services, answer.question, answer.query)
        else:
            listing = await newest_or_remembered(
                services, answer.question, answer.query, refresh=asked.refresh
            )
        filed = not answer.query.counting if asked.file is None else asked.file  # else a button makes it
        listing = replace(listing, notes=(*asked.notes, *listing.notes), earlier=asked.earlier)
        listing = _introduced(services, listing, request)
        if not filed and not listing.remembered:
            listing = replace(listing, file=None)

        async def show(answer: Answer) -> Shown:
            shown = await show_list(answer, listing, asked.place)
            await say_where(answer, shown.posted, rows=min(len(listing.rows), MOST_ROWS))
            return shown

        if (
            before is None
            and listing.empty
            and request.scheduled is not None
            and request.scheduled.only_if_any
        ):
            return
        if before is None and listing.empty and wants_glance(request):
            message = listing.message(services.clock())
            await answer.once(EMPTY, lambda answer: answer.reply.fail(message))
            return
        shown = await answer.run(LIST, show)
        posted = shown.posted
        if posted is None or not shown.rows:
            return
        if wants_glance(request):
            await answer.run(GLANCE, lambda answer: _glance(answer, listing, posted, filed=filed))
        if listing.remembered:
            return
        listing = replace(listing, shared_by=shown.shared_by)
        await finish_list(answer, listing, posted, filed=filed, refresh=asked.refresh)

    async def refresh(self, answer: Answer) -> None:
        """Read the same page again, past every cache, and count again."""
        if answer.posted is None:
            await answer.once(REFRESH, _refresh_glance)
        else:
            await answer.once(REFRESH, _refresh)

    async def file(self, answer: Answer) -> None:
        """Make the file, the whole of it when that was pressed; or point to the one that is there."""
        if answer.posted is None:
            return
        made = outcome_of(answer.question)
        if answer.action == act.CSV and made.file_is_current:
            url = made.file_url or await answer.reply.link(answer.posted)
            await answer.once(POINTED, lambda answer: answer.reply.fail(file_there_message(url)))
            return
        # An earlier process may have left "preparing" there: then the message has to be settled in any case.
        begun = answer.steps.resumed
        read = newest_again if begun else newest
        listing = await read(answer.services, answer.question, answer.query)
        if not listing.rows and not begun:
            return
        listing = replace(listing, shared_by=await shared_by(answer.services, answer.posted))
        listing = replace(listing, earlier=made.earlier)
        await finish_list(answer, listing, answer.posted, whole=answer.action == act.SEND_ALL)


async def _refresh(answer: Answer) -> None:
    """Read all rows again, past every cache: those on screen, and how many there are."""
    services, question, query = answer.services, answer.question, answer.query
    before = outcome_of(question)
    limit = None if before.final and query.counting else services.export_rows
    client, now = services.conversations, services.clock()
    (counted, rows), beside = await asyncio.gather(
        count_rows(query, client, limit=limit, first=MOST_ROWS, refresh=True),
        count_beside(query, client, now=now, refresh=True),
    )
    outcome = msgspec.structs.replace(
        before,
        total=counted.total,
        beside=beside,
        final=not counted.stopped,
        as_of=counted.as_of,
        failed=None,
        omissions=counted.omissions,
    )
    await remember_outcome(services, question.question_id, outcome)
    listing = Listing(question, query, rows, {}, outcome.count, counted.as_of)
    if answer.posted is not None:
        await draw_settled(services, answer.reply, answer.posted, listing, outcome)


async def _refresh_glance(answer: Answer) -> None:
    """Put a glance with every id in the place of the one that was pressed."""
    listing = await newest(answer.services, answer.question, answer.query, refresh=True)
    listing = replace(
        listing, count=outcome_of(answer.question).count if answer.question.outcome else listing.count
    )
    ids = await answer.services.ids.find(listing.rows[:PLAIN_ROWS])
    filed = outcome_of(answer.question).file_rows is not None
    shown = glance_of(answer.services, listing, ids, None, filed=filed)
    if not await answer.reply.replace_glance(shown):
        await answer.reply.glance(shown)


def _introduced(services: Services, listing: Listing, request: Request) -> Listing:
    """Say why it is shown, when nobody asked just now, or who shared it."""
    if request.sharing is not None:
        return replace(listing, shared_by=request.address.user_id)
    if request.scheduled is None:
        return listing
    question = listing.question
    why = why_now(request.scheduled, services.clock(), question.tz)
    shared_by = None if request.address.private else ""  # a schedule mentions nobody
    return replace(listing, notes=(*why, *listing.notes), shared_by=shared_by)


async def _glance(answer: Answer, listing: Listing, posted: Posted, *, filed: bool) -> bool:
    """Show the asker the newest rows on the spot, complete with ids found in time."""
    if not elsewhere(answer.request, posted):
        return False  # the list is right there
    finding = 0.0 if listing.remembered else GLANCE_SECS
    ids, link = await asyncio.gather(
        answer.services.ids.find_within(listing.rows[:PLAIN_ROWS], finding), answer.reply.link(posted)
    )
    return await answer.reply.glance(glance_of(answer.services, listing, ids, link, filed=filed))


def glance_of(
    services: Services, listing: Listing, ids: Mapping[str, CallIds], link: str | None, *, filed: bool
) -> Message:
    """Draw what a command shows on the spot; it offers what works on it."""
    if listing.empty:
        return listing.message(services.clock())
    view = replace(
        listing.view(services.clock()),
        ids=ids,
        actions=frozenset({act.OPEN_CALL, act.REFRESH, act.FILTERS, act.SHARE}),
        notes=(*listing.omissions.words, *(listing.notes if listing.remembered else ())),
    )
    return glance_message(view, permalink=link, file_follows=filed and not listing.remembered)
