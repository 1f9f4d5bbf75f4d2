"""Clients made from the settings: for the bot, and for commands that need no more of it."""

from __future__ import annotations

from bot.elevenlabs import Conversations
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
