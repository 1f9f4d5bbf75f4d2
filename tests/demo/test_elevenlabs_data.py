"""The made-up conversations: repeatable, plausible, harmless, and quick to make."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from bot import model
from bot.demo.elevenlabs import Dataset, Phone, Record, Summary
from bot.demo.elevenlabs.details import detail
from bot.demo.elevenlabs.dialogues import SCENES, WORDS, fillings
from tests.demo.elevenlabs_direct import PATH, Direct

NOW = 1_795_000_000


@pytest.fixture(scope="module")
def sample() -> Dataset:
    """Make a long list: where its tests run, not wherever they are collected."""
    return Dataset.generate(5000, 7, NOW)


def encoded(dataset: Dataset) -> bytes:
    return msgspec.json.encode([list(dataset), dataset.agents])


def test_the_same_arguments_make_the_same_data() -> None:
    """Deterministic for equal arguments; another seed makes other conversations."""
    assert encoded(Dataset.generate(300, 1, NOW)) == encoded(Dataset.generate(300, 1, NOW))
    one, other = (Dataset.generate(300, seed, NOW) for seed in (1, 2))
    assert not {record.row.conversation_id for record in one} & {
        record.row.conversation_id for record in other
    }


@pytest.mark.parametrize("rows", [0, 7, 60])
@pytest.mark.parametrize("skew", ["none", "hour", "second"])
def test_any_number_of_rows_can_be_made(rows: int, skew: str) -> None:
    """Exactly as many as asked, none in the future, none older than the days asked for."""
    dataset = Dataset.generate(rows, 3, NOW, days=10, skew=skew)
    assert len(dataset) == rows
    assert all(NOW - 10 * 86_400 <= record.row.start_time_unix_secs < NOW for record in dataset)


def test_rows_can_be_crowded() -> None:
    """skew=hour puts half of the rows into one hour, skew=second a third into one second."""
    hours = Counter(r.row.start_time_unix_secs // 3600 for r in Dataset.generate(2000, 1, NOW, skew="hour"))
    seconds = Counter(r.row.start_time_unix_secs for r in Dataset.generate(3000, 1, NOW, skew="second"))
    assert 1000 <= max(hours.values()) < 1100
    assert 1000 <= max(seconds.values()) < 1100
    with pytest.raises(ValueError, match="skew"):
        Dataset.generate(10, 1, NOW, skew="day")


def test_the_newest_calls_are_minutes_old_and_some_still_run(sample: Dataset) -> None:
    """The list begins with calls of the last minutes, in progress or processing, then finished ones."""
    newest = list(sample)[::-1]
    assert NOW - newest[0].row.start_time_unix_secs < 120
    assert NOW - newest[9].row.start_time_unix_secs < 3600
    statuses = {record.row.status for record in newest[:4]}
    assert statuses == {"initiated", "in-progress", "processing"}
    assert all(
        record.row.start_time_unix_secs + record.row.call_duration_secs <= NOW
        for record in newest
        if record.row.status == "done"
    )


def test_days_have_office_hours_and_weekends(sample: Dataset) -> None:
    """Mornings are busier than nights, workdays busier than Sundays."""
    times = [datetime.fromtimestamp(record.row.start_time_unix_secs, UTC) for record in sample]
    hours = Counter(time_.hour for time_ in times)
    weekdays = Counter(time_.weekday() for time_ in times)
    assert hours[10] > 10 * hours[3]
    assert weekdays[1] > 2 * weekdays[6]


def test_every_agent_source_outcome_and_language_occurs(sample: Dataset) -> None:
    """A list of some length shows all there is to show."""
    rows = [record.row for record in sample]
    assert {row.agent_name for row in rows if row.agent_name} == {agent.name for agent in sample.agents}
    assert {"twilio", "exotel", "sip_trunk", "whatsapp", "widget"} <= {
        row.conversation_initiation_source for row in rows
    }
    assert {"success", "failure", "unknown"} <= {row.call_successful for row in rows}
    assert {"en", "de", "es", "fr", "pt", "ja", "ar"} <= {row.main_language for row in rows}
    assert {record.scene for record in sample} == set(SCENES)
    assert sum(row.call_duration_secs > 600 for row in rows) > 20
    assert {1, 2, 3, 4, 5} <= {row.rating for row in rows if row.rating is not None}
    assert any(record.feedback_comment for record in sample)


def test_numbers_belong_to_nobody(sample: Dataset) -> None:
    """Every phone number is in a range reserved for fiction, every host an example."""
    fiction = re.compile(r"\+120255501\d\d|\+442079460\d{3}|\+493023125\d{3}")
    for record in sample:
        if record.phone is not None:
            assert fiction.fullmatch(record.phone.agent_number)
            assert fiction.fullmatch(record.phone.external_number)
        text = msgspec.json.encode(detail(record)).decode() if record.seed % 20 == 0 else ""
        for number in re.findall(r"\+\d{8,}", text):
            assert fiction.fullmatch(number)


def test_carrier_ids_look_like_the_carriers(sample: Dataset) -> None:
    """Twilio CA and 32 hex digits, ElevenLabs' SCL_ beside a SIP Call-ID with a host, ids never twice."""
    shapes = {
        "twilio": re.compile(r"CA[0-9a-f]{32}"),
        "exotel": re.compile(r"[0-9a-f]{32}"),
        "sip_trunking": re.compile(r"SCL_[0-9a-f]{12}"),
    }
    phones = [record.phone for record in sample if record.phone is not None]
    for phone in phones:
        assert shapes[phone.type].fullmatch(phone.call_sid)
        if phone.type != "sip_trunking":
            assert phone.call_id is UNSET
        elif phone.call_id is not None:
            assert re.fullmatch(r"[0-9a-f-]{18}@sip\d\.carrier\.example", str(phone.call_id))
    assert len({phone.call_sid for phone in phones}) == len(phones)
    sources = {record.row.conversation_initiation_source for record in sample if record.phone is not None}
    assert sources <= {"twilio", "exotel", "sip_trunk", "hologram"}


