"""Words about saved questions: `… save as "Name"`, `run Name`, `delete "Name"`, `every monday 9:00`.

They are recognised and taken off before a question is read. What they leave is the question as it was typed:
it is stored so, and read again at each run, so that "last week" is the week before that run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, cast

from bot.query.time.schedule_parser import PATTERN, NoScheduleError, Schedule, schedule_of
from bot.query.tokens import MAX_TEXT, clean_value, fold, word_set

NAME_CHARS = 60
RESERVED = {"help filters"} | word_set(
    "help filters agents saved schedules it this that question examples hi hello list run save delete all"
)
"""Names that would hide a command."""

Act = Literal["save", "schedule", "list", "run", "delete", "pause", "resume"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What is to be done with a saved question."""

    act: Act
    name: str = ""
    """As typed; "" in `save` means that the question's own words are its name."""
    question: str = ""
    """In `save`, the words of the question; "" means the one asked before."""
    schedule: Schedule | None = None
    channel_id: str | None = None
    """Where a scheduled answer goes; None is the direct message."""
    problem: str | None = None
    """Why it cannot be done, in words for a person."""
    here: bool = False
    """Whether the scheduled answer goes to the channel where this is said."""
    sure: bool = True
    """False: if there is no saved question of this name, the words may be a question of their own."""
    instead: Saving | None = None
    """What the words mean where no saved question has this name, such as “Failures every monday 9:00”."""


_QUOTES = '"“”„‟«»'
_ENDS = _QUOTES + " .,;:!'‘’"  # noqa: RUF001 - phones type these
_NAME = rf"[{_QUOTES}](?P<name>[^{_QUOTES}]*)[{_QUOTES}]|(?P<bare>[^{_QUOTES}]+?)"
_QUOTED = re.compile(rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]")
_EVERY = re.compile(rf"(?:^|[\s,;]){PATTERN}", re.IGNORECASE)
_CHANNEL = re.compile(r"(?:\b(?:in|to|into)\s+)<#([CG][A-Z0-9]{1,30})(?:\|[^>]*)?>", re.IGNORECASE)
_HERE = re.compile(r"(?:^|\s)(?:here|(?:in|to)\s+this\s+channel)(?=\s|$)", re.IGNORECASE)
_NAMED_CHANNEL = re.compile(r"(?:^|\s)(?:in|to|into)\s+#([^\s<>]+)", re.IGNORECASE)
_SAVE = re.compile(
    rf"(?:^|[\s,;])(?:and\s+)?(?:please\s+)?(?:save|saved|store|remember)(?:\s+(?:it|this|that))?(?:\s+question)?"
    rf"\s+as\s*:?\s*(?:{_NAME})\s*[.!]?$",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"(?:(?:list|show)\s+)?(?:me\s+)?(?:all\s+)?(?:my\s+)?(?:saved|saved\s+questions?|schedules?|scheduled(?:\s+questions?)?)"
    r"\s*[?.!]?",
    re.IGNORECASE,
)
_DO = re.compile(
    rf"(?P<verb>run|delete|remove|forget|pause|resume|unpause)\s+(?P<saved>(?:my\s+)?saved\s+(?:question\s+)?)?"
    rf"(?:{_NAME})\s*[.!]?",
    re.IGNORECASE,
)
_SCHEDULED = re.compile(
    rf"(?P<verb>(?:schedule|run|ask)\s+)?(?:(?:my\s+)?saved\s+(?:question\s+)?)?(?:{_NAME})\s*[,:]?",
    re.IGNORECASE,
)
_OTHER_VERBS: dict[str, Act] = {"remove": "delete", "forget": "delete", "unpause": "resume"}
_FORMATS = word_set("csv excel file pdf spreadsheet table xlsx")
"""“save as CSV” names no question."""


def name_key(name: str) -> str:
    """Return what two names have in common that mean the same."""
    return fold(clean_name(name))


def clean_name(name: str) -> str:
    """Return a name as it is kept: one line, no invisible marks, no quotation marks."""
    return clean_value(re.sub(f"[{_QUOTES}]", "", name)).strip(_ENDS)[:NAME_CHARS].strip()


