"""`bot check`: whether tokens, scopes, key, region, database and archive work: each `ok`, or the next step.

Asks each service once and changes nothing. Facts: auth.test answers with the granted scopes in the header
x-oauth-scopes; apps.connections.open hands out a Socket Mode address and connects nothing.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

import aiohttp
import sqlalchemy as sa
import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import logs
from bot.archive.archive_state import state_of
from bot.clients import network_problems
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import (
    BadAnswer,
    ElevenLabsError,
    MissingScope,
    NotElevenLabs,
    RateLimited,
    Unavailable,
    WrongKey,
    WrongRegion,
)
from bot.model import Selection
from bot.redaction import Redactor, revealed
from bot.settings import APPS, Mode, Problem, Settings, environment
from bot.store.database import sqlalchemy_url, try_to_write
from bot.store.database_connections import START_ERRORS, database_problem, described


class State(Enum):
    """How one line turned out; the value is what is printed."""

    OK = "ok"
    PROBLEM = "problem"
    SKIPPED = "skipped"
    """Not needed, or could not be looked at."""


_COLOURS = {State.OK: "green", State.PROBLEM: "bold red", State.SKIPPED: "dim"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at. `said`: what was found, or what to do next."""

    state: State
    subject: str
    said: str


ok, problem, skipped = (partial(Line, state) for state in State)


def report(lines: Iterable[Line], out: TextIO | None = None) -> int:
    """Print the lines, in colour on a terminal; return the exit code: 1 when there is any problem."""
    lines = list(lines)
    out = sys.stdout if out is None else out
    console = Console(file=out, highlight=False)
    if console.is_terminal:
        table = Table.grid(padding=(0, 2))
        for line in lines:
            state = f"[{_COLOURS[line.state]}]{line.state.value}[/]"
            table.add_row(state, escape(line.subject), escape(line.said))
        console.print(table)
    else:
        width = max((len(line.subject) for line in lines), default=0)
        for line in lines:
            out.write(f"{line.state.value:<7}  {line.subject:<{width}}  {line.said}\n")
    return 1 if any(line.state is State.PROBLEM for line in lines) else 0


HOSTS = (
    "https://api.elevenlabs.io",
    "https://api.us.elevenlabs.io",
    "https://api.eu.residency.elevenlabs.io",
    "https://api.in.residency.elevenlabs.io",
    "https://api.sg.residency.elevenlabs.io",
)
"""ElevenLabs' own hosts. They are tried in turn when a key belongs to another than the one set."""

Opener = Callable[[Settings, str], Conversations]
"""Makes the client for settings and a base URL."""

_SCOPE = "convai_read"
_HOST_SECS = 20.0
"""Seconds for one host, retries included."""


def open_conversations(settings: Settings, base_url: str) -> Conversations:
    """Return a client that keeps nothing."""
    key = revealed(settings.elevenlabs_api_key)
    return Conversations(api_key=key, base_url=base_url, concurrency=1, cache_rows=0)


async def _elevenlabs_key(settings: Settings, open_client: Opener, hosts: Sequence[str]) -> list[Line]:
    """Ask for the newest conversations, and say what the answer means for key, scope and region."""
    if settings.elevenlabs_api_key is None:
        return []
    base_url = settings.elevenlabs_base_url
    accepted, region = ok("ElevenLabs key", "accepted"), ok("ElevenLabs region", base_url)
    refusal = await _ask(settings, open_client, base_url)
    if refusal is None:
        return [accepted, ok("ElevenLabs scope", _SCOPE), region]
    if isinstance(refusal, MissingScope):
        missing = refusal.scope or _SCOPE
        said = f"the key lacks {missing}: edit it in ElevenLabs under Developers > API Keys"
        return [accepted, problem("ElevenLabs scope", said), region]
    if isinstance(refusal, WrongRegion | WrongKey):
        return [await _elsewhere(settings, open_client, hosts, refusal)]
    return [problem("ElevenLabs key", _advice(refusal, base_url))]


async def _ask(settings: Settings, open_client: Opener, base_url: str) -> ElevenLabsError | None:
    async with open_client(settings, base_url) as api:
        try:
            async with asyncio.timeout(_HOST_SECS):
                await api.first(Selection())
        except ElevenLabsError as error:
            return error
        except TimeoutError:
            return Unavailable("no answer in time")
    return None


