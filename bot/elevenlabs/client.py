"""The facade that everyone uses: ElevenLabs' conversations, fetched fast, remembered for minutes."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Self
from weakref import WeakValueDictionary

import httpx
from cachetools import TTLCache

from bot.elevenlabs.agents import AgentList, AgentSettings
from bot.elevenlabs.call_details import CallDetails
from bot.elevenlabs.errors import RateLimited, Unavailable
from bot.elevenlabs.kept_rows import (
    FRESH,
    IN_AN_OUTAGE,
    LAST_KNOWN,
    KeptRows,
    MaxAge,
    MemoryRows,
    Piece,
    join_gaps,
    summed,
    without_later_gap,
)
from bot.elevenlabs.parallel_fetch import Keep, Opening, ParallelFetch
from bot.elevenlabs.phone_numbers import NumberHash
from bot.elevenlabs.rate_limit import BACKGROUND, URGENT, URGENT_DETAIL, CircuitBreaker, RateLimiter
from bot.elevenlabs.request import PAGE_SIZE, audio_request
from bot.elevenlabs.retrieval import Batch, FirstPage, Retrieval, RowsAsked, SharedRows, SingleFlight
from bot.elevenlabs.searches import KeepsNumbers, NumberSearches, TextSearches
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.windows import OutOfOrder
from bot.elevenlabs.wire import DecodeOptions, site_of
from bot.model import Selection
from bot.tally import SumsBy

_AHEAD = 50_000
"""Rows held in memory ahead of the reader, at most, roughly."""
_BACKGROUND_AHEAD = 2000
"""The same for what the archive reads: newest first, so that little more than the newest is begun at once."""
_RECENT = 10.0
"""A first page is taken over by the retrieval of the same question within so many seconds."""
_JOINABLE = 60.0
"""A running retrieval is shared with an equal question for so many seconds."""
_BATCH = 1000


class Conversations:
    """ElevenLabs' conversations for one API key. Use as `async with`, or `aclose` at the end."""

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str = "https://api.elevenlabs.io",
        concurrency: int = 8,
        cache_rows: int = 50_000,
        mask_phone_numbers: bool = True,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        wait_scale: float = 1.0,
        http: httpx.AsyncBaseTransport | None = None,
        archive: KeptRows | None = None,
        number_hash: NumberHash | None = None,
        kept_numbers: KeepsNumbers | None = None,
    ) -> None:
        """`concurrency` requests are in flight at most, `cache_rows` rows kept in memory, more in `archive`.

        With both of the last, calls can be selected by a telephone number.

        For tests: `clock` (Unix seconds), `monotonic`, `sleep`, `http` (httpx's own transport), and
        `wait_scale` for the waits between retries.
        """
        self._clock = clock
        self._cache_rows = cache_rows
        self._transport = HttpTransport(
            api_key=api_key,
            base_url=base_url,
            limiter=RateLimiter(concurrency, monotonic, sleep),
            breaker=CircuitBreaker(clock),
            clock=clock,
            decoding=DecodeOptions(mask=mask_phone_numbers, site=site_of(base_url), hashes=number_hash),
            wait_scale=wait_scale,
            http=http,
        )
        self.counts = self._transport.counts
        self.kept: KeptRows = MemoryRows(cache_rows, clock, archive)
        self.agent_settings = AgentSettings(self._transport, clock)
        agents = AgentList(self._transport, clock)
        details = CallDetails(self._transport, clock, self.kept.forget)
        self.call, self.ids, self.find_sid = details.call, details.ids, details.find_sid
        self.agents, self.agent_names = agents.all, agents.names
        self._single_flight = SingleFlight()
        self._feeds: WeakValueDictionary[RowsAsked, SharedRows] = WeakValueDictionary()
        self._recent: TTLCache[Selection, Opening] = TTLCache(256, _RECENT, timer=clock)
        self._searches = TextSearches(self._transport, self.kept, clock, self._shared)
        self._numbers = (
            NumberSearches(number_hash, kept_numbers, self.ids, self._shared)
            if number_hash is not None and kept_numbers is not None
            else None
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop everything and close all connections."""
        for feed in list(self._feeds.values()):
            await feed.stop()
        await self._transport.aclose()

    async def first(self, selection: Selection, *, refresh: bool = False) -> FirstPage:
        """Return the first rows, 100 at most, in order: one API request, or none if they are remembered.

        A search takes as many requests as it needs. Raises ElevenLabsError.
        """
        first = functools.partial(self._first, selection, refresh=refresh)
        return await self._single_flight.run(("first", selection, refresh), first)

    async def _first(self, selection: Selection, *, refresh: bool) -> FirstPage:
        if selection.texts or selection.number is not None:
            return await self._beginning(selection, refresh=refresh)
        if not refresh and (held := await self._kept_page(selection, FRESH)) is not None:
            self.counts.cached += 1
            return held
        now = self._clock()
        keep = functools.partial(self.kept.put, selection, as_of=now)
        whole = [Piece(selection.since, selection.until)]
        fetch = ParallelFetch(self._transport, selection, whole, now=now, keep=keep, policy=URGENT)
        try:
            opening = await fetch.opening()
        except OutOfOrder:
            if not selection.oldest_first:
                raise
            return await self._beginning(selection, refresh=refresh)
        self._recent[selection] = opening
        return FirstPage.of(opening.rows, now, complete=opening.complete, unplaced=len(opening.unplaced))

    async def _beginning(self, selection: Selection, *, refresh: bool) -> FirstPage:
        """Return the first rows of a whole retrieval, where one page cannot tell which they are."""
        rows: Batch = []
        async with self.retrieve(selection, refresh=refresh) as found:
            async for batch in found:
                rows += batch
                if len(rows) > PAGE_SIZE:
                    break
            missing, unread = len(found.feed.unplaced), len(found.feed.unread)
            return FirstPage.of(rows, found.feed.as_of, complete=True, unplaced=missing, unread=unread)

    async def remembered(self, selection: Selection) -> FirstPage | None:
        """Return the first rows as they were last known, for when ElevenLabs does not answer.

        No request is sent. What began since `as_of` is missing; None when the rest is not known either.
        """
        if selection.texts or selection.number is not None:
            return None
        return await self._kept_page(selection, LAST_KNOWN)

    async def _kept_page(self, selection: Selection, max_age: MaxAge) -> FirstPage | None:
        """Return the first rows from what is kept; as last known, also where more would fit on the page."""
        partly = max_age is LAST_KNOWN
        pieces = await self.kept.cover(selection, selection.since, selection.until, max_age)
        if partly:
            pieces = without_later_gap(pieces)
        rows: Batch = []
        as_of, missing = math.inf, False
        for piece in pieces[::-1] if selection.oldest_first else pieces:
            if missing := piece.rows is None:
                break
            as_of = min(as_of, piece.as_of)
            async for batch in piece.rows(oldest_first=selection.oldest_first):
                rows += batch
                if len(rows) > PAGE_SIZE:
                    return FirstPage.of(rows, as_of, complete=False)
        if pieces and (as_of == math.inf or (missing and not partly)):
            return None
        return FirstPage.of(rows, min(as_of, self._clock()), complete=not missing)

    def retrieve(
        self,
        selection: Selection,
        *,
        refresh: bool = False,
        limit: int | None = None,
        sums_by: SumsBy | None = None,
    ) -> Retrieval:
        """Return all rows of a selection: an async iterator of batches, in order, without duplicates.

        `limit`: rows wanted, probably; hardly more are fetched unless the caller reads on. Rows of one second
        come in the API's own order. Errors are raised while iterating, after the rows that came before.
        `sums_by`: rows that can be summed where they are kept are not read, but summed (`SharedRows.sums`).
        """
        asked = RowsAsked(selection, refresh, limit, sums_by)
        return Retrieval(functools.partial(self._shared, asked), self._clock())

    def _shared(self, asked: RowsAsked) -> SharedRows:
        """Return the feed of what is asked: that of an equal question that runs, or a new one."""
        now = self._clock()
        running = self._feeds.get(asked)
        if running is not None and running.open and now - running.started < _JOINABLE:
            return running
        produce: Callable[[SharedRows], Awaitable[None]]
        if asked.selection.number is not None and self._numbers is not None:
            produce = functools.partial(self._numbers.search, asked.selection, refresh=asked.refresh)
        elif asked.selection.texts:
            produce = functools.partial(self._searches.search, asked.selection, now, refresh=asked.refresh)
        else:
            produce = functools.partial(self._produce, asked, now)
        feed = SharedRows(produce, as_of=now, started=now, keep=max(_BATCH, self._cache_rows))
        self._feeds[asked] = feed
        return feed

    async def _produce(self, asked: RowsAsked, now: float, feed: SharedRows) -> None:
        """Produce all rows of a selection: fetched just now, remembered, or asked for.

        While ElevenLabs does not answer, from what the archive has, if that is all but the newest.
        """
        selection = asked.selection
        try:
            await self._read(asked, await self._pieces(asked, feed), now, feed)
        except (Unavailable, RateLimited):
            kept = await self.kept.cover(selection, selection.since, selection.until, IN_AN_OUTAGE)
            pieces = without_later_gap(kept)
            if asked.refresh or feed.published or any(piece.rows is None for piece in pieces):
                raise
            feed.seen = 0
            await self._read(asked, pieces, now, feed)

    async def _pieces(self, asked: RowsAsked, feed: SharedRows) -> list[Piece]:
        """Divide a selection, newest first: a first page of just now, what is kept, what is missing."""
        selection, since, until = asked.selection, asked.selection.since, asked.selection.until
        if asked.refresh:
            return [Piece(since, until)]
        if (recent := self._recent.get(selection)) is None:
            return join_gaps(await self.kept.cover(selection, since, until, FRESH))
        feed.unplaced |= recent.unplaced
        if recent.complete:
            return [recent.piece]
        if selection.oldest_first:
            kept = await self.kept.cover(selection, recent.piece.until, until, FRESH)
            return [*join_gaps(kept), recent.piece]
        return [recent.piece, *join_gaps(await self.kept.cover(selection, since, recent.piece.since, FRESH))]

    async def _read(self, asked: RowsAsked, pieces: list[Piece], now: float, feed: SharedRows) -> None:
        feed.as_of = min([now, *(piece.as_of for piece in pieces if piece.rows is not None)])
        feed.sums = []
        keep = functools.partial(self.kept.put, asked.selection, as_of=now)
        async with summed(pieces, asked.sums_by, feed.sums) as left:
            fetch = ParallelFetch(
                self._transport, asked.selection, left, now=now, keep=keep, ahead=_AHEAD, limit=asked.limit
            )
            await fetch(feed)

    def read_again(self, pieces: list[Piece], keep: Keep) -> Retrieval:
        """Read all conversations of some spans, newest first, after whatever people wait for.

        `keep` is given what is complete, in any order, and may be waited for.
        """
        now = self._clock()
        fetch = ParallelFetch(
            self._transport,
            Selection(),
            pieces,
            now=now,
            keep=keep,
            ahead=_BACKGROUND_AHEAD,
            policy=BACKGROUND,
        )
        return Retrieval(lambda: SharedRows(fetch, as_of=now), now)

    @property
    def quiet(self) -> bool:
        """Whether no request is in flight that a person waits for."""
        return self._transport.limiter.quiet

    @contextlib.asynccontextmanager
    async def audio(self, conversation_id: str) -> AsyncIterator[tuple[int | None, AsyncIterator[bytes]]]:
        """Give (length in bytes or None, chunks) of a conversation's recording (audio/mpeg)."""
        request = audio_request(conversation_id)
        async with self._transport.stream(request, accept="audio/mpeg", policy=URGENT_DETAIL) as found:
            yield found
