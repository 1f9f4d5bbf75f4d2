"""Files to Slack: ask for an upload address, send the bytes there, complete the upload into a thread.

Slack's own three calls (docs: "Working with files"), because its SDK's helper holds the whole file in memory
and cannot stream.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from typing import BinaryIO

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.reply import Filed, ReplyError
from bot.slack.web_api import call

_CHUNK = 256 * 1024
_TRIES = 3
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=120)


async def upload(
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    content: Path | bytes | AsyncIterable[bytes],
    *,
    length: int,
    filename: str,
    title: str,
    channel_id: str,
    thread_ts: str | None,
) -> Filed:
    """Upload `length` bytes into a thread. Raises ReplyError; a content that can be read again is retried."""
    can_repeat = isinstance(content, Path | bytes)
    for attempt in range(_TRIES):
        ticket = await call(client.files_getUploadURLExternal, filename=filename, length=length)
        try:
            async with (
                _body(content) as body,
                session.post(
                    str(ticket.get("upload_url")),
                    data=body,
                    headers={"Content-Length": str(length), "Content-Type": "application/octet-stream"},
                    timeout=_TIMEOUT,
                ) as response,
            ):
                await response.read()
                sent = response.status < 400  # noqa: PLR2004 - HTTP's own number
        except (TimeoutError, aiohttp.ClientError, OSError):
            sent = False
        if sent:
            break
        if not can_repeat or attempt == _TRIES - 1:
            raise ReplyError("upload_failed", "files.getUploadURLExternal")
        await asyncio.sleep(0.5 * 2**attempt)
    file_id = str(ticket.get("file_id"))
    await call(
        client.files_completeUploadExternal,
        files=[{"id": file_id, "title": title}],
        channel_id=channel_id,
        thread_ts=thread_ts,
    )
    return Filed(file_id=file_id, channel_id=channel_id)


@contextlib.asynccontextmanager
async def _body(
    content: Path | bytes | AsyncIterable[bytes],
) -> AsyncIterator[bytes | AsyncIterable[bytes]]:
    """Give what the request sends; an opened file is closed whatever becomes of the request."""
    if not isinstance(content, Path):
        yield content
        return
    file = await asyncio.to_thread(content.open, "rb")
    try:
        yield _chunks(file)
    finally:
        file.close()


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(file.read, _CHUNK):
        yield chunk
