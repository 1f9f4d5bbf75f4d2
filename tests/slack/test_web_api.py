"""Calls of Slack's Web API when what answers is slow, or is not Slack: a proxy's page opens nothing."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.answers.error_messages import words_for
from bot.answers.ports import Address, ReplyError
from bot.app import assemble
from bot.demo.slack.sample import ME, QUALITY, TEAM
from bot.model import Message
from bot.settings import Mode, Settings
from bot.slack.delivery import SlackDelivery, SlackReply
from bot.slack.slack_api import CALL_SECS, call, slack_session, web_client
from bot.slack.slack_people import Identity, SlackPeople
from tests.serving import serve

ADDRESS = Address(team_id=TEAM.id, user_id=ME, channel_id=QUALITY, private=False)
PAGE = PlainTextResponse("<html>not found</html>", status_code=404, media_type="text/html")
NO_METHOD = JSONResponse({"ok": False, "error": "unknown_method"})
EMPTY = JSONResponse({"ok": True})


class EveryHostIsHere(AbstractResolver):
    """Looks up any name as this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return this machine."""
        here = {"hostname": host, "host": "127.0.0.1", "port": port, "family": family}
        return [ResolveResult(**here, proto=0, flags=socket.AI_NUMERICHOST)]  # type: ignore[typeddict-item]

    async def close(self) -> None:
        """Do nothing."""


@contextlib.asynccontextmanager
async def people(host: str, answer: Response) -> AsyncIterator[SlackPeople]:
    """Ask about people at a host whose every method but auth.test gets one answer."""

    async def endpoint(request: Request) -> Response:
        if request.path_params["method"] == "auth.test":
            return JSONResponse({"ok": True, "team_id": TEAM.id, "user_id": "UB"})
        return answer

    app = Starlette(routes=[Route("/api/{method}", endpoint, methods=["GET", "POST"])])
    connector = aiohttp.TCPConnector(resolver=EveryHostIsHere())
    async with serve(app) as base, aiohttp.ClientSession(connector=connector) as session:
        client = web_client("xoxb-1", f"http://{host}:{base.rpartition(':')[2]}/api/", session)
        nobody: frozenset[str] = frozenset()
        yield SlackPeople(
            client, Identity(client), allowed_users=nobody, allowed_channels=nobody, clock=time.time
        )


@pytest.mark.parametrize("answer", [PAGE, NO_METHOD, EMPTY], ids=["page", "code", "nothing"])
async def test_what_is_no_answer_of_slacks_lets_nobody_in(answer: Response) -> None:
    """At Slack's own address a proxy's 404 says nothing about a person or a channel: the answer is no."""
    async with people("slack.com", answer) as door:
        asker, audience = await asyncio.gather(
            door.asker(ADDRESS), door.audience(ADDRESS), return_exceptions=True
        )
        assert isinstance(asker, ReplyError)
        assert audience == asker.code == "slack_failed"


@pytest.mark.parametrize("answer", [PAGE, NO_METHOD, EMPTY], ids=["page", "code", "nothing"])
async def test_a_stand_in_need_not_know_people_or_channels(answer: Response) -> None:
    """At another address it is a stand-in that has no such method: what it does not know is allowed."""
    async with people("slack.test", answer) as door:
        assert (await door.asker(ADDRESS)).refused is None
        assert await door.audience(ADDRESS) is None


async def silent(_request: Request) -> Response:
    """Answer after three seconds."""
    await asyncio.sleep(3)
    return JSONResponse({"ok": True})


async def test_slack_is_not_waited_for_without_end(tmp_path: Path) -> None:
    """A call ends after the session's time, which is half a minute in the bot that runs."""
    app = Starlette(routes=[Route("/api/{method}", silent, methods=["POST"])])
    async with serve(app) as base, slack_session(0.2) as session:
        with pytest.raises(ReplyError, match="slack_unreachable"):
            await call(web_client("xoxb-1", f"{base}/api/", session).auth_test)
    settings = Settings.load(Mode.DEMO, {"DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}"})
    async with assemble(settings, answering=False) as bot:
        assert bot.client.session is not None
        assert bot.client.session.timeout.total == CALL_SECS


async def test_a_response_url_that_is_silent_is_left() -> None:
    """What is shown on the spot goes another way when Slack's address for it does not answer in time."""
    asked: list[str] = []

    async def ephemeral(request: Request) -> Response:
        asked.append(request.path_params["method"])
        return JSONResponse({"ok": True})

    routes = [
        Route("/hook", silent, methods=["POST"]),
        Route("/api/{method}", ephemeral, methods=["POST"]),
    ]
    async with serve(Starlette(routes=routes)) as base, slack_session() as session:
        client = web_client("xoxb-1", f"{base}/api/", session)
        address = Address(
            team_id=TEAM.id, user_id=ME, channel_id=QUALITY, private=True, response_url=f"{base}/hook"
        )
        delivery = SlackDelivery(client, session, time.time, respond_secs=0.2)
        assert await SlackReply(delivery, address).glance(Message(text="here"))
    assert asked == ["chat.postEphemeral"]


async def test_an_org_wide_install_is_said_not_to_be_supported() -> None:
    """Nobody is called a stranger because the app was installed for a whole organization."""

    async def endpoint(request: Request) -> Response:
        if request.path_params["method"] == "auth.test":
            return JSONResponse(
                {"ok": True, "team_id": None, "enterprise_id": "E1", "is_enterprise_install": True}
            )
        return JSONResponse({"ok": True, "user": {"id": ME, "team_id": TEAM.id}})

    nobody: frozenset[str] = frozenset()
    app = Starlette(routes=[Route("/api/{method}", endpoint, methods=["GET", "POST"])])
    async with serve(app) as base, aiohttp.ClientSession() as session:
        client = web_client("xoxb-1", f"{base}/api/", session)
        door = SlackPeople(
            client, Identity(client), allowed_users=nobody, allowed_channels=nobody, clock=time.time
        )
        refused = str((await door.asker(ADDRESS)).refused)
    assert "installed for a whole organization, which is not supported" in refused


@pytest.mark.parametrize("messages", [["invalid trigger_id [json-pointer:/trigger_id]"], ["other"]])
async def test_a_trigger_that_slack_forgot_is_an_expired_one(messages: list[str]) -> None:
    """Slack may answer invalid_arguments for a trigger that is too old: its message says what it is about."""
    said = {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": messages}}

    async def endpoint(_request: Request) -> Response:
        return JSONResponse(said)

    app = Starlette(routes=[Route("/api/{method}", endpoint, methods=["GET", "POST"])])
    async with serve(app) as base, aiohttp.ClientSession() as session:
        client = web_client("xoxb-1", f"{base}/api/", session)
        with pytest.raises(ReplyError) as refused:
            await call(client.views_open, trigger_id="1.2.3", view={"type": "modal"})
    expected = "invalid_arguments" if messages == ["other"] else "expired_trigger_id"
    assert refused.value.code == expected


def test_a_file_for_a_direct_message_advises_no_invitation() -> None:
    """A direct message cannot be joined: /invite helps only in a channel."""
    for method in ("files.completeUploadExternal", "conversations.open"):
        assert "/invite" not in words_for(ReplyError("channel_not_found", method)).next_step
    assert "/invite" in words_for(ReplyError("channel_not_found", "chat.postMessage")).next_step
