"""Places for files being made: at most a few at once per person, per process and in all, fair between people.

Each file has a row from the moment it is wanted until it has ended, in whatever process it is made. The row
is also how a press of Cancel in one process reaches the process that makes the file. A search through calls
has a row for that alone: it waits for no turn and takes nobody's.

What is wanted here is what `_places` says; each look brings the table in line with it, so that a database
that was away for a moment leaves nothing behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Annotated

import msgspec
import sqlalchemy as sa
import structlog

from bot.model import RowId, SlackId
from bot.store.database import Database, table_of, upsert, value_of

log = structlog.get_logger(__name__)

PER_PERSON = 2
PER_PROCESS = 8
IN_ALL = 24
"""Files in the making for the whole workspace: they share the limits of one ElevenLabs key."""
LOOK_SECS = 0.5
"""How often a process with files waiting or in the making looks for places and presses in other processes."""


class Wanted(msgspec.Struct, kw_only=True):
    answer_id: Annotated[str, msgspec.Meta(max_length=255)]
    question_id: RowId
    user_id: SlackId
    executor_id: Annotated[str, msgspec.Meta(max_length=128)]
    wanted_at: float
    """Unix seconds."""
    begun: bool = False
    cancelled: bool = False
    without_ids: bool = False
    search: bool = False


exports = table_of(Wanted, "exports", ["answer_id"], sa.Index("exports_by_question", "question_id"))
_ALL = sa.select(exports)


def choose(rows: list[Wanted], executor_id: str) -> list[str]:
    """Return which waiting files of a process may begin: who has fewest in the making first, then age."""
    begun = [row for row in rows if row.begun]
    person = Counter(row.user_id for row in begun)
    here = sum(row.executor_id == executor_id for row in begun)
    total = len(begun)
    waiting = [row for row in rows if not row.begun and row.executor_id == executor_id]
    waiting.sort(key=attrgetter("wanted_at", "answer_id"))
    chosen: list[str] = []
    while here < PER_PROCESS and total < IN_ALL:
        able = [row for row in waiting if person[row.user_id] < PER_PERSON]
        if not able:
            break
        fewest = min(person[row.user_id] for row in able)
        first = next(row for row in able if person[row.user_id] == fewest)
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
    """A file's place, or a search: waits for its turn, hears of presses."""

    wanted: Wanted
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    without_ids: asyncio.Event = field(default_factory=asyncio.Event)
    written: bool = False


