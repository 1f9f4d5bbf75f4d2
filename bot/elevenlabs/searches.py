"""Conversations that the list alone cannot find: by what was said in them, and by a telephone number.

The text search knows most filters of the list but answers with chunks of transcripts, best match first. So
its ids are collected, and the rows come from the list: from what is remembered, or page by page from the
newest hit that is still without a row. The list has all filters applied, so a hit that it does not bring is
not a match.

Rows do not say numbers, so phone calls are told by their details. What was looked at once is known by its
hash. Of the other phone calls the newest are looked at now, and how many are left is counted: the answer says
so.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from cachetools import TTLCache

from bot.elevenlabs.call_details import decode_call
from bot.elevenlabs.errors import ElevenLabsError, NotFound, only_this_request_failed
from bot.elevenlabs.kept_rows import FRESH, KeptRows
from bot.elevenlabs.phone_numbers import NumberHash
from bot.elevenlabs.rate_limit import BULK, DETAIL
from bot.elevenlabs.request import Bound, call_request, list_request, search_request
from bot.elevenlabs.retrieval import Batch, Retrieval, RowsAsked, SharedRows, run_all
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.wire import decode_hits
from bot.model import CallIds, Conversation, IdState, Selection

Starts = dict[str, int]
Listed = Callable[[RowsAsked], SharedRows]
"""Gives the feed of a selection that the list can find, running or new."""
_CLOSE = 3600
"""Between hits this many seconds apart, kept rows are read rather than skipped."""
_RECENT = 10.0
"""What was found is taken over by an equal question within so many seconds."""
_BATCH = 1000
_LOOKED_AT = 400
"""Phone calls whose details are asked for by one question, at most: half a minute's worth."""


@dataclass(slots=True)
class _Found:
    """What a search has brought so far."""

    as_of: float
    rows: dict[str, Conversation] = field(default_factory=dict)
    unplaced: set[str] = field(default_factory=set)
    """Conversations found that are missing among the rows: nobody says when they started."""


class TextSearches:
    """The text searches of one client."""

    def __init__(
        self, transport: HttpTransport, kept: KeptRows, clock: Callable[[], float], listed: Listed
    ) -> None:
        """Search, or read a list with `listed` where that is all there is."""
        self._transport = transport
        self._kept = kept
        self._listed = listed
        self._recent: TTLCache[Selection, _Found] = TTLCache(8, _RECENT, timer=clock)

    async def search(self, selection: Selection, now: float, feed: SharedRows, *, refresh: bool) -> None:
        """Produce the rows in which any of some texts was said, each once. Raises ElevenLabsError."""
        key = replace(selection, oldest_first=False)
        found = None if refresh else self._recent.get(key)
        if found is None:
            found = _Found(now)
            try:
                await _TextSearch(self._transport, None if refresh else self._kept, key, found, feed).run()
            except NotFound:
                await self._search_list(key, found, refresh=refresh)
            self._recent[key] = found
        rows = sorted(found.rows.values(), key=lambda row: (-row.start_time_unix_secs, row.conversation_id))
        feed.as_of = found.as_of
        feed.unplaced |= found.unplaced
        feed.seen = feed.expected = len(rows)
        ordered = rows[::-1] if selection.oldest_first else rows
        for at in range(0, len(ordered), _BATCH):
            feed.publish(ordered[at : at + _BATCH])

    async def _search_list(self, selection: Selection, found: _Found, *, refresh: bool) -> None:
        """Search by the list's own parameter, which the API calls deprecated: better than nothing."""
        for text in selection.texts:
            params = tuple(sorted([*selection.params, ("search", text)]))
            feed = self._listed(RowsAsked(replace(selection, texts=(), params=params), refresh))
            async for batch in Retrieval(lambda: feed, found.as_of):  # noqa: B023 - read to its end here
                found.rows.update((row.conversation_id, row) for row in batch)
            found.unplaced |= feed.unplaced


