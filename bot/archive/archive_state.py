"""What the archive knows of what it holds: whose it is, who keeps it true, and which spans are complete."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import os
import secrets
import socket
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import sqlalchemy as sa

from bot.archive.tables import IDS_WANTED, Seal, archive_spans, archive_state, conversations
from bot.store.database import Database, upsert
from bot.store.database_connections import DRIVER_ERRORS
from bot.store.processes import database_now

LEASE_SECS = 40.0
RENEW_SECS = 10.0
_LEASE, _UNTIL, _READING = "lease", "lease_until", "reading_since"
_SPAN_ROWS = 2000
"""Rows of a span at most, unless one put brings more: what is read again is to be replaced in small parts."""
_SAME_AGE = 30.0
"""Neighbours become one span when they were read within so many seconds."""


def _value(connection: sa.Connection, name: str) -> str | None:
    known: str | None = connection.execute(
        sa.select(archive_state.c.value).where(archive_state.c.name == name)
    ).scalar()
    return known


def _note(connection: sa.Connection, name: str, value: str) -> None:
    upsert(connection, archive_state, [{"name": name, "value": value}])


# --- whose ---


class _Kept(msgspec.Struct, frozen=True):
    key: str
    """A hash of the API key and the address it is used at."""
    site: str
    masked: bool
    sealed: bool = False
    """Whether numbers that are not masked are sealed; earlier versions kept them as they were."""


class KeptAccount:
    """An account of ElevenLabs, told by its API key and address, and how its conversations are kept."""

    def __init__(self, secret: bytes, api_key: str, *, base_url: str, site: str, masked: bool) -> None:
        """`secret` is the key of hashes. `site`: where the account's dashboard is."""
        self.site = site
        self.masked = masked
        told_by = f"{api_key} {base_url}".encode()
        self.seal = None if masked else Seal(secret, api_key)
        """Closes numbers that are not masked."""
        self._kept = _Kept(hmac.new(secret, told_by, hashlib.sha256).hexdigest(), site, masked, not masked)

    def owns(self, connection: sa.Connection, *, whatever_key: bool = False) -> bool:
        """Whether the archive holds this account's conversations.

        `whatever_key`: whether all but the key is the same, and what is kept can be read without that.
        """
        found = _value(connection, "account")
        kept = None if found is None else msgspec.json.decode(found, type=_Kept)
        if kept is not None and whatever_key and self.seal is None:
            kept = msgspec.structs.replace(kept, key=self._kept.key)
        return kept == self._kept

    def claim(self, connection: sa.Connection) -> None:
        """Note that the archive holds this account's conversations."""
        _note(connection, "account", msgspec.json.encode(self._kept).decode())


async def hash_key(database: Database) -> bytes:
    """Return the key of hashes, made at the first start; it never leaves the database."""

    def read_or_make(connection: sa.Connection) -> str:
        found = _value(connection, "secret")
        if found is None:
            found = secrets.token_hex(32)
            connection.execute(sa.insert(archive_state), {"name": "secret", "value": found})
        return found

    try:
        return bytes.fromhex(await database.run(read_or_make))
    except sa.exc.IntegrityError:  # another process has just made it
        return bytes.fromhex(await database.run(read_or_make))


# --- who keeps it true ---


class LeaseLostError(Exception):
    """Another process keeps the archive now."""


