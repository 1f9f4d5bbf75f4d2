"""Conversations by what was said in them: the messages search, its chunks joined to rows of the list.

The search knows most filters of the list but answers with chunks of transcripts, best match first. So its ids
are collected, and the rows come from the list: from what is remembered, or page by page from the newest hit
that is still without a row. The list has all filters applied, so a hit that it does not bring is not a match.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from cachetools import TTLCache

from bot.elevenlabs.call_details import decode_call
from bot.elevenlabs.errors import ElevenLabsError, NotFound, only_this_request_failed
from bot.elevenlabs.kept_rows import FRESH, KeptRows
from bot.elevenlabs.request import Bound, call_request, list_request, search_request
from bot.elevenlabs.retrieval import Batch, Retrieval, SharedRows
from bot.elevenlabs.retry_policy import BULK, DETAIL
from bot.elevenlabs.single_flight import run_all
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.wire import decode_hits
from bot.model import Conversation, Selection

Starts = dict[str, int]
_CLOSE = 3600
"""Between hits this many seconds apart, kept rows are read rather than skipped."""


class TextSearch:
    """One search, for any of some texts; `run` returns its rows, newest first, each once."""

    def __init__(
        self,
        transport: HttpTransport,
        selection: Selection,
        *,
        now: float,
        kept: KeptRows | None,
        progress: Callable[[int, int], None] = lambda _seen, _expected: None,
    ) -> None:
        """`kept` is where rows are looked for first, if anywhere. `progress` gets (rows so far, hits)."""
        self._transport = transport
        self._selection = selection
        self._listed = replace(selection, oldest_first=False, texts=())
        self._now = now
        self._kept = kept
        self._progress = progress
        self._rows: dict[str, Conversation] = {}
        self.unplaced: set[str] = set()
        """Conversations found that are missing among the rows: nobody says when they started."""

    async def run(self) -> list[Conversation]:
        """Return all matching rows, newest first. Raises ElevenLabsError."""
        starts = await self._hits()
        if not starts:
            return []
        wanted = await self._from_kept(starts)
        self._progress(len(self._rows), len(starts))
        ordered = sorted(wanted, key=lambda found: -starts[found])
        workers = max(1, min(self._transport.limiter.most, len(ordered) // 4))
        share = -(-len(ordered) // workers) or 1
        parts = [ordered[at : at + share] for at in range(0, len(ordered), share)]
        await run_all(self._join({found: starts[found] for found in part}, len(starts)) for part in parts)
        return _newest_first(self._rows.values())

    async def _hits(self) -> Starts:
        """Collect the conversations that the search names within the selection's times, with their starts."""
        since, until = self._selection.since, self._selection.until
        hits: dict[str, int | None] = {}
        for found in await run_all(self._hits_of(text) for text in self._selection.texts):
            hits.update(found)
        missing = [found for found, start in hits.items() if start is None]
        looked_up = await run_all(self._start_of(found) for found in missing)
        hits.update(zip(missing, looked_up, strict=True))
        return {
            found: start
            for found, start in hits.items()
            if start is not None and (since is None or start >= since) and (until is None or start < until)
        }

    async def _hits_of(self, text: str) -> dict[str, int | None]:
        since, until = self._selection.since, self._selection.until
        request = search_request(self._selection, text, since, until)
        first = await self._transport.get(request, decode_hits, policy=BULK)
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
        request = partial(search_request, self._selection, text, since, until)
        async for page in self._transport.pages(request, decode_hits, policy=BULK):
            hits.update((hit.conversation_id, hit.start) for hit in page.rows)
            self._progress(0, len(hits))
        return hits

    async def _start_of(self, conversation_id: str) -> int | None:
        """Look up when a conversation started, if the search did not say."""
        try:
            call = await self._transport.get(
                call_request(conversation_id),
                lambda body: decode_call(body, conversation_id, self._transport.decoding),
                policy=DETAIL,
            )
        except NotFound:
            return None
        except ElevenLabsError as error:
            if only_this_request_failed(error):
                self.unplaced.add(conversation_id)
                return None
            raise
        return call.start_time_unix_secs

    async def _from_kept(self, starts: Starts) -> set[str]:
        """Take the rows that are remembered; return the ids that must be asked for."""
        wanted = set(starts)
        if self._kept is None:
            return wanted
        for low, high in _clusters(sorted(starts.values())):
            for piece in await self._kept.cover(self._selection, low, high + 1, FRESH):
                if piece.rows is None or piece.since is None or piece.until is None:
                    continue
                async for batch in piece.rows(oldest_first=False):
                    for row in batch:
                        if row.conversation_id in wanted:
                            self._rows[row.conversation_id] = row
                wanted -= {found for found in wanted if piece.since <= starts[found] < piece.until}
        return wanted

    async def _join(self, wanted: Starts, expected: int) -> None:
        """Ask the list for the rows of some hits, from the newest down; each round brings at least one."""
        low = min(wanted.values())
        while wanted:
            top = max(wanted.values())
            reached = top
            held: list[Conversation] = []
            rows_left_out = False
            request = partial(list_request, self._listed, low - 1, top + 1)
            async for page in self._transport.pages(request, self._transport.page, policy=BULK):
                self.unplaced |= page.unplaced & wanted.keys()
                rows_left_out |= bool(page.unplaced)
                held.extend(row for row in page.rows if low <= row.start_time_unix_secs <= top)
                reached = page.rows[-1].start_time_unix_secs if page.rows else reached
                if page.has_more and reached < top:
                    break  # on by time, from the next hit
            else:
                reached = low - 1
            self._rows.update((row.conversation_id, row) for row in held if row.conversation_id in wanted)
            if self._kept is not None and not rows_left_out:
                whole = [row for row in held if row.start_time_unix_secs > reached]
                await self._kept.put(self._listed, max(reached + 1, low), top + 1, whole, self._now)
            wanted = {found: start for found, start in wanted.items() if start <= reached}
            self._progress(len(self._rows), expected)


