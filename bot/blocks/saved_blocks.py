"""Saved questions: a person's list of them, and the form that saves one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.block_elements import actions, button, context, header, overflow, section
from bot.blocks.inputs import (
    BadFormError,
    MenuChoice,
    channel_select,
    entered,
    input_block,
    menu,
    text_input,
)
from bot.blocks.limits import Block, message
from bot.blocks.modal_views import form
from bot.blocks.text import capital, channel_link, code, escape, plural, title
from bot.model import Message

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A saved question."""

    saved_id: str
    name: str
    sentence: str
    schedule: str | None = None
    """When it runs by itself, in words, or None."""
    where: str | None = None
    """Slack id of the channel answered in; None is the direct message."""
    paused: bool = False
    only_if_any: bool = False


def saved_notice(headline_markup: str, detail_markup: str) -> Message:
    """Say what was done with a saved question."""
    return message(headline_markup, [section(headline_markup), context(detail_markup)])


def saved_message(saved: Sequence[Saved]) -> Message:
    """List the saved questions, each with a button that asks it."""
    names = ", ".join(escape(item.name, 60) for item in saved[:_SHOWN])
    count = plural(len(saved), "saved question")
    return message(f"{count}: {names}" if saved else count, [header(count), *saved_blocks(saved)])


def saved_blocks(saved: Sequence[Saved]) -> list[Block]:
    """Show each saved question with what can be done with it; more than twenty are counted, not shown."""
    if not saved:
        return [context(f"None yet. Press Save under an answer, or ask one with {code('save as Name')}.")]
    blocks: list[Block] = []
    for index, item in enumerate(saved[:_SHOWN]):
        lines = [f"*{escape(item.name, 100)}*", escape(capital(item.sentence), 500)]
        if item.schedule:
            only = ", only if any" if item.only_if_any else ""
            lines.append(
                f"{'Paused: ' if item.paused else ''}{escape(item.schedule, 100)}{_where(item.where)}{only}"
            )
        entries = [("Edit", Pointer("", pick=f"{act.SAVED_EDIT}:{item.saved_id}"))]
        if item.schedule:
            what, label = (act.SAVED_RESUME, "Resume") if item.paused else (act.SAVED_PAUSE, "Pause")
            entries.append((label, Pointer("", pick=f"{what}:{item.saved_id}")))
        entries.append(("Delete", Pointer("", pick=f"{act.SAVED_DELETE}:{item.saved_id}")))
        blocks.append(section("\n".join(lines), overflow(numbered(act.SAVED_MENU, index), entries)))
        run = button("Ask now", numbered(act.SAVED_RUN, index), Pointer("", pick=item.saved_id))
        blocks += actions(run)
    rest = len(saved) - _SHOWN
    return [*blocks, context(f"… and {rest} more. Run any of them by its name.")] if rest > 0 else blocks


def _where(channel_id: str | None) -> str:
    if channel_id is None:
        return ", in your direct messages"
    named = channel_link(channel_id)
    return f", in {named}" if named else ""


NAME, QUESTION, SCHEDULE, CHANNEL, ALWAYS = "name", "question", "schedule", "channel", "always"
# The block_ids of the fields.
_NAME_CHARS = 60
_ANY = "any"
_EACH_TIME = (MenuChoice("always", "Each time"), MenuChoice(_ANY, "Only if any call matches"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveForm:
    """How a question is to be kept."""

    name: str = ""
    question: str = ""
    """The question as it is saved; "" in the form that saves a new one."""
    schedule: str = ""
    """When it runs by itself, in words ("every monday 9:00"); "" for never. Not checked here."""
    channel_id: str | None = None
    """Where to answer then; None is the asker's direct message."""
    only_if_any: bool = False


def save_modal(values: SaveForm, *, sentence: str, metadata: str = "") -> dict[str, object]:
    """Build the form that saves a question, or changes a saved one."""
    asked = (
        input_block(
            QUESTION, "Question", text_input(values.question, "failed calls last week"), optional=False
        )
        if values.question
        else section(title(sentence))
    )
    return form(
        act.SAVE_VIEW,
        "Edit" if values.question else "Save this question",
        "Save",
        [
            asked,
            input_block(
                NAME, "Name", text_input(values.name, "Monday failures", most=_NAME_CHARS), optional=False
            ),
            input_block(
                SCHEDULE,
                "Schedule",
                text_input(values.schedule, "mondays 9am", most=100),
                hint="When I ask it for you, in your time zone. Left empty: only when you ask.",
            ),
            input_block(
                CHANNEL,
                "Post to",
                channel_select("My direct messages", values.channel_id),
                hint="Where the scheduled answer goes.",
            ),
            input_block(ALWAYS, "Post it", menu(_EACH_TIME, _ANY if values.only_if_any else "always")),
        ],
        metadata,
    )


def read_save(state: object) -> SaveForm:
    """Read the form back. Raises BadFormError when there is no name."""
    name = " ".join(entered(state, NAME).split())[:_NAME_CHARS]
    if not name:
        raise BadFormError({NAME: "Give it a name, such as Monday failures."})
    return SaveForm(
        name=name,
        question=entered(state, QUESTION),
        schedule=entered(state, SCHEDULE),
        channel_id=entered(state, CHANNEL) or None,
        only_if_any=entered(state, ALWAYS) == _ANY,
    )
