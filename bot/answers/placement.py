"""Where answers and notices stand, and what is said of it where they were asked for.

A message belongs to the question it shows, until Filters gives it another: what is still being worked on for
the question before then no longer touches it. One that still promises something has to say so when nothing
more comes.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.access import asked_for, audit
from bot.answers.answer import (
    CALL,
    LIST,
    LOOKING,
    MOST_OPENED,
    NO_CSV,
    OWN_QUESTION,
    SETTLE,
    UNDERSTAND,
    Answer,
    Request,
    Services,
    Shown,
)
from bot.answers.ports import Address, Posted, Reply, ReplyError, is_direct_message
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError
from bot.blocks.block_elements import Drawing, with_last_line
from bot.blocks.text import channel_link, clock, link, weekday
from bot.model import Message
from bot.store.questions import Standing

log = structlog.get_logger(__name__)

_GO_ON = "To go on from this answer, mention me here: I do not read other replies."
LATE_SECS = 300.0
"""After this what was not asked for just now says that it is late."""
STOPPED_SECS = 3.0
"""In which a file, cancelled in whatever process it is made, has ended."""
_STAYS_AS_IT_IS = frozenset(
    {"channel_not_found", "not_in_channel", "cant_update_message", "edit_window_closed", "is_archived"}
)
NO_LONGER_CHANGEABLE = _STAYS_AS_IT_IS | {"message_not_found"}
"""Slack's codes for a message that cannot show anything else any more; that last one is gone."""

_MOVED = {
    "is_ext_shared": "Answered here because that channel is shared with another company",
    "not_in_channel": "Answered here because I am not in that channel: /invite me there",
    "is_archived": "Answered here because that channel is archived",
    "asker_not_in_channel": "Answered here because you are not a member of that channel",
    "unknown_audience": "Answered here because Slack does not tell me who reads that channel",
}


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

    `progress` is left out without a turn for it, and while another update of the message is under way.
    """
    lock = services.locks.setdefault((posted.channel_id, posted.ts), asyncio.Lock())
    if progress and lock.locked():
        return False
    draw = partial(_drawn, services, drawing, read_by_all=not is_direct_message(posted.channel_id))
    async with lock:
        standing = await services.questions.standing(posted.channel_id, posted.ts)
        if standing is not None and standing.question_id != drawing.question_id:
            return False
        if progress:
            return await reply.progress(posted, draw)
        await reply.update(posted, draw())
    return True


async def redraw_to_stay(answer: Answer, posted: Posted, drawing: Drawing) -> Posted | None:
    """Let a message show how its answer ended; returns where that stands, None when nowhere.

    One that still promises something and cannot be changed any more is followed by another.
    """
    try:
        return posted if await redraw(answer.services, answer.reply, posted, drawing) else None
    except ReplyError as refused:
        if refused.code not in _STAYS_AS_IT_IS:
            raise
        log.info("posted anew", code=refused.code)
    return (await show_answer(answer, drawing, None)).posted


def _drawn(services: Services, drawing: Drawing, *, read_by_all: bool) -> Message:
    """Draw what a message shows; in a channel it says how to go on, as replies there do not reach us."""
    message = drawing.message(services.clock())
    return with_last_line(message, _GO_ON) if read_by_all else message


def introduction(answer: Answer) -> tuple[tuple[str, ...], str | None]:
    """Return why something is shown unasked, and who posts it for all: "" a schedule, None if private."""
    request = answer.request
    if request.sharing is not None:
        return (), answer.address.user_id
    if request.scheduled is None:
        return (), None
    due, zone = request.scheduled.due, ZoneInfo(answer.question.tz)
    why = [f"“{request.scheduled.name}”, asked {request.scheduled.schedule}"]
    if answer.services.clock() - due > LATE_SECS:
        why.append(f"late: it was due {weekday(due, zone)} {clock(due, zone)}")
        if skipped := request.scheduled.skipped:
            why[-1] += f", and {skipped} earlier {'time was' if skipped == 1 else 'times were'} missed"
    return tuple(why), None if request.address.private else ""


async def show_answer(answer: Answer, drawing: Drawing, place: Posted | None) -> Shown:
    """Post an answer, or put it in a message that showed another, and say where. Raises ReplyError."""
    if place is not None and (replaced := await _replace(answer, drawing, place)) is not None:
        return replaced
    message = _drawn(answer.services, drawing, read_by_all=not answer.address.private)
    posted, sharer = await answer.reply.show(message), drawing.shared_by
    if why := moved(posted):  # it was drawn for where it may not stand
        drawing = replace(drawing, notes=(*drawing.notes, *why))
        with contextlib.suppress(ReplyError):
            await answer.reply.update(posted, drawing.message(answer.services.clock()))
    await stands(answer.services, posted, drawing.question_id, sharer or answer.question.user_id, sharer)
    await say_where(answer, posted, rows=drawing.calls)
    return Shown(posted=posted, rows=not drawing.empty, shared_by=sharer)


async def _replace(answer: Answer, drawing: Drawing, place: Posted) -> Shown | None:
    """Let a message show this answer from now on; None when it cannot be changed any more."""
    services, exports, user_id = answer.services, answer.services.exports, answer.address.user_id
    async with services.locks.setdefault((place.channel_id, place.ts), asyncio.Lock()):
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
    """Whether something is shown on the spot: after a command, or a click on what only its reader sees."""
    if request.sharing is not None:
        return False
    if request.command:
        return True
    return request.click is not None and request.click.posted is None and bool(request.address.channel_id)


def moved(posted: Posted) -> tuple[str, ...]:
    """Say why an answer is not where it was asked; nothing when it is."""
    if posted.moved_because is None:
        return ()
    return (_MOVED.get(posted.moved_because, "Answered here because I may not post in that channel"),)


async def say_where(answer: Answer, posted: Posted | None, *, rows: int = 0) -> None:
    """Say to the asker only that the answer went to their direct messages, or where it was shared (audited).

    No step of its own: it belongs to the one that posted the answer.
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
    elif request.sharing is not None and posted.channel_id != request.address.channel_id:
        address = await answer.reply.link(posted)
        words = f"Shared in {channel_link(posted.channel_id) or 'the channel you chose'}."
        with contextlib.suppress(ReplyError):
            await reply.fail(Message(text=f"{words} {link(address, 'Show it')}" if address else words))


