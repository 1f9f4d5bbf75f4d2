"""What comes in from Slack: proven to be Slack's, read, and made a Request. No input or output happens here.

Signature and age come first, on the bytes as they came. Whatever is not a payload as Slack sends them is
refused 4xx in one word, so that neither Bolt nor a listener meets a list where an object belongs. Headers and
query go no further: they are not signed.

Text from a person is kept as typed; only the mention of the bot is taken out. Slack escapes `& < >` in what
people type (docs: "Formatting text for app surfaces"), and turns typed addresses into `<url|label>`.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qsl

import msgspec
from slack_sdk.signature import SignatureVerifier

from bot.answers.answer import Click, Request
from bot.answers.ports import Address, Posted, is_direct_message, thread_read
from bot.blocks import actions as act
from bot.blocks.text import read_title
from bot.query.tokens import unescaped
from bot.redaction import mask_keys

WINDOW_SECS = 300
"""How old, or how far ahead of our clock, a signed request may be (docs: "Verifying requests from Slack")."""
_FIELDS = 200
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


class RefusedError(Exception):
    """A request that is not taken; `status` is HTTP's, the text is one or two words without its content."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def read_signed(
    body: bytes, headers: Mapping[str, str], *, signing_secret: str | None, now: float
) -> dict[str, Any]:
    """Read a signed body: JSON (events), a form (commands) or JSON in a form. Raises RefusedError.

    `headers` are by lower-case names, `now` is Unix seconds. Without a secret (Socket Mode) nothing is taken.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise RefusedError(400, "not UTF-8") from None
    stamp, right = headers.get("x-slack-request-timestamp", ""), None
    with contextlib.suppress(ValueError, OverflowError):  # a number may be too long to be a time
        if signing_secret is not None and abs(now - int(stamp)) <= WINDOW_SECS:
            right = SignatureVerifier(signing_secret).generate_signature(timestamp=stamp, body=text)
    if not right or not hmac.compare_digest(right.encode(), headers.get("x-slack-signature", "").encode()):
        raise RefusedError(401, "not signed by Slack")
    kind = headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind not in ("", _JSON, _FORM):
        raise RefusedError(415, "not JSON and no form")
    payload: object
    try:
        if kind == _JSON or text.startswith("{"):
            payload = msgspec.json.decode(text)
        else:
            fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS))
            payload = msgspec.json.decode(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError):
        raise RefusedError(400, "unreadable") from None
    if (problem := problem_of(payload)) is not None:
        raise RefusedError(400, problem)
    return cast("dict[str, Any]", payload)


DEEPEST = 64
"""Levels of nesting; Slack's own payloads have about fifteen."""


_TYPES = {
    # What listeners are chosen by is there or absent, and never null.
    "str": "type command action_id callback_id",
    "_Payload": "event view",
    "list[_Payload]": "actions response_urls",
    "list[_Payload] | None": "authorizations",
    "_Payload | None": "assistant_thread container function_data item message previous_message "
    "selected_option state",
    "_Payload | str | None": "channel enterprise team user",
    "str | None": "id api_app_id bot_id channel_id team_id user_id user_team event_id block_id trigger_id "
    "view_id ts action_ts event_ts message_ts thread_ts challenge channel_type hash private_metadata subtype "
    "response_url tab value",
}
_Payload = msgspec.defstruct(
    "_Payload",
    [(name, kind, msgspec.UNSET) for kind, names in _TYPES.items() for name in names.split()],
    module=__name__,
)
"""The shape of payloads, as far as anybody here reads them. Slack keeps to it; what does not is not Slack's,
or not meant for us. What people and other apps write (blocks, state, files) is read with care elsewhere."""


def problem_of(payload: object) -> str | None:
    """Say in a word what is wrong with a payload's shape; None when nothing is."""
    if not isinstance(payload, dict) or not payload:
        return "not a payload"
    level: list[object] = [payload]
    for _ in range(DEEPEST + 1):
        parts = (node.values() if isinstance(node, dict) else cast("list[object]", node) for node in level)
        level = [part for inside in parts for part in inside if isinstance(part, (dict, list))]
    if level:
        return "too deep"
    with contextlib.suppress(msgspec.ValidationError):
        msgspec.convert(payload, _Payload)
        kind, actions = payload.get("type"), payload.get("actions", [{}])
        whole = bool(actions)  # a press has one action
        if kind == "block_actions":
            whole = whole and all("action_id" in action for action in actions)
        elif kind in ("view_submission", "view_closed"):  # a submission says which form it is of
            whole = whole and {"type", "callback_id"} <= payload.get("view", {}).keys()
        return None if whole else "malformed"
    return "malformed"


