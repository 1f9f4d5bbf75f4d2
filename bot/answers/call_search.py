"""From any id of a call to the call, as a message: ids already known, the API's filter, a look at the calls.

The API has no way from a carrier's id to a conversation that its documentation promises. So what is known
comes first, then the filter on `system__call_sid`, which may be absent, ignored or refused, and whose answer
is only believed when the detail confirms it; at last calls are opened one by one, those near the time given
first. The answer says how far was looked.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from bot.answers.answer import (
    CALL,
    CALL_GLANCE,
    FIND,
    LOOKING,
    LOOKING_WHERE,
    MOST_OPENED,
    SCAN,
    Answer,
    CallsToOpen,
    FoundCall,
    KnownCall,
    SearchMessage,
    Services,
    WantedCall,
    unless,
)
from bot.answers.placement import moved, show_notice
from bot.answers.ports import Posted, ReplyError
from bot.blocks.call_message import CallView, call_message, looking_message, not_found_message
from bot.blocks.text import day, link, plural
from bot.elevenlabs.errors import ElevenLabsError, NotFound, only_this_request_failed
from bot.model import CallIds, Conversation, IdState, Message, PhoneCall, Selection
from bot.query import CallRef, Parsed
from bot.store.questions import new_question_id

log = structlog.get_logger(__name__)

AT_ONCE = 100
"""Calls whose details are asked for side by side, before progress is looked at."""
MOST_CALLS = 20_000
MOST_SECS = 600.0
"""Seconds spent on one id, at most."""
SHOWN_EVERY_SECS = 1.5
"""Slack takes some fifty updates a minute from the whole app."""
DAY = 86_400


@dataclass
class SearchProgress:
    calls: int = 0
    unreadable: int = 0
    back_to: float = math.inf
    """The earliest start among the calls checked, Unix seconds."""
    gave_up: str | None = None
    """Why it stopped before the end, in words."""

    def add(self, rows: Sequence[Conversation], ids: Mapping[str, CallIds]) -> None:
        self.calls += len(rows)
        self.back_to = min(self.back_to, *(row.start_time_unix_secs for row in rows))
        self.unreadable += sum(each.state is IdState.FAILED for each in ids.values())

    def words(self, tz: tzinfo, said: str = "{} checked") -> str:
        back_to = "" if self.back_to == math.inf else f", back to {day(self.back_to, tz)}"
        return said.format(plural(self.calls, "phone call")) + back_to

    def ended(self, tz: tzinfo, *, cancelled: bool) -> str:
        """Say how far was looked, in whole sentences."""
        unreadable = plural(self.unreadable, "call")
        left = f" {unreadable} of them could not be read." if self.unreadable else ""
        if cancelled:
            return f"{self.words(tz, 'Stopped after checking {}')}.{left}"
        if self.gave_up:
            return f"{self.words(tz, 'I checked {}')}. {self.gave_up}{left}"
        if not self.calls:
            return "There is no phone call that could have it."
        return f"{self.words(tz, 'I checked every phone call that could have it: {}')}.{left}"


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
    """Look through the phone calls, those near the time given first.

    It ends when `stop` is set, and when `show_progress` raises, since nobody sees the progress then.
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
        words = progress.ended(tz, cancelled=False)
        return FoundCall(conversation_id=None, words=words, everywhere=progress.gave_up is None)

    found = await unless(search(), keep_showing(), (stop or asyncio.Event()).wait())
    return found or FoundCall(conversation_id=None, words=progress.ended(tz, cancelled=True))


async def _search(services: Services, wanted: WantedCall, progress: SearchProgress) -> str | None:
    """Look where the call may be near, if a time is given, then through all calls, newest first."""
    began, checked = asyncio.get_running_loop().time(), set[str]()
    near = Selection(
        since=None if wanted.since is None else wanted.since - DAY,
        until=None if wanted.until is None else wanted.until + DAY,
    )
    for part in dict.fromkeys((near, Selection())):
        async with services.conversations.retrieve(part) as stream:
            async for batch in stream:
                able = (row for row in batch if _may_carry(row, wanted.ref))
                waiting = [row for row in able if row.conversation_id not in checked]
                for rows in (waiting[at : at + AT_ONCE] for at in range(0, len(waiting), AT_ONCE)):
                    ids = await services.ids.find(rows)
                    checked.update(ids)
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
    progress.unreadable += len(stream.feed.unplaced)
    return None


def _may_carry(row: Conversation, ref: CallRef) -> bool:
    """Whether a row may have this id: `SCL_…` and Call-IDs are SIP's, `CA…` is Twilio's."""
    of_twilio = ref.kind == "call_sid" and ref.value.startswith("CA")
    others = {"scl": {"twilio", "exotel"}, "sip_call_id": {"twilio"}}
    excluded = others.get(ref.kind, {"exotel"} if of_twilio else {"twilio"})
    return row.may_be_phone and row.conversation_initiation_source not in excluded


def _carries(phone: PhoneCall | None, ref: CallRef) -> bool:
    return phone is not None and ref.value in {phone.call_id, phone.call_sid}


# --- what was found ---

_GONE = "ElevenLabs has no such conversation: it may be deleted, or belong to another ElevenLabs workspace."
_OF_ANOTHER = "Check the id: the call may belong to another ElevenLabs workspace."
NotFoundWords = tuple[str, str | None]
"""How far was looked, and what to do next; None for the usual advice."""


