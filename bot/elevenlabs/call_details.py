"""One conversation at a time: opened, its carrier's ids, and the way back from a carrier's id.

Shapes follow the official SDK's GetConversationResponseModel (2.78) and its parts. Telephone numbers are
masked while decoding, so that no unmasked number exists beyond this point when masking is on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from cachetools import LRUCache, TTLCache

from bot.elevenlabs import json_values
from bot.elevenlabs.errors import (
    BadAnswer,
    ElevenLabsError,
    NotFound,
    RateLimited,
    Unavailable,
    at_wrong_address,
    only_this_request_failed,
)
from bot.elevenlabs.phone_numbers import CallNumbers
from bot.elevenlabs.request import SID_CANDIDATES, call_request, call_sid_request
from bot.elevenlabs.retry_policy import DETAIL, URGENT, URGENT_DETAIL, RetryPolicy
from bot.elevenlabs.single_flight import SingleFlight
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.wire import DecodeOptions
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
    """CallDetails of single conversations. Final ones are remembered."""

    def __init__(
        self,
        transport: HttpTransport,
        *,
        clock: Callable[[], float],
        gone: Callable[[str], Awaitable[None]],
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
            return decode_call(body, conversation_id, self._transport.decoding)

        try:
            call = await self._transport.get(call_request(conversation_id), decode, policy=URGENT_DETAIL)
        except NotFound:
            self._calls.pop(conversation_id, None)
            await self._gone(conversation_id)
            raise
        if call.final:
            self._calls[conversation_id] = call
        return call

    async def ids(self, conversation_id: str, *, policy: RetryPolicy = DETAIL) -> CallIds:
        """Return a conversation's carrier ids, or FAILED. Raises only what would hit every row.

        FAILED is said only of a conversation that was asked for in vain while ElevenLabs answered others. An
        outage is waited out for some 40 seconds; then it is raised (Unavailable). So is, at once, a pause
        that ElevenLabs wants to last longer than a request of many waits (RateLimited).
        """
        if (held := self._ids.get(conversation_id)) is not None:
            return held
        return await self._single_flight.run(
            ("ids", conversation_id), lambda: self._ids_of(conversation_id, policy)
        )

    async def _ids_of(self, conversation_id: str, policy: RetryPolicy) -> CallIds:
        waited = 0.0
        while True:
            try:
                ids, final = await self._asked_ids(conversation_id, policy)
            except ElevenLabsError as error:
                if isinstance(error, NotFound):
                    await self._gone(conversation_id)
                if only_this_request_failed(error) or _passed_over(error):
                    return FAILED
                if not isinstance(error, Unavailable) or waited >= _RECOVERY or at_wrong_address(error):
                    raise
            else:
                if final and ids != FAILED:
                    self._ids[conversation_id] = ids
                return ids
            await self._transport.pause(_AGAIN)
            waited += _AGAIN

    async def _asked_ids(self, conversation_id: str, policy: RetryPolicy) -> tuple[CallIds, bool]:
        """Ask for the ids of one conversation, and whether they are final."""
        return await self._transport.get(
            call_request(conversation_id),
            lambda body: decode_ids(body, self._transport.decoding),
            policy=policy,
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
            if only_this_request_failed(error):
                return None
            raise
        if len(page.rows) > SID_CANDIDATES or page.has_more:
            return None
        for row in page.rows:
            try:
                call = await self.call(row.conversation_id, refresh=False)
            except ElevenLabsError as error:
                if only_this_request_failed(error):
                    continue
                raise
            if call.phone is not None and sid in {call.phone.call_sid, call.phone.call_id}:
                return call
        return None


def _passed_over(error: ElevenLabsError) -> bool:
    """Whether a conversation was refused again and again while others were answered: too many requests.

    A pause longer than it may wait hits all others as well.
    """
    if not isinstance(error, RateLimited):
        return False
    return error.retry_after is None or error.retry_after <= DETAIL.max_pause


class _Phone(msgspec.Struct):
    metadata: _Metadata
    status: str


class _Metadata(msgspec.Struct):
    phone_call: dict[str, Any] | None = None


_NAMES_A_PHONE_CALL = ("type", "call_sid", "call_id")
"""Of a phone call at least one of these is said."""
_PHONE = msgspec.json.Decoder(_Phone)


def decode_ids(body: bytes, decoding: DecodeOptions) -> tuple[CallIds, bool]:
    """Decode only the carrier's ids of a detail, and whether the conversation is final. Raises BadAnswer.

    FAILED when it says nothing readable about a phone call, which is not the same as that there was none.
    """
    try:
        light = _PHONE.decode(body)
        metadata: Any = {"phone_call": light.metadata.phone_call}
        status = light.status
    except (ValueError, RecursionError):
        content = _object(body)
        metadata = content.get("metadata")
        status = json_values.text(content.get("status")) or "unknown"
    return _ids(metadata, decoding), status in FINAL_STATUSES


def decode_call(body: bytes, conversation_id: str, decoding: DecodeOptions) -> Call:
    """Decode a whole detail. Raises BadAnswer.

    `conversation_id` stands in where the answer does not repeat it.
    """
    text, whole = json_values.text, json_values.whole
    content = _object(body)
    ids = _ids(content.get("metadata"), decoding)
    metadata = json_values.mapping(content.get("metadata"))
    analysis = json_values.mapping(content.get("analysis"))
    feedback = json_values.mapping(metadata.get("feedback"))
    return Call(
        conversation_id=text(content.get("conversation_id")) or conversation_id,
        agent_id=text(content.get("agent_id")) or "",
        agent_name=text(content.get("agent_name")),
        status=text(content.get("status")) or "unknown",
        site=decoding.site,
        user_id=decoding.user(text(content.get("user_id"))),
        start_time_unix_secs=max(0, whole(metadata.get("start_time_unix_secs")) or 0),
        call_duration_secs=max(0, whole(metadata.get("call_duration_secs")) or 0),
        call_successful=text(analysis.get("call_successful")) or "unknown",
        conversation_initiation_source=text(metadata.get("conversation_initiation_source")),
        main_language=text(metadata.get("main_language")),
        rating=json_values.real(feedback.get("rating")),
        feedback_comment=decoding.prose(text(feedback.get("comment"))),
        termination_reason=text(metadata.get("termination_reason")),
        error=decoding.prose(_error(metadata.get("error"))),
        warnings=tuple(decoding.prose(each) or "" for each in json_values.texts(metadata.get("warnings"))),
        cost=json_values.real(metadata.get("cost")),
        cost_fiat=json_values.real(metadata.get("cost_fiat")),
        call_summary_title=decoding.prose(text(analysis.get("call_summary_title"))),
        transcript_summary=decoding.prose(text(analysis.get("transcript_summary"))),
        criteria=_criteria(analysis.get("evaluation_criteria_results"), decoding),
        collected=_collected(analysis.get("data_collection_results"), decoding),
        transcript=tuple(_turn(item) for item in json_values.mappings(content.get("transcript"))),
        has_audio=content.get("has_audio") is True,
        phone=ids.phone,
        phone_known=ids.state is not IdState.FAILED,
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json_values.load(body)
    except ValueError:
        # From None: the decoder's error quotes the answer.
        raise BadAnswer("the answer is not JSON", status=200) from None
    if not isinstance(content, dict) or not {"conversation_id", "metadata", "status"} & content.keys():
        raise BadAnswer("the answer is not a conversation", status=200)
    return content


def _ids(metadata: Any, decoding: DecodeOptions) -> CallIds:
    """Tell whether there was a phone call; only metadata without one says that there was none."""
    if not isinstance(metadata, dict):
        return FAILED
    value = metadata.get("phone_call")
    if value is None:
        return NOT_PHONE
    if not isinstance(value, dict) or not any(map(json_values.text, map(value.get, _NAMES_A_PHONE_CALL))):
        return FAILED
    return CallIds(IdState.FOUND, _phone(value, decoding))


def _phone(value: dict[str, Any], decoding: DecodeOptions) -> PhoneCall:
    sid, call_id = json_values.text(value.get("call_sid")), json_values.text(value.get("call_id"))
    provider = json_values.text(value.get("type"))
    if provider is None:
        provider = "sip_trunking" if (sid or "").startswith("SCL_") or call_id else "unknown"
    agent, external = (json_values.text(value.get(name)) for name in ("agent_number", "external_number"))
    hashed = CallNumbers() if decoding.hashes is None else decoding.hashes.of_call(agent, external)
    return PhoneCall(
        phone_provider=provider,
        # Only SIP tells the carrier's Call-ID apart from a sid, which is then ElevenLabs' own.
        call_id=call_id if provider == "sip_trunking" else call_id or sid,
        call_sid=sid,
        direction=json_values.text(value.get("direction")),
        agent_number=decoding.number(agent),
        external_number=decoding.number(external),
        agent_number_hash=hashed.agent,
        external_number_hash=hashed.external,
        region=hashed.region,
    )


def _error(value: Any) -> str | None:
    if isinstance(value, dict):
        parts = (json_values.shown(value.get("code")), json_values.text(value.get("reason")))
        return " ".join(part for part in parts if part) or None
    return json_values.text(value)


def _named(value: Any, name: str) -> list[tuple[str, dict[str, Any]]]:
    """Pair each result with its id, which is the object's key or a field of the list's items."""
    if isinstance(value, dict):
        return [(key, item) for key, item in value.items() if isinstance(item, dict)]
    return [
        (found, item)
        for item in json_values.mappings(value)
        if (found := json_values.text(item.get(name))) is not None
    ]


def _criteria(value: Any, decoding: DecodeOptions) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            criteria_id=key,
            result=json_values.text(item.get("result")) or "unknown",
            rationale=decoding.prose(json_values.text(item.get("rationale"))),
        )
        for key, item in _named(value, "criteria_id")
    )


def _collected(value: Any, decoding: DecodeOptions) -> tuple[Collected, ...]:
    return tuple(
        Collected(
            data_collection_id=key,
            value=decoding.prose(json_values.shown(item.get("value"))),
            rationale=decoding.prose(json_values.text(item.get("rationale"))),
        )
        for key, item in _named(value, "data_collection_id")
    )


def _turn(item: dict[str, Any]) -> Turn:
    results = json_values.mappings(item.get("tool_results"))
    names = [
        json_values.text(tool.get("tool_name"))
        for tool in [*json_values.mappings(item.get("tool_calls")), *results]
    ]
    failed = [json_values.text(tool.get("tool_name")) for tool in results if tool.get("is_error") is True]
    return Turn(
        role=json_values.text(item.get("role")) or "unknown",
        message=_message(item),
        time_in_call_secs=max(0, json_values.whole(item.get("time_in_call_secs")) or 0),
        tool_names=tuple(dict.fromkeys(name for name in names if name)),
        failed_tool_names=tuple(dict.fromkeys(name for name in failed if name)),
        file_names=_files(item),
        interrupted=item.get("interrupted") is True,
    )


def _message(item: dict[str, Any]) -> str | None:
    """Return what was said in a turn. Said with several voices, it stands in parts (multivoice_message)."""
    message = json_values.text(item.get("message"))
    if message is not None and message.strip():
        return message
    parts = json_values.mappings(json_values.mapping(item.get("multivoice_message")).get("parts"))
    said = [
        f"{label}: {text}" if (label := json_values.text(part.get("voice_label"))) else text
        for part in parts
        if (text := json_values.text(part.get("text")))
    ]
    return "\n".join(said) or message


def _files(item: dict[str, Any]) -> tuple[str, ...]:
    """Name the files sent in a turn: `file_inputs`, or the deprecated `file_input`, which is the first."""
    files = json_values.mappings(item.get("file_inputs")) or [json_values.mapping(item.get("file_input"))]
    return tuple(json_values.text(file.get("original_filename")) or "unnamed" for file in files if file)
