"""How many calls there are, and how far the CSV is: the values, and their words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from bot.blocks.report_words import difference_words
from bot.blocks.text import code, escape, number, plural
from bot.report.difference import difference
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
            change = difference(MEASURES["calls"], self.number, before)
            how_many = f" ({number(before)} in the time before)" if before else ""
            words.append(difference_words(change) + how_many)
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
        case Sent():
            return _sent(state)
        case Cancelled():
            return "CSV cancelled. Press CSV to start again."
        case FileFailed(words, reference):
            return escape(words, 600) + (f" Reference {code(reference, 80)}" if reference else "")
        case Uploading(rows):
            return f"Sending the CSV: {plural(rows, 'row')}"
        case _:
            return _to_come(state)


def _to_come(state: Waiting | Preparing | FindingIds) -> str:
    match state:
        case Waiting(behind):
            return f"The CSV waits behind {number(behind)}"
        case FindingIds(done, total):
            return f"The CSV follows: call ids {number(done)} of {number(total)}"
        case Preparing(ids):
            return "The CSV follows" if ids is None else f"The CSV follows: {plural(ids, 'call id')} so far"


def _sent(state: Sent) -> str:
    where = escape(state.elsewhere, 200) if state.elsewhere else "in the thread"
    what = plural(state.rows, "row")
    if not state.whole:
        end = escape(state.first)
        what = f"the {end} {plural(state.rows, 'row')}"
        if state.of is not None and state.of > state.rows:
            total = plural(state.of, "row")
            what = f"the {end} {number(state.rows)} of {total if state.exact else f'at least {total}'}"
    words = f"CSV {where}: {what}"
    if state.without_ids:
        words += ", without call ids"
    if state.ids_failed:
        words += f" ({plural(state.ids_failed, 'call id')} could not be read)"
    return words
