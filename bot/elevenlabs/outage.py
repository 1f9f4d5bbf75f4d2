"""What was last known of the lists, for as long as ElevenLabs does not answer.

The cache proper forgets within minutes and never keeps what still changes: its rows pass for ElevenLabs' own.
These do not: they are shown with their age, so that they may be older, not final, and without the latest.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.elevenlabs import params as of
from bot.elevenlabs.axis import Bound
from bot.elevenlabs.cache import WindowCache
from bot.elevenlabs.feed import Batch
from bot.elevenlabs.listing import FirstPage, Piece
from bot.elevenlabs.narrowing import Params
from bot.model import Selection

KEPT_SECS = 3600.0
_SLACK_SECS = 5
"""Rows known up to so many seconds before they were fetched are known up to then."""


class Outage:
    """Remembers the lists of the last hour. Times are Unix seconds."""

    def __init__(self, max_rows: int, clock: Callable[[], float]) -> None:
        """Keep `max_rows` rows; most of them are shared with the cache proper."""
        self._cache = WindowCache(max_rows, clock, ttl=KEPT_SECS, edge=0, unsettled=True)

    def put(self, params: Params, since: Bound, until: Bound, rows: Batch, at: float) -> None:
        """Remember that `rows` (newest first) were all that the API had in `[since, until)`."""
        if len(rows) <= self._cache.max_rows:
            self._cache.put(params, since, until, rows, at)

    def forget(self, conversation_id: str) -> None:
        """Drop a conversation that the API no longer knows."""
        self._cache.forget(conversation_id)

    def first(self, selection: Selection) -> FirstPage | None:
        """Return the first rows in the selection's order, without a gap; None when they are not known."""
        if selection.text is not None:
            return None
        pieces = self._cache.cover(selection, selection.since, selection.until, joined=False)
        if len(pieces) > 1 and _only_since(pieces[0], pieces[1]):
            pieces = pieces[1:]
        rows: Batch = []
        as_of: float | None = None
        complete = True
        for piece in pieces[::-1] if selection.oldest_first else pieces:
            if piece.make is None:
                complete = False
                break
            part = piece.make()
            rows.extend(reversed(part) if selection.oldest_first else part)
            as_of = piece.as_of if as_of is None else min(as_of, piece.as_of)
        if as_of is None:
            return None
        return FirstPage(tuple(rows[: of.PAGE]), complete and len(rows) <= of.PAGE, as_of)


def _only_since(newest: Piece, known: Piece) -> bool:
    """Whether the newest piece is missing only because its time came after the fetch of the next."""
    begins = newest.since or 0
    return newest.make is None and known.make is not None and begins >= int(known.as_of) - _SLACK_SECS
