"""What happens in the workspace, told to whoever listens: the page, and the deliveries to the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.demo.slack.shapes import Json


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened.

    kind: message, message_changed, message_deleted, view_opened, view_pushed, view_updated, view_closed,
    home, status, prompts, toast. `user`: the only person who sees it, or None for everyone in the channel.
    """

    kind: str
    channel: str | None = None
    user: str | None = None
    message: Json | None = None
    previous: Json | None = None
    data: Json = field(default_factory=dict)


Listener = Callable[[Change], None]


class Changes:
    """The bell: every change reaches every listener, in order, at once."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` for each change from now on; returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def emit(self, change: Change) -> None:
        """Tell everyone."""
        for listener in tuple(self._listeners):
            listener(change)
