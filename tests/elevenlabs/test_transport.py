from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any

import pytest

from bot.elevenlabs import errors
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import BadAnswer, FailingFast, Invalid, RateLimited, Unavailable, WrongKey
from bot.model import Selection
from tests.elevenlabs.asking import NOW, Clock, client, everything, ids
from tests.elevenlabs.fake import DROP, GARBAGE, Answer, Fake, found, refused, row
from tests.serving import free_port, serve

KEY = "sk_4f1c0ffee"
ROWS = [row(number, NOW - 9000 - number) for number in range(250)]


def _always(answer: Answer, _: object) -> Answer:
    return answer


@pytest.mark.parametrize("fault", [500, 502, 503, 429, DROP, GARBAGE])
async def test_gets_over_passing_faults(fault: int | str) -> None:
    """5xx, 429, a dropped connection and broken JSON are tried again, and the answer comes."""
    fake = Fake(ROWS, faults=iter([fault, fault]))
    async with client(fake) as conversations:
        page = await conversations.first(Selection())
    assert len(page.rows) == 100
    assert len(fake.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 410, 418, 422])
async def test_never_repeats_a_refusal(status: int) -> None:
    """What the API refuses for good is asked once."""
    fake = Fake(ROWS, override=lambda _: refused(status, "no_way"))
    async with client(fake) as conversations:
        with pytest.raises(errors.ElevenLabsError) as seen:
            await conversations.first(Selection())
    assert seen.value.status == status
    assert len(fake.requests) == 1


async def test_gives_up_with_the_class_of_the_fault() -> None:
    """Faults that do not pass end as their own class, with the wait that was asked for."""
    answers: list[tuple[Answer, type[errors.ElevenLabsError]]] = [
        (refused(503, "system_busy"), Unavailable),
        (refused(429, "rate_limit_exceeded"), RateLimited),
        ((200, b'{"conversations": [', {}), BadAnswer),
        (found({"conversations": "none"}), BadAnswer),
    ]
    for answer, kind in answers:
        fake = Fake(override=partial(_always, answer))
        async with client(fake) as conversations:
            with pytest.raises(kind):
                await conversations.first(Selection())
        assert len(fake.requests) == 5


async def test_a_long_pause_is_told_not_waited_for() -> None:
    """A Retry-After beyond patience ends the question at once and says how long it is."""
    fake = Fake(override=lambda _: refused(429, "rate_limit_exceeded", headers={"retry-after": "3600"}))
    async with client(fake) as conversations:
        with pytest.raises(RateLimited) as seen:
            await conversations.first(Selection())
    assert seen.value.retry_after == 3600.0
    assert len(fake.requests) == 1


async def test_honours_retry_after() -> None:
    """The next request starts no sooner than a 429 asks."""
    clock = Clock()

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    answers = iter([refused(429, "rate_limit_exceeded", headers={"retry-after": "3"})])
    fake = Fake(ROWS, override=lambda _: next(answers, None))
    async with client(fake, clock=clock, monotonic=clock, sleep=sleep) as conversations:
        await conversations.first(Selection())
    assert clock.now == NOW + 3.0
    assert conversations.counts.refusals == 1


async def test_two_at_a_time_are_enough() -> None:
    """Against a server that allows two requests at a time, a retrieval with eight workers completes."""
    rows = [row(number, NOW - 9000 - number * 60) for number in range(3000)]
    fake = Fake(rows, at_once=2, latency=0.002)
    async with (
        serve(fake) as url,
        Conversations(api_key=KEY, base_url=url, wait_scale=0.02) as conversations,
    ):
        got = await everything(conversations, Selection())
    assert sorted(ids(got)) == sorted(ids(rows))
    assert conversations.counts.refusals < 40


async def test_over_the_wire(caplog: pytest.LogCaptureFixture) -> None:
    """Real HTTP: the key goes in its header, we say who we are, and no log or error holds the key."""
    caplog.set_level(logging.INFO)
    fake = Fake(ROWS, override=lambda query: refused(401, "invalid_api_key", message=f"{KEY} {query}"))
    async with serve(fake) as url, Conversations(api_key=KEY, base_url=url) as conversations:
        with pytest.raises(WrongKey) as seen:
            await conversations.first(Selection())
    assert fake.headers[0]["xi-api-key"] == KEY
    assert fake.headers[0]["user-agent"].startswith("conversations-bot")
    assert KEY not in f"{seen.value!r} {seen.value.__context__!r} {caplog.text}"


async def test_nobody_there() -> None:
    """A refused connection is Unavailable; five in a row stop asking for 30 seconds, then it recovers."""
    clock = Clock()
    port = free_port()
    settings: dict[str, Any] = {"api_key": KEY, "wait_scale": 0.0, "clock": clock}
    async with Conversations(base_url=f"http://127.0.0.1:{port}", **settings) as conversations:
        for _ in range(5):
            with pytest.raises(Unavailable) as seen:
                await conversations.first(Selection())
            assert not isinstance(seen.value, FailingFast)
        sent = conversations.counts.requests
        with pytest.raises(FailingFast):
            await conversations.first(Selection())
        assert conversations.counts.requests == sent
        clock.now += 31
        async with serve(Fake(ROWS), port):
            assert len((await conversations.first(Selection())).rows) == 100


@pytest.mark.parametrize("key", ["", "sk_ünicode", "sk_two\nlines"])
async def test_a_key_that_cannot_be_one(key: str) -> None:
    """A key that no header can hold is a wrong key, is not sent and is not quoted."""
    fake = Fake(ROWS)
    async with client(fake, api_key=key) as conversations:
        with pytest.raises(WrongKey) as seen:
            await conversations.first(Selection())
    assert not fake.requests
    assert not key or key not in str(seen.value)


async def test_an_endless_answer_is_cut() -> None:
    """An answer beyond any sensible size is refused instead of filling the memory."""
    fake = Fake(override=lambda _: (200, b" " * (65 * 2**20), {}))
    async with client(fake) as conversations:
        with pytest.raises(BadAnswer):
            await conversations.first(Selection())


async def test_refused_parameters_are_named() -> None:
    """A 422 says which parameters it was about."""
    body = b'{"detail": [{"loc": ["query", "rating_min"], "msg": "x", "type": "y"}]}'
    fake = Fake(override=lambda _: (422, body, {}))
    async with client(fake) as conversations:
        with pytest.raises(Invalid) as seen:
            await everything(conversations, Selection(params=(("rating_min", "9"),)))
    assert seen.value.fields == ("rating_min",)


async def test_equal_first_questions_share_one_request() -> None:
    """Simultaneous equal questions are asked once; one that gives up does not stop the others."""
    fake = Fake(ROWS, latency=0.01)
    async with client(fake) as conversations:
        tasks = [asyncio.create_task(conversations.first(Selection())) for _ in range(5)]
        await asyncio.sleep(0.001)
        tasks[0].cancel()
        pages = await asyncio.gather(*tasks[1:])
        assert {len(page.rows) for page in pages} == {100}
    assert len(fake.requests) == 1
