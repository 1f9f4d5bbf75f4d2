"""Words about saved questions: `… save as "Name"`, `run Name`, `change "Name" to every monday 9:00`.

They are recognised and taken off before a question is read. What they leave is the question as it was typed:
it is stored so, and read again at each run, so that "last week" is the week before that run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import time
from functools import partial
from typing import Literal, cast

from bot.query.phrases import COURTESY, QUOTED, QUOTES, Commands, SaidSlots, one_line
from bot.query.time.schedule_parser import EVERY_DAY, NOT_SO_OFTEN, SCHEDULES, Schedule, read_schedule
from bot.query.tokens import MAX_TEXT, clean_value, fold, word_set
from bot.query.values import Misread

NAME_CHARS = 60
RESERVED = {"help filters"} | word_set(
    "help filters agents saved schedules it this that question examples hi hello list run save delete all"
)
"""Names that would hide a command."""

HERE = "here"
"""The channel where something is said."""
Act = Literal["save", "schedule", "change", "list", "run", "delete", "pause", "resume"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What is to be done with a saved question."""

    act: Act
    name: str = ""
    """As typed; "" in `save` means that the question's own words are its name."""
    question: str = ""
    """In `save`, the words of the question; "" means the one asked before. In `change`, its new words."""
    schedule: Schedule | None = None
    when: str = field(default="", compare=False)
    """The words of the schedule: what they leave unsaid stays as it is where it has one already."""
    channel_id: str | None = None
    """Where it goes: an id, "#name" of a slash command, HERE; "" is the direct message, None was not said."""
    only_if_any: bool | None = None
    """Whether a schedule answers only if a call matches; None means that it was not said."""
    new_name: str = ""
    problem: str | None = None
    """Why it cannot be done, in words for a person."""
    sure: bool = True
    """False: if there is no saved question of this name, the words may be a question of their own."""
    instead: Saving | None = None
    """What the words mean where no saved question has this name, such as “Failures every monday 9:00”."""


_ENDS = QUOTES + " .,;:!'‘’"  # noqa: RUF001 - phones type these
_FORMATS = word_set("csv excel file pdf spreadsheet table xlsx")
"""“save as CSV” names no question."""


def name_key(name: str) -> str:
    """Return what two names have in common that mean the same."""
    return fold(clean_name(name))


def clean_name(name: str) -> str:
    """Return a name as it is kept: one line, no invisible marks, no quotation marks."""
    return clean_value(re.sub(f"[{QUOTES}]", "", name)).strip(_ENDS)[:NAME_CHARS].strip()


def name_problem(name: str) -> str | None:
    """Return why a name cannot be given, in words for a person."""
    if not clean_name(name):
        return 'The name is missing. Say for example save as "Monday failures".'
    if name_key(name) in RESERVED:
        return f"“{clean_name(name)}” is a word that I know as a command. Choose another name."
    return None


# --- when and where ---

PLACES: Commands[str] = Commands(
    {
        lambda slots: slots.get("id") or slots["named"]: "in|to|into {channel}",
        lambda _slots: HERE: "here\nin|to this channel",
        lambda _slots: "": "in|to|into|by|as|via [a|my] dms?|(?:direct\\smessages?)\nto me",
    }
)
_ONLY_IF_ANY: Commands[bool] = Commands(
    {
        lambda _slots: True: "[but] only if|when [there] [is|are] any|anything [calls?]",
        lambda _slots: False: "even if|when [there] [is|are] none|nothing|(?:no\\scalls?)",
    }
)
_CUT = "\x00 "
"""Where a schedule was."""
_NAMED_SO = re.compile(r"\bas:? ?$", re.IGNORECASE)


