"""Places for files being made: at most a few at once per person, per process and in all, fair between people.

Each file has a row from the moment it is wanted until it has ended, in whatever process it is made. The row
is also how a press of Cancel in one process reaches the process that makes the file.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import sqlalchemy as sa
import structlog

from bot.store.database import Database, metadata, upsert

log = structlog.get_logger(__name__)

PER_PERSON = 2
PER_PROCESS = 8
IN_ALL = 24
"""Files in the making for the whole workspace: they share the limits of one ElevenLabs key."""
LOOK_SECS = 0.5
"""How often a process with files waiting or in the making looks for places and presses in other processes."""

exports = sa.Table(
    "exports",
    metadata,
    sa.Column("answer_id", sa.String(255), primary_key=True),
    sa.Column("question_id", sa.String(40), nullable=False),
    sa.Column("user_id", sa.String(32), nullable=False),
    sa.Column("executor_id", sa.String(128), nullable=False),
    sa.Column("wanted_at", sa.Float, nullable=False),
    sa.Column("begun", sa.Boolean, nullable=False),
    sa.Column("cancelled", sa.Boolean, nullable=False),
    sa.Column("without_ids", sa.Boolean, nullable=False),
    sa.Index("exports_by_question", "question_id"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row, as far as the choice of the next needs it."""

    answer_id: str
    user_id: str
    executor_id: str
    wanted_at: float
    begun: bool


def choose(rows: list[Wanted], executor_id: str) -> list[str]:
    """Return which waiting files of a process may begin: who has fewest in the making first, then age."""
    begun = [row for row in rows if row.begun]
    person = Counter(row.user_id for row in begun)
    here = sum(row.executor_id == executor_id for row in begun)
    total = len(begun)
    waiting = [row for row in rows if not row.begun and row.executor_id == executor_id]
    chosen: list[str] = []
    while here < PER_PROCESS and total < IN_ALL:
        able = [row for row in waiting if person[row.user_id] < PER_PERSON]
        if not able:
            break
        first = min(able, key=lambda row: (person[row.user_id], row.wanted_at, row.answer_id))
        waiting.remove(first)
        person[first.user_id] += 1
        here, total = here + 1, total + 1
        chosen.append(first.answer_id)
    return chosen


def behind(rows: list[Wanted], answer_id: str) -> int:
    """Return how many unfinished files a waiting one stands behind: its person's own, or all older ones."""
    mine = next((row for row in rows if row.answer_id == answer_id), None)
    if mine is None:
        return 0
    older = [row for row in rows if row.begun or (row.wanted_at, row.answer_id) < (mine.wanted_at, answer_id)]
    older = [row for row in older if row.answer_id != answer_id]
    own = [row for row in older if row.user_id == mine.user_id]
    return len(own) if len(own) >= PER_PERSON else len(older)


@dataclass(eq=False)
class Place:
    """A file's place: waits for its turn, hears of presses."""

    answer_id: str
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    without_ids: asyncio.Event = field(default_factory=asyncio.Event)


