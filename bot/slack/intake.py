"""Slack's payloads -> Request. No input or output happens here.

Text from a person is kept as typed; only the mention of the bot is taken out. Slack escapes `& < >` in what
people type (docs: "Formatting text for app surfaces"), and turns typed addresses into `<url|label>`.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from bot.answers.reply import Address, Posted
from bot.answers.request import Click, Request
from bot.blocks import actions as act

_LINK = re.compile(r"<(?:mailto:|tel:)?([^<>|@#!]+)(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_TEXT_KEYS = frozenset(
    {
        "text",
        "value",
        "url",
        "title",
        "title_link",
        "from_url",
        "original_url",
        "fallback",
        "pretext",
        "footer",
    }
)
"""Where a message, its blocks and its attachments hold what a person reads or follows."""
_MOST_TEXTS = 5_000
_TYPED_BY_A_PERSON = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of message events that hold a new text of a person; edits, joins and the like are others."""


def to_request(body: dict[str, Any], *, bot_user_id: str | None, now: float) -> Request | None:
    """Return what a payload asks for, or None when it asks for nothing that is answered as a whole.

    `body` is Bolt's parsed body of a command, an event or a click; `now` is Unix seconds.
    """
    if "command" in body:
        return _command(body, now)
    if isinstance(body.get("event"), dict):
        return _event(body, body["event"], bot_user_id, now)
    if body.get("type") == "block_actions":
        return _click(body, now)
    return None


def typed_text(text: str, bot_user_id: str | None) -> str:
    """Return what a person typed: without the mention of the bot, links and entities as they were typed."""
    if bot_user_id:
        text = re.sub(rf"<@{re.escape(bot_user_id)}(?:\|[^>]*)?>", " ", text)
    text = _LINK.sub(lambda found: found[1] if "://" in found[1] else (found[2] or found[1]), text)
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text.strip()


def _command(body: dict[str, Any], now: float) -> Request:
    trigger = body.get("trigger_id") or _fingerprint(body.get("user_id"), body.get("text"), now)
    return Request(
        answer_id=f"command-{trigger}",
        kind="ask",
        asked_at=now,
        command=True,
        text=typed_text(str(body.get("text") or ""), None),
        address=Address(
            team_id=str(body.get("team_id") or ""),
            user_id=str(body.get("user_id") or ""),
            channel_id=str(body.get("channel_id") or ""),
            response_url=body.get("response_url") or None,
        ),
    )


def _event(
    body: dict[str, Any], event: dict[str, Any], bot_user_id: str | None, now: float
) -> Request | None:
    user, channel, ts = event.get("user"), event.get("channel"), event.get("ts")
    if not (user and channel and ts) or event.get("bot_id") or user == bot_user_id:
        return None
    direct = event.get("channel_type") == "im" or str(channel).startswith("D")
    is_question = (
        event.get("type") == "message" and direct and event.get("subtype") in _TYPED_BY_A_PERSON
    ) or event.get("type") == "app_mention"
    if not is_question or "edited" in event:
        return None
    team = str(event.get("user_team") or event.get("team") or body.get("team_id") or "")
    shared = bool(body.get("is_ext_shared_channel"))
    return Request(
        # Not event_id: a mention and its twin message are two events about one request.
        answer_id=f"message-{body.get('team_id')}-{channel}-{ts}",
        kind="ask",
        asked_at=now,
        text=typed_text(str(event.get("text") or ""), bot_user_id),
        address=Address(
            team_id=team,
            user_id=str(user),
            channel_id=str(channel),
            thread_ts=str(event.get("thread_ts") or ts),
            private=direct or shared,
            shared_channel=shared,
        ),
    )


def address_of(body: dict[str, Any]) -> Address:
    """Return where a press or shortcut came from; one in a modal or in Home has no channel."""
    user, container = body.get("user") or {}, body.get("container") or {}
    message = body.get("message") or {}
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
    only_theirs = bool(container.get("is_ephemeral"))
    thread_ts = message.get("thread_ts") or container.get("thread_ts")
    ts = message.get("ts") or container.get("message_ts")
    return Address(
        team_id=str(user.get("team_id") or (body.get("team") or {}).get("id") or ""),
        user_id=str(user.get("id") or ""),
        channel_id=channel,
        thread_ts=thread_ts or (None if only_theirs else ts),
        private=only_theirs or not channel or channel.startswith("D"),
        response_url=body.get("response_url") or None,
    )


def message_text(message: object) -> str:
    """Return every text and address in a message: its own, its blocks' and its attachments'."""
    found: list[str] = []
    waiting = [message]
    while waiting and len(found) < _MOST_TEXTS:
        node = waiting.pop()
        if isinstance(node, dict):
            found += [value for key, value in node.items() if key in _TEXT_KEYS and isinstance(value, str)]
            waiting += [value for value in reversed(node.values()) if isinstance(value, dict | list)]
        elif isinstance(node, list):
            waiting += reversed(node)
            found += [value for value in node if isinstance(value, str)]
    return "\n".join(found)


def _click(body: dict[str, Any], now: float) -> Request | None:
    actions = body.get("actions") or []
    if not actions:
        return None
    action = actions[0]
    name = act.base(str(action.get("action_id") or ""))
    in_modal = (body.get("view") or {}).get("type") == "modal"
    if name in act.OPENS_MODAL or (in_modal and name == act.CALL_API):
        return None
    address = address_of(body)
    container, message = body.get("container") or {}, body.get("message") or {}
    ts = message.get("ts") or container.get("message_ts")
    trigger = body.get("trigger_id") or _fingerprint(address.user_id, action.get("action_ts"), now)
    chosen = action.get("selected_option") or {}
    return Request(
        answer_id=f"click-{trigger}",
        kind="click",
        asked_at=now,
        address=address,
        click=Click(
            action_id=str(action.get("action_id") or ""),
            value=str(action.get("value") or chosen.get("value") or ""),
            posted=None
            if container.get("is_ephemeral") or not ts or not address.channel_id
            else Posted(
                channel_id=address.channel_id,
                ts=str(ts),
                thread_ts=message.get("thread_ts") or container.get("thread_ts"),
            ),
        ),
    )


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
