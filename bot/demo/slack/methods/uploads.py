"""files.*: the external upload flow."""

from __future__ import annotations

import asyncio
import re

from bot.demo.slack.files import File
from bot.demo.slack.methods.call import Method, MethodCall, message_content
from bot.demo.slack.shapes import Channel, Json, SlackError, require

MOST_BYTES = 1_073_741_824
_PLACE = re.compile(r"[CGDZ][A-Z0-9]{8,}")


def get_upload_url(call: MethodCall) -> Json:
    """Make room for a file and say where its bytes go. Nothing empty is taken."""
    name = call.needed("filename")
    length = call.number("length", 0)
    require(call.args.get("length") is not None, "invalid_arguments", "missing required field: length")
    require(length > 0, "invalid_arguments", "must be greater than 0 [json-pointer:/length]")
    require(length <= MOST_BYTES, "file_upload_size_restricted")
    file = call.workspace.files.reserve(name, length, call.workspace.app.bot_user_id)
    return {"upload_url": f"{call.base_url}/slack-upload/{file.upload_token}", "file_id": file.id}


def complete(call: MethodCall) -> Json:
    """Name the uploaded files and share them in a conversation the bot is in."""
    workspace = call.workspace
    named = call.structure("files")
    require(isinstance(named, list) and named, "invalid_arguments", "missing required field: files")
    files: list[File] = []
    for one in named:
        require(isinstance(one, dict) and one.get("id"), "invalid_arguments", "missing required field: id")
        file = workspace.files.get(one["id"])
        if file is None or file.content is None or file.complete:
            raise SlackError("file_not_found")
        file.title = str(one.get("title") or file.name)
        files.append(file)
    places = [place for place in (call.text("channel_id"), *call.text("channels").split(",")) if place]
    channels = [_place(call, place) for place in dict.fromkeys(places)]
    content: Json = {"text": call.text("initial_comment")}
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is not None:
        content = message_content(workspace, call.args, blocks)
    thread_ts = call.text("thread_ts") or None
    if thread_ts:
        require(len(channels) == 1, "invalid_arguments", "thread_ts needs one channel_id")
        require(workspace.messages.get(channels[0].id, thread_ts), "thread_not_found")
    for file in files:
        file.complete = True
    for channel in channels:
        call.spawn(_share(call, channel, files, content, thread_ts))
    return {"files": [file.as_api(call.base_url, workspace.team.domain) for file in files]}


def _place(call: MethodCall, place: str) -> Channel:
    if not _PLACE.fullmatch(place):
        problem = "must match pattern: /^[CGDZ][A-Z0-9]{8,}$/ [json-pointer:/channel_id]"
        raise SlackError("invalid_arguments", [problem])
    channel = call.workspace.visible(place)
    require(not channel.is_archived, "is_archived")
    require(call.workspace.app.bot_user_id in channel.members, "not_in_channel")
    return channel


async def _share(
    call: MethodCall, channel: Channel, files: list[File], content: Json, thread_ts: str | None
) -> None:
    """Post the message that shows the files, a little later, as Slack does."""
    workspace = call.workspace
    await asyncio.sleep(workspace.share_delay)
    shown = [file.as_api(call.base_url, workspace.team.domain) for file in files]
    workspace.messages.post(
        channel.id,
        {**workspace.bot_author(), **content, "subtype": "file_share", "files": shown, "upload": False},
        thread_ts=thread_ts,
    )


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(complete, ("files:write",)),
}
