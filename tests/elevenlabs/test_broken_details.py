"""Conversations that ElevenLabs itself cannot read, and how they differ from ElevenLabs being down."""

from __future__ import annotations

import asyncio
import io
import itertools
import logging
from collections import Counter

import pytest
from structlog.testing import capture_logs

from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import FailingFast, Unavailable
from bot.model import FAILED, IdState, Selection
from tests.elevenlabs.asking import NOW, Clock, client
from tests.elevenlabs.fake import DROP, Fake, row

WAIT_SCALE = 1e-4


def server(count: int, *, broken: range = range(0), latency: float = 0.0) -> Fake:
    """Return a server with calls, of which some can be listed but not opened."""
    fake = Fake([row(number, NOW - 9000 - number) for number in range(count)], latency=latency)
    for item in fake.rows:
        phone = {"type": "twilio", "call_sid": f"CA{item['conversation_id']}"}
        fake.details[item["conversation_id"]] = {
            "conversation_id": item["conversation_id"],
            "status": "done",
            "metadata": {"start_time_unix_secs": item["start_time_unix_secs"], "phone_call": phone},
            "transcript": [],
        }
    fake.broken = {f"conv_{number:06d}" for number in broken}
    return fake


def passing(fake: Fake, clock: Clock) -> Conversations:
    """Return a client whose waits for ElevenLabs only move the clock."""

    async def sleep(seconds: float) -> None:
        clock.now += seconds / WAIT_SCALE
        await asyncio.sleep(0)

    return client(fake, clock=clock, monotonic=lambda: 0.0, sleep=sleep, wait_scale=WAIT_SCALE)


async def test_broken_neighbours_are_marked_and_nothing_else_suffers() -> None:
    """Seven calls in a row that cannot be read: asked three times each, marked; all others are found."""
    fake = server(120, broken=range(50, 57), latency=0.001)
    async with client(fake, wait_scale=0.02) as api:
        for _ in range(2):
            found = await asyncio.gather(*(api.ids(item["conversation_id"]) for item in fake.rows))
            states = [ids.state for ids in found]
            assert [at for at, state in enumerate(states) if state is not IdState.FOUND] == [*range(50, 57)]
            assert states[50] is IdState.FAILED
            assert (await api.first(Selection(), refresh=True)).rows
    asked = Counter(path.rpartition("/")[2] for path, _ in fake.requests)
    assert {asked[each] for each in fake.broken} == {6}
    assert api._transport.breaker.open_until is None


@pytest.mark.parametrize("together", [True, False])
async def test_nothing_but_broken_details(together: bool) -> None:
    """When only such calls are asked for, all are marked, a list or two tells why, and lists are answered."""
    fake = server(20, broken=range(20), latency=0.001)
    async with client(fake) as api:
        names = sorted(fake.broken)
        if together:
            assert set(await asyncio.gather(*map(api.ids, names))) == {FAILED}
            assert fake.pages <= 6
        else:
            assert {await api.ids(name) for name in names} == {FAILED}
        for name in names[:8]:
            with pytest.raises(Unavailable) as seen:
                await api.call(name)
            assert not isinstance(seen.value, FailingFast)
            with pytest.raises(Unavailable):
                await api.audio(name, io.BytesIO(), most=1000)
        assert (await api.first(Selection())).rows


async def test_details_find_out_that_nobody_is_there() -> None:
    """Five opened calls without any answer stop requests for 30 seconds; a broken detail ends that too."""
    fake, clock = server(20, broken=range(6, 7)), Clock()
    async with client(fake, clock=clock) as api:
        fake.faults = itertools.repeat(503)
        for number in range(5):
            with pytest.raises(Unavailable) as seen:
                await api.call(f"conv_{number:06d}")
            assert not isinstance(seen.value, FailingFast)
        asked = len(fake.requests)
        with pytest.raises(FailingFast):
            await api.first(Selection())
        assert len(fake.requests) == asked
        fake.faults = None
        clock.now += 31
        with pytest.raises(Unavailable):
            await api.call("conv_000006")
        assert (await api.first(Selection())).rows


async def test_one_success_in_between_begins_the_count_anew() -> None:
    """Four failures, one answer, four failures: nobody is refused."""
    fake = server(20)
    async with client(fake) as api:
        for _ in range(3):
            fake.faults = itertools.repeat(DROP)
            for _ in range(4):
                with pytest.raises(Unavailable):
                    await api.first(Selection(), refresh=True)
            fake.faults = None
            assert (await api.first(Selection(), refresh=True)).rows


async def test_ids_wait_for_elevenlabs_to_come_back() -> None:
    """Ids asked for during an outage are found after it: no row is marked that was not asked for."""
    fake, clock = server(60), Clock()
    async with passing(fake, clock) as api:
        fake.faults = itertools.repeat(503)
        for _ in range(5):
            with pytest.raises(Unavailable):
                await api.first(Selection(), refresh=True)
        fake.faults = None
        one = await api.ids("conv_000059")
        assert one.state is IdState.FOUND
        assert NOW + 30 <= clock.now <= NOW + 40
        # It goes away for a while in the midst of many.
        fake.faults = iter([None] * 20 + [503] * 60)
        found = await asyncio.gather(*(api.ids(f"conv_{number:06d}") for number in range(50)))
        assert {ids.state for ids in found} == {IdState.FOUND}


async def test_ids_raise_when_it_does_not_come_back() -> None:
    """An outage that lasts is raised within a bound, and is never 'could not be read'."""
    fake, clock = server(30), Clock()
    fake.faults = itertools.repeat(503)
    async with passing(fake, clock) as api:
        with pytest.raises(Unavailable):
            await api.ids("conv_000001")
        assert clock.now <= NOW + 45
        ended = await asyncio.gather(
            *(api.ids(f"conv_{number:06d}") for number in range(30)), return_exceptions=True
        )
        assert all(isinstance(each, Unavailable) for each in ended)


async def test_a_busy_server_is_given_more_time_than_a_broken_detail() -> None:
    """Six refusals with 429 are waited out; three answers 500 are the end."""
    fake = server(3)
    async with client(fake) as api:
        fake.faults = iter([429] * 6)
        assert (await api.ids("conv_000001")).state is IdState.FOUND
        fake.faults = iter([500, 429, 500, 429, 500])
        sent = len(fake.requests)
        assert await api.ids("conv_000002") == FAILED
        assert len(fake.requests) == sent + 6  # and one list, to see whether anybody is there


async def test_retries_write_no_lines(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """A request that is tried again puts nothing on a terminal or into a log."""
    caplog.set_level(logging.DEBUG)
    fake = server(3)
    fake.faults = iter([500, 503])
    with capture_logs() as lines:
        async with client(fake) as api:
            await api.first(Selection())
    assert api.counts.retries == 2
    assert not lines
    assert "retry" not in caplog.text
    assert capsys.readouterr() == ("", "")
