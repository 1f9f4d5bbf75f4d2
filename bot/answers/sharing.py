"""Share: any answer, or one call, for all in a channel of this company, with who shared it and their note.

The form says what is in the way before anything is recorded; it is looked at again when it is posted.
"""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import msgspec

from bot.answers.access import FormResult, FormSubmission, ModalPress, View, asked_for, audit
from bot.answers.answer import Answer, Click, Request, Services
from bot.answers.call_files import send_audio_of, send_transcript_of
from bot.answers.call_search import FoundCall
from bot.answers.error_messages import cannot_share
from bot.answers.notices import show_notice
from bot.answers.opened_calls import call_view
from bot.answers.ports import Address, Asker, is_direct_message
from bot.answers.question.placement import say_in_its_place, unfinished
from bot.answers.question.question_answer import answer_question
from bot.answers.steps import CALL, OWN_QUESTION, REFUSE
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError
from bot.blocks.call_message import call_message, title_words
from bot.blocks.modal_views import (
    CHANNEL,
    NOTE,
    BadFormError,
    MenuChoice,
    ShareForm,
    form_errors,
    read_share,
    share_modal,
)
from bot.blocks.notice_messages import notice_message, pasted_key_words
from bot.blocks.text import title
from bot.query import Query
from bot.redaction import mask_keys
from bot.store.questions import Question, new_question_id

TITLE = "Share"
_TOO_OLD = "This answer is too old to be shared: ask again, then share it."


class OpenShare(msgspec.Struct, frozen=True, kw_only=True):
    """What an open form keeps in Slack (private_metadata): Slack's ids and ours, nothing personal."""

    value: str
    """What the pressed button carries."""
    address: Address
    """Where it was pressed: who shares is told there where it is."""


async def open_share_form(press: ModalPress, value: str) -> None:
    """Show the form for what a button refers to."""

    async def open_it(asker: Asker) -> None:
        await press.show(await _form(press, asker, value))

    await press.serve(TITLE, open_it)


async def _form(press: ModalPress, asker: Asker, value: str) -> View:
    services, address, pointer = press.services, press.address, act.decode(value)
    question = await services.questions.get(pointer.question_id) if pointer.question_id else None
    files: list[MenuChoice] = []
    if pointer.pick:
        call = await services.conversations.call(pointer.pick)
        what = title_words(call, ZoneInfo(asker.tz), services.clock())
        files += [MenuChoice(act.TRANSCRIPT_FILE, "Transcript")] if call.transcript else []
        files += [MenuChoice(act.AUDIO_FILE, "Audio")] if call.has_audio else []
    elif question is not None:
        what = title(query_of(question, week_start=services.week_start).sentence())
    else:
        raise BadValueError("a question that is no longer kept")
    opened = OpenShare(value=value, address=msgspec.structs.replace(address, private=True, response_url=None))
    return share_modal(
        what,
        files=files,
        channel_id=await _first_choice(services, address, question),
        metadata=msgspec.json.encode(opened).decode(),
    )


async def _first_choice(services: Services, address: Address, question: Question | None) -> str | None:
    """Return the channel that is most likely meant: where it was asked, or where they shared last."""
    asked_in = address.channel_id if question is None else question.channel_id
    for channel_id in (asked_in, await services.questions.last_shared(address.user_id)):
        there = bool(channel_id) and not is_direct_message(channel_id or "")
        if there and await refusal(services, address, channel_id or "") is None:
            return channel_id
    return None


async def refusal(services: Services, address: Address, channel_id: str) -> str | None:
    """Say why somebody may have nothing posted in a channel, in words for them; None when they may."""
    there = address.in_channel(channel_id)
    if (refused := await services.people.barred(there)) is not None:
        words = cannot_share(refused)
        return f"{words.headline} {words.next_step}"
    return (await services.people.asker(there)).refused  # ALLOWED_CHANNELS


