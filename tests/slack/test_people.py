"""Who somebody is, as far as Slack says: asked once in five minutes, and no when it does not say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from starlette.applications import Starlette

from bot.answers.ports import Address
from bot.demo.slack import Deliveries, Fault, StandIn, Workspace, sample_workspace
from bot.demo.slack.sample import LENA, ME, OMAR, QUALITY, SUPPORT, TEAM
from bot.slack.slack_api import web_client
from bot.slack.slack_people import Identity, SlackPeople
from tests.serving import serve

GROUP = "S0QUALITY01"


@dataclass
class Door:
    """People at the door, on a clock that moves when told."""

    space: Workspace
    people: SlackPeople
    now: list[float] = field(default_factory=lambda: [0.0])

    async def refused(self, user: str, channel: str = QUALITY) -> str | None:
        """Return why somebody may not ask."""
        address = Address(team_id=TEAM.id, user_id=user, channel_id=channel)
        return (await self.people.asker(address)).refused


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """Let in two people: one by name, one by group; in one channel."""
    space, now = sample_workspace(), [0.0]
    space.usergroups[GROUP] = (LENA,)
    stand_in = StandIn(space, Deliveries(space))
    async with serve(Starlette(routes=stand_in.routes())) as base, aiohttp.ClientSession() as session:
        client = web_client(space.app.bot_token, f"{base}/slack-api/", session)
        people = SlackPeople(
            client,
            Identity(client),
            allowed_users=frozenset({ME, GROUP}),
            allowed_channels=frozenset({QUALITY}),
            clock=lambda: now[0],
        )
        yield Door(space, people, now)
        await stand_in.aclose()


async def test_lists_are_remembered_for_minutes_and_then_asked_again(door: Door) -> None:
    """Who leaves a group is out, and who joins is in, after five minutes; a group that is gone is empty."""
    assert await door.refused(LENA) is None
    assert "ALLOWED_USERS" in str(await door.refused(OMAR))
    door.space.usergroups[GROUP] = (OMAR,)
    assert await door.refused(LENA) is None
    door.now[0] += 301
    assert "ALLOWED_USERS" in str(await door.refused(LENA))
    assert await door.refused(OMAR) is None
    del door.space.usergroups[GROUP]
    door.now[0] += 301
    assert "ALLOWED_USERS" in str(await door.refused(OMAR))
    assert await door.refused(ME) is None


async def test_only_listed_channels_are_answered_in_and_direct_messages(door: Door) -> None:
    """Elsewhere the person reads where they can ask."""
    assert "direct message" in str(await door.refused(ME, SUPPORT))
    assert await door.refused(ME, "D0ANYTHING1") is None
    assert await door.refused(ME, "") is None  # a modal, or Home


async def test_a_member_is_found_on_any_page_and_who_is_none_is_not(door: Door) -> None:
    """A channel of thousands is read to its end; where Slack does not say who is in it, nobody is."""
    address = Address(team_id=TEAM.id, user_id=ME, channel_id=SUPPORT, private=False)
    channel = door.space.channels[SUPPORT]
    channel.members |= {f"U{number:010}" for number in range(2_500)}
    assert await door.people.barred(address) is None
    channel.members.discard(ME)
    assert await door.people.barred(address) == "asker_not_in_channel"
    channel.members.add(ME)
    door.space.faults.add(Fault("error", frozenset({"conversations.members"}), error="missing_scope"))
    assert await door.people.barred(address) == "missing_scope"


async def test_whom_slack_does_not_know_is_a_stranger(door: Door) -> None:
    """Strangers that Slack does not show us are refused in the same words."""
    assert "members of the workspace" in str(await door.refused("U0NEVERSEEN"))


async def test_who_has_left_is_noticed(door: Door) -> None:
    """A deactivated person is refused after five minutes."""
    assert await door.refused(ME) is None
    door.space.users[ME].deleted = True
    door.now[0] += 301
    assert await door.refused(ME) is not None


async def test_mentions_are_known_by_name(door: Door) -> None:
    """People, channels and groups; nothing of what Slack does not show."""
    known, strange = (f"@{LENA}", f"#{QUALITY}", f"!subteam^{GROUP}"), ("@U0NOBODY001", "#C0NOWHERE01")
    names = [await door.people.name_of(each) for each in known]
    assert names == ["lena", "quality-review", GROUP.lower()]
    assert [await door.people.name_of(each) for each in strange] == [None, None]
