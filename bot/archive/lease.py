"""Who keeps the archive true: one of the processes that share the database. Another takes over in a minute.

Times are the database's own. Everything that the holder writes is written under the lease (`hold`), so that a
process which was silent for too long cannot write over what its successor has found.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket

import sqlalchemy as sa

from bot.archive.tables import archive_state
from bot.store.database import Database, upsert
from bot.store.database_connections import DRIVER_ERRORS
from bot.store.processes import database_now

LEASE_SECS = 40.0
RENEW_SECS = 10.0
_LEASE, _UNTIL, _READING = "lease", "lease_until", "reading_since"


class LeaseLostError(Exception):
    """Another process keeps the archive now."""


class Lease:
    """The right to keep the archive, as one process sees it."""

    def __init__(self, database: Database, holder: str) -> None:
        """`holder`: this process, as `bot.store.processes.new_executor_id` names it."""
        self._database = database
        self._holder = holder

    async def take(self) -> bool:
        """Take the lease, or hold it for longer; False while another process has it."""
        return await self._database.run(self._take)

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
            upsert(connection, archive_state, [{"name": _UNTIL, "value": before}])
        taken = connection.execute(
            sa.update(archive_state)
            .where(archive_state.c.name == _UNTIL, archive_state.c.value == before)
            .values(value=str(now + LEASE_SECS))
        )
        if taken.rowcount == 1 and others:
            upsert(connection, archive_state, [{"name": _LEASE, "value": self._holder}])
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
            known = connection.execute(
                sa.select(archive_state.c.value).where(archive_state.c.name == _READING)
            ).scalar()
            if known is not None and now - interrupted_secs < float(known) <= now:
                return float(known)
            upsert(connection, archive_state, [{"name": _READING, "value": str(now)}])
            return now

        return await self._database.run(begin)

    async def end_reading(self) -> None:
        """Note that everything was read again."""

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
