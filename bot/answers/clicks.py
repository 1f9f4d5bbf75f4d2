"""Clicks on our messages and in Home: a table of what each does.

Every button of a list carries the id of the stored question, so any process can serve it. A message in a
channel belongs to who asked: anybody else's press is served as if it were on a copy that only they see, and
what would change the message asks the question anew, for them alone.

Share posts any answer, or one call, in a channel of this company, with who shared it and their note. Its form
says what is in the way before anything is recorded; it is looked at again when it is posted.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from bot.answers.access import FormSubmission, ModalPress, asked_for, audit, closed_to_data, find_channel
from bot.answers.alert_requests import change_watched
from bot.answers.answer import (
    CALL,
    CHOOSE_AGENT,
    EXPIRED,
    LIST,
    OWN_QUESTION,
    REFUSE,
    SAVED_GONE,
    UNDERSTAND,
    Answer,
    Asked,
    Click,
    Request,
    Services,
)
from bot.answers.call_search import call_view
from bot.answers.error_messages import cannot_share
from bot.answers.matching_rows import outcome_of
from bot.answers.opened_calls import send_file, send_pressed_file
from bot.answers.placement import belongs_to, say_in_its_place, show_notice
from bot.answers.ports import Address, Asker, is_direct_message
from bot.answers.question_answer import (
    answer_changed_filters,
    answer_question,
    ask,
    kind_of,
    restore,
)
from bot.answers.saved_requests import change_saved, say_gone
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.call_message import call_message, title_words
from bot.blocks.modal_views import CHANNEL, NOTE, BadFormError, MenuChoice, ShareForm, read_share, share_modal
from bot.blocks.notice_messages import (
    expired_message,
    notice_message,
    pasted_key_words,
    trouble_message,
)
from bot.blocks.text import title
from bot.query import Query, choose, resolve
from bot.redaction import mask_keys
from bot.store.questions import Question, new_question_id

SHARE_TITLE = "Share"
_TOO_OLD = "This answer is too old to be shared: ask again, then share it."
Serve = Callable[[Answer], Awaitable[None]]

_NOT_YOURS = "This is being made for somebody else: only who asked for it can stop it or send it sooner."
_REFRESHING, _FILING = act.FORMER_PAGES | {act.REFRESH}, frozenset({act.CSV, act.SEND_ALL})
IN_PLACE = _REFRESHING | _FILING | {act.RETRY}
"""What changes the message that was pressed, or posts beside it."""


async def serve_click(answer: Answer) -> None:
    """Serve one click; one on something that is no longer known is answered kindly."""
    click = answer.request.click
    if click is None or act.base(click.action_id) == act.OPEN_LINK:
        return
    try:
        pointer = act.decode(click.value)
    except BadValueError:
        await _say_expired(answer)
        return
    action = act.base(click.action_id)
    answer = replace(answer, action=action, pointer=pointer)
    if action == act.MORE:
        answer = replace(answer, action=answer.pick)
    if not await belongs_to(answer.services, answer.posted, answer.address.user_id):
        answer = _on_a_copy(answer)
    if (serve := CLICKS.get(answer.action)) is not None:
        await serve(answer)
    elif (serve := QUESTION_CLICKS.get(answer.action)) is not None:
        await _serve_question_click(answer, serve)
    else:
        await _say_expired(answer)


def _on_a_copy(answer: Answer) -> Answer:
    """Return the answer to the same press on a message that only the presser sees, and nobody can change."""
    request, click = answer.request, answer.request.click
    address = msgspec.structs.replace(request.address, private=True, response_url=None)
    click = None if click is None else msgspec.structs.replace(click, posted=None)
    request = msgspec.structs.replace(request, address=address, click=click)
    return replace(answer, request=request, reply=answer.reply.at(address), copied=True)


async def _serve_question_click(answer: Answer, serve: Serve) -> None:
    """Serve a click on the answer to a stored question, in place or, where it is not theirs, on a copy."""
    closed = closed_to_data(answer.request, answer.asker)
    if answer.action in IN_PLACE and answer.posted is not None and closed is not None:
        words = cannot_share(closed)
        message = trouble_message(words.headline, words.next_step)
        await answer.once(REFUSE, lambda answer: answer.reply.fail(message))
        return
    question = await answer.services.questions.get(answer.pointer.question_id)
    if question is None:
        await _say_expired(answer)
        return
    query = query_of(answer.services, question)
    answer = replace(answer, stored=question, query=query)
    if answer.copied:
        answer = await as_own_question(answer)
        if answer.action in IN_PLACE:
            file = True if answer.action in _FILING else None
            asked = Asked(refresh=answer.action == act.REFRESH, file=file)
            await answer_question(answer, answer.question.question_id, asked)
            return
    await serve(answer)


async def _say_expired(answer: Answer) -> None:
    """Say that the question is no longer kept; offer it again if the message says it readably."""

    async def say(answer: Answer) -> None:
        sentence = None if answer.request.click is None else answer.request.click.sentence
        restored = await restore(answer, sentence or "")
        known = None if restored is None else Pointer(restored)
        await answer.reply.fail(expired_message(sentence if known else None, known))

    await answer.once(EXPIRED, say)


async def run_example(answer: Answer) -> None:
    """Ask what an example or a correction says, after the question it goes on from, if any."""
    await ask(answer, answer.pick, follows=answer.pointer.question_id or None)


async def _press(answer: Answer, *, cancel: bool) -> None:
    """Stop the presser's files of a question, or their search, wherever it runs; or send without ids."""
    services, question_id = answer.services, answer.pointer.question_id
    if await services.exports.press(question_id, cancel=cancel, user_id=answer.address.user_id):
        return
    if answer.copied:
        await answer.once(REFUSE, lambda answer: answer.reply.fail(notice_message(_NOT_YOURS)))
    elif await services.questions.get(question_id) is None:
        await _say_expired(answer)


