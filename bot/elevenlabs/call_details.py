"""One conversation at a time: opened, its carrier's ids, and the way back from a carrier's id."""

from __future__ import annotations

from collections.abc import Callable

from cachetools import LRUCache, TTLCache

from bot.elevenlabs.call_decoding import decode_call, decode_ids
from bot.elevenlabs.errors import ElevenLabsError, NotFound, RateLimited, Unavailable, about_one
from bot.elevenlabs.request import SID_CANDIDATES, call_request, call_sid_request
from bot.elevenlabs.retry_policy import DETAIL, URGENT, URGENT_DETAIL
from bot.elevenlabs.single_flight import SingleFlight
from bot.elevenlabs.transport import Transport
from bot.model import FAILED, Call, CallIds

_CALLS = 64
"""Opened calls kept: a long one is some 60 KB."""
_CALLS_TTL = 300.0
_IDS = 20_000
"""Ids kept, about 0.4 KB each. They never change; the store keeps them for good."""
_AGAIN = 2.0
"""Seconds between two looks whether ElevenLabs is back."""
_RECOVERY = 40.0
"""Seconds that ids wait for it: the breaker's rest, and the time of the request that then tries."""


class CallDetails:
    """CallDetails of single conversations. Final ones are remembered."""

    def __init__(
        self,
        transport: Transport,
        *,
        clock: Callable[[], float],
        gone: Callable[[str], None],
    ) -> None:
        """`gone` is told the id of a conversation that the API no longer has."""
        self._transport = transport
        self._gone = gone
        self._single_flight = SingleFlight()
        self._calls: TTLCache[str, Call] = TTLCache(_CALLS, _CALLS_TTL, timer=clock)
        self._ids: LRUCache[str, CallIds] = LRUCache(_IDS)

    async def call(self, conversation_id: str, *, refresh: bool) -> Call:
        """Return one conversation opened. Raises NotFound and the other errors."""
        if not refresh and (held := self._calls.get(conversation_id)) is not None:
            return held
        return await self._single_flight.run(("call", conversation_id), lambda: self._call(conversation_id))

    async def _call(self, conversation_id: str) -> Call:
        def decode(body: bytes) -> Call:
            return decode_call(body, conversation_id, self._transport.how)

        try:
            call = await self._transport.get(call_request(conversation_id), decode, policy=URGENT_DETAIL)
        except NotFound:
            self._calls.pop(conversation_id, None)
            self._gone(conversation_id)
            raise
        if call.final:
            self._calls[conversation_id] = call
        return call

    async def ids(self, conversation_id: str) -> CallIds:
        """Return a conversation's carrier ids, or FAILED. Raises only what would hit every row.

        FAILED is said only of a conversation that was asked for in vain while ElevenLabs answered others. An
        outage is waited out for some 40 seconds; then it is raised (Unavailable). So is, at once, a pause
        that ElevenLabs wants to last longer than a request of many waits (RateLimited).
        """
        if (held := self._ids.get(conversation_id)) is not None:
            return held
        return await self._single_flight.run(("ids", conversation_id), lambda: self._ids_of(conversation_id))

    async def _ids_of(self, conversation_id: str) -> CallIds:
        waited = 0.0
        while True:
            try:
                ids, final = await self._asked_ids(conversation_id)
            except ElevenLabsError as error:
                if isinstance(error, NotFound):
                    self._gone(conversation_id)
                if about_one(error) or _passed_over(error):
                    return FAILED
                if not isinstance(error, Unavailable) or waited >= _RECOVERY:
                    raise
            else:
                if final and ids != FAILED:
                    self._ids[conversation_id] = ids
                return ids
            await self._transport.pause(_AGAIN)
            waited += _AGAIN

    async def _asked_ids(self, conversation_id: str) -> tuple[CallIds, bool]:
        """Ask for the ids of one conversation, and whether they are final."""
        return await self._transport.get(
            call_request(conversation_id),
            lambda body: decode_ids(body, self._transport.how),
            policy=DETAIL,
        )

    async def find_sid(self, sid: str) -> Call | None:
        """Find the call with a carrier's sid by the API's dynamic-variable filter, confirmed by its detail.

        Two requests when the filter works. None when it finds nothing, also because the filter is ignored or
        refused, or because what it finds cannot be opened; then the caller may still scan.
        """
        if ":" in sid or "|" in sid:
            return None  # cannot be expressed in the filter
        try:
            page = await self._transport.get(call_sid_request(sid), self._transport.page, policy=URGENT)
        except ElevenLabsError as error:
            if about_one(error):
                return None
            raise
        if len(page.rows) > SID_CANDIDATES or page.has_more:
            return None
        for row in page.rows:
            try:
                call = await self.call(row.conversation_id, refresh=False)
            except ElevenLabsError as error:
                if about_one(error):
                    continue
                raise
            if call.phone is not None and sid in {call.phone.call_sid, call.phone.call_id}:
                return call
        return None


def _passed_over(error: ElevenLabsError) -> bool:
    """Whether a conversation was refused again and again while others were answered: too many requests.

    A pause that is longer than its patience hits all others as well.
    """
    if not isinstance(error, RateLimited):
        return False
    return error.retry_after is None or error.retry_after <= DETAIL.max_pause
