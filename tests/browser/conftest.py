"""A headless Chromium from the machine's own packages. Without one these tests are left out; in CI that fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.browser.stage import PHONE, Stage

HOW_TO_HAVE_IT = "sudo apt-get install chromium fonts-noto-cjk"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LEFT_OUT = pytest.StashKey[int]()


def chromium() -> str | None:
    """Path of the browser, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser tests out where there is no browser, unless this is CI."""
    if chromium() or os.environ.get("CI"):
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        items[:] = [item for item in items if not item.get_closest_marker("browser")]
        config.hook.pytest_deselected(items=left_out)
        config.stash[LEFT_OUT] = len(left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in one line what was left out."""
    count = config.stash.get(LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(
            f"没有 Chromium，略过了 {count} 个浏览器测试 / {count} browser tests left out for want of Chromium: "
            f"{HOW_TO_HAVE_IT}",
            yellow=True,
        )


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests."""
    path = chromium()
    if path is None:
        pytest.fail(f"CI needs Chromium: {HOW_TO_HAVE_IT}", pytrace=False)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    """The sandbox with its page and a robot that answers by a script."""
    stage = Stage()
    await stage.sandbox.start()
    yield stage
    await stage.sandbox.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, stage: Stage) -> AsyncIterator[Page]:
    """The page on a desktop's screen, ready. A script error on it fails the test."""
    async with await browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN") as context:
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(stage.sandbox.url)
        await page.locator("body[data-ready]").wait_for()
        yield page
        assert not errors


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, stage: Stage) -> AsyncIterator[Page]:
    """The page on a phone's screen, ready."""
    async with await browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="zh-CN") as context:
        page = await context.new_page()
        await page.goto(stage.sandbox.url)
        await page.locator("body[data-ready]").wait_for()
        yield page
