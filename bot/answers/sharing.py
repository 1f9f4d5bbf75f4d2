"""Share: list and file for all in the channel where the question was asked, with who shared them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import structlog

from bot.answers.access import address_for, asked_for, audit
from bot.answers.answer import Answer
from bot.answers.notices import cannot_share_message, elsewhere
from bot.answers.ports import Address, Posted, ReplyError
from bot.answers.question.csv_file import send_csv
from bot.answers.question.list_placement import remember_place
from bot.answers.question.list_rows import newest, newest_again
from bot.answers.steps import REFUSE, SHARE
from bot.answers.unfinished import say_in_its_place, unfinished
from bot.blocks.call_table import PAGE
from bot.blocks.text import channel_link, link
from bot.model import Message

log = structlog.get_logger(__name__)


async def share(answer: Answer) -> None:
    """Post list and file in the channel where it was asked, with who shared it."""
    services, channel_id = answer.services, answer.question.channel_id
    address = answer.address.in_channel(channel_id)
    told = await _refusal(answer, address)
    if told is not None:
        await answer.once(REFUSE, lambda answer: _refuse(answer, channel_id, told))
        return
    answer = answer.with_reply(answer.reply.at(address))
    begun = await answer.recorded(SHARE) is not None
    read = newest_again if begun else newest
    listing = await read(services, answer.question, answer.query)
    listing = replace(listing, shared_by=answer.user_id)

    async def show(answer: Answer) -> Posted:
        posted = await answer.reply.show(listing.message(services.clock()))
        _audit_share(answer, "sent", posted.channel_id, rows=min(len(listing.rows), PAGE))
        await remember_place(services, listing, posted)
        if posted.moved_because is None and elsewhere(answer.request, posted):
            await _say_where(answer, posted)
        return posted

    posted = await answer.run(SHARE, show)
    await send_csv(answer, listing, posted)


async def _refusal(answer: Answer, address: Address) -> Message | None:
    """Return why nothing may be shared there; None when it may."""
    people = answer.services.people
    refused = await people.barred(address)
    if refused is not None:
        return cannot_share_message(refused)
    # Where it was asked once may be outside ALLOWED_CHANNELS by now.
    may_not = (await people.asker(address)).refused
    return None if may_not is None else Message(text=may_not)


async def _say_where(answer: Answer, posted: Posted) -> None:
    """Say to who pressed where it is now, which is not where they are looking."""
    reply = answer.reply.at(address_for(answer.request, answer.asker))
    address = await reply.link(posted)
    words = f"Shared in {channel_link(posted.channel_id) or 'the channel where it was asked'}."
    try:
        await reply.fail(Message(text=f"{words} {link(address, 'Show it')}" if address else words))
    except ReplyError as refused:
        log.info("not told where it was shared", code=refused.code)


async def _refuse(answer: Answer, channel_id: str, message: Message) -> None:
    _audit_share(answer, "refused", channel_id, rows=0)
    left = await unfinished(answer)
    if left is not None:  # shown before a crash, when it was still allowed
        await say_in_its_place(answer, left, message)
    await answer.reply.fail(message)


def _audit_share(answer: Answer, outcome: Literal["sent", "refused"], channel_id: str, *, rows: int) -> None:
    address = answer.address
    audit(
        "share",
        user_id=address.user_id,
        team_id=address.team_id,
        asked=asked_for(answer.query),
        rows=rows,
        channel_id=channel_id,
        outcome=outcome,
    )
