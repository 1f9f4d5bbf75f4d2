"""Parquet: the columns of the CSV with their types, and the values as they came."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from bot.csv_export import COLUMNS
from bot.model import CallIds, Conversation, Results
from bot.offline import ParquetWriter
from tests.laws import law
from tests.test_csv_export import TWILIO, conversations, found

BERLIN = ZoneInfo("Europe/Berlin")


def read(rows: list[Conversation], ids: dict[str, CallIds], columns: tuple[str, ...] = COLUMNS) -> Any:
    """Return what a warehouse reads of a file of these rows."""
    out = io.BytesIO()
    with ParquetWriter(out, BERLIN, columns) as writer:
        writer.write(rows, ids)
    return parquet.read_table(io.BytesIO(out.getvalue()))


def test_every_column_has_its_type() -> None:
    """Also in a file without rows; the order is that of the CSV."""
    schema = {
        field.name: str(field.type) for field in read([], {}, (*COLUMNS, "data.csat", "success_score")).schema
    }
    assert tuple(schema) == (*COLUMNS, "data.csat", "success_score")
    others = {name: kind for name, kind in schema.items() if kind != "string"}
    assert others == {
        "start_time": "timestamp[ms]",
        "start_time_utc": "timestamp[ms, tz=UTC]",
        "start_time_unix_secs": "int64",
        "call_duration_secs": "int64",
        "message_count": "int64",
        "rating": "double",
        "cost": "double",
        "cost_fiat": "double",
        "tool_names": "list<element: string>",
        "success_score": "double",
    }


def test_values_are_as_they_came() -> None:
    """Nothing is defused: no spreadsheet opens it."""
    row = Conversation(
        conversation_id="c",
        start_time_unix_secs=1_795_882_689,
        transcript_summary="=1+1",
        tool_names=("a", "b"),
        cost=120.0,
        data_collection_results=Results({"csat": 4, "order": "+A1"}),
    )
    (found,) = read([row], {"c": TWILIO}, (*COLUMNS, "data.csat", "data.order")).to_pylist()
    assert found["start_time"] == datetime(2026, 11, 28, 17, 18, 9)  # noqa: DTZ001 - a wall clock
    assert found["start_time_utc"] == datetime(2026, 11, 28, 16, 18, 9, tzinfo=UTC)
    assert (found["transcript_summary"], found["tool_names"], found["cost"]) == ("=1+1", ["a", "b"], 120.0)
    assert (found["call_id"], found["agent_number"], found["direction"]) == ("CA1", "+1•••0123", "inbound")
    assert (found["data.csat"], found["data.order"]) == ("4", "+A1")
    assert found["rating"] is found["agent_name"] is None


@law(40)
@given(st.lists(conversations, max_size=5), found)
def test_any_rows_can_be_written(rows: list[Conversation], ids: CallIds) -> None:
    """Whatever ElevenLabs sends as text, and times beyond any calendar."""
    plain = [row for row in rows if "\\ud" not in ascii(row) and "\\ud" not in ascii(ids)]
    table = read(plain, {row.conversation_id: ids for row in plain})
    assert table.column("conversation_id").to_pylist() == [row.conversation_id or None for row in plain]


def test_rows_leave_memory_in_groups() -> None:
    """A file of many rows has many row groups, each written when it is full."""
    out = io.BytesIO()
    with ParquetWriter(out, BERLIN, ("conversation_id",)) as writer:
        for start in range(0, 20_001, 3000):
            numbers = range(start, min(start + 3000, 20_001))
            writer.write([Conversation(conversation_id=str(number)) for number in numbers], {})
    file = parquet.ParquetFile(io.BytesIO(out.getvalue()))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [10_000, 10_000, 1]
    assert writer.rows == 20_001
