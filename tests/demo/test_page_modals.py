"""Modals: inputs, errors, stacks, updates, closing."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.demo.block_samples import plain, section
from tests.demo.page_blocks import actions, button, field, modal, options
from tests.demo.page_stage import Stage, numbered

pytestmark = pytest.mark.asyncio(loop_scope="session")
SHARED = {"filter": {"include": ["public", "private"], "exclude_external_shared_channels": True}}
TEXT = {"type": "plain_text_input", "placeholder": plain("refund")}


async def show(page: Page, stage: Stage, view: dict[str, Any]) -> dict[str, Any]:
    await page.goto(stage.base_url)
    await page.wait_for_selector(".composer")
    return stage.open_view(view)


async def test_every_input_is_submitted(stage: Stage, page: Page) -> None:
    """All kinds of input send their value in Slack's shape, and an accepted form closes."""
    stage.app.answers["block_suggestion"] = lambda _: {"options": options("Support EN", "Sales DE")}
    view = modal(
        field("text", "Text", TEXT),
        field("long", "Long", {"type": "plain_text_input", "multiline": True, "initial_value": "as is"}),
        field("number", "Number", {"type": "number_input", "is_decimal_allowed": False}),
        field(
            "one",
            "One",
            {"type": "static_select", "options": options("A", "B"), "initial_option": options("B")[0]},
        ),
        field("many", "Many", {"type": "multi_external_select", "min_query_length": 0}),
        field("who", "Who", {"type": "users_select"}),
        field("where", "Where", {"type": "multi_channels_select"}, optional=True),
        field(
            "share",
            "Share",
            {"type": "conversations_select", "default_to_current_conversation": True, **SHARED},
        ),
        field("day", "Day", {"type": "datepicker", "initial_date": "2026-11-16"}),
        field("at", "At", {"type": "timepicker", "initial_time": "09:00"}),
        field("boxes", "Boxes", {"type": "checkboxes", "options": options("X", "Y")}, optional=True),
        field("radio", "Radio", {"type": "radio_buttons", "options": options("R", "S")}),
    )
    await show(page, stage, view)
    dialog = page.get_by_role("dialog", name="Filters")
    await dialog.get_by_role("textbox", name="Text").fill("<refund> & more")
    await dialog.get_by_label("Number").fill("60")
    await dialog.get_by_role("combobox", name="Many").click()
    await page.get_by_role("option", name="Support EN").click()
    await page.get_by_role("option", name="Sales DE").click()
    await page.keyboard.press("Escape")
    await dialog.get_by_label("Remove Support EN").click()
    await dialog.get_by_role("combobox", name="Who").click()
    await page.get_by_role("option", name="Omar Haddad").click()
    await dialog.get_by_role("combobox", name="Share: #quality-review").click()
    places = await page.get_by_role("option").all_inner_texts()
    assert places == ["#general", "#quality-review", "#support-calls", "#random", "#leads"]
    await page.get_by_role("option", name="#leads").click()
    await dialog.get_by_label("At", exact=True).fill("10:30")
    await dialog.get_by_role("checkbox", name="Y").check()
    await dialog.get_by_role("radio", name="S").check()
    await dialog.get_by_role("button", name="Show").click()
    await expect(dialog).to_be_hidden()
    values = (await stage.app.until("view_submission"))["view"]["state"]["values"]
    assert values["text"]["text"]["value"] == "<refund> & more"
    assert values["long"]["long"]["value"] == "as is"
    assert values["number"]["number"]["value"] == "60"
    assert values["one"]["one"]["selected_option"]["value"] == "b"
    assert [each["value"] for each in values["many"]["many"]["selected_options"]] == ["sales de"]
    assert values["who"]["who"]["selected_user"] == "U0DEMO00003"
    assert values["share"]["share"]["selected_conversation"] == "C0LEADS0001"
    assert values["where"]["where"]["selected_channels"] == []
    assert values["day"]["day"]["selected_date"] == "2026-11-16"
    assert values["at"]["at"]["selected_time"] == "10:30"
    assert [each["value"] for each in values["boxes"]["boxes"]["selected_options"]] == ["y"]
    assert values["radio"]["radio"]["selected_option"]["value"] == "s"


