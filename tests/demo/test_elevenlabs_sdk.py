"""The official SDK reads everything the stand-in says, over real HTTP.

Its classes are named through their package, which loads them at their first use: all workers collect this
file, one runs it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import elevenlabs
import httpx
import pydantic
import pytest
from elevenlabs import core, types
from msgspec import UNSET

from bot.demo.elevenlabs import Dataset, Record, elevenlabs_app
from tests.serving import serve

NOW = 1_795_000_000
DATASET = Dataset.generate(700, 3, NOW)


@contextlib.asynccontextmanager
async def sdk(
    dataset: Dataset = DATASET, key: str = "sample-key"
) -> AsyncIterator[elevenlabs.AsyncElevenLabs]:
    async with serve(elevenlabs_app(dataset)) as url, httpx.AsyncClient() as http:
        yield elevenlabs.AsyncElevenLabs(base_url=url, api_key=key, httpx_client=http)


def known(value: object) -> object:
    return None if value is UNSET else value


def newest_first(dataset: Dataset) -> list[Record]:
    return list(dataset)[::-1]


async def list_all(
    client: elevenlabs.AsyncElevenLabs, **asked: object
) -> list[types.ConversationSummaryResponseModel]:
    rows: list[types.ConversationSummaryResponseModel] = []
    cursor: str | None = None
    while True:
        page = await client.conversational_ai.conversations.list(
            cursor=cursor,
            page_size=100,
            **asked,
        )
        rows += page.conversations
        cursor = page.next_cursor
        if not page.has_more:
            assert cursor is None
            return rows


async def test_the_sdk_lists_every_row_in_order() -> None:
    """All pages together are the data set, newest first, field by field."""
    async with sdk() as client:
        rows = await list_all(client, summary_mode="include")
    expected = [record.row for record in newest_first(DATASET)]
    assert [row.conversation_id for row in rows] == [row.conversation_id for row in expected]
    for got, sent in zip(rows, expected, strict=True):
        for name in (
            "agent_id",
            "agent_name",
            "start_time_unix_secs",
            "call_duration_secs",
            "message_count",
            "status",
            "call_successful",
            "direction",
            "conversation_initiation_source",
            "main_language",
            "rating",
            "termination_reason",
            "call_summary_title",
            "transcript_summary",
            "cost",
            "cost_fiat",
        ):
            assert getattr(got, name) == known(getattr(sent, name)), name
        assert tuple(got.tool_names or ()) == (known(sent.tool_names) or ())


async def test_ordinary_rows_and_details_are_valid_by_the_models_own_rules() -> None:
    """Strict validation by the SDK's models, which it does not do itself, accepts rows and details."""
    dataset = Dataset.generate(400, 5, NOW, odd=False)
    async with sdk(dataset) as client, httpx.AsyncClient() as http:
        base = str(client._client_wrapper.get_base_url())
        headers = {"xi-api-key": "sample-key"}
        url = f"{base}/v1/convai/conversations"
        page = (await http.get(url, params={"page_size": 100}, headers=headers)).json()
        pydantic.TypeAdapter(list[types.ConversationSummaryResponseModel]).validate_python(
            page["conversations"]
        )
        for row in page["conversations"][:25]:
            detail = (await http.get(f"{url}/{row['conversation_id']}", headers=headers)).json()
            pydantic.TypeAdapter(types.GetConversationResponseModel).validate_python(detail)


@pytest.mark.parametrize(
    ("source", "kind"), [("twilio", "twilio"), ("exotel", "exotel"), ("sip_trunk", "sip_trunking")]
)
async def test_details_of_calls_carry_the_carriers_ids(source: str, kind: str) -> None:
    """Each telephony kind shows its own ids, and the system variable repeats the sid."""
    record = next(one for one in DATASET if one.row.conversation_initiation_source == source)
    async with sdk() as client:
        call = await client.conversational_ai.conversations.get(record.row.conversation_id)
    phone = call.metadata.phone_call
    assert phone is not None
    assert record.phone is not None
    assert phone.type == kind
    assert phone.call_sid == record.phone.call_sid
    starts = {"twilio": "CA", "sip_trunking": "SCL_"}
    assert phone.call_sid.startswith(starts.get(kind, ""))
    assert getattr(phone, "call_id", None) == known(record.phone.call_id)
    data = call.conversation_initiation_client_data
    assert data is not None
    assert data.dynamic_variables is not None
    assert data.dynamic_variables["system__call_sid"] == phone.call_sid


async def test_a_detail_tells_the_whole_conversation() -> None:
    """Transcript with silent tool turns and failures, analysis, feedback and cost agree with the list row."""
    record = next(one for one in DATASET if one.scene == "en-refund-stuck" and one.row.status == "done")
    async with sdk() as client:
        call = await client.conversational_ai.conversations.get(record.row.conversation_id)
    silent = [turn for turn in call.transcript if turn.message is None]
    results = [result for turn in silent for result in turn.tool_results or ()]
    assert [(one.tool_name, one.is_error) for one in results] == [
        ("order_lookup", False),
        ("refund_lookup", True),
        ("refund_lookup", True),
    ]
    assert [call_.tool_name for turn in silent for call_ in turn.tool_calls or ()] == [
        one.tool_name for one in results
    ]
    times = [turn.time_in_call_secs for turn in call.transcript]
    assert times == sorted(times)
    assert times[-1] <= record.row.call_duration_secs
    assert call.analysis is not None
    assert call.analysis.call_summary_title == record.row.call_summary_title
    assert call.analysis.call_successful == record.row.call_successful
    spoken = [turn for turn in call.transcript if turn.message is not None]
    assert len(spoken) == record.row.message_count


