"""The steps of one answer, recorded by DBOS and found again by their names.

DBOS itself knows a step by its position among the others. But what an answer does between two steps may turn
out otherwise after a restart: ElevenLabs is away, the rows are gone, a channel is closed. Its next step would
then stand where another is recorded, which DBOS takes for a fault of the program and ends the answer, with
nobody told. So what is recorded is gone through first; whatever comes after it has a position of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import msgspec
import structlog
from dbos import DBOS, StepInfo
from dbos import error as dbos_error
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger(__name__)

T = TypeVar("T")

AGAIN_SECS = 1.0
"""How long to wait before a database that did not answer is asked again."""


class EarlierError(RuntimeError):
    """A step failed in a process that died since. `kind` is the class of its exception."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"failed before with {kind}")
        self.kind = kind


class Checkpoints:
    """Implements `durable.Steps`."""

    def __init__(self, answer_id: str, *, resumed: bool) -> None:
        self.answer_id = answer_id
        self.resumed = resumed
        self._gone_through = not resumed
        self._earlier: dict[str, deque[Any]] = {}
        """What steps of earlier processes returned or raised, by name, in their order."""
        self._returned: dict[str, Any] = {}

    async def run(self, name: str, work: Callable[[], Awaitable[T]], kind: type[T]) -> T:
        """Do `work`, unless a step of this name is recorded: then return, or raise, what it did."""

        async def step() -> Any:
            return msgspec.to_builtins(await work())

        await self._go_through()
        if earlier := self._earlier.get(name):
            stored = earlier.popleft()
            if isinstance(stored, Exception):
                raise stored
        else:
            stored = await DBOS.run_step_async({"name": name}, step)
            self._returned[name] = stored
        return msgspec.convert(stored, kind)

    async def recorded(self, name: str, kind: type[T]) -> T | None:
        """Return what a step returned, here or in an earlier process; None when it did not finish."""
        await self._go_through()
        return msgspec.convert(self._returned[name], kind) if name in self._returned else None

    async def _go_through(self) -> None:
        if self._gone_through:
            return
        steps = {step["function_id"]: step for step in await self._list()}
        for position in range(1, max(steps, default=0) + 1):
            step = steps.get(position)
            with contextlib.suppress(EarlierError):
                await DBOS.run_step_async({"name": step["function_name"] if step else "gap"}, _nothing)
            if step is None:
                continue
            name, ended = step["function_name"], step["output"]
            if step["error"] is None:
                self._returned[name] = ended
            else:
                kind = getattr(step["error"], "kind", type(step["error"]).__name__)
                ended = EarlierError(kind)
            self._earlier.setdefault(name, deque()).append(ended)
        self._gone_through = True

    async def _list(self) -> list[StepInfo]:
        """Read what is recorded; waits for a database that is away, as DBOS itself does at each step."""
        while True:
            try:
                # Outside of the workflow's context: looking is not a step of it.
                return await apart(DBOS.list_workflow_steps_async(self.answer_id))
            except (SQLAlchemyError, dbos_error.DBOSException) as away:
                log.warning("cannot read what is recorded", error=type(away).__name__)
                await asyncio.sleep(AGAIN_SECS)


async def _nothing() -> None:
    """Stand where a step is recorded: DBOS answers from its record."""


async def apart(work: Coroutine[Any, Any, T]) -> T:
    """Do work in a context of its own, so that DBOS does not take it for a part of the running workflow."""
    return await asyncio.get_running_loop().create_task(work, context=contextvars.Context())
