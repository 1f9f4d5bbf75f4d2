"""Words that make the bot speak first: `subscribe to …`, `alert me when … is over …`, `digest every …`.

A subscription is a question whose calls are told; an alert is a rule about a measure of a question's calls.
Both say themselves again (`said`), and what they say reads back as the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.query.numbers import WORDS, length_words, read_length
from bot.query.saved_commands import Saving, take_place
from bot.query.time.schedule_parser import PATTERN, NoScheduleError, schedule_of
from bot.query.tokens import MAX_TEXT
from bot.report.alerting import DAY, HOUR, LONGEST, SHORTEST, AlertRule, least_calls
from bot.report.measures import MEASURES, Unit

Watch = Literal["subscription", "alert"]
_MOST_CHARS = 300
"""Of a rule."""
_NO_ALERT = frozenset({"overview", "share"})
_MEASURES = {
    words: measure.key
    for measure in MEASURES.values()
    if measure.key not in _NO_ALERT
    for words in (measure.key, measure.title.casefold(), *measure.words)
}
_RATES = {"failures": "failure-rate", "failed": "failure-rate", "successes": "success-rate"}
_VERBS = (
    r"subscribe(?:\s+me)?\s+to|(?:alert|notify|warn|tell|ping)\s+(?P<whom>me|us|here|this\s+channel|<#[^>]*>|#\S+)"
    r"(?:\s+(?:about|of|when(?:ever)?|if|as\s+soon\s+as|for))?|let\s+(?:me|us)\s+know\s+(?:about|of|when(?:ever)?|if)"
)
_COMMAND = re.compile(rf"(?:please\s+)?(?:{_VERBS})\s*:?\s+(?P<what>\S.*)", re.IGNORECASE | re.DOTALL)
_LIST = re.compile(
    r"(?:(?:list|show)\s+)?(?:me\s+)?(?:all\s+)?(?:my\s+|the\s+)?(?:alerts|subscriptions)\s*[?.!]?",
    re.IGNORECASE,
)
_DIGEST = re.compile(
    rf"(?:please\s+)?(?:send\s+|post\s+)?(?:me\s+)?(?:a\s+)?digest(?:\s+(?:of|for)\s+(?P<of>.*?))??"
    rf"\s+(?P<when>{PATTERN})(?P<where>.*)",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r",?\s*(?:with|and|for)?\s*(?:at\s+least|a\s+minimum\s+of|min(?:imum)?)\s+(\d{1,6})\s+calls?\s*$",
    re.IGNORECASE,
)
_WINDOW = re.compile(
    r",?\s*\b(?:(?:(?:in|within|over|during|for)\s+)?(?:(?:the|any)\s+)?(?:last|past|previous)\s+|(?:in|within|during|per)\s+)"
    r"(?P<window>(?:[\d.]+|half\s+an?|an?|any|one|two|three)?\s*(?P<unit>minutes?|mins?|m|hours?|hrs?|h|days?|weeks?))\s*$",
    re.IGNORECASE,
)
_UNITS = {"m": 60, "h": HOUR, "d": DAY, "w": 7 * DAY}
_IS = r"(?:\s+(?:is|are|gets?|goes|go|rises?|falls?|drops?|climbs?|stays?|has\s+been))?"
_OVER = r"over|above|more\s+than|greater\s+than|higher\s+than|longer\s+than|exceeds?|>"
_UNDER = r"under|below|less\s+than|fewer\s+than|lower\s+than|shorter\s+than|<"
_SIDE = rf"(?:(?P<over>{_OVER})|(?P<under>{_UNDER}))"
_BOUND = re.compile(
    rf"(?P<subject>.*?){_IS}\s*{_SIDE}\s*"
    r"(?P<bound>[$€]?\s*\d[\d.,]{0,14}\s*\S{0,12}(?:\s+(?:\d\S*|min\S*|sec\S*|hour\S*|h|s))*)",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    rf"(?P<subject>.*?){_IS}\s*"
    rf"(?:(?:by\s+)?(?:more\s+than\s+|at\s+least\s+)?(?P<bound>\d[\d.,]*)\s*(?:%|percent)\s+)?{_SIDE}\s+"
    r"(?:(?:the\s+)?same\s+(?:time|hours?|window|period)\s+)?(?:the\s+)?(?:last|previous)\s+week",
    re.IGNORECASE,
)
_THERE = re.compile(rf"there\s+(?:is|are|were)\s+{_SIDE}\s+(?P<bound>\d[\d.,]*)\s+(?P<of>.*)", re.IGNORECASE)
_EACH = re.compile(r"(?:an?|any|each|every|all|the|new|some)\s+", re.IGNORECASE)
_THAT = r"(?:\s+(?:that|which))?"
_CALL = re.compile(
    rf"(?:one\s+)?(?:call|conversation)(?:s\b|\b(?={_THAT}\s+(?P<verb>mention|fail|last|take|use|contain|come)s\b)?)"
    rf"(?:{_THAT}(?:\s+(?:is|are|was|gets?|has\s+been)\b)+)?",
    re.IGNORECASE,
)
"""A call at the start of a text; `verb`: what a single one does, "a call mentions"."""
_JOINED = re.compile(r"(?:for|in|with|by|from|on|to|of|about|that)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What is to be told by itself."""

    act: Literal["subscription", "alert", "list"]
    question: str = ""
    """Which calls, as typed."""
    rule: AlertRule | None = None
    channel_id: str | None = None
    """Where it is told: None is the owner's direct message."""
    here: bool = False
    problem: str | None = None
    """Why it cannot be, in words for a person."""