class Lease:
    """The right to keep the archive true, as one process sees it: another takes over in a minute.

    Times are the database's own. Everything that the holder writes is written under the lease (`hold`), so
    that a process which was silent for too long cannot write over what its successor has found.
    """

    def __init__(self, database: Database, holder: str) -> None:
        """`holder`: this process, as `bot.store.processes.new_executor_id` names it."""
        self._database = database
        self._holder = holder
        self._taking: asyncio.Future[bool] | None = None

    async def take(self) -> bool:
        """Take the lease, or hold it for longer; False while another process has it."""
        self._taking = asyncio.ensure_future(self._database.run(self._take))
        return await asyncio.shield(self._taking)

    def _take(self, connection: sa.Connection) -> bool:
        every = sa.select(archive_state.c.name, archive_state.c.value)
        state = {row.name: row.value for row in connection.execute(every)}
        now = database_now(connection)
        before = state.get(_UNTIL)
        others = state.get(_LEASE) != self._holder
        if others and before is not None and float(before) > now and not _ended(state.get(_LEASE, "")):
            return False
        if before is None:
            before = "0"
            _note(connection, _UNTIL, before)
        taken = connection.execute(
            sa.update(archive_state)
            .where(archive_state.c.name == _UNTIL, archive_state.c.value == before)
            .values(value=str(now + LEASE_SECS))
        )
        if taken.rowcount == 1 and others:
            _note(connection, _LEASE, self._holder)
        return taken.rowcount == 1

    def hold(self, connection: sa.Connection) -> None:
        """Begin a transaction that no other holder can come between. Raises LeaseLostError."""
        held = connection.execute(
            sa.update(archive_state)
            .where(archive_state.c.name == _LEASE, archive_state.c.value == self._holder)
            .values(value=self._holder)
        )
        if held.rowcount != 1:
            raise LeaseLostError

    async def begin_reading(self, now: float, interrupted_secs: float) -> float:
        """Return since when everything is being read again: earlier where that was interrupted lately."""

        def begin(connection: sa.Connection) -> float:
            self.hold(connection)
            known = _value(connection, _READING)
            if known is not None and now - interrupted_secs < float(known) <= now:
                return float(known)
            _note(connection, _READING, str(now))
            return now

        return await self._database.run(begin)

    async def end_reading(self) -> None:
        def end(connection: sa.Connection) -> None:
            self.hold(connection)
            connection.execute(sa.delete(archive_state).where(archive_state.c.name == _READING))

        await self._database.run(end)

    async def release(self) -> None:
        """Let another process take it at once; while the database is away, it runs out by itself."""

        def free(connection: sa.Connection) -> None:
            self.hold(connection)
            connection.execute(
                sa.update(archive_state).where(archive_state.c.name == _UNTIL).values(value="0")
            )

        if self._taking is not None:  # who was stopped while taking it has it a moment later
            await asyncio.gather(self._taking, return_exceptions=True)
        with contextlib.suppress(*DRIVER_ERRORS, LeaseLostError):
            await asyncio.to_thread(self._database.run_here, free)


def _ended(holder: str) -> bool:
    """Whether a holder was a process of this machine that is no more: nobody needs to wait for it."""
    host, _, rest = holder.rpartition("-")[0].rpartition("-")
    if os.name != "posix" or host != socket.gethostname()[:60] or not rest.isdecimal():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


# --- which spans ---


@dataclass(frozen=True, slots=True)
class KeptSpan:
    since: int
    until: int
    as_of: float
    rows: int


def _count(connection: sa.Connection, since: int, until: int) -> int:
    start = conversations.c.start_time_unix_secs
    counted = sa.select(sa.func.count()).select_from(conversations).where(start >= since, start < until)
    return connection.execute(counted).scalar_one()


def cut_out(connection: sa.Connection, span: KeptSpan, low: int, high: int) -> None:
    """Take `[low, high)` out of a span."""
    connection.execute(sa.delete(archive_spans).where(archive_spans.c.since == span.since))
    for since, until in ((span.since, low), (high, span.until)):
        if since < until:
            row = asdict(replace(span, since=since, until=until, rows=_count(connection, since, until)))
            connection.execute(sa.insert(archive_spans), row)


def replace_span(connection: sa.Connection, since: int, until: int, as_of: float) -> None:
    """Note that a span is complete, in place of what was known of its times."""
    spans = archive_spans.c
    touching = [
        KeptSpan(*row)
        for row in connection.execute(
            sa.select(archive_spans).where(spans.until >= since, spans.since <= until)
        )
    ]
    whole = KeptSpan(since, until, as_of, _count(connection, since, until))
    for span in touching:
        if span.until > since and span.since < until:
            cut_out(connection, span, since, until)
    for other in [span for span in touching if span.until <= since or span.since >= until]:
        if abs(other.as_of - whole.as_of) <= _SAME_AGE and other.rows + whole.rows <= _SPAN_ROWS:
            connection.execute(sa.delete(archive_spans).where(spans.since == other.since))
            whole = KeptSpan(
                min(other.since, whole.since),
                max(other.until, whole.until),
                min(other.as_of, whole.as_of),
                other.rows + whole.rows,
            )
    connection.execute(sa.insert(archive_spans), asdict(whole))


# --- how much ---


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
        if self.head is None or self.oldest is None or self.whole is None:
            return "empty; `bot run`, `bot worker` and `bot sync` fill it"
        since = datetime.fromtimestamp(self.oldest, UTC).date()
        whole = datetime.fromtimestamp(self.whole, UTC)
        ids = f"; {self.without_ids:,} calls without their ids yet" if self.without_ids else ""
        calls = "call" if self.rows == 1 else "calls"
        return (
            f"{self.rows:,} {calls} since {since}; the newest read {max(0, round(now - self.head))} s ago, "
            f"none read before {whole:%Y-%m-%d %H:%M} UTC{ids}"
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