async def tell(answer: Answer, message: Message) -> None:
    """Say something that is no list: on the spot for a command, to the owner of a schedule."""
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


async def belongs_to(services: Services, posted: Posted | None, user_id: str) -> bool:
    """Whether this person may change a message: what only they see, asked or shared; never an unknown one."""
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
    """Return the message of this answer that still says "preparing" or "looking", and its question."""
    shown = await answer.steps.recorded(LIST)
    if shown is not None and shown.posted is not None and shown.rows:
        return None if await is_settled(answer) else (shown.posted, await question_of(answer))
    for index in range(MOST_OPENED):
        looking = await answer.steps.recorded(LOOKING.number(index))
        if looking is not None and await answer.steps.recorded(CALL.number(index)) is None:
            return looking.posted, None
    return None


async def is_settled(answer: Answer) -> bool:
    """Whether the list of an answer stands as it stays."""
    return any([await answer.steps.recorded(step) is not None for step in (SETTLE, NO_CSV)])


async def say_in_its_place(answer: Answer, message: Message) -> bool:
    """Put words without data where this answer still promises something; returns whether they stand there."""
    if (left := await unfinished(answer)) is None:
        return False
    services, (posted, question_id) = answer.services, left
    address = msgspec.structs.replace(answer.address, channel_id=posted.channel_id, private=False)
    try:
        async with services.locks.setdefault((posted.channel_id, posted.ts), asyncio.Lock()):
            standing = await services.questions.standing(posted.channel_id, posted.ts)
            if standing is None or standing.question_id == question_id:
                await answer.reply.at(address).update(posted, message)
                return True
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
