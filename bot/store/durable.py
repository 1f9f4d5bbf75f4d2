"""Durable answers: each request is a DBOS workflow whose id is Slack's own id for it.

Once `start` returns, the request is in the database: if the process dies, another goes on from the last
finished step. Slack's repeated deliveries are the same workflow and get one answer. What is stored is JSON
and small: the request, and what each step returns, never rows, transcripts or tokens.

Alone (SQLite) a request begins in the process that recorded it. With a shared database it goes through a
queue, from which any answering process takes it. A process works on few of one person's at once.

DBOS knows a step by its position. But after a restart an answer may take other steps: ElevenLabs is away, a
channel is closed. Its next step would then stand where another is recorded, which DBOS takes for a fault. So
all that is recorded is replayed first, and found by name; what comes after it has a position of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

import msgspec
import structlog
from dbos import DBOS, SetEnqueueOptions, SetWorkflowID
from dbos import Serializer as DBOSSerializer

from bot.store.database_connections import engine_options, repeat_while_away

log = structlog.get_logger(__name__)

T = TypeVar("T")
Handler = Callable[[dict[str, Any], "Checkpoints"], Awaitable[None]]
"""Answers one request; must not raise for anything a person should hear of."""

WORKFLOW_NAME = "answer"
QUEUE = "answers"
URGENT_QUEUE = "presses"
"""For what must not wait behind answers, such as cancelling one."""
AT_ONCE, PER_PERSON = 40, 8
"""Answers a process works on at once, and how many of them are one person's."""
POLLING_SECS = 0.15
"""How often a worker looks into the queue; half of it is what the queue adds to an answer on average."""
LISTENING_SECS = 0.05
"""How often DBOS looks for messages between answers. There are none, but a stop waits for it to look."""
POOL_SIZE = 6
"""Connections of DBOS per process: small databases allow twenty in all."""
APPLICATION_VERSION = "1"
"""Pinned: a deploy of changed code goes on with what the last one began. Raise it only when steps of the same
name come to mean something else; answers of the old version then stay with processes of it."""
CANCEL_SECS = 5.0
"""How long a stopped answer may take to put things away."""
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_IDS_ALONE: dict[str, Any] = {"load_input": False, "load_output": False}


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """A checkpoint: the name it is recorded under, and the type of what it returns, stored as JSON."""

    name: str
    result: type[T]
    formerly: str | None = None
    """The name that earlier versions recorded it under. Another step may have had the same: see `read`."""
    final_error: type[Exception] | None = None
    """The error that a restart raises again. After any other, the step is tried again."""

    def number(self, index: int) -> Step[T]:
        """Return the step for one of several things done one after the other; the first is 0."""
        formerly = self.formerly and f"{self.formerly} {index}"
        return replace(self, name=f"{self.name} {index}", formerly=formerly) if index else self

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that it may be recorded under."""
        return (self.name,) if self.formerly is None else (self.name, self.formerly)

    def read(self, name: str, stored: Any) -> T | None:
        """Read what is stored under a name. Of another type, a former name is another step's: then None."""
        try:
            return msgspec.convert(stored, self.result)
        except msgspec.ValidationError:
            if name == self.formerly:
                return None
            raise


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

        `work` hears whether a process that died may have begun it: only of the first step after a restart.
        """

        async def begin() -> Any:
            may_be_begun, self._may_be_begun = self._may_be_begun, False
            return msgspec.to_builtins(await work(may_be_begun))

        if not self._replayed:
            await self._replay()
        for name in step.names:
            earlier = self._earlier.get(name, deque())
            while earlier:
                stored = earlier.popleft()
                if not isinstance(stored, EarlierError):
                    if (result := step.read(name, stored)) is not None:
                        return result
                    earlier.appendleft(stored)
                    break
                if step.final_error is not None and stored.kind == step.final_error.__name__:
                    raise step.final_error
        stored = await DBOS.run_step_async({"name": step.name}, begin)
        self._returned[step.name] = stored
        return msgspec.convert(stored, step.result)

    async def recorded(self, step: Step[T]) -> T | None:
        """Return what a step returned, here or in an earlier process; None when it did not finish."""
        if not self._replayed:
            await self._replay()
        for name in step.names:
            if name in self._returned:
                return step.read(name, self._returned[name])
        return None

    async def _replay(self) -> None:
        async def stand() -> None:
            """Stand where a step is recorded: DBOS answers from its record."""

        found = await _apart(DBOS.list_workflow_steps_async, self.answer_id)
        steps = {step["function_id"]: step for step in found}
        for position in range(1, max(steps, default=0) + 1):
            step = steps.get(position)
            with contextlib.suppress(EarlierError):
                await DBOS.run_step_async({"name": step["function_name"] if step else "gap"}, stand)
            if step is None:
                continue
            name, ended, error = step["function_name"], step["output"], step["error"]
            if error is None:
                self._returned[name] = ended
            else:
                ended = EarlierError(getattr(error, "kind", type(error).__name__))
            self._earlier.setdefault(name, deque()).append(ended)
        self._replayed = True


async def _apart(look: Callable[[str], Coroutine[Any, Any, T]], answer_id: str) -> T:
    """Look an answer up in a context of its own, so that DBOS does not take it for a step of that answer."""
    looking = repeat_while_away(look, answer_id)
    return await asyncio.get_running_loop().create_task(looking, context=contextvars.Context())


class _Json(DBOSSerializer):
    """Checkpoints as JSON: readable, portable, and unable to run code when read."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=_describe, separators=(",", ":"))

    def deserialize(self, serialized_data: str) -> Any:
        data = json.loads(serialized_data)
        if isinstance(data, dict) and set(data) == {"error"}:
            return EarlierError(str(data["error"]))
        return data

    def name(self) -> str:
        return "json"


