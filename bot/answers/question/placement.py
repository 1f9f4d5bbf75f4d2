"""Where answers and notices stand, and what is said of it where they were asked for.

A message belongs to the question it shows, until Filters gives it another: what is still being worked on for
the question before then no longer touches it. One that still promises something has to say so when nothing
more comes.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace

import msgspec
import structlog

from bot.answers.access import asked_for, audit
from bot.answers.answer import Answer, Request, Services
from bot.answers.error_messages import cause
from bot.answers.ports import Address, Posted, Reply, ReplyError, is_direct_message
from bot.answers.question.listing import first_view, settled
from bot.answers.question.matching_rows import count_rows, outcome_of
from bot.answers.steps import (
    CALL,
    CSV,
    LIST,
    LOOKING,
    MOST_OPENED,
    NO_CSV,
    OWN_QUESTION,
    SETTLE,
    UNDERSTAND,
    Shown,
)
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError
from bot.blocks.block_elements import Drawing, with_last_line
from bot.blocks.data_table import MOST_ROWS
from bot.blocks.list_message import ListView
from bot.blocks.text import channel_link, link
from bot.model import Message
from bot.query import Query
from bot.store.questions import Standing

log = structlog.get_logger(__name__)

_GO_ON = "To go on from this answer, mention me here: I do not read other replies."
STOPPED_SECS = 3.0
"""In which a file, cancelled in whatever process it is made, has ended."""
NO_LONGER_CHANGEABLE = frozenset(
    {"message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed", "is_archived"}
)
"""Slack's codes for a message that cannot show anything else any more."""


async def stands(
    services: Services, posted: Posted, question_id: str, user_id: str | None, shared_by: str | None
) -> None:
    """Remember whose message it is and what it shows, for follow-ups in its thread and for `redraw`."""
    standing = Standing(
        channel_id=posted.channel_id,
        ts=posted.ts,
        thread=posted.thread,
        question_id=question_id,
        shown_at=services.clock(),
        shared_by=shared_by,
        user_id=user_id,
    )
    await services.questions.stands(standing)


async def redraw(
    services: Services, reply: Reply, posted: Posted, drawing: Drawing, *, progress: bool = False
) -> bool:
    """Update a list message; False, and nothing done, when it shows another question by now.

    `progress` is left out when there is no turn for it, before anything is drawn, and while another update of
    the message is under way, which Slack may let wait.
    """
    if progress and (_lock(services, posted).locked() or not reply.take_turn(posted)):
        return False
    message = _drawn(services, drawing, read_by_all=not is_direct_message(posted.channel_id))
    return await put(services, reply, posted, message, drawing.question_id, progress=progress)


def _drawn(services: Services, drawing: Drawing, *, read_by_all: bool) -> Message:
    """Draw what a message shows; in a channel it ends with how to go on.

    A reply there that does not mention the bot never reaches it: reading along would need a right that it
    does not ask for.
    """
    message = drawing.message(services.clock())
    return with_last_line(message, _GO_ON) if read_by_all else message


async def put(
    services: Services,
    reply: Reply,
    posted: Posted,
    message: Message,
    question_id: str | None,
    *,
    progress: bool = False,
) -> bool:
    """Put anything in the place of a message, unless it shows another question than this by now.

    `progress` has a turn that was taken.
    """
    async with _lock(services, posted):
        standing = await services.questions.standing(posted.channel_id, posted.ts)
        if standing is not None and standing.question_id != question_id:
            return False
        if progress:
            return await reply.progress(posted, message)
        await reply.update(posted, message)
    return True


def _lock(services: Services, posted: Posted) -> asyncio.Lock:
    """Return the lock of a message: one update at a time, with the look at what it shows.

    Slack may let an update wait. One for the question before, looked at before and let through after, would
    overwrite the list of the new one.
    """
    return services.locks.setdefault((posted.channel_id, posted.ts), asyncio.Lock())


async def show_answer(answer: Answer, drawing: Drawing, place: Posted | None) -> Shown:
    """Post an answer, or put it in a message that showed another; remember where it stands, and say so.

    Raises ReplyError.
    """
    if place is not None and (replaced := await _replace(answer, drawing, place)) is not None:
        return replaced
    message = _drawn(answer.services, drawing, read_by_all=not answer.address.private)
    posted, sharer = await answer.reply.show(message), drawing.shared_by
    await stands(answer.services, posted, drawing.question_id, sharer or answer.question.user_id, sharer)
    await say_where(answer, posted, rows=drawing.calls)
    return Shown(posted=posted, rows=not drawing.empty, shared_by=sharer)


