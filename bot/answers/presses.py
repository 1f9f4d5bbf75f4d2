"""What can be done with one opened call: its transcript as a file, its recording.

Files go to the direct message of whoever pressed, wherever they pressed; the recording is passed on as it
arrives, never held as a whole when ElevenLabs says how long it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypedDict
from zoneinfo import ZoneInfo

import msgspec

from bot.answers.audit import Outcome as AuditOutcome
from bot.answers.audit import What, audit
from bot.answers.clicked import once
from bot.answers.reply import Asker, Filed, Posted, Reply, ReplyError
from bot.answers.request import Request
from bot.answers.services import Services
from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.call_facts import headline
from bot.blocks.elements import actions as buttons
from bot.blocks.elements import context, link_button, section
from bot.blocks.limits import message
from bot.blocks.text import code, escape, literal, number, open_url
from bot.blocks.transcript import transcript_text
from bot.elevenlabs import BadAnswer, NotFound, Unavailable
from bot.model import Call, Message
from bot.store.durable import Steps

MOST_BYTES = 300_000_000
"""The largest recording that is passed on: about five hours; Slack itself takes 1 GB."""
_TRIES = 2
_MEGA = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A press that needs no stored question."""

    request: Request
    pointer: Pointer
    asker: Asker
    posted: Posted | None
    """The message it is on; None in a modal, or on what only its reader sees."""
    reply: Reply
    steps: Steps

    @property
    def conversation_id(self) -> str:
        """Which conversation it is about."""
        return self.pointer.pick or ""


ServePress = Callable[[Press], Awaitable[bool]]
"""Serves a press; False when it is not for it after all."""


class CallPresses:
    """Serves the buttons of an opened call, and Cancel while one is looked for."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.serve: dict[str, ServePress] = {
            act.TRANSCRIPT_FILE: self._transcript,
            act.AUDIO_FILE: self._audio,
            act.CANCEL: self._cancel,
        }

    async def _cancel(self, press: Press) -> bool:
        """Stop what is being made or looked for, in whatever process; False when nothing is."""
        return await self._services.exports.press(press.pointer.question_id, cancel=True)

    async def _transcript(self, press: Press) -> bool:
        call = await self._services.conversations.call(press.conversation_id)
        posted = await self._place(press, f"Transcript of {_name(call)}")
        content = transcript_text(call, ZoneInfo(press.asker.tz)).encode()

        async def send() -> Filed:
            filed = await self._private(press).file(
                posted,
                content,
                filename=f"{_file_name(call.conversation_id)}.txt",
                title=f"Transcript: {literal(headline(call), 150)}",
            )
            _audit(press, "transcript", "sent", filed.channel_id)
            return filed

        with _failure_audited(press, "transcript", posted):
            await press.steps.run("file", send, Filed)
        await _say_where(press, "The transcript")
        return True

    async def _audio(self, press: Press) -> bool:
        call = await self._services.conversations.call(press.conversation_id)
        if not call.has_audio:
            announced = await press.steps.recorded("place", Posted)
            await once(press.steps, "nothing", lambda: self._say(press, _no_recording(call), announced))
            return True
        posted = await self._place(press, f"Recording of {_name(call)}")

        async def send() -> bool:
            told = await self._send_audio(press, call, posted)
            _audit(press, "audio", "sent" if told is None else "nothing to send", posted.channel_id)
            if told is not None:
                await self._say(press, told, posted)
            return told is None

        with _failure_audited(press, "audio", posted):
            sent = await press.steps.run("audio", send, bool)
        if sent:
            await _say_where(press, "The recording")
        return True

    async def _send_audio(self, press: Press, call: Call, posted: Posted) -> Message | None:
        """Pass the recording on; returns what to say when there is none to send. Raises for the rest."""
        for attempt in range(_TRIES):
            try:
                return await self._stream_audio(press, call, posted)
            except NotFound:
                return _no_recording(call)
            except (BadAnswer, Unavailable, ReplyError) as error:
                if attempt == _TRIES - 1 or getattr(error, "code", "upload_failed") != "upload_failed":
                    raise
        raise AssertionError("every attempt returns or raises")

    async def _stream_audio(self, press: Press, call: Call, posted: Posted) -> Message | None:
        reply = self._private(press)
        async with self._services.conversations.audio(call.conversation_id) as (length, chunks):
            if length is None:
                return await self._spool_audio(reply, call, posted, chunks)
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
        self, reply: Reply, call: Call, posted: Posted, chunks: AsyncIterator[bytes]
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

    def _private(self, press: Press) -> Reply:
        """Return the reply that reaches only whoever pressed."""
        address = press.request.address
        thread_ts = address.thread_ts if _is_direct(press) else None
        private = msgspec.structs.replace(address, private=True, shared_channel=False, thread_ts=thread_ts)
        return self._services.replies.to(private)

    async def _place(self, press: Press, words: str) -> Posted:
        """Return where a file goes: under the pressed message in the direct message, else a new one there."""
        if press.posted is not None and _is_direct(press):
            return press.posted
        return await press.steps.run("place", lambda: self._private(press).show(Message(text=words)), Posted)

    async def _say(self, press: Press, told: Message, posted: Posted | None = None) -> None:
        """Say what is no file: in the place of the announced one, if there is such a message."""
        if posted is not None and posted != press.posted:
            await self._private(press).update(posted, told)
        else:
            await press.reply.fail(told)


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


def _audit(press: Press, what: What, outcome: AuditOutcome, channel_id: str) -> None:
    address = press.request.address
    audit(
        what,
        user_id=address.user_id,
        team_id=address.team_id,
        asked=f"id:{_file_name(press.conversation_id)}",
        rows=1 if outcome == "sent" else 0,
        channel_id=channel_id,
        outcome=outcome,
    )


@contextlib.contextmanager
def _failure_audited(press: Press, what: What, posted: Posted) -> Iterator[None]:
    try:
        yield
    except Exception:
        _audit(press, what, "failed", posted.channel_id)
        raise


def _is_direct(press: Press) -> bool:
    return press.posted is not None and press.posted.channel_id.startswith("D")


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


async def _say_where(press: Press, what: str) -> None:
    """Say on the spot that a file went to the direct message, where that is somewhere else."""
    if _is_direct(press) or not press.request.address.channel_id:
        return

    async def say() -> bool:
        return await press.reply.glance(Message(text=f"{what} is in your direct messages."))

    await press.steps.run("where", say, bool)
