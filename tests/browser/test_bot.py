"""The whole thing as `steward sandbox` starts it: page, pretended DingTalk, sample college and the real bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.cli.sandbox import Playground
from sandbox import college
from tests.browser.stage import tuesday_morning
from tests.browser.visit import PHONE, visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

QUESTION = "退休的老师还要留在群里吗"
ADVERT = "专业代写论文，加微信包过"
SECONDS = 15_000
"""Milliseconds to wait for the bot at most: the machine may be busy."""


@pytest_asyncio.fixture(loop_scope="session")
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    playground = Playground(0, tmp_path, tuesday_morning())
    await playground.start()
    # Both: a ticket that is on its way while the clock jumps is older than it may be.
    await playground.sandbox.until_connected(2)
    yield playground
    await playground.stop()
    assert playground.sandbox.violations == []
    assert not playground.has_failed.done()


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, playground: Playground) -> AsyncIterator[Page]:
    async with visit(browser, playground.sandbox.url) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="session")
async def phone_visitor(browser: Browser, playground: Playground) -> AsyncIterator[Page]:
    async with visit(browser, playground.sandbox.url, is_phone=True) as page:
        yield page


async def say(page: Page, text: str) -> None:
    await page.get_by_test_id("composer-text").fill(text)
    await page.get_by_test_id("send").click()


def from_robot(page: Page) -> Locator:
    return page.locator('[data-testid="message"][data-author="robot"]')


async def asked(page: Page, text: str) -> Locator:
    """What the robot answers here to `text`."""
    seen = await from_robot(page).count()
    await say(page, text)
    answer = from_robot(page).nth(seen)
    await expect(answer).to_be_visible(timeout=SECONDS)
    return answer


async def remind_the_owner(page: Page) -> Locator:
    """Move the clock to the monthly clean-up and look into the owner's private chat."""
    await expect(page.get_by_test_id("next-job")).to_contain_text("每月群成员清理", timeout=SECONDS)
    await page.get_by_test_id("advance").click()
    await page.get_by_test_id("role-owner").click()
    reminder = from_robot(page).filter(has_text="段志高").first
    await expect(reminder).to_be_visible(timeout=SECONDS)
    return reminder


async def test_a_question_is_answered_with_the_article_and_the_next_best_as_links(visitor: Page) -> None:
    answer = await asked(visitor, QUESTION)
    await expect(answer).to_contain_text("二.6")
    await expect(answer.locator("blockquote strong")).to_be_visible()
    await expect(answer.locator(".mention")).to_have_text("@林晓彤")
    button = answer.locator("button.says").first
    article = (await button.inner_text()).split()[0]
    seen = await from_robot(visitor).count()
    await button.click()
    await expect(from_robot(visitor).nth(seen)).to_contain_text(article, timeout=SECONDS)


async def test_without_at_the_robot_says_nothing(visitor: Page, playground: Playground) -> None:
    await visitor.get_by_test_id("at").click()
    await say(visitor, QUESTION)
    await visitor.get_by_test_id("at").click()
    answer = await asked(visitor, "谢谢")
    await expect(answer).to_contain_text("不客气")
    assert await from_robot(visitor).count() == 1


async def test_an_advert_brings_the_sender_a_private_word(visitor: Page, playground: Playground) -> None:
    await say(visitor, ADVERT)
    news = visitor.get_by_test_id("news").filter(has_text="林晓彤的私聊")
    await news.click(timeout=SECONDS)
    await expect(visitor.get_by_test_id("person")).to_have_value(college.STAFF)
    await expect(visitor.get_by_test_id("chat-title")).to_have_text("群管家")
    await expect(from_robot(visitor).last).to_contain_text("五.2", timeout=SECONDS)
    in_group = playground.world.in_chat(college.STAFF_GROUP)
    assert [message.author for message in in_group] == [college.STAFF], "nobody is shamed in the group"


async def test_the_clock_brings_the_owner_a_reminder_whose_button_is_recorded(visitor: Page) -> None:
    before = await visitor.get_by_test_id("clock").inner_text()
    reminder = await remind_the_owner(visitor)
    await expect(visitor.get_by_test_id("clock")).not_to_have_text(before)
    await visitor.get_by_test_id("role-admin").click()
    await expect(await asked(visitor, "/清理 状态")).to_contain_text("周明远")
    await visitor.get_by_test_id("role-owner").click()
    seen = await from_robot(visitor).count()
    await reminder.get_by_test_id("card-button").filter(has_text="全部已移出").click()
    answer = from_robot(visitor).nth(seen)
    await expect(answer).to_contain_text("已记录", timeout=SECONDS)
    await expect(answer).to_contain_text("段志高：已移出")
    await visitor.get_by_test_id("role-admin").click()
    status = await asked(visitor, "/清理 状态")
    await expect(status).to_contain_text("已移出")
    await expect(status).not_to_contain_text("周明远")


async def test_an_admin_sees_how_rules_do_in_a_picture(visitor: Page) -> None:
    await say(visitor, ADVERT)
    await visitor.get_by_test_id("role-admin").click()
    answer = await asked(visitor, "/规则 统计")
    await expect(answer).to_contain_text("内容规则统计", timeout=SECONDS)
    picture = answer.get_by_role("img", name="近 8 周的内容提醒")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("complete", True)
    await expect(picture).to_have_js_property("naturalWidth", 1000)


async def test_reset_gives_a_fresh_bot_at_the_first_moment(visitor: Page, playground: Playground) -> None:
    await expect(visitor.get_by_test_id("advance")).to_be_enabled(timeout=SECONDS)
    before = await visitor.get_by_test_id("next-job").inner_text()
    await visitor.get_by_test_id("advance").click()
    await expect(visitor.get_by_test_id("next-job")).not_to_have_text(before, timeout=SECONDS)
    await visitor.get_by_test_id("reset").click()
    await visitor.get_by_test_id("confirm-reset-yes").click()
    await expect(visitor.get_by_test_id("next-job")).to_have_text(before, timeout=SECONDS)
    await playground.sandbox.until_connected()
    await expect(await asked(visitor, QUESTION)).to_contain_text("二.6")


async def test_everything_fits_a_phone(phone_visitor: Page) -> None:
    await expect(await asked(phone_visitor, QUESTION)).to_contain_text("二.6")
    await _fits(phone_visitor)
    reminder = await remind_the_owner(phone_visitor)
    await _fits(phone_visitor)
    button = reminder.get_by_test_id("card-button").filter(has_text="全部已移出")
    await button.tap()
    await expect(from_robot(phone_visitor).filter(has_text="已记录").first).to_be_visible(timeout=SECONDS)
    await _fits(phone_visitor)


async def _fits(page: Page) -> None:
    """Nothing is wider than the phone."""
    too_wide = await page.evaluate(
        "width => [...document.querySelectorAll('.messages, .messages *')]"
        ".filter(e => e.getBoundingClientRect().right > width + 0.5).map(e => e.className)",
        PHONE["width"],
    )
    assert too_wide == []