def name_problem(name: str) -> str | None:
    """Return why a name cannot be given, in words for a person."""
    if not clean_name(name):
        return 'The name is missing. Say for example save as "Monday failures".'
    if name_key(name) in RESERVED:
        return f"“{clean_name(name)}” is a word that I know as a command. Choose another name."
    return None


def read_saving(text: str) -> Saving | None:
    """Return what a text says about saved questions; None when it is a question or something else."""
    if len(text) > MAX_TEXT:
        return None
    text = text.strip()
    if _LIST.fullmatch(text):
        return Saving(act="list")
    rest, timed, scheduled = _when_and_where(text)
    found = _SAVE.search(rest)
    if found is not None and not _is_format(found["bare"]):
        name = clean_name(found["name"] if found["name"] is not None else found["bare"])
        question, problem = rest[: found.start()].strip(" ,;"), scheduled.problem or name_problem(name)
        return replace(scheduled, act="save", name=name, question=question, problem=problem)
    instead = _scheduled(rest, scheduled, timed=timed)
    done = _DO.fullmatch(text)
    if done is None:
        return instead
    name = clean_name(done["name"] if done["name"] is not None else done["bare"])
    verb = done["verb"].casefold()
    act = _OTHER_VERBS.get(verb) or cast("Act", verb)
    # “Daily failures” may be a name: which there are is known to whoever asks.
    return Saving(act=act, name=name, instead=instead if act == "run" else None) if name else None


def _is_format(name: str | None) -> bool:
    return name is not None and fold(name).removeprefix("a ").split()[0] in _FORMATS


def _when_and_where(text: str) -> tuple[str, bool, Saving]:
    """Take off the last "every monday 9:00" outside quotes, and a channel if there is such.

    Returns the rest of the text, whether a time of day is named, and when and where in a `Saving`.
    """
    found = None
    for found in _EVERY.finditer(_QUOTED.sub(lambda m: '"' * len(m[0]), text)):  # noqa: B007 - the last one
        pass
    if found is None:
        return text, False, Saving(act="schedule")
    try:
        schedule = schedule_of(found)
    except NoScheduleError as error:
        return text, True, Saving(act="schedule", problem=str(error))
    before, after = text[: found.start()], text[found.end() :]
    channel_id, here, problem = None, False, None
    if (channel := _CHANNEL.search(after) or _CHANNEL.search(before)) is not None:
        before, after = before.replace(channel[0], ""), after.replace(channel[0], "")
        channel_id = channel[1]
    elif _HERE.match(after):
        after, here = _HERE.sub("", after, count=1), True
    elif named := _NAMED_CHANNEL.search(after):
        problem = (
            f"I cannot tell from here which channel #{named[1]} is. Say “here” in that channel, or "
            "choose Save this question in the … menu under an answer, and the channel there."
        )
    rest = f"{before.rstrip(' ,;')} {after.lstrip(' ,;')}".strip()
    said = Saving(act="schedule", schedule=schedule, channel_id=channel_id, here=here, problem=problem)
    return rest, bool(found["hour"] or found["name"]), said


def _scheduled(rest: str, scheduled: Saving, *, timed: bool) -> Saving | None:
    """Return what a schedule without "save as" is for: a saved name, a question, or the one before.

    Days without a time of day are a schedule only for a name in quotes: a question may speak of "every day",
    too. After a verb the time is asked for: "run daily failures" may be a name that nobody saved.
    """
    if scheduled.schedule is None and scheduled.problem is None:
        return None
    named = _SCHEDULED.fullmatch(rest)
    quoted = named is not None and named["name"] is not None
    said = "" if named is None else (named["name"] if quoted else named["bare"]) or ""
    if name_key(said) in {"it", "this", "that"}:
        said = ""
    told = named is not None and bool(named["verb"])
    if not (timed or quoted or told or not rest):
        return None
    problem = scheduled.problem
    if problem is None and told and not timed and scheduled.schedule is not None:
        what = f"“{clean_name(said)}”" if said else "the question before"
        problem = (
            f"If {what} is to be asked by itself, say at what time of day: {scheduled.schedule.words()}."
        )
    question = "" if quoted else said.strip()
    return replace(scheduled, name=clean_name(said), question=question, problem=problem, sure=quoted or told)
