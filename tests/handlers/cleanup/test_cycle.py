"""Who is asked what when a cycle opens, and what is not asked twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.cleanup.answers import understand
from handlers.cleanup.cycle import findings_of
from handlers.cleanup.findings import Found
from handlers.cleanup.roster import Roster
from handlers.message import GroupPost, Priority, Private
from storage.findings import Exemption
from storage.groups import Group
from storage.members import Member
from storage.staff import StaffFact
from tests.handlers.cleanup.desk import (
    ADMIN,
    CLERK,
    LI,
    STUDENTS,
    TEACHING,
    TEACHING_PROJECT,
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
    with a_desk(china(11, 2)) as desk:
        yield desk


def test_an_owner_gets_one_named_list_of_all_groups(desk: Desk) -> None:
    sent = desk.open()
    assert sorted(hearers(sent)) == [LI, WANG]
    body = private_to(WANG, sent)
    assert body.title == "请核对群成员"
    assert "2 个群里有 **3** 项" in body.text
    assert "**教务处工作群**（2 项）\n\n1、赵退之：已退休，2026-06-30 起（二.6.(二)）" in body.text
    assert "2、钱离：已离职，2026-08-31 起（二.6.(一)）" in body.text
    assert "**评估项目群**（1 项）\n\n3、孙内：已内退（二.6.(三)）" in body.text
    assert "「教务处工作群」成员依据：钉钉接口，11月02日" in body.text
    assert [(button.label, button.says) for button in body.buttons] == [
        ("全部已移出", "/清理 已移出 全部"),
        ("逐个处理", "/清理 逐个"),
        ("1 保留", "/清理 保留 1 工作需要"),
        ("都不清楚", "/清理 不清楚 全部"),
    ]


def test_numbers_begin_at_one_for_every_owner(desk: Desk) -> None:
    desk.open()
    assert [f.number for f in desk.store.findings.owed_by(WANG)] == [1, 2, 3]
    assert [f.number for f in desk.store.findings.owed_by(LI)] == [1, 2]


def test_a_group_hears_the_bare_count_and_no_name(desk: Desk) -> None:
    heard = posts(desk.open())
    assert set(heard) == {TEACHING, TEACHING_PROJECT, STUDENTS}
    assert heard[TEACHING] == "本群有 **2** 项成员信息需要核对，名单已私下发给群主。谢谢大家配合！"
    assert not any(name in text for text in heard.values() for name in ("赵", "钱", "孙", "冯", "陈"))


def test_the_count_waits_first_when_calls_are_scarce_and_goes_out_of_date_and_the_list_does_neither(desk: Desk) -> None:
    sent = desk.open()
    counts = [one for one in sent if isinstance(one, GroupPost)]
    assert {one.priority for one in counts} == {Priority.DIGEST}
    assert {one.expires_at for one in counts} == {desk.now + timedelta(days=3)}
    lists = [one for one in sent if isinstance(one, Private)]
    assert {(one.priority, one.expires_at) for one in lists} == {(Priority.REMINDER, None)}


def test_the_count_can_be_switched_off() -> None:
    with a_desk(china(11, 2), post_count_in_group=False) as desk:
        assert posts(desk.open()) == {}


def test_one_finding_has_a_button_for_each_answer(desk: Desk) -> None:
    desk.read(STUDENTS, "chen", LI)
    (button_labels, says) = zip(
        *((button.label, button.says) for button in private_to(LI, desk.open()).buttons), strict=True
    )
    assert button_labels == ("1 已移出", "1 保留", "1 不清楚")
    assert says == ("/清理 已移出 1", "/清理 保留 1 工作需要", "/清理 不清楚 1")


def test_a_group_in_order_is_told_in_one_line_and_not_posted_to(desk: Desk) -> None:
    desk.read(TEACHING_PROJECT, WANG, CLERK)
    sent = desk.open()
    assert "另有 1 个群没有问题。" in private_to(WANG, sent).text
    assert TEACHING_PROJECT not in posts(sent)


def test_only_the_kinds_of_the_schedule_are_looked_at(desk: Desk) -> None:
    desk.group("cidClass", "2023级1班", "class", "", "teacher", ("chen",))
    assert "cidClass" not in posts(desk.open())


def test_without_an_owner_the_head_of_the_department_is_asked(desk: Desk) -> None:
    desk.group(STUDENTS, "学生处工作群", "department", "学生处", None, ("chen", LI))
    sent = desk.open()
    assert "「学生处工作群」没有在岗的群主，所以请你核对。" in private_to(LI, sent).text
    assert "名单已私下发给负责人" in posts(sent)[STUDENTS]


def test_when_the_owner_has_gone_the_head_is_asked(desk: Desk) -> None:
    desk.group(TEACHING_PROJECT, "评估项目群", "project", "教务处", "qian", ("sun", CLERK))
    text = private_to(WANG, desk.open()).text
    assert "本群：群主已不在岗，钱离，离职（五.7），请部门负责人指定新群主" in text
    assert "孙内" in text


def test_without_a_head_a_main_admin_is_asked(desk: Desk) -> None:
    desk.group(TEACHING_PROJECT, "评估项目群", "project", "", None, ("sun", CLERK))
    assert "孙内" in private_to(ADMIN, desk.open()).text


def test_an_owner_whom_no_roster_knows_is_asked_all_the_same(desk: Desk) -> None:
    desk.group(TEACHING_PROJECT, "评估项目群", "project", "教务处", "newcomer", ("sun", CLERK))
    assert "孙内" in private_to("newcomer", desk.open()).text


def test_where_there_is_nobody_to_ask_nothing_is_lost_silently(desk: Desk) -> None:
    desk.settings = desk.settings.model_copy(
        update={"roles": desk.settings.roles.model_copy(update={"main_admins": ()})}
    )
    desk.group(TEACHING_PROJECT, "评估项目群", "project", "", None, ("sun", CLERK))
    sent = desk.open()
    assert TEACHING_PROJECT not in posts(sent)
    assert "2 owners, 1 groups with nobody to ask" in desk.store.audit.latest(1)[0].detail


def test_an_unregistered_group_is_asked_to_register(desk: Desk) -> None:
    desk.store.groups.save(Group("cidNew", "新群", owner=WANG))
    assert "本群：还没有登记（五.5），请在群里 @我 发送：/群 登记 类型 部门" in private_to(WANG, desk.open()).text


def test_the_next_opening_ends_the_cycle_before_and_asks_anew(desk: Desk) -> None:
    desk.open()
    desk.say(WANG, "1 保留到明年6月，其他不清楚")
    desk.now = china(12, 1)
    desk.read(TEACHING, "zhao", "qian", WANG)
    text = private_to(WANG, desk.open()).text
    assert "赵退之" not in text  # kept until June
    assert "4、钱离" in text
    assert len(desk.store.findings.open_cycles()) == 1
    assert [f.name for f in desk.store.findings.owed_by(WANG)] == ["钱离", "孙内"]


def test_an_exception_that_has_run_out_is_asked_about_again(desk: Desk) -> None:
    desk.open()
    desk.say(WANG, "1 保留到11月30日，2 3 保留到12月31日")
    desk.now = china(11, 30)
    assert WANG not in hearers(desk.open())
    desk.now = china(12, 1)
    text = private_to(WANG, desk.open()).text
    assert "赵退之" in text
    assert "钱离" not in text


@pytest.mark.parametrize("left", [1, 2, 3, 4, 6])
def test_the_examples_are_answers_to_this_very_list(desk: Desk, left: int) -> None:
    """Copied as they stand they are understood, and name nobody who is not on the list."""
    desk.open()
    desk.now = china(12, 1)
    desk.read(TEACHING_PROJECT, WANG)
    desk.read(TEACHING, WANG, *("zhao", "qian", "sun", "feng", "chen", "ghost")[:left])
    text = private_to(WANG, desk.open()).text
    examples = [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]
    asked = {f.number for f in desk.store.findings.owed_by(WANG)}
    assert min(asked) == 4
    assert len(asked) == left
    assert len(examples) == 3
    for example in examples:
        understood = understand(example, desk.now.date())
        assert understood.answers, example
        assert understood.rest == ()
        assert {number for answer in understood.answers for number in answer.numbers} <= asked


def test_a_button_of_the_last_list_answers_nothing_in_the_new_one(desk: Desk) -> None:
    """Cards stay in the chat for ever: number 1 was somebody else last month."""
    old = desk.open()
    desk.say(WANG, "1 保留到明年6月")
    desk.now = china(12, 1)
    desk.open()
    answer = reply(desk.tap(WANG, old, "1 保留")).text
    assert "没有这样的编号：1" in answer
    assert {f.state for f in desk.store.findings.asked_of(WANG)} == {"open"}


def test_what_is_open_elsewhere_is_not_asked_twice(desk: Desk) -> None:
    desk.open()
    sent = desk.call(ADMIN, "/清理 发起 部门群")
    assert hearers(sent) == []
    assert posts(sent) == {}
    assert len(desk.store.findings.owed_by(WANG)) == 3


def test_what_was_removed_is_not_asked_again_before_the_list_was_read_again(desk: Desk) -> None:
    desk.open()
    desk.say(WANG, "全部已移出")
    desk.now = china(12, 1)
    assert hearers(desk.open()) == [LI]
    desk.now = china(12, 2)
    desk.read(TEACHING, "zhao", WANG)  # still there
    assert "4、赵退之" in private_to(WANG, desk.open()).text


def test_who_comes_back_after_being_removed_is_found_again(desk: Desk) -> None:
    desk.open()
    desk.say(WANG, "全部已移出")
    for month, people in ((12, (WANG,)), (12, ("zhao", WANG))):
        desk.now += timedelta(days=15)
        assert desk.now.month in (11, month)
        desk.read(TEACHING, *people)
    assert "赵退之" in private_to(WANG, desk.open()).text


def test_an_exception_for_a_name_does_not_hide_that_somebody_retired(desk: Desk) -> None:
    desk.store.members.replace(TEACHING, [Member(TEACHING, CLERK, "悦悦"), Member(TEACHING, WANG)], "file", desk.now)
    desk.open()
    name = next(f for f in desk.store.findings.owed_by(WANG) if f.member == CLERK)
    assert name.reason == "name-form"
    desk.call(WANG, f"/清理 保留 {name.number} 已说明")
    assert CLERK not in {f.member for f in _found(desk)}
    desk.store.staff.put(StaffFact(CLERK, "personnel-file", "孙悦", "教务处", status="retired"), desk.now)
    assert "retired" in {f.reason for f in _found(desk) if f.member == CLERK}


def test_an_exception_for_the_group_itself_covers_one_reason(desk: Desk) -> None:
    group = desk.store.groups.get(TEACHING)
    assert group is not None
    quiet = desk.now - timedelta(days=400)
    desk.store.groups.save(replace(group, admins=(), last_heard_at=quiet))
    desk.open()
    dormant = next(f for f in desk.store.findings.owed_by(WANG) if f.reason == "dormant")
    desk.call(WANG, f"/清理 保留 {dormant.number} 寒暑假才用")
    reasons = {f.reason for f in _found(desk) if f.member is None}
    assert reasons == {"no-admin"}


def test_an_exception_that_ran_out_is_asked_again(desk: Desk) -> None:
    desk.store.findings.exempt(
        Exemption(TEACHING, "zhao", "返聘", WANG, desk.now, desk.now.date() + timedelta(days=29))
    )
    assert "赵退之" not in private_to(WANG, desk.open()).text
    desk.now = china(12, 2)
    assert "赵退之" in private_to(WANG, desk.open()).text


def test_opening_is_recorded(desk: Desk) -> None:
    desk.open()
    (entry,) = desk.store.audit.latest()
    assert (entry.actor, entry.action, entry.subject) == ("schedule", "清理 发起", "department-monthly")
    assert entry.detail == "3 groups, 5 findings, 2 owners"


def test_a_late_opening_says_so_to_everybody(desk: Desk) -> None:
    sent = desk.open(planned=china(11, 1))
    texts = [one.body.text for one in sent if isinstance(one, Private)] + list(posts(sent).values())
    assert all(text.startswith("（原定 11月01日 09:00，因停机补发）") for text in texts)


def test_a_schedule_that_left_the_settings_does_nothing(desk: Desk) -> None:
    assert desk.due("cleanup-cycle", "forgotten") == []
    assert desk.due("directory-sync") == []
    assert desk.store.findings.open_cycles() == []


def _found(desk: Desk) -> list[Found]:
    store, context = desk.store, desk.context
    return findings_of(store.groups.all(), store, Roster.load(store.staff), context.today, context.settings.cleanup)
