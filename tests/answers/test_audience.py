"""Who else can read it: a channel shared with another company gets no data, by no way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.answers.reply import Address, Posted, ReplyError
from bot.demo.slack.sample import LENA, ME, PARTNER, PARTNERS, QUALITY, TEAM
from bot.model import Message
from bot.slack.delivery import Delivery
from bot.slack.web_api import web_client
from tests.answers.office import Office, office

QUESTION = "since 60 days ago"


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 120 sample conversations."""
    async with office(rows=120) as opened:
        yield opened


def everything(desk: Office, channel: str) -> str:
    """Return what stands in a channel, for all."""
    return json.dumps(desk.messages(channel))


@pytest.mark.parametrize("hidden", [False, True], ids=["Slack says so", "Slack does not say"])
async def test_a_channel_that_became_shared_gets_no_more_data(desk: Office, hidden: bool) -> None:
    """Buttons under an earlier answer post and change nothing there any more; the presser is told why."""
    desk.say(f"@conversations {QUESTION}", channel=QUALITY)
    public = await desk.settled_list(QUALITY)
    if hidden:
        desk.workspace.app.scopes = tuple(s for s in desk.workspace.app.scopes if s != "channels:read")
    else:
        desk.workspace.channels[QUALITY].other_teams = (PARTNER.id,)
    before = everything(desk, QUALITY)
    for action in ("csv", "older"):
        await desk.press(public, action, channel=QUALITY, user=LENA)
    await desk.press(public, "more", channel=QUALITY, user=LENA, pick="Refresh")
    words = "does not tell me who reads" if hidden else "another company"
    told = await desk.seen(lambda: [m for m in desk.whispers(QUALITY, LENA) if words in m["text"]][2:])
    assert "conv_" not in str(told)
    assert everything(desk, QUALITY) == before


async def test_a_private_answer_keeps_out_of_channels(desk: Office) -> None:
    """Even told to, the delivery of a private answer neither changes a channel's message nor files there."""
    async with aiohttp.ClientSession() as session:
        client = web_client(desk.workspace.app.bot_token, f"{desk.base}/slack-api/", session)
        address = Address(team_id=TEAM.id, user_id=ME, channel_id=QUALITY, private=True)
        reply = Delivery(client, session).to(address)
        there = Posted(channel_id=QUALITY, ts="1.2")
        filed = await reply.file(there, b"rows", filename="a.csv", title="a")
        assert filed.channel_id == desk.dm()

        async def chunks() -> AsyncIterator[bytes]:
            yield b"rows"

        streamed = await reply.stream_file(there, chunks(), length=4, filename="a.mp3", title="a")
        assert streamed.channel_id == desk.dm()
        with pytest.raises(ReplyError, match="not_private"):
            await reply.update(there, Message(text="rows"))
    assert desk.files(QUALITY) == []


async def test_a_mention_in_a_shared_channel_leaves_no_trace_there(desk: Office) -> None:
    """List, file and further pages are in the member's direct message."""
    desk.say(f"@conversations {QUESTION}", channel=PARTNERS)
    listed = await desk.settled_list(desk.dm())
    older: dict[str, Any] = listed
    await desk.press(older, "csv", channel=desk.dm())
    await desk.seen(lambda: len(desk.files(desk.dm())) == 2)
    assert desk.messages(PARTNERS) == []
    assert desk.files(PARTNERS) == []
