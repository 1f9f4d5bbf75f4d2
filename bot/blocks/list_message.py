"""The list message: the answer to a question, updated in place while the count and the file come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Anchor, Pointer
from bot.blocks.elements import Block, actions, button, context, header, overflow, section, select
from bot.blocks.limits import message
from bot.blocks.parts import WORKING, Count, FileState, Sent, capital, file_words, fresh, note_line, title
from bot.blocks.rows import PAGE, Calls
from bot.blocks.sharing import share_button
from bot.blocks.text import DASH, escape, number
from bot.model import CallIds, Conversation, Message

__all__ = ["ListView", "list_message"]

_USER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """Everything that one list message shows."""

    sentence: str
    """The restated question, plain text."""
    rows: Sequence[Conversation]
    """The rows of this page in the question's order; ten are shown."""
    ids: Mapping[str, CallIds]
    """Call ids by conversation_id; a row without an entry counts as not asked."""
    count: Count
    tz: tzinfo
    """The asker's zone."""
    now: float
    as_of: float
    """Unix time of the oldest part of the answer."""
    question_id: str = ""
    """Id of the stored question: what the buttons carry."""
    actions: frozenset[str] = frozenset()
    """What may be offered: OPEN_CALL, NEWER, OLDER, FILTERS, CSV, SHARE, SAVE, REFRESH, SHOW_API, CANCEL,
    WITHOUT_IDS, SEND_ALL, RETRY of `actions`. Nothing else is shown."""
    anchor: Anchor | None = None
    """Where this page began, None for the first page: Refresh shows the same page again."""
    counting: bool = False
    """The question was "how many": the count stands first, large."""
    oldest_first: bool = False
    file: FileState | None = None
    notes: Sequence[str] = ()
    """Plain words about the answer: partial, cut, from the cache, moved to the direct message."""
    share_to: str | None = None
    """Id of the channel that Share posts in."""
    shared_by: str | None = None
    """Slack id of who pressed Share."""


def list_message(view: ListView) -> Message:
    """Build the message, with a variant without `table`."""
    calls = Calls(view.rows, view.ids, view.tz, view.now)
    top, bottom = _top(view), _bottom(view, calls)
    looking = view.count.state in WORKING
    words = "None found yet, still looking." if looking else "No calls on this page."
    nothing = [] if view.rows else [section(words)]
    return message(
        _text(view, calls),
        [*top, *(calls.blocks() or nothing), *bottom],
        [*top, *(calls.plain_blocks() or nothing), *bottom],
    )


def _text(view: ListView, calls: Calls) -> str:
    question, count = escape(capital(view.sentence), 900), _place(view)
    first = f"{count}: {question}" if view.counting else f"{question}: {count[:1].lower()}{count[1:]}"
    lines = [f"{first}, {fresh(view.as_of, view.now, view.tz)}"]
    if view.file is not None:
        lines.append(file_words(view.file))
    return "\n".join([*lines, calls.text()])


def _top(view: ListView) -> list[Block]:
    freshness = fresh(view.as_of, view.now, view.tz)
    notes = note_line(view.notes)
    blocks = []
    if view.shared_by and set(view.shared_by) <= _USER:
        blocks.append(context(f"Shared by <@{view.shared_by}>"))
    if view.counting:
        blocks += [
            header(capital(view.count.words())),
            section(title(view.sentence)),
            context(capital(freshness) if view.anchor is None else f"*{_place(view)}* · {freshness}"),
        ]
    else:
        blocks += [section(title(view.sentence)), context(f"*{_place(view)}* · {freshness}")]
    if notes:
        blocks.append(context(notes))
    return blocks


def _bottom(view: ListView, calls: Calls) -> list[Block]:
    return [*_menu(view, calls), *_file(view)]


def _menu(view: ListView, calls: Calls) -> list[Block]:
    def offered(
        action: str, label: str, anchor: Anchor | None = None, style: str | None = None
    ) -> Block | None:
        if action not in view.actions:
            return None
        return button(label, action, Pointer(view.question_id, anchor), style=style)

    more = [
        (label, Pointer(view.question_id, view.anchor, pick))
        for pick, label in (
            (act.REFRESH, "Refresh"),
            (act.SHOW_API, "Show API request"),
            (act.SAVE, "Save this question"),
        )
        if pick in view.actions
    ]
    newest, oldest = _ends(view)
    return actions(
        select("Open a call", act.OPEN_CALL, calls.options()) if act.OPEN_CALL in view.actions else None,
        offered(act.NEWER, "Newer", newest) if newest else None,
        offered(act.OLDER, "Older", oldest) if oldest else None,
        offered(act.FILTERS, "Filters", view.anchor),
        offered(act.CSV, "CSV"),
        share_button(Pointer(view.question_id, view.anchor), view.share_to, view.count)
        if act.SHARE in view.actions
        else None,
        offered(act.RETRY, "Retry", view.anchor, "primary"),
        overflow(act.MORE, more),
    )


def _ends(view: ListView) -> tuple[Anchor | None, Anchor | None]:
    """Return the newest and the oldest row of the page: where Newer and Older go on."""
    if not view.rows:
        return view.anchor, view.anchor
    numbers = _numbers(view) or (None, None)
    ends = [
        Anchor(row.start_time_unix_secs, row.conversation_id, number)
        for row, number in zip((view.rows[0], view.rows[:PAGE][-1]), numbers, strict=True)
    ]
    return (ends[1], ends[0]) if view.oldest_first else (ends[0], ends[1])


def _numbers(view: ListView) -> tuple[int, int] | None:
    """Return which rows of the list this page shows, first and last from 1; None when that is not known."""
    before = 0 if view.anchor is None else view.anchor.number
    if not view.rows or before is None or before < 0:
        return None
    return before + 1, before + len(view.rows[:PAGE])


def _place(view: ListView) -> str:
    """Say which rows of all these are: "11 to 20 of 1,234 calls" with a dash; on the first page the count."""
    count, numbers = view.count.words(), _numbers(view)
    if (
        view.anchor is None
        or numbers is None
        or view.count.state in WORKING
        or numbers[1] > view.count.number
    ):
        return capital(count)
    return f"{number(numbers[0])}{DASH}{number(numbers[1])} of {count}"


def _file(view: ListView) -> list[Block]:
    if view.file is None:
        return []
    pointer = Pointer(view.question_id)
    done = isinstance(view.file, Sent)
    offers = (
        (act.WITHOUT_IDS, "Send now without call ids", None),
        (act.CANCEL, "Cancel", "danger"),
        (act.SEND_ALL, "Send all", None),
    )
    return [
        section(file_words(view.file)) if done else context(file_words(view.file)),
        *actions(
            *(
                button(label, name, pointer, style=style)
                for name, label, style in offers
                if name in view.actions
            )
        ),
    ]
