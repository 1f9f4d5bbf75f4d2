"""A real browser for the tests of the chat page, and watched pages that fail on what must not happen."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect

from tests.demo.page_stage import Stage, Switch, staged
from tests.serving import serve

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first needs half of the processor time of the others, with the same engine."""
PATIENCE_MS = 10_000
"""Enough for a machine that is busy with something else."""
HINT = "no Chromium found: `apt-get install chromium-headless-shell`, or `playwright install chromium`"


def is_local(url: str) -> bool:
    """Whether an address stays on this machine, or is data of the page's own."""
    return urlsplit(url).hostname == "127.0.0.1" or url.startswith(("blob:", "data:"))


def find_chromium(playwright: Playwright) -> str | None:
    """Return the path of a Chromium on this machine: the system's, else Playwright's own."""
    return next(filter(None, map(shutil.which, [*NAMES, playwright.chromium.executable_path])), None)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One headless Chromium for all tests. Without one: skipped, but failed where CI is set."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        found = find_chromium(playwright)
        if found is None:
            if os.environ.get("CI"):
                pytest.fail(HINT)
            pytest.skip(HINT)
        running = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield running
        await running.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One browser profile for all tests, so that the page's files are fetched once."""
    profile = await browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield profile
    await profile.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served() -> AsyncIterator[tuple[Switch, str]]:
    switch = Switch()
    async with serve(switch) as base_url:
        yield switch, base_url


@pytest_asyncio.fixture(loop_scope="session")
async def stage(served: tuple[Switch, str]) -> AsyncIterator[Stage]:
    """Raise a fresh stand-in with the page, and an app that records."""
    async with staged(*served) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext, stage: Stage) -> AsyncIterator[Page]:
    """Open a fresh tab; afterwards it must have logged no error and asked no other host for anything."""
    tab = await context.new_page()
    tab.set_default_timeout(PATIENCE_MS)
    trouble: list[str] = []
    tab.on("console", lambda said: trouble.append(said.text) if said.type in {"error", "warning"} else None)
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on("request", lambda asked: None if is_local(asked.url) else trouble.append(asked.url))
    yield tab
    if tab.url.startswith(stage.base_url):
        await tab.evaluate("localStorage.clear()")
    await tab.close()
    assert trouble == []
