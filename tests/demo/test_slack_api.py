"""The Web API, called by Slack's own SDK: tokens, scopes, every refusal, and what is stored."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.slack import sample, sample_workspace
from tests.demo.slacking import Slack, served

Json = dict[str, Any]
DIVIDER = {"type": "divider"}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Hi"}, "blocks": [DIVIDER]}
TEXT = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2999}}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with served(sample_workspace()) as running:
        yield running


REFUSED: list[tuple[str, Json, str]] = [
    ("chat.notAMethod", {}, "unknown_method"),
    ("chat.postMessage", {"text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0NOWHERE01", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": sample.LEADS, "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": sample.GENERAL, "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": sample.ARCHIVED, "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": sample.QUALITY}, "no_text"),
    ("chat.postMessage", {"channel": sample.QUALITY, "text": "x" * 40_001}, "msg_too_long"),
    (
        "chat.postMessage",
        {"channel": sample.QUALITY, "text": "x", "blocks": "{oops"},
        "invalid_blocks_format",
    ),
    (
        "chat.postMessage",
        {"channel": sample.QUALITY, "text": "x", "blocks": {"a": 1}},
        "invalid_blocks_format",
    ),
    (
        "chat.postMessage",
        {"channel": sample.QUALITY, "text": "x", "blocks": [{"type": "no"}]},
        "invalid_blocks",
    ),
    (
        "chat.postMessage",
        {"channel": sample.QUALITY, "text": "x", "blocks": [DIVIDER] * 51},
        "invalid_blocks",
    ),
    (
        "chat.postMessage",
        {"channel": sample.QUALITY, "text": "x", "blocks": [TEXT] * 4},
        "msg_blocks_too_long",
    ),
    (
        "chat.postMessage",
        {"channel": sample.QUALITY, "text": "x", "thread_ts": "1.000001"},
        "thread_not_found",
    ),
    (
        "chat.postMessage",
        {"channel": sample.QUALITY, "text": "x", "metadata": {"a": 1}},
        "invalid_metadata_schema",
    ),
    ("chat.postEphemeral", {"channel": sample.GENERAL, "user": sample.ME, "text": "x"}, "not_in_channel"),
    (
        "chat.postEphemeral",
        {"channel": sample.SUPPORT, "user": sample.GUEST, "text": "x"},
        "user_not_in_channel",
    ),
    ("chat.postEphemeral", {"channel": sample.SUPPORT, "user": sample.ME}, "no_text"),
    ("chat.update", {"channel": sample.QUALITY, "ts": "1.000001", "text": "x"}, "message_not_found"),
    ("chat.getPermalink", {"channel": sample.QUALITY, "message_ts": "1.000001"}, "message_not_found"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U0NOBODY001"}, "user_not_found"),
    ("conversations.open", {"users": "U0DEMOBOT01"}, "cannot_dm_bot"),
    ("conversations.info", {"channel": sample.LEADS}, "channel_not_found"),
    ("conversations.history", {"channel": sample.GENERAL}, "not_in_channel"),
    ("conversations.history", {"channel": sample.QUALITY, "limit": 0}, "invalid_limit"),
    ("conversations.history", {"channel": sample.QUALITY, "limit": "many"}, "invalid_arguments"),
    ("conversations.history", {"channel": sample.QUALITY, "cursor": "?"}, "invalid_cursor"),
    ("conversations.history", {"channel": sample.QUALITY, "oldest": "noon"}, "invalid_ts_oldest"),
    ("conversations.replies", {"channel": sample.QUALITY, "ts": "1.000001"}, "thread_not_found"),
    ("users.info", {"user": "U0NOBODY001"}, "user_not_found"),
    ("usergroups.users.list", {"usergroup": "S0"}, "no_such_subteam"),
    ("files.getUploadURLExternal", {"length": 3}, "invalid_arguments"),
    ("files.getUploadURLExternal", {"filename": "a.csv"}, "invalid_arguments"),
    ("files.getUploadURLExternal", {"filename": "a.csv", "length": 0}, "invalid_arguments"),
    ("files.completeUploadExternal", {"files": [{"id": "F0NOTHERE01"}]}, "file_not_found"),
    ("files.completeUploadExternal", {}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1.2.3", "view": MODAL}, "invalid_trigger_id"),
    ("views.open", {"trigger_id": "1.2.3", "view": {"type": "modal"}}, "invalid_arguments"),
    ("views.open", {"view": MODAL}, "invalid_arguments"),
    ("views.update", {"view_id": "V0NOTHERE01", "view": MODAL}, "not_found"),
    ("views.update", {"view": MODAL}, "invalid_arguments"),
    ("views.publish", {"user_id": sample.ME, "view": MODAL}, "invalid_arguments"),
    ("views.publish", {"user_id": "U0NOBODY001", "view": {"type": "home", "blocks": []}}, "user_not_found"),
    ("assistant.threads.setStatus", {"channel_id": sample.QUALITY, "status": "x"}, "invalid_thread_ts"),
    ("assistant.threads.setSuggestedPrompts", {"channel_id": sample.QUALITY}, "invalid_arguments"),
    ("apps.connections.open", {}, "not_allowed_token_type"),
]


async def test_refusals(slack: Slack) -> None:
    """Each wrong call gets Slack's own error code, whether it comes as JSON or as a form."""
    for method, args, error in REFUSED:
        form = {
            key: value if isinstance(value, str | int) else json.dumps(value) for key, value in args.items()
        }
        for body in ({"json": args}, {"data": form}):
            with pytest.raises(SlackApiError) as refused:
                await slack.client.api_call(method, **body)
            assert (method, args, refused.value.response["error"]) == (method, args, error)


