"""Where questions are shown: a list message belongs to the question it shows, until Filters gives it another.

What is still being worked on for the question before then no longer touches the message.
"""

from __future__ import annotations

from bot.answers.listing import Listing
from bot.answers.reply import Posted, Reply
from bot.answers.services import Services


async def remember_place(services: Services, listing: Listing, posted: Posted) -> None:
    """Remember that a message shows a question, for follow-ups in its thread and for `redraw`."""
    await services.questions.stands(
        listing.question.question_id,
        channel_id=posted.channel_id,
        ts=posted.ts,
        thread=posted.thread,
        shared_by=listing.shared_by,
    )


async def redraw(services: Services, reply: Reply, posted: Posted, listing: Listing) -> bool:
    """Update a list message; False, and nothing done, when it shows another question by now."""
    standing = await services.questions.standing(posted.channel_id, posted.ts)
    if standing is not None and standing.question_id != listing.question.question_id:
        return False
    await reply.update(posted, listing.message(services.clock()))
    return True
