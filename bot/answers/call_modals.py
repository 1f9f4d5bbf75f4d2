"""One call opened in a modal: from a list's menu, a page turned, an id in any message, an API request.

A modal belongs to a press and lives only as long as its reader looks at it, so nothing here is durable. Which
view is to be seen is decided here; opening it within the trigger's three seconds is the edge's part.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import structlog

from bot.answers.access import ModalPress, View
from bot.answers.answer import Services
from bot.answers.call_search import (
    GivenId,
    SearchProgress,
    WantedCall,
    find_without_search,
    search_calls,
)
from bot.answers.error_messages import cause
from bot.answers.opened_calls import GONE, call_view
from bot.answers.ports import Asker, Posted
from bot.answers.question.list_answer import newest
from bot.answers.question.placement import draw_as_it_was
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError
from bot.blocks.call_message import call_modal, looking_words, not_found_words
from bot.blocks.modal_views import api_request_modal, choose_call_modal, loading_modal, noted, notice_modal
from bot.elevenlabs.errors import NotFound
from bot.elevenlabs.request import ApiRequest, call_request, first_requests
from bot.query import CallRef, find_ids

log = structlog.get_logger(__name__)

TITLE = "Call"
API_TITLE = "API request"
MOST_CHOICES = 100


async def open_call(
    press: ModalPress, chosen: str, block_id: str = "", listed: tuple[Posted, str] | None = None
) -> None:
    """Open the chosen call: a conversation id, or any other id of a call.

    `listed` is the message that it was chosen in, with what its buttons carry: its menu is emptied again.
    Of a message that only its reader sees Slack tells only the menu's `block_id`, which is its question's id.
    """

    async def open_it(asker: Asker) -> None:
        try:
            question_id = block_id if listed is None else act.decode(listed[1]).question_id
            await _open(press, _ref(chosen), asker, question_id=question_id)
        finally:
            if listed is not None:
                await _empty_menu(press, *listed)

    await press.serve(TITLE, open_it)


async def _empty_menu(press: ModalPress, posted: Posted, value: str) -> None:
    """Draw a list's page again: Slack shows what was chosen in a menu until then, and takes it only once.

    One whose file is still being made is drawn again all the time.
    """
    try:
        await draw_as_it_was(press.services, press.address, posted, value)
    except Exception as error:  # noqa: BLE001 - the call that was opened stays shown, whatever this meets
        log.info("menu not emptied", error=type(cause(error)).__name__)


async def turn_transcript(press: ModalPress, value: str) -> None:
    """Show another page of a call's transcript, or the call before or after it in its list."""

    async def turn(asker: Asker) -> None:
        pointer = act.decode(value)
        page, conversation_id = act.read_page_pick(pointer.pick)
        ref = GivenId(kind="conversation_id", value=conversation_id)
        await _open(press, ref, asker, page, question_id=pointer.question_id)

    await press.serve(TITLE, turn)


async def find_call(press: ModalPress, text: str) -> None:
    """Open the call that a message names by any id or link; ask which when it names several."""

    async def find(asker: Asker) -> None:
        show = press.show
        refs = await _distinct(press.services, find_ids(text))
        if not refs:
            headline = "I find no call id in this message."
            step = "I look for conversation ids, call SIDs, SIP Call-IDs and links to ElevenLabs' dashboard."
            await show(notice_modal(TITLE, headline, step))
        elif len(refs) == 1:
            await _open(press, GivenId(kind=refs[0].kind, value=refs[0].value), asker)
        else:
            await show(choose_call_modal([ref.value for ref in refs[:MOST_CHOICES]]))

    await press.serve(TITLE, find)


