"""Making, listing and changing what is watched: by words, by a form, by the menu of a message."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.answers.access import FormSubmission, ModalPress, View, find_channel
from bot.answers.answer import SAVED_CHANGE, Answer, Services
from bot.answers.home_tab import items, show_home, watched_by
from bot.answers.placement import tell
from bot.answers.ports import Address, Asker, is_direct_message
from bot.answers.saved_questions import (
    NotSavedError,
    Texts,
    apply_change,
    can_be_answered,
    check_question,
    pointer_of,
)
from bot.answers.telling import encoded, state_of, words_of
from bot.answers.typed_texts import query_of, read
from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.modal_views import BadFormError, notice_modal
from bot.blocks.notice_messages import notice_message, pasted_key_words
from bot.blocks.saved_blocks import (
    CHANNEL,
    TELL,
    read_tell,
    saved_notice,
    tell_modal,
    watched_message,
)
from bot.blocks.text import channel_link, clock, code, escape, weekday
from bot.model import SavedQuestion
from bot.query import Query, parse
from bot.query.alert_commands import Watching, read_watched, read_watching, said
from bot.query.saved_commands import HERE
from bot.query.tokens import fold
from bot.query.values import Keys
from bot.redaction import mask_keys
from bot.report.alerting import AlertRule, least_calls, snoozed
from bot.report.measures import MEASURES, Unit
from bot.store.saved import MOST, saved_id_of

TITLE = "Tell me when…"
_GONE = "This was deleted, or you may not change it: its owner may, and who is in its channel."
_BOUNDS = {Unit.COUNT: 100, Unit.RATE: 0.2, Unit.SECONDS: 300, Unit.MONEY: 50, Unit.NUMBER: 3}
"""What the form proposes to tell when it is exceeded."""
_TOO_LOW = {"success-rate": 0.7, "rating": 3}
"""What it proposes where less is what to be told of."""
_NOT_TYPED = "\x1f"
"""Before the keys of what is watched: no saved question can be called so."""
_NO_TIME = "What I post on my own begins now: leave the time out, such as failed calls for Support EN."
_NO_LIMIT = "I post every call that matches: leave out how many, and their order."
_NO_SHARE = "Only ElevenLabs can find those calls, so I cannot watch their share: ask for how many there are."
_CHANGES = {"pause": act.SAVED_PAUSE, "resume": act.SAVED_RESUME, "delete": act.SAVED_DELETE}


async def serve_watching(answer: Answer, watching: Watching) -> Texts:
    """Watch what a text says, list or change what is watched; returns a question to answer instead, or ()."""
    services, address = answer.services, answer.address
    if watching.act not in {"subscription", "alert"}:
        await _list_or_change(answer, watching)
        return ()
    texts = (watching.question or "calls",)
    if watching.problem is None and not await can_be_answered(
        services, answer.asker, texts, answer.request.moment
    ):
        return texts  # what is not understood is said
    if watching.channel_id == HERE:
        here = None if is_direct_message(address.channel_id) else address.channel_id
        watching = replace(watching, channel_id=here)
    try:
        request_id = answer.steps.answer_id
        words = await watch(services, address, answer.asker, watching, request_id=request_id)
        message = saved_notice(*words)
    except NotSavedError as problem:
        message = notice_message(f"Not watched. {problem}")
    await show_home(services, address)
    await tell(answer, message)
    return ()


async def _list_or_change(answer: Answer, watching: Watching) -> None:
    """List all that the person may see, or change what the words mean; where it is not clear, list that."""
    services, address, verb = answer.services, answer.address, watching.act
    public = not address.private
    found, hidden = await watched_by(services, answer.address.user_id, address.channel_id, public=public)
    chosen, note = meant(found, watching, answer.address.user_id), ""
    if verb in _CHANGES and (len(chosen) == 1 or (watching.several and chosen and verb != "delete")):
        done = [await _change(answer, _CHANGES[verb], each.saved_id) for each in chosen]
        await show_home(services, address)
        await tell(answer, notice_message("\n".join(done)))
        return
    if not chosen:
        note = "Nothing that is watched is called so. This is what there is:" if found else ""
    elif watching.problem or verb in _CHANGES or watching.kind:
        note = watching.problem or "Choose what is meant in its menu."
    elif public and hidden:
        note = "This is what is told here. I list the rest in a direct message, as far as you may see it."
    shown = items(services, chosen or found, answer.asker.tz)
    await tell(answer, watched_message(shown, hidden=0 if chosen and note else hidden, note=note))


async def watch(
    services: Services,
    address: Address,
    asker: Asker,
    watching: Watching,
    *,
    request_id: str,
    known: SavedQuestion | None = None,
) -> tuple[str, str]:
    """Watch, or change what is `known`; returns a line and details. Raises NotSavedError, ReplyError."""
    if watching.problem is not None:
        raise NotSavedError(watching.problem)
    now, rule = services.clock(), watching.rule
    _check(services, asker, watching, now)
    channel_id = watching.channel_id
    if channel_id is not None:
        channel_id, refused = await find_channel(services, address, channel_id)
        if refused is not None:
            raise NotSavedError(refused)
    owner = address.user_id if known is None else known.user_id
    saved_id = saved_id_of(request_id) if known is None else known.saved_id
    question = watching.question or ("calls" if rule is None else "")
    words = said(rule, question)
    for each in await services.watches.everything():
        there = (each.channel_id or each.user_id) == (channel_id or owner)
        theirs = each.paused and each.user_id != owner  # perhaps of somebody who left
        if there and not theirs and compared_words(words_of(each)) == compared_words(words):
            if known is None:
                return _confirmation(each, already=each.saved_id != saved_id)
            if saved_id != each.saved_id:
                raise NotSavedError("The same is watched there already: change that one, or delete this one.")
    key = hashlib.sha256(f"{compared_words(words)} in {channel_id}".encode()).hexdigest()
    saved = SavedQuestion(
        saved_id=saved_id,
        team_id=address.team_id,
        user_id=owner,
        name=words[:200],
        name_key=f"{_NOT_TYPED}{key}",
        texts=(question,),
        tz=asker.tz if known is None else known.tz,
        channel_id=channel_id,
        saved_at=now,
        kind="subscription" if rule is None else "alert",
        rule=None if rule is None else encoded(rule),
        since=now,
        looked_at=now,
    )
    if known is not None:
        await services.watches.change(known, saved)
    elif await services.saved.put(saved) is None:
        raise NotSavedError(f"You have saved and watch {MOST} things already. Delete one first: type alerts.")
    return _confirmation(saved, paused=known is not None and known.paused)


def _check(services: Services, asker: Asker, watching: Watching, now: float) -> None:
    """Raise NotSavedError for a question that cannot be watched."""
    moment = datetime.fromtimestamp(now, ZoneInfo(asker.tz))
    query = read((watching.question,), now=moment, week_start=services.week_start).query
    running = query.value("status") is not None
    if query.since is not None or (query.until is not None and not running):
        raise NotSavedError(_NO_TIME)
    if query.limit is not None or query.value("sort") is not None:
        raise NotSavedError(_NO_LIMIT)
    if watching.rule is not None and watching.rule.measure == "share" and query.undecidable:
        raise NotSavedError(_NO_SHARE)


def _confirmation(saved: SavedQuestion, *, already: bool = False, paused: bool = False) -> tuple[str, str]:
    place, words = channel_link(saved.channel_id) or "your direct messages", escape(words_of(saved), 900)
    details = f"{code('alerts')} lists what is watched, to pause, change and delete it."
    if saved.kind == "alert":
        will = f"say in {place} when {words}, and when that ends."
    else:
        will = f"post {words} in {place}."
        details = f"From now on: one message a day with the count, each call in its thread. {details}"
    if saved.paused or paused:
        details = f"It is paused: {code('alerts')} lists it, choose Resume there."
    return f"I {'already ' if already else 'will '}{will}", details


# --- which is meant, and who may change it ---


async def may_change(services: Services, address: Address, saved_id: str) -> SavedQuestion | None:
    """Return what is watched if this person may change it, as its owner or a member of its channel."""
    saved = await services.saved.get(saved_id)
    if saved is None or saved.kind is None:
        return None
    if saved.user_id == address.user_id:
        return saved
    if saved.channel_id is None or await services.people.barred(address.in_channel(saved.channel_id)):
        return None
    return saved


def meant(found: Sequence[SavedQuestion], watching: Watching, user_id: str) -> list[SavedQuestion]:
    """Return those that words mean: all of a person's own of a kind, what is called so, or has it in it."""
    kind = [each for each in found if watching.kind in {"", each.kind}]
    if watching.several:
        return [each for each in kind if each.user_id == user_id]
    wanted = compared_words(watching.question)
    words = {each.saved_id: compared_words(words_of(each)) for each in kind}
    exact = [each for each in kind if words[each.saved_id] == wanted]
    return exact or [each for each in kind if {*wanted.split()} <= {*words[each.saved_id].split()}]


