"""Clicks on our messages and in Home: a table of what each does.

Every button of a list carries the id of the stored question, so any process can serve it. A message in a
channel belongs to who asked: anybody else's press is served as if it were on a copy that only they see, and
what would change the message asks the question anew, for them alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import msgspec

from bot.answers.access import closed_to_data
from bot.answers.alerts.alert_requests import change_watched
from bot.answers.answer import Answer
from bot.answers.call_files import send_audio, send_transcript
from bot.answers.home_tab import saved_by, show_home
from bot.answers.notices import cannot_share_message
from bot.answers.question.list_answer import Asked
from bot.answers.question.placement import belongs_to
from bot.answers.question.question_answer import (
    answer_changed_filters,
    answer_question,
    ask,
    kind_of,
    restore,
)
from bot.answers.saved_questions import delete, pause, resume
from bot.answers.sharing import as_own_question, share_answer, share_call
from bot.answers.steps import (
    CHOOSE_AGENT,
    EXPIRED,
    REFUSE,
    SAVED_CHANGE,
    SAVED_GONE,
    SAVED_NAME,
)
from bot.answers.typed_texts import query_of, with_any_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.home_view import saved_message
from bot.blocks.notice_messages import expired_message, notice_message
from bot.query import Query, resolve
from bot.store.saved import SavedQuestion

Serve = Callable[[Answer], Awaitable[None]]

_NOT_YOURS = "This is being made for somebody else: only who asked for it can stop it or send it sooner."
IN_PLACE = act.FORMER_PAGES | {act.REFRESH, act.CSV, act.SEND_ALL, act.RETRY}
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
    if action == act.MORE:
        action = pointer.pick or ""
    answer = replace(answer, action=action, pointer=pointer)
    if not await belongs_to(answer.services, answer.posted, answer.user_id):
        answer = _on_a_copy(answer)
    if (serve := CLICKS.get(action)) is not None:
        await serve(answer)
    elif (serve := QUESTION_CLICKS.get(action)) is not None:
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
        message = cannot_share_message(closed)
        await answer.once(REFUSE, lambda answer: answer.reply.fail(message))
        return
    question = await answer.services.questions.get(answer.pointer.question_id)
    if question is None:
        await _say_expired(answer)
        return
    query = query_of(question, week_start=answer.services.week_start)
    answer = replace(answer, stored=question, query=query)
    if answer.copied:
        answer = await as_own_question(answer)
        serve = _ask_for_presser if answer.action in IN_PLACE else serve
    await serve(answer)


async def _ask_for_presser(answer: Answer) -> None:
    file = True if answer.action in {act.CSV, act.SEND_ALL} else None
    asked = Asked(refresh=answer.action == act.REFRESH, file=file)
    await answer_question(answer, answer.question.question_id, asked)


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
    follows = answer.pointer.question_id or None
    await ask(answer, answer.pointer.pick or "", follows=follows)


async def cancel(answer: Answer) -> None:
    """Stop the presser's files of a question, or their search for a call, wherever they run."""
    await _press(answer, cancel=True)


async def _press(answer: Answer, *, cancel: bool) -> None:
    services, question_id = answer.services, answer.pointer.question_id
    if await services.exports.press(question_id, cancel=cancel, user_id=answer.user_id):
        return
    if answer.copied:
        await answer.once(REFUSE, lambda answer: answer.reply.fail(notice_message(_NOT_YOURS)))
    elif await services.questions.get(question_id) is None:
        await _say_expired(answer)


async def refresh(answer: Answer) -> None:
    await kind_of(answer.query).refresh(answer)


async def file_again(answer: Answer) -> None:
    await kind_of(answer.query).file(answer)


async def without_ids(answer: Answer) -> None:
    """Send a file without the call ids that are still to be looked up."""
    await _press(answer, cancel=False)


async def choose_agent(answer: Answer) -> None:
    """Go on with a question whose agent, or agents, were chosen from several."""
    if await answer.recorded(CHOOSE_AGENT) is None and not await _choose(answer):
        return
    await answer_question(answer, answer.question.question_id)


