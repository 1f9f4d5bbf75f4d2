"""What can be done with one opened call: its transcript as a file, its recording.

Files go to the direct message of whoever pressed, wherever they pressed, or into the channel that a call is
shared in. A recording is passed on as it arrives, never held as a whole when ElevenLabs says how long it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import TypedDict
from zoneinfo import ZoneInfo

import msgspec

from bot.answers.access import AuditOutcome, What, audit
from bot.answers.answer import Answer
from bot.answers.ports import Filed, Posted, Reply, ReplyError, is_direct_message
from bot.answers.steps import AUDIO, FILE_WHERE, TRANSCRIPT
from bot.blocks import actions as act
from bot.blocks.block_elements import actions as buttons
from bot.blocks.block_elements import context, link_button, message, section
from bot.blocks.call_message import headline, title_words
from bot.blocks.text import code, escape, literal, number, open_url
from bot.blocks.transcript import transcript_text
from bot.elevenlabs.errors import BadAnswer, NotFound, Unavailable
from bot.model import Call, Message

MOST_BYTES = 300_000_000
"""The largest recording that is passed on: about five hours; Slack itself takes 1 GB."""
_TRIES = 2
_TOO_EARLY = 425
"""HTTP's status for a recording that ElevenLabs is still making."""
_MEGA = 1_000_000


async def send_transcript(answer: Answer) -> None:
    """Send the transcript of a call as a text file to who pressed."""
    call = await answer.services.conversations.call(answer.pointer.pick or "")
    await send_transcript_of(call, _privately(answer), _under(answer))
    await _say_where(answer, "The transcript")


async def send_audio(answer: Answer) -> None:
    """Send the recording of a call to who pressed."""
    call = await answer.services.conversations.call(answer.pointer.pick or "")
    if await send_audio_of(call, _privately(answer), _under(answer)):
        await _say_where(answer, "The recording")


async def send_transcript_of(call: Call, answer: Answer, posted: Posted | None) -> None:
    """Send a transcript where an answer's reply goes, into the thread of a message if there is one."""
    tz = ZoneInfo(answer.asker.tz)
    content = transcript_text(call, tz).encode()
    words = title_words(call, tz, answer.services.clock())

    async def send(answer: Answer) -> Filed:
        filed = await answer.reply.file(
            posted,
            content,
            filename=f"{_file_name(call.conversation_id)}.txt",
            title=f"Transcript: {literal(headline(call), 150)}",
            words=words,
        )
        _audit(answer, "transcript", "sent", filed.channel_id)
        return filed

    with _failure_audited(answer, "transcript"):
        await answer.run(TRANSCRIPT, send)


async def send_audio_of(call: Call, answer: Answer, posted: Posted | None) -> bool:
    """Send a recording likewise; False, and said, when there is none to send."""

    async def send(answer: Answer) -> bool:
        sent = await _send_audio(answer, call, posted) if call.has_audio else _no_recording(call)
        if isinstance(sent, Filed):
            _audit(answer, "audio", "sent", sent.channel_id)
            return True
        _audit(answer, "audio", "nothing to send", "")
        await answer.reply.fail(sent)
        return False

    with _failure_audited(answer, "audio"):
        return await answer.run(AUDIO, send)


async def _send_audio(answer: Answer, call: Call, posted: Posted | None) -> Filed | Message:
    """Pass the recording on; returns what to say when there is none to send. Raises for the rest."""
    for attempt in range(_TRIES):
        try:
            return await _stream_audio(answer, call, posted)
        except NotFound:
            return _no_recording(call)
        except (BadAnswer, Unavailable, ReplyError) as error:
            if getattr(error, "status", None) == _TOO_EARLY:
                return _not_ready(call)
            if attempt == _TRIES - 1 or getattr(error, "code", "upload_failed") != "upload_failed":
                raise
    raise AssertionError("every attempt returns or raises")


async def _stream_audio(answer: Answer, call: Call, posted: Posted | None) -> Filed | Message:
    reply = answer.reply
    named = _Named(
        filename=f"{_file_name(call.conversation_id)}.mp3",
        title=f"Recording: {literal(headline(call), 150)}",
        words=title_words(call, ZoneInfo(answer.asker.tz), answer.services.clock()),
    )
    async with answer.services.conversations.audio(call.conversation_id) as (length, chunks):
        if length is None:
            return await _spool_audio(reply, call, posted, chunks, named)
        if length == 0:
            return _no_recording(call)
        if length > MOST_BYTES:
            return _too_large(call, length)
        exact = _Exact(chunks, length)
        try:
            return await reply.stream_file(posted, exact.read(), length=length, **named)
        except ReplyError:
            if exact.error is not None:  # the fault is ElevenLabs', not Slack's
                raise exact.error from None
            raise