@pytest.mark.parametrize(
    ("token", "error"), [("xoxb-other", "invalid_auth"), ("", "not_authed"), ("xapp-1-demo-app-token", None)]
)
async def test_tokens(slack: Slack, token: str, error: str | None) -> None:
    """A wrong token, none at all, and the app's other token are told apart."""
    client = AsyncWebClient(token, base_url=f"{slack.base}/slack-api/")
    if error is None:
        assert (await client.auth_test())["app_id"] == slack.workspace.app.app_id
        with pytest.raises(SlackApiError, match="not_allowed_token_type"):
            await client.chat_postMessage(channel=sample.QUALITY, text="x")
        return
    with pytest.raises(SlackApiError, match=error):
        await client.auth_test()


async def test_scopes(slack: Slack) -> None:
    """A missing scope is named, with those there are, in the answer and in the headers."""
    app = slack.workspace.app
    app.scopes = tuple(scope for scope in app.scopes if scope not in {"im:write", "channels:read"})
    with pytest.raises(SlackApiError) as refused:
        await slack.client.conversations_open(users=sample.ME)
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "im:write"
    assert "chat:write" in refused.value.response["provided"].split(",")
    with pytest.raises(SlackApiError, match="missing_scope"):
        await slack.client.conversations_info(channel=sample.QUALITY)
    headers = (await slack.client.auth_test()).headers
    assert "im:write" not in headers["x-oauth-scopes"].split(",")


async def test_post_and_update(slack: Slack) -> None:
    """A message is stored as sent, can be changed by the app alone, and keeps blocks that are not sent."""
    client, messages = slack.client, slack.workspace.messages
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "<!channel> & <b>"}}]
    posted = await client.chat_postMessage(channel="#quality-review", text="<!channel> & <b>", blocks=blocks)
    channel, ts = posted["channel"], posted["ts"]
    stored = messages.get(channel, ts)
    assert stored is not None
    assert stored["text"] == "<!channel> & <b>"
    assert stored["blocks"][0]["block_id"]
    assert stored["bot_id"] == slack.workspace.app.bot_id
    await client.chat_update(channel=channel, ts=ts, text="new")
    assert (stored["text"], len(stored["blocks"])) == ("new", 1)
    await client.chat_update(channel=channel, ts=ts, text="newer", blocks=[])
    assert "blocks" not in stored
    assert stored["edited"]["ts"]
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel=channel, ts=ts, text="x" * 4001)
    theirs = slack.deliveries.say(sample.ME, channel, "mine")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=channel, ts=theirs["ts"], text="x")


async def test_an_ephemeral_in_a_thread_without_replies_is_seen_by_nobody(slack: Slack) -> None:
    """Slack says yes to it all the same; in a thread that has a reply it is shown."""
    root = slack.deliveries.say(sample.ME, sample.QUALITY, "question")
    where = {"channel": sample.QUALITY, "user": sample.ME, "thread_ts": root["ts"]}
    assert (await slack.client.chat_postEphemeral(**where, text="psst"))["message_ts"]
    assert slack.workspace.messages.whispers(sample.QUALITY, sample.ME) == []
    await slack.client.chat_postMessage(channel=sample.QUALITY, text="reply", thread_ts=root["ts"])
    await slack.client.chat_postEphemeral(**where, text="psst")
    assert [m["text"] for m in slack.workspace.messages.whispers(sample.QUALITY, sample.ME)] == ["psst"]