async def _choose(answer: Answer) -> bool:
    """Store the question with its agents; False, and said, when they cannot be chosen any more."""
    agents = await answer.services.conversations.agents()
    picked = (answer.pointer.pick or "").split(",")
    these = [agent for agent in agents if agent.agent_id in picked]
    if not these or not answer.query.agent_names:
        again = expired_message(answer.query.sentence(), Pointer(answer.question.question_id))
        await answer.once(EXPIRED, lambda answer: answer.reply.fail(again))
        return False
    unclear = resolve(answer.query, agents)
    name = answer.query.agent_names[0] if isinstance(unclear, Query) else unclear.name
    chosen = with_any_of(answer.query, name, these)
    texts = answer.question.texts
    question = msgspec.structs.replace(
        answer.question,
        text=chosen.canonical(),
        texts=(*texts, f"agent:{','.join(agent.agent_id for agent in these)}") if texts else (),
    )
    await answer.once(CHOOSE_AGENT, lambda _answer: answer.services.questions.add(question))
    return True


async def retry(answer: Answer) -> None:
    """Answer anew in the place of what could not be answered, or not wholly."""
    await answer_question(answer, answer.question.question_id, Asked(place=answer.posted))


async def ask_again(answer: Answer) -> None:
    if answer.query.agent_names:  # no agent was chosen yet
        await ask(answer, answer.question.text)
        return
    if answer.question.refused:
        await answer.services.questions.add(msgspec.structs.replace(answer.question, refused=False))
    await answer_question(answer, answer.question.question_id, Asked(refresh=True))


async def run_saved(answer: Answer) -> None:
    """Ask a saved question."""

    async def find(answer: Answer) -> str:
        saved = await _saved_question(answer, answer.pointer.pick or "")
        return "" if saved is None else f'run "{saved.name}"'

    words = await answer.run(SAVED_NAME, find)
    if words:
        await ask(answer, words)
    else:
        await answer.once(SAVED_GONE, _say_saved_gone)


async def change_saved(answer: Answer) -> None:
    """Do what was chosen in a saved question's menu."""
    what, _, saved_id = (answer.pointer.pick or "").partition(":")

    async def change(answer: Answer) -> bool:
        saved = await _saved_question(answer, saved_id)
        if saved is None:
            return False
        match what:
            case act.SAVED_DELETE:
                await delete(answer.services, saved)
            case act.SAVED_PAUSE:
                await pause(answer.services, saved)
            case act.SAVED_RESUME:
                await resume(answer.services, saved, answer.asker)
        await _show_saved(answer)
        return True

    if not await answer.run(SAVED_CHANGE, change):
        await answer.once(SAVED_GONE, _say_saved_gone)


async def _saved_question(answer: Answer, saved_id: str) -> SavedQuestion | None:
    return await answer.services.saved.get(saved_id, user_id=answer.user_id)


async def _show_saved(answer: Answer) -> None:
    """Show what is there now: in Home, and where it was pressed."""
    await show_home(answer.services, answer.address)
    if not answer.address.channel_id:
        return
    shown = saved_message(await saved_by(answer.services, answer.user_id))
    if answer.posted is not None:
        await answer.reply.update(answer.posted, shown)
    else:
        await answer.reply.replace_glance(shown)


async def _say_saved_gone(answer: Answer) -> None:
    await show_home(answer.services, answer.address)
    await answer.reply.fail(notice_message("That saved question is no more."))


CLICKS: Mapping[str, Serve] = {
    act.RUN_EXAMPLE: run_example,
    act.FILTERS_VIEW: answer_changed_filters,
    act.CANCEL: cancel,
    act.WITHOUT_IDS: without_ids,
    act.TRANSCRIPT_FILE: send_transcript,
    act.AUDIO_FILE: send_audio,
    act.SHARED_CALL: share_call,
    act.QUICK: run_example,
    act.SAVED_RUN: run_saved,
    act.SAVED_MENU: change_saved,
    act.WATCH_MENU: change_watched,
}
"""What needs no stored question."""
QUESTION_CLICKS: Mapping[str, Serve] = {
    act.REFRESH: refresh,
    **dict.fromkeys(act.FORMER_PAGES, refresh),  # all that a page had is in the one table by now
    act.CSV: file_again,
    act.SEND_ALL: file_again,
    act.SHARED_ANSWER: share_answer,
    act.CHOOSE_AGENT: choose_agent,
    act.ASK_AGAIN: ask_again,
    act.RETRY: retry,
    act.RECENT: ask_again,
}
"""What needs the stored question that the button points at."""
