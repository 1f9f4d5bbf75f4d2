"""The facade that everyone uses: ElevenLabs' conversations, fetched fast, remembered for minutes."""

from __future__ import annotations

import asyncio
import functools
import itertools
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import BinaryIO, Self
from weakref import WeakValueDictionary

import httpx

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
    without_later_gap,
)
from bot.elevenlabs.parallel_fetch import Keep, ParallelFetch, Rest
from bot.elevenlabs.phone_numbers import NumberHash
from bot.elevenlabs.rate_limit import BACKGROUND, RECORDING, CircuitBreaker, RateLimiter
from bot.elevenlabs.request import PAGE_SIZE, Bound, audio_request
from bot.elevenlabs.retrieval import ONE_PAGE, RECENT, FirstPage, Retrieval, RowsAsked, SharedRows
from bot.elevenlabs.searches import KeepsNumbers, NumberSearches, Spans, TextSearches
from bot.elevenlabs.transport import HttpTransport
from bot.elevenlabs.wire import DecodeOptions, site_of
from bot.model import Selection
from bot.tally import Summary

_AHEAD = 50_000
"""Rows held in memory ahead of the reader, at most, roughly."""
_BACKGROUND_AHEAD = 2000
"""The same for what the archive reads: newest first, so that little more than the newest is begun at once."""
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

        `number_hash` and `kept_numbers`: to select by telephone number. For tests: `clock` (Unix seconds),
        `monotonic`, `sleep`, `http` (httpx's own transport), `wait_scale` for the waits between retries.
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
        self.counts, self.decoding = self._transport.counts, self._transport.decoding
        self.kept: KeptRows = MemoryRows(cache_rows, clock, archive)
        self.agent_settings = AgentSettings(self._transport, clock)
        agents = AgentList(self._transport, clock)
        details = CallDetails(self._transport, clock, self.kept.forget, agents.names)
        self.call, self.ids, self.find_sid = details.call, details.ids, details.find_sid
        self.agents, self.agent_names = agents.all, agents.names
        self._feeds: WeakValueDictionary[RowsAsked, SharedRows] = WeakValueDictionary()
        self._searches = TextSearches(self._transport, self._read_spans, self.first)
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
        for feed in list(self._feeds.values()):
            await feed.stop()
        await self._transport.aclose()

    async def first(self, selection: Selection, *, refresh: bool = False) -> FirstPage:
        """Return the first rows, 100 at most, in order: one API request, or none if they are kept.

        A search takes more. A retrieval of the same soon goes on from there. Raises ElevenLabsError.
        """
        feed = self._shared(RowsAsked(selection, refresh), ONE_PAGE)
        page = await feed.first_page(linger=RECENT)
        self.counts.cached += not feed.answered
        return page

    async def remembered(self, selection: Selection) -> FirstPage | None:
        """Return the first rows as they were last known, for an outage: no request is sent.

        What began since `as_of` is missing; None when the rest is not known either.
        """
        if selection.texts or selection.number is not None:
            return None
        asked = RowsAsked(selection)
        pieces = without_later_gap(await self._pieces(asked, LAST_KNOWN))
        in_order = pieces[::-1] if selection.oldest_first else pieces
        known = list(itertools.takewhile(lambda piece: piece.rows is not None, in_order))
        if pieces and not known:
            return None
        newest_first = known[::-1] if selection.oldest_first else known
        feed = SharedRows(
            functools.partial(self._read, asked, newest_first), as_of=self._clock(), limit=ONE_PAGE
        )
        page = await feed.first_page()
        return replace(page, complete=page.complete and len(known) == len(pieces))

    def retrieve(
        self,
        selection: Selection,
        *,
        refresh: bool = False,
        limit: int | None = None,
        summaries: tuple[Summary, ...] = (),
    ) -> Retrieval:
        """Return all rows of a selection: an async iterator of batches, in order, without duplicates.

        `limit`: rows wanted, probably; hardly more are fetched unless the caller reads on. Errors are raised
        after the rows that came before. `summaries`: rows that can be summed where they are kept are only
        summed (`SharedRows.sums`).
        """
        asked, most = RowsAsked(selection, refresh, summaries), math.inf if limit is None else max(1, limit)
        return Retrieval(functools.partial(self._shared, asked, most), self._clock())

    def _shared(self, asked: RowsAsked, limit: float = math.inf) -> SharedRows:
        """Return the feed of what is asked: that of an equal question of just now, or a new one."""
        now, feed = self._clock(), self._feeds.get(asked)
        if feed is not None and feed.joinable(limit, now):
            feed.limit = max(feed.limit, limit)
            return feed
        produce: Callable[[SharedRows], Awaitable[None]]
        of_each = asked._replace(summaries=())  # which calls a search means is told by their rows alone
        if asked.selection.number is not None and self._numbers is not None:
            produce = functools.partial(self._numbers.search, of_each)
        elif asked.selection.texts:
            produce = functools.partial(self._searches.search, of_each)
        else:
            produce = functools.partial(self._produce, asked)
        keep = max(_BATCH, self._cache_rows)
        feed = self._feeds[asked] = SharedRows(produce, as_of=now, keep=keep, limit=limit)
        return feed

    async def _produce(self, asked: RowsAsked, feed: SharedRows) -> None:
        """Produce all rows of a selection: what is kept, and what is missing of it.

        While ElevenLabs does not answer, from what the archive has, if that is all but the newest.
        """
        try:
            pieces, rest = join_gaps(await self._pieces(asked, FRESH)), None
            if feed.urgent and not await _holds_a_page(pieces, oldest_first=asked.selection.oldest_first):
                # One request brings all of it, as it is now.
                pieces = [Piece(asked.selection.since, asked.selection.until)]
                rest = functools.partial(self._gaps_joined, asked)
            await self._read(asked, pieces, feed, rest)
        except (Unavailable, RateLimited):
            pieces = without_later_gap(await self._pieces(asked, IN_AN_OUTAGE))
            if feed.urgent or feed.published or any(piece.rows is None for piece in pieces):
                raise
            feed.seen, feed.sums = 0, {}
            await self._read(asked, pieces, feed)

    async def _pieces(
        self, asked: RowsAsked, max_age: MaxAge, span: tuple[Bound, Bound] | None = None
    ) -> list[Piece]:
        """Divide a selection, or a span of it, into what is kept and what is missing, newest first."""
        since, until = span or (asked.selection.since, asked.selection.until)
        if asked.refresh:
            return [Piece(since, until)]
        return await self.kept.cover(asked.selection, since, until, max_age)

    async def _gaps_joined(self, asked: RowsAsked, since: Bound, until: Bound) -> list[Piece]:
        return join_gaps(await self._pieces(asked, FRESH, (since, until)))

    async def _read(
        self, asked: RowsAsked, pieces: list[Piece], feed: SharedRows, rest: Rest | None = None
    ) -> None:
        """Sum what can be summed where it is kept; read or request the rest."""
        left: list[Piece] = []
        for piece in pieces:
            found = {by: await piece.sums(by) for by in asked.summaries} if piece.sums else {}
            if not found or None in found.values():
                left.append(piece)
                continue
            feed.as_of = min(feed.as_of, piece.as_of)
            for by, sums in found.items():
                feed.sums.setdefault(by, []).extend(sums or ())
        keep = functools.partial(self.kept.put, asked.selection, as_of=feed.started)
        await ParallelFetch(
            self._transport, asked.selection, left, feed, keep=keep, rest=rest, ahead=_AHEAD
        ).run()

    def _read_spans(self, asked: RowsAsked, spans: Spans) -> Retrieval:
        """Read what a selection has in some spans, newest first."""

        async def produce(feed: SharedRows) -> None:
            pieces = [await self._gaps_joined(asked, *span) for span in spans]
            await self._read(asked, list(itertools.chain.from_iterable(pieces)), feed)

        now = self._clock()
        return Retrieval(lambda: SharedRows(produce, as_of=now), now)

    def read_again(self, pieces: list[Piece], keep: Keep) -> Retrieval:
        """Read all of some spans, after what people wait for. `keep` is given what is complete."""

        async def produce(feed: SharedRows) -> None:
            await ParallelFetch(
                self._transport,
                Selection(),
                pieces,
                feed,
                keep=keep,
                ahead=_BACKGROUND_AHEAD,
                policy=BACKGROUND,
            ).run()

        now = self._clock()
        return Retrieval(lambda: SharedRows(produce, as_of=now), now)

    @property
    def quiet(self) -> bool:
        """Whether no request is in flight that a person waits for."""
        return self._transport.limiter.quiet

    async def audio(self, conversation_id: str, out: BinaryIO, *, most: int) -> int:
        """Write a conversation's recording into a file; returns its size, also of one larger than `most`."""
        request = audio_request(conversation_id)
        return await self._transport.download(request, out, accept="audio/mpeg", most=most, policy=RECORDING)


async def _holds_a_page(pieces: list[Piece], *, oldest_first: bool) -> bool:
    """Whether what is kept holds a first page, and whether there is more."""
    rows = 0
    for piece in pieces[::-1] if oldest_first else pieces:
        if piece.rows is None:
            return False
        async for batch in piece.rows(oldest_first=oldest_first):
            rows += len(batch)
            if rows > PAGE_SIZE:
                return True
    return True