async def read_share_form(services: Services, submission: FormSubmission) -> FormResult:
    """Read a submitted form into a request, or into errors beside its fields."""
    try:
        opened = msgspec.json.decode(submission.metadata, type=OpenShare)
        pointer = act.decode(opened.value)
        form = read_share(submission.state)
    except (msgspec.MsgspecError, BadValueError):
        return FormResult(None, form_errors({CHANNEL: _TOO_OLD}))
    except BadFormError as wrong:
        return FormResult(None, form_errors(wrong.errors))
    if pasted_key := mask_keys(form.note)[1]:
        return FormResult(None, form_errors({NOTE: pasted_key_words(pasted_key)}))
    address = msgspec.structs.replace(opened.address, team_id=submission.team_id, user_id=submission.user_id)
    if (refused := await refusal(services, address, form.channel_id)) is not None:
        question = await services.questions.get(pointer.question_id)
        query = None if question is None else query_of(question, week_start=services.week_start)
        _audit_refused(address, _asked(query, pointer.pick), form.channel_id)
        return FormResult(None, form_errors({CHANNEL: refused}))
    request = Request(
        answer_id=submission.answer_id(repr(form)),
        kind="click",
        asked_at=submission.at,
        address=address,
        sharing=form,
        click=Click(action_id=act.SHARED_CALL if pointer.pick else act.SHARED_ANSWER, value=opened.value),
    )
    return FormResult(request, {})


async def share_answer(answer: Answer) -> None:
    """Answer a question in the chosen channel: what was asked is the sharer's question from then on."""
    if (there := await _there(answer)) is not None:
        answer = await as_own_question(answer)
        await answer_question(answer.with_reply(answer.reply.at(there)), answer.question.question_id)


def _asked(query: Query | None, conversation_id: str | None) -> str:
    return f"id:{conversation_id}" if conversation_id or query is None else asked_for(query)


def _audit_refused(address: Address, asked: str, channel_id: str) -> None:
    audit("share", address, asked=asked, rows=0, channel_id=channel_id, outcome="refused")


async def share_call(answer: Answer) -> None:
    """Post a call in the chosen channel: what happened and why; its files, if wanted, in the thread."""
    services, sharing, there = answer.services, answer.request.sharing, await _there(answer)
    if there is None or sharing is None:
        return
    found = FoundCall(conversation_id=answer.pointer.pick)
    view = await call_view(services, found, ZoneInfo(answer.asker.tz))
    message = call_message(replace(view, shared_by=answer.user_id, shared_note=sharing.note))
    answer = answer.with_reply(answer.reply.at(there))
    posted = await answer.run(CALL, lambda answer: show_notice(answer, message))
    if act.TRANSCRIPT_FILE in sharing.files:
        await send_transcript_of(view.call, answer, posted)
    if act.AUDIO_FILE in sharing.files:
        await send_audio_of(view.call, answer, posted)


async def _there(answer: Answer) -> Address | None:
    """Return where to post; None, said and audited, when that is not allowed any more."""
    sharing = answer.request.sharing or ShareForm(channel_id="")
    refused = await refusal(answer.services, answer.address, sharing.channel_id)
    if refused is None:
        return answer.address.in_channel(sharing.channel_id)

    async def refuse(answer: Answer) -> None:
        _audit_refused(answer.address, _asked(answer.query, answer.pointer.pick), sharing.channel_id)
        message = notice_message(refused)
        left = await unfinished(answer)
        if left is not None:  # shown before a crash, when it was still allowed
            await say_in_its_place(answer, left, message)
        await answer.reply.fail(message)

    await answer.once(REFUSE, refuse)
    return None


async def as_own_question(answer: Answer) -> Answer:
    """Store the question anew, as asked by who pressed; what they share is shown with their note."""
    request = answer.request

    async def store(answer: Answer) -> str:
        question = msgspec.structs.replace(
            answer.question,
            question_id=new_question_id(),
            user_id=answer.user_id,
            tz=answer.asker.tz,
            asked_at=request.asked_at,
            thread_ts=None,
            outcome=None,
            refused=False,
            note=None if request.sharing is None else request.sharing.note,
        )
        await answer.services.questions.add(question)
        return question.question_id

    question_id = await answer.run(OWN_QUESTION, store)
    return replace(answer, stored=await answer.services.questions.get(question_id) or answer.question)
