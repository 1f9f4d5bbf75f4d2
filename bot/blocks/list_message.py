"""The answer to a question as a message: its list, its glance, and what is said when nothing matches.

A list is updated in place while the count and the file come. A glance is shown on the spot to the asker only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from enum import Enum

from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.block_elements import (
    Block,
    actions,
    context,
    header,
    message,
    offers,
    section,
    select,
    shared_by,
    value_of,
)
from bot.blocks.data_table import PLAIN_ROWS, DataTable, call_options, call_table, legend, pending, with_table
from bot.blocks.notice_messages import Example, example_buttons
from bot.blocks.report_message import change_words
from bot.blocks.text import capital, code, escape, fresh, link, note_line, number, plural, title
from bot.model import CallIds, Conversation, Message
from bot.report.measures import MEASURES


class CountState(Enum):
    """How certain a count is."""

    FINAL = "final"
    """All of them: "1,234 calls"."""
    WORKING = "working"
    """Still reading: "300 calls so far, of about 1,000"."""
    AT_LEAST = "at least"
    """Reading has stopped before the end: "at least 12,345 calls"."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Numbers of calls that a count is looked at beside; None for what was not counted."""

    of: int | None = None
    """All calls of the same time, where a filter narrows it."""
    before: int | None = None
    """The same calls in the time before, where how many was asked."""


NOTHING_BESIDE = Beside()


@dataclass(frozen=True, slots=True)
class Count:
    """How many conversations answer the question."""

    number: int
    state: CountState = CountState.FINAL
    read: int = field(default=0, compare=False)
    """While working: rows read, matching or not."""
    expected: int | None = field(default=None, compare=False)
    """While working: an estimate of the rows to read."""
    beside: Beside = field(default=NOTHING_BESIDE, compare=False)

    @property
    def working(self) -> bool:
        return self.state is CountState.WORKING

    def settled(self) -> Count:
        """Return a count that stays true where it is not said again: nobody counts there for ever."""
        return replace(self, state=CountState.AT_LEAST) if self.working else self

    def words(self) -> str:
        """Say it; while working, with how far it is."""
        calls = plural(self.number, "call")
        if self.state is CountState.AT_LEAST:
            return f"at least {calls}"
        return f"{calls} so far{self._how_far()}" if self.working else calls

    def _how_far(self) -> str:
        known = self.expected is not None and self.expected > self.read
        if self.read <= self.number:
            return f", of about {number(self.expected or 0)}" if known else ""
        return f", {number(self.read)}{f' of about {number(self.expected or 0)}' if known else ''} read"

    def beside_words(self) -> list[str]:
        """Say which part of all calls of that time it is, and how it changed, as far as that is known."""
        of, before = self.beside.of, self.beside.before
        words = []
        if self.state is CountState.FINAL and of and self.number <= of:
            part = round(100 * self.number / of)
            few = "under 1" if self.number and not part else str(part)
            words.append(f"{few}% of {number(of)} in that time")
        if self.state is CountState.FINAL and before is not None:
            how_many = f" ({number(before)} in the time before)" if before else ""
            words.append(change_words(MEASURES["calls"], self.number, before) + how_many)
        return words


@dataclass(frozen=True, slots=True)
class Waiting:
    """The file waits for others' files."""

    behind: int


@dataclass(frozen=True, slots=True)
class Preparing:
    """Rows are being read: the count says how far that is."""

    ids: int | None = None
    """Call ids found meanwhile; None when none are looked up."""


@dataclass(frozen=True, slots=True)
class FindingIds:
    """Call ids are being looked up, one request a call."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Uploading:
    """All rows are written; Slack is taking the file."""

    rows: int


@dataclass(frozen=True, slots=True)
class Sent:
    """The file is in the message's thread."""

    rows: int
    whole: bool = True
    """Whether it holds every row of the question."""
    of: int | None = None
    """When not whole: the rows known to exist."""
    exact: bool = False
    """Whether there are just so many, rather than at least."""
    first: str = "newest"
    """Which rows of all it holds when not whole: newest, longest, …"""
    ids_failed: int = 0
    without_ids: bool = False
    """The asker did not want to wait for the call ids."""
    elsewhere: str | None = None
    """Where the file is when not in the thread: words after "CSV", such as "in your direct messages"."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The asker pressed Cancel."""


@dataclass(frozen=True, slots=True)
class FileFailed:
    """No file came: one sentence with the reason and a next step, and an id to ask about."""

    words: str
    reference: str | None = None


FileState = Waiting | Preparing | FindingIds | Uploading | Sent | Cancelled | FileFailed


def file_words(state: FileState) -> str:
    """Say in markup how far the file is."""
    match state:
        case Waiting(behind):
            words = f"The CSV waits behind {number(behind)}"
        case Preparing(ids):
            words = "The CSV follows" + ("" if ids is None else f": {plural(ids, 'call id')} so far")
        case FindingIds(done, total):
            words = f"The CSV follows: call ids {number(done)} of {number(total)}"
        case Uploading(rows):
            words = f"Sending the CSV: {plural(rows, 'row')}"
        case Cancelled():
            words = "CSV cancelled. Press CSV to start again."
        case FileFailed(reason, reference):
            words = escape(reason, 600) + (f" Reference {code(reference, 80)}" if reference else "")
        case Sent(rows):
            where = escape(state.elsewhere, 200) if state.elsewhere else "in the thread"
            what = plural(rows, "row")
            if not state.whole and state.of is not None and state.of > rows:
                least = "" if state.exact else "at least "
                what = f"{number(rows)} of {least}{plural(state.of, 'row')}"
            words = f"CSV {where}: {what if state.whole else f'the {escape(state.first)} {what}'}"
            words += ", without call ids" if state.without_ids else ""
            words += f" ({plural(state.ids_failed, 'call id')} could not be read)" if state.ids_failed else ""
    return words


