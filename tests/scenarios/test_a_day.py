"""Whole conversations over real WebSockets and HTTP: people by key, what they say and what they hear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import Steward
from bot.cli.sandbox import fill
from sandbox import college
from sandbox.college import ADMIN, EXTERNAL_GROUP, OUTSIDER, OWNER, SCENE_GROUP, STAFF, STAFF_GROUP
from sandbox.world import SandboxClock
from tests.scenarios.college_day import TUESDAY_MORNING, CollegeDay, college_day

QUESTION = "退休的老师还要留在群里吗"
ADVERT = "专业代写论文，加微信包过"
FIRST_WORKDAY_OF_DECEMBER = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
"""09:00 in Shanghai."""


def private(person: str) -> str:
    return f"private:{person}"


def fill_the_books(steward: Steward) -> None:
    """Personnel file, register and lists, as the sandbox command brings them in."""
    fill(steward.store, SandboxClock(TUESDAY_MORNING))


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[CollegeDay]:
    async with college_day(tmp_path, prepare=fill_the_books, admins=(ADMIN,)) as day:
        yield day


# -- answers -----------------------------------------------------------------------------------------------------


async def test_a_question_in_a_group_is_answered_there_to_whoever_asked(day: CollegeDay) -> None:
    answer = await day.ask(STAFF, STAFF_GROUP, QUESTION, "学院钉钉使用管理暂行办法")
    assert answer.via == "webhook"
    assert "二.6.(二)" in answer.text or "五.8" in answer.text
    assert answer.at_staff_ids == (STAFF,)
    assert answer.buttons == ()  # a card would mention nobody: links say the same (docs/platform.md §4)
    assert "](dtmd://dingtalkclient/sendMessage?content=" in answer.text
    assert ")：/规章 查看 " in answer.text  # the plain command stands behind each


async def test_a_button_shows_the_next_best_article(day: CollegeDay) -> None:
    answer = await day.ask(STAFF, private(STAFF), QUESTION, "按钮没反应时")
    before = day.last_number
    await day.sandbox.press(STAFF, answer, answer.buttons[0].title)
    shown = await day.hear(private(STAFF), "学院钉钉使用管理暂行办法", after=before)
    number = answer.buttons[0].title.split()[0]
    assert number in shown.text


async def test_what_no_regulation_speaks_of_is_refused(day: CollegeDay) -> None:
    answer = await day.ask(STAFF, STAFF_GROUP, "今天食堂有什么菜", "学院钉钉使用管理暂行办法")
    assert "二.6" not in answer.text


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("你好", "text", "我是群管家"),
        ("谢谢", "text", "不客气"),
        ("帮助", "text", "/帮助"),
        ("", "text", "写在同一条消息里"),
        ("😀😀😀", "text", "收到"),
        ("字" * 5000, "text", "5000"),
        ("", "picture", "图片"),
        ("", "audio", ""),
        ("", "file", "文件"),
        ("", "unknownMsgType", "看不懂"),
    ],
)
async def test_whatever_is_sent_gets_a_fitting_short_reply(day: CollegeDay, text: str, kind: str, part: str) -> None:
    answer = await day.ask(STAFF, private(STAFF), text, part, kind=kind)
    assert len(answer.text) < 1000
    await day.settle()
    assert day.steward.store.inbox.counts()["parked"] == 0


async def test_an_outsider_hears_no_names_and_no_numbers(day: CollegeDay) -> None:
    for text in ("/本群", "/我是谁", "把各位老师的电话发我", "/群 列表"):
        answer = await day.ask(OUTSIDER, EXTERNAL_GROUP, text)
        assert "许文博" not in answer.text
        assert "1990000" not in answer.text


# -- flags -------------------------------------------------------------------------------------------------------


async def test_an_advert_brings_the_sender_a_private_word_and_the_group_nothing(day: CollegeDay) -> None:
    await day.sandbox.say(STAFF, STAFF_GROUP, ADVERT)
    word = await day.hear(private(STAFF), "五.2")
    await day.settle()
    assert word.via == "oToMessages"
    assert day.robot_said(STAFF_GROUP) == []
    (flag, *_) = day.steward.store.flags.latest()
    assert flag.sender == STAFF
    assert flag.article == "五.2"


async def test_a_disguised_advert_is_seen_through(day: CollegeDay) -> None:
    await day.sandbox.say(STAFF, STAFF_GROUP, "專業 代*寫 論\u200b文，加微信")
    await day.hear(private(STAFF), "五.2")


async def test_an_identity_number_is_masked_wherever_it_is_kept(day: CollegeDay) -> None:
    number = "11010519491231002X"
    await day.sandbox.say(STAFF, STAFF_GROUP, f"我的身份证号是{number}，帮我登记")
    await day.hear(private(STAFF), "四.(三).2")
    await day.settle()
    (flag, *_) = day.steward.store.flags.latest()
    assert number not in flag.excerpt
    assert all(number not in said for said in day.robot_said(private(STAFF)))


async def test_a_report_by_quoting_reaches_owner_and_admin_and_hides_the_reporter(day: CollegeDay) -> None:
    await day.sandbox.say("T1062", STAFF_GROUP, ADVERT, at_robot=False)
    bad = next(m for m in day.world.in_chat(STAFF_GROUP) if ADVERT in m.text)
    await day.sandbox.say(STAFF, STAFF_GROUP, "举报", quotes=bad.message_id)
    to_admin = await day.hear(private(ADMIN), "举报")
    to_owner = await day.hear(private(college.OTHER_OWNER), "举报")
    await day.hear(private(STAFF), "举报")
    await day.settle()
    assert "林晓彤" not in to_owner.text
    assert STAFF not in to_owner.text
    assert to_admin.text
    assert all("林晓彤" not in said for said in day.robot_said(STAFF_GROUP))
    assert day.steward.store.flags.latest()[0].reporter == STAFF


# -- clean-up ----------------------------------------------------------------------------------------------------


async def test_the_owner_is_reminded_on_schedule_and_answers_by_buttons_and_words(day: CollegeDay) -> None:
    day.go_to(FIRST_WORKDAY_OF_DECEMBER)
    asked = await day.hear(private(OWNER), "段志高", "潘玉梅")
    count = await day.hear(SCENE_GROUP, "私下发给群主")
    assert "段志高" not in count.text
    assert count.via == "groupMessages"
    assert asked.buttons[0].title == "全部已移出"
    assert "/清理 已移出 全部" in asked.text
    await day.settle()

    owed = day.steward.store.findings.owed_by(OWNER)
    assert len(owed) > 3
    before = day.last_number
    await day.ask(OWNER, private(OWNER), f"{owed[0].number} 已移出，{owed[1].number} 返聘保留到2027年6月30日", "已记录")
    kept = next(f for f in day.steward.store.findings.asked_of(OWNER) if f.number == owed[1].number)
    assert kept.state == "kept"
    answer = await day.hear(private(OWNER), "已记录", after=before)
    await day.sandbox.press(OWNER, answer, next(b.title for b in answer.buttons if "不清楚" in b.title))
    await day.hear(private(ADMIN), "不清楚")
    status = await day.ask(OWNER, private(OWNER), "/清理 状态", "还欠")
    assert "周明远" in status.text
    done = await day.ask(OWNER, private(OWNER), "全部已移出", "全部处理完了")
    assert done.text
    assert day.steward.store.findings.owed_by(OWNER) == []


async def test_who_does_not_answer_is_reminded_and_who_has_finished_is_not(day: CollegeDay) -> None:
    day.go_to(FIRST_WORKDAY_OF_DECEMBER)
    await day.hear(private(OWNER), "段志高")
    await day.hear(private(college.OTHER_OWNER), "核对")
    await day.settle()
    await day.ask(OWNER, private(OWNER), "全部已移出", "全部处理完了")
    before = day.last_number
    day.go_to(FIRST_WORKDAY_OF_DECEMBER + timedelta(days=2, hours=1, minutes=5))
    await day.hear(private(college.OTHER_OWNER), "第 1 次提醒", after=before)
    await day.settle()
    assert all("提醒" not in said for said in day.robot_said(private(OWNER), after=before))


# -- commands ----------------------------------------------------------------------------------------------------


async def test_an_admin_starts_a_cycle_after_confirming(day: CollegeDay) -> None:
    await day.directory_read()
    asked = await day.ask(ADMIN, private(ADMIN), "/清理 发起 部门群", "/确认")
    before = day.last_number
    await day.sandbox.press(ADMIN, asked, "确认")
    await day.hear(private(ADMIN), "已发起", after=before)
    await day.hear(private(OWNER), "段志高", after=before)
    assert "清理 发起" in [entry.action for entry in day.steward.store.audit.latest()]


async def test_a_teacher_is_refused_what_an_admin_may(day: CollegeDay) -> None:
    answer = await day.ask(STAFF, STAFF_GROUP, "/清理 发起", "子管理员")
    assert STAFF_GROUP in answer.text
    assert day.steward.store.findings.last_cycle() is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("/帮助", "/清理"),
        ("／我是谁", "主管理员"),
        ("/状态", "待处理"),
        ("/群 列表", "教务处工作群"),
        ("/群 查看 教务处工作群", "周明远"),
        ("/规则 列表", "涉密内容"),
        (f"/规则 测试 {ADVERT}", "五.2"),
        ("/规章 列表", "学院钉钉使用管理暂行办法"),
        (f"/规章 测试 {QUESTION}", "二.6"),
        ("/清理 状态", "清理"),
        ("/清理 名单", "没有待处理"),
        ("/计划 列表", "department-monthly"),
        ("/schedule list", "department-monthly"),
    ],
)
async def test_an_admins_commands_are_obeyed(day: CollegeDay, text: str, part: str) -> None:
    await day.ask(ADMIN, private(ADMIN), text, part)


async def test_a_group_is_registered_from_within(day: CollegeDay) -> None:
    group = college.UNREGISTERED_GROUPS[0]
    await day.ask("T1081", group, "/群 登记 部门群 外国语学院 教研活动", "已登记")
    await day.ask("T1081", group, "/本群", "部门群", "外国语学院")
    registered = day.steward.store.groups.get(group)
    assert registered is not None
    assert registered.is_registered
    assert "群 登记" in [entry.action for entry in day.steward.store.audit.latest()]


# -- many at once --------------------------------------------------------------------------------------------------


async def test_everybody_at_once_is_answered_once(day: CollegeDay) -> None:
    askers = [key for key, person in day.world.people.items() if person.staff_id and person.is_in_directory][:40]
    await asyncio.gather(*(day.sandbox.say(key, private(key), QUESTION) for key in askers))
    for key in askers:
        await day.hear(private(key), "学院钉钉使用管理暂行办法")
    await day.settle()
    assert all(len(day.robot_said(private(key))) == 1 for key in askers)
