"""What somebody new is shown, and what is seen while an answer is on its way in a direct message."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot.answers.reply import Reply
from bot.answers.request import Request
from bot.answers.services import Services
from bot.blocks.help import help_message
from bot.blocks.parts import capital
from bot.blocks.talk import EXAMPLES
from bot.store.durable import Steps

READING = "is reading conversations…"
_GREETING = (
    "Hello! I know every conversation of your voice agents. Ask in a sentence, or press one of these: "
    "the answer has the call ids and a CSV, and only you see it."
)
PROMPTS = tuple((capital(example.question), example.question) for example in EXAMPLES[:4])
"""Title and text of the prompts that Slack offers in the direct message; it takes four."""


async def welcome(services: Services, request: Request, reply: Reply, steps: Steps) -> None:
    """Show what can be asked, once, to who opens the direct message or writes there what is no question."""
    address = request.address
    direct = address.channel_id.startswith("D") and not request.command
    if not direct or await services.welcomed.knows(address.user_id):
        return
    if await services.questions.latest_of(address.user_id, limit=1):
        return  # who has asked before needs no help, and it would stand below their answer

    async def show() -> bool:
        await reply.show(help_message(EXAMPLES, run=True, greeting=_GREETING))
        await services.welcomed.add(address.user_id)
        return True

    await steps.run("welcome", show, bool)


@contextlib.asynccontextmanager
async def busy(services: Services, request: Request) -> AsyncIterator[None]:
    """Say in a direct message that an answer is on its way; holds nothing up."""
    channel_id, thread_ts = request.address.channel_id, request.address.thread_ts
    if not channel_id.startswith("D") or not thread_ts or request.command:
        yield
        return
    saying = asyncio.create_task(services.tabs.status(channel_id, thread_ts, READING))
    try:
        yield
    finally:
        await asyncio.gather(saying, return_exceptions=True)
        await services.tabs.status(channel_id, thread_ts, "")
