"""What the app receives when elements of a message are used."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.demo.block_samples import plain, section
from tests.demo.page_blocks import actions, button, options
from tests.demo.page_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def action(stage: Stage, action_id: str) -> dict[str, Any]:
    """Wait for the app to have got an action with this id; returns the newest payload."""
    return await stage.app.until("block_actions", lambda it: it["actions"][0]["action_id"] == action_id)


async def show(page: Page, stage: Stage) -> None:
    await page.goto(f"{stage.base_url}/#/{stage.dm}")
    await page.wait_for_selector(".message")


async def test_buttons_and_confirmation(stage: Stage, page: Page) -> None:
    """A press reaches the app with its ids and value; a confirmed one only after a yes."""
    confirm = {
        "title": plain("Sure?"),
        "text": plain("All see it"),
        "confirm": plain("Share"),
        "deny": plain("No"),
    }
    ts = stage.say(
        stage.dm,
        "",
        [
            actions(
                button("csv", "CSV", value="q1"),
                button("share", "Share", confirm=confirm, value="q2"),
                button("open", "Dashboard", url=f"{stage.base_url}/page/icon.svg"),
            )
        ],
    )
    await show(page, stage)
    await page.get_by_role("button", name="CSV").click()
    got = await action(stage, "csv")
    assert (got["actions"][0]["value"], got["actions"][0]["block_id"]) == ("q1", "acts")
    assert (got["container"]["message_ts"], got["container"]["is_ephemeral"]) == (ts, False)
    await page.get_by_role("button", name="Share").click()
    await expect(page.get_by_role("alertdialog", name="Sure?")).to_contain_text("All see it")
    await expect(page.locator(".button.busy")).to_have_count(0)
    await page.get_by_role("alertdialog", name="Sure?").get_by_role("button", name="No").click()
    await page.get_by_role("button", name="Share").click()
    assert len(stage.app.got["block_actions"]) == 1
    await page.get_by_role("alertdialog").get_by_role("button", name="Share").click()
    assert (await action(stage, "share"))["actions"][0]["value"] == "q2"
    await expect(page.get_by_role("link", name="Dashboard")).to_have_attribute("rel", "noopener noreferrer")
    async with page.expect_popup() as popup:
        await page.get_by_role("link", name="Dashboard").click()
    await (await popup.value).close()
    await action(stage, "open")


async def test_menus_and_choices(stage: Stage, page: Page) -> None:
    """Menus, pickers and choices send what was chosen; the state holds every other element."""
    asked: list[str] = []

    def suggest(payload: dict[str, Any]) -> dict[str, Any]:
        asked.append(payload["value"])
        return {
            "options": [
                each for each in options("Support EN", "Sales DE") if payload["value"] in each["value"]
            ]
        }

    stage.app.answers["block_suggestion"] = suggest
    external = {
        "type": "external_select",
        "action_id": "agent",
        "min_query_length": 0,
        "placeholder": plain("Agent"),
    }
    overflow = {"type": "overflow", "action_id": "more", "options": options("Refresh", "Show API request")}
    stage.say(
        stage.dm,
        "",
        [
            section("List", accessory=overflow),
            actions(
                {
                    "type": "static_select",
                    "action_id": "call",
                    "placeholder": plain("Call"),
                    "options": options(*"ABCDEFG"),
                },
                external,
                {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-16"},
                {"type": "checkboxes", "action_id": "boxes", "options": options("One", "Two")},
                {"type": "radio_buttons", "action_id": "radio", "options": options("Red", "Blue")},
            ),
        ],
    )
    await show(page, stage)
    await page.get_by_role("button", name="More options").click()
    await page.get_by_role("menuitem", name="Show API request").click()
    assert (await action(stage, "more"))["actions"][0]["selected_option"]["value"] == "show api request"

    await page.get_by_role("combobox", name="Call").click()
    await page.keyboard.type("f")
    await page.keyboard.press("Enter")
    assert (await action(stage, "call"))["actions"][0]["selected_option"]["value"] == "f"

    await page.get_by_role("combobox", name="Agent").click()
    await expect(page.get_by_role("option")).to_have_count(2)
    await page.keyboard.type("sales")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.get_by_role("option", name="Sales DE").click()
    assert (await action(stage, "agent"))["actions"][0]["selected_option"]["value"] == "sales de"
    assert asked == ["", "sales"]

    await page.locator("input[type=date]").fill("2026-11-17")
    assert (await action(stage, "day"))["actions"][0]["selected_date"] == "2026-11-17"

    await page.get_by_label("Two").check()
    got = await action(stage, "boxes")
    assert [each["value"] for each in got["actions"][0]["selected_options"]] == ["two"]
    await page.get_by_label("Blue").check()
    got = await action(stage, "radio")
    assert got["actions"][0]["selected_option"]["value"] == "blue"
    held = got["state"]["values"]["acts"]
    assert held["call"]["selected_option"]["value"] == "f"
    pressed = len(stage.app.got["block_actions"])
    await page.get_by_role("combobox", name="Call: F").click()
    await expect(page.get_by_role("option", selected=True)).to_have_text("F")
    await page.get_by_role("option", name="F", exact=True).click()
    await expect(page.get_by_role("listbox")).to_have_count(0)
    assert len(stage.app.got["block_actions"]) == pressed
    assert held["agent"]["selected_option"]["value"] == "sales de"
    assert held["day"]["selected_date"] == "2026-11-17"


async def test_failures_are_said(stage: Stage, page: Page) -> None:
    """An app that does not acknowledge a press leaves a note, once, and the message says so."""
    stage.app.answers["block_actions"] = lambda _: 500
    stage.say(stage.dm, "", [actions(button("x", "Press"))])
    await show(page, stage)
    await page.get_by_role("button", name="Press").click()
    await expect(page.locator(".toast.error")).to_have_text("We had some trouble connecting. Try again?")
    await expect(page.locator(".message.act-failed")).to_have_count(1)
    await expect(page.locator(".button.busy")).to_have_count(0)


async def test_home(stage: Stage, page: Page) -> None:
    """The Home tab shows the app's view, acts in it, and is updated live."""
    view = {"type": "home", "blocks": [section("*Saved*", block_id="s", accessory=button("run", "Run"))]}
    stage.workspace.views.publish(stage.workspace.me, view)
    await page.goto(f"{stage.base_url}/#/{stage.dm}/home")
    await page.get_by_role("button", name="Run").click()
    assert (await action(stage, "run"))["view"]["type"] == "home"
    stage.workspace.views.publish(
        stage.workspace.me, {"type": "home", "blocks": [section("Nothing saved", block_id="n")]}
    )
    await expect(page.get_by_text("Nothing saved")).to_be_visible()
    await page.get_by_role("link", name="Messages").click()
    await expect(page.get_by_role("textbox", name="Message Conversations")).to_be_visible()
    tabs = [event["event"]["tab"] for event in stage.app.got["app_home_opened"]]
    assert tabs == ["home", "messages"]
