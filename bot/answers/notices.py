"""Where something that is no list is said."""

from __future__ import annotations

import msgspec

from bot.answers.answer import Answer
from bot.answers.ports import Address, Posted
from bot.answers.request import Request
from bot.blocks.text import link
from bot.model import Message


def wants_glance(request: Request) -> bool:
    """Whether something is shown on the spot: after a command, or a click on what only its reader sees.

    A press in Home has no spot; its answer is in the direct message alone.
    """
    if request.command:
        return True
    return request.click is not None and request.click.posted is None and bool(request.address.channel_id)


def elsewhere(request: Request, posted: Posted) -> bool:
    """Whether an answer stands somewhere else than it was asked, so that something is to be said there."""
    return posted.channel_id != request.address.channel_id


async def say_moved(answer: Answer, posted: Posted | None) -> None:
    """Say in the channel, to the asker only, that the answer had to go to their direct messages.

    Nothing after a command, whose glance says it, and nothing to who did not ask just now. No step of its
    own: it belongs to the one that posted the answer.
    """
    if posted is None or posted.moved_because is None:
        return
    if wants_glance(answer.request) or answer.request.scheduled is not None:
        return
    reply = answer.reply.at(answer.address)
    address = await reply.link(posted)
    where = link(address, "your direct messages") if address else "your direct messages"
    await reply.glance(Message(text=f"I answered in {where}."))


async def tell(answer: Answer, message: Message) -> None:
    """Say something that is no list: on the spot for a command, else where the answer would be.

    What a question that asks itself cannot be answered with is its owner's business alone.
    """
    if answer.request.scheduled is not None:
        await answer.reply.at(unseen(answer.address)).fail(message)
    elif wants_glance(answer.request):
        await answer.reply.fail(message)
    else:
        await say_moved(answer, await answer.reply.show(message))


def unseen(address: Address) -> Address:
    """Return where the same person is reached and nobody else reads."""
    return msgspec.structs.replace(address, channel_id="", thread_ts=None, private=True, response_url=None)
