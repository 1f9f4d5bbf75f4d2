"""The message of an answer that still promises something; when nothing more comes, it has to say so."""

from __future__ import annotations

import msgspec
import structlog

from bot.answers.answer import Answer
from bot.answers.call.open_by_id import MOST
from bot.answers.error_messages import cause
from bot.answers.ports import Posted, ReplyError
from bot.answers.question.list_placement import draw_as_it_was, put
from bot.answers.steps import (
    CALL,
    CSV,
    LIST,
    LOOKING,
    NO_CSV,
    OWN_QUESTION,
    SETTLE,
    UNDERSTAND,
)
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.model import Message

log = structlog.get_logger(__name__)


class UnfinishedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that says "preparing" or "looking"."""

    posted: Posted
    question_id: str | None = None
    """The question whose list it is; None for a message that is no list."""


async def unfinished(answer: Answer) -> UnfinishedMessage | None:
    """Return the message of this answer that still promises something, if there is one."""
    shown = await answer.recorded(LIST)
    if shown is not None and shown.posted is not None and shown.rows:
        if await _settled(answer):
            return None
        return UnfinishedMessage(posted=shown.posted, question_id=await question_of(answer))
    for index in range(MOST):
        looking = await answer.recorded(LOOKING.number(index))
        if looking is not None and await answer.recorded(CALL.number(index)) is None:
            return UnfinishedMessage(posted=looking.posted)
    return None


async def _settled(answer: Answer) -> bool:
    return any([await answer.recorded(step) is not None for step in (SETTLE, NO_CSV)])


async def draw_back(answer: Answer) -> bool:
    """Let a list that still says "preparing" show what is kept: its file was sent, or was there before.

    Returns whether nothing else is to be said, because the file of this answer was sent.
    """
    services, click = answer.services, answer.request.click
    again = click if click is not None and act.base(click.action_id) in {act.CSV, act.SEND_ALL} else None
    question_id = await question_of(answer)
    shown = await answer.recorded(LIST)
    posted = again.posted if again is not None else None if shown is None else shown.posted
    if posted is None or question_id is None or await _settled(answer):
        return False
    sent = await answer.recorded(CSV)
    if again is None and sent is None:
        return False
    if sent is not None:
        await services.questions.set_outcome(question_id, msgspec.json.encode(sent).decode())
    value = act.encode(Pointer(question_id)) if again is None else again.value
    try:
        await draw_as_it_was(services, answer.address, posted, value)
    except Exception as error:  # noqa: BLE001 - then the words are said beside it
        log.info("not drawn back", error=type(cause(error)).__name__)
        return False
    return sent is not None


async def say_in_its_place(answer: Answer, left: UnfinishedMessage, message: Message) -> bool:
    """Put words without data where the promise stands, also in a channel.

    Returns whether they stand there: not when Slack refuses, or the message shows another question by now.
    """
    address = msgspec.structs.replace(answer.address, channel_id=left.posted.channel_id, private=False)
    try:
        return await put(
            answer.services, answer.reply.at(address), left.posted, message, question_id=left.question_id
        )
    except ReplyError as refused:
        log.info("not said in its place", code=refused.code)
        return False


async def question_of(answer: Answer) -> str | None:
    """Return the question that is answered: as it was understood, or the one whose button was pressed."""
    understood = await answer.recorded(UNDERSTAND)
    if understood is not None:
        return understood.question_id
    if (own := await answer.recorded(OWN_QUESTION)) is not None:
        return own
    try:
        click = answer.request.click
        return None if click is None else act.decode(click.value).question_id
    except BadValueError:
        return None
