"""Values that describe lists of conversations."""

from __future__ import annotations

from dataclasses import dataclass

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
