"""The answer to a question as a message: its list, its glance, and what is said when nothing matches.

Two values tell all of it: what is known of the answer (`Outcome`, kept in the database), and what a message
shows of it (`ListView`). A list is updated in place while the count and the file come. A glance is shown on
the spot to the asker only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, value_of
from bot.blocks.block_elements import (
    Block,
    Drawing,
    actions,
    context,
    header,
    message,
    offers,
    section,
    select,
    shared_by,
)
from bot.blocks.data_table import (
    MOST_ROWS,
    PLAIN_ROWS,
    DataTable,
    call_options,
    call_table,
    legend,
    pending,
)
from bot.blocks.notice_messages import Example, example_buttons
from bot.blocks.report_message import change_words
from bot.blocks.text import capital, code, escape, link, note_line, number, plural, started, title
from bot.model import CallIds, Conversation, Message
from bot.report.measures import MEASURES

FILE_FOLLOWS = "The CSV follows"
FILE_CANCELLED = "CSV cancelled. Press CSV to start again."
_CHOSEN = 3
"""Chosen columns that the table has room for; the CSV has all."""
_UNDECIDED = "whose source or direction ElevenLabs' list does not say"
_LOOKED_UP = "whose numbers are being looked up (ask again soon)"
_SUGGESTION = "Nothing matches. Try a longer time, or leave out a filter."
_ON_THE_SPOT = frozenset({act.OPEN_CALL, act.REFRESH, act.FILTERS, act.SHARE})
_ON_NOTHING = frozenset({act.FILTERS, act.REFRESH, act.SHOW_API, act.SAVE, act.TELL_ME})
"""What works when no call answers the question."""


class Omissions(msgspec.Struct, frozen=True, kw_only=True):
    unplaced: int = 0
    """Sent without an id or a start time: missing from list and file."""
    hidden: int = 0
    """Listed, but the API key may not open them: without call ids."""
    undecided: int = 0
    """Left out because the list says neither source nor direction of them, and the question asks for it."""
    without_value: int = 0
    """Last in the order that was asked for, because they do not say the number that it goes by."""
    ranked_by: str = ""
    unread: int = 0
    """Phone calls that may be of the number asked for: nobody has looked at them yet."""

    @property
    def words(self) -> tuple[str, ...]:
        said = (
            (
                self.unplaced,
                "Missing: {} that ElevenLabs sent without an id or a start time (its dashboard has them)",
            ),
            (self.hidden, "Not opened: {} hidden from the API key (a key that may see all opens them)"),
            (
                self.undecided,
                f"Left out: {{}} {_UNDECIDED} (the CSV of all calls has them, and their call ids)",
            ),
            (self.without_value, f"Last: {{}} without a {self.ranked_by}"),
            (
                self.unread,
                f"Not looked at yet: {plural(self.unread, 'phone call')} of that time, {_LOOKED_UP}",
            ),
        )
        return tuple(words.format(plural(count, "call")) for count, words in said if count)


NO_OMISSIONS = Omissions()


class Beside(msgspec.Struct, frozen=True):
    """Numbers of calls that a count is looked at beside; None for what was not counted."""

    of: int | None = None
    """All calls of the same time, where a filter narrows it."""
    before: int | None = None
    """The same calls in the time before, where how many was asked."""


NOTHING_BESIDE = Beside()


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """No file came: one sentence with the reason and a next step, and an id to ask about."""

    words: str
    reference: str | None = None
    retry: bool = False
    """Whether asking again may help without anybody changing anything."""
    midway: bool = False
    """Whether reading stopped before the last row, so that the list itself is partial."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an answer, kept with its question so that any process can redraw its message."""

    total: int
    final: bool
    """Whether `total` is exact; otherwise there are at least as many."""
    as_of: float
    """Unix time at which the oldest part of it was read."""
    beside: Beside = NOTHING_BESIDE
    file_rows: int | None = None
    """Rows of the file; None when there is no file."""
    file_url: str | None = None
    """Where Slack shows it, if it said so."""
    filed_as_of: float = 0
    earlier: str = ""
    """The earlier question that the message showed, in words, whose file is in the thread."""
    ids_failed: int = 0
    without_ids: bool = False
    """The asker did not want to wait for the call ids."""
    elsewhere: str | None = None
    """Where the file is when not in the thread: words after "CSV", such as "in your direct messages"."""
    failed: Failed | None = None
    omissions: Omissions = msgspec.field(default=NO_OMISSIONS, name="lacking")
    """`lacking` in the database."""

    @property
    def file_is_current(self) -> bool:
        """Whether there is a file, and nothing was read anew since."""
        return self.file_rows is not None and self.filed_as_of >= self.as_of

    def beside_words(self) -> list[str]:
        """Say which part of all calls of that time it is, and how it changed, as far as that is known."""
        of, before = self.beside.of, self.beside.before
        words = []
        if self.final and of and self.total <= of:
            part = round(100 * self.total / of)
            few = "under 1" if self.total and not part else str(part)
            words.append(f"{few}% of {number(of)} in that time")
        if self.final and before is not None:
            how_many = f" ({number(before)} in the time before)" if before else ""
            words.append(change_words(MEASURES["calls"], self.total, before) + how_many)
        return words

    def file_words(self, first: str = "newest") -> str:
        """Say in markup what became of the file; `first` names the rows that it holds when not all."""
        if self.failed is not None:
            reference = self.failed.reference
            words = escape(self.failed.words, 600)
            return f"{words} Reference {code(reference, 80)}" if reference else words
        if self.file_rows is None:
            return ""
        words = plural(self.file_rows, "row")
        if self.file_rows < self.total:
            least = "" if self.final else "at least "
            words = f"{number(self.file_rows)} of {least}{plural(self.total, 'row')}"
        if self.file_rows < self.total or not self.final:
            words = f"the {escape(first)} {words}"
        words = f"CSV {escape(self.elsewhere, 200) if self.elsewhere else 'in the thread'}: {words}"
        words += ", without call ids" if self.without_ids else ""
        return words + (
            f" ({plural(self.ids_failed, 'call id')} could not be read)" if self.ids_failed else ""
        )


