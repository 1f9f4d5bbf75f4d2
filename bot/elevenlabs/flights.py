"""Simultaneous equal questions share one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Flights:
    """Runs one coroutine per key, for all that ask for it at the same time."""

    def __init__(self) -> None:
        self._running: dict[Hashable, tuple[asyncio.Task[Any], list[int]]] = {}

    async def share(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return what `make` returns, or what it returns to somebody who asked first.

        It is cancelled only when nobody waits for it any more.
        """
        if key not in self._running:

            async def run() -> T:
                return await make()

            started = asyncio.create_task(run())
            self._running[key] = (started, [0])
            started.add_done_callback(lambda _: self._running.pop(key, None))
        task, waiting = self._running[key]
        waiting[0] += 1
        try:
            result: T = await asyncio.shield(task)
        except asyncio.CancelledError:
            if waiting[0] == 1:
                self._running.pop(key, None)
                task.cancel()
            raise
        finally:
            waiting[0] -= 1
        return result
