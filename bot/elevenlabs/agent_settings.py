"""What agents collect and are judged by, and which of it the company shows on its dashboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from cachetools import TTLCache

from bot.elevenlabs import json_values
from bot.elevenlabs.errors import BadAnswer
from bot.elevenlabs.json_values import mapping, mappings, text
from bot.elevenlabs.request import DASHBOARD, ApiRequest, agent_request
from bot.elevenlabs.retry_policy import URGENT
from bot.elevenlabs.single_flight import SingleFlight, run_all
from bot.elevenlabs.transport import HttpTransport
from bot.model import AgentField

_TTL = 600.0
_AGENTS = 500
"""Agents whose settings are remembered, at most."""
_CHARTS = {"criteria": "eval", "data_collection": "data"}
"""Kinds of charts of the dashboard, and of the columns they show."""


class AgentSettings:
    """GET /v1/convai/agents/{agent_id} and the dashboard's settings, each remembered for ten minutes."""

    def __init__(self, transport: HttpTransport, clock: Callable[[], float]) -> None:
        self._transport = transport
        self._single_flight = SingleFlight()
        self._held: TTLCache[ApiRequest, tuple[AgentField, ...]] = TTLCache(_AGENTS, _TTL, timer=clock)

    async def fields(self, agent_ids: Iterable[str]) -> tuple[AgentField, ...]:
        """Return what some agents collect and are judged by, each id once. Raises ElevenLabsError."""
        requests = map(agent_request, dict.fromkeys(agent_ids))
        found = await run_all(self._ask(request, _agent_fields) for request in requests)
        return tuple({field.column: field for fields in found for field in fields}.values())

    async def dashboard(self) -> tuple[AgentField, ...]:
        """Return what the company shows on its dashboard, in its order. Raises ElevenLabsError."""
        return await self._ask(ApiRequest(DASHBOARD), _dashboard_fields)

    async def _ask(
        self, request: ApiRequest, read: Callable[[dict[str, Any]], Iterable[AgentField]]
    ) -> tuple[AgentField, ...]:
        async def ask() -> tuple[AgentField, ...]:
            self._held[request] = found = await self._transport.get(
                request, lambda body: tuple(read(_object(body))), policy=URGENT
            )
            return found

        held = self._held.get(request)
        return held if held is not None else await self._single_flight.run(request, ask)


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json_values.load(body)
    except ValueError:
        # From None: the decoder's error quotes the answer.
        raise BadAnswer("the answer is not JSON", status=200) from None
    if not isinstance(content, dict):
        raise BadAnswer("the answer is no object", status=200)
    return content


def _agent_fields(content: dict[str, Any]) -> Iterable[AgentField]:
    settings = mapping(content.get("platform_settings"))
    for found, field in mapping(settings.get("data_collection")).items():
        yield from _field("data", found, mapping(field).get("name"))
    for criterion in mappings(mapping(settings.get("evaluation")).get("criteria")):
        yield from _field("eval", criterion.get("id"), criterion.get("name"))


def _dashboard_fields(content: dict[str, Any]) -> Iterable[AgentField]:
    for chart in mappings(content.get("charts")):
        kind = _CHARTS.get(text(chart.get("type")) or "")
        if kind is not None:
            found = chart.get("criteria_id") or chart.get("data_collection_id")
            yield from _field(kind, found, chart.get("name"))


def _field(kind: str, found: object, name: object) -> Iterable[AgentField]:
    if (identifier := text(found)) is not None:
        yield AgentField(f"{kind}.{identifier}", text(name) or identifier)
