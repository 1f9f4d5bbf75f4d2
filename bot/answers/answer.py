"""One answer in progress: the request, where the reply goes, what it may use, its steps."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar
from weakref import WeakValueDictionary

import msgspec

from bot.answers.error_messages import CancelledByAskerError
from bot.answers.ports import Address, Asker, Filed, Mark, People, Posted, Reply, Tabs
from bot.archive.archive_state import ArchiveState
from bot.archive.kept_ids import IdFinder
from bot.blocks.actions import Pointer
from bot.blocks.list_message import Outcome
from bot.blocks.modal_views import ShareForm
from bot.elevenlabs.client import Conversations
from bot.query import CallRef, Query
from bot.store.durable import Checkpoints, Step
from bot.store.exports import Exports
from bot.store.questions import Question, Questions
from bot.store.saved import SavedQuestions, Watches, Welcomed

Kind = Literal["ask", "click", "welcome", "tell"]


class Click(msgspec.Struct, frozen=True, kw_only=True):
    """A button or menu of one of our messages."""

    action_id: str
    value: str = ""
    """What the button carries, or the chosen option."""
    posted: Posted | None = None
    """The clicked message; None for one that only its reader sees."""
    sentence: str | None = None
    """The question that a list message restates, in case it is no longer kept."""


class Scheduled(msgspec.Struct, frozen=True, kw_only=True):
    """A run of a saved question on its schedule. Times are Unix seconds."""

    saved_id: str
    name: str
    schedule: str
    """When it is asked, in words."""
    texts: tuple[str, ...]
    """The question as typed, and its follow-ups."""
    due: float
    """When it was to be asked: relative times are read from here."""
    skipped: int = 0
    """How many earlier times were missed and are not made up for."""
    only_if_any: bool = False
    """Whether nothing is said when no call matches."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to answer. Everything in it is from Slack's payload; stored as JSON."""

    answer_id: str
    """Slack's own id for it: the durable answer has the same."""
    kind: Kind
    address: Address
    asked_at: float
    """Unix seconds, when it arrived; relative times are read from here, also after a crash."""
    text: str = ""
    """The question as typed, without the mention of the bot; keys and tokens in it are masked."""
    pasted_key: str = ""
    """The first key or token that was in the text, masked ("xoxb-…")."""
    command: bool = False
    """Whether a slash command asked, which also gets a glance on the spot."""
    click: Click | None = None
    sharing: ShareForm | None = None
    scheduled: Scheduled | None = None
    """Set when nobody asked just now."""
    watched_id: str = ""
    """Of a "tell": the saved question that is watched."""

    @property
    def moment(self) -> float:
        """From when relative times are read, Unix seconds."""
        return self.asked_at if self.scheduled is None else self.scheduled.due


Start = Callable[[Request], Awaitable[None]]
"""Records a request durably; recording the same id again does nothing."""


class Meter(Protocol):
    """Counts what an operator wants to know."""

    def answered(self, kind: str, outcome: str) -> None:
        """Count an answer; `outcome` is answered, failed, refused or late."""

    def looked(self, outcome: str, seconds: float) -> None:
        """Count a look at all that is watched; `outcome` is done or failed."""

    def step(self, name: str, seconds: float) -> None:
        """Hear that a step of an answer was done, so many seconds after it was asked for."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything an answer may use. Times are Unix seconds."""

    conversations: Conversations
    ids: IdFinder
    questions: Questions
    exports: Exports
    saved: SavedQuestions
    watches: Watches
    welcomed: Welcomed
    people: People
    reply_to: Callable[[Address], Reply]
    """Rebuilds the reply to a stored address."""
    tabs: Tabs
    clock: Callable[[], float]
    week_start: str
    export_rows: int
    """Rows put into a file without asking."""
    base_url: str
    """ElevenLabs' address, for the shown API request."""
    meter: Meter
    alert_seconds: float = 60
    """How often what is watched is looked at."""
    archive_state: Callable[[], Awaitable[ArchiveState]] | None = None
    """What is kept in the database; None where nothing is."""
    locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = field(default_factory=WeakValueDictionary)
    """One update of a message at a time, by channel and ts; one file of a question, by "file" and its id.

    Slack may let an update wait. One for the question before, looked at before and let through after, would
    overwrite the list of the new one.
    """


