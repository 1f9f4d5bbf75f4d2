"""The facade that everyone uses: ElevenLabs' conversations, fetched fast, remembered for minutes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Self

import httpx

from bot.elevenlabs import params as of
from bot.elevenlabs.breaker import Breaker
from bot.elevenlabs.detail import decode_call, decode_ids
from bot.elevenlabs.errors import BadAnswer, NotFound, RateLimited, Unavailable
from bot.elevenlabs.feed import Feed, Retrieval
from bot.elevenlabs.limiter import Limiter
from bot.elevenlabs.listing import FirstPage
from bot.elevenlabs.transport import BULK, URGENT, Counts, Transport
from bot.elevenlabs.wire import Page, decode_agents, decode_page
from bot.model import FAILED, Agent, Call, CallIds, Conversation, Selection


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
        hurry: float = 1.0,
        http: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`concurrency` requests are in flight at most, `cache_rows` rows kept in memory.

        For tests: `clock` (Unix seconds), `monotonic`, `sleep`, `http` (httpx's own transport) and `hurry`, which
        scales the waits between retries.
        """
        self._clock = clock
        self._mask = mask_phone_numbers
        self._cache_rows = cache_rows
        self._transport = Transport(
            api_key=api_key,
            base_url=base_url,
            limiter=Limiter(concurrency, monotonic, sleep),
            breaker=Breaker(clock),
            clock=clock,
            hurry=hurry,
            http=http,
        )

    @property
    def counts(self) -> Counts:
        """What was sent so far, for metrics."""
        return self._transport.counts

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop everything and close all connections."""
        await self._transport.aclose()

    async def first(self, selection: Selection, *, refresh: bool = False) -> FirstPage:
        """Return the first rows (100 at most, in order) after one API request, or none if they are remembered."""
        as_of = self._clock()
        page = await self._page(selection, None, urgent=True)
        rows = [row for row in page.rows if _within(row, selection)]
        return FirstPage(tuple(rows), not page.has_more, as_of, page.unreadable)

    def retrieve(self, selection: Selection, *, refresh: bool = False, limit: int | None = None) -> Retrieval:
        """Return all rows of a selection, in order, as an async iterator of batches."""
        now = self._clock()

        async def produce(feed: Feed) -> None:
            cursor: str | None = None
            seen: set[str] = set()
            while True:
                page = await self._page(selection, cursor)
                fresh = [
                    row for row in page.rows if _within(row, selection) and row.conversation_id not in seen
                ]
                seen.update(row.conversation_id for row in fresh)
                feed.seen += len(fresh)
                feed.publish(fresh)
                if not page.has_more:
                    return
                if page.next_cursor is None or page.next_cursor == cursor:
                    raise BadAnswer("a page promises more but does not say where")
                cursor = page.next_cursor

        return Retrieval(lambda: Feed(produce, as_of=now, keep=self._cache_rows, ended=lambda: None), now)

    async def _page(self, selection: Selection, cursor: str | None, *, urgent: bool = False) -> Page:
        params = of.list_params(
            selection,
            after=selection.since - 1 if selection.since is not None else None,
            before=selection.until,
            oldest_first=selection.oldest_first,
            cursor=cursor,
        )
        patience = URGENT if urgent else BULK
        return await self._transport.get(
            of.CONVERSATIONS, params, decode_page, patience=patience, urgent=urgent
        )

    async def call(self, conversation_id: str, *, refresh: bool = False) -> Call:
        """Return one conversation opened. Raises NotFound and the other errors."""

        def decode(body: bytes) -> Call:
            return decode_call(body, conversation_id, mask=self._mask)

        path = of.detail_path(conversation_id)
        return await self._transport.get(path, (), decode, patience=URGENT, urgent=True)

    async def ids(self, conversation_id: str) -> CallIds:
        """Return a conversation's carrier ids; FAILED when they cannot be had. Raises only what hits every row."""

        def decode(body: bytes) -> CallIds:
            return decode_ids(body, mask=self._mask)[0]

        path = of.detail_path(conversation_id)
        try:
            return await self._transport.get(path, (), decode, patience=BULK)
        except (NotFound, Unavailable, RateLimited, BadAnswer):
            return FAILED

    async def agents(self, *, refresh: bool = False) -> tuple[Agent, ...]:
        """Return all agents, by name."""
        found: dict[str, Agent] = {}
        cursor: str | None = None
        cursors: set[str] = set()
        while True:
            params = [("page_size", str(of.PAGE)), *([("cursor", cursor)] if cursor else [])]
            page = await self._transport.get(
                of.AGENTS, params, decode_agents, patience=URGENT, urgent=True
            )
            found.update((agent.agent_id, agent) for agent in page.agents)
            if not page.has_more:
                return tuple(
                    sorted(found.values(), key=lambda agent: (agent.name.casefold(), agent.agent_id))
                )
            if page.next_cursor is None or page.next_cursor in cursors:
                raise BadAnswer("a page of agents promises more but does not say where")
            cursor = page.next_cursor
            cursors.add(cursor)

    @contextlib.asynccontextmanager
    async def audio(self, conversation_id: str) -> AsyncIterator[tuple[int | None, AsyncIterator[bytes]]]:
        """Give (length in bytes or None, chunks) of a conversation's recording (audio/mpeg)."""
        path = f"{of.detail_path(conversation_id)}/audio"
        async with self._transport.stream(path, accept="audio/mpeg", patience=URGENT) as found:
            yield found


def _within(row: Conversation, selection: Selection) -> bool:
    start = row.start_time_unix_secs
    return (selection.since is None or start >= selection.since) and (
        selection.until is None or start < selection.until
    )