async def show_api_request(press: ModalPress, value: str) -> None:
    """Show the request for one call, or for a list's question."""
    services, show = press.services, press.show

    async def show_it(_asker: Asker) -> None:
        pointer = act.decode(value)
        if pointer.pick != act.SHOW_API:
            conversation_id = pointer.pick or ""
            sentence = f"conversation {conversation_id}"
            await show(_api_request(services, sentence, (call_request(conversation_id),)))
            return
        question = await services.questions.get(pointer.question_id)
        if question is None:
            raise BadValueError("a question that is no longer kept")
        query = query_of(question, week_start=services.week_start)
        requests = first_requests(query.selection())
        await show(_api_request(services, query.sentence(), requests, query.local))

    await press.serve(API_TITLE, show_it)


def _api_request(
    services: Services, sentence: str, requests: Sequence[ApiRequest], local: tuple[str, ...] = ()
) -> View:
    return api_request_modal(
        sentence,
        endpoint=requests[0].url(services.base_url),
        curl="\n".join(request.curl(services.base_url) for request in requests),
        python="\n".join(request.python(services.base_url, local) for request in requests),
        local=local,
    )


async def _distinct(services: Services, refs: tuple[CallRef, ...]) -> list[CallRef]:
    """Leave out carrier ids that belong to a conversation which is named as well."""
    named = [ref.value for ref in refs if ref.kind == "conversation_id"]
    others = [ref for ref in refs if ref.kind != "conversation_id"]
    if named and others:
        asked = [services.conversations.ids(each) for each in named[:MOST_CHOICES]]
        phones = [ids.phone for ids in await asyncio.gather(*asked) if ids.phone is not None]
        carried = {each for phone in phones for each in (phone.call_id, phone.call_sid)}
        others = [ref for ref in others if ref.value not in carried]
    return [ref for ref in refs if ref.kind == "conversation_id" or ref in others]


async def _open(
    press: ModalPress, ref: GivenId, asker: Asker, page: int = 0, *, question_id: str = ""
) -> None:
    services, show, tz = press.services, press.show, ZoneInfo(asker.tz)
    found = await find_without_search(services, ref)
    if found is None:

        async def show_progress(progress: SearchProgress) -> None:
            words = looking_words(ref.value, seen=progress.calls, back_to=progress.back_to, tz=tz)
            await show(loading_modal(TITLE, words))

        await show_progress(SearchProgress())
        found = await search_calls(services, WantedCall(ref=ref), tz, show_progress)
    if found.conversation_id is None:
        headline, more = not_found_words(ref.value, found.words, next_step=found.next_step)
        await show(notice_modal(TITLE, headline, more))
        return
    try:
        view, (previous, following) = await asyncio.gather(
            call_view(services, found, tz), _beside(services, question_id, found.conversation_id)
        )
    except NotFound:
        await services.ids.forget(found.conversation_id)
        headline, more = not_found_words(ref.value, GONE, next_step="Check the id.")
        await show(notice_modal(TITLE, headline, more))
        return
    view = replace(view, question_id=question_id, previous_call=previous, next_call=following)
    await show(call_modal(view, page))


async def _beside(
    services: Services, question_id: str, conversation_id: str
) -> tuple[str | None, str | None]:
    """Return the calls before and after one in a question's list, as far as it is shown."""
    question = await services.questions.get(question_id) if question_id else None
    if question is None:
        return None, None
    try:
        rows = (await newest(services, question, query_of(question, week_start=services.week_start))).rows
    except Exception as error:  # noqa: BLE001 - the call itself can be shown without
        log.info("calls beside it not known", error=type(cause(error)).__name__)
        return None, None
    ids: list[str | None] = [None, *(row.conversation_id for row in rows), None]
    at = ids.index(conversation_id) if conversation_id in ids else None
    return (None, None) if at is None else (ids[at - 1], ids[at + 1])


async def say_file_comes(press: ModalPress, view: View, words: str) -> None:
    """Say in the modal that was pressed in that a file comes; the press itself is answered like any other."""
    await press.show(noted(view, words))


def _ref(chosen: str) -> GivenId:
    found = find_ids(chosen)
    if len(found) == 1 and found[0].value == chosen:
        return GivenId(kind=found[0].kind, value=chosen)
    return GivenId(kind="conversation_id" if chosen.startswith("conv_") else "sip_call_id", value=chosen)
