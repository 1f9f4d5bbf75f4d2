"""What is said that is no answer: notices, a greeting, and that an answer is on its way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import msgspec

from bot.answers.access import asked_for, audit
from bot.answers.answer import Answer, Request
from bot.answers.ports import Address, Posted, ReplyError, is_direct_message
from bot.answers.question.placement import stands
from bot.answers.steps import WELCOME
from bot.blocks.notice_messages import EXAMPLES, help_message
from bot.blocks.text import capital, channel_link, link
from bot.model import Message

READING = "is reading conversations…"
_GREETING = (
    "Hello! I know every conversation of your voice agents. Ask in a sentence, or press one of these: "
    "the answer has the call ids and a CSV, and only you see it."
)
PROMPTS = tuple((capital(example.question), example.question) for example in EXAMPLES[:4])
"""Title and text of the prompts that Slack offers in the direct message; it takes four."""


def wants_glance(request: Request) -> bool:
    """Whether something is shown on the spot: after a command, or a click on what only its reader sees.

    A press in Home has no spot; its answer is in the direct message alone. What is shared was seen before.
    """
    if request.sharing is not None:
        return False
    if request.command:
        return True
    return request.click is not None and request.click.posted is None and bool(request.address.channel_id)


def elsewhere(request: Request, posted: Posted) -> bool:
    """Whether an answer stands somewhere else than it was asked, so that something is to be said there."""
    return posted.channel_id != request.address.channel_id


async def say_where(answer: Answer, posted: Posted | None, *, rows: int = 0) -> None:
    """Say to the asker only that the answer had to go to their direct messages, or where it was shared.

    What was shared is audited, with the `rows` that are shown.

    Nothing after a command, whose glance says it, and nothing to who did not ask just now. No step of its
    own: it belongs to the one that posted the answer.
    """
    if posted is None:
        return
    request, reply = answer.request, answer.reply.at(answer.address)
    if request.sharing is not None:
        asked, rows = (f"id:{answer.pick}", 1) if answer.pick else (asked_for(answer.query), rows)
        audit("share", answer.address, asked=asked, rows=rows, channel_id=posted.channel_id, outcome="sent")
    if posted.moved_because is not None:
        if not wants_glance(request) and request.scheduled is None:
            address = await reply.link(posted)
            where = link(address, "your direct messages") if address else "your direct messages"
            await reply.glance(Message(text=f"I answered in {where}."))
    elif request.sharing is not None and elsewhere(request, posted):
        address = await answer.reply.link(posted)
        words = f"Shared in {channel_link(posted.channel_id) or 'the channel you chose'}."
        with contextlib.suppress(ReplyError):
            await reply.fail(Message(text=f"{words} {link(address, 'Show it')}" if address else words))


async def tell(answer: Answer, message: Message) -> None:
    """Say something that is no list: on the spot for a command, else where the answer would be.

    What a question that asks itself cannot be answered with is its owner's business alone.
    """
    if answer.request.scheduled is not None:
        await answer.reply.at(unseen(answer.address)).fail(message)
    elif wants_glance(answer.request):
        await answer.reply.fail(message)
    else:
        await show_notice(answer, message)


async def show_notice(answer: Answer, message: Message) -> Posted:
    """Post what is no list where the address says; in a channel, remember whose it is."""
    posted = await answer.reply.show(message)
    if not is_direct_message(posted.channel_id):
        shared_by = None if answer.request.sharing is None else answer.user_id
        await stands(answer.services, posted, "", answer.user_id, shared_by)
    await say_where(answer, posted)
    return posted


def unseen(address: Address) -> Address:
    """Return where the same person is reached and nobody else reads."""
    return msgspec.structs.replace(address, channel_id="", thread_ts=None, private=True, response_url=None)


async def welcome(answer: Answer) -> None:
    """Show what can be asked, once, to who opens the direct message; a refusal has its own way to help."""
    services, address = answer.services, answer.address
    direct = is_direct_message(address.channel_id) and not answer.request.command
    if not direct or await services.welcomed.knows(address.user_id):
        return
    if await services.questions.latest_of(address.user_id, limit=1):
        return  # who has asked before needs no help, and it would stand below their answer

    async def show(answer: Answer) -> None:
        await answer.reply.show(help_message(_GREETING))
        await services.welcomed.add(address.user_id)

    await answer.once(WELCOME, show)


@contextlib.asynccontextmanager
async def busy(answer: Answer) -> AsyncIterator[None]:
    """Say in a direct message that an answer is on its way; holds nothing up."""
    tabs, channel_id, thread_ts = answer.services.tabs, answer.address.channel_id, answer.address.thread_ts
    if not is_direct_message(channel_id) or not thread_ts or answer.request.command:
        yield
        return
    saying = asyncio.create_task(tabs.status(channel_id, thread_ts, READING))
    try:
        yield
    finally:
        await asyncio.gather(saying, return_exceptions=True)
        await tabs.status(channel_id, thread_ts, "")
