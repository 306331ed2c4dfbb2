"""The page with a scripted robot: what it shows and what its buttons do."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, FilePayload, Locator, Page, Request, expect

from sandbox import college
from sandbox.world import ShownButton
from tests.browser.stage import Stage, says
from tests.browser.visit import visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def last_message(page: Page) -> Locator:
    return page.get_by_test_id("message").last


async def send(page: Page, text: str) -> None:
    await page.get_by_test_id("composer-text").fill(text)
    await page.get_by_test_id("send").click()


async def test_a_sample_asks_and_the_answer_is_rendered(page: Page) -> None:
    await page.get_by_test_id("sample").first.click()
    answer = last_message(page)
    await expect(answer).to_have_attribute("data-author", "robot")
    await expect(answer.locator(".heading-3")).to_have_text("二.6.(二) 退休")
    await expect(answer.locator("blockquote")).to_contain_text("应及时移出")
    await expect(answer.locator("strong")).to_have_text("出处")
    await expect(answer.locator("ul > li")).to_have_text(["群主移出", "管理员核对"])
    await expect(answer.locator("ol > li")).to_have_text(["先看名单", "再答复"])
    link = answer.get_by_role("link", name="全文")
    await expect(link).to_have_attribute("href", "https://example.org/rule")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")


async def test_in_a_group_the_robot_is_mentioned_unless_switched_off(page: Page, stage: Stage) -> None:
    await send(page, "第一句")
    await expect(last_message(page)).to_contain_text("@群管家 第一句")
    await page.get_by_test_id("at").click()
    await expect(page.get_by_test_id("at")).to_have_attribute("aria-pressed", "false")
    await send(page, "第二句")
    await expect(last_message(page).locator(".plain")).to_have_text("第二句")
    assert stage.last.text == "第二句"
    assert stage.last.author == college.STAFF


async def test_buttons_and_examples_name_the_robot_whatever_the_composer_would_do(page: Page, stage: Stage) -> None:
    """As on the clients: what a button says reaches the robot, and quotes nothing."""
    button = ShownButton("再看一条", says("/规章 查看 二.7"))
    stage.robot(college.STAFF_GROUP, "还有一条", kind="actionCard", buttons=(button,))
    await page.get_by_test_id("at").click()
    await last_message(page).hover()
    await last_message(page).get_by_test_id("quote").click()
    await page.get_by_test_id("card-button").click()
    await expect(last_message(page)).to_contain_text("@群管家 /规章 查看 二.7")
    assert stage.last.quotes is None
    await expect(page.get_by_test_id("quoting")).to_contain_text("还有一条")
    await page.get_by_test_id("sample").last.click()
    await expect(last_message(page)).to_contain_text("@群管家 群昵称")


async def test_pictures_go_everywhere_voices_and_files_only_in_private(page: Page, stage: Stage) -> None:
    await page.get_by_test_id("attach").click()
    await expect(page.get_by_role("menuitem")).to_have_text(["图片"])
    await page.get_by_role("menuitem", name="图片").click()
    await expect(last_message(page)).to_contain_text("［图片］")
    await page.get_by_test_id("chat").first.click()
    await page.get_by_test_id("composer-text").fill("多久清理一次")
    await page.get_by_test_id("attach").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(last_message(page)).to_contain_text("［语音］多久清理一次")
    await expect(page.get_by_test_id("composer-text")).to_have_value("")
    await expect(page.get_by_test_id("attach-menu")).to_be_hidden()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("attach")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="文件").click()
    await expect(last_message(page)).to_contain_text("［文件］值班名单.xlsx")
    assert [message.kind for message in stage.world.messages] == ["picture", "audio", "file"]


async def test_a_chosen_file_is_sent_with_its_bytes(page: Page, stage: Stage) -> None:
    await page.get_by_test_id("chat").first.click()
    await page.get_by_test_id("attach").click()
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("menuitem", name="从电脑里选一个").click()
    chooser = await choosing.value
    await chooser.set_files(FilePayload(name="用车规定.txt", mimeType="text/plain", buffer="第一条 甲".encode()))
    await expect(last_message(page)).to_contain_text("［文件］用车规定.txt")
    assert [one.data for one in stage.sandbox.core.files.values()] == ["第一条 甲".encode()]


async def test_enter_sends_and_shift_enter_breaks_the_line(page: Page, stage: Stage) -> None:
    box = page.get_by_test_id("composer-text")
    await box.click()
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(last_message(page)).to_contain_text("two")
    assert stage.last.text == "@群管家 one\ntwo"
    await expect(box).to_have_value("")


HOSTILE = (
    "<img src=x onerror=\"document.title='owned'\">",
    "<script>document.title='owned'</script>",
    "[点我](javascript:document.title='owned')",
    "**<b onmouseover=alert(1)>粗</b>**",
    "![图](https://elsewhere.example/track.png)",
)


async def test_text_stays_text(page: Page, stage: Stage) -> None:
    foreign: list[str] = []

    def look(request: Request) -> None:
        if not request.url.startswith(stage.sandbox.url):
            foreign.append(request.url)

    page.on("request", look)
    for number, hostile in enumerate(HOSTILE):
        stage.robot(college.STAFF_GROUP, f"前 {hostile} 后{number}")
        body = last_message(page).locator(".content")
        await expect(body).to_contain_text(f"后{number}")
        assert await body.locator("img, script, b, a").count() == 0, hostile
        assert "owned" not in await page.title(), hostile
    assert foreign == []


async def test_no_text_breaks_the_renderer_or_becomes_markup(page: Page) -> None:
    """A few thousand texts made of the marks themselves, always the same ones."""
    strange = await page.evaluate("""async () => {
        const { render } = await import("/sandbox/static/markdown.js");
        const parts = ["#", "##  ", ">", "> ", "*", "**", "_", "__", "`", "```", "- ", "1. ", "1、", "\\n", "\\n\\n",
            "  \\n", "[", "](", ")", "!", "\\\\", "@", "T1065", "词", " ", "<img src=x onerror=1>", "<font color=red>",
            "---", "dtmd://dingtalkclient/sendMessage?content=%E4", "javascript:1", "https://a.b/?q=1",
            "\\u0000", "🙂"];
        const allowed = new Set(["P", "STRONG", "EM", "CODE", "PRE", "UL", "OL", "LI", "BLOCKQUOTE", "HR", "BR", "A",
            "SPAN", "BUTTON"]);
        let seed = 42;
        const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
        const strange = [];
        const texts = Array.from({ length: 4000 }, () =>
            Array.from({ length: random(24) }, () => parts[random(parts.length)]).join(""));
        texts.push(">".repeat(20000), "[".repeat(15000), "**".repeat(5000), "- ".repeat(5000));
        for (const text of texts) {
            const box = document.createElement("div");
            try {
                box.append(render(text, (id) => id === "T1065" ? "林晓彤" : null));
            } catch (error) {
                strange.push([text.slice(0, 80), String(error)]);
            }
            for (const node of box.querySelectorAll("*")) {
                if (!allowed.has(node.tagName)) strange.push([text, node.tagName]);
                if (node.href && !/^https?:/.test(node.href)) strange.push([text, node.href]);
                if ([...node.attributes].some((one) => one.name.startsWith("on"))) strange.push([text, node.outerHTML]);
            }
        }
        return strange;
    }""")
    assert strange == []


async def test_a_mention_by_staff_id_is_shown_by_name(page: Page, stage: Stage) -> None:
    stage.robot(college.STAFF_GROUP, f"@{college.STAFF} 你好，@T9999 不认识", at=college.STAFF)
    await expect(last_message(page).locator(".mention")).to_have_text(["@林晓彤"])
    await expect(last_message(page)).to_contain_text("@T9999")


async def test_a_single_line_break_does_not_end_a_line(page: Page, stage: Stage) -> None:
    """As on the clients (docs/platform.md §10), so that a bot which relies on it is seen here first."""
    stage.robot(college.STAFF_GROUP, "一\n二  \n三\n\n四")
    body = last_message(page).locator(".content")
    await expect(body.locator("p")).to_have_count(2)
    await expect(body.locator("br")).to_have_count(1)
    assert await body.inner_text() == "一 二\n三\n\n四"


async def test_the_clock_moves_and_the_reminder_can_be_answered(page: Page, stage: Stage) -> None:
    await expect(page.get_by_test_id("next-job")).to_contain_text("每月群成员清理")
    before = await page.get_by_test_id("clock").inner_text()
    await page.get_by_test_id("advance").click()
    await expect(page.get_by_test_id("clock")).not_to_have_text(before)
    news = page.get_by_test_id("news")
    await expect(news).to_have_count(1)
    await expect(news).to_contain_text("周明远的私聊")
    await news.click()
    await expect(page.get_by_test_id("person")).to_have_value(college.OWNER)
    await expect(page.get_by_test_id("elsewhere")).to_be_hidden()
    ding = page.locator('[data-kind="ding"]')
    await expect(ding).to_contain_text("DING")
    await page.get_by_test_id("card-button").get_by_text("全部已移出").click()
    await expect(last_message(page).locator(".plain")).to_have_text("全部已移出 + 100%")
    assert (stage.last.author, stage.last.chat) == (college.OWNER, f"private:{college.OWNER}")
    await expect(page.get_by_role("link", name="看规定")).to_have_attribute("href", "https://example.org/")


async def test_roles_switch_to_the_private_chats(page: Page) -> None:
    await page.get_by_test_id("role-owner").click()
    await expect(page.get_by_test_id("chat-title")).to_have_text("群管家")
    await expect(page.get_by_test_id("person")).to_have_value(college.OWNER)
    await expect(page.get_by_test_id("at")).to_be_hidden()
    await page.get_by_test_id("role-admin").click()
    await expect(page.get_by_test_id("person")).to_have_value(college.ADMIN)
    await expect(page.get_by_test_id("sample")).to_have_count(3)
    await page.reload()
    await expect(page.get_by_test_id("person")).to_have_value(college.ADMIN)


async def test_anybody_can_be_picked_with_their_chats(page: Page, stage: Stage) -> None:
    await page.get_by_test_id("person").select_option(college.STUDENT)
    await expect(page.get_by_test_id("chat")).to_have_count(2)
    await expect(page.get_by_test_id("chat")).to_contain_text(["群管家", "软件2301班级群"])
    await page.get_by_test_id("person").select_option(college.OUTSIDER)
    chats = [group.title for group in stage.world.groups.values() if college.OUTSIDER in group.members]
    await expect(page.get_by_test_id("chat")).to_have_count(len(chats))


async def test_unread_messages_are_counted_until_looked_at(page: Page, stage: Stage) -> None:
    for number in range(3):
        stage.robot(college.EXTERNAL_GROUP, f"第 {number} 条")
    badge = page.get_by_test_id("chats").get_by_test_id("unread")
    await expect(badge).to_have_text("3")
    await page.get_by_test_id("chat").filter(has_text="校企合作交流群").click()
    await expect(badge).to_have_count(0)


async def test_a_message_can_be_quoted(page: Page, stage: Stage) -> None:
    stage.robot(college.STAFF_GROUP, "被引用的话")
    shown = stage.world.messages[-1]
    await last_message(page).hover()
    await last_message(page).get_by_test_id("quote").click()
    await expect(page.get_by_test_id("quoting")).to_contain_text("被引用的话")
    await send(page, "举报")
    await expect(last_message(page).locator(".quoted")).to_have_text("群管家：被引用的话")
    assert stage.last.quotes == shown.message_id
    await expect(page.get_by_test_id("quoting")).to_be_hidden()


async def test_what_could_not_be_sent_comes_back_with_the_reason(browser: Browser, stage: Stage) -> None:
    async with visit(browser, stage.sandbox.url, expects_errors=True) as page:
        stage.robot(college.STAFF_GROUP, "被引用的话")
        await last_message(page).hover()
        await last_message(page).get_by_test_id("quote").click()
        stage.world.groups[college.STAFF_GROUP].members.remove(college.STAFF)
        await send(page, "还在吗")
        await expect(page.get_by_test_id("toast")).to_contain_text("林晓彤 不在这个会话里")
        await expect(page.get_by_test_id("composer-text")).to_have_value("还在吗")
        await expect(page.get_by_test_id("quoting")).to_contain_text("被引用的话")


async def test_reset_begins_anew(page: Page) -> None:
    await send(page, "会被忘掉的话")
    await expect(page.get_by_test_id("message")).to_have_count(1)
    await page.get_by_test_id("reset").click()
    await page.get_by_role("button", name="不了").click()
    await expect(page.get_by_test_id("message")).to_have_count(1)
    await page.get_by_test_id("reset").click()
    await page.get_by_test_id("confirm-reset-yes").click()
    await expect(page.get_by_test_id("message")).to_have_count(0)
    await expect(page.get_by_test_id("messages")).to_contain_text("还没有消息")


async def test_everything_comes_from_the_sandbox_itself(page: Page, stage: Stage) -> None:
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    response = await page.reload()
    assert response is not None
    assert "default-src 'self'" in (response.headers["content-security-policy"])
    await page.locator("body[data-ready]").wait_for()
    assert len(urls) > 5
    assert [url for url in urls if not url.startswith(stage.sandbox.url)] == []
    assert stage.sandbox.violations == []


async def wide(page: Page) -> int:
    width = await page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
    assert isinstance(width, int)
    return width


async def test_a_phone_never_scrolls_sideways(phone: Page, stage: Stage) -> None:
    await expect(phone.get_by_test_id("sidebar")).to_be_hidden()
    await phone.get_by_test_id("sample").first.tap()
    await expect(last_message(phone)).to_contain_text("应当移出")
    stage.robot(
        college.STAFF_GROUP, "```\n" + "长" * 200 + "\n```\n\n" + "x" * 300 + " [" + "y" * 200 + "](https://a.b)"
    )
    await expect(last_message(phone)).to_contain_text("xxx")
    assert await wide(phone) <= 390
    await phone.get_by_test_id("advance").tap()
    await phone.get_by_test_id("news").tap()
    await expect(phone.get_by_test_id("card-button").first).to_be_visible()
    assert await wide(phone) <= 390
    box = await phone.get_by_test_id("send").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= 844


async def test_a_phone_has_the_chats_behind_a_button(phone: Page) -> None:
    await phone.get_by_test_id("open-chats").tap()
    await expect(phone.get_by_test_id("sidebar")).to_be_visible()
    assert await wide(phone) <= 390
    await phone.get_by_test_id("chat").filter(has_text="软件教研室").tap()
    await expect(phone.get_by_test_id("sidebar")).to_be_hidden()
    await expect(phone.get_by_test_id("chat-title")).to_have_text("软件教研室")


async def test_on_a_phone_nothing_covers_anything(phone: Page, stage: Stage) -> None:
    stage.robot(college.STAFF_GROUP, "好", kind="actionCard", buttons=(ShownButton("好", says("好")),))
    await phone.get_by_test_id("advance").tap()
    await expect(phone.get_by_test_id("toast")).to_be_visible()
    line = last_message(phone).locator(".byline")
    time, quote = await line.locator("time").bounding_box(), await line.get_by_test_id("quote").bounding_box()
    assert time is not None
    assert quote is not None
    assert time["x"] + time["width"] <= quote["x"]
    await phone.get_by_test_id("role-owner").tap(timeout=2000)
    await expect(phone.get_by_test_id("person")).to_have_value(college.OWNER)


async def test_a_long_message_is_read_from_its_beginning(phone: Page, stage: Stage) -> None:
    stage.robot(college.STAFF_GROUP, "短的")
    stage.robot(college.STAFF_GROUP, "开头\n\n" + "一段话\n\n" * 60 + "结尾")
    await expect(last_message(phone)).to_contain_text("结尾")
    await expect(last_message(phone).get_by_text("开头")).to_be_in_viewport()
    await expect(last_message(phone).get_by_text("结尾")).not_to_be_in_viewport()


async def test_the_keyboard_is_enough(page: Page, stage: Stage) -> None:
    button = ShownButton("全部已移出", says("全部已移出"))
    stage.robot(f"private:{college.OWNER}", "请核对", kind="actionCard", buttons=(button,))
    await page.get_by_test_id("role-owner").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("role-owner")).to_be_focused()
    await expect(page.get_by_test_id("person")).to_have_value(college.OWNER)
    for _ in range(30):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.dataset.testid") == "card-button":
            break
    await page.keyboard.press("Enter")
    await expect(last_message(page).locator(".plain")).to_have_text("全部已移出")
    await page.locator("#skip").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("composer-text")).to_be_focused()
    await expect(page.get_by_test_id("person")).to_have_value(college.OWNER)
    await page.keyboard.type("好的")
    await page.keyboard.press("Enter")
    await expect(last_message(page).locator(".plain")).to_have_text("好的")


async def test_a_closed_list_of_chats_gives_the_keyboard_back(phone: Page) -> None:
    await phone.get_by_test_id("open-chats").focus()
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_test_id("person")).to_be_focused()
    await phone.keyboard.press("Escape")
    await expect(phone.get_by_test_id("open-chats")).to_be_focused()
    await expect(phone.get_by_test_id("open-chats")).to_have_attribute("aria-expanded", "false")


async def test_every_control_has_a_name(page: Page) -> None:
    for control in await page.locator("button:visible, select:visible, textarea:visible").all():
        name = await control.evaluate(
            "e => e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || ''"
        )
        assert re.search(r"\w", name), await control.evaluate("e => e.outerHTML")
