"""What rows and calls say of numbers and of their dashboard depends on settings, whatever they say else."""

from __future__ import annotations

import io
import json
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.csv_export import CsvWriter
from bot.elevenlabs.call_details import decode_call
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.wire import DEFAULT, decode_page, site_of
from bot.model import Selection

ROW = {
    "conversation_id": "conv_1",
    "agent_id": "agent_1",
    "start_time_unix_secs": 1_800_000_000,
    "status": "done",
    "call_summary_title": "Call back +49 151 12341234",
    "transcript_summary": "Order 123456789012, reach her at +1 (415) 555-0100 or extension 12.",
}
DETAIL = {
    "conversation_id": "conv_1",
    "status": "done",
    "metadata": {
        "phone_call": None,
        "start_time_unix_secs": 1_800_000_000,
        "feedback": {"comment": "Call me on +4915112341234"},
        "error": {"code": 486, "reason": "busy: sip:+4915112341234@carrier.example"},
        "warnings": ["no answer from +4915112341234"],
    },
    "analysis": {
        "transcript_summary": ROW["transcript_summary"],
        "data_collection_results": {"phone": {"value": "+4915112341234", "rationale": "said +4915112341234"}},
    },
}


def answering(base_url: str, *, mask: bool = True) -> Conversations:
    """Return a client whose account has one conversation."""

    def answer(request: httpx.Request) -> httpx.Response:
        listed = request.url.path.endswith("/conversations")
        return httpx.Response(
            200, content=json.dumps({"conversations": [ROW]} if listed else DETAIL).encode()
        )

    return Conversations(
        api_key="key", base_url=base_url, mask_phone_numbers=mask, http=httpx.MockTransport(answer)
    )


def test_a_turn_of_several_voices_or_with_files_says_so() -> None:
    """Parts of several voices are what was said; every file of a turn is named."""
    turns = [
        {
            "role": "agent",
            "message": None,
            "multivoice_message": {
                "parts": [
                    {"text": "Hello.", "voice_label": "Anna"},
                    {"text": "Welcome."},
                    {"voice_label": "x"},
                ]
            },
        },
        {"role": "user", "message": None, "file_inputs": [{"original_filename": "a.pdf"}, {"file_id": "f"}]},
        {"role": "user", "message": "", "file_input": {"original_filename": "b.png"}},
        {"role": "user", "message": None, "multivoice_message": {"parts": None}, "file_input": None},
    ]
    body = json.dumps({**DETAIL, "transcript": turns}).encode()
    voices, files, one_file, silent = decode_call(body, "conv_1", DEFAULT).transcript
    assert (voices.message, voices.file_names) == ("Anna: Hello.\nWelcome.", ())
    assert files.file_names == ("a.pdf", "unnamed")
    assert one_file.file_names == ("b.png",)
    assert (silent.message, silent.file_names) == (None, ())


@pytest.mark.parametrize(
    ("base_url", "site"),
    [
        ("https://api.elevenlabs.io", "https://elevenlabs.io"),
        ("https://api.us.elevenlabs.io", "https://elevenlabs.io"),
        ("https://api.eu.residency.elevenlabs.io", "https://eu.residency.elevenlabs.io"),
        ("https://api.in.residency.elevenlabs.io/", "https://in.residency.elevenlabs.io"),
        ("https://api.eu.residency.elevenlabs.io.example.com", "https://elevenlabs.io"),
        ("http://127.0.0.1:8000", "https://elevenlabs.io"),
    ],
)
async def test_a_residency_region_has_its_own_dashboard(base_url: str, site: str) -> None:
    """Links of list, call and CSV lead to where the account lives."""
    assert site_of(base_url) == site
    async with answering(base_url) as client:
        (row,) = (await client.first(Selection())).rows
        assert (row.site, (await client.call("conv_1")).site) == (site, site)
    out = io.BytesIO()
    CsvWriter(out, ZoneInfo("UTC")).write([row], {})
    assert f",{site}/app/agents/history/conv_1\r\n".encode() in out.getvalue()


async def test_numbers_in_what_was_written_about_a_call_are_masked() -> None:
    """International ones, whoever wrote them; other long numbers may be an order's."""
    async with answering("https://api.elevenlabs.io") as client:
        (row,) = (await client.first(Selection())).rows
        call = await client.call("conv_1")
    assert row.call_summary_title == "Call back (+49) •••••1234"
    summary = "Order 123456789012, reach her at (+1) •••••0100 or extension 12."
    assert row.transcript_summary == call.transcript_summary == summary
    (collected,) = call.collected
    assert call.feedback_comment == "Call me on (+49) •••••1234"
    assert call.error == "486 busy: sip:(+49) •••••1234@carrier.example"
    assert call.warnings == ("no answer from (+49) •••••1234",)
    assert (collected.value, collected.rationale) == ("(+49) •••••1234", "said (+49) •••••1234")


async def test_unmasked_by_setting_they_are_as_they_were_written() -> None:
    """MASK_PHONE_NUMBERS=false changes nothing."""
    async with answering("https://api.elevenlabs.io", mask=False) as client:
        (row,) = (await client.first(Selection())).rows
        assert row.transcript_summary == ROW["transcript_summary"]
        assert (await client.call("conv_1")).collected[0].value == "+4915112341234"


async def test_what_was_collected_and_judged_comes_with_the_rows() -> None:
    """Any value by its id: numbers as such, others as text and masked, verdicts without their score."""
    row = ROW | {
        "data_collection_results": {
            "phone": "+4915112341234", "csat": 4, "share": 0.5, "vip": True, "none": None, "list": [1, "a"],
            "huge": 10**400, "empty": "",
        },
        "evaluation_criteria_results": {
            "polite": {"result": "success", "score": 3, "max_score": 5}, "greeting": None, "bare": "failure",
        },
    }  # fmt: skip
    for broken in ({}, {"rating": {"not": "a number"}}):  # the second goes through the lenient pass
        (found,) = decode_page(json.dumps({"conversations": [row | broken], "has_more": False}).encode()).rows
        assert found.data_collection_results == {
            "phone": "(+49) •••••1234", "csat": 4, "share": 0.5, "vip": "true", "list": '[1, "a"]',
            "huge": str(10**400),
        }  # fmt: skip
        assert found.evaluation_criteria_results == {"polite": "success", "bare": "failure"}
        assert {found: 1}[found]
    (plain,) = decode_page(json.dumps({"conversations": [ROW], "has_more": False}).encode()).rows
    assert plain.data_collection_results is plain.evaluation_criteria_results is None