@dataclass(frozen=True, slots=True)
class _TextSearch:
    """One search, newest first; what it finds and how far it is goes into `found` and `feed`."""

    transport: HttpTransport
    kept: KeptRows | None
    """Where rows are looked for first, if anywhere."""
    selection: Selection
    found: _Found
    feed: SharedRows

    async def run(self) -> None:
        starts = await self._hits()
        wanted = await self._not_kept(starts)
        self._progress(len(starts))
        ordered = sorted(wanted, key=lambda hit: -starts[hit])
        workers = max(1, min(self.transport.limiter.most, len(ordered) // 4))
        share = -(-len(ordered) // workers) or 1
        parts = [ordered[at : at + share] for at in range(0, len(ordered), share)]
        await run_all(self._join({hit: starts[hit] for hit in part}, len(starts)) for part in parts)

    def _progress(self, expected: int) -> None:
        self.feed.seen, self.feed.expected = len(self.found.rows), expected

    async def _hits(self) -> Starts:
        """Collect the conversations that the search names within the selection's times, with their starts."""
        since, until = self.selection.since, self.selection.until
        hits: dict[str, int | None] = {}
        for found in await run_all(self._hits_of(text) for text in self.selection.texts):
            hits.update(found)
        missing = [hit for hit, start in hits.items() if start is None]
        hits.update(zip(missing, await run_all(map(self._start_of, missing)), strict=True))
        return {
            hit: start
            for hit, start in hits.items()
            if start is not None and (since is None or start >= since) and (until is None or start < until)
        }

    async def _hits_of(self, text: str) -> dict[str, int | None]:
        since, until = self.selection.since, self.selection.until
        request = search_request(self.selection, text, since, until)
        first = await self.transport.get(request, decode_hits, policy=BULK)
        hits = {hit.conversation_id: hit.start for hit in first.rows}
        if first.has_more or first.next_cursor is not None:
            known = sorted(start for start in hits.values() if start is not None)
            cuts = sorted({known[len(known) * n // 8] for n in range(1, 8)}) if known else []
            bounds: list[Bound] = [since, *cuts, until]
            for found in await run_all(self._all_hits(text, *pair) for pair in itertools.pairwise(bounds)):
                hits.update(found)
        return hits

    async def _all_hits(self, text: str, since: Bound, until: Bound) -> dict[str, int | None]:
        hits: dict[str, int | None] = {}
        request = partial(search_request, self.selection, text, since, until)
        async for page in self.transport.pages(request, decode_hits, policy=BULK):
            hits.update((hit.conversation_id, hit.start) for hit in page.rows)
            self._progress(len(hits))
        return hits

    async def _start_of(self, conversation_id: str) -> int | None:
        """Look up when a conversation started, if the search did not say."""
        decode = partial(decode_call, conversation_id=conversation_id, decoding=self.transport.decoding)
        try:
            call = await self.transport.get(call_request(conversation_id), decode, policy=DETAIL)
        except ElevenLabsError as error:
            if not only_this_request_failed(error):
                raise
            if not isinstance(error, NotFound):
                self.found.unplaced.add(conversation_id)
            return None
        return call.start_time_unix_secs

    async def _not_kept(self, starts: Starts) -> set[str]:
        """Take the rows that are kept; return the hits that must be asked for."""
        wanted = set(starts)
        times = sorted(starts.values()) if self.kept is not None else []
        while times and self.kept is not None:
            low = high = times.pop()
            while times and low - times[-1] <= _CLOSE:
                low = times.pop()
            for piece in await self.kept.cover(self.selection, low, high + 1, FRESH):
                if piece.rows is None or piece.since is None or piece.until is None:
                    continue
                async for batch in piece.rows(oldest_first=False):
                    rows = {row.conversation_id: row for row in batch}
                    self.found.rows.update((hit, rows[hit]) for hit in wanted & rows.keys())
                wanted -= {hit for hit in wanted if piece.since <= starts[hit] < piece.until}
        return wanted

    async def _join(self, wanted: Starts, expected: int) -> None:
        """Ask the list for the rows of some hits, from the newest down; each round brings at least one."""
        listed = replace(self.selection, texts=())
        low = min(wanted.values())
        while wanted:
            top = max(wanted.values())
            reached = top
            held: list[Conversation] = []
            rows_left_out = False
            request = partial(list_request, listed, low, top + 1)
            async for page in self.transport.pages(request, self.transport.page, policy=BULK):
                self.found.unplaced |= page.unplaced & wanted.keys()
                rows_left_out |= bool(page.unplaced)
                held.extend(row for row in page.rows if low <= row.start_time_unix_secs <= top)
                reached = page.rows[-1].start_time_unix_secs if page.rows else reached
                if page.has_more and reached < top:
                    break  # on by time, from the next hit
            else:
                reached = low - 1
            self.found.rows.update(
                (row.conversation_id, row) for row in held if row.conversation_id in wanted
            )
            if self.kept is not None and not rows_left_out:
                whole = [row for row in held if row.start_time_unix_secs > reached]
                await self.kept.put(listed, max(reached + 1, low), top + 1, whole, self.found.as_of)
            wanted = {hit: start for hit, start in wanted.items() if start <= reached}
            self._progress(expected)


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
    """The searches by number of one client."""

    hashes: NumberHash
    kept: KeepsNumbers
    ids: Callable[[str], Coroutine[Any, Any, CallIds]]
    """Looks at a call."""
    listed: Listed

    async def search(self, selection: Selection, feed: SharedRows, *, refresh: bool) -> None:
        """Produce the rows of a selection with a number. Raises UnclearNumber and what looking raises."""
        wanted = self.hashes.of_typed(selection.number or "", await self.kept.regions())
        plain = replace(selection, number=None, number_hashes=wanted)
        room = _LOOKED_AT
        listed = self.listed(RowsAsked(plain, refresh))
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
    """Return the hashes of a call's numbers."""
    phone = ids.phone
    return [each for each in (phone.external_number_hash, phone.agent_number_hash) if each] if phone else ()