_READABLE = "text value url title title_link from_url original_url fallback pretext footer"
_TEXT_KEYS = frozenset(_READABLE.split())
"""Where a message, its blocks and its attachments hold what a person reads or follows."""
_OF_LISTS = act.FORMER_PAGES | {act.CSV, act.SHARE, act.MORE, act.SEND_ALL, act.RETRY}
"""Buttons of list messages; what other messages say in bold is no question, and is not recorded."""
_MOST_TEXTS = 5_000
_MOST_CHARACTERS = 40_000
"""Of a question; Slack itself takes no longer message."""
_ID = re.compile(r"[\w.:-]{1,200}", re.ASCII)
"""Slack's ids and timestamps, and anything like them."""
_TYPED_BY_A_PERSON = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of message events that hold a new text of a person; edits, joins and the like are others."""


def to_request(body: dict[str, Any], *, bot_user_id: str | None, now: float) -> Request | None:
    """Return what a payload asks for, or None when it asks for nothing that is answered as a whole.

    `body` is as Bolt parsed it; `now` is Unix seconds. Nothing is raised: a wrong shape counts as absent.
    """
    if "command" in body:
        return _command(body, now)
    if isinstance(body.get("event"), dict):
        return _event(body, body["event"], bot_user_id, now)
    if body.get("type") == "block_actions":
        return _click(body, now)
    return None


def _command(body: dict[str, Any], now: float) -> Request | None:
    user = _id(body.get("user_id"))
    if not user:
        return None
    trigger = _id(body.get("trigger_id")) or _fingerprint(user, body.get("text"), now)
    text, pasted_key = mask_keys(unescaped(_text(body.get("text"))).strip())
    return Request(
        answer_id=f"command-{trigger}",
        kind="ask",
        asked_at=now,
        command=True,
        text=text,
        pasted_key=pasted_key,
        address=Address(
            team_id=_id(body.get("team_id")),
            user_id=user,
            channel_id=_id(body.get("channel_id")),
            response_url=_text(body.get("response_url")) or None,
        ),
    )


def _event(
    body: dict[str, Any], event: dict[str, Any], bot_user_id: str | None, now: float
) -> Request | None:
    if event.get("type") == "app_home_opened":
        return _opened(body, event, now)
    user, channel, ts = _id(event.get("user")), _id(event.get("channel")), _id(event.get("ts"))
    if not (user and channel and ts) or event.get("bot_id") or user == bot_user_id:
        return None
    direct = event.get("channel_type") == "im" or is_direct_message(channel)
    by_a_person = event.get("subtype") is None or _text(event.get("subtype")) in _TYPED_BY_A_PERSON
    is_question = (event.get("type") == "message" and direct and by_a_person) or event.get(
        "type"
    ) == "app_mention"
    if not is_question or "edited" in event:
        return None
    thread_ts = _id(event.get("thread_ts"))
    team = _id(event.get("user_team")) or _id(event.get("team")) or _id(body.get("team_id"))
    shared = bool(body.get("is_ext_shared_channel"))
    unshared = body.get("is_ext_shared_channel") is False
    typed = _text(event.get("text"))
    if bot_user_id:
        typed = re.sub(rf"<@{re.escape(bot_user_id)}(?:\|[^>]*)?>", " ", typed)
    text, pasted_key = mask_keys(unescaped(typed).strip())
    return Request(
        # Not event_id: a mention and its twin message are two events about one request.
        answer_id=f"message-{_id(body.get('team_id'))}-{channel}-{ts}",
        kind="ask",
        asked_at=now,
        text=text,
        pasted_key=pasted_key,
        address=Address(
            team_id=team,
            user_id=user,
            channel_id=channel,
            thread_ts=thread_ts or ts,
            reads_in=thread_read(thread_ts, ts),
            private=direct or shared,
            shared_channel=shared,
            unshared=unshared,
        ),
    )


def _opened(body: dict[str, Any], event: dict[str, Any], now: float) -> Request | None:
    """Somebody opened their direct message: the first time they are shown what can be asked."""
    user, channel = _id(event.get("user")), _id(event.get("channel"))
    if event.get("tab") != "messages" or not user or not channel:
        return None
    return Request(
        answer_id=f"welcome-{user}",
        kind="welcome",
        asked_at=now,
        address=Address(team_id=_id(body.get("team_id")), user_id=user, channel_id=channel),
    )


def address_of(body: dict[str, Any]) -> Address:
    """Return where a press or shortcut came from; one in a modal or in Home has no channel."""
    user, container, message = (_part(body, name) for name in ("user", "container", "message"))
    channel = _id(_part(body, "channel").get("id")) or _id(container.get("channel_id"))
    only_theirs = bool(container.get("is_ephemeral"))
    thread_ts = _id(message.get("thread_ts")) or _id(container.get("thread_ts"))
    ts = _id(message.get("ts")) or _id(container.get("message_ts"))
    return Address(
        team_id=_id(user.get("team_id")) or _id(_part(body, "team").get("id")),
        user_id=_id(user.get("id")),
        channel_id=channel,
        thread_ts=thread_ts or (None if only_theirs else ts or None),
        reads_in=thread_read(thread_ts, ts),
        private=only_theirs or not channel or is_direct_message(channel),
        response_url=_text(body.get("response_url")) or None,
    )


def posted_of(body: dict[str, Any]) -> Posted | None:
    """Return the message that was pressed on; None for one that only its reader sees, and for views."""
    channel_id = address_of(body).channel_id
    container, message = _part(body, "container"), _part(body, "message")
    ts = _id(message.get("ts")) or _id(container.get("message_ts"))
    if container.get("is_ephemeral") or not ts or not channel_id:
        return None
    return Posted(
        channel_id=channel_id,
        ts=ts,
        thread_ts=_id(message.get("thread_ts")) or _id(container.get("thread_ts")) or None,
    )


def menu_pick(action: dict[str, Any]) -> str | None:
    """Return what was chosen in the menu of a list or a saved question; None for any other press."""
    if act.base(_text(action.get("action_id"))) not in {act.MORE, act.SAVED_MENU, act.WATCH_MENU}:
        return None
    try:
        pick = act.decode(_part(action, "selected_option").get("value")).pick or ""
    except act.BadValueError:
        return None
    return pick.partition(":")[0]


def listed_in(body: dict[str, Any]) -> tuple[Posted, str] | None:
    """Return the list message that was pressed on, and what its Filters button carries: question and page."""
    posted, blocks = posted_of(body), _part(body, "message").get("blocks")
    for block in blocks if isinstance(blocks, list) and posted else ():
        elements = block.get("elements") if isinstance(block, dict) else None
        for element in elements if isinstance(elements, list) else ():
            if isinstance(element, dict) and element.get("action_id") == act.FILTERS and posted:
                return posted, _text(element.get("value"))
    return None


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
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else None
    address = address_of(body)
    if not isinstance(action, dict) or not address.user_id:
        return None
    action_id = _text(action.get("action_id"))
    name = act.base(action_id)
    if name in act.OPENS_MODAL | act.IN_FORM or menu_pick(action) in act.OPENS_MODAL:
        return None
    trigger = _id(body.get("trigger_id")) or _fingerprint(address.user_id, action.get("action_ts"), now)
    return Request(
        answer_id=f"click-{trigger}",
        kind="click",
        asked_at=now,
        address=address,
        click=Click(
            action_id=action_id,
            value=_text(action.get("value")) or _text(_part(action, "selected_option").get("value")),
            posted=posted_of(body),
            sentence=_sentence(body) if name in _OF_LISTS else None,
        ),
    )


def _sentence(body: dict[str, Any]) -> str | None:
    """Return the question that a list message restates."""
    blocks = _part(body, "message").get("blocks")
    for block in blocks if isinstance(blocks, list) else ():
        markup = _part(block, "text").get("text") if isinstance(block, dict) else None
        if isinstance(markup, str) and (sentence := read_title(_text(markup))) is not None:
            return sentence
    return None


def _part(node: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object inside another; an empty one when there is none."""
    part = node.get(name)
    return part if isinstance(part, dict) else {}


def _id(value: object) -> str:
    """Return an id or timestamp, or "" for anything that is none."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _text(value: object) -> str:
    """Return a text that can be stored anywhere: no NUL, no half of a surrogate pair, not without end."""
    if not isinstance(value, str):
        return ""
    return value[:_MOST_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode()


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
