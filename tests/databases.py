"""Databases for tests: one of its own on the PostgreSQL server, and a wire that can freeze and be cut."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from dbos import DBOS

from bot.store.database import Database
from bot.store.durable import Checkpoints, DurableAnswers
from tests.serving import free_port

SERVER = "postgresql://postgres@127.0.0.1:5432"
_TEMPLATE = f"bot_tables_{os.environ.setdefault('SUITE_RUN', secrets.token_hex(6))}"
"""A name for this run: the workers have it from the process that starts them."""


async def ended(answer_id: str) -> None:
    """Wait until a durable answer has ended."""
    handle: Any = await DBOS.retrieve_workflow_async(answer_id)
    await handle.get_result()


@contextlib.contextmanager
def postgres_database(*, tables: bool = False) -> Iterator[str]:
    """Make a database, and drop it at the end. Raises psycopg.OperationalError when no server answers.

    With `tables` it is a copy of one that has every table.
    """
    name = f"bot_{secrets.token_hex(6)}"
    with _server() as server:
        template = _postgres_with_tables(server) if tables else "template1"
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        # Processes of the bot are killed, the server is not: nothing waits for its disk.
        server.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        try:
            yield f"{SERVER}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _server() -> psycopg.Connection:
    return psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3)


def _postgres_with_tables(server: psycopg.Connection) -> str:
    """Name the database that is copied; whichever worker of this run needs it first makes it."""
    with server.transaction():
        server.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_TEMPLATE])
        there = server.execute("SELECT FROM pg_database WHERE datname = %s", [_TEMPLATE]).fetchone()
        if there is None:
            with _server() as other:
                other.execute(f'CREATE DATABASE "{_TEMPLATE}"')
            _make_tables(f"{SERVER}/{_TEMPLATE}")
    return _TEMPLATE


def drop_template() -> None:
    """Drop what was made to be copied, if it was, at the end of the run."""
    with contextlib.suppress(psycopg.OperationalError), _server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{_TEMPLATE}" WITH (FORCE)')


@functools.cache
def sqlite_with_tables() -> bytes:
    """Return a database file with every table in it: making them takes longer than many a test."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bot.db"
        _make_tables(f"sqlite:///{file}")
        return file.read_bytes()


def _make_tables(url: str) -> None:
    async def answer_nothing(_request: dict[str, Any], _steps: Checkpoints) -> None:
        pass

    async def make() -> None:
        database = Database(url)
        await database.create_tables()
        durable = DurableAnswers(database.url, answer_nothing, executor_id="none")
        await durable.launch()
        await durable.close(within=0)
        database.close()

    with ThreadPoolExecutor(1) as aside:  # a loop may be running here
        aside.submit(asyncio.run, make()).result()


@contextlib.contextmanager
def pooled(url: str, folder: Path) -> Iterator[str]:
    """Reach a database through pgbouncer, which gives each transaction a connection; as it is without one."""
    pgbouncer, port = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin"), free_port()
    if pgbouncer is None:
        yield url
        return
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        "[databases]\n* = host=127.0.0.1 port=5432 user=postgres\n[pgbouncer]\nlisten_addr=127.0.0.1\n"
        f"listen_port={port}\nauth_type=any\npool_mode=transaction\nunix_socket_dir=\n"
    )
    folder.chmod(0o755)
    as_user = ["-u", "nobody"] if os.getuid() == 0 else []
    with subprocess.Popen([pgbouncer, "-q", *as_user, str(settings)]) as pooler:  # noqa: S603 - our own
        try:
            address = sa.make_url(url).set(port=port).render_as_string(hide_password=False)
            for _ in range(100):
                with contextlib.suppress(psycopg.OperationalError), psycopg.connect(address):
                    break
                time.sleep(0.05)
            yield address
        finally:
            pooler.kill()


class Wire:
    """A connection to the server on which, from a moment on, nothing arrives any more."""

    def __init__(self) -> None:
        self._pumps: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._frozen: set[asyncio.StreamWriter] = set()
        self._away = False
        self.url = ""
        self.loop: asyncio.AbstractEventLoop | None = None
        """The one that the wire works on."""

    def freeze(self) -> None:
        """Let nothing pass on the connections there are; new ones work."""
        self._frozen |= self._writers

    async def taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on; while the server is away it is ended at once."""
        if self._away:
            writer.close()
            return
        server = sa.make_url(SERVER)
        there, back = await asyncio.open_connection(server.host, server.port)
        self._writers |= {writer, back}
        for source, target in ((reader, back), (there, writer)):
            pump = asyncio.create_task(self._pump(source, target))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                if target not in self._frozen:
                    target.write(data)
        if target not in self._frozen:
            target.close()

    async def away(self, seconds: float) -> None:
        """End every connection and take no new one for a while, as a server that starts anew."""
        self._away = True
        await self.cut()
        await asyncio.sleep(seconds)
        self._away = False

    async def outage(self, seconds: float) -> None:
        """Let the server be away for a while; returns when it is back. For callers on another thread."""
        assert self.loop is not None
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.away(seconds), self.loop))

    async def cut(self) -> None:
        """End every connection."""
        for pump in tuple(self._pumps):
            pump.cancel()
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*self._pumps, return_exceptions=True)


@contextlib.contextmanager
def wire(url: str) -> Iterator[Wire]:
    """Open a wire to a database; its `url` leads through it. It works in a thread of its own."""
    loop, made = asyncio.new_event_loop(), Wire()
    made.loop = loop
    thread = threading.Thread(target=loop.run_forever, name="wire")
    thread.start()

    async def serve() -> asyncio.Server:
        return await asyncio.start_server(made.taken, "127.0.0.1", 0)

    server = asyncio.run_coroutine_threadsafe(serve(), loop).result()
    port = server.sockets[0].getsockname()[1]
    made.url = sa.make_url(url).set(port=port).render_as_string(hide_password=False)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(made.cut(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
