"""From any id of a call to its conversation: ids already known, the API's filter, then a look at the calls.

The API has no way from a carrier's id to a conversation that its documentation promises. So what is known
comes first, then the filter on `system__call_sid`, which may be absent, ignored or refused, and whose answer
is only believed when the detail confirms it; at last calls are opened one by one, outward from the time given
or from now. The answer says which way it was, or how far was looked.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

import msgspec

from bot.answers.services import Services
from bot.blocks.text import day, plural
from bot.elevenlabs.errors import ElevenLabsError, NotFound, about_one
from bot.model import Call, CallIds, Conversation, IdState, Selection

AT_ONCE = 100
"""CallTable whose details are asked for side by side, before progress is looked at."""
MOST_CALLS = 20_000
"""CallTable checked for one id, at most."""
MOST_SECS = 600.0
"""Seconds spent on one id, at most."""
TOLD_EVERY_SECS = 1.5
"""Slack takes some fifty updates a minute from the whole app."""
DAY = 86_400
_NOT_TWILIO = frozenset({"twilio"})
_NOT_EXOTEL = frozenset({"exotel"})


class Ref(msgspec.Struct, frozen=True, kw_only=True):
    """An id as it was given: `kind` as in `bot.query.CallRef`."""

    kind: str
    value: str


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which call is looked for, and near which time (Unix seconds) if one was given."""

    ref: Ref
    since: int | None = None
    until: int | None = None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """How a search ended; `words` are for people and name no call."""

    conversation_id: str | None
    words: str = ""
    """How far was looked, when none was found."""
    also: tuple[str, ...] = ()
    """Further conversations that carry the same id."""
    everywhere: bool = False
    """Whether every call was looked at: a time near the call would find no more."""

    @property
    def next_step(self) -> str | None:
        """What to do when nothing was found; None for the usual advice."""
        return (
            "Check the id: the call may belong to another ElevenLabs workspace." if self.everywhere else None
        )


@dataclass
class Looked:
    """How far the look through the calls has come."""

    calls: int = 0
    unreadable: int = 0
    back_to: float | None = None
    up_to: float | None = None
    """The earliest and latest start among the calls checked."""
    cancelled: bool = False
    over: str | None = None
    """Why it stopped before the end."""

    def add(self, rows: Sequence[Conversation]) -> None:
        """Count rows as checked."""
        starts = [row.start_time_unix_secs for row in rows]
        self.calls += len(rows)
        self.back_to = min([*starts, *([] if self.back_to is None else [self.back_to])])
        self.up_to = max([*starts, *([] if self.up_to is None else [self.up_to])])

    def span(self, tz: tzinfo) -> str:
        """Say what was checked: "1,234 phone calls, back to Mon 3 Nov 2025"."""
        words = plural(self.calls, "phone call")
        return words if self.back_to is None else f"{words}, back to {day(self.back_to, tz)}"


Tell = Callable[[Looked], Awaitable[None]]


