"""One call, opened by an id: as a message where the id was given, or in a modal.

A command's call is also shown on the spot. Finding, posting and showing are checkpoints of their own; while
calls are looked through, one message tells how far it has come and becomes the call in the end. A modal
belongs to a press and lives only as long as its reader looks at it, so nothing of it is durable. Opening one
within the trigger's three seconds is the edge's part.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import structlog

from bot.answers.access import ModalPress
from bot.answers.answer import Answer, Services
from bot.answers.call_search import SearchProgress, find_without_search, search_calls
from bot.answers.error_messages import cause, moved
from bot.answers.notices import elsewhere, show_notice
from bot.answers.ports import Asker, Posted, ReplyError
from bot.answers.question.list_answer import newest
from bot.answers.question.placement import draw_as_it_was
from bot.answers.steps import (
    CALL,
    CALL_GLANCE,
    FIND,
    LOOKING,
    LOOKING_WHERE,
    MOST_OPENED,
    SCAN,
    CallsToOpen,
    FoundCall,
    KnownCall,
    SearchMessage,
    WantedCall,
)
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError
from bot.blocks.call_message import (
    CallView,
    call_message,
    call_modal,
    looking_message,
    looking_words,
    not_found_message,
    not_found_words,
)
from bot.blocks.modal_views import api_request_modal, choose_call_modal, loading_modal, notice_modal
from bot.elevenlabs.errors import NotFound
from bot.elevenlabs.request import ApiRequest, call_request, first_requests
from bot.model import LANGUAGES, Message
from bot.query import CallRef, Parsed, find_ids
from bot.store.questions import new_question_id

log = structlog.get_logger(__name__)

TITLE = "Call"
API_TITLE = "API request"
MOST_CHOICES = 100
OFFERS = frozenset({act.TRANSCRIPT_FILE, act.AUDIO_FILE, act.SHARE, act.CALL_API, act.OPEN_LINK})
_GONE = "ElevenLabs has no such conversation: it may be deleted, or belong to another ElevenLabs workspace."
_OF_ANOTHER = "Check the id: the call may belong to another ElevenLabs workspace."
NotFoundWords = tuple[str, str | None]
"""How far was looked, and what to do next; None for the usual advice."""


async def call_view(
    services: Services, found: FoundCall, tz: ZoneInfo, notes: Sequence[str] = ()
) -> CallView:
    """Return what one opened call shows. Raises NotFound and what else the client raises."""
    call = await services.conversations.call(found.conversation_id or "")
    await services.ids.learn(call)
    also = [f"the same id is also carried by {', '.join(found.also)}"] if found.also else []
    return CallView(
        call=call,
        tz=tz,
        now=services.clock(),
        language=LANGUAGES.get((call.main_language or "").partition("-")[0]),
        actions=OFFERS,
        notes=[*notes, *also],
    )


async def _view(
    services: Services, found: FoundCall, tz: ZoneInfo, notes: Sequence[str] = ()
) -> CallView | NotFoundWords:
    """Return what was found as it is shown, or the words for nothing."""
    if found.conversation_id is None:
        return found.words, _OF_ANOTHER if found.everywhere else None
    try:
        return await call_view(services, found, tz, notes)
    except NotFound:
        await services.ids.forget(found.conversation_id)
        return _GONE, "Check the id."


# --- as a message ---


def calls_to_open(parsed: Parsed) -> CallsToOpen:
    """Return what is to be opened; the time given says where to look first."""
    since, until = (
        None if moment is None else int(moment.timestamp())
        for moment in (parsed.query.since, parsed.query.until)
    )
    wanted = [WantedCall(ref=ref, since=since, until=until) for ref in parsed.ids[:MOST_OPENED]]
    notes = []
    if words := [unknown.word for unknown in parsed.unknown]:
        notes.append(f"not understood: {', '.join(words[:8])}")
    if filters := [name for name in parsed.query.filters() if name != "time"]:
        notes.append(f"opened by its id alone, without {', '.join(filters)}")
    notes += parsed.problems[:2]
    if len(parsed.ids) > MOST_OPENED:
        notes.append(f"only the first {MOST_OPENED} of {len(parsed.ids)} ids are opened")
    return CallsToOpen(wanted=tuple(wanted), notes=tuple(notes))


async def open_calls(answer: Answer, task: CallsToOpen) -> None:
    for number, wanted in enumerate(task.wanted):
        await _OneOfCalls(wanted, number, () if number else task.notes).open(answer)


@dataclass(frozen=True, slots=True)
class _OneOfCalls:
    wanted: WantedCall
    number: int
    """Which one it is, from 0: its steps have the same number."""
    notes: Sequence[str]

    async def open(self, answer: Answer) -> None:
        number, services = self.number, answer.services

        async def find(_answer: Answer) -> KnownCall:
            return KnownCall(found=await find_without_search(services, self.wanted.ref))

        quick = await answer.run(FIND.number(number), find)
        if (known := quick.found) is not None:
            posted = await answer.run(CALL.number(number), lambda answer: self._show(answer, known, None))
            if answer.request.command and elsewhere(answer.request, posted):
                await answer.run(CALL_GLANCE.number(number), lambda answer: self._glance(answer, known))
            return
        looking = await answer.run(LOOKING.number(number), self._announce)
        if answer.request.command and elsewhere(answer.request, looking.posted):
            await answer.run(LOOKING_WHERE.number(number), lambda answer: _say_where(answer, looking.posted))
        searched = await answer.run(SCAN.number(number), lambda answer: self._search(answer, looking))
        await answer.run(CALL.number(number), lambda answer: self._show(answer, searched, looking.posted))

    async def _announce(self, answer: Answer) -> SearchMessage:
        key = new_question_id()
        posted = await show_notice(answer, self._looking(answer, key, SearchProgress()))
        return SearchMessage(posted=posted, key=key)

    def _looking(self, answer: Answer, key: str, progress: SearchProgress) -> Message:
        seen, back_to, tz = progress.calls, progress.back_to, ZoneInfo(answer.asker.tz)
        return looking_message(self.wanted.ref.value, seen=seen, back_to=back_to, tz=tz, question_id=key)

    async def _search(self, answer: Answer, looking: SearchMessage) -> FoundCall:
        services, key, posted = answer.services, looking.key, looking.posted

        async def show_progress(progress: SearchProgress) -> None:
            try:
                await answer.reply.progress(posted, self._looking(answer, key, progress))
            except ReplyError as refused:
                log.info("progress not shown", code=refused.code)

        async with services.exports.place(
            f"{answer.steps.answer_id} {key}", question_id=key, user_id=answer.user_id, search=True
        ) as place:
            tz = ZoneInfo(answer.asker.tz)
            return await search_calls(services, self.wanted, tz, show_progress, stop=place.cancelled)

    async def _show(self, answer: Answer, found: FoundCall, posted: Posted | None) -> Posted:
        """Post the call, or put it in the place of the message that told of progress."""
        if posted is None:
            posted = await show_notice(answer, await self._message(answer, found))
            if posted.moved_because is None:
                return posted
        await answer.reply.update(posted, await self._message(answer, found, *moved(posted)))
        return posted

    async def _glance(self, answer: Answer, found: FoundCall) -> bool:
        return await answer.reply.glance(await self._message(answer, found))

    async def _message(self, answer: Answer, found: FoundCall, *notes: str) -> Message:
        view = await _view(answer.services, found, ZoneInfo(answer.asker.tz), [*self.notes, *notes])
        if isinstance(view, CallView):
            return call_message(view)
        return not_found_message(self.wanted.ref.value, view[0], next_step=view[1])


async def _say_where(answer: Answer, posted: Posted) -> bool:
    link = await answer.reply.link(posted)
    where = f"<{link}|in your direct messages>" if link else "in your direct messages"
    return await answer.reply.glance(
        Message(text=f"I am looking through the calls: the answer comes {where}.")
    )


# --- in a modal ---


async def open_call(
    press: ModalPress, asker: Asker, chosen: str, block_id: str = "", listed: tuple[Posted, str] | None = None
) -> None:
    """Open the chosen call: a conversation id, or any other id of a call.

    `listed` is the message that it was chosen in, with what its buttons carry: its menu is emptied again.
    Of a message that only its reader sees Slack tells only the menu's `block_id`, which is its question's id.
    """
    ids = find_ids(chosen)
    if len(ids) != 1 or ids[0].value != chosen:
        ids = (CallRef("conversation_id" if chosen.startswith("conv_") else "sip_call_id", chosen),)
    try:
        question_id = block_id if listed is None else act.decode(listed[1]).question_id
        await _open(press, ids[0], asker, question_id=question_id)
    finally:
        if listed is not None:
            await _empty_menu(press, *listed)


async def _empty_menu(press: ModalPress, posted: Posted, value: str) -> None:
    """Draw a list's page again: Slack shows what was chosen in a menu until then, and takes it only once.

    One whose file is still being made is drawn again all the time.
    """
    try:
        await draw_as_it_was(press.services, press.address, posted, value)
    except Exception as error:  # noqa: BLE001 - the call that was opened stays shown, whatever this meets
        log.info("menu not emptied", error=type(cause(error)).__name__)


async def turn_transcript(press: ModalPress, asker: Asker, value: str) -> None:
    """Show another page of a call's transcript, or the call before or after it in its list."""
    pointer = act.decode(value)
    page, conversation_id = act.read_page_pick(pointer.pick)
    ref = CallRef("conversation_id", conversation_id)
    await _open(press, ref, asker, page, question_id=pointer.question_id)


