"""What can be done with one opened call: its transcript as a file, its recording.

Files go to the direct message of whoever pressed, wherever they pressed; the recording is passed on as it
arrives, never held as a whole when ElevenLabs says how long it is.
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
from bot.answers.steps import AUDIO, FILE_WHERE, NO_AUDIO, PLACE, TRANSCRIPT
from bot.blocks import actions as act
from bot.blocks.block_elements import actions as buttons
from bot.blocks.block_elements import context, link_button, section
from bot.blocks.call_message import headline
from bot.blocks.limits import message
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
    """Send the transcript of a call as a text file."""
    call = await answer.services.conversations.call(_conversation_id(answer))
    posted = await _place(answer, f"Transcript of {_name(call)}")
    content = transcript_text(call, ZoneInfo(answer.asker.tz)).encode()

    async def send(answer: Answer) -> Filed:
        filed = await _private(answer).file(
            posted,
            content,
            filename=f"{_file_name(call.conversation_id)}.txt",
            title=f"Transcript: {literal(headline(call), 150)}",
        )
        _audit(answer, "transcript", "sent", filed.channel_id)
        return filed

    with _failure_audited(answer, "transcript", posted):
        await answer.run(TRANSCRIPT, send)
    await _say_where(answer, "The transcript")


async def send_audio(answer: Answer) -> None:
    """Send the recording of a call."""
    call = await answer.services.conversations.call(_conversation_id(answer))
    if not call.has_audio:
        announced = await answer.recorded(PLACE)
        await answer.once(NO_AUDIO, lambda answer: _say(answer, _no_recording(call), announced))
        return
    posted = await _place(answer, f"Recording of {_name(call)}")

    async def send(answer: Answer) -> bool:
        told = await _send_audio(answer, call, posted)
        _audit(answer, "audio", "sent" if told is None else "nothing to send", posted.channel_id)
        if told is not None:
            await _say(answer, told, posted)
        return told is None

    with _failure_audited(answer, "audio", posted):
        sent = await answer.run(AUDIO, send)
    if sent:
        await _say_where(answer, "The recording")


async def _send_audio(answer: Answer, call: Call, posted: Posted) -> Message | None:
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


async def _stream_audio(answer: Answer, call: Call, posted: Posted) -> Message | None:
    reply = _private(answer)
    async with answer.services.conversations.audio(call.conversation_id) as (length, chunks):
        if length is None:
            return await _spool_audio(reply, call, posted, chunks)
        if length == 0:
            return _no_recording(call)
        if length > MOST_BYTES:
            return _too_large(call, length)
        exact = _Exact(chunks, length)
        try:
            await reply.stream_file(posted, exact.read(), length=length, **_recording_names(call))
        except ReplyError:
            if exact.error is not None:  # the fault is ElevenLabs', not Slack's
                raise exact.error from None
            raise
    return None


async def _spool_audio(
    reply: Reply, call: Call, posted: Posted, chunks: AsyncIterator[bytes]
) -> Message | None:
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
        await reply.file(posted, out, **_recording_names(call))
    return None


def _private(answer: Answer) -> Reply:
    """Return the reply that reaches only whoever pressed."""
    address = answer.address
    thread_ts = address.thread_ts if _is_direct(answer) else None
    private = msgspec.structs.replace(address, private=True, shared_channel=False, thread_ts=thread_ts)
    return answer.reply.at(private)


async def _place(answer: Answer, words: str) -> Posted:
    """Return where a file goes: under the pressed message in the direct message, else a new one there."""
    if answer.posted is not None and _is_direct(answer):
        return answer.posted
    return await answer.run(PLACE, lambda answer: _private(answer).show(Message(text=words)))


async def _say(answer: Answer, told: Message, posted: Posted | None = None) -> None:
    """Say what is no file: in the place of the announced one, if there is such a message."""
    if posted is not None and posted != answer.posted:
        await _private(answer).update(posted, told)
    else:
        await answer.reply.fail(told)


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
        asked=f"id:{_file_name(_conversation_id(answer))}",
        rows=1 if outcome == "sent" else 0,
        channel_id=channel_id,
        outcome=outcome,
    )


@contextlib.contextmanager
def _failure_audited(answer: Answer, what: What, posted: Posted) -> Iterator[None]:
    try:
        yield
    except Exception:
        _audit(answer, what, "failed", posted.channel_id)
        raise


def _conversation_id(answer: Answer) -> str:
    """Return which conversation a press is about."""
    return answer.pointer.pick or ""


def _is_direct(answer: Answer) -> bool:
    return answer.posted is not None and is_direct_message(answer.posted.channel_id)


def _name(call: Call) -> str:
    return f"{escape(headline(call), 150)}\n{code(call.conversation_id, 120)}"


def _file_name(conversation_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", conversation_id)[:80] or "call"


class _Names(TypedDict):
    filename: str
    title: str


def _recording_names(call: Call) -> _Names:
    return {
        "filename": f"{_file_name(call.conversation_id)}.mp3",
        "title": f"Recording: {literal(headline(call), 150)}",
    }


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
        context(_name(call)),
        *buttons(link_button("Open in ElevenLabs", act.OPEN_LINK, url) if url else None),
    ]
    return message(f"{headline_words} {next_step}", blocks)


async def _say_where(answer: Answer, what: str) -> None:
    """Say on the spot that a file went to the direct message, where that is somewhere else."""
    if _is_direct(answer) or not answer.address.channel_id:
        return

    message = Message(text=f"{what} is in your direct messages.")
    await answer.run(FILE_WHERE, lambda answer: answer.reply.glance(message))