async def _elsewhere(
    settings: Settings, open_client: Opener, hosts: Sequence[str], refusal: ElevenLabsError
) -> Line:
    """Look for the host that knows the key. It is shown to ElevenLabs' own hosts only."""
    base_url = settings.elevenlabs_base_url
    if urlsplit(base_url).hostname in {urlsplit(host).hostname for host in hosts}:
        for host in hosts:
            if host == base_url:
                continue
            found = await _ask(settings, open_client, host)
            if found is None or isinstance(found, MissingScope):
                said = f"the key belongs to another region: set ELEVENLABS_BASE_URL={host}"
                return problem("ElevenLabs region", said)
    if isinstance(refusal, WrongRegion):
        return problem(
            "ElevenLabs region",
            f"the key belongs to another region than {base_url}: set ELEVENLABS_BASE_URL to the host of your "
            f"workspace, one of {', '.join(host for host in hosts if host != base_url)}",
        )
    return problem(
        "ElevenLabs key",
        f"{base_url} does not know the key: copy it again from Developers > API Keys into ELEVENLABS_API_KEY",
    )


def _advice(refusal: ElevenLabsError, base_url: str) -> str:
    if isinstance(refusal, RateLimited):
        return "ElevenLabs is limiting requests: try again in a minute"
    if isinstance(refusal, NotElevenLabs):
        return (
            f"what answers at {base_url} is not ElevenLabs' API: set ELEVENLABS_BASE_URL to {HOSTS[0]} or "
            "the host of your workspace's region, and look at the proxy if there is one"
        )
    if isinstance(refusal, Unavailable | BadAnswer):
        return f"{base_url} does not answer as ElevenLabs does: check the network and ELEVENLABS_BASE_URL"
    return f"{refusal}: look at the plan, and at the rights of the key's owner, in ElevenLabs"


_UNREACHABLE = (
    SlackClientError,
    aiohttp.ClientError,
    OSError,  # also TimeoutError
    ValueError,
    AttributeError,  # slack_sdk 3.47, given an answer that is text
)
_SLACK_SECS = 10


def manifest_scopes() -> frozenset[str]:
    """Return the bot scopes of manifest.yml: of the one packaged with `bot`, or of the checkout's."""
    packaged = resources.files("bot") / "manifest.yml"
    source = packaged if packaged.is_file() else Path(__file__).parents[1] / "manifest.yml"
    manifest: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


async def _bot_token(settings: Settings) -> list[Line]:
    """Ask Slack whom the bot token stands for, and what it may do."""
    subject = "Slack bot token"
    token = settings.slack_bot_token
    if token is None:
        return []
    client = AsyncWebClient(token=token.reveal(), base_url=settings.slack_api_url, timeout=_SLACK_SECS)
    answer = await _asked(client.auth_test(), settings, "SLACK_BOT_TOKEN", "the Bot User OAuth Token")
    if isinstance(answer, str):
        return [problem(subject, answer)]
    if answer.get("is_enterprise_install") is True or not answer.get("team_id"):
        said = (
            "the app is installed for a whole organization, which is not supported: install it in a single "
            f"workspace, under Install App at {APPS}, and set SLACK_BOT_TOKEN to the token of that workspace"
        )
        return [problem(subject, said)]
    who = f"{answer.get('user')} in {answer.get('team')} ({answer.get('team_id')})"
    return [ok(subject, who), _scopes(answer.headers)]


def _scopes(headers: dict[str, Any]) -> Line:
    subject = "Slack scopes"
    said = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    if said is None:
        return skipped(subject, "Slack did not say which scopes the token has")
    granted = {scope.strip() for scope in str(said).split(",")} - {""}
    wanted = manifest_scopes()
    if missing := sorted(wanted - granted):
        return problem(
            subject,
            f"the token lacks {', '.join(missing)}: paste manifest.yml into App Manifest of your app at "
            f"{APPS}, then reinstall it under Install App",
        )
    unused = sorted(granted - wanted)
    also = f"; granted but not needed: {', '.join(unused)}" if unused else ""
    return ok(subject, f"all {len(wanted)} of manifest.yml{also}")


async def _transport(settings: Settings, mode: Mode) -> list[Line]:
    """Look at the app token if Socket Mode is to be used, else at the signing secret."""
    if settings.slack_app_token is None or mode is not Mode.RUN:
        if settings.slack_signing_secret is None:
            return []
        return [ok("Slack signing secret", "set, for HTTP; Slack's first request proves it")]
    subject = "Slack app token"
    client = AsyncWebClient(base_url=settings.slack_api_url, timeout=_SLACK_SECS)
    opening = client.apps_connections_open(app_token=settings.slack_app_token.reveal())
    answer = await _asked(opening, settings, "SLACK_APP_TOKEN", "an app-level token")
    if isinstance(answer, str):
        return [problem(subject, answer)]
    return [ok(subject, "opens Socket Mode connections")]


