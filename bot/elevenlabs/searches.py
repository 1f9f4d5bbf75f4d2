"""Conversations that the list alone cannot find: by what was said in them, and by a telephone number.

The text search knows most filters of the list but answers with chunks of transcripts, best match first. So
its ids are collected, and the rows come from the list, of the stretches of time that hold hits. The list has
all filters applied, so a hit that it does not bring is not a match.

Rows do not say numbers, so phone calls are told by their details. What was looked at once is known by its
hash. Of the other phone calls the newest are looked at now, and how many are left is counted: the answer says
so.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from bot.elevenlabs.errors import ElevenLabsError
from bot.elevenlabs.phone_numbers import NumberHash
from bot.elevenlabs.rate_limit import BULK, URGENT
from bot.elevenlabs.request import Bound, search_request
from bot.elevenlabs.retrieval import Batch, FirstPage, Retrieval, RowsAsked, SharedRows, run_all
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.wire import decode_hits
from bot.model import CallIds, IdState, Selection

Listed = Callable[[RowsAsked], SharedRows]
"""Gives the feed of a selection that the list can find, running or new."""
Spans = list[tuple[int, int]]
_CLOSE = 3600
"""Hits that are so many seconds apart, or less, always lie in one stretch."""
_FEW = 8
"""Stretches that are read as they are: they are requested at once."""
_STRETCHES = 64
"""Stretches that are read, at most: between hits that are many, all is read."""
_LOOKED_AT = 400
"""Phone calls whose details are asked for by one question, at most: half a minute's worth."""


