"""Slack's Web API: which Slack it is, one way to call it, its refusals as ReplyError, a message's fallbacks.

Slack's own SDK retries only dropped connections unless told otherwise; here also 429 (waiting Retry-After)
and 5xx.

Slack counts chat.update for the whole app, not for each message: it takes some fifty a minute and answers 429
to more. What must be seen (an answer's end, a page that was turned) goes at once, and is tried again for
minutes. Progress has what is left: it takes its turn or is left out, and is never tried again, since the next
says more.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from math import inf
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import aiohttp
from cachetools import LRUCache, TTLCache
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
from bot.proxy import is_this_machine, proxy_for

T = TypeVar("T")

SLACK_DOMAINS = frozenset({"slack.com", "slack-gov.com"})
"""Slack's own; answers are posted to `hooks.` of them."""
FOR_NOW = frozenset(
    {"slack_failed", "internal_error", "fatal_error", "request_timeout", "service_unavailable"}
)
"""Codes that say nothing about the request: the next try may go well."""
RATE_LIMITED = "ratelimited"
NO_SUCH_METHOD = "unknown_method"
"""A stand-in for Slack may have no such method: what it would say is taken as allowed. Slack has them all, so
from there this code never comes; a proxy's 404 is an error like any other."""
_CODES_OF_STATUS = {404: NO_SUCH_METHOD, 429: RATE_LIMITED}
"""Of answers that are no JSON, such as a proxy's page."""
RETRIES = 2
_PAUSE_SECS = 0.3
CALL_SECS = 30.0
"""How long Slack may take to answer a call."""


def slack_domain(api_url: str) -> str | None:
    """Return Slack's domain that a Web API is at; None for a stand-in."""
    domain = ".".join((urlsplit(api_url).hostname or "").rstrip(".").split(".")[-2:])
    return domain if domain in SLACK_DOMAINS else None


def may_post_to(url: str, api_url: str) -> bool:
    """Whether a response_url belongs to the Slack whose Web API is at `api_url`: https://hooks.slack.com.

    A stand-in for it may answer on its own host, whatever the port, or if on this machine, anywhere on it.
    """
    try:
        to, api = urlsplit(url), urlsplit(api_url)
        host, api_host = to.hostname or "", api.hostname or ""
        _ = to.port  # reading it validates it
    except ValueError:
        return False
    if to.scheme not in ("http", "https") or not host or to.username is not None or to.password is not None:
        return False
    if (domain := slack_domain(api_url)) is not None:
        return to.scheme == "https" and host == f"hooks.{domain}" and to.port in (None, 443)
    if api.scheme == "https" and to.scheme != "https":
        return False
    return host == api_host or (is_this_machine(host) and is_this_machine(api_host))