def read_watching(text: str) -> Watching | None:
    """Return what a text wants to be told by itself; None when it is something else."""
    text = text.strip().rstrip(".!")
    if len(text) > MAX_TEXT:
        return None
    if _LIST.fullmatch(text):
        return Watching(act="list")
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    what, place = found["what"], ""
    if (whom := found["whom"]) and whom.casefold() not in {"me", "us"}:
        place = " here" if whom.casefold() in {"here", "this channel"} else f" in {whom}"
    what, said = take_place(what + place)
    where = Watching(
        act="subscription", channel_id=said.channel_id or None, here=said.here, problem=said.problem
    )
    return read_watched(what, where)


def read_watched(what: str, where: Watching) -> Watching:
    """Return what is to be told of some words without a command: a rule about a measure, or calls."""
    rule = _rule(what) if len(what) <= _MOST_CHARS else None
    if isinstance(rule, str):
        return replace(where, act="alert", problem=where.problem or rule)
    if rule is not None:
        return replace(where, act="alert", question=rule[1], rule=rule[0])
    return replace(where, question=calls_in(what))


def calls_in(what: str) -> str:
    """Return "a call mentions refund" as a question: "calls that mention refund"."""
    while each := _EACH.match(what):
        what = what[each.end() :]
    if (found := _CALL.match(what)) is None:
        return what.strip()
    rest = what[found.end() :]
    if verb := found["verb"]:
        rest = re.sub(rf"{_THAT}\s+{verb}s", f" that {verb.lower()}", rest, count=1, flags=re.IGNORECASE)
    return f"calls{rest}"


def read_digest(text: str) -> Saving | None:
    """Return a digest as the saved question that it is: an overview on a schedule."""
    found = _DIGEST.fullmatch(text.strip().rstrip(".!"))
    if found is None:
        return None
    try:
        schedule = schedule_of(found)
    except NoScheduleError as error:
        return Saving(act="save", problem=str(error))
    rest, said = take_place(found["where"])
    if rest.strip(" ,"):
        return None
    unit = "month" if schedule.month_day else "week" if len(schedule.days) == 1 else "day"
    time = "yesterday" if unit == "day" else f"last {unit}"
    of, name = (f" for {found['of']}", f"Digest of {found['of']}") if found["of"] else ("", "Digest")
    question = f"overview{of} {time} vs the {unit} before"
    return replace(said, act="save", name=name, question=question, schedule=schedule, when=found["when"])


def _rule(what: str) -> tuple[AlertRule, str] | str | None:
    """Return a rule and the question it is about; what is wrong with it in words; None when it is no rule."""
    least = _LEAST.search(what)
    rest, window = _window(what[: least.start()] if least else what)
    compared = found = _COMPARED.fullmatch(rest)
    if found is not None:
        subject, window = _window(found["subject"], window)
    elif (found := _THERE.fullmatch(rest)) is not None:
        subject = f"number of {found['of']}"
    elif (found := _BOUND.fullmatch(rest)) is not None:
        subject = found["subject"]
    else:
        return None
    said = found["bound"] or "0"
    measure, question = _measure(subject, said)
    bound = _bound(measure, said, compared=compared is not None) if measure else None
    if bound is None or isinstance(bound, str):
        return bound
    if not SHORTEST <= window <= LONGEST:
        return "An alert looks at a time from 5 minutes to 7 days: say for example in the last hour."
    rule = AlertRule(
        measure=measure,
        over=bool(found["over"]),
        bound=bound[0],
        credits=bound[1],
        window=window,
        least=int(least[1]) if least else least_calls(measure),
        compared=compared is not None,
    )
    question = calls_in(question).strip(" ,")
    return rule, "" if question in {"calls", "conversations"} else question


