"""Query parameters of the routes: names, types and limits as the official SDK documents them.

Unknown names are ignored, as FastAPI does; a wrong value of a known one is a 422 with every problem listed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.datastructures import QueryParams

from bot.demo.elevenlabs.refusals import invalid, problem

YES = frozenset({"true", "1", "yes", "on", "t", "y"})
NO = frozenset({"false", "0", "no", "off", "f", "n"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter: how its text is read and what is refused."""

    kind: str = "text"
    """text, whole (number), yesno or choice."""
    many: bool = False
    """An array: the name may be repeated. Of a repeated single one the last counts."""
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    most: int | None = None
    """How many values an array may have."""
    required: bool = False

    def read(self, name: str, text: str, problems: list[dict[str, Any]]) -> Any:
        """Turn one value's text into a value; a problem is added to `problems`."""
        if self.kind == "whole":
            return self._whole(name, text, problems)
        if self.kind == "yesno":
            if text.casefold() in YES | NO:
                return text.casefold() in YES
            told = "Input should be a valid boolean, unable to interpret input"
            problems.append(problem(name, "bool_parsing", told, text))
        if self.kind == "choice" and text not in self.choices:
            expected = " or ".join(f"'{choice}'" for choice in self.choices)
            problems.append(problem(name, "enum", f"Input should be {expected}", text, expected=expected))
        return text

    def _whole(self, name: str, text: str, problems: list[dict[str, Any]]) -> int:
        try:
            number = int(text.strip())
        except ValueError:
            told = "Input should be a valid integer, unable to parse string as an integer"
            problems.append(problem(name, "int_parsing", told, text))
            return 0
        if self.low is not None and number < self.low:
            told = f"Input should be greater than or equal to {self.low}"
            problems.append(problem(name, "greater_than_equal", told, text, ge=self.low))
        if self.high is not None and number > self.high:
            told = f"Input should be less than or equal to {self.high}"
            problems.append(problem(name, "less_than_equal", told, text, le=self.high))
        return number


TEXT = Parameter()
TEXTS = Parameter(many=True)
WHOLE = Parameter("whole")
YESNO = Parameter("yesno")
STATUSES = ("initiated", "in-progress", "processing", "done", "failed")
SOURCES = """
unknown android_sdk node_js_sdk react_native_sdk react_sdk js_sdk python_sdk widget sip_trunk twilio
exotel genesys avaya audiocodes swift_sdk whatsapp twilio_sms flutter_sdk zendesk_integration
slack_integration telegram_integration intercom_integration freshdesk_integration salesforce_integration
template_preview genesys_bot_connector subagent_tool
"""
GUARDRAILS = """
custom prompt_injection self_harm_intent violence_graphic sexual violence harassment sexual_minors
self_harm self_harm_instructions harassment_threatening hate hate_threatening profanity
religion_or_politics medical_and_legal guardrail
"""
RATING = Parameter("whole", low=1, high=5)

FILTERS: dict[str, Parameter] = {
    "agent_id": TEXT,
    "visited_agent_ids": Parameter(many=True, most=50),
    "visited_agent_branch_ids": Parameter(many=True, most=50),
    "triggered_procedure_ids": Parameter(many=True, most=50),
    "call_successful": Parameter("choice", choices=("success", "failure", "unknown", "error")),
    "call_start_before_unix": WHOLE,
    "call_start_after_unix": WHOLE,
    "call_duration_min_secs": WHOLE,
    "call_duration_max_secs": WHOLE,
    "rating_max": RATING,
    "rating_min": RATING,
    "has_feedback_comment": YESNO,
    "user_id": TEXT,
    "evaluation_params": TEXTS,
    "data_collection_params": TEXTS,
    "dynamic_variable_params": TEXTS,
    "tool_names": TEXTS,
    "tool_names_successful": TEXTS,
    "tool_names_errored": TEXTS,
    "tool_ids": TEXTS,
    "tool_ids_successful": TEXTS,
    "tool_ids_errored": TEXTS,
    "include_invalid_tool_calls": YESNO,
    "main_languages": TEXTS,
    "phone_number_ids": TEXTS,
    "whatsapp_phone_number_ids": TEXTS,
    "exclude_statuses": Parameter("choice", many=True, choices=STATUSES),
    "termination_reasons": TEXTS,
    "conversation_initiation_source": Parameter("choice", choices=tuple(SOURCES.split())),
    "text_only": YESNO,
    "conversation_product_type": Parameter("choice", choices=("agents", "speech_engine")),
    "branch_id": TEXT,
    "version_id": TEXT,
    "topic_ids": TEXTS,
}
"""What both the list and the text search filter by."""

