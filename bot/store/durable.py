"""Durable answers: each request is a DBOS workflow whose id is Slack's own id for it.

Once `start` returns, the request is in the database: if the process dies, the next one with the same executor
id goes on from the last finished step. Starting the same id again is the same workflow, so Slack's repeated
deliveries are answered once. Everything stored is JSON and small: the request, and what each step returns
(ids, counts, the question's text), never rows, transcripts or tokens.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import msgspec
from dbos import DBOS, SetWorkflowID
from dbos import Serializer as DBOSSerializer

T = TypeVar("T")

WORKFLOW_NAME = "answer"
APPLICATION_VERSION = "1"
"""Pinned, so that a deploy of changed code still goes on with what the last one began.

Raise it only when the order or names of an answer's steps change; answers of the old version then stay with
processes of the old version.
"""


class Steps(Protocol):
    """Checkpoints of one answer."""

    @property
    def answer_id(self) -> str:
        """The workflow's id."""

    @property
    def resumed(self) -> bool:
        """Whether an earlier process began this answer."""

    async def run(self, name: str, work: Callable[[], Awaitable[T]], kind: type[T]) -> T:
        """Do `work` once: when this step is already recorded, return what it returned then.

        `kind` is the type of the result: something msgspec turns into JSON and back.
        """


Handler = Callable[[dict[str, Any], Steps], Awaitable[None]]
"""Answers one request; must not raise for anything a person should hear of."""


class _Json(DBOSSerializer):
    """Checkpoints as JSON: readable, portable, and unable to run code when read."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=_describe, separators=(",", ":"))

    def deserialize(self, serialized_data: str) -> Any:
        data = json.loads(serialized_data)
        if isinstance(data, dict) and set(data) == {"error"}:
            return RuntimeError(data["error"])
        return data

    def name(self) -> str:
        return "json"


def _describe(value: object) -> object:
    """Keep only the kind of an exception: its text could hold what must not be stored."""
    if isinstance(value, BaseException):
        return {"error": type(value).__name__}
    return msgspec.to_builtins(value)


class _DBOSSteps:
    def __init__(self, answer_id: str, *, resumed: bool) -> None:
        self.answer_id = answer_id
        self.resumed = resumed

    async def run(self, name: str, work: Callable[[], Awaitable[T]], kind: type[T]) -> T:
        async def step() -> Any:
            return msgspec.to_builtins(await work())

        stored = await DBOS.run_step_async({"name": name}, step)
        return msgspec.convert(stored, kind)


class DurableAnswers:
    """Records requests and answers them; one per process (DBOS keeps one registry a process)."""

    def __init__(
        self, database_url: str, handler: Handler, *, executor_id: str, log_level: str = "WARNING"
    ) -> None:
        """`database_url` is a SQLAlchemy URL; `executor_id` is the same after a restart of this process."""
        self._handler = handler
        self._begun_here: set[str] = set()
        DBOS(
            config={
                "name": "conversations-bot",
                "system_database_url": database_url,
                "log_level": log_level,
                "executor_id": executor_id,
                "application_version": APPLICATION_VERSION,
                "serializer": _Json(),
                "enable_otlp": False,
            }
        )

        async def answer(request: dict[str, Any]) -> str:
            await self._answer(request)
            return "answered"

        # A plain function, not a bound method: DBOS would take that for a configured instance of a class.
        self._workflow = DBOS.workflow(name=WORKFLOW_NAME)(answer)
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def _answer(self, request: dict[str, Any]) -> None:
        answer_id = DBOS.workflow_id or ""
        steps = _DBOSSteps(answer_id, resumed=answer_id not in self._begun_here)
        self._begun_here.discard(answer_id)
        self._running += 1
        self._idle.clear()
        try:
            await self._handler(request, steps)
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def launch(self) -> None:
        """Open the database and go on with what an earlier process left unanswered.

        Called on the event loop on purpose: DBOS then runs recovered answers on this loop, where the clients
        of the other parts live.
        """
        DBOS.launch()
        await asyncio.sleep(0)

    async def start(self, answer_id: str, request: dict[str, Any]) -> None:
        """Record the request and begin to answer it; returns as soon as it is recorded."""
        self._begun_here.add(answer_id)
        with SetWorkflowID(answer_id):
            await DBOS.start_workflow_async(self._workflow, request)

    async def wait(self, answer_id: str) -> None:
        """Wait until an answer has ended."""
        handle: Any = await DBOS.retrieve_workflow_async(answer_id)
        await handle.get_result()

    async def close(self, *, within: float) -> None:
        """Let running answers end for at most `within` seconds, then close the database.

        What did not end is still recorded and goes on at the next start.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(deadline):
                await self._idle.wait()
        # DBOS gave the loop its own thread pool and shuts that down: destroy from another one.
        loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="worker"))
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
