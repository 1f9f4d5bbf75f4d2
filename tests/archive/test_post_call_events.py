"""Post-call events: only ElevenLabs' own are taken, at once, and the list has the last word."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from bot.archive.archive_sync import PostCallEvents
from bot.archive.tables import conversations
from bot.demo.elevenlabs import Dataset, elevenlabs_app
from bot.elevenlabs.phone_numbers import NumberHash
from bot.elevenlabs.wire import DecodeOptions
from bot.model import IdState, Selection
from bot.web import EVENT_LIMIT, application, event_routes
from tests.archive.keeping import Keeping, keeping
from tests.elevenlabs.asking import NOW, Clock, everything

SECRET = "wsec_1"


def signed(body: bytes, at: float, secret: str = SECRET) -> dict[str, str]:
    """Return the header that ElevenLabs sends with a body."""
    mac = hmac.new(secret.encode(), f"{at:.0f}.".encode() + body, hashlib.sha256).hexdigest()
    return {"ElevenLabs-Signature": f"t={at:.0f},v0={mac}"}


def event(data: dict[str, Any], kind: str = "post_call_transcription") -> bytes:
    """Return an event's body."""
    return json.dumps({"type": kind, "event_timestamp": NOW, "data": data}).encode()


@asynccontextmanager
async def receiving(
    url: str, dataset: Dataset, clock: Clock
) -> AsyncIterator[tuple[Keeping, httpx.AsyncClient, httpx.AsyncClient]]:
    """Give an archive, the bot's side of the webhook over HTTP, and the sample ElevenLabs."""
    app = elevenlabs_app(dataset, clock=clock)
    async with keeping(url, app, clock) as kept:
        decoding = DecodeOptions(hashes=NumberHash(b"1"))
        events = PostCallEvents(SECRET, kept.archive, kept.ids, decoding, clock)
        routes = httpx.ASGITransport(application(event_routes(events.receive)))
        key = {"xi-api-key": "sample-key"}
        async with (
            httpx.AsyncClient(transport=routes, base_url="http://bot") as bot,
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://sample", headers=key
            ) as api,
        ):
            yield kept, bot, api


async def rows_of(kept: Keeping) -> dict[str, str]:
    """Return the statuses of all conversations in the database, by id."""
    statement = sa.select(conversations.c.conversation_id, conversations.c.status)
    found = await kept.database.run(lambda connection: connection.execute(statement).all())
    return {row.conversation_id: row.status for row in found}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (lambda body: signed(body, NOW), 200),
        (lambda body: signed(body, NOW - 29 * 60), 200),
        (lambda body: signed(body, NOW - 31 * 60), 401),
        (lambda body: signed(body, NOW + 60), 401),
        (lambda body: signed(body, NOW, "other"), 401),
        (lambda body: signed(body + b" ", NOW), 401),
        (lambda _: {}, 401),
        (lambda _: {"ElevenLabs-Signature": "t=,v0="}, 401),
        (lambda _: {"ElevenLabs-Signature": "t=1,t=2,v0=\u00e4".encode("latin-1")}, 401),
    ],
)
async def test_only_what_elevenlabs_signed_lately_is_taken(sqlite: str, headers: Any, status: int) -> None:
    """A wrong key, another body, too old, of the future, or no signature: refused before it is read."""
    async with receiving(sqlite, Dataset(), Clock()) as (_, bot, _api):
        body = event({}, "something_new")
        answer = await bot.post("/elevenlabs/webhook", content=body, headers=headers(body))
        assert answer.status_code == status


@pytest.mark.parametrize(
    "body",
    [
        event({"conversation_id": "conv_1"}),
        event({"conversation_id": 7, "metadata": "none"}),
        event({"conversation_id": "conv_1", "failure_reason": "busy"}, "call_initiation_failure"),
        json.dumps({"type": ["post_call_transcription"], "data": []}).encode(),
        b"[]",
    ],
)
async def test_what_is_of_no_use_is_no_failure(sqlite: str, body: bytes) -> None:
    """Unknown types and shapes are answered 200, so that ElevenLabs does not switch the webhook off."""
    async with receiving(sqlite, Dataset(), Clock()) as (kept, bot, _api):
        answer = await bot.post("/elevenlabs/webhook", content=body, headers=signed(body, NOW))
        assert answer.status_code == 200
        assert await rows_of(kept) == {}


async def test_an_event_is_bounded(sqlite: str) -> None:
    """A recording that somebody switched on by mistake is not read to its end."""
    async with receiving(sqlite, Dataset(), Clock()) as (_, bot, _api):
        body = b" " * (EVENT_LIMIT + 1)
        answer = await bot.post("/elevenlabs/webhook", content=body, headers=signed(body, NOW))
        assert answer.status_code == 413


async def test_an_event_is_kept_once_and_the_list_has_the_last_word(database_url: str) -> None:
    """A call is there at once, with its ids and without a request; then the list says more."""
    clock, dataset = Clock(), Dataset.generate(50, now=NOW)
    async with receiving(database_url, dataset, clock) as (kept, bot, api):
        await kept.sync.once()
        clock.now += 30
        arrived = [dataset.arrive(int(clock.now)) for _ in range(100)]
        record = next(each for each in arrived if each.phone is not None and each.row.status == "done")
        called = record.row.conversation_id
        body = event((await api.get(f"/v1/convai/conversations/{called}")).json())
        before = kept.client.counts.requests
        for _ in range(3):
            answer = await bot.post("/elevenlabs/webhook", content=body, headers=signed(body, clock.now))
            assert answer.status_code == 200
        assert kept.client.counts.requests == before
        assert (await rows_of(kept))[called] == "done"
        assert (await kept.ids.get([called]))[called].state is IdState.FOUND
        clock.now += 120
        await kept.sync.once()
        rows = await everything(kept.client, Selection(since=NOW - 86_400))
        (listed,) = [row for row in rows if row.conversation_id == called]
        assert listed.call_summary_title == record.row.call_summary_title
        assert listed.branch_id == record.row.branch_id
