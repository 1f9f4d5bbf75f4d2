"""The answer to a question as a message: its list, its glance, and what is said when nothing matches.

A list is updated in place while the count and the file come. A glance is shown on the spot to the asker only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.block_elements import (
    actions,
    button,
    context,
    header,
    overflow,
    section,
    select,
    shared_by,
    value_of,
)
from bot.blocks.call_table import call_options, call_table, legend, pending
from bot.blocks.data_table import PLAIN_ROWS, DataTable, with_table
from bot.blocks.file_progress import Count, CountState, FileState, Sent, file_words
from bot.blocks.help_message import Example, example_buttons
from bot.blocks.limits import Block, message
from bot.blocks.text import capital, escape, fresh, link, note_line, number, title
from bot.model import CallIds, Conversation, Message

_CHOSEN = 3
"""Chosen columns that the table has room for; the CSV has all."""
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
    """The first rows in the question's order; as many are shown as a table takes."""
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
    """What may be offered, of `actions`; nothing else is shown. On a list: OPEN_CALL, FILTERS, CSV, SHARE,
    SAVE, REFRESH, SHOW_API, CANCEL, WITHOUT_IDS, SEND_ALL, RETRY. On a glance: OPEN_CALL, FILTERS, SHARE, and
    REFRESH while an id is still to come. On nothing: FILTERS, REFRESH, SHOW_API, SAVE, TELL_ME."""
    counting: bool = False
    """The question was "how many": the count stands first, large."""
    first: str = "newest"
    """Which rows of all these are: newest, oldest."""
    constant: frozenset[str] = frozenset()
    """Columns that say the same in every row, as the question wants it: they are left out."""
    chosen: Sequence[str] = ()
    """Columns besides the usual ones, as `chosen_value` reads them."""
    file: FileState | None = None
    notes: Sequence[str] = ()
    """Plain words about the answer: partial, cut, from the cache, moved to the direct message."""
    shared_by: str | None = None
    """Slack id of who shared it."""
    shared_note: str = ""
    """What they wrote beside it."""

    @property
    def table(self) -> DataTable:
        return call_table(
            self.rows, self.ids, self.tz, self.now, constant=self.constant, chosen=self.chosen[:_CHOSEN]
        )

    @property
    def fresh(self) -> str:
        return fresh(self.as_of, self.now, self.tz)


def list_message(view: ListView) -> Message:
    table = view.table
    none = "None found yet, still looking." if view.count.working else "No calls found."
    nothing = [] if view.rows else [section(none)]
    question, count = escape(capital(view.sentence), 900), view.count.words()
    first = f"{capital(count)}: {question}" if view.counting else f"{question}: {count}"
    words = [f"{first}, {view.fresh}", *([file_words(view.file)] if view.file else []), *table.lines()]
    top = [*_top(view, _count_line(view, len(table.rows))), *nothing]
    bottom = [*legend(view.rows, view.ids), *_menu(view), *_file(view)]
    return with_table("\n".join(words), top, table, bottom)


def glance_message(view: ListView, *, permalink: str | None = None, file_follows: bool = True) -> Message:
    """Show the newest calls on the spot, to the asker only: complete as it stands, it cannot be edited later.

    `permalink` is the address of the list message in their direct messages; a CSV comes there when
    `file_follows`.
    """
    view = replace(view, rows=view.rows[:PLAIN_ROWS])
    table, final = view.table, view.count.state is CountState.FINAL
    where = link(permalink, "in your direct messages") if permalink else "in your direct messages"
    full = f"The full answer{' and the CSV are' if file_follows else ' is'} {where}."
    notes = note_line(view.notes)
    still = "None found yet, still looking: what is found comes with the full answer."
    nothing = [] if view.rows else [section("No calls found." if final else still)]
    view = replace(view, count=view.count.settled())
    menu = actions(
        _call_menu(view),
        _offered(view, act.REFRESH, "Refresh") if pending(view.rows, view.ids) else None,
        _offered(view, act.FILTERS, "Filters"),
        _offered(view, act.SHARE, "Share"),
    )
    if menu and view.question_id and value_of(Pointer(view.question_id)) is not None:
        menu[0]["block_id"] = view.question_id  # all that a press on such a message tells of it
    bottom = [
        *legend(view.rows, view.ids),
        context(full + (f" {notes}" if notes else "")),
        *menu,
    ]
    text = "\n".join([f"{escape(capital(view.sentence), 900)}: {view.count.words()}", full, *table.lines()])
    return with_table(text, [*_heading(view, _count_line(view, len(table.rows))), *nothing], table, bottom)


