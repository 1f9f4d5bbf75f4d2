"""Where one left off, what is new, what scrolls to the side."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.demo.slack import sample
from tests.demo.page_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")
COMPOSER = ".pane .composer-text"


async def show(page: Page, stage: Stage, channel: str) -> None:
    await page.goto(f"{stage.base_url}/#/{channel}")
    await page.wait_for_selector(".composer, .read-only")


async def test_what_is_new_is_counted(stage: Stage, page: Page) -> None:
    """An answer and its file count once, until they are seen; who reads further up is not moved."""
    await show(page, stage, sample.GENERAL)
    for number in range(30):
        ts = stage.say(stage.dm, f"unseen {number}")
    stage.say(stage.dm, "the file", thread_ts=ts)
    badge = page.locator(f"[data-channel={stage.dm}] .side-badge")
    await expect(badge).to_have_text("30")
    await page.click(f"[data-channel={stage.dm}]")
    await expect(badge).to_have_count(0)
    await expect(page.get_by_text("unseen 29")).to_be_in_viewport()
    await page.locator(".pane .message-scroll").evaluate("it => { it.scrollTop = 0 }")
    await expect(page.get_by_text("unseen 0")).to_be_in_viewport()
    stage.say(stage.dm, "newest")
    await page.get_by_role("button", name="New messages").click()
    await expect(page.get_by_text("newest")).to_be_in_viewport()


async def test_wide_things_scroll_in_their_own_box(stage: Stage, page: Page) -> None:
    """A wide table never widens the page: a shadow says there is more, and keys reach it."""
    cells = [[{"type": "raw_text", "text": f"conv_{column}_of_this_line"} for column in range(6)]] * 3
    stage.say(stage.dm, "", [{"type": "table", "rows": cells}])
    await page.set_viewport_size({"width": 420, "height": 800})
    await show(page, stage, stage.dm)
    frame = page.locator(".table-frame")
    await expect(frame).to_have_class("sideways block table-frame more-right")
    assert await page.evaluate("document.documentElement.scrollWidth") == 420
    await page.get_by_role("region", name="Table").focus()
    await page.keyboard.press("End")
    await page.locator(".table-scroll").evaluate("it => { it.scrollLeft = it.scrollWidth }")
    await expect(frame).to_have_class("sideways block table-frame more-left")
    await page.set_viewport_size({"width": 1600, "height": 800})
    await expect(frame).to_have_class("sideways block table-frame")


async def test_slackbot_offers_an_invitation(stage: Stage, page: Page) -> None:
    """A mention where the app is no member is answered by Slackbot, to its author only; a press invites."""
    await show(page, stage, sample.GENERAL)
    offers = page.locator(".message.ephemeral", has_text="You mentioned @Conversations")
    for _ in range(3):
        await page.fill(COMPOSER, "@Conversations failed calls yesterday")
        await page.press(COMPOSER, "Enter")
    await expect(offers).to_have_count(3)
    await offers.first.get_by_role("button", name="Do Nothing").click()
    await expect(offers).to_have_count(2)
    await offers.last.get_by_role("button", name="Invite Them").click()
    await expect(page.get_by_text("OK! I've invited @Conversations to this channel.")).to_be_visible()
    await expect(offers).to_have_count(0)
    await expect(page.get_by_text("Conversations is not in this channel")).to_have_count(0)
    await page.fill(COMPOSER, "@Conversations failed calls today")
    await page.press(COMPOSER, "Enter")
    await expect(page.get_by_text("failed calls today")).to_be_visible()
    await expect(offers).to_have_count(0)
    assert "block_actions" not in stage.app.got


async def test_the_first_sight_is_an_answer(stage: Stage, page: Page) -> None:
    """On a wide window the answer to a colleague's question stands open, begun at its top."""
    asked = stage.said_by(sample.LENA, sample.QUALITY, f"<@{stage.workspace.app.bot_user_id}> failed calls")
    for number in range(40):
        stage.say(sample.QUALITY, f"row {number}", thread_ts=asked)
    await page.goto(stage.base_url)
    await expect(page.locator(".thread .message")).to_have_count(41)
    await expect(page.get_by_text("row 0", exact=True)).to_be_in_viewport()
    stage.say(sample.QUALITY, "the file", thread_ts=asked)
    await expect(page.get_by_text("the file")).not_to_be_in_viewport()
