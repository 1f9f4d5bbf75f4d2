"""What the list of a question shows at first and at last, what it is called, and what is offered on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.answers.answer import Answer
from bot.answers.ports import Posted
from bot.answers.question.matching_rows import MOST_RANKED, NOT_FILTERS
from bot.blocks import actions as act
from bot.blocks.data_table import AGENT, ENDED, RESULT
from bot.blocks.list_message import FILE_FOLLOWS, ListView, Outcome, ReadSoFar
from bot.blocks.notice_messages import Example
from bot.blocks.text import plural
from bot.csv_export import filename
from bot.model import CallIds, Conversation
from bot.query import Query
from bot.query.filters import FILTERS
from bot.query.filters.order_and_limit import said_first
from bot.query.follow_ups import say
from bot.query.values import Choice
from bot.store.questions import Question

AT_ONCE = frozenset({act.OPEN_CALL, act.FILTERS})
"""What works before anything else is known."""
_ALWAYS = AT_ONCE | {act.CSV, act.REFRESH, act.SHARE, act.SHOW_API, act.SAVE, act.TELL_ME}
_ORDER = ", newest first"
_NOUN = re.compile(r"\b(?:call|conversation)(?=s?\b)")
_VERDICTS = frozenset({"success", "failure"})
"""What is unknown may be under way, which the table tells apart."""
_MOST_WIDER = 4
_DAYS = 30
_TYPED_FREELY = tuple(each.key for each in FILTERS if each.free_text)
"""Names and telephone numbers may be in it, and a file's name goes wherever the file goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a question is to be answered."""

    refresh: bool = False
    """Whether rows are read anew, whatever is remembered."""
    notes: tuple[str, ...] = ()
    """What is to be said beside the answer, plain words."""
    place: Posted | None = None
    """The message that is to show it; None for a new one."""
    earlier: str = ""
    """The question whose CSV stands in the thread of `place`, in words."""
    file: bool | None = None
    """Whether its file comes at once; None: as usual, of a list and not of numbers."""
    whole: bool = False
    """Whether the file takes no notice of EXPORT_ROWS."""


def first_view(
    question: Question,
    query: Query,
    rows: Sequence[Conversation],
    outcome: Outcome,
    *,
    ids: Mapping[str, CallIds],
    reading: ReadSoFar | None = None,
) -> ListView:
    """Return a list as it is shown before anything but its first rows is known."""
    agent, result, ended = ((query.value(key) or Choice()).single for key in ("agent", "result", "ended"))
    constant = {AGENT: agent is not None, RESULT: result in _VERDICTS, ENDED: ended is not None}
    zone = ZoneInfo(question.tz)
    return ListView(
        sentence=heading(query),
        question_id=question.question_id,
        tz=zone,
        counting=query.counting,
        first=said_first(query.order),
        constant=frozenset(name for name, said_by_all in constant.items() if said_by_all),
        chosen=query.columns,
        wider=() if rows else wider_questions(query, datetime.fromtimestamp(outcome.as_of, zone)),
        rows=rows,
        ids=ids,
        outcome=outcome,
        reading=reading,
        file=FILE_FOLLOWS,
        actions=AT_ONCE,
        shared_note=question.note or "",
    )


def settled(view: ListView, outcome: Outcome, query: Query) -> ListView:
    """Return the same, once everything is known: what can be offered then depends on it."""
    failed, total, offers, notes = outcome.failed, outcome.total, set(_ALWAYS), view.notes
    if failed is not None and failed.retry:
        offers = offers - ({act.CSV} if failed.midway else set()) | {act.RETRY}
    most = total if query.ranking is None else min(MOST_RANKED, total)
    if outcome.file_rows is not None and (not outcome.final or outcome.file_rows < most):
        offers.add(act.SEND_ALL)
    if failed is not None and failed.midway:
        found = f"after {plural(total, 'call')}, there may be more"
        none = "before a call was found, there may be some"
        notes = (f"Partial: reading stopped {found if total else none}", *notes)
    return replace(view, outcome=outcome, reading=None, file="", actions=frozenset(offers), notes=notes)


def introduction(answer: Answer) -> tuple[tuple[str, ...], str | None]:
    """Return why something is shown when nobody asked just now, and who posts it for all to see.

    That is "" for a schedule, which mentions nobody, and None for a private answer.
    """
    request = answer.request
    if request.sharing is not None:
        return (), answer.address.user_id
    if request.scheduled is None:
        return (), None
    why = request.scheduled.why_now(answer.services.clock(), answer.question.tz)
    return why, None if request.address.private else ""


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
