"""ElevenLabs' part of `bot check`: key, scope and region, by asking for the newest conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from bot.check.lines import Line, ok, problem
from bot.elevenlabs import (
    BadAnswer,
    Conversations,
    ElevenLabsError,
    MissingScope,
    NotElevenLabs,
    RateLimited,
    Unavailable,
    WrongKey,
    WrongRegion,
)
from bot.model import Selection
from bot.settings import Settings

HOSTS = (
    "https://api.elevenlabs.io",
    "https://api.us.elevenlabs.io",
    "https://api.eu.residency.elevenlabs.io",
    "https://api.in.residency.elevenlabs.io",
    "https://api.sg.residency.elevenlabs.io",
)
"""ElevenLabs' own hosts. They are tried in turn when a key belongs to another than the one set."""

Opener = Callable[[Settings, str], Conversations]
"""Makes the client for settings and a base URL."""

_SCOPE = "convai_read"
_PATIENCE = 20.0
"""Seconds for one host, retries included."""


def open_conversations(settings: Settings, base_url: str) -> Conversations:
    """Return a client that keeps nothing."""
    key = settings.elevenlabs_api_key
    return Conversations(
        api_key="" if key is None else key.reveal(), base_url=base_url, concurrency=1, cache_rows=0
    )


async def key(settings: Settings, open_client: Opener, hosts: Sequence[str]) -> list[Line]:
    """Ask for the newest conversations, and say what the answer means for key, scope and region."""
    if settings.elevenlabs_api_key is None:
        return []
    base_url = settings.elevenlabs_base_url
    accepted, region = ok("ElevenLabs key", "accepted"), ok("ElevenLabs region", base_url)
    refusal = await _ask(settings, open_client, base_url)
    if refusal is None:
        return [accepted, ok("ElevenLabs scope", _SCOPE), region]
    if isinstance(refusal, MissingScope):
        lacking = refusal.scope or _SCOPE
        said = f"the key lacks {lacking}: edit it in ElevenLabs under Developers > API Keys"
        return [accepted, problem("ElevenLabs scope", said), region]
    if isinstance(refusal, WrongRegion | WrongKey):
        return [await _elsewhere(settings, open_client, hosts, refusal)]
    return [problem("ElevenLabs key", _advice(refusal, base_url))]


async def _ask(settings: Settings, open_client: Opener, base_url: str) -> ElevenLabsError | None:
    async with open_client(settings, base_url) as api:
        try:
            async with asyncio.timeout(_PATIENCE):
                await api.first(Selection())
        except ElevenLabsError as error:
            return error
        except TimeoutError:
            return Unavailable("no answer in time")
    return None


async def _elsewhere(
    settings: Settings, open_client: Opener, hosts: Sequence[str], refusal: ElevenLabsError
) -> Line:
    """Look for the host that knows the key. It is shown to ElevenLabs' own hosts only."""
    base_url = settings.elevenlabs_base_url
    if urlsplit(base_url).hostname in {urlsplit(host).hostname for host in hosts}:
        for host in hosts:
            if host == base_url:
                continue
            found = await _ask(settings, open_client, host)
            if found is None or isinstance(found, MissingScope):
                said = f"the key belongs to another region: set ELEVENLABS_BASE_URL={host}"
                return problem("ElevenLabs region", said)
    if isinstance(refusal, WrongRegion):
        return problem(
            "ElevenLabs region",
            f"the key belongs to another region than {base_url}: set ELEVENLABS_BASE_URL to the host of your "
            f"workspace, one of {', '.join(host for host in hosts if host != base_url)}",
        )
    return problem(
        "ElevenLabs key",
        f"{base_url} does not know the key: copy it again from Developers > API Keys into ELEVENLABS_API_KEY",
    )


def _advice(refusal: ElevenLabsError, base_url: str) -> str:
    if isinstance(refusal, RateLimited):
        return "ElevenLabs is limiting requests: try again in a minute"
    if isinstance(refusal, NotElevenLabs):
        return (
            f"what answers at {base_url} is not ElevenLabs' API: set ELEVENLABS_BASE_URL to {HOSTS[0]} or "
            "the host of your workspace's region, and look at the proxy if there is one"
        )
    if isinstance(refusal, Unavailable | BadAnswer):
        return f"{base_url} does not answer as ElevenLabs does: check the network and ELEVENLABS_BASE_URL"
    return f"{refusal}: look at the plan, and at the rights of the key's owner, in ElevenLabs"
