"""Makes the pictures of the README anew: `python -m tests.browser.screenshots`. Not a test."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright

from bot.cli.sandbox import Playground
from tests.browser.stage import tuesday_morning
from tests.browser.visit import ARGUMENTS, PHONE, chromium, visit

IMAGES = Path(__file__).parents[2] / "docs" / "images"


async def say(page: Page, text: str) -> None:
    """Write a message and send it."""
    await page.get_by_test_id("composer-text").fill(text)
    await page.get_by_test_id("send").click()


async def at_rest(page: Page) -> None:
    """Without the short notices, the cursor and the shade under the mouse."""
    await page.get_by_test_id("toast").wait_for(state="hidden")
    await page.evaluate("document.activeElement?.blur()")
    await page.mouse.move(0, 0)


async def picture_the_desktop(page: Page) -> None:
    """A question answered with the article, an advert, and the news of the private word to its sender."""
    robot = page.locator('[data-author="robot"]')
    await say(page, "专业代写论文，加微信包过")
    await page.get_by_test_id("news").filter(has_text="林晓彤").wait_for()
    await say(page, "退休的老师还要留在群里吗")
    await robot.first.wait_for()
    await at_rest(page)
    await page.screenshot(path=IMAGES / "page.png")


async def picture_the_phone(page: Page) -> None:
    """The owner's reminder of the monthly clean-up."""
    await page.get_by_test_id("next-job").filter(has_text="每月群成员清理").wait_for()
    await page.get_by_test_id("advance").tap()
    await page.get_by_test_id("role-owner").tap()
    await page.locator('[data-author="robot"]').filter(has_text="段志高").first.wait_for()
    await page.get_by_test_id("next-job").filter(has_text="提醒").wait_for()
    await page.set_viewport_size({"width": PHONE["width"], "height": 1450})  # so long that the buttons are seen
    await at_rest(page)
    await page.screenshot(path=IMAGES / "phone.png")


async def main() -> None:
    """Start the sandbox with the bot, visit the page twice, take both pictures."""
    path = chromium()
    if path is None:
        sys.exit("没有 Chromium / no Chromium: sudo apt-get install chromium fonts-noto-cjk")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        playground = Playground(0, Path(folder), tuesday_morning())
        await playground.start()
        try:
            await playground.sandbox.until_connected()
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
                async with visit(browser, playground.sandbox.url) as page:
                    await picture_the_desktop(page)
                async with visit(browser, playground.sandbox.url, is_phone=True, sharpness=1.25) as page:
                    await picture_the_phone(page)
                await browser.close()
        finally:
            await playground.stop()


if __name__ == "__main__":
    asyncio.run(main())
