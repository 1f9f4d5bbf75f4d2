"""Carrier ids found once are kept: they never change, and a second export asks nothing for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from bot.archive.tables import IDS_WANTED, NUMBER_HASHES, Seal, call_ids, conversations
from bot.elevenlabs.client import Conversations
from bot.model import FAILED, NOT_PHONE, Call, CallIds, Conversation, IdState, PhoneCall
from bot.store.database import Database, fetched, fits, parts, upsert

_PHONE_FIELDS = PhoneCall.__struct_fields__
_NUMBERS = ("agent_number", "external_number")


class CallIdStore:
    """The table of carrier ids of conversations that have ended.

    Rows written under another setting of masking are asked again, so that unmasking by setting shows numbers
    and masking hides them.
    """

    def __init__(
        self, database: Database, clock: Callable[[], float], *, seal: Seal | None, keeping: bool = True
    ) -> None:
        """`seal` is for numbers that are not masked. With `keeping` False nothing is kept."""
        self._keeping = keeping
        self._database = database
        self._clock = clock
        self._seal = seal

    async def get(self, conversation_ids: Sequence[str]) -> dict[str, CallIds]:
        """Return what is known of these conversations; those not known are absent."""
        known: dict[str, CallIds] = {}
        for row in await self._rows(conversation_ids, call_ids.c.masked == (self._seal is None)):
            if row["phone_provider"] is None:
                known[row["conversation_id"]] = NOT_PHONE
                continue
            fields = {name: row[name] for name in _PHONE_FIELDS}
            if self._seal is not None:
                if (numbers := self._seal.open(row["numbers"])) is None:
                    continue  # sealed by another key: asked for again
                fields |= zip(_NUMBERS, msgspec.json.decode(numbers), strict=True)
            known[row["conversation_id"]] = CallIds(IdState.FOUND, PhoneCall(**fields))
        return known

    async def _rows(self, ids: Sequence[str], where: sa.ColumnElement[bool]) -> list[sa.RowMapping]:
        """Return the rows of some conversations, those that can be kept."""
        found: list[sa.RowMapping] = []
        for part in parts([each for each in ids if fits(call_ids, {"conversation_id": each})]):
            statement = sa.select(call_ids).where(call_ids.c.conversation_id.in_(part), where)
            found += await self._database.run(fetched, statement)
        return found

    async def put(self, found: Mapping[str, CallIds]) -> None:
        """Keep the ids of conversations that are final.

        Failed and missing look-ups are not kept, nor what no column could hold: that is asked for again.
        """
        kept = {"masked": self._seal is None, "found_at": self._clock(), "hashed": True}
        rows: list[dict[str, object]] = []
        for conversation_id, ids in found.items():
            row = dict.fromkeys((*_PHONE_FIELDS, "numbers")) | kept | {"conversation_id": conversation_id}
            if ids.phone is not None:
                row |= msgspec.structs.asdict(ids.phone)
                if self._seal is not None:
                    numbers = [row[name] for name in _NUMBERS]
                    sealed = self._seal.close(msgspec.json.encode(numbers).decode())
                    row |= dict.fromkeys(_NUMBERS) | {"numbers": sealed}
            if ids.state in (IdState.FOUND, IdState.NOT_PHONE) and fits(call_ids, row):
                rows.append(row)

        def write(connection: sa.Connection) -> None:
            upsert(connection, call_ids, rows)
            ids = conversations.c.conversation_id.in_([row["conversation_id"] for row in rows])
            connection.execute(sa.update(conversations).where(ids, IDS_WANTED).values(ids_wanted=False))

        if rows and self._keeping:
            await self._database.run(write)

    async def learn(self, call: Call) -> None:
        """Keep the ids of a whole conversation, once they are final."""
        if call.final and call.phone_known:
            ids = NOT_PHONE if call.phone is None else CallIds(IdState.FOUND, call.phone)
            await self.put({call.conversation_id: ids})

    async def numbers(self, conversation_ids: Sequence[str]) -> dict[str, list[str]]:
        """Return the hashes of the numbers of calls that were looked at."""
        rows = await self._rows(conversation_ids, call_ids.c.hashed)
        return {
            row["conversation_id"]: [row[column] for column in NUMBER_HASHES if row[column]] for row in rows
        }

    async def regions(self) -> list[str]:
        """Return the countries of the agents' numbers, as far as calls were looked at."""
        statement = sa.select(call_ids.c.region).where(call_ids.c.region.is_not(None)).distinct()
        return list(await self._database.scalars(statement))

    async def by_carrier_id(self, carrier_id: str) -> tuple[str, ...]:
        """Return the conversations that carry this call_id or call_sid, newest found first."""
        if not fits(call_ids, {"call_id": carrier_id}):
            return ()
        statement = (
            sa.select(call_ids.c.conversation_id)
            .where(sa.or_(call_ids.c.call_id == carrier_id, call_ids.c.call_sid == carrier_id))
            .order_by(call_ids.c.found_at.desc())
        )
        return tuple(await self._database.scalars(statement))

    async def wanted(self, limit: int, but: Collection[str] = ()) -> list[str]:
        """Return phone calls of the archive whose ids are not known, newest first, without those in `but`."""
        statement = (
            sa.select(conversations.c.conversation_id)
            .where(IDS_WANTED)
            .order_by(conversations.c.start_time_unix_secs.desc())
            .limit(limit + len(but))
        )
        return [each for each in await self._database.scalars(statement) if each not in but][:limit]

    async def forget(self, conversation_id: str) -> None:
        """Forget one conversation, for example because the API no longer has it."""
        statement = sa.delete(call_ids).where(call_ids.c.conversation_id == conversation_id)
        await self._database.change(statement)

    async def forget_older_than(self, days: float) -> int:
        """Delete ids found more than `days` ago; returns how many."""
        statement = sa.delete(call_ids).where(call_ids.c.found_at < self._clock() - days * 86_400)
        return await self._database.change(statement)


