"""Limits on people: two files at once each; who waits sees behind how many, and can cancel."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.blocks import actions as act
from bot.demo.slack.sample import LENA, ME
from tests.answers.office import Office, office


def shown(desk: Office, words: str, user: str = ME) -> list[dict[str, Any]]:
    """Return the messages of a direct message that say something."""
    return [message for message in desk.messages(desk.dm(user)) if words in message["text"]]


async def test_the_third_file_waits_and_can_be_cancelled() -> None:
    """First lists come at once; the third file waits its turn; another person's does not wait behind it."""
    async with office(rows=200, latency=0.15) as desk:
        for number in (1, 2, 3):
            await desk.command(f"over {number} seconds")
        waiting = (await desk.seen(lambda: shown(desk, "waits behind 2")))[0]
        await desk.command("over 4 seconds", user=LENA)
        await desk.seen(lambda: shown(desk, "The CSV follows", LENA) or desk.files(desk.dm(LENA)))
        assert not shown(desk, "waits behind", LENA)
        await desk.press(waiting, act.CANCEL, channel=desk.dm())
        await desk.seen(lambda: shown(desk, "CSV cancelled"))
        await desk.seen(lambda: len(desk.files(desk.dm())) == 2)
        await desk.seen(lambda: len(desk.files(desk.dm(LENA))) == 1)
        await asyncio.sleep(0.3)
        assert len(desk.files(desk.dm())) == 2


async def test_who_waits_gets_the_file_in_the_end() -> None:
    """Six at once from one person: every one gets its list and its file."""
    async with office(rows=80, latency=0.05) as desk:
        await asyncio.gather(*(desk.command(f"over {number} seconds") for number in range(1, 7)))
        await desk.seen(lambda: len(desk.files(desk.dm())) == 6, patience=40)