async def find_call(press: ModalPress, asker: Asker, text: str) -> None:
    """Open the call that a message names by any id or link; ask which when it names several."""
    refs = await _distinct(press.services, find_ids(text))
    if len(refs) == 1:
        await _open(press, refs[0], asker)
    elif refs:
        await press.show(choose_call_modal([ref.value for ref in refs[:MOST_CHOICES]]))
    else:
        headline = "I find no call id in this message."
        step = "I look for conversation ids, call SIDs, SIP Call-IDs and links to ElevenLabs' dashboard."
        await press.show(notice_modal(TITLE, headline, step))


async def _distinct(services: Services, refs: tuple[CallRef, ...]) -> list[CallRef]:
    """Leave out carrier ids that belong to a conversation which is named as well."""
    named = [ref.value for ref in refs if ref.kind == "conversation_id"]
    if not named or len(named) == len(refs):
        return list(refs)
    found = await asyncio.gather(*(services.conversations.ids(each) for each in named[:MOST_CHOICES]))
    carried = {each for ids in found if ids.phone for each in (ids.phone.call_id, ids.phone.call_sid)}
    return [ref for ref in refs if ref.kind == "conversation_id" or ref.value not in carried]


async def show_api_request(press: ModalPress, _asker: Asker, value: str) -> None:
    """Show the request for one call, or for a list's question."""
    services, base_url = press.services, press.services.base_url
    pointer = act.decode(value)
    requests: tuple[ApiRequest, ...]
    local: tuple[str, ...] = ()
    if pointer.pick != act.SHOW_API:
        conversation_id = pointer.pick or ""
        sentence, requests = f"conversation {conversation_id}", (call_request(conversation_id),)
    elif (question := await services.questions.get(pointer.question_id)) is None:
        raise BadValueError("a question that is no longer kept")
    else:
        query = query_of(services, question)
        sentence, requests, local = query.sentence(), first_requests(query.selection()), query.local
    await press.show(
        api_request_modal(
            sentence,
            endpoint=requests[0].url(base_url),
            curl="\n".join(request.curl(base_url) for request in requests),
            python="\n".join(request.python(base_url, local) for request in requests),
            local=local,
        )
    )


