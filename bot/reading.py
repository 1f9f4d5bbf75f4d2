"""How one setting's text is read: each reader returns the value or raises ValueError.

The error's text is the end of a sentence that begins with the variable's name ("PORT must be …"). It
never repeats a secret.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit, urlunsplit

_QUOTED = 40
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Secret:
    """A text that shows itself only when asked to. It can be neither printed nor pickled by accident."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        return self.__text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.__text

    def __hash__(self) -> int:
        return hash(self.__text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled: checkpoints and messages hold no secrets")


def revealed(secret: Secret | None) -> str:
    """Return the text of a secret; "" for none."""
    return "" if secret is None else secret.reveal()


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
        if not re.fullmatch(r"[0-9][0-9_]{0,20}", text) or not low <= int(text.replace("_", "")) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {_quoted(text)}")
        return int(text.replace("_", ""))

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
    """Slack's Web API, with a slash at the end."""
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
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it validates it
    except ValueError:
        raise ValueError("is not a URL: write it like https://host/path") from None
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


def is_this_machine(host: str) -> bool:
    """Whether a host is a loopback address, or a name of one."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


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
