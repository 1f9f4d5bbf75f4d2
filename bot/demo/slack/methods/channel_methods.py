"""conversations.*: opening and reading."""

from __future__ import annotations

import math
from typing import TypeVar

from bot.demo.slack.methods.call import Method, MethodCall
from bot.demo.slack.shapes import Channel, Json, SlackError, require
from bot.demo.slack.workspace import Workspace

_KIND_SCOPE = {"channel": "channels", "shared": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
_KINDS_OF_TYPE = {
    "public_channel": ("channel", "shared"),
    "private_channel": ("private",),
    "mpim": ("mpim",),
    "im": ("im",),
}
_MOST = 999

Row = TypeVar("Row")


def shown(workspace: Workspace, channel: Channel, *, locale: bool = False) -> Json:
    bot = workspace.app.bot_user_id
    body: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.is_im,
        "is_mpim": channel.kind == "mpim",
        "context_team_id": workspace.team.id,
    }
    if channel.is_im:
        body |= {"user": channel.other(bot), "is_user_deleted": False, "priority": 0, "is_open": True}
        return body
    shared = channel.kind == "shared" or bool(channel.other_teams)
    body |= {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.is_open,
        "is_group": channel.kind == "private",
        "is_private": not channel.is_open,
        "is_general": channel.name == "general",
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_member": bot in channel.members,
        "creator": channel.creator,
        "shared_team_ids": [workspace.team.id, *channel.other_teams],
        "internal_team_ids": [workspace.team.id],
        "connected_team_ids": list(channel.other_teams),
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": channel.created},
        "num_members": len(channel.members),
    }
    if locale:
        body["locale"] = "en-US"
    return body


def _scoped(call: MethodCall, kind: str, what: str) -> None:
    """Raise SlackError(missing_scope) unless this kind of channel may be read."""
    needed = f"{_KIND_SCOPE[kind]}:{what}"
    if needed not in call.workspace.app.scopes:
        raise SlackError("missing_scope", needed=needed, provided=",".join(call.workspace.app.scopes))


def open_(call: MethodCall) -> Json:
    workspace = call.workspace
    if call.text("channel"):
        channel = workspace.visible(call.text("channel"))
        require(channel.is_im, "method_not_supported_for_channel_type")
        already = True
    else:
        users = [user for user in call.text("users").split(",") if user]
        require(users, "users_list_not_supplied")
        require(
            len(users) == 1, "missing_scope" if "mpim:write" not in workspace.app.scopes else "too_many_users"
        )
        person = workspace.users.get(users[0])
        if person is None:
            raise SlackError("user_not_found")
        require(not person.deleted, "user_disabled")
        require(not person.is_bot, "cannot_dm_bot")
        before = len(workspace.channels)
        channel = workspace.dm(person.id)
        already = len(workspace.channels) == before
    body = shown(workspace, channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": body, "already_open": already, "no_op": already}


def info(call: MethodCall) -> Json:
    channel = call.workspace.visible(call.needed("channel", "channel_not_found"))
    _scoped(call, channel.kind, "read")
    return {"channel": shown(call.workspace, channel, locale=call.flag("include_locale"))}


def _readable(call: MethodCall) -> Channel:
    channel = call.workspace.visible(call.needed("channel", "channel_not_found"))
    _scoped(call, channel.kind, "history")
    require(call.workspace.app.bot_user_id in channel.members, "not_in_channel")
    return channel


def _moment(call: MethodCall, name: str, otherwise: float) -> float:
    try:
        return float(call.text(name) or otherwise)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _between(call: MethodCall, messages: list[Json]) -> list[Json]:
    """Return the messages in the span asked for. Raises SlackError: invalid_ts_oldest, invalid_ts_latest."""
    oldest, latest = _moment(call, "oldest", 0), _moment(call, "latest", math.inf)
    if call.flag("inclusive"):
        return [m for m in messages if oldest <= float(m["ts"]) <= latest]
    return [m for m in messages if oldest < float(m["ts"]) < latest]


def _part(call: MethodCall, rows: list[Row]) -> tuple[list[Row], str]:
    """Return a page and the cursor of the next. Raises SlackError: invalid_limit, invalid_cursor."""
    limit = call.number("limit", 100)
    require(1 <= limit <= _MOST, "invalid_limit")
    cursor = call.text("cursor")
    require(not cursor or cursor.removeprefix("next:").isdigit(), "invalid_cursor")
    start = int(cursor.removeprefix("next:")) if cursor else 0
    return rows[start : start + limit], f"next:{start + limit}" if start + limit < len(rows) else ""


def _page(call: MethodCall, messages: list[Json]) -> Json:
    rows, cursor = _part(call, messages)
    body: Json = {"messages": [_public(call, message) for message in rows], "has_more": bool(cursor)}
    if cursor:
        body["response_metadata"] = {"next_cursor": cursor}
    return body


def _public(call: MethodCall, message: Json) -> Json:
    if call.flag("include_all_metadata"):
        return message
    return {name: value for name, value in message.items() if name != "metadata"}


def history(call: MethodCall) -> Json:
    channel = _readable(call)
    found = _between(call, call.workspace.messages.top_level(channel.id)[::-1])
    return {**_page(call, found), "pin_count": 0}


def replies(call: MethodCall) -> Json:
    channel = _readable(call)
    ts = call.needed("ts", "thread_not_found")
    message = call.workspace.messages.get(channel.id, ts)
    if message is None:
        raise SlackError("thread_not_found")
    root, *rest = call.workspace.messages.thread(channel.id, message.get("thread_ts", ts))
    return _page(call, [root, *_between(call, rest)])


def members(call: MethodCall) -> Json:
    channel = call.workspace.visible(call.needed("channel", "channel_not_found"))
    _scoped(call, channel.kind, "read")
    rows, cursor = _part(call, sorted(channel.members))
    return {"members": rows, "response_metadata": {"next_cursor": cursor}}


def conversations_of(call: MethodCall) -> Json:
    """List where somebody is a member, else the bot; of what is private only where the bot is, too."""
    workspace = call.workspace
    bot = workspace.app.bot_user_id
    user, types = call.text("user", bot), call.text("types", "public_channel").split(",")
    require(user in workspace.users, "user_not_found")
    require(_KINDS_OF_TYPE.keys() >= {*types}, "invalid_types")
    kinds = {kind for each in types for kind in _KINDS_OF_TYPE[each]}
    found = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and user in channel.members
        and (channel.is_open or bot in channel.members)
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    for kind in kinds:
        _scoped(call, kind, "read")
    rows, cursor = _part(call, found)
    shown_rows = [shown(workspace, channel) for channel in rows]
    return {"channels": shown_rows, "response_metadata": {"next_cursor": cursor}}


METHODS = {
    "users.conversations": Method(conversations_of),
    "conversations.open": Method(open_, ("im:write", "mpim:write")),
    "conversations.info": Method(info),
    "conversations.history": Method(history),
    "conversations.replies": Method(replies),
    "conversations.members": Method(members),
}
