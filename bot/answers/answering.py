"""The entrance of every answer: who asks, whether they may, what it is about; every error becomes words."""

from __future__ import annotations

import msgspec
import structlog

from bot.answers.asking import Asking
from bot.answers.clicks import Clicks, closed_to_data
from bot.answers.filing import Files
from bot.answers.finding import Finding
from bot.answers.homes import Homes
from bot.answers.marks import MarkedSteps, marked
from bot.answers.opening import Opening
from bot.answers.presses import CallPresses
from bot.answers.reply import Asker, Reply, ReplyError
from bot.answers.request import Request
from bot.answers.saved_presses import SavedPresses
from bot.answers.saving import SavedWords, Saver
from bot.answers.services import Services
from bot.answers.telling import unseen
from bot.answers.understanding import Understanding, Understood
from bot.answers.welcome import busy, welcome
from bot.answers.words import UnansweredError, cause, reference, words_for
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
        files, finding = Files(services), Finding(services)
        self.homes = Homes(services)
        self.saver = Saver(services, self.homes)
        understanding = Understanding(services, SavedWords(services, self.saver))
        self._asking = Asking(services, files, Opening(services, finding), understanding)
        saved = SavedPresses(services, self._asking, self.saver)
        self._clicks = Clicks(
            services, self._asking, files, {**CallPresses(services, finding).serve, **saved.serve}
        )

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
                words = words_for(error)
                retry = (
                    Pointer(error.question_id) if words.retry and isinstance(error, UnansweredError) else None
                )
                message = trouble_message(
                    Trouble(
                        headline=words.headline,
                        next_step=words.next_step if retry is None else words.beside_retry,
                        reference=ref,
                        retry=retry,
                    )
                )
                services.meter.answered(request.kind, "failed")
                await self._say(steps, private, message)

    async def _answer(self, request: Request, reply: Reply, steps: MarkedSteps) -> str:
        """Answer, and return what became of it: answered, refused or late."""
        if self._services.clock() - request.asked_at > STALE_SECS:
            by_somebody = request.scheduled is None
            await self._too_late(
                reply if by_somebody else self._services.replies.to(unseen(request.address)), steps
            )
            return "late"
        asker = await steps.run("asker", lambda: self._asker(request), Asker)
        if asker.refused is not None:
            await self._refuse(request, asker.refused, reply, steps)
            return "refused"
        unknown = request.scheduled is not None and closed_to_data(request, asker)
        if not request.address.private and (asker.audience == "is_ext_shared" or unknown):
            # The event did not say so, but Slack does: another company reads there. What asks itself has no
            # event: then a channel of which Slack does not say who reads it gets nothing either.
            private = msgspec.structs.replace(request.address, private=True, shared_channel=True)
            reply = self._services.replies.to(private)
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
        await self._say(steps, reply, Message(text=why))

    async def _too_late(self, reply: Reply, steps: MarkedSteps) -> None:
        """Offer to ask again.

        Not a step: an earlier process may have recorded others in its place. What was said already is
        recognised where Slack lets us look.
        """
        understood = await steps.recorded("understand", Understood)
        question_id = None if understood is None else understood.question_id
        message = trouble_message(
            Trouble(
                headline="I was stopped before I could finish this answer, and that was over an hour ago.",
                next_step="Ask again if you still need it.",
                retry=None if question_id is None else Pointer(question_id),
                retry_label="Ask again",
                retry_action=act.ASK_AGAIN,
            )
        )
        with marked(steps.mark("late", look=steps.resumed)):
            try:
                await reply.fail(message)
            except ReplyError as refused:
                log.warning("nowhere to say it", code=refused.code)

    async def _asker(self, request: Request) -> Asker:
        people = self._services.people
        asker = await people.asker(request.address)
        if request.address.private or asker.refused is not None:
            return asker
        return msgspec.structs.replace(asker, audience=await people.audience(request.address))

    async def _say(self, steps: Steps, reply: Reply, message: Message) -> None:
        async def say() -> bool:
            try:
                await reply.fail(message)
            except ReplyError as refused:
                log.warning("nowhere to say it", code=refused.code)
                return False
            return True

        await steps.run("say", say, bool)
