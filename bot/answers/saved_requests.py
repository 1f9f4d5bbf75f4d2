"""Saved questions asked for: by what people type, by the menu of a message, by their schedules."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog

from bot.answers.answer import SAVED_CHANGE, SAVED_GONE, Answer, Request, Scheduled, Start
from bot.answers.home_tab import show_home
from bot.answers.placement import tell
from bot.answers.ports import Address, People, ReplyError, is_direct_message
from bot.answers.saved_questions import (
    NotSavedError,
    Texts,
    apply_change,
    can_be_answered,
    confirmation,
    save,
)
from bot.blocks.notice_messages import notice_message
from bot.blocks.saved_blocks import saved_message, saved_notice
from bot.model import SavedQuestion, zone_named
from bot.query import goes_on
from bot.query.saved_commands import HERE, NAME_CHARS, Saving, name_key, read_saving
from bot.query.time.schedule_parser import read_schedule
from bot.query.values import Misread
from bot.store.saved import SavedQuestions, saved_id_of

log = structlog.get_logger(__name__)


async def serve_saved_command(answer: Answer, text: str) -> Texts:
    """Do what a text says about saved questions; returns the question to answer then, perhaps the text."""
    saving = read_saving(text)
    if saving is None or saving.act == "schedule":  # “Daily report 9:00” may be a name
        named = await _named(answer, text)
        if named is not None or saving is None:
            return (text,) if named is None else named.texts
    if saving.act == "list":
        await tell(answer, saved_message(await answer.services.saved.of(answer.address.user_id)))
        return ()
    if saving.act == "change" and not saving.sure and await _named(answer, saving.name) is None:
        if saving.instead is None:
            return (text,)  # “change the agent to Sales” goes on from a question
        saving = saving.instead
    if saving.act in {"save", "schedule", "change"}:
        return await _save(answer, saving)
    return await _run_or_change(answer, saving)


async def _named(answer: Answer, text: str) -> SavedQuestion | None:
    """Return what was called so before: not what this answer saved in a process that died since."""
    if not text or len(text) > 2 * NAME_CHARS:
        return None
    named = await answer.services.saved.named(answer.address.user_id, name_key(text))
    return None if named and named.saved_id == saved_id_of(answer.steps.answer_id) else named


async def _run_or_change(answer: Answer, saving: Saving) -> Texts:
    instead, bare = saving.instead, saving.name.removeprefix("my ").removeprefix("the ")
    saved = await _named(answer, saving.name) or await _named(answer, bare)
    if saved is None and instead is not None and instead.problem is None:
        return await _save(answer, instead)
    if saved is None:
        words, known = await _no_such(answer, saving.name)
        await _say(answer, words, (instead.problem if instead is not None else None) or known)
        return ()
    if saving.act == "run":
        return saved.texts
    done = await apply_change(answer.services, saved, saving.act, answer.asker)
    await show_home(answer.services, answer.address)
    await _say(answer, done)
    return ()


async def _save(answer: Answer, saving: Saving) -> Texts:
    """Save a question, asked just now or before, or change a saved one: when, where, what, its name."""
    if saving.problem is not None:
        await _say(answer, saving.problem)
        return ()
    services, address = answer.services, answer.address
    known = await _named(answer, saving.name) if saving.name else None
    ask: Texts = ()
    texts: Texts = ()
    nameless = saving.act == "schedule" and not (saving.name and not saving.question)
    if known is None and saving.act != "save" and not nameless:
        await _say(answer, *await _no_such(answer, saving.name))
        return ()
    if known is None or saving.act == "save" or (saving.act == "change" and saving.question):
        texts = await _texts(answer, saving)
        if not texts:
            example = 'failed calls last week save as "Monday failures"'
            await _say(answer, "There is no question to save here yet.", f"Say for example {example}.")
            return ()
        if saving.question:
            if not await can_be_answered(services, answer.asker, texts, answer.request.moment):
                return texts  # what is not understood is said, and not saved
            ask = texts if saving.act != "change" else ()
    schedule, channel_id = saving.schedule, saving.channel_id
    if channel_id == HERE:
        channel_id = "" if is_direct_message(address.channel_id) else address.channel_id
    try:
        if saving.when and known is not None:
            schedule = read_schedule(saving.when, read_schedule(known.schedule) if known.schedule else None)
        saved = await save(
            services,
            address,
            answer.asker,
            known,
            request_id=answer.steps.answer_id,
            name=saving.new_name if known is not None else saving.name or " ".join(texts),
            texts=texts,
            schedule=schedule,
            channel_id=channel_id,
            only_if_any=saving.only_if_any,
        )
    except (NotSavedError, Misread) as problem:
        await _say(answer, f"Not saved. {problem}")
        return ask
    await show_home(services, address)
    await tell(answer, saved_notice(*confirmation(saved, changed=known is not None)))
    return ask


async def _texts(answer: Answer, saving: Saving) -> Texts:
    """Return the words to save: those given, after the last if they follow it up; or the last."""
    question = saving.question
    if saving.act == "change":
        return (question,)
    questions, address = answer.services.questions, answer.address
    thread = address.thread_ts
    last = await questions.latest_in_thread(address.channel_id, thread) if thread else None
    follows = not answer.request.command and goes_on(question, in_thread=last is not None)
    anywhere = not thread or is_direct_message(address.channel_id)
    if last is None and (not question or follows) and anywhere:
        latest = await questions.latest_of(address.user_id, limit=1)
        last = latest[0] if latest else None
    before = () if last is None else last.texts or (last.text,)
    if not question:
        return before
    return (*before, question) if follows else (question,)


async def _no_such(answer: Answer, name: str) -> tuple[str, str]:
    saved = await answer.services.saved.of(answer.address.user_id)
    names = ", ".join(f"“{each.name}”" for each in saved[:20])
    known = f"You have saved {names}." if names else "You have not saved any yet."
    return f"You have no saved question called “{name}”.", known


async def _say(answer: Answer, words: str, detail: str | None = None) -> None:
    await tell(answer, notice_message(words, detail=detail))


async def change_saved(answer: Answer) -> None:
    """Do what was chosen in a saved question's menu; show what is there now, in Home and where it was."""
    services, (what, _, saved_id) = answer.services, answer.pick.partition(":")

    async def change(answer: Answer) -> bool:
        saved = await services.saved.get(saved_id, user_id=answer.address.user_id)
        if saved is not None:
            await apply_change(services, saved, what, answer.asker)
        await show_home(services, answer.address)
        if answer.address.channel_id:
            shown = saved_message(await services.saved.of(answer.address.user_id))
            if answer.posted is not None:
                await answer.reply.update(answer.posted, shown)
            else:
                await answer.reply.replace_glance(shown)
        return saved is not None

    if not await answer.run(SAVED_CHANGE, change):
        await answer.once(SAVED_GONE, say_gone)


