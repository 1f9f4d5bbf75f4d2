"""Payloads of Slack's, with parts gone or junk in their place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

# Whoever these name does not exist, so that whatever is made of them, nobody is told anything.
EVENT = {
    "type": "event_callback",
    "team_id": "T0NOBODY001",
    "event_id": "Ev1",
    "authorizations": [{"team_id": "T0DEMOTEAM1", "user_id": "U0DEMOBOT01", "is_bot": True}],
    "is_ext_shared_channel": False,
    "event": {
        "type": "message",
        "channel_type": "im",
        "channel": "D0NOBODY001",
        "user": "U0NOBODY001",
        "ts": "1763856000.000100",
        "thread_ts": "1763856000.000100",
        "text": "failed",
        "blocks": [],
    },
}
CLICK = {
    "type": "block_actions",
    "user": {"id": "U0NOBODY001", "team_id": "T0NOBODY001"},
    "team": {"id": "T0NOBODY001"},
    "channel": {"id": "C0NOWHERE01"},
    "container": {"type": "message", "message_ts": "1.2", "channel_id": "C0NOWHERE01", "is_ephemeral": False},
    "message": {"ts": "1.2", "thread_ts": "1.2", "text": "…", "blocks": []},
    "response_url": "http://127.0.0.1:9/none",
    "trigger_id": "1.2.3",
    "actions": [
        {"action_id": "csv", "block_id": "b", "type": "button", "value": '["q"]', "action_ts": "1.2"}
    ],
}
VIEW = {
    "type": "view_submission",
    "user": {"id": "U0NOBODY001", "team_id": "T0NOBODY001"},
    "team": {"id": "T0NOBODY001"},
    "view": {
        "id": "V1",
        "type": "modal",
        "callback_id": "filters_view",
        "private_metadata": '["q"]',
        "state": {"values": {"a": {"b": {"type": "x", "value": "y", "selected_option": {"value": "z"}}}}},
        "hash": "1",
    },
    "response_urls": [],
}
SEEDS: list[dict[str, Any]] = [
    EVENT,
    {**EVENT, "event": {**EVENT["event"], "type": "app_mention", "channel_type": "channel"}},  # type: ignore[dict-item]
    {**EVENT, "event": {"type": "app_home_opened", "user": "U0NOBODY001", "tab": "home", "channel": "D1"}},
    CLICK,
    *(
        {**CLICK, "actions": [{"action_id": action, "value": "x", "selected_option": {"value": "y"}}]}
        for action in ("open_call", "call_page.1", "more", "open_link", "run_example.1", "choose_agent.2")
    ),
    {**CLICK, "view": VIEW["view"], "actions": [{"action_id": "call_api", "value": '["",null,"conv_1"]'}]},
    {**CLICK, "type": "message_action", "callback_id": "find_call", "message": {"text": "conv_abc"}},
    {**CLICK, "type": "shortcut", "callback_id": "open_filters"},
    {**CLICK, "type": "block_suggestion", "action_id": "agent_menu", "block_id": "b", "value": "Sup"},
    VIEW,
    {**VIEW, "type": "view_closed"},
    {"type": "url_verification", "challenge": "c"},
    {"team_id": "T", "user_id": "U0NOBODY001", "channel_id": "C", "command": "/c", "text": "failed"},
]
_GONE = object()
_JUNK = (
    *("null", "true", "0", "-1", "1.5", "1e400", '""', '"x"'),
    *('"\\u0000"', '"\\u202e"', '"<!channel>"', "[]", "[[]]", "[null]", "{}", '{"id":[]}'),
)
JUNK = st.sampled_from([*_JUNK, str(10**30), json.dumps("x" * 5000)]).map(json.loads) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


def spots(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to every part of a payload."""
    yield path
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, part in pairs:
        yield from spots(part, (*path, name))


def each_spoiled(*junk: Any) -> Iterator[Any]:
    """Yield Slack's payloads with one part gone, or each junk in its place: every part in turn."""
    for seed in SEEDS:
        for path in spots(seed):
            if not path:
                continue
            for value in (*junk, _GONE):
                payload = json.loads(json.dumps(seed))
                node = payload
                for name in path[:-1]:
                    node = node[name]
                if value is not _GONE:
                    node[path[-1]] = value
                elif isinstance(node, dict):
                    del node[path[-1]]
                yield payload


@st.composite
def payloads(draw: st.DrawFn) -> Any:
    """Draw a payload of Slack's with some of its parts gone, or junk in their place."""
    payload = json.loads(json.dumps(draw(st.sampled_from(SEEDS))))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(list(spots(payload))))
        if not path:
            return draw(JUNK)
        node = payload
        for name in path[:-1]:
            node = node[name]
        if draw(st.booleans()):
            node[path[-1]] = draw(JUNK)
        elif isinstance(node, dict):
            del node[path[-1]]
    return payload
