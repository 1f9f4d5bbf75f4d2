"""Words that make the bot speak first: `subscribe to …`, `alert me when … is over …`, `pause my alerts`.

A subscription is a question whose calls are told; an alert is a rule about a measure of a question's calls.
Both say themselves again (`said`), and what they say reads back as the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, cast

from bot.query.filters.report_names import SHOW
from bot.query.grammar import QuestionText
from bot.query.numbers import WORDS, length_words, read_amount, read_length
from bot.query.phrases import COURTESY, QUOTES, Commands, SaidSlots, one_line
from bot.query.saved_commands import HERE, PLACES
from bot.query.time.calendar import UNITS
from bot.query.tokens import MAX_TEXT, tokenise
from bot.query.values import Choice, Keys, Misread
from bot.report.alerting import DAY, HOUR, LONGEST, MINUTE, SHORTEST, WEEK, AlertRule, least_calls
from bot.report.measures import MEASURES, Unit

Act = Literal["subscription", "alert", "list", "pause", "resume", "delete"]
_MOST_CHARS = 300
"""Of a rule."""
_RATES = {"failure": "failure-rate", "success": "success-rate", "unknown": "unknown-rate"}
"""What “failures over 20%” are a rate of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """An alert, digest or subscription to begin, or what is to become of one."""

    act: Act
    question: str = ""
    """Which calls, as typed; of a change, words of what is changed, "" for all."""
    rule: AlertRule | None = None
    channel_id: str | None = None
    """Where it is told, as in `Saving`; None is the direct message, too."""
    problem: str | None = None
    """Why it cannot be, in words for a person."""
    kind: str = ""
    """Of a change: "alert" or "subscription", "" for either."""
    several: bool = False
    """Of a change: whether it is of all that a person has of the kind."""


def read_watching(text: str) -> Watching | None:
    """Return the alert, digest or subscription that a text asks for; None when it is something else."""
    return None if len(text) > MAX_TEXT else _COMMANDS.read(one_line(text))


def read_watched(what: str, where: Watching) -> Watching:
    """Return what is to be told of some words without a command: a rule about a measure, or calls."""
    what = one_line(_PER.sub(" per ", what))
    try:
        rule, question = (_RULES.read(what) if len(what) <= _MOST_CHARS else None) or (None, calls_in(what))
    except Misread as problem:
        return replace(where, act="alert", problem=str(problem))
    return replace(where, act="alert" if rule else where.act, question=question, rule=rule)


def _watching(slots: SaidSlots) -> Watching:
    """Return what is to be told where: to whom is said first, a place at the end."""
    what, place = slots["more"], slots.get("id") or slots.get("named") or ""
    if slots.get("whom", "").casefold() in {"here", "this channel"} or "here" in slots:
        place = HERE
    for begin, end, said in PLACES.within(what):
        if end == len(what) and not place:
            what, place = what[:begin], said
    return read_watched(what, Watching(act="subscription", channel_id=place or None))


def _change(slots: SaidSlots) -> Watching:
    """Return what is to become of what is watched: by words of it, or all of a kind."""
    verb, kind = slots.get("verb", "delete").casefold(), slots.get("kind", "").casefold()
    what, act = slots.get("more", "").strip(QUOTES), _ACTS.get(verb) or cast("Act", verb)
    several = kind.endswith("s") and not what
    return Watching(act=act, question=calls_in(what), kind=kind.removesuffix("s"), several=several)


def calls_in(what: str) -> str:
    """Return "a call mentions refund" as a question: "calls that mention refund"."""
    what = _EACH.sub("", what)
    if (found := _CALL.match(what)) is None:
        return what.strip()
    rest = what[found.end() :]
    if verb := found["verb"]:
        rest = re.sub(rf"{_THAT} {verb}s", f" that {verb.lower()}", rest, count=1, flags=re.IGNORECASE)
    return _FAIL.sub("calls that", f"calls{rest}")


# --- rules ---


Rule = tuple[AlertRule, str]
"""A rule, and the question that it is about."""


def _rule(slots: SaidSlots, *, counted: bool = False, compared: bool = False) -> Rule | None:
    """Return a rule; None when it is none. Raises Misread for one that cannot be."""
    subject = " ".join(filter(None, (slots.get("subject"), slots.get("about"))))
    if fate := slots.get("fate", "").casefold():  # "more than 10% of Support EN calls fail"
        subject = "failure rate" if fate.startswith("fail") else "success rate"
        subject += f" of {slots['words']} calls" if "words" in slots else ""
    number = float(slots.get("number", "1" if counted else "0").replace(",", ""))  # "there are no calls"
    percent = "percent" in slots and not compared
    measure, question = ("calls", subject) if counted else _measure(subject, percent=percent)
    value = number / 100 if compared else _value(measure, number, slots) if measure else None
    if not measure or value is None:
        return None
    window = next((slots[name] for name in ("window", "early", "middle") if name in slots), "hour")
    question = _BARE.sub("", calls_in(question).strip(" ,"))
    if measure == "share" and not question:
        raise Misread("A share of which calls? Say for example the share of whatsapp calls is over 20%.")
    rule = AlertRule(
        measure=measure,
        over="over" in slots,
        bound=value,
        credits=MEASURES[measure].unit is Unit.MONEY and "credits" in slots,
        window=_window(window),
        least=int(slots.get("least", least_calls(measure))),
        compared=compared,
    )
    return rule, question


