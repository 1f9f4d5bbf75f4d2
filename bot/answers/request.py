"""What was asked, as it is recorded before Slack hears our acknowledgement."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.answers.ports import Address, Posted

Kind = Literal["ask", "click", "welcome"]


class Click(msgspec.Struct, frozen=True, kw_only=True):
    """A button or menu of one of our messages."""

    action_id: str
    value: str = ""
    """What the button carries, or the chosen option."""
    posted: Posted | None = None
    """The clicked message; None for one that only its reader sees."""
    sentence: str | None = None
    """The question that a list message restates, in case it is no longer kept."""


class Scheduled(msgspec.Struct, frozen=True, kw_only=True):
    """A saved question that asks itself. Times are Unix seconds."""

    saved_id: str
    name: str
    schedule: str
    """When it is asked, in words."""
    texts: tuple[str, ...]
    """The question as typed, and its follow-ups."""
    due: float
    """When it was to be asked: relative times are read from here."""
    skipped: int = 0
    """How many earlier times were missed and are not made up for."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to answer. Everything in it is from Slack's payload; stored as JSON."""

    answer_id: str
    """Slack's own id for it: the durable answer has the same."""
    kind: Kind
    address: Address
    asked_at: float
    """Unix seconds, when it arrived; relative times are read from here, also after a crash."""
    text: str = ""
    """The question as typed, without the mention of the bot."""
    command: bool = False
    """Whether a slash command asked, which also gets a glance on the spot."""
    click: Click | None = None
    scheduled: Scheduled | None = None
    """Set when nobody asked just now."""

    @property
    def moment(self) -> float:
        """From when relative times are read, Unix seconds."""
        return self.asked_at if self.scheduled is None else self.scheduled.due
