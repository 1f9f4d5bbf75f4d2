"""The message of an answer that still promises something; when nothing more comes, it has to say so."""

from __future__ import annotations

import msgspec
import structlog

from bot.answers.listing import Outcome
from bot.answers.opening import MOST, Looking
from bot.answers.places import Shown, put
from bot.answers.reply import Filed, Posted, ReplyError
from bot.answers.request import Request
from bot.answers.services import Services
from bot.answers.understanding import Understood
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError
from bot.model import Message
from bot.store.durable import Steps

log = structlog.get_logger(__name__)


class Unfinished(msgspec.Struct, frozen=True, kw_only=True):
    """A message that says "preparing", "looking" or what file is to come."""

    posted: Posted
    question_id: str | None = None
    """The question whose list it is; None for a message that is no list."""


async def unfinished(request: Request, steps: Steps) -> Unfinished | None:
    """Return the message of this answer that still promises something, if there is one."""
    shown = await steps.recorded("list", Shown) or Shown(posted=await steps.recorded("share", Posted))
    if shown.posted is not None and shown.rows:
        if await steps.recorded("file", Outcome) or await steps.recorded("no file", bool) is not None:
            return None
        return Unfinished(posted=shown.posted, question_id=await _question(request, steps))
    place = await steps.recorded("place", Posted)
    if place is not None:
        if await steps.recorded("file", Filed) or await steps.recorded("audio", bool) is not None:
            return None
        return Unfinished(posted=place)
    for index in range(MOST):
        which = f" {index}" if index else ""
        looking = await steps.recorded(f"looking{which}", Looking)
        if looking is not None and await steps.recorded(f"call{which}", Posted) is None:
            return Unfinished(posted=looking.posted)
    return None


async def say_in_its_place(services: Services, request: Request, left: Unfinished, message: Message) -> bool:
    """Put words without data where the promise stands, also in a channel; False when Slack refuses."""
    address = msgspec.structs.replace(request.address, channel_id=left.posted.channel_id, private=False)
    try:
        reply = services.replies.to(address)
        await put(services, reply, left.posted, message, question_id=left.question_id)
    except ReplyError as refused:
        log.info("not said in its place", code=refused.code)
        return False
    return True


async def _question(request: Request, steps: Steps) -> str | None:
    """Return the question that is answered: as it was understood, or the one whose button was pressed."""
    understood = await steps.recorded("understand", Understood)
    if understood is not None:
        return understood.question_id
    try:
        return None if request.click is None else act.decode(request.click.value).question_id
    except BadValueError:
        return None