def compared_words(words: str) -> str:
    """Return what two texts have in common that say the same: without articles, plurals and marks."""
    return " ".join(
        fold(word.strip('"“”,.')).removesuffix("s") for word in words.removeprefix("the ").split()
    )


# --- the menu of a message ---


async def change_watched(answer: Answer) -> None:
    """Do what was chosen in the menu of what is watched: its owner may, and who is in its channel."""
    what, _, saved_id = answer.pick.partition(":")

    async def change(answer: Answer) -> None:
        done = await _change(answer, what, saved_id)
        await show_home(answer.services, answer.address)
        await answer.reply.fail(notice_message(done))

    await answer.once(SAVED_CHANGE, change)


async def _change(answer: Answer, what: str, saved_id: str) -> str:
    services = answer.services
    saved = await may_change(services, answer.address, saved_id)
    if saved is None:
        return _GONE
    if what in _CHANGES.values():
        return await apply_change(services, saved, what, answer.asker)
    return await _snooze(answer, saved, what.partition("-")[2])


async def _snooze(answer: Answer, saved: SavedQuestion, seconds: str) -> str:
    now, zone = answer.services.clock(), ZoneInfo(answer.asker.tz)
    until = datetime.fromtimestamp(now + (int(seconds) if seconds.isdecimal() else 3600), zone)
    if seconds == "0":
        until = (until + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(3):  # a look may change it at the same moment
        silent = encoded(snoozed(state_of(saved), until.timestamp()))
        if await answer.services.watches.set_state(saved, silent):
            break
        saved = await answer.services.saved.get(saved.saved_id) or saved
    moment = until.timestamp()
    return f"Silent until {weekday(moment, zone)} {clock(moment, zone)}: “{saved.name}”."


# --- the form ---


async def open_tell_form(press: ModalPress, _asker: Asker, value: str) -> None:
    """Show the form, filled with the question under which it was pressed, or with what is changed."""
    services = press.services
    pointer = pointer_of(value)
    if saved_id := (pointer.pick or "").partition(":")[2]:
        saved = await may_change(services, press.address, saved_id)
        if saved is None:
            await press.show(notice_modal(TITLE, _GONE))
            return
        words, channel_id, known = words_of(saved), saved.channel_id, Pointer("", pick=saved.saved_id)
    else:
        question = await services.questions.get(pointer.question_id)
        query = None if question is None else query_of(services, question)
        words, channel_id, known = "" if query is None else _proposed(query), None, Pointer("")
    await press.show(tell_modal(words, channel_id, act.encode(known)))


def _proposed(query: Query) -> str:
    """Return what may be told of a question: its calls, or when its measure crosses a bound to be edited."""
    asked = query.without("time", "limit", "sort", "count", "columns", "show", "by", "compare")
    sentence = asked.sentence().removesuffix(", newest first")
    readable = parse(sentence, now=datetime.now(UTC)).understood
    calls = (sentence if readable else asked.canonical()).removeprefix("all ")
    shown = query.value("show")
    measure = shown.keys[0] if isinstance(shown, Keys) and len(shown.keys) == 1 else ""
    if measure not in MEASURES or measure == "overview":
        return calls
    calls = calls.removeprefix("conversations").removeprefix("calls").strip()
    low = measure in _TOO_LOW
    bound = _TOO_LOW[measure] if low else _BOUNDS[MEASURES[measure].unit]
    return said(AlertRule(measure=measure, over=not low, bound=bound, least=least_calls(measure)), calls)


async def keep_watched(services: Services, asker: Asker, submission: FormSubmission) -> View:
    """Watch what was entered, and return the last view. Raises BadFormError."""
    address, (words, channel_id) = submission.sender, read_tell(submission.state)
    if pasted_key := mask_keys(words)[1]:
        raise BadFormError({TELL: pasted_key_words(pasted_key)})
    saved_id = pointer_of(submission.metadata).pick
    known = await may_change(services, address, saved_id) if saved_id else None
    if saved_id and known is None:
        return notice_modal(TITLE, _GONE)
    watching = read_watching(words)
    if watching is None or watching.act not in {"subscription", "alert"}:
        watching = read_watched(words, Watching(act="subscription"))
    watching = replace(watching, channel_id=channel_id)
    if watching.problem is None:
        await check_question(services, asker, (watching.question or "calls",), TELL)
    try:
        request_id = submission.view_id
        said_of_it = await watch(services, address, asker, watching, request_id=request_id, known=known)
        return notice_modal(TITLE, *said_of_it)
    except NotSavedError as problem:
        raise BadFormError({CHANNEL if channel_id else TELL: str(problem)}) from None
