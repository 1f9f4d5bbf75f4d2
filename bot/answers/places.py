"""Where questions are shown: a list message belongs to the question it shows, until Filters gives it another.

What is still being worked on for the question before then no longer touches the message.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from bot.answers.listing import Listing
from bot.answers.reply import Posted, Reply, ReplyError
from bot.answers.services import Services

NO_LONGER_CHANGEABLE = frozenset(
    {"message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed", "is_archived"}
)
"""Slack's codes for a message that cannot show anything else any more."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Checkpoint: the list message is posted."""

    posted: Posted | None
    rows: bool = True
    """Whether there is anything to list, so that a file follows."""
    shared_by: str | None = None


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
    standing = await services.questions.standing(posted.channel_id, posted.ts)
    if standing is not None and standing.question_id != listing.question.question_id:
        return False
    message = listing.message(services.clock())
    if progress:
        return await reply.progress(posted, message)
    await reply.update(posted, message)
    return True


async def show_list(services: Services, listing: Listing, reply: Reply, place: Posted | None) -> Shown:
    """Post a list, or put it in a message that showed another; remember where it stands.

    Raises ReplyError.
    """
    if place is not None and (shown := await _replace(services, listing, reply, place)) is not None:
        return shown
    posted = await reply.show(listing.message(services.clock()))
    await remember_place(services, listing, posted)
    return Shown(posted=posted, rows=not listing.empty, shared_by=listing.shared_by)


async def _replace(services: Services, listing: Listing, reply: Reply, place: Posted) -> Shown | None:
    """Let a message show this list from now on; None when it cannot be changed any more."""
    standing = await services.questions.standing(place.channel_id, place.ts)
    listing = replace(listing, shared_by=None if standing is None else standing.shared_by)
    await remember_place(services, listing, place)  # first: what still works on the old one keeps away
    try:
        await reply.update(place, listing.message(services.clock()))
    except ReplyError as refused:
        if standing is not None:
            former = {"channel_id": place.channel_id, "ts": place.ts, "thread": place.thread}
            await services.questions.stands(standing.question_id, **former, shared_by=standing.shared_by)
        if refused.code not in NO_LONGER_CHANGEABLE:
            raise
        return None
    if standing is not None:
        await services.exports.press(standing.question_id, cancel=True, user_id=reply.asker_id)
    return Shown(posted=place, rows=not listing.empty, shared_by=listing.shared_by)
