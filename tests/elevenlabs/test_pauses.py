"""Pauses that ElevenLabs asks for: kept to by all, but nobody waits longer than he has time for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.elevenlabs import ApiFaults, Dataset, elevenlabs_app
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import AskedToWait, RateLimited
from bot.elevenlabs.rate_limit import Rank, RateLimiter
from bot.model import FAILED, Selection
from tests.elevenlabs.asking import NOW, Clock, everything, ids
from tests.serving import serve

LIST = "/v1/convai/conversations"
NEWEST = Selection()
WEEK = Selection(since=NOW - 7 * 86_400)


def sleeper(clock: Clock) -> Callable[[float], Awaitable[None]]:
    """Return a sleep that moves a clock."""

    async def sleep(seconds: float) -> None:
        clock.now += seconds
        await asyncio.sleep(0)

    return sleep


def asking(url: str, clock: Clock) -> Conversations:
    """Return a client whose waits only move its clock."""
    return Conversations(
        api_key="sample-key",
        base_url=url,
        wait_scale=0.0,
        clock=clock,
        monotonic=clock,
        sleep=sleeper(clock),
    )


@pytest.mark.parametrize(
    "wanted", [3600.0, 86_400.0, "3600", "Mon, 01 Jan 2068 00:00:00 GMT", "Wed, 01 Dec 2027 00:00:00 GMT"]
)
async def test_a_long_pause_is_told_to_everybody_at_once(wanted: float | str) -> None:
    """Seconds or a date: whoever asks meanwhile hears of it without waiting; a minute later one tries."""
    clock, faults = Clock(), ApiFaults(retry_after=wanted)
    app = elevenlabs_app(Dataset.generate(300, 5, NOW), faults=faults)
    async with serve(app) as url, asking(url, clock) as api:
        faults.plan(LIST, "429-retry-after")
        with pytest.raises(RateLimited) as first:
            await api.first(NEWEST)
        for ask in (api.first(WEEK), api.agents(), api.call("conv_1"), everything(api, WEEK)):
            with pytest.raises(AskedToWait) as seen:
                await ask
            assert seen.value.retry_after is not None
            assert first.value.retry_after is not None
            assert 3500 < seen.value.retry_after <= first.value.retry_after
        assert clock.now == NOW
        assert len(app.state.requests) == 1
        assert api._transport.breaker.open_until is None
        clock.now += 61
        assert (await api.first(NEWEST)).rows
        agents = await api.agents()
        faults.retry_after = 2.0  # a later, shorter pause is not taken for the long one
        faults.plan(LIST, "429-retry-after")
        assert (await api.first(WEEK)).rows
        assert clock.now == NOW + 63
        faults.retry_after = wanted
        faults.plan("/v1/convai/agents", "429-retry-after")
        assert await api.agents(refresh=True) == agents  # those last known


async def test_what_a_list_waits_for_a_person_does_not() -> None:
    """A pause of 45 seconds is waited out by an export; a person hears of it at once, also while it waits."""
    clock, faults = Clock(), ApiFaults(retry_after=45.0)
    app = elevenlabs_app(Dataset.generate(900, 5, NOW), faults=faults)
    rested, waiting = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        waiting.set()
        await rested.wait()
        clock.now += seconds

    async with (
        serve(app) as url,
        Conversations(
            api_key="sample-key",
            base_url=url,
            concurrency=1,
            wait_scale=0.0,
            clock=clock,
            monotonic=clock,
            sleep=sleep,
        ) as api,
    ):
        faults.plan(LIST, "429-retry-after")
        export = asyncio.create_task(everything(api, NEWEST))
        await asyncio.wait_for(waiting.wait(), 5)
        with pytest.raises(RateLimited) as seen:
            await asyncio.wait_for(api.first(NEWEST), 5)
        assert seen.value.retry_after == 45.0
        rested.set()
        assert len(await export) == 900
        assert clock.now >= NOW + 45


async def test_call_ids_are_not_marked_as_unreadable_for_a_pause() -> None:
    """Ids that nobody was asked for are not FAILED: a long pause is raised, a short one waited out."""
    clock, faults = Clock(), ApiFaults(retry_after=7200.0)
    data = Dataset.generate(100, 5, NOW)
    names = [record.row.conversation_id for record in data if record.phone is not None][:30]
    async with serve(elevenlabs_app(data, faults=faults)) as url, asking(url, clock) as api:
        faults.plan(names[0], "429-retry-after")
        ended = await asyncio.gather(*map(api.ids, names), return_exceptions=True)
        assert all(isinstance(each, RateLimited) or each != FAILED for each in ended)
        assert any(isinstance(each, RateLimited) for each in ended)
        clock.now += 61
        faults.retry_after = 30.0
        faults.plan(names[0], "429-retry-after")
        assert FAILED not in await asyncio.gather(*map(api.ids, names))


async def test_a_limit_on_requests_in_a_time_is_kept_to() -> None:
    """Against a server that allows so many requests in a time, a retrieval completes, with few refusals."""
    data, clock = Dataset.generate(4000, 5, NOW), Clock()
    app = elevenlabs_app(data, rate_limit=(20, 5.0), clock=clock)
    async with serve(app) as url, asking(url, clock) as api:
        rows = await everything(api, NEWEST)
    assert sorted(ids(rows)) == sorted(record.row.conversation_id for record in data)
    assert 0 < app.state.requests.statuses[429] < 60
    assert clock.now >= NOW + 10


@given(
    pauses=st.lists(st.tuples(st.floats(0, 500), st.floats(0, 100)), max_size=6),
    longest=st.sampled_from([0.0, 5.0, 10.0, 60.0]),
)
def test_nobody_waits_longer_than_he_has_time_for(pauses: list[tuple[float, float]], longest: float) -> None:
    """Whatever pauses come, also while waiting, a request waits at most its own longest pause."""

    async def ask() -> None:
        clock = Clock()
        coming = iter(pauses)

        async def sleep(seconds: float) -> None:
            clock.now += seconds
            later(next(coming, None))

        slots = RateLimiter(2, clock, sleep)

        def later(pause: tuple[float, float] | None) -> None:
            if pause is not None:
                slots.refused(-1, pause[0])  # of a request from before

        later(next(coming, None))
        began = clock.now
        left: float | None = None
        try:
            async with slots.slot(max_pause=longest):
                assert clock.now >= slots._paused_until
        except AskedToWait as error:
            left = error.retry_after
        assert left is None or clock.now - began + left > longest
        assert clock.now - began <= longest + 1e-6
        assert slots.in_flight == 0

    asyncio.run(ask())


async def test_waiting_for_a_pause_holds_no_slot() -> None:
    """Who waits out a pause leaves the slots to those who only ask how long it is."""
    slots = RateLimiter(1, time.monotonic)
    async with slots.slot() as slot:
        slots.refused(slot, 30.0)

    async def one() -> None:
        async with slots.slot(max_pause=60):
            pass

    patient = asyncio.create_task(one())
    await asyncio.sleep(0.01)
    assert slots.in_flight == 0
    with pytest.raises(AskedToWait):
        async with slots.slot(Rank.URGENT, max_pause=10):
            pass
    patient.cancel()
    await asyncio.wait([patient])
    assert slots.in_flight == 0
