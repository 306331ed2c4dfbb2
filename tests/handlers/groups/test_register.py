"""How groups become known, and who may say what they are for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.commands import groups as commands
from handlers.commands.command import Call, UsageError
from handlers.groups import texts
from handlers.groups.register import heard, look_up
from handlers.message import ChatKind, Incoming, Outgoing, Priority, Private, Reply, Sender
from storage.groups import Group
from tests.handlers.cleanup.desk import ADMIN, CHINA, CLASS, CLERK, LI, STUDENTS, TEACHING, WANG, Desk, a_desk, china

NEW = "cidNew"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk(china(11, 24)) as desk:
        yield desk


def run(desk: Desk, person: str, text: str, chat: str | None = None) -> list[Outgoing]:
    first, _, rest = text.removeprefix("/群 ").partition(" ")
    command = next(one for one in commands.COMMANDS if one.words[1] == first)
    kind = ChatKind.GROUP if chat else ChatKind.PRIVATE
    message = Incoming(
        "m", chat or f"private-{person}", kind, Sender(person), text, title="新群" if chat == NEW else ""
    )
    return command.run(Call(message, tuple(rest.split()), rest), desk.context)


def texts_of(sent: list[Outgoing], kind: type[Reply] | type[Private]) -> list[str]:
    return [one.body.text for one in sent if isinstance(one, kind)]


def group(desk: Desk, conversation: str) -> Group:
    found = desk.store.groups.get(conversation)
    assert found is not None
    return found


# -- becoming known ------------------------------------------------------------------------------------------------


def test_a_message_makes_a_group_known_and_lively(desk: Desk) -> None:
    message = Incoming("m", NEW, ChatKind.GROUP, Sender(CLERK), "你好", title="新群")
    heard(message, desk.context)
    first = group(desk, NEW)
    assert (first.title, first.kind, first.first_heard_at, first.last_heard_at) == ("新群", None, desk.now, desk.now)
    desk.now += timedelta(days=1)
    heard(message, desk.context)
    assert (group(desk, NEW).first_heard_at, group(desk, NEW).last_heard_at) == (first.first_heard_at, desk.now)


def test_a_private_message_is_no_group(desk: Desk) -> None:
    heard(Incoming("m", "private", ChatKind.PRIVATE, Sender(CLERK)), desk.context)
    assert desk.store.groups.get("private") is None


def test_being_heard_changes_nothing_else(desk: Desk) -> None:
    before = group(desk, TEACHING)
    heard(Incoming("m", TEACHING, ChatKind.GROUP, Sender(CLERK), title=""), desk.context)
    assert group(desk, TEACHING).admins == before.admins
    assert (group(desk, TEACHING).title, group(desk, TEACHING).kind) == (before.title, before.kind)


# -- registering ---------------------------------------------------------------------------------------------------


def test_who_registers_a_group_without_owner_answers_for_it(desk: Desk) -> None:
    sent = run(desk, CLERK, "/群 登记 项目 教务处 期末 考试", NEW)
    found = group(desk, NEW)
    assert (found.title, found.kind, found.department, found.purpose) == ("新群", "project", "教务处", "期末 考试")
    assert (found.owner, found.registered_by, found.registered_at) == (CLERK, CLERK, desk.now)
    assert "已登记：新群" in texts_of(sent, Reply)[0]
    assert "五.5" in texts_of(sent, Reply)[0]
    (told,) = [one for one in sent if isinstance(one, Private)]
    assert told.to == (ADMIN,)
    assert told.priority is Priority.DIGEST  # nothing for them to do
    assert "孙悦" in told.body.text
    assert desk.actions() == [(CLERK, "群 登记")]


@pytest.mark.parametrize(("person", "may"), [(WANG, True), (ADMIN, True), (CLERK, False), (LI, False)])
def test_a_group_with_an_owner_is_registered_by_owner_or_admin(desk: Desk, person: str, may: bool) -> None:
    before = group(desk, TEACHING)
    sent = run(desk, person, "/群 登记 外部群", TEACHING)
    if may:
        assert (group(desk, TEACHING).kind, group(desk, TEACHING).owner) == ("external", WANG)
        assert group(desk, TEACHING).department == before.department
    else:
        assert texts_of(sent, Reply) == [texts.NOT_YOURS]
        assert group(desk, TEACHING) == before
        assert desk.actions() == []


def test_registering_is_done_in_the_group(desk: Desk) -> None:
    assert texts_of(run(desk, WANG, "/群 登记 部门群"), Reply) == [texts.ONLY_IN_GROUP]


@pytest.mark.parametrize(
    ("text", "said"), [("/群 登记", "写明群的类型"), ("/群 登记 聊天群", "部门群、项目群、班级群、外部群")]
)
def test_a_wrong_kind_gets_the_kinds_there_are(desk: Desk, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run(desk, WANG, text, TEACHING)


# -- looking ------------------------------------------------------------------------------------------------------


def test_an_owner_sees_the_own_groups_and_an_admin_all(desk: Desk) -> None:
    (own,) = texts_of(run(desk, WANG, "/群 列表"), Reply)
    assert "共 2 个群" in own
    assert "学生处" not in own
    (everything,) = texts_of(run(desk, ADMIN, "/群 列表"), Reply)
    assert "共 3 个群" in everything
    assert "学生处工作群（部门群，李明）" in everything
    assert texts_of(run(desk, CLERK, "/群 列表"), Reply) == [texts.NONE_HERE]


def test_in_a_group_details_go_to_who_asked(desk: Desk) -> None:
    sent = run(desk, WANG, "/群 查看", TEACHING)
    (detail,) = texts_of(sent, Private)
    assert "教务处工作群" in detail
    assert "王建国" in detail
    assert all("王建国" not in text for text in texts_of(sent, Reply))


def test_a_group_in_full(desk: Desk) -> None:
    (detail,) = texts_of(run(desk, ADMIN, "/群 查看 学生处工作群"), Reply)
    for part in ("类型：部门群", "群主：李明", "周敏", "4 人，来自钉钉接口", "只有 @我 的消息", STUDENTS):
        assert part in detail


def test_nobody_sees_what_is_not_theirs(desk: Desk) -> None:
    with pytest.raises(UsageError, match="不归你管"):
        run(desk, WANG, "/群 查看 学生处工作群")
    with pytest.raises(UsageError, match="请写群名"):
        run(desk, WANG, "/群 查看")


def test_a_name_that_fits_several_is_asked_back(desk: Desk) -> None:
    (asked,) = texts_of(run(desk, ADMIN, "/群 查看 工作群"), Reply)
    assert "教务处工作群" in asked
    assert "学生处工作群" in asked


def test_look_up_goes_by_id_then_title_then_part() -> None:
    groups = [Group("cid1", "教务"), Group("cid2", "教务处"), Group("教务", "x")]
    assert look_up("cid2", groups) == [groups[1]]
    assert look_up("教务", groups) == [groups[0], groups[2]]
    assert look_up("务", groups) == groups[:2]
    assert look_up("", groups) == []


def test_texts_say_no_more_than_is_known(desk: Desk) -> None:
    bare = Group(CLASS)
    shown = texts.detail(bare, "（未知）", [], 0, CHINA)
    assert "未登记" in shown
    assert "还没有（普通群要由群主提供名单）" in shown
    assert "管理员：没有" in shown
    assert "只有 @我 的消息" in texts.detail(Group(CLASS, coverage="bridge"), "", [], 0, CHINA)
    long = texts.listing([Group(f"cid{n}", f"群{n}") for n in range(40)], {})
    assert "共 40 个群" in long
    assert "另有 10 个" in long


def test_no_number_of_a_person_gets_into_the_register(desk: Desk) -> None:
    """Everybody in the group can ask for its purpose."""
    run(desk, WANG, "/群 登记 部门群 教务处 值班电话13812345678", TEACHING)
    assert group(desk, TEACHING).purpose == "值班电话138******78"