async def test_threads(slack: Slack) -> None:
    """Replies are counted on the first message; reading back gives them in Slack's order and pages."""
    client = slack.client
    root = slack.deliveries.say(sample.ME, sample.QUALITY, "question")
    for i in range(3):
        await client.chat_postMessage(channel=sample.QUALITY, text=f"r{i}", thread_ts=root["ts"])
    assert (root["reply_count"], root["reply_users"]) == (3, [slack.workspace.app.bot_user_id])
    nested = await client.chat_postMessage(channel=sample.QUALITY, text="r3", thread_ts=root["latest_reply"])
    assert nested["message"]["thread_ts"] == root["ts"]
    page = await client.conversations_replies(channel=sample.QUALITY, ts=root["ts"], limit=3)
    assert [m["text"] for m in page["messages"]] == ["question", "r0", "r1"]
    rest = await client.conversations_replies(
        channel=sample.QUALITY, ts=root["ts"], limit=3, cursor=page["response_metadata"]["next_cursor"]
    )
    assert [m["text"] for m in rest["messages"]] == ["r2", "r3"]
    await client.chat_postMessage(channel=sample.QUALITY, text="later")
    history = await client.conversations_history(channel=sample.QUALITY)
    assert [m["text"] for m in history["messages"]] == ["later", "question"]
    since = await client.conversations_history(
        channel=sample.QUALITY, oldest=root["ts"], inclusive=True, limit=1
    )
    assert since["has_more"]
    link = (await client.chat_getPermalink(channel=sample.QUALITY, message_ts=nested["ts"]))["permalink"]
    path = f"/archives/{sample.QUALITY}/p{nested['ts'].replace('.', '')}"
    assert link == f"{slack.base}{path}?thread_ts={root['ts']}&cid={sample.QUALITY}"


async def test_metadata(slack: Slack) -> None:
    """Metadata is stored, and read back only when asked for."""
    data = {"event_type": "answer", "event_payload": {"id": "1"}}
    await slack.client.chat_postMessage(channel=sample.QUALITY, text="x", metadata=data)
    plain = await slack.client.conversations_history(channel=sample.QUALITY)
    assert "metadata" not in plain["messages"][0]
    asked = await slack.client.conversations_history(channel=sample.QUALITY, include_all_metadata=True)
    assert asked["messages"][0]["metadata"] == data


async def test_direct_messages(slack: Slack) -> None:
    """Opening a direct message twice gives the same one, and posting to a person goes there."""
    first = await slack.client.conversations_open(users=sample.OMAR)
    again = await slack.client.conversations_open(users=[sample.OMAR], return_im=True)
    assert first["channel"]["id"] == again["channel"]["id"]
    assert (first["already_open"], again["already_open"]) == (False, True)
    assert again["channel"]["user"] == sample.OMAR
    posted = await slack.client.chat_postMessage(channel=sample.OMAR, text="hi")
    assert posted["channel"] == first["channel"]["id"]
    assert posted["channel"].startswith("D")


async def test_people_and_places(slack: Slack) -> None:
    """users.info and conversations.info tell guests, strangers and shared channels."""
    client = slack.client
    me = (await client.users_info(user=sample.ME))["user"]
    assert (me["tz"], me["is_restricted"], me["team_id"]) == ("Europe/Amsterdam", False, sample.TEAM.id)
    assert me["tz_offset"] in {3600, 7200}
    assert (await client.users_info(user=sample.GUEST))["user"]["is_restricted"]
    stranger = (await client.users_info(user=sample.STRANGER))["user"]
    assert stranger["is_stranger"]
    assert stranger["team_id"] == sample.PARTNER.id
    shared = (await client.conversations_info(channel=sample.PARTNERS))["channel"]
    assert shared["is_ext_shared"]
    assert not (await client.conversations_info(channel=sample.QUALITY))["channel"]["is_ext_shared"]
    general = (await client.conversations_info(channel=sample.GENERAL))["channel"]
    assert (general["is_member"], general["is_private"]) == (False, False)
    members = await client.conversations_members(channel=sample.QUALITY)
    assert sample.ME in members["members"]
    slack.workspace.usergroups["S0LEADS0001"] = (sample.ME,)
    assert (await client.usergroups_users_list(usergroup="S0LEADS0001"))["users"] == [sample.ME]