async def choose_agent(answer: Answer) -> None:
    """Go on with a question whose agent, or agents, were chosen from several."""
    if await answer.steps.recorded(CHOOSE_AGENT) is None:
        agents = await answer.services.conversations.agents()
        these = [agent for agent in agents if agent.agent_id in answer.pick.split(",")]
        if not these or not answer.query.agent_names:  # they cannot be chosen any more
            again = expired_message(answer.query.sentence(), Pointer(answer.question.question_id))
            await answer.once(EXPIRED, lambda answer: answer.reply.fail(again))
            return
        unclear = resolve(answer.query, agents)
        name = answer.query.agent_names[0] if isinstance(unclear, Query) else unclear.name
        chosen, texts = choose(answer.query, name, these), answer.question.texts
        said = f"agent:{','.join(agent.agent_id for agent in these)}"
        question = msgspec.structs.replace(
            answer.question, text=chosen.canonical(), texts=(*texts, said) if texts else ()
        )
        await answer.once(CHOOSE_AGENT, lambda _answer: answer.services.questions.add(question))
    await answer_question(answer, answer.question.question_id)


async def run_saved(answer: Answer) -> None:
    """Ask a saved question, unless it is no more; one that an earlier process began to answer is answered."""
    saved = await answer.services.saved.get(answer.pick, user_id=answer.address.user_id)
    if saved is not None or await answer.steps.recorded(UNDERSTAND) is not None:
        await ask(answer, "", typed=() if saved is None else saved.texts)
    else:
        await answer.once(SAVED_GONE, say_gone)


@contextlib.asynccontextmanager
async def _in_turn(answer: Answer) -> AsyncIterator[Question]:
    """Wait for what is being made of a question; yields it as it is stored then."""
    services, question_id = answer.services, answer.question.question_id
    async with services.locks.setdefault(("file", question_id), asyncio.Lock()):
        yield await services.questions.get(question_id) or answer.question


async def make_file(answer: Answer) -> None:
    """Make the file of a question; who presses twice is pointed to the first one when that is there."""
    async with _in_turn(answer) as stored:
        await kind_of(answer.query).file(replace(answer, stored=stored))


async def retry(answer: Answer) -> None:
    """Answer anew in the place of what could not be answered, or not wholly; a follow-up without a file.

    Who presses twice gets what came of the first press, if that went well.
    """
    async with _in_turn(answer) as stored:
        begun = await answer.steps.recorded(LIST) is not None
        if begun or stored.outcome == answer.question.outcome or outcome_of(stored).failed is not None:
            file = False if len(stored.texts) > 1 else None
            await answer_question(answer, stored.question_id, Asked(place=answer.posted, file=file))


async def ask_again(answer: Answer) -> None:
    if answer.query.agent_names:  # no agent was chosen yet
        await ask(answer, answer.question.text)
        return
    if answer.question.refused:
        await answer.services.questions.add(msgspec.structs.replace(answer.question, refused=False))
    await answer_question(answer, answer.question.question_id, Asked(refresh=True))


# --- Share ---


class OpenShare(msgspec.Struct, frozen=True, kw_only=True):
    """What an open form keeps in Slack (private_metadata): Slack's ids and ours, nothing personal."""

    value: str
    """What the pressed button carries."""
    address: Address
    """Where it was pressed: who shares is told there where it is."""


async def open_share_form(press: ModalPress, asker: Asker, value: str) -> None:
    services, address = press.services, press.address
    pointer, files = act.decode(value), list[MenuChoice]()
    question = await services.questions.get(pointer.question_id) if pointer.question_id else None
    if pointer.pick:
        call = await services.conversations.call(pointer.pick)
        what = title_words(call, ZoneInfo(asker.tz), services.clock())
        files += [MenuChoice(act.TRANSCRIPT_FILE, "Transcript")] if call.transcript else []
        files += [MenuChoice(act.AUDIO_FILE, "Audio")] if call.has_audio else []
    elif question is not None:
        what = title(query_of(services, question).sentence())
    else:
        raise BadValueError("a question that is no longer kept")
    # What is most likely meant: where it was asked, or where they shared last.
    asked_in = address.channel_id if question is None else question.channel_id
    first = None
    for channel_id in (asked_in, await services.questions.last_shared(address.user_id)):
        there = channel_id and not is_direct_message(channel_id)
        if first is None and there and (await find_channel(services, address, channel_id or ""))[1] is None:
            first = channel_id
    private = msgspec.structs.replace(address, private=True, response_url=None)
    metadata = msgspec.json.encode(OpenShare(value=value, address=private)).decode()
    await press.show(share_modal(what, files=files, channel_id=first, metadata=metadata))


