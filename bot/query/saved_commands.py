"""Words about saved questions: `… save as "Name"`, `run Name`, `change "Name" to every monday 9:00`.

They are recognised and taken off before a question is read. What they leave is the question as it was typed:
it is stored so, and read again at each run, so that "last week" is the week before that run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Literal, cast

from bot.query.time.schedule_parser import PATTERN, NoScheduleError, Schedule, read_schedule, schedule_of
from bot.query.tokens import MAX_TEXT, clean_value, fold, word_set

NAME_CHARS = 60
RESERVED = {"help filters"} | word_set(
    "help filters agents saved schedules it this that question examples hi hello list run save delete all"
)
"""Names that would hide a command."""

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
    """Where a scheduled answer goes: an id, or "#name" as a slash command has it; "" is the direct message.

    None means that it was not said."""
    only_if_any: bool | None = None
    """Whether a schedule answers only if a call matches; None means that it was not said."""
    new_name: str = ""
    problem: str | None = None
    """Why it cannot be done, in words for a person."""
    here: bool = False
    """Whether the scheduled answer goes to the channel where this is said."""
    sure: bool = True
    """False: if there is no saved question of this name, the words may be a question of their own."""
    instead: Saving | None = None
    """What the words mean where no saved question has this name, such as “Failures every monday 9:00”."""


QUOTES = '"“”„‟«»'
_ENDS = QUOTES + " .,;:!'‘’"  # noqa: RUF001 - phones type these
_NAME = rf"[{QUOTES}](?P<name>[^{QUOTES}]*)[{QUOTES}]|(?P<bare>[^{QUOTES}]+?)"
_QUOTED = re.compile(rf"[{QUOTES}][^{QUOTES}]*[{QUOTES}]")
_EVERY = re.compile(rf"(?:^|[\s,;]){PATTERN}", re.IGNORECASE)
_ONLY_IF_ANY = re.compile(
    r"(?:^|[\s,;])(?:(?P<any>(?:but\s+)?only\s+(?:if|when)\s+(?:there\s+(?:is|are)\s+)?any(?:thing|\s+calls?)?)"
    r"|even\s+(?:if|when)\s+(?:there\s+(?:is|are)\s+)?(?:none|nothing|no\s+calls?))(?=[\s,.;]|$)",
    re.IGNORECASE,
)
_CHANNEL = re.compile(r"(?:\b(?:in|to|into)\s+)<#([CG][A-Z0-9]{1,30})(?:\|[^>]*)?>", re.IGNORECASE)
_HERE = re.compile(r"(?:^|\s)(?:here|(?:in|to)\s+this\s+channel)(?=\s|$)", re.IGNORECASE)
_DIRECT = re.compile(
    r"(?:^|\s)(?:(?:in|to|into|by|as)\s+(?:a\s+|my\s+)?(?:direct\s+messages?|dms?)|to\s+me)(?=\s|$)",
    re.IGNORECASE,
)
_NAMED_CHANNEL = re.compile(r"(?:^|\s)(?:in|to|into)\s+#([^\s<>]+)", re.IGNORECASE)
_SAVE = re.compile(
    rf"(?:^|[\s,;])(?:and\s+)?(?:please\s+)?(?:save|saved|store|remember)(?:\s+(?:it|this|that))?(?:\s+question)?"
    rf"\s+as\s*:?\s*(?:[{QUOTES}](?P<name>[^{QUOTES}]*)[{QUOTES}](?P<after>.*)|(?P<bare>[^{QUOTES}]+?))\s*[.!]?$",
    re.IGNORECASE,
)
_SAVE_QUESTION = re.compile(
    rf"(?:please\s+)?(?:save|store|remember)\s+(?P<question>(?!(?:it|this|that|as)\b|[{QUOTES}])\S.*?)\s+as\s*:?\s*"
    rf"[{QUOTES}](?P<name>[^{QUOTES}]*)[{QUOTES}]\s*[.!]?",
    re.IGNORECASE,
)
"""“Save failed calls as "Name"”."""
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
    rf"(?P<verb>(?:schedule|run|ask|save)\s+)?(?:(?:my\s+)?saved\s+(?:question\s+)?)?"
    rf"(?:[{QUOTES}](?P<name>[^{QUOTES}]*)[{QUOTES}]|(?P<bare>.+?))\s*[,:]?",
    re.IGNORECASE | re.DOTALL,
)
_CHANGE = re.compile(
    rf"(?:change|edit|update|move|switch|send|post|reschedule|(?P<rename>rename))\s+"
    rf"(?:the\s+(?P<what>name|question|schedule|time|channel|place)\s+of\s+)?(?:(?:my\s+)?saved\s+(?:question\s+)?)?"
    rf"(?:{_NAME})(?:\s*[:,]\s*|\s+(?P<to>(?=(?:to|as|in|into|here|every|each|only|even)\b)))(?P<new>\S.*)",
    re.IGNORECASE,
)
_TO = re.compile(r"(?:to|as)\b(?!\s+(?:<#|#|this\s|me\b|(?:my\s+)?(?:dms?|direct)\b))\s*", re.IGNORECASE)
_PLACE = re.compile(
    r",?\s+(?:(?:in|to|into)\s+(?:<#[^>]*>|#\S+|this\s+channel|my\s+(?:direct\s+messages?|dms?))|here)$",
    re.IGNORECASE,
)
OTHER_VERBS: dict[str, Act] = {"remove": "delete", "forget": "delete", "unpause": "resume"}
_TIMED = re.compile(r"\d(?:\D*)$|noon|midday|midnight", re.IGNORECASE)
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


def read_saving(text: str) -> Saving | None:
    """Return what a text says about saved questions; None when it is a question or something else."""
    if len(text) > MAX_TEXT:
        return None
    text = text.strip()
    if _LIST.fullmatch(text):
        return Saving(act="list")
    if (changed := _CHANGE.fullmatch(text)) is not None:
        return _changing(changed)
    rest, scheduled = when_and_where(text)
    bare = (_SAVE.search(text) or {"bare": ""})["bare"] or ""
    if scheduled.when and bare.startswith(scheduled.when) and not _TIMED.search(scheduled.when):
        rest, scheduled = text, Saving(act="schedule")  # “save as Weekly review”
    named = _SAVE_QUESTION.fullmatch(rest)
    found = named or _SAVE.search(rest)
    if found is not None and (named or not _is_format(found["bare"])):
        name = clean_name(found["name"] if found["name"] is not None else found["bare"])
        parts = (named["question"],) if named else (rest[: found.start()], found["after"])
        question = " ".join(words for part in parts if (words := (part or "").strip(" ,;:")))
        problem = scheduled.problem or name_problem(name)
        return replace(scheduled, act="save", name=name, question=question, problem=problem)
    instead = _scheduled(rest, scheduled)
    done = _DO.fullmatch(text)
    if done is None:
        return instead
    name = clean_name(done["name"] if done["name"] is not None else done["bare"])
    verb = done["verb"].casefold()
    act = OTHER_VERBS.get(verb) or cast("Act", verb)
    # “Daily failures” may be a name: which there are is known to whoever asks.
    return Saving(act=act, name=name, instead=instead if act == "run" else None) if name else None


def _changing(found: re.Match[str]) -> Saving | None:
    """Return what is to become of a saved question: its name, question, schedule or place."""
    quoted = found["name"] is not None
    name, new = clean_name(found["name"] if quoted else found["bare"]), _TO.sub("", found["new"], count=1)
    if not name:
        return None
    change = Saving(act="change", name=name, sure=quoted)
    if found["rename"] or found["what"] == "name":
        return replace(change, new_name=clean_name(new), problem=name_problem(new))
    rest, said = when_and_where(new, anywhere=True)
    said = replace(said, act="change", name=name, sure=quoted)
    if not rest or said.problem is not None:
        return said
    if not said.when:
        try:
            read_schedule(rest, Schedule(frozenset(range(7)), time(9)))
        except NoScheduleError as error:
            if found["what"] in {"schedule", "time"}:
                return replace(said, problem=str(error))
        else:
            return replace(said, when=rest)
    return replace(said, question=rest.strip(QUOTES) if _QUOTED.fullmatch(rest) else rest)


def _is_format(name: str | None) -> bool:
    return name is not None and fold(name).removeprefix("a ").split()[0] in _FORMATS


def when_and_where(text: str, *, anywhere: bool = False) -> tuple[str, Saving]:
    """Take off the last "every monday 9:00" outside quotes, and what is said of it: a channel, "only if any".

    Returns the rest of the text, and when and where in a `Saving`. Without a schedule nothing is taken off,
    unless a place may be named `anywhere`.
    """
    said, after, found = Saving(act="schedule"), "", None
    for found in _EVERY.finditer(_QUOTED.sub(lambda m: '"' * len(m[0]), text)):  # noqa: B007 - the last one
        pass
    if found is not None:
        try:
            said = replace(said, schedule=schedule_of(found), when=found[0].strip(" ,;"))
        except NoScheduleError as error:
            return text, replace(said, when=found[0], problem=str(error))
        text, after = text[: found.start()], text[found.end() :]
    elif not anywhere:
        return text, said
    if (any_ := _ONLY_IF_ANY.search(after) or _ONLY_IF_ANY.search(text)) is not None:
        said = replace(said, only_if_any=bool(any_["any"]))
        text, after = text.replace(any_[0], ""), after.replace(any_[0], "")
    if found is None:
        text, after = "", text
    text, after, said = _place(text, after, said)
    return f"{text.rstrip(' ,;')} {after.lstrip(' ,;')}".strip(), said


def _place(text: str, after: str, said: Saving) -> tuple[str, str, Saving]:
    """Take off where it is to be answered: a channel anywhere, words for a place only after the schedule."""
    if (channel := _CHANNEL.search(after) or _CHANNEL.search(text)) is not None:
        text, after = text.replace(channel[0], ""), after.replace(channel[0], "")
        return text, after, replace(said, channel_id=channel[1])
    if _HERE.match(after):
        return text, _HERE.sub("", after, count=1), replace(said, here=True)
    if _DIRECT.search(after):
        return text, _DIRECT.sub("", after, count=1), replace(said, channel_id="")
    if named := _NAMED_CHANNEL.search(after):
        name = named[1].rstrip(".,;:!?")
        return text, after.replace(named[0], ""), replace(said, channel_id=f"#{name}")
    return text, after, said


def take_place(text: str) -> tuple[str, Saving]:
    """Take off where something is to be told, at the end; returns the rest, and where in a `Saving`."""
    if (found := _PLACE.search(text)) is None:
        return text.strip(), Saving(act="schedule")
    _, rest, said = _place("", " " + found[0].strip(" ,"), Saving(act="schedule"))
    return (text[: found.start()] + rest).strip(), said


def _scheduled(rest: str, scheduled: Saving) -> Saving | None:
    """Return what a schedule without "save as" is for: a saved name, a question, or the one before.

    Days without a time of day are a schedule only for a name in quotes: a question may speak of "every day",
    too. After a verb the time is asked for: "run daily failures" may be a name that nobody saved.
    """
    if not scheduled.when:
        return None
    timed = scheduled.problem is not None or bool(_TIMED.search(scheduled.when))
    named = _SCHEDULED.fullmatch(rest)
    quoted = named is not None and named["name"] is not None
    said = "" if named is None else (named["name"] if quoted else named["bare"]) or ""
    if name_key(said) in {"it", "this", "that"}:
        said = ""
    told = named is not None and bool(named["verb"])
    alone = not rest and " " in scheduled.when  # "daily" alone may go on from a report
    if not (timed or quoted or told or alone):
        return None
    problem = scheduled.problem
    if problem is None and told and not timed and scheduled.schedule is not None:
        what = f"“{clean_name(said)}”" if said else "the question before"
        problem = f"If {what} is to run by itself, say at what time of day: {scheduled.schedule.words()}."
    question = "" if quoted else said.strip()
    return replace(scheduled, name=clean_name(said), question=question, problem=problem, sure=quoted or told)
