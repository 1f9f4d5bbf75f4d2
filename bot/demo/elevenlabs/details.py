"""GET /v1/convai/conversations/{id}: the whole conversation, in the shape of the SDK's response model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET

from bot.demo.elevenlabs.conditions import WHATSAPP_NUMBER_ID
from bot.demo.elevenlabs.records import AgentRow, Record
from bot.demo.elevenlabs.transcripts import transcript

RATIONALES = {
    ("goal_reached", "success"): "The caller got what they asked for, and the agent confirmed it.",
    ("goal_reached", "failure"): "The caller's request was still open at the end of the conversation.",
    ("polite", "success"): "The agent stayed calm and friendly throughout.",
    ("polite", "failure"): "The agent sounded impatient and did not apologise.",
    ("greeting", "success"): "The agent greeted the caller and named the company.",
    ("greeting", "failure"): "The agent came to the point without saying who was calling.",
}
"""Why a criterion was judged so: each by its own, or one would contradict the other."""
CHARTED = ("goal_reached", "greeting", "csat", "order_id")
UNJUDGED = "The conversation ended before this could be judged."


def detail(record: Record) -> dict[str, Any]:
    row = record.row
    variables = record.dynamic_variables()
    shown: dict[str, Any] = {
        "agent_id": row.agent_id,
        "agent_name": _known(row.agent_name),
        "conversation_product": "agents",
        "conversation_id": row.conversation_id,
        "status": row.status,
        "user_id": record.user_id,
        "branch_id": _known(row.branch_id),
        "version_id": _known(row.version_id),
        "environment": "production",
        "metadata": _metadata(record),
        "analysis": _analysis(record),
        "user_message_count": _known(row.user_message_count),
        "agent_message_count": _known(row.agent_message_count),
        "visited_agents": [{"agent_id": row.agent_id, "branch_id": _known(row.branch_id)}],
        "conversation_initiation_client_data": {
            "conversation_config_override": {"agent": None, "tts": None, "conversation": None},
            "custom_llm_extra_body": {},
            "user_id": record.user_id,
            "source_info": {"source": _known(row.conversation_initiation_source), "version": None},
            "dynamic_variables": variables,
        },
        "has_audio": record.has_audio,
        "has_user_audio": record.has_audio,
        "has_response_audio": record.has_audio,
        "has_auxiliary_audio": False,
        "transcript": transcript(record),
        "tag_ids": _known(row.tag_ids),
    }
    return shown | (record.detail_extra or {})


def _known(value: Any) -> Any:
    return None if value is UNSET else value


def _metadata(record: Record) -> dict[str, Any]:
    row = record.row
    source = _known(row.conversation_initiation_source)
    return {
        "start_time_unix_secs": row.start_time_unix_secs,
        "accepted_time_unix_secs": row.start_time_unix_secs,
        "call_duration_secs": row.call_duration_secs,
        "cost": _known(row.cost),
        "cost_fiat": _known(row.cost_fiat),
        "deletion_settings": {"delete_transcript_and_pii": False, "delete_audio": False},
        "feedback": _feedback(record),
        "authorization_method": "public",
        "charging": {
            "dev_discount": False,
            "is_burst": False,
            "tier": "business",
            "call_charge": _known(row.cost),
        },
        "phone_call": None if record.phone is None else msgspec.to_builtins(record.phone),
        "batch_call": None,
        "termination_reason": _known(row.termination_reason),
        "error": None if record.error is None else {"code": 1011, "reason": record.error},
        "warnings": list(record.warnings),
        "main_language": _known(row.main_language),
        "rag_usage": None,
        "text_only": record.text_only,
        "features_usage": {"language_detection": {"enabled": False, "used": False}},
        "eleven_assistant": {"is_eleven_assistant": False},
        "initiator_id": record.user_id,
        "conversation_initiation_source": source,
        "conversation_initiation_source_version": None,
        "timezone": "Europe/London",
        "whatsapp": _whatsapp(record) if source == "whatsapp" else None,
        "sms": _sms(record) if source == "twilio_sms" else None,
    }


def _feedback(record: Record) -> dict[str, Any]:
    rating = _known(record.row.rating)
    return {
        "type": None if rating is None else "rating",
        "overall_score": None,
        "likes": 0,
        "dislikes": 0,
        "rating": rating,
        "comment": record.feedback_comment,
    }


def _whatsapp(record: Record) -> dict[str, Any]:
    return {
        "direction": "inbound",
        "whatsapp_phone_number_id": WHATSAPP_NUMBER_ID,
        "whatsapp_user_id": f"1202555{150 + record.seed % 50:04d}",
    }


def _sms(record: Record) -> dict[str, Any]:
    return {
        "direction": "inbound",
        "phone_number_id": "phnum_sms",
        "sms_user_phone_number": f"+1202555{150 + record.seed % 50:04d}",
        "agent_phone_number": "+12025550109",
    }


def _analysis(record: Record) -> dict[str, Any] | None:
    row = record.row
    if row.status in {"initiated", "in-progress", "processing"}:
        return None
    criteria = [
        {
            "criteria_id": name,
            "result": result,
            "rationale": RATIONALES.get((name, result), UNJUDGED if result == "unknown" else ""),
            "scoring_mode": "binary",
            "score": None,
            "max_score": None,
        }
        for name, result in record.criteria
    ]
    collected = [
        {
            "data_collection_id": name,
            "name": name,
            "value": value,
            "json_schema": {"type": _json_type(value), "description": f"The {name} of the conversation"},
            "rationale": "Said by the caller in the conversation.",
        }
        for name, value in record.collected
    ]
    return {
        "evaluation_criteria_results": {one["criteria_id"]: one for one in criteria},
        "evaluation_criteria_results_list": criteria,
        "data_collection_results": {one["data_collection_id"]: one for one in collected},
        "data_collection_results_list": collected,
        "call_successful": row.call_successful,
        "call_success_score": _known(row.call_success_score),
        "transcript_summary": _known(row.transcript_summary) or "",
        "call_summary_title": _known(row.call_summary_title),
    }


def _json_type(value: object) -> str:
    return {bool: "boolean", int: "integer", float: "number"}.get(type(value), "string")


def agent_detail(agent: AgentRow, records: Iterable[Record]) -> dict[str, Any]:
    """Build the detail of an agent: what its conversations are judged by, and what is collected in them."""
    criteria = dict.fromkeys(name for record in records for name, _ in record.criteria)
    collected = {name: value for record in records for name, value in record.collected}
    return {
        "agent_id": agent.agent_id,
        "name": agent.name,
        "tags": agent.tags,
        "access_info": agent.access_info,
        "conversation_config": {},
        "metadata": {
            "created_at_unix_secs": agent.created_at_unix_secs,
            "updated_at_unix_secs": agent.updated_at_unix_secs,
        },
        "platform_settings": {
            "evaluation": {
                "criteria": [
                    {
                        "id": name,
                        "name": _name(name),
                        "type": "prompt",
                        "conversation_goal_prompt": f"Judge the conversation: {_name(name).lower()}.",
                        "use_knowledge_base": False,
                        "scope": "conversation",
                        "scoring_mode": "binary",
                    }
                    for name in criteria
                ]
            },
            "data_collection": {
                name: {"type": _json_type(value), "name": _name(name), "description": f"The caller's {name}"}
                for name, value in collected.items()
            },
            "archived": agent.archived,
        },
    }


def dashboard(records: Iterable[Record]) -> dict[str, Any]:
    """Build the charts that the company chose for its dashboard, of what its conversations have."""
    criteria = {name for record in records for name, _ in record.criteria}
    charts = [{"type": "call_success", "name": "Call success"}]
    for name in CHARTED:
        if name in criteria:
            charts.append({"type": "criteria", "name": _name(name), "criteria_id": name})
        elif any(name == collected for record in records for collected, _ in record.collected):
            charts.append({"type": "data_collection", "name": _name(name), "data_collection_id": name})
    return {"charts": charts}


def _name(identifier: str) -> str:
    return identifier.replace("_", " ").capitalize()


def listed(
    record: Record, *, summaries: bool, data: tuple[str, ...] = (), criteria: tuple[str, ...] = ()
) -> Any:
    """Give the list row as something to encode; columns asked for by id are added."""
    row = record.row
    if summaries and not data and not criteria and record.row_extra is None:
        return row
    changed: dict[str, Any] = {}
    if not summaries and row.transcript_summary is not UNSET:
        changed["transcript_summary"] = None
    if data:
        values = dict(record.collected)
        changed["data_collection_results"] = {name: values.get(name) for name in data}
    if criteria:
        results = dict(record.criteria)
        changed["evaluation_criteria_results"] = {
            name: {"result": results[name], "score": None, "max_score": None} if name in results else None
            for name in criteria
        }
    if changed:
        row = msgspec.structs.replace(row, **changed)
    if record.row_extra is None:
        return row
    return msgspec.to_builtins(row) | record.row_extra
