"""Calls from or to a telephone number. Rows do not say numbers, so phone calls are told by their details.

What was looked at once is known by its hash. Of the other phone calls the newest are looked at now, and how
many are left is counted: the answer says so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from bot.elevenlabs.phone_numbers import NumberHash
from bot.elevenlabs.retrieval import Batch, Retrieval, SharedRows
from bot.elevenlabs.single_flight import run_all
from bot.elevenlabs.text_search import Listed
from bot.model import CallIds, Conversation, IdState, Selection

_LOOKED_AT = 400
"""Phone calls whose details are asked for by one question, at most: half a minute's worth."""


class KeepsNumbers(Protocol):
    """Where hashes of numbers are kept: `bot.archive.kept_ids`."""

    async def numbers(self, conversation_ids: Sequence[str]) -> Mapping[str, Collection[str]]:
        """Return the hashes of the numbers of calls that were looked at."""

    async def regions(self) -> Collection[str]:
        """Return the countries of the agents' numbers, as far as calls were looked at."""

    async def put(self, found: Mapping[str, CallIds]) -> None:
        """Keep what a detail said of calls that are final."""


class NumberSearches:
    """The searches by number of one client."""

    def __init__(
        self,
        hashes: NumberHash,
        kept: KeepsNumbers,
        ids: Callable[[str], Awaitable[CallIds]],
        listed: Listed,
    ) -> None:
        """`ids` looks at a call, `listed` reads a selection without a number."""
        self._hashes = hashes
        self._kept = kept
        self._ids = ids
        self._listed = listed

    async def search(self, selection: Selection, feed: SharedRows, *, refresh: bool) -> None:
        """Produce the rows of a selection with a number. Raises UnclearNumber and what looking raises."""
        wanted = self._hashes.of_typed(selection.number or "", await self._kept.regions())
        plain = replace(selection, number=None, number_hashes=wanted)
        room = _LOOKED_AT
        listed = self._listed(plain, refresh=refresh)
        async with Retrieval(lambda: listed, feed.as_of) as rows:
            async for batch in rows:
                phone = [row for row in batch if row.may_be_phone]
                known = dict(await self._kept.numbers([row.conversation_id for row in phone]))
                unknown = [row for row in phone if row.conversation_id not in known]
                looked_at = [row for row in unknown if row.hiding_reason is None][:room]
                room -= len(looked_at)
                known |= await self._look_at(looked_at)
                feed.unread |= {row.conversation_id for row in unknown} - known.keys()
                feed.seen, feed.expected = rows.seen, rows.expected
                feed.publish(_with(batch, known, set(wanted)))
                feed.as_of = min(feed.as_of, rows.as_of)
            feed.unplaced |= listed.unplaced

    async def _look_at(self, rows: Batch) -> dict[str, Collection[str]]:
        each = await run_all(self._looked_at(row) for row in rows)
        found = {row.conversation_id: ids for row, ids in zip(rows, each, strict=True)}
        await self._kept.put({row.conversation_id: found[row.conversation_id] for row in rows if row.final})
        return {key: hashes(ids) for key, ids in found.items() if ids.state is not IdState.FAILED}

    async def _looked_at(self, row: Conversation) -> CallIds:
        return await self._ids(row.conversation_id)


def hashes(ids: CallIds) -> Collection[str]:
    """Return the hashes of a call's numbers."""
    if ids.phone is None:
        return ()
    return [each for each in (ids.phone.external_number_hash, ids.phone.agent_number_hash) if each]


def _with(batch: Batch, known: Mapping[str, Collection[str]], wanted: set[str]) -> Batch:
    return [row for row in batch if not wanted.isdisjoint(known.get(row.conversation_id, ()))]
