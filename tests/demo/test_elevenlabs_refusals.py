"""How the stand-in says no: keys, wrong parameters, cursors, limits and planned faults."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.demo.elevenlabs import KINDS, TRANSIENT, Dataset, Faults, Record, Summary, elevenlabs_app
from bot.demo.elevenlabs.cursors import Cursors
from tests.demo.elevenlabs_direct import PATH, Direct
from tests.serving import serve

NOW = 1_795_000_000
DATASET = Dataset.generate(250, 4, NOW)


def call(conversation_id: str, start: int) -> Record:
    """Make a conversation of which only the time matters."""
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


def test_a_wrong_key_may_also_be_a_400() -> None:
    """The API answers 400 on some routes; the stand-in can be set to do so."""
    answer = Direct(DATASET, "nonsense", wrong_key_status=400).get()
    assert (answer.status_code, answer.json()["detail"]["status"]) == (400, "invalid_api_key")


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


@pytest.mark.parametrize("path", ["text-search", "smart-search"])
def test_searches_want_a_query_and_small_pages(path: str) -> None:
    """text_query is required, page_size at most 50."""
    client = Direct(DATASET)
    answer = client.get(f"{PATH}/messages/{path}", {"page_size": 51})
    assert answer.status_code == 422
    assert [one["type"] for one in answer.json()["detail"]] == ["missing", "less_than_equal"]


def test_unknown_routes_and_methods_answer_like_fastapi() -> None:
    """`detail` is a string there."""
    client = Direct(DATASET)
    assert client.get("/v1/nothing").json() == {"detail": "Not Found"}
    assert client.get(method="POST").json() == {"detail": "Method Not Allowed"}


def test_what_a_key_may_not_read_is_listed_but_not_opened() -> None:
    """A row with hiding_reason is in the list; its detail is 403."""
    hidden = call("conv_hidden", 100)
    hidden.row.hiding_reason = "no_access"
    client = Direct(Dataset([hidden]))
    assert client.get().json()["conversations"][0]["hiding_reason"] == "no_access"
    assert client.get(f"{PATH}/conv_hidden").status_code == 403


# --- cursors ---


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


@given(st.text(max_size=60))
def test_no_invented_cursor_is_accepted(text: str) -> None:
    """Garbage is refused, never an error of the server."""
    cursors = Cursors(clock=lambda: 0.0)
    assert cursors.read("question", text) is None


@given(question=st.text(), other=st.text(), number=st.integers(0, 2**40), name=st.text())
def test_a_cursor_carries_its_place_back(question: str, other: str, number: int, name: str) -> None:
    """What is made for a question is read back for it, and for no other."""
    cursors = Cursors(clock=lambda: 0.0)
    cursor = cursors.make(question, (number, name))
    assert cursors.read(question, cursor) == (number, name)
    assert (cursors.read(other, cursor) is not None) == (other == question)


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


# --- limits, latency, faults ---


async def many(url: str, count: int) -> list[httpx.Response]:
    """Ask for the list several times at once."""
    async with httpx.AsyncClient(headers={"xi-api-key": "sample-key"}) as client:
        return await asyncio.gather(*(client.get(url + PATH) for _ in range(count)))


@pytest.mark.parametrize("retry_after", [None, 0.5])
async def test_too_many_requests_at_once_are_429(retry_after: float | None) -> None:
    """Beyond max_concurrent the answer is 429, with Retry-After only if configured."""
    app = elevenlabs_app(DATASET, latency=0.2, max_concurrent=2, retry_after=retry_after)
    async with serve(app) as url:
        answers = await many(url, 6)
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [200, 200, 429, 429, 429, 429]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["detail"]["status"] == "too_many_concurrent_requests"
    assert refused.headers.get("retry-after") == (None if retry_after is None else "0.5")
    assert app.state.requests.most_in_flight <= 6
    assert app.state.requests.in_flight == 0


async def test_latency_is_per_request_and_not_in_line() -> None:
    """Ten requests at once take one latency, not ten."""
    app = elevenlabs_app(DATASET, latency=0.15)
    async with serve(app) as url:
        began = time.monotonic()
        await many(url, 10)
        took = time.monotonic() - began
    assert 0.15 <= took < 1.4


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.isdigit()])
def test_statuses_can_be_planned(kind: str) -> None:
    """Each status fault has the API's error object, and the next request is answered."""
    client = Direct(DATASET, faults=Faults(script=[kind]))
    answer = client.get()
    assert answer.status_code == int(kind)
    assert answer.json()["detail"]["message"]
    assert client.get().status_code == 200


def test_a_script_goes_in_order_and_only_for_its_path() -> None:
    """None is a good answer; requests for other paths do not use up the script."""
    faults = Faults(script=["500", None, "429-retry-after"], path="/agents", retry_after=3)
    client = Direct(DATASET, faults=faults)
    assert client.get().status_code == 200
    answers = [client.get("/v1/convai/agents") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 200, 429, 200]
    assert answers[2].headers["retry-after"] == "3"


