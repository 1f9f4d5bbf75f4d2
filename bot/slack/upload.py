"""Files to Slack: ask for an upload address, send the bytes there, complete the upload into a thread.

Slack's own three calls (docs: "Working with files"), because its SDK's helper holds the whole file in memory
and cannot stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import BinaryIO

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.ports import Filed, Mark, ReplyError
from bot.proxy import proxy_for
from bot.slack.idempotency import do_once, find_file
from bot.slack.slack_api import call

_CHUNK = 256 * 1024
_TRIES = 3
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=120)


async def upload(
    client: AsyncWebClient,
    posting_client: AsyncWebClient,
    session: aiohttp.ClientSession,
    mark: Mark | None,
    content: BinaryIO | AsyncIterable[bytes],
    *,
    length: int,
    filename: str,
    title: str,
    words: str,
    channel_id: str,
    thread_ts: str | None,
) -> Filed:
    """Upload `length` bytes into a thread or a channel, once, with `words` (markup) beside them.

    Raises ReplyError; what can be read again is retried. `posting_client` is for what must not be repeated
    blindly.
    """

    async def look() -> Filed | None:
        if mark is None:
            return None
        return await find_file(client, mark, filename, channel_id=channel_id, thread_ts=thread_ts)

    if mark is not None and mark.look and (found := await look()) is not None:
        return found
    for attempt in range(_TRIES):
        file_id = await _send(client, session, content, length=length, filename=filename)
        complete = _completion(
            posting_client, file_id, title=title, words=words, channel_id=channel_id, thread_ts=thread_ts
        )
        try:
            return await do_once(mark, look, complete)
        except ReplyError as refused:
            # Its bytes did not arrive although something on the way said so: they are sent again.
            if (
                refused.code != "file_not_found"
                or isinstance(content, AsyncIterable)
                or attempt == _TRIES - 1
            ):
                raise
    raise AssertionError  # the last try returned or raised


def _completion(
    posting_client: AsyncWebClient,
    file_id: str,
    *,
    title: str,
    words: str,
    channel_id: str,
    thread_ts: str | None,
) -> Callable[[], Awaitable[Filed]]:
    tried = False

    async def complete() -> Filed:
        nonlocal tried
        again, tried = tried, True
        url = None
        try:
            done = await call(
                posting_client.files_completeUploadExternal,
                retries=0,
                files=[{"id": file_id, "title": title}],
                channel_id=channel_id,
                thread_ts=thread_ts,
                initial_comment=words or None,
            )
            files = [each for each in done.get("files") or () if isinstance(each, dict)]
            url = str(files[0]["permalink"]) if files and files[0].get("permalink") else None
        except ReplyError as refused:
            # What is completed is no longer there to be completed: the first try did it, its answer was lost.
            if not again or refused.code != "file_not_found":
                raise
        return Filed(file_id=file_id, channel_id=channel_id, url=url)

    return complete


async def _send(
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    content: BinaryIO | AsyncIterable[bytes],
    *,
    length: int,
    filename: str,
) -> str:
    """Send the bytes and return the file's id. Nobody sees the file until it is completed."""
    tries = 1 if isinstance(content, AsyncIterable) else _TRIES
    for attempt in range(tries):
        if attempt:
            await asyncio.sleep(0.5 * 2**attempt)
        ticket = await call(client.files_getUploadURLExternal, filename=filename, length=length)
        try:
            async with session.post(
                str(ticket.get("upload_url")),
                data=content if isinstance(content, AsyncIterable) else _chunks(content),
                headers={"Content-Length": str(length), "Content-Type": "application/octet-stream"},
                timeout=_TIMEOUT,
                proxy=proxy_for(str(ticket.get("upload_url"))),
            ) as response:
                said = (await response.read()).lstrip()
                # A web page is a proxy's; Slack says "OK" and the number of bytes.
                if response.status < 400 and not said.startswith(b"<"):  # noqa: PLR2004 - HTTP's own number
                    return str(ticket.get("file_id"))
        except (TimeoutError, aiohttp.ClientError, OSError):
            continue
    raise ReplyError("upload_failed", "files.getUploadURLExternal")


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    def read(start: int) -> bytes:
        file.seek(start)
        return file.read(_CHUNK)

    start = 0
    while chunk := await asyncio.to_thread(read, start):
        yield chunk
        start += len(chunk)
