"""What an answer lacks because ElevenLabs sent it in no usable form, or does not show it to the key."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.blocks.text import plural
from bot.model import Conversation
from bot.query import Query


def hidden_among(rows: Iterable[Conversation]) -> int:
    """Count the rows that the API key may list but not open."""
    return sum(row.hiding_reason is not None for row in rows)


def undecided_among(query: Query, rows: Iterable[Conversation]) -> int:
    """Count the rows that are left out because the list does not say what the question tests."""
    return sum(map(query.undecided, rows)) if query.local else 0


class Lacking(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of conversations, kept with the outcome of a question."""

    unplaced: int = 0
    """Sent without an id or a start time: missing from list and file."""
    hidden: int = 0
    """Listed, but not to be opened with this API key: without call ids."""

    undecided: int = 0
    """Left out because the list says neither source nor direction of them, and the question asks for it."""

    @property
    def words(self) -> tuple[str, ...]:
        """Say it, each with a next step."""
        said: list[str] = []
        if self.unplaced:
            calls = plural(self.unplaced, "call")
            said.append(
                f"Missing: {calls} that ElevenLabs sent without a start time (its dashboard has them)"
            )
        if self.hidden:
            calls = plural(self.hidden, "call")
            said.append(f"Not opened: {calls} hidden from the API key (a key that may see all opens them)")
        if self.undecided:
            calls = plural(self.undecided, "call")
            said.append(
                f"Left out: {calls} whose source or direction ElevenLabs' list does not say "
                "(the CSV of all calls has them, and their call ids)"
            )
        return tuple(said)


NOTHING = Lacking()
