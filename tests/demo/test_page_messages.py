"""Writing, reading, threads, live changes and finding one's way."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.demo.slack import sample
from bot.demo.slack.messages import Change
from tests.demo.block_samples import section
from tests.demo.page_blocks import actions, button
from tests.demo.page_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")
COMPOSER = ".pane .composer-text"


async def show(page: Page, stage: Stage, channel: str) -> None:
    await page.goto(f"{stage.base_url}/#/{channel}")
    await page.wait_for_selector(".composer, .read-only")


async def test_writing(stage: Stage, page: Page) -> None:
    """Enter sends, Shift+Enter breaks the line, a name is completed and reaches the app as a mention."""
    await show(page, stage, sample.QUALITY)
    await page.click(COMPOSER)
    await page.keyboard.type("hello <b> & all")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("second line @conv")
    await expect(page.get_by_role("option", name="Conversations")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.type("failed calls")
    await expect(page.locator(COMPOSER)).to_have_value(
        "hello <b> & all\nsecond line @Conversations failed calls"
    )
    await page.keyboard.press("Enter")
    await expect(page.locator(".message")).to_contain_text(
        "hello <b> & all\nsecond line @Conversations failed calls"
    )
    await expect(page.locator(".message .author")).to_have_text("Mara Visser")
    await expect(page.locator(COMPOSER)).to_have_value("")
    text = (await stage.app.until("app_mention"))["event"]["text"]
    assert text == "hello &lt;b&gt; &amp; all\nsecond line <@U0DEMOBOT01> failed calls"
    await page.keyboard.press("ArrowUp")
    await expect(page.locator(COMPOSER)).to_have_value(
        "hello <b> & all\nsecond line @Conversations failed calls"
    )


async def test_commands(stage: Stage, page: Page) -> None:
    """A slash lists the command with its usage; Enter completes, then sends; the answer is the sender's."""
    stage.app.answers["command"] = lambda _: {"response_type": "ephemeral", "text": "ten newest"}
    await show(page, stage, sample.GENERAL)
    await page.click(COMPOSER)
    await page.keyboard.type("/co")
    row = page.get_by_role("option", name="/conversations")
    await expect(row).to_contain_text('failed calls for "Support EN" since monday')
    await expect(row).to_contain_text("List, count and export voice-agent conversations")
    await page.keyboard.press("Enter")
    await expect(page.locator(COMPOSER)).to_have_value("/conversations ")
    await expect(page.locator(".composer-mirror")).to_contain_text("since monday")
    await page.keyboard.type("failed since yesterday")
    await page.keyboard.press("Enter")
    message = page.locator(".message.ephemeral")
    await expect(message).to_contain_text("Only visible to you")
    await expect(message).to_contain_text("ten newest")
    await expect(message.locator(".badge")).to_have_text("APP")
    command = await stage.app.until("command")
    assert (command["command"], command["text"]) == ("/conversations", "failed since yesterday")
    await page.keyboard.type("/invite @Conversations")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("has joined the channel")).to_be_visible()
    await expect(page.get_by_text("Conversations is not in this channel")).to_have_count(0)
    await page.keyboard.type("/nonsense")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("/nonsense is not a valid command")).to_be_visible()


async def test_threads(stage: Stage, page: Page) -> None:
    """A thread shows its count, opens beside the list, takes replies and live ones, refuses commands."""
    parent = stage.said_by(sample.LENA, sample.QUALITY, "which calls failed?")
    stage.say(sample.QUALITY, "these", thread_ts=parent)
    await show(page, stage, sample.QUALITY)
    await page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.locator(".message")).to_have_count(2)
    await expect(thread.get_by_role("textbox")).to_be_focused()
    await thread.get_by_role("textbox").fill("only the failed ones")
    await page.keyboard.press("Enter")
    await expect(thread.locator(".message")).to_have_count(3)
    stage.say(sample.QUALITY, "<https://a.invalid|file>", thread_ts=parent)
    await expect(thread.locator(".message")).to_have_count(4)
    await expect(page.locator(".reply-count")).to_have_text("3 replies")
    await expect(page.locator(".pane .message")).to_have_count(1)
    await thread.get_by_role("textbox").fill("/conversations failed")
    await page.keyboard.press("Enter")
    await expect(thread.get_by_text("/conversations is not supported in threads. Sorry!")).to_be_visible()
    assert "command" not in stage.app.got
    await thread.get_by_role("button", name="Close thread").click()
    await expect(thread).to_be_hidden()
    await expect(page.locator(COMPOSER)).to_be_focused()


async def test_an_answer_opens_beside_its_question(stage: Stage, page: Page) -> None:
    """In the app's direct message the answer's thread opens by itself; elsewhere only its count shows."""
    await show(page, stage, stage.dm)
    await page.fill(COMPOSER, "failed calls today")
    await page.press(COMPOSER, "Enter")
    asked = (await stage.app.until("message"))["event"]["ts"]
    stage.say(stage.dm, "12 failed calls", thread_ts=asked)
    await expect(page.locator(".thread .message")).to_have_count(2)
    await expect(page.locator(COMPOSER)).to_be_focused()
    await page.goto(f"{stage.base_url}/#/{sample.QUALITY}")
    await page.fill(COMPOSER, "@Conversations failed calls")
    await page.press(COMPOSER, "Enter")
    asked = (await stage.app.until("app_mention"))["event"]["ts"]
    stage.say(sample.QUALITY, "12 failed calls", thread_ts=asked)
    await expect(page.get_by_role("button", name="1 reply")).to_be_visible()
    await expect(page.locator(".thread")).to_have_count(0)


