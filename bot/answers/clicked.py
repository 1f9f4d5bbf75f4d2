"""A click on the answer to a stored question, with everything it refers to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.answers.reply import Asker, Posted, Reply
from bot.answers.request import Request
from bot.blocks.actions import Pointer
from bot.query import Query
from bot.store.durable import Steps
from bot.store.questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicked:
    """A click with everything it refers to."""

    request: Request
    asker: Asker
    action: str
    pointer: Pointer
    posted: Posted | None
    """The clicked message; None for one that only its reader sees."""
    question: Question
    query: Query
    reply: Reply
    steps: Steps


async def once(steps: Steps, name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do something as a step that returns nothing."""

    async def step() -> bool:
        await work()
        return True

    await steps.run(name, step, bool)
