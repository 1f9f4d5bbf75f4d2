"""Draw the README's picture anew: `python -m tests.demo.picture [FILE]` (needs Chromium; nicest with Lato).

The real bot answers in the demo page: a question in a channel, and in its thread the list and the CSV.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Page, async_playwright, expect

from bot.demo.slack import Workspace, sample_workspace
from bot.demo.slack.sample import LENA, OMAR, QUALITY, installed_app
from tests.answers.office import Office, office
from tests.demo.conftest import ARGUMENTS, find_chromium

TARGET = Path(__file__).parent.parent.parent / "docs" / "demo.png"
SIZE = (1690, 1190)
THREAD = 1020
"""Pixels of the thread: as many as the whole table needs."""
ZONES = ("Europe/Amsterdam", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "Asia/Kolkata")
WORKING_HOUR = 11
TALK = (
    (LENA, "Three customers wrote that our agent gave up on them this week. Which calls were those?"),
    (OMAR, "I can look at the recordings if somebody has the call ids."),
)
QUESTION = "@conversations failed calls since monday"


def working_zone() -> str:
    """Return where people are at work just now: nobody asks at night."""
    return min(ZONES, key=lambda zone: abs(datetime.now(ZoneInfo(zone)).hour - WORKING_HOUR))


def workspace(base: str) -> Workspace:
    """Return the demo's workspace, where it is day."""
    return sample_workspace(base_url=base, tz=working_zone(), app=installed_app())


async def draw(target: Path) -> None:
    """Ask in the demo page and take its picture."""
    async with office(rows=5000, workspace=workspace) as desk, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(playwright), args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, color_scheme="light")
        kept = {"thread width": str(THREAD), "welcome seen": "yes", "formatting": "hidden"}
        await page.add_init_script(f"Object.assign(localStorage, {json.dumps(kept)})")
        await ask(desk, page)
        await page.screenshot(path=target)
        await browser.close()


async def ask(desk: Office, page: Page) -> None:
    """Let people talk and ask, and bring the answer into view."""
    await page.goto(f"{desk.base}/#/{QUALITY}")
    for user, text in TALK:
        desk.say(text, channel=QUALITY, user=user)
    asked = desk.say(QUESTION, channel=QUALITY)
    await desk.settled_list(QUALITY)
    await page.goto(f"{desk.base}/#/{QUALITY}/thread/{asked['ts']}")
    await expect(page.locator(".thread .csv-table tbody tr").first).to_be_visible()
    await expect(page.locator(".thread .block-table tbody tr")).to_have_count(10)
    await page.evaluate("document.activeElement.blur()")
    await page.wait_for_timeout(1500)


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    chosen.parent.mkdir(exist_ok=True)
    asyncio.run(draw(chosen))
