"""A visit to the page in a headless Chromium, on a desktop's or a phone's screen."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """Path of the browser, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@asynccontextmanager
async def visit(
    browser: Browser, url: str, *, is_phone: bool = False, sharpness: float = 1, expects_errors: bool = False
) -> AsyncIterator[Page]:
    """The page, ready. At the end nothing may have gone wrong in its scripts or on its console.

    `sharpness` is how many pixels of a picture make one of the page. `expects_errors`: the visit is about a refusal,
    which the browser puts on the console too.
    """
    async with await browser.new_context(
        viewport=PHONE if is_phone else DESKTOP,
        is_mobile=is_phone,
        has_touch=is_phone,
        device_scale_factor=sharpness,
        locale="zh-CN",
    ) as context:
        page = await context.new_page()
        errors: list[str] = []

        def hear(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                errors.append(message.text)

        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", hear)
        await page.goto(url)
        await page.locator("body[data-ready]").wait_for()
        yield page
        assert expects_errors or not errors, errors