async def read_share_form(services: Services, submission: FormSubmission) -> tuple[Request, None]:
    """Read a submitted form into a request. Raises BadFormError."""
    try:
        opened = msgspec.json.decode(submission.metadata, type=OpenShare)
        pointer = act.decode(opened.value)
        form = read_share(submission.state)
    except (msgspec.MsgspecError, BadValueError):
        raise BadFormError({CHANNEL: _TOO_OLD}) from None
    if pasted_key := mask_keys(form.note)[1]:
        raise BadFormError({NOTE: pasted_key_words(pasted_key)})
    sender = submission.sender
    address = msgspec.structs.replace(opened.address, team_id=sender.team_id, user_id=sender.user_id)
    if refused := await _refused(services, address, pointer, form.channel_id):
        raise BadFormError({CHANNEL: refused})
    request = Request(
        answer_id=submission.answer_id(repr(form)),
        kind="click",
        asked_at=submission.at,
        address=address,
        sharing=form,
        click=Click(action_id=act.SHARED_CALL if pointer.pick else act.SHARED_ANSWER, value=opened.value),
    )
    return request, None


async def share_answer(answer: Answer) -> None:
    """Answer a question in the chosen channel: what was asked is the sharer's question from then on."""
    if (there := await _there(answer)) is not None:
        answer = await as_own_question(answer)
        await answer_question(replace(answer, reply=answer.reply.at(there)), answer.question.question_id)


async def _refused(services: Services, address: Address, pointer: Pointer, channel_id: str) -> str | None:
    """Return why nothing may be shared in a channel, which is then audited; None when it may."""
    _, refused = await find_channel(services, address, channel_id)
    if refused is not None:
        question = None if pointer.pick else await services.questions.get(pointer.question_id)
        asked = f"id:{pointer.pick}" if question is None else asked_for(query_of(services, question))
        audit("share", address, asked=asked, channel_id=channel_id, outcome="refused")
    return refused


async def share_call(answer: Answer) -> None:
    """Post a call in the chosen channel: what happened and why; its files, if wanted, in the thread."""
    services, sharing, there = answer.services, answer.request.sharing, await _there(answer)
    if there is None or sharing is None:
        return
    view = await call_view(services, answer.pick, ZoneInfo(answer.asker.tz))
    message = call_message(replace(view, shared_by=answer.address.user_id, shared_note=sharing.note))
    answer = replace(answer, reply=answer.reply.at(there))
    posted = await answer.run(CALL, show_notice, message)
    for kind in sharing.files:
        await send_file(answer, view.call, kind, posted)


async def _there(answer: Answer) -> Address | None:
    """Return where to post; None, said and audited, when that is not allowed any more."""
    sharing = answer.request.sharing or ShareForm(channel_id="")
    refused = await _refused(answer.services, answer.address, answer.pointer, sharing.channel_id)
    if refused is None:
        return answer.address.in_channel(sharing.channel_id)
    message = notice_message(refused)

    async def refuse(answer: Answer) -> None:
        await say_in_its_place(answer, message)  # shown before a crash, when it was still allowed
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
            user_id=answer.address.user_id,
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


CLICKS: Mapping[str, Serve] = {
    act.RUN_EXAMPLE: run_example,
    act.FILTERS_VIEW: answer_changed_filters,
    act.CANCEL: partial(_press, cancel=True),
    act.WITHOUT_IDS: partial(_press, cancel=False),
    act.TRANSCRIPT_FILE: send_pressed_file,
    act.AUDIO_FILE: send_pressed_file,
    act.SHARED_CALL: share_call,
    act.QUICK: run_example,
    act.SAVED_RUN: run_saved,
    act.SAVED_MENU: change_saved,
    act.WATCH_MENU: change_watched,
}
"""What needs no stored question."""
QUESTION_CLICKS: Mapping[str, Serve] = {
    # All that a page had is in the one table by now.
    **dict.fromkeys(_REFRESHING, lambda answer: kind_of(answer.query).refresh(answer)),
    **dict.fromkeys(_FILING, make_file),
    act.SHARED_ANSWER: share_answer,
    act.CHOOSE_AGENT: choose_agent,
    act.ASK_AGAIN: ask_again,
    act.RETRY: retry,
    act.RECENT: ask_again,
}
"""What needs the stored question that the button points at."""
