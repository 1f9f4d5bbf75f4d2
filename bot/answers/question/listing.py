"""The list message of a question: its heading, rows, count and file, and what it offers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.answers.question.matching_rows import MOST_RANKED
from bot.answers.question.outcome import NO_OMISSIONS, Omissions, Outcome, outcome_of
from bot.blocks import actions as act
from bot.blocks.call_table import AGENT, ENDED, RESULT
from bot.blocks.file_progress import Count, CountState, FileState
from bot.blocks.help_message import Example
from bot.blocks.list_message import ListView, empty_message, list_message
from bot.csv_export import filename
from bot.model import CallIds, Conversation, Message
from bot.query import Query
from bot.query.filters import FILTERS
from bot.query.filters.order_and_limit import said_first
from bot.query.follow_ups import say
from bot.query.report_question import SHAPE
from bot.query.values import Agents, Choice
from bot.store.questions import Question

AT_ONCE = frozenset({act.OPEN_CALL, act.FILTERS})
"""What works before anything else is known."""
WHILE_WORKING = AT_ONCE | {act.CANCEL, act.WITHOUT_IDS}
ALWAYS = frozenset(
    {act.CSV, act.FILTERS, act.REFRESH, act.SHARE, act.SHOW_API, act.OPEN_CALL, act.SAVE, act.TELL_ME}
)
ON_NOTHING = frozenset({act.FILTERS, act.REFRESH, act.SHOW_API, act.SAVE})
"""What works when no call answers the question."""
_ORDER = ", newest first"
_NOUN = re.compile(r"\b(?:call|conversation)(?=s?\b)")
_VERDICTS = frozenset({"success", "failure"})
"""What is unknown may be under way, which the table tells apart."""
_MOST_WIDER = 4
_DAYS = 30
_SHAPE = frozenset({*SHAPE, "columns", "count", "sort", "limit", "time"})
"""What does not keep calls out, and time, which is widened apart."""


def heading(query: Query) -> str:
    """Return what stands over a list: "failed calls today, newest first".

    Over a number it names what was counted: "2 calls", then "calls on Thursday".
    """
    if not query.counting:
        return query.sentence()
    before, _order, after = query.with_counting(counting=False).sentence().rpartition(_ORDER)
    return _NOUN.sub("call", before + after, count=1)


_TYPED_FREELY = tuple(each.key for each in FILTERS if each.free_text)
"""Names and telephone numbers may be in it, and a file's name goes wherever the file goes."""


def list_filename(query: Query, asked: date) -> str:
    """Name a file after which calls it holds, and of which days; what people typed freely is not in it."""
    which = query.with_counting(counting=False).without("time", "columns", *_TYPED_FREELY)
    return filename(which.subject().removeprefix("all "), query.since, query.until, asked)


def constant_columns(query: Query) -> frozenset[str]:
    """Return the columns of a list that say the same in every row, because the question wants it."""
    agents, result, ended = (query.value(key) for key in ("agent", "result", "ended"))
    found = {
        AGENT: isinstance(agents, Agents) and len(agents.include) == 1,
        RESULT: isinstance(result, Choice) and result.single in _VERDICTS,
        ENDED: isinstance(ended, Choice) and ended.single is not None,
    }
    return frozenset(name for name, constant in found.items() if constant)


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
    offers: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    shared_by: str | None = None
    """Who posted it for all to see; "" for a schedule, which mentions nobody; None for a private answer."""
    remembered: bool = False
    """Whether the rows are what was known before ElevenLabs stopped answering."""
    omissions: Omissions = NO_OMISSIONS
    earlier: str = ""
    """The earlier question whose file is in the thread, in words."""

    @property
    def empty(self) -> bool:
        """Whether nothing matches. No rows yet, while pages are still being read, is not nothing."""
        return not self.rows and self.count == Count(0)

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
            counting=self.query.counting,
            first=said_first(self.query.order),
            constant=constant_columns(self.query),
            chosen=self.query.columns,
            file=self.file,
            notes=(*self.omissions.words, *self.notes, *self._earlier),
            shared_by=self.shared_by,
            shared_note=self.question.note or "",
        )

    @property
    def _earlier(self) -> tuple[str, ...]:
        said = f"A CSV in the thread is of the question that stood here before: {self.earlier}"
        return (said,) if self.earlier else ()

    def message(self, now: float) -> Message:
        """Draw it; when nothing matches, with what would find more."""
        if self.empty:
            today = datetime.fromtimestamp(now, ZoneInfo(self.question.tz))
            return empty_message(self.view(now), wider_questions(self.query, today))
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
            omissions=outcome.omissions,
            earlier=outcome.earlier,
            offers=offers(self.query, outcome),
        )


def offers(query: Query, outcome: Outcome) -> frozenset[str]:
    """Return what works on a finished list message."""
    found = set(ALWAYS)
    if outcome.failed is not None and outcome.failed.retry:
        found.add(act.RETRY)
        if outcome.failed.midway:
            found.discard(act.CSV)
    most = MOST_RANKED if query.ranking is not None else outcome.total
    if outcome.file_rows is not None and (not outcome.final or outcome.file_rows < min(most, outcome.total)):
        found.add(act.SEND_ALL)
    return frozenset(found)


def no_fewer(count: Count, question: Question) -> Count:
    """Return a count that goes on, not back to the start, from what an earlier reading has counted."""
    if count.state is CountState.FINAL or question.outcome is None:
        return count
    return replace(count, number=max(count.number, outcome_of(question).total))


def wider_questions(query: Query, now: datetime) -> list[Example]:
    """Return questions that find what this one finds and more: a longer time first, then a filter less."""
    found: list[Example] = []
    month = (now - timedelta(days=_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    if query.value("time") is not None:
        since, until = query.since, query.until
        if since is not None and since > month:
            longer = query.with_time(month, until)
            if until is not None and until > now - timedelta(days=1):
                longer = query.with_time(month, None)
            words = "The last 30 days" if longer.until is None else "From 30 days ago on"
            found.append(_example(words, longer))
        found.append(_example("Any time", query.without("time")))
    for key, value in query.conditions:
        if key not in _SHAPE:
            found.append(_example(f"Without “{say(key, value)}”", query.without(key)))
    return found[:_MOST_WIDER]


def _example(words: str, query: Query) -> Example:
    # "calls" is a word that asks for nothing by itself: text that is empty would ask for help.
    return Example(words, "", asks=query.canonical() or "all calls")
