"""What goes on in the demo by itself: people talk about calls and ask the bot, new calls come in."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import msgspec

from bot.demo.elevenlabs import Dataset, Record
from bot.demo.slack import Deliveries
from bot.demo.slack.composer import compose
from bot.demo.slack.page_api import Handler
from bot.demo.slack.shapes import Json

TALK = Path(__file__).with_name("talk.json")
QUIET = (20.0, 45.0)
"""Between so many seconds pass from one new call to the next."""
FRESH = 3600
"""Seconds: people talk about calls that are older than this, for those do not change any more."""
RATED_LATE = 200
"""How many of the newest calls may still get a rating."""


class TalkLine(msgspec.Struct, frozen=True):
    """What somebody said `minutes` ago (None: they say it now, so the bot hears it).

    No `channel`: it is said to the bot. The text may have gaps for the ids of calls.
    """

    who: str
    text: str
    channel: str = ""
    minutes: float | None = None
    replies: tuple[TalkLine, ...] = ()


def gaps(dataset: Dataset, now: float) -> dict[str, str]:
    """Find calls worth talking about: the newest failed ones that ended for good."""
    found: dict[str, str] = {}
    for record in reversed(dataset.records):
        if record.row.start_time_unix_secs < now - FRESH and _went_wrong(record):
            phone = record.phone
            if phone is None:
                found.setdefault("conversation_id", record.row.conversation_id)
            elif phone.type == "twilio":
                found.setdefault("call_sid", phone.call_sid)
            elif isinstance(phone.call_id, str):
                found.setdefault("sip_call_id", phone.call_id)
    return found


def _went_wrong(record: Record) -> bool:
    return record.row.call_successful == "failure" and isinstance(record.row.call_summary_title, str)


def lets_fail(dataset: Dataset, clock: Callable[[], float]) -> Handler:
    """Return what the page posts to let a call fail at once, for who watches failed calls."""

    async def fail(_body: Json, _user: str) -> Json:
        conversation_id = dataset.arrive(int(clock())).row.conversation_id
        dataset.change(conversation_id, status="done", call_successful="failure")
        return {"ok": True, "conversation_id": conversation_id}

    return fail


class Life:
    """Lets the people of a workspace talk, and calls arrive in its data set (None: real conversations)."""

    def __init__(
        self, deliveries: Deliveries, dataset: Dataset | None, clock: Callable[[], float], rng: random.Random
    ) -> None:
        self._deliveries = deliveries
        self._dataset = dataset
        self._clock = clock
        self._rng = rng
        self._lines = msgspec.json.decode(TALK.read_bytes(), type=tuple[TalkLine, ...])
        self._gaps = {} if dataset is None else gaps(dataset, clock())

    def remember(self) -> None:
        """Put what was said earlier into the channels; a line whose call there is not is left out."""
        for line in self._lines:
            if line.minutes is not None and (said := self._say_earlier(line, line.channel)):
                for reply in line.replies:
                    self._say_earlier(reply, line.channel, said)

    async def go_on(self) -> None:
        """Ask the bot, once it listens, and let calls arrive from then on."""
        while not (await self._deliveries.url_verification()).ok:  # noqa: ASYNC110 - a server of its own
            await asyncio.sleep(0.1)
        workspace = self._deliveries.workspace
        people = {user.name: user.id for user in workspace.users.values()}
        for line in self._lines:
            if line.minutes is None:
                user = people[line.who]
                channel = workspace.find_channel(line.channel) if line.channel else workspace.dm(user)
                self._deliveries.say(user, channel.id, line.text)
        while self._dataset is not None:
            await asyncio.sleep(self._rng.uniform(*QUIET))
            self._dataset.arrive(int(self._clock()))
            self._rate_late(self._dataset)

    def _say_earlier(self, line: TalkLine, channel: str, thread_ts: str | None = None) -> str | None:
        workspace = self._deliveries.workspace
        try:
            text, blocks = compose(workspace, line.text.format_map(self._gaps))
        except KeyError:
            return None
        where = workspace.find_channel(channel).id
        user = next(user.id for user in workspace.users.values() if user.name == line.who)
        ts = f"{self._clock() - 60 * (line.minutes or 0):.6f}"
        content = {"user": user, "text": text, "blocks": blocks, "ts": ts}
        workspace.messages.post(where, content, thread_ts=thread_ts)
        return ts

    def _rate_late(self, dataset: Dataset) -> None:
        """Let somebody rate a call some time after it ended, as people do."""
        late = self._rng.choice(dataset.records[-RATED_LATE:]).row
        if late.status == "done" and late.rating is None:
            stars = (1, 2) if late.call_successful == "failure" else (4, 5)
            dataset.change(late.conversation_id, rating=self._rng.choice(stars))
