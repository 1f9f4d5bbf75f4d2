"""Which processes share the database and are alive: one row each, beaten every few seconds.

Nothing else notices that a process died: its answers stay recorded as begun, and who is alive finds its row
silent and takes them over. Times are the database's own, so that hosts need not agree on a clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import sqlalchemy as sa
import structlog

from bot.store.database import Database, metadata, upsert
from bot.store.database_connections import repeat_while_away

log = structlog.get_logger(__name__)

T = TypeVar("T")

BEAT_SECS = 2.0
SILENT_BEATS = 5
"""After so many beats without one a process counts as dead. With one beat and one look into the queue more,
its answers go on elsewhere within 15 seconds."""
QUIET_BEATS = 3
"""After so many a process stops its answers itself: by the time others take it for dead, it works on none."""
HUNG_SECS = 60.0
"""A process whose event loop has stood still for so long does not beat any more."""
_FORGOTTEN_SECS = 3600.0

processes = sa.Table(
    "processes",
    metadata,
    sa.Column("executor_id", sa.String(128), primary_key=True),
    sa.Column("answers", sa.Boolean, nullable=False),
    sa.Column("beat_at", sa.Float, nullable=False),
)


def new_executor_id() -> str:
    """Return a name for this process that no other has had: host, process id, chance."""
    return f"{socket.gethostname()[:60]}-{os.getpid()}-{secrets.token_hex(4)}"


def database_now(connection: sa.Connection) -> float:
    """Return the database's own time, Unix seconds; SQLite has that of this machine."""
    if connection.dialect.name == "sqlite":
        return time.time()
    return float(connection.execute(sa.text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())


class Processes:
    def __init__(
        self, database: Database, executor_id: str, *, answers: bool, beat_secs: float = BEAT_SECS
    ) -> None:
        self.executor_id = executor_id
        self._database = database
        self._answers = answers
        self._beat_secs = beat_secs
        self._thread = ThreadPoolExecutor(1, "processes")
        self._ended = threading.Event()
        self._felt = 0.0
        self._beaten = 0.0
        """When the last beat that arrived was begun."""
        self._lost = False
        """Whether others take this process for dead, or soon will."""

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _beat(self) -> None:
        """Say that this process is alive. Blocks."""
        began = time.monotonic()
        with self._database.engine.begin() as connection:
            now = database_now(connection)
            row = {"executor_id": self.executor_id, "answers": self._answers, "beat_at": now}
            upsert(connection, processes, [row])
        self._beaten = began

    def _keep_beating(self) -> None:
        """Beat in a thread of its own: a busy event loop is no dead one. One that hangs for long is."""
        while not self._ended.wait(self._beat_secs):
            if time.monotonic() - self._felt > HUNG_SECS:
                continue
            try:
                self._beat()
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                log.warning("no heartbeat", error=type(error).__name__)

    @property
    def _quiet(self) -> bool:
        """Whether no beat has arrived for too long, also while one is still on its way."""
        return time.monotonic() - self._beaten > QUIET_BEATS * self._beat_secs

    async def alive(self, *, answering: bool = False) -> frozenset[str]:
        """Return the processes heard of lately; with `answering` only those that answer."""

        def read() -> frozenset[str]:
            with self._database.engine.begin() as connection:
                since = database_now(connection) - SILENT_BEATS * self._beat_secs
                statement = sa.select(processes.c.executor_id).where(processes.c.beat_at > since)
                if answering:
                    statement = statement.where(processes.c.answers)
                return frozenset(connection.execute(statement).scalars())

        return await self._run(read)

    def _leave(self) -> None:
        """Take this process off the list: what it has not finished is taken over at once. Blocks."""
        with self._database.engine.begin() as connection:
            old = processes.c.beat_at < database_now(connection) - _FORGOTTEN_SECS
            connection.execute(
                sa.delete(processes).where((processes.c.executor_id == self.executor_id) | old)
            )

    @contextlib.asynccontextmanager
    async def present(
        self,
        *,
        adopt: Callable[[frozenset[str]], Awaitable[int]],
        taken_for_dead: Callable[[], Awaitable[None]],
    ) -> AsyncIterator[None]:
        """Beat while inside, and leave the list at the end.

        `adopt` is called every few seconds with those alive. When this process could not beat for so long
        that others take it for dead, `taken_for_dead` must stop its answers; it is called until it does not
        raise.
        """
        await repeat_while_away(asyncio.to_thread, self._beat)
        self._felt = time.monotonic()
        beating = threading.Thread(target=self._keep_beating, name="heartbeat", daemon=True)
        beating.start()
        tasks = [
            asyncio.create_task(self._watch_itself(taken_for_dead)),
            asyncio.create_task(self._look_around(adopt)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._ended.set()
            await asyncio.to_thread(beating.join, self._beat_secs)
            with contextlib.suppress(sa.exc.SQLAlchemyError, TimeoutError):  # then it falls silent instead
                async with asyncio.timeout(SILENT_BEATS * self._beat_secs):
                    await self._run(self._leave)
            self._thread.shutdown(wait=False)

    async def _watch_itself(self, taken_for_dead: Callable[[], Awaitable[None]]) -> None:
        """Notice that this process is silent, even while the database hangs; begin anew once it is back."""
        while True:
            self._felt = time.monotonic()
            if self._quiet and not self._lost:
                self._lost = True
                log.warning("silent for too long; others go on with the answers begun here")
            if self._lost:
                try:
                    await taken_for_dead()
                    await self._run(self._beat)
                    self._lost = False
                except Exception as error:  # noqa: BLE001 - the database may be away for a while
                    log.warning("cannot give answers back yet", error=type(error).__name__)
            await asyncio.sleep(self._beat_secs / 2)

    async def _look_around(self, adopt: Callable[[frozenset[str]], Awaitable[int]]) -> None:
        """Take over what the dead have begun.

        Who is not heard of itself has no say: after an outage it would take its own answers for a dead one's.
        """
        while self._answers:
            try:
                alive = await self.alive()
                if self.executor_id not in alive:
                    self._lost = True
                elif not self._lost and (adopted := await adopt(alive)):
                    log.warning("took over answers of a process that ended", answers=adopted)
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                log.warning("cannot look for other processes", error=type(error).__name__)
            await asyncio.sleep(self._beat_secs)