CONVERSATIONS: dict[str, Parameter] = {
    **FILTERS,
    "cursor": TEXT,
    "page_size": Parameter("whole", low=1, high=100),
    "summary_mode": Parameter("choice", choices=("exclude", "include")),
    "sort_direction": Parameter("choice", choices=("asc", "desc")),
    "data_collection_filter": TEXT,
    "dynamic_variable_filter": TEXT,
    "data_collection_ids": TEXTS,
    "evaluation_criteria_ids": TEXTS,
    "parent_conversation_id": TEXT,
    "tag_ids": TEXTS,
    "workflow_node_entered_id": TEXT,
    "guardrail_types": Parameter("choice", many=True, choices=tuple(GUARDRAILS.split())),
    "custom_guardrail_names": TEXTS,
}

SEARCH_PAGE = Parameter("whole", low=1, high=50)
TEXT_SEARCH: dict[str, Parameter] = {
    **FILTERS,
    "text_query": Parameter(required=True),
    "page_size": SEARCH_PAGE,
    "summary_mode": CONVERSATIONS["summary_mode"],
    "sort_by": Parameter("choice", choices=("search_score", "created_at")),
    "cursor": TEXT,
}
AGENTS: dict[str, Parameter] = {
    "page_size": Parameter("whole", low=1, high=100),
    "search": TEXT,
    "archived": YESNO,
    "show_only_owned_agents": YESNO,
    "created_by_user_id": TEXT,
    "tags": TEXTS,
    "sort_direction": CONVERSATIONS["sort_direction"],
    "sort_by": Parameter("choice", choices=("name", "created_at", "updated_at", "call_count_7d")),
    "cursor": TEXT,
}
CONVERSATION: dict[str, Parameter] = {
    "format": Parameter("choice", choices=("json", "opentelemetry")),
}

NOT_PART_OF_THE_QUESTION = frozenset({"cursor", "page_size", "summary_mode"})
"""What may change from page to page without making a cursor another question's."""


def read(query: QueryParams, known: Mapping[str, Parameter]) -> dict[str, Any]:
    """Read the known parameters of a query; raises the 422 that lists all that is wrong with it."""
    asked: dict[str, Any] = {}
    problems: list[dict[str, Any]] = []
    for name, parameter in known.items():
        texts = query.getlist(name)
        if not texts:
            if parameter.required:
                problems.append(problem(name, "missing", "Field required", None))
            continue
        if not parameter.many:
            asked[name] = parameter.read(name, texts[-1], problems)
            continue
        if parameter.most is not None and len(texts) > parameter.most:
            told = f"List should have at most {parameter.most} items after validation, not {len(texts)}"
            problems.append(problem(name, "too_long", told, texts, max_length=parameter.most))
        asked[name] = tuple(parameter.read(name, text, problems) for text in texts)
    if problems:
        raise invalid(*problems)
    return asked


def question(path: str, asked: Mapping[str, Any]) -> str:
    """Write down what was asked, page aside: a cursor is good for exactly this text."""
    parts = [(name, value) for name, value in sorted(asked.items()) if name not in NOT_PART_OF_THE_QUESTION]
    return repr((path, parts))


class Cursors:
    """Makes and reads cursors. `ttl` is their life in seconds by `clock`, None for ever."""

    def __init__(self, *, ttl: float | None = None, clock: Callable[[], float]) -> None:
        self._ttl = ttl
        self._clock = clock

    def make(self, question: str, place: tuple[int | float, str]) -> str:
        made = [*place, round(self._clock(), 3), _mark(question)]
        return base64.urlsafe_b64encode(msgspec.json.encode(made)).decode().rstrip("=")

    def read(self, question: str, cursor: str) -> tuple[float, str] | None:
        """Return the place a cursor stands for; None when it is garbage, expired or another question's."""
        try:
            body = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            number, name, made, mark = msgspec.json.decode(body, type=tuple[float, str, float, str])
        except (ValueError, msgspec.DecodeError):
            return None
        expired = self._ttl is not None and self._clock() - made > self._ttl
        return None if expired or mark != _mark(question) else (number, name)


def _mark(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:16]
