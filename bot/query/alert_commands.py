"""Words that make the bot speak first: `subscribe to …`, `alert me when … is over …`, `digest every …`.

A subscription is a question whose calls are told; an alert is a rule about a measure of a question's calls.
Both say themselves again (`said`), and what they say reads back as the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Literal, cast

from bot.query.filters.report_names import SHOW
from bot.query.grammar import QuestionText
from bot.query.numbers import length_words, read_length
from bot.query.phrases import Text
from bot.query.saved_commands import OTHER_VERBS, QUOTES, Saving, take_place, when_and_where
from bot.query.time.calendar import Clock
from bot.query.time.settle import settle
from bot.query.time.time_phrases import read_constraint
from bot.query.tokens import MAX_TEXT, tokenise
from bot.query.values import Choice, Keys, Misread
from bot.report.alerting import DAY, HOUR, LONGEST, SHORTEST, AlertRule, least_calls
from bot.report.measures import MEASURES, Unit

Act = Literal["subscription", "alert", "list", "pause", "resume", "delete"]
_MOST_CHARS = 300
"""Of a rule."""
_RATES = {"failure": "failure-rate", "success": "success-rate", "unknown": "unknown-rate"}
"""What “failures over 20%” are a rate of."""
_CLOCK = Clock(datetime(2026, 1, 1, 12, tzinfo=UTC))
"""A length of time is as long at any moment."""
_VERB_ACTS: dict[str, Act] = {
    "cancel": "delete",
    "stop": "pause",
    "mute": "pause",
    "snooze": "list",
    "turn off": "pause",
    "disable": "pause",
    "turn on": "resume",
    "enable": "resume",
}

# All of these are for text with single spaces.
_pattern = partial(re.compile, flags=re.IGNORECASE)
_COURTESY = r"(?:(?:please|can you|could you) )*"
_WHEN = r" (?:to|about|of|when(?:ever)?|if|as soon as|for)"
_COMMAND = _pattern(
    rf"{_COURTESY}(?:(?P<verb>subscribe|alert|notify|warn|tell|ping|let)"
    r"(?: (?P<whom>me|us|here|this channel|<#[^>]*>|#\S+))?"
    rf"(?: know)?(?P<here> here)?(?P<when>{_WHEN})?"
    rf"|(?:set up|create|add|make) an? (?:alert|subscription){_WHEN})(?: ?: ?| )(?P<what>\S.*)"
)
_LIST = _pattern(
    r"(?:(?:list |show )?(?:me )?(?:all )?(?:my |the )?(?:alerts|subscriptions)"
    r"(?: (?:for|about) (?P<what>.+?))?"
    r"|(?:what|which) (?:alerts|subscriptions) (?:do (?:i|we) have|are there)) ?[?.!]?"
)
_CHANGE = _pattern(
    rf"{_COURTESY}(?:(?P<verb>pause|resume|unpause|delete|remove|forget|cancel|stop|mute|snooze|"
    r"turn off|disable|turn on|enable) "
    r"(?:(?:my|the|this|all|of) )*(?P<kind>alert|subscription)(?P<all>s)?"
    r"(?: (?:called|for|to|about|on|of|when|if)\b)?"
    r"|unsubscribe(?: me)? from|stop (?:telling|alerting|notifying|warning|pinging)(?: (?:me|us|here))?"
    rf"(?: (?:about|of|when|if))?)(?::? [{QUOTES}]?(?P<what>[^{QUOTES}]+)[{QUOTES}]?)?"
)
_DIGEST = _pattern(
    rf"{_COURTESY}(?:send |post )?(?:me )?(?:an? |the )?digest(?: (?:of|for) (?P<of>.+?))?(?: to me)?"
)
_DAILY_DIGEST = _pattern(r"\b(daily|weekly|monthly) digest\b")
_LEAST = _pattern(r",? ?(?:with |and |for )?(?:at least|a minimum of|min(?:imum)?) (\d{1,6}) calls? ?$")
_EACH_TIME = _pattern(
    r"\b(?:in|within|during|per|each|every) (?:(?:an?|any|one) )?"
    r"(?=(?:(?:[\d.]+|half an|two|three) ?)?(?:m|h|mins?|hrs?|minutes?|hours?|days?|weeks?)$)"
)
"""“in an hour”, “per 15 minutes”: those are the last."""
_LAST = _pattern(r",? (?=(?:(?:in|within|over|during|for) )?(?:(?:the|any) )?(?:last|past|previous) )")
_IS = r"(?: (?:is|are|gets?|goes|go|rises?|falls?|drops?|climbs?|stays?|has been))?"
_SIDE = (
    r"(?:(?P<over>over|above|more than|greater than|higher than|longer than|exceeds?|>)"
    r"|(?P<under>under|below|less than|fewer than|lower than|shorter than|<))"
)
_BOUND = _pattern(
    rf"(?P<subject>.*?){_IS} ?{_SIDE} ?"
    r"(?P<bound>[$€]? ?\d[\d.,]{0,14} ?\S{0,12}(?: (?:\d\S*|min\S*|sec\S*|hour\S*|h|s))*)"
)
_PART = _pattern(
    rf"^(?:there (?:is|are) )?(?P<side>{_SIDE}) (?P<bound>\d[\d.,]* ?(?:%|percent)) of "
    r"(?:(?:the|all|our|my) )?(?P<which>.*?)(?:calls|conversations)"
    r"(?: (?:are|is|get|have))? (?P<verb>fail|succe)\w*"
)
"""“More than 10% of Support EN calls fail”."""
_COMPARED = _pattern(
    rf"(?P<subject>.*?){_IS} ?(?:(?:by )?(?:more than |at least )?(?P<bound>\d[\d.,]*) ?(?:%|percent) )?"
    rf"{_SIDE} (?:(?:the )?same (?:time|hours?|window|period) )?(?:the )?(?:last|previous) week"
)
_THERE = _pattern(
    rf"(?:there (?:is|are|were) )?{_SIDE} (?P<bound>\d[\d.,]*) "
    r"(?P<subject>(?:(?!min|sec|hour)[\w-]+ ){0,2}?(?:calls?|conversations?|failures?)\b.*)"
)
_LATE = _pattern(
    rf"(?P<bound>{_IS} ?{_SIDE} ?[$€]?\d\S*(?: (?:percent|min\w*|sec\w*|hours?|dollars|credits))?"
    r"(?: (?:in|within|per) (?:an?|\d+) \w+)?)"
    r"(?P<what> (?:for|about|from) (?!(?:the )?(?:last|past|previous|at least|min|\d)|an? ).+?)"
    r"(?=,? (?:in|within|over|during|per|with|and)\b|$)"
)
"""What calls are meant, named after the bound."""
_THE = _pattern(r"^(?:(?:the|our|my) )*(?:number of )?")
_COUNTED = _pattern(r"\b(?:calls|conversations|failures|successes)\b")
_EACH = _pattern(r"^(?:(?:an?|any|each|every|all|the|new|some) )+")
_THAT = r"(?: (?:that|which))?"
_CALL = _pattern(
    rf"(?:one )?(?:call|conversation)"
    rf"(?:s\b|\b(?={_THAT} (?P<verb>mention|fail|last|take|use|contain|come)s\b)?)"
    rf"(?:{_THAT}(?: (?:is|are|was|gets?|has been)\b)+)?"
)
"""A call at the start of a text; `verb`: what a single one does, "a call mentions"."""
_FAIL = _pattern(r"^calls(?= (?:fail|mention|contain)\b)")
_JOINED = _pattern(r"(?:for|in|with|by|from|on|to|of|about|that)\b")
_BARE = _pattern(rf"^(?:calls|conversations)(?:$| (?!that\b)(?={_JOINED.pattern}))")
"""“calls” where the measure says it already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What is to be told by itself, or what is to become of that."""

    act: Act
    question: str = ""
    """Which calls, as typed; of a change, words of what is changed, "" for all."""
    rule: AlertRule | None = None
    channel_id: str | None = None
    """Where it is told, as in `Saving`."""
    here: bool = False
    problem: str | None = None
    """Why it cannot be, in words for a person."""
    kind: str = ""
    """Of a change: "alert" or "subscription", "" for either."""
    several: bool = False
    """Of a change: whether it is of all that a person has of the kind."""


def read_watching(text: str) -> Watching | None:
    """Return what a text wants to be told by itself; None when it is something else."""
    if len(text) > MAX_TEXT:
        return None
    text = _without_please(text)
    if (listed := _LIST.fullmatch(text)) is not None:
        return Watching(act="list", question=listed["what"] or "")
    if (change := _CHANGE.fullmatch(text)) is not None:
        verb, what = (change["verb"] or "delete").casefold(), (change["what"] or "").strip()
        act = _VERB_ACTS.get(verb) or cast("Act", OTHER_VERBS.get(verb, verb))
        kind, several = (change["kind"] or "").casefold(), bool(change["all"]) and not what
        return Watching(act=act, question=calls_in(what), kind=kind, several=several)
    if (found := _COMMAND.fullmatch(text.rstrip("?"))) is None:
        return None
    verb, whom = (found["verb"] or "subscribe").casefold(), (found["whom"] or "").casefold()
    if verb != "subscribe" and not whom and (not found["when"] or verb in {"tell", "let", "ping"}):
        return None  # “tell calls from chats”
    place = " here" if whom in {"here", "this channel"} or found["here"] else ""
    if whom.startswith(("#", "<")):
        place = f" in {found['whom']}"
    what, said = take_place(found["what"] + place)
    return read_watched(
        what, Watching(act="subscription", channel_id=said.channel_id or None, here=said.here)
    )


def read_watched(what: str, where: Watching) -> Watching:
    """Return what is to be told of some words without a command: a rule about a measure, or calls."""
    what = " ".join(what.split())
    found = _rule(what) if len(what) <= _MOST_CHARS else None
    if found is None:
        return replace(where, question=calls_in(what))
    if isinstance(found, str):
        return replace(where, act="alert", problem=found)
    rule, question = found
    return replace(where, act="alert", question=question, rule=rule)


def calls_in(what: str) -> str:
    """Return "a call mentions refund" as a question: "calls that mention refund"."""
    what = _EACH.sub("", what)
    if (found := _CALL.match(what)) is None:
        return what.strip()
    rest = what[found.end() :]
    if verb := found["verb"]:
        rest = re.sub(rf"{_THAT} {verb}s", f" that {verb.lower()}", rest, count=1, flags=re.IGNORECASE)
    return _FAIL.sub("calls that", f"calls{rest}")


def read_digest(text: str) -> Saving | None:
    """Return a digest as the saved question that it is: an overview on a schedule."""
    text = _DAILY_DIGEST.sub(r"digest \1", _without_please(text))
    if "digest" not in text.casefold() or len(text) > MAX_TEXT:
        return None
    rest, said = when_and_where(text)
    what, place = take_place(rest)
    if not said.when or (found := _DIGEST.fullmatch(what)) is None:
        return None
    if (schedule := said.schedule) is None:
        return Saving(act="save", problem=said.problem)
    if place.channel_id is not None or place.here:
        said = replace(said, channel_id=place.channel_id, here=place.here)
    unit = "month" if schedule.month_day else "week" if len(schedule.days) == 1 else "day"
    time = "yesterday" if unit == "day" else f"last {unit}"
    of, name = (f" for {found['of']}", f"Digest of {found['of']}") if found["of"] else ("", "Digest")
    return replace(said, act="save", name=name, question=f"overview{of} {time} vs the {unit} before")


def _without_please(text: str) -> str:
    return re.sub(r",? please$", "", " ".join(text.split()).rstrip(".!"), flags=re.IGNORECASE)


def _rule(what: str) -> tuple[AlertRule, str] | str | None:
    """Return a rule and the question it is about; what is wrong with it in words; None when it is no rule."""
    what = re.sub(r"^there (?:is|are) no ", "there are fewer than 1 ", what, flags=re.IGNORECASE)
    what = _PART.sub(_as_rate, what, count=1)
    what = _LATE.sub(r"\g<what>\g<bound>", what, count=1)  # “over 20% for Support EN in the last hour”
    least = _LEAST.search(what)
    rest, window = _window(what[: least.start()] if least else what)
    compared, there = _COMPARED.fullmatch(rest), _THERE.fullmatch(rest)
    if (found := compared or there or _BOUND.fullmatch(rest)) is None:
        return None
    subject = found["subject"]
    if compared:
        subject, window = _window(subject, window)
    bound = found["bound"] or "0"
    share = compared is None and _is_percent(bound)
    measure, question = _measure(subject, percent=share) if compared or not there else ("calls", subject)
    if not measure:
        return None
    value = float(bound.replace(",", "")) / 100 if compared else _value(measure, bound)
    if value is None or isinstance(value, str):
        return value
    if not SHORTEST <= window <= LONGEST:
        return "An alert looks at a time from 5 minutes to 7 days: say for example in the last hour."
    question = _BARE.sub("", calls_in(question).strip(" ,"))
    if measure == "share" and not question:
        return "A share of which calls? Say for example the share of whatsapp calls is over 20%."
    rule = AlertRule(
        measure=measure,
        over=bool(found["over"]),
        bound=value,
        credits=MEASURES[measure].unit is Unit.MONEY and "credit" in bound.casefold(),
        window=window,
        least=int(least[1]) if least else least_calls(measure),
        compared=compared is not None,
    )
    return rule, question


def _as_rate(part: re.Match[str]) -> str:
    """Say "more than 10% of Support EN calls fail" as the rate that it is."""
    rate = "failure rate" if part["verb"].casefold() == "fail" else "success rate"
    which = f" of {part['which']}calls" if part["which"] else ""
    return f"{rate}{which} is {part['side']} {part['bound']}"


def _window(text: str, default: int = HOUR) -> tuple[str, int]:
    """Take off "in the last hour" at the end; returns the rest and seconds."""
    if _COMPARED.fullmatch(text):
        return text, default
    said = re.sub(r"\b(last|past|previous) week$", r"\1 7 days", _EACH_TIME.sub("in the last ", text))
    for found in _LAST.finditer(said):
        words = Text(tokenise(said[found.end() :]).tokens)
        try:
            time = read_constraint(words, 0)
            span = settle((time[0],), _CLOCK) if time and time[1] == len(words) else None
        except Misread:
            continue
        if span is not None and span.until is None and span.since in span.clocked:
            return said[: found.start()], _CLOCK.unix - span.since
    return text, default


def _measure(subject: str, *, percent: bool) -> tuple[str, str]:
    """Return the measure that a subject names, and the question that is left; "" for none."""
    subject = _THE.sub("", subject.strip())
    words = QuestionText(tokenise(subject).tokens)
    phrase = words.found(0)
    if phrase is not None and isinstance(phrase.value, Keys) and phrase.key == "show":
        measure, end = phrase.value.keys[0], phrase.end
    elif (alone := words.word(0)) in SHOW.table:
        measure, end = SHOW.table[alone], 1
    elif percent:
        result = phrase.value.single if phrase is not None and isinstance(phrase.value, Choice) else None
        measure, end = _RATES.get(result or "", ""), phrase.end if phrase is not None else 0
    else:
        return "calls" if _COUNTED.search(subject) else "", subject
    if measure in {"", "overview"}:
        return "", subject
    typed = re.match(r"\s*".join(re.escape(token.text) for token in words.tokens[:end]), subject)
    left = subject[typed.end() if typed else 0 :].strip()
    return measure, re.sub(r"^(?:(?:of|in)\s+(?!the\s+last)|calls\s+(?=\S))", "", left, flags=re.IGNORECASE)


def _is_percent(bound: str) -> bool:
    return "%" in bound or "percent" in bound.casefold()


def _value(measure: str, bound: str) -> float | str | None:
    """Return a bound in the measure's unit, or what is wrong with it.

    None where it is about each call, not about how many: "calls over 5 minutes".
    """
    text = bound.casefold().strip().replace(",", "")
    number = re.search(r"\d+(?:\.\d+)?", text)
    value, percent = float(number[0]) if number else 0.0, _is_percent(text)
    unit, title = MEASURES[measure].unit, MEASURES[measure].title
    if unit is Unit.COUNT and re.search(r"[a-z$]", text.removesuffix("calls")):
        return None
    if unit is Unit.RATE:
        if not percent and value > 1:
            return f"{title} is a share of calls: say for example over 20%."
        return value / 100 if percent else value
    if percent:
        return f"{title} is no share of calls: leave the % out, or say 20% above the same time last week."
    if unit is Unit.SECONDS:
        words, at, seconds = text.split(), 0, 0
        while length := read_length(words, at):
            seconds, at = seconds + length[0], length[1]
        return float(seconds) if at else f"{value:g} what? Name the unit, such as “over {value:g} minutes”."
    return value


def said(rule: AlertRule | None, question: str) -> str:
    """Say a subscription's or an alert's words, which read back as the same."""
    if rule is None:
        return question
    side = "over" if rule.over else "under"
    window = f"in the last {_window_words(rule.window)}"
    counting = rule.measure == "calls"
    title = measured_words(rule, question)
    calls = f"calls {question}".strip() if not question or _JOINED.match(question) else question
    what = f"the number of {calls}" if counting else f"the {title[0].lower()}{title[1:]}"
    if rule.compared:
        beyond = f"more than {rule.bound * 100:.6g}% {'above' if rule.over else 'below'}"
        bound = f"{what} {window} is {beyond} the same time last week"
    elif counting:
        than = f"{'more' if rule.over else 'fewer'} than {rule.bound:.12g}"
        bound = f"there are {than} {calls} {window}"
    else:
        bound = f"{what} is {side} {value_words(rule, rule.bound)} {window}"
    least = f" with at least {rule.least} call{'' if rule.least == 1 else 's'}"
    return bound + (least if rule.least or least_calls(rule.measure) else "")


def finding(rule: AlertRule, question: str, news: str, value: float | None) -> str:
    """Say what an alert has found: "Failure rate for Support EN: still 34%"."""
    name = measured_words(rule, question)
    if rule.measure == "calls":
        name = f"{question[:1].upper()}{question[1:]}" or "Calls"
    before = {"reminder": "still ", "resolved": "back at "}.get(news, "")
    if news == "no data" or value is None:
        return f"{name}: no data{' any more' if news == 'no data' else ''}"
    return f"{name}: {before}{value_words(rule, round(value, 3))}"


def measured_words(rule: AlertRule, question: str) -> str:
    """Name a measure of a question's calls: "Failure rate for Support EN", "Cost of failed calls"."""
    title = MEASURES[rule.measure].title
    return f"{title}{' ' if _JOINED.match(question) else ' of '}{question}" if question else title


def _window_words(seconds: int) -> str:
    for unit, size in (("day", DAY), ("hour", HOUR)):
        if seconds % size == 0:
            return unit if seconds == size else f"{seconds // size} {unit}s"
    return f"{seconds // 60} minutes"


def value_words(rule: AlertRule, value: float) -> str:
    """Say a value of a rule's measure: "20%", "5 minutes", "12 credits"."""
    unit = MEASURES[rule.measure].unit
    if unit is Unit.RATE:
        return f"{value * 100:.6g}%"
    if unit is Unit.SECONDS:
        return length_words(round(value))
    if unit is Unit.MONEY and not rule.credits:
        return f"${value:.2f}".removesuffix(".00")
    return f"{value:.3g}" if unit is Unit.NUMBER else f"{value:.12g}{' credits' if rule.credits else ''}"
