"""`/清理` and `/计划`, as admins, owners and everybody else use them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.access import Role
from handlers.commands.command import UsageError
from handlers.message import GroupPost, Private, Reply
from handlers.settings import CleanupSchedule, CleanupSettings
from storage.roles import Grant
from tests.handlers.cleanup.desk import (
    ADMIN,
    CLERK,
    COMMANDS,
    LI,
    STUDENTS,
    TEACHING,
    WANG,
    Desk,
    a_desk,
    china,
    hearers,
    posts,
    private_to,
    reply,
)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk(china(11, 24, 9, 30)) as desk:
        yield desk


@pytest.fixture
def asked(desk: Desk) -> Desk:
    desk.open()
    return desk


def test_the_effect_of_starting_is_told_before_anything_happens(desk: Desk) -> None:
    assert desk.effect(ADMIN, "/清理 发起 部门群") == (
        "将核对 2 个群，向 2 位群主或负责人私下发送共 4 项，并在有问题的群里发一条只含项数的提示。"
    )
    assert desk.store.findings.open_cycles() == []


def test_the_effect_warns_of_the_hour(desk: Desk) -> None:
    desk.now = china(11, 24, 20)
    assert desk.effect(ADMIN, "/清理 发起").endswith("提示。现在不是工作时间，对方会马上收到消息。")
    desk.now = china(11, 24, 22)
    assert desk.effect(ADMIN, "/清理 发起").endswith("提示。现在是夜间，对方会在早上 07:00 以后收到消息。")


def test_starting_at_night_says_when_the_owners_hear_of_it(desk: Desk) -> None:
    desk.now = china(11, 24, 22)
    text = reply(desk.call(ADMIN, "/清理 发起")).text
    assert "。现在是夜间，对方会在早上 07:00 以后收到消息。\n\n进度请看" in text


def test_starting_asks_the_owners_and_is_recorded(desk: Desk) -> None:
    sent = desk.call(ADMIN, "/清理 发起 部门群")
    assert reply(sent).text == "已发起：2 个群，4 项，通知了 2 位。\n\n进度请看：/清理 状态"
    assert sorted(hearers(sent)) == [LI, WANG]
    assert set(posts(sent)) == {TEACHING, STUDENTS}
    (entry,) = desk.store.audit.latest()
    assert (entry.actor, entry.action, entry.detail) == (ADMIN, "清理 发起", "department: 4 findings, 2 owners")


@pytest.mark.parametrize("words", ["部门群", "部门", "department", "部门群、项目群", "部门群 项目", "全部", "all", ""])
def test_kinds_of_groups_can_be_named(desk: Desk, words: str) -> None:
    assert "已发起" in reply(desk.call(ADMIN, f"/清理 发起 {words}".strip())).text


def test_an_unknown_kind_is_named(desk: Desk) -> None:
    with pytest.raises(UsageError, match="没有「家长群」这种群，可写：部门群、项目群、班级群、外部群、全部"):
        desk.call(ADMIN, "/清理 发起 家长群")


def test_starting_twice_says_what_is_under_way(asked: Desk) -> None:
    assert "另有 5 项正在处理，不重复询问" in asked.effect(ADMIN, "/清理 发起")
    text = reply(asked.call(ADMIN, "/清理 发起")).text
    assert "0 项，通知了 0 位" in text
    assert "另有 5 项正在处理" in text


def test_starting_the_same_again_asks_anew(desk: Desk) -> None:
    desk.call(ADMIN, "/清理 发起 部门群")
    desk.say(WANG, "1不清楚")
    sent = desk.call(ADMIN, "/清理 发起 部门群")
    assert "3、赵退之" in private_to(WANG, sent).text
    assert len(desk.store.findings.open_cycles()) == 1


def test_another_kind_does_not_end_the_cycle_under_way(desk: Desk) -> None:
    desk.call(ADMIN, "/清理 发起 部门群")
    desk.call(ADMIN, "/清理 发起 项目群")
    assert [f.number for f in desk.store.findings.owed_by(WANG)] == [1, 2, 3]


def test_what_was_answered_in_an_unread_list_is_counted(desk: Desk) -> None:
    desk.call(ADMIN, "/清理 发起 部门群")
    desk.say(WANG, "全部已移出")
    assert "另有 2 项群主已答复移出" in reply(desk.call(ADMIN, "/清理 发起 部门群")).text


def test_a_sub_admin_acts_within_the_departments_granted(desk: Desk) -> None:
    desk.store.roles.grant(Grant(CLERK, "sub-admin", departments=("学生处",)), ADMIN, desk.now)
    assert hearers(desk.call(CLERK, "/清理 发起")) == [LI]
    desk.call(ADMIN, "/清理 发起 部门群")
    status = reply(desk.call(CLERK, "/清理 状态")).text
    assert "李明" in status
    assert "王建国" not in status


def test_only_admins_may_start_and_everybody_may_answer() -> None:
    roles = {command.words[1]: command.role for command in COMMANDS}
    assert roles["发起"] is Role.SUB_ADMIN
    assert {roles[word] for word in ("状态", "名单", "逐个", "已移出", "保留", "不清楚", "撤回")} == {Role.STAFF}
    assert all(command.effect is None for command in COMMANDS if command.words[1] != "发起")


def test_an_admin_sees_who_owes_what(asked: Desk) -> None:
    asked.say(WANG, "1 已移出，2 保留")
    assert reply(asked.call(ADMIN, "/清理 状态")).text == (
        "**清理进度**（11月24日发起）\n\n已处理 2/5 项（已移出 1、保留 1）。\n\n- 李明：还欠 2 项\n- 王建国：还欠 1 项"
    )


def test_an_owner_sees_the_own_part_only(asked: Desk) -> None:
    text = reply(asked.call(WANG, "/清理 状态")).text
    assert "已处理 0/3 项" in text
    assert "王建国：还欠 3 项" in text
    assert "李明" not in text


def test_status_names_nobody_in_a_group(asked: Desk) -> None:
    sent = asked.call(ADMIN, "/清理 状态", conversation=TEACHING)
    assert [type(one) for one in sent] == [Private, Reply]
    assert reply(sent).text == "已私下发给你。"
    assert "王建国" in private_to(ADMIN, sent).text


def test_before_the_first_cycle_status_says_so(desk: Desk) -> None:
    assert "还没有发起过清理" in reply(desk.call(ADMIN, "/清理 状态")).text


def test_who_was_not_asked_owes_nothing(asked: Desk) -> None:
    for command in ("名单", "逐个", "已移出 1", "保留 1", "不清楚 全部"):
        assert reply(asked.call(CLERK, f"/清理 {command}")).text == "你名下没有待处理的清理事项，谢谢！"
    assert reply(asked.call(CLERK, "/清理 状态")).text == "目前没有待处理的清理事项。"


def test_the_own_list_in_private_and_from_a_group(asked: Desk) -> None:
    body = reply(asked.call(WANG, "/清理 名单"))
    assert "1、赵退之" in body.text
    assert body.buttons[0].label == "全部已移出"
    sent = asked.call(WANG, "/清理 名单", conversation=TEACHING)
    assert private_to(WANG, sent) == body
    assert "赵退之" not in reply(sent).text


def test_the_english_words_do_the_same(asked: Desk) -> None:
    assert reply(asked.call(WANG, "/cleanup list")) == reply(asked.call(WANG, "/清理 名单"))
    assert "赵退之：已移出" in reply(asked.call(WANG, "/cleanup removed 1")).text


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/清理 已移出 1", "- 1 赵退之：已移出"),
        ("/清理 已移出 1,3", "- 3 孙内：已移出"),
        ("/清理 已移出 全部", "全部处理完了"),
        ("/清理 保留 2 返聘 2027-06-30", "- 2 钱离：保留（返聘）到 2027-06-30"),
        ("/清理 保留 2 返聘 到明年6月", "到 2027-06-30"),
        ("/清理 保留 2", "- 2 钱离：保留（工作需要）到 2027-05-23"),
        ("/清理 不清楚 3", "- 3 孙内：不清楚，已转管理员核对"),
        ("/清理 已移出 赵退之", "- 1 赵退之：已移出"),
        ("/清理 已移出 1 9", "没有这样的编号：9"),
    ],
)
def test_answers_by_command(asked: Desk, command: str, said: str) -> None:
    assert said in reply(asked.call(WANG, command)).text


@pytest.mark.parametrize(
    "command", ["/清理 已移出", "/清理 已移出 那两个", "/清理 保留 2 到2020-01-01", "/清理 撤回 甲"]
)
def test_an_answer_that_says_nothing_gets_the_usage(asked: Desk, command: str) -> None:
    with pytest.raises(UsageError):
        asked.call(WANG, command)
    assert {finding.state for finding in asked.store.findings.asked_of(WANG)} == {"open"}


def test_an_answer_in_a_group_is_confirmed_in_private(asked: Desk) -> None:
    sent = asked.call(WANG, "/清理 已移出 1", conversation=TEACHING)
    assert "赵退之" in private_to(WANG, sent).text
    assert reply(sent).text == "已私下发给你。"
    assert not any(isinstance(one, GroupPost) for one in sent)


def test_tapping_through_the_list_one_by_one(asked: Desk) -> None:
    sent = asked.tap(WANG, asked.call(WANG, "/清理 名单"), "逐个处理")
    assert "还剩 3 项，先看这一项：\n\n「教务处工作群」1、赵退之" in reply(sent).text
    sent = asked.tap(WANG, sent, "1 已移出")
    assert "下一项：\n\n「教务处工作群」2、钱离" in reply(sent).text
    sent = asked.tap(WANG, sent, "2 保留")
    assert "- 2 钱离：保留（工作需要）" in reply(sent).text
    sent = asked.tap(WANG, sent, "3 不清楚")
    assert "全部处理完了" in reply(sent).text


def test_an_answer_can_be_taken_back(asked: Desk) -> None:
    asked.call(WANG, "/清理 保留 1 3 返聘")
    sent = asked.call(WANG, "/清理 撤回 1")
    assert "已撤回答复，请重新核对：\n\n- 1 赵退之\n\n还剩 2 项" in reply(sent).text
    assert [f.state for f in asked.store.findings.asked_of(WANG)] == ["open", "open", "kept"]
    assert not asked.store.findings.is_exempt(TEACHING, "zhao", asked.now.date())
    assert asked.actions()[-1] == (WANG, "清理 撤回")
    assert reply(asked.call(WANG, "/清理 撤回 1")).text == "这些编号没有可以撤回的答复。"


def test_no_two_commands_share_their_words() -> None:
    assert (
        len({command.words for command in COMMANDS}) == len({command.aliases for command in COMMANDS}) == len(COMMANDS)
    )
    assert all(command.example.startswith("/" + " ".join(command.words)) for command in COMMANDS)


def test_schedules_are_listed_with_their_next_three_moments(desk: Desk) -> None:
    text = reply(desk.call(WANG, "/计划 列表")).text
    assert "**department-monthly**：每月第一个工作日 9:00，部门群、项目群" in text
    assert "接下来：2026-12-01 09:00（二）、" in text


def test_a_year_without_calendar_is_warned_of(desk: Desk) -> None:
    desk.now = china(11, 24).replace(year=2051)
    assert "提醒：2051、2052 年的放假安排还没有收录" in reply(desk.call(WANG, "/计划 列表")).text
    desk.now = china(3, 2).replace(year=2026)
    assert "提醒" not in reply(desk.call(WANG, "/schedule list")).text


def test_a_schedule_at_night_is_listed_with_the_time_at_which_it_speaks() -> None:
    nightly = CleanupSchedule(name="nightly", when="每周二 23:00")
    with a_desk(china(11, 24), schedules=(nightly,)) as desk:
        assert "接下来：2026-11-25 08:30（三）" in reply(desk.call(WANG, "/计划 列表")).text


def test_no_schedule_at_all(desk: Desk) -> None:
    desk.settings = desk.settings.model_copy(update={"cleanup": CleanupSettings(schedules=())})
    assert "现在没有定时清理计划" in reply(desk.call(WANG, "/计划 列表")).text
