"""Durable answers: each request is a DBOS workflow whose id is Slack's own id for it.

Once `start` returns, the request is in the database: if the process dies, another goes on from the last
finished step. Starting the same id again is the same workflow, so Slack's repeated deliveries get one answer.
Everything stored is JSON and small: the request, and what each step returns (ids, counts, the question's
text), never rows, transcripts or tokens.

Alone (SQLite) a request begins in the process that recorded it. With a shared database it goes through a
queue, from which any answering process takes it; a process that only records takes none. Either way a
process works on a bounded number at once, and on few of one person's, so that nobody waits behind a crowd of
another's.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

import msgspec
import structlog
from dbos import DBOS, SetEnqueueOptions, SetWorkflowID
from dbos import Serializer as DBOSSerializer

from bot.store.checkpoints import Checkpoints, EarlierError, apart
from bot.store.database_connections import ANSWER_SECS, engine_options, repeat_while_away

log = structlog.get_logger(__name__)

WORKFLOW_NAME = "answer"
QUEUE = "answers"
URGENT_QUEUE = "presses"
"""For what must not wait behind answers, such as cancelling one."""
AT_ONCE = 40
"""Answers a process works on at once."""
PER_PERSON = 8
"""Of those, one person's."""
POLLING_SECS = 0.15
"""How often a worker looks into the queue; half of it is what the queue adds to an answer on average."""
LISTENING_SECS = 0.05
"""How often DBOS looks for messages between answers. There are none, but a stop waits for it to look."""
POOL_SIZE = 6
"""Connections of DBOS per process: small databases allow twenty in all."""
APPLICATION_VERSION = "1"
"""Pinned, so that a deploy of changed code still goes on with what the last one began.

Raise it only when steps of the same name come to mean something else; answers of the old version then stay
with processes of the old version. Their order is free: they are found by their names.
"""
CANCEL_SECS = 5.0
"""How long a stopped answer may take to put things away."""
_FORGET_AT_ONCE = 500


Handler = Callable[[dict[str, Any], Checkpoints], Awaitable[None]]
"""Answers one request; must not raise for anything a person should hear of."""


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
    """Keep what DBOS logs, but the traceback of an error that it raises as well."""
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
        log_level: str = "WARNING",
        answer_secs: float = ANSWER_SECS,
    ) -> None:
        """`database_url` is a SQLAlchemy URL; a database silent for `answer_secs` is asked anew.

        `executor_id` names this process in what it has begun: alone it is the same after a restart, with a
        `shared` database it is its own. `answering` False records only, for others to answer. `asker` says
        whose a request is, `urgent` which one waits behind nothing.
        """
        self._shared = shared
        self._asker = asker
        self._urgent = urgent
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._people: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        """The turns of each person that anybody holds or waits for."""
        self.launched = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._recording: dict[str, asyncio.Task[None]] = {}
        DBOS(
            config={
                "name": "conversations-bot",
                "system_database_url": database_url,
                "sys_db_pool_size": POOL_SIZE,
                "db_engine_kwargs": engine_options(database_url, answer_secs),
                "use_listen_notify": False,  # nothing here waits for messages between workflows
                "notification_listener_polling_interval_sec": LISTENING_SECS,
                "log_level": log_level,
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
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - a coroutine of DBOS always runs in a task
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            status = await repeat_while_away(apart, DBOS.get_workflow_status_async, answer_id)
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
        """How many answers are being worked on here."""
        return len(self._tasks)

    async def launch(self) -> None:
        """Open the database and, alone, go on with what the last process left unanswered.

        Called on the event loop on purpose: DBOS then runs recovered answers on this loop, where the clients
        of the other parts live.
        """
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

        Recording goes on when the caller gives up waiting: cut off between the database's yes and the first
        step of the answer, the request would be recorded as begun with nobody at work on it.
        """
        recording = self._recording.get(answer_id)
        if recording is None:
            recording = self._recording[answer_id] = asyncio.create_task(self._record(answer_id, request))
        await asyncio.shield(recording)

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

    async def wait(self, answer_id: str) -> None:
        """Wait until an answer has ended."""
        handle: Any = await DBOS.retrieve_workflow_async(answer_id)
        await handle.get_result()

    async def waiting(self) -> int:
        """Return how many recorded requests nobody has begun to answer."""
        found = await DBOS.list_workflows_async(
            status="ENQUEUED", load_input=False, load_output=False, limit=10_000
        )
        return len(found)

    async def adopt(self, alive: Collection[str]) -> int:
        """Put back into the queue what processes began that are not `alive`; returns how many answers.

        DBOS gives back a workflow only while it still belongs to the named executor, in one statement: of
        two adopters the second finds nothing, and what a living process has taken is never given back.
        """
        begun = await DBOS.list_workflows_async(
            status="PENDING", load_input=False, load_output=False, app_version=APPLICATION_VERSION
        )
        gone = {status.executor_id for status in begun if status.executor_id} - set(alive)
        return await _give_back(sorted(gone)) if gone else 0

    async def abandon(self, executor_id: str) -> None:
        """Stop every answer here without an end and give what is still ours back to the queue.

        Raises what the database does, with every answer stopped all the same: then it must be called again.
        """
        while True:
            await self._cancel()
            await _give_back([executor_id])
            if not self._tasks:  # else some were begun meanwhile, and may have been given back with the rest
                return

    async def forget_older_than(self, days: float, now: float) -> int:
        """Delete answers that ended more than `days` before `now` (Unix seconds); returns how many."""
        before = datetime.fromtimestamp(now - days * 86_400, UTC).isoformat()
        forgotten = 0
        while True:
            old = await DBOS.list_workflows_async(
                status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
                end_time=before,
                load_input=False,
                load_output=False,
                limit=_FORGET_AT_ONCE,
            )
            if not old:
                return forgotten
            await DBOS.delete_workflows_async([status.workflow_id for status in old])
            forgotten += len(old)

    async def close(self, *, within: float) -> None:
        """Take no more, let running answers end for at most `within` seconds, then close the database.

        What did not end is stopped where it is; it is still recorded as begun and goes on at the next start,
        or in another process.
        """
        self.launched = False
        loop = asyncio.get_running_loop()
        if self._recording:
            await asyncio.wait(set(self._recording.values()), timeout=within)
        if not self._shared:  # nothing comes from elsewhere any more: what is begun is all there is
            await self._end(within)
        wait_secs = int(within) + 2 if self._tasks else 0
        with ThreadPoolExecutor(1, "destroy") as thread:
            # While DBOS waits for it in that thread, answers go on here; it looks once a second.
            destroying = loop.run_in_executor(
                thread,
                lambda: DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=wait_secs),
            )
            await self._end(within)
            await destroying
            # DBOS gave the loop its own thread pool and has shut that down.
            loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="worker"))

    async def _end(self, within: float) -> None:
        """Let running answers end for at most `within` seconds, and stop those that did not."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=within)
            await self._cancel()

    async def _cancel(self) -> None:
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:  # not for ever: what they put away may need a database that hangs
            await asyncio.wait(tasks, timeout=CANCEL_SECS)


async def _give_back(executor_ids: list[str]) -> int:
    """Put what these executors have begun and not ended back into the queue; returns how many workflows.

    The one function of DBOS used here that has no public name: by one, a process gives back only what it has
    begun itself, and `DBOS.resume_workflows` does not check whose a workflow is by then, so two processes
    that take over at once would both begin it. This is one statement for each workflow, which finds it only
    while it still belongs to one of them. Raises what the database does.
    """
    return len(await asyncio.to_thread(DBOS._recover_pending_workflows, executor_ids))  # noqa: SLF001
