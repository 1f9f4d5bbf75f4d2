"""Files: previews and downloads."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.demo.page_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def show(page: Page, stage: Stage) -> None:
    await page.goto(f"{stage.base_url}/#/{stage.dm}")
    await page.wait_for_selector(".file")


async def test_csv(stage: Stage, page: Page) -> None:
    """A CSV previews as a table with its true count, opens further, and downloads byte for byte."""
    rows = [f'conv_{n},"a ""quoted"", cell\nof two lines",{n}' for n in range(1200)]
    content = ("\ufeff" + "\r\n".join(["conversation_id,title,cost", *rows]) + "\r\n").encode()
    file = stage.upload("calls.csv", content, "Failed calls")
    stage.say(stage.dm, "", files=[file])
    await show(page, stage)
    card = page.locator(".file.csv")
    await expect(card).to_contain_text("CSV · 1,200 rows")
    await expect(card.locator("th")).to_have_text(["conversation_id", "title", "cost"])
    await expect(card.locator("tbody tr")).to_have_count(6)
    await expect(card.locator("td").nth(1)).to_have_text('a "quoted", cell\nof two lines')
    await card.get_by_role("button", name="Show more").click()
    await expect(card.locator("tbody tr")).to_have_count(50)
    await card.get_by_role("button", name="Open in full view").click()
    wide = page.get_by_role("dialog", name="Failed calls")
    await expect(wide.locator("tbody tr")).to_have_count(500)
    await expect(wide).to_contain_text("The first 500 rows of 1,200.")
    await page.keyboard.press("Escape")
    async with page.expect_download() as waiting:
        await card.get_by_role("link", name="Download Failed calls").click()
    download = await waiting.value
    assert download.suggested_filename == "calls.csv"
    assert await asyncio.to_thread((await download.path()).read_bytes) == content


async def test_text_audio_and_others(stage: Stage, page: Page) -> None:
    """Text shows its lines, sound a player that plays, anything else a card; a vanished file is said."""
    text = stage.upload("transcript.txt", "\n".join(f"{n}: <b>said</b>" for n in range(30)).encode())
    silence = bytes([128]) * 8000
    header = b"RIFF" + (36 + 8000).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    header += (
        b"\1\0\1\0" + (8000).to_bytes(4, "little") * 2 + b"\1\0\x08\0data" + (8000).to_bytes(4, "little")
    )
    sound = stage.upload("call.wav", header + silence)
    other = stage.upload("archive.zip", b"PK")
    stage.say(stage.dm, "", files=[text, sound, other])
    await show(page, stage)
    await expect(page.locator(".snippet li")).to_have_count(8)
    await expect(page.locator(".snippet li").first).to_have_text("0: <b>said</b>")
    await page.get_by_role("button", name="Show more").click()
    await expect(page.locator(".snippet li")).to_have_count(30)
    await expect(page.locator("audio")).to_have_js_property("duration", 1)
    await expect(page.get_by_role("link", name="Download archive.zip")).to_be_visible()
