"""What must not happen twice: posting a message, sharing a file.

A message carries the mark of its answer as metadata; a file, which can carry none, is known by its name in
the thread of its answer, since that was asked for. Where it may have been done already (a process died, or
Slack's yes got lost on the way), the conversation is read first. The app may read its direct messages only;
in a channel Slack refuses (`missing_scope`), and a repeat there is possible.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.ports import Filed, Mark, ReplyError
from bot.slack.slack_api import FOR_NOW, call

log = structlog.get_logger(__name__)

T = TypeVar("T")

EVENT_TYPE = "conversations_answer"
UNCERTAIN = FOR_NOW | {"slack_unreachable"}
"""Codes after which Slack may or may not have done what was asked."""
_TRIES = 3
_PAUSE_SECS = 0.5
_MARGIN_SECS = 120
"""Slack's clock and ours need not agree."""
_PAGES = 5


async def do_once(
    mark: Mark | None, look: Callable[[], Awaitable[T | None]], effect: Callable[[], Awaitable[T]]
) -> T:
    """Do something once, looking first whether it was done before. Raises ReplyError."""
    if mark is not None and mark.look and (found := await look()) is not None:
        log.info("done already", step=mark.step)
        return found
    for attempt in range(_TRIES):
        try:
            return await effect()
        except ReplyError as refused:
            if refused.code not in UNCERTAIN or attempt == _TRIES - 1:
                raise
            await asyncio.sleep(_PAUSE_SECS * 2**attempt)
            if mark is not None and (found := await look()) is not None:
                return found
    raise AssertionError  # the last try returned or raised


def metadata(mark: Mark, part: str) -> dict[str, Any]:
    """Return what a message carries to be recognised by."""
    return {"event_type": EVENT_TYPE, "event_payload": {"answer": mark.answer, "part": part}}


async def find_message(
    client: AsyncWebClient, mark: Mark, part: str, *, channel_id: str, thread_ts: str | None
) -> dict[str, Any] | None:
    """Return our message with this mark, or None when there is none or Slack does not let us look."""
    wanted = metadata(mark, part)
    async for message in _messages(client, mark, channel_id, thread_ts):
        carried = message.get("metadata")
        if isinstance(carried, dict) and {key: carried.get(key) for key in wanted} == wanted:
            return message
    return None


async def find_file(
    client: AsyncWebClient, mark: Mark, name: str, *, channel_id: str, thread_ts: str | None
) -> Filed | None:
    """Return our file of this name, or None when there is none or Slack does not let us look."""
    async for message in _messages(client, mark, channel_id, thread_ts):
        for file in message.get("files") or ():
            if isinstance(file, dict) and file.get("name") == name and file.get("id"):
                return Filed(file_id=str(file["id"]), channel_id=channel_id)
    return None


async def _messages(
    client: AsyncWebClient, mark: Mark, channel_id: str, thread_ts: str | None
) -> AsyncIterator[dict[str, Any]]:
    """Yield what stands in a conversation or thread since the answer was asked for."""
    arguments: dict[str, Any] = {
        "channel": channel_id,
        "include_all_metadata": True,
        "limit": 200,
        "oldest": f"{mark.since - _MARGIN_SECS:.6f}",
    }
    if thread_ts:
        arguments["ts"] = thread_ts
    method = client.conversations_replies if thread_ts else client.conversations_history
    for _ in range(_PAGES):
        try:
            page = await call(method, **arguments)
        except ReplyError as refused:
            log.info("cannot look", code=refused.code)
            return
        for message in page.get("messages") or ():
            if isinstance(message, dict):
                yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
        arguments["cursor"] = cursor
