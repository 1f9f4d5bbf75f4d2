"""Where something that is no list is said."""

from __future__ import annotations

import msgspec

from bot.answers.reply import Address, Reply
from bot.answers.request import Request
from bot.answers.services import Services
from bot.model import Message


def wants_glance(request: Request) -> bool:
    """Whether something is shown on the spot: after a command, or a click on what only its reader sees.

    A press in Home has no spot; its answer is in the direct message alone.
    """
    if request.command:
        return True
    return request.click is not None and request.click.posted is None and bool(request.address.channel_id)


async def tell(services: Services, request: Request, message: Message, reply: Reply) -> None:
    """Say something that is no list: on the spot for a command, else where the answer would be.

    What a question that asks itself cannot be answered with is its owner's business alone.
    """
    if request.scheduled is not None:
        await services.replies.to(unseen(request.address)).fail(message)
    elif wants_glance(request):
        await reply.fail(message)
    else:
        await reply.show(message)


def unseen(address: Address) -> Address:
    """Return where the same person is reached and nobody else reads."""
    return msgspec.structs.replace(address, channel_id="", thread_ts=None, private=True, response_url=None)
