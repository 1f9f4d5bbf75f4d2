"""Carrier ids of rows: from the store if known, else one detail request each, kept once they are final."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Protocol

from bot.model import FAILED, NOT_ASKED, NOT_PHONE, Call, CallIds, Conversation, IdState


class AsksDetails(Protocol):
    """The client's side: `bot.elevenlabs.Conversations`."""

    async def ids(self, conversation_id: str) -> CallIds:
        """Return one conversation's ids; FAILED after the retries. Raises for a bad key or scope."""


class KeepsIds(Protocol):
    """The store's side: `bot.archive.kept_ids.CallIdStore`."""

    async def get(self, conversation_ids: Sequence[str]) -> dict[str, CallIds]:
        """Return what is known."""

    async def put(self, found: dict[str, CallIds]) -> None:
        """Keep what is final."""

    async def by_carrier_id(self, carrier_id: str) -> tuple[str, ...]:
        """Return the conversations that carry this call_id or call_sid."""

    async def forget(self, conversation_id: str) -> None:
        """Forget a conversation that the API no longer has."""


class IdFinder:
    """Finds the ids of rows; the number of requests in flight is the client's to bound."""

    def __init__(self, client: AsksDetails, store: KeepsIds | None) -> None:
        """`store` None asks every time (the command line without a database)."""
        self._client = client
        self._store = store

    async def known(self, rows: Iterable[Conversation]) -> dict[str, CallIds]:
        """Return what needs no request: ids kept, and rows that are no phone calls or hidden from the key."""
        found: dict[str, CallIds] = {}
        wanted: list[str] = []
        for row in rows:
            if not row.may_be_phone:
                found[row.conversation_id] = NOT_PHONE
            else:
                wanted.append(row.conversation_id)
                if row.hiding_reason is not None:
                    found[row.conversation_id] = FAILED
        if wanted and self._store is not None:
            found |= await self._store.get(wanted)
        return found

    async def find(self, rows: Sequence[Conversation]) -> dict[str, CallIds]:
        """Return the ids of all rows. Raises what the client raises for a bad key or scope."""
        found = await self.known(rows)
        missing = [row for row in rows if row.conversation_id not in found]
        if not missing:
            return found
        async with asyncio.TaskGroup() as group:
            asked = [(row, group.create_task(self._client.ids(row.conversation_id))) for row in missing]
        fresh = {row.conversation_id: task.result() for row, task in asked}
        if self._store is not None:
            await self._store.put(
                {row.conversation_id: fresh[row.conversation_id] for row in missing if row.final}
            )
        return found | fresh

    async def find_within(self, rows: Sequence[Conversation], seconds: float) -> dict[str, CallIds]:
        """Return the ids found in time; the others are NOT_ASKED. Never raises for a failed look-up."""
        found = await self.known(rows)
        missing = [row for row in rows if row.conversation_id not in found]
        tasks = {
            row.conversation_id: asyncio.create_task(self._client.ids(row.conversation_id)) for row in missing
        }
        if tasks:
            await asyncio.wait(tasks.values(), timeout=seconds)
        fresh: dict[str, CallIds] = {}
        for row in missing:
            task = tasks[row.conversation_id]
            if task.done() and not task.cancelled() and task.exception() is None:
                fresh[row.conversation_id] = task.result()
            else:
                task.cancel()
                fresh[row.conversation_id] = NOT_ASKED
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        if self._store is not None:
            await self._store.put(
                {row.conversation_id: fresh[row.conversation_id] for row in missing if row.final}
            )
        return found | fresh

    async def carried_by(self, carrier_id: str) -> tuple[str, ...]:
        """Return the conversations known to carry a carrier's id; no request is sent."""
        return () if self._store is None else await self._store.by_carrier_id(carrier_id)

    async def learn(self, call: Call) -> None:
        """Keep the ids of a call that was opened, once they are final."""
        if self._store is not None and call.final and call.phone_known:
            ids = NOT_PHONE if call.phone is None else CallIds(IdState.FOUND, call.phone)
            await self._store.put({call.conversation_id: ids})

    async def forget(self, conversation_id: str) -> None:
        """Forget a conversation that the API no longer has."""
        if self._store is not None:
            await self._store.forget(conversation_id)
