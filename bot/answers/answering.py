"""The entrance of every answer: who asks, whether they may, what it is about; every error becomes words."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import msgspec
import structlog

from bot.answers.access import closed_to_data
from bot.answers.answer import ASKER, CSV, LAST_WORDS, LIST, WELCOME, Answer, Request, Services, reference
from bot.answers.clicks import serve_click
from bot.answers.error_messages import UnansweredError, cause, log_failure, words_for
from bot.answers.home_tab import progress_in_home
from bot.answers.list_answer import draw_as_it_was
from bot.answers.placement import is_settled, question_of, say_in_its_place, unfinished, unseen
from bot.answers.ports import Asker, ReplyError, is_direct_message
from bot.answers.question_answer import ask
from bot.answers.telling import tell_later, tell_watched
from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.block_elements import button
from bot.blocks.notice_messages import EXAMPLES, help_message, trouble_message
from bot.blocks.text import capital, escape
from bot.model import Message
from bot.store.durable import Checkpoints

log = structlog.get_logger(__name__)

READING = "is reading conversations…"
_GREETING = (
    "Hello! I know every conversation of your voice agents. Ask in a sentence, or press one of these: "
    "the answer has the call ids and a CSV, and only you see it."
)
PROMPTS = tuple((capital(example.question), example.question) for example in EXAMPLES[:4])
"""Title and text of the prompts that Slack offers in the direct message; it takes four."""
STALE_SECS = 3600
"""Work that was lying about for longer is not done unasked: the asker is told and asked to ask again."""


async def answer_request(services: Services, request: Request, steps: Checkpoints) -> None:
    """Answer one request. What goes wrong is told to the asker, with a reference that is in the log."""
    ref, reply = reference(request.answer_id), services.reply_to(request.address)
    answer = Answer(services=services, request=request, reply=reply, steps=steps)
    with structlog.contextvars.bound_contextvars(question=request.answer_id, reference=ref):
        if await answer.steps.recorded(LAST_WORDS) is not None:
            return  # a process died just after them
        try:
            outcome = await _answer(answer)
            log.info(outcome, kind=request.kind, resumed=steps.resumed)
            services.meter.answered(request.kind, outcome)
        except Exception as error:  # noqa: BLE001 - every error becomes words
            root = log_failure(request.kind, error)
            services.meter.answered(request.kind, "failed")
            if request.kind == "tell":
                await tell_later(answer, root)
            else:
                await _give_up(answer, error)


async def _answer(answer: Answer) -> str:
    """Answer, and return what became of it: answered, refused or late."""
    services, request = answer.services, answer.request
    if request.kind == "tell":  # it is never too late for that
        await tell_watched(answer)
        return "answered"
    if services.clock() - request.asked_at > STALE_SECS:
        await _too_late(answer)
        return "late"

    async def find_asker(answer: Answer) -> Asker:
        asker = await services.people.asker(answer.address)
        if asker.refused is not None or answer.address.private:
            return asker
        # A scheduled question was sent there by its owner, who may have left the channel since.
        look = services.people.audience if request.scheduled is None else services.people.barred
        return msgspec.structs.replace(asker, audience=await look(answer.address))

    asker = await answer.run(ASKER, find_asker)
    if asker.refused is not None:
        await _refuse(answer, asker.refused)
        return "refused"
    address = answer.address
    if (why := closed_to_data(request, asker)) is not None:  # in private, as others read where it was asked
        address = msgspec.structs.replace(address, private=True, kept_private=why)
    answer = replace(answer, asker=asker, reply=answer.reply.at(address))
    if request.kind == "ask":
        async with busy(answer):
            saved = request.scheduled
            await (ask(answer, request.text) if saved is None else ask(answer, "", typed=saved.texts))
    elif request.kind == "welcome":
        await welcome(answer)
    else:
        async with progress_in_home(answer):
            await serve_click(answer)
    return "answered"


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


async def _refuse(answer: Answer, why: str) -> None:
    """Say no; a saved question on a schedule is paused."""
    request, saved_questions = answer.request, answer.services.saved
    if request.kind == "welcome":
        return  # nothing was asked
    if request.scheduled is not None:
        saved = await saved_questions.get(request.scheduled.saved_id, user_id=answer.address.user_id)
        if saved is not None:
            await saved_questions.pause(saved)
        why = f"{why} Your saved question “{escape(request.scheduled.name)}” is paused."
    await _say(answer, Message(text=why))


async def _too_late(answer: Answer) -> None:
    question_id = await question_of(answer)
    again = None
    if question_id is not None:
        again = button("Ask again", act.ASK_AGAIN, Pointer(question_id), style="primary")
    headline = "I was stopped before I could finish this answer, and that was over an hour ago."
    await _say(answer, trouble_message(headline, "Ask again if you still need it.", again=again))


async def _give_up(answer: Answer, error: Exception) -> None:
    """Say what went wrong; offer to try again what can be, which is to answer a stored question."""
    words = words_for(error)
    question_id = error.question_id if isinstance(error, UnansweredError) else None
    if question_id is None and (left := await unfinished(answer)) is not None:
        question_id = left[1]
    again = None
    if words.retry and question_id:
        again = button("Retry", act.RETRY, Pointer(question_id), style="primary")
    step = words.next_step if again is None else words.beside_retry
    ref = reference(answer.request.answer_id)
    await _say(answer, trouble_message(words.headline, step, reference=ref, again=again))


async def _say(answer: Answer, message: Message) -> None:
    """Tell the asker, and nobody else, that nothing more comes: in the message that still promises something.

    Nothing is said where all was done by a process that died before it could show so.
    """
    if answer.steps.resumed and await draw_back(answer):
        return
    if answer.request.scheduled is not None:
        answer = replace(answer, reply=answer.reply.at(unseen(answer.address)))

    async def say(answer: Answer) -> bool:
        if await say_in_its_place(answer, message):
            return True
        try:
            await answer.reply.fail(message)
        except ReplyError as refused:
            log.warning("nowhere to say it", code=refused.code)
            return False
        return True

    await answer.run(LAST_WORDS, say)


async def draw_back(answer: Answer) -> bool:
    """Let a list that still says "preparing" show what is kept; returns whether its file was sent."""
    services, click, question_id = answer.services, answer.request.click, await question_of(answer)
    again = click is not None and act.base(click.action_id) in {act.CSV, act.SEND_ALL}
    shown = await answer.steps.recorded(LIST)
    posted = answer.posted if again else None if shown is None else shown.posted
    if posted is None or question_id is None or await is_settled(answer):
        return False
    sent = await answer.steps.recorded(CSV)
    if not again and sent is None:
        return False
    if sent is not None:
        await services.questions.set_outcome(question_id, sent)
    try:
        await draw_as_it_was(services, answer.address, posted, question_id)
    except Exception as error:  # noqa: BLE001 - then the words are said beside it
        log.info("not drawn back", error=type(cause(error)).__name__)
        return False
    return sent is not None
