"""What each filter of the API means, as a test on one conversation.

Several parameters: all must hold. Several values of one array: any is enough, except for `name:op:value`
filters, of which all must hold (each names another field).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.demo.elevenlabs.records import Record
from bot.demo.elevenlabs.refusals import Refusal, invalid, problem

Condition = Callable[[Record], bool]
RESULTS = frozenset({"success", "failure", "unknown"})
OPERATORS = frozenset({"eq", "neq", "gt", "gte", "lt", "lte", "in"})
SYSTEM_VARIABLES = ("indexed", "absent", "ignored", "refused")
"""What the filter on `system__…` variables may do: work, find nothing, be ignored, or be a 422."""


def conditions(asked: Mapping[str, Any], *, system_variables: str = "indexed") -> list[Condition]:
    """Make the tests for a question; raises 422 for values with a wrong inner format."""
    tests = [make(asked[name]) for name, make in SIMPLE.items() if name in asked]
    tests += [_evaluation("evaluation_params", text) for text in asked.get("evaluation_params", ())]
    for name in ("data_collection_params", "data_collection_filter"):
        tests += [_field(name, text, Record.data) for text in _texts(asked, name)]
    for name in ("dynamic_variable_params", "dynamic_variable_filter"):
        for text in _texts(asked, name):
            if text.startswith("system__") and system_variables != "indexed":
                tests += _unindexed(name, text, system_variables)
            else:
                tests.append(_field(name, text, Record.variable))
    return tests


def _texts(asked: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = asked.get(name, ())
    return (value,) if isinstance(value, str) else value


def _unindexed(name: str, text: str, behaviour: str) -> list[Condition]:
    if behaviour == "refused":
        raise _malformed(name, text, "system variables cannot be filtered")
    return [] if behaviour == "ignored" else [lambda _: False]


def _malformed(name: str, text: str, why: str) -> Refusal:
    return invalid(problem(name, "value_error", f"Value error, {why}", text))


def _evaluation(name: str, text: str) -> Condition:
    criterion, colon, result = text.rpartition(":")
    if not colon or not criterion or result not in RESULTS:
        raise _malformed(name, text, "expected criteria_id:result with result success, failure or unknown")
    wanted = (criterion, result)
    return lambda record: wanted in record.criteria


def _field(name: str, text: str, value_of: Callable[[Record, str], Any]) -> Condition:
    parts = text.split(":", 2)
    if len(parts) != 3 or not parts[0] or parts[1] not in OPERATORS:  # noqa: PLR2004 (name, operator, value)
        raise _malformed(name, text, "expected name:op:value with op eq, neq, gt, gte, lt, lte or in")
    field, operator, wanted = parts
    if operator in {"gt", "gte", "lt", "lte"}:
        limit = _number(wanted)
        if limit is None:
            raise _malformed(name, text, f"{operator} requires a numeric value")
        return _comparison(field, operator, limit, value_of)
    if wanted == "" and operator in {"eq", "neq"}:
        present = operator == "neq"
        return lambda record: (value_of(record, field) is not None) is present
    if operator == "neq":
        return lambda record: _as_text(value_of(record, field)) != wanted
    options = frozenset(wanted.split("|")) if operator == "in" else frozenset({wanted})
    return lambda record: _as_text(value_of(record, field)) in options


def _comparison(field: str, operator: str, limit: float, value_of: Callable[[Record, str], Any]) -> Condition:
    def compare(record: Record) -> bool:
        number = _number(value_of(record, field))
        if number is None:
            return False
        if operator == "gt":
            return number > limit
        if operator == "gte":
            return number >= limit
        return number < limit if operator == "lt" else number <= limit

    return compare


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _call_successful(wanted: str) -> Condition:
    # the filter knows `error`, which no row carries: those that failed technically
    if wanted == "error":
        return lambda record: record.row.status == "failed"
    return lambda record: record.row.call_successful == wanted


def tool_id(name: str) -> str:
    """Give the id the stand-in's tools have: `tool_` and the name; system tools are named by the API."""
    return f"__system_{name}" if name in SYSTEM_TOOLS else f"tool_{name}"


SYSTEM_TOOLS = frozenset({"end_call", "transfer_to_number", "language_detection", "voicemail_detection"})


