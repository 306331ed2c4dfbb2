"""The whole thing as `steward sandbox` starts it: page, pretended DingTalk, sample college and the real bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.cli.sandbox import Playground
from sandbox import college
from sandbox.world import SandboxClock

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TUESDAY_MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
SECONDS = 15_000
"""Milliseconds to wait for the bot at most: the machine may be busy."""


@pytest_asyncio.fixture(loop_scope="session")
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    playground = Playground(0, tmp_path, SandboxClock(TUESDAY_MORNING))
    await playground.start()
    await playground.sandbox.until_connected()
    yield playground
    await playground.stop()
    assert playground.sandbox.violations == []
    assert not playground.has_failed.done()


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, playground: Playground) -> AsyncIterator[Page]:
    async with await browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN") as context:
        page = await context.new_page()
        await page.goto(playground.sandbox.url)
        await page.locator("body[data-ready]").wait_for()
        yield page


async def say(page: Page, text: str) -> None:
    await page.get_by_test_id("composer-text").fill(text)
    await page.get_by_test_id("send").click()


def from_robot(page: Page) -> Locator:
    return page.locator('[data-testid="message"][data-author="robot"]')


async def test_a_question_is_answered_with_the_article(visitor: Page) -> None:
    await say(visitor, "退休的老师还要留在群里吗")
    answer = from_robot(visitor).first
    await expect(answer).to_contain_text("二.6", timeout=SECONDS)


async def test_an_advert_brings_the_sender_a_private_word(visitor: Page) -> None:
    await say(visitor, "专业代写论文，加微信包过")
    news = visitor.get_by_test_id("news").filter(has_text="林晓彤的私聊")
    await news.click(timeout=SECONDS)
    await expect(visitor.get_by_test_id("person")).to_have_value(college.STAFF)
    await expect(visitor.get_by_test_id("chat-title")).to_have_text("群管家")
    await expect(from_robot(visitor).last).to_contain_text("五.2", timeout=SECONDS)


async def test_the_clock_brings_the_owner_a_reminder_whose_button_is_recorded(visitor: Page) -> None:
    await expect(visitor.get_by_test_id("advance")).to_be_enabled(timeout=SECONDS)
    await visitor.get_by_test_id("advance").click()
    await visitor.get_by_test_id("role-owner").click()
    reminder = from_robot(visitor).filter(has_text="段志高").first
    await expect(reminder).to_be_visible(timeout=SECONDS)
    seen = await from_robot(visitor).count()
    await reminder.get_by_test_id("card-button").first.click()
    await expect(from_robot(visitor)).to_have_count(seen + 1, timeout=SECONDS)
    await say(visitor, "/清理 状态")
    await expect(from_robot(visitor)).to_have_count(seen + 2, timeout=SECONDS)


async def test_reset_gives_a_fresh_bot_at_the_first_moment(visitor: Page, playground: Playground) -> None:
    await expect(visitor.get_by_test_id("advance")).to_be_enabled(timeout=SECONDS)
    before = await visitor.get_by_test_id("next-job").inner_text()
    await visitor.get_by_test_id("advance").click()
    await expect(visitor.get_by_test_id("next-job")).not_to_have_text(before)
    await visitor.get_by_test_id("reset").click()
    await visitor.get_by_test_id("confirm-reset-yes").click()
    await expect(visitor.get_by_test_id("next-job")).to_have_text(before, timeout=SECONDS)
    await playground.sandbox.until_connected()
    await say(visitor, "退休的老师还要留在群里吗")
    await expect(from_robot(visitor).first).to_contain_text("二.6", timeout=SECONDS)