async def _replace(answer: Answer, drawing: Drawing, place: Posted) -> Shown | None:
    """Let a message show this answer from now on; None when it cannot be changed any more."""
    services, exports, user_id = answer.services, answer.services.exports, answer.address.user_id
    async with _lock(services, place):
        standing = await services.questions.standing(place.channel_id, place.ts)
        sharer = None if standing is None else standing.shared_by
        drawing = replace(drawing, shared_by=sharer)
        # First: what still works on the old one keeps away.
        await stands(services, place, drawing.question_id, sharer or answer.question.user_id, sharer)
        try:
            message = _drawn(services, drawing, read_by_all=not is_direct_message(place.channel_id))
            await answer.reply.update(place, message)
        except ReplyError as refused:
            if standing is not None:
                await services.questions.stands(standing)
            if refused.code not in NO_LONGER_CHANGEABLE:
                raise
            return None
    # The asker's file of the question before is cancelled, and what it still drew meanwhile is drawn over:
    # one made in another process knows nothing of the lock here.
    if (
        standing is not None
        and (before := standing.question_id) != drawing.question_id
        and await exports.press(before, cancel=True, user_id=user_id)
        and await exports.ended(before, user_id=user_id, within=STOPPED_SECS)
    ):
        try:
            await redraw(services, answer.reply, place, drawing)
        except ReplyError as refused:  # it stands there already
            log.info("not drawn over", code=refused.code)
    return Shown(posted=place, rows=not drawing.empty, shared_by=sharer)


def wants_glance(request: Request) -> bool:
    """Whether something is shown on the spot: after a command, or a click on what only its reader sees.

    A press in Home has no spot; its answer is in the direct message alone. What is shared was seen before.
    """
    if request.sharing is not None:
        return False
    if request.command:
        return True
    return request.click is not None and request.click.posted is None and bool(request.address.channel_id)


def elsewhere(request: Request, posted: Posted) -> bool:
    """Whether an answer stands somewhere else than it was asked, so that something is to be said there."""
    return posted.channel_id != request.address.channel_id


async def say_where(answer: Answer, posted: Posted | None, *, rows: int = 0) -> None:
    """Say to the asker only that the answer had to go to their direct messages, or where it was shared.

    What was shared is audited, with the `rows` that are shown.

    Nothing after a command, whose glance says it, and nothing to who did not ask just now. No step of its
    own: it belongs to the one that posted the answer.
    """
    if posted is None:
        return
    request, reply = answer.request, answer.reply.at(answer.address)
    if request.sharing is not None:
        asked, rows = (f"id:{answer.pick}", 1) if answer.pick else (asked_for(answer.query), rows)
        audit("share", answer.address, asked=asked, rows=rows, channel_id=posted.channel_id)
    if posted.moved_because is not None:
        if not wants_glance(request) and request.scheduled is None:
            address = await reply.link(posted)
            where = link(address, "your direct messages") if address else "your direct messages"
            await reply.glance(Message(text=f"I answered in {where}."))
    elif request.sharing is not None and elsewhere(request, posted):
        address = await answer.reply.link(posted)
        words = f"Shared in {channel_link(posted.channel_id) or 'the channel you chose'}."
        with contextlib.suppress(ReplyError):
            await reply.fail(Message(text=f"{words} {link(address, 'Show it')}" if address else words))


async def tell(answer: Answer, message: Message) -> None:
    """Say something that is no list: on the spot for a command, else where the answer would be.

    What a question that asks itself cannot be answered with is its owner's business alone.
    """
    if answer.request.scheduled is not None:
        await answer.reply.at(unseen(answer.address)).fail(message)
    elif wants_glance(answer.request):
        await answer.reply.fail(message)
    else:
        await show_notice(answer, message)


async def show_notice(answer: Answer, message: Message) -> Posted:
    """Post what is no list where the address says; in a channel, remember whose it is."""
    posted = await answer.reply.show(message)
    if not is_direct_message(posted.channel_id):
        shared_by = None if answer.request.sharing is None else answer.address.user_id
        await stands(answer.services, posted, "", answer.address.user_id, shared_by)
    await say_where(answer, posted)
    return posted


def unseen(address: Address) -> Address:
    """Return where the same person is reached and nobody else reads."""
    return msgspec.structs.replace(address, channel_id="", thread_ts=None, private=True, response_url=None)


async def draw_settled(
    services: Services, reply: Reply, posted: Posted, view: ListView, query: Query
) -> None:
    """Show a list in its message, ids filled in, with what works once everything is known."""
    outcome, sharer = view.outcome, await shared_by(services, posted)
    if not outcome.final:  # no fewer than there are on the screen, also while they are being counted
        outcome = msgspec.structs.replace(outcome, total=max(outcome.total, len(view.rows)))
    view = replace(view, ids=await services.ids.find(view.rows), shared_by=sharer)
    await redraw(services, reply, posted, settled(view, outcome, query))


