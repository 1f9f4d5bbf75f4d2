"""`POST /elevenlabs/webhook`: a conversation that ElevenLabs tells about is kept at once, with its ids.

An event only comes earlier than the next reading of the list, which says more and corrects it; one that is
lost costs a minute. So nothing is repeated here, and what cannot be used is answered 200: ElevenLabs switches
off webhooks that fail.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping

import msgspec
import structlog

from bot.archive.archived_rows import Archive
from bot.archive.kept_ids import CallIdStore
from bot.elevenlabs.call_details import decode_call
from bot.elevenlabs.errors import BadAnswer
from bot.elevenlabs.wire import DecodeOptions, load_json, mapping, text
from bot.model import Call, Conversation, HttpAnswer

log = structlog.get_logger(__name__)

WINDOW_SECS = 30 * 60
"""How old a signed event may be."""
AHEAD_SECS = 5
"""How far ahead of our clock: clocks differ."""
_SIGNATURE = "elevenlabs-signature"
_TRANSCRIPT = "post_call_transcription"
_DIGITS = 12


_TAKEN = HttpAnswer(200, "ok")


class PostCallEvents:
    """Takes ElevenLabs' post-call events into the archive."""

    def __init__(
        self,
        secret: str,
        archive: Archive,
        ids: CallIdStore,
        decoding: DecodeOptions,
        clock: Callable[[], float],
    ) -> None:
        self._secret = secret.encode()
        self._archive = archive
        self._ids = ids
        self._decoding = decoding
        self._clock = clock

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Answer one event; `headers` by lower-case names."""
        if not self._signed(body, headers.get(_SIGNATURE, "")):
            log.info("event refused", why="signature")
            return HttpAnswer(401, "signature")
        try:
            event = mapping(load_json(body))
        except ValueError:
            return HttpAnswer(400, "no JSON")
        data = mapping(event.get("data"))
        if event.get("type") == _TRANSCRIPT and text(data.get("conversation_id")):
            try:
                await self._keep(decode_call(msgspec.json.encode(data), "", self._decoding))
            except BadAnswer:
                log.info("event passed over", why="no conversation")
        return _TAKEN

    def _signed(self, body: bytes, header: str) -> bool:
        """Whether ElevenLabs signed the body, and lately: `t=<unix seconds>,v0=<hex>` over `t.body`."""
        parts = [part.strip().partition("=") for part in header.split(",")]
        times = [value for name, _, value in parts if name == "t"]
        if len(times) != 1 or not times[0].isascii() or not times[0].isdecimal() or len(times[0]) > _DIGITS:
            return False
        age = self._clock() - int(times[0])
        expected = hmac.new(self._secret, f"{times[0]}.".encode() + body, hashlib.sha256).hexdigest()
        signatures = [value.encode() for name, _, value in parts if name == "v0"]
        signed = [hmac.compare_digest(expected.encode(), each) for each in signatures]
        return any(signed) and -AHEAD_SECS <= age <= WINDOW_SECS

    async def _keep(self, call: Call) -> None:
        if not call.final or not call.start_time_unix_secs:
            return
        listed = {name: getattr(call, name) for name in Conversation.__struct_fields__}
        await self._archive.note(Conversation(**listed))
        await self._ids.learn(call)
