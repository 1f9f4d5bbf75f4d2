"""Clients made from the settings: for the bot, and for commands that need no more of it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import Agent
from bot.settings import Settings


def conversations(settings: Settings) -> Conversations:
    """Return the client of ElevenLabs' API for these settings."""
    key = settings.elevenlabs_api_key
    return Conversations(
        api_key="" if key is None else key.reveal(),
        base_url=settings.elevenlabs_base_url,
        concurrency=settings.elevenlabs_concurrency,
        cache_rows=settings.cache_rows,
        mask_phone_numbers=settings.mask_phone_numbers,
    )


async def agents_if_reachable(settings: Settings) -> Sequence[Agent] | None:
    """Return all agents, or None where ElevenLabs does not give them."""
    async with conversations(settings) as client:
        with contextlib.suppress(ElevenLabsError):
            return await client.agents()
    return None
