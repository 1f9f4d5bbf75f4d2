"""The facade that everyone uses: ElevenLabs' conversations, fetched fast, remembered for minutes."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import NamedTuple, Self

import httpx
from cachetools import TTLCache

from bot.elevenlabs.agent_list import AgentList
from bot.elevenlabs.agent_settings import AgentSettings
from bot.elevenlabs.call_details import CallDetails
from bot.elevenlabs.errors import RateLimited, Unavailable
from bot.elevenlabs.kept_rows import (
    FRESH,
    IN_AN_OUTAGE,
    LAST_KNOWN,
    KeptRows,
    LayeredRows,
    MaxAge,
    Piece,
    join_gaps,
    sum_kept,
    without_later_gap,
)
from bot.elevenlabs.memory_rows import MemoryRows
from bot.elevenlabs.number_search import KeepsNumbers, NumberSearches
from bot.elevenlabs.parallel_fetch import FirstFetch, Keep, ParallelFetch
from bot.elevenlabs.phone_numbers import NumberHash
from bot.elevenlabs.rate_limit import CircuitBreaker, RateLimiter
from bot.elevenlabs.request import PAGE_SIZE, Bound, audio_request
from bot.elevenlabs.retrieval import Batch, FirstPage, Retrieval, SharedRows
from bot.elevenlabs.retry_policy import BACKGROUND, DETAIL, URGENT_DETAIL, RequestCounts, RetryPolicy
from bot.elevenlabs.single_flight import SingleFlight
from bot.elevenlabs.text_search import TextSearches
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.windows import Axis, OutOfOrder
from bot.elevenlabs.wire import DecodeOptions, site_of
from bot.model import Agent, Call, CallIds, Selection
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


class _Reading(NamedTuple):
    """How a selection is read: see `Conversations.retrieve`."""

    refresh: bool
    limit: int | None
    sums_by: SumsBy | None


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
        memory = MemoryRows(cache_rows, clock)
        self.kept: KeptRows = memory if archive is None else LayeredRows(memory, archive)
        self._details = CallDetails(self._transport, clock=clock, gone=self.kept.forget)
        self._single_flight = SingleFlight()
        self._feeds: dict[tuple[Selection, _Reading], SharedRows] = {}
        self._recent: TTLCache[Selection, FirstFetch] = TTLCache(256, _RECENT, timer=clock)
        self._searches = TextSearches(self._transport, self.kept, clock, self._feed)
        self._numbers = (
            NumberSearches(number_hash, kept_numbers, self.ids, self._feed)
            if number_hash is not None and kept_numbers is not None
            else None
        )
        self._agents = AgentList(self._transport, clock)
        self.agent_settings = AgentSettings(self._transport, clock)

    @property
    def counts(self) -> RequestCounts:
        """What was sent so far, for metrics."""
        return self._transport.counts

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

        A text search takes as many requests as it needs. Raises ElevenLabsError.
        """
        return await self._single_flight.run(
            ("first", selection, refresh), lambda: self._first(selection, refresh=refresh)
        )

    async def _first(self, selection: Selection, *, refresh: bool) -> FirstPage:
        if selection.texts or selection.number is not None:
            return await self._beginning(selection, refresh=refresh)
        if _nothing_in(selection):
            return FirstPage((), complete=True, as_of=self._clock())
        if not refresh and (held := await self._kept_page(selection, FRESH)) is not None:
            self.counts.cached += 1
            return held
        now = self._clock()
        fetch = ParallelFetch(
            self._transport,
            selection,
            [Piece(selection.since, selection.until)],
            now=now,
            ahead=PAGE_SIZE,
            limit=PAGE_SIZE,
            keep=self._keeper(selection, now),
        )
        try:
            opening = await fetch.opening()
        except OutOfOrder:
            if not selection.oldest_first:
                raise
            return await self._beginning(selection, refresh=refresh)
        self._recent[selection] = opening
        complete = opening.complete and len(opening.rows) <= PAGE_SIZE
        return FirstPage(tuple(opening.rows[:PAGE_SIZE]), complete, now, len(opening.unplaced))

    async def _kept_page(
        self, selection: Selection, max_age: MaxAge, *, partly: bool = False
    ) -> FirstPage | None:
        """Return the first rows from what is kept; `partly`: also where more rows would fit on the page."""
        rows: Batch = []
        as_of: float | None = None
        complete = True
        pieces = await self.kept.cover(selection, selection.since, selection.until, max_age)
        for piece in self._in_order(selection, without_later_gap(pieces) if partly else pieces):
            if piece.rows is None:
                if not partly or as_of is None:
                    return None
                complete = False
                break
            async for batch in piece.rows(oldest_first=selection.oldest_first):
                rows.extend(batch)
                if len(rows) > PAGE_SIZE:
                    break
            as_of = piece.as_of if as_of is None else min(as_of, piece.as_of)
            if len(rows) > PAGE_SIZE:
                complete = False
                break
        return None if as_of is None else FirstPage(tuple(rows[:PAGE_SIZE]), complete, as_of)

    async def _beginning(self, selection: Selection, *, refresh: bool) -> FirstPage:
        """Return the first rows of a whole retrieval, where one page cannot tell which they are."""
        rows: Batch = []
        async with self.retrieve(selection, refresh=refresh) as retrieval:
            async for batch in retrieval:
                rows.extend(batch)
                if len(rows) > PAGE_SIZE:
                    break
            return FirstPage(
                tuple(rows[:PAGE_SIZE]),
                len(rows) <= PAGE_SIZE,
                retrieval.as_of,
                retrieval.unplaced,
                retrieval.unread,
            )

    async def remembered(self, selection: Selection) -> FirstPage | None:
        """Return the first rows as they were last known, for when ElevenLabs does not answer.

        No request is sent. What began since `as_of` is missing; None when the rest is not known either.
        """
        if selection.texts or selection.number is not None:
            return None
        return await self._kept_page(selection, LAST_KNOWN, partly=True)

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
        `sums_by`: rows that can be summed where they are kept are not read, but summed (`Retrieval.sums`).
        """
        return Retrieval(
            lambda: self._feed(selection, refresh=refresh, limit=limit, sums_by=sums_by), self._clock()
        )

    def _feed(
        self,
        selection: Selection,
        *,
        refresh: bool,
        limit: int | None = None,
        sums_by: SumsBy | None = None,
    ) -> SharedRows:
        how = _Reading(refresh, limit, sums_by)
        key = (selection, how)
        now = self._clock()
        running = self._feeds.get(key)
        if running is not None and running.open and now - running.started < _JOINABLE:
            return running
        as_of = now
        produce: Callable[[SharedRows], Awaitable[None]]
        if selection.number is not None and self._numbers is not None:
            produce = functools.partial(self._numbers.search, selection, refresh=refresh)
        elif selection.texts:
            produce, as_of = self._searches.plan(selection, now, refresh=refresh)
        else:
            produce = functools.partial(self._fetch, selection, now, how)

        def ended() -> None:
            if self._feeds.get(key) is feed:
                del self._feeds[key]

        feed = SharedRows(produce, as_of=as_of, started=now, keep=max(_BATCH, self._cache_rows), ended=ended)
        self._feeds[key] = feed
        return feed

    async def _fetch(self, selection: Selection, now: float, how: _Reading, feed: SharedRows) -> None:
        """Produce all rows of a selection: fetched just now, remembered, or asked for.

        While ElevenLabs does not answer, from what the archive has, if that is all but the newest.
        """
        try:
            await self._fetch_missing(selection, now, how, feed)
        except (Unavailable, RateLimited):
            kept = await self.kept.cover(selection, selection.since, selection.until, IN_AN_OUTAGE)
            pieces = self._in_order(selection, without_later_gap(kept))
            if how.refresh or feed.begun or any(piece.rows is None for piece in pieces):
                raise
            feed.seen = 0
            await self._produce(selection, pieces, feed, how, now=now)

    async def _fetch_missing(self, selection: Selection, now: float, how: _Reading, feed: SharedRows) -> None:
        pieces: list[Piece] = []
        since, until = selection.since, selection.until
        unplaced: frozenset[str] = frozenset()
        recent = None if how.refresh else self._recent.get(selection)
        if recent is not None:
            pieces.append(recent.piece)
            unplaced = recent.unplaced
            since, until = _beyond(selection, recent.piece)
        if (recent is None or not recent.complete) and not _nothing_in(selection):
            rest = (
                [Piece(since, until)]
                if how.refresh
                else join_gaps(await self.kept.cover(selection, since, until, FRESH))
            )
            pieces.extend(self._in_order(selection, rest))
        await self._produce(selection, pieces, feed, how, now=now, unplaced=unplaced)

    async def _produce(
        self,
        selection: Selection,
        pieces: list[Piece],
        feed: SharedRows,
        how: _Reading,
        *,
        now: float,
        unplaced: frozenset[str] = frozenset(),
    ) -> None:
        feed.as_of = min([now, *(piece.as_of for piece in pieces if piece.rows is not None)])
        if how.sums_by is not None:
            feed.sums, pieces = await sum_kept(pieces, how.sums_by)
        fetch = ParallelFetch(
            self._transport,
            selection,
            pieces,
            now=now,
            ahead=_AHEAD,
            limit=how.limit,
            keep=self._keeper(selection, now),
            unplaced=unplaced,
        )
        await fetch(feed)

    def _in_order(self, selection: Selection, pieces: list[Piece]) -> list[Piece]:
        return pieces[::-1] if selection.oldest_first else pieces

    def _keeper(self, selection: Selection, now: float) -> Keep:
        return lambda since, until, rows: self.kept.put(selection, since, until, rows, now)

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
            ahead=_BACKGROUND_AHEAD,
            limit=None,
            keep=keep,
            policy=BACKGROUND,
        )
        return Retrieval(lambda: SharedRows(fetch, as_of=now, keep=0, ended=lambda: None), now)

    async def call(self, conversation_id: str, *, refresh: bool = False) -> Call:
        """Return one conversation opened. Raises NotFound and the other errors."""
        return await self._details.call(conversation_id, refresh=refresh)

    async def ids(self, conversation_id: str, *, policy: RetryPolicy = DETAIL) -> CallIds:
        """Return a conversation's carrier ids; FAILED when they cannot be had after retries.

        Raises only what hits every row: WrongKey, MissingScope, WrongRegion, PaymentRequired, Unavailable
        once ElevenLabs has answered nothing at all for some 40 seconds, RateLimited when it wants a long
        pause.
        """
        return await self._details.ids(conversation_id, policy=policy)

    async def find_sid(self, sid: str) -> Call | None:
        """Find the call with a carrier's sid by the API's filter on variables, confirmed by its detail."""
        return await self._details.find_sid(sid)

    async def agents(self, *, refresh: bool = False) -> tuple[Agent, ...]:
        """Return all agents, by name; those last known while ElevenLabs does not answer or wants a pause."""
        return await self._agents.all(refresh=refresh)

    async def agent_names(self) -> Mapping[str, str]:
        """Return the names of agents by id, as far as they are known; raises nothing of ElevenLabs'."""
        return await self._agents.names()

    @contextlib.asynccontextmanager
    async def audio(self, conversation_id: str) -> AsyncIterator[tuple[int | None, AsyncIterator[bytes]]]:
        """Give (length in bytes or None, chunks) of a conversation's recording (audio/mpeg)."""
        request = audio_request(conversation_id)
        async with self._transport.stream(request, accept="audio/mpeg", policy=URGENT_DETAIL) as found:
            yield found


def _nothing_in(selection: Selection) -> bool:
    """Whether no time can lie within the selection."""
    return selection.since is not None and selection.until is not None and selection.since >= selection.until


def _beyond(selection: Selection, piece: Piece) -> tuple[Bound, Bound]:
    """Return the times of a selection that come after its first piece, in the order of the answer."""
    axis = Axis(selection.oldest_first)
    low, _ = axis.flip(selection.since, selection.until)
    high, _ = axis.flip(piece.since, piece.until)
    return axis.flip(low, high)
