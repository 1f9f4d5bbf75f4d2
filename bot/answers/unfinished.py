"""The message of an answer that still promises something; when nothing more comes, it has to say so."""

from __future__ import annotations

import msgspec
import structlog

from bot.answers.listing import Outcome
from bot.answers.opening import MOST, Looking
from bot.answers.places import Shown, put
from bot.answers.redrawing import draw_as_it_was
from bot.answers.reply import Filed, Posted, ReplyError
from bot.answers.request import Request
from bot.answers.services import Services
from bot.answers.understanding import Understood
from bot.answers.words import cause
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
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
    shown = await _list_of(steps)
    if shown.posted is not None and shown.rows:
        if await _settled(steps):
            return None
        return Unfinished(posted=shown.posted, question_id=await question_of(request, steps))
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


async def _settled(steps: Steps) -> bool:
    return any([await steps.recorded(name, bool) is not None for name in ("settle", "no file")])


async def draw_back(services: Services, request: Request, steps: Steps) -> bool:
    """Let a list that still says "preparing" show what is kept: its file was sent, or was there before.

    Returns whether nothing else is to be said, because the file of this answer was sent.
    """
    click = request.click
    again = click if click is not None and act.base(click.action_id) in {act.CSV, act.SEND_ALL} else None
    question_id = await question_of(request, steps)
    posted = (await _list_of(steps)).posted if again is None else again.posted
    if posted is None or question_id is None or await _settled(steps):
        return False
    sent = await steps.recorded("file", Outcome)  # of a list only: a transcript's step says something else
    if again is None and sent is None:
        return False
    if sent is not None:
        await services.questions.set_outcome(question_id, msgspec.json.encode(sent).decode())
    value = act.encode(Pointer(question_id)) if again is None else again.value
    try:
        await draw_as_it_was(services, request.address, posted, value)
    except Exception as error:  # noqa: BLE001 - then the words are said beside it
        log.info("not drawn back", error=type(cause(error)).__name__)
        return False
    return sent is not None


async def _list_of(steps: Steps) -> Shown:
    """Return where this answer showed a list."""
    return await steps.recorded("list", Shown) or Shown(posted=await steps.recorded("share", Posted))


async def say_in_its_place(services: Services, request: Request, left: Unfinished, message: Message) -> bool:
    """Put words without data where the promise stands, also in a channel.

    Returns whether they stand there: not when Slack refuses, or the message shows another question by now.
    """
    address = msgspec.structs.replace(request.address, channel_id=left.posted.channel_id, private=False)
    try:
        reply = services.replies.to(address)
        return await put(services, reply, left.posted, message, question_id=left.question_id)
    except ReplyError as refused:
        log.info("not said in its place", code=refused.code)
        return False


async def question_of(request: Request, steps: Steps) -> str | None:
    """Return the question that is answered: as it was understood, or the one whose button was pressed."""
    understood = await steps.recorded("understand", Understood)
    if understood is not None:
        return understood.question_id
    try:
        return None if request.click is None else act.decode(request.click.value).question_id
    except BadValueError:
        return None
