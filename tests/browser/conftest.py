"""A headless Chromium from the machine's own packages. Without one these tests are left out; in CI that fails."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.browser.stage import Stage
from tests.browser.visit import ARGUMENTS, chromium, visit

HOW_TO_HAVE_IT = "sudo apt-get install chromium fonts-noto-cjk"
LEFT_OUT = pytest.StashKey[int]()


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
    """The page on a desktop's screen, ready. An error on its console fails the test."""
    async with visit(browser, stage.sandbox.url) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, stage: Stage) -> AsyncIterator[Page]:
    """The page on a phone's screen, ready. An error on its console fails the test."""
    async with visit(browser, stage.sandbox.url, is_phone=True) as page:
        yield page
