"""What the use cases need from the rooms around them, put together in `app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.answers.ids import IdFinder
from bot.answers.reply import People, Replies
from bot.elevenlabs import Conversations
from bot.store.questions import Questions


@dataclass(frozen=True, slots=True)
class Services:
    """Everything an answer may use. Times are Unix seconds."""

    conversations: Conversations
    ids: IdFinder
    questions: Questions
    people: People
    replies: Replies
    clock: Callable[[], float]
    week_start: str
    export_rows: int
    """Rows put into a file without asking."""
    base_url: str
    """ElevenLabs' address, for the shown API request."""
