"""Who else can read it: a channel shared with another company gets no data, by no way."""

from __future__ import annotations

import io
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.answers.ports import Address, Posted, ReplyError, Upload
from bot.blocks import actions as act
from bot.demo.slack.sample import LENA, ME, PARTNER, PARTNERS, QUALITY, TEAM
from bot.demo.slack.shapes import Channel
from bot.model import Message
from bot.slack.delivery import SlackDelivery, SlackReply
from bot.slack.slack_api import web_client
from tests.answers.calls import modal
from tests.answers.office import Office, office
from tests.slack.posting import JSON, signed

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
    await desk.press(public, "csv", channel=QUALITY)
    await desk.press(public, "more", channel=QUALITY, pick="Refresh")
    words = "does not tell me who reads" if hidden else "another company"
    told = await desk.seen(lambda: [m for m in desk.whispers(QUALITY) if words in m["text"]][1:])
    assert "conv_" not in str(told)
    assert everything(desk, QUALITY) == before


def without(desk: Office, scope: str) -> None:
    """Take a scope from the app, so that Slack does not say what it is needed for."""
    desk.workspace.app.scopes = tuple(each for each in desk.workspace.app.scopes if each != scope)


@pytest.mark.parametrize(
    ("asked", "action"),
    [("help", act.RUN_EXAMPLE), ("for Support", act.CHOOSE_AGENT), (QUESTION, act.FILTERS)],
)
async def test_a_press_that_asks_is_answered_privately_where_slack_does_not_say_who_reads(
    desk: Office, asked: str, action: str
) -> None:
    """An example, an agent chosen and other filters: the presser alone gets the answer, and reads why."""
    desk.say(f"@conversations {asked}", channel=QUALITY)
    (offered,) = await desk.seen(
        lambda: [m for m in desk.messages(QUALITY) if action in str(m.get("blocks"))]
    )
    if action == act.FILTERS:
        offered = await desk.settled_list(QUALITY)
    without(desk, "channels:read")
    before = everything(desk, QUALITY)
    await desk.press(offered, action, channel=QUALITY)
    if action == act.FILTERS:
        view = await modal(desk, act.AGENT_MENU)
        assert (await desk.deliveries.submit(ME, view["id"], {})).ok
    listed = await desk.settled_list(desk.dm())
    assert "does not tell me who reads that channel" in str(listed["blocks"])
    assert everything(desk, QUALITY) == before


@pytest.mark.parametrize("said", [False, True], ids=["the event does not say", "the event says"])
async def test_a_mention_goes_by_its_event_where_slack_says_no_more(desk: Office, said: bool) -> None:
    """An event that says that the channel is not shared is enough; without it the answer is private."""
    without(desk, "channels:read")
    asked = desk.say("<!here> first", channel=QUALITY)
    inner = {**asked, "type": "app_mention", "channel": QUALITY, "text": QUESTION, "event_ts": asked["ts"]}
    body = {"type": "event_callback", "team_id": TEAM.id, "event_id": "Ev1", "event": inner}
    raw = json.dumps({**body, **({"is_ext_shared_channel": False} if said else {})}).encode()
    async with aiohttp.ClientSession(desk.base) as session:
        answer = await session.post("/slack/events", data=raw, headers=signed(raw, JSON, at=desk.clock()))
        assert answer.status == 200
    listed = await desk.settled_list(QUALITY if said else desk.dm())
    assert ("who reads that channel" in str(listed["blocks"])) is not said
    assert len(desk.files(QUALITY)) == said


@pytest.mark.parametrize("allowed", [True, False], ids=["with mpim:read", "without it"])
async def test_a_group_direct_message_is_answered_in(desk: Office, allowed: bool) -> None:
    """A mention by its event; presses under it need the scope by which Slack says who reads there."""
    bot = desk.workspace.app.bot_user_id
    group = Channel("C0GROUPDM01", "mpdm-mara--lena-1", "mpim", {ME, LENA, bot})
    desk.workspace.channels[group.id] = group
    if not allowed:
        without(desk, "mpim:read")
    desk.say(f"@conversations {QUESTION}", channel=group.id)
    listed = await desk.settled_list(group.id)
    before = len(desk.calls("chat.update"))
    await desk.press(listed, act.MORE, channel=group.id, pick="Refresh")
    if allowed:
        await desk.seen(lambda: len(desk.calls("chat.update")) > before)
    else:
        await desk.seen(lambda: [m for m in desk.whispers(group.id) if "who reads" in m["text"]])


async def test_a_private_answer_keeps_out_of_channels(desk: Office) -> None:
    """Even told to, the delivery of a private answer neither changes a channel's message nor files there."""
    async with aiohttp.ClientSession() as session:
        client = web_client(desk.workspace.app.bot_token, f"{desk.base}/slack-api/", session)
        address = Address(team_id=TEAM.id, user_id=ME, channel_id=QUALITY, private=True)
        reply = SlackReply(SlackDelivery(client, session, time.time), address)
        there = Posted(channel_id=QUALITY, ts="1.2")
        filed = await reply.file(there, Upload(content=io.BytesIO(b"rows"), filename="a.csv", title="a"))
        assert filed.channel_id == desk.dm()
        with pytest.raises(ReplyError, match="not_private"):
            await reply.update(there, Message(text="rows"))
    assert desk.files(QUALITY) == []


async def test_a_mention_in_a_shared_channel_leaves_no_trace_there(desk: Office) -> None:
    """List, file and further pages are in the member's direct message."""
    desk.say(f"@conversations {QUESTION}", channel=PARTNERS)
    listed = await desk.settled_list(desk.dm())
    older: dict[str, Any] = listed
    await desk.press(older, "csv", channel=desk.dm())
    await desk.seen(lambda: [m for m in desk.whispers(desk.dm()) if "there already" in m["text"]])
    assert desk.messages(PARTNERS) == []
    assert desk.files(PARTNERS) == []


async def test_what_is_no_list_says_too_that_it_was_answered_elsewhere(desk: Office) -> None:
    """Help, asked for by mention where another company reads, is in the direct message, and that is said."""
    desk.say("@conversations help", channel=PARTNERS)
    await desk.seen(lambda: desk.messages(desk.dm()))
    await desk.seen(lambda: [m for m in desk.whispers(PARTNERS) if "I answered in" in m["text"]])
    assert desk.messages(PARTNERS) == []
