"""Settings: the environment over a `.env` file, read once into one frozen value.

Every variable is described once, as a field of `Settings`; README and `.env.example` follow them. All
problems are reported together, each as a sentence with the next step. Nothing here prints a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Final, Self, get_type_hints
from urllib.parse import unquote

from dotenv import dotenv_values

from bot import reading
from bot.model import WEEKDAYS
from bot.reading import Secret, revealed

__all__ = ["VARIABLES", "Mode", "Problem", "Secret", "Settings", "SettingsError", "environment", "revealed"]


class Mode(Enum):
    """What is about to run, which decides what has to be set."""

    RUN = "run"
    """`bot run`: Socket Mode if there is an app token, else HTTP."""
    HTTP = "http"
    """`bot run --http`, whatever tokens there are."""
    WORKER = "worker"
    DEMO = "demo"
    LIVE = "live"
    """`bot demo --live`: the local Slack, real conversations."""
    SYNC = "sync"
    EXPORT = "export"
    EXPLAIN = "explain"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable. `read` turns its text, or the `default` text, into the value."""

    name: str
    default: str
    read: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one variable: a sentence with the next step and without any secret."""

    variable: str
    sentence: str


class SettingsError(Exception):
    """The settings cannot be used. `problems` holds every sentence to show."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


APPS = "https://api.slack.com/apps"
_SLACK = ("SLACK_", "ALLOWED_", "PORT", "EXPORT_ROWS", "RETENTION_DAYS")
_IGNORED: Final[Mapping[Mode, tuple[str, ...]]] = {
    Mode.DEMO: ("SLACK_", "ELEVENLABS_", "ALLOWED_", "DATABASE_URL", "PORT"),
    Mode.LIVE: ("SLACK_", "ALLOWED_", "DATABASE_URL", "PORT"),
    Mode.SYNC: (*_SLACK, "CACHE_ROWS"),
    Mode.EXPORT: _SLACK,
    Mode.EXPLAIN: (*_SLACK, "ELEVENLABS_API_KEY", "DATABASE_URL", "ARCHIVE_DAYS", "CACHE_ROWS"),
}
"""Prefixes of the variables that do not matter to a mode: a broken one there is no reason to refuse."""