async def _spool_audio(
    reply: Reply, call: Call, posted: Posted | None, chunks: AsyncIterator[bytes], named: _Named
) -> Filed | Message:
    """Send a recording of unknown length: Slack wants the length first, so it goes through a file."""
    with tempfile.TemporaryFile() as out:
        size = 0
        async for chunk in chunks:
            size += len(chunk)
            if size > MOST_BYTES:
                return _too_large(call, None)
            await asyncio.to_thread(out.write, chunk)
        if not size:
            return _no_recording(call)
        return await reply.file(posted, out, **named)


def _privately(answer: Answer) -> Answer:
    """Return the answer whose reply reaches only whoever pressed."""
    thread_ts = answer.address.thread_ts if _is_direct(answer) else None
    private = msgspec.structs.replace(answer.address, private=True, shared_channel=False, thread_ts=thread_ts)
    return answer.with_reply(answer.reply.at(private))


def _under(answer: Answer) -> Posted | None:
    """Return the pressed message when it stands in the direct message: the file goes into its thread."""
    return answer.posted if _is_direct(answer) else None


class _Exact:
    """Passes chunks on and holds them to the promised length, which Slack has been told."""

    def __init__(self, chunks: AsyncIterator[bytes], length: int) -> None:
        self._chunks = chunks
        self._length = length
        self.error: Exception | None = None

    async def read(self) -> AsyncIterator[bytes]:
        """Yield the chunks; what goes wrong is also kept in `error`."""
        try:
            async for chunk in self._counted():
                yield chunk
        except Exception as error:
            self.error = error
            raise

    async def _counted(self) -> AsyncIterator[bytes]:
        seen = 0
        async for chunk in self._chunks:
            seen += len(chunk)
            if seen > self._length:
                break
            yield chunk
        if seen != self._length:
            raise BadAnswer("a recording has not the length it was announced with")


def _audit(answer: Answer, what: What, outcome: AuditOutcome, channel_id: str) -> None:
    audit(
        what,
        answer.address,
        asked=f"id:{_file_name(answer.pointer.pick or '')}",
        rows=1 if outcome == "sent" else 0,
        channel_id=channel_id,
        outcome=outcome,
    )


@contextlib.contextmanager
def _failure_audited(answer: Answer, what: What) -> Iterator[None]:
    try:
        yield
    except Exception:
        _audit(answer, what, "failed", "")
        raise


def _is_direct(answer: Answer) -> bool:
    return answer.posted is not None and is_direct_message(answer.posted.channel_id)


def _file_name(conversation_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", conversation_id)[:80] or "call"


class _Named(TypedDict):
    filename: str
    title: str
    words: str


def _no_recording(call: Call) -> Message:
    return _instead(
        call, "There is no recording of this call.", "It may not be recorded, or be deleted already."
    )


def _not_ready(call: Call) -> Message:
    return _instead(
        call,
        "The recording is not ready yet.",
        "Press Audio again in a few minutes, or listen in ElevenLabs.",
    )


def _too_large(call: Call, length: int | None) -> Message:
    size = "" if length is None else f" ({number(length // _MEGA)} MB)"
    return _instead(
        call,
        f"The recording{size} is larger than what I send to Slack.",
        "Listen to it in ElevenLabs, or fetch it with its API request.",
    )


def _instead(call: Call, headline_words: str, next_step: str) -> Message:
    url = open_url(call.conversation_id, call.site)
    blocks = [
        section(f"*{headline_words}*\n{next_step}"),
        context(f"{escape(headline(call), 150)} {code(call.conversation_id, 120)}"),
        *buttons(link_button("Open in ElevenLabs", act.OPEN_LINK, url) if url else None),
    ]
    return message(f"{headline_words} {next_step}", blocks)


async def _say_where(answer: Answer, what: str) -> None:
    """Say on the spot that a file went to the direct message, where that is somewhere else."""
    if _is_direct(answer) or not answer.address.channel_id:
        return

    message = Message(text=f"{what} is in your direct messages.")
    await answer.run(FILE_WHERE, lambda answer: answer.reply.glance(message))
