"""The list message of a question: its rows, what is known of their number and file, what it offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from bot.answers.headings import heading
from bot.answers.lacking import NOTHING, Lacking
from bot.answers.ports import Posted, is_direct_message
from bot.answers.wider import wider
from bot.blocks import actions as act
from bot.blocks.actions import Anchor
from bot.blocks.call_table import PAGE
from bot.blocks.file_progress import Count, CountState, FileFailed, FileState, Sent
from bot.blocks.list_message import ListView, empty_message, list_message
from bot.blocks.text import plural
from bot.model import CallIds, Conversation, Message
from bot.query import Query, parse
from bot.store.questions import Question

AT_ONCE = frozenset({act.OPEN_CALL, act.FILTERS})
"""What works before anything else is known."""
WHILE_WORKING = AT_ONCE | {act.CANCEL, act.WITHOUT_IDS}
ALWAYS = frozenset({act.CSV, act.FILTERS, act.REFRESH, act.SHOW_API, act.OPEN_CALL, act.SAVE})
ON_NOTHING = frozenset({act.FILTERS, act.REFRESH, act.SHOW_API, act.SAVE})
"""What works when no call answers the question."""


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """Why a question has no file."""

    words: str
    reference: str | None = None
    retry: bool = False
    """Whether asking again may help without anybody changing anything."""
    midway: bool = False
    """Whether reading stopped before the last row, so that the list itself is partial."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a question, kept with it so that any process can redraw its message."""

    total: int
    final: bool
    """Whether `total` is exact; otherwise there are at least as many."""
    as_of: float
    file_rows: int | None = None
    """Rows of the file; None when there is no file."""
    ids_failed: int = 0
    without_ids: bool = False
    elsewhere: str | None = None
    failed: Failed | None = None
    lacking: Lacking = NOTHING
    kept_private: bool = False
    """Whether others than the workspace read where it was asked, so that it cannot be shared there."""

    @property
    def count(self) -> Count:
        """The count as the message shows it."""
        return Count(self.total, CountState.FINAL if self.final else CountState.AT_LEAST)

    def file(self, query: Query) -> FileState | None:
        """Return the file's line."""
        if self.failed is not None:
            return FileFailed(self.failed.words, self.failed.reference)
        if self.file_rows is None:
            return None
        return Sent(
            rows=self.file_rows,
            whole=self.final and self.file_rows >= self.total,
            of=self.total,
            exact=self.final,
            oldest_first=query.oldest_first,
            ids_failed=self.ids_failed,
            without_ids=self.without_ids,
            elsewhere=self.elsewhere,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be said about the list itself."""
        if self.failed is None or not self.failed.midway:
            return ()
        if not self.total:
            return ("Partial: reading stopped before a call was found, there may be some",)
        return (f"Partial: reading stopped after {plural(self.total, 'call')}, there may be more",)


@dataclass(frozen=True, slots=True)
class Listing:
    """One state of one list message."""

    question: Question
    query: Query
    rows: Sequence[Conversation]
    ids: Mapping[str, CallIds]
    count: Count
    as_of: float
    file: FileState | None = None
    anchor: Anchor | None = None
    offers: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    shared_by: str | None = None
    remembered: bool = False
    """Whether the rows are what was known before ElevenLabs stopped answering."""
    lacking: Lacking = NOTHING

    @property
    def empty(self) -> bool:
        """Whether nothing matches. No rows yet, while pages are still being read, is not nothing."""
        return not self.rows and self.anchor is None and self.count == Count(0)

    def view(self, now: float) -> ListView:
        """Return what the message shows."""
        return ListView(
            sentence=heading(self.query),
            rows=self.rows,
            ids=self.ids,
            count=self.count,
            tz=ZoneInfo(self.question.tz),
            now=now,
            as_of=self.as_of,
            question_id=self.question.question_id,
            actions=ON_NOTHING if self.empty else self.offers,
            anchor=self.anchor,
            counting=self.query.counting,
            oldest_first=self.query.oldest_first,
            file=self.file,
            notes=(*self.lacking.words, *self.notes),
            share_to=self.question.channel_id,
            shared_by=self.shared_by,
        )

    def message(self, now: float) -> Message:
        """Draw it; when nothing matches, with what would find more."""
        if self.empty:
            today = datetime.fromtimestamp(now, ZoneInfo(self.question.tz))
            return empty_message(self.view(now), wider(self.query, today))
        return list_message(self.view(now))

    def settled(self, outcome: Outcome, *, as_of: float | None = None) -> Listing:
        """Return the same, once everything is known: what can be offered then depends on it.

        `as_of` is how fresh the rows shown are, when they were read at another time than the whole.
        """
        return replace(
            self,
            count=outcome.count,
            as_of=outcome.as_of if as_of is None else as_of,
            file=outcome.file(self.query),
            notes=(*outcome.notes, *self.notes),
            lacking=outcome.lacking,
            offers=offers(
                self.question,
                self.query,
                outcome,
                shown=len(self.rows),
                anchor=self.anchor,
                shared=self.shared_by is not None,
            ),
        )


def offers(
    question: Question, query: Query, outcome: Outcome, *, shown: int, anchor: Anchor | None, shared: bool
) -> frozenset[str]:
    """Return what works on a finished list message."""
    found = set(ALWAYS)
    onward, back = (act.NEWER, act.OLDER) if query.oldest_first else (act.OLDER, act.NEWER)
    if anchor is not None:
        found.add(back)
    if shown >= PAGE and (anchor is not None or not outcome.final or outcome.total > shown):
        found.add(onward)
    if can_be_shared(question) and not shared and not outcome.kept_private:
        found.add(act.SHARE)
    if outcome.failed is not None and outcome.failed.retry:
        found.add(act.RETRY)
        if outcome.failed.midway:
            found.discard(act.CSV)
    if outcome.file_rows is not None and (not outcome.final or outcome.file_rows < outcome.total):
        found.add(act.SEND_ALL)
    return frozenset(found)


def no_fewer(count: Count, question: Question) -> Count:
    """Return a count that goes on, not back to the start, from what an earlier reading has counted."""
    if count.state is CountState.FINAL or question.outcome is None:
        return count
    before = msgspec.json.decode(question.outcome, type=Outcome)
    return replace(count, number=max(count.number, before.total))


def as_asked(outcome: Outcome, question: Question, posted: Posted) -> Outcome:
    """Return the outcome with what is known, from this answer or one before, of where it was asked."""
    before = None if question.outcome is None else msgspec.json.decode(question.outcome, type=Outcome)
    private = posted.moved_because == "is_ext_shared" or (before is not None and before.kept_private)
    return msgspec.structs.replace(outcome, kept_private=private)


def can_be_shared(question: Question) -> bool:
    """Whether there is a channel in which it was asked; Home, modals and direct messages are none."""
    return bool(question.channel_id) and not is_direct_message(question.channel_id)


def query_of(question: Question, *, week_start: str) -> Query:
    """Read a stored question again; its text is canonical, so it means what it meant."""
    now = datetime.fromtimestamp(question.asked_at, ZoneInfo(question.tz))
    return parse(question.text, now=now, week_start=week_start).query