def test_hostile_rows_are_there_and_not_at_the_top(sample: Dataset) -> None:
    """Mentions, formulas, emoji, right-to-left text, line breaks, nulls, missing fields, unknown values."""
    rows = [record.row for record in sample]
    titles = " ".join(str(row.call_summary_title) for row in rows)
    for piece in ("<!channel>", "=HYPERLINK(", "🎉", "\u202e", "Two\nlines", "@SUM"):
        assert piece in titles
    top = " ".join(str(row.call_summary_title) for row in rows[-40:])
    assert "<" not in top
    assert "=" not in top
    assert any(row.tool_names is None for row in rows)
    assert any(row.tool_names is UNSET for row in rows)
    assert {"archived"} <= {row.status for row in rows}
    plain = Dataset.generate(5000, 7, NOW, odd=False)
    assert all(record.row.status in {"done", "failed"} for record in list(plain)[:-4])


def test_message_counts_are_those_of_the_transcript() -> None:
    """Whatever a conversation's status, its counts are the turns with text in its detail."""
    for record in Dataset.generate(300, 12, NOW):
        turns = [turn for turn in detail(record)["transcript"] if turn["message"] is not None]
        spoken = Counter(turn["role"] for turn in turns)
        assert record.row.message_count == len(turns)
        assert record.row.agent_message_count == spoken["agent"]
        assert record.row.user_message_count == spoken["user"]


def test_scenes_fill_without_gaps() -> None:
    """Every scene has a summary and a first word, and its placeholders are known ones."""
    for scene in SCENES.values():
        filled = fillings(123_456_789_012, scene.language)
        texts = [scene.title, scene.summary, *(line.text for line in scene.lines)]
        assert all(text.format_map(filled).strip() for text in texts), scene.key
        assert scene.lines[0].role == "agent"
        assert scene.language in WORDS.names
        assert scene.summary