async def test_errors_stand_beside_their_fields(stage: Stage, page: Page) -> None:
    """An empty required field and the app's own errors are shown there; a dead app is said."""
    await show(page, stage, modal(field("text", "Text", TEXT)))
    dialog = page.get_by_role("dialog", name="Filters")
    await dialog.get_by_role("button", name="Show").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Please complete this required field.")
    assert "view_submission" not in stage.app.got
    stage.app.answers["view_submission"] = lambda _: {
        "response_action": "errors",
        "errors": {"text": "No agent is called so."},
    }
    await dialog.get_by_role("textbox").fill("nobody")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("alert")).to_have_text("No agent is called so.")
    await expect(dialog.get_by_role("textbox")).to_be_focused()
    stage.app.answers["view_submission"] = lambda _: 500
    await dialog.get_by_role("button", name="Show").click()
    await expect(page.locator(".toast")).to_have_text("We had some trouble connecting. Try again?")
    await expect(dialog.get_by_role("button", name="Show")).to_be_enabled()


async def test_stack_and_closing(stage: Stage, page: Page) -> None:
    """Views are pushed over each other, left one by one or all at once; the app is told."""
    first = modal(section("first"), title="First", notify_on_close=True)
    await show(page, stage, first)
    await expect(page.get_by_role("dialog", name="First")).to_be_visible()
    push = stage.workspace.views.push
    for title in ("Second", "Third"):
        push(stage.workspace.me, modal(*numbered([section(title)]), title=title, submit=None))
        await expect(page.get_by_role("dialog", name=title)).to_be_visible()
    await page.get_by_role("button", name="Back").last.click()
    await expect(page.get_by_role("dialog", name="Third")).to_be_hidden()
    await expect(page.get_by_role("dialog", name="Second")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Second")).to_be_hidden()
    push(stage.workspace.me, modal(*numbered([section("again")]), title="Again", submit=None))
    await page.get_by_role("dialog", name="Again").get_by_label("Close").first.click()
    await expect(page.locator("dialog")).to_have_count(0)
    await stage.app.until("view_closed")
    assert stage.workspace.views.stack(stage.workspace.me) == ()


async def test_update_keeps_what_was_entered(stage: Stage, page: Page) -> None:
    """An updated view keeps typed text, focus and the untouched nodes; a loading view is filled in place."""
    opened = await show(page, stage, modal(section("Loading…"), title="Call", submit=None))
    dialog = page.get_by_role("dialog", name="Call")
    await expect(dialog.get_by_text("Loading…")).to_be_visible()
    text = {"block_id": "text", **field("text", "Text", TEXT)}
    blocks = numbered([section("page 1"), text, actions(button("next", "Next"))])
    stage.workspace.views.update(opened, modal(*blocks, title="Call"))
    await dialog.get_by_role("textbox").press_sequentially("ref")
    await dialog.get_by_role("textbox").evaluate("it => { it.marked = true }")
    await page.keyboard.press("ArrowLeft")
    changed = numbered([section("page 2"), text, actions(button("next", "Last"))])
    stage.workspace.views.update(opened, modal(*changed, title="Call"))
    await expect(dialog.get_by_text("page 2")).to_be_visible()
    await page.keyboard.type("X")
    await expect(dialog.get_by_role("textbox")).to_have_value("reXf")
    assert await dialog.get_by_role("textbox").evaluate("it => it.marked === true")
    again = numbered([section("page 3"), {**text, "label": plain("Other")}])
    stage.workspace.views.update(opened, modal(*again, title="Call"))
    await expect(dialog.get_by_text("page 3")).to_be_visible()
    await expect(dialog.get_by_role("textbox", name="Other")).to_have_value("reXf")
    await expect(dialog.get_by_role("textbox", name="Other")).to_be_focused()
