"""The form behind "Save this question": a name, and when and where it asks itself.

Like every form it belongs to a press; what is submitted is in the database before it closes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.answers.error_messages import reference, words_for
from bot.answers.listing import query_of
from bot.answers.ports import Address, ReplyError
from bot.answers.saving import NotSavedError, Saver, wished, with_schedule
from bot.answers.services import Services
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.inputs import BadFormError
from bot.blocks.modal_views import notice_modal
from bot.blocks.saved_blocks import CHANNEL, NAME, SCHEDULE, SaveForm, read_save, save_modal
from bot.blocks.text import code, escape
from bot.query.saved_commands import name_problem
from bot.query.time.schedule_parser import NoScheduleError, Schedule, read_schedule

log = structlog.get_logger(__name__)

TITLE = "Save this question"
View = dict[str, object]
Show = Callable[[View], Awaitable[None]]
_EXPIRED = "This question is too old to be saved: ask it again, then save it."


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the form shows next: words beside its fields, or a last view."""

    errors: dict[str, str] = field(default_factory=dict)
    view: View | None = None


class SaveForms:
    """Shows the form and takes it in."""

    def __init__(self, services: Services, saver: Saver) -> None:
        self._services = services
        self._saver = saver

    async def open(self, address: Address, press_id: str, value: str, show: Show) -> None:
        """Show the form for the question that a button refers to."""
        try:
            await show(await self._form(address, value))
        except Exception as error:  # noqa: BLE001 - every error becomes words
            await self._say(error, press_id, show)

    async def _form(self, address: Address, value: str) -> View:
        asker = await self._services.people.asker(address)
        if asker.refused is not None:
            return notice_modal(TITLE, escape(asker.refused))
        try:
            pointer = act.decode(value)
        except BadValueError:
            return notice_modal(TITLE, _EXPIRED)
        question = await self._services.questions.get(pointer.question_id)
        if question is None:
            return notice_modal(TITLE, _EXPIRED)
        # As typed: "last week" is another week at each run.
        sentence = (
            ", then ".join(question.texts)
            or query_of(question, week_start=self._services.week_start).sentence()
        )
        return save_modal(SaveForm(), sentence=sentence, metadata=act.encode(Pointer(question.question_id)))

    async def submit(self, address: Address, press_id: str, metadata: str, state: object) -> Submitted:
        """Save what was entered; words beside the fields when it cannot be."""
        try:
            return await self._submit(address, metadata, state)
        except BadFormError as bad:
            return Submitted(errors=bad.errors)
        except Exception as error:  # noqa: BLE001 - every error becomes words
            return Submitted(view=self._trouble(error, press_id))

    async def _submit(self, address: Address, metadata: str, state: object) -> Submitted:
        form = read_save(state)
        if (problem := name_problem(form.name)) is not None:
            raise BadFormError({NAME: problem})
        schedule = _schedule(form)
        asker = await self._services.people.asker(address)
        if asker.refused is not None:
            return Submitted(view=notice_modal(TITLE, escape(asker.refused)))
        question = await self._services.questions.get(act.decode(metadata).question_id)
        if question is None:
            return Submitted(view=notice_modal(TITLE, _EXPIRED))
        try:
            saved = await self._saver.save(
                address, asker, with_schedule(wished(question, form.name), schedule, form.channel_id)
            )
        except NotSavedError as problem:
            raise BadFormError({CHANNEL if form.channel_id else NAME: str(problem)}) from None
        words, details = self._saver.confirmation(saved)
        if not question.texts:
            details = f"{details} It keeps its exact dates."
        return Submitted(view=notice_modal(TITLE, escape(words), escape(details)))

    async def saved(self, address: Address) -> None:
        """Show the new question in Home."""
        await self._saver.homes.show(address.team_id, address.user_id)

    async def _say(self, error: Exception, press_id: str, show: Show) -> None:
        if isinstance(error, ReplyError) and error.method.startswith("views."):
            log.info("modal not shown", code=error.code)
            return
        try:
            await show(self._trouble(error, press_id))
        except ReplyError as refused:
            log.info("modal not shown", code=refused.code)

    @staticmethod
    def _trouble(error: Exception, press_id: str) -> View:
        ref = reference(press_id)
        expected = isinstance(error, ReplyError | BadValueError)
        log.warning(
            "failed",
            kind="save form",
            reference=ref,
            error=type(error).__name__,
            why=str(error) if expected else None,
            exc_info=None if expected else error,
        )
        words = words_for(error)
        return notice_modal(
            TITLE, escape(words.headline), f"{escape(words.next_step)}\nReference {code(ref)}"
        )


def _schedule(form: SaveForm) -> Schedule | None:
    if not form.schedule:
        if form.channel_id:
            raise BadFormError({SCHEDULE: "Say when, such as every monday 9:00, or leave the channel empty."})
        return None
    try:
        return read_schedule(form.schedule)
    except NoScheduleError as error:
        raise BadFormError({SCHEDULE: str(error)}) from None
