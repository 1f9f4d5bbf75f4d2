"""manifest.yml: what Slack accepts, and exactly what the code uses."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.answers.answering import PROMPTS
from bot.demo.slack.sample import installed_app
from bot.slack.listeners import FIND_CALL, OPEN_FILTERS

ROOT = Path(__file__).parent.parent
SOURCE = (ROOT / "manifest.yml").read_text(encoding="utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load(SOURCE)
SCOPES: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]
EVENTS: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]

METHOD_SCOPES: dict[str, set[str]] = {
    # Slack's reference of each method, "Required scopes" of bot tokens.
    "api_test": set(),
    "assistant_threads_setStatus": {"chat:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
    "auth_test": set(),
    "chat_delete": {"chat:write"},
    "chat_getPermalink": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_unfurl": {"links:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"im:history"},  # read in direct messages only
    "conversations_info": {"channels:read", "groups:read", "mpim:read"},
    "conversations_members": {"channels:read", "groups:read", "mpim:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"im:history"},
    "files_completeUploadExternal": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "files_info": {"files:read"},
    "functions_completeError": set(),
    "functions_completeSuccess": set(),
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
    "users_conversations": {"channels:read", "groups:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
EVENT_SCOPES = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "function_executed": set(),
    "link_shared": {"links:read"},
    "message.im": {"im:history"},
}


def methods_used() -> set[str]:
    """Return the Web API methods that bot/slack names on a client."""
    shape = re.compile(
        r"(?:api|apps|assistant|auth|bots|chat|conversations|files|functions|reactions|team|usergroups|users|views)_\w+"
    )
    return {
        node.attr
        for path in (ROOT / "bot" / "slack").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and shape.fullmatch(node.attr)
        and ast.unparse(node.value).endswith("client")
    }


def test_scopes_are_exactly_those_used() -> None:
    """Each scope is needed by a method, an event or a command, and each needed scope is asked for."""
    needed = {scope for event in EVENTS for scope in EVENT_SCOPES[event]}
    needed |= {scope for method in methods_used() for scope in METHOD_SCOPES[method]}
    if MANIFEST["features"].get("slash_commands") or MANIFEST["features"].get("shortcuts"):
        needed.add("commands")
    assert set(SCOPES) == needed
    assert len(SCOPES) == len(set(SCOPES))


def test_every_scope_is_explained() -> None:
    """The line above each scope is a comment that says what it is for."""
    lines = [line.strip() for line in SOURCE.splitlines()]
    for scope in SCOPES:
        assert lines[lines.index(f"- {scope}") - 1].startswith("# "), scope


def test_limits_of_slack() -> None:
    """Names, descriptions and hints have the lengths that Slack accepts."""
    shown = MANIFEST["display_information"]
    assert MANIFEST["_metadata"]["major_version"] == 2
    assert 1 <= len(shown["name"]) <= 35
    assert 1 <= len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", shown["background_color"])
    assert 1 <= len(MANIFEST["features"]["bot_user"]["display_name"]) <= 80
    assert re.fullmatch(r"[a-z0-9._-]+", MANIFEST["features"]["bot_user"]["display_name"])
    for command in MANIFEST["features"]["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert 1 <= len(command["description"]) <= 2000
        assert len(command.get("usage_hint", "")) <= 1000
    shortcuts = MANIFEST["features"].get("shortcuts", [])
    assert len(shortcuts) <= 10
    for shortcut in shortcuts:
        assert shortcut["type"] in {"message", "global"}
        assert 1 <= len(shortcut["name"]) <= 24
        assert 1 <= len(shortcut["description"]) <= 150
        assert 1 <= len(shortcut["callback_id"]) <= 255


def test_the_command_is_ours() -> None:
    """There is one command, with a hint, and its text arrives as typed."""
    [command] = MANIFEST["features"]["slash_commands"]
    assert command["command"] == "/conversations"
    assert command["usage_hint"]
    assert command["should_escape"] is False


def test_a_message_can_be_searched_for_a_call() -> None:
    """The message shortcut has the callback_id that its listener listens to."""
    [shortcut] = [each for each in MANIFEST["features"]["shortcuts"] if each["type"] == "message"]
    assert shortcut["callback_id"] == FIND_CALL
    assert shortcut["name"] == "Find this call"


def test_the_agent_surface_offers_what_the_code_offers() -> None:
    """The prompts of the manifest are those set when the direct message is opened: four, each a question."""
    agent = MANIFEST["features"]["agent_view"]
    assert 1 <= len(agent["agent_description"]) <= 300
    prompts = [(prompt["title"], prompt["message"]) for prompt in agent["suggested_prompts"]]
    assert prompts == list(PROMPTS)
    assert len(prompts) <= 4


def test_the_demo_installs_this_manifest() -> None:
    """The app of the demo and of the tests may do what this file asks for, nothing else."""
    app = installed_app()
    assert set(app.scopes) == set(SCOPES)
    assert set(app.events) == set(EVENTS)
    assert [command.command for command in app.commands] == ["/conversations"]
    declared = {shortcut["callback_id"] for shortcut in MANIFEST["features"]["shortcuts"]}
    assert {shortcut.callback_id for shortcut in app.shortcuts} == declared
    assert app.home_tab


def test_filters_can_be_opened_from_anywhere() -> None:
    """The global shortcut has the callback_id that its listener listens to."""
    [shortcut] = [each for each in MANIFEST["features"]["shortcuts"] if each["type"] == "global"]
    assert shortcut["callback_id"] == OPEN_FILTERS


def test_people_can_write_and_click() -> None:
    """Direct messages are open to the sender, and clicks are delivered."""
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"] is True
    assert MANIFEST["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True


def test_the_home_tab_is_on_when_there_is_something_in_it() -> None:
    """Home is switched on, and its opening reported, exactly when the code publishes a view there."""
    published = "views_publish" in methods_used()
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is published
    assert ("app_home_opened" in EVENTS) >= published


def test_switching_to_http_is_taking_comment_marks_away() -> None:
    """Socket Mode is on; with the three URLs uncommented the manifest is a valid one for HTTP."""
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    http = yaml.safe_load(re.sub(r"# ((?:request_)?url: https://)", r"\1", SOURCE))
    urls = [
        http["features"]["slash_commands"][0]["url"],
        http["settings"]["event_subscriptions"]["request_url"],
        http["settings"]["interactivity"]["request_url"],
    ]
    assert {url.partition(".com")[2] for url in urls} == {"/slack/events"}


@pytest.mark.parametrize("part", ["_metadata", "display_information", "features", "oauth_config", "settings"])
def test_known_parts_only(part: str) -> None:
    """The manifest has Slack's top-level parts and no other."""
    assert part in MANIFEST
    assert len(MANIFEST) == 5
