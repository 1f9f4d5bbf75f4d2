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
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from dotenv import dotenv_values

from bot.model import WEEKDAYS
from bot.proxy import is_this_machine
from bot.redaction import Secret

_QUOTED = 40


# How one variable's text is read: each returns the value or raises ValueError. Its text is the end of a
# sentence that begins with the variable's name ("PORT must be …"), and never repeats a secret.


def secret(text: str) -> Secret | None:
    """Any key or secret that fits into an HTTP header."""
    if not text:
        return None
    if re.search(r"[^\x21-\x7e]", text):
        raise ValueError(
            "holds a space or a character that no key has: copy it again, alone and without quotes"
        )
    return Secret(text)


def bot_token(text: str) -> Secret | None:
    """Slack's bot token: xoxb-…. One that rotates ends after 12 hours, and nothing here renews it."""
    if re.match(r"xoxe\.xoxb-.", text):
        raise ValueError(
            "is a token that rotates and so ends after 12 hours: switch token rotation off in App Manifest "
            "of your app (token_rotation_enabled: false), reinstall it, and copy the Bot User OAuth Token, "
            "xoxb-…; where Slack does not let it be switched off, create the app anew from manifest.yml"
        )
    return _token(text, "xoxb-", "copy the Bot User OAuth Token from OAuth & Permissions of your app")


def app_token(text: str) -> Secret | None:
    """Slack's app-level token: xapp-…."""
    return _token(
        text, "xapp-", "create an app-level token with connections:write in Basic Information of your app"
    )


def _token(text: str, prefix: str, next_step: str) -> Secret | None:
    if text and not re.match(rf"{prefix}.", text):
        raise ValueError(f"must begin with {prefix}{_seen(text)}: {next_step}")
    return secret(text)


def number(low: int, high: int) -> Callable[[str], int]:
    """Whole numbers from `low` to `high`; underscores may group digits."""

    def read(text: str) -> int:
        # Longer texts are out of range anyway, and int() refuses thousands of digits with words of its own.
        value = int(text.replace("_", "")) if re.fullmatch(r"[0-9][0-9_]{0,20}", text) else None
        if value is None or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {_quoted(text)}")
        return value

    return read


def boolean(text: str) -> bool:
    word = text.casefold()
    if word in ("true", "yes", "1", "on"):
        return True
    if word in ("false", "no", "0", "off"):
        return False
    raise ValueError(f"must be true or false, not {_quoted(text)}")


def one_of(*choices: str) -> Callable[[str], str]:
    """One of some words, in capitals or not."""

    def read(text: str) -> str:
        found = next((choice for choice in choices if choice.lower() == text.lower()), None)
        if found is None:
            raise ValueError(f"must be {', '.join(choices[:-1])} or {choices[-1]}, not {_quoted(text)}")
        return found

    return read


def ids(kinds: str, shown: str) -> Callable[[str], frozenset[str]]:
    """Slack ids that begin with one of `kinds`, separated by commas or spaces."""

    def read(text: str) -> frozenset[str]:
        found = [part for part in re.split(r"[,\s]+", text) if part]
        wrong = [part for part in found if not re.fullmatch(rf"[{kinds}][A-Z0-9]{{2,}}", part)]
        if wrong:
            raise ValueError(
                f"must hold Slack ids ({shown}) separated by commas, not {_quoted(', '.join(wrong))}: copy "
                "the id from the details of the person, group or channel in Slack"
            )
        return frozenset(found)

    return read


def slack_url(text: str) -> str:
    return _url(text) + "/"


def base_url(text: str) -> str:
    """ElevenLabs' API, without a slash at the end."""
    url = _url(text)
    for part in ("/v1/convai/conversations", "/v1/convai", "/v1"):
        if url.endswith(part):
            raise ValueError(f"must not end with {part}: leave that part off, requests add it")
    if urlsplit(url).hostname in ("elevenlabs.io", "www.elevenlabs.io"):
        raise ValueError("is ElevenLabs' website: the API is at https://api.elevenlabs.io")
    return url


