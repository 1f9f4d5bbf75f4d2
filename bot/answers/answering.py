"""The entrance of every answer: who asks, whether they may, what it is about; every error becomes words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import msgspec
import structlog

from bot.answers.access import address_for, audience
from bot.answers.alerts.telling import tell_later, tell_watched
from bot.answers.answer import Answer, Request, Services
from bot.answers.clicks import serve_click
from bot.answers.error_messages import ErrorWords, UnansweredError, cause, reference, words_for
from bot.answers.home_tab import progress_in_home
from bot.answers.notices import busy, unseen, welcome
from bot.answers.ports import Asker, ReplyError
from bot.answers.question.placement import draw_back, question_of, say_in_its_place, unfinished
from bot.answers.question.question_answer import ask
from bot.answers.steps import ASKER, LAST_WORDS
from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.notice_messages import Trouble, trouble_message
from bot.blocks.text import escape
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import Message
from bot.store.checkpoints import Checkpoints

log = structlog.get_logger(__name__)

STALE_SECS = 3600
"""Work that was lying about for longer is not done unasked: the asker is told and asked to ask again."""


class Answering:
    """Answers requests of every kind."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def answer(self, request: Request, steps: Checkpoints) -> None:
        """Answer one request. What goes wrong is told to the asker, with a reference that is in the log."""
        services, ref = self._services, reference(request.answer_id)
        answer = Answer(
            services=services, request=request, reply=services.replies.to(request.address), steps=steps
        )
        with structlog.contextvars.bound_contextvars(question=request.answer_id, reference=ref):
            if await answer.recorded(LAST_WORDS) is not None:
                return  # a process died just after them
            try:
                outcome = await (_told(answer) if request.kind == "tell" else self._answer(answer))
                log.info(outcome, kind=request.kind, resumed=steps.resumed)
                services.meter.answered(request.kind, outcome)
            except Exception as error:
                root = cause(error)
                expected = isinstance(root, ElevenLabsError | ReplyError)
                log.warning(
                    "failed",
                    kind=request.kind,
                    error=type(root).__name__,
                    why=str(root) if expected else None,
                    exc_info=None if expected else root,
                )
                services.meter.answered(request.kind, "failed")
                if request.kind == "tell":
                    await tell_later(answer, root)
                    return
                words = words_for(error)
                known = error.question_id if isinstance(error, UnansweredError) else None
                await self._give_up(_unseen_if_scheduled(answer), words, known)

    async def _answer(self, answer: Answer) -> str:
        """Answer, and return what became of it: answered, refused or late."""
        request = answer.request
        if self._services.clock() - request.asked_at > STALE_SECS:
            await self._too_late(_unseen_if_scheduled(answer))
            return "late"
        asker = await answer.run(ASKER, self._asker)
        if asker.refused is not None:
            await self._refuse(answer, asker.refused)
            return "refused"
        answer = replace(answer, asker=asker, reply=answer.reply.at(address_for(request, asker)))
        if request.kind == "ask":
            async with busy(answer):
                await ask(answer, request.text)
        elif request.kind == "welcome":
            await welcome(answer)
        else:
            async with progress_in_home(answer):
                await serve_click(answer)
        return "answered"

    async def _refuse(self, answer: Answer, why: str) -> None:
        """Say no; to a question that asks itself, no for good."""
        request = answer.request
        if request.kind == "welcome":
            return  # nothing was asked
        if request.scheduled is not None:
            saved = await self._services.saved.get(request.scheduled.saved_id, user_id=answer.user_id)
            if saved is not None:
                await self._services.saved.pause(saved)
            why = f"{why} Your saved question “{escape(request.scheduled.name)}” is paused."
        if answer.steps.resumed:
            await draw_back(answer)
        await self._say(_unseen_if_scheduled(answer), Message(text=why))

    async def _too_late(self, answer: Answer) -> None:
        """Offer to ask again."""
        if await draw_back(answer):
            return
        question_id = await question_of(answer)
        trouble = Trouble(
            headline="I was stopped before I could finish this answer, and that was over an hour ago.",
            next_step="Ask again if you still need it.",
            retry=None if question_id is None else Pointer(question_id),
            retry_label="Ask again",
            retry_action=act.ASK_AGAIN,
        )
        await self._say_last(answer, trouble_message(trouble))

    async def _give_up(self, answer: Answer, words: ErrorWords, question_id: str | None) -> None:
        """Say what went wrong; offer to try again what can be, which is to answer a stored question."""
        if question_id is None and (left := await unfinished(answer)) is not None:
            question_id = left.question_id
        retry = Pointer(question_id) if words.retry and question_id else None
        trouble = Trouble(
            headline=words.headline,
            next_step=words.next_step if retry is None else words.beside_retry,
            reference=reference(answer.request.answer_id),
            retry=retry,
        )
        await self._say_last(answer, trouble_message(trouble))

    async def _say_last(self, answer: Answer, message: Message) -> None:
        """Say that nothing more comes: in the message that still promises something, if one does."""

        async def in_place(answer: Answer) -> bool:
            left = await unfinished(answer)
            return left is not None and await say_in_its_place(answer, left, message)

        await self._say(answer, message, first=in_place)

    async def _asker(self, answer: Answer) -> Asker:
        asker = await self._services.people.asker(answer.address)
        if asker.refused is not None:
            return asker
        return msgspec.structs.replace(asker, audience=await audience(self._services, answer.request))

    async def _say(
        self, answer: Answer, message: Message, first: Callable[[Answer], Awaitable[bool]] | None = None
    ) -> None:
        """Tell the asker something, where nobody else reads it; unless `first` has said it."""

        async def say(answer: Answer) -> bool:
            if first is not None and await first(answer):
                return True
            try:
                await answer.reply.fail(message)
            except ReplyError as refused:
                log.warning("nowhere to say it", code=refused.code)
                return False
            return True

        await answer.run(LAST_WORDS, say)


async def _told(answer: Answer) -> str:
    """Tell what a look found; it is never too late for that."""
    await tell_watched(answer)
    return "answered"


def _unseen_if_scheduled(answer: Answer) -> Answer:
    """Return the answer with a reply that only the owner of a scheduled question sees."""
    if answer.request.scheduled is None:
        return answer
    return answer.with_reply(answer.reply.at(unseen(answer.address)))