TOOLS: dict[str, Callable[[Record], Iterable[str]]] = {
    "": lambda record: record.row.tool_names or (),
    "_successful": lambda record: set(record.row.tool_names or ()).difference(record.errored_tools),
    "_errored": lambda record: record.errored_tools,
}
"""Which tools of a conversation a filter looks at, by the end of its name."""


def _by_tools(tools: Callable[[Record], Iterable[str]]) -> Callable[[tuple[str, ...]], Condition]:
    def make(wanted: tuple[str, ...]) -> Condition:
        names = frozenset(one.removeprefix("tool_").removeprefix("__system_") for one in wanted)
        return lambda record: not names.isdisjoint(tools(record))

    return make


def agent_of(identifier: str) -> str:
    """Give the agent that an id names: its own, or the one that the stand-in's speech engine of it has."""
    return identifier if not identifier.startswith("seng_") else "agent_" + identifier.removeprefix("seng_")


def _rated(low: int, high: int) -> Condition:
    def test(record: Record) -> bool:
        rating = record.row.rating
        return isinstance(rating, (int, float)) and low <= rating <= high

    return test


def _shares(wanted: tuple[str, ...], of: Callable[[Record], object]) -> Condition:
    options = frozenset(wanted)
    return lambda record: of(record) in options


def _nothing(_: object) -> Condition:
    return lambda _: False


SIMPLE: dict[str, Callable[[Any], Condition]] = {
    **{f"tool_{by}{end}": _by_tools(tools) for by in ("names", "ids") for end, tools in TOOLS.items()},
    "agent_id": lambda v: lambda r: r.row.agent_id == agent_of(v),
    "visited_agent_ids": lambda v: _shares(v, lambda r: r.row.agent_id),
    "visited_agent_branch_ids": lambda v: _shares(v, lambda r: r.row.branch_id),
    "triggered_procedure_ids": _nothing,
    "call_successful": _call_successful,
    "call_duration_min_secs": lambda v: lambda r: r.row.call_duration_secs >= v,
    "call_duration_max_secs": lambda v: lambda r: r.row.call_duration_secs <= v,
    "rating_min": lambda v: _rated(v, 5),
    "rating_max": lambda v: _rated(1, v),
    "has_feedback_comment": lambda v: lambda r: bool(r.feedback_comment) is v,
    "user_id": lambda v: lambda r: r.user_id == v,
    "main_languages": lambda v: _shares(v, lambda r: r.row.main_language),
    "phone_number_ids": lambda v: _shares(v, lambda r: r.phone and r.phone.phone_number_id),
    "whatsapp_phone_number_ids": lambda v: _shares(v, whatsapp_number_id),
    "exclude_statuses": lambda v: lambda r: r.row.status not in v,
    "termination_reasons": lambda v: _shares(v, lambda r: r.row.termination_reason),
    # `unknown` is also the source of conversations that have none
    "conversation_initiation_source": lambda v: (
        lambda r: (r.row.conversation_initiation_source or "unknown") == v
    ),
    "text_only": lambda v: lambda r: r.text_only is v,
    "conversation_product_type": lambda v: lambda _: v == "agents",
    "branch_id": lambda v: lambda r: r.row.branch_id == v,
    "version_id": lambda v: lambda r: r.row.version_id == v,
    "topic_ids": lambda v: lambda r: not set(v).isdisjoint(r.topic_ids),
    "parent_conversation_id": lambda v: lambda r: r.parent_conversation_id == v,
    "tag_ids": lambda v: lambda r: not set(v).isdisjoint(r.row.tag_ids or ()),
    "workflow_node_entered_id": _nothing,
    "guardrail_types": lambda v: lambda r: any(kind in v for kind, _ in r.guardrails),
    "custom_guardrail_names": lambda v: lambda r: any(name in v for _, name in r.guardrails),
}
"""The test for each parameter that needs nothing but its value."""

WHATSAPP_NUMBER_ID = "wapn_demo"


def whatsapp_number_id(record: Record) -> str | None:
    """Give the WhatsApp number a conversation came in by; None for other channels."""
    return WHATSAPP_NUMBER_ID if record.row.conversation_initiation_source == "whatsapp" else None