class Exports:
    """The table of files in the making, as one process sees it."""

    def __init__(self, database: Database, executor_id: str, clock: Callable[[], float]) -> None:
        self._database = database
        self._executor_id = executor_id
        self._clock = clock
        self._places: dict[str, Place] = {}
        self._rows: list[Wanted] = []
        self._new: list[dict[str, object]] = []
        self._looking: asyncio.Task[None] | None = None
        self._next_look: asyncio.Task[None] | None = None
        self._choosing = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def place(self, answer_id: str, *, question_id: str, user_id: str) -> AsyncIterator[Place]:
        """Stand in line while inside; the work begins when `begun` is set."""
        place = Place(answer_id)
        row: dict[str, object] = {
            "answer_id": answer_id,
            "question_id": question_id,
            "user_id": user_id,
            "executor_id": self._executor_id,
            "wanted_at": self._clock(),
            "begun": False,
            "cancelled": False,
            "without_ids": False,
        }
        self._places[answer_id] = place
        try:
            self._new.append(row)
            await self._look()
            if self._looking is None or self._looking.done():
                # In a context of its own: it goes on for other answers when this one has ended.
                self._looking = asyncio.get_running_loop().create_task(
                    self._keep_looking(), context=contextvars.Context()
                )
            yield place
        finally:
            self._places.pop(answer_id, None)
            await asyncio.shield(self._remove(answer_id))

    async def press(self, question_id: str, *, cancel: bool, user_id: str | None = None) -> None:
        """Cancel the files of a question, or send them without further call ids, wherever they are made.

        With `user_id` only those that this person asked for.
        """
        pressed = {"cancelled": True} if cancel else {"without_ids": True}
        statement = sa.update(exports).where(exports.c.question_id == question_id).values(**pressed)
        if user_id is not None:
            statement = statement.where(exports.c.user_id == user_id)
        await self._database.run(lambda connection: connection.execute(statement))
        if self._places:
            await self._look()

    async def aclose(self) -> None:
        """Stop looking, once no file is wanted any more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def forget(self, alive: frozenset[str]) -> None:
        """Take away the rows of processes that are not alive; their answers stand in line again elsewhere."""
        statement = sa.delete(exports).where(exports.c.executor_id.not_in(alive))
        await self._database.run(lambda connection: connection.execute(statement))

    async def begin_anew(self) -> None:
        """Take away what an earlier process of the same name left behind."""
        statement = sa.delete(exports).where(exports.c.executor_id == self._executor_id)
        await self._database.run(lambda connection: connection.execute(statement))

    async def _remove(self, answer_id: str) -> None:
        statement = sa.delete(exports).where(
            exports.c.answer_id == answer_id, exports.c.executor_id == self._executor_id
        )
        try:
            await self._database.run(lambda connection: connection.execute(statement))
            if self._places:
                await self._look()
        except Exception as error:  # noqa: BLE001 - the file has ended; whoever adopts this process cleans up
            log.warning("place not given back", error=type(error).__name__)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECS)
            if not self._places:
                return
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                log.warning("cannot look for a place", error=type(error).__name__)

    async def _look(self) -> None:
        """Look soon: who asks while another look is about to begin shares that one."""
        if self._next_look is None:
            self._next_look = asyncio.get_running_loop().create_task(
                self._look_now(), context=contextvars.Context()
            )
        await asyncio.shield(self._next_look)

    async def _look_now(self) -> None:
        """Add new rows, begin what may begin, and hear of presses: one transaction."""
        async with self._choosing:
            self._next_look = None
            new, self._new = self._new, []
            try:
                self._rows, pressed = await self._database.run(lambda connection: self._read(connection, new))
            except BaseException:
                self._new = new + self._new
                raise
        for answer_id, (cancelled, without_ids) in pressed.items():
            if (place := self._places.get(answer_id)) is not None:
                if cancelled:
                    place.cancelled.set()
                if without_ids:
                    place.without_ids.set()
        for row in self._rows:
            if row.begun and (place := self._places.get(row.answer_id)) is not None:
                place.begun.set()

    def behind(self, place: Place) -> int:
        """Return how many files a place waits behind, as of the last look."""
        return behind(self._rows, place.answer_id)

    def _read(
        self, connection: sa.Connection, new: list[dict[str, object]]
    ) -> tuple[list[Wanted], dict[str, tuple[bool, bool]]]:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(727274002)"))  # one chooses at a time
        upsert(connection, exports, new)
        found = list(connection.execute(sa.select(exports)).mappings())
        rows = [
            Wanted(row["answer_id"], row["user_id"], row["executor_id"], row["wanted_at"], row["begun"])
            for row in found
        ]
        if chosen := choose(rows, self._executor_id):
            connection.execute(sa.update(exports).where(exports.c.answer_id.in_(chosen)).values(begun=True))
            rows = [
                Wanted(row.answer_id, row.user_id, row.executor_id, row.wanted_at, begun=True)
                if row.answer_id in chosen
                else row
                for row in rows
            ]
        mine = {
            row["answer_id"]: (row["cancelled"], row["without_ids"])
            for row in found
            if row["executor_id"] == self._executor_id
        }
        return rows, mine
