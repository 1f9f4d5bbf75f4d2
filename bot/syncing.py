"""`bot sync`: the archive brought up to date once, with progress on stderr."""

from __future__ import annotations

import asyncio
import contextlib
import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.answers.error_messages import cause, words_for
from bot.archive.archive_sync import ArchiveSync
from bot.archive.lease import LeaseLostError
from bot.clients import conversations, open_archive
from bot.elevenlabs.errors import ElevenLabsError
from bot.settings import Settings, SettingsError
from bot.store.database import Database

OK, FAILED = 0, 1
_SHOWN_EVERY_SECS = 0.2


async def sync_once(settings: Settings, days: int | None) -> int:
    """Read what is missing or may have changed, and its call ids; returns the exit code.

    `days`: how far back, if not ARCHIVE_DAYS. What was read stays, however it ends.
    """
    if not settings.archive_days:
        raise SettingsError(("ARCHIVE_DAYS=0 keeps no conversations: set it to the days to keep.",))
    if days is not None and not 0 < days <= settings.archive_days:
        raise SettingsError(
            (f"--days must be from 1 to ARCHIVE_DAYS, which is {settings.archive_days}: set that first.",)
        )
    errors = Console(stderr=True, highlight=False, markup=False)
    async with contextlib.AsyncExitStack() as stack:
        database = Database(settings.database_url.reveal())
        stack.callback(database.close)
        await database.create_tables()
        archive = await open_archive(settings, database, time.time)
        client = await stack.enter_async_context(conversations(settings, archive))
        sync = ArchiveSync(archive.rows, archive.ids, client, time.time, days=days)
        try:
            await _shown(sync, errors)
        except (ElevenLabsError, LeaseLostError) as error:
            if isinstance(error, LeaseLostError):
                said = "Another process keeps the archive now: it goes on with it."
            else:
                words = words_for(cause(error))
                said = f"{words.headline} {words.next_step}"
            errors.print(f"{said} What was read so far is kept.", style="red", soft_wrap=True)
            return FAILED
        errors.print(f"archive: {(await archive.rows.state()).words(time.time())}", soft_wrap=True)
    return OK


async def _shown(sync: ArchiveSync, errors: Console) -> None:
    """Synchronise, and show on a terminal how far it is."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
    rows, found = bars.add_task("conversations", total=None), bars.add_task("call ids", total=None)
    with bars:
        running = asyncio.create_task(sync.once())
        try:
            while not running.done():
                bars.update(rows, completed=sync.progress.rows, total=sync.progress.expected)
                bars.update(found, completed=sync.progress.ids, total=sync.progress.ids_wanted or None)
                await asyncio.wait({running}, timeout=_SHOWN_EVERY_SECS)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    await running