async def say_gone(answer: Answer) -> None:
    await show_home(answer.services, answer.address)
    await answer.reply.fail(notice_message("That saved question is no more."))


# --- on their schedules ---

DUE_SECS = 2.0
"""How often a process looks for what is due: one indexed query."""


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Asks saved questions on their schedules, once for each time, however many processes look.

    The answer's id is made of the question and the time it was due: two that look at once record one answer.
    Only then the next time is set. (DBOS' own schedules make up for every time missed in a downtime.)
    """

    saved: SavedQuestions
    people: People
    clock: Callable[[], float]
    start: Start

    async def look(self) -> int:
        """Ask what is due by now; returns how many."""
        now = self.clock()
        asked = 0
        for saved in await self.saved.due(now):
            try:
                asked += await self._ask(saved, now)
            except Misread:  # written by a version that knows more than this one
                log.warning("a schedule is not understood", saved=saved.saved_id)
                await self.saved.pause(saved)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with this one, the others are due too
                log.warning("could not ask what is due", saved=saved.saved_id, error=type(error).__name__)
        return asked

    async def _ask(self, saved: SavedQuestion, now: float) -> bool:
        if saved.next_at is None or saved.schedule is None:
            return False
        schedule = read_schedule(saved.schedule)
        due, skipped = schedule.last_until(saved.next_at, now, zone_named(saved.tz) or ZoneInfo("UTC"))
        await self.start(
            Request(
                answer_id=f"schedule-{saved.saved_id}-{int(saved.next_at)}",
                kind="ask",
                asked_at=now,
                text=saved.name,
                address=Address(
                    team_id=saved.team_id,
                    user_id=saved.user_id,
                    channel_id=saved.channel_id or "",
                    private=saved.channel_id is None,
                ),
                scheduled=Scheduled(
                    saved_id=saved.saved_id,
                    name=saved.name,
                    schedule=saved.schedule,
                    texts=saved.texts,
                    due=due,
                    skipped=skipped,
                    only_if_any=bool(saved.only_if_any),
                ),
            )
        )
        tz, address = saved.tz, Address(team_id=saved.team_id, user_id=saved.user_id, channel_id="")
        with contextlib.suppress(ReplyError):  # the owner's zone of today: people move
            tz = (await self.people.asker(address)).tz
        next_at = schedule.next_after(max(now, due), zone_named(tz) or ZoneInfo("UTC"))
        return await self.saved.advance(saved, next_at=next_at, tz=tz)