@dataclass(frozen=True, slots=True)
class ReadSoFar:
    """How far it is while calls are still being counted."""

    rows: int = 0
    expected: int | None = None
    """An estimate of the rows to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView(Drawing):
    sentence: str
    """The restated question, plain text."""
    counting: bool = False
    """The question was "how many": the count stands first, large."""
    first: str = "newest"
    """Which rows of all these are: newest, oldest."""
    constant: frozenset[str] = frozenset()
    """Columns that say the same in every row, as the question wants it: they are left out."""
    chosen: Sequence[str] = ()
    """Columns besides the usual ones, as `chosen_value` reads them."""
    wider: Sequence[Example] = ()
    """Questions that ask for more, where nothing matches."""
    rows: Sequence[Conversation]
    """The first rows in the question's order; as many are shown as a table takes."""
    ids: Mapping[str, CallIds]
    """Call ids by conversation_id; a row without an entry counts as not asked."""
    outcome: Outcome
    reading: ReadSoFar | None = None
    """None once reading has ended."""
    file: str = ""
    """How far the file is, markup; "" to say what became of it."""
    actions: frozenset[str] = frozenset()
    """What may be offered, of `actions`; nothing else is shown."""

    @property
    def empty(self) -> bool:
        """Whether nothing matches. No rows yet, while pages are still being read, is not nothing."""
        return not self.rows and self.reading is None and self.outcome.final and not self.outcome.total

    @property
    def calls(self) -> int:
        return min(len(self.rows), MOST_ROWS)

    def message(self, now: float) -> Message:
        if self.empty:
            return empty_message(self, now)
        table, heading = self.table(now)
        none = "No calls found." if self.reading is None else "None found yet, still looking."
        question, count = escape(capital(self.sentence), 900), self.count_words()
        first = f"{capital(count)}: {question}" if self.counting else f"{question}: {count}"
        file, notes = self.file or self.outcome.file_words(self.first), self.note_words()
        top = [
            *heading,
            *shared_by(self.shared_by, self.shared_note),
            *([context(notes)] if notes else []),
            *([] if self.rows else [section(none)]),
        ]
        usual = (act.OPEN_CALL, act.FILTERS, act.CSV, act.SHARE, act.SAVE, act.TELL_ME, act.RETRY, act.MORE)
        bottom = [*legend(self.rows, self.ids), *self.offers(now, *usual)]
        if file:
            there = not self.file and self.outcome.failed is None
            bottom.append(section(file) if there else context(file))
            bottom += self.offers(now, act.WITHOUT_IDS, act.CANCEL, act.SEND_ALL)
        as_of = f"as of {started(self.outcome.as_of, self.tz, now)}"
        text = "\n".join([f"{first}, {as_of}", *([file] if file else []), *table.lines()])
        return message(text, *([*top, *form, *bottom] for form in table.forms()))

    def table(self, now: float) -> tuple[DataTable, list[Block]]:
        """Return its rows as a table, and what stands over them, which notifications show."""
        chosen, as_of = self.chosen[:_CHOSEN], f"as of {started(self.outcome.as_of, self.tz, now)}"
        table = call_table(self.rows, self.ids, self.tz, now, constant=self.constant, chosen=chosen)
        count, shown = capital(self.count_words()), len(table.rows)
        parts = [] if self.counting else [f"*{count}*"]
        if self.reading is None:
            parts += self.outcome.beside_words()
            parts += [f"the {self.first} {number(shown)} shown"] if 0 < shown < self.outcome.total else []
        words = section(f"{title(self.sentence)}\n{' · '.join([*parts, as_of])}")
        return table, [header(count), words] if self.counting else [words]

    def offers(self, now: float, *names: str) -> list[Block]:
        """Make a row of those of these buttons and menus that may be offered."""
        menu = None
        if act.OPEN_CALL in self.actions and act.OPEN_CALL in names:
            menu = select("Open a call", act.OPEN_CALL, call_options(self.rows, self.tz, now))
        return actions(menu, *offers(self.actions - {act.OPEN_CALL}, Pointer(self.question_id), *names))

    def count_words(self) -> str:
        """Say how many calls there are: as far as is known, and while reading, how far that is."""
        calls, reading = plural(self.outcome.total, "call"), self.reading
        if reading is None:
            return calls if self.outcome.final else f"at least {calls}"
        expected = reading.expected or 0
        of = f" of about {number(expected)}" if expected > reading.rows else ""
        if reading.rows > self.outcome.total:
            of = f" {number(reading.rows)}{of} read"
        return f"{calls} so far,{of}" if of else f"{calls} so far"

    def note_words(self) -> str:
        earlier = self.outcome.earlier
        before = [f"A CSV in the thread is of the question that stood here before: {earlier}"]
        return note_line([*self.outcome.omissions.words, *self.notes, *(before if earlier else [])])


