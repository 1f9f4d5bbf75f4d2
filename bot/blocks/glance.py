"""The glance: the newest calls, shown on the spot to the asker only. It cannot be edited later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.elements import Block, actions, button, context, header, section, select
from bot.blocks.limits import message
from bot.blocks.parts import Count, CountState, capital, fresh, note_line, title
from bot.blocks.rows import Calls
from bot.blocks.sharing import share_button
from bot.blocks.text import escape, link
from bot.model import CallIds, Conversation, Message

__all__ = ["GlanceView", "glance_message"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GlanceView:
    """Everything that a glance shows."""

    sentence: str
    rows: Sequence[Conversation]
    """In the question's order; ten are shown."""
    ids: Mapping[str, CallIds]
    count: Count
    tz: tzinfo
    now: float
    as_of: float
    permalink: str | None = None
    """Address of the list message."""
    where: str = "in your direct messages"
    """Where the full answer is, as words after "the full answer and the CSV are"."""
    question_id: str = ""
    actions: frozenset[str] = frozenset()
    """OPEN_CALL, FILTERS, REFRESH (shown only while an id is still to come) and SHARE."""
    share_to: str | None = None
    """Id of the channel that Share posts in."""
    counting: bool = False
    notes: Sequence[str] = ()
    file: bool = True
    """Whether a CSV comes with the full answer."""


def glance_message(view: GlanceView) -> Message:
    """Build the message, complete as it stands, with a variant without `table`."""
    calls = Calls(view.rows, view.ids, view.tz, view.now)
    top, bottom = _top(view), _bottom(view, calls)
    found = view.count.state is CountState.FINAL
    words = (
        "No calls found."
        if found
        else "None found yet, still looking: what is found comes with the full answer."
    )
    nothing = [] if view.rows else [section(words)]
    question, count = escape(capital(view.sentence), 900), view.count.settled().words()
    text = f"{question}: {count}\n{_full(view)}\n{calls.text()}"
    return message(
        text,
        [*top, *(calls.blocks() or nothing), *bottom],
        [*top, *(calls.plain_blocks() or nothing), *bottom],
    )


def _top(view: GlanceView) -> list[Block]:
    words, freshness = capital(view.count.settled().words()), fresh(view.as_of, view.now, view.tz)
    if view.counting:
        return [header(words), section(title(view.sentence)), context(capital(freshness))]
    return [section(title(view.sentence)), context(f"*{words}* · {freshness}")]


def _full(view: GlanceView) -> str:
    where = escape(view.where, 200)
    if view.permalink:  # Slack's own
        where = link(view.permalink, view.where)
    return f"The full answer and the CSV are {where}." if view.file else f"The full answer is {where}."


def _bottom(view: GlanceView, calls: Calls) -> list[Block]:
    pointer = Pointer(view.question_id)
    notes = note_line(view.notes)
    return [
        context(_full(view) + (f" {notes}" if notes else "")),
        *actions(
            select("Open a call", act.OPEN_CALL, calls.options()) if act.OPEN_CALL in view.actions else None,
            button("Refresh", act.REFRESH, pointer)
            if act.REFRESH in view.actions and calls.pending()
            else None,
            button("Filters", act.FILTERS, pointer) if act.FILTERS in view.actions else None,
            share_button(pointer, view.share_to, view.count) if act.SHARE in view.actions else None,
        ),
    ]
