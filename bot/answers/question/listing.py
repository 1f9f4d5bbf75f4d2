"""The list message of a question: what is on it, what came of the question, and what is offered then."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from bot.answers.answer import Answer
from bot.answers.question.matching_rows import MOST_RANKED, NO_OMISSIONS, NOT_FILTERS, Omissions, Outcome
from bot.blocks import actions as act
from bot.blocks.data_table import AGENT, ENDED, RESULT
from bot.blocks.list_message import (
    Count,
    FileState,
    ListView,
    Preparing,
    empty_message,
    glance_message,
    list_message,
)
from bot.blocks.notice_messages import Example
from bot.blocks.text import plural
from bot.csv_export import filename
from bot.model import CallIds, Conversation, Message
from bot.query import Query
from bot.query.filters import FILTERS
from bot.query.filters.order_and_limit import said_first
from bot.query.follow_ups import say
from bot.query.values import Choice
from bot.store.questions import Question

AT_ONCE = frozenset({act.OPEN_CALL, act.FILTERS})
"""What works before anything else is known."""
WHILE_WORKING = AT_ONCE | {act.CANCEL}
ALWAYS = frozenset(
    {act.CSV, act.FILTERS, act.REFRESH, act.SHARE, act.SHOW_API, act.OPEN_CALL, act.SAVE, act.TELL_ME}
)
ON_NOTHING = frozenset({act.FILTERS, act.REFRESH, act.SHOW_API, act.SAVE, act.TELL_ME})
"""What works when no call answers the question."""
ON_THE_SPOT = frozenset({act.OPEN_CALL, act.REFRESH, act.FILTERS, act.SHARE})
"""What works on a glance."""
_ORDER = ", newest first"
_NOUN = re.compile(r"\b(?:call|conversation)(?=s?\b)")
_VERDICTS = frozenset({"success", "failure"})
"""What is unknown may be under way, which the table tells apart."""
_MOST_WIDER = 4
_DAYS = 30
_TYPED_FREELY = tuple(each.key for each in FILTERS if each.free_text)
"""Names and telephone numbers may be in it, and a file's name goes wherever the file goes."""


@dataclass(frozen=True, slots=True)
class OnScreen:
    """What a message shows of a question: one state of its list or of its report."""

    question: Question
    query: Query
    _: KW_ONLY
    notes: tuple[str, ...] = ()
    shared_by: str | None = None
    """Who posted it for all to see; "" for a schedule, which mentions nobody; None for a private answer."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing on it, and nothing comes. A report on no calls says so: an answer."""
        return False

    def message(self, now: float) -> Message:
        """Draw it."""
        raise NotImplementedError

    def introduced(self, answer: Answer) -> Self:
        """Say who shared it, or why it is shown when nobody asked just now."""
        request = answer.request
        if request.sharing is not None:
            return replace(self, shared_by=request.address.user_id)
        if request.scheduled is None:
            return self
        why = request.scheduled.why_now(answer.services.clock(), self.question.tz)
        return replace(self, notes=(*why, *self.notes), shared_by=None if request.address.private else "")