def when_and_where(text: str, *, anywhere: bool = False) -> tuple[str, Saving]:
    """Take off the last "every monday 9:00" outside quotes, and what is said beside it: where, "only if any".

    Returns the rest of the text, and when and where in a `Saving`. Without a schedule nothing is taken off,
    unless a place may be named `anywhere`.
    """
    said, start = Saving(act="schedule"), 0
    try:
        found = [
            each for each in SCHEDULES.within(text) if each[2].timed or not _NAMED_SO.search(text[: each[0]])
        ]
    except Misread as problem:
        return text, replace(said, when=text, problem=str(problem))
    if found:
        start, end, schedule = max(found, key=lambda each: (each[2].timed, each[1], -each[0]))
        said = replace(said, schedule=schedule, when=text[start:end].strip(" ,;"))
        text = f"{text[:start]}{_CUT}{text[end:]}"
    elif not anywhere:
        return text, said
    for begin, end, only in _ONLY_IF_ANY.within(text):
        text, said = text[:begin] + text[end:], replace(said, only_if_any=only)
        break
    for begin, end, place in PLACES.within(text):
        if anywhere or begin > start or text[end:].startswith(_CUT) or place[:1] in {"C", "G"}:
            text, said = text[:begin] + text[end:], replace(said, channel_id=place)
            break
    return " ".join(text.replace(_CUT, " ").split()).strip(" ,;"), said


# --- commands ---


def read_saving(text: str) -> Saving | None:
    """Return what a text says about saved questions; None when it is a question or something else."""
    if len(text) > MAX_TEXT:
        return None
    text = _DAILY_DIGEST.sub(r"\1digest \2", one_line(text))
    rest, said = when_and_where(text)
    found, other = _WHOLE.read(text), _REST.read(rest, said)
    if found is None or (other is not None and other.act == "save" and not found.sure):
        return other
    # “Daily failures” may be a name: which there are is known to whoever asks.
    return replace(found, instead=other) if found.act == "run" or not found.sure else found


def _of(slots: SaidSlots, act: Act) -> Saving | None:
    """Return what is to be done with the saved question that is named, surely so in quotes."""
    name = clean_name(slots["name"])
    return Saving(act=act, name=name, sure=act != "change" or slots["name"][0] in QUOTES) if name else None


def _done(slots: SaidSlots) -> Saving | None:
    verb = slots["verb"].casefold()
    return _of(slots, _OTHER_VERBS.get(verb) or cast("Act", verb))


def _renamed(slots: SaidSlots) -> Saving | None:
    change, new = _of(slots, "change"), slots["more"]
    return change and replace(change, new_name=clean_name(new), problem=name_problem(new))


def _changed(slots: SaidSlots) -> Saving | None:
    """Return what is to become of a saved question: its question, schedule or place."""
    if (change := _of(slots, "change")) is None:
        return None
    rest, said = when_and_where(slots["change"], anywhere=True)
    said = replace(said, act="change", name=change.name, sure=change.sure)
    if not (rest := _TO.sub("", rest)) or said.problem is not None:
        return said
    try:
        if not said.when and read_schedule(rest, Schedule(EVERY_DAY, time(9))):
            return replace(said, when=rest)
    except Misread as problem:
        if slots.get("what", "").casefold() in {"schedule", "time"}:
            return replace(said, problem=str(problem))
    return replace(said, question=rest[1:-1] if QUOTED.fullmatch(rest) else rest)


def _digest(said: Saving, slots: SaidSlots) -> Saving | None:
    """Return a digest as the saved question that it is: an overview on a schedule."""
    if (schedule := said.schedule) is None:
        return None
    unit = "month" if schedule.month_day else "week" if len(schedule.days) == 1 else "day"
    span, of = "yesterday" if unit == "day" else f"last {unit}", slots.get("words", "")
    name, which = (f"Digest of {of}", f" for {of}") if of else ("Digest", "")
    return replace(said, act="save", name=name, question=f"overview{which} {span} vs the {unit} before")


def _kept(said: Saving, slots: SaidSlots) -> Saving | None:
    """Return what is to be kept under which name; a format is no name."""
    name = slots.get("name") or slots["quoted"]
    if fold(name).removeprefix("a ").partition(" ")[0] in _FORMATS:
        return None
    question = " ".join(filter(None, map(slots.get, ("words", "question", "more"))))
    hourly = "hourly" in fold(slots.get("more", "")).split()
    problem = said.problem or name_problem(name) or (NOT_SO_OFTEN if hourly else None)
    return replace(said, act="save", name=clean_name(name), question=question.strip(" ,;:"), problem=problem)


