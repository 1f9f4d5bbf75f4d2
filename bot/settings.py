"""Settings: the environment over a `.env` file, read once into one frozen value.

Every variable is described once, in `VARIABLES`; README, `.env.example` and tests follow that table. All
problems are reported together, each as a sentence with the next step. Nothing here prints a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import unquote

from dotenv import dotenv_values

from bot import reading
from bot.reading import Secret

__all__ = ["VARIABLES", "Mode", "Problem", "Secret", "Settings", "SettingsError", "Variable", "environment"]


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
    CHECK = "check"
    """`bot check` reports what is missing in its own lines, so that nothing is required here."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable. `read` turns its text, or the `default` text, into the value."""

    name: str
    default: str
    about: str
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


VARIABLES: Final[tuple[Variable, ...]] = (
    Variable("SLACK_BOT_TOKEN", "", "the bot's token, xoxb-…", reading.bot_token),
    Variable("SLACK_APP_TOKEN", "", "the app-level token for Socket Mode, xapp-…", reading.app_token),
    Variable("SLACK_SIGNING_SECRET", "", "proves that an HTTP request comes from Slack", reading.secret),
    Variable(
        "SLACK_API_URL", "https://slack.com/api/", "Slack's Web API; another for tests", reading.slack_url
    ),
    Variable("ELEVENLABS_API_KEY", "", "a key with the convai_read scope", reading.secret),
    Variable(
        "ELEVENLABS_BASE_URL",
        "https://api.elevenlabs.io",
        "ElevenLabs' API; a residency host elsewhere",
        reading.base_url,
    ),
    Variable("ELEVENLABS_CONCURRENCY", "8", "requests in flight at once, per process", reading.number(1, 64)),
    Variable("ELEVENLABS_WEBHOOK_SECRET", "", "proves that a post-call event is ElevenLabs'", reading.secret),
    Variable("DATABASE_URL", "sqlite:///bot.db", "postgresql://… to share", reading.database_url),
    Variable(
        "ARCHIVE_DAYS",
        "90",
        "days of conversations kept in the database; 0 deletes them",
        reading.number(0, 3650),
    ),
    Variable("CACHE_ROWS", "50000", "rows kept in memory (50000 are about 80 MB)", reading.number(0, 10**7)),
    Variable("EXPORT_ROWS", "10000", "rows exported without asking", reading.number(1, 10**7)),
    Variable("ALERT_SECONDS", "60", "how often subscriptions and alerts look", reading.number(1, 3600)),
    Variable("ALLOWED_USERS", "", "who may ask: ids, comma-separated", reading.ids("UWS", "U…, W… or S…")),
    Variable("ALLOWED_CHANNELS", "", "where: ids, comma-separated", reading.ids("CGD", "C…, G… or D…")),
    Variable("MASK_PHONE_NUMBERS", "true", "in messages and in the CSV", reading.boolean),
    Variable("WEEK_START", "monday", "the first day of a week", reading.weekday),
    Variable(
        "RETENTION_DAYS", "30", "how long questions and answers are remembered", reading.number(1, 3650)
    ),
    Variable("PORT", "3000", "of HTTP", reading.number(0, 65535)),
    Variable("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING, ERROR or CRITICAL", reading.log_level),
    Variable("LOG_FORMAT", "console", "console or json", reading.one_of("console", "json")),
)

_SLACK = ("SLACK_", "ALLOWED_", "PORT", "EXPORT_ROWS", "RETENTION_DAYS")
_IGNORED: Final[Mapping[Mode, tuple[str, ...]]] = {
    Mode.DEMO: ("SLACK_", "ELEVENLABS_", "ALLOWED_", "DATABASE_URL", "PORT"),
    Mode.LIVE: ("SLACK_", "ALLOWED_", "DATABASE_URL", "PORT"),
    Mode.SYNC: (*_SLACK, "CACHE_ROWS"),
    Mode.EXPORT: _SLACK,
    Mode.EXPLAIN: (*_SLACK, "ELEVENLABS_API_KEY", "DATABASE_URL", "ARCHIVE_DAYS", "CACHE_ROWS"),
}
"""Prefixes of the variables that do not matter to a mode: a broken one there is no reason to refuse."""

