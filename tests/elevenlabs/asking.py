"""How the tests of this room ask a fake server: without a network, with a clock that they set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from bot.elevenlabs.client import Conversations
from bot.model import Conversation, Selection
from tests.elevenlabs.fake import Fake

NOW = 1_790_000_000
"""The moment at which these tests take place."""


@dataclass
class Clock:
    """Unix time that only moves when told."""

    now: float = float(NOW)

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def client(fake: Fake, **settings: Any) -> Conversations:
    """Return a client of a fake server that retries without waiting."""
    chosen: dict[str, Any] = {
        "api_key": "sample",
        "base_url": "http://fake",
        "wait_scale": 0.0,
        "clock": Clock(),
    }
    chosen.update(settings)
    return Conversations(http=httpx.ASGITransport(fake), **chosen)


async def everything(conversations: Conversations, selection: Selection, **how: Any) -> list[Conversation]:
    """Return all rows of a retrieval, in order."""
    async with conversations.retrieve(selection, **how) as retrieval:
        return [row async for batch in retrieval for row in batch]


def ids(rows: Any) -> list[str]:
    """Return the ids of rows, whether ours or the API's."""
    return [row["conversation_id"] if isinstance(row, dict) else row.conversation_id for row in rows]