def slack_session(secs: float = CALL_SECS) -> aiohttp.ClientSession:
    """Return the session that calls share: Slack's SDK keeps its `timeout` only in sessions of its own."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=secs, sock_connect=min(secs, 10)))


RETRY_DROPPED = AsyncConnectionErrorRetryHandler(max_retry_count=2)
RETRY_LIMITED = AsyncRateLimitErrorRetryHandler(max_retry_count=4)
RETRY_FAILED = AsyncServerErrorRetryHandler(max_retry_count=3)


def web_client(
    token: str | None, base_url: str, session: aiohttp.ClientSession, *handlers: AsyncRetryHandler
) -> AsyncWebClient:
    """Return Slack's client, with this project's retries or others; `base_url` ends with a slash."""
    again = list(handlers or (RETRY_DROPPED, RETRY_LIMITED, RETRY_FAILED))
    client = AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=again)
    client.proxy = proxy_for(base_url)
    return client


@contextlib.contextmanager
def narrowing(method: str) -> Iterator[None]:
    """Raise what Slack's SDK and the network raise as ReplyError: Slack's code, or one of ours."""
    try:
        yield
    except SlackApiError as error:
        headers = dict(getattr(error.response, "headers", None) or {})
        wait = next((each for name, each in headers.items() if str(name).lower() == "retry-after"), "")
        retry_after = float(wait) if str(wait).isdecimal() else 0.0
        raise ReplyError(_code(error), method, retry_after=retry_after) from None
    except (TimeoutError, aiohttp.ClientError, OSError):
        raise ReplyError("slack_unreachable", method) from None
    # AttributeError: slack_sdk takes an answer that is no JSON object for one.
    except (SlackClientError, ValueError, AttributeError):
        raise ReplyError("slack_failed", method) from None


async def call(
    method: Callable[..., Awaitable[Any]], *, retries: int = RETRIES, **arguments: Any
) -> dict[str, Any]:
    """Call a Web API method. Raises ReplyError with Slack's code, `slack_unreachable` or `slack_failed`.

    What the SDK does not repeat (unreadable answers, Slack's internal errors) is, `retries` times.
    """
    name = getattr(method, "__name__", "").replace("_", ".", 1)
    for attempt in range(retries + 1):
        try:
            with narrowing(name):
                response = await method(**arguments)
            return response.data if isinstance(response.data, dict) else {}
        except ReplyError as refused:
            if refused.code not in FOR_NOW or attempt == retries:
                raise
            await asyncio.sleep(_PAUSE_SECS * 2**attempt)
    raise AssertionError  # the last try returned or raised


def _code(error: SlackApiError) -> str:
    """Return Slack's error code; an answer that is no JSON (a proxy's page, a 5xx) has none."""
    data, status = getattr(error.response, "data", None), getattr(error.response, "status_code", 0)
    if isinstance(data, dict) and data.get("error"):
        code = str(data["error"])
    else:
        code = _CODES_OF_STATUS.get(status, "slack_failed")
    if code == "invalid_arguments" and "trigger_id" in str(data):
        return "expired_trigger_id"  # Slack says so of one that it no longer knows
    if code == NO_SUCH_METHOD and slack_domain(getattr(error.response, "api_url", "")):
        return "slack_failed"
    return code


async def pages(
    method: Callable[..., Awaitable[Any]], most: int, **arguments: Any
) -> AsyncIterator[dict[str, Any]]:
    """Give the pages of a method's answer, so many at most. Raises ReplyError."""
    cursor = None
    for _ in range(most):
        page = await call(method, cursor=cursor, **arguments)
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return


_UNKNOWN_BLOCK = frozenset({"invalid_blocks", "invalid_blocks_format"})
_TOO_LONG = frozenset({"msg_blocks_too_long", "msg_too_long"})
"""Says something of this one message only."""
_SHOWN_ALIKE = frozenset({"raw_number"})
"""Cells that are as long without it."""
_REMEMBERED_SECS = 3600.0


class Fallbacks:
    """What workspaces refused within the last hour. `clock` gives seconds.

    Slack brings new kinds of blocks to one workspace after the other, and refuses a message for one block.
    Each form of a message is tried once; an hour later it is tried again.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._refused: TTLCache[tuple[str, frozenset[str]], None] = TTLCache(
            10_000, ttl=_REMEMBERED_SECS, timer=clock
        )

    async def send(self, team_id: str, message: Message, send: Callable[..., Awaitable[T]]) -> T:
        """Send a message's `blocks`; those that Slack refuses are tried plainer, then left out."""
        refused: list[frozenset[str]] = []
        too_long: list[frozenset[str]] = []
        for blocks in (message.blocks, *message.fallbacks):
            tables = [cast("list[Any]", block["rows"]) for block in blocks if block["type"] == "data_table"]
            cells = {cell["type"] for rows in tables for row in rows for cell in row}
            kinds = frozenset({str(block["type"]) for block in blocks} | (cells & _SHOWN_ALIKE))
            known = [*too_long, *(those for team, those in self._refused if team == team_id)]
            if any(kinds >= those for those in known):
                continue
            try:
                sent = await send(blocks=list(blocks))
            except ReplyError as error:
                if error.code in _UNKNOWN_BLOCK:
                    refused.append(kinds)
                elif error.code in _TOO_LONG:
                    too_long.append(kinds - _SHOWN_ALIKE)
                else:
                    raise
            else:
                # What a plainer form of the same message has as well was not the reason.
                for those in filter(None, (each - kinds for each in refused)):
                    self._refused[team_id, those] = None
                return sent
        return await send(blocks=[])


