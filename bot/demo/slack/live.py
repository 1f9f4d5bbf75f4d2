"""What the chat page sees as it happens: numbered changes, of which each person gets those they may see."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator

from bot.demo.slack.messages import Change
from bot.demo.slack.shapes import Channel, Json, User
from bot.demo.slack.workspace import Workspace

KEPT = 10_000
HEARTBEAT = 15.0
_HIDDEN = {"bot_profile", "app_id", "team", "client_msg_id", "type", "upload"}


def sees(channel: Channel, user: User) -> bool:
    """Whether a person may read a channel: guests and strangers only those they were invited to."""
    outside = user.is_restricted or user.is_ultra_restricted or user.is_stranger
    return user.id in channel.members or (channel.is_open and not outside)


def page_message(workspace: Workspace, message: Json) -> Json:
    shown = {name: value for name, value in message.items() if name not in _HIDDEN}
    if "files" in message:
        files = (workspace.files.get(file["id"]) for file in message["files"])
        shown["files"] = [file.as_page() for file in files if file is not None]
    return shown


class Live:
    """The changes, for many browser tabs of many people."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._log: deque[tuple[int, Change]] = deque(maxlen=KEPT)
        self._count = 0
        self._news = asyncio.Event()
        self._closed = False
        workspace.changes.listen(self._changed)

    @property
    def latest(self) -> int:
        return self._count

    async def stream(self, user: User, after: int | None) -> AsyncIterator[str]:
        """Yield a person's server-sent events after a number (None: from now on), with heartbeats between."""
        position = self._count if after is None else after
        if position > self._count:  # numbered by an earlier run
            position = 0
        yield f": connected\nretry: 1000\nid: {position}\n\n"
        while not self._closed:
            first = self._log[0][0] if self._log else 0
            missed = tuple(itertools.islice(self._log, max(0, position + 1 - first), None))
            for number, change in missed:
                position = number
                event = self._event(change, user)
                if event is not None:
                    yield f"id: {number}\ndata: {json.dumps(event)}\n\n"
            if position >= self._count:
                news = self._news
                try:
                    await asyncio.wait_for(news.wait(), HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"

    def close(self) -> None:
        """End all streams (a server that is to stop would otherwise wait for them)."""
        self._closed = True
        self._news.set()

    def _changed(self, change: Change) -> None:
        self._count += 1
        self._log.append((self._count, change))
        self._news.set()
        self._news = asyncio.Event()

    def _event(self, change: Change, user: User) -> Json | None:
        workspace = self._workspace
        if change.user not in {None, user.id} or change.kind == "joined":
            return None
        event: Json = {"type": change.kind, **change.data}
        event.pop("thread_only", None)
        if change.channel is None:
            return event
        channel = workspace.channels.get(change.channel)
        if channel is None or not sees(channel, user):
            return None
        event["channel"] = channel.id
        if change.message is not None and change.kind != "message_deleted":
            event["message"] = page_message(workspace, change.message)
        return event
