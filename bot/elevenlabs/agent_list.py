"""The account's agents: a short list that changes seldom, remembered for minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog
from cachetools import TTLCache

from bot.elevenlabs.errors import ElevenLabsError, RateLimited, Unavailable
from bot.elevenlabs.request import agents_request
from bot.elevenlabs.retry_policy import URGENT
from bot.elevenlabs.single_flight import SingleFlight
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.wire import decode_agents
from bot.model import Agent

log = structlog.get_logger(__name__)

_TTL = 300.0
_UNNAMED_TTL = 30.0
"""Rows are named batch by batch: a key that may not list agents is not tried for each."""


class AgentList:
    """GET /v1/convai/agents, all pages."""

    def __init__(self, transport: HttpTransport, clock: Callable[[], float]) -> None:
        self._transport = transport
        self._single_flight = SingleFlight()
        self._held: TTLCache[str, tuple[Agent, ...]] = TTLCache(1, _TTL, timer=clock)
        self._last: tuple[Agent, ...] | None = None
        self._refused: TTLCache[str, bool] = TTLCache(1, _UNNAMED_TTL, timer=clock)

    async def all(self, *, refresh: bool = False) -> tuple[Agent, ...]:
        """Return all agents, by name; those last known while ElevenLabs does not answer or wants a pause."""
        if not refresh and (held := self._held.get("all")) is not None:
            return held
        try:
            return await self._single_flight.run("all", self._ask)
        except (Unavailable, RateLimited):
            if self._last is None:
                raise
            return self._last

    async def names(self) -> Mapping[str, str]:
        """Return the names by id, as far as they are known. After a refusal nobody asks for half a minute."""
        agents = self._held.get("all") or self._last or ()
        if "all" not in self._held and "all" not in self._refused:
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
        agents = tuple(sorted(found.values(), key=lambda agent: (agent.name.casefold(), agent.agent_id)))
        self._held["all"] = self._last = agents
        return agents
