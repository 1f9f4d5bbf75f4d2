"""What the use cases need from the rooms around them, put together in `app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.answers.call.carrier_ids import IdFinder
from bot.answers.ports import People, Replies, Tabs
from bot.elevenlabs.client import Conversations
from bot.store.exports import Exports
from bot.store.questions import Questions
from bot.store.saved import SavedQuestions, Welcomed


class Meter(Protocol):
    """Counts what an operator wants to know."""

    def answered(self, kind: str, outcome: str) -> None:
        """Count an answer; `outcome` is answered, failed, refused or late."""

    def step(self, name: str, seconds: float) -> None:
        """Hear that a step of an answer was done, so many seconds after it was asked for."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything an answer may use. Times are Unix seconds."""

    conversations: Conversations
    ids: IdFinder
    questions: Questions
    exports: Exports
    saved: SavedQuestions
    welcomed: Welcomed
    people: People
    replies: Replies
    tabs: Tabs
    clock: Callable[[], float]
    week_start: str
    export_rows: int
    """Rows put into a file without asking."""
    base_url: str
    """ElevenLabs' address, for the shown API request."""
    meter: Meter