def test_one_conversation_can_be_made_to_fail() -> None:
    """A planned rule hits the chosen path so many times, and no other."""
    one, other = (record.row.conversation_id for record in list(DATASET)[:2])
    faults = Faults()
    faults.plan(one, "503", times=3)
    client = Direct(DATASET, faults=faults)
    assert client.get(f"{PATH}/{other}").status_code == 200
    assert [client.get(f"{PATH}/{one}").status_code for _ in range(4)] == [503, 503, 503, 200]


def test_chance_is_seeded() -> None:
    """The same seed plays the same faults; the rate is about right; clear ends it."""
    first, second = (Faults(rate=0.3, seed=5) for _ in range(2))
    played = [first.next(PATH) for _ in range(500)]
    assert played == [second.next(PATH) for _ in range(500)]
    assert 100 < sum(kind is not None for kind in played) < 200
    assert {kind for kind in played if kind} <= set(TRANSIENT)
    first.clear()
    assert {first.next(PATH) for _ in range(50)} == {None}


def test_a_misspelt_fault_is_an_error_at_once() -> None:
    """A plan with an unknown kind does not wait for a request to fail."""
    with pytest.raises(ValueError, match="no such fault"):
        Faults(script=["teapot"])
    with pytest.raises(ValueError, match="no such fault"):
        Faults().plan(PATH, "502")


def test_bodies_can_be_spoiled() -> None:
    """HTML instead of JSON, JSON that stops halfway, JSON of another shape, pages out of order."""
    kinds = ["html", "503-html", "broken-json", "wrong-shape", "shuffled"]
    client = Direct(DATASET, faults=Faults(script=kinds))
    html, html_503, broken, shape, shuffled = (client.get() for _ in kinds)
    assert (html.status_code, html_503.status_code) == (200, 503)
    assert html.text.startswith("<!doctype html>")
    assert broken.status_code == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        broken.json()
    assert not isinstance(shape.json()["conversations"], list)
    times = [row["start_time_unix_secs"] for row in shuffled.json()["conversations"]]
    assert times != sorted(times, reverse=True)


def test_a_cursor_can_be_repeated() -> None:
    """repeat-cursor hands out the cursor that was just used."""
    client = Direct(DATASET, faults=Faults(script=[None, "repeat-cursor"]))
    cursor = client.get().json()["next_cursor"]
    assert client.get(params={"cursor": cursor}).json()["next_cursor"] == cursor


@pytest.mark.parametrize("kind", ["drop", "cut"])
async def test_connections_can_break(kind: str) -> None:
    """drop: no answer at all; cut: a body that ends early. The next request works."""
    app = elevenlabs_app(DATASET, faults=Faults(script=[kind]))
    async with serve(app) as url, httpx.AsyncClient(headers={"xi-api-key": "sample-key"}) as client:
        with pytest.raises(httpx.TransportError):
            await client.get(url + PATH)
        assert (await client.get(url + PATH)).status_code == 200
    seen = list(app.state.requests)
    assert [one.fault for one in seen] == [kind, None]
    assert seen[0].status == (0 if kind == "drop" else 200)


@pytest.mark.parametrize("kind", ["drop", "cut"])
async def test_connections_break_under_a_mount_too(kind: str) -> None:
    """Inside a larger app, where the server's transport may be out of reach, the connection still breaks."""
    app = elevenlabs_app(DATASET, faults=Faults(script=[kind]))
    outer = Starlette(routes=[Mount("/elevenlabs", app)])
    async with serve(outer) as url, httpx.AsyncClient(headers={"xi-api-key": "sample-key"}) as client:
        with pytest.raises(httpx.TransportError):
            await client.get(f"{url}/elevenlabs{PATH}")
        assert (await client.get(f"{url}/elevenlabs{PATH}")).status_code == 200
    assert [seen.path for seen in app.state.requests] == [PATH, PATH]


async def test_a_slow_answer_is_a_good_one() -> None:
    """A slow answer takes its time and is complete."""
    app = elevenlabs_app(DATASET, faults=Faults(script=["slow"], slow=0.2))
    began = time.monotonic()
    async with serve(app) as url:
        answers = await many(url, 1)
        took = time.monotonic() - began
    assert answers[0].status_code == 200
    assert took >= 0.2


# --- the log ---


def test_the_log_shows_what_was_asked_and_never_the_key() -> None:
    """Path, parameters, status and rows of each request, counters by status; the key is nowhere."""
    client = Direct(DATASET, key="very-secret", api_key="very-secret")
    client.get(params={"page_size": 7, "tool_names": ["a", "b"]})
    client.get(f"{PATH}/conv_missing")
    log = client.state.requests
    first, second = log
    assert (first.path, first.status, first.rows, first.param("page_size")) == (PATH, 200, 0, "7")
    assert [value for name, value in first.params if name == "tool_names"] == ["a", "b"]
    assert (second.status, len(log), log.statuses) == (404, 2, {200: 1, 404: 1})
    assert (len(log.lists()), len(log.details())) == (1, 1)
    assert "very-secret" not in repr(list(log))
    log.clear()
    assert len(log) == 0
