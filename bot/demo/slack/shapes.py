"""The plain values of the stand-in: people, places and settings of the workspace, ids and refusals."""

from __future__ import annotations

import marshal
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

Json = dict[str, Any]
"""One JSON object as Slack has it."""


_Value = TypeVar("_Value")


def copied(value: _Value) -> _Value:
    """Return a copy of a JSON value that shares nothing with it."""
    written: Any = value
    return cast("_Value", marshal.loads(marshal.dumps(written, 2)))  # noqa: S302 - written a moment ago


def copied_message(message: Json) -> Json:
    """Return a copy that no later change of the message reaches; blocks, only ever replaced, are shared."""
    return {name: value if name == "blocks" else copied(value) for name, value in message.items()}


SCOPES = """
app_mentions:read assistant:write channels:history channels:read chat:write commands files:read files:write
groups:history groups:read im:history im:read im:write usergroups:read users:read
"""
EVENTS = "app_home_opened app_mention message.channels message.groups message.im"
"""What an app has that no manifest describes."""


@dataclass(frozen=True, slots=True)
class Team:
    """A Slack workspace (also another company's, for strangers)."""

    id: str
    name: str
    domain: str


@dataclass(slots=True)
class User:
    """A member, guest, bot or stranger. `is_stranger` people belong to another team."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "Europe/Amsterdam"
    color: str = "4bbe2e"
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_admin: bool = False
    deleted: bool = False
    time24: bool = True
    """Whether this person's Slack shows 18:30 for 6:30 PM, as people in Europe mostly set it."""

    def as_api(self, now: float) -> Json:
        """Return what users.info says of this person at a moment (Unix seconds)."""
        offset = datetime.fromtimestamp(now, ZoneInfo(self.tz)).utcoffset()
        first, _, last = self.real_name.partition(" ")
        shown: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "color": self.color,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": datetime.fromtimestamp(now, ZoneInfo(self.tz)).tzname() or self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": {
                "real_name": self.real_name,
                "real_name_normalized": self.real_name,
                "display_name": self.name,
                "display_name_normalized": self.name,
                "first_name": first,
                "last_name": last,
                "team": self.team_id,
            },
            "is_admin": self.is_admin,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_bot": self.is_bot,
            "updated": int(now) - 86400,
        }
        if self.is_stranger:
            shown["is_stranger"] = True
        return shown


@dataclass(slots=True)
class Channel:
    """A conversation. kind: channel (public), private, shared (public, with another company), im, mpim."""

    id: str
    name: str
    kind: str
    members: set[str] = field(default_factory=set)
    topic: str = ""
    is_archived: bool = False
    other_teams: tuple[str, ...] = ()
    """Teams this channel is shared with (Slack Connect)."""
    created: int = 1_700_000_000
    creator: str = ""

    @property
    def is_im(self) -> bool:
        return self.kind == "im"

    @property
    def is_open(self) -> bool:
        return self.kind in {"channel", "shared"}

    def other(self, user_id: str) -> str:
        return next(iter(self.members - {user_id}), user_id)


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command, as the manifest declares it."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut, as the manifest declares it. type: message or global."""

    type: str
    callback_id: str
    name: str
    description: str = ""


@dataclass(slots=True)
class App:
    """The app installed in the workspace: ids, secrets of the stand-in, what it declared."""

    app_id: str = "A0DEMOAPP01"
    name: str = "Conversations"
    bot_id: str = "B0DEMOBOT01"
    bot_user_id: str = "U0DEMOBOT01"
    bot_token: str = "xoxb-demo-bot-token"  # noqa: S105 - opens nothing but this stand-in
    app_token: str = "xapp-1-demo-app-token"  # noqa: S105 - opens nothing but this stand-in
    signing_secret: str = "demo-signing-secret"  # noqa: S105 - opens nothing but this stand-in
    verification_token: str = "demo-verification"  # noqa: S105 - opens nothing but this stand-in
    scopes: tuple[str, ...] = tuple(SCOPES.split())
    app_scopes: tuple[str, ...] = ("connections:write",)
    events: tuple[str, ...] = tuple(EVENTS.split())
    """Subscribed bot events, as in the manifest (message.im, app_mention, …)."""
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    home_tab: bool = True
    """Whether the Home tab is switched on; views.publish is refused otherwise."""
    revoked: str | None = None
    """The error every call with the bot token gets, such as token_revoked or account_inactive."""


class SlackError(Exception):
    """Answered as `{"ok": false, "error": code, …}`."""

    def __init__(self, code: str, messages: Sequence[str] = (), **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.messages = tuple(messages)
        self.extra = extra

    def as_body(self) -> Json:
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["errors"] = list(self.messages)
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body


def require(condition: object, code: str, *messages: str) -> None:
    """Raise SlackError(code) unless the condition holds."""
    if not condition:
        raise SlackError(code, messages)


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class Ids:
    """Makes ids that do not repeat and timestamps that only grow."""

    def __init__(self, clock: Callable[[], float], rng: random.Random) -> None:
        self.clock = clock
        self._rng = rng
        self._last = 0

    def new(self, prefix: str, length: int = 10) -> str:
        return prefix + "0" + "".join(self._rng.choices(_LETTERS, k=length - 1))

    def secret(self, length: int = 24) -> str:
        return "".join(self._rng.choices(_LETTERS, k=length))

    def digits(self, length: int = 12) -> str:
        return str(self._rng.randrange(10 ** (length - 1), 10**length))

    def hex(self, length: int = 32) -> str:
        return f"{self._rng.getrandbits(4 * length):0{length}x}"

    def block_id(self) -> str:
        return "".join(self._rng.choices(_LETTERS + _LETTERS.lower(), k=5))

    def uuid(self) -> str:
        raw = self.hex()
        return "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))

    def ts(self) -> str:
        self._last = max(int(self.clock() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
