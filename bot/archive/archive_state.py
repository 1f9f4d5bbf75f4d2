"""What the archive holds, for operators."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import sqlalchemy as sa

from bot.archive.tables import IDS_WANTED, archive_spans, conversations
from bot.store.database import Database


class ArchiveState(msgspec.Struct, frozen=True):
    """What is kept. Times are Unix seconds; None while there is nothing."""

    rows: int = 0
    oldest: int | None = None
    head: float | None = None
    """Up to when the newest conversations are known."""
    whole: float | None = None
    """Since when everything that is kept was read again."""
    without_ids: int = 0
    """Phone calls whose ids are still to be looked up."""

    def words(self, now: float) -> str:
        """Say it in a line."""
        if self.head is None or self.oldest is None or self.whole is None:
            return "empty; `bot run`, `bot worker` and `bot sync` fill it"
        since = datetime.fromtimestamp(self.oldest, UTC).date()
        whole = datetime.fromtimestamp(self.whole, UTC)
        ids = f"; {self.without_ids:,} calls without their ids yet" if self.without_ids else ""
        return (
            f"{self.rows:,} conversations since {since}, read {max(0, round(now - self.head))} s ago, "
            f"all of them since {whole:%Y-%m-%d %H:%M} UTC{ids}"
        )


def read_state(connection: sa.Connection) -> ArchiveState:
    spans = archive_spans.c
    oldest, head, whole = connection.execute(
        sa.select(sa.func.min(spans.since), sa.func.max(spans.until), sa.func.min(spans.as_of))
    ).one()
    count = sa.select(sa.func.count()).select_from(conversations)
    rows, wanted = (connection.execute(each).scalar_one() for each in (count, count.where(IDS_WANTED)))
    return ArchiveState(rows, oldest, head, whole, wanted)


def state_of(database_url: str) -> ArchiveState:
    """Return what a database holds, which may not be there yet; nothing is made. Blocks."""
    database = Database(database_url)
    file = database.engine.url.database or ""
    try:
        if database.engine.dialect.name == "sqlite" and not Path(file).exists():
            return ArchiveState()
        if not sa.inspect(database.engine).has_table(archive_spans.name):
            return ArchiveState()
        return database.run_here(read_state)
    finally:
        database.close()