@dataclass(frozen=True, slots=True)
class Listing(OnScreen):
    """A list: at first as it is shown before anything but its first rows is known."""

    rows: Sequence[Conversation]
    ids: Mapping[str, CallIds]
    count: Count
    as_of: float
    _: KW_ONLY
    file: FileState | None = field(default_factory=Preparing)
    offers: frozenset[str] = AT_ONCE
    remembered: bool = False
    """Whether the rows are what was known before ElevenLabs stopped answering."""
    omissions: Omissions = NO_OMISSIONS
    earlier: str = ""
    """The earlier question whose file is in the thread, in words."""

    @property
    def empty(self) -> bool:
        """Whether nothing matches. No rows yet, while pages are still being read, is not nothing."""
        return not self.rows and self.count == Count(0)

    def _view(self, now: float) -> ListView:
        query, said = (
            self.query,
            f"A CSV in the thread is of the question that stood here before: {self.earlier}",
        )
        agent, result, ended = ((query.value(key) or Choice()).single for key in ("agent", "result", "ended"))
        constant = {
            AGENT: agent is not None,
            RESULT: result in _VERDICTS,
            ENDED: ended is not None,
        }
        return ListView(
            sentence=heading(query),
            rows=self.rows,
            ids=self.ids,
            count=self.count,
            tz=ZoneInfo(self.question.tz),
            now=now,
            as_of=self.as_of,
            question_id=self.question.question_id,
            actions=ON_NOTHING if self.empty else self.offers,
            counting=query.counting,
            first=said_first(query.order),
            constant=frozenset(name for name, said_by_all in constant.items() if said_by_all),
            chosen=query.columns,
            file=self.file,
            notes=(*self.omissions.words, *self.notes, *([said] if self.earlier else [])),
            shared_by=self.shared_by,
            shared_note=self.question.note or "",
        )

    def message(self, now: float) -> Message:
        """Draw it; when nothing matches, with what would find more."""
        if self.empty:
            today = datetime.fromtimestamp(now, ZoneInfo(self.question.tz))
            return empty_message(self._view(now), wider_questions(self.query, today))
        return list_message(self._view(now))

    def glance(self, now: float, link: str | None, *, filed: bool) -> Message:
        """Draw what a command shows on the spot; it offers what works on it."""
        if self.empty:
            return self.message(now)
        notes = (*self.omissions.words, *(self.notes if self.remembered else ()))
        view = replace(self._view(now), actions=ON_THE_SPOT, notes=notes)
        return glance_message(view, permalink=link, file_follows=filed and not self.remembered)

    def settled(self, outcome: Outcome, *, as_of: float | None = None) -> Listing:
        """Return the same, once everything is known: what can be offered then depends on it.

        `as_of` is how fresh the rows shown are, when they were read at another time than the whole.
        """
        failed, total, offers, partial = outcome.failed, outcome.total, set(ALWAYS), list[str]()
        if failed is not None and failed.retry:
            offers = offers - ({act.CSV} if failed.midway else set()) | {act.RETRY}
        most = total if self.query.ranking is None else min(MOST_RANKED, total)
        if outcome.file_rows is not None and (not outcome.final or outcome.file_rows < most):
            offers.add(act.SEND_ALL)
        if failed is not None and failed.midway:
            found = f"after {plural(total, 'call')}, there may be more"
            none = "before a call was found, there may be some"
            partial.append(f"Partial: reading stopped {found if total else none}")
        return replace(
            self,
            count=outcome.count,
            as_of=outcome.as_of if as_of is None else as_of,
            file=outcome.file(self.query),
            notes=(*partial, *self.notes),
            omissions=outcome.omissions,
            earlier=outcome.earlier,
            offers=frozenset(offers),
        )


def heading(query: Query) -> str:
    """Return what stands over a list: "failed calls today, newest first".

    Over a number it names what was counted: "2 calls", then "calls on Thursday".
    """
    if not query.counting:
        return query.sentence()
    before, _order, after = query.without("count").sentence().rpartition(_ORDER)
    return _NOUN.sub("call", before + after, count=1)


def list_filename(query: Query, asked: date) -> str:
    """Name a file after which calls it holds, and of which days; what people typed freely is not in it."""
    which = query.without("count").without("time", "columns", *_TYPED_FREELY)
    return filename(which.subject().removeprefix("all "), query.since, query.until, asked)


def wider_questions(query: Query, now: datetime) -> list[Example]:
    """Return questions that find what this one finds and more: a longer time first, then a filter less."""
    found: list[tuple[str, Query]] = []
    month = (now - timedelta(days=_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    if query.value("time") is not None:
        since, until = query.since, query.until
        if since is not None and since > month:
            recent = until is None or until > now - timedelta(days=1)
            words = "The last 30 days" if recent else "From 30 days ago on"
            found.append((words, query.with_time(month, None if recent else until)))
        found.append(("Any time", query.without("time")))
    for key, value in query.conditions:
        if key not in NOT_FILTERS:
            found.append((f"Without “{say(key, value)}”", query.without(key)))
    # "calls" is a word that asks for nothing by itself: text that is empty would ask for help.
    return [Example(words, asks=wider.canonical() or "all calls") for words, wider in found[:_MOST_WIDER]]
