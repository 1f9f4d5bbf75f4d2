"""Draw the README's picture anew: `python -m tests.demo.picture` (needs Chromium).

The real bot answers in the demo page: the list of a command, in the asker's direct message.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from playwright.async_api import async_playwright

from tests.answers.office import office
from tests.demo.conftest import ARGUMENTS, find_chromium

TARGET = Path(__file__).parent.parent.parent / "docs" / "demo.png"
QUESTION = "failed calls over 30 seconds this month"


async def draw(target: Path) -> None:
    """Ask in the demo page and take its picture."""
    async with office(rows=5000) as desk, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(playwright), args=ARGUMENTS)
        page = await browser.new_page(
            viewport={"width": 1380, "height": 900}, device_scale_factor=1.3, color_scheme="light"
        )
        await page.goto(f"{desk.base}/")
        await desk.command(QUESTION)
        await desk.settled_list(desk.dm())
        await page.goto(f"{desk.base}/#{desk.dm()}")
        await page.get_by_text("CSV in the thread").first.wait_for()
        await page.get_by_role("button", name=re.compile("close|dismiss", re.IGNORECASE)).first.click()
        await page.wait_for_timeout(1500)
        await page.screenshot(path=target)
        await browser.close()


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    asyncio.run(draw(TARGET))