async def _asked(
    asking: Awaitable[AsyncSlackResponse], settings: Settings, variable: str, what: str
) -> AsyncSlackResponse | str:
    """Return what Slack answers, or what to do about a refusal of the token in this variable."""
    try:
        return await asking
    except SlackApiError as error:
        data = error.response.data if isinstance(error.response.data, dict) else {}
    except _UNREACHABLE:
        return (
            f"{settings.slack_api_url} does not answer as Slack does: check the network, a proxy's settings "
            "and SLACK_API_URL"
        )
    code = str(data.get("error") or "something that is no Web API answer")
    if code == "missing_scope":
        missing = data.get("needed") or "connections:write"
        return f"Slack says {code}: give the token {missing} in Basic Information of your app at {APPS}"
    if code == "ratelimited":
        return "Slack is limiting requests: try again in a minute"
    return f"Slack says {code}: copy {what} from your app at {APPS} again and set {variable} to it"


def _database_and_archive(settings: Settings) -> list[Line]:
    """Look at the database, and where it works at what it keeps. Blocks: call it in a thread."""
    database = _database(settings)
    return [database] if database.state is State.PROBLEM else [database, *_archive(settings)]


def _database(settings: Settings) -> Line:
    """Write into the database and take it back. A SQLite file is not created."""
    url = sa.make_url(sqlalchemy_url(settings.database_url.reveal()))
    shown = described(url)
    file = Path(url.database or "")
    if url.get_backend_name() == "sqlite" and not url.query.get("uri") and not file.exists():
        if os.access(file.absolute().parent, os.W_OK):
            return ok("database", f"{shown} (made at the first start)")
        return problem("database", f"{shown} cannot be made: choose a folder that this user may write to")
    try:
        try_to_write(settings.database_url.reveal())
    except START_ERRORS as error:
        return problem("database", database_problem(url, error))
    return ok("database", shown)


def _archive(settings: Settings) -> list[Line]:
    """Say what is kept in the database; what is wrong with that, its own line says."""
    if not settings.archive_days:
        return [ok("archive", "none (ARCHIVE_DAYS=0)")]
    try:
        state = state_of(settings.database_url.reveal())
    except START_ERRORS:
        return []
    return [ok("archive", f"keeps {settings.archive_days} days: {state.words(time.time())}")]


async def check(
    settings: Settings,
    problems: Sequence[Problem] = (),
    *,
    mode: Mode = Mode.RUN,
    open_client: Opener = open_conversations,
    hosts: Sequence[str] = HOSTS,
) -> list[Line]:
    """Look at everything that `mode` needs. `settings` and `problems` are what `Settings.read` returned."""
    unread = [problem(found.variable, found.sentence) for found in problems]
    named = {found.variable for found in problems}
    unset = [
        problem(found.variable, found.sentence)
        for found in settings.missing(mode)
        if found.variable not in named
    ]
    network = [problem(found.variable, found.sentence) for found in network_problems(settings)]
    # A service whose address cannot be read is not asked: the default would be the wrong one.
    looks: list[Awaitable[list[Line]]] = []
    if "SLACK_API_URL" not in named:
        looks += [_bot_token(settings), _transport(settings, mode)]
    if not network and "ELEVENLABS_BASE_URL" not in named:
        looks.append(_elevenlabs_key(settings, open_client, hosts))
    if "DATABASE_URL" not in named:
        looks.append(asyncio.to_thread(_database_and_archive, settings))
    parts = await asyncio.gather(*looks)
    lines = [*unread, *unset, *network, *(line for part in parts for line in part)]
    if not unread:
        lines.insert(0, ok("settings", "every variable can be read"))
    redactor = Redactor(settings.secrets)
    return [replace(line, said=redactor.line(line.said)) for line in lines]


def run_check() -> int:
    """Check what the environment and `.env` hold, print the lines, and return the exit code."""
    settings, problems = Settings.read(environment())
    # The lines say what matters; what libraries say to it is of interest only when asked for.
    level = "DEBUG" if settings.log_level == "DEBUG" else "CRITICAL"
    logs.configure(level, settings.log_format, secrets=settings.secrets)
    return report(asyncio.run(check(settings, problems)))
