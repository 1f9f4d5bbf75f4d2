"""The demo's workspace: a small company's people and channels, with every kind of channel in it."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bot.demo.faults import Faults, Rates
from bot.demo.slack.shapes import App, Channel, Command, Json, Shortcut, Team, User
from bot.demo.slack.workspace import Workspace

TEAM = Team("T0DEMOTEAM1", "Brightline", "brightline")
PARTNER = Team("T0PARTNER01", "Harbor Telecom", "harbortelecom")
ME, LENA, OMAR, GUEST = "U0DEMO00001", "U0DEMO00002", "U0DEMO00003", "U0DEMO00004"
STRANGER = "U0PARTNER01"
GENERAL, QUALITY, SUPPORT, OPEN = "C0GENERAL01", "C0QUALITY01", "C0SUPPORT01", "C0RANDOM001"
LEADS, PARTNERS, ARCHIVED = "C0LEADS0001", "C0PARTNERS1", "C0ARCHIVED1"
COMMANDS = (
    Command(
        "/conversations",
        "List, count and export voice-agent conversations",
        'failed calls for "Support EN" since monday',
    ),
)
SHORTCUTS = (
    Shortcut("global", "open_filters", "Search conversations", "Open the filters"),
    Shortcut("message", "find_call", "Find this call", "Open the conversation a message mentions"),
)
SUGGESTIONS = (
    "/conversations failed calls since monday",
    "/conversations success rate by agent last week",
    "/conversations help",
)


def installed_app() -> App:
    """Return the app that manifest.yml installs: the one packaged with `bot`, or the checkout's."""
    return app_from_manifest(_manifest())


@functools.cache
def _manifest() -> dict[str, Any]:
    """Read it once: it takes longer than the rest of the workspace."""
    bot = Path(__file__).parents[2]
    packaged = bot / "manifest.yml"
    source = packaged if packaged.is_file() else bot.parent / "manifest.yml"
    read: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return read


def sample_workspace(
    *,
    clock: Callable[[], float] = time.time,
    seed: int = 0,
    base_url: str = "",
    me: str = ME,
    tz: str = "Europe/Amsterdam",
    commands: tuple[Command, ...] = COMMANDS,
    shortcuts: tuple[Shortcut, ...] = SHORTCUTS,
    suggestions: tuple[str, ...] = SUGGESTIONS,
    app: App | None = None,
    faults: Faults | None = None,
    rates: Rates | None = None,
    latency: float = 0.0,
    share_delay: float = 0.0,
) -> Workspace:
    """Build the demo workspace. `app` (see app_from_manifest) takes the place of commands and shortcuts.

    The bot is in #quality-review, #support-calls and #partners-harbor (shared with another company), not in
    #general, #random or the private #leads; #launch-2024 is archived.
    """
    app = app or App(commands=commands, shortcuts=shortcuts)
    bot = app.bot_user_id
    home, away = TEAM.id, PARTNER.id
    users = [
        User(ME, "mara", "Mara Visser", home, tz=tz, color="4a7de2", is_admin=True),
        User(LENA, "lena", "Lena Fischer", home, tz="Europe/Berlin", color="e06b56"),
        User(OMAR, "omar", "Omar Haddad", home, tz="America/New_York", color="2e9e6b", time24=False),
        User(GUEST, "guest", "Gil Guest", home, color="a0689c", is_restricted=True),
        User(STRANGER, "sam", "Sam Stranger", away, tz="Asia/Tokyo", color="d58247", is_stranger=True),
        User(bot, "conversations", app.name, home, color="5b4fd6", is_bot=True),
    ]
    everyone = {ME, LENA, OMAR}
    channels = [
        Channel(GENERAL, "general", "channel", everyone | {GUEST}, "Company-wide news"),
        Channel(QUALITY, "quality-review", "channel", everyone | {bot, GUEST}, "Calls worth listening to"),
        Channel(SUPPORT, "support-calls", "channel", everyone | {bot}, "What callers run into"),
        Channel(OPEN, "random", "channel", {LENA, OMAR}, "Anything"),
        Channel(LEADS, "leads", "private", {ME, LENA}, "Team leads"),
        Channel(
            PARTNERS,
            "partners-harbor",
            "shared",
            everyone | {bot, STRANGER},
            "With Harbor Telecom",
            other_teams=(away,),
        ),
        Channel(ARCHIVED, "launch-2024", "channel", everyone | {bot}, is_archived=True),
    ]
    workspace = Workspace(
        team=TEAM,
        other_teams=[PARTNER],
        users=users,
        channels=channels,
        me=me,
        clock=clock,
        rng=random.Random(seed),  # noqa: S311 - sample ids, nothing secret
        app=app,
        base_url=base_url,
        faults=faults,
        rates=rates,
        latency=latency,
        share_delay=share_delay,
        suggestions=suggestions,
    )
    workspace.im(ME, LENA)
    return workspace


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