async def test_unfinished_conversations_have_no_analysis_yet() -> None:
    """The newest rows are in progress or processing: no analysis, no audio."""
    record = newest_first(DATASET)[0]
    assert record.row.status not in {"done", "failed"}
    async with sdk() as client:
        call = await client.conversational_ai.conversations.get(record.row.conversation_id)
        with pytest.raises(core.ApiError) as refused:
            async for _ in client.conversational_ai.conversations.audio.get(record.row.conversation_id):
                pass
    assert call.analysis is None
    assert not call.has_audio
    assert refused.value.status_code == 404


async def test_agents_page_and_search() -> None:
    """Agents come in pages by cursor; search is by part of the name."""
    dataset = Dataset.generate(50, 1, NOW, agents=30)
    async with sdk(dataset) as client:
        agents = client.conversational_ai.agents
        names: list[str] = []
        cursor = None
        while True:
            page = await agents.list(page_size=7, cursor=cursor)
            names += [agent.name for agent in page.agents]
            cursor = page.next_cursor
            if not page.has_more:
                break
        found = await agents.list(search="support en", page_size=100)
        by_name = await agents.list(sort_by="name", sort_direction="asc", page_size=100)
    assert names == [agent.name for agent in dataset.agents]
    assert len(set(names)) == 30
    assert all("Support EN" in agent.name for agent in found.agents)
    assert len(found.agents) == sum("Support EN" in name for name in names)
    assert [agent.name for agent in by_name.agents] == sorted(names, key=str.casefold)


async def test_text_search_finds_every_turn_that_holds_the_words() -> None:
    """The search equals reading every transcript, pages do not repeat, and filters hold."""
    async with sdk(Dataset.generate(90, 2, NOW)) as client:
        messages = client.conversational_ai.conversations.messages
        found: list[tuple[str, int]] = []
        cursor = None
        while True:
            page = await messages.text_search(
                text_query="ORDER", tool_names=["order_lookup"], page_size=4, cursor=cursor
            )
            found += [(one.conversation_id, one.transcript_index) for one in page.results]
            for one in page.results:
                assert one.chunk_highlights is not None
                assert "".join(part.value for part in one.chunk_highlights) == one.chunk_text
                assert any(part.is_hit for part in one.chunk_highlights)
            cursor = page.next_cursor
            if not page.has_more:
                break
        expected = set()
        rows = await list_all(client, tool_names=["order_lookup"])
        read = client.conversational_ai.conversations.get
        for call in await asyncio.gather(*(read(row.conversation_id) for row in rows)):
            expected |= {
                (call.conversation_id, index)
                for index, turn in enumerate(call.transcript)
                if turn.message is not None and "order" in turn.message.casefold()
            }
    assert len(found) == len(set(found)) > 8
    assert set(found) == expected


async def test_audio_is_a_playable_file_of_the_calls_length() -> None:
    """The recording starts with a tag and holds as many MP3 frames as the call had seconds."""
    record = next(one for one in DATASET if one.phone is not None and one.row.status == "done")
    async with sdk() as client:
        stream = client.conversational_ai.conversations.audio.get(record.row.conversation_id)
        content = b"".join([chunk async for chunk in stream])
    assert content.startswith(b"ID3")
    frames = content[content.index(b"\xff\xfb") :]
    assert len(frames) % 104 == 0
    assert all(frames[at : at + 2] == b"\xff\xfb" for at in range(0, len(frames), 104))
    assert abs(len(frames) // 104 * 1152 / 44_100 - record.row.call_duration_secs) < 0.05


async def test_wrong_values_are_the_sdks_unprocessable_entity() -> None:
    """page_size over 100 and unknown enum values raise the SDK's own 422 class with FastAPI's list."""
    async with sdk() as client:
        conversations = client.conversational_ai.conversations
        with pytest.raises(elevenlabs.UnprocessableEntityError) as refused:
            await conversations.list(page_size=101, sort_direction="up")
    problems = {one["loc"][1]: one["type"] for one in refused.value.body["detail"]}
    assert problems == {"page_size": "less_than_equal", "sort_direction": "enum"}


async def test_agents_say_what_their_conversations_are_judged_by() -> None:
    """The SDK's own models accept an agent's settings and the dashboard; their ids are those of the rows."""
    agent = next(agent for agent in DATASET.agents if agent.name == "Support EN")
    async with sdk() as client, httpx.AsyncClient() as http:
        base, headers = str(client._client_wrapper.get_base_url()), {"xi-api-key": "sample-key"}
        for path, shape in (
            (f"/v1/convai/agents/{agent.agent_id}", types.GetAgentResponseModel),
            ("/v1/convai/settings/dashboard", types.GetConvAiDashboardSettingsResponseModel),
        ):
            pydantic.TypeAdapter(shape).validate_python((await http.get(base + path, headers=headers)).json())
        settings = (await client.conversational_ai.agents.get(agent.agent_id)).platform_settings
        charts = (await client.conversational_ai.dashboard.settings.get()).charts
        with pytest.raises(core.ApiError) as refused:
            await client.conversational_ai.agents.get("agent_of_nobody")
        assert settings is not None
        asked = list(settings.data_collection or {})
        rows = await list_all(client, agent_id=agent.agent_id, data_collection_ids=asked)
    assert refused.value.status_code == 404
    assert {"order_id", "csat", "reason", "resolved"} <= set(asked)
    assert settings.evaluation is not None
    assert [one.id for one in settings.evaluation.criteria or ()] == ["goal_reached", "polite", "greeting"]
    assert {key for row in rows for key in row.data_collection_results or {}} == set(asked)
    assert [chart.type for chart in charts or ()].count("data_collection") == 2
