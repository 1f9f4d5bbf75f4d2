"""One opened call, in a modal; and what can be had of it: the next and previous call, its files, its request.

A modal belongs to a press and lives only as long as its reader looks at it, so nothing of it is durable.
Opening one within the trigger's three seconds is the edge's part. Files go to the direct message of whoever
pressed, wherever they pressed, or into the channel that a call is shared in.
"""

from __future__ import annotations

import asyncio
import io
import re
import tempfile
from dataclasses import replace
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.access import AuditOutcome, ModalPress, What, audit
from bot.answers.answer import AUDIO, FILE_WHERE, TRANSCRIPT, Answer, Services, WantedCall
from bot.answers.call_search import SearchProgress, find_without_search, found_view, search_calls
from bot.answers.error_messages import cause
from bot.answers.list_answer import draw_as_it_was, newest
from bot.answers.ports import Asker, Filed, Posted, Upload, is_direct_message
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError
from bot.blocks.block_elements import actions as buttons
from bot.blocks.block_elements import context, link_button, message, section
from bot.blocks.call_message import (
    CallView,
    call_modal,
    headline,
    looking_words,
    not_found_words,
    title_words,
    transcript_text,
)
from bot.blocks.modal_views import api_request_modal, choose_call_modal, loading_modal, notice_modal
from bot.blocks.text import code, escape, literal, number, open_url
from bot.elevenlabs.errors import BadAnswer, NotFound, Unavailable
from bot.elevenlabs.request import ApiRequest, call_request, first_requests
from bot.model import Call, Message
from bot.query import CallRef, find_ids

log = structlog.get_logger(__name__)

TITLE = "Call"
API_TITLE = "API request"
MOST_CHOICES = 100


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
    question_id = block_id if listed is None else act.decode(listed[1]).question_id
    try:
        await _open(press, ids[0], asker, question_id=question_id)
    except Exception as error:  # noqa: BLE001 - said before the menu is emptied: while ElevenLabs is away that waits
        await press.say(TITLE, error)
    if listed is None:
        return
    try:  # Slack shows what was chosen in a menu until it is drawn again, and takes it only once
        await draw_as_it_was(press.services, press.address, listed[0], question_id)
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
            await show(loading_modal(TITLE, looking_words(ref.value, progress.words(tz))))

        await show_progress(SearchProgress())
        found = await search_calls(services, WantedCall(ref=ref), tz, show_progress)
    view, (previous, following) = await asyncio.gather(
        found_view(services, found, tz), _beside(services, question_id, found.conversation_id)
    )
    if isinstance(view, CallView):
        view = replace(view, question_id=question_id, previous_call=previous, next_call=following)
        await show(call_modal(view, page))
    else:
        await show(notice_modal(TITLE, *not_found_words(ref.value, *view)))


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


# --- files ---

MOST_BYTES = 300_000_000
"""The largest recording that is passed on: about five hours; Slack itself takes 1 GB."""
_TOO_EARLY = 425
"""HTTP's status for a recording that ElevenLabs is still making."""
_MEGA = 1_000_000
_NONE = "There is no recording of this call.", "It may not be recorded, or be deleted already."
_NOT_READY = "The recording is not ready yet.", "Press Audio again in a few minutes, or listen in ElevenLabs."
_LISTEN = "Listen to it in ElevenLabs, or fetch it with its API request."


async def send_pressed_file(answer: Answer) -> None:
    """Send the transcript or the recording to the presser's direct message, and say where it is."""
    call = await answer.services.conversations.call(answer.pick)
    under = answer.posted if answer.posted and is_direct_message(answer.posted.channel_id) else None
    thread_ts = None if under is None else answer.address.thread_ts
    private = msgspec.structs.replace(answer.address, private=True, shared_channel=False, thread_ts=thread_ts)
    sent = await send_file(replace(answer, reply=answer.reply.at(private)), call, answer.action, under)
    if sent and answer.address.channel_id and under is None:
        what = "The recording" if answer.action == act.AUDIO_FILE else "The transcript"
        where = Message(text=f"{what} is in your direct messages.")
        await answer.run(FILE_WHERE, lambda answer: answer.reply.glance(where))


async def send_file(answer: Answer, call: Call, kind: str, posted: Posted | None) -> bool:
    """Send a TRANSCRIPT_FILE or AUDIO_FILE into a message's thread; False, after saying so, for none."""
    what: What = "audio" if kind == act.AUDIO_FILE else "transcript"

    def audited(outcome: AuditOutcome, channel_id: str = "") -> None:
        asked, rows = f"id:{_plain(answer.pick)}", 1 if outcome == "sent" else 0
        audit(what, answer.address, asked=asked, rows=rows, channel_id=channel_id, outcome=outcome)

    async def send_transcript(answer: Answer) -> Filed:
        content = transcript_text(call, ZoneInfo(answer.asker.tz)).encode()
        filed = await answer.reply.file(posted, _file(answer, call, "Transcript", content))
        audited("sent", filed.channel_id)
        return filed

    async def send_recording(answer: Answer) -> bool:
        sent = await _send_audio(answer, call, posted) if call.has_audio else _NONE
        if isinstance(sent, Filed):
            audited("sent", sent.channel_id)
            return True
        audited("nothing to send")
        await answer.reply.fail(_instead(call, *sent))
        return False

    try:
        if what == "audio":
            return await answer.run(AUDIO, send_recording)
        await answer.run(TRANSCRIPT, send_transcript)
    except Exception:
        audited("failed")
        raise
    return True


def _file(answer: Answer, call: Call, what: str, content: bytes = b"") -> Upload:
    return Upload(
        content=io.BytesIO(content),
        filename=f"{_plain(call.conversation_id)}.{'txt' if what == 'Transcript' else 'mp3'}",
        title=f"{what}: {literal(headline(call), 150)}",
        words=title_words(call, ZoneInfo(answer.asker.tz), answer.services.clock()),
    )


async def _send_audio(answer: Answer, call: Call, posted: Posted | None) -> Filed | tuple[str, str]:
    """Pass the recording on; returns what to say when there is none to send. Raises for the rest."""
    client = answer.services.conversations
    with tempfile.TemporaryFile() as out:  # without a name: gone with the process, however that ends
        try:
            size = await client.audio(call.conversation_id, out, most=MOST_BYTES)
        except NotFound:
            return _NONE
        except (BadAnswer, Unavailable) as error:
            if error.status != _TOO_EARLY:
                raise
            return _NOT_READY
        if size > MOST_BYTES:
            mega = number(size // _MEGA)
            return f"The recording ({mega} MB) is larger than what I send to Slack.", _LISTEN
        file = replace(_file(answer, call, "Recording"), content=out)
        return await answer.reply.file(posted, file) if size else _NONE


def _plain(conversation_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", conversation_id)[:80] or "call"


def _instead(call: Call, words: str, next_step: str) -> Message:
    url = open_url(call.conversation_id, call.site)
    blocks = [
        section(f"*{words}*\n{next_step}"),
        context(f"{escape(headline(call), 150)} {code(call.conversation_id, 120)}"),
        *buttons(link_button("Open in ElevenLabs", act.OPEN_LINK, url) if url else None),
    ]
    return message(f"{words} {next_step}", blocks)