PER_MINUTE = 40.0
"""Updates with progress of all processes together; Slack documents fifty and more."""
_BURST = 6.0
_RESERVE = 2.0
"""Turns that progress leaves to what must be seen."""
_TRIED_SECS = 300.0
"""How long what must be seen is tried."""
_LEAST_SECS = 0.2
_ASKS_AGAIN_SECS = 5.0
"""Progress that had no turn asks again sooner than this; else its message is done."""

Send = Callable[[], Awaitable[Any]]
"""Updates one message. Raises ReplyError; when it is one too many, with Slack's Retry-After."""


class Updates:
    """The turns of one process. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._per_sec = PER_MINUTE / 60
        self._turns, self._counted_at = _BURST, clock()
        self._closed_until = -inf
        self._line = asyncio.Lock()
        self._waiting = 0
        self._shown: LRUCache[str, float] = LRUCache(10_000)
        self._refused: dict[str, float] = {}

    def among(self, processes: int) -> None:
        """Say how many processes answer: each has its share of the turns."""
        self._count()
        self._per_sec = PER_MINUTE / 60 / max(1, processes)

    async def needed(self, send: Send) -> None:
        """Update what must be seen, in the order of asking. Raises ReplyError once it would be too late."""
        give_up = self._clock() + _TRIED_SECS
        sent = False
        while not sent:
            if self._clock() < self._closed_until:
                await self._reopened(give_up)
            self._count()
            self._turns = max(self._turns - 1, -_BURST)
            sent = await self.progress(send)

    async def progress(self, send: Send) -> bool:
        """Update a message, in the turn that it took; False when it was one too many, for a while then."""
        try:
            await send()
        except ReplyError as refused:
            if refused.code != RATE_LIMITED:
                raise
            self._turns = min(self._turns, 0.0)
            wait = max(_LEAST_SECS, refused.retry_after)
            self._closed_until = max(self._closed_until, self._clock() + wait)
            return False
        return True

    def take_turn(self, message: str) -> bool:
        """Take a turn for progress, unless it belongs to messages that were shown longer ago and ask too."""
        now = self._count()
        shown = self._shown.get(message, -inf)
        self._refused = {key: at for key, at in self._refused.items() if now - at < _ASKS_AGAIN_SECS}
        before = sum(key != message and self._shown.get(key, -inf) < shown for key in self._refused)
        if now < self._closed_until or self._turns - _RESERVE - before < 1:
            self._refused[message] = now
            return False
        self._turns -= 1
        self._shown[message] = now
        self._refused.pop(message, None)
        return True

    def _count(self) -> float:
        """Add the turns that have come since; returns the time."""
        now = self._clock()
        self._turns = min(_BURST, self._turns + (now - self._counted_at) * self._per_sec)
        self._counted_at = now
        return now

    async def _reopened(self, give_up: float) -> None:
        """Wait until Slack takes updates again; then one after the other, as fast as it takes them."""
        self._waiting += 1
        try:
            self._check(give_up)
            async with self._line:
                while (wait := self._closed_until - self._clock()) > 0:
                    self._check(give_up)
                    await asyncio.sleep(wait)
                if self._waiting > 1:
                    self._closed_until = self._clock() + 1 / self._per_sec
        finally:
            self._waiting -= 1

    def _check(self, give_up: float) -> None:
        if max(self._closed_until, self._clock()) > give_up:
            raise ReplyError(RATE_LIMITED, "chat.update")
