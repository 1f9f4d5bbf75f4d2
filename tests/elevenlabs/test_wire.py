from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.elevenlabs.call_details import decode_call, decode_ids
from bot.elevenlabs.errors import BadAnswer
from bot.elevenlabs.wire import DEFAULT, DecodeOptions, decode_agents, decode_hits, decode_page
from bot.model import IdState
from tests.each import holds_for_each

ROW = {"conversation_id": "conv_1", "agent_id": "a", "start_time_unix_secs": 1_700_000_000}


def page(*rows: Any, **more: Any) -> bytes:
    """Return a page of the list."""
    return json.dumps({"conversations": rows, "next_cursor": None, "has_more": False, **more}).encode()


def test_reads_a_row_as_promised() -> None:
    """All fields arrive; unknown values of enumerations stay as they are."""
    row = {**ROW, "status": "brand-new", "rating": 4, "tool_names": ["book"], "cost": 12, "unknown": {"x": 1}}
    row["call_success_score"] = 0.5
    (found,) = decode_page(page(row)).rows
    assert (found.status, found.rating, found.tool_names, found.cost) == ("brand-new", 4.0, ("book",), 12.0)
    assert found.call_success_score == 0.5


NONSENSE = [None, "text", -1, 3.7, 10**30, True, [], {}, [1, None], {"a": 1}]


OPTIONAL = [
    "agent_id",
    "agent_name",
    "call_duration_secs",
    "call_success_score",
    "cost",
    "cost_fiat",
    "direction",
    "message_count",
    "rating",
    "status",
    "tag_ids",
    "tool_names",
    "transcript_summary",
]


def test_a_wrong_optional_field_costs_only_itself() -> None:
    """Null or another type in an optional field leaves the row readable, and its neighbours as they are."""
    (alone,) = decode_page(page({**ROW, "conversation_id": "conv_2"})).rows

    def costs_itself(field: str, value: Any) -> None:
        found = decode_page(page({**ROW, field: value}, {**ROW, "conversation_id": "conv_2"}))
        assert [row.conversation_id for row in found.rows] == ["conv_1", "conv_2"]
        assert not found.unplaced
        assert found.rows[0].call_duration_secs >= 0
        assert found.rows[1] == alone

    holds_for_each([(field, value) for field in OPTIONAL for value in NONSENSE], costs_itself)


@pytest.mark.parametrize(
    "row",
    [
        None,
        7,
        {},
        {**ROW, "conversation_id": None},
        {**ROW, "conversation_id": ""},
        {**ROW, "start_time_unix_secs": None},
        {**ROW, "start_time_unix_secs": -5},
        {**ROW, "start_time_unix_secs": 1_700_000_000_000_000},
    ],
)
def test_a_row_that_cannot_be_placed_is_counted(row: Any) -> None:
    """Without an id or a start time a row is left out, and the page says so."""
    found = decode_page(page(row, {**ROW, "conversation_id": "conv_2"}))
    assert [item.conversation_id for item in found.rows] == ["conv_2"]
    assert len(found.unplaced) == 1


def test_start_times_in_other_clothes() -> None:
    """A start time as text or with a fraction is still one."""
    rows = [{**ROW, "start_time_unix_secs": "1700000000"}, {**ROW, "start_time_unix_secs": 1_700_000_000.9}]
    assert [row.start_time_unix_secs for row in decode_page(page(*rows)).rows] == [1_700_000_000] * 2