# --- its steps: the name of each in the database, and what it leaves there ---

# No two steps have the same name. One that earlier versions used stays readable as `formerly`.

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

# Alerts, digests and subscriptions
DAY_MESSAGE = Step("day message", Posted)
TOLD = Step("told", bool)
TOLD_CALL = Step("told call", Posted)
"""One of several: they have numbers."""
DAY_COUNT = Step("day count", bool)


# --- the answer itself ---

T = TypeVar("T")
P = ParamSpec("P")
NOTHING_POINTED_AT = Pointer("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A request, who made it, where the reply goes, and what was done so far."""

    services: Services
    request: Request
    reply: Reply
    steps: Checkpoints
    asker: Asker = field(default_factory=Asker)
    action: str = ""
    """What was pressed, as in `bot.blocks.actions`; "" when the request is no click."""
    copied: bool = False
    """Whether it was pressed on another person's message, and is served as if on a copy of it."""
    pointer: Pointer = NOTHING_POINTED_AT
    """What the pressed button carries."""
    stored: Question | None = None
    """The stored question that a click is about, once it was looked up."""
    query: Query = field(default_factory=Query)
    """The same, parsed."""

    @property
    def address(self) -> Address:
        return self.request.address

    @property
    def posted(self) -> Posted | None:
        """The message that was pressed; None for one that only its reader sees, a modal and Home."""
        return None if self.request.click is None else self.request.click.posted

    @property
    def question(self) -> Question:
        """The stored question that a click is about. Raises LookupError when none was looked up."""
        if self.stored is None:
            raise LookupError("no stored question was looked up")
        return self.stored

    @property
    def pick(self) -> str:
        return self.pointer.pick or ""

    async def run(
        self,
        step: Step[T],
        work: Callable[Concatenate[Answer, P], Awaitable[T]],
        /,
        *args: P.args,
        **options: P.kwargs,
    ) -> T:
        """Do `work` once, and return what it returned, here or in an earlier process.

        `work` is given this answer with a reply that marks what it posts: a step that a process did not
        finish finds by the mark what was posted, and does not post it again.
        """

        async def marked(may_be_begun: bool) -> T:
            mark = Mark(reference(self.steps.answer_id), step.name, self.request.asked_at, may_be_begun)
            result = await work(replace(self, reply=self.reply.marked(mark)), *args, **options)
            self.services.meter.step(step.name, self.services.clock() - self.request.asked_at)
            return result

        return await self.steps.run(step, marked)

    async def once(self, step: Step[bool], work: Callable[[Answer], Awaitable[object]]) -> None:
        """Do `work` once; what it returns is of no interest."""

        async def done(answer: Answer) -> bool:
            await work(answer)
            return True

        await self.run(step, done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
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


def reference(answer_id: str) -> str:
    """Return the short id that stands in the message and in every log line of the answer."""
    return hashlib.sha256(answer_id.encode()).hexdigest()[:8]


@contextlib.asynccontextmanager
async def meanwhile(*works: Coroutine[Any, Any, T]) -> AsyncIterator[list[asyncio.Task[T]]]:
    """Do some work meanwhile; what is not over at the end is cancelled, and what it raises is not raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def unless(work: Coroutine[Any, Any, T], *ends: Coroutine[Any, Any, object]) -> T | None:
    """Return what `work` returns or raises; None when one of `ends` is over before, which cancels it."""
    async with meanwhile(work) as (working,), meanwhile(*ends) as ending:
        await asyncio.wait((working, *ending), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
