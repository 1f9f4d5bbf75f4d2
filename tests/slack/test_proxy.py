"""Every request to Slack and ElevenLabs leaves through the proxy that the environment names."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.demo.slack import Workspace, sample_workspace
from bot.demo.slack.sample import installed_app
from bot.proxy import proxy_for
from bot.settings import Settings
from tests.answers.office import office

FAR = b"far.example"


@contextlib.asynccontextmanager
async def recording_proxy() -> AsyncIterator[tuple[str, list[str]]]:
    """Pass plain HTTP requests on; give its address and the list of what it passed on."""
    passed: list[str] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            writer.close()
            return
        method, address, rest = head.split(b" ", 2)
        host, path = address.removeprefix(b"http://").split(b"/", 1)
        host = host.replace(FAR, b"127.0.0.1")
        rest = rest.replace(FAR, b"127.0.0.1", 1)
        passed.append(f"{method.decode()} /{path.decode()}")
        name, _, port = host.decode().partition(":")
        there, back = await asyncio.open_connection(name, int(port))
        # One request a connection: the next one may be for another host.
        lines = [line for line in rest.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        back.write(b" ".join((method, b"/" + path, lines[0])) + b"\r\nConnection: close\r\n")
        back.write(b"\r\n".join(lines[1:]))
        await asyncio.gather(pump(reader, back), pump(there, writer))

    server = await asyncio.start_server(taken, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", passed
    finally:
        server.close()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Return an environment that names no proxy."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def far(settings: Settings) -> Settings:
    """Let the stand-ins be at a host that only the proxy knows: nothing on this machine goes through one."""
    here, there = "127.0.0.1", FAR.decode()
    return replace(
        settings,
        slack_api_url=settings.slack_api_url.replace(here, there),
        elevenlabs_base_url=settings.elevenlabs_base_url.replace(here, there),
    )


def far_workspace(base: str) -> Workspace:
    """Return a workspace whose addresses for uploads and answers are there, too."""
    return sample_workspace(base_url=base.replace("127.0.0.1", FAR.decode()), app=installed_app())


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
async def test_the_bytes_of_a_file_go_through_it_too(variable: str, environment: pytest.MonkeyPatch) -> None:
    """A question is answered with its file, and each kind of request went through the proxy."""
    async with recording_proxy() as (address, passed):
        environment.setenv(variable, address)
        async with office(rows=60, change=far, workspace=far_workspace) as desk:
            await desk.command("last 60 days")
            await desk.settled_list(desk.dm())
            (file,) = await desk.seen(lambda: desk.files(desk.dm()))
    assert file["name"].endswith(".csv")
    wanted = ("chat.postMessage", "files.completeUploadExternal", "/slack-upload", "/v1/convai/conversations")
    for part in wanted:
        assert any(part in line for line in passed), (part, passed)


def test_who_needs_no_proxy_is_reached_directly(environment: pytest.MonkeyPatch) -> None:
    """NO_PROXY counts for Slack as for everybody; a websocket goes the way of https."""
    environment.setenv("HTTPS_PROXY", "proxy.example:3128")
    environment.setenv("NO_PROXY", "localhost,.internal.example")
    assert proxy_for("https://slack.com/api/") == "http://proxy.example:3128"
    assert proxy_for("wss://wss-primary.slack.com/link") == "http://proxy.example:3128"
    assert proxy_for("https://slack.internal.example/api/") is None
    assert proxy_for("http://slack.com/api/") is None
    environment.setenv("ALL_PROXY", "socks5://proxy.example:1080")
    for here in ("http://127.0.0.1:3000/", "http://localhost:3000/", "ws://[::1]:3000/link"):
        assert proxy_for(here) is None
    assert proxy_for("http://slack.com/api/") == "socks5://proxy.example:1080"
