"""Values that describe lists of conversations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.elevenlabs.request import Bound
from bot.model import Conversation


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The first rows of a selection."""

    rows: tuple[Conversation, ...]
    """At most 100, in order, exactly within the selection's times."""
    complete: bool
    """Whether these are all."""
    as_of: float
    """Unix time of the oldest part that the rows come from."""
    unplaced: int = 0
    """How many rows the API sent without an id or a start time, so that they are missing here."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of times `[since, until)` of a question: its rows are at hand, or missing."""

    since: Bound
    until: Bound
    count: int = 0
    """How many rows there are at most."""
    make: Callable[[], list[Conversation]] | None = None
    """Gives the rows, newest first. None: they are missing."""
    as_of: float = 0.0
    """Unix time when they were fetched."""
