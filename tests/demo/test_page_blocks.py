"""Each kind of block, drawn by the page."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.demo.block_samples import Json, mrkdwn, plain, rich
from tests.demo.page_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def show(page: Page, stage: Stage) -> None:
    await page.goto(f"{stage.base_url}/#/{stage.dm}")
    await page.wait_for_selector(".message")


async def test_mrkdwn_becomes_elements(stage: Stage, page: Page) -> None:
    """Every piece of mrkdwn is drawn as the element it stands for, entities undone."""
    me = stage.workspace.me
    quality = stage.workspace.find_channel("quality-review").id
    stage.say(
        stage.dm,
        "*bold* _italic_ ~gone~ `a &lt; b` :tada: 2 * 3 * 4 snake_case_name\n&gt; quoted\n"
        f"<https://example.com/?a=1&amp;b=2|the docs> <@{me}> <#{quality}> <!here>\n"
        "```\ncode &amp; more\n```\na &amp;&amp; b &lt;i&gt;",
    )
    await show(page, stage)
    message = page.locator(".message-text")
    await expect(message.locator("b")).to_have_text("bold")
    await expect(message.locator("i")).to_have_text("italic")
    await expect(message.locator("s")).to_have_text("gone")
    await expect(message.locator("code")).to_have_text("a < b")
    await expect(message.locator(".emoji")).to_have_text("🎉")
    await expect(message.locator("blockquote")).to_have_text("quoted")
    await expect(message.locator("pre")).to_have_text("code & more")
    await expect(message.locator("a.link")).to_have_attribute("href", "https://example.com/?a=1&b=2")
    await expect(message.locator(".mention")).to_have_text(["@Mara Visser", "#quality-review", "@here"])
    await expect(message).to_contain_text("2 * 3 * 4 snake_case_name")
    await expect(message).to_contain_text("a && b <i>")


async def test_static_blocks(stage: Stage, page: Page) -> None:
    """Header, divider, fields, context, image and an unknown block are drawn."""
    fields = [mrkdwn("*Agent*\nSupport EN"), plain("Length 4:31")]
    stage.say(
        stage.dm,
        "for notifications",
        [
            {"type": "header", "text": plain("Failed &amp; rated :fire:")},
            {"type": "divider"},
            {"type": "section", "fields": fields},
            {"type": "context", "elements": [mrkdwn("as of _now_")]},
            {"type": "image", "image_url": f"{stage.base_url}/page/icon.svg", "alt_text": "Local"},
            {"type": "image", "image_url": "https://elsewhere.invalid/a.png", "alt_text": "Elsewhere"},
            {"type": "hologram"},
        ],
    )
    await show(page, stage)
    await expect(page.get_by_role("heading", name="Failed & rated")).to_be_visible()
    await expect(page.locator("hr")).to_have_count(1)
    await expect(page.locator(".field-cell")).to_have_text(["Agent\nSupport EN", "Length 4:31"])
    await expect(page.locator(".context i")).to_have_text("now")
    await expect(page.get_by_role("img", name="Local")).to_be_visible()
    await expect(page.get_by_text("Elsewhere")).to_be_visible()
    await expect(page.get_by_text("be displayed here")).to_be_visible()
    await expect(page.locator(".message-text")).to_be_hidden()


async def test_table(stage: Stage, page: Page) -> None:
    """A table has its header, cells of both kinds, alignment and wrapping, and scrolls when wide."""
    head = [{"type": "raw_text", "text": f"Column {n}"} for n in range(12)]
    cell = rich({"type": "link", "url": "https://a.invalid/x", "text": "conv_1", "style": {"code": True}})
    row = [cell, *({"type": "raw_text", "text": f"value {n} &amp; raw"} for n in range(11))]
    settings = [{"is_wrapped": True}, {"align": "right"}, {"align": "center"}]
    stage.say(stage.dm, "", [{"type": "table", "column_settings": settings, "rows": [head, row]}])
    await show(page, stage)
    await expect(page.locator("table th")).to_have_count(12)
    await expect(page.locator("td a code, td code a")).to_have_text("conv_1")
    await expect(page.locator("td").nth(1)).to_have_class("single align-right")
    await expect(page.locator("td").nth(1)).to_have_text("value 0 &amp; raw")
    await expect(page.locator("td").nth(0)).to_have_class("wrapped")
    sizes = await page.locator(".table-scroll").evaluate("it => [it.scrollWidth, it.clientWidth]")
    assert sizes[0] > sizes[1]
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_rich_text(stage: Stage, page: Page) -> None:
    """Sections, lists, preformatted text, quotes and every inline element are drawn literally."""
    parts: list[Json] = [
        {"type": "text", "text": "<b>literal & *not* bold</b> "},
        {"type": "text", "text": "styled", "style": {"bold": True, "italic": True, "strike": True}},
        {"type": "user", "user_id": stage.workspace.me},
        {"type": "emoji", "name": "red_circle", "unicode": "1f534"},
        {"type": "broadcast", "range": "channel"},
    ]
    items = [rich({"type": "text", "text": text})["elements"][0] for text in ("one", "two")]
    block = rich(*parts)
    block["elements"] += [
        {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": items},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a\n  b"}]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
    ]
    stage.say(stage.dm, "", [block])
    await show(page, stage)
    rich_text = page.locator(".block.rich")
    await expect(rich_text).to_contain_text("<b>literal & *not* bold</b>")
    await expect(rich_text.locator("s, i, b")).to_have_count(3)
    await expect(rich_text.locator(".mention").first).to_have_text("@Mara Visser")
    await expect(rich_text.locator(".emoji")).to_have_text("🔴")
    await expect(rich_text.locator("ol")).to_have_attribute("start", "3")
    await expect(rich_text.locator("pre")).to_have_text("a\n  b")
    await expect(rich_text.locator("blockquote")).to_have_text("said")