async def test_live_changes_in_place(stage: Stage, page: Page) -> None:
    """An edit keeps unchanged nodes and focus; new messages are offered, not forced; deletions remove."""
    blocks = [
        section("at least 100, counting", block_id="a"),
        actions(button("older", "Older"), block_id="b"),
    ]
    ts = stage.say(stage.dm, "", blocks)
    await show(page, stage, stage.dm)
    await page.get_by_role("button", name="Older").evaluate("it => { it.marked = true; it.focus() }")
    stage.workspace.messages.edit(
        stage.dm, ts, {"blocks": [{**section("1,200 calls", block_id="a")}, blocks[1]]}
    )
    await expect(page.get_by_text("1,200 calls")).to_be_visible()
    assert await page.get_by_role("button", name="Older").evaluate(
        "it => it.marked && it === document.activeElement"
    )
    for number in range(40):
        stage.say(stage.dm, f"line {number}")
    await expect(page.get_by_text("line 39")).to_be_in_viewport()
    await page.locator(".message-scroll").evaluate("it => { it.scrollTop = 0 }")
    last = stage.say(stage.dm, "the newest")
    await page.get_by_role("button", name="New messages").click()
    await expect(page.get_by_text("the newest")).to_be_in_viewport()
    stage.workspace.messages.delete(stage.dm, last)
    await expect(page.get_by_text("the newest")).to_have_count(0)


async def test_unread_status_and_prompts(stage: Stage, page: Page) -> None:
    """Messages elsewhere are marked until seen; the app's status and prompts show in its conversation."""
    await show(page, stage, sample.GENERAL)
    stage.said_by(sample.LENA, sample.QUALITY, "news")
    stage.say(stage.dm, "your file is ready")
    stage.say(stage.dm, "and another")
    await expect(page.locator(f"[data-channel={sample.QUALITY}]")).to_have_class("side-item unread")
    await expect(page.locator(f"[data-channel={stage.dm}] .side-badge")).to_have_text("2")
    await expect(page).to_have_title("(3) general - Brightline - Slack demo")
    await page.click(f"[data-channel={stage.dm}]")
    await expect(page.locator(f"[data-channel={stage.dm}] .side-badge")).to_have_count(0)
    me, changes = stage.workspace.me, stage.workspace.changes
    changes.emit(Change("status", stage.dm, user=me, data={"thread_ts": "1.0", "status": "is looking…"}))
    await expect(page.locator(".status-line")).to_have_text("Conversations is looking…")
    changes.emit(Change("status", stage.dm, user=me, data={"thread_ts": "1.0", "status": ""}))
    await expect(page.locator(".status-line")).to_have_text("")
    prompts = [{"title": "Failed today", "message": "failed calls today"}]
    changes.emit(Change("prompts", stage.dm, user=me, data={"prompts": prompts, "title": "Try"}))
    await page.get_by_role("button", name="Failed today").click()
    await expect(page.locator(".message").last).to_contain_text("failed calls today")
    await expect(page.get_by_role("button", name="Failed today")).to_have_count(0)


async def test_permalinks(stage: Stage, page: Page) -> None:
    """A clicked or directly opened permalink leads to its message, in its thread, and marks it."""
    workspace = stage.workspace
    parent = stage.said_by(sample.LENA, sample.QUALITY, "question")
    reply = stage.say(sample.QUALITY, "the answer", thread_ts=parent)
    listed = stage.say(stage.dm, "the list")
    links = [workspace.permalink(stage.dm, listed), workspace.permalink(sample.QUALITY, reply)]
    stage.whisper(sample.GENERAL, f"<{links[0]}|full answer>")
    await show(page, stage, sample.GENERAL)
    await page.get_by_role("link", name="full answer").click()
    await expect(page.locator(".message.highlighted")).to_contain_text("the list")
    await page.goto(links[1])
    await expect(page.locator(".thread .message.highlighted")).to_contain_text("the answer")
    await page.go_back()


async def test_shortcuts_and_first_steps(stage: Stage, page: Page) -> None:
    """The message menu and the plus menu run shortcuts; a first visitor's examples leave with a question."""
    ts = stage.said_by(sample.LENA, sample.QUALITY, "what was CA123?")
    await show(page, stage, sample.QUALITY)
    await page.locator(".message").hover()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Find this call").click()
    assert (await stage.app.until("message_action"))["message"]["ts"] == ts
    await page.locator(".composer").get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name="Search conversations").click()
    assert (await stage.app.until("shortcut"))["callback_id"] == "open_filters"
    welcome = page.get_by_role("region", name="Try it")
    await expect(welcome.locator(".prompt")).to_have_count(3)
    await welcome.get_by_role("button", name="/conversations help").click()
    assert (await stage.app.until("command"))["text"] == "help"
    await expect(welcome).to_have_count(0)
    await page.click(f"[data-channel={sample.SUPPORT}]")
    await expect(page.get_by_role("heading", name="support-calls").first).to_be_visible()
    await expect(welcome).to_have_count(0)
    await page.evaluate("sessionStorage.clear()")
    await page.reload()
    await expect(welcome).to_be_visible()
    await page.click(f"[data-channel={stage.dm}]")
    await expect(page.get_by_role("textbox", name="Message Conversations")).to_be_visible()
    await expect(welcome).to_have_count(0)
    await page.click(f"[data-channel={sample.SUPPORT}]")
    await welcome.get_by_role("button", name="Dismiss").click()
    await page.evaluate("sessionStorage.clear()")
    await page.reload()
    await page.wait_for_selector(".composer")
    await expect(welcome).to_have_count(0)