def _scheduled(said: Saving, slots: SaidSlots, *, told: bool = False) -> Saving | None:
    """Return what a schedule without "save as" is for: a saved name, a question, or the one before.

    Days without a time of day are a schedule only for a name in quotes: a question may speak of "every day",
    too. After a verb, or with a place, the time is asked for: "run daily failures" may be a name that nobody
    saved.
    """
    if not said.when:
        return None
    what = slots.get("words", "")
    what = "" if name_key(what) in {"it", "this", "that"} else what
    quoted, timed = QUOTED.fullmatch(what) is not None, said.schedule is None or said.schedule.timed
    ask = told or (bool(what) and not quoted and said.channel_id is not None)
    alone = not slots and " " in said.when  # "daily" alone may go on from a report
    if not (timed or quoted or ask or alone):
        return None
    name, problem = clean_name(what), said.problem
    if ask and not timed and said.schedule is not None:
        run = f"“{name}”" if name else "the question before"
        problem = f"If {run} is to run on a schedule, say at what time of day: {said.schedule.words()}."
    question = "" if quoted else what
    return replace(said, name=name, question=question, problem=problem, sure=told or quoted)


_OTHER_VERBS: dict[str, Act] = {"remove": "delete", "forget": "delete", "unpause": "resume"}
_SAVED = "[my] [saved] [question]"
_SAVE = "[and] [please] save|saved|store|remember [it|this|that] [question] as"
_CHANGE = "change|edit|update|move|switch|send|post|reschedule"
_TO = re.compile(r"^(?:to|as)\b\s*", re.IGNORECASE)
_DAILY_DIGEST = re.compile(
    r"^((?:(?:please|can|could|you|send|post|me|an?|the) )*)(daily|weekly|monthly) digest"
    r"(?=,| (?:at|of|for|on|in|to|here|every|each)\b|$)",
    re.IGNORECASE,
)
_WHOLE: Commands[Saving] = Commands(
    {
        lambda _slots: Saving(act="list"): """
            [list|show] [me] [all] [my] saved|scheduled [questions?]
            [list|show] [me] [all] [my] schedules?
        """,
        _renamed: f"""
            rename {_SAVED} {{name}} to|as {{more}}
            {_CHANGE} the name of {_SAVED} {{name}} to|as {{more}}
        """,
        _changed: f"""
            {_CHANGE} the {{what}} of {_SAVED} {{name}} {{change}}
            {_CHANGE} {_SAVED} {{name}} {{change}}
        """,
        _done: f"{{verb}} {_SAVED} {{name}}",
    },
    verb="run|pause|resume|unpause|delete|remove|forget",
    what="question|schedule|time|channel|place",
    change=r"(?:(?<=[:,] )|(?=(?:to|as|in|into|here|every|each|only|even)\b))\S.*",
)
_REST: Commands[Saving] = Commands(
    {
        _digest: f"""
            {COURTESY} [send|post] [me] [an?|the] digest [daily|weekly|monthly]
            {COURTESY} [send|post] [me] [an?|the] digest [daily|weekly|monthly] of|for {{words}}
        """,
        _kept: f"""
            [please] save|store|remember {{question}} as {{quoted}}
            [{{words}}] {_SAVE} {{quoted}} [{{more}}]
            [{{words}}] {_SAVE} {{name}}
        """,
        partial(_scheduled, told=True): f"{COURTESY} schedule|run|ask|save {_SAVED} {{words}}",
        _scheduled: f"{COURTESY} [send|post|give|show|get|email|mail] [me|us] {_SAVED} [{{words}}]",
    },
    question=rf"(?!(?:it|this|that|as)\b|[{QUOTES}])\S.*?",
)
"""What is said beside a schedule."""
