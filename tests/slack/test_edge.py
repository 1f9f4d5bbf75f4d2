"""The web edge: what is not Slack's, or not of its shape, is refused 4xx without a trace of an exception."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from hypothesis import given

from bot import logs
from bot.demo.slack.sample import ME
from tests.answers.office import Office, office
from tests.laws import law
from tests.logged import logged
from tests.slack.junk import each_spoiled, payloads
from tests.slack.posting import FORM, JSON, command, pressed, signed

PATH = "/slack/events"
module_loop = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def log() -> Iterator[io.StringIO]:
    """Everything that is logged."""
    with logged("DEBUG") as stream:
        yield stream


@pytest.fixture(scope="module")
def junk() -> list[Any]:
    """Draw payloads before anything runs: hypothesis wants chance for itself alone."""
    drawn: list[Any] = list(each_spoiled())

    @given(payloads())
    @law(50)
    def draw(payload: Any) -> None:
        drawn.append(payload)

    draw()
    return drawn


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(junk: list[Any], log: io.StringIO) -> AsyncIterator[Office]:
    """Open an office whose log is read."""
    async with office(rows=40) as opened:
        assert junk  # drawn before anything ran
        logs.configure("DEBUG", "json", stream=log)
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def web(desk: Office) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the web edge."""
    async with httpx.AsyncClient(base_url=desk.base, follow_redirects=False) as client:
        yield client


def nothing_happened(desk: Office, log: io.StringIO) -> None:
    """No exception was logged, nobody was told anything, nothing was asked of ElevenLabs."""
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    wrong = [line for line in lines if "exception" in line or line["level"] in {"error", "critical"}]
    assert wrong == []
    assert "Traceback" not in log.getvalue()
    assert everything_said(desk) == []


def everything_said(desk: Office) -> list[dict[str, Any]]:
    """Return every message and file of the bot, to all or to one."""
    space = desk.workspace
    said = [message for channel in list(space.channels) for message in desk.messages(channel)]
    for user in space.users:
        said += [message for channel in list(space.channels) for message in desk.whispers(channel, user)]
    return said


@module_loop
async def test_what_slack_did_not_sign_is_refused(
    desk: Office, web: httpx.AsyncClient, log: io.StringIO
) -> None:
    """Unsigned, wrongly signed, too old, from the future, changed on the way: 401, and nothing happens."""
    body = command(user_id=ME)
    good = signed(body, at=desk.clock())
    stamp = good["x-slack-request-timestamp"]
    tries: list[tuple[bytes, dict[str, str]]] = [
        (body, {"content-type": FORM}),
        (body, {**good, "x-slack-signature": ""}),
        (body, {**good, "x-slack-signature": "v0=" + "0" * 64}),
        (body, {**good, "x-slack-signature": good["x-slack-signature"].upper()}),
        (body, {**good, "x-slack-request-timestamp": ""}),
        (body, {**good, "x-slack-request-timestamp": "soon"}),
        (body, {**good, "x-slack-request-timestamp": "-" + stamp}),
        (body, {**good, "x-slack-request-timestamp": "9" * 5000}),
        (body, {**good, "x-slack-request-timestamp": "9" * 400}),
        (body, {**good, "x-slack-request-timestamp": str(int(stamp) + 1)}),
        (body, signed(body, at=desk.clock(), secret="another")),
        (body, signed(body, at=desk.clock() - 301)),
        (body, signed(body, at=desk.clock() + 303)),
        (body[:-1], good),
        (body + b"&text=successful", good),
        (b"ssl_check=1&" + body, {"content-type": FORM}),
        (b"", {}),
    ]
    for content, headers in tries:
        answer = await web.post(PATH, content=content, headers=headers)
        assert (answer.status_code, answer.text) == (401, "not signed by Slack"), headers
    nothing_happened(desk, log)