def glance_message(
    view: ListView, now: float, *, permalink: str | None = None, file_follows: bool = True
) -> Message:
    """Show the newest calls on the spot, complete as it stands: it cannot be edited later.

    `permalink` is the address of the full answer; a CSV comes there when `file_follows`.
    """
    if view.empty:
        return empty_message(view, now)
    # What was found stays true where it is not said again: nobody counts there for ever.
    none = "None found yet, still looking: what is found comes with the full answer."
    if view.outcome.final and view.reading is None:
        none = "No calls found."
    view = replace(view, rows=view.rows[:PLAIN_ROWS], reading=None, actions=_ON_THE_SPOT)
    (table, heading), notes = view.table(now), view.note_words()
    where = link(permalink, "in your direct messages") if permalink else "in your direct messages"
    full = f"The full answer{' and the CSV are' if file_follows else ' is'} {where}."
    again = [act.REFRESH] if pending(view.rows, view.ids) else []
    menu = view.offers(now, act.OPEN_CALL, *again, act.FILTERS, act.SHARE)
    if menu and view.question_id and value_of(Pointer(view.question_id)) is not None:
        menu[0]["block_id"] = view.question_id  # all that a press on such a message tells of it
    top = [*heading, *([] if view.rows else [section(none)])]
    bottom = [*legend(view.rows, view.ids), context(full + (f" {notes}" if notes else "")), *menu]
    text = "\n".join([f"{escape(capital(view.sentence), 900)}: {view.count_words()}", full, *table.lines()])
    return message(text, *([*top, *form, *bottom] for form in table.forms()))


def file_there_message(url: str | None) -> Message:
    """Point to the CSV that was sent already."""
    where = link(url, "The CSV is there already") if url else "The CSV is there already"
    return message(f"{where}. Refresh, then CSV, makes a newer one.", [])


def empty_message(view: ListView, now: float) -> Message:
    view, notes = replace(view, actions=_ON_NOTHING), view.note_words()
    as_of = f"as of {started(view.outcome.as_of, view.tz, now)}"
    return message(
        f"{escape(capital(view.sentence), 900)}: no calls found. {_SUGGESTION}",
        [
            *([header("0 calls")] if view.counting else []),
            section(f"{title(view.sentence)}\n*No calls found* · {as_of}"),
            section(_SUGGESTION),
            *([context(notes)] if notes else []),
            *example_buttons(view.wider),
            *view.offers(now, act.FILTERS, act.SAVE, act.TELL_ME, act.MORE),
        ],
    )
