"""Saved questions: saved (also by a form), changed, paused, resumed, deleted."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.access import FormSubmission, ModalPress, View, find_channel
from bot.answers.answer import Services
from bot.answers.ports import Address, Asker
from bot.answers.typed_texts import query_of, read, read_with_names, with_agents
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.modal_views import BadFormError, notice_modal, shown_text
from bot.blocks.notice_messages import pasted_key_words
from bot.blocks.saved_blocks import CHANNEL, NAME, QUESTION, SCHEDULE, SaveForm, read_save, save_modal
from bot.blocks.text import capital, channel_link, clock, code, escape, said_texts, weekday
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import SavedQuestion
from bot.query import Query
from bot.query.saved_commands import NAME_CHARS, clean_name, name_key, name_problem
from bot.query.time.schedule_parser import Schedule, read_schedule
from bot.query.tokens import as_read
from bot.query.values import Misread
from bot.redaction import mask_keys
from bot.store.saved import MOST, saved_id_of

log = structlog.get_logger(__name__)

Texts = tuple[str, ...]
"""A question as typed, and the follow-ups that changed it."""


class NotSavedError(Exception):
    """A question cannot be saved so. The text is for the person: the reason and a next step."""


async def save(
    services: Services,
    address: Address,
    asker: Asker,
    known: SavedQuestion | None,
    *,
    request_id: str,
    name: str = "",
    texts: Texts = (),
    schedule: Schedule | Literal[""] | None = None,
    channel_id: str | None = None,
    only_if_any: bool | None = None,
) -> SavedQuestion:
    """Keep a question, or change the one that is `known`: what is not said stays as it is there.

    `schedule` "" takes it away; `channel_id` "" is the direct message. Raises NotSavedError and ReplyError.
    """
    now = services.clock()
    before = known or SavedQuestion(
        saved_id=saved_id_of(request_id),
        team_id=address.team_id,
        user_id=address.user_id,
        name="",
        name_key="",
        texts=(),
        tz=asker.tz,
        saved_at=now,
    )
    name = clean_name(name) if name else before.name
    if (problem := name_problem(name)) is not None:
        raise NotSavedError(problem)
    other = await services.saved.named(address.user_id, name_key(name))
    if other is not None and other.saved_id != before.saved_id:
        raise NotSavedError(f"You have saved another question as “{other.name}”: choose a different name.")
    when = before.schedule if schedule is None else schedule and schedule.words()
    place = before.channel_id if channel_id is None else channel_id
    if place and when:
        place, refused = await find_channel(services, address, place)
        if refused is not None:
            raise NotSavedError(refused)
    elif channel_id:
        raise NotSavedError(f"Say when I am to post it, such as “{name}” every monday 9:00.")
    runs = bool(when) and (schedule is not None or not before.paused)
    kept = await services.saved.put(
        msgspec.structs.replace(
            before,
            name=name,
            name_key=name_key(name),
            texts=tuple(map(as_read, texts)) or before.texts,
            tz=asker.tz,
            schedule=when or None,
            channel_id=place or None if when else None,
            only_if_any=before.only_if_any if only_if_any is None else only_if_any,
            paused=bool(when) and not runs,
            next_at=read_schedule(when).next_after(now, ZoneInfo(asker.tz)) if when and runs else None,
        )
    )
    if kept is None:
        raise NotSavedError(f"You have saved {MOST} questions already. Delete one first: type saved.")
    return kept


async def apply_change(services: Services, saved: SavedQuestion, what: str, asker: Asker) -> str:
    """Delete, pause or resume what is saved or watched, as `what` says; returns what was done, in words."""
    name = f"“{saved.name}”"
    if what == act.SAVED_DELETE:
        await services.saved.delete(saved)
        return f"Deleted {'' if saved.kind else 'the saved question '}{name}."
    if what == act.SAVED_PAUSE:
        if saved.schedule is None and saved.kind is None:
            return f"{name} has no schedule, so there is nothing to pause."
        await services.saved.pause(saved)
        again = f"say resume {name}" if saved.kind is None else "say alerts, and choose Resume"
        return f"Paused {name}. To go on, {again}."
    if saved.kind is not None:
        await services.watches.watch_again(saved, services.clock())
        return f"Resumed {name}, from now on."
    if saved.schedule is None:
        return f"{name} has no schedule. Say for example {name} every monday 9:00."
    zone = ZoneInfo(asker.tz)
    next_at = read_schedule(saved.schedule).next_after(services.clock(), zone)
    await services.saved.resume(saved, next_at=next_at, tz=asker.tz)
    return f"Resumed {name}. Next: {weekday(next_at, zone)} {clock(next_at, zone)}."


def confirmation(saved: SavedQuestion, *, changed: bool = False) -> tuple[str, str]:
    """Say what was saved: a line, and details; both markup."""
    done = f"{'Changed' if changed else 'Saved as'} “{escape(saved.name)}”"
    if saved.schedule is None:
        return f"{done}.", f"Ask it by its name; {code(f'{saved.name} every monday 9:00')} schedules it."
    only = ", only if any call matches" if saved.only_if_any else ""
    place = channel_link(saved.channel_id) or "your direct messages"
    headline = f"{done}, asked {saved.schedule} ({saved.tz}) and answered in {place}{only}."
    if saved.next_at is None:
        return headline, f"It is paused: say {code(f'resume {saved.name}')} to go on."
    zone, stop = ZoneInfo(saved.tz), code(f"pause {saved.name}")
    following = f"{weekday(saved.next_at, zone)} {clock(saved.next_at, zone)}"
    return headline, f"Next: {following}. To stop it, say {stop}."


TITLE = "Save this question"
_EXPIRED = "This question is too old to be saved: ask it again, then save it."
_GONE = "That saved question is no more."
_READ_SECS = 2.0
"""How long a changed question may take to be read: Slack waits three seconds for the form."""


async def open_save_form(press: ModalPress, _asker: Asker, value: str) -> None:
    """Show the form for the question that a button refers to, or for the saved one that a menu does."""
    services = press.services
    pointer = pointer_of(value)
    if pointer.pick is not None and not pointer.question_id:
        saved_id = pointer.pick.partition(":")[2]
        saved = await services.saved.get(saved_id, user_id=press.address.user_id)
        if saved is None:
            await press.show(notice_modal(TITLE, _GONE))
            return
        values = SaveForm(
            name=saved.name,
            question=said_texts(saved.texts),
            schedule=saved.schedule or "",
            channel_id=saved.channel_id,
            only_if_any=bool(saved.only_if_any),
        )
        metadata = act.encode(Pointer("", pick=saved.saved_id))
        await press.show(save_modal(values, sentence="", metadata=metadata))
        return
    question = await services.questions.get(pointer.question_id)
    if question is None:
        await press.show(notice_modal(TITLE, _EXPIRED))
        return
    # As typed: "last week" is another week at each run.
    sentence = said_texts(question.texts) or query_of(services, question).sentence()
    name = await _free_name(services, press.address.user_id, sentence)
    await press.show(
        save_modal(SaveForm(name=name), sentence=sentence, metadata=act.encode(Pointer(question.question_id)))
    )


async def _free_name(services: Services, user_id: str, sentence: str) -> str:
    name = clean_name(capital(sentence.removesuffix(", newest first")))
    taken = {saved.name_key for saved in await services.saved.of(user_id)}
    names = [name, *(f"{name[: NAME_CHARS - 4]} {number}" for number in range(2, MOST + 2))]
    return next((each for each in names if name_problem(each) is None and name_key(each) not in taken), "")


async def keep_question(services: Services, asker: Asker, submission: FormSubmission) -> View:
    """Save the question, and return the last view. Raises BadFormError."""
    address, form = submission.sender, read_save(submission.state)
    if (problem := name_problem(form.name)) is not None:
        raise BadFormError({NAME: problem})
    for block_id, text in ((NAME, form.name), (QUESTION, form.question)):
        if pasted_key := mask_keys(text)[1]:
            raise BadFormError({block_id: pasted_key_words(pasted_key)})
    schedule, pointer = _schedule(form), pointer_of(submission.metadata)
    known = await services.saved.get(pointer.pick, user_id=address.user_id) if pointer.pick else None
    question = None if pointer.pick else await services.questions.get(pointer.question_id)
    if known is None and question is None:
        return notice_modal(TITLE, _GONE if pointer.pick else _EXPIRED)
    # A question that was not typed keeps its exact dates.
    texts = () if question is None else question.texts or (question.text,)
    if known is not None and form.question and form.question != shown_text(said_texts(known.texts)):
        texts = (form.question,)
        await check_question(services, asker, texts, QUESTION)
    try:
        saved = await save(
            services,
            address,
            asker,
            known,
            request_id=submission.view_id,
            name=form.name,
            texts=texts,
            schedule=schedule or "",
            channel_id=form.channel_id or "",
            only_if_any=form.only_if_any,
        )
    except NotSavedError as problem:
        raise BadFormError({CHANNEL if form.channel_id else NAME: str(problem)}) from None
    words, details = confirmation(saved, changed=known is not None)
    if question is not None and not question.texts:
        details = f"{details} It keeps its exact dates."
    return notice_modal(TITLE, words, details)


async def check_question(services: Services, asker: Asker, texts: Texts, field: str) -> None:
    """Raise BadFormError, beside a field, unless its question can be answered as it stands."""
    readable = False
    with contextlib.suppress(ElevenLabsError, TimeoutError):
        async with asyncio.timeout(_READ_SECS):
            readable = await can_be_answered(services, asker, texts, services.clock())
    if not readable:
        raise BadFormError({field: "I cannot answer that as it stands: ask it in a message to see why."})


async def can_be_answered(services: Services, asker: Asker, texts: Texts, moment: float) -> bool:
    """Whether a question can be answered without asking back. Raises ElevenLabsError."""
    now, client = datetime.fromtimestamp(moment, ZoneInfo(asker.tz)), services.conversations
    parsed, _agents = await read_with_names(
        client, lambda agents: read(texts, now=now, week_start=services.week_start, agents=agents)
    )
    if not parsed.understood or parsed.special or parsed.ids:
        return False
    return isinstance(await with_agents(client, parsed.query), Query)


def pointer_of(value: str) -> Pointer:
    """Return what a form or a button carries, nothing where it is not ours."""
    try:
        return act.decode(value)
    except BadValueError:
        return Pointer("")


def _schedule(form: SaveForm) -> Schedule | None:
    if not form.schedule:
        if form.channel_id:
            raise BadFormError({SCHEDULE: "Say when, such as every monday 9:00, or leave the channel empty."})
        return None
    try:
        return read_schedule(form.schedule)
    except Misread as error:
        raise BadFormError({SCHEDULE: str(error)}) from None
