"""From any id of a call to its conversation: ids already known, the API's filter, then a look at the calls.

The API has no way from a carrier's id to a conversation that its documentation promises. So what is known
comes first, then the filter on `system__call_sid`, which may be absent, ignored or refused, and whose answer
is only believed when the detail confirms it; at last calls are opened one by one, outward from the time given
or from now. The answer says which way it was, or how far was looked.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.answers.answer import Services, unless
from bot.answers.steps import FoundCall, WantedCall
from bot.blocks.text import day, plural
from bot.elevenlabs.errors import ElevenLabsError, NotFound, only_this_request_failed
from bot.model import CallIds, Conversation, IdState, PhoneCall, Selection
from bot.query import CallRef

AT_ONCE = 100
"""Calls whose details are asked for side by side, before progress is looked at."""
MOST_CALLS = 20_000
"""Calls checked for one id, at most."""
MOST_SECS = 600.0
"""Seconds spent on one id, at most."""
SHOWN_EVERY_SECS = 1.5
"""Slack takes some fifty updates a minute from the whole app."""
DAY = 86_400


@dataclass
class SearchProgress:
    """How far the search through the calls has come."""

    calls: int = 0
    unreadable: int = 0
    back_to: float | None = None
    """The earliest start among the calls checked, Unix seconds."""
    gave_up: str | None = None
    """Why it stopped before the end, in words."""

    def add(self, rows: Sequence[Conversation], ids: Mapping[str, CallIds]) -> None:
        starts = [row.start_time_unix_secs for row in rows]
        self.calls += len(rows)
        self.back_to = min([*starts, *([] if self.back_to is None else [self.back_to])])
        self.unreadable += sum(each.state is IdState.FAILED for each in ids.values())

    def words(self, tz: tzinfo, *, cancelled: bool) -> str:
        """Say how far was looked, in whole sentences."""
        checked = plural(self.calls, "phone call")
        if self.back_to is not None:
            checked += f", back to {day(self.back_to, tz)}"
        unreadable = (
            f" {plural(self.unreadable, 'call')} of them could not be read." if self.unreadable else ""
        )
        if cancelled:
            return f"Stopped after checking {checked}.{unreadable}"
        if self.gave_up:
            return f"I checked {checked}. {self.gave_up}{unreadable}"
        if not self.calls:
            return "There is no phone call that could have it."
        return f"I checked every phone call that could have it: {checked}.{unreadable}"


async def find_without_search(services: Services, ref: CallRef) -> FoundCall | None:
    """Find a call by ids already known, or by one filtered list and the details that confirm it."""
    if ref.kind == "conversation_id":
        return FoundCall(conversation_id=ref.value)
    carriers = await services.ids.carried_by(ref.value)
    known = [each for each in carriers if await _confirmed(services, each, ref)]
    if known:
        return FoundCall(conversation_id=known[0], also=tuple(known[1:4]))
    call = await services.conversations.find_sid(ref.value)
    if call is None:
        return None
    await services.ids.learn(call)
    return FoundCall(conversation_id=call.conversation_id)


async def _confirmed(services: Services, conversation_id: str, ref: CallRef) -> bool:
    try:
        call = await services.conversations.call(conversation_id)
    except ElevenLabsError as error:
        if isinstance(error, NotFound):
            await services.ids.forget(conversation_id)
        if only_this_request_failed(error):
            return False  # what cannot be opened cannot be shown: look on
        raise
    return _carries(call.phone, ref)


async def search_calls(
    services: Services,
    wanted: WantedCall,
    tz: tzinfo,
    show_progress: Callable[[SearchProgress], Awaitable[None]],
    *,
    stop: asyncio.Event | None = None,
) -> FoundCall:
    """Look through the phone calls, outward from the time given or from now; shows progress on the way.

    It ends when `stop` is set, and when `show_progress` raises, since nobody sees the progress then. Raises
    what the client raises.
    """
    progress = SearchProgress()

    async def keep_showing() -> None:
        while True:
            await asyncio.sleep(SHOWN_EVERY_SECS)
            await show_progress(progress)

    async def search() -> FoundCall:
        found = await _search(services, wanted, progress)
        if found is not None:
            return FoundCall(conversation_id=found)
        everywhere = progress.gave_up is None
        words = progress.words(tz, cancelled=False)
        return FoundCall(conversation_id=None, words=words, everywhere=everywhere)

    found = await unless(search(), keep_showing(), (stop or asyncio.Event()).wait())
    return found or FoundCall(conversation_id=None, words=progress.words(tz, cancelled=True))


async def _search(services: Services, wanted: WantedCall, progress: SearchProgress) -> str | None:
    oldest = await services.conversations.first(Selection(oldest_first=True))
    if not oldest.rows:
        return None
    began = asyncio.get_running_loop().time()
    first_start = oldest.rows[0].start_time_unix_secs
    for part in outward(wanted.since, wanted.until, oldest=first_start, now=int(services.clock())):
        async with contextlib.aclosing(_candidates(services, part, wanted.ref, progress)) as candidates:
            async for rows in candidates:
                ids = await services.ids.find(rows)
                progress.add(rows, ids)
                for row in rows:
                    if _carries(ids[row.conversation_id].phone, wanted.ref):
                        return row.conversation_id
                if progress.calls >= MOST_CALLS:
                    progress.gave_up = f"I stopped after {plural(progress.calls, 'call')}."
                elif asyncio.get_running_loop().time() - began > MOST_SECS:
                    progress.gave_up = f"I stopped after {MOST_SECS / 60:.0f} minutes."
                if progress.gave_up:
                    return None
    return None


async def _candidates(
    services: Services, part: Selection, ref: CallRef, progress: SearchProgress
) -> AsyncGenerator[list[Conversation], None]:
    """Yield the calls of a part of time that may carry the id, some at once."""
    waiting: list[Conversation] = []
    async with contextlib.aclosing(services.conversations.retrieve(part)) as stream:
        async for batch in stream:
            waiting += [row for row in batch if _may_carry(row, ref)]
            while len(waiting) >= AT_ONCE:
                yield waiting[:AT_ONCE]
                waiting = waiting[AT_ONCE:]
        progress.unreadable += len(stream.feed.unplaced)
    if waiting:
        yield waiting


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


def _may_carry(row: Conversation, ref: CallRef) -> bool:
    """Whether a row may be the call with this id. A source that is not known to us may be anything.

    `SCL_…` and Call-IDs are SIP's, `CA…` is Twilio's.
    """
    of_twilio = ref.kind == "call_sid" and ref.value.startswith("CA")
    others = {"scl": {"twilio", "exotel"}, "sip_call_id": {"twilio"}}
    excluded = others.get(ref.kind, {"exotel"} if of_twilio else {"twilio"})
    return row.may_be_phone and row.conversation_initiation_source not in excluded


def _carries(phone: PhoneCall | None, ref: CallRef) -> bool:
    return phone is not None and ref.value in {phone.call_id, phone.call_sid}
