"""What can be done with one opened call: its transcript as a file, its recording.

Files go to the direct message of whoever pressed, wherever they pressed, or into the channel that a call is
shared in. A recording is passed on as it arrives, never held as a whole when ElevenLabs says how long it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import msgspec

from bot.answers.access import AuditOutcome, What, audit
from bot.answers.answer import Answer
from bot.answers.ports import Filed, Posted, ReplyError, Upload, is_direct_message
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
_NONE = "There is no recording of this call.", "It may not be recorded, or be deleted already."
_NOT_READY = "The recording is not ready yet.", "Press Audio again in a few minutes, or listen in ElevenLabs."
_FETCH = "Listen to it in ElevenLabs, or fetch it with its API request."


async def send_transcript(answer: Answer) -> None:
    call = await answer.services.conversations.call(answer.pointer.pick or "")
    await send_transcript_of(call, *_privately(answer))
    await _say_where(answer, "The transcript")


async def send_audio(answer: Answer) -> None:
    call = await answer.services.conversations.call(answer.pointer.pick or "")
    if await send_audio_of(call, *_privately(answer)):
        await _say_where(answer, "The recording")


def _privately(answer: Answer) -> tuple[Answer, Posted | None]:
    """Return the answer whose reply reaches only whoever pressed, and what the file goes below.

    That is the pressed message when it stands in the direct message.
    """
    under = answer.posted if answer.posted and is_direct_message(answer.posted.channel_id) else None
    thread_ts = None if under is None else answer.address.thread_ts
    private = msgspec.structs.replace(answer.address, private=True, shared_channel=False, thread_ts=thread_ts)
    return answer.with_reply(answer.reply.at(private)), under


async def _say_where(answer: Answer, what: str) -> None:
    """Say on the spot that a file went to the direct message, where that is somewhere else."""
    if answer.address.channel_id and _privately(answer)[1] is None:
        message = Message(text=f"{what} is in your direct messages.")
        await answer.run(FILE_WHERE, lambda answer: answer.reply.glance(message))


async def send_transcript_of(call: Call, answer: Answer, posted: Posted | None) -> None:
    """Send a transcript where an answer's reply goes, into the thread of a message if there is one."""
    content = transcript_text(call, ZoneInfo(answer.asker.tz)).encode()

    async def send(answer: Answer) -> Filed:
        filed = await answer.reply.file(posted, _file(answer, call, "Transcript", content))
        _audit(answer, "transcript", "sent", filed.channel_id)
        return filed

    with _failure_audited(answer, "transcript"):
        await answer.run(TRANSCRIPT, send)


async def send_audio_of(call: Call, answer: Answer, posted: Posted | None) -> bool:
    """Send a recording likewise; False, and said, when there is none to send."""

    async def send(answer: Answer) -> bool:
        sent = await _send_audio(answer, call, posted) if call.has_audio else _NONE
        if isinstance(sent, Filed):
            _audit(answer, "audio", "sent", sent.channel_id)
            return True
        _audit(answer, "audio", "nothing to send", "")
        await answer.reply.fail(_instead(call, *sent))
        return False

    with _failure_audited(answer, "audio"):
        return await answer.run(AUDIO, send)


def _file(answer: Answer, call: Call, what: str, content: bytes = b"") -> Upload:
    return Upload(
        content=io.BytesIO(content),
        filename=f"{_plain(call.conversation_id)}.{'txt' if what == 'Transcript' else 'mp3'}",
        title=f"{what}: {literal(headline(call), 150)}",
        words=title_words(call, ZoneInfo(answer.asker.tz), answer.services.clock()),
    )


async def _send_audio(answer: Answer, call: Call, posted: Posted | None) -> Filed | tuple[str, str]:
    """Pass the recording on; returns what to say when there is none to send. Raises for the rest."""
    for attempt in range(_TRIES):
        try:
            async with answer.services.conversations.audio(call.conversation_id) as (length, chunks):
                return await _pass_on(answer, posted, _file(answer, call, "Recording"), length, chunks)
        except NotFound:
            return _NONE
        except (BadAnswer, Unavailable, ReplyError) as error:
            if getattr(error, "status", None) == _TOO_EARLY:
                return _NOT_READY
            if attempt == _TRIES - 1 or getattr(error, "code", "upload_failed") != "upload_failed":
                raise
    raise AssertionError("every attempt returns or raises")


async def _pass_on(
    answer: Answer, posted: Posted | None, file: Upload, length: int | None, chunks: AsyncIterator[bytes]
) -> Filed | tuple[str, str]:
    """Send a recording as it arrives. Of unknown length it goes through a file: Slack wants that first."""
    if length is not None and length > MOST_BYTES:
        return f"The recording ({number(length // _MEGA)} MB) is larger than what I send to Slack.", _FETCH
    if length:
        exact = _Exact(chunks, length)
        try:
            return await answer.reply.file(posted, replace(file, content=exact.read(), length=length))
        except ReplyError:
            if exact.error is not None:  # the fault is ElevenLabs', not Slack's
                raise exact.error from None
            raise
    with tempfile.TemporaryFile() as out:
        size = 0
        async for chunk in chunks:
            size += len(chunk)
            if size > MOST_BYTES:
                return "The recording is larger than what I send to Slack.", _FETCH
            await asyncio.to_thread(out.write, chunk)
        return await answer.reply.file(posted, replace(file, content=out)) if size else _NONE


class _Exact:
    """Passes chunks on and holds them to the promised length, which Slack has been told."""

    def __init__(self, chunks: AsyncIterator[bytes], length: int) -> None:
        self._chunks = chunks
        self._length = length
        self.error: Exception | None = None

    async def read(self) -> AsyncIterator[bytes]:
        """Yield the chunks; what goes wrong is also kept in `error`."""
        seen = 0
        try:
            async for chunk in self._chunks:
                seen += len(chunk)
                if seen > self._length:
                    break
                yield chunk
        except Exception as error:
            self.error = error
            raise
        if seen != self._length:
            self.error = BadAnswer("a recording has not the length it was announced with")
            raise self.error


def _audit(answer: Answer, what: What, outcome: AuditOutcome, channel_id: str) -> None:
    asked, rows = f"id:{_plain(answer.pointer.pick or '')}", 1 if outcome == "sent" else 0
    audit(what, answer.address, asked=asked, rows=rows, channel_id=channel_id, outcome=outcome)


@contextlib.contextmanager
def _failure_audited(answer: Answer, what: What) -> Iterator[None]:
    try:
        yield
    except Exception:
        _audit(answer, what, "failed", "")
        raise


def _plain(conversation_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", conversation_id)[:80] or "call"


def _instead(call: Call, words: str, next_step: str) -> Message:
    url = open_url(call.conversation_id, call.site)
    blocks = [
        section(f"*{words}*\n{next_step}"),
        context(f"{escape(headline(call), 150)} {code(call.conversation_id, 120)}"),
        *buttons(link_button("Open in ElevenLabs", act.OPEN_LINK, url) if url else None),
    ]
    return message(f"{words} {next_step}", blocks)
