from __future__ import annotations

import asyncio
import io
from typing import Any

import httpx
import pytest

from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import NotFound, WrongKey
from bot.model import FAILED, IdState
from tests.elevenlabs.asking import NOW, client
from tests.elevenlabs.fake import Fake, row


def detail(number: int, sid: str, status: str = "done") -> dict[str, Any]:
    """Return the detail of a Twilio call."""
    return {
        "conversation_id": f"conv_{number:06d}",
        "status": status,
        "metadata": {"start_time_unix_secs": NOW - 9000, "phone_call": {"type": "twilio", "call_sid": sid}},
        "transcript": [],
    }


def server(count: int = 30, **more: Any) -> Fake:
    """Return a server with calls and their details."""
    fake = Fake([row(number, NOW - 9000 - number) for number in range(count)], **more)
    fake.details = {f"conv_{number:06d}": detail(number, f"CA{number}") for number in range(count)}
    return fake


async def test_ids_are_asked_once() -> None:
    """The ids of a finished call are asked once, also by many at the same time; of others each time."""
    fake = server(latency=0.005)
    fake.details["conv_000002"]["status"] = "in-progress"
    async with client(fake) as conversations:
        found = await asyncio.gather(*(conversations.ids("conv_000001") for _ in range(5)))
        assert {ids.phone.call_sid for ids in found if ids.phone} == {"CA1"}
        await conversations.ids("conv_000001")
        assert len(fake.requests) == 1
        await conversations.ids("conv_000002")
        await conversations.ids("conv_000002")
        assert len(fake.requests) == 3


async def test_ids_that_cannot_be_had() -> None:
    """A deleted call and one that fails for good are FAILED, not missing and not an exception."""
    fake = server()
    async with client(fake) as conversations:
        assert await conversations.ids("conv_999999") == FAILED
        fake.faults = iter([500] * 8)
        assert await conversations.ids("conv_000001") == FAILED
        assert (await conversations.ids("conv_000001")).state is IdState.FOUND


async def test_ids_raise_what_hits_every_row() -> None:
    """A wrong key is not reported as a thousand failed rows."""
    fake = server()
    fake.faults = iter([401])
    async with client(fake) as conversations:
        with pytest.raises(WrongKey):
            await conversations.ids("conv_000001")


async def test_opened_calls() -> None:
    """A finished call is remembered for minutes; Refresh asks again; what is gone is NotFound."""
    fake = server()
    async with client(fake) as conversations:
        for refresh, sent in ((False, 1), (False, 1), (True, 2)):
            call = await conversations.call("conv_000001", refresh=refresh)
            assert call.phone is not None
            assert len(fake.requests) == sent
        with pytest.raises(NotFound):
            await conversations.call("../../v1/user")
        assert fake.requests[-1][0].startswith("/v1/convai/conversations/")


@pytest.mark.parametrize("path", ["..", ".", "a/b", "?x=1", "ü", "%2e%2e"])
async def test_an_id_stays_in_its_place(path: str) -> None:
    """No id from outside can turn a request for a detail into another request."""
    fake = server()
    async with client(fake) as conversations:
        with pytest.raises(NotFound):
            await conversations.call(path)
    ((seen, query),) = fake.requests
    assert seen == f"/v1/convai/conversations/{path}"
    assert not query


async def test_finds_a_sid_by_the_filter() -> None:
    """A sid is found with two requests where the filter works, and confirmed by the detail."""
    fake = server()
    fake.override = lambda query: fake.page(
        [fake.rows[7]] if query["dynamic_variable_params"] == ["system__call_sid:eq:CA7"] else []
    )
    async with client(fake) as conversations:
        call = await conversations.find_sid("CA7")
        assert call is not None
        assert (call.conversation_id, len(fake.requests)) == ("conv_000007", 2)
        assert await conversations.find_sid("CA700") is None


async def test_a_filter_that_is_ignored_or_wrong_finds_nothing() -> None:
    """Rows that the filter did not choose are not taken for the call."""
    fake = server()
    async with client(fake) as conversations:
        assert await conversations.find_sid("CA7") is None  # ignored: everything comes
        assert len(fake.requests) == 1
        fake.override = lambda _: fake.page([fake.rows[3]])
        assert await conversations.find_sid("CA7") is None  # another call's row
        fake.override = lambda _: (422, b'{"detail": []}', {})
        assert await conversations.find_sid("CA7") is None  # refused
        assert await conversations.find_sid("CA:7") is None  # cannot be expressed


async def test_a_recording_is_written_whole() -> None:
    """A recording comes whole, also after a fault; a missing one is NotFound, a larger one is not read."""
    fake, out = server(), io.BytesIO(bytes(400_000))
    fake.audio["conv_000001"] = b"x" * 300_000
    fake.faults = iter([503])
    async with client(fake) as conversations:
        assert await conversations.audio("conv_000001", out, most=300_000) == 300_000
        assert out.getvalue() == fake.audio["conv_000001"]
        assert await conversations.audio("conv_000001", out, most=299_999) > 299_999
        with pytest.raises(NotFound):
            await conversations.audio("conv_000002", out, most=300_000)
        assert conversations._transport.limiter.in_flight == 0


async def test_all_agents() -> None:
    """Agents come from all pages, by name, once in five minutes."""
    fake = server()
    fake.agents = [{"agent_id": f"a{n}", "name": name} for n, name in enumerate(["b", "A", "c", None, "a"])]
    async with client(fake) as conversations:
        agents = await conversations.agents()
        assert [agent.name for agent in agents] == ["A", "a", "a3", "b", "c"]
        assert len(fake.requests) == 3
        await conversations.agents()
        assert len(fake.requests) == 3
        await conversations.agents(refresh=True)
        assert len(fake.requests) == 6


async def test_details_of_many_with_faults() -> None:
    """With one request in ten failing, every id is still found."""
    fake = server(200)
    fake.faults = (500 if number % 10 == 3 else None for number in range(10_000))
    async with client(fake) as conversations:
        found = await asyncio.gather(*(conversations.ids(item["conversation_id"]) for item in fake.rows))
    assert {ids.state for ids in found} == {IdState.FOUND}


@pytest.mark.parametrize("status", [403, 404])
async def test_names_are_not_asked_for_again_and_again_where_they_are_refused(status: int) -> None:
    """Rows are named batch by batch: after a refusal nobody asks for a while; names known once stay known."""
    asked, refusing = 0, False

    def answer(_request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        if refusing:
            return httpx.Response(status, json={"detail": {"status": "forbidden", "message": "no agents"}})
        return httpx.Response(200, json={"agents": [{"agent_id": "a", "name": "Sales"}], "has_more": False})

    now = 1_800_000_000.0
    async with Conversations(api_key="key", http=httpx.MockTransport(answer), clock=lambda: now) as client:
        refusing = True
        assert [await client.agent_names() for _ in range(5)] == [{}] * 5
        assert asked == 1
        refusing, now = False, now + 60
        assert [await client.agent_names() for _ in range(5)] == [{"a": "Sales"}] * 5
        assert asked == 2
        refusing, now = True, now + 600
        assert [await client.agent_names() for _ in range(5)] == [{"a": "Sales"}] * 5
        assert asked == 3
