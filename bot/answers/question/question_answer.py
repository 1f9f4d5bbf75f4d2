"""Answering a question: understood, first list after one API request, glance, file, final count.

Each part is a checkpoint. After a crash the answer goes on from the last one: rows are read again (they are
never stored), but what was posted stays posted once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answers.answer import Answer, Request, Services
from bot.answers.call.open_by_id import open_calls
from bot.answers.notices import elsewhere, say_moved, wants_glance
from bot.answers.ports import Posted
from bot.answers.question.csv_file import send_csv
from bot.answers.question.list_placement import show_list
from bot.answers.question.list_rows import newest_again, newest_or_remembered
from bot.answers.question.listing import Listing, can_be_shared
from bot.answers.question.understanding import remember, understand
from bot.answers.saved.scheduler import why_now
from bot.answers.steps import EMPTY, GLANCE, LIST, UNDERSTAND, Shown, Understood
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.list_message import glance_message
from bot.model import CallIds, Message
from bot.query import parse

GLANCE_SECS = 2.0
"""How long a glance waits for its call ids: it cannot be edited later."""


async def ask(answer: Answer, text: str, *, follows: str | None = None) -> bool:
    """Answer the question in `text`, from understanding it to the file; returns whether it was one.

    `follows` is the id of a question that the text is known to go on from.
    """
    understood = await answer.run(UNDERSTAND, lambda answer: understand(answer, text, follows=follows))
    if understood.task is not None:
        await open_calls(answer, understood.task)
        return True
    if understood.question_id is None:
        return False
    await answer_question(answer, understood.question_id, notes=understood.notes)
    return True


async def answer_question(
    answer: Answer,
    question_id: str,
    *,
    refresh: bool = False,
    notes: tuple[str, ...] = (),
    place: Posted | None = None,
) -> None:
    """Answer a stored question with a list message and a file; in `place`, if given, not in a new one."""
    services, request = answer.services, answer.request
    # What is asked on a schedule is read later, by people who cannot tell how old rows are.
    refresh = refresh or request.scheduled is not None
    question = await services.questions.get(question_id)
    if question is None:
        return  # forgotten between two checkpoints: older than RETENTION_DAYS
    query = query_of(question, week_start=services.week_start)
    # What an earlier process showed comes before what can be read now: that may be otherwise, or nothing.
    before = await answer.recorded(LIST)
    if before is None and await answer.recorded(EMPTY) is not None:
        return  # there was nothing to list, and that was said
    if before is not None:
        listing = await newest_again(services, question, query)
    else:
        listing = await newest_or_remembered(services, question, query, refresh=refresh)
    listing = _introduced(services, replace(listing, notes=(*notes, *listing.notes)), request)

    async def show(answer: Answer) -> Shown:
        shown = await show_list(answer, listing, place)
        await say_moved(answer, shown.posted)
        return shown

    if before is None and listing.empty and request.scheduled is not None and request.scheduled.only_if_any:
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
        await answer.run(GLANCE, lambda answer: _glance(answer, listing, posted))
    if listing.remembered:
        return
    await send_csv(answer, replace(listing, shared_by=shown.shared_by), posted, refresh=refresh)


def _introduced(services: Services, listing: Listing, request: Request) -> Listing:
    """Say why it is shown, when nobody asked just now."""
    if request.scheduled is None:
        return listing
    question = listing.question
    why = why_now(request.scheduled, services.clock(), question.tz)
    shared_by = None if request.address.private else ""  # a schedule mentions nobody
    return replace(listing, notes=(*why, *listing.notes), shared_by=shared_by)


async def answer_changed_filters(answer: Answer, *, before: str) -> None:
    """Answer the question chosen in Filters, in the message they were opened on; else with a new one.

    The message belongs to the new question from the moment its list is there, with all its buttons. The
    file follows into the thread as for any question. One still in the making for the question before
    comes too, unless the same person asked for it: who changes filters again has no use for it, so it is
    cancelled.
    """
    services, request, asker = answer.services, answer.request, answer.asker
    place = None if asker.audience is not None else answer.posted  # data may no longer be shown there
    old = await services.questions.get(before)

    async def store(answer: Answer) -> Understood:
        now = datetime.fromtimestamp(request.asked_at, ZoneInfo(asker.tz))
        query = parse(request.text, now=now, week_start=services.week_start).query
        channel_id = None if old is None else old.channel_id
        return Understood(question_id=await remember(answer, query, channel_id=channel_id))

    understood = await answer.run(UNDERSTAND, store)
    await answer_question(answer, understood.question_id or "", place=place)


async def _glance(answer: Answer, listing: Listing, posted: Posted) -> bool:
    """Show the asker the newest rows on the spot, complete with ids found in time."""
    if not elsewhere(answer.request, posted):
        return False  # the list is right there
    finding = 0.0 if listing.remembered else GLANCE_SECS
    ids, link = await asyncio.gather(
        answer.services.ids.find_within(listing.rows, finding), answer.reply.link(posted)
    )
    return await answer.reply.glance(glance_of(answer.services, listing, ids, link))


def glance_of(services: Services, listing: Listing, ids: Mapping[str, CallIds], link: str | None) -> Message:
    """Draw what a command shows on the spot; it offers what works on it."""
    if listing.empty:
        return listing.message(services.clock())
    offers = {act.OPEN_CALL, act.REFRESH, act.FILTERS}
    if can_be_shared(listing.question):
        offers.add(act.SHARE)
    view = replace(
        listing.view(services.clock()),
        ids=ids,
        actions=frozenset(offers),
        notes=(*listing.omissions.words, *(listing.notes if listing.remembered else ())),
    )
    return glance_message(view, permalink=link, file_follows=not listing.remembered)
