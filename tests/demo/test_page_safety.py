"""Hostile content, other hosts, lost connections, keyboard and small screens."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, Page, expect

from bot.demo.slack import sample
from tests.demo.block_samples import mrkdwn, plain, rich, section
from tests.demo.page_blocks import actions, button, field, modal, options
from tests.demo.page_stage import PAGE, Stage, own_stage

pytestmark = pytest.mark.asyncio(loop_scope="session")
EVIL = (
    "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>",
    "<javascript:window.hacked=1|click> <data:text/html,<script>window.hacked=1</script>|data>",
    "<!channel> <!subteam^S1|<b>> <@U1|<i>x> <#C1|<u>x> <!date^9e99^{date}|<s>x>",
    "*_~`*_~`" * 200 + "```" + "<" * 500,
    "\u202egnirts\u202c :joy: " + "x" * 3000 + "\x00\ud83d",
)


async def test_hostile_content_stays_text(stage: Stage, page: Page) -> None:
    """Markup, scripts and script links in every place of a message are shown, never run."""
    for text in EVIL:
        evil = text.encode("utf-8", "replace").decode()
        stage.say(stage.dm, evil)
        cell = [[{"type": "raw_text", "text": evil}], [rich({"type": "text", "text": evil})]]
        stage.say(
            stage.dm,
            "",
            [
                section(evil, fields=[mrkdwn(evil), plain(evil)]),
                {
                    "type": "context",
                    "elements": [mrkdwn(evil), {"type": "image", "image_url": evil, "alt_text": evil}],
                },
                {"type": "header", "text": plain(evil)},
                {"type": "markdown", "text": evil + "[a](javascript:window.hacked=1)"},
                {"type": "table", "rows": cell},
                rich({"type": "link", "url": "javascript:window.hacked=1", "text": evil}),
                actions(button("x", evil, url="javascript:window.hacked=1"), block_id="x"),
            ],
        )
    stage.say(
        stage.dm,
        "",
        [{"type": "section"}, {"type": "table", "rows": None}, {"type": "rich_text", "elements": None}],
    )
    stage.say(stage.dm, "", files=[stage.upload(EVIL[0], b"a,b\n<script>,1\n", EVIL[0])])
    stage.say(stage.dm, "the end")
    await page.goto(f"{stage.base_url}/#/{stage.dm}")
    await expect(page.get_by_text("the end")).to_be_visible()
    await expect(page.get_by_text("<img src=x onerror=window.hacked=1>").first).to_be_attached()
    hrefs = await page.locator("a[href]").evaluate_all("all => all.map(it => new URL(it.href).protocol)")
    assert set(hrefs) <= {"http:", "https:", "mailto:"}
    assert await page.evaluate("window.hacked") is None
    assert await page.locator(".message script, .message img[src*=onerror]").count() == 0
    view = modal(
        section(EVIL[0]), field("t", EVIL[1], {"type": "static_select", "options": options(EVIL[0])})
    )
    stage.open_view(view)
    await page.get_by_role("combobox").last.click()
    await expect(page.get_by_role("option").last).to_contain_text("<img src=x")
    assert await page.evaluate("window.hacked") is None


async def test_files_name_no_other_host() -> None:
    """The page's own files load nothing from elsewhere, build no markup from text and need no inline code."""
    for path in sorted(PAGE.iterdir()):
        text = path.read_text()
        assert "innerHTML" not in text
        assert "insertAdjacentHTML" not in text
        assert "@import" not in text
        assert "url(" not in text.replace("url(element", "")
        assert len(text.splitlines()) <= 320, path.name
    index = (PAGE / "index.html").read_text()
    assert "default-src 'none'" in index
    assert "https:" not in index
    assert " style=" not in index


async def test_reconnects_and_catches_up(context: BrowserContext) -> None:
    """After the server was away the page finds it again and shows what it holds."""
    page = await context.new_page()
    async with own_stage() as first:
        port = int(first.base_url.rpartition(":")[2])
        await page.goto(f"{first.base_url}/#/{sample.GENERAL}")
        first.said_by(sample.LENA, sample.GENERAL, "before")
        await expect(page.get_by_text("before")).to_be_visible()
    await expect(page.get_by_text("Connecting…")).to_be_visible()
    async with own_stage(port) as second:
        second.said_by(sample.LENA, sample.GENERAL, "after")
        await expect(page.locator(".message").last).to_contain_text("after")
        await expect(page.get_by_text("Connecting…")).to_be_hidden()
        second.said_by(sample.LENA, sample.GENERAL, "live again")
        await expect(page.get_by_text("live again")).to_be_visible()
        await page.close()


async def test_keyboard_and_names(stage: Stage, page: Page) -> None:
    """Every control has a name, the list is a log, the switcher and menus work by keyboard alone."""
    stage.said_by(sample.LENA, sample.QUALITY, "hello")
    stage.say(
        stage.dm,
        "",
        [actions(button("a", "A"), {"type": "overflow", "action_id": "o", "options": options("B")})],
    )
    await page.goto(stage.base_url)
    await expect(page.get_by_role("log", name="Messages in quality-review")).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("convers")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Conversations").first).to_be_visible()
    nameless = await page.locator("button, a[href], input, textarea").evaluate_all(
        "all => all.filter(it => !(it.ariaLabel || it.textContent.trim() || it.title)).length"
    )
    assert nameless == 0
    await page.get_by_role("button", name="More options").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="B")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="More options")).to_be_focused()
    stage.open_view(modal(section("hi"), submit=None))
    await expect(page.get_by_role("dialog").get_by_role("button", name="Close").last).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_small_screens_and_dark(stage: Stage, page: Page) -> None:
    """At 390 pixels nothing overflows and one can go back to the list; dark mode turns the page dark."""
    parent = stage.said_by(sample.LENA, sample.QUALITY, "w" * 400)
    wide = [[{"type": "raw_text", "text": f"cell {n}"} for n in range(15)]] * 3
    stage.say(sample.QUALITY, "", [{"type": "table", "rows": wide}], thread_ts=parent)
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.goto(f"{stage.base_url}/#/{sample.QUALITY}")
    await page.wait_for_selector(".message")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await page.get_by_role("button", name="1 reply").click()
    await expect(page.locator(".thread .message")).to_have_count(2)
    assert await page.locator(".thread").evaluate("it => it.getBoundingClientRect().width") == 390
    await page.get_by_role("button", name="Close thread").click()
    await page.get_by_role("button", name="Back to the list of conversations").click()
    await page.locator(f"[data-channel={stage.dm}]").click()
    await expect(page.get_by_role("textbox", name="Message Conversations")).to_be_visible()
    back = await page.locator(".work").evaluate("it => getComputedStyle(it).backgroundColor")
    assert back == "rgb(26, 29, 33)"
