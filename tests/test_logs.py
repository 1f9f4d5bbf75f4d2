from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
import sqlalchemy
import structlog
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot import logs
from bot.redaction import HIDDEN, Redactor
from tests.logged import logging_restored
from tests.serving import serve

BOT = "xoxb-1234567890-AbCdEfGh"
KEY = "sk_0123456789abcdef0123"
SIGNING = '8f74"22\\31b10e'
NAME = "Jane Doe"
PHONE = "+14155550123"
SECRETS = (BOT, KEY, SIGNING, "p@ss/word")
HOOK = "https://hooks.slack.com/commands/T012/345/s3cr3tpath"
Lines = Callable[[], list[dict[str, object]]]
LIBRARIES = (
    "httpx",
    "httpcore",
    "slack_sdk.web",
    "slack_bolt.AsyncApp",
    "dbos",
    "uvicorn",
    "uvicorn.error",
    "bot.x",
)


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Put the process's logging back as it was."""
    hooks = sys.excepthook, threading.excepthook
    with logging_restored():
        yield
    sys.excepthook, threading.excepthook = hooks


@pytest.fixture
def out() -> io.StringIO:
    """Where the log goes, configured as JSON at DEBUG with the secrets of these tests."""
    stream = io.StringIO()
    logs.configure("DEBUG", "json", secrets=SECRETS, stream=stream)
    return stream


def parsed(out: io.StringIO) -> list[dict[str, object]]:
    """Return the lines logged so far."""
    return [json.loads(line) for line in out.getvalue().splitlines()]


def assert_clean(text: str) -> None:
    """No secret of these tests is in the text, in any spelling."""
    for hidden in (
        *SECRETS,
        json.dumps(SIGNING)[1:-1],
        "p%40ss%2Fword",
        "4155550123",
        "555-0123",
        "s3cr3tpath",
    ):
        assert hidden not in text


LEAKS = [
    f"token={BOT} and {KEY}",
    "xapp-1-A012-345-abcdef xoxp-1-2-3 xoxe.xoxb-1-abc xoxe-1-abc",
    f"signed with {SIGNING}",
    json.dumps({"signing": SIGNING}),
    "postgresql://bot:p%40ss%2Fword@db/bot and postgresql://bot:hidden-elsewhere@db/bot",
    f"{{'authorization': 'Bearer {BOT}', 'xi-api-key': 'key-of-another-kind'}}",
    "(b'xi-api-key', b'key-of-another-kind'), (b'Authorization', b'Basic dXNlcjpwYXNz')",
    "xi-api-key: key-of-another-kind",
    f"posting to {HOOK}",
    f'"response_url":"{HOOK}"',
    "uploading to https://files.slack.com/upload/v1/s3cr3tpath?x=1",
    "posting to https://hooks.slack-gov.com/actions/T012/345/s3cr3tpath",
    "uploading to https://files.slack-gov.com/upload/v1/s3cr3tpath",
    "wss://wss-primary.slack.com/link/?ticket=s3cr3tpath&app_id=1",
    f"GET https://api.elevenlabs.io/v1/convai/conversations?search=Jane+Doe&user_id={PHONE}",
    "GET /v1/convai/conversations?search=Jane+Doe",
    f"called by {PHONE}",
    "called by %2B14155550123, +1 (415) 555-0123, 415-555-0123, 0014155550123, 14155550123",
    "sip:14155550123@carrier.example:5060",
    "{'external_number': 'anything', 'agent_number': '4155550123'}",
    "[SQL: INSERT INTO questions VALUES (?)]\n[parameters: ('search:\"Jane Doe\"', 'x]')]\n(Background: …)",
]


@pytest.mark.parametrize("text", LEAKS)
def test_known_shapes_are_hidden(text: str) -> None:
    """Tokens, keys, header values, secret addresses, questions in URLs and phone numbers are replaced."""
    shown = Redactor(SECRETS).text(text)
    assert_clean(shown)
    for hidden in (
        "another-kind",
        "hidden-elsewhere",
        "dXNlcjpwYXNz",
        "Jane",
        "anything",
        "xapp-1",
        "xoxp-1",
    ):
        assert hidden not in shown
    assert HIDDEN in shown


