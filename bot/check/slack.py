"""Slack's part of `bot check`: the bot token, its scopes against manifest.yml, and the transport's secret.

Facts: auth.test answers with the granted scopes in the header x-oauth-scopes; apps.connections.open hands
out a Socket Mode address and connects nothing (Slack's reference of both methods).
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.check.lines import Line, ok, problem, skipped
from bot.settings import Mode, Settings

_APPS = "https://api.slack.com/apps"
_UNREACHABLE = (
    SlackClientError,
    aiohttp.ClientError,
    OSError,  # also TimeoutError
    ValueError,
    AttributeError,  # slack_sdk 3.47, given an answer that is text
)
_TIMEOUT = 10


def manifest_scopes() -> frozenset[str]:
    """Return the bot scopes of manifest.yml: of the one packaged with `bot`, or of the checkout's."""
    packaged = resources.files("bot") / "manifest.yml"
    source = packaged if packaged.is_file() else Path(__file__).parents[2] / "manifest.yml"
    manifest: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


async def bot_token(settings: Settings) -> list[Line]:
    """Ask Slack whom the bot token stands for, and what it may do."""
    subject = "Slack bot token"
    token = settings.slack_bot_token
    if token is None:
        return []
    client = AsyncWebClient(token=token.reveal(), base_url=settings.slack_api_url, timeout=_TIMEOUT)
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        return [problem(subject, _refused(error, "SLACK_BOT_TOKEN", "the Bot User OAuth Token"))]
    except _UNREACHABLE:
        return [problem(subject, _unreachable(settings))]
    who = f"{answer.get('user')} in {answer.get('team')} ({answer.get('team_id')})"
    return [ok(subject, who), _scopes(answer.headers)]


def _scopes(headers: dict[str, Any]) -> Line:
    subject = "Slack scopes"
    said = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    if said is None:
        return skipped(subject, "Slack did not say which scopes the token has")
    granted = {scope.strip() for scope in str(said).split(",")} - {""}
    wanted = manifest_scopes()
    if lacking := sorted(wanted - granted):
        return problem(
            subject,
            f"the token lacks {', '.join(lacking)}: paste manifest.yml into App Manifest of your app at "
            f"{_APPS}, then reinstall it under Install App",
        )
    unused = sorted(granted - wanted)
    also = f"; granted but not needed: {', '.join(unused)}" if unused else ""
    return ok(subject, f"all {len(wanted)} of manifest.yml{also}")


async def transport(settings: Settings, mode: Mode) -> list[Line]:
    """Look at the app token if Socket Mode is to be used, else at the signing secret."""
    if settings.slack_app_token is None or mode is not Mode.RUN:
        if settings.slack_signing_secret is None:
            return []
        return [ok("Slack signing secret", "set, for HTTP; Slack's first request proves it")]
    subject = "Slack app token"
    client = AsyncWebClient(base_url=settings.slack_api_url, timeout=_TIMEOUT)
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.reveal())
    except SlackApiError as error:
        return [problem(subject, _refused(error, "SLACK_APP_TOKEN", "an app-level token"))]
    except _UNREACHABLE:
        return [problem(subject, _unreachable(settings))]
    return [ok(subject, "opens Socket Mode connections")]


def _refused(error: SlackApiError, variable: str, what: str) -> str:
    data = error.response.data if isinstance(error.response.data, dict) else {}
    code = str(data.get("error") or "something that is no Web API answer")
    if code == "missing_scope":
        lacking = data.get("needed") or "connections:write"
        return f"Slack says {code}: give the token {lacking} in Basic Information of your app at {_APPS}"
    if code == "ratelimited":
        return "Slack is limiting requests: try again in a minute"
    return f"Slack says {code}: copy {what} from your app at {_APPS} again and set {variable} to it"


def _unreachable(settings: Settings) -> str:
    return (
        f"{settings.slack_api_url} does not answer as Slack does: check the network, a proxy's settings and "
        "SLACK_API_URL"
    )