_NEXT_STEP: Final[Mapping[str, str]] = {
    "SLACK_BOT_TOKEN": "copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your app at "
    "https://api.slack.com/apps",
    "SLACK_SIGNING_SECRET": "copy the Signing Secret from Basic Information of your app at "
    "https://api.slack.com/apps",
    "ELEVENLABS_API_KEY": "create a key with the scope convai_read in ElevenLabs under Developers > API Keys",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. The fields are the variables' names in lower case; see `VARIABLES`."""

    slack_bot_token: Secret | None
    slack_app_token: Secret | None
    slack_signing_secret: Secret | None
    slack_api_url: str
    """Ends with a slash, as slack_sdk wants it."""
    elevenlabs_api_key: Secret | None
    elevenlabs_base_url: str
    """Without a slash at the end and without `/v1`."""
    elevenlabs_concurrency: int
    elevenlabs_webhook_secret: Secret | None
    database_url: Secret
    """`sqlite:///…` or `postgresql://…`; a secret because it may hold a password."""
    archive_days: int
    cache_rows: int
    export_rows: int
    alert_seconds: int
    allowed_users: frozenset[str]
    """Empty: every full member. Ids of people (U, W) and of user groups (S)."""
    allowed_channels: frozenset[str]
    """Empty: every channel."""
    mask_phone_numbers: bool
    week_start: str
    """An English weekday in lower case."""
    retention_days: int
    port: int
    log_level: str
    log_format: str

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
        found = {secret.reveal() for secret in _secrets(self)}
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
        counted = (
            [problem for problem in problems if not problem.variable.startswith(ignored)]
            if ignored
            else problems
        )
        malformed = {problem.variable for problem in counted}
        missing = [problem for problem in settings.missing(mode) if problem.variable not in malformed]
        if counted or missing:
            raise SettingsError(tuple(problem.sentence for problem in (*counted, *missing)))
        return settings

    def missing(self, mode: Mode) -> tuple[Problem, ...]:
        """Return what `mode` needs and is not set."""
        needed = []
        if mode in (Mode.RUN, Mode.HTTP, Mode.WORKER) and self.slack_bot_token is None:
            needed.append(_missing("SLACK_BOT_TOKEN"))
        if mode is Mode.HTTP and self.slack_signing_secret is None:
            needed.append(_missing("SLACK_SIGNING_SECRET"))
        if mode is Mode.RUN and self.slack_app_token is None and self.slack_signing_secret is None:
            needed.append(
                Problem(
                    "SLACK_APP_TOKEN",
                    "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: for Socket Mode, create an "
                    "app-level token (xapp-…) with connections:write in Basic Information of your app at "
                    "https://api.slack.com/apps; for HTTP, copy the Signing Secret from the same page.",
                )
            )
        if (
            mode in (Mode.RUN, Mode.HTTP, Mode.WORKER, Mode.SYNC, Mode.EXPORT, Mode.LIVE)
            and self.elevenlabs_api_key is None
        ):
            needed.append(_missing("ELEVENLABS_API_KEY"))
        if mode is Mode.WORKER and not self.shared_database:
            needed.append(
                Problem(
                    "DATABASE_URL",
                    "DATABASE_URL must be postgresql://… for a worker: that is how it hears of the questions "
                    "which `bot run --http` recorded. Without one, start `bot run` alone.",
                )
            )
        return tuple(needed)


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


def _missing(variable: str) -> Problem:
    return Problem(variable, f"{variable} is not set: {_NEXT_STEP[variable]}.")


def _secrets(settings: Settings) -> tuple[Secret, ...]:
    values = (getattr(settings, variable.name.lower()) for variable in VARIABLES)
    return tuple(value for value in values if isinstance(value, Secret))