def _window(text: str, default: int = HOUR) -> tuple[str, int]:
    """Take off "in the last hour" at the end; returns the rest and seconds."""
    found = _WINDOW.search(text)
    if found is None or _COMPARED.fullmatch(text):
        return text, default
    said = found["window"].casefold()
    number = re.match(r"[\d.]*\d", said)
    count = 0.5 if said.startswith("half") else float(number[0]) if number else WORDS.get(said.split()[0], 1)
    return text[: found.start()], round(count * _UNITS[found["unit"][0].casefold()])


def _measure(subject: str, bound: str) -> tuple[str, str]:
    """Return the measure that a subject names, and the question that is left; "" for none."""
    words = re.sub(r"^(?:the|our|my)\s+", "", subject.strip(), flags=re.IGNORECASE)
    folded = words.casefold()
    for name in sorted(_MEASURES, key=len, reverse=True):
        if folded.startswith(name) and not folded[len(name) : len(name) + 1].isalnum():
            return _MEASURES[name], re.sub(
                r"^\s*(?:of|in)\s+(?!the\s+last)", "", words[len(name) :], flags=re.IGNORECASE
            )
    first, _, rest = words.partition(" ")
    if "%" in bound or "percent" in bound:
        return _RATES.get(first.casefold(), ""), rest.removeprefix("calls").removeprefix(" ")
    counted = re.search(r"\b(?:calls|conversations|failures|successes|number\s+of)\b", folded)
    return ("calls", re.sub(r"^(?:the\s+)?number\s+of\s+", "", words)) if counted else ("", "")


def _bound(measure: str, said: str, *, compared: bool) -> tuple[float, bool] | str | None:
    """Return a bound in the measure's unit, and whether it is in credits; or what is wrong with it.

    None where it is about each call, not about how many: "calls over 5 minutes".
    """
    text = said.casefold().strip().replace(",", "")
    number = re.search(r"\d+(?:\.\d+)?", text)
    value = float(number[0]) if number else 0.0
    if compared:
        return value / 100, False
    unit, title = MEASURES[measure].unit, MEASURES[measure].title
    percent = "%" in text or "percent" in text
    problem = None
    if unit is Unit.COUNT and re.search(r"[a-z$]", text.removesuffix("calls")):
        return None
    if unit is Unit.RATE and not percent and value > 1:
        problem = f"{title} is a share of calls: say for example over 20%."
    elif unit is not Unit.RATE and percent:
        problem = f"{title} is no share of calls: leave the % out, or say 20% above the same time last week."
    elif unit is Unit.SECONDS and (length := read_length(text.split(), 0)) is not None:
        value = float(length[0])
    elif unit is Unit.SECONDS:
        problem = f"{value:g} what? Name the unit, such as “over {value:g} minutes”."
    return problem or (value / 100 if percent else value, unit is Unit.MONEY and "credit" in text)


def said(rule: AlertRule | None, question: str) -> str:
    """Say a subscription's or an alert's words, which read back as the same."""
    if rule is None:
        return question
    side = "over" if rule.over else "under"
    window = f"in the last {_window_words(rule.window)}"
    counting = rule.measure == "calls"
    title = measured_words(rule, question)
    what = f"the number of {question or 'calls'}" if counting else f"the {title[0].lower()}{title[1:]}"
    if rule.compared:
        beyond = f"more than {rule.bound * 100:.6g}% {'above' if rule.over else 'below'}"
        bound = f"{what} {window} is {beyond} the same time last week"
    elif counting:
        than = f"{'more' if rule.over else 'fewer'} than {rule.bound:.12g}"
        bound = f"there are {than} {question or 'calls'} {window}"
    else:
        bound = f"{what} is {side} {value_words(rule, rule.bound)} {window}"
    least = f" with at least {rule.least} call{'' if rule.least == 1 else 's'}"
    return bound + (least if rule.least or least_calls(rule.measure) else "")


def measured_words(rule: AlertRule, question: str) -> str:
    """Name a measure of a question's calls: "Failure rate for Support EN", "Cost of failed calls"."""
    title = MEASURES[rule.measure].title
    return f"{title}{' ' if _JOINED.match(question) else ' of '}{question}" if question else title


def _window_words(seconds: int) -> str:
    for unit, size in (("day", DAY), ("hour", HOUR)):
        if seconds % size == 0:
            return unit if seconds == size else f"{seconds // size} {unit}s"
    return f"{seconds // 60} minutes"


_WRITE: Mapping[Unit, str] = {Unit.COUNT: "{:.12g}", Unit.NUMBER: "{:.3g}", Unit.MONEY: "${:.2f}"}


def value_words(rule: AlertRule, value: float) -> str:
    """Say a value of a rule's measure: "20%", "5 minutes", "12 credits"."""
    unit = MEASURES[rule.measure].unit
    if unit is Unit.RATE:
        return f"{value * 100:.6g}%"
    if unit is Unit.SECONDS:
        return length_words(round(value))
    return f"{value:.12g} credits" if rule.credits else _WRITE[unit].format(value)
