"""Where questions are shown: a list message belongs to the question it shows, until Filters gives it another.

What is still being worked on for the question before then no longer touches the message.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from weakref import WeakValueDictionary

import structlog

from bot.answers.answer import Answer
from bot.answers.listing import Listing
from bot.answers.ports import Posted, Reply, ReplyError
from bot.answers.services import Services
from bot.answers.steps import Shown
from bot.model import Message

log = structlog.get_logger(__name__)

_locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
"""Those of messages that are being updated."""
STOPPED_SECS = 3.0
"""In which a file, cancelled in whatever process it is made, has ended."""
NO_LONGER_CHANGEABLE = frozenset(
    {"message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed", "is_archived"}
)
"""Slack's codes for a message that cannot show anything else any more."""


async def remember_place(services: Services, listing: Listing, posted: Posted) -> None:
    """Remember that a message shows a question, for follow-ups in its thread and for `redraw`."""
    await services.questions.stands(
        listing.question.question_id,
        channel_id=posted.channel_id,
        ts=posted.ts,
        thread=posted.thread,
        shared_by=listing.shared_by,
    )


async def redraw(
    services: Services, reply: Reply, posted: Posted, listing: Listing, *, progress: bool = False
) -> bool:
    """Update a list message; False, and nothing done, when it shows another question by now.

    `progress`: nor when there is no turn for that.
    """
    message = listing.message(services.clock())
    question_id = listing.question.question_id
    return await put(services, reply, posted, message, question_id=question_id, progress=progress)


async def put(
    services: Services,
    reply: Reply,
    posted: Posted,
    message: Message,
    *,
    question_id: str | None,
    progress: bool = False,
) -> bool:
    """Put anything in the place of a message, unless it shows another question than this by now.

    `progress` is left out while another update of the message is under way, which Slack may let wait.
    """
    lock = _alone(posted)
    if progress and lock.locked():
        return False
    async with lock:
        standing = await services.questions.standing(posted.channel_id, posted.ts)
        if standing is not None and standing.question_id != question_id:
            return False
        if progress:
            return await reply.progress(posted, message)
        await reply.update(posted, message)
    return True


def _alone(posted: Posted) -> asyncio.Lock:
    """Return the lock of a message: one update at a time, with the look at what it shows.

    Slack may let an update wait. One for the question before, looked at before and let through after, would
    overwrite the list of the new one.
    """
    return _locks.setdefault((posted.channel_id, posted.ts), asyncio.Lock())


async def show_list(answer: Answer, listing: Listing, place: Posted | None) -> Shown:
    """Post a list, or put it in a message that showed another; remember where it stands.

    Raises ReplyError.
    """
    if place is not None and (shown := await _replace(answer, listing, place)) is not None:
        return shown
    posted = await answer.reply.show(listing.message(answer.services.clock()))
    await remember_place(answer.services, listing, posted)
    return Shown(posted=posted, rows=not listing.empty, shared_by=listing.shared_by)


async def _replace(answer: Answer, listing: Listing, place: Posted) -> Shown | None:
    """Let a message show this list from now on; None when it cannot be changed any more."""
    services = answer.services
    async with _alone(place):
        standing = await services.questions.standing(place.channel_id, place.ts)
        listing = replace(listing, shared_by=None if standing is None else standing.shared_by)
        await remember_place(services, listing, place)  # first: what still works on the old one keeps away
        try:
            await answer.reply.update(place, listing.message(services.clock()))
        except ReplyError as refused:
            if standing is not None:
                former = {"channel_id": place.channel_id, "ts": place.ts, "thread": place.thread}
                await services.questions.stands(standing.question_id, **former, shared_by=standing.shared_by)
            if refused.code not in NO_LONGER_CHANGEABLE:
                raise
            return None
    if standing is not None and standing.question_id != listing.question.question_id:
        await _stop(answer, listing, place, standing.question_id)
    return Shown(posted=place, rows=not listing.empty, shared_by=listing.shared_by)


async def _stop(answer: Answer, listing: Listing, place: Posted, before: str) -> None:
    """Cancel the asker's file of the question before; what it still drew meanwhile is drawn over.

    A file made in another process knows nothing of the lock here.
    """
    exports, user_id = answer.services.exports, answer.user_id
    cancelled = await exports.press(before, cancel=True, user_id=user_id)
    if cancelled and await exports.ended(before, user_id=user_id, within=STOPPED_SECS):
        try:
            await redraw(answer.services, answer.reply, place, listing)
        except ReplyError as refused:  # it stands there already
            log.info("not drawn over", code=refused.code)