@pytest.mark.parametrize(
    "text",
    [
        "conv_01jd8z9y7x6w5v4t3s2r1q0p9n took 1.5 s for 10,000 rows",
        "posted 1763856000.123456 in C0123456789 for U0DEMO0001 at 1763856000",
        "CA0123456789abcdef0123456789abcdef and SCL_0123456789ab",
        "https://team.slack.com/archives/C012/p1763856000123456",
        "2026-11-23T02:45:00.123456Z 2026-11-23 02:45:00+00:00",
        "GET https://api.elevenlabs.io/v1/convai/agents 200, 12 basic checks, 3 tokens: fine",
    ],
)
def test_what_helps_is_kept(text: str) -> None:
    """Ids, times, counts and addresses without a query stay readable."""
    assert Redactor(SECRETS).text(text) == text


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=8
    )
)
def test_redacting_twice_changes_nothing(value: object) -> None:
    """Redaction is idempotent and keeps a value's shape, so that a line stays valid JSON."""
    redactor = Redactor(SECRETS)
    once = redactor.value(value)
    assert redactor.value(once) == once
    line = json.dumps(once, ensure_ascii=False)
    assert json.loads(redactor.line(line)) == json.loads(line)


@pytest.mark.parametrize(
    "piece",
    [
        "a-",
        "http://",
        "x://x",
        "token ",
        "bearer ",
        "[parameters: ",
        "+1 ",
        "1 ",
        "/a",
        "sk_",
        "'cookie' ",
        "((",
    ],
)
def test_long_lines_do_not_hold_up_the_process(piece: str) -> None:
    """Redacting grows with the length of a line and not with its square, whatever it is made of."""
    redactor = Redactor(SECRETS)
    began = time.process_time()
    redactor.text(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 3


def test_values_are_judged_by_their_keys(out: io.StringIO) -> None:
    """Nested values under a sensitive key vanish whole; unknown objects are shown as redacted text."""

    class Holder:
        def __repr__(self) -> str:
            return f"<Holder {BOT}>"

    structlog.get_logger("bot.x").info(
        "done",
        rows=3,
        headers={"xi-api-key": "short"},
        nested=[{"external_number": "anonymous", "Authorization": "Bearer a", "transcript": ["Hello"]}],
        holder=Holder(),
        error=ValueError(PHONE),
    )
    [line] = parsed(out)
    assert line["message"] == "done"
    assert (line["rows"], line["headers"], line["logger"], line["level"]) == (3, HIDDEN, "bot.x", "info")
    assert line["nested"] == [{"external_number": HIDDEN, "Authorization": HIDDEN, "transcript": HIDDEN}]
    assert_clean(out.getvalue())


@pytest.mark.parametrize("style", ["json", "console"])
@pytest.mark.parametrize("name", LIBRARIES)
def test_no_logger_leaks_even_in_tracebacks(name: str, style: str) -> None:
    """Whichever library logs, its message, arguments, extras and chained tracebacks are redacted."""
    stream = io.StringIO()
    logs.configure("DEBUG", style, secrets=SECRETS, stream=stream)
    logger = logging.getLogger(name)
    cause = ValueError(f"Bearer {BOT} {SIGNING}")
    cause.add_note(f"asked by {PHONE}")

    def fail() -> None:
        raise RuntimeError(HOOK) from cause

    try:
        fail()
    except RuntimeError:
        logger.exception("failed for %s with %r", PHONE, {"xi-api-key": KEY}, extra={"response_url": HOOK})
    shown = stream.getvalue()
    assert "failed for ***" in shown
    assert "Traceback" in shown
    assert "RuntimeError" in shown
    assert_clean(shown)


def test_a_line_that_cannot_be_formatted_shows_no_arguments(
    out: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong format string is reported by place only."""
    # Straight to our handler: pytest's own would raise.
    [handler] = [handler for handler in logging.root.handlers if type(handler).__module__ == "bot.logs"]
    handler.handle(logging.getLogger("dbos").makeRecord("dbos", 30, "app.py", 1, "%d rows", (BOT,), None))
    assert "a line of dbos (app.py:1)" in out.getvalue()
    assert_clean(out.getvalue() + "".join(capsys.readouterr()))


async def test_clients_and_server_show_no_request(out: io.StringIO) -> None:
    """At LOG_LEVEL=DEBUG neither httpx, slack_sdk nor uvicorn shows a key, a question or a message."""

    async def answer(_request: Request) -> JSONResponse:
        return JSONResponse({"ok": True})

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    async with serve(app) as base:
        # Again, since a uvicorn that was given a log configuration has replaced handlers and levels.
        logs.configure("DEBUG", "json", secrets=SECRETS, stream=out)
        async with httpx.AsyncClient(headers={"xi-api-key": "plain-key-value"}) as client:
            await client.get(
                f"{base}/v1/convai/conversations", params={"search": "Jane Doe", "user_id": PHONE}
            )
        slack = AsyncWebClient(token=BOT, base_url=f"{base}/api/")
        await slack.chat_postMessage(channel="C012", text="Jane Doe wants a refund")
        uvicorn.Config(app, log_config=None)
        logging.getLogger("uvicorn.error").info("serving")
    shown = out.getvalue()
    assert "serving" in shown
    for hidden in ("Jane", "plain-key-value", BOT, PHONE, "refund"):
        assert hidden not in shown


def test_levels_of_libraries_have_a_floor(out: io.StringIO) -> None:
    """A library that sets its own logger's level (bolt copies the root's) stays above its floor."""
    noisy = logging.getLogger("slack_bolt.AsyncApp")
    noisy.setLevel(logging.DEBUG)
    noisy.debug("payload: %s", "Jane Doe")
    noisy.info("running")
    logging.getLogger("bot.y").debug("ours")
    assert [line["message"] for line in parsed(out)] == ["running", "ours"]
    noisy.setLevel(logging.NOTSET)


def test_a_failed_statement_shows_no_values(out: io.StringIO) -> None:
    """The traceback of a database error carries the statement, not what was to be stored."""
    engine = sqlalchemy.create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("INSERT INTO nowhere VALUES (:x)"), {"x": NAME})
    except sqlalchemy.exc.OperationalError:
        logging.getLogger("bot.store").exception("could not store")
    finally:
        engine.dispose()
    [line] = parsed(out)
    assert "no such table" in str(line["exception"])
    assert "Jane" not in out.getvalue()


async def test_one_id_runs_through_every_line(out: io.StringIO) -> None:
    """Lines logged while a question is answered carry its id, in tasks and in threads; others do not."""
    log = structlog.get_logger("bot.answers")

    async def part(number: int) -> None:
        await asyncio.sleep(0)
        logging.getLogger("dbos").info("step %s", number)

    async def answer(question_id: str) -> None:
        with structlog.contextvars.bound_contextvars(question=question_id):
            log.info("asked")
            await asyncio.gather(part(1), asyncio.create_task(part(2)))
            await asyncio.to_thread(log.info, "stored")

    await asyncio.gather(answer("Q1"), answer("Q2"))
    log.info("idle")
    seen: dict[object, list[object]] = {}
    for line in parsed(out):
        seen.setdefault(line.get("question"), []).append(line["message"])
    assert {key: sorted(map(str, value)) for key, value in seen.items()} == {
        "Q1": ["asked", "step 1", "step 2", "stored"],
        "Q2": ["asked", "step 1", "step 2", "stored"],
        None: ["idle"],
    }


def test_console_lines_are_for_people() -> None:
    """The console style is one plain line with level, words and values, without colours in a file."""
    stream = io.StringIO()
    logs.configure("INFO", "console", stream=stream)
    structlog.get_logger("bot.app").info("listening", port=3000)
    structlog.get_logger("bot.app").debug("not shown")
    [line] = stream.getvalue().splitlines()
    assert "listening" in line
    assert "port=3000" in line
    assert "\x1b" not in line


def test_configuring_again_does_not_double_lines(out: io.StringIO) -> None:
    """A second configuration replaces the first; dbos, which would add a handler, finds one."""
    again = io.StringIO()
    logs.configure("INFO", "json", stream=again)
    logging.getLogger("dbos").info("once")
    logging.getLogger("uvicorn.error").info("once")
    assert out.getvalue() == ""
    assert len(again.getvalue().splitlines()) == 2


PROGRAM = """
import threading
from bot import logs
logs.configure("INFO", "json", secrets=["hunter2-hunter2"])
def fail():
    raise ValueError("hunter2-hunter2 called +14155550123")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


def test_uncaught_exceptions_are_redacted_too() -> None:
    """A program or thread that dies says why, without secrets, and exits with 1."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)  # noqa: S603
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 1
    assert [line["message"] for line in lines] == ["stopped by an unexpected error"] * 2
    assert all("ValueError" in line["exception"] for line in lines)
    # The source line of the traceback is the program's own text here; the message after it is not.
    assert all(line["exception"].endswith("ValueError: *** called ***") for line in lines)
