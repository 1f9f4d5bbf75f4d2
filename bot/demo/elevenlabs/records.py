"""What the stand-in keeps of a conversation: the list row as it is sent, and what only a detail shows.

Shapes follow the models of the official SDK (`ConversationSummaryResponseModel`, the phone call models).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType


class Summary(msgspec.Struct, kw_only=True, gc=False):
    """A row of GET /v1/convai/conversations. UNSET fields are left out of the JSON, None is sent as null."""

    agent_id: str
    conversation_id: str
    start_time_unix_secs: int
    agent_name: str | UnsetType | None = UNSET
    branch_id: str | UnsetType | None = None
    version_id: str | UnsetType | None = None
    call_duration_secs: int = 0
    message_count: int = 0
    user_message_count: int | UnsetType | None = UNSET
    agent_message_count: int | UnsetType | None = UNSET
    cost: int | UnsetType | None = None
    cost_fiat: float | UnsetType | None = None
    status: str = "done"
    call_successful: str = "success"
    call_success_score: float | UnsetType | None = None
    termination_reason: str | UnsetType | None = None
    transcript_summary: str | UnsetType | None = None
    call_summary_title: str | UnsetType | None = None
    main_language: str | UnsetType | None = None
    conversation_initiation_source: str | UnsetType | None = None
    tool_names: tuple[str, ...] | UnsetType | None = ()
    direction: str | UnsetType | None = None
    rating: float | UnsetType | None = None
    sentiment_analysis: dict[str, Any] | UnsetType | None = None
    data_collection_results: dict[str, Any] | UnsetType | None = None
    evaluation_criteria_results: dict[str, Any] | UnsetType | None = None
    tag_ids: tuple[str, ...] | UnsetType | None = ()
    hiding_reason: str | UnsetType | None = UNSET


class Phone(msgspec.Struct, kw_only=True, gc=False, tag=False):
    """`metadata.phone_call` of a detail; what a kind does not have stays UNSET and is not sent."""

    type: str
    """twilio, exotel or sip_trunking."""
    call_sid: str
    """Twilio and Exotel: the carrier's. SIP: ElevenLabs' own `SCL_…`."""
    direction: str = "inbound"
    phone_number_id: str = "phnum_demo"
    agent_number: str = "+12025550100"
    external_number: str = "+12025550199"
    call_result: str | UnsetType | None = None
    stream_sid: str | UnsetType = UNSET
    call_id: str | UnsetType | None = UNSET
    """SIP only: the carrier's Call-ID; may be null."""


class Record(msgspec.Struct, kw_only=True):
    """One conversation of the stand-in."""

    row: Summary
    phone: Phone | None = None
    user_id: str | None = None
    errored_tools: tuple[str, ...] = ()
    """Those of `row.tool_names` that failed (some may have succeeded in another attempt)."""
    feedback_comment: str | None = None
    error: str | None = None
    """Why a failed conversation failed."""
    warnings: tuple[str, ...] = ()
    criteria: tuple[tuple[str, str], ...] = ()
    """Evaluation criteria ids and results."""
    collected: tuple[tuple[str, str | int | float | bool | None], ...] = ()
    """Data collection ids and values."""
    variables: dict[str, Any] = {}
    """Dynamic variables other than the system ones."""
    parent_conversation_id: str | None = None
    topic_ids: tuple[str, ...] = ()
    guardrails: tuple[tuple[str, str | None], ...] = ()
    """Guardrails that triggered: type, and the name of a custom one."""
    has_audio: bool = True
    scene: str | None = None
    """Which scripted conversation the transcript follows (`dialogues.SCENES`); None: a short neutral one."""
    turns: tuple[Mapping[str, Any], ...] | None = None
    """A transcript given in the API's own shape, instead of a scene."""
    seed: int = 0
    """Decides the names and numbers that fill the scene."""
    row_extra: dict[str, Any] | None = None
    """Fields put over the list row as they are, whatever their type: for hostile data."""
    detail_extra: dict[str, Any] | None = None
    """Top-level fields put over the detail as they are."""

    @property
    def key(self) -> tuple[int, str]:
        """Where the conversation stands in time; ids break ties."""
        return (self.row.start_time_unix_secs, self.row.conversation_id)

    @property
    def text_only(self) -> bool:
        """Whether nothing was spoken: the channels that only carry text."""
        return self.row.conversation_initiation_source in TEXT_SOURCES

    def variable(self, name: str) -> Any:
        # looking for a call by its sid goes through every row, so it must not build them all
        if name == "system__call_sid":
            return None if self.phone is None else self.phone.call_sid
        return self.dynamic_variables().get(name) if name.startswith("system__") else self.variables.get(name)

    def data(self, name: str) -> Any:
        return dict(self.collected).get(name)

    def dynamic_variables(self) -> dict[str, Any]:
        """All dynamic variables, the system's included, as a detail shows them."""
        row = self.row
        system: dict[str, Any] = {
            "system__agent_id": row.agent_id,
            "system__conversation_id": row.conversation_id,
            "system__call_duration_secs": row.call_duration_secs,
        }
        if self.phone is not None:
            system["system__call_sid"] = self.phone.call_sid
            caller, called = self.phone.external_number, self.phone.agent_number
            if self.phone.direction == "outbound":
                caller, called = called, caller
            system["system__caller_id"] = caller
            system["system__called_number"] = called
        return {**self.variables, **system}


class AgentRow(msgspec.Struct, kw_only=True):
    """A row of GET /v1/convai/agents (`AgentSummaryResponseModel`)."""

    agent_id: str
    name: str
    voice_id: str = "JBFqnCBsd6RMkjVDRZzb"
    tags: tuple[str, ...] = ()
    created_at_unix_secs: int = 1_735_689_600
    updated_at_unix_secs: int = 1_735_689_600
    access_info: dict[str, Any] = msgspec.field(
        default_factory=lambda: {
            "is_creator": True,
            "creator_name": "Robin Sample",
            "creator_email": "robin@example.com",
            "role": "admin",
        }
    )
    last_call_time_unix_secs: int | None = None
    archived: bool = False


TEXT_SOURCES = frozenset(
    {
        "whatsapp",
        "twilio_sms",
        "zendesk_integration",
        "slack_integration",
        "telegram_integration",
        "intercom_integration",
        "freshdesk_integration",
        "salesforce_integration",
    }
)
"""Sources whose conversations are typed, not spoken."""
