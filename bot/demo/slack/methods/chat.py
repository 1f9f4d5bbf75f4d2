"""chat.*."""

from __future__ import annotations

from bot.demo.slack.methods.call import Method, MethodCall
from bot.demo.slack.shapes import Channel, Json, SlackError, require

UPDATE_TEXT = 4000
METADATA_BYTES = 16_000


def _target(call: MethodCall) -> Channel:
    """Return where to post: a conversation, or a person (their direct message with the app)."""
    name = call.needed("channel", "channel_not_found")
    user = call.workspace.users.get(name)
    if user is not None:
        require(not user.is_bot, "cannot_dm_bot")
        return call.workspace.dm(user.id)
    return call.workspace.postable(name)


def _metadata(call: MethodCall) -> Json:
    given = call.structure("metadata", "invalid_metadata_format")
    if given is None:
        return {}
    require(isinstance(given, dict), "invalid_metadata_format")
    require(
        isinstance(given.get("event_type"), str) and isinstance(given.get("event_payload"), dict),
        "invalid_metadata_schema",
    )
    require(len(str(given["event_payload"])) <= METADATA_BYTES, "metadata_too_large")
    return {"metadata": given}


def post_message(call: MethodCall) -> Json:
    """Post where the bot may; the text is stored as it is sent."""
    channel = _target(call)
    content = {**call.workspace.bot_author(), **call.content(), **_metadata(call)}
    for name in ("username", "icon_emoji", "icon_url"):
        if call.text(name):
            require("chat:write.customize" in call.workspace.app.scopes, "missing_scope")
            content[name] = call.text(name)
    thread_ts = call.text("thread_ts") or None
    if call.flag("reply_broadcast") and thread_ts:
        content["subtype"] = "thread_broadcast"
    message = call.workspace.messages.post(channel.id, content, thread_ts=thread_ts)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def post_ephemeral(call: MethodCall) -> Json:
    workspace = call.workspace
    channel = workspace.postable(call.needed("channel", "channel_not_found"))
    user = call.needed("user", "user_not_in_channel")
    require(user in channel.members, "user_not_in_channel")
    content = {**workspace.bot_author(), **call.content()}
    shown = workspace.messages.whisper(channel.id, user, content, thread_ts=call.text("thread_ts") or None)
    return {"message_ts": shown["ts"]}


def _own(call: MethodCall, refusal: str) -> tuple[Channel, Json]:
    workspace = call.workspace
    channel = workspace.visible(call.needed("channel", "channel_not_found"))
    require(not channel.is_archived, "is_archived")
    message = workspace.messages.get(channel.id, call.needed("ts", "message_not_found"))
    if message is None or message.get("subtype") == "tombstone":
        raise SlackError("message_not_found")
    require(message.get("bot_id") == workspace.app.bot_id, refusal)
    return channel, message


def update(call: MethodCall) -> Json:
    """Replace a message of the app; blocks that are not sent stay."""
    channel, old = _own(call, "cant_update_message")
    blocks = call.structure("blocks", "invalid_blocks_format")
    content = (
        call.content(most_text=UPDATE_TEXT) if blocks != [] or not call.text("text") else {"blocks": None}
    )
    if blocks == []:
        content |= {"text": call.text("text"), "blocks": None}
    elif call.args.get("text") is None:
        content["text"] = old["text"]
    author = call.workspace.app.bot_user_id
    message = call.workspace.messages.edit(
        channel.id, old["ts"], {**content, **_metadata(call)}, edited_by=author
    )
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}


def get_permalink(call: MethodCall) -> Json:
    channel = call.workspace.visible(call.needed("channel", "channel_not_found"))
    ts = call.needed("message_ts", "message_not_found")
    require(call.workspace.messages.get(channel.id, ts), "message_not_found")
    return {"channel": channel.id, "permalink": call.workspace.permalink(channel.id, ts)}


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink),
}
