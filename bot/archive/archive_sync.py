"""Keeping the archive true: filled newest first, read again while it may change, told of what has ended.

One process at a time reads; any takes events. The head, two hours, is read again each minute, with what is
not final before it; two days each hour; all of it each night. What was interrupted goes on from where it was:
what is kept says what is missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import msgspec
import structlog

from bot.archive.archive_state import LEASE_SECS, RENEW_SECS, Lease, LeaseLostError
from bot.archive.archived_rows import DAY, Archive
from bot.archive.kept_ids import CallIdStore
from bot.elevenlabs.call_details import decode_call
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import BadAnswer, ElevenLabsError, MissingScope
from bot.elevenlabs.kept_rows import LIVE_SECS, Piece, Rows
from bot.elevenlabs.rate_limit import BACKGROUND_DETAIL
from bot.elevenlabs.request import Bound
from bot.elevenlabs.retrieval import run_all
from bot.elevenlabs.wire import DecodeOptions, load_json, mapping, text
from bot.model import Call, CallIds, Conversation, HttpAnswer, IdState, Selection

log = structlog.get_logger(__name__)

HEAD_SECS = 60.0
REST_SECS = 300.0
"""How often is looked for what is missing or too old beyond the head."""
PAUSE_SECS = 0.02
"""Rest after each page and each look-up, for what else the process does."""
GIVE_WAY_SECS = 1.0
"""How long what was read waits, at most, while requests are in flight that people wait for."""
REST = 3
"""Rest after a write, in times of what it took."""
IDS_SECS = 10.0
"""How often is looked for calls without their ids."""
RECENT_SECS = 3600.0
NIGHT = 3 * 3600
"""When all is read again, in seconds of the day (UTC)."""
STUCK = 20
"""Conversations before the head that are not final and are looked at with it, at most: the newest."""
IDS_AT_ONCE = 4
_IDS_NOTED = 40
"""Carrier ids looked up before they are written down."""
_MANY_ROWS = 10_000
"""So many rows read at once may be new to the database's statistics."""
_TOLD_SECS = 30.0
"""How often the log hears of a long reading."""
_IDS_AGAIN = 3600.0
"""Seconds after which ids that could not be read are asked for again."""


@dataclass
class SyncProgress:
    seen: int = 0
    expected: int | None = None
    """An estimate of the rows to read."""
    ids_done: int = 0
    ids_wanted: int = 0
    ids_failed: int = 0
    """Those that could not be read lately."""
    unplaced: set[str] = field(default_factory=set)
    """Rows that the API sent without an id or a start time, so that they cannot be kept."""


