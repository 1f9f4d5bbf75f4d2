"""Changes to saved questions: save (also by a form), pause, resume, delete. Each says what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answers.access import ModalPress, View
from bot.answers.answer import Services
from bot.answers.error_messages import cannot_share
from bot.answers.ports import Address, Asker
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.inputs import BadFormError
from bot.blocks.modal_views import notice_modal
from bot.blocks.notice_messages import pasted_key_words
from bot.blocks.saved_blocks import CHANNEL, NAME, SCHEDULE, SaveForm, read_save, save_modal
from bot.blocks.text import escape
from bot.query.saved_commands import clean_name, name_key, name_problem
from bot.query.time.schedule_parser import NoScheduleError, Schedule, read_schedule
from bot.redaction import mask_keys
from bot.store.questions import Question
from bot.store.saved import MOST, SavedQuestion, new_saved_id

Texts = tuple[str, ...]
"""A question as typed, and the follow-ups that changed it."""


class NotSavedError(Exception):
    """A question cannot be saved so. The text is for the person: the reason and a next step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSave:
    """How a question is to be saved."""

    name: str
    texts: Texts
    schedule: Schedule | None = None
    channel_id: str | None = None


async def save(services: Services, address: Address, asker: Asker, wish: ToSave) -> SavedQuestion:
    """Keep a question; one of the same name is replaced. Raises NotSavedError and ReplyError."""
    name = clean_name(wish.name)
    if (problem := name_problem(name)) is not None:
        raise NotSavedError(problem)
    if wish.channel_id is not None:
        await _check_channel(services, address, wish.channel_id)
    now, schedule = services.clock(), wish.schedule
    kept = await services.saved.put(
        SavedQuestion(
            saved_id=new_saved_id(),
            team_id=address.team_id,
            user_id=address.user_id,
            name=name,
            name_key=name_key(name),
            texts=wish.texts,
            tz=asker.tz,
            schedule=None if schedule is None else schedule.words(),
            channel_id=None if schedule is None else wish.channel_id,
            next_at=None if schedule is None else schedule.next_after(now, ZoneInfo(asker.tz)),
            saved_at=now,
        )
    )
    if kept is None:
        raise NotSavedError(f"You have saved {MOST} questions already. Delete one first: type saved.")
    return kept


async def _check_channel(services: Services, address: Address, channel_id: str) -> None:
    """Make sure that data may be posted there now; it is checked again at each run."""
    there = address.in_channel(channel_id)
    asker = await services.people.asker(there)
    if asker.refused is not None:
        raise NotSavedError(asker.refused)
    if (refused := await services.people.barred(there)) is not None:
        words = cannot_share(refused)
        raise NotSavedError(f"{words.headline} {words.next_step}")


async def pause(services: Services, saved: SavedQuestion) -> str:
    """Stop its schedule until it is resumed."""
    if saved.schedule is None:
        return f"“{saved.name}” is not asked by itself, so there is nothing to pause."
    await services.saved.pause(saved)
    return f"Paused “{saved.name}”. Say resume “{saved.name}” to go on."


async def resume(services: Services, saved: SavedQuestion, asker: Asker) -> str:
    """Let its schedule go on."""
    if saved.schedule is None:
        return f"“{saved.name}” has no schedule. Say for example “{saved.name}” every monday 9:00."
    zone = ZoneInfo(asker.tz)
    next_at = read_schedule(saved.schedule).next_after(services.clock(), zone)
    await services.saved.resume(saved, next_at=next_at, tz=asker.tz)
    return f"Resumed “{saved.name}”. Next: {_when(next_at, zone)}."


async def delete(services: Services, saved: SavedQuestion) -> str:
    """Forget it."""
    await services.saved.delete(saved)
    return f"Deleted the saved question “{saved.name}”."