def test_summaries_decode_into_the_products_own_rows() -> None:
    """An ordinary page is what `model.Conversation` expects, field by field."""
    client = Direct(Dataset.generate(200, 5, NOW, odd=False))
    content = client.get(params={"page_size": 100, "summary_mode": "include"}).content
    page = msgspec.json.decode(content)["conversations"]
    for row in msgspec.convert(page, list[model.Conversation]):
        assert row.conversation_id.startswith("conv_")
        assert row.agent_name


def summary(conversation_id: str, start: int = 100, **fields: Any) -> Summary:
    return Summary(agent_id="agent_a", conversation_id=conversation_id, start_time_unix_secs=start, **fields)


def test_a_data_set_can_be_written_by_hand() -> None:
    """Rows given one by one, with values of any type put over them and over their details."""
    strange = Record(
        row=summary("conv_1", agent_name="Desk"),
        phone=Phone(type="carrier_pigeon", call_sid="P1"),
        row_extra={"rating": "five", "call_duration_secs": None, "brand_new": [1]},
        detail_extra={"transcript": None},
    )
    client = Direct(Dataset([strange, Record(row=summary("conv_2", 50))]))
    rows = client.get().json()["conversations"]
    assert [row["conversation_id"] for row in rows] == ["conv_1", "conv_2"]
    assert (rows[0]["rating"], rows[0]["call_duration_secs"], rows[0]["brand_new"]) == ("five", None, [1])
    assert "agent_name" not in rows[1]
    shown = client.get(f"{PATH}/conv_1").json()
    assert shown["transcript"] is None
    assert shown["metadata"]["phone_call"]["type"] == "carrier_pigeon"
    assert [turn["role"] for turn in client.get(f"{PATH}/conv_2").json()["transcript"]] == [
        "agent",
        "user",
        "agent",
    ]
    assert client.get("/v1/convai/agents").json()["agents"][0]["name"] == "Desk"


def test_adding_keeps_the_order_and_replaces_by_id() -> None:
    """Rows may be added anywhere in time; one with a known id takes the place of the old."""
    dataset = Dataset([Record(row=summary(f"conv_{start}", start)) for start in range(0, 100, 10)])
    dataset.add(Record(row=summary("conv_55", 55)))
    dataset.add(Record(row=summary("conv_10", 95)))
    starts = [record.row.start_time_unix_secs for record in dataset]
    assert starts == [0, 20, 30, 40, 50, 55, 60, 70, 80, 90, 95]
    assert all(one <= other for one, other in pairwise(starts))
    assert dataset.version > 0
    dataset.remove("conv_none")
    assert len(dataset) == 11


def test_calls_keep_arriving() -> None:
    """A made-up data set can go on: a new call ends now, those in progress end too; nothing else changes."""
    dataset = Dataset.generate(200, 6, NOW, odd=False)
    before = {record.row.conversation_id: record.row.status for record in dataset}
    unfinished = {one for one, status in before.items() if status not in {"done", "failed"}}
    new = dataset.arrive(NOW + 120)
    assert len(dataset) == 201
    assert dataset.get(new.row.conversation_id) is new
    assert new.row.start_time_unix_secs + new.row.call_duration_secs <= NOW + 120
    assert [record.key for record in dataset] == sorted(record.key for record in dataset)
    for one in unfinished:
        record = dataset.get(one)
        assert record is not None
        assert record.row.status == "done"
        assert record.row.call_summary_title
        assert record.row.start_time_unix_secs + record.row.call_duration_secs <= NOW + 120
        assert detail(record)["analysis"] is not None
    others = [record for record in dataset if record.row.conversation_id in before.keys() - unfinished]
    assert all(record.row.status == before[record.row.conversation_id] for record in others)
    with pytest.raises(ValueError, match="generated"):
        Dataset([]).arrive(NOW)
