"""Where questions are shown: a list message belongs to the question it shows, until Filters gives it another.

What is still being worked on for the question before then no longer touches the message.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, ClassVar, Protocol

import msgspec
import structlog

from bot.answers.answer import Answer, Services
from bot.answers.ports import Address, Posted, Reply, ReplyError, is_direct_message
from bot.answers.question.listing import Listing
from bot.answers.question.matching_rows import count_rows
from bot.answers.question.outcome import Outcome, outcome_of
from bot.answers.steps import Shown
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.call_table import MOST_ROWS
from bot.blocks.file_progress import Count
from bot.blocks.limits import with_last_line
from bot.model import Message
from bot.store.questions import Question

log = structlog.get_logger(__name__)

_GO_ON = "To go on from this answer, mention me here: I do not read other replies."
STOPPED_SECS = 3.0
"""In which a file, cancelled in whatever process it is made, has ended."""
NO_LONGER_CHANGEABLE = frozenset(
    {"message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed", "is_archived"}
)
"""Slack's codes for a message that cannot show anything else any more."""


class OnScreen(Protocol):
    """What a message shows of a question: a state of its list or of its report."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def question(self) -> Question: ...

    @property
    def shared_by(self) -> str | None: ...

    @property
    def empty(self) -> bool:
        """Whether there is nothing on it, and nothing comes."""

    def message(self, now: float) -> Message: ...


async def remember_place(services: Services, listing: OnScreen, posted: Posted) -> None:
    """Remember that a message shows a question, for follow-ups in its thread and for `redraw`."""
    await services.questions.stands(
        listing.question.question_id,
        channel_id=posted.channel_id,
        ts=posted.ts,
        thread=posted.thread,
        user_id=listing.shared_by or listing.question.user_id,
        shared_by=listing.shared_by,
    )


async def redraw(
    services: Services, reply: Reply, posted: Posted, listing: OnScreen, *, progress: bool = False
) -> bool:
    """Update a list message; False, and nothing done, when it shows another question by now.

    `progress`: nor when there is no turn for that.
    """
    message = _drawn(services, listing, read_by_all=not is_direct_message(posted.channel_id))
    question_id = listing.question.question_id
    return await put(services, reply, posted, message, question_id=question_id, progress=progress)


def _drawn(services: Services, listing: OnScreen, *, read_by_all: bool) -> Message:
    """Draw what a message shows; in a channel it ends with how to go on.

    A reply there that does not mention the bot never reaches it: reading along would need a right that it
    does not ask for.
    """
    message = listing.message(services.clock())
    return with_last_line(message, _GO_ON) if read_by_all else message


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
    lock = _lock(services, posted)
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


def _lock(services: Services, posted: Posted) -> asyncio.Lock:
    """Return the lock of a message: one update at a time, with the look at what it shows.

    Slack may let an update wait. One for the question before, looked at before and let through after, would
    overwrite the list of the new one.
    """
    return services.message_locks.setdefault((posted.channel_id, posted.ts), asyncio.Lock())


async def show_list(answer: Answer, listing: OnScreen, place: Posted | None) -> Shown:
    """Post a list, or put it in a message that showed another; remember where it stands.

    Raises ReplyError.
    """
    if place is not None and (shown := await _replace(answer, listing, place)) is not None:
        return shown
    message = _drawn(answer.services, listing, read_by_all=not answer.address.private)
    posted = await answer.reply.show(message)
    await remember_place(answer.services, listing, posted)
    return Shown(posted=posted, rows=not listing.empty, shared_by=listing.shared_by)


async def _replace(answer: Answer, listing: OnScreen, place: Posted) -> Shown | None:
    """Let a message show this list from now on; None when it cannot be changed any more."""
    services = answer.services
    async with _lock(services, place):
        standing = await services.questions.standing(place.channel_id, place.ts)
        listing = replace(listing, shared_by=None if standing is None else standing.shared_by)
        await remember_place(services, listing, place)  # first: what still works on the old one keeps away
        try:
            message = _drawn(services, listing, read_by_all=not is_direct_message(place.channel_id))
            await answer.reply.update(place, message)
        except ReplyError as refused:
            if standing is not None:
                await services.questions.stands(
                    standing.question_id,
                    channel_id=place.channel_id,
                    ts=place.ts,
                    thread=place.thread,
                    user_id=standing.user_id,
                    shared_by=standing.shared_by,
                )
            if refused.code not in NO_LONGER_CHANGEABLE:
                raise
            return None
    if standing is not None and standing.question_id != listing.question.question_id:
        await _stop(answer, listing, place, standing.question_id)
    return Shown(posted=place, rows=not listing.empty, shared_by=listing.shared_by)


async def _stop(answer: Answer, listing: OnScreen, place: Posted, before: str) -> None:
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


async def draw_settled(
    services: Services, reply: Reply, posted: Posted, listing: Listing, outcome: Outcome
) -> None:
    """Show rows in a list's message, ids filled in, with what works once everything is known."""
    if not outcome.final:  # no fewer than there are on the screen, also while they are being counted
        outcome = msgspec.structs.replace(outcome, total=max(outcome.total, len(listing.rows)))
    listing = replace(
        listing,
        ids=await services.ids.find(listing.rows),
        shared_by=await shared_by(services, posted),
    ).settled(outcome, as_of=listing.as_of)
    await redraw(services, reply, posted, listing)


async def draw_as_it_was(services: Services, address: Address, posted: Posted, value: str) -> None:
    """Draw a list's message as it stands by what is kept of its question: `value` is what its buttons carry.

    Nothing is drawn where the question is not known any more, is still being answered, where others read by
    now, or on another person's message. Raises BadValueError, ReplyError and what the client raises.
    """
    if not await belongs_to(services, posted, address.user_id):
        return
    pointer = act.decode(value)
    question = await services.questions.get(pointer.question_id)
    if question is None or question.outcome is None:
        return
    if not address.private and await services.people.audience(address) is not None:
        return
    query = query_of(question, week_start=services.week_start)
    if query.report is not None:
        return  # a report stands as it is while its file is made
    read, rows = await count_rows(query, services.conversations, limit=MOST_ROWS, first=MOST_ROWS)
    listing = Listing(question, query, rows, {}, Count(read.total), read.as_of)
    # What came of it is read last: it may have changed meanwhile.
    question = await services.questions.get(pointer.question_id) or question
    await draw_settled(services, services.replies.to(address), posted, listing, outcome_of(question))


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


async def shared_by(services: Services, posted: Posted | None) -> str | None:
    """Return who shared a message, if it was shared."""
    standing = None if posted is None else await services.questions.standing(posted.channel_id, posted.ts)
    return None if standing is None else standing.shared_by
