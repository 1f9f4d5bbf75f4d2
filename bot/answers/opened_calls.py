"""One call opened as a message: in the direct message or thread where its id was given.

A command's call is also shown on the spot. Finding, posting and showing are checkpoints of their own; while
calls are looked through, one message tells how far it has come and becomes the call in the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.answers.answer import Answer, Services
from bot.answers.call_search import (
    FoundCall,
    GivenId,
    SearchProgress,
    WantedCall,
    find_without_search,
    search_calls,
)
from bot.answers.error_messages import moved
from bot.answers.notices import elsewhere, show_notice
from bot.answers.ports import Posted, ReplyError
from bot.answers.steps import (
    CALL,
    CALL_GLANCE,
    FIND,
    LOOKING,
    LOOKING_WHERE,
    MOST_OPENED,
    SCAN,
    CallsToOpen,
    KnownCall,
    SearchMessage,
)
from bot.blocks import actions as act
from bot.blocks.call_message import CallView, call_message, looking_message, not_found_message
from bot.elevenlabs.errors import NotFound
from bot.model import Message
from bot.query import Parsed
from bot.query.filters.origins import NAMES as LANGUAGES
from bot.store.questions import new_question_id

log = structlog.get_logger(__name__)

OFFERS = frozenset({act.TRANSCRIPT_FILE, act.AUDIO_FILE, act.SHARE, act.CALL_API, act.OPEN_LINK})
GONE = "ElevenLabs has no such conversation: it may be deleted, or belong to another ElevenLabs workspace."


def calls_to_open(parsed: Parsed) -> CallsToOpen:
    """Return what is to be opened; the time given says where to look first."""
    since, until = _unix(parsed.query.since), _unix(parsed.query.until)
    wanted = [
        WantedCall(ref=GivenId(kind=ref.kind, value=ref.value), since=since, until=until)
        for ref in parsed.ids[:MOST_OPENED]
    ]
    notes = []
    if words := [unknown.word for unknown in parsed.unknown]:
        notes.append(f"not understood: {', '.join(words[:8])}")
    if filters := [name for name in parsed.query.filters() if name != "time"]:
        notes.append(f"opened by its id alone, without {', '.join(filters)}")
    notes += parsed.problems[:2]
    if len(parsed.ids) > MOST_OPENED:
        notes.append(f"only the first {MOST_OPENED} of {len(parsed.ids)} ids are opened")
    return CallsToOpen(wanted=tuple(wanted), notes=tuple(notes))


def _unix(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


@dataclass(frozen=True, slots=True)
class _OneOfCalls:
    """One of the calls to open."""

    wanted: WantedCall
    number: int
    """Which one it is, from 0: its steps have the same number."""
    notes: Sequence[str]


async def open_calls(answer: Answer, task: CallsToOpen) -> None:
    """Open every call of the task, one after the other."""
    for number, wanted in enumerate(task.wanted):
        await _open_call(answer, _OneOfCalls(wanted, number, () if number else task.notes))


async def _open_call(answer: Answer, one: _OneOfCalls) -> None:
    number = one.number
    quick = await answer.run(FIND.number(number), lambda answer: _find(answer, one))
    if (found := quick.found) is not None:
        posted = await answer.run(CALL.number(number), lambda answer: _show(answer, one, found, None))
        if _on_the_spot(answer, posted):
            await answer.run(CALL_GLANCE.number(number), lambda answer: _glance(answer, one, found))
        return
    looking = await answer.run(LOOKING.number(number), lambda answer: _announce(answer, one))
    if _on_the_spot(answer, looking.posted):
        await answer.run(LOOKING_WHERE.number(number), lambda answer: _say_where(answer, looking))
    searched = await answer.run(SCAN.number(number), lambda answer: _search(answer, one, looking))
    await answer.run(CALL.number(number), lambda answer: _show(answer, one, searched, looking.posted))


async def _find(answer: Answer, one: _OneOfCalls) -> KnownCall:
    return KnownCall(found=await find_without_search(answer.services, one.wanted.ref))


async def _announce(answer: Answer, one: _OneOfCalls) -> SearchMessage:
    key = new_question_id()
    posted = await show_notice(answer, _progress_message(answer, one, key, SearchProgress()))
    return SearchMessage(posted=posted, key=key)


async def _search(answer: Answer, one: _OneOfCalls, looking: SearchMessage) -> FoundCall:
    async def show_progress(progress: SearchProgress) -> None:
        try:
            message = _progress_message(answer, one, looking.key, progress)
            await answer.reply.progress(looking.posted, message)
        except ReplyError as refused:
            log.info("progress not shown", code=refused.code)

    async with answer.services.exports.place(
        f"{answer.steps.answer_id} {looking.key}",
        question_id=looking.key,
        user_id=answer.user_id,
        search=True,
    ) as place:
        tz = ZoneInfo(answer.asker.tz)
        return await search_calls(answer.services, one.wanted, tz, show_progress, stop=place.cancelled)


async def _show(answer: Answer, one: _OneOfCalls, found: FoundCall, posted: Posted | None) -> Posted:
    """Post the call, or put it in the place of the message that told of progress."""
    if posted is None:
        posted = await show_notice(answer, await _message(answer, one, found))
        if posted.moved_because is None:
            return posted
    await answer.reply.update(posted, await _message(answer, one, found, *moved(posted)))
    return posted


async def _glance(answer: Answer, one: _OneOfCalls, found: FoundCall) -> bool:
    return await answer.reply.glance(await _message(answer, one, found))


async def _message(answer: Answer, one: _OneOfCalls, found: FoundCall, *notes: str) -> Message:
    """Draw the call that was found, or say that none was."""
    services, value = answer.services, one.wanted.ref.value
    if found.conversation_id is None:
        return not_found_message(value, found.words, next_step=found.next_step)
    try:
        view = await call_view(services, found, ZoneInfo(answer.asker.tz), [*one.notes, *notes])
    except NotFound:
        await services.ids.forget(found.conversation_id)
        return not_found_message(value, GONE, next_step="Check the id.")
    return call_message(view)


def _progress_message(answer: Answer, one: _OneOfCalls, key: str, progress: SearchProgress) -> Message:
    return looking_message(
        one.wanted.ref.value,
        seen=progress.calls,
        back_to=progress.back_to,
        tz=ZoneInfo(answer.asker.tz),
        question_id=key,
    )


async def call_view(
    services: Services, found: FoundCall, tz: ZoneInfo, notes: Sequence[str] = ()
) -> CallView:
    """Return what one opened call shows. Raises NotFound and what else the client raises."""
    call = await services.conversations.call(found.conversation_id or "")
    await services.ids.learn(call)
    also = f"the same id is also carried by {', '.join(found.also)}" if found.also else ""
    return CallView(
        call=call,
        tz=tz,
        now=services.clock(),
        language=LANGUAGES.get((call.main_language or "").partition("-")[0]),
        actions=OFFERS,
        notes=[*notes, *([also] if also else [])],
    )


def _on_the_spot(answer: Answer, posted: Posted) -> bool:
    """Whether the asker also sees it where they typed the command: the message is somewhere else."""
    return answer.request.command and elsewhere(answer.request, posted)


async def _say_where(answer: Answer, looking: SearchMessage) -> bool:
    link = await answer.reply.link(looking.posted)
    where = f"<{link}|in your direct messages>" if link else "in your direct messages"
    return await answer.reply.glance(
        Message(text=f"I am looking through the calls: the answer comes {where}.")
    )
