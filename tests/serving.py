"""Real servers for tests: any ASGI app on a free loopback port."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn

_QUIET = 5
"""Looks in a row, a millisecond apart, that find no connection before a server is taken to have none."""


def free_port() -> int:
    """Return a loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def serve(app: Any, port: int = 0, *, ending: float = 1.0) -> AsyncIterator[str]:
    """Serve an ASGI app in this event loop; yields its base URL, without a slash at the end.

    `ending`: seconds that open requests have at the end.
    """
    # Named in full: asyncio switches Nagle off (40 ms for each small answer) only for a declared TCP socket.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="on")
        server = _Server(config, ending)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            if task.done():
                await task
            await asyncio.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.end()
            await task


class _Server(uvicorn.Server):
    """Uvicorn that hears of its end at once: hundreds of tests each start one and end it."""

    def __init__(self, config: uvicorn.Config, ending: float) -> None:
        super().__init__(config)
        self._ending_secs = ending
        self._ending = asyncio.Event()

    def end(self) -> None:
        """Let open requests end, but not for long, and serve no more."""
        self.should_exit = True
        self._ending.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # A connection accepted in the turn in which its server closes is lost, and never closed: asyncio no
        # longer lets it join the server. So nothing more is accepted, and what was is given its turn.
        for listener in sockets or ():
            asyncio.get_running_loop().remove_reader(listener)
        await asyncio.sleep(0.001)
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._drained(), self._ending_secs)
        for task in self.server_state.tasks:
            task.cancel()
        for connection in self.server_state.connections:
            connection.transport.abort()
        await asyncio.sleep(0)  # their sockets are closed in the loop's next turn
        await self.lifespan.shutdown()

    async def _drained(self) -> None:
        """Ask all connections to end; one accepted just now is there a moment later."""
        state, asked, quiet = self.server_state, set[Any](), 0
        while quiet < _QUIET:
            for connection in state.connections - asked:
                connection.shutdown()
            asked |= state.connections
            quiet = 0 if state.connections or state.tasks else quiet + 1
            await asyncio.sleep(0.001)
