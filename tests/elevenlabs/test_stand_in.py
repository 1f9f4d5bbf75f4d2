"""The client against the project's own ElevenLabs stand-in, over real HTTP."""

from __future__ import annotations

import pytest

from bot.demo.elevenlabs import ApiFaults, Dataset, elevenlabs_app
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import MissingScope, WrongKey, WrongRegion
from bot.model import IdState, Selection
from tests.elevenlabs.asking import NOW, Clock, everything, ids
from tests.serving import serve


def talking_to(url: str, key: str = "sample-key") -> Conversations:
    """Return a client of the stand-in."""
    return Conversations(api_key=key, base_url=url, wait_scale=0.01, clock=Clock())


@pytest.mark.parametrize("inclusive", [False, True])
async def test_finds_what_it_holds(inclusive: bool) -> None:
    """Every row comes once, with faults, however bounds are read, with odd rows among them."""
    data = Dataset.generate(3000, 5, NOW, skew="second")
    app = elevenlabs_app(
        data,
        faults=ApiFaults(rate=0.1, seed=3, retry_after=0.05),
        after_inclusive=inclusive,
        before_inclusive=not inclusive,
        empty_last_page=inclusive,
    )
    async with serve(app) as url, talking_to(url) as conversations:
        rows = await everything(conversations, Selection())
        week = await everything(conversations, Selection(since=NOW - 9 * 86_400, until=NOW - 2 * 86_400))
    starts = {record.row.conversation_id: record.row.start_time_unix_secs for record in data}
    assert sorted(ids(rows)) == sorted(starts)
    assert set(ids(week)) == {
        found for found, start in starts.items() if NOW - 9 * 86_400 <= start < NOW - 2 * 86_400
    }


async def test_opens_what_it_lists() -> None:
    """CallDetails, ids, agents, a search and the way back from a sid work against the same data."""
    data = Dataset.generate(300, 5, NOW)
    async with serve(elevenlabs_app(data)) as url, talking_to(url) as conversations:
        rows = await everything(conversations, Selection())
        phone = next(row for row in rows if data_phone(data, row.conversation_id) == "twilio")
        found = await conversations.ids(phone.conversation_id)
        assert found.state is IdState.FOUND
        assert found.phone is not None
        assert found.phone.call_sid is not None
        assert "•" in (found.phone.external_number or "•")
        call = await conversations.find_sid(found.phone.call_sid)
        assert call is not None
        assert call.conversation_id == phone.conversation_id
        assert {agent.agent_id for agent in await conversations.agents()} >= {phone.agent_id}
        assert await everything(conversations, Selection(texts=("refund",)))


async def test_columns_of_agents() -> None:
    """What agents collect and are judged by is asked once; rows kept without it stand for none with it."""
    data = Dataset.generate(300, 5, NOW)
    app = elevenlabs_app(data)
    columns = (("data_collection_ids", "order_id"), ("evaluation_criteria_ids", "greeting"))
    async with serve(app) as url, talking_to(url) as conversations:
        agents = [agent.agent_id for agent in await conversations.agents()]
        fields = await conversations.agent_settings.fields(agents)
        assert {"data.order_id", "data.csat", "eval.greeting"} <= {field.column for field in fields}
        assert len({field.column for field in fields}) == len(fields)
        assert ("data.csat", "Csat") in [(each.column, each.name) for each in fields]
        charted = await conversations.agent_settings.dashboard()
        assert charted
        assert {each.column for each in charted} <= {each.column for each in fields}
        asked = len(app.state.requests)
        assert await conversations.agent_settings.fields(agents[:1])
        assert await conversations.agent_settings.dashboard() == charted
        assert len(app.state.requests) == asked
        plain = await everything(conversations, Selection())
        rows = await everything(conversations, Selection(params=columns))
        again = await everything(conversations, Selection())
    assert ids(rows) == ids(plain) == ids(again)
    assert all(row.data_collection_results is None for row in [*plain, *again])
    for row in rows:
        record = data.get(row.conversation_id)
        assert record is not None
        order, verdict = record.data("order_id"), dict(record.criteria).get("greeting")
        assert row.data_collection_results == ({} if order is None else {"order_id": order})
        assert row.evaluation_criteria_results == ({} if verdict is None else {"greeting": verdict})
    assert any(row.data_collection_results for row in rows)


def data_phone(data: Dataset, conversation_id: str) -> str | None:
    """Return the kind of telephone call a conversation was."""
    record = data.get(conversation_id)
    return record.phone.type if record is not None and record.phone is not None else None


async def test_keys_that_are_refused() -> None:
    """The stand-in's refused keys are told apart as the API's are."""
    async with serve(elevenlabs_app(Dataset.generate(50, 1, NOW))) as url:
        for key, kind in (
            ("unknown", WrongKey),
            ("sample-key-without-scope", MissingScope),
            ("sample-key-residency", WrongRegion),
        ):
            async with talking_to(url, key) as conversations:
                with pytest.raises(kind):
                    await conversations.first(Selection())
