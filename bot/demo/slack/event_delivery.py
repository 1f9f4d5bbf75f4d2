"""The core of all deliveries: sending, the record, events with their repeats, waiting for quiet."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Self

from bot.demo.slack import payloads
from bot.demo.slack.app_connection import Delivery, Sockets, Transport
from bot.demo.slack.messages import Change
from bot.demo.slack.shapes import Channel, Json
from bot.demo.slack.workspace import Workspace


class Tasks:
    """Background tasks of the stand-in."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def idle(self) -> None:
        while self._running:
            await asyncio.wait(tuple(self._running))

    async def aclose(self) -> None:
        tasks = tuple(self._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


REASONS = {
    "operation_timeout": "http_timeout",
    "http_error": "http_error",
    "connection_failed": "connection_failed",
}
EVENT_KINDS = {
    "channel": "message.channels",
    "shared": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


class Courier:
    """Delivers to one app. `log` holds the latest 10,000 deliveries, repeats included.

    `events_url`: where the app listens over HTTP. `ack_timeout`: Slack's patience. `retry_delays`: waits
    before an event is delivered again. `sleep` is passed in.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        events_url: str | None = None,
        ack_timeout: float = 3.0,
        retry_delays: Sequence[float] = (1.0, 60.0, 300.0),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.workspace = workspace
        self.tasks = Tasks()
        self.sockets = Sockets(workspace)
        self.transport = Transport(
            workspace,
            self.sockets,
            events_url=events_url,
            timeout=ack_timeout,
        )
        self.log: deque[Delivery] = deque(maxlen=10_000)
        self._retry_delays = tuple(retry_delays)
        self._sleep = sleep
        self._stop = workspace.changes.listen(self._changed)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        self._stop()
        await self.tasks.aclose()
        await self.transport.aclose()

    async def idle(self) -> None:
        await self.tasks.idle()

    async def send(self, kind: str, envelope: str, payload: Json) -> Delivery:
        done = await self.transport.send(kind, envelope, payload)
        self.log.append(done)
        return done

    async def event(self, inner: Json, channel: Channel | None = None) -> Delivery:
        """Deliver any event (its inner JSON), again when it is not acknowledged; returns the last try."""
        return await self.redeliver(payloads.event(self.workspace, inner, channel))

    async def redeliver(self, payload: Json) -> Delivery:
        """Deliver a whole event_callback, the same one again if asked twice."""
        kind = str(payload["event"].get("type"))
        done = await self.transport.send(kind, "events_api", payload)
        self.log.append(done)
        for attempt, delay in enumerate(self._retry_delays, start=1):
            if done.ok or done.no_retry or done.transport == "none":
                break
            await self._sleep(delay)
            reason = REASONS[done.error or "http_error"]
            done = await self.transport.send(kind, "events_api", payload, attempt=attempt, reason=reason)
            self.log.append(done)
        return done

    async def url_verification(self) -> Delivery:
        """Ask the app to prove its address, as when it is entered; the ack's body holds the challenge."""
        challenge = self.workspace.ids.secret(48)
        payload = {
            "token": self.workspace.app.verification_token,
            "challenge": challenge,
            "type": "url_verification",
        }
        done = await self.transport.send("url_verification", "events_api", payload)
        self.log.append(done)
        return done

    def response_url(
        self, kind: str, channel: str, user: str, *, message_ts: str | None = None, ephemeral: bool = False
    ) -> str:
        if not self.workspace.base_url:
            raise RuntimeError("set workspace.base_url to where the stand-in is served")
        hooks = self.workspace.hooks
        url = hooks.respond_to(kind, channel, user, message_ts=message_ts, ephemeral=ephemeral)
        return f"{self.workspace.base_url}/slack-hooks/{url.token}"

    def toast(self, text: str, user: str) -> None:
        change = Change("toast", user=user, data={"text": text, "kind": "error"})
        self.workspace.changes.emit(change)

    def _changed(self, change: Change) -> None:
        if change.channel is None or change.user is not None:
            return
        channel = self.workspace.channels.get(change.channel)
        if channel is None:
            return
        for inner in self._events_of(change, channel):
            self.tasks.spawn(self.event(inner, channel))

    def _events_of(self, change: Change, channel: Channel) -> list[Json]:
        workspace, app = self.workspace, self.workspace.app
        inside = app.bot_user_id in channel.members
        hears = inside and EVENT_KINDS[channel.kind] in app.events
        found: list[Json] = []
        match change.kind:
            case "message" if change.message:
                message = change.message
                mentioned = f"<@{app.bot_user_id}>" in message["text"] and message.get("bot_id") != app.bot_id
                plain = message.get("subtype") in {None, "file_share", "thread_broadcast"}
                if (
                    mentioned
                    and plain
                    and not channel.is_im
                    and (inside or channel.is_open)
                    and "app_mention" in app.events
                ):
                    found.append(payloads.mention_event(workspace, channel, message))
                if hears:
                    found.append(payloads.message_event(workspace, channel, message))
            case "message_changed" if hears and not change.data.get("thread_only"):
                found.append(self._hidden(channel, "message_changed", change, message=change.message))
            case "message_deleted" if hears:
                deleted = change.data["ts"]
                found.append(self._hidden(channel, "message_deleted", change, deleted_ts=deleted))
            case "joined" if "member_joined_channel" in app.events and inside:
                found.append(
                    {
                        "type": "member_joined_channel",
                        "user": change.data["user"],
                        "channel": channel.id,
                        "channel_type": "G" if channel.kind == "private" else "C",
                        "team": workspace.team.id,
                        "inviter": change.data.get("inviter"),
                        "event_ts": workspace.ids.ts(),
                    }
                )
        return found

    def _hidden(self, channel: Channel, subtype: str, change: Change, **more: object) -> Json:
        ts = self.workspace.ids.ts()
        return {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "previous_message": change.previous,
            "channel": channel.id,
            "ts": ts,
            "event_ts": ts,
            "channel_type": payloads.CHANNEL_TYPES[channel.kind],
            **more,
        }