class ArchiveSync:
    """Fills the archive and keeps it true, while it holds the lease."""

    def __init__(
        self,
        archive: Archive,
        ids: CallIdStore,
        client: Conversations,
        clock: Callable[[], float],
        *,
        days: int | None = None,
    ) -> None:
        """`days`: how far back to read, if not all that is kept."""
        self._archive = archive
        self._ids = ids
        self._client = client
        self._clock = clock
        self._days = archive.days if days is None else min(days, archive.days)
        self._failed: dict[str, float] = {}
        """Conversations whose ids could not be read, and when they were asked for."""
        self._beside_people = False
        """Whether this process answers people, too."""
        self._turn = asyncio.Lock()
        self.progress = SyncProgress()

    async def once(self) -> None:
        """Read everything again, or what was left of it when that was interrupted.

        Raises ElevenLabsError and LeaseLostError. Waits for a process that may have died with the lease; one
        that lives keeps the archive itself.
        """
        lease = self._archive.lease
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LEASE_SECS + RENEW_SECS):
                    while not await lease.take():  # noqa: ASYNC110 - another process, another machine
                        await asyncio.sleep(1.0)
            await self._read_all(lease)
        finally:
            await lease.release()

    async def _read_all(self, lease: Lease) -> None:
        renewing = asyncio.create_task(self._renew())
        try:
            await self._verify_account()
            began = await lease.begin_reading(self._clock(), RECENT_SECS)
            before_it = math.nextafter(began, 0.0)  # what was read at that very moment is new
            await self._read(await self._archive.due(self._oldest(), None, before_it))
            await self._tidy()
            await self._archive.analyze()
            await self._look_up_all()
            await self._read_head()  # ids may have taken long
            await lease.end_reading()
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def keep(self) -> None:
        """Keep the archive true until cancelled, whenever no other process does."""
        self._beside_people = True
        while True:
            try:
                if await self._archive.lease.take():
                    log.info("this process keeps the archive")
                    await self._hold()
            except LeaseLostError:
                log.warning("another process keeps the archive now")
            except Exception as error:  # noqa: BLE001 - it goes on in a while
                log.warning("the archive cannot be kept", error=type(error).__name__)
            await asyncio.sleep(RENEW_SECS)

    async def _hold(self) -> None:
        """Do what is to be done, as often as it is; ends by an error only."""
        await self._repeatedly(self._verify_account, RENEW_SECS, until_done=True)
        await self._archive.analyze()
        try:
            await run_all(
                [
                    self._renew(),
                    self._repeatedly(self._read_head, HEAD_SECS),
                    self._repeatedly(self._read_rest, REST_SECS),
                    self._repeatedly(self._look_up_all, IDS_SECS),
                ]
            )
        finally:
            await asyncio.shield(self._archive.lease.release())

    async def _renew(self) -> None:
        while True:
            if not await self._archive.lease.take():
                raise LeaseLostError
            await asyncio.sleep(RENEW_SECS)

    async def _repeatedly(
        self, work: Callable[[], Awaitable[object]], seconds: float, *, until_done: bool = False
    ) -> None:
        """Do something now and then; what ElevenLabs refuses now, it may give later."""
        refused = ""
        while True:
            try:
                await work()
                refused = ""
                if until_done:
                    return
            except ElevenLabsError as error:
                if type(error).__name__ != refused:
                    log.warning("the archive waits for ElevenLabs", error=type(error).__name__)
                refused = type(error).__name__
            await asyncio.sleep(seconds)

    async def _verify_account(self) -> None:
        """Empty what is of another account. A key that may not list agents proves nothing."""
        if await self._archive.belong(None):
            return
        try:
            agents = await self._client.agents(refresh=True)
        except MissingScope:
            agents = ()
        await self._archive.belong([agent.agent_id for agent in agents])

    # --- rows ---

    def _oldest(self) -> int:
        return int(self._clock()) - self._days * DAY + 60  # what leaves tonight need not come

    async def _read_head(self) -> None:
        now = self._clock()
        since = int(now) - LIVE_SECS
        pieces = await self._archive.due(since, None, now - HEAD_SECS / 2)
        await self._read(pieces + await self._archive.unfinished(since, STUCK))

    async def _read_rest(self) -> None:
        """Read what beyond the head is missing or too old; remove what is not kept any longer."""
        now, before = self._clock(), self.progress.seen
        since = self._oldest()
        recent = max(since, int(now) - 2 * DAY)
        night = (now - NIGHT) // DAY * DAY + NIGHT
        pieces = await self._archive.due(recent, int(now) - LIVE_SECS, now - RECENT_SECS)
        pieces += await self._archive.due(since, recent, night) if since < recent else []
        if pieces:
            await self._read(pieces)
            rows = self.progress.seen - before
            log.info("archive read again", rows=rows, secs=round(self._clock() - now))
            if rows >= _MANY_ROWS:
                await self._archive.analyze()
        await self._tidy()

    async def _read(self, pieces: list[Piece]) -> None:
        if not pieces:
            return
        as_of, before = self._clock(), self.progress.seen
        told = as_of

        async def keep(since: Bound, until: Bound, rows: Rows) -> None:
            async with self._after_people():
                await self._archive.put(Selection(), since, until, rows, as_of)

        async with self._client.read_again(pieces, keep) as retrieval:
            async for batch in retrieval:
                self.progress.seen += len(batch)
                expected = retrieval.feed.expected
                self.progress.expected = None if expected is None else before + expected
                if self._clock() - told > _TOLD_SECS:
                    told = self._clock()
                    log.info("archive filling", rows=self.progress.seen, of=self.progress.expected)
            self.progress.unplaced |= retrieval.feed.unplaced

    @contextlib.asynccontextmanager
    async def _after_people(self) -> AsyncIterator[None]:
        """Let what people wait for go first, for a while: requests, and what else keeps the process busy.

        What is written then is followed by a rest, so that answers find the database free.
        """
        if not self._beside_people:
            yield
            return
        async with self._turn:  # one after the other, so that not all of them go on at once
            give_way_until = time.monotonic() + GIVE_WAY_SECS
            while (began := time.monotonic()) < give_way_until:
                await asyncio.sleep(PAUSE_SECS)
                if time.monotonic() - began < 2 * PAUSE_SECS and self._client.quiet:
                    break
            began = time.monotonic()
            yield
            await asyncio.sleep(min(REST * (time.monotonic() - began), GIVE_WAY_SECS))

    async def _tidy(self) -> None:
        """Remove what is older than ARCHIVE_DAYS."""
        rows = await self._archive.trim()
        ids = await self._ids.forget_older_than(self._archive.days)
        if rows or ids:
            log.info("archive trimmed", rows=rows, call_ids=ids)

    # --- carrier ids ---

    async def _look_up_all(self) -> None:
        """Look up carrier ids, newest calls first, but for those that lately could not be read."""
        while True:
            now = self._clock()
            self._failed = {key: at for key, at in self._failed.items() if at > now - _IDS_AGAIN}
            wanted = await self._ids.wanted(_IDS_NOTED, self._failed)
            if not wanted:
                return
            await self._look_up(wanted, now)

    async def _look_up(self, wanted: list[str], now: float) -> None:
        self.progress.ids_wanted = max(self.progress.ids_wanted, self.progress.ids_done + len(wanted))
        few, found = asyncio.Semaphore(IDS_AT_ONCE), dict[str, CallIds]()

        async def look_up(conversation_id: str) -> None:
            async with few:
                async with self._after_people():
                    pass
                found[conversation_id] = await self._client.ids(conversation_id, policy=BACKGROUND_DETAIL)
            self.progress.ids_done += 1

        try:
            await run_all(map(look_up, wanted))
        finally:
            failed = (key for key, ids in found.items() if ids.state is IdState.FAILED)
            self._failed |= dict.fromkeys(failed, now)
            self.progress.ids_failed = len(self._failed)
            await self._ids.put(found)