class Finding:
    """Finds conversations by the ids of their calls."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def quick(self, ref: Ref) -> Found | None:
        """Find without looking through calls: at most one filtered list and the details that confirm it."""
        if ref.kind == "conversation_id":
            return Found(conversation_id=ref.value)
        carriers = await self._services.ids.carried_by(ref.value)
        known = [each for each in carriers if await self._confirmed(each, ref)]
        if known:
            return Found(conversation_id=known[0], also=tuple(known[1:4]))
        call = await self._services.conversations.find_sid(ref.value)
        if call is None:
            return None
        await self._services.ids.learn(call)
        return Found(conversation_id=call.conversation_id)

    async def _confirmed(self, conversation_id: str, ref: Ref) -> bool:
        try:
            call = await self._services.conversations.call(conversation_id)
        except ElevenLabsError as error:
            if isinstance(error, NotFound):
                await self._services.ids.forget(conversation_id)
            if about_one(error):
                return False  # what cannot be opened cannot be shown: look on
            raise
        return carries(call, ref)

    async def scan(
        self, wanted: Wanted, tz: tzinfo, tell: Tell, *, stop: asyncio.Event | None = None
    ) -> Found:
        """Look through the phone calls, outward from the time given or from now; `tell` hears of progress.

        `stop`, once set, ends it. Raises what the client raises; an error of `tell` ends the search.
        """
        looked = Looked()
        search = asyncio.create_task(self._scan(wanted, looked))
        try:
            async with _stopping(stop or asyncio.Event(), looked, search), _telling(tell, looked, search):
                conversation_id = await search
        except asyncio.CancelledError:
            if not looked.cancelled:
                raise
            conversation_id = None
        finally:
            search.cancel()
            await asyncio.gather(search, return_exceptions=True)
        checked = looked.span(tz)
        if conversation_id is not None:
            return Found(conversation_id=conversation_id)
        everywhere = not (looked.cancelled or looked.over)
        words = _how_far(looked, checked)
        return Found(conversation_id=None, words=words, everywhere=everywhere)

    async def _scan(self, wanted: Wanted, looked: Looked) -> str | None:
        oldest = await self._services.conversations.first(Selection(oldest_first=True))
        if not oldest.rows:
            return None
        began = asyncio.get_running_loop().time()
        first_start = oldest.rows[0].start_time_unix_secs
        for part in outward(wanted.since, wanted.until, oldest=first_start, now=int(self._services.clock())):
            async with contextlib.aclosing(self._candidates(part, wanted.ref, looked)) as candidates:
                async for rows in candidates:
                    found = await self._among(rows, wanted.ref.value, looked)
                    if found is not None:
                        return found
                    if looked.calls >= MOST_CALLS:
                        looked.over = f"I stopped after {plural(looked.calls, 'call')}."
                    elif asyncio.get_running_loop().time() - began > MOST_SECS:
                        looked.over = f"I stopped after {MOST_SECS / 60:.0f} minutes."
                    if looked.over:
                        return None
        return None

    async def _among(self, rows: Sequence[Conversation], value: str, looked: Looked) -> str | None:
        """Return which of these calls has the id."""
        ids = await self._services.ids.find(rows)
        looked.add(rows)
        looked.unreadable += sum(each.state is IdState.FAILED for each in ids.values())
        return next((row.conversation_id for row in rows if _has(ids.get(row.conversation_id), value)), None)

    async def _candidates(
        self, part: Selection, ref: Ref, looked: Looked
    ) -> AsyncGenerator[list[Conversation], None]:
        """Yield the calls of a part of time that may carry the id, some at once."""
        waiting: list[Conversation] = []
        async with contextlib.aclosing(self._services.conversations.retrieve(part)) as stream:
            async for batch in stream:
                waiting += [row for row in batch if may_carry(row, ref)]
                while len(waiting) >= AT_ONCE:
                    yield waiting[:AT_ONCE]
                    waiting = waiting[AT_ONCE:]
            looked.unreadable += stream.unplaced
        if waiting:
            yield waiting


@contextlib.asynccontextmanager
async def _stopping(
    stop: asyncio.Event, looked: Looked, search: asyncio.Task[str | None]
) -> AsyncIterator[None]:
    """End a search when it is asked to stop."""

    async def wait() -> None:
        await stop.wait()
        looked.cancelled = True
        search.cancel()

    task = asyncio.create_task(wait())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def _telling(tell: Tell, looked: Looked, search: asyncio.Task[str | None]) -> AsyncIterator[None]:
    """Tell of progress now and then; when nobody listens any more, the search is over."""

    async def keep_telling() -> None:
        while True:
            await asyncio.sleep(TOLD_EVERY_SECS)
            await tell(looked)

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            looked.cancelled = True
            search.cancel()

    task = asyncio.create_task(keep_telling())
    task.add_done_callback(ended)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def outward(since: int | None, until: int | None, *, oldest: int, now: int) -> Iterator[Selection]:
    """Cut all time from the oldest call on into parts: the time given first, then both ways, ever wider.

    Without a time it begins with the last day. The parts meet without a gap and hold no call twice; the
    newest one has no end, so that a call which began after our clock's now is in it.
    """
    begin = since if since is not None else (now if until is None else until) - DAY
    low = max(oldest, begin)
    high = until if until is not None and until <= now else None
    if high is None or low < high:
        yield Selection(since=low, until=high)
    else:
        low = high
    width = DAY
    while low > oldest or high is not None:
        if high is not None:
            following = high + width
            yield Selection(since=high, until=following if following <= now else None, oldest_first=True)
            high = following if following <= now else None
        if low > oldest:
            yield Selection(since=max(oldest, low - width), until=low)
            low = max(oldest, low - width)
        width *= 2


def may_carry(row: Conversation, ref: Ref) -> bool:
    """Whether a row may be the call with this id. A source that is not known to us may be anything."""
    if not row.may_be_phone:
        return False
    return row.conversation_initiation_source not in _excluded(ref)


def _excluded(ref: Ref) -> frozenset[str]:
    """Return the sources whose ids look otherwise: `SCL_…` and Call-IDs are SIP's, `CA…` is Twilio's."""
    if ref.kind == "scl":
        return _NOT_TWILIO | _NOT_EXOTEL
    if ref.kind == "sip_call_id":
        return _NOT_TWILIO
    return _NOT_EXOTEL if ref.value.startswith("CA") else _NOT_TWILIO


def carries(call: Call, ref: Ref) -> bool:
    """Whether an opened call has this id."""
    return call.phone is not None and ref.value in {call.phone.call_id, call.phone.call_sid}


def _has(ids: CallIds | None, value: str) -> bool:
    return ids is not None and ids.phone is not None and value in {ids.phone.call_id, ids.phone.call_sid}


def _how_far(looked: Looked, checked: str) -> str:
    """Say how far was looked, in whole sentences."""
    unreadable = (
        f" {plural(looked.unreadable, 'call')} of them could not be read." if looked.unreadable else ""
    )
    if looked.cancelled:
        return f"Stopped after checking {checked}.{unreadable}"
    if looked.over:
        return f"I checked {checked}. {looked.over}{unreadable}"
    if not looked.calls:
        return "There is no phone call that could have it."
    return f"I checked every phone call that could have it: {checked}.{unreadable}"