class IdFinder:
    """Finds the carrier ids of rows: kept ones, else one detail request each, kept once they are final.

    The number of requests in flight is the client's to bound.
    """

    def __init__(self, client: Conversations, store: CallIdStore) -> None:
        self._client = client
        self._store = store
        self.carried_by, self.forget, self.learn = store.by_carrier_id, store.forget, store.learn

    async def known(self, rows: Sequence[Conversation]) -> dict[str, CallIds]:
        """Return what needs no request: ids kept, and rows that are no phone calls or hidden from the key."""
        found = {row.conversation_id: FAILED for row in rows if row.hiding_reason is not None}
        found |= {row.conversation_id: NOT_PHONE for row in rows if not row.may_be_phone}
        return found | await self._store.get([row.conversation_id for row in rows if row.may_be_phone])

    async def find(self, rows: Sequence[Conversation], *, within: float | None = None) -> dict[str, CallIds]:
        """Return the ids of all rows. Raises what the client raises for a bad key or scope.

        `within`: those found in so many seconds; then a failed look-up is no error.
        """
        found = await self.known(rows)
        missing = [row for row in rows if row.conversation_id not in found]
        tasks = [asyncio.create_task(self._client.ids(row.conversation_id)) for row in missing]
        try:
            if tasks:
                until = asyncio.FIRST_EXCEPTION if within is None else asyncio.ALL_COMPLETED
                await asyncio.wait(tasks, timeout=within, return_when=until)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        errors = [each for each in ended if isinstance(each, Exception)]
        if errors and within is None:
            raise errors[0]
        fresh = [(row, ids) for row, ids in zip(missing, ended, strict=True) if isinstance(ids, CallIds)]
        await self._store.put({row.conversation_id: ids for row, ids in fresh if row.final})
        return found | {row.conversation_id: ids for row, ids in fresh}
