"""Text searches as retrievals: done once for list and file of a question, and by other means if need be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from cachetools import TTLCache

from bot.elevenlabs.errors import NotFound
from bot.elevenlabs.feed import Batch, Feed, Retrieval
from bot.elevenlabs.kept_rows import KeptRows
from bot.elevenlabs.search import TextSearch
from bot.elevenlabs.transport import Transport
from bot.model import Selection

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

    def __call__(self, selection: Selection, *, refresh: bool) -> Feed:
        """Return it, running or new."""


class Searches:
    """The text searches of one client."""

    def __init__(
        self,
        transport: Transport,
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
    ) -> tuple[Callable[[Feed], Awaitable[None]], float]:
        """Return what produces the rows of a selection with a text, and how old they will be."""
        held = None if refresh else self._found.get(replace(selection, oldest_first=False))

        async def produce(feed: Feed) -> None:
            found = held or await self._search(selection, feed, now, refresh=refresh)
            rows = found.rows
            feed.unplaced |= found.unplaced
            feed.seen = feed.expected = len(rows)
            ordered = rows[::-1] if selection.oldest_first else rows
            for at in range(0, len(ordered), _BATCH):
                feed.publish(ordered[at : at + _BATCH])

        return produce, held.as_of if held is not None else now

    async def _search(self, selection: Selection, feed: Feed, now: float, *, refresh: bool) -> _Found:
        def progress(seen: int, expected: int) -> None:
            feed.seen, feed.expected = seen, expected

        kept = None if refresh else self._kept
        search = TextSearch(self._transport, selection, now=now, kept=kept, progress=progress)
        try:
            found = _Found(now, await search.run(), search.unplaced)
        except NotFound:
            # No such endpoint: the list's own search, which the API calls deprecated, is better than nothing.
            plain = Selection(
                since=selection.since,
                until=selection.until,
                params=tuple(sorted([*selection.params, ("search", selection.text or "")])),
            )
            listed = self._listed(plain, refresh=refresh)
            rows = [row async for batch in Retrieval(lambda: listed, now) for row in batch]
            found = _Found(now, rows, listed.unplaced)
        self._found[replace(selection, oldest_first=False)] = found
        return found