_CHOSEN = 3
"""Chosen columns that the table has room for; the CSV has all."""
_SUGGESTION = "Nothing matches. Try a longer time, or leave out a filter."


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
        """Its rows; what is shown beside them has to say so when not all of them are in it."""
        chosen = self.chosen[:_CHOSEN]
        return call_table(self.rows, self.ids, self.tz, self.now, constant=self.constant, chosen=chosen)

    def offers(self, *names: str) -> list[Block]:
        """Make a row of those of these buttons and menus that may be offered."""
        menu = None
        if act.OPEN_CALL in self.actions and act.OPEN_CALL in names:
            menu = select("Open a call", act.OPEN_CALL, call_options(self.rows, self.tz, self.now))
        return actions(menu, *offers(self.actions - {act.OPEN_CALL}, Pointer(self.question_id), *names))


def list_message(view: ListView) -> Message:
    table = view.table
    none = "None found yet, still looking." if view.count.working else "No calls found."
    question, count = escape(capital(view.sentence), 900), view.count.words()
    first = f"{capital(count)}: {question}" if view.counting else f"{question}: {count}"
    file, notes, as_of = view.file, note_line(view.notes), fresh(view.as_of, view.now, view.tz)
    words = [f"{first}, {as_of}", *([file_words(file)] if file else []), *table.lines()]
    top = [
        *_heading(view, len(table.rows)),
        *shared_by(view.shared_by, view.shared_note),
        *([context(notes)] if notes else []),
        *([] if view.rows else [section(none)]),
    ]
    bottom = [
        *legend(view.rows, view.ids),
        *view.offers(
            act.OPEN_CALL, act.FILTERS, act.CSV, act.SHARE, act.SAVE, act.TELL_ME, act.RETRY, act.MORE
        ),
    ]
    if file is not None:
        bottom.append(section(file_words(file)) if isinstance(file, Sent) else context(file_words(file)))
        bottom += view.offers(act.WITHOUT_IDS, act.CANCEL, act.SEND_ALL)
    return with_table("\n".join(words), top, table, bottom)


def glance_message(view: ListView, *, permalink: str | None = None, file_follows: bool = True) -> Message:
    """Show the newest calls on the spot, to the asker only: complete as it stands, it cannot be edited later.

    `permalink` is the address of the list message in their direct messages; a CSV comes there when
    `file_follows`.
    """
    final = view.count.state is CountState.FINAL
    view = replace(view, rows=view.rows[:PLAIN_ROWS], count=view.count.settled())
    table, notes = view.table, note_line(view.notes)
    where = link(permalink, "in your direct messages") if permalink else "in your direct messages"
    full = f"The full answer{' and the CSV are' if file_follows else ' is'} {where}."
    still = "None found yet, still looking: what is found comes with the full answer."
    nothing = [] if view.rows else [section("No calls found." if final else still)]
    again = [act.REFRESH] if pending(view.rows, view.ids) else []
    menu = view.offers(act.OPEN_CALL, *again, act.FILTERS, act.SHARE)
    if menu and view.question_id and value_of(Pointer(view.question_id)) is not None:
        menu[0]["block_id"] = view.question_id  # all that a press on such a message tells of it
    bottom = [*legend(view.rows, view.ids), context(full + (f" {notes}" if notes else "")), *menu]
    text = "\n".join([f"{escape(capital(view.sentence), 900)}: {view.count.words()}", full, *table.lines()])
    return with_table(text, [*_heading(view, len(table.rows)), *nothing], table, bottom)


def file_there_message(url: str | None) -> Message:
    """Point to the CSV that was sent already."""
    where = link(url, "The CSV is there already") if url else "The CSV is there already"
    return message(f"{where}. Refresh, then CSV, makes a newer one.", [])


def empty_message(view: ListView, wider: Sequence[Example] = ()) -> Message:
    """Say that no call answers the question. `wider` are questions that ask for more, as buttons."""
    lines, as_of = note_line(view.notes), fresh(view.as_of, view.now, view.tz)
    return message(
        f"{escape(capital(view.sentence), 900)}: no calls found. {_SUGGESTION}",
        [
            *([header("0 calls")] if view.counting else []),
            section(f"{title(view.sentence)}\n*No calls found* · {as_of}"),
            section(_SUGGESTION),
            *([context(lines)] if lines else []),
            *example_buttons(wider),
            *view.offers(act.FILTERS, act.SAVE, act.TELL_ME, act.MORE),
        ],
    )


def _heading(view: ListView, shown: int) -> list[Block]:
    """Draw question and count in one block, which notifications show; below the number that was asked for.

    `shown` of the calls are in the table.
    """
    count = capital(view.count.words())
    parts = [None if view.counting else f"*{count}*", *view.count.beside_words()]
    if not view.count.working and 0 < shown < view.count.number:
        parts.append(f"the {view.first} {number(shown)} shown")
    line = " · ".join([*filter(None, parts), fresh(view.as_of, view.now, view.tz)])
    words = section(f"{title(view.sentence)}\n{line}")
    return [header(count), words] if view.counting else [words]