def _clusters(starts: list[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of times (sorted) that lie close together."""
    runs: list[tuple[int, int]] = []
    for start in starts:
        if runs and start - runs[-1][1] <= _CLOSE:
            runs[-1] = (runs[-1][0], start)
        else:
            runs.append((start, start))
    return runs


def _newest_first(rows: Iterable[Conversation]) -> Batch:
    return sorted(rows, key=lambda row: (-row.start_time_unix_secs, row.conversation_id))


_RECENT = 10.0
"""What was found is taken over by an equal question within so many seconds."""
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search brought, newest first, and which conversations it had to leave out."""

    as_of: float
    rows: Batch
    unplaced: set[str]


class Listed(Protocol):
    """Gives the feed of a selection without a text, past what is remembered or not."""

    def __call__(self, selection: Selection, *, refresh: bool) -> SharedRows:
        """Return it, running or new."""


class TextSearches:
    """The text searches of one client."""

    def __init__(
        self,
        transport: HttpTransport,
        kept: KeptRows,
        clock: Callable[[], float],
        listed: Listed,
    ) -> None:
        """Search with `transport`; `listed` reads a list, where that is all there is."""
        self._transport = transport
        self._kept = kept
        self._listed = listed
        self._found: TTLCache[Selection, _Found] = TTLCache(8, _RECENT, timer=clock)

    def plan(
        self, selection: Selection, now: float, *, refresh: bool
    ) -> tuple[Callable[[SharedRows], Awaitable[None]], float]:
        """Return what produces the rows of a selection with a text, and how old they will be."""
        held = None if refresh else self._found.get(replace(selection, oldest_first=False))

        async def produce(feed: SharedRows) -> None:
            found = held or await self._search(selection, feed, now, refresh=refresh)
            rows = found.rows
            feed.unplaced |= found.unplaced
            feed.seen = feed.expected = len(rows)
            ordered = rows[::-1] if selection.oldest_first else rows
            for at in range(0, len(ordered), _BATCH):
                feed.publish(ordered[at : at + _BATCH])

        return produce, held.as_of if held is not None else now

    async def _search(self, selection: Selection, feed: SharedRows, now: float, *, refresh: bool) -> _Found:
        def progress(seen: int, expected: int) -> None:
            feed.seen, feed.expected = seen, expected

        kept = None if refresh else self._kept
        search = TextSearch(self._transport, selection, now=now, kept=kept, progress=progress)
        try:
            found = _Found(now, await search.run(), search.unplaced)
        except NotFound:
            # No such endpoint: the list's own search, which the API calls deprecated, is better than nothing.
            rows: dict[str, Conversation] = {}
            unplaced: set[str] = set()
            for text in selection.texts:
                params = tuple(sorted([*selection.params, ("search", text)]))
                plain = replace(selection, oldest_first=False, texts=(), params=params)
                listed = self._listed(plain, refresh=refresh)
                async for batch in Retrieval(lambda: listed, now):  # noqa: B023 - read to its end here
                    rows.update((row.conversation_id, row) for row in batch)
                unplaced |= listed.unplaced
            found = _Found(now, _newest_first(rows.values()), unplaced)
        self._found[replace(selection, oldest_first=False)] = found
        return found
