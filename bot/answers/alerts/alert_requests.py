"""Making, listing and changing what is watched: by words, by a form, by the menu of a message."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot.answers.access import ModalPress, View, submit_form
from bot.answers.alerts.telling import words_of
from bot.answers.answer import Answer, Services
from bot.answers.home_tab import show_home, watched_by
from bot.answers.notices import tell
from bot.answers.ports import Address, Asker, is_direct_message
from bot.answers.saved_questions import (
    NotSavedError,
    Texts,
    can_be_answered,
    check_channel,
    delete,
    pause,
    resume,
)
from bot.answers.typed_texts import query_of, read
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.alert_blocks import CHANNEL, TELL, TellForm, read_tell, tell_modal, watched_message
from bot.blocks.inputs import BadFormError
from bot.blocks.modal_views import notice_modal
from bot.blocks.notice_messages import notice_message, pasted_key_words
from bot.blocks.saved_blocks import saved_notice
from bot.blocks.text import channel_link, code, escape
from bot.elevenlabs.errors import ElevenLabsError
from bot.query import Query, parse
from bot.query.alert_commands import Watching, read_watched, read_watching, said
from bot.query.saved_commands import name_key
from bot.query.values import Keys
from bot.redaction import mask_keys
from bot.report.alerting import AlertRule, AlertState, least_calls, snoozed
from bot.report.measures import MEASURES, Unit
from bot.store.saved import MOST, SavedQuestion, new_saved_id

TITLE = "Tell me when…"
_GONE = "This was deleted, or you may not change it: its owner may, and who is in its channel."
_READ_SECS = 2.0
_BOUNDS = {Unit.COUNT: 100, Unit.RATE: 0.2, Unit.SECONDS: 300, Unit.MONEY: 50, Unit.NUMBER: 3}
"""What the form proposes."""
_NOT_TYPED = "\x1f"
"""Before the keys of what is watched: no saved question can be called so."""
_NO_TIME = "What I post by itself begins now: leave the time out, such as failed calls for Support EN."
_NO_LIMIT = "I post every call that matches: leave out how many, and their order."


async def serve_watching(answer: Answer, watching: Watching) -> Texts:
    """Watch what a text says, or list what is watched; returns a question to answer instead, () for none."""
    services, address = answer.services, answer.address
    if watching.act == "list":
        channel_id = "" if is_direct_message(address.channel_id) else address.channel_id
        await tell(
            answer, watched_message(await watched_by(services, answer.user_id, answer.asker.tz, channel_id))
        )
        return ()
    texts = (watching.question or "calls",)
    if watching.problem is None and not await can_be_answered(
        services, answer.asker, texts, answer.request.moment
    ):
        return texts  # what is not understood is said
    here = address.channel_id if watching.here and not is_direct_message(address.channel_id) else None
    watching = replace(watching, channel_id=watching.channel_id or here)
    try:
        saved = await watch(services, address, answer.asker, watching)
    except NotSavedError as problem:
        await tell(answer, notice_message(f"Not watched. {problem}"))
        return ()
    await show_home(services, address)
    await tell(answer, saved_notice(*confirmation(saved)))
    return ()


async def watch(
    services: Services, address: Address, asker: Asker, watching: Watching, known: SavedQuestion | None = None
) -> SavedQuestion:
    """Begin to watch, or change what is `known`. Raises NotSavedError and ReplyError."""
    if watching.problem is not None:
        raise NotSavedError(watching.problem)
    now = services.clock()
    _check(services, asker, watching, now)
    if watching.channel_id is not None:
        await check_channel(services, address, watching.channel_id)
    name = said(watching.rule, watching.question or "calls")[:200]
    place = f" in {watching.channel_id}" if watching.channel_id else ""
    rule = None if watching.rule is None else msgspec.json.encode(watching.rule).decode()
    key = f"{_NOT_TYPED}{name_key(name)}{place}"[:400]
    owner = address.user_id if known is None else known.user_id
    other = None if known is None else await services.saved.named(owner, key)
    if known is not None and other is not None and other.saved_id != known.saved_id:
        raise NotSavedError("The same is watched there already: change that one, or delete this one.")
    kept = await services.saved.put(
        SavedQuestion(
            saved_id=new_saved_id() if known is None else known.saved_id,
            team_id=address.team_id,
            user_id=owner,
            name=name,
            name_key=key,
            texts=(watching.question or ("calls" if rule is None else ""),),
            tz=asker.tz,
            channel_id=watching.channel_id,
            saved_at=now,
            kind="subscription" if rule is None else "alert",
            rule=rule,
            since=now,
            looked_at=now,
        )
    )
    if kept is None:
        raise NotSavedError(f"You have saved and watch {MOST} things already. Delete one first: type alerts.")
    return kept


def _check(services: Services, asker: Asker, watching: Watching, now: float) -> None:
    """Raise NotSavedError for a question that cannot be watched."""
    moment = datetime.fromtimestamp(now, ZoneInfo(asker.tz))
    query = read((watching.question,), now=moment, week_start=services.week_start).query
    running = query.value("status") is not None
    if query.since is not None or (query.until is not None and not running):
        raise NotSavedError(_NO_TIME)
    if query.limit is not None or query.value("sort") is not None:
        raise NotSavedError(_NO_LIMIT)


def confirmation(saved: SavedQuestion) -> tuple[str, str]:
    """Say what is watched from now on: a line, and details; both markup."""
    place, words = channel_link(saved.channel_id) or "your direct messages", escape(words_of(saved), 900)
    stop = f"{code('alerts')} lists what is watched, to pause, change and delete it."
    if saved.kind == "alert":
        return f"I will say in {place} when {words}, and when that ends.", stop
    how = "From now on: one message a day with the count, each call in its thread."
    return f"I will post {words} in {place}.", f"{how} {stop}"


# --- the menu of a message ---


async def change_watched(answer: Answer) -> None:
    """Do what was chosen in the menu of what is watched: its owner may, and who is in its channel."""
    what, _, saved_id = (answer.pointer.pick or "").partition(":")
    saved = await may_change(answer.services, answer.address, saved_id)
    if saved is None:
        done = _GONE
    elif what == act.SAVED_DELETE:
        done = await delete(answer.services, saved)
    elif what == act.SAVED_PAUSE:
        done = await pause(answer.services, saved)
    elif what == act.SAVED_RESUME:
        done = await resume(answer.services, saved, answer.asker)
    else:
        done = await _snooze(answer, saved, what.partition("-")[2])
    await show_home(answer.services, answer.address)
    await answer.reply.fail(notice_message(done))


async def may_change(services: Services, address: Address, saved_id: str) -> SavedQuestion | None:
    """Return what is watched if this person may change it, else None."""
    saved = await services.saved.get(saved_id)
    if saved is None or saved.kind is None:
        return None
    if saved.user_id == address.user_id:
        return saved
    if saved.channel_id is None or await services.people.barred(address.in_channel(saved.channel_id)):
        return None
    return saved


async def _snooze(answer: Answer, saved: SavedQuestion, seconds: str) -> str:
    now, zone = answer.services.clock(), ZoneInfo(answer.asker.tz)
    local = datetime.fromtimestamp(now, zone)
    if seconds == "0":
        midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        until = midnight.timestamp()
    else:
        until = now + (int(seconds) if seconds.isdecimal() and len(seconds) < 7 else 3600)  # noqa: PLR2004
    for _ in range(3):  # a look may change it at the same moment
        state = AlertState() if saved.state is None else msgspec.json.decode(saved.state, type=AlertState)
        silent = msgspec.json.encode(snoozed(state, until)).decode()
        if await answer.services.watches.set_state(saved, silent):
            break
        saved = await answer.services.saved.get(saved.saved_id) or saved
    end = datetime.fromtimestamp(until, zone)
    return f"Silent until {end:%A} {end.day} {end:%B %H:%M}: “{saved.name}”."


# --- the form ---


async def open_tell_form(press: ModalPress, value: str) -> None:
    """Show the form, filled with the question under which it was pressed, or with what is changed."""
    services = press.services

    async def open_it(_asker: Asker) -> None:
        pointer = _pointer(value)
        saved_id = (pointer.pick or "").partition(":")[2]
        if saved_id:
            saved = await may_change(services, press.address, saved_id)
            if saved is None:
                await press.show(notice_modal(TITLE, _GONE))
                return
            form, metadata = TellForm(words_of(saved), saved.channel_id), Pointer("", pick=saved.saved_id)
        else:
            question = await services.questions.get(pointer.question_id)
            words = ""
            if question is not None:
                words = _proposed(query_of(question, week_start=services.week_start))
            form, metadata = TellForm(words), Pointer("")
        await press.show(tell_modal(form, act.encode(metadata)))

    await press.serve(TITLE, open_it)


def _proposed(query: Query) -> str:
    """Return what may be told of a question: its calls, or when its measure crosses a bound to be edited."""
    asked = query.without("time", "limit", "sort", "count", "columns", "show", "by", "compare")
    sentence = asked.sentence().removesuffix(", newest first")
    readable = parse(sentence, now=datetime.now(UTC)).understood
    calls = (sentence if readable else asked.canonical()).removeprefix("all ")
    shown = query.value("show")
    measure = shown.keys[0] if isinstance(shown, Keys) and len(shown.keys) == 1 else ""
    if measure not in MEASURES or measure in {"overview", "share"}:
        return calls
    calls = calls.removeprefix("conversations").removeprefix("calls").strip()
    bound = _BOUNDS[MEASURES[measure].unit]
    return said(AlertRule(measure=measure, over=True, bound=bound, least=least_calls(measure)), calls)


async def submit_tell_form(
    services: Services, address: Address, press_id: str, metadata: str, state: object
) -> tuple[dict[str, str], View | None]:
    """Watch what was entered; returns words beside the fields when it cannot be, or the last view."""
    return await submit_form(
        services,
        address,
        press_id,
        TITLE,
        lambda asker: _watched(services, address, asker, metadata, state),
    )


async def _watched(services: Services, address: Address, asker: Asker, metadata: str, state: object) -> View:
    form = read_tell(state)
    if pasted_key := mask_keys(form.words)[1]:
        raise BadFormError({TELL: pasted_key_words(pasted_key)})
    where = Watching(act="subscription", channel_id=form.channel_id)
    watching = replace(
        read_watching(form.words) or read_watched(form.words, where), channel_id=form.channel_id
    )
    saved_id = _pointer(metadata).pick
    known = await may_change(services, address, saved_id) if saved_id else None
    if saved_id and known is None:
        return notice_modal(TITLE, _GONE)
    readable = False
    with contextlib.suppress(ElevenLabsError, TimeoutError):
        async with asyncio.timeout(_READ_SECS):
            texts = (watching.question or "calls",)
            readable = await can_be_answered(services, asker, texts, services.clock())
    if watching.problem is None and not readable:
        raise BadFormError(
            {TELL: "I do not understand that as it stands: ask for it in a message to see why."}
        )
    try:
        saved = await watch(services, address, asker, watching, known)
    except NotSavedError as problem:
        raise BadFormError({CHANNEL if form.channel_id else TELL: str(problem)}) from None
    return notice_modal(TITLE, *confirmation(saved))


def _pointer(value: str) -> Pointer:
    try:
        return act.decode(value)
    except BadValueError:
        return Pointer("")
