"""The steps of one answer, recorded by DBOS and found again by their names.

DBOS itself knows a step by its position among the others. But what an answer does between two steps may turn
out differently after a restart: ElevenLabs is away, the rows are gone, a channel is closed. Its next step
would then stand where another is recorded, which DBOS takes for a fault of the program and ends the answer,
with nobody told. So all that is recorded is replayed first; what comes after it has a position of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Generic, ParamSpec, TypeVar

import msgspec
from dbos import DBOS

from bot.store.database_connections import repeat_while_away

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """A checkpoint: the name it is recorded under, and the type of what it returns, stored as JSON."""

    name: str
    result: type[T]
    formerly: str | None = None
    """The name that earlier versions recorded it under. Another step may have had the same: see `_read`."""
    final_error: type[Exception] | None = None
    """The error that a restart raises again. After any other, the step is tried again."""

    def number(self, index: int) -> Step[T]:
        """Return the step for one of several things done one after the other; the first is 0."""
        if not index:
            return self
        formerly = None if self.formerly is None else f"{self.formerly} {index}"
        return replace(self, name=f"{self.name} {index}", formerly=formerly)


class EarlierError(RuntimeError):
    """A step failed in a process that died since. `kind` is the class of its exception."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"failed before with {kind}")
        self.kind = kind


class Checkpoints:
    """What an answer has done, in this process and in those before it."""

    def __init__(self, answer_id: str, *, resumed: bool) -> None:
        self.answer_id = answer_id
        self.resumed = resumed
        """Whether an earlier process began this answer."""
        self._replayed = not resumed
        self._may_be_begun = resumed
        self._earlier: dict[str, deque[Any]] = {}
        """What steps of earlier processes returned or raised, by name, in their order."""
        self._returned: dict[str, Any] = {}

    async def run(self, step: Step[T], work: Callable[[bool], Awaitable[T]]) -> T:
        """Do `work` once: if the step is recorded, return what it returned then.

        `work` hears whether a process that died may have begun the same: true of the first step after a
        restart that is not recorded, and of no other.
        """

        async def begin() -> Any:
            may_be_begun, self._may_be_begun = self._may_be_begun, False
            return msgspec.to_builtins(await work(may_be_begun))

        await self._replay()
        for name in _names(step):
            earlier = self._earlier.get(name, deque())
            while earlier:
                stored = earlier[0]
                if not isinstance(stored, EarlierError):
                    if (result := _read(step, name, stored)) is None:
                        break
                    earlier.popleft()
                    return result
                earlier.popleft()
                if step.final_error is not None and stored.kind == step.final_error.__name__:
                    raise step.final_error
        stored = await DBOS.run_step_async({"name": step.name}, begin)
        self._returned[step.name] = stored
        return msgspec.convert(stored, step.result)

    async def recorded(self, step: Step[T]) -> T | None:
        """Return what a step returned, here or in an earlier process; None when it did not finish."""
        await self._replay()
        for name in _names(step):
            if name in self._returned:
                return _read(step, name, self._returned[name])
        return None

    async def _replay(self) -> None:
        if self._replayed:
            return
        # Outside of the workflow's context: looking is not a step of it.
        found = await repeat_while_away(apart, DBOS.list_workflow_steps_async, self.answer_id)
        steps = {step["function_id"]: step for step in found}
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
        self._replayed = True


def _names(step: Step[Any]) -> tuple[str, ...]:
    return (step.name,) if step.formerly is None else (step.name, step.formerly)


def _read(step: Step[T], name: str, stored: Any) -> T | None:
    """Read a stored result. One of another type under a former name is another step's: then None."""
    try:
        return msgspec.convert(stored, step.result)
    except msgspec.ValidationError:
        if name == step.formerly:
            return None
        raise


async def _nothing() -> None:
    """Stand where a step is recorded: DBOS answers from its record."""


async def apart(work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **named: P.kwargs) -> T:
    """Do work in a context of its own, so that DBOS does not take it for a part of the running workflow."""
    return await asyncio.get_running_loop().create_task(work(*args, **named), context=contextvars.Context())
