"""Tables of data and charts, posted through the Web API and drawn by the page."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.demo.block_samples import Json, chart, pie, rich
from tests.demo.page_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

AGENTS = ("Support EN", "booking", "Sales", "Zürich", "Support EN", "Delivery", "Collections")


async def show(page: Page, stage: Stage, *blocks: Json) -> None:
    client = AsyncWebClient(stage.workspace.app.bot_token, base_url=f"{stage.base_url}/slack-api/")
    await client.chat_postMessage(channel=stage.dm, text="for notifications", blocks=list(blocks))
    await page.goto(f"{stage.base_url}/#/{stage.dm}")
    await page.wait_for_selector(".data-table, .data-chart")


def agents_table(**more: object) -> Json:
    """Return a table of agents, their calls (as numbers) and a link to each."""
    header = [{"type": "raw_text", "text": name} for name in ("Agent", "Calls", "Link")]
    rows: list[list[Json]] = [
        [
            {"type": "raw_text", "text": agent},
            {"type": "raw_number", "value": calls, "text": f"{calls} calls"},
            rich({"type": "link", "url": f"https://example.com/{calls}", "text": "open"}),
        ]
        for agent, calls in zip(AGENTS, (9, 100, 25, -1, 3, 11, 50), strict=True)
    ]
    return {"type": "data_table", "caption": "Calls by agent", "rows": [header, *rows], **more}


async def column(page: Page, number: int) -> list[str]:
    return await page.locator(f".data-table tbody tr > :nth-child({number})").all_inner_texts()


async def test_data_table(stage: Stage, page: Page) -> None:
    """A table has a caption and pages, sorts by number or alphabet, and finds rows."""
    await show(page, stage, agents_table())
    table = page.get_by_role("table", name="Calls by agent")
    await expect(page.locator(".data-caption")).to_have_text("Calls by agent")
    await expect(table.locator("tbody tr")).to_have_count(5)
    await expect(table.locator("tbody th").first).to_have_text("Support EN")
    await expect(table.locator("td a").first).to_have_attribute("href", "https://example.com/9")
    await page.get_by_role("button", name="Next page").click()
    await expect(page.locator(".data-pages")).to_have_text("6\u20137 of 7")
    assert await column(page, 1) == ["Delivery", "Collections"]
    await table.get_by_role("button", name="Calls").click()
    assert await column(page, 2) == ["-1 calls", "3 calls", "9 calls", "11 calls", "25 calls"]
    await table.get_by_role("button", name="Calls").click()
    await expect(table.get_by_role("columnheader", name="Calls")).to_have_attribute("aria-sort", "descending")
    assert (await column(page, 2))[0] == "100 calls"
    await table.get_by_role("button", name="Agent").click()
    assert await column(page, 1) == ["booking", "Collections", "Delivery", "Sales", "Support EN"]
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="More about Calls by agent").click()
        await page.get_by_role("menuitem", name="Download table").click()
    lines = (await asyncio.to_thread((await (await waiting.value).path()).read_text)).splitlines()
    assert lines[:2] == ["\ufeffAgent,Calls,Link", "Support EN,9 calls,open"]
    search = page.get_by_role("searchbox", name="Search Calls by agent")
    await search.fill("SUPPORT")
    await expect(page.locator(".data-pages")).to_have_text("2 rows")
    await search.fill("nobody")
    await expect(table.locator("tbody")).to_have_text("No results")


def values(drawing: Locator) -> Locator:
    return drawing.locator("title")


@pytest.mark.parametrize(("kind", "shape"), [("bar", "rect"), ("line", "polyline"), ("area", "polygon")])
async def test_charts_with_axes(stage: Stage, page: Page, kind: str, shape: str) -> None:
    """Bars, lines and areas stand on labelled axes, with a legend and every value as a tooltip."""
    block = chart(kind)
    block["chart"]["axis_config"] |= {
        "categories": ["Mon", "Tue"],
        "x_label": "Weekday",
        "y_label": "Calls",
    }
    block["chart"]["series"] = [
        {
            "name": name,
            "data": [{"label": "Mon", "value": value}, {"label": "Tue", "value": value * 3}],
        }
        for name, value in (("Failed", -2), ("Done", 12.5))
    ]
    await show(page, stage, block)
    drawing = page.get_by_role("img", name="Calls: Failed, Done")
    assert await drawing.locator(shape).count() >= 2
    words = await drawing.locator("text").all_text_contents()
    assert {"Weekday", "Calls", "Mon", "Tue", "0", "-20", "40"} <= set(words)
    await expect(values(drawing)).to_have_text(
        ["Failed, Mon: -2", "Failed, Tue: -6", "Done, Mon: 12.5", "Done, Tue: 37.5"]
    )
    await expect(page.locator(".chart-legend li")).to_have_text(["Failed", "Done"])


async def test_pie_and_surroundings(stage: Stage, page: Page) -> None:
    """A pie names its shares; one segment is a whole circle; a phone in the dark shows it readably."""
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.emulate_media(color_scheme="dark")
    await show(page, stage, pie(3, 1), pie(7, label="All"))
    two, one = page.locator(".chart").first, page.locator(".chart").last
    await expect(values(two)).to_have_text(["x: 3 (75%)", "x: 1 (25%)"])
    await expect(one.locator("circle")).to_have_count(1)
    await expect(page.locator(".chart-legend").last).to_have_text("All: 7")
    fill, back = await two.evaluate(
        "it => [getComputedStyle(it.querySelector('path')).fill, getComputedStyle(document.body).color]"
    )
    assert fill not in {"none", "rgb(0, 0, 0)", back}
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
