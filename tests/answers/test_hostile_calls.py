"""Calls whose data is hostile are shown like any other: nothing breaks, nobody is called."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.elevenlabs import Dataset, Record
from bot.demo.slack.sample import ME, QUALITY
from tests.answers.calls import content, modal, one_call, opened
from tests.answers.office import Office, office

ID = "conv_hostile0001"
HOSTILE = {
    "mention": "<!channel> & <@U0DEMO00002> <https://evil.example|click>",
    "backticks": "``` `code` ``` ``unclosed",
    "long": "A very long word " * 1200,
    "unbroken": "x" * 20_000,
    "empty": "",
    "blank": " \n\t ",
    "rtl": "\u202eevil\u202c \u200f\x00\ufeff",
    "emoji": "👩‍👩‍👧‍👦" * 3000,
    "formula": '=HYPERLINK("https://evil.example")',
}


def hostile(text: str) -> Record:
    """Make a call that says the same hostile text wherever ElevenLabs has room for text."""
    turns: tuple[dict[str, Any], ...] = (
        {"role": "agent", "message": text, "time_in_call_secs": 0},
        {"role": "user", "message": None, "time_in_call_secs": 1},
        {"role": text[:100] or "user", "message": "", "time_in_call_secs": 2, "interrupted": True},
        {
            "role": "agent",
            "message": None,
            "time_in_call_secs": 3,
            "tool_calls": [{"tool_name": text[:300], "params_as_json": "{}", "request_id": "r"}],
            "tool_results": [
                {"tool_name": text[:300], "is_error": True, "result_value": text, "request_id": "r"}
            ],
        },
    )
    record = one_call(
        ID,
        turns=turns,
        user_id=text[:500],
        feedback_comment=text,
        error=text,
        warnings=(text,) * 30,
        criteria=tuple((f"{number} {text[:200]}", "failure") for number in range(30)),
        collected=tuple((f"{number} {text[:200]}", text) for number in range(30)),
    )
    record.row.call_summary_title = text
    record.row.transcript_summary = text
    record.row.agent_name = text
    record.row.termination_reason = text
    record.row.main_language = text[:50]
    return record


def unharmed(desk: Office, shown: object) -> None:
    """Check that nothing shown calls anybody or leads elsewhere."""
    assert "<!channel>" not in str(shown)
    assert "<@U0DEMO00002>" not in str(shown)
    for message in [*desk.messages(desk.dm()), *desk.messages(QUALITY)]:
        assert "<https://evil.example|click>" not in message["text"]  # markup, unlike titles and cells


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_call_is_listed_opened_and_filed(kind: str) -> None:
    """List, message, modal and transcript of a call with such texts are whole and harmless."""
    async with office(dataset=Dataset([hostile(HOSTILE[kind])])) as desk:
        desk.say("last 7 days", channel=desk.dm())
        listed = await desk.settled_list(desk.dm())
        assert any(block["type"] == "data_table" for block in listed["blocks"])
        desk.say(f"@conversations {ID}", channel=QUALITY)
        message = await opened(desk, QUALITY, ID)
        assert len(message["blocks"]) > 5
        asked = desk.say(ID, channel=QUALITY)
        await desk.deliveries.shortcut(ME, "find_call", channel=QUALITY, message_ts=asked["ts"])
        view = await modal(desk, f"`{ID}`")
        await desk.press(message, "transcript_file", channel=QUALITY)
        file = await desk.seen(lambda: [f for f in desk.files(desk.dm()) if f["name"].endswith(".txt")])
        assert ID in content(desk, file[0]).decode()
        unharmed(desk, [listed, message, view, desk.messages(desk.dm())])


@pytest.mark.parametrize(
    "extra",
    [
        {"transcript": None},
        {"transcript": [None, 1, {}, {"role": None, "message": {"a": 1}, "time_in_call_secs": "x"}]},
        {"analysis": None},
        {"analysis": {"evaluation_criteria_results": [], "data_collection_results": {"a": None}}},
        {"metadata": {"phone_call": {"type": "carrier-pigeon", "call_sid": 7}}},
        {"conversation_initiation_client_data": "nothing"},
        {"has_audio": None, "status": None, "agent_name": 5},
    ],
)
async def test_a_detail_of_another_shape_still_opens(extra: dict[str, Any]) -> None:
    """Nulls, missing parts and wrong types leave out what they hold; the rest is shown."""
    record = one_call(ID, detail_extra=extra)
    async with office(dataset=Dataset([record])) as desk:
        desk.say(ID, channel=desk.dm())
        message = await opened(desk, desk.dm(), ID)
        assert "Conversation id" in str(message["blocks"])
