"""The form behind "Save this question": a name, and when and where it is asked on a schedule.

Like every form it belongs to a press; what is submitted is in the database before it closes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.answers.access import ModalPress, View
from bot.answers.ports import Address, Asker
from bot.answers.question.listing import query_of
from bot.answers.saved.saved_changes import NotSavedError, Wish, confirmation, save
from bot.answers.services import Services
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.inputs import BadFormError
from bot.blocks.modal_views import notice_modal
from bot.blocks.saved_blocks import CHANNEL, NAME, SCHEDULE, SaveForm, read_save, save_modal
from bot.blocks.text import escape
from bot.query.saved_commands import name_problem
from bot.query.time.schedule_parser import NoScheduleError, Schedule, read_schedule
from bot.store.questions import Question

TITLE = "Save this question"
_EXPIRED = "This question is too old to be saved: ask it again, then save it."


@dataclass(frozen=True, slots=True)
class Submitted:
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
) -> Submitted:
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
    return Submitted(errors, views[-1] if views else None)


async def _saved(services: Services, address: Address, asker: Asker, metadata: str, state: object) -> View:
    """Save the question, and return the last view. Raises BadFormError."""
    form = read_save(state)
    if (problem := name_problem(form.name)) is not None:
        raise BadFormError({NAME: problem})
    schedule = _schedule(form)
    question = await _question(services, metadata)
    if question is None:
        return notice_modal(TITLE, _EXPIRED)
    # A question that was not typed keeps its exact dates.
    texts = question.texts or (question.text,)
    wish = Wish(name=form.name, texts=texts, schedule=schedule, channel_id=form.channel_id)
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