class Exports:
    """The table of files in the making, as one process sees it."""

    def __init__(self, database: Database, executor_id: str, clock: Callable[[], float]) -> None:
        self._database = database
        self._executor_id = executor_id
        self._mine = exports.c.executor_id == executor_id
        self._clock = clock
        self._places: dict[str, Place] = {}
        self._files: list[Wanted] = []
        self._looking: asyncio.Task[None] | None = None
        self._next_look: asyncio.Task[None] | None = None
        self._choosing = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def place(
        self, answer_id: str, *, question_id: str, user_id: str, search: bool = False
    ) -> AsyncIterator[Place]:
        """Stand in line while inside; the work begins when `begun` is set. A `search` begins at once."""
        place = Place(
            Wanted(
                answer_id=answer_id,
                question_id=question_id,
                user_id=user_id,
                executor_id=self._executor_id,
                wanted_at=self._clock(),
                begun=search,
                search=search,
            )
        )
        self._places[answer_id] = place
        if self._looking is None or self._looking.done():
            # In a context of its own: it goes on for other answers when this one has ended.
            self._looking = asyncio.get_running_loop().create_task(
                self._keep_looking(), context=contextvars.Context()
            )
        try:
            await self._look()
            yield place
        finally:
            if self._places.get(answer_id) is place:
                del self._places[answer_id]
            await self._try_to_look()  # it finds that the place is wanted no more

    async def press(self, question_id: str, *, cancel: bool, user_id: str) -> bool:
        """Cancel a person's files of a question, or send them without ids; returns whether there are any."""
        pressed = {"cancelled": True} if cancel else {"without_ids": True}
        found = await self._database.change(
            sa.update(exports).where(*_of(question_id, user_id)).values(**pressed)
        )
        if self._places:
            await self._look()
        return found > 0

    async def ended(self, question_id: str, *, user_id: str, within: float) -> bool:
        """Wait until no file of a question that this person asked for is being made; whether that is so."""
        deadline = asyncio.get_running_loop().time() + within
        while await self._database.find(Wanted, _ALL.where(*_of(question_id, user_id))):
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(LOOK_SECS / 4)
        return True

    async def aclose(self) -> None:
        """Stop looking, once no file is wanted any more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def forget(self, alive: frozenset[str]) -> None:
        """Take away the rows of processes that are not alive; their answers stand in line again elsewhere."""
        await self._database.change(sa.delete(exports).where(exports.c.executor_id.not_in(alive)))

    async def begin_anew(self) -> None:
        """Take away what an earlier process of the same name left behind."""
        await self._database.change(sa.delete(exports).where(self._mine))

    async def _keep_looking(self) -> None:
        """Look now and then, until nothing is wanted here and the table says so too."""
        while True:
            await asyncio.sleep(LOOK_SECS)
            idle = not self._places
            if await self._try_to_look() and idle and not self._places:
                return

    async def _try_to_look(self) -> bool:
        """Look; a look that fails, because the database is away for a while, is made up for by the next."""
        try:
            await self._look()
        except Exception as error:  # noqa: BLE001 - see above
            log.warning("cannot look for a place", error=type(error).__name__)
            return False
        return True

    async def _look(self) -> None:
        """Look soon: who asks while another look is about to begin shares that one."""
        if self._next_look is None:
            self._next_look = asyncio.get_running_loop().create_task(
                self._look_now(), context=contextvars.Context()
            )
        await asyncio.shield(self._next_look)

    async def _look_now(self) -> None:
        """Bring the table in line, begin what may begin, and hear of presses: one transaction."""
        async with self._choosing:
            self._next_look = None
            places = dict(self._places)
            rows = await self._database.run(self._bring_in_line, places)
        self._files = [row for row in rows if not row.search]
        for row in rows:
            if (place := places.get(row.answer_id)) is None:
                continue
            place.written = True
            for said in ("begun", "cancelled", "without_ids"):
                if getattr(row, said):
                    setattr(place.wanted, said, True)
                    getattr(place, said).set()

    def behind(self, place: Place) -> int:
        """Return how many files a place waits behind, as of the last look."""
        return behind(self._files, place.wanted.answer_id)

    def _bring_in_line(self, connection: sa.Connection, places: dict[str, Place]) -> list[Wanted]:
        """Write the rows that are missing, drop those wanted here no more, begin what may begin; returns all.

        One of another process, which took this one for dead, is left to it.
        """
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(727274002)"))  # one chooses at a time
        there = set(connection.execute(sa.select(exports.c.answer_id)).scalars())
        missing = [place for key, place in places.items() if not place.written or key not in there]
        upsert(connection, exports, [msgspec.structs.asdict(place.wanted) for place in missing])
        connection.execute(sa.delete(exports).where(self._mine, exports.c.answer_id.not_in([*places])))
        rows = [value_of(Wanted, row) for row in connection.execute(_ALL).mappings()]
        chosen = choose([row for row in rows if not row.search], self._executor_id)
        if chosen:
            connection.execute(sa.update(exports).where(exports.c.answer_id.in_(chosen)).values(begun=True))
        for row in rows:
            row.begun = row.begun or row.answer_id in chosen
        return rows


def _of(question_id: str, user_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return which rows are of a question, asked for by a person."""
    return exports.c.question_id == question_id, exports.c.user_id == user_id
