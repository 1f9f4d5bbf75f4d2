"""ElevenLabs' client made from the settings, and the network's variables that would keep it from working."""

from __future__ import annotations

import contextlib
import os
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.archive.archive_state import KeptAccount, hash_key
from bot.archive.archive_sync import PostCallEvents
from bot.archive.archived_rows import Archive
from bot.archive.kept_ids import CallIdStore
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import ElevenLabsError
from bot.elevenlabs.phone_numbers import NumberHash
from bot.elevenlabs.wire import site_of
from bot.model import Agent, CannotStartError
from bot.proxy import named_proxy
from bot.redaction import revealed
from bot.settings import Problem, Settings
from bot.store.database import Database
from bot.store.processes import new_executor_id


@dataclass(frozen=True, slots=True)
class OpenArchive:
    rows: Archive
    ids: CallIdStore
    number_hash: NumberHash


async def open_archive(settings: Settings, database: Database, clock: Callable[[], float]) -> OpenArchive:
    secret = await hash_key(database)
    account = KeptAccount(
        secret,
        revealed(settings.elevenlabs_api_key),
        base_url=settings.elevenlabs_base_url,
        site=site_of(settings.elevenlabs_base_url),
        masked=settings.mask_phone_numbers,
    )
    archive = Archive(database, clock, holder=new_executor_id(), days=settings.archive_days, account=account)
    ids = CallIdStore(database, clock, seal=account.seal, keeping=bool(archive.days))
    return OpenArchive(archive, ids, NumberHash(secret))


def post_call_events(
    settings: Settings, archive: OpenArchive, api: Conversations, clock: Callable[[], float]
) -> PostCallEvents | None:
    """Return what takes ElevenLabs' post-call events, if a secret is set for them."""
    secret = settings.elevenlabs_webhook_secret
    if secret is None:
        return None
    return PostCallEvents(secret.reveal(), archive.rows, archive.ids, api.decoding, clock)


def conversations(
    settings: Settings, archive: OpenArchive | None = None, clock: Callable[[], float] = time.time
) -> Conversations:
    """Return the client of ElevenLabs' API for these settings. Raises CannotStartError."""
    if problems := network_problems(settings):
        raise CannotStartError("\n".join(problem.sentence for problem in problems))
    return Conversations(
        api_key=revealed(settings.elevenlabs_api_key),
        base_url=settings.elevenlabs_base_url,
        concurrency=settings.elevenlabs_concurrency,
        cache_rows=settings.cache_rows,
        mask_phone_numbers=settings.mask_phone_numbers,
        clock=clock,
        archive=None if archive is None else archive.rows,
        number_hash=None if archive is None else archive.number_hash,
        kept_numbers=None if archive is None else archive.ids,
    )


async def agents_if_reachable(settings: Settings) -> Sequence[Agent] | None:
    async with conversations(settings) as client:
        with contextlib.suppress(ElevenLabsError):
            return await client.agents()
    return None


def network_problems(settings: Settings) -> tuple[Problem, ...]:
    """Return what is wrong with the environment's certificates and proxies, each with the next step.

    A proxy that no request would go through, by NO_PROXY or on this machine, is no problem.
    """
    problems = []
    if file := os.environ.get("SSL_CERT_FILE"):
        try:
            ssl.create_default_context(cafile=file)
        except OSError as error:
            reason = "no certificates" if isinstance(error, ssl.SSLError) else error.strerror
            sentence = f"SSL_CERT_FILE={file} cannot be read ({reason}): name a PEM file, or unset it."
            problems.append(Problem("SSL_CERT_FILE", sentence))
    unusable = {}
    for url in (settings.elevenlabs_base_url, settings.slack_api_url):
        name, address = named_proxy(url)
        scheme = (address or "http").partition("://")[0]
        if scheme.lower() not in ("http", "https"):
            unusable[name] = scheme
    for name, scheme in sorted(unusable.items()):
        sentence = (
            f"{name} names a {scheme} proxy, and this bot can only use HTTP proxies: set HTTPS_PROXY to "
            f"one, or unset {name}."
        )
        problems.append(Problem(name, sentence))
    return tuple(problems)
