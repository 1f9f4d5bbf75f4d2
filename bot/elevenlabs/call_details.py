"""One conversation at a time: opened, its carrier's ids, and the way back from a carrier's id.

Shapes follow the official SDK's GetConversationResponseModel (2.78) and its parts. Telephone numbers are
masked while decoding, so that no unmasked number exists beyond this point when masking is on.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any

import msgspec
from cachetools import LRUCache, TTLCache

from bot.elevenlabs import errors
from bot.elevenlabs.rate_limit import DETAIL, URGENT, URGENT_DETAIL, RetryPolicy
from bot.elevenlabs.request import SID_CANDIDATES, call_request, call_sid_request
from bot.elevenlabs.retrieval import SingleFlight
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.wire import (
    DecodeOptions,
    decode_row,
    json_object,
    mapping,
    mappings,
    shown,
    text,
    texts,
    whole,
)
from bot.model import (
    FAILED,
    FINAL_STATUSES,
    NOT_PHONE,
    Call,
    CallIds,
    Collected,
    Criterion,
    IdState,
    PhoneCall,
    Turn,
)

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
    """Single conversations. Final ones are remembered."""

    def __init__(
        self,
        transport: HttpTransport,
        clock: Callable[[], float],
        gone: Callable[[str], Awaitable[None]],
        agent_names: Callable[[], Awaitable[Mapping[str, str]]],
    ) -> None:
        """`gone` is told the id of a conversation that the API no longer has."""
        self._transport, self._gone, self._agent_names = transport, gone, agent_names
        self._single_flight = SingleFlight()
        self._calls: TTLCache[str, Call] = TTLCache(_CALLS, _CALLS_TTL, timer=clock)
        self._ids: LRUCache[str, CallIds] = LRUCache(_IDS)

    async def call(self, conversation_id: str, *, refresh: bool = False) -> Call:
        """Return one conversation opened. Raises NotFound and the other errors."""
        if not refresh and (held := self._calls.get(conversation_id)) is not None:
            return held
        return await self._single_flight.run(("call", conversation_id), partial(self._call, conversation_id))

    async def _call(self, conversation_id: str) -> Call:
        decode = partial(decode_call, conversation_id=conversation_id, decoding=self._transport.decoding)
        try:
            call = await self._transport.get(call_request(conversation_id), decode, policy=URGENT_DETAIL)
        except errors.NotFound:
            self._calls.pop(conversation_id, None)
            await self._gone(conversation_id)
            raise
        if call.agent_id and not call.agent_name:
            name = (await self._agent_names()).get(call.agent_id)
            call = msgspec.structs.replace(call, agent_name=name)
        if call.final:
            self._calls[conversation_id] = call
        return call

    async def ids(self, conversation_id: str, *, policy: RetryPolicy = DETAIL) -> CallIds:
        """Return a conversation's carrier ids, or FAILED. Raises only what would hit every row.

        FAILED: it was asked for in vain while ElevenLabs answered others. An outage is waited out for some 40
        seconds, then raised (Unavailable); so is, at once, a pause longer than a request of many waits
        (RateLimited).
        """
        if (held := self._ids.get(conversation_id)) is not None:
            return held
        ask = partial(self._ids_of, conversation_id, policy)
        return await self._single_flight.run(("ids", conversation_id), ask)

    async def _ids_of(self, conversation_id: str, policy: RetryPolicy) -> CallIds:
        decode = partial(decode_ids, decoding=self._transport.decoding)
        waited = 0.0
        while True:
            try:
                ids, final = await self._transport.get(call_request(conversation_id), decode, policy=policy)
            except errors.ElevenLabsError as error:
                if isinstance(error, errors.NotFound):
                    await self._gone(conversation_id)
                # A pause longer than it may wait hits all others as well; any other refusal only this one.
                wait = (error.retry_after or 0.0) if isinstance(error, errors.RateLimited) else math.inf
                if errors.only_this_request_failed(error) or wait <= DETAIL.max_pause:
                    return FAILED
                if not isinstance(error, errors.Unavailable) or waited >= _RECOVERY or error.wrong_address:
                    raise
            else:
                if final and ids != FAILED:
                    self._ids[conversation_id] = ids
                return ids
            await self._transport.pause(_AGAIN)
            waited += _AGAIN

    async def find_sid(self, sid: str) -> Call | None:
        """Find a carrier's sid by the API's dynamic-variable filter, confirmed by the detail: two requests.

        None when it finds nothing, also because the filter is ignored or refused: the caller may still scan.
        """
        if ":" in sid or "|" in sid:
            return None  # cannot be expressed in the filter
        asked = self._transport.get(call_sid_request(sid), self._transport.page, policy=URGENT)
        page = await errors.unless_it_failed_alone(asked)
        if page is None or len(page.rows) > SID_CANDIDATES or page.has_more:
            return None
        for row in page.rows:
            call = await errors.unless_it_failed_alone(self.call(row.conversation_id))
            if call is not None and call.phone and sid in {call.phone.call_sid, call.phone.call_id}:
                return call
        return None


class _Metadata(msgspec.Struct):
    phone_call: dict[str, Any] | None = None


class _Detail(msgspec.Struct):
    metadata: _Metadata
    status: str


_DETAIL = msgspec.json.Decoder(_Detail)
_NAMES_A_PHONE_CALL = ("type", "call_sid", "call_id")
"""Of a phone call at least one of these is said."""


def decode_ids(body: bytes, decoding: DecodeOptions) -> tuple[CallIds, bool]:
    """Decode only the carrier's ids of a detail, and whether it is final. Raises BadAnswer.

    FAILED when it says nothing readable about a phone call, which is not the same as that there was none.
    """
    metadata: Any
    try:
        light = _DETAIL.decode(body)
        metadata, status = {"phone_call": light.metadata.phone_call}, light.status
    except (ValueError, RecursionError):
        content = _conversation(body)
        metadata, status = content.get("metadata"), text(content.get("status")) or "unknown"
    return _ids(metadata, decoding), status in FINAL_STATUSES


def decode_call(body: bytes, conversation_id: str, decoding: DecodeOptions) -> Call:
    """Decode a whole detail, which may not repeat its `conversation_id`. Raises BadAnswer."""
    content = _conversation(body)
    ids = _ids(content.get("metadata"), decoding)
    metadata, analysis = mapping(content.get("metadata")), mapping(content.get("analysis"))
    feedback = mapping(metadata.get("feedback"))
    turns = tuple(map(_turn, mappings(content.get("transcript"))))

    def prose(value: Any) -> str | None:
        return decoding.prose(text(value))

    row = decode_row(
        {
            **content,
            **analysis,
            **metadata,
            "conversation_id": text(content.get("conversation_id")) or conversation_id,
            "message_count": len(turns),
            "tool_names": list(dict.fromkeys(name for turn in turns for name in turn.tool_names)),
            "direction": None if ids.phone is None else ids.phone.direction,
            "rating": feedback.get("rating"),
            "data_collection_results": None,  # here they come with their reasons, below
            "evaluation_criteria_results": None,
        },
        decoding,
    )
    return Call(
        **msgspec.structs.asdict(row),
        user_id=decoding.user(text(content.get("user_id"))),
        feedback_comment=prose(feedback.get("comment")),
        error=decoding.prose(_error(metadata.get("error"))),
        warnings=tuple(decoding.prose(each) or "" for each in texts(metadata.get("warnings"))),
        criteria=tuple(
            Criterion(
                criteria_id=key,
                result=text(item.get("result")) or "unknown",
                rationale=prose(item.get("rationale")),
            )
            for key, item in _named(analysis.get("evaluation_criteria_results"), "criteria_id")
        ),
        collected=tuple(
            Collected(
                data_collection_id=key,
                value=decoding.prose(shown(item.get("value"))),
                rationale=prose(item.get("rationale")),
            )
            for key, item in _named(analysis.get("data_collection_results"), "data_collection_id")
        ),
        transcript=turns,
        has_audio=content.get("has_audio") is True,
        phone=ids.phone,
        phone_known=ids.state is not IdState.FAILED,
    )


def _conversation(body: bytes) -> dict[str, Any]:
    content = json_object(body)
    if not {"conversation_id", "metadata", "status"} & content.keys():
        raise errors.BadAnswer("the answer is not a conversation", status=200)
    return content


def _ids(metadata: Any, decoding: DecodeOptions) -> CallIds:
    """Tell whether there was a phone call; only metadata without one says that there was none."""
    if not isinstance(metadata, dict):
        return FAILED
    value = metadata.get("phone_call")
    if value is None:
        return NOT_PHONE
    if not isinstance(value, dict) or not any(map(text, map(value.get, _NAMES_A_PHONE_CALL))):
        return FAILED
    names = (*_NAMES_A_PHONE_CALL, "direction", "agent_number", "external_number")
    provider, sid, call_id, direction, agent, external = map(text, map(value.get, names))
    if provider is None:
        provider = "sip_trunking" if (sid or "").startswith("SCL_") or call_id else "unknown"
    hashes = (None, None, None) if decoding.hashes is None else decoding.hashes.of_call(agent, external)
    agent_hash, external_hash, region = hashes
    phone = PhoneCall(
        phone_provider=provider,
        # Only SIP tells the carrier's Call-ID apart from a sid, which is then ElevenLabs' own.
        call_id=call_id if provider == "sip_trunking" else call_id or sid,
        call_sid=sid,
        direction=direction,
        agent_number=decoding.number(agent),
        external_number=decoding.number(external),
        agent_number_hash=agent_hash,
        external_number_hash=external_hash,
        region=region,
    )
    return CallIds(IdState.FOUND, phone)


def _error(value: Any) -> str | None:
    if not isinstance(value, dict):
        return text(value)
    return " ".join(filter(None, (shown(value.get("code")), text(value.get("reason"))))) or None


def _named(value: Any, name: str) -> list[tuple[str, dict[str, Any]]]:
    """Pair each result with its id, which is the object's key or a field of the list's items."""
    if isinstance(value, dict):
        return [(key, item) for key, item in value.items() if isinstance(item, dict)]
    return [(found, item) for item in mappings(value) if (found := text(item.get(name))) is not None]


def _turn(item: dict[str, Any]) -> Turn:
    results = mappings(item.get("tool_results"))
    used = [*mappings(item.get("tool_calls")), *results]
    # `file_input` is deprecated: the first of `file_inputs`.
    files = mappings(item.get("file_inputs")) or [mapping(item.get("file_input"))]
    return Turn(
        role=text(item.get("role")) or "unknown",
        message=_message(item),
        time_in_call_secs=max(0, whole(item.get("time_in_call_secs")) or 0),
        tool_names=_tool_names(used),
        failed_tool_names=_tool_names(tool for tool in results if tool.get("is_error") is True),
        file_names=tuple(text(file.get("original_filename")) or "unnamed" for file in files if file),
        interrupted=item.get("interrupted") is True,
    )


def _tool_names(tools: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (text(tool.get("tool_name")) for tool in tools))))


def _message(item: dict[str, Any]) -> str | None:
    """Return what was said in a turn. Said with several voices, it stands in parts (multivoice_message)."""
    message = text(item.get("message"))
    if message is not None and message.strip():
        return message
    said = [
        f"{label}: {words}" if (label := text(part.get("voice_label"))) else words
        for part in mappings(mapping(item.get("multivoice_message")).get("parts"))
        if (words := text(part.get("text")))
    ]
    return "\n".join(said) or message
