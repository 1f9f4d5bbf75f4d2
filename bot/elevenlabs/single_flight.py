"""Running coroutines together: equal ones once, different ones side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


class SingleFlight:
    """Runs one coroutine per key, for all that ask for it at the same time."""

    def __init__(self) -> None:
        self._running: dict[Hashable, tuple[asyncio.Task[Any], list[int]]] = {}

    async def run(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return what `make` returns, or what it returns to somebody who asked first.

        It is cancelled only when nobody waits for it any more.
        """
        if key not in self._running:

            async def made() -> T:
                return await make()

            started = asyncio.create_task(made())
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


async def run_all(jobs: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run coroutines side by side; return their results in order. The first error stops the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None  # as it is, not wrapped in a group
    return [task.result() for task in tasks]
