"""The shape of Slack's payloads, as far as anybody here reads them. No input or output happens here.

Slack keeps to it; what does not is not Slack's, or not meant for us. Only the outer layers are looked at:
what people and other apps write (blocks, state, files) is read with care where it is used.
"""

from __future__ import annotations

from typing import Any

DEEPEST = 64
"""Levels of nesting; Slack's own payloads have about fifteen."""

_NONE = type(None)
_OBJECT, _TEXT, _LIST = (dict, _NONE), (str, _NONE), (list, _NONE)
_TYPES: dict[str, tuple[type, ...]] = {
    # What listeners are chosen by is there or absent, and never null.
    **dict.fromkeys(("type", "command", "action_id", "callback_id"), (str,)),
    **dict.fromkeys(("event", "view"), (dict,)),
    **dict.fromkeys(("actions", "response_urls"), (list,)),
    **dict.fromkeys(("assistant_thread", "container", "function_data", "item"), _OBJECT),
    **dict.fromkeys(("message", "previous_message", "selected_option", "state"), _OBJECT),
    **dict.fromkeys(("channel", "enterprise", "team", "user"), (dict, str, _NONE)),
    "authorizations": _LIST,
    **dict.fromkeys(("id", "api_app_id", "bot_id", "channel_id", "team_id", "user_id", "user_team"), _TEXT),
    **dict.fromkeys(("event_id", "block_id", "trigger_id", "view_id"), _TEXT),
    **dict.fromkeys(("ts", "action_ts", "event_ts", "message_ts", "thread_ts"), _TEXT),
    **dict.fromkeys(("challenge", "channel_type", "hash", "private_metadata", "subtype"), _TEXT),
    **dict.fromkeys(("response_url", "tab", "value"), _TEXT),
}
_LAYERS = 4


def problem_of(payload: object) -> str | None:
    """Say in a word what is wrong with a payload's shape; None when nothing is."""
    if not isinstance(payload, dict) or not payload:
        return "not a payload"
    if not _plain(payload):
        return "not plain"
    return None if _fits(payload, _LAYERS) and _is_whole(payload) else "malformed"


def _is_whole(payload: dict[str, Any]) -> bool:
    """Whether a press says what was pressed, and a submission which form it is of."""
    kind = payload.get("type")
    if kind == "block_actions":
        return all("action_id" in action for action in payload.get("actions") or [{}])
    if kind in ("view_submission", "view_closed"):
        return all(name in payload.get("view", {}) for name in ("type", "callback_id"))
    return True


def _plain(payload: object) -> bool:
    """Whether it is not too deep, and all of its text can be written as UTF-8 (JSON can hold half a pair)."""
    waiting = [(payload, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            return False
        if isinstance(node, dict):
            waiting += [(part, depth + 1) for pair in node.items() for part in pair]
        elif isinstance(node, list):
            waiting += [(part, depth + 1) for part in node]
        elif isinstance(node, str) and not node.isascii():
            try:
                node.encode()
            except UnicodeEncodeError:
                return False
    return True


def _fits(node: dict[str, object], layers: int) -> bool:
    return all(_field_fits(name, value, layers) for name, value in node.items())


def _field_fits(name: str, value: object, layers: int) -> bool:
    types = _TYPES.get(name)
    if types is None:
        return True
    if not isinstance(value, types):
        return False
    if isinstance(value, dict):
        return layers == 0 or _fits(value, layers - 1)
    if isinstance(value, list):
        # A press has one action; a list without any is nobody's.
        return (bool(value) or name != "actions") and all(
            isinstance(item, dict) and (layers == 0 or _fits(item, layers - 1)) for item in value
        )
    return True
