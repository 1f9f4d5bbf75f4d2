"""The law of filters: what a filter says of a row is what the API, here the sample server, says of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from bot.demo.elevenlabs import Dataset, Record, Summary
from bot.elevenlabs.request import first_requests
from bot.elevenlabs.wire import decode_page
from bot.model import Conversation
from bot.query import Query, parse
from bot.query.filters import BY_KEY, FILTERS
from tests.demo.elevenlabs_direct import Direct
from tests.laws import law

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))
START = int(NOW.timestamp())
ASKED = {
    "result": ("failed", "success", "unknown", "failed or unknown", "-result:success", "result:error"),
    "direction": ("inbound", "-direction:inbound", "inbound or outbound"),
    "lang": ("lang:de", "lang:de,fr", "-lang:de", "lang:de-at", "lang:pt-br"),
    "agent": ("agent:agent_1", "agent:agent_1,agent_2", "-agent:agent_1", "agent:seng_1"),
    "source": (
        *("source:twilio", "source:unknown", "phone calls", "source:web,whatsapp", "-source:widget"),
        *("source:phone -source:twilio", "from an app", "-source:phone", "source:sip_trunk"),
    ),
    "status": ("status:done", "-status:done", "status:failed,done", "in progress", "incomplete"),
    "duration": ("over 5 minutes", "duration:0", "duration:<60", "duration:60..300", "-duration:60..300"),
    "rating": (
        "rating:<=2",
        "rated at least 4",
        "unrated",
        "rated",
        "not unrated",
        "-rating:2..3",
        "5 stars",
    ),
    "tool": ("tool:refund", "tool:refund,cancel", "-tool:refund", "tool:refund tool:cancel", "tool:Refund"),
    "tag": ("tag:vip", "tag:vip,test", "-tag:vip", "tag:vip tag:test"),
    "ended": ("ended:silence", 'ended:"Client disconnected: 1000",silence', "-ended:silence"),
    "branch": ("branch:b1",),
    "version": ("version:v1",),
    "time": ("since 14:00", "today", "yesterday", "between 14:00 and 14:20", "until 14:10"),
    "count": ("how many",),
    "show": ("success rate", "show:cost,overview"),
    "by": ("by agent", "per day"),
    "compare": (),
    "sort": ("oldest first",),
    "limit": ("limit:5",),
    "columns": ("columns:success_score", "columns:data.order_id,eval.greeting"),
}
"""What is asked of each filter that rows can decide."""
UNSAID = {
    "feedback",
    "tool-failed",
    "tool-succeeded",
    "user",
    "data",
    "eval",
    "var",
    "topic",
    "parent",
    "number",
}
"""Filters on what rows do not say, besides the text search."""
QUESTIONS = [(key, text) for key, texts in ASKED.items() for text in texts]


def _either(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([*values, None, UNSET])


TOOLS = ("refund", "Refund", "cancel", "")
REASONS = ("silence", "Silence", "Client disconnected: 1000", "")
SUMMARIES = st.builds(
    Summary,
    conversation_id=st.just(""),
    agent_id=st.sampled_from(["agent_1", "agent_2", "Agent_1", "agent_new"]),
    start_time_unix_secs=st.sampled_from([START - 60 * minutes for minutes in (0, 1, 10, 20, 30, 871, 2000)]),
    branch_id=_either("b1", "b2", "B1", ""),
    version_id=_either("v1", "v2"),
    call_duration_secs=st.sampled_from([0, 59, 60, 61, 299, 300, 301, 100_000]),
    status=st.sampled_from(
        ["initiated", "in-progress", "processing", "done", "failed", "DONE", "brand-new", ""]
    ),
    call_successful=st.sampled_from(["success", "failure", "unknown", "Failure", "partly", "error"]),
    termination_reason=_either(*REASONS),
    main_language=_either("de", "DE", "fr", "de-at", "de-AT", "pt-br", "zz", ""),
    conversation_initiation_source=_either(
        "twilio", "sip_trunk", "widget", "unknown", "whatsapp", "new", "Twilio"
    ),
    tool_names=st.one_of(st.lists(st.sampled_from(TOOLS), max_size=3).map(tuple), _either()),
    direction=_either("inbound", "outbound", "Inbound", "sideways", ""),
    rating=_either(1, 2, 2.5, 3, 4, 5),
    tag_ids=st.one_of(st.lists(st.sampled_from(["vip", "VIP", "test"]), max_size=3).map(tuple), _either()),
)
DATASETS = st.lists(SUMMARIES, min_size=20, max_size=25)


def asked_of(text: str) -> Query:
    parsed = parse(text, now=NOW)
    assert parsed.understood, (parsed.unknown, parsed.problems)
    return parsed.query


def returned(client: Direct, params: Any) -> dict[str, Conversation]:
    """Return the rows that the sample server gives, by id, as the bot decodes them."""
    answer = client.get(params=[*params, ("page_size", "100")])
    assert answer.status_code == 200, answer.text
    return {row.conversation_id: row for row in decode_page(answer.content).rows}


def test_every_filter_is_held_to_the_law() -> None:
    """A filter is asked here, or rows are known not to say what it tests."""
    assert {*ASKED, *UNSAID, "search"} == {each.key for each in FILTERS}
    assert all(asked_of(text).filters().keys() == {key} for key, text in QUESTIONS)


@law(12)
@given(DATASETS)
def test_a_filter_says_of_a_row_what_the_api_says(summaries: list[Summary]) -> None:
    """Where the API decides alone, both agree; where rows are tested too, the API keeps all that pass."""
    for number, summary in enumerate(summaries):
        summary.conversation_id = f"conv_{number}"
    client = Direct(Dataset([Record(row=summary) for summary in summaries]))
    everything = returned(client, ())
    assert len(everything) == len(summaries)
    for key, text in QUESTIONS:
        query, which = asked_of(text), BY_KEY[key]
        value, selection = query.value(key), query.selection()
        kept = {
            row_id
            for row_id, row in returned(client, first_requests(selection)[0].params).items()
            if (selection.since is None or row.start_time_unix_secs >= selection.since)
            and (selection.until is None or row.start_time_unix_secs < selection.until)
        }
        for row_id, row in everything.items():
            passes = which.matches(value, row) if value is not None else True
            if passes is None:
                continue
            if which.local(value):
                assert row_id in kept or not passes, (text, row)
            else:
                assert passes == (row_id in kept), (text, row)


@pytest.mark.parametrize("key", sorted(UNSAID))
def test_what_rows_do_not_say_is_left_open(key: str) -> None:
    which = BY_KEY[key]
    *_, text = (each for each in which.examples if each.startswith(f"{key}:"))
    assert which.matches(asked_of(text).value(key), Conversation(conversation_id="conv_1")) is None
