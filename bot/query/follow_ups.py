"""Follow-ups: "only the failed ones", "and last month?", "just German" change the question before."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import cast

from bot.model import Agent
from bot.query.filters import BY_KEY
from bot.query.filters.order_limit_columns import said_first
from bot.query.parser import Parsed, command_of, finish, read
from bot.query.query import Draft, Query
from bot.query.report_question import before as span_before
from bot.query.time.settle import Constraint, settle
from bot.query.tokens import fold, word_set
from bot.query.values import SHAPE, Choice, Keys, Limit, Misread, Order, Span, Value, report_of
from bot.query.vocabulary import CALL_NOUNS, CLEARING

_STARTS = word_set("and or only just but without not also except instead same excluding by per as vs versus")
_STARTS_OF_SHORT = word_set("then now no any all")
_QUESTIONS = frozenset({("what", "about"), ("how", "about")})
_COMPARING = frozenset(
    {(verb, to) for verb in ("compare", "compared") for to in ("with", "to", "it", "that", "them")}
)
_THE_CALLS = frozenset(
    {"show the calls", "show me the calls", "list the calls", "the calls", "show calls", "show them"}
    | {"which", "which ones", "which calls", "which were they", "which are they", "which ones were they"}
)
_SHOW = "show the calls"
_TIME_BEFORE = re.compile(
    r"(?:(?:and|what about|how about) )*(?:the )?(?:(?:previous|prior|preceding) (day|week|month|time|period)"
    r"|(day|week|month|time) before(?: that| it)?)"
)
_LENGTHS = {"day": (0.9, 1.1), "week": (6.9, 7.1), "month": (27.9, 31.1)}
"""Days that a time has, so that “the week before” is the one before it: over a change of the clock, too."""
_MAX_SHORT = 4
_MAX_QUESTION = 6
"""Words of a follow-up that begins like a new question: longer ones ask anew."""
_NOUNS = CALL_NOUNS | {"chats", "sessions"}
_WITHIN = word_set("ones one those them these instead too either again")
_REPEATS = frozenset(
    {"again", "once more", "same again", "again please", "repeat", "and now", "now", "what about now"}
)
"""Words that ask the question before once more."""
_ADDING = word_set("also plus add include including")
"""Words by which a value comes to those before, instead of in their place; “too” and “as well” end a text."""
_LISTING = word_set("list show csv export file table send")
_FIRST_WORDS = 40
_OF_CALLS = CALL_NOUNS | {"them", "list", "rows"}
_JOINED = (Choice, Keys)
"""What “also” adds a value to."""
_TIME_ADDED = (
    "“Also” cannot add to the time of the question before: name the whole time, such as "
    "“yesterday and today”, or leave “also” out for the new one."
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(word.strip(",.;:?!\"'")) for word in text.split()[:_FIRST_WORDS])


def goes_on(text: str, *, in_thread: bool = False) -> bool:
    """Whether a text changes the question before ("and …", "only …", "… ones") rather than asks its own.

    In the thread of a list, words without a noun ("last month", "for Sales") refine it; "calls last month" is
    a question of its own, and so is "how many calls last month?". "Only the German calls" goes on anywhere.
    """
    words = _words(text)
    names_calls = not _NOUNS.isdisjoint(words)
    if not words or (names_calls and words[0] in {"how", *_STARTS_OF_SHORT}):
        return False
    if in_thread and not names_calls:
        return True
    within = not _WITHIN.isdisjoint(words)
    if words[0] in {"column", "columns"} or words[:2] in {("with", "columns"), ("with", "column")}:
        return len(words) <= _MAX_QUESTION
    if words[0] in {"what", "how"}:  # "how many" with more words can stand alone
        counts = words == ("how", "many") or (words[:2] == ("how", "many") and within)
        return counts or (words[:2] in _QUESTIONS and len(words) <= _MAX_QUESTION)
    if words[0] in _STARTS_OF_SHORT:
        return len(words) <= _MAX_SHORT
    said = " ".join(words)
    known = said in _THE_CALLS or _TIME_BEFORE.fullmatch(said) is not None
    return within or known or words[0] in _STARTS or words[:2] in _COMPARING


def follow_up(
    previous: Query, text: str, *, now: datetime, week_start: str = "monday", agents: Sequence[Agent] = ()
) -> Parsed:
    """Return the question before, changed by a text; `kept` and `dropped` say what stays and what goes.

    A filter named anew replaces the one before; "all agents", "any time" and the like take it away. A lone
    time of day ("before noon") belongs to the day of the question before, if that was one day.
    """
    before = dict(previous.conditions)
    words = _words(text)
    if " ".join(words) in _REPEATS:
        return Parsed(previous, kept=_said(before))
    if " ".join(words) in _THE_CALLS:
        text, words = _SHOW, _words(_SHOW)
    earlier = _time_before(previous, " ".join(words), int(now.timestamp()))
    text = "" if earlier else text
    draft = read(text, now, week_start, agents)
    command = command_of(text, draft)
    if command and CLEARING.get(words, "") not in before:  # "all agents" lists them otherwise
        return Parsed(Query(zone=draft.clock.zone), special=command)
    if draft.ids:
        return finish(draft, draft.settled())
    changed: dict[str, Value] = {"time": earlier} if earlier else _settled(draft, previous)
    stays = {key: value for key, value in before.items() if key not in draft.cleared}
    for key in _no_longer(words, before, changed):
        stays.pop(key, None)
    kept = _said({key: value for key, value in stays.items() if key not in changed})
    narrowed = {
        key: both
        for key, value in changed.items()
        if key in stays and (both := _narrowed(key, stays[key], value)) is not None
    }
    kept += _said({key: stays[key] for key in narrowed})
    changed |= narrowed
    adds = not _ADDING.isdisjoint(words[:2]) or words[-1:] == ("too",) or words[-2:] == ("as", "well")
    asked = stays | (_added(draft, stays, changed) if adds else changed)
    gone = {
        key: value
        for key, value in before.items()
        if key not in asked
        or not (key in narrowed or (adds and isinstance(value, _JOINED)) or _holds(value, asked[key]))
    }
    return replace(finish(draft, asked), kept=kept, dropped=_said(gone))


def _time_before(previous: Query, said: str, now: int) -> Span | None:
    """Return the time before that of a question, if a text asks for it: "and the week before?"."""
    found, span = _TIME_BEFORE.fullmatch(said), previous.value("time")
    if found is None or not isinstance(span, Span) or span.since is None:
        return None
    least, most = _LENGTHS.get(found[1] or found[2], (0, math.inf))
    days = ((span.until or now) - span.since) / 86400
    fits = days <= most and (days >= least or span.until is None)
    return span_before(span, now) if fits else None


def _no_longer(
    words: Sequence[str], before: Mapping[str, Value], changed: Mapping[str, Value]
) -> tuple[str, ...]:
    """Return what a text takes away by turning a report into a list or a count, or either into a report."""
    reported = report_of(before) is not None
    if report_of(changed):
        return () if reported else ("limit", "sort")
    lists = not _LISTING.isdisjoint(words)
    narrows = _OF_CALLS.isdisjoint(words) or not {"only", "just"}.isdisjoint(words)
    if reported and ("count" in changed or (lists and not narrows)):
        return (*SHAPE, "limit", "sort")
    return ("count",) if lists and "count" not in changed else ()


def _holds(before: Value, now: Value) -> bool:
    """Whether what was asked for still is: hours of the one day asked for take nothing away."""
    if isinstance(before, Span) and isinstance(now, Span) and (day := _one_day(before)):
        return before == now or day == _one_day(now)
    return before == now


def _narrowed(key: str, before: Value, value: Value) -> Value | None:
    """Return both together where the new one takes nothing away: "until friday" after "since monday".

    So does "without staging" after "for Booking". None where the new one stands in place of the old.
    """
    if key == "agent" and isinstance(before, Choice) and isinstance(value, Choice):
        apart = before.groups and not value.groups and {*before.wanted}.isdisjoint(value.exclude)
        return Choice(before.groups, value.exclude) if apart else None
    if isinstance(before, Span) and isinstance(value, Span):
        first, then = (before, value) if before.since is not None else (value, before)
        open_ends = first.until is None and then.since is None
        if open_ends and first.since is not None and then.until is not None and first.since < then.until:
            return Span(first.since, then.until, value.zone, first.clocked | then.clocked)
    return None


def _added(draft: Draft, before: Mapping[str, Value], changed: Mapping[str, Value]) -> dict[str, Value]:
    """Return the new values with those before: "also the successful ones" are the failed ones as well."""
    both: dict[str, Value] = dict(changed)
    for key in changed.keys() & before.keys():
        if isinstance(changed[key], _JOINED):
            try:
                both[key] = BY_KEY[key].merge(before[key], changed[key], "or")
            except Misread as problem:
                draft.problem(problem)
    if "time" in before and "time" in changed and before["time"] != changed["time"]:
        draft.problem(_TIME_ADDED)
    return both


def _settled(draft: Draft, previous: Query) -> dict[str, Value]:
    """Return the new values, a lone time of day on the day before asked for."""
    constraints = cast("tuple[Constraint, ...]", draft.values.get("time", ()))
    span = cast("Span | None", previous.value("time"))
    day = None if span is None else _one_day(span)
    if constraints and day and all(constraint.when.of_day for constraint in constraints):
        try:
            draft.values["time"] = settle(constraints, draft.clock, day)
        except Misread as problem:
            draft.problem(problem)
            del draft.values["time"]
    return draft.settled()


def _one_day(span: Span) -> date | None:
    """Return the day of a time that lies in one day."""
    if span.since is None or span.until is None:
        return None
    first, last = span.at(span.since).date(), span.at(span.until - 1).date()
    return first if first == last else None


def _said(conditions: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(said for key, value in conditions.items() if (said := say(key, value)))


def say(key: str, value: Value) -> str:
    """Return one filter in words, as a reply lists what it kept."""
    if isinstance(value, Order):
        return "" if value == Order() else f"{said_first(value)} first"
    if isinstance(value, Limit):
        return "all of them" if value.rows is None else f"at most {value.rows}"
    if key == "count":
        return "how many"
    words = BY_KEY[key].words(value)
    return words.before or words.after or words.end