# --- events ---

EVENT_SECS = 30 * 60
"""How old a signed event may be."""
AHEAD_SECS = 5
"""How far ahead of our clock: clocks differ."""
_SIGNATURE = "elevenlabs-signature"
_TRANSCRIPT = "post_call_transcription"
_TIME_DIGITS = 12


class PostCallEvents:
    """`POST /elevenlabs/webhook`: a conversation that ElevenLabs tells about is kept at once, with its ids.

    An event only comes earlier than the next reading of the list, which says more and corrects it; one that
    is lost costs a minute. So nothing is repeated here, and what cannot be used is answered 200: ElevenLabs
    switches off webhooks that fail.
    """

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
        return HttpAnswer(200, "ok")

    def _signed(self, body: bytes, header: str) -> bool:
        """Whether ElevenLabs signed the body, and lately: `t=<unix seconds>,v0=<hex>` over `t.body`."""
        parts = [part.strip().partition("=") for part in header.split(",")]
        times = [value for name, _, value in parts if name == "t"]
        if (
            len(times) != 1
            or not times[0].isascii()
            or not times[0].isdecimal()
            or len(times[0]) > _TIME_DIGITS
        ):
            return False
        age = self._clock() - int(times[0])
        expected = hmac.new(self._secret, f"{times[0]}.".encode() + body, hashlib.sha256).hexdigest()
        signatures = [value.encode() for name, _, value in parts if name == "v0"]
        signed = [hmac.compare_digest(expected.encode(), each) for each in signatures]
        return any(signed) and -AHEAD_SECS <= age <= EVENT_SECS

    async def _keep(self, call: Call) -> None:
        if not call.final or not call.start_time_unix_secs:
            return
        listed = {name: getattr(call, name) for name in Conversation.__struct_fields__}
        await self._archive.note(Conversation(**listed))
        await self._ids.learn(call)