async def _open(
    press: ModalPress, ref: CallRef, asker: Asker, page: int = 0, *, question_id: str = ""
) -> None:
    services, show, tz = press.services, press.show, ZoneInfo(asker.tz)
    found = await find_without_search(services, ref)
    if found is None:

        async def show_progress(progress: SearchProgress) -> None:
            words = looking_words(ref.value, seen=progress.calls, back_to=progress.back_to, tz=tz)
            await show(loading_modal(TITLE, words))

        await show_progress(SearchProgress())
        found = await search_calls(services, WantedCall(ref=ref), tz, show_progress)
    view, (previous, following) = await asyncio.gather(
        _view(services, found, tz), _beside(services, question_id, found.conversation_id)
    )
    if isinstance(view, CallView):
        view = replace(view, question_id=question_id, previous_call=previous, next_call=following)
        await show(call_modal(view, page))
    else:
        await show(notice_modal(TITLE, *not_found_words(ref.value, view[0], next_step=view[1])))


async def _beside(
    services: Services, question_id: str, conversation_id: str | None
) -> tuple[str | None, str | None]:
    """Return the calls before and after one in a question's list, as far as it is shown."""
    question = await services.questions.get(question_id) if question_id and conversation_id else None
    if question is None:
        return None, None
    try:
        rows = (await newest(services, question, query_of(services, question))).rows
    except Exception as error:  # noqa: BLE001 - the call itself can be shown without
        log.info("calls beside it not known", error=type(cause(error)).__name__)
        return None, None
    ids: list[str | None] = [None, *(row.conversation_id for row in rows), None]
    at = ids.index(conversation_id, 1) if conversation_id in ids[1:-1] else None
    return (None, None) if at is None else (ids[at - 1], ids[at + 1])
