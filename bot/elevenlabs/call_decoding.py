"""The API's JSON for one conversation, made into `bot.model.Call` and `CallIds`.

Shapes follow the official SDK's GetConversationResponseModel (2.78) and its parts. Telephone numbers are
masked here, while decoding, so that no unmasked number exists beyond this point when masking is on.
"""

from __future__ import annotations

from typing import Any

import msgspec

from bot.elevenlabs import json_values
from bot.elevenlabs.errors import BadAnswer
from bot.elevenlabs.masking import Decoding
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


class _Phone(msgspec.Struct):
    metadata: _Metadata
    status: str


class _Metadata(msgspec.Struct):
    phone_call: dict[str, Any] | None = None


_TELLING = ("type", "call_sid", "call_id")
"""Of a phone call at least one of these is said."""
_PHONE = msgspec.json.Decoder(_Phone)


def decode_ids(body: bytes, how: Decoding) -> tuple[CallIds, bool]:
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
    return _ids(metadata, how), status in FINAL_STATUSES


def decode_call(body: bytes, conversation_id: str, how: Decoding) -> Call:
    """Decode a whole detail. Raises BadAnswer.

    `conversation_id` stands in where the answer does not repeat it.
    """
    text, whole = json_values.text, json_values.whole
    content = _object(body)
    ids = _ids(content.get("metadata"), how)
    metadata = json_values.mapping(content.get("metadata"))
    analysis = json_values.mapping(content.get("analysis"))
    feedback = json_values.mapping(metadata.get("feedback"))
    return Call(
        conversation_id=text(content.get("conversation_id")) or conversation_id,
        agent_id=text(content.get("agent_id")) or "",
        agent_name=text(content.get("agent_name")),
        status=text(content.get("status")) or "unknown",
        site=how.site,
        user_id=how.user(text(content.get("user_id"))),
        start_time_unix_secs=max(0, whole(metadata.get("start_time_unix_secs")) or 0),
        call_duration_secs=max(0, whole(metadata.get("call_duration_secs")) or 0),
        call_successful=text(analysis.get("call_successful")) or "unknown",
        conversation_initiation_source=text(metadata.get("conversation_initiation_source")),
        main_language=text(metadata.get("main_language")),
        rating=json_values.real(feedback.get("rating")),
        feedback_comment=text(feedback.get("comment")),
        termination_reason=text(metadata.get("termination_reason")),
        error=_error(metadata.get("error")),
        warnings=json_values.texts(metadata.get("warnings")),
        cost=json_values.real(metadata.get("cost")),
        call_summary_title=how.prose(text(analysis.get("call_summary_title"))),
        transcript_summary=how.prose(text(analysis.get("transcript_summary"))),
        criteria=_criteria(analysis.get("evaluation_criteria_results"), how),
        collected=_collected(analysis.get("data_collection_results"), how),
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


def _ids(metadata: Any, how: Decoding) -> CallIds:
    """Tell whether there was a phone call; only metadata without one says that there was none."""
    if not isinstance(metadata, dict):
        return FAILED
    value = metadata.get("phone_call")
    if value is None:
        return NOT_PHONE
    if not isinstance(value, dict) or not any(map(json_values.text, map(value.get, _TELLING))):
        return FAILED
    return CallIds(IdState.FOUND, _phone(value, how))


def _phone(value: dict[str, Any], how: Decoding) -> PhoneCall:
    sid, call_id = json_values.text(value.get("call_sid")), json_values.text(value.get("call_id"))
    provider = json_values.text(value.get("type"))
    if provider is None:
        provider = "sip_trunking" if (sid or "").startswith("SCL_") or call_id else "unknown"
    numbers = [how.number(json_values.text(value.get(name))) for name in ("agent_number", "external_number")]
    return PhoneCall(
        phone_provider=provider,
        # Only SIP tells the carrier's Call-ID apart from a sid, which is then ElevenLabs' own.
        call_id=call_id if provider == "sip_trunking" else call_id or sid,
        call_sid=sid,
        direction=json_values.text(value.get("direction")),
        agent_number=numbers[0],
        external_number=numbers[1],
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


def _criteria(value: Any, how: Decoding) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            criteria_id=key,
            result=json_values.text(item.get("result")) or "unknown",
            rationale=how.prose(json_values.text(item.get("rationale"))),
        )
        for key, item in _named(value, "criteria_id")
    )


def _collected(value: Any, how: Decoding) -> tuple[Collected, ...]:
    return tuple(
        Collected(
            data_collection_id=key,
            value=how.prose(json_values.shown(item.get("value"))),
            rationale=how.prose(json_values.text(item.get("rationale"))),
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
        message=json_values.text(item.get("message")),
        time_in_call_secs=max(0, json_values.whole(item.get("time_in_call_secs")) or 0),
        tool_names=tuple(dict.fromkeys(name for name in names if name)),
        failed_tool_names=tuple(dict.fromkeys(name for name in failed if name)),
        interrupted=item.get("interrupted") is True,
    )