_ANSWERING = (Mode.RUN, Mode.HTTP, Mode.WORKER)
_NEEDED: Final[Mapping[str, tuple[tuple[Mode, ...], str]]] = {
    "SLACK_BOT_TOKEN": (
        _ANSWERING,
        (
            "SLACK_BOT_TOKEN is not set: copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of "
            f"your app at {APPS}."
        ),
    ),
    "SLACK_SIGNING_SECRET": (
        (Mode.HTTP,),
        (
            "SLACK_SIGNING_SECRET is not set: copy the Signing Secret from Basic Information of your app at "
            f"{APPS}."
        ),
    ),
    "SLACK_APP_TOKEN": (
        (Mode.RUN,),
        (
            "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: for Socket Mode, create an app-level "
            f"token (xapp-…) with connections:write in Basic Information of your app at {APPS}; for HTTP, "
            "copy the Signing Secret from the same page."
        ),
    ),
    "ELEVENLABS_API_KEY": (
        (*_ANSWERING, Mode.SYNC, Mode.EXPORT, Mode.LIVE),
        (
            "ELEVENLABS_API_KEY is not set: create a key with the scope convai_read in ElevenLabs under "
            "Developers > API Keys."
        ),
    ),
    "DATABASE_URL": (
        (Mode.WORKER,),
        (
            "DATABASE_URL must be postgresql://… for a worker: that is how it hears of the questions which "
            "`bot run --http` recorded. Without one, start `bot run` alone."
        ),
    ),
}
"""Which modes need a variable, and what is said where it is lacking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. The fields are the variables' names in lower case.

    Each is declared with its default as text, and what reads a text.
    """

    slack_bot_token: Annotated[Secret | None, "", reading.bot_token]
    slack_app_token: Annotated[Secret | None, "", reading.app_token]
    slack_signing_secret: Annotated[Secret | None, "", reading.secret]
    slack_api_url: Annotated[str, "https://slack.com/api/", reading.slack_url]
    """Ends with a slash, as slack_sdk wants it."""
    elevenlabs_api_key: Annotated[Secret | None, "", reading.secret]
    elevenlabs_base_url: Annotated[str, "https://api.elevenlabs.io", reading.base_url]
    """Without a slash at the end and without `/v1`."""
    elevenlabs_concurrency: Annotated[int, "8", reading.number(1, 64)]
    elevenlabs_webhook_secret: Annotated[Secret | None, "", reading.secret]
    database_url: Annotated[Secret, "sqlite:///bot.db", reading.database_url]
    """A secret because it may hold a password."""
    archive_days: Annotated[int, "90", reading.number(0, 3650)]
    cache_rows: Annotated[int, "50000", reading.number(0, 10**7)]
    export_rows: Annotated[int, "10000", reading.number(1, 10**7)]
    alert_seconds: Annotated[int, "60", reading.number(1, 3600)]
    allowed_users: Annotated[frozenset[str], "", reading.ids("UWS", "U…, W… or S…")]
    """Empty: every full member. Ids of people (U, W) and of user groups (S)."""
    allowed_channels: Annotated[frozenset[str], "", reading.ids("CGD", "C…, G… or D…")]
    """Empty: every channel."""
    mask_phone_numbers: Annotated[bool, "true", reading.boolean]
    week_start: Annotated[str, "monday", reading.one_of(*WEEKDAYS)]
    retention_days: Annotated[int, "30", reading.number(1, 3650)]
    port: Annotated[int, "3000", reading.number(0, 65535)]
    log_level: Annotated[str, "INFO", reading.one_of(*reading.LOG_LEVELS)]
    log_format: Annotated[str, "console", reading.one_of("console", "json")]

    @property
    def socket_mode(self) -> bool:
        """Whether `bot run` connects to Slack by Socket Mode; otherwise it serves HTTP."""
        return self.slack_app_token is not None

    @property
    def shared_database(self) -> bool:
        """Whether several processes can share the database."""
        return self.database_url.reveal().startswith("postgresql:")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every configured text that must not be shown, for the redaction of logs. Never print it."""
        values = (getattr(self, variable.name.lower()) for variable in VARIABLES)
        found = {value.reveal() for value in values if isinstance(value, Secret)}
        password = re.match(r"[^:]+://[^/@]*?:([^/]*)@", self.database_url.reveal())
        if password is None:
            found.discard(self.database_url.reveal())
        else:
            found |= {password[1], unquote(password[1])}
        return tuple(sorted(found, key=len, reverse=True))

    @classmethod
    def read(cls, values: Mapping[str, str]) -> tuple[Self, tuple[Problem, ...]]:
        """Read what can be read: settings with the default for each unusable value, and what was unusable."""
        fields: dict[str, Any] = {}
        problems = []
        for variable in VARIABLES:
            text = values.get(variable.name, "").strip() or variable.default
            try:
                value = variable.read(text)
            except ValueError as error:
                problems.append(Problem(variable.name, f"{variable.name} {error}."))
                value = variable.read(variable.default)
            fields[variable.name.lower()] = value
        return cls(**fields), tuple(problems)

    @classmethod
    def load(cls, mode: Mode, values: Mapping[str, str] | None = None) -> Self:
        """Read `values` (by default `environment()`) for `mode`. Raises SettingsError with every problem.

        In HTTP and worker mode a set app token is dropped, so that `socket_mode` says what will happen.
        """
        values = environment() if values is None else values
        if mode in (Mode.HTTP, Mode.WORKER):
            values = {**values, "SLACK_APP_TOKEN": ""}
        settings, problems = cls.read(values)
        ignored = _IGNORED.get(mode, ())
        counted = [problem for problem in problems if not problem.variable.startswith(ignored)]
        malformed = {problem.variable for problem in counted}
        missing = [problem for problem in settings.missing(mode) if problem.variable not in malformed]
        if counted or missing:
            raise SettingsError(tuple(problem.sentence for problem in (*counted, *missing)))
        return settings

    def missing(self, mode: Mode) -> tuple[Problem, ...]:
        """Return what `mode` needs and is not set."""
        lacking = {name: getattr(self, name.lower()) is None for name in _NEEDED}
        lacking["SLACK_APP_TOKEN"] &= self.slack_signing_secret is None  # either of them will do
        lacking["DATABASE_URL"] = not self.shared_database
        return tuple(
            Problem(name, sentence)
            for name, (modes, sentence) in _NEEDED.items()
            if mode in modes and lacking[name]
        )


def environment(path: Path = Path(".env"), environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the process environment merged over the file at `path`, if there is one."""
    try:
        # No interpolation: a password may hold a dollar sign. Some Windows editors write a byte-order mark.
        file = dotenv_values(path, interpolate=False, encoding="utf-8-sig") if path.is_file() else {}
    except (UnicodeDecodeError, OSError):
        raise SettingsError(
            (f"{path} cannot be read: save it as UTF-8 text that this user may read.",)
        ) from None
    return {**{name: value for name, value in file.items() if value is not None}, **environ}


VARIABLES: Final = tuple(
    Variable(name.upper(), *declared.__metadata__)
    for name, declared in get_type_hints(Settings, include_extras=True).items()
)