async def draw_as_it_was(services: Services, address: Address, posted: Posted, question_id: str) -> None:
    """Draw a list's message as it stands by what is kept of its question.

    Nothing is drawn where the question is not known any more, is still being answered, where others read by
    now, or on another person's message. Raises ReplyError and what the client raises.
    """
    if not await belongs_to(services, posted, address.user_id):
        return
    question = await services.questions.get(question_id)
    if question is None or question.outcome is None:
        return
    if not address.private and await services.people.audience(address) is not None:
        return
    query = query_of(services, question)
    if query.report is not None:
        return  # a report stands as it is while its file is made
    read, rows = await count_rows(query, services.conversations, limit=MOST_ROWS, first=MOST_ROWS)
    # What came of it is read last: it may have changed meanwhile.
    question = await services.questions.get(question_id) or question
    outcome = msgspec.structs.replace(outcome_of(question), as_of=read.as_of)
    view = first_view(question, query, rows, outcome, ids={})
    await draw_settled(services, services.reply_to(address), posted, view, query)


async def belongs_to(services: Services, posted: Posted | None, user_id: str) -> bool:
    """Whether this person may change a message: all of what only they see, and what they asked or shared.

    Where nobody knows whose a message in a channel is, it is nobody's.
    """
    if posted is None or is_direct_message(posted.channel_id):
        return True
    standing = await services.questions.standing(posted.channel_id, posted.ts)
    if standing is None:
        return False
    if (whose := standing.user_id or standing.shared_by) is None:
        question = await services.questions.get(standing.question_id)
        whose = None if question is None else question.user_id
    return whose == user_id


async def shared_by(services: Services, posted: Posted) -> str | None:
    standing = await services.questions.standing(posted.channel_id, posted.ts)
    return None if standing is None else standing.shared_by


async def unfinished(answer: Answer) -> tuple[Posted, str | None] | None:
    """Return the message of this answer that still says "preparing" or "looking", if there is one.

    With it the question whose list it is; None for a message that is no list.
    """
    shown = await answer.steps.recorded(LIST)
    if shown is not None and shown.posted is not None and shown.rows:
        return None if await _settled(answer) else (shown.posted, await question_of(answer))
    for index in range(MOST_OPENED):
        looking = await answer.steps.recorded(LOOKING.number(index))
        if looking is not None and await answer.steps.recorded(CALL.number(index)) is None:
            return looking.posted, None
    return None


async def _settled(answer: Answer) -> bool:
    return any([await answer.steps.recorded(step) is not None for step in (SETTLE, NO_CSV)])


async def draw_back(answer: Answer) -> bool:
    """Let a list that still says "preparing" show what is kept: its file was sent, or was there before.

    Returns whether nothing else is to be said, because the file of this answer was sent.
    """
    services, click, question_id = answer.services, answer.request.click, await question_of(answer)
    again = click is not None and act.base(click.action_id) in {act.CSV, act.SEND_ALL}
    shown = await answer.steps.recorded(LIST)
    posted = answer.posted if again else None if shown is None else shown.posted
    if posted is None or question_id is None or await _settled(answer):
        return False
    sent = await answer.steps.recorded(CSV)
    if not again and sent is None:
        return False
    if sent is not None:
        await services.questions.set_outcome(question_id, sent)
    try:
        await draw_as_it_was(services, answer.address, posted, question_id)
    except Exception as error:  # noqa: BLE001 - then the words are said beside it
        log.info("not drawn back", error=type(cause(error)).__name__)
        return False
    return sent is not None


async def say_in_its_place(answer: Answer, message: Message) -> bool:
    """Put words without data where this answer still promises something, also in a channel.

    Returns whether they stand there: not when Slack refuses, or the message shows another question by now.
    """
    if (left := await unfinished(answer)) is None:
        return False
    posted, question_id = left
    address = msgspec.structs.replace(answer.address, channel_id=posted.channel_id, private=False)
    try:
        return await put(answer.services, answer.reply.at(address), posted, message, question_id)
    except ReplyError as refused:
        log.info("not said in its place", code=refused.code)
        return False


async def question_of(answer: Answer) -> str | None:
    """Return the question that is answered: as it was understood, or the one whose button was pressed."""
    understood = await answer.steps.recorded(UNDERSTAND)
    if understood is not None:
        return understood.question_id
    if (own := await answer.steps.recorded(OWN_QUESTION)) is not None:
        return own
    try:
        click = answer.request.click
        return None if click is None else act.decode(click.value).question_id
    except BadValueError:
        return None