def _describe(value: object) -> object:
    """Keep only the kind of an exception: its text could hold what must not be stored."""
    if isinstance(value, BaseException):
        return {"error": type(value).__name__}
    return msgspec.to_builtins(value)


def _is_no_failed_launch(record: logging.LogRecord) -> bool:
    """Leave out the traceback of an error that DBOS raises as well."""
    return not record.getMessage().startswith("DBOS failed to launch")


class DurableAnswers:
    """Records requests and answers them; one per process (DBOS keeps one registry a process)."""

    def __init__(
        self,
        database_url: str,
        handler: Handler,
        *,
        executor_id: str,
        shared: bool = False,
        answering: bool = True,
        asker: Callable[[dict[str, Any]], str] = lambda _request: "",
        urgent: Callable[[dict[str, Any]], bool] = lambda _request: False,
    ) -> None:
        """`executor_id` names this process in what it has begun: alone it is the same after a restart.

        `answering` False records only, for others to answer. `asker` says whose a request is, `urgent` which
        one waits behind nothing.
        """
        self._shared = shared
        self._asker, self._urgent = asker, urgent
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._people: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        """The turns of each person that anybody holds or waits for."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._recording: dict[str, asyncio.Task[None]] = {}
        self.launched = False
        DBOS(
            config={
                "name": "conversations-bot",
                "system_database_url": database_url,
                "sys_db_pool_size": POOL_SIZE,
                "db_engine_kwargs": engine_options(database_url),
                "use_listen_notify": False,  # nothing here waits for messages between workflows
                "notification_listener_polling_interval_sec": LISTENING_SECS,
                "log_level": "WARNING",
                "executor_id": executor_id,
                "application_version": APPLICATION_VERSION,
                "serializer": _Json(),
                "enable_otlp": False,
            }
        )
        DBOS.listen_queues([QUEUE, URGENT_QUEUE] if shared and answering else [])

        # A plain function, not a bound method: DBOS would take that for a configured instance of a class.
        @DBOS.workflow(name=WORKFLOW_NAME)
        async def answer(request: dict[str, Any]) -> str:
            answer_id = DBOS.workflow_id or ""
            if (task := asyncio.current_task()) is not None:  # a coroutine of DBOS always runs in one
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            status = await _apart(DBOS.get_workflow_status_async, answer_id)
            # DBOS counts how often an answer was dispatched.
            steps = Checkpoints(answer_id, resumed=status is not None and (status.recovery_attempts or 0) > 1)
            if shared or urgent(request):  # a shared queue hands out turns by itself
                await handler(request, steps)
            else:
                own = self._people.setdefault(asker(request), asyncio.Semaphore(PER_PERSON))
                async with own, self._at_once:
                    await handler(request, steps)
            return "answered"

        self._workflow = answer

    @property
    def running(self) -> int:
        return len(self._tasks)

    async def launch(self) -> None:
        """Open the database and, alone, go on with what the last process left unanswered, on this loop."""
        dbos_log = logging.getLogger("dbos")
        dbos_log.addFilter(_is_no_failed_launch)
        try:
            DBOS.launch()
        except BaseException:
            DBOS.destroy(destroy_registry=True)  # else its threads keep the process alive
            raise
        finally:
            dbos_log.removeFilter(_is_no_failed_launch)
        if self._shared:
            await DBOS.register_queue_async(
                QUEUE,
                worker_concurrency=AT_ONCE,
                partition_worker_concurrency=PER_PERSON,
                polling_interval_sec=POLLING_SECS,
            )
            await DBOS.register_queue_async(
                URGENT_QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=2 * POLLING_SECS
            )
        self.launched = True
        await asyncio.sleep(0)

    async def start(self, answer_id: str, request: dict[str, Any]) -> None:
        """Record the request; returns as soon as it is recorded. It is answered here or by a worker.

        Recording goes on when the caller gives up: else a request might be recorded as begun with nobody at
        work on it.
        """
        if answer_id not in self._recording:
            self._recording[answer_id] = asyncio.create_task(self._record(answer_id, request))
        await asyncio.shield(self._recording[answer_id])

    async def _record(self, answer_id: str, request: dict[str, Any]) -> None:
        try:
            with SetWorkflowID(answer_id):
                if self._shared and self._urgent(request):
                    await DBOS.enqueue_workflow_async(URGENT_QUEUE, self._workflow, request)
                elif self._shared:
                    with SetEnqueueOptions(queue_partition_key=self._asker(request)):
                        await DBOS.enqueue_workflow_async(QUEUE, self._workflow, request)
                else:
                    await DBOS.start_workflow_async(self._workflow, request)
        except Exception as error:
            log.warning("not recorded", question=answer_id, error=type(error).__name__)
            raise
        finally:
            del self._recording[answer_id]

    async def waiting(self) -> int:
        """Return how many recorded requests nobody has begun to answer."""
        return len(await DBOS.list_workflows_async(status="ENQUEUED", limit=10_000, **_IDS_ALONE))

    async def adopt(self, alive: Collection[str]) -> int:
        """Put back into the queue what processes began that are not `alive`; returns how many answers."""
        ours = {"status": "PENDING", "app_version": APPLICATION_VERSION, **_IDS_ALONE}
        begun = await DBOS.list_workflows_async(**ours)
        gone = {status.executor_id for status in begun if status.executor_id} - set(alive)
        return await _give_back(sorted(gone)) if gone else 0

    async def abandon(self, executor_id: str) -> None:
        """Stop every answer here and give it back to the queue; call it again when the database raises."""
        while True:
            await self._stop()
            await _give_back([executor_id])
            if not self._tasks:  # else some were begun meanwhile, and may have been given back with the rest
                return

    async def forget_older_than(self, days: float, now: float) -> int:
        """Delete answers that ended more than `days` before `now` (Unix seconds); returns how many."""
        before = datetime.fromtimestamp(now - days * 86_400, UTC).isoformat()
        forgotten = 0
        ended = {"status": _ENDED, "end_time": before, "limit": 500, **_IDS_ALONE}
        while old := await DBOS.list_workflows_async(**ended):
            await DBOS.delete_workflows_async([status.workflow_id for status in old])
            forgotten += len(old)
        return forgotten

    async def close(self, *, within: float) -> None:
        """Take no more, let answers end for at most `within` seconds; the rest goes on at the next start."""
        self.launched = False
        loop = asyncio.get_running_loop()
        if self._recording:
            await asyncio.wait(set(self._recording.values()), timeout=within)
        if not self._shared:  # nothing comes from elsewhere any more: what is begun is all there is
            await self._stop(within)
        secs = int(within) + 2 if self._tasks else 0
        destroy = partial(DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=secs)
        with ThreadPoolExecutor(1, "destroy") as thread:
            # While DBOS waits for them in that thread, answers go on here.
            destroying = loop.run_in_executor(thread, destroy)
            await self._stop(within)
            await destroying
            # DBOS gave the loop its own thread pool and has shut that down.
            loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="worker"))

    async def _stop(self, within: float = 0) -> None:
        """Let running answers end for at most `within` seconds, and stop those that did not."""
        if self._tasks and within:
            await asyncio.wait(set(self._tasks), timeout=within)
        for task in (tasks := set(self._tasks)):
            task.cancel()
        if tasks:  # not for ever: what they put away may need a database that hangs
            await asyncio.wait(tasks, timeout=CANCEL_SECS)


async def _give_back(executor_ids: list[str]) -> int:
    """Put what these executors have begun and not ended back into the queue; returns how many workflows.

    The one function of DBOS used here without a public name: `DBOS.resume_workflows` does not check whose a
    workflow is, so two processes that take over at once would both begin it. Raises what the database does.
    """
    return len(await asyncio.to_thread(DBOS._recover_pending_workflows, executor_ids))  # noqa: SLF001