@pytest.mark.parametrize("broken", [b'"\\ud800"', b'"\xff\xfe"'])
def test_broken_text_is_repaired(broken: bytes) -> None:
    """Lone surrogates and broken UTF-8 in a title do not cost the page, and the title can be encoded."""
    body = page({**ROW, "call_summary_title": "TITLE"}).replace(b'"TITLE"', broken)
    (row,) = decode_page(body).rows
    assert row.call_summary_title is not None
    row.call_summary_title.encode()


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"conversations": 3}', b"[" * 100_000, b'{"conversations": [{"conv'],
)
def test_what_is_no_page(body: bytes) -> None:
    """HTML, other JSON, half an answer and bottomless nesting are bad answers, not crashes."""
    for decode in (decode_page, decode_hits, decode_agents):
        with pytest.raises(BadAnswer):
            decode(body)


def test_has_more_missing_or_odd() -> None:
    """Without a usable has_more, the cursor says whether there is more; an empty cursor is none."""
    assert decode_page(b'{"conversations": [], "next_cursor": "c"}').has_more
    assert not decode_page(b'{"conversations": [], "has_more": null, "next_cursor": ""}').has_more
    assert decode_page(page(has_more=True, next_cursor="")).next_cursor is None


DETAIL: dict[str, Any] = {
    "conversation_id": "conv_1",
    "agent_id": "a",
    "status": "done",
    "user_id": "+4915112341234",
    "metadata": {
        "start_time_unix_secs": 1_700_000_000,
        "call_duration_secs": 61,
        "phone_call": {
            "type": "twilio",
            "direction": "inbound",
            "agent_number": "+4930123456789",
            "external_number": "+4915112341234",
            "call_sid": "CA1",
            "stream_sid": "MZ1",
        },
        "feedback": {"rating": 4, "comment": "good"},
        "error": {"code": 1011, "reason": "hung up"},
    },
    "analysis": {
        "call_successful": "success",
        "transcript_summary": "s",
        "evaluation_criteria_results": {"polite": {"result": "failure", "rationale": "r"}},
        "data_collection_results": {"order": {"value": 17}},
    },
    "transcript": [
        {"role": "user", "message": "hi", "time_in_call_secs": 1},
        {
            "role": "agent",
            "message": None,
            "time_in_call_secs": 2,
            "tool_calls": [{"tool_name": "book"}],
            "tool_results": [{"tool_name": "book", "is_error": True}],
        },
    ],
    "has_audio": True,
}


def test_opens_a_call() -> None:
    """A detail becomes a call: criteria, collected data, tools, feedback; numbers masked while decoding."""
    call = decode_call(json.dumps(DETAIL).encode(), "conv_1", DEFAULT)
    assert call.phone is not None
    assert (call.phone.call_id, call.phone.call_sid) == ("CA1", "CA1")
    assert (call.user_id, call.phone.external_number) == ("(+49) •••••1234", "(+49) •••••1234")
    assert (call.criteria[0].criteria_id, call.collected[0].value) == ("polite", "17")
    assert call.transcript[1].failed_tool_names == ("book",)
    assert (call.rating, call.feedback_comment, call.error) == (4.0, "good", "1011 hung up")
    assert (
        decode_call(json.dumps(DETAIL).encode(), "conv_1", DecodeOptions(mask=False)).user_id
        == "+4915112341234"
    )


@pytest.mark.parametrize(
    ("phone_call", "call_id", "call_sid", "provider"),
    [
        ({"type": "twilio", "call_sid": "CA1"}, "CA1", "CA1", "twilio"),
        ({"type": "exotel", "call_sid": "e1"}, "e1", "e1", "exotel"),
        (
            {"type": "sip_trunking", "call_sid": "SCL_1", "call_id": "abc@host"},
            "abc@host",
            "SCL_1",
            "sip_trunking",
        ),
        ({"type": "sip_trunking", "call_sid": "SCL_1", "call_id": None}, None, "SCL_1", "sip_trunking"),
        ({"type": "carrier_pigeon", "call_sid": "p1"}, "p1", "p1", "carrier_pigeon"),
        ({"call_sid": "SCL_1", "call_id": "x"}, "x", "SCL_1", "sip_trunking"),
    ],
)
def test_ids_by_provider(phone_call: Any, call_id: str | None, call_sid: str, provider: str) -> None:
    """Only SIP has a carrier's id beside the sid; everywhere else the sid is the carrier's."""
    body = json.dumps({"status": "done", "metadata": {"phone_call": phone_call}}).encode()
    found, final = decode_ids(body, DEFAULT)
    assert final
    assert found.phone is not None
    assert (found.phone.call_id, found.phone.call_sid, found.phone.phone_provider) == (
        call_id,
        call_sid,
        provider,
    )


def test_no_phone_call() -> None:
    """A web call has no ids, which is not the same as ids that could not be read."""
    for none in (b'{"phone_call": null}', b'{"cost": 3}'):
        body = b'{"status": "done", "metadata": ' + none + b"}"
        assert decode_ids(body, DEFAULT)[0].state is IdState.NOT_PHONE
        call = decode_call(body, "conv_1", DEFAULT)
        assert (call.phone, call.phone_known) == (None, True)
    for unreadable in (b"null", b"7", b'{"phone_call": []}', b'{"phone_call": "CA1"}', b'{"phone_call": {}}'):
        body = b'{"status": "done", "metadata": ' + unreadable + b"}"
        assert decode_ids(body, DEFAULT)[0].state is IdState.FAILED
        call = decode_call(body, "conv_1", DEFAULT)
        assert (call.phone, call.phone_known) == (None, False)
    assert decode_ids(b'{"status": "done"}', DEFAULT)[0].state is IdState.FAILED
    with pytest.raises(BadAnswer):
        decode_ids(b'{"ok": true}', DEFAULT)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(DETAIL)), json_values))
def test_any_detail_is_read_or_refused(changes: dict[str, Any]) -> None:
    """Whatever stands where something else was promised, a detail is decoded or is a bad answer."""
    body = json.dumps({**DETAIL, **changes}).encode()
    assert decode_call(body, "conv_1", DEFAULT).conversation_id
    decode_ids(body, DEFAULT)


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys([*ROW, "status", "cost"], json_values))))
def test_any_page_is_read_or_refused(rows: list[dict[str, Any]]) -> None:
    """Whatever the rows hold, a page is decoded with a count of what is missing, or is a bad answer."""
    try:
        found = decode_page(page(*rows))
    except BadAnswer:
        return
    ids = [row.get("conversation_id") for row in rows]
    assert len(found.rows) + len(found.unplaced) <= len(rows)
    assert len(found.rows) + len(found.unplaced) >= len({str(each) for each in ids if each})