def confirmation(saved: SavedQuestion) -> tuple[str, str]:
    """Say what was saved: a line, and details."""
    if saved.schedule is None or saved.next_at is None:
        return (
            f"Saved as “{saved.name}”.",
            f"Ask it by its name; {saved.name} every monday 9:00 schedules it.",
        )
    where = "in your direct messages" if saved.channel_id is None else "in the channel you chose"
    zone = ZoneInfo(saved.tz)
    return (
        f"Saved as “{saved.name}”, asked {saved.schedule} ({saved.tz}) and answered {where}.",
        f"Next: {_when(saved.next_at, zone)}. To stop it, say pause “{saved.name}”.",
    )


def _when(moment: float, zone: ZoneInfo) -> str:
    local = datetime.fromtimestamp(moment, zone)
    return f"{local:%A} {local.day} {local:%B %H:%M}"


TITLE = "Save this question"
_EXPIRED = "This question is too old to be saved: ask it again, then save it."


@dataclass(frozen=True, slots=True)
class SaveFormResult:
    """What the form shows next: words beside its fields, or a last view."""

    errors: dict[str, str] = field(default_factory=dict)
    view: View | None = None


async def open_save_form(press: ModalPress, value: str) -> None:
    """Show the form for the question that a button refers to."""
    services = press.services

    async def open_it(_asker: Asker) -> None:
        question = await _question(services, value)
        if question is None:
            await press.show(notice_modal(TITLE, _EXPIRED))
            return
        # As typed: "last week" is another week at each run.
        sentence = (
            ", then ".join(question.texts) or query_of(question, week_start=services.week_start).sentence()
        )
        metadata = act.encode(Pointer(question.question_id))
        await press.show(save_modal(SaveForm(), sentence=sentence, metadata=metadata))

    await press.serve(TITLE, open_it)


async def submit_save_form(
    services: Services, address: Address, press_id: str, metadata: str, state: object
) -> SaveFormResult:
    """Save what was entered; words beside the fields when it cannot be."""
    errors: dict[str, str] = {}
    views: list[View] = []

    async def show(view: View) -> None:
        views.append(view)

    async def submit(asker: Asker) -> None:
        try:
            await show(await _saved(services, address, asker, metadata, state))
        except BadFormError as bad:
            errors.update(bad.errors)

    await ModalPress(services, address, press_id, show).serve(TITLE, submit)
    return SaveFormResult(errors, views[-1] if views else None)


async def _saved(services: Services, address: Address, asker: Asker, metadata: str, state: object) -> View:
    """Save the question, and return the last view. Raises BadFormError."""
    form = read_save(state)
    if (problem := name_problem(form.name)) is not None:
        raise BadFormError({NAME: problem})
    if pasted_key := mask_keys(form.name)[1]:
        raise BadFormError({NAME: pasted_key_words(pasted_key)})
    schedule = _schedule(form)
    question = await _question(services, metadata)
    if question is None:
        return notice_modal(TITLE, _EXPIRED)
    # A question that was not typed keeps its exact dates.
    texts = question.texts or (question.text,)
    wish = ToSave(name=form.name, texts=texts, schedule=schedule, channel_id=form.channel_id)
    try:
        saved = await save(services, address, asker, wish)
    except NotSavedError as problem:
        raise BadFormError({CHANNEL if form.channel_id else NAME: str(problem)}) from None
    words, details = confirmation(saved)
    if not question.texts:
        details = f"{details} It keeps its exact dates."
    return notice_modal(TITLE, escape(words), escape(details))


async def _question(services: Services, value: str) -> Question | None:
    try:
        return await services.questions.get(act.decode(value).question_id)
    except BadValueError:
        return None


def _schedule(form: SaveForm) -> Schedule | None:
    if not form.schedule:
        if form.channel_id:
            raise BadFormError({SCHEDULE: "Say when, such as every monday 9:00, or leave the channel empty."})
        return None
    try:
        return read_schedule(form.schedule)
    except NoScheduleError as error:
        raise BadFormError({SCHEDULE: str(error)}) from None
