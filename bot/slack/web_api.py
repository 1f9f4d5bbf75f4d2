"""One way to call Slack's Web API: retried where that helps, its refusals as ReplyError.

Slack's own SDK retries only dropped connections unless told otherwise; here also 429 (waiting Retry-After)
and 5xx.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.ports import ReplyError
from bot.model import Message
from bot.slack.addresses import is_slack

T = TypeVar("T")

BLOCK_ERRORS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
"""Refusals after which the same words are tried in plainer blocks."""

FOR_NOW = frozenset(
    {"slack_failed", "internal_error", "fatal_error", "request_timeout", "service_unavailable"}
)
"""Codes that say nothing about the request: the next try may go well."""
AGAIN = 2
_PAUSE_SECS = 0.3
_TEXT_LIMIT = 3_900
STAND_IN_LACKS = "unknown_method"
"""A stand-in for Slack has no such method: what it would say is taken as allowed. Slack itself has them all,
so from there this code never comes; a proxy's 404 is trouble like any other."""
CALL_SECS = 30.0
"""How long Slack may take to answer a call."""


RATE_LIMITED = "ratelimited"


def slack_session(secs: float = CALL_SECS) -> aiohttp.ClientSession:
    """Return the session that calls of Slack share.

    Slack's SDK keeps its own `timeout` only in sessions that it makes itself; aiohttp's is five minutes.
    """
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=secs, sock_connect=min(secs, 10)))


def web_client(token: str | None, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return Slack's client with this project's retries; `base_url` ends with a slash."""
    return AsyncWebClient(
        token=token,
        base_url=base_url,
        session=session,
        retry_handlers=[
            AsyncConnectionErrorRetryHandler(max_retry_count=2),
            AsyncRateLimitErrorRetryHandler(max_retry_count=4),
            AsyncServerErrorRetryHandler(max_retry_count=3),
        ],
    )


def with_retries(client: AsyncWebClient, *handlers: AsyncRetryHandler) -> AsyncWebClient:
    """Return the same client with other retries."""
    return AsyncWebClient(
        token=client.token, base_url=client.base_url, session=client.session, retry_handlers=list(handlers)
    )


def unhurried(client: AsyncWebClient) -> AsyncWebClient:
    """Return a client that leaves it to its caller what to do about a 429."""
    return with_retries(
        client,
        *(each for each in client.retry_handlers if not isinstance(each, AsyncRateLimitErrorRetryHandler)),
    )


async def call(
    method: Callable[..., Awaitable[Any]], *, again: int = AGAIN, **arguments: Any
) -> dict[str, Any]:
    """Call one Web API method. Raises ReplyError with Slack's code, `slack_unreachable` or `slack_failed`.

    What the SDK does not repeat, an answer that cannot be read and Slack's own internal errors, is repeated
    `again` times: 0 for what must not happen twice.
    """
    for attempt in range(again + 1):
        try:
            return await _call(method, arguments)
        except ReplyError as refused:
            if refused.code not in FOR_NOW or attempt == again:
                raise
            await asyncio.sleep(_PAUSE_SECS * 2**attempt)
    raise AssertionError  # the last try returned or raised


async def _call(method: Callable[..., Awaitable[Any]], arguments: dict[str, Any]) -> dict[str, Any]:
    name = getattr(method, "__name__", "").replace("_", ".", 1)
    try:
        response = await method(**arguments)
    except SlackApiError as error:
        raise ReplyError(_code(error), name, retry_after=_retry_after(error)) from None
    except (TimeoutError, aiohttp.ClientError, OSError):
        raise ReplyError("slack_unreachable", name) from None
    except (SlackClientError, ValueError, AttributeError):
        # AttributeError: slack_sdk takes an answer that is no JSON object for one.
        raise ReplyError("slack_failed", name) from None
    data: dict[str, Any] = response.data if isinstance(response.data, dict) else {}
    return data


async def with_fallbacks(message: Message, send: Callable[[list[dict[str, object]]], Awaitable[T]]) -> T:
    """Send a message's blocks; those that Slack refuses are tried plainer, then left out."""
    for blocks in (message.blocks, *message.fallbacks):
        try:
            return await send(list(blocks))
        except ReplyError as refused:
            if refused.code not in BLOCK_ERRORS:
                raise
    return await send([])


async def say(
    method: Callable[..., Awaitable[Any]], message: Message, *, again: int = AGAIN, **arguments: Any
) -> dict[str, Any]:
    """Post or update a message."""
    text = message.text[:_TEXT_LIMIT]
    return await with_fallbacks(
        message, lambda blocks: call(method, again=again, text=text, blocks=blocks, **arguments)
    )


def _code(error: SlackApiError) -> str:
    """Return Slack's error code; an answer that is no JSON (a proxy's page, a 5xx) has none."""
    data, status = getattr(error.response, "data", None), getattr(error.response, "status_code", 0)
    if isinstance(data, dict) and data.get("error"):
        code = str(data["error"])
    else:
        code = {404: STAND_IN_LACKS, 429: RATE_LIMITED}.get(status, "slack_failed")
    if code == STAND_IN_LACKS and is_slack(getattr(error.response, "api_url", "")):
        return "slack_failed"
    return code


def _retry_after(error: SlackApiError) -> float:
    """Return the seconds that Slack wants to be left alone for; 0 when it does not say."""
    said = dict(getattr(error.response, "headers", None) or {})
    found = next((value for name, value in said.items() if str(name).lower() == "retry-after"), "")
    return float(found) if str(found).isdecimal() else 0.0
