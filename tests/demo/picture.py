"""Draw the README's picture anew: `python -m tests.demo.picture [FILE]` (needs Chromium; nicest with Lato).

It is the first sight of the demo: people talk in a channel, and the real bot has answered in its thread.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Page, async_playwright, expect

from bot.demo.demo_server import Life
from bot.demo.slack import Workspace, sample_workspace
from bot.demo.slack.sample import QUALITY, installed_app
from tests.answers.office import office
from tests.demo.conftest import ARGUMENTS, find_chromium

TARGET = Path(__file__).parent.parent.parent / "docs" / "demo.png"
SIZE = (1690, 1240)
THREAD = 1020
"""Pixels of the thread: as many as the whole table needs."""
ZONES = ("Europe/Amsterdam", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "Asia/Kolkata")
WORKING_HOUR = 11


def working_zone() -> str:
    """Return where people are at work just now: nobody asks at night."""
    return min(ZONES, key=lambda zone: abs(datetime.now(ZoneInfo(zone)).hour - WORKING_HOUR))


def workspace(base: str) -> Workspace:
    return sample_workspace(base_url=base, tz=working_zone(), app=installed_app())


async def draw(target: Path) -> None:
    """Let the workspace live until the bot has answered, and take the page's picture."""
    async with (
        office(rows=5000, workspace=workspace, clock=time.time) as desk,
        async_playwright() as playwright,
    ):
        life = Life(desk.deliveries, desk.dataset, time.time, random.Random(1))  # noqa: S311 - a show
        life.remember()
        going_on = asyncio.create_task(life.go_on())
        await desk.seen(lambda: desk.files(QUALITY))
        browser = await playwright.chromium.launch(executable_path=find_chromium(playwright), args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, color_scheme="light")
        await page.goto(desk.base)
        await settle(page)
        await page.screenshot(path=target)
        await browser.close()
        going_on.cancel()


async def settle(page: Page) -> None:
    """Wait until the answer and its file are drawn, and give them the room they need."""
    await page.evaluate(f"document.documentElement.style.setProperty('--thread', '{THREAD}px')")
    await expect(page.locator(".thread .csv-table tbody tr").first).to_be_visible()
    await page.get_by_role("button", name="Dismiss").click()
    await page.mouse.move(5, 5)
    await page.evaluate("document.activeElement.blur()")
    await page.wait_for_timeout(1500)


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    chosen.parent.mkdir(exist_ok=True)
    asyncio.run(draw(chosen))
