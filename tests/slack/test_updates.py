"""Turns of updating messages: progress keeps to Slack's rate, what must be seen gets through."""

from __future__ import annotations

import asyncio

import pytest

from bot.answers.ports import ReplyError
from bot.slack.slack_api import PER_MINUTE, Send, Updates


class Slack:
    """Takes updates, and refuses as many as it is told to; keeps what it took."""

    def __init__(self) -> None:
        self.now = 0.0
        self.refuses = 0
        self.took: list[str] = []

    def clock(self) -> float:
        """Return the time."""
        return self.now

    async def take(self, name: str) -> None:
        """Take one update."""
        if self.refuses:
            self.refuses -= 1
            raise ReplyError("ratelimited", "chat.update", retry_after=0.2)
        self.took.append(name)


async def shown(updates: Updates, message: str, send: Send) -> bool:
    """Show progress if it is the message's turn; whether it was shown."""
    return updates.take_turn(message) and await updates.progress(send)


async def test_progress_keeps_to_the_rate_and_every_message_gets_its_turn() -> None:
    """Twenty files that have news at the same moments for ten minutes: none is left out for long."""
    slack = Slack()
    updates = Updates(slack.clock)
    names = [f"file {number}" for number in range(20)]
    for _ in range(400):
        for name in names:
            await shown(updates, name, lambda name=name: slack.take(name))  # type: ignore[misc]
        slack.now += 1.5
    assert len(slack.took) <= PER_MINUTE * 10 + 8
    counts = [slack.took.count(name) for name in names]
    assert min(counts) >= PER_MINUTE * 10 / len(names) * 0.9
    assert max(counts) - min(counts) <= 1


async def test_processes_share_the_rate() -> None:
    """Each of four takes a quarter."""
    slack = Slack()
    updates = Updates(slack.clock)
    updates.among(4)
    for _ in range(400):
        await shown(updates, "file", lambda: slack.take("file"))
        slack.now += 1.5
    assert len(slack.took) == pytest.approx(PER_MINUTE * 10 / 4, abs=8)


async def test_what_must_be_seen_goes_at_once_and_progress_stands_back() -> None:
    """Ten ends in a moment are all sent; progress waits until that is made up for."""
    slack = Slack()
    updates = Updates(slack.clock)
    await asyncio.gather(*(updates.needed(lambda: slack.take("end")) for _ in range(10)))
    assert slack.took == ["end"] * 10
    assert not await shown(updates, "file", lambda: slack.take("progress"))
    slack.now += 15
    assert await shown(updates, "file", lambda: slack.take("progress"))


async def test_after_a_refusal_ends_come_through_in_their_order_and_progress_is_left_out() -> None:
    """Slack's Retry-After holds for all; what was refused is sent again, progress never is."""
    slack = Slack()
    updates = Updates()
    slack.refuses = 3
    ends = [asyncio.create_task(updates.needed(lambda: slack.take("first")))]
    await asyncio.sleep(0)
    assert not await shown(updates, "file", lambda: slack.take("progress"))
    await asyncio.gather(*ends)
    assert slack.took == ["first"]
    assert not await shown(updates, "file", lambda: slack.take("progress"))


async def test_what_slack_refuses_for_good_is_raised() -> None:
    """A message that is gone is told as such, by either way."""
    updates = Updates()

    async def gone() -> None:
        raise ReplyError("message_not_found", "chat.update")

    with pytest.raises(ReplyError, match="message_not_found"):
        await updates.needed(gone)
    with pytest.raises(ReplyError, match="message_not_found"):
        await shown(updates, "file", gone)


async def test_nobody_waits_longer_than_minutes_for_a_refusal_of_anothers() -> None:
    """Slack wants an hour: who was refused and who stands in line are told at once."""
    updates = Updates()

    async def refuse() -> None:
        raise ReplyError("ratelimited", "chat.update", retry_after=3600)

    async with asyncio.timeout(5):
        ends = [asyncio.create_task(updates.needed(refuse)) for _ in range(3)]
        found = await asyncio.gather(*ends, return_exceptions=True)
        with pytest.raises(ReplyError, match="ratelimited"):
            await updates.needed(refuse)
    assert [getattr(error, "code", None) for error in found] == ["ratelimited"] * 3
