"""What was last known of the lists, for as long as ElevenLabs does not answer.

The cache proper forgets within minutes and never keeps what still changes: its rows pass for ElevenLabs' own.
These do not: they are shown with their age, so that they may be older, not final, and without the latest.

Of each question the beginning is kept, a few pages of it: no more is ever shown, and an export of a hundred
thousand rows leaves the beginnings of other questions, and its own, in their places.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.elevenlabs.cache import WindowCache
from bot.elevenlabs.feed import Batch
from bot.elevenlabs.listing import FirstPage, Piece
from bot.elevenlabs.request import PAGE_SIZE, Bound
from bot.model import Selection

KEPT_SECS = 3600.0
_BEGINNING = 500
"""Rows of one question, at most: more than a list has, since narrower questions are answered from them."""
_SLACK_SECS = 5
"""Rows known up to so many seconds before they were fetched are known up to then."""


class Outage:
    """Remembers the lists of the last hour. Times are Unix seconds."""

    def __init__(self, max_rows: int, clock: Callable[[], float]) -> None:
        """Keep `max_rows` rows; most of them are shared with the cache proper."""
        self._cache = WindowCache(max_rows, clock, ttl=KEPT_SECS, edge=0, unsettled=True)
        self._most = min(_BEGINNING, max_rows // 4)  # never all of a small memory

    def put(self, selection: Selection, since: Bound, until: Bound, rows: Batch, at: float) -> None:
        """Take note that `rows` (newest first) were all that the API had in `[since, until)` of a selection.

        What does not go on, without a gap, from the beginning of the selection is not kept.
        """
        before = (selection.since, since) if selection.oldest_first else (until, selection.until)
        known = [] if before[0] == before[1] else self._known(selection, *before)
        room = self._most - sum(piece.count for piece in known)
        if room <= 0 or any(piece.make is None for piece in known):
            return
        if len(rows) > room:
            # Down (or up) to a whole second: the rest of the stretch is not known then.
            edge = rows[-1 - room if selection.oldest_first else room].start_time_unix_secs
            since, until = (since, edge) if selection.oldest_first else (edge + 1, until)
        self._cache.put(selection.params, since, until, rows, at)

    def forget(self, conversation_id: str) -> None:
        """Drop a conversation that the API no longer knows."""
        self._cache.forget(conversation_id)

    def first(self, selection: Selection) -> FirstPage | None:
        """Return the first rows in the selection's order, without a gap; None when they are not known."""
        if selection.text is not None:
            return None
        pieces = self._known(selection, selection.since, selection.until)
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
        return FirstPage(tuple(rows[:PAGE_SIZE]), complete and len(rows) <= PAGE_SIZE, as_of)

    def _known(self, selection: Selection, since: Bound, until: Bound) -> list[Piece]:
        """Divide a stretch into what is known and what is not, newest first, without what came since."""
        pieces = self._cache.cover(selection, since, until, joined=False)
        return pieces[1:] if len(pieces) > 1 and _only_since(pieces[0], pieces[1]) else pieces


def _only_since(newest: Piece, known: Piece) -> bool:
    """Whether the newest piece is missing only because its time came after the fetch of the next."""
    begins = newest.since or 0
    return newest.make is None and known.make is not None and begins >= int(known.as_of) - _SLACK_SECS
