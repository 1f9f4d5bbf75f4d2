from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.elevenlabs.request import first_requests
from bot.model import Conversation
from bot.query import Misread, parse
from bot.query.filters import BY_KEY, FILTERS
from bot.query.unsupported import REFUSED
from tests.each import holds_for_each

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))
EXAMPLES = [(each.key, example) for each in FILTERS for example in each.examples]
KEYS_OF_SHAPE = {"newest first"}


def params(text: str) -> list[tuple[str, str]]:
    """Return the API parameters of a question."""
    return list(parse(text, now=NOW).query.selection().params)


def row(**facts: object) -> Conversation:
    """Return a row of the list with some facts."""
    return Conversation(conversation_id="conv_1", **facts)  # type: ignore[arg-type]  # facts are the case's own


def test_every_example_of_the_help_is_understood() -> None:
    """What `help filters` shows works, and is about the filter it stands under."""

    def understood(key: str, example: str) -> None:
        parsed = parse(example, now=NOW)
        assert parsed.understood, parsed
        if example not in KEYS_OF_SHAPE:
            assert key in parsed.query.filters()

    holds_for_each(EXAMPLES, understood)


def test_every_pattern_is_one_that_can_be_taken_apart() -> None:
    """Between blanks stand words, all of which may be missing or none: “[a|b]”, never “a|[b]”."""
    for each in (*FILTERS, REFUSED):
        for phrase in each.all_phrases(BY_KEY):
            for part in phrase.pattern.split():
                assert re.fullmatch(r"\[[^\[\]]+\]|[^\[\]]+", part), phrase.pattern


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("failed", [("call_successful", "failure")]),
        ("result:error", [("call_successful", "error")]),
        ("failed or unknown", []),
        ("agent:agent_1", [("agent_id", "agent_1")]),
        ("over 10 minutes", [("call_duration_min_secs", "601")]),
        ("shorter than 30s", [("call_duration_max_secs", "29")]),
        ("between 1 and 5 minutes", [("call_duration_max_secs", "300"), ("call_duration_min_secs", "60")]),
        ("rated 2 or less", [("rating_max", "2")]),
        ("rated above 3", [("rating_min", "4")]),
        ("unrated", []),
        ("with feedback", [("has_feedback_comment", "true")]),
        ("german or french", [("main_languages", "de"), ("main_languages", "fr")]),
        ("not in german", []),
        ("from whatsapp", [("conversation_initiation_source", "whatsapp")]),
        ("phone calls", []),
        ("inbound", []),
        (
            "status:failed",
            [("exclude_statuses", s) for s in ("done", "in-progress", "initiated", "processing")],
        ),
        ("-status:failed", [("exclude_statuses", "failed")]),
        ("tool:refund", [("tool_names", "refund")]),
        ("tool:refund tool:cancel", [("tool_names", "cancel")]),
        ("tool:refund,cancel", []),
        ("tool-failed:refund", [("tool_names_errored", "refund")]),
        ("tool-succeeded:refund", [("tool_names_successful", "refund")]),
        ("tag:vip", [("tag_ids", "vip")]),
        ('tag:vip about "refund"', [("tag_ids", "vip")]),
        ("user:4711", [("user_id", "4711")]),
        ('ended:"a b",c', [("termination_reasons", "a b"), ("termination_reasons", "c")]),
        ("data:order_id=123", [("data_collection_params", "order_id:eq:123")]),
        ("data:amount>=10", [("data_collection_params", "amount:gte:10")]),
        ("data:order_id", [("data_collection_params", "order_id:neq:")]),
        ("-data:order_id", [("data_collection_params", "order_id:eq:")]),
        ("data:order_id=", [("data_collection_params", "order_id:eq:")]),
        ("eval:politeness=failed", [("evaluation_params", "politeness:failure")]),
        ("var:plan=gold,silver", [("dynamic_variable_params", "plan:in:gold|silver")]),
        ("-var:plan=gold", [("dynamic_variable_params", "plan:neq:gold")]),
        ("topic:t1", [("topic_ids", "t1")]),
        ("parent:conv_1", [("parent_conversation_id", "conv_1")]),
        ("branch:b1 version:v1", [("branch_id", "b1"), ("version_id", "v1")]),
    ],
)
def test_parameters_are_the_apis_own(text: str, expected: list[tuple[str, str]]) -> None:
    """Each filter sends exactly the parameters of the API that are sure to keep every matching call."""
    assert params(text) == expected


