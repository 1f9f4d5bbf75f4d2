"""`bot run --http` as a process: clients that dawdle, routes that are not there, a log that tells nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time

import aiohttp
import pytest

from bot.demo.elevenlabs import Record
from bot.demo.slack.sample import LENA
from tests.slack.posting import command, signed
from tests.test_running import Outside, outside

__all__ = ["outside"]

DEMO = ("/", "/demo/state", "/slack-api/auth.test", "/elevenlabs/v1/convai/agents", "/page/main.js", "/docs")


async def dawdle(port: int, head: bytes, drop: bytes) -> tuple[float, bytes]:
    """Send a head, then a byte a second; return when and how the server ended it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    writer.write(head)
    answer = asyncio.create_task(reader.read())
    try:
        while not answer.done() and time.monotonic() - began < 20:
            writer.write(drop)
            await asyncio.sleep(1)
    except ConnectionError:
        pass
    data = b""
    with contextlib.suppress(ConnectionError):  # what was dropped in after the end is answered with a reset
        data = await asyncio.wait_for(answer, 5)
    writer.close()
    return time.monotonic() - began, data


async def test_dawdlers_are_shown_out_and_nothing_else_is_served(outside: Outside) -> None:
    """A body or a head that trickles ends after five seconds; no route of the demo is there; few headers."""
    async with outside.bot("--http") as process:
        await outside.listening()
        body = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
        slow_body = asyncio.create_task(dawdle(outside.port, body, b"a"))
        slow_head = asyncio.create_task(dawdle(outside.port, b"POST /slack/events HTTP/1.1\r\nX: ", b"a"))
        async with aiohttp.ClientSession(f"http://127.0.0.1:{outside.port}") as web:
            for path in DEMO:
                async with web.get(path, allow_redirects=False) as answer:
                    assert answer.status == 404, path
            async with web.post("/slack/events/", data=b"", allow_redirects=False) as answer:
                assert answer.status == 404
            secrets = [
                value for name, value in outside.environment.items() if "TOKEN" in name or "KEY" in name
            ]
            secrets += [outside.environment["SLACK_SIGNING_SECRET"], outside.environment["DATABASE_URL"]]
            for path in ("/healthz", "/readyz", "/metrics"):
                async with web.get(path) as answer:
                    assert set(answer.headers) <= {"Content-Type", "Content-Length", "Date"}
                    shown = await answer.text()
                    assert not [secret for secret in secrets if secret in shown]
            junk = b"{" * 2000
            async with web.post("/slack/events", data=junk, headers=signed(junk)) as answer:
                assert answer.status == 400
                assert set(answer.headers) <= {"Content-Type", "Content-Length", "Date", "Connection"}
        for seconds, data in await asyncio.gather(slow_body, slow_head):
            assert 4 < seconds < 9
            assert data == b"" or data.startswith(b"HTTP/1.1 408 ")
        process.terminate()
        _, log = await asyncio.wait_for(process.communicate(), 25)
        assert b"Traceback" not in log


PHONE_NUMBER = re.compile(r"\+\d{7,}")


def private_texts(record: Record) -> list[str]:
    """Return what of a conversation must not be in a log."""
    title, summary = record.row.call_summary_title, record.row.transcript_summary
    texts = [text for text in (title, summary) if isinstance(text, str) and len(text) > 8]
    return texts + ([record.phone.external_number, record.phone.agent_number] if record.phone else [])


async def test_a_log_at_debug_tells_no_secret(outside: Outside) -> None:
    """Through answers and errors at LOG_LEVEL=DEBUG: no token, number, title, summary or spoken word."""
    desk = outside.desk
    call = next(record for record in desk.dataset if record.phone is not None and record.row.status == "done")
    conversation_id = call.row.conversation_id
    async with outside.bot("--http", LOG_LEVEL="DEBUG") as process:
        await outside.listening()
        await desk.command("since 30 days ago")
        await desk.settled_list(desk.dm())
        desk.say(conversation_id, channel=desk.dm(LENA), user=LENA)
        opened = (await desk.seen(lambda: desk.messages(desk.dm(LENA))))[0]
        await desk.press(opened, "transcript_file", channel=desk.dm(LENA), user=LENA)
        await desk.press(opened, "call_api", channel=desk.dm(LENA), user=LENA)
        await desk.seen(lambda: desk.files(desk.dm(LENA)))
        desk.say('user:+4915112341234 about "my card 4111 1111"', channel=desk.dm(LENA), user=LENA)
        desk.say("faild sinze +4915112341234", channel=desk.dm(LENA), user=LENA)
        desk.samples.state.faults.rate = 1.0
        desk.samples.state.faults.kinds = ("403",)
        desk.say("for Nobody +4915112341234 since yesterday", channel=desk.dm(LENA), user=LENA)
        body = command(text="token xoxb-1-2-3 +4915112341234")
        async with aiohttp.ClientSession() as web:
            url = f"http://127.0.0.1:{outside.port}/slack/events"
            await web.post(url, data=body, headers=signed(body, secret="wrong"))
            await web.post(url, data=body, headers=signed(body))
        await asyncio.sleep(1.5)
        process.terminate()
        _, raw = await asyncio.wait_for(process.communicate(), 25)
    log = raw.decode()
    assert '"message": "export"' in log
    assert '"message": "transcript"' in log
    secrets = [value for name, value in outside.environment.items() if "TOKEN" in name or "KEY" in name]
    secrets += [outside.environment["SLACK_SIGNING_SECRET"], "xoxb-1-2-3", "4915112341234", "4111 1111"]
    stored = desk.workspace.files.get(desk.files(desk.dm(LENA))[0]["id"])
    spoken = (
        [
            line
            for line in (stored.content or b"").decode().splitlines()
            if len(line) > 25 and "conv_" not in line
        ]
        if stored
        else []
    )
    assert spoken
    secrets += [text for record in desk.dataset for text in private_texts(record)]
    assert [
        secret for secret in [*secrets, *(line.split(":", 2)[-1].strip() for line in spoken)] if secret in log
    ] == []
    assert PHONE_NUMBER.search(log) is None
    for line in log.splitlines():
        json.loads(line)


@pytest.mark.parametrize("masked", [True, False], ids=["masked", "unmasked by setting"])
async def test_numbers_are_masked_wherever_they_could_be(outside: Outside, masked: bool) -> None:
    """Message, modal, CSV, transcript and file names: masked by default, whole when the setting says so."""
    desk = outside.desk
    async with outside.bot("--http", MASK_PHONE_NUMBERS=str(masked).lower()):
        await outside.listening()
        call = next(r for r in desk.dataset if r.phone is not None and r.row.status == "done")
        assert call.phone is not None
        await desk.command("since 60 days ago")
        await desk.settled_list(desk.dm())
        rows = desk.rows(desk.files(desk.dm())[0])
        desk.say(call.row.conversation_id, channel=desk.dm(LENA), user=LENA)
        opened = (await desk.seen(lambda: desk.messages(desk.dm(LENA))))[0]
        await desk.press(opened, "transcript_file", channel=desk.dm(LENA), user=LENA)
        file = (await desk.seen(lambda: desk.files(desk.dm(LENA))))[0]
        stored = desk.workspace.files.get(file["id"])
        assert stored is not None
        seen = [str(rows), str(opened), str(file), (stored.content or b"").decode()]
        numbers = {r.phone.external_number for r in desk.dataset if r.phone is not None}
        numbers |= {r.phone.agent_number for r in desk.dataset if r.phone is not None}
        shown = {number for number in numbers for text in seen if number in text}
        assert bool(shown) is not masked
        assert any("•" in row["external_number"] for row in rows) is masked
