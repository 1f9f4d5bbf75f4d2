"""Saving a question under a name, and choosing where to share: two small forms."""

from __future__ import annotations

from dataclasses import dataclass

from bot.blocks import actions as act
from bot.blocks.elements import section
from bot.blocks.inputs import BadFormError, channel_select, entered, form, input_block, text_input
from bot.blocks.parts import title

__all__ = ["SaveForm", "read_save", "save_modal"]

NAME, SCHEDULE, CHANNEL = "name", "schedule", "channel"
# The block_ids of the fields.
_NAME_CHARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveForm:
    """How a question is to be kept."""

    name: str = ""
    schedule: str = ""
    """When it asks itself, in words ("every monday 9:00"); "" for never. Not judged here."""
    channel_id: str | None = None
    """Where to answer then; None is the asker's direct message."""


def save_modal(values: SaveForm, *, sentence: str, metadata: str = "") -> dict[str, object]:
    """Build the form that saves a question."""
    return form(
        act.SAVE_VIEW,
        "Save this question",
        "Save",
        [
            section(title(sentence)),
            input_block(
                NAME, "Name", text_input(values.name, "Monday failures", most=_NAME_CHARS), optional=False
            ),
            input_block(
                SCHEDULE,
                "Schedule",
                text_input(values.schedule, "every monday 9:00", most=100),
                hint="When I ask it for you, in your time zone. Left empty: only when you ask.",
            ),
            input_block(
                CHANNEL,
                "Post to",
                channel_select("My direct messages", values.channel_id),
                hint="Where the scheduled answer goes.",
            ),
        ],
        metadata,
    )


def read_save(state: object) -> SaveForm:
    """Read the form back. Raises BadFormError when there is no name."""
    name = " ".join(entered(state, NAME).split())[:_NAME_CHARS]
    if not name:
        raise BadFormError({NAME: "Give it a name, such as Monday failures."})
    return SaveForm(name=name, schedule=entered(state, SCHEDULE), channel_id=entered(state, CHANNEL) or None)