def file_there_message(url: str | None) -> Message:
    """Point to the CSV that was sent already."""
    where = link(url, "The CSV is there already") if url else "The CSV is there already"
    return message(f"{where}. Refresh, then CSV, makes a newer one.", [])


def empty_message(view: ListView, wider: Sequence[Example] = ()) -> Message:
    """Say that no call answers the question. `wider` are questions that ask for more, as buttons."""
    lines = note_line(view.notes)
    return message(
        f"{escape(capital(view.sentence), 900)}: no calls found. {_SUGGESTION}",
        [
            *([header("0 calls")] if view.counting else []),
            section(f"{title(view.sentence)}\n*No calls found* · {view.fresh}"),
            section(_SUGGESTION),
            *([context(lines)] if lines else []),
            *example_buttons(wider),
            *actions(
                _offered(view, act.FILTERS, "Filters"),
                _offered(view, act.SAVE, "Save"),
                _offered(view, act.TELL_ME, "Tell me when…"),
                _more(view),
            ),
        ],
    )


def _count_line(view: ListView, shown: int) -> str:
    """Say how many there are, and how many of them the table has."""
    parts = [None if view.counting else f"*{capital(view.count.words())}*", *view.count.beside_words()]
    if not view.count.working and 0 < shown < view.count.number:
        parts.append(f"the {view.first} {number(shown)} shown")
    return " · ".join([*filter(None, parts), view.fresh])


def _heading(view: ListView, line: str) -> list[Block]:
    """Draw question and count in one block, which notifications show; below the number that was asked for."""
    words = section(f"{title(view.sentence)}\n{line}")
    return [header(capital(view.count.words())), words] if view.counting else [words]


def _top(view: ListView, line: str) -> list[Block]:
    notes = note_line(view.notes)
    shared = shared_by(view.shared_by, view.shared_note)
    return [*_heading(view, line), *shared, *([context(notes)] if notes else [])]


def _offered(view: ListView, action: str, label: str, style: str | None = None) -> Block | None:
    return button(label, action, Pointer(view.question_id), style=style) if action in view.actions else None


def _more(view: ListView) -> Block | None:
    entries = [(label, Pointer(view.question_id, pick=pick)) for pick, label in _MORE if pick in view.actions]
    return overflow(act.MORE, entries)


def _call_menu(view: ListView) -> Block | None:
    if act.OPEN_CALL not in view.actions:
        return None
    return select("Open a call", act.OPEN_CALL, call_options(view.rows, view.tz, view.now))


def _menu(view: ListView) -> list[Block]:
    return actions(
        _call_menu(view),
        _offered(view, act.FILTERS, "Filters"),
        _offered(view, act.CSV, "CSV"),
        _offered(view, act.SHARE, "Share"),
        _offered(view, act.SAVE, "Save"),
        _offered(view, act.TELL_ME, "Tell me when…"),
        _offered(view, act.RETRY, "Retry", "primary"),
        _more(view),
    )


def _file(view: ListView) -> list[Block]:
    if view.file is None:
        return []
    words = file_words(view.file)
    buttons = (_offered(view, name, label, style) for name, label, style in _FILE_BUTTONS)
    return [section(words) if isinstance(view.file, Sent) else context(words), *actions(*buttons)]
