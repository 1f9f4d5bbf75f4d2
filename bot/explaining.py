"""Explain without Slack: how a question is understood, and the request it becomes."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Any

from bot.clients import conversations
from bot.elevenlabs import ElevenLabsError
from bot.query import explain, parse
from bot.settings import Settings


async def explain_question(settings: Settings, question: str, now: datetime) -> dict[str, Any]:
    """Return how a question is understood; with a key, agents are looked up."""
    parsed = parse(question, now=now, week_start=settings.week_start)
    agents = None
    if settings.elevenlabs_api_key is not None and (parsed.unknown or parsed.query.agent_names):
        async with conversations(settings) as client:
            with contextlib.suppress(ElevenLabsError):  # then the names stay unresolved
                agents = await client.agents()
        if agents:  # a name may be known without "for", or be made of words that say something else
            parsed = parse(question, now=now, week_start=settings.week_start, agents=agents)
    return explain(parsed, settings.elevenlabs_base_url, agents)


def is_question(text: str) -> bool:
    """Whether all of a text is understood as a question."""
    return parse(text, now=datetime.now(UTC)).understood
