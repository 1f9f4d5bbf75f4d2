"""What somebody new is shown, and what is seen while an answer is on its way in a direct message."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot.answers.answer import Answer
from bot.answers.steps import WELCOME
from bot.blocks.help_message import EXAMPLES, help_message
from bot.blocks.text import capital

READING = "is reading conversations…"
_GREETING = (
    "Hello! I know every conversation of your voice agents. Ask in a sentence, or press one of these: "
    "the answer has the call ids and a CSV, and only you see it."
)
PROMPTS = tuple((capital(example.question), example.question) for example in EXAMPLES[:4])
"""Title and text of the prompts that Slack offers in the direct message; it takes four."""


async def welcome(answer: Answer) -> None:
    """Show what can be asked, once, to who opens the direct message or writes there what is no question."""
    services, address = answer.services, answer.address
    direct = address.channel_id.startswith("D") and not answer.request.command
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
    if not channel_id.startswith("D") or not thread_ts or answer.request.command:
        yield
        return
    saying = asyncio.create_task(tabs.status(channel_id, thread_ts, READING))
    try:
        yield
    finally:
        await asyncio.gather(saying, return_exceptions=True)
        await tabs.status(channel_id, thread_ts, "")
