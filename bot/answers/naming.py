"""Agents' names for rows that came without: the list may leave `agent_name` out, the agent list has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
import structlog

from bot.elevenlabs import ElevenLabsError
from bot.model import Agent, Conversation

log = structlog.get_logger(__name__)


class KnowsAgents(Protocol):
    """The client's side: `bot.elevenlabs.Conversations`, which remembers the list for minutes."""

    async def agents(self) -> tuple[Agent, ...]:
        """Return all agents."""


async def named(rows: Sequence[Conversation], client: KnowsAgents) -> Sequence[Conversation]:
    """Return the rows, each with its agent's name where anybody knows it; asks only if one is missing.

    A key that may not list agents is no reason to fail: the agent's id then stands for it.
    """
    if all(row.agent_name or not row.agent_id for row in rows):
        return rows
    try:
        names = {agent.agent_id: agent.name for agent in await client.agents()}
    except ElevenLabsError as error:
        log.info("agents not named", error=type(error).__name__)
        return rows
    return [
        msgspec.structs.replace(row, agent_name=names.get(row.agent_id)) if not row.agent_name else row
        for row in rows
    ]
