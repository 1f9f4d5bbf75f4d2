"""auth.test, apps.connections.open, users.info, usergroups.users.list, assistant.threads.*."""

from __future__ import annotations

from bot.demo.slack.messages import Change
from bot.demo.slack.methods.call import Method, MethodCall
from bot.demo.slack.shapes import Channel, Json, SlackError, require

MOST_PROMPTS = 4


def auth_test(call: MethodCall) -> Json:
    workspace = call.workspace
    if call.app_level:
        return {"app_name": workspace.app.name, "app_id": workspace.app.app_id}
    return {
        "url": f"https://{workspace.team.domain}.slack.com/",
        "team": workspace.team.name,
        "user": workspace.bot.name,
        "team_id": workspace.team.id,
        "user_id": workspace.app.bot_user_id,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: MethodCall) -> Json:
    workspace = call.workspace
    ticket = workspace.ids.uuid()
    workspace.tickets.add(ticket)
    base = call.base_url.replace("http://", "ws://", 1).replace("https://", "wss://", 1)
    return {"url": f"{base}/slack-socket/?ticket={ticket}&app_id={workspace.app.app_id}"}


def users_info(call: MethodCall) -> Json:
    user = call.workspace.users.get(call.needed("user", "user_not_found"))
    if user is None:
        raise SlackError("user_not_found")
    shown = user.as_api(call.workspace.clock())
    if call.flag("include_locale"):
        shown["locale"] = "en-US"
    return {"user": shown}


def usergroup_users(call: MethodCall) -> Json:
    members = call.workspace.usergroups.get(call.needed("usergroup", "no_such_subteam"))
    if members is None:
        raise SlackError("no_such_subteam")
    return {"users": list(members)}


def usergroups(call: MethodCall) -> Json:
    """List the groups; each is called by its id."""
    return {"usergroups": [{"id": each, "handle": each.lower()} for each in call.workspace.usergroups]}


def _thread(call: MethodCall) -> tuple[Channel, str]:
    channel = call.workspace.visible(call.needed("channel_id", "channel_not_found"))
    require(call.workspace.app.bot_user_id in channel.members, "not_in_channel")
    return channel, call.text("thread_ts")


def set_status(call: MethodCall) -> Json:
    """Show "… is looking" under the composer; empty text clears it."""
    channel, thread_ts = _thread(call)
    require(thread_ts, "invalid_thread_ts")
    call.workspace.set_status(channel.id, thread_ts, call.text("status"))
    return {}


def set_prompts(call: MethodCall) -> Json:
    channel, thread_ts = _thread(call)
    prompts = call.structure("prompts")
    require(isinstance(prompts, list) and prompts, "invalid_arguments", "missing required field: prompts")
    require(len(prompts) <= MOST_PROMPTS, "too_many_prompts")
    for prompt in prompts:
        complete = isinstance(prompt, dict) and prompt.get("title") and prompt.get("message")
        require(complete, "invalid_arguments", "missing required field: title, message")
    data: Json = {"prompts": [{"title": p["title"], "message": p["message"]} for p in prompts]}
    if thread_ts:
        data["thread_ts"] = thread_ts
    if call.text("title"):
        data["title"] = call.text("title")
    call.workspace.changes.emit(Change("prompts", channel.id, data=data))
    return {}


METHODS = {
    "auth.test": Method(auth_test, app_level=None),
    "apps.connections.open": Method(connections_open, ("connections:write",), app_level=True),
    "users.info": Method(users_info, ("users:read",)),
    "usergroups.list": Method(usergroups, ("usergroups:read",)),
    "usergroups.users.list": Method(usergroup_users, ("usergroups:read",)),
    "assistant.threads.setStatus": Method(set_status, ("assistant:write", "chat:write")),
    "assistant.threads.setSuggestedPrompts": Method(set_prompts, ("assistant:write",)),
}