def _window(said: str) -> int:
    """Return the seconds of "in the last 2 hours", "a day", "daily". Raises Misread for what is no window."""
    if moving := _FIXED.match(said):
        instead = {"week": "7 days", "month": "7 days", "hour": "hour"}.get(moving["unit"] or "", "day")
        raise Misread(
            f"An alert looks at a time that moves on: say “in the last {instead}” instead of “{said}”."
        )
    words = tuple(_BEFORE_LENGTH.sub("", said.casefold()).replace("daily", "day").removesuffix("ly").split())
    count, unit, _end = read_amount(words, 0, UNITS) or read_amount(("a", *words), 0, UNITS) or (0, "", 0)
    seconds = round(count * _UNIT_SECONDS.get(unit, LONGEST))
    if not SHORTEST <= seconds <= LONGEST:
        raise Misread("An alert looks at a time from 5 minutes to 7 days: say for example in the last hour.")
    return seconds


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


_OF_ANOTHER_KIND = {
    Unit.COUNT: {"length", "money", "dollars", "credits", "stars"},
    Unit.MONEY: {"length", "stars"},
    Unit.NUMBER: {"length", "money", "dollars", "credits"},
}
"""What a bound of a measure cannot be: “calls over 5 minutes” is about each call, not about how many."""


def _value(measure: str, number: float, slots: SaidSlots) -> float | None:
    """Return a bound in the measure's unit, None for one of another kind. Raises Misread without its unit."""
    unit, title, percent = MEASURES[measure].unit, MEASURES[measure].title, "percent" in slots
    if slots.keys() & _OF_ANOTHER_KIND.get(unit, set()):
        return None
    if unit is Unit.RATE and not percent and (number > 1 or "length" in slots):
        raise Misread(f"{title} is a share of calls: say for example over 20%.")
    if unit is not Unit.RATE and percent:
        raise Misread(
            f"{title} is no share of calls: leave the % out, or say 20% above the same time last week."
        )
    if unit is not Unit.SECONDS:
        return number / 100 if percent else number
    if (seconds := read_length(tuple(slots.get("length", "").casefold().split()), 0)) is None:
        raise Misread(f"{number:g} what? Name the unit, such as “over {number:g} minutes”.")
    return float(seconds[0])


# --- the patterns ---

_ACTS: dict[str, Act] = {
    **dict.fromkeys(("remove", "forget", "cancel"), "delete"),
    **dict.fromkeys(("mute", "silence", "stop", "disable", "turn off"), "pause"),
    **dict.fromkeys(("unpause", "enable", "turn on"), "resume"),
    "snooze": "list",
}
_SNOOZE = (
    "For a time an alert is silent by Snooze in its menu. “pause my alerts” holds until “resume my alerts”."
)
_pattern = partial(re.compile, flags=re.IGNORECASE)
_PER = re.compile(r"(?<=\d)/(?=[a-z])")
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
_FIGURE = r"\d[\d,]*(?:\.\d+)?"
_NUMBER = rf"\d[\d.]*|half an?|couple of|{'|'.join(WORDS)}"
_UNIT = r"(?:sec(?:ond)?|min(?:ute)?|h(?:ou)?r|day|week|month)s?|[smhdw]"
_LENGTH = rf"(?:{_NUMBER}) ?(?:{_UNIT})\b"
_UNIT_SECONDS = {"second": 1, "minute": MINUTE, "hour": HOUR, "day": DAY, "week": WEEK}
_BEFORE_LENGTH = re.compile(r"^(?:(?:in|within|over|during|for|per|each|every|the|any|last|past|previous) )+")
_FIXED = _pattern(r"(?:today|this (?P<unit>\w+)|since .*)$")
_WINDOW = (
    rf"(?:(?:in|within|over|during|for) )?(?:(?:the|any) )?(?:last|past|previous) (?:{_LENGTH}|{_UNIT})"
    rf"|(?:in|within|during|per|each|every)(?: any| one)? (?:{_LENGTH}|{_UNIT})|an? (?:{_UNIT})"
    r"|daily|hourly|weekly|today|this (?:hour|day|week|month)|since .*"
)
_END = "[{window}] [{last}]"
_RULES: Commands[Rule] = Commands(
    {
        partial(_rule, counted=True): f"""
            there is|are no {{counted}} {_END}
            [there] [is|are|were] {{side}} {{many}} {{counted}} {_END}
        """,
        partial(_rule, compared=True): (
            "{subject} [{early}] [{is}] [by] [more|at] [than|least] [{some}] {side} "
            f"[the] [same] [time|hours?|window|period] [the] last|previous week {_END}"
        ),
        _rule: f"""
            [there] [is|are] {{side}} {{some}} of [the|all|our|my] {{which}} {{fate}} {_END}
            [{{early}}] {{subject}} [{{is}}] {{side}} {{bound}} [{{middle}}] [{{about}}] {_END}
        """,
    },
    subject=r"\S.*?",
    counted=r"(?P<subject>(?:(?!min|sec|hour)[\w-]+ ){0,2}?(?:calls?|conversations?|failures?)\b.*?)",
    side=(
        r"(?P<over>over|above|more than|greater than|higher than|longer than|exceed(?:s|ing)?|>)"
        r"|(?P<under>under|below|less than|fewer than|lower than|shorter than|<)"
    ),
    bound=(
        rf"(?P<length>{_LENGTH}(?: (?:and )?{_LENGTH})*)|(?P<money>\$ ?)?(?P<number>{_FIGURE})(?: ?(?:"
        r"(?P<percent>%|percent|pct)|(?P<credits>credits?)|(?P<stars>stars?|turns|messages)"
        r"|(?P<dollars>dollars?|usd)|calls?))?"
    ),
    some=rf"(?P<number>{_FIGURE}) ?(?P<percent>%|percent|pct)",
    many=r"(?P<number>\d[\d,]*)",
    fate=r"fail\w*|succe\w*",
    window=_WINDOW,
    early=_WINDOW,
    middle=_WINDOW,
    which=r"(?:(?P<words>\S.*?) )?(?:calls|conversations)(?: (?:are|is|get|have))?",
    about=r"(?:for|about|from) (?!(?:the )?(?:last|past|previous|at least|min|\d)|an? )\S.*?",
    last=r"(?:(?:with|and|for) )?(?:at least|a minimum of|min(?:imum)?) (?P<least>\d{1,6}) calls?",
    **{"is": "is|are|gets?|goes|go|rises?|falls?|drops?|climbs?|stays?|has been"},
)
_MINE = "[my|the|this|all] [of] [my|the] {kind}"
_ABOUT = "to|about|of|when|whenever|if|(?:as\\ssoon\\sas)|for"
_COMMANDS: Commands[Watching] = Commands(
    {
        lambda slots: Watching(act="list", question=slots.get("more", "")): """
            [list|show] [me] [all] [my|the] alerts|subscriptions
            [list|show] [me] [all] [my|the] alerts|subscriptions for|about {more}
            what|which alerts|subscriptions do|are i|we|there [have]
        """,
        lambda _slots: Watching(act="list", kind="alert", problem=_SNOOZE): f"""
            {COURTESY} {{verb}} {_MINE} for {{length}}
            {COURTESY} {{verb}} {_MINE} until|till {{more}}
        """,
        _change: f"""
            {COURTESY} {{verb}} {_MINE} [called|for|to|about|on|of|when|if] [{{more}}]
            {COURTESY} unsubscribe [me] from {{more}}
            {COURTESY} stop {{telling}} [me|us|here] [about|of|when|if] [{{more}}]
        """,
        _watching: f"""
            {COURTESY} subscribe [{{whom}}] [{{here}}] [{_ABOUT}] {{more}}
            {COURTESY} alert|notify|warn|tell|ping|let {{whom}} [know] [{{here}}] [{_ABOUT}] {{more}}
            {COURTESY} alert|notify|warn [{{here}}] {_ABOUT} {{more}}
            {COURTESY} (?:set\\sup)|create|add|make an? alert|subscription {_ABOUT} {{more}}
        """,
    },
    verb="pause|resume|delete|turn off|turn on|snooze|" + "|".join(_ACTS),
    kind="alerts?|subscriptions?",
    length=_LENGTH,
    telling="telling|alerting|notifying|warning|pinging",
    here="here",
    whom=r"me|us|here|this channel|<#(?P<id>\w+)(?:\|[^>]*)?>|(?P<named>#\S+)",
)

# --- what is said back ---

_JOINED = _pattern(r"(?:for|in|with|by|from|on|to|of|about|that)\b")
_BARE = _pattern(rf"^(?:calls|conversations)(?:$| (?!that\b)(?={_JOINED.pattern}))")
"""“calls” where the measure says it already."""


def said(rule: AlertRule | None, question: str) -> str:
    """Say a subscription's or an alert's words, which read back as the same."""
    if rule is None:
        return question
    side = "over" if rule.over else "under"
    window = f"in the last {window_words(rule.window)}"
    counting = rule.measure == "calls"
    title = measured_words(rule, question)
    calls = f"calls {question}".strip() if not question or _JOINED.match(question) else question
    what = f"the number of {calls}" if counting else f"the {title[0].lower()}{title[1:]}"
    if rule.compared:
        beyond = f"more than {rule.bound * 100:.6g}% {'above' if rule.over else 'below'}"
        bound = f"{what} {window} is {beyond} the same time last week"
    elif counting:
        than = f"{'more' if rule.over else 'fewer'} than {rule.bound:.12g}"
        bound = f"there are {than if rule.over or rule.bound != 1 else 'no'} {calls} {window}"
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


def window_words(seconds: int) -> str:
    """Say a length of time after "each" or "the last": "hour", "3 days", "30 minutes"."""
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
