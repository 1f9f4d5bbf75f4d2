"""How the stand-in says no: keys, wrong parameters, wrong cursors."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.elevenlabs import Dataset, Record, Summary
from tests.demo.elevenlabs_direct import PATH, Direct

NOW = 1_795_000_000
DATASET = Dataset.generate(250, 4, NOW)


def call(conversation_id: str, start: int) -> Record:
    return Record(
        row=Summary(agent_id="agent_a", conversation_id=conversation_id, start_time_unix_secs=start)
    )


@pytest.mark.parametrize(
    ("key", "status", "code", "words"),
    [
        (None, 401, "needs_authorization", "xi-api-key"),
        ("nonsense", 401, "invalid_api_key", "Invalid API key"),
        ("sample-key-without-scope", 401, "missing_permissions", "missing the permission convai_read"),
        ("sample-key-residency", 401, "invalid_api_key", "data residency stack"),
        ("sample-key-unpaid", 402, "payment_required", "payment"),
        ("sample-key-forbidden", 403, "forbidden", "access"),
    ],
)
@pytest.mark.parametrize("path", [PATH, f"{PATH}/conv_x", "/v1/convai/agents"])
def test_each_kind_of_key_is_refused_in_its_own_way(
    key: str | None, status: int, code: str, words: str, path: str
) -> None:
    """Status and body tell a wrong key, a missing scope, a residency key, no money and no access apart."""
    answer = Direct(DATASET, key).get(path)
    assert answer.status_code == status
    detail = answer.json()["detail"]
    assert detail["status"] == detail["code"] == code
    assert words in detail["message"]
    assert detail["request_id"] == answer.headers["request-id"]


@pytest.mark.parametrize(
    ("params", "problems"),
    [
        ({"page_size": "0"}, {"page_size": "greater_than_equal"}),
        ({"page_size": "101"}, {"page_size": "less_than_equal"}),
        ({"page_size": "many"}, {"page_size": "int_parsing"}),
        ({"call_start_after_unix": "1.5"}, {"call_start_after_unix": "int_parsing"}),
        ({"call_start_before_unix": "2026-11-01"}, {"call_start_before_unix": "int_parsing"}),
        ({"rating_min": "0"}, {"rating_min": "greater_than_equal"}),
        ({"rating_max": "6"}, {"rating_max": "less_than_equal"}),
        ({"call_successful": "failed"}, {"call_successful": "enum"}),
        ({"summary_mode": "yes"}, {"summary_mode": "enum"}),
        ({"sort_direction": "DESC"}, {"sort_direction": "enum"}),
        ({"conversation_initiation_source": "phone"}, {"conversation_initiation_source": "enum"}),
        ({"exclude_statuses": ["done", "gone"]}, {"exclude_statuses": "enum"}),
        ({"has_feedback_comment": "maybe"}, {"has_feedback_comment": "bool_parsing"}),
        ({"visited_agent_ids": ["a"] * 51}, {"visited_agent_ids": "too_long"}),
        ({"evaluation_params": "polite"}, {"evaluation_params": "value_error"}),
        ({"evaluation_params": "polite:good"}, {"evaluation_params": "value_error"}),
        ({"dynamic_variable_params": "tier:like:x"}, {"dynamic_variable_params": "value_error"}),
        ({"data_collection_params": "visits:gt:many"}, {"data_collection_params": "value_error"}),
        (
            {"page_size": "500", "rating_min": "9"},
            {"page_size": "less_than_equal", "rating_min": "less_than_equal"},
        ),
    ],
)
def test_wrong_parameters_are_a_422_that_lists_them(params: dict[str, Any], problems: dict[str, str]) -> None:
    """FastAPI's shape: a list of {loc, msg, type}, one for each problem."""
    answer = Direct(DATASET).get(params=params)
    assert answer.status_code == 422
    detail = answer.json()["detail"]
    assert {one["loc"][1]: one["type"] for one in detail} == problems
    assert all(one["loc"][0] == "query" and one["msg"] for one in detail)


def test_unknown_parameters_are_ignored_and_the_last_of_a_repeated_one_counts() -> None:
    """What FastAPI does with names it does not know and with repeated single values."""
    client = Direct(DATASET)
    ignored = client.get(params={"direction": "inbound", "colour": "blue"}).json()
    assert ignored["conversations"] == client.get().json()["conversations"]
    answer = client.get(params=[("page_size", "3"), ("page_size", "5")])
    assert len(answer.json()["conversations"]) == 5


def test_what_a_key_may_not_read_is_listed_but_not_opened() -> None:
    """A row with hiding_reason is in the list; its detail is 403."""
    hidden = call("conv_hidden", 100)
    hidden.row.hiding_reason = "no_access"
    client = Direct(Dataset([hidden]))
    assert client.get().json()["conversations"][0]["hiding_reason"] == "no_access"
    assert client.get(f"{PATH}/conv_hidden").status_code == 403


def test_a_cursor_is_good_for_its_own_question_only() -> None:
    """Other filters, another order or other bounds are refused; page size and summaries may change."""
    client = Direct(DATASET)
    cursor = client.get(params={"call_successful": "success", "page_size": 10}).json()["next_cursor"]
    same = {"call_successful": "success", "cursor": cursor}
    assert client.get(params={**same, "page_size": 99, "summary_mode": "include"}).status_code == 200
    for other in (
        {"cursor": cursor},
        {**same, "call_successful": "failure"},
        {**same, "sort_direction": "asc"},
        {**same, "call_start_after_unix": 5},
    ):
        answer = client.get(params=other)
        assert (answer.status_code, answer.json()["detail"]["status"]) == (400, "invalid_cursor")
    assert client.get("/v1/convai/agents", {"cursor": cursor}).status_code == 400


def test_cursors_can_expire_and_be_a_422() -> None:
    """Lifetime and status of a refused cursor are configurable."""
    now = [1000.0]
    client = Direct(DATASET, cursor_ttl=60, cursor_status=422, clock=lambda: now[0])
    cursor = client.get().json()["next_cursor"]
    now[0] += 59
    assert client.get(params={"cursor": cursor}).status_code == 200
    now[0] += 2
    answer = client.get(params={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", "cursor"]


def test_rows_that_arrive_while_paging_neither_repeat_nor_hide_others() -> None:
    """Newer rows do not shift the pages; a row that arrives further on is still found."""
    dataset = Dataset([call(f"conv_{start}", start) for start in range(100, 120)])
    client = Direct(dataset)
    page = client.get(params={"page_size": 8}).json()
    seen = [row["start_time_unix_secs"] for row in page["conversations"]]
    dataset.add(call("conv_new", 500))
    dataset.add(call("conv_late", 101))
    dataset.remove("conv_110")
    while page["has_more"]:
        page = client.get(params={"page_size": 8, "cursor": page["next_cursor"]}).json()
        seen += [row["start_time_unix_secs"] for row in page["conversations"]]
    assert seen == [*range(119, 110, -1), *range(109, 101, -1), 101, 101, 100]
    assert client.get().json()["conversations"][0]["conversation_id"] == "conv_new"


def test_the_last_page_can_be_an_empty_one() -> None:
    """With empty_last_page, a full last page still promises more, and the next is empty."""
    dataset = Dataset([call(f"conv_{start}", start) for start in range(20)])
    page = Direct(dataset, empty_last_page=True).get(params={"page_size": 20}).json()
    assert page["has_more"]
    client = Direct(dataset, empty_last_page=True)
    last = client.get(params={"page_size": 20, "cursor": page["next_cursor"]}).json()
    assert last == {"conversations": [], "next_cursor": None, "has_more": False}
