"""The entrance of every answer: who asks, whether they may, what it is about; every error becomes words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
import structlog

from bot.answers.asking import Asking
from bot.answers.audience import audience, reply_for
from bot.answers.clicks import Clicks
from bot.answers.filing import Files
from bot.answers.finding import Finding
from bot.answers.homes import Homes
from bot.answers.marks import MarkedSteps
from bot.answers.opening import Opening
from bot.answers.presses import CallPresses
from bot.answers.reply import Asker, Reply, ReplyError
from bot.answers.request import Request
from bot.answers.saved_presses import SavedPresses
from bot.answers.saving import SavedWords, Saver
from bot.answers.services import Services
from bot.answers.telling import unseen
from bot.answers.understanding import Understanding
from bot.answers.unfinished import draw_back, question_of, say_in_its_place, unfinished
from bot.answers.welcome import busy, welcome
from bot.answers.words import UnansweredError, Words, cause, reference, words_for
from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.text import escape
from bot.blocks.trouble import Trouble, trouble_message
from bot.elevenlabs import ElevenLabsError
from bot.model import Message
from bot.store.durable import Steps

log = structlog.get_logger(__name__)

STALE_SECS = 3600
"""Work that was lying about for longer is not done unasked: the asker is told and asked to ask again."""


class Answering:
    """Answers requests of every kind."""

    def __init__(self, services: Services) -> None:
        self._services = services
        files, opening = Files(services), Opening(services, Finding(services))
        self.homes = Homes(services)
        self.saver = Saver(services, self.homes)
        understanding = Understanding(services, SavedWords(services, self.saver))
        self._asking = Asking(services, files, opening, understanding)
        saved = SavedPresses(services, self._asking, self.saver)
        self._clicks = Clicks(services, self._asking, files, {**CallPresses(services).serve, **saved.serve})

    async def answer(self, request: Request, steps: Steps) -> None:
        """Answer one request. What goes wrong is told to the asker, with a reference that is in the log."""
        ref = reference(request.answer_id)
        services = self._services
        reply = services.replies.to(request.address)
        private = reply if request.scheduled is None else services.replies.to(unseen(request.address))
        steps = MarkedSteps(
            steps,
            asked_at=request.asked_at,
            done=lambda step: services.meter.step(step, services.clock() - request.asked_at),
        )
        with structlog.contextvars.bound_contextvars(question=request.answer_id, reference=ref):
            if await steps.recorded("say", bool) is not None:
                return  # that was the last word, and a process died just after it
            try:
                outcome = await self._answer(request, reply, steps)
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
                words = words_for(error)
                known = error.question_id if isinstance(error, UnansweredError) else None
                await self._give_up(request, words, known, steps, private)

    async def _answer(self, request: Request, reply: Reply, steps: MarkedSteps) -> str:
        """Answer, and return what became of it: answered, refused or late."""
        if self._services.clock() - request.asked_at > STALE_SECS:
            by_somebody = request.scheduled is None
            await self._too_late(
                request,
                reply if by_somebody else self._services.replies.to(unseen(request.address)),
                steps,
            )
            return "late"
        asker = await steps.run("asker", lambda: self._asker(request), Asker)
        if asker.refused is not None:
            await self._refuse(request, asker.refused, reply, steps)
            return "refused"
        reply = reply_for(self._services, request, asker)
        if request.kind == "ask":
            async with busy(self._services, request):
                was_question = await self._asking.ask(request, request.text, asker, reply, steps)
            if not was_question:
                await welcome(self._services, request, reply, steps)
        elif request.kind == "welcome":
            await welcome(self._services, request, reply, steps)
        else:
            async with self.homes.pressed(request):
                await self._clicks.answer(request, asker, reply, steps)
        return "answered"

    async def _refuse(self, request: Request, why: str, reply: Reply, steps: MarkedSteps) -> None:
        """Say no; to a question that asks itself, no for good."""
        if request.kind == "welcome":
            return  # nothing was asked
        if request.scheduled is not None:
            owner, saved_id = request.address.user_id, request.scheduled.saved_id
            saved = await self._services.saved.get(saved_id, user_id=owner)
            if saved is not None:
                await self._services.saved.pause(saved)
            reply = self._services.replies.to(unseen(request.address))
            why = f"{why} Your saved question “{escape(request.scheduled.name)}” is paused."
        if steps.resumed:
            await draw_back(self._services, request, steps)
        await self._say(steps, reply, Message(text=why))

    async def _too_late(self, request: Request, reply: Reply, steps: MarkedSteps) -> None:
        """Offer to ask again."""
        if await draw_back(self._services, request, steps):
            return
        question_id = await question_of(request, steps)
        trouble = Trouble(
            headline="I was stopped before I could finish this answer, and that was over an hour ago.",
            next_step="Ask again if you still need it.",
            retry=None if question_id is None else Pointer(question_id),
            retry_label="Ask again",
            retry_action=act.ASK_AGAIN,
        )
        await self._say_last(request, steps, reply, trouble_message(trouble))

    async def _give_up(
        self, request: Request, words: Words, question_id: str | None, steps: MarkedSteps, reply: Reply
    ) -> None:
        """Say what went wrong; offer to try again what can be, which is to answer a stored question."""
        if question_id is None and (left := await unfinished(request, steps)) is not None:
            question_id = left.question_id
        retry = Pointer(question_id) if words.retry and question_id else None
        trouble = Trouble(
            headline=words.headline,
            next_step=words.next_step if retry is None else words.beside_retry,
            reference=reference(request.answer_id),
            retry=retry,
        )
        await self._say_last(request, steps, reply, trouble_message(trouble))

    async def _say_last(self, request: Request, steps: MarkedSteps, reply: Reply, message: Message) -> None:
        """Say that nothing more comes: in the message that still promises something, if one does."""

        async def in_place() -> bool:
            left = await unfinished(request, steps)
            return left is not None and await say_in_its_place(self._services, request, left, message)

        await self._say(steps, reply, message, first=in_place)

    async def _asker(self, request: Request) -> Asker:
        asker = await self._services.people.asker(request.address)
        if asker.refused is not None:
            return asker
        return msgspec.structs.replace(asker, audience=await audience(self._services, request))

    async def _say(
        self, steps: Steps, reply: Reply, message: Message, first: Callable[[], Awaitable[bool]] | None = None
    ) -> None:
        """Tell the asker something, where nobody else reads it; unless `first` has said it."""

        async def say() -> bool:
            if first is not None and await first():
                return True
            try:
                await reply.fail(message)
            except ReplyError as refused:
                log.warning("nowhere to say it", code=refused.code)
                return False
            return True

        await steps.run("say", say, bool)