async def call_view(services: Services, conversation_id: str, tz: ZoneInfo, *notes: str) -> CallView:
    """Return what one opened call shows. Raises NotFound and what else the client raises."""
    call = await services.conversations.call(conversation_id)
    await services.ids.learn(call)
    return CallView(call=call, tz=tz, now=services.clock(), notes=notes)


async def found_view(
    services: Services, found: FoundCall, tz: ZoneInfo, *notes: str
) -> CallView | NotFoundWords:
    if found.conversation_id is None:
        return found.words, _OF_ANOTHER if found.everywhere else None
    also = [f"the same id is also carried by {', '.join(found.also)}"] if found.also else []
    try:
        return await call_view(services, found.conversation_id, tz, *notes, *also)
    except NotFound:
        await services.ids.forget(found.conversation_id)
        return _GONE, "Check the id."


# --- as a message ---


def calls_to_open(parsed: Parsed) -> CallsToOpen:
    """Return what is to be opened; the time given says where to look first."""
    since, until = (
        None if moment is None else int(moment.timestamp())
        for moment in (parsed.query.since, parsed.query.until)
    )
    wanted = [WantedCall(ref=ref, since=since, until=until) for ref in parsed.ids[:MOST_OPENED]]
    notes = []
    if words := [unknown.word for unknown in parsed.unknown]:
        notes.append(f"not understood: {', '.join(words[:8])}")
    if filters := [name for name in parsed.query.filters() if name != "time"]:
        notes.append(f"opened by its id alone, without {', '.join(filters)}")
    notes += parsed.problems[:2]
    if len(parsed.ids) > MOST_OPENED:
        notes.append(f"only the first {MOST_OPENED} of {len(parsed.ids)} ids are opened")
    return CallsToOpen(wanted=tuple(wanted), notes=tuple(notes))


async def open_calls(answer: Answer, task: CallsToOpen) -> None:
    for number, wanted in enumerate(task.wanted):
        await _OneOfCalls(wanted, number, () if number else task.notes).open(answer)


@dataclass(frozen=True, slots=True)
class _OneOfCalls:
    """One call of an answer: finding, posting and showing it are checkpoints of their own.

    While calls are looked through, one message tells how far it has come, and becomes the call.
    """

    wanted: WantedCall
    number: int
    """Which one it is, from 0: its steps have the same number."""
    notes: Sequence[str]

    async def open(self, answer: Answer) -> None:
        """Find and show it; a command's call is also shown on the spot."""
        number, services = self.number, answer.services

        async def find(_answer: Answer) -> KnownCall:
            return KnownCall(found=await find_without_search(services, self.wanted.ref))

        if (known := (await answer.run(FIND.number(number), find)).found) is not None:
            posted = await answer.run(CALL.number(number), self._show, known, None)
            if answer.request.command and posted.channel_id != answer.address.channel_id:
                await answer.run(CALL_GLANCE.number(number), self._glance, known)
            return
        looking = await answer.run(LOOKING.number(number), self._announce)
        if answer.request.command and looking.posted.channel_id != answer.address.channel_id:
            await answer.run(LOOKING_WHERE.number(number), _say_where, looking.posted)
        searched = await answer.run(SCAN.number(number), self._search, looking)
        await answer.run(CALL.number(number), self._show, searched, looking.posted)

    async def _announce(self, answer: Answer) -> SearchMessage:
        key = new_question_id()
        posted = await show_notice(answer, self._looking(answer, key, SearchProgress()))
        return SearchMessage(posted=posted, key=key)

    def _looking(self, answer: Answer, key: str, progress: SearchProgress) -> Message:
        return looking_message(self.wanted.ref.value, progress.words(ZoneInfo(answer.asker.tz)), key)

    async def _search(self, answer: Answer, looking: SearchMessage) -> FoundCall:
        services, key, tz = answer.services, looking.key, ZoneInfo(answer.asker.tz)

        async def show_progress(progress: SearchProgress) -> None:
            try:
                await answer.reply.progress(looking.posted, partial(self._looking, answer, key, progress))
            except ReplyError as refused:
                log.info("progress not shown", code=refused.code)

        async with services.exports.place(
            f"{answer.steps.answer_id} {key}", question_id=key, user_id=answer.address.user_id, search=True
        ) as place:
            return await search_calls(services, self.wanted, tz, show_progress, stop=place.cancelled)

    async def _show(self, answer: Answer, found: FoundCall, posted: Posted | None) -> Posted:
        """Post the call, or put it in the place of the message that told of progress."""
        if posted is None:
            posted = await show_notice(answer, await self._message(answer, found))
            if posted.moved_because is None:
                return posted
        await answer.reply.update(posted, await self._message(answer, found, *moved(posted)))
        return posted

    async def _glance(self, answer: Answer, found: FoundCall) -> bool:
        return await answer.reply.glance(await self._message(answer, found))

    async def _message(self, answer: Answer, found: FoundCall, *notes: str) -> Message:
        tz = ZoneInfo(answer.asker.tz)
        view = await found_view(answer.services, found, tz, *self.notes, *notes)
        if isinstance(view, CallView):
            return call_message(view)
        return not_found_message(self.wanted.ref.value, *view)


async def _say_where(answer: Answer, posted: Posted) -> bool:
    address = await answer.reply.link(posted)
    where = link(address, "in your direct messages") if address else "in your direct messages"
    words = f"I am looking through the calls: the answer comes {where}."
    return await answer.reply.glance(Message(text=words))