def database_url(text: str) -> Secret:
    """`sqlite:///FILE` or `postgresql://…`, which `postgres://` and `postgresql+psycopg://` become."""
    scheme, _, rest = text.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        try:
            parts = urlsplit(f"postgresql://{rest}")
            parts.port  # noqa: B018 - reading it validates it
        except ValueError:
            raise ValueError(
                "has a host or port that cannot be read: write postgresql://user:password@host:5432/name"
            ) from None
        if not parts.path.strip("/"):
            raise ValueError("names no database: write postgresql://user:password@host:5432/name")
        return Secret(f"postgresql://{rest}")
    if scheme == "sqlite":
        name = rest.partition("?")[0]
        if not name.startswith("/") or name in ("/", "/:memory:"):
            raise ValueError("names no file: write sqlite:///bot.db (answers must outlive the process)")
        return Secret(text)
    raise ValueError("must begin with sqlite:/// or postgresql://")


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port  # reading it validates it
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or re.search(r"[^\x21-\x7e]", text):
        raise ValueError("is not a URL: write it like https://host/path")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ValueError(
            "must be only scheme, host and path: leave off user names and everything after ? or #"
        )
    if parts.scheme == "http" and not is_this_machine(host):
        raise ValueError(
            f"must be https: over http the key would travel readable to {host} (http is for this machine)"
        )
    return urlunsplit(SplitResult(parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"), "", ""))


def _seen(token: str) -> str:
    """Tell which other kind of token was given, without showing any of it."""
    kinds = {
        "xoxb-": "a bot token",
        "xoxp-": "a user token",
        "xapp-": "an app-level token",
        "xoxe": "a refresh token",
    }
    return next((f" (this is {kind})" for prefix, kind in kinds.items() if token.startswith(prefix)), "")


def _quoted(text: str) -> str:
    """Repeat a wrong value so that it is recognised, unless it looks like a token in the wrong variable."""
    if re.search(r"xox[a-z]|xapp-|sk_|://", text):
        return "what is there (not shown: it looks like a secret)"
    return f'"{text}"' if len(text) <= _QUOTED else f'"{text[:_QUOTED]}…"'


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
"""Which modes need a variable, and what is said where it is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set: variables in lower case, each with its default as text and its reader."""

    slack_bot_token: Annotated[Secret | None, "", bot_token]
    slack_app_token: Annotated[Secret | None, "", app_token]
    slack_signing_secret: Annotated[Secret | None, "", secret]
    slack_api_url: Annotated[str, "https://slack.com/api/", slack_url]
    """Ends with a slash, as slack_sdk wants it."""
    elevenlabs_api_key: Annotated[Secret | None, "", secret]
    elevenlabs_base_url: Annotated[str, "https://api.elevenlabs.io", base_url]
    """Without a slash at the end and without `/v1`."""
    elevenlabs_concurrency: Annotated[int, "8", number(1, 64)]
    elevenlabs_webhook_secret: Annotated[Secret | None, "", secret]
    database_url: Annotated[Secret, "sqlite:///bot.db", database_url]
    """A secret because it may hold a password."""
    archive_days: Annotated[int, "90", number(0, 3650)]
    cache_rows: Annotated[int, "50000", number(0, 10**7)]
    export_rows: Annotated[int, "10000", number(1, 10**7)]
    alert_seconds: Annotated[int, "60", number(1, 3600)]
    allowed_users: Annotated[frozenset[str], "", ids("UWS", "U…, W… or S…")]
    """Empty: every full member. Ids of people (U, W) and of user groups (S)."""
    allowed_channels: Annotated[frozenset[str], "", ids("CGD", "C…, G… or D…")]
    """Empty: every channel."""
    mask_phone_numbers: Annotated[bool, "true", boolean]
    week_start: Annotated[str, "monday", one_of(*WEEKDAYS)]
    retention_days: Annotated[int, "30", number(1, 3650)]
    port: Annotated[int, "3000", number(0, 65535)]
    log_level: Annotated[str, "INFO", one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")]
    log_format: Annotated[str, "console", one_of("console", "json")]

    @property
    def socket_mode(self) -> bool:
        """Whether `bot run` connects to Slack by Socket Mode; otherwise it serves HTTP."""
        return self.slack_app_token is not None

    @property
    def shared_database(self) -> bool:
        return self.database_url.reveal().startswith("postgresql:")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every configured text that must not be shown, for the redaction of logs. Never print it."""
        values = (getattr(self, variable.name.lower()) for variable in VARIABLES)
        found = {value.reveal() for value in values if isinstance(value, Secret)}
        database_url = self.database_url.reveal()
        if password := re.match(r"[^:]+://[^/@]*?:([^/]*)@", database_url):
            found |= {password[1], unquote(password[1])}
        else:
            found.discard(database_url)
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

        For HTTP and workers a set app token is dropped, so that `socket_mode` says what will happen.
        """
        values = environment() if values is None else values
        if mode in (Mode.HTTP, Mode.WORKER):
            values = {**values, "SLACK_APP_TOKEN": ""}
        settings, problems = cls.read(values)
        ignored = _IGNORED.get(mode, ())
        counted = [problem for problem in problems if not problem.variable.startswith(ignored)]
        malformed = {problem.variable for problem in counted}
        missing = [each for each in settings.missing(mode) if not any(map(each.sentence.count, malformed))]
        if counted or missing:
            raise SettingsError(tuple(problem.sentence for problem in (*counted, *missing)))
        return settings

    def missing(self, mode: Mode) -> tuple[Problem, ...]:
        absent = {name: getattr(self, name.lower()) is None for name in _NEEDED}
        absent["SLACK_APP_TOKEN"] &= self.slack_signing_secret is None  # either of them will do
        absent["DATABASE_URL"] = not self.shared_database
        return tuple(
            Problem(name, sentence)
            for name, (modes, sentence) in _NEEDED.items()
            if mode in modes and absent[name]
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
