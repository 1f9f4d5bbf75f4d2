"""No results: says so, and what to change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.elements import actions, button, context, header, overflow, section
from bot.blocks.limits import message
from bot.blocks.parts import capital, fresh, note_line, title
from bot.blocks.talk import Example, run_buttons
from bot.blocks.text import escape
from bot.model import Message

__all__ = ["empty_message"]

_WIDER = "Nothing matches. Try a longer time, or leave out a filter."


def empty_message(
    sentence: str,
    *,
    tz: tzinfo,
    now: float,
    as_of: float,
    suggestion: str = _WIDER,
    wider: Sequence[Example] = (),
    question_id: str = "",
    actions_offered: frozenset[str] = frozenset(),
    counting: bool = False,
    notes: Sequence[str] = (),
) -> Message:
    """Say that no call answers the question, and suggest what to change.

    `wider` are questions that ask for more, as buttons that run. `actions_offered`: FILTERS, REFRESH,
    SHOW_API, SAVE.
    """
    pointer = Pointer(question_id)
    lines = note_line(notes)
    more = [
        (label, Pointer(question_id, pick=pick))
        for pick, label in (
            (act.REFRESH, "Refresh"),
            (act.SHOW_API, "Show API request"),
            (act.SAVE, "Save this question"),
        )
        if pick in actions_offered
    ]
    return message(
        f"{escape(capital(sentence), 900)}: no calls found. {escape(suggestion, 600)}",
        [
            *([header("0 calls")] if counting else []),
            section(title(sentence)),
            context(f"*No calls found* · {fresh(as_of, now, tz)}"),
            section(escape(suggestion, 600)),
            *([context(lines)] if lines else []),
            *run_buttons(wider),
            *actions(
                button("Filters", act.FILTERS, pointer) if act.FILTERS in actions_offered else None,
                overflow(act.MORE, more),
            ),
        ],
    )
