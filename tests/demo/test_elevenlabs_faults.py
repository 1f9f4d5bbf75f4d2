"""What goes wrong on purpose: limits, latency, planned faults; and the log that shows it."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.demo.elevenlabs import KINDS, TRANSIENT, ApiFaults, Dataset, elevenlabs_app
from tests.demo.elevenlabs_direct import PATH, Direct
from tests.serving import serve

NOW = 1_795_000_000
DATASET = Dataset.generate(250, 4, NOW)


async def many(url: str, count: int) -> list[httpx.Response]:
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


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.isdigit()])
def test_statuses_can_be_planned(kind: str) -> None:
    """Each status fault has the API's error object, and the next request is answered."""
    client = Direct(DATASET, faults=ApiFaults(script=[kind]))
    answer = client.get()
    assert answer.status_code == int(kind)
    assert answer.json()["detail"]["message"]
    assert client.get().status_code == 200


def test_a_script_goes_in_order_and_only_for_its_path() -> None:
    """None is a good answer; requests for other paths do not use up the script."""
    faults = ApiFaults(script=["500", None, "429-retry-after"], path="/agents", retry_after=3)
    client = Direct(DATASET, faults=faults)
    assert client.get().status_code == 200
    answers = [client.get("/v1/convai/agents") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 200, 429, 200]
    assert answers[2].headers["retry-after"] == "3"


def test_chance_is_seeded() -> None:
    """The same seed plays the same faults; the rate is about right; clear ends it."""
    first, second = (ApiFaults(rate=0.3, seed=5) for _ in range(2))
    played = [first.next(PATH) for _ in range(500)]
    assert played == [second.next(PATH) for _ in range(500)]
    assert 100 < sum(kind is not None for kind in played) < 200
    assert {kind for kind in played if kind} <= set(TRANSIENT)
    first.clear()
    assert {first.next(PATH) for _ in range(50)} == {None}


def test_a_misspelt_fault_is_an_error_at_once() -> None:
    """A plan with an unknown kind does not wait for a request to fail."""
    with pytest.raises(ValueError, match="no such fault"):
        ApiFaults(script=["teapot"])
    with pytest.raises(ValueError, match="no such fault"):
        ApiFaults().plan(PATH, "599")


def test_bodies_can_be_spoiled() -> None:
    """HTML instead of JSON, JSON that stops halfway, JSON of another shape, pages out of order."""
    kinds = ["html", "503-html", "broken-json", "wrong-shape", "shuffled"]
    client = Direct(DATASET, faults=ApiFaults(script=kinds))
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
    client = Direct(DATASET, faults=ApiFaults(script=[None, "repeat-cursor"]))
    cursor = client.get().json()["next_cursor"]
    assert client.get(params={"cursor": cursor}).json()["next_cursor"] == cursor


@pytest.mark.parametrize("kind", ["drop", "cut"])
async def test_connections_can_break(kind: str) -> None:
    """drop: no answer at all; cut: a body that ends early. The next request works."""
    app = elevenlabs_app(DATASET, faults=ApiFaults(script=[kind]))
    async with serve(app) as url, httpx.AsyncClient(headers={"xi-api-key": "sample-key"}) as client:
        with pytest.raises(httpx.TransportError):
            await client.get(url + PATH)
        assert (await client.get(url + PATH)).status_code == 200
    seen = list(app.state.requests)
    assert [one.fault for one in seen] == [kind, None]
    assert seen[0].status == (0 if kind == "drop" else 200)


async def read_into(chunks: list[bytes], client: httpx.AsyncClient, address: str) -> None:
    async with client.stream("GET", address) as answer:
        async for chunk in answer.aiter_bytes():
            chunks.append(chunk)  # noqa: PERF401 (what came before a break must be kept)


@pytest.mark.parametrize("length", [True, False])
async def test_a_recording_can_break_off(length: bool) -> None:
    """A cut recording ends in the middle, whether or not its length was announced."""
    record = next(one for one in DATASET if one.phone is not None and one.row.status == "done")
    app = elevenlabs_app(DATASET, faults=ApiFaults(script=["cut"]), audio_length=length)
    async with serve(app) as url, httpx.AsyncClient(headers={"xi-api-key": "sample-key"}) as client:
        address = f"{url}{PATH}/{record.row.conversation_id}/audio"
        got: list[bytes] = []
        with pytest.raises(httpx.RemoteProtocolError):
            await read_into(got, client, address)
        assert got[0].startswith(b"\xff\xfb")
        whole = (await client.get(address)).content
    assert 0 < sum(map(len, got)) < len(whole)


@pytest.mark.parametrize("kind", ["drop", "cut"])
async def test_connections_break_under_a_mount_too(kind: str) -> None:
    """Inside a larger app, where the server's transport may be out of reach, the connection still breaks."""
    app = elevenlabs_app(DATASET, faults=ApiFaults(script=[kind]))
    outer = Starlette(routes=[Mount("/elevenlabs", app)])
    async with serve(outer) as url, httpx.AsyncClient(headers={"xi-api-key": "sample-key"}) as client:
        with pytest.raises(httpx.TransportError):
            await client.get(f"{url}/elevenlabs{PATH}")
        assert (await client.get(f"{url}/elevenlabs{PATH}")).status_code == 200
    assert [seen.path for seen in app.state.requests] == [PATH, PATH]


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
