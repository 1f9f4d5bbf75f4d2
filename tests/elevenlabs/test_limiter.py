from __future__ import annotations

import asyncio

import pytest

from bot.elevenlabs.errors import FailingFast
from bot.elevenlabs.rate_limit import CircuitBreaker, Rank, RateLimiter
from tests.elevenlabs.asking import Clock


def limiter(most: int, clock: Clock | None = None) -> RateLimiter:
    """Return a limiter whose sleep moves its clock."""
    time = clock or Clock()

    async def sleep(seconds: float) -> None:
        time.now += seconds
        await asyncio.sleep(0)

    return RateLimiter(most, time, sleep)


async def test_holds_back_what_is_too_much() -> None:
    """No more than the limit are in flight, and all get their turn."""
    slots, most, done = limiter(3), 0, 0

    async def one() -> None:
        nonlocal most, done
        async with slots.slot():
            most = max(most, slots.in_flight)
            await asyncio.sleep(0)
        done += 1

    await asyncio.gather(*(one() for _ in range(20)))
    assert (most, done, slots.in_flight) == (3, 20, 0)


async def test_it_is_quiet_while_only_the_background_asks() -> None:
    """What nobody waits for gives way to the rest."""
    slots = limiter(3)
    async with slots.slot(Rank.BACKGROUND):
        assert slots.quiet
        async with slots.slot():
            assert not slots.quiet
        assert slots.quiet


async def test_halves_once_for_requests_in_flight_together() -> None:
    """Eight refusals of one moment are one sign of too much; the next moment's are another."""
    slots = limiter(8)
    async with slots.slot() as first, slots.slot() as second:
        slots.refused(first, None)
        slots.refused(second, None)
    assert slots.limit == 4
    async with slots.slot() as third:
        slots.refused(third, None)
    assert slots.limit == 2


async def test_comes_back_step_by_step() -> None:
    """Successes bring the limit back: soon to below where it failed, slowly beyond, never above the most."""
    slots = limiter(8)
    async with slots.slot() as slot:
        slots.refused(slot, None)
    soon = 0
    while slots.limit < 7:
        slots.succeeded()
        soon += 1
    beyond = 0
    while slots.limit < 8:
        slots.succeeded()
        beyond += 1
    assert soon < 30 < beyond
    for _ in range(1000):
        slots.succeeded()
    assert slots.limit == 8


async def test_honours_retry_after_for_everybody() -> None:
    """After a 429 that names a time, no request starts before it."""
    clock = Clock()
    slots = limiter(2, clock)
    async with slots.slot() as slot:
        slots.refused(slot, 7.0)
    began = clock.now
    async with slots.slot():
        assert clock.now >= began + 7.0


async def test_people_go_first() -> None:
    """A request that a person waits for overtakes all others, and those of a question the archive's."""
    slots, order = limiter(1), []

    async def one(name: str, rank: Rank) -> None:
        async with slots.slot(rank):
            order.append(name)
            await asyncio.sleep(0)

    await asyncio.gather(
        *(one(f"archive{n}", Rank.BACKGROUND) for n in range(2)),
        *(one(f"bulk{n}", Rank.USUAL) for n in range(2)),
        one("person", Rank.URGENT),
    )
    assert order == ["archive0", "person", "bulk0", "bulk1", "archive1"]


async def test_the_background_leaves_slots_free() -> None:
    """However much the archive has to read, a person's requests find most slots without a wait."""
    slots, free = limiter(8), asyncio.Event()

    async def one() -> None:
        async with slots.slot(Rank.BACKGROUND):
            await free.wait()

    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(one())
        await asyncio.sleep(0)
        assert slots.in_flight == 2
        async with asyncio.timeout(1), slots.slot():
            assert slots.in_flight == 3
        free.set()


async def test_cancelled_waiters_lose_no_slot() -> None:
    """Whoever is cancelled while waiting, also in the moment of being admitted, leaves the slot to others."""
    slots = limiter(1)

    async def one() -> None:
        async with slots.slot():
            await asyncio.sleep(0)

    for steps in range(6):
        tasks = [asyncio.create_task(one()) for _ in range(4)]
        for _ in range(steps):
            await asyncio.sleep(0)
        tasks[1].cancel()
        tasks[2].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert slots.in_flight == 0
    await asyncio.wait_for(one(), 1)


def fail(breaker: CircuitBreaker, times: int) -> None:
    """Note so many failures."""
    for _ in range(times):
        breaker.failed()


def test_breaker_opens_rests_and_recovers() -> None:
    """Five failures in a row stop requests for 30 seconds; then one tries, and its success ends it."""
    clock = Clock()
    breaker = CircuitBreaker(clock)
    fail(breaker, 4)
    breaker.succeeded()
    fail(breaker, 4)
    breaker.check()
    breaker.failed()
    with pytest.raises(FailingFast) as refused:
        breaker.check()
    assert refused.value.until == clock.now + 30
    clock.now += 31
    assert breaker.check()
    with pytest.raises(FailingFast):  # only one tries
        breaker.check()
    breaker.failed()
    with pytest.raises(FailingFast):
        breaker.check()
    clock.now += 31
    breaker.check()
    breaker.gave_up()
    breaker.check()
    breaker.succeeded()
    assert not breaker.check()
    assert breaker.open_until is None
