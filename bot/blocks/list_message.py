"""The answer to a question as a message: its list, its glance, and what is said when nothing matches.

A list is updated in place while the count and the file come. A glance is shown on the spot to the asker only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Anchor, Pointer
from bot.blocks.block_elements import (
    actions,
    button,
    context,
    header,
    overflow,
    section,
    select,
    shared_by,
)
from bot.blocks.call_table import PAGE, CallTable
from bot.blocks.file_progress import WORKING, Count, CountState, FileState, Sent, file_words
from bot.blocks.help_message import Example, example_buttons
from bot.blocks.limits import Block, message
from bot.blocks.text import DASH, capital, escape, fresh, link, note_line, number, title
from bot.model import CallIds, Conversation, Message

_SUGGESTION = "Nothing matches. Try a longer time, or leave out a filter."
_MORE = (
    (act.REFRESH, "Refresh"),
    (act.SHOW_API, "Show API request"),
)
_FILE_BUTTONS = (
    (act.WITHOUT_IDS, "Send now without call ids", None),
    (act.CANCEL, "Cancel", "danger"),
    (act.SEND_ALL, "Send all", None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """Everything that the answer to a question shows."""

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
    """What may be offered, of `actions`; nothing else is shown. On a list: OPEN_CALL, NEWER, OLDER, FILTERS,
    CSV, SHARE, SAVE, REFRESH, SHOW_API, CANCEL, WITHOUT_IDS, SEND_ALL, RETRY. On a glance: OPEN_CALL,
    FILTERS, SHARE, and REFRESH while an id is still to come. On nothing: FILTERS, REFRESH, SHOW_API, SAVE."""
    anchor: Anchor | None = None
    """Where this page began, None for the first page: Refresh shows the same page again."""
    counting: bool = False
    """The question was "how many": the count stands first, large."""
    oldest_first: bool = False
    file: FileState | None = None
    notes: Sequence[str] = ()
    """Plain words about the answer: partial, cut, from the cache, moved to the direct message."""
    shared_by: str | None = None
    """Slack id of who shared it."""
    shared_note: str = ""
    """What they wrote beside it."""

    @property
    def table(self) -> CallTable:
        return CallTable.of(self.rows, self.ids, self.tz, self.now)

    @property
    def fresh(self) -> str:
        return fresh(self.as_of, self.now, self.tz)


def list_message(view: ListView) -> Message:
    table, looking = view.table, view.count.state in WORKING
    nothing = section("None found yet, still looking." if looking else "No calls on this page.")
    question, count = escape(capital(view.sentence), 900), _place(view)
    first = f"{count}: {question}" if view.counting else f"{question}: {count[:1].lower()}{count[1:]}"
    words = [f"{first}, {view.fresh}", *([file_words(view.file)] if view.file else []), table.as_text()]
    return _with_calls("\n".join(words), _top(view), table, nothing, [*_menu(view, table), *_file(view)])


def glance_message(view: ListView, *, permalink: str | None = None, file_follows: bool = True) -> Message:
    """Show the newest calls on the spot, to the asker only: complete as it stands, it cannot be edited later.

    `permalink` is the address of the list message in their direct messages; a CSV comes there when
    `file_follows`.
    """
    table = view.table
    where = link(permalink, "in your direct messages") if permalink else "in your direct messages"
    full = f"The full answer{' and the CSV are' if file_follows else ' is'} {where}."
    notes = note_line(view.notes)
    nothing = (
        "No calls found."
        if view.count.state is CountState.FINAL
        else "None found yet, still looking: what is found comes with the full answer."
    )
    count = view.count.settled().words()
    menu = actions(
        select("Open a call", act.OPEN_CALL, table.options()) if act.OPEN_CALL in view.actions else None,
        _offered(view, act.REFRESH, "Refresh") if table.pending else None,
        _offered(view, act.FILTERS, "Filters"),
        _offered(view, act.SHARE, "Share"),
    )
    if menu and view.question_id:
        menu[0]["block_id"] = view.question_id  # all that a press on such a message tells of it
    bottom = [
        context(full + (f" {notes}" if notes else "")),
        *menu,
    ]
    text = f"{escape(capital(view.sentence), 900)}: {count}\n{full}\n{table.as_text()}"
    return _with_calls(text, _heading(view, capital(count)), table, section(nothing), bottom)


def empty_message(view: ListView, wider: Sequence[Example] = ()) -> Message:
    """Say that no call answers the question. `wider` are questions that ask for more, as buttons."""
    lines = note_line(view.notes)
    return message(
        f"{escape(capital(view.sentence), 900)}: no calls found. {_SUGGESTION}",
        [
            *([header("0 calls")] if view.counting else []),
            section(title(view.sentence)),
            context(f"*No calls found* · {view.fresh}"),
            section(_SUGGESTION),
            *([context(lines)] if lines else []),
            *example_buttons(wider),
            *actions(_offered(view, act.FILTERS, "Filters"), _offered(view, act.SAVE, "Save"), _more(view)),
        ],
    )


def _with_calls(
    text: str, top: Sequence[Block], table: CallTable, nothing: Block, bottom: Sequence[Block]
) -> Message:
    """Put calls between top and bottom: as a table, and as paragraphs for a Slack that refuses it."""
    ways = (table.as_table(), table.as_paragraphs()) if table.lines else ([nothing],)
    first, *fallbacks = ([*top, *calls, *bottom] for calls in ways)
    return message(text, first, *fallbacks)


def _heading(view: ListView, count: str) -> list[Block]:
    """Draw the question, the count and how fresh they are; the count first, where it was asked for."""
    if view.counting:
        return [header(count), section(title(view.sentence)), context(capital(view.fresh))]
    return [section(title(view.sentence)), context(f"*{count}* · {view.fresh}")]


def _top(view: ListView) -> list[Block]:
    notes = note_line(view.notes)
    blocks = shared_by(view.shared_by, view.shared_note)
    if view.counting and view.anchor is not None:
        place = context(f"*{_place(view)}* · {view.fresh}")
        blocks += [*_heading(view, capital(view.count.words()))[:-1], place]
    else:
        blocks += _heading(view, _place(view))
    return [*blocks, context(notes)] if notes else blocks


def _offered(
    view: ListView, action: str, label: str, anchor: Anchor | None = None, style: str | None = None
) -> Block | None:
    if action not in view.actions:
        return None
    return button(label, action, Pointer(view.question_id, anchor), style=style)


def _more(view: ListView) -> Block | None:
    return overflow(
        act.MORE,
        [
            (label, Pointer(view.question_id, view.anchor, pick))
            for pick, label in _MORE
            if pick in view.actions
        ],
    )


def _menu(view: ListView, table: CallTable) -> list[Block]:
    newest, oldest = _ends(view)
    return actions(
        select("Open a call", act.OPEN_CALL, table.options()) if act.OPEN_CALL in view.actions else None,
        _offered(view, act.NEWER, "Newer", newest) if newest else None,
        _offered(view, act.OLDER, "Older", oldest) if oldest else None,
        _offered(view, act.FILTERS, "Filters", view.anchor),
        _offered(view, act.CSV, "CSV"),
        _offered(view, act.SHARE, "Share"),
        _offered(view, act.SAVE, "Save"),
        _offered(view, act.TELL_ME, "Tell me when…"),
        _offered(view, act.RETRY, "Retry", view.anchor, "primary"),
        _more(view),
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
    words = file_words(view.file)
    buttons = (_offered(view, name, label, style=style) for name, label, style in _FILE_BUTTONS)
    return [section(words) if isinstance(view.file, Sent) else context(words), *actions(*buttons)]
