"""What `bot explain` prints."""

from __future__ import annotations

import json
import shlex
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.explaining import explain
from bot.model import Agent
from bot.query import parse

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))
BASE = "https://api.elevenlabs.io"
SID = "CA0123456789abcdef0123456789abcdef"
KEYS = {
    *("understood", "kind", "filters", "since", "until", "params", "local"),
    *("show", "by", "compare", "sort", "limit", "curl", "unknown"),
}


def test_explain_has_exactly_the_keys_of_the_contract() -> None:
    """A question that is understood whole gives the keys that scripts rely on, as JSON values."""
    said = explain(parse("failed inbound calls since monday until yesterday", now=NOW), BASE, NOW)
    assert set(said) == KEYS
    assert json.loads(json.dumps(said)) == said
    assert (
        said["understood"]
        == "failed inbound calls from Monday 16 Nov 2026 to Wednesday 18 Nov 2026, newest first"
    )
    assert said["filters"]["result"] == "failure"
    assert (said["since"], said["until"]) == ("2026-11-16T00:00:00+01:00", "2026-11-19T00:00:00+01:00")
    assert said["params"] == {
        "call_start_after_unix": 1794783599,
        "call_start_before_unix": 1795042800,
        "call_successful": "failure",
        "page_size": 100,
        "sort_direction": "desc",
        "summary_mode": "include",
    }
    assert said["local"] == ["direction:inbound"]
    assert said["unknown"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("failed", {"kind": "list", "show": [], "by": [], "compare": None, "sort": "newest", "limit": None}),
        ("how many failed", {"kind": "count", "show": [], "by": []}),
        ("first 5 calls", {"kind": "list", "sort": "oldest", "limit": 5}),
        (SID, {"kind": "call", "show": []}),
        ("failures per day", {"kind": "report", "show": ["calls"], "by": ["day"], "compare": None}),
        ("worst 3 agents", {"show": ["success-rate"], "by": ["agent"], "sort": "lowest", "limit": 3}),
        (
            "cost and success rate last week vs the week before",
            {
                "show": ["cost", "success-rate"],
                "compare": {"since": "2026-11-02T00:00:00+01:00", "until": "2026-11-09T00:00:00+01:00"},
            },
        ),
        (
            "this week vs last week",  # so far
            {"compare": {"since": "2026-11-09T00:00:00+01:00", "until": "2026-11-12T14:30:00+01:00"}},
        ),
        (
            "october vs october last year",
            {"compare": {"since": "2025-10-01T00:00:00+02:00", "until": "2025-11-01T00:00:00+01:00"}},
        ),
    ],
)
def test_what_of_the_calls_is_asked_is_explained(text: str, expected: dict[str, object]) -> None:
    said = explain(parse(text, now=NOW), BASE, NOW)
    assert {key: said[key] for key in expected} == expected


def test_nothing_asked_is_everything() -> None:
    """No words at all: every conversation, newest first, without bounds."""
    said = explain(parse("", now=NOW), BASE, NOW)
    assert said["understood"] == "all conversations, newest first"
    assert said["filters"] == {}
    assert said["since"] is None
    assert said["until"] is None


def test_what_is_not_understood_is_listed() -> None:
    """Unknown words come as typed, with suggestions beside; reasons come as problems."""
    said = explain(parse("errored calls rated 9", now=NOW), BASE, NOW)
    assert said["unknown"] == ["errored"]
    assert said["nearest"]["errored"][0] == "failed"
    assert "1 to 5" in said["problems"][0]


def test_nothing_understood_is_not_everything() -> None:
    """Where all is a problem, unknown or a command, no list is claimed; what was understood is still said."""
    for text in ("between 9 and 3 november", "frobnicated", "help", "source:foo"):
        assert explain(parse(text, now=NOW), BASE, NOW)["understood"] == "", text
    half = explain(parse("failed between 9 and 3 november", now=NOW), BASE, NOW)
    assert half["understood"] == "failed calls, newest first"


def test_a_value_like_no_other_gets_all_there_are() -> None:
    """A near value is suggested; where none is near, the possible ones are listed, and each of them reads."""
    near = explain(parse("source:twillio", now=NOW), BASE, NOW)
    assert near["nearest"]["source:twillio"][0] == "source:twilio"
    assert "possible" not in near
    for text in ("source:foo", "status:foo", "result:foo", "direction:foo"):
        said = explain(parse(text, now=NOW), BASE, NOW)
        assert len(said["possible"][text]) >= 2
        assert all(parse(value, now=NOW).understood for value in said["possible"][text])


def test_an_id_opens_its_call() -> None:
    """A call's id is said as such, and the parameters are those of the curl line."""
    said = explain(parse(SID, now=NOW), BASE, NOW)
    assert said["understood"] == f"the call {SID}"
    assert said["params"] == {"dynamic_variable_params": [f"system__call_sid:eq:{SID}"], "page_size": 4}
    assert f"dynamic_variable_params=system__call_sid:eq:{SID}" in shlex.split(said["curl"])
    own = explain(parse("conv_abc123 and conv_def456", now=NOW), BASE, NOW)
    assert own["understood"] == "the calls conv_abc123 and conv_def456"
    assert own["params"] == {}
    assert shlex.split(own["curl"])[2] == f"{BASE}/v1/convai/conversations/conv_abc123"


def test_what_an_id_leaves_unused_is_listed() -> None:
    """Filters beside an id are named as not used; a time says where to look for a carrier's id."""
    said = explain(parse(f"{SID} failed since monday zzz", now=NOW), BASE, NOW)
    assert said["understood"] == (
        f"the call {SID}, looked for first since Monday 16 Nov 2026, opened by its id alone, without result"
    )
    assert said["unused"] == ["result:failure"]
    assert said["filters"].keys() == {"time"}
    assert said["unknown"] == ["zzz"]
    assert "call_successful" not in said["params"]
    own = explain(parse("conv_abc123 since monday", now=NOW), BASE, NOW)
    assert own["unused"] == ["since:2026-11-16T00:00:00+01:00"]
    assert own["since"] is None


def test_agent_names_stay_unresolved_without_the_list() -> None:
    """Without a key the name is kept; with the agents it becomes the id, or says why not."""
    parsed = parse("for Sales", now=NOW)
    assert explain(parsed, BASE, NOW)["unresolved"] == ["Sales"]
    known = explain(parsed, BASE, NOW, [Agent(agent_id="agent_1", name="Sales")])
    assert "unresolved" not in known
    assert known["params"]["agent_id"] == "agent_1"
    assert known["filters"]["agent"] == "Sales"
    lost = explain(parsed, BASE, NOW, [Agent(agent_id="agent_1", name="Saturn")])
    assert lost["unresolved"] == ["Sales"]
    assert "Sales" in lost["problems"][0]


def test_a_question_in_another_language_gets_a_sentence_in_it() -> None:
    """The words are there for scripts, without suggestions."""
    said = explain(parse("Zeige mir alle Anrufe von gestern", now=NOW), BASE, NOW)
    assert said["problems"] == [
        "Ich verstehe nur Fragen auf Englisch, zum Beispiel “failed calls since yesterday”."
    ]
    assert said["unknown"] == ["Zeige", "mir", "alle", "Anrufe", "von", "gestern"]
    assert "nearest" not in said
