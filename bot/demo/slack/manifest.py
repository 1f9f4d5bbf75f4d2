"""An app installed from a manifest: it may do in the stand-in exactly what the manifest asks for."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.shapes import App, Command, Json, Shortcut


def app_from_manifest(manifest: Json) -> App:
    """Return the app that a parsed manifest installs: scopes, events, commands, shortcuts, tabs."""
    features: Json = manifest.get("features") or {}
    events: Json = (manifest.get("settings") or {}).get("event_subscriptions") or {}
    scopes: Json = (manifest.get("oauth_config") or {}).get("scopes") or {}
    home: Json = features.get("app_home") or {}
    commands = [
        Command(
            given["command"],
            given.get("description", ""),
            given.get("usage_hint", ""),
            should_escape=given.get("should_escape", False),
        )
        for given in _items(features, "slash_commands")
    ]
    shortcuts = [
        Shortcut(given["type"], given["callback_id"], given["name"], given.get("description", ""))
        for given in _items(features, "shortcuts")
    ]
    return App(
        name=manifest["display_information"]["name"],
        scopes=tuple(_items(scopes, "bot")),
        events=tuple(_items(events, "bot_events")),
        commands=tuple(commands),
        shortcuts=tuple(shortcuts),
        home_tab=bool(home.get("home_tab_enabled", False)),
    )


def _items(of: Json, name: str) -> list[Any]:
    return of.get(name) or []
