"""Share: list and file for all in the channel where the question was asked, with who shared them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import structlog

from bot.answers.answer import Answer
from bot.answers.asking import Asking
from bot.answers.audit import asked_for, audit
from bot.answers.error_messages import cannot_share
from bot.answers.newest import newest, newest_again
from bot.answers.notices import elsewhere
from bot.answers.places import remember_place
from bot.answers.ports import Posted, ReplyError
from bot.answers.services import Services
from bot.answers.steps import REFUSE, SHARE
from bot.answers.unfinished import say_in_its_place, unfinished
from bot.blocks.call_table import PAGE
from bot.blocks.notice_messages import Trouble, trouble_message
from bot.blocks.text import channel_link, link
from bot.model import Message

log = structlog.get_logger(__name__)


class Sharing:
    """Shares answers, where that is allowed."""

    def __init__(self, services: Services, asking: Asking) -> None:
        self._services = services
        self._asking = asking

    async def share(self, answer: Answer) -> None:
        """Post list and file in the channel where it was asked, with who shared it."""
        channel_id = answer.question.channel_id
        address = answer.request.address.in_channel(channel_id)
        refused = await self._services.people.barred(address)
        if refused is not None:
            words = cannot_share(refused)
            message = trouble_message(Trouble(headline=words.headline, next_step=words.next_step))
            await answer.once(REFUSE, lambda answer: self._refuse(answer, channel_id, message))
            return
        # Where it was asked once may be outside ALLOWED_CHANNELS by now.
        may_not = (await self._services.people.asker(address)).refused
        if may_not is not None:
            told = Message(text=may_not)
            await answer.once(REFUSE, lambda answer: self._refuse(answer, channel_id, told))
            return
        begun = await answer.recorded(SHARE) is not None
        read = newest_again if begun else newest
        listing = await read(self._services, answer.question, answer.query)
        listing = replace(listing, shared_by=answer.request.address.user_id)

        async def show(answer: Answer) -> Posted:
            posted = await answer.reply.at(address).show(listing.message(self._services.clock()))
            _audit_share(answer, "sent", posted.channel_id, rows=min(len(listing.rows), PAGE))
            await remember_place(self._services, listing, posted)
            if posted.moved_because is None and elsewhere(answer.request, posted):
                await self._tell(answer, posted)
            return posted

        posted = await answer.run(SHARE, show)
        await self._asking.file(answer.with_reply(answer.reply.at(address)), listing, posted)

    async def _tell(self, answer: Answer, posted: Posted) -> None:
        """Say to who pressed where it is now, which is not where they are looking."""
        address = await answer.reply.link(posted)
        words = f"Shared in {channel_link(posted.channel_id) or 'the channel where it was asked'}."
        try:
            await answer.reply.fail(Message(text=f"{words} {link(address, 'Show it')}" if address else words))
        except ReplyError as refused:
            log.info("not told where it was shared", code=refused.code)

    async def _refuse(self, answer: Answer, channel_id: str, message: Message) -> None:
        _audit_share(answer, "refused", channel_id, rows=0)
        left = await unfinished(answer)
        if left is not None:  # shown before a crash, when it was still allowed
            await say_in_its_place(answer, left, message)
        await answer.reply.fail(message)


def _audit_share(answer: Answer, outcome: Literal["sent", "refused"], channel_id: str, *, rows: int) -> None:
    address = answer.request.address
    audit(
        "share",
        user_id=address.user_id,
        team_id=address.team_id,
        asked=asked_for(answer.query),
        rows=rows,
        channel_id=channel_id,
        outcome=outcome,
    )
