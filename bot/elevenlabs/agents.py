"""The account's agents, what they collect and are judged by, and what of it the dashboard shows.

All of it changes seldom and is remembered for minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog
from cachetools import TTLCache

from bot.elevenlabs.errors import ElevenLabsError, RateLimited, Unavailable
from bot.elevenlabs.rate_limit import URGENT
from bot.elevenlabs.request import DASHBOARD, ApiRequest, agent_request, agents_request
from bot.elevenlabs.retrieval import SingleFlight, run_all
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.wire import decode_agents, json_object, mapping, mappings, text
from bot.model import Agent, AgentField

log = structlog.get_logger(__name__)

_TTL = 300.0
_REFUSED_TTL = 30.0
"""Rows are named batch by batch: a key that may not list agents is not tried for each."""
_SETTINGS_TTL = 600.0
_SETTINGS = 500
"""Agents whose settings are remembered, at most."""
_CHARTS = {"criteria": "eval", "data_collection": "data"}
"""Kinds of charts of the dashboard, and of the columns they show."""


class AgentList:
    """GET /v1/convai/agents, all pages."""

    def __init__(self, transport: HttpTransport, clock: Callable[[], float]) -> None:
        self._transport = transport
        self._single_flight = SingleFlight()
        self._last: tuple[Agent, ...] | None = None
        self._fresh: TTLCache[str, bool] = TTLCache(1, _TTL, timer=clock)
        self._refused: TTLCache[str, bool] = TTLCache(1, _REFUSED_TTL, timer=clock)

    async def all(self, *, refresh: bool = False) -> tuple[Agent, ...]:
        """Return all agents, by name; those last known while ElevenLabs does not answer or wants a pause."""
        if self._last is not None and "all" in self._fresh and not refresh:
            return self._last
        try:
            return await self._single_flight.run("all", self._ask)
        except (Unavailable, RateLimited):
            if self._last is None:
                raise
            return self._last

    async def names(self) -> Mapping[str, str]:
        """Return the names by id, as far as they are known. After a refusal nobody asks for half a minute."""
        agents = self._last or ()
        if "all" not in self._fresh and "all" not in self._refused:
            try:
                agents = await self._single_flight.run("all", self._ask)
            except ElevenLabsError as error:
                self._refused["all"] = True
                log.info("agents not named", error=type(error).__name__)
        return {agent.agent_id: agent.name for agent in agents}

    async def _ask(self) -> tuple[Agent, ...]:
        found: dict[str, Agent] = {}
        async for page in self._transport.pages(agents_request, decode_agents, policy=URGENT):
            found.update((agent.agent_id, agent) for agent in page.rows)
        self._last = tuple(sorted(found.values(), key=lambda agent: (agent.name.casefold(), agent.agent_id)))
        self._fresh["all"] = True
        return self._last


class AgentSettings:
    """GET /v1/convai/agents/{agent_id} and the dashboard's settings."""

    def __init__(self, transport: HttpTransport, clock: Callable[[], float]) -> None:
        self._transport = transport
        self._single_flight = SingleFlight()
        self._held: TTLCache[ApiRequest, tuple[AgentField, ...]] = TTLCache(
            _SETTINGS, _SETTINGS_TTL, timer=clock
        )

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
                request, lambda body: tuple(read(json_object(body))), policy=URGENT
            )
            return found

        held = self._held.get(request)
        return held if held is not None else await self._single_flight.run(request, ask)


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