@pytest.mark.parametrize(
    ("text", "kept", "dropped"),
    [
        ("failed or unknown", {"call_successful": "unknown"}, {"call_successful": "success"}),
        ("not failed", {"call_successful": "new-result"}, {"call_successful": "failure"}),
        ("inbound", {"direction": "inbound"}, {"direction": None}),
        ("-direction:inbound", {"direction": None}, {"direction": "inbound"}),
        ("status:failed", {"status": "failed"}, {"status": "brand-new"}),
        ("-status:failed", {"status": "brand-new"}, {"status": "failed"}),
        ("phone", {"conversation_initiation_source": "twilio"}, {"conversation_initiation_source": "widget"}),
        (
            "phone",
            {"conversation_initiation_source": "new_carrier"},
            {"conversation_initiation_source": None},
        ),
        ("web", {"conversation_initiation_source": "widget"}, {"conversation_initiation_source": "whatsapp"}),
        (
            "-source:web",
            {"conversation_initiation_source": None},
            {"conversation_initiation_source": "js_sdk"},
        ),
        ("not in german", {"main_language": None}, {"main_language": "de-AT"}),
        ("unrated", {"rating": None}, {"rating": 3.0}),
        ("-rating:<=2", {"rating": None}, {"rating": 2.0}),
        ("-duration:60..120", {"call_duration_secs": 121}, {"call_duration_secs": 120}),
        ("tool:a,b", {"tool_names": ("b",)}, {"tool_names": ()}),
        ("tool:a tool:b", {"tool_names": ("a", "b")}, {"tool_names": ("a",)}),
        ("-tool:a", {"tool_names": ("b",)}, {"tool_names": ("a", "b")}),
        ("-tag:vip", {"tag_ids": ()}, {"tag_ids": ("vip",)}),
        ('tag:vip about "x"', {"tag_ids": ("vip",)}, {"tag_ids": ()}),
        ("-ended:silence", {"termination_reason": None}, {"termination_reason": "Silence"}),
        ("agent:agent_1,agent_2", {"agent_id": "agent_2"}, {"agent_id": "agent_3"}),
        ("-agent:agent_1", {"agent_id": "agent_2"}, {"agent_id": "agent_1"}),
    ],
)
def test_rows_are_tested_here_where_the_api_cannot(
    text: str, kept: dict[str, object], dropped: dict[str, object]
) -> None:
    """What no parameter expresses is tested on the row, values that are new or missing included."""
    query = parse(text, now=NOW).query
    assert query.local
    assert query.matches(row(**kept))
    assert not query.matches(row(**dropped))


def test_nothing_is_tested_here_when_the_api_does_it() -> None:
    """A question of parameters alone keeps every row that comes."""
    query = parse("failed german calls over 5 minutes since monday", now=NOW).query
    assert query.local == ()
    assert query.matches(row())


@pytest.mark.parametrize(
    "text",
    [
        "-user:4711",
        "-eval:a=success",
        '-search:"x"',
        "tool-failed:a,b",
        "feedback:no",
        "not with feedback",
        "-since:monday",
        "data:a=1 data:a=2",
        "data:a>x",
        "var:a|b=x,y|z",
        "limit:-1",
        "rating:0",
        "duration:-5",
        "duration:5..1",
        "over 5 minutes and rated over 5",
        "lang:de lang:fr",
        "german calls in french",
        "inbound outbound",
        'agent:"A" agent:"B"',
        "unrated rated 3",
        "failed or inbound",
        "sorted by mood",
    ],
)
def test_what_cannot_be_is_said_with_a_reason(text: str) -> None:
    """Contradictions and impossible values each give one clear sentence, and nothing is called unknown."""
    parsed = parse(text, now=NOW)
    assert parsed.unknown == ()
    assert len(parsed.problems) == 1
    assert parsed.problems[0].endswith((".", "?"))
    assert len(parsed.problems[0]) > 30


def test_what_the_message_search_lacks_is_left_to_the_list() -> None:
    """The search is not sent a tag or a parent; the list, which gives the rows, is; the question says so."""
    query = parse('tag:vip parent:conv_1 about "refund"', now=NOW).query
    assert {"tag_ids", "parent_conversation_id"} <= {name for name, _value in query.selection().params}
    assert (
        not {"tag_ids", "parent_conversation_id"} & dict(first_requests(query.selection())[0].params).keys()
    )
    assert query.local == ("tag:vip", "parent:conv_1")
    assert query.matches(row(tag_ids=("vip",)))


def test_forms_read_what_they_show() -> None:
    """A form prefilled with `filters()` gives the same question back, value by value."""
    text = (
        'failed or unknown inbound german calls for "Support EN" from whatsapp over 5 minutes '
        "rated 2 or less "
        'tool:a,b -tool:c tag:"very good" status:done ended:"a: b" user:7 data:x=1 search:"a b" limit:5 '
        "oldest first"
    )
    query = parse(text, now=NOW).query
    for key, value in query.filters().items():
        assert query.without(key).with_filter(key, value) == query, key
        assert query.with_filter(key, "").value(key) is None


def test_forms_say_what_is_wrong() -> None:
    """A bad value in a form is refused with words for people."""
    query = parse("", now=NOW).query
    for key, value in (
        ("rating", "9"),
        ("result", "banana"),
        ("duration", "soon"),
        ("time", "monday"),
        ("nope", "1"),
    ):
        with pytest.raises(Misread):
            query.with_filter(key, value)


def test_the_first_moment_is_included_and_the_last_is_not() -> None:
    """A day named as the end is part of the question."""
    selection = parse("since 2026-11-01 until 2026-11-07", now=NOW).query.selection()
    assert (selection.since, selection.until) == (1793487600, 1794092400)