NESTED = b"[" * 500 + b"]" * 500
SHAPES: list[tuple[int, bytes, str]] = [
    (400, b"", FORM),
    (400, b"", JSON),
    (400, b"\xff\xfe\x00", FORM),
    (400, b'{"type": "event_callback", "event": {"type": "app_ment', JSON),
    (400, b"payload=%7B%22type%22%3A+%22block_actions", FORM),
    (400, b"payload=null", FORM),
    (400, b"payload=" + b"1" * 9000, FORM),
    (400, b"payload=[1,2]", FORM),
    (400, b"[]", JSON),
    (400, b'"text"', JSON),
    (400, b"NaN", JSON),
    (400, b'{"event": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", JSON),
    (400, b'{"type": "event_callback", "event": {"type": "x", "a": ' + NESTED + b"}}", JSON),
    (400, b'{"type": "event_callback", "event": {"type": "message", "text": "\\ud800"}}', JSON),
    (400, b'{"type": "event_callback", "event": null}', JSON),
    (400, b'{"type": "block_actions", "actions": []}', JSON),
    (400, b'{"type": ["event_callback"], "event": {"type": "message"}}', JSON),
    (400, b"&".join(b"f%d=1" % number for number in range(500)), FORM),
    (404, b'{"type": "nothing we know"}', JSON),
    (404, b"a=b", FORM),
    (413, b"text=" + b"x" * 1_100_000, FORM),
    (415, b"<command/>", "application/xml"),
    (415, b"x", "multipart/form-data; boundary=x"),
]


@module_loop
async def test_signed_but_not_slacks_shape_is_refused(
    desk: Office, web: httpx.AsyncClient, log: io.StringIO
) -> None:
    """Empty, truncated, too deep, too large, of another type: 4xx in a word, nothing logged as an error."""
    for status, body, content_type in SHAPES:
        answer = await web.post(PATH, content=body, headers=signed(body, content_type, at=desk.clock()))
        assert (answer.status_code, len(answer.text) < 100) == (status, True), body[:80]
    nothing_happened(desk, log)


@module_loop
async def test_other_routes_and_methods_tell_nothing(
    desk: Office, web: httpx.AsyncClient, log: io.StringIO
) -> None:
    """Wrong methods are 405; what is asked of operators' routes holds no secret and needs no body."""
    for method, path, status in [
        ("GET", PATH, 405),
        ("PUT", PATH, 405),
        ("DELETE", PATH, 405),
        ("OPTIONS", PATH, 405),
        ("POST", "/healthz", 405),
        ("POST", "/readyz", 405),
        ("POST", "/metrics", 405),
        ("GET", "/slack/eventsx", 404),
        ("GET", "/slack/../healthz%00", 404),
        ("GET", "/" + "a" * 5000, 404),
    ]:
        answer = await web.request(method, path)
        assert (answer.status_code, len(answer.text) < 100) == (status, True), path[:40]
    app = desk.workspace.app
    for path in ("/healthz", "/readyz", "/metrics"):
        answer = await web.get(path)
        assert answer.status_code == 200
        for secret in (app.bot_token, app.signing_secret, "sample-key", "demo.db", "conv_", "U0DEMO"):
            assert secret not in answer.text
    nothing_happened(desk, log)


@module_loop
async def test_a_command_may_speak_of_a_payload(desk: Office, web: httpx.AsyncClient) -> None:
    """A form is read as a form, also when its text holds the word that other forms are told by."""
    body = command(text='about "payload"')
    assert (await web.post(PATH, content=body, headers=signed(body, at=desk.clock()))).status_code == 200


@module_loop
async def test_signed_junk_never_breaks_anything(
    junk: list[Any], desk: Office, web: httpx.AsyncClient, log: io.StringIO
) -> None:
    """Signed payloads of strange shapes, as JSON or in a form: never 5xx, no exception logged, no data."""
    for number, payload in enumerate(junk):
        body, kind = (pressed(payload), FORM) if number % 2 else (json.dumps(payload).encode(), JSON)
        answer = await web.post(PATH, content=body, headers=signed(body, kind, at=desk.clock()))
        assert answer.status_code < 500, body
        assert "conv_" not in answer.text
    await asyncio.sleep(0.3)
    nothing_happened(desk, log)


@module_loop
async def test_a_request_sent_again_is_answered_once(desk: Office, web: httpx.AsyncClient) -> None:
    """Who records a signed request and sends it again within five minutes gets nothing done twice."""
    body = command(user_id=ME, text="help")
    headers = signed(body, at=desk.clock())
    for _ in range(3):
        assert (await web.post(PATH, content=body, headers=headers)).status_code == 200
    await desk.seen(lambda: everything_said(desk))
    time_to_repeat = 0.5
    await asyncio.sleep(time_to_repeat)
    assert len(everything_said(desk)) == 1
