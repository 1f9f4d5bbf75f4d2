"""Databases for tests: one of its own on the PostgreSQL server, and a wire that can freeze and be cut."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
from collections.abc import Iterator

import psycopg
import sqlalchemy as sa

SERVER = "postgresql://postgres@127.0.0.1:5432"


@contextlib.contextmanager
def postgres_database() -> Iterator[str]:
    """Make a database, and drop it at the end. Raises psycopg.OperationalError when no server answers."""
    name = f"bot_{secrets.token_hex(6)}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{SERVER}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


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
