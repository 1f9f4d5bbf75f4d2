"""The JSON that Slack delivers: commands, events, clicks, views, shortcuts."""

from __future__ import annotations

from bot.demo.slack.shapes import Channel, Json, User, copied_message
from bot.demo.slack.workspace import Workspace

CHANNEL_TYPES = {"channel": "channel", "shared": "channel", "private": "group", "im": "im", "mpim": "mpim"}
_PRIVATE_NAMES = {"im": "directmessage", "private": "privategroup", "mpim": "mpdm"}


def channel_name(channel: Channel) -> str:
    return channel.name if channel.is_open else _PRIVATE_NAMES[channel.kind]


def command(
    workspace: Workspace, user: User, channel: Channel, *, name: str, text: str, response_url: str
) -> Json:
    team = workspace.team_of(user.id)
    return {
        "token": workspace.app.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": workspace.app.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": workspace.hooks.trigger(user.id),
    }


def event(workspace: Workspace, inner: Json, channel: Channel | None) -> Json:
    ids = workspace.ids
    return {
        "token": workspace.app.verification_token,
        "team_id": workspace.team.id,
        "context_team_id": workspace.team.id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": ids.new("Ev"),
        "event_time": int(ids.clock()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team.id,
                "user_id": workspace.app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": channel is not None and bool(channel.other_teams),
        "event_context": f"4-{ids.secret(60)}",
    }


def message_event(workspace: Workspace, channel: Channel, message: Json) -> Json:
    inner = copied_message(message)
    inner |= {
        "channel": channel.id,
        "event_ts": message["ts"],
        "channel_type": CHANNEL_TYPES[channel.kind],
    }
    return inner | _foreign(workspace, message)


def mention_event(workspace: Workspace, channel: Channel, message: Json) -> Json:
    names = ("user", "ts", "client_msg_id", "text", "team", "blocks", "thread_ts", "parent_user_id", "files")
    inner = copied_message({name: message[name] for name in names if name in message})
    inner |= {"type": "app_mention", "channel": channel.id, "event_ts": message["ts"]}
    return inner | _foreign(workspace, message)


def _foreign(workspace: Workspace, message: Json) -> Json:
    """Return what Slack adds when the author belongs to another team."""
    author = workspace.users.get(message.get("user", ""))
    if author is None or author.team_id == workspace.team.id:
        return {}
    return {"user_team": author.team_id, "source_team": author.team_id}


def interaction(workspace: Workspace, kind: str, user: User, *, view_id: str | None = None) -> Json:
    """Build what all interactive payloads share. `view_id`: the modal it happened in."""
    team = workspace.team_of(user.id)
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": workspace.app.app_id,
        "token": workspace.app.verification_token,
        "trigger_id": workspace.hooks.trigger(user.id, view_id),
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }
