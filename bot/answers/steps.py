"""Every step of every answer: its name in the database, and what it leaves there.

No two steps have the same name. A name that earlier versions used stays readable as `formerly`.
"""

from __future__ import annotations

import msgspec

from bot.answers.error_messages import CancelledByAskerError
from bot.answers.ports import Asker, Filed, Posted
from bot.blocks.list_message import Outcome
from bot.query import CallRef
from bot.store.durable import Step

MOST_OPENED = 5
"""Calls opened for one message: so many of their steps have numbers."""


class WantedCall(msgspec.Struct, frozen=True, kw_only=True):
    """Which call is looked for, and near which time (Unix seconds) if one was given."""

    ref: CallRef
    since: int | None = None
    until: int | None = None


class FoundCall(msgspec.Struct, frozen=True, kw_only=True):
    """How a search ended; `words` are for people and name no call."""

    conversation_id: str | None
    words: str = ""
    """How far was looked, when none was found."""
    also: tuple[str, ...] = ()
    """Further conversations that carry the same id."""
    everywhere: bool = False
    """Whether every call was looked at: a time near the call would find no more."""


class CallsToOpen(msgspec.Struct, frozen=True, kw_only=True):
    wanted: tuple[WantedCall, ...]
    notes: tuple[str, ...] = ()
    """What of the text was not used, plain words."""


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """The question is stored, or the asker has been told why not."""

    question_id: str | None
    task: CallsToOpen | None = None
    """The calls to open, when ids were given instead of a question."""
    changes: bool = False
    """Whether the question changes one before it."""
    kept: tuple[str, ...] = ()
    """What a follow-up keeps of the question before, in words."""
    dropped: tuple[str, ...] = ()
    """What it takes away of it."""
    corrected: tuple[tuple[str, str], ...] = ()
    """Words with a typing error, as typed and as read."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    posted: Posted | None
    rows: bool = True
    """Whether there is anything to list, so that a file follows."""
    shared_by: str | None = None


class KnownCall(msgspec.Struct, frozen=True, kw_only=True):
    """What was found without looking through calls."""

    found: FoundCall | None


class SearchMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The message that tells of progress, and what its Cancel refers to."""

    posted: Posted
    key: str


# Of every answer
ASKER = Step("asker", Asker)
LAST_WORDS = Step("say", bool)
"""Refused, failed or too late: nothing comes after it."""
WELCOME = Step("welcome", bool)

# A question
UNDERSTAND = Step("understand", Understood)
LIST = Step("list", Shown)
EMPTY = Step("empty", bool, formerly="glance")
"""Nothing matched, and that was said on the spot: there is no list."""
GLANCE = Step("glance", bool)
CSV = Step("csv", Outcome, formerly="file", final_error=CancelledByAskerError)
SETTLE = Step("settle", bool)
NO_CSV = Step("no file", bool)

# A click on the answer to a question
REFRESH = Step("refresh", bool)
POINTED = Step("pointed", bool)
"""The file that was asked for is there already, and that was said."""
CHOOSE_AGENT = Step("choose", bool)
OWN_QUESTION = Step("own question", str)
"""The same question, asked by who pressed on another person's message, or shares it."""
REFUSE = Step("refuse", bool)
EXPIRED = Step("expired", bool)

# Calls opened by their ids; several in one answer have numbers
FIND = Step("find", KnownCall)
CALL = Step("call", Posted)
CALL_GLANCE = Step("call glance", bool, formerly="glance")
LOOKING = Step("looking", SearchMessage)
LOOKING_WHERE = Step("looking where", bool, formerly="where")
SCAN = Step("scan", FoundCall)

# A click on an opened call
TRANSCRIPT = Step("transcript", Filed, formerly="file")
AUDIO = Step("audio", bool)
FILE_WHERE = Step("file where", bool, formerly="where")

# A click on a saved question
SAVED_CHANGE = Step("saved change", bool, formerly="saved")
SAVED_GONE = Step("gone", bool)

# What is told by itself
DAY_MESSAGE = Step("day message", Posted)
TOLD = Step("told", bool)
TOLD_CALL = Step("told call", Posted)
"""One of several: they have numbers."""
DAY_COUNT = Step("day count", bool)
