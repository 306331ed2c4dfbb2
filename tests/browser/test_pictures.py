"""A picture that the robot uploaded is shown on the page, and nothing is fetched from elsewhere."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import Page, expect

from bot.charts.data import to_data
from bot.charts.pictures import drawn
from sandbox import college
from sandbox.core import StoredFile
from tests.bot.test_charts import CHART
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_chart_is_seen_on_a_desktop_and_on_a_phone(page: Page, phone: Page, stage: Stage) -> None:
    stage.sandbox.core.media["@lALchart"] = StoredFile("chart.png", drawn(json.dumps(to_data(CHART))))
    stage.robot(college.STAFF_GROUP, "![近 8 周的内容提醒](@lALchart)\n\n上周命中 6 次。")
    for screen in (page, phone):
        await is_seen(screen)


async def is_seen(page: Page) -> None:
    picture = page.get_by_test_id("message").last.get_by_role("img", name="近 8 周的内容提醒")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 1000)
    bubble = await page.get_by_test_id("message").last.locator(".bubble").bounding_box()
    box = await picture.bounding_box()
    assert bubble is not None
    assert box is not None
    assert box["width"] > 200
    assert box["x"] + box["width"] <= bubble["x"] + bubble["width"], "it does not stick out"


async def test_no_picture_is_fetched_from_elsewhere(page: Page, stage: Stage) -> None:
    stage.robot(college.STAFF_GROUP, "![外面的图](https://example.org/a.png)")
    said = page.get_by_test_id("message").last
    await expect(said).to_contain_text("［图片：外面的图］")
    await expect(said.locator(".content img")).to_have_count(0)
