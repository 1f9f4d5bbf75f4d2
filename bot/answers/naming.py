"""Agents' names for rows that came without: the list may leave `agent_name` out, the agent list has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from bot.model import Conversation


class KnowsAgents(Protocol):
    """The client's side: `bot.elevenlabs.Conversations`, which remembers the list for minutes."""

    async def agent_names(self) -> Mapping[str, str]:
        """Return the names of agents by id, as far as they are known."""


async def named(rows: Sequence[Conversation], client: KnowsAgents) -> Sequence[Conversation]:
    """Return the rows, each with its agent's name where anybody knows it; asks only if one is missing.

    A key that may not list agents is no reason to fail: the agent's id then stands for it.
    """
    if all(row.agent_name or not row.agent_id for row in rows):
        return rows
    names = await client.agent_names()
    return [
        msgspec.structs.replace(row, agent_name=names.get(row.agent_id)) if not row.agent_name else row
        for row in rows
    ]
