"""How many calls there are, and how far the CSV is: the values, and their words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from bot.blocks.text import code, escape, number, plural


class CountState(Enum):
    """How certain a count is."""

    FINAL = "final"
    """All of them: "1,234 calls"."""
    COUNTING = "counting"
    """The API has more, still reading: "at least 100 calls, counting…"."""
    SO_FAR = "so far"
    """Filtered here while reading, nothing can be said about the rest: "42 calls so far"."""
    AT_LEAST = "at least"
    """Reading has stopped before the end: "at least 12,345 calls"."""


WORKING = frozenset({CountState.COUNTING, CountState.SO_FAR})
"""While rows are still being read."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many conversations answer the question."""

    number: int
    state: CountState = CountState.FINAL
    noun: str = "call"
    """What is counted, one of them."""

    def settled(self) -> Count:
        """Return a count that stays true where it is not said again: nobody counts there for ever."""
        return replace(self, state=CountState.AT_LEAST) if self.state in WORKING else self

    def words(self) -> str:
        """Say it."""
        calls = plural(self.number, self.noun)
        match self.state:
            case CountState.FINAL:
                return calls
            case CountState.COUNTING:
                return f"at least {calls}, counting…"
            case CountState.SO_FAR:
                return f"{calls} so far"
            case CountState.AT_LEAST:
                return f"at least {calls}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """The file waits for others' files."""

    behind: int


@dataclass(frozen=True, slots=True)
class Preparing:
    """Rows are being read; `expected` is an estimate."""

    seen: int
    expected: int | None = None
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
            return f"Uploading the CSV: {plural(rows, 'row')}"
        case _:
            return f"Preparing the CSV: {_preparing(state)}"


def _preparing(state: Waiting | Preparing | FindingIds) -> str:
    match state:
        case Waiting(behind):
            return f"waiting behind {number(behind)}"
        case FindingIds(done, total):
            return f"call ids {number(done)} of {number(total)}"
        case Preparing(seen, expected, ids):
            rows = plural(seen, "row")
            if expected is not None and expected > seen:
                rows = f"{number(seen)} of about {plural(expected, 'row')}"
            return rows if ids is None else f"{rows}, {plural(ids, 'call id')} so far"


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
