"""An archive in a database, the client that reads from it, and what keeps it true."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx

from bot.archive.archive_state import KeptAccount, hash_key
from bot.archive.archive_sync import ArchiveSync
from bot.archive.archived_rows import Archive
from bot.archive.kept_ids import CallIdStore
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.phone_numbers import NumberHash
from bot.model import SITE
from bot.store.database import Database
from bot.store.processes import new_executor_id
from tests.elevenlabs.asking import Clock


@dataclass
class Keeping:
    """One process's view of an archive."""

    archive: Archive
    ids: CallIdStore
    client: Conversations
    sync: ArchiveSync
    clock: Clock
    database: Database


@contextlib.asynccontextmanager
async def keeping(
    database_url: str,
    app: Any,
    clock: Clock,
    *,
    days: int = 90,
    key: str = "sample-key",
    masked: bool = True,
    cache_rows: int = 0,
) -> AsyncIterator[Keeping]:
    """Open an archive as a process does; nothing but the archive keeps rows, unless told so."""
    database = Database(database_url)
    try:
        await database.create_tables()
        secret = await hash_key(database)
        account = KeptAccount(secret, key, base_url="http://sample", site=SITE, masked=masked)
        archive = Archive(database, clock, holder=new_executor_id(), days=days, account=account)
        ids = CallIdStore(database, clock, seal=account.seal)
        async with Conversations(
            api_key=key,
            base_url="http://sample",
            mask_phone_numbers=masked,
            wait_scale=0.0,
            clock=clock,
            cache_rows=cache_rows,
            http=httpx.ASGITransport(app),
            archive=archive,
            number_hash=NumberHash(secret),
            kept_numbers=ids,
        ) as client:
            yield Keeping(archive, ids, client, ArchiveSync(archive, ids, client, clock), clock, database)
    finally:
        while database.engine.pool.checkedout():  # type: ignore[attr-defined]  # noqa: ASYNC110 - a thread's work
            await asyncio.sleep(0.005)
        database.close()
