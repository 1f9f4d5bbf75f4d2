"""What must not happen twice: posting a message, uploading a file.

A message carries the mark of its answer as metadata; a file, which can carry none, is known by its name in
the thread of its answer, since that was asked for. Where it may have been done already (a process died, or
Slack's yes got lost on the way), the conversation is read first. The app may read its direct messages only;
in a channel Slack refuses (`missing_scope`), and a repeat there is possible.

Files go by Slack's own three calls (docs: "Working with files"): ask for an upload address, send the bytes
there, complete the upload into a thread. Its SDK's helper holds the whole file in memory and cannot stream.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, TypeVar

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.ports import Filed, Mark, Posted, ReplyError, Upload
from bot.proxy import proxy_for
from bot.slack.slack_api import FOR_NOW, call, pages

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
_CHUNK = 256 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=120)


async def do_once(
    mark: Mark | None, look: Callable[[Mark], Awaitable[T | None]], effect: Callable[[], Awaitable[T]]
) -> T:
    """Do something once, looking first whether it was done before. Raises ReplyError."""
    if mark is not None and mark.look and (found := await look(mark)) is not None:
        log.info("done already", step=mark.step)
        return found
    for attempt in range(_TRIES):
        try:
            return await effect()
        except ReplyError as refused:
            if refused.code not in UNCERTAIN or attempt == _TRIES - 1:
                raise
            await asyncio.sleep(_PAUSE_SECS * 2**attempt)
            if mark is not None and (found := await look(mark)) is not None:
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


async def _messages(
    client: AsyncWebClient, mark: Mark, channel_id: str, thread_ts: str | None
) -> AsyncIterator[dict[str, Any]]:
    """Yield what stands in a conversation or thread since the answer was asked for."""
    method = client.conversations_replies if thread_ts else client.conversations_history
    arguments: dict[str, Any] = {"channel": channel_id, **({"ts": thread_ts} if thread_ts else {})}
    arguments |= {"include_all_metadata": True, "limit": 200, "oldest": f"{mark.since - _MARGIN_SECS:.6f}"}
    try:
        async for page in pages(method, _PAGES, **arguments):
            for message in page.get("messages") or ():
                if isinstance(message, dict):
                    yield message
    except ReplyError as refused:
        log.info("cannot look", code=refused.code)


class Uploads:
    """Sends files. `posting_client` is for what must not be repeated blindly."""

    def __init__(
        self, client: AsyncWebClient, posting_client: AsyncWebClient, session: aiohttp.ClientSession
    ) -> None:
        self._client = client
        self._posting_client = posting_client
        self._session = session

    async def upload(self, mark: Mark | None, file: Upload, posted: Posted) -> Filed:
        """Upload a file into the thread of a message or a channel, once. Raises ReplyError."""
        look = partial(self._look, file, posted)
        if mark is not None and mark.look and (found := await look(mark)) is not None:
            return found
        for attempt in range(_TRIES):
            file_id = await self._send(file)
            try:
                complete = partial(self._complete, file_id, file, posted, itertools.count())
                return await do_once(mark, look, complete)
            except ReplyError as refused:
                # Its bytes did not arrive although something on the way said so: they are sent again.
                if refused.code != "file_not_found" or attempt == _TRIES - 1:
                    raise
        raise AssertionError  # the last try returned or raised

    async def _look(self, file: Upload, posted: Posted, mark: Mark) -> Filed | None:
        """Return our file of this name, or None when there is none or Slack does not let us look."""
        async for message in _messages(self._client, mark, posted.channel_id, posted.thread or None):
            for each in message.get("files") or ():
                if isinstance(each, dict) and each.get("name") == file.filename and each.get("id"):
                    return Filed(file_id=str(each["id"]), channel_id=posted.channel_id)
        return None

    async def _complete(self, file_id: str, file: Upload, posted: Posted, tries: Iterator[int]) -> Filed:
        first, url = next(tries) == 0, None
        try:
            done = await call(
                self._posting_client.files_completeUploadExternal,
                retries=0,
                files=[{"id": file_id, "title": file.title}],
                channel_id=posted.channel_id,
                thread_ts=posted.thread or None,
                initial_comment=file.words or None,
            )
            files = [each for each in done.get("files") or () if isinstance(each, dict)]
            url = str(files[0]["permalink"]) if files and files[0].get("permalink") else None
        except ReplyError as refused:
            # What is completed is no longer there to be completed: an earlier try did it.
            if first or refused.code != "file_not_found":
                raise
        return Filed(file_id=file_id, channel_id=posted.channel_id, url=url)

    async def _send(self, file: Upload) -> str:
        """Send the bytes and return the file's id. Nobody sees the file until it is completed."""
        length = await asyncio.to_thread(file.content.seek, 0, os.SEEK_END)
        for attempt in range(_TRIES):
            if attempt:
                await asyncio.sleep(_PAUSE_SECS * 2**attempt)
            ticket = await call(
                self._client.files_getUploadURLExternal, filename=file.filename, length=length
            )
            url = str(ticket.get("upload_url"))
            try:
                async with self._session.post(
                    url,
                    data=_chunks(file.content),
                    headers={"Content-Length": str(length), "Content-Type": "application/octet-stream"},
                    timeout=_TIMEOUT,
                    proxy=proxy_for(url),
                ) as response:
                    said = (await response.read()).lstrip()
                    # A web page is a proxy's; Slack says "OK" and the number of bytes.
                    if response.status < 400 and not said.startswith(b"<"):  # noqa: PLR2004 - HTTP's own
                        return str(ticket.get("file_id"))
            except (TimeoutError, aiohttp.ClientError, OSError):
                continue
        raise ReplyError("upload_failed", "files.getUploadURLExternal")


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    await asyncio.to_thread(file.seek, 0)
    while chunk := await asyncio.to_thread(file.read, _CHUNK):
        yield chunk