@dataclass(frozen=True, slots=True)
class TextSearches:
    transport: HttpTransport
    read: Callable[[RowsAsked, Spans], Retrieval]
    """Reads what the list has in some spans, newest first."""
    first: Callable[[Selection], Awaitable[FirstPage]]
    """Returns the first rows of the list."""

    async def search(self, asked: RowsAsked, feed: SharedRows) -> None:
        """Produce the rows in which any of some texts was said, each once. Raises ElevenLabsError."""
        hits = await self._hits(asked.selection, feed)
        unplaced = {hit for hit, start in hits.items() if start is None}
        feed.seen, feed.expected = 0, len(hits)
        listed = asked._replace(selection=replace(asked.selection, texts=()))
        async with self.read(listed, await self._spans(listed.selection, hits.values())) as rows:
            async for batch in rows:
                found = [row for row in batch if row.conversation_id in hits]
                unplaced.difference_update(row.conversation_id for row in found)
                feed.seen += len(found)
                feed.as_of = min(feed.as_of, rows.feed.as_of)
                feed.publish(found)
            feed.unplaced |= unplaced | (rows.feed.unplaced & hits.keys())

    async def _spans(self, listed: Selection, starts: Collection[int | None]) -> Spans:
        """Return the spans to be read: where rows lie far apart, one page of them leads past many hits."""
        spans = _stretches(starts, _CLOSE)
        if len(spans) <= _FEW:
            return spans
        whole = spans[-1][0], spans[0][1]
        try:
            page = await self.first(replace(listed, since=whole[0], until=whole[1]))
        except ElevenLabsError:
            return spans  # the reading itself is more patient
        if page.complete:
            return [whole]
        newest, oldest = page.rows[0].start_time_unix_secs, page.rows[-1].start_time_unix_secs
        return _stretches(starts, max(_CLOSE, abs(newest - oldest)))

    async def _hits(self, selection: Selection, feed: SharedRows) -> dict[str, int | None]:
        """Collect the conversations that the search names within the selection's times, with their starts."""
        low = 0 if selection.since is None else selection.since
        high = math.inf if selection.until is None else selection.until
        each = await run_all(self._hits_of(text, selection, feed) for text in selection.texts)
        hits = {hit: start for found in each for hit, start in found.items()}
        return {hit: start for hit, start in hits.items() if start is None or low <= start < high}

    async def _hits_of(self, text: str, selection: Selection, feed: SharedRows) -> dict[str, int | None]:
        """Read the first page of a search, and in eight parts what more there is."""
        since, until = selection.since, selection.until
        hits: dict[str, int | None] = {}

        async def read(since: Bound, until: Bound) -> None:
            request = partial(search_request, selection, text, since, until)
            async for page in self.transport.pages(request, decode_hits, policy=BULK):
                hits.update((hit.conversation_id, hit.start) for hit in page.rows)
                feed.seen = max(feed.seen, len(hits))

        first = await self.transport.get(
            search_request(selection, text, since, until),
            decode_hits,
            policy=URGENT if feed.urgent else BULK,
        )
        hits.update((hit.conversation_id, hit.start) for hit in first.rows)
        if first.has_more or first.next_cursor is not None:
            known = sorted(start for start in hits.values() if start is not None)
            cuts = sorted({known[len(known) * n // 8] for n in range(1, 8)}) if known else []
            await run_all(read(*pair) for pair in itertools.pairwise([since, *cuts, until]))
        return hits


def _stretches(starts: Collection[int | None], close: int) -> Spans:
    """Return the spans `[since, until)` that hold some start times, newest first.

    Those that are `close` seconds apart, or less, lie in one.
    """
    ordered = sorted({start for start in starts if start is not None}, reverse=True)
    gaps = [(newer - older, at) for at, (newer, older) in enumerate(itertools.pairwise(ordered), 1)]
    cuts = sorted(at for gap, at in sorted(gaps)[-_STRETCHES + 1 :] if gap > close)
    bounds = itertools.pairwise([0, *cuts, len(ordered)]) if ordered else ()
    return [(ordered[end - 1], ordered[begin] + 1) for begin, end in bounds]


class KeepsNumbers(Protocol):
    """Where hashes of numbers are kept: `bot.archive.kept_ids`."""

    async def numbers(self, conversation_ids: Sequence[str]) -> Mapping[str, Collection[str]]:
        """Return the hashes of the numbers of calls that were looked at."""

    async def regions(self) -> Collection[str]:
        """Return the countries of the agents' numbers, as far as calls were looked at."""

    async def put(self, found: Mapping[str, CallIds]) -> None:
        """Keep what a detail said of calls that are final."""


@dataclass(frozen=True, slots=True)
class NumberSearches:
    hashes: NumberHash
    kept: KeepsNumbers
    ids: Callable[[str], Coroutine[Any, Any, CallIds]]
    listed: Listed

    async def search(self, asked: RowsAsked, feed: SharedRows) -> None:
        """Produce the rows of a selection with a number. Raises UnclearNumber and what looking raises."""
        selection = asked.selection
        wanted = self.hashes.of_typed(selection.number or "", await self.kept.regions())
        plain = replace(selection, number=None, number_hashes=wanted)
        room = _LOOKED_AT
        listed = self.listed(asked._replace(selection=plain))
        async with Retrieval(lambda: listed, feed.as_of) as rows:
            async for batch in rows:
                phone = [row for row in batch if row.may_be_phone]
                known = dict(await self.kept.numbers([row.conversation_id for row in phone]))
                unknown = [row for row in phone if row.conversation_id not in known]
                looked_at = [row for row in unknown if row.hiding_reason is None][:room]
                room -= len(looked_at)
                known |= await self._look_at(looked_at)
                feed.unread |= {row.conversation_id for row in unknown} - known.keys()
                feed.seen, feed.expected = listed.seen, listed.expected
                feed.publish(
                    [row for row in batch if not set(wanted).isdisjoint(known.get(row.conversation_id, ()))]
                )
                feed.as_of = min(feed.as_of, listed.as_of)
            feed.unplaced |= listed.unplaced

    async def _look_at(self, rows: Batch) -> dict[str, Collection[str]]:
        each = await run_all(self.ids(row.conversation_id) for row in rows)
        found = {row.conversation_id: ids for row, ids in zip(rows, each, strict=True)}
        await self.kept.put({row.conversation_id: found[row.conversation_id] for row in rows if row.final})
        return {key: hashes(ids) for key, ids in found.items() if ids.state is not IdState.FAILED}


def hashes(ids: CallIds) -> Collection[str]:
    phone = ids.phone
    return [each for each in (phone.external_number_hash, phone.agent_number_hash) if each] if phone else ()
