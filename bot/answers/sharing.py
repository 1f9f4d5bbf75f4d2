"""Share: list and file for all in the channel where the question was asked, with who shared them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import structlog

from bot.answers.asking import Asking
from bot.answers.audit import asked_for, audit
from bot.answers.clicked import Clicked, once
from bot.answers.newest import newest, newest_again
from bot.answers.places import remember_place
from bot.answers.reply import Posted, ReplyError
from bot.answers.services import Services
from bot.answers.telling import elsewhere
from bot.answers.unfinished import say_in_its_place, unfinished
from bot.answers.words import cannot_share
from bot.blocks.rows import PAGE
from bot.blocks.text import channel_link, link
from bot.blocks.trouble import Trouble, trouble_message
from bot.model import Message

log = structlog.get_logger(__name__)


class Sharing:
    """Shares answers, where that is allowed."""

    def __init__(self, services: Services, asking: Asking) -> None:
        self._services = services
        self._asking = asking

    async def share(self, clicked: Clicked) -> None:
        """Post list and file in the channel where it was asked, with who shared it."""
        channel_id = clicked.question.channel_id
        address = clicked.request.address.in_channel(channel_id)
        refused = await self._services.people.barred(address)
        if refused is not None:
            words = cannot_share(refused)
            message = trouble_message(Trouble(headline=words.headline, next_step=words.next_step))
            await once(clicked.steps, "refuse", lambda: self._refuse(clicked, channel_id, message))
            return
        # Where it was asked once may be outside ALLOWED_CHANNELS by now.
        may_not = (await self._services.people.asker(address)).refused
        if may_not is not None:
            told = Message(text=may_not)
            await once(clicked.steps, "refuse", lambda: self._refuse(clicked, channel_id, told))
            return
        reply = self._services.replies.to(address)
        begun = await clicked.steps.recorded("share", Posted) is not None
        read = newest_again if begun else newest
        listing = await read(self._services, clicked.question, clicked.query)
        listing = replace(listing, shared_by=clicked.request.address.user_id)

        async def show() -> Posted:
            posted = await reply.show(listing.message(self._services.clock()))
            _audit_share(clicked, "sent", posted.channel_id, rows=min(len(listing.rows), PAGE))
            await remember_place(self._services, listing, posted)
            if posted.moved_because is None and elsewhere(clicked.request, posted):
                await self._tell(clicked, posted)
            return posted

        posted = await clicked.steps.run("share", show, Posted)
        await self._asking.file(listing, posted, reply, clicked.steps, clicked.request)

    async def _tell(self, clicked: Clicked, posted: Posted) -> None:
        """Say to who pressed where it is now, which is not where they are looking."""
        address = await clicked.reply.link(posted)
        words = f"Shared in {channel_link(posted.channel_id) or 'the channel where it was asked'}."
        try:
            await clicked.reply.fail(
                Message(text=f"{words} {link(address, 'Show it')}" if address else words)
            )
        except ReplyError as refused:
            log.info("not told where it was shared", code=refused.code)

    async def _refuse(self, clicked: Clicked, channel_id: str, message: Message) -> None:
        _audit_share(clicked, "refused", channel_id, rows=0)
        left = await unfinished(clicked.request, clicked.steps)
        if left is not None:  # shown before a crash, when it was still allowed
            await say_in_its_place(self._services, clicked.request, left, message)
        await clicked.reply.fail(message)


def _audit_share(
    clicked: Clicked, outcome: Literal["sent", "refused"], channel_id: str, *, rows: int
) -> None:
    address = clicked.request.address
    audit(
        "share",
        user_id=address.user_id,
        team_id=address.team_id,
        asked=asked_for(clicked.query),
        rows=rows,
        channel_id=channel_id,
        outcome=outcome,
    )
