"""Every filter of the stand-in, compared with a plain reading of the data set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from bot.demo.elevenlabs import Dataset, Phone, Record, Summary
from tests.demo.elevenlabs_direct import Direct
from tests.laws import law

NOW = 1_795_000_000
DATASET = Dataset.generate(400, 9, NOW, days=20)
STARTS = sorted({record.row.start_time_unix_secs for record in DATASET})


CLIENTS = {
    (after, before): Direct(DATASET, after_inclusive=after, before_inclusive=before)
    for after in (True, False)
    for before in (True, False)
}


def pages(client: Direct, asked: dict[str, Any], size: int = 100) -> Iterator[list[str]]:
    cursor: dict[str, str] = {}
    for _ in range(len(DATASET) + 2):
        answer = client.get(params={**asked, **cursor, "page_size": size})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield [row["conversation_id"] for row in page["conversations"]]
        if not page["has_more"]:
            assert page["next_cursor"] is None
            return
        cursor = {"cursor": page["next_cursor"]}
    raise AssertionError("the pages never end")


def ids(client: Direct, asked: dict[str, Any], size: int = 100) -> list[str]:
    return [one for page in pages(client, asked, size) for one in page]


def values(take: Callable[[Record], Any]) -> list[Any]:
    """Give the values the data set has for something, for hypothesis to choose from."""
    found = {take(record) for record in DATASET}
    return sorted((one for one in found if one is not None and one is not UNSET), key=str)


def tools(record: Record) -> set[str]:
    """Give the tools of a record as a set, whatever null or missing stands for none."""
    return set(record.row.tool_names or ())


def rating(record: Record) -> float:
    return record.row.rating if isinstance(record.row.rating, (int, float)) else float("nan")


TOOLS = sorted(set().union(*(tools(record) for record in DATASET)))
some_tools = st.lists(st.sampled_from(TOOLS), min_size=1, max_size=3)
moments = st.sampled_from(STARTS) | st.integers(STARTS[0] - 100, NOW + 100)

FILTERS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Record, Any], bool]]] = {
    "agent_id": (
        st.sampled_from([*values(lambda r: r.row.agent_id), "agent_none"]),
        lambda r, v: r.row.agent_id == v,
    ),
    "visited_agent_ids": (
        st.lists(st.sampled_from(values(lambda r: r.row.agent_id)), min_size=1, max_size=3),
        lambda r, v: r.row.agent_id in v,
    ),
    "call_successful": (
        st.sampled_from(["success", "failure", "unknown"]),
        lambda r, v: r.row.call_successful == v,
    ),
    "call_duration_min_secs": (st.integers(0, 400), lambda r, v: r.row.call_duration_secs >= v),
    "call_duration_max_secs": (st.integers(0, 400), lambda r, v: r.row.call_duration_secs <= v),
    "rating_min": (st.integers(1, 5), lambda r, v: rating(r) >= v),
    "rating_max": (st.integers(1, 5), lambda r, v: rating(r) <= v),
    "has_feedback_comment": (
        st.sampled_from(["true", "false"]),
        lambda r, v: str(bool(r.feedback_comment)).lower() == v,
    ),
    "user_id": (st.sampled_from(values(lambda r: r.user_id)), lambda r, v: r.user_id == v),
    "branch_id": (st.sampled_from(values(lambda r: r.row.branch_id)), lambda r, v: r.row.branch_id == v),
    "version_id": (st.sampled_from(values(lambda r: r.row.version_id)), lambda r, v: r.row.version_id == v),
    "main_languages": (
        st.lists(st.sampled_from(values(lambda r: r.row.main_language)), min_size=1, max_size=3),
        lambda r, v: r.row.main_language in v,
    ),
    "termination_reasons": (
        st.lists(st.sampled_from(values(lambda r: r.row.termination_reason)), min_size=1, max_size=2),
        lambda r, v: r.row.termination_reason in v,
    ),
    "conversation_initiation_source": (
        st.sampled_from(["twilio", "exotel", "sip_trunk", "widget", "whatsapp", "avaya"]),
        lambda r, v: r.row.conversation_initiation_source == v,
    ),
    "text_only": (
        st.sampled_from(["true", "false"]),
        lambda r, v: (r.row.conversation_initiation_source in {"whatsapp", "twilio_sms"}) == (v == "true"),
    ),
    "exclude_statuses": (
        st.lists(st.sampled_from(["done", "failed", "in-progress", "processing"]), min_size=1, max_size=2),
        lambda r, v: r.row.status not in v,
    ),
    "tool_names": (some_tools, lambda r, v: bool(tools(r) & set(v))),
    "tool_names_errored": (some_tools, lambda r, v: bool(set(r.errored_tools) & set(v))),
    "tool_names_successful": (
        some_tools,
        lambda r, v: bool((tools(r) - set(r.errored_tools)) & set(v)),
    ),
    "tag_ids": (st.just(["tag_escalated"]), lambda r, v: v[0] in (r.row.tag_ids or ())),
    "topic_ids": (
        st.lists(st.sampled_from(values(lambda r: r.topic_ids[0])), min_size=1, max_size=3),
        lambda r, v: bool(set(r.topic_ids) & set(v)),
    ),
    "phone_number_ids": (
        st.lists(
            st.sampled_from(values(lambda r: r.phone.phone_number_id if r.phone else None)),
            min_size=1,
            max_size=3,
        ),
        lambda r, v: r.phone is not None and r.phone.phone_number_id in v,
    ),
    "evaluation_params": (
        st.lists(
            st.sampled_from(["goal_reached:success", "goal_reached:failure", "polite:failure"]),
            min_size=1,
            max_size=2,
        ),
        lambda r, v: all(tuple(one.split(":")) in r.criteria for one in v),
    ),
    "data_collection_params": (
        st.sampled_from(
            ["reason:eq:refund", "resolved:eq:true", "promise:neq:", "reason:in:refund|defect"]
        ).map(lambda one: [one]),
        lambda r, v: COLLECTED[v[0]](dict(r.collected)),
    ),
}

COLLECTED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "reason:eq:refund": lambda data: data.get("reason") == "refund",
    "resolved:eq:true": lambda data: data.get("resolved") is True,
    "promise:neq:": lambda data: data.get("promise") is not None,
    "reason:in:refund|defect": lambda data: data.get("reason") in {"refund", "defect"},
}


@law(30)
@given(
    asked=st.fixed_dictionaries({}, optional={name: make for name, (make, _) in FILTERS.items()}).filter(
        lambda chosen: len(chosen) <= 4
    ),
    after=st.none() | moments,
    before=st.none() | moments,
    inclusive=st.tuples(st.booleans(), st.booleans()),
    order=st.sampled_from(["asc", "desc"]),
    size=st.sampled_from([1, 7, 30, 100]),
)
def test_any_question_has_the_rows_that_a_plain_reading_finds(
    *,
    asked: dict[str, Any],
    after: int | None,
    before: int | None,
    inclusive: tuple[bool, bool],
    order: str,
    size: int,
) -> None:
    """For any filters, time bounds, semantics of the bounds, order and page size: the same rows, in order."""
    low = STARTS[0] if after is None else after + (not inclusive[0])
    high = NOW if before is None else before - (not inclusive[1])
    expected = [
        record.row.conversation_id
        for record in sorted(DATASET, key=lambda r: r.key, reverse=order == "desc")
        if low <= record.row.start_time_unix_secs <= high
        and all(FILTERS[name][1](record, value) for name, value in asked.items())
    ]
    params: dict[str, Any] = {**asked, "sort_direction": order}
    if after is not None:
        params["call_start_after_unix"] = after
    if before is not None:
        params["call_start_before_unix"] = before
    # pages of one row are only worth it for the short answers
    found = ids(CLIENTS[inclusive], params, size if len(expected) < 60 else 100)
    assert found == expected


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_every_filter_selects_something_and_leaves_something_out(name: str) -> None:
    """No filter of the property above is vacuous for this data set."""
    _, keeps = FILTERS[name]
    sample: dict[str, Any] = {
        "has_feedback_comment": "true",
        "text_only": "true",
        "call_duration_min_secs": 60,
        "call_duration_max_secs": 60,
        "rating_min": 3,
        "rating_max": 3,
        "call_successful": "failure",
        "conversation_initiation_source": "twilio",
        "exclude_statuses": ["done"],
        "tool_names": ["refund_lookup"],
        "tool_names_errored": ["refund_lookup"],
        "tool_names_successful": ["refund_lookup"],
        "tag_ids": ["tag_escalated"],
        "evaluation_params": ["goal_reached:failure"],
        "data_collection_params": ["reason:eq:refund"],
        "agent_id": DATASET.agents[0].agent_id,
        "visited_agent_ids": [DATASET.agents[0].agent_id],
        "user_id": values(lambda r: r.user_id)[0],
        "branch_id": values(lambda r: r.row.branch_id)[0],
        "version_id": values(lambda r: r.row.version_id)[0],
        "main_languages": ["de"],
        "termination_reasons": ["Voicemail detected"],
        "topic_ids": ["topic_refund"],
        "phone_number_ids": [values(lambda r: r.phone.phone_number_id if r.phone else None)[0]],
    }
    kept = [record for record in DATASET if keeps(record, sample[name])]
    assert 0 < len(kept) < len(DATASET)
    assert set(ids(Direct(DATASET), {name: sample[name]})) == {record.row.conversation_id for record in kept}


def test_summaries_and_columns_come_only_when_asked_for() -> None:
    """summary_mode adds summaries; data_collection_ids and evaluation_criteria_ids add their columns."""
    client = Direct(DATASET)
    plain = client.get().json()["conversations"]
    asked = {
        "summary_mode": "include",
        "data_collection_ids": ["reason"],
        "evaluation_criteria_ids": ["polite"],
    }
    rich = client.get(params=asked).json()["conversations"]
    assert len(plain) == len(rich) == 30
    assert all(row["transcript_summary"] is None for row in plain)
    assert all(row["data_collection_results"] is None for row in plain)
    assert any(row["transcript_summary"] for row in rich)
    assert any(row["data_collection_results"] == {"reason": "refund"} for row in rich)
    results = [row["evaluation_criteria_results"]["polite"] for row in rich]
    assert {"result": "success", "score": None, "max_score": None} in results
    assert [row["call_summary_title"] for row in plain] == [row["call_summary_title"] for row in rich]


def twilio(conversation_id: str, sid: str, start: int, **variables: Any) -> Record:
    row = Summary(
        agent_id="agent_a",
        conversation_id=conversation_id,
        start_time_unix_secs=start,
        conversation_initiation_source="twilio",
    )
    return Record(row=row, phone=Phone(type="twilio", call_sid=sid), variables=variables)


CALLS = Dataset(
    [
        twilio("conv_1", "CA1", 100, tier="gold", visits=3),
        twilio("conv_2", "CA2", 100, tier="silver", visits=11),
        twilio("conv_3", "CA3", 100, tier="a:b"),
    ]
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("tier:eq:gold", {"conv_1"}),
        ("tier:neq:gold", {"conv_2", "conv_3"}),
        ("tier:in:gold|silver", {"conv_1", "conv_2"}),
        ("tier:eq:a:b", {"conv_3"}),
        ("visits:gt:3", {"conv_2"}),
        ("visits:gte:3", {"conv_1", "conv_2"}),
        ("visits:lt:11", {"conv_1"}),
        ("visits:lte:11", {"conv_1", "conv_2"}),
        ("visits:eq:3", {"conv_1"}),
        ("visits:eq:", {"conv_3"}),
        ("visits:neq:", {"conv_1", "conv_2"}),
        ("system__call_sid:eq:CA2", {"conv_2"}),
        ("system__call_sid:eq:CA9", set()),
    ],
)
@pytest.mark.parametrize("name", ["dynamic_variable_params", "dynamic_variable_filter"])
def test_dynamic_variables_are_compared_by_their_operator(name: str, asked: str, expected: set[str]) -> None:
    """Each operator of name:op:value, an empty value for "not set", and colons inside the value."""
    assert set(ids(Direct(CALLS), {name: asked})) == expected


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [("indexed", {"conv_2"}), ("absent", set()), ("ignored", {"conv_1", "conv_2", "conv_3"})],
)
def test_system_variables_work_or_not_as_configured(behaviour: str, expected: set[str]) -> None:
    """The filter on a call sid can be switched off in the ways the real API might behave."""
    client = Direct(CALLS, system_variables=behaviour)
    assert set(ids(client, {"dynamic_variable_params": "system__call_sid:eq:CA2"})) == expected
    assert ids(client, {"dynamic_variable_params": "tier:eq:gold"}) == ["conv_1"]
