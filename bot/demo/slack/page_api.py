"""The page's own API: what it asks and posts, and its stream of what changes."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import asdict
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.demo.slack import slackbot
from bot.demo.slack.deliveries import Deliveries
from bot.demo.slack.messages import Change
from bot.demo.slack.shapes import Channel, Json, SlackError, User, require
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


Handler = Callable[[Json, str], Awaitable[Json]]
"""Gets what was asked, and the id of who asked."""
Endpoint = Callable[[Request], Awaitable[Response]]


class PageApi:
    """What a browser tab may ask, as the person it plays: `as` in its query, else the workspace's `me`."""

    def __init__(
        self,
        deliveries: Deliveries,
        live: Live,
        hosts: frozenset[str] | None = None,
        posts: Mapping[str, Handler] | None = None,
    ) -> None:
        self._posts = posts or {}
        self._hosts = hosts
        self._deliveries = deliveries
        self._workspace = deliveries.workspace
        self._live = live

    def routes(self) -> list[BaseRoute]:
        posts: dict[str, Handler] = {
            "send": self._send,
            "act": self._act,
            "options": self._options,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "opened": self._opened,
            **self._posts,
        }
        gets: dict[str, Endpoint] = {
            "state": self._state,
            "messages": self._messages,
            "replies": self._replies,
            "home": self._home,
            "files/{file_id}": self._file,
            "live": self._events,
        }
        return [
            *(Route(f"/demo/{path}", self._guarded(run)) for path, run in gets.items()),
            *(
                Route(f"/demo/{name}", self._guarded(self._post(run)), methods=["POST"])
                for name, run in posts.items()
            ),
        ]

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        async def guarded(request: Request) -> Response:
            """Refuse what another site's page asks: the demo may show real conversations."""
            origin = request.headers.get("origin")
            foreign = origin is not None and urlsplit(origin).netloc != request.url.netloc
            unknown = self._hosts is not None and request.url.hostname not in self._hosts
            if foreign or unknown:
                return PlainTextResponse("forbidden", status_code=403)
            return await endpoint(request)

        return guarded

    def _person(self, request: Request) -> User:
        user = self._workspace.users.get(request.query_params.get("as", ""))
        return self._workspace.users[self._workspace.me] if user is None or user.is_bot else user

    def _post(self, run: Handler) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            """Run one action of the page; a refusal is {ok: false, error}."""
            if not self._workspace.base_url:
                self._workspace.base_url = f"{request.url.scheme}://{request.url.netloc}"
            try:
                body = json.loads(await request.body())
                require(isinstance(body, dict), "json_not_object")
                return JSONResponse(await run(body, self._person(request).id))
            except SlackError as refused:
                return JSONResponse(refused.as_body())
            except ValueError:
                return JSONResponse({"ok": False, "error": "invalid_json"}, status_code=400)

        return endpoint

    async def _state(self, request: Request) -> Response:
        workspace, app = self._workspace, self._workspace.app
        me = self._person(request)
        workspace.dm(me.id)
        body = {
            "team": asdict(workspace.team),
            "me": {**_user(me), "tz": me.tz, "time24": me.time24},
            "bot": {
                "user_id": app.bot_user_id,
                "bot_id": app.bot_id,
                "name": app.name,
                "app_id": app.app_id,
            },
            "users": [_user(user) for user in workspace.users.values()],
            "channels": [self._channel(c, me.id) for c in workspace.channels.values() if sees(c, me)],
            "commands": [asdict(command) for command in app.commands],
            "shortcuts": [asdict(shortcut) for shortcut in app.shortcuts],
            "suggestions": list(workspace.suggestions),
            "live_id": self._live.latest,
        }
        return JSONResponse(body)

    def _channel(self, channel: Channel, me: str) -> Json:
        workspace = self._workspace
        body: Json = {
            "id": channel.id,
            "name": channel.name,
            "kind": channel.kind,
            "topic": channel.topic,
            "bot_is_member": workspace.app.bot_user_id in channel.members,
            "user_is_member": me in channel.members,
            "is_archived": channel.is_archived,
        }
        if channel.is_im:
            other = workspace.users[channel.other(me)]
            kind = "app_dm" if other.id == workspace.app.bot_user_id else "im"
            name = workspace.app.name if kind == "app_dm" else other.real_name
            body |= {"kind": kind, "name": name, "with": other.id}
        return body

    async def _messages(self, request: Request) -> Response:
        return self._list(request, self._workspace.messages.top_level, None)

    async def _replies(self, request: Request) -> Response:
        ts = request.query_params.get("ts", "")
        return self._list(request, lambda channel: self._workspace.messages.thread(channel, ts), ts)

    def _list(self, request: Request, read: Callable[[str], list[Json]], thread: str | None) -> Response:
        """Answer with messages and what only this person sees among them, in order."""
        channel, me = (
            self._workspace.channels.get(request.query_params.get("channel", "")),
            self._person(request),
        )
        if channel is None or not sees(channel, me):
            return JSONResponse({"ok": False, "error": "channel_not_found"}, status_code=404)
        whispers = self._workspace.messages.whispers(channel.id, me.id)
        rows = [*read(channel.id), *(row for row in whispers if (row.get("thread_ts") or None) == thread)]
        shown = [page_message(self._workspace, row) for row in sorted(rows, key=lambda row: float(row["ts"]))]
        return JSONResponse({"messages": shown})

    async def _home(self, request: Request) -> Response:
        return JSONResponse({"view": self._workspace.views.home(self._person(request).id)})

    async def _file(self, request: Request) -> Response:
        file = self._workspace.files.get(request.path_params["file_id"])
        if file is None or file.content is None or not file.complete:
            return PlainTextResponse("not found", status_code=404)
        how = "inline" if request.query_params.get("inline") else "attachment"
        headers = {
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        }
        return Response(file.content, media_type=file.mimetype, headers=headers)

    async def _events(self, request: Request) -> Response:
        last = request.headers.get("last-event-id") or request.query_params.get("after") or ""
        stream = self._live.stream(self._person(request), int(last) if last.isdigit() else None)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def _send(self, body: Json, me: str) -> Json:
        workspace = self._workspace
        channel, text = str(body.get("channel", "")), str(body.get("text", ""))
        thread_ts = body.get("thread_ts") or None
        require(channel in workspace.channels, "channel_not_found")
        if not text.startswith("/"):
            message = self._deliveries.say(me, channel, text, thread_ts=thread_ts)
            slackbot.offer(workspace, workspace.channels[channel], message)
            return {"ok": True, "ts": message["ts"]}
        name, _, rest = text.partition(" ")
        if thread_ts:
            shown = f"{name} is not supported in threads. Sorry!"
            return {"ok": False, "error": "not_in_threads", "shown": shown}
        if name == "/invite":
            return slackbot.invite(workspace, workspace.channels[channel], rest.strip(), me)
        if name not in {command.command for command in workspace.app.commands}:
            shown = f"{name} is not a valid command. Type / to see those you can use."
            return {"ok": False, "error": "unknown_command", "shown": shown}
        done = await self._deliveries.command(me, channel, name, rest.strip())
        if done.error:
            return {"ok": False, "error": done.error, "shown": done.shown}
        return {"ok": True}

    async def _act(self, body: Json, me: str) -> Json:
        action = body.get("action")
        require(isinstance(action, dict), "invalid_arguments")
        channel, ts = str(body.get("channel", "")), str(body.get("message_ts", ""))
        if slackbot.pressed(self._workspace, channel, ts, str((action or {}).get("action_id", ""))):
            return {"ok": True}
        done = await self._deliveries.act(
            me,
            action or {},
            channel=body.get("channel"),
            message_ts=body.get("message_ts"),
            view_id=body.get("view_id"),
            state=body.get("state"),
        )
        return {"ok": done.ok, **({"error": done.error} if done.error else {})}

    async def _options(self, body: Json, me: str) -> Json:
        return await self._deliveries.options(
            me,
            str(body.get("action_id", "")),
            str(body.get("block_id", "")),
            str(body.get("value", "")),
            channel=body.get("channel"),
            message_ts=body.get("message_ts"),
            view_id=body.get("view_id"),
        )

    async def _submit(self, body: Json, me: str) -> Json:
        values = body.get("values") or {}
        require(isinstance(values, dict), "invalid_arguments")
        done = await self._deliveries.submit(me, str(body.get("view_id", "")), values)
        return {"ok": True} if done.ok else {"ok": False, "errors": done.errors}

    async def _close(self, body: Json, me: str) -> Json:
        clear = body.get("clear") is True
        await self._deliveries.close(me, str(body.get("view_id", "")), clear=clear)
        return {"ok": True}

    async def _shortcut(self, body: Json, me: str) -> Json:
        done = await self._deliveries.shortcut(
            me,
            str(body.get("callback_id", "")),
            channel=body.get("channel"),
            message_ts=body.get("message_ts"),
        )
        return {"ok": done.ok, **({"error": done.error} if done.error else {})}

    async def _opened(self, body: Json, me: str) -> Json:
        workspace = self._workspace
        if body.get("channel") == workspace.dm(me).id and "app_home_opened" in workspace.app.events:
            tab = "home" if body.get("tab") == "home" else "messages"
            self._deliveries.tasks.spawn(self._deliveries.opened(me, tab))
        return {"ok": True}


def _user(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "is_bot": user.is_bot,
        "color": user.color,
        "team_id": user.team_id,
        "is_restricted": user.is_restricted,
    }
