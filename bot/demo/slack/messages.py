"""Messages of all conversations (threads, edits, what only one person sees), and who listens to changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.demo.slack.shapes import Ids, Json, SlackError, copied_message


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
        for listener in tuple(self._listeners):
            listener(change)


THREAD_FIELDS = ("reply_count", "reply_users", "reply_users_count", "latest_reply", "is_locked", "subscribed")


class Messages:
    """All messages, as JSON in Slack's shape, by channel and ts."""

    def __init__(self, ids: Ids, changes: Changes) -> None:
        self._ids = ids
        self._changes = changes
        self._by_channel: dict[str, dict[str, Json]] = {}
        self._replies: dict[tuple[str, str], list[Json]] = {}
        self._ephemeral: dict[tuple[str, str], tuple[str, Json]] = {}

    def post(self, channel: str, content: Json, *, thread_ts: str | None = None) -> Json:
        """Store a message (text, blocks, author, …) and tell everyone.

        Raises SlackError(thread_not_found) when the thread's first message does not exist.
        """
        stored = self._by_channel.setdefault(channel, {})
        message: Json = {"type": "message", "ts": self._ids.ts(), **content}
        root = self._root(channel, thread_ts) if thread_ts else None
        if root is not None:
            message["thread_ts"] = root["ts"]
            message["parent_user_id"] = root.get("user", "")
            self._replies.setdefault((channel, root["ts"]), []).append(message)
        stored[message["ts"]] = message
        self._changes.emit(Change("message", channel, message=copied_message(message)))
        if root is not None:
            self._count(channel, root)
            self._changes.emit(
                Change("message_changed", channel, message=copied_message(root), data={"thread_only": True})
            )
        return message

    def whisper(self, channel: str, user: str, content: Json, *, thread_ts: str | None = None) -> Json:
        """Show something to one person only ("Only visible to you").

        Slack: "Ephemeral messages in threads are only shown if there is already an active thread". In one
        without a reply nobody ever sees it, and Slack says yes all the same.
        """
        message: Json = {"type": "message", "ts": self._ids.ts(), **content, "is_ephemeral": True}
        if thread_ts:
            message["thread_ts"] = thread_ts
            if not self._replies.get((channel, thread_ts)):
                return message
        self._ephemeral[channel, message["ts"]] = (user, message)
        self._changes.emit(Change("message", channel, user=user, message=copied_message(message)))
        return message

    def rewhisper(self, channel: str, ts: str, content: Json) -> Json:
        user, message = self._ephemeral[channel, ts]
        message.update(content)
        self._changes.emit(Change("message_changed", channel, user=user, message=copied_message(message)))
        return message

    def unwhisper(self, channel: str, ts: str) -> None:
        user, message = self._ephemeral.pop((channel, ts))
        self._changes.emit(Change("message_deleted", channel, user=user, message=message, data={"ts": ts}))

    def edit(self, channel: str, ts: str, content: Json, *, edited_by: str | None = None) -> Json:
        """Replace fields of a message; a None removes its field. Raises KeyError if there is none."""
        message = self._by_channel[channel][ts]
        previous = copied_message(message)
        for name, value in content.items():
            if value is None:
                message.pop(name, None)
            else:
                message[name] = value
        if edited_by:
            message["edited"] = {"user": edited_by, "ts": self._ids.ts()}
        self._changes.emit(
            Change("message_changed", channel, message=copied_message(message), previous=previous)
        )
        return message

    def delete(self, channel: str, ts: str) -> None:
        """Remove a message; the first of a thread leaves a tombstone. Raises KeyError if there is none."""
        message = self._by_channel[channel][ts]
        if message.get("reply_count"):
            gone = {"subtype": "tombstone", "text": "This message was deleted.", "hidden": True}
            self.edit(channel, ts, {**gone, "blocks": None, "files": None, "metadata": None})
            return
        del self._by_channel[channel][ts]
        self._changes.emit(Change("message_deleted", channel, previous=message, data={"ts": ts}))
        root_ts = message.get("thread_ts", ts)
        root = self.get(channel, root_ts) if root_ts != ts else None
        if root is not None:
            self._replies[channel, root_ts].remove(message)
            self._count(channel, root)
            self._changes.emit(
                Change("message_changed", channel, message=copied_message(root), data={"thread_only": True})
            )

    def get(self, channel: str, ts: str) -> Json | None:
        return self._by_channel.get(channel, {}).get(ts)

    def ephemeral(self, channel: str, ts: str) -> tuple[str, Json] | None:
        return self._ephemeral.get((channel, ts))

    def whispers(self, channel: str, user: str) -> list[Json]:
        return [m for (where, _), (who, m) in self._ephemeral.items() if (where, who) == (channel, user)]

    def all(self, channel: str) -> Iterator[Json]:
        yield from self._by_channel.get(channel, {}).values()

    def top_level(self, channel: str) -> list[Json]:
        """Return what the channel itself shows, oldest first: no replies but broadcast ones."""
        return [m for m in self.all(channel) if not _is_reply(m) or m.get("subtype") == "thread_broadcast"]

    def thread(self, channel: str, ts: str) -> list[Json]:
        root = self.get(channel, ts)
        return [] if root is None else [root, *self._replies.get((channel, ts), ())]

    def _root(self, channel: str, thread_ts: str) -> Json:
        root = self.get(channel, thread_ts)
        if root is None:
            raise SlackError("thread_not_found")
        if _is_reply(root):
            return self.get(channel, root["thread_ts"]) or root
        return root

    def _count(self, channel: str, root: Json) -> None:
        replies = self._replies.get((channel, root["ts"]), [])
        for name in THREAD_FIELDS:
            root.pop(name, None)
        root.pop("thread_ts", None)
        if not replies:
            return
        users = list(dict.fromkeys(reply.get("user") or reply.get("bot_id", "") for reply in replies))
        root.update(
            thread_ts=root["ts"],
            reply_count=len(replies),
            reply_users=users,
            reply_users_count=len(users),
            latest_reply=replies[-1]["ts"],
            is_locked=False,
            subscribed=True,
        )


def _is_reply(message: Json) -> bool:
    return bool(message.get("thread_ts", message["ts"]) != message["ts"])
