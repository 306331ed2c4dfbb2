"""Names, titles and typed words that try to be more than words stand in our messages as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from handlers.groups import texts as group_texts
from handlers.message import Ding, Outgoing
from storage.groups import Group
from storage.members import Member
from storage.staff import StaffFact
from tests.handlers.cleanup.desk import ADMIN, CHINA, LI, STUDENTS, WANG, Desk, a_desk, china, private_to

TRAP = "**@all** [领奖](https://evil.example/a_b)\n# 通知"
SHOWN = "＊＊＠all＊＊ ［领奖］(https：//evil.example/a＿b) ＃ 通知"


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A group, a member and an owner with such names."""
    with a_desk(china(11, 2)) as desk:
        desk.group(STUDENTS, TRAP, "department", "学生处", LI, (LI,))
        desk.store.members.replace(STUDENTS, [Member(STUDENTS, "chen"), Member(STUDENTS, LI)], "file", desk.now)
        for staff_id, status in (("chen", "departed"), (LI, "serving")):
            desk.store.staff.put(StaffFact(staff_id, "personnel-file", TRAP, "学生处", status=status), desk.now)
        yield desk


def texts_of(sent: Sequence[Outgoing] | None) -> list[str]:
    assert sent
    return [one.body.text for one in sent if not isinstance(one, Ding)]


def test_every_message_of_a_cycle_shows_them_as_they_are(desk: Desk) -> None:
    said = texts_of(desk.open())
    assert SHOWN in private_to(LI, desk.open()).text
    desk.now = china(11, 5, 10)
    said += texts_of(desk.due("cleanup-reminders"))
    said += texts_of(desk.call(LI, "/清理 名单")) + texts_of(desk.call(LI, "/清理 逐个"))
    said += texts_of(desk.call(LI, f"/清理 保留 1 {TRAP}"))
    said += texts_of(desk.call(LI, "/清理 撤回 1")) + texts_of(desk.call(LI, "/清理 不清楚 1"))
    said += texts_of(desk.call(ADMIN, "/清理 状态"))
    assert sum(SHOWN in text for text in said) >= 6
    for text in said:
        assert not any(sign in text for sign in ("@all", "](http", "https://", "\n# ", "a_b"))


def test_what_was_not_understood_is_quoted_as_plain_text(desk: Desk) -> None:
    desk.open()
    [text] = texts_of(desk.say(LI, "1 已移出，2 [退群](https://evil.example)"))
    assert "https://" not in text


def test_the_register_shows_them_as_they_are() -> None:
    group = Group("cid==", TRAP, "project", TRAP, WANG, (WANG,), TRAP)
    shown = [
        group_texts.registered(group, TRAP),
        group_texts.registered_for_admins(group, TRAP),
        group_texts.listing([group], {WANG: TRAP}),
        group_texts.several([group]),
        group_texts.detail(group, TRAP, [TRAP], 3, CHINA),
        group_texts.here(group, TRAP, 3, CHINA),
        group_texts.for_outsiders(group, CHINA),
    ]
    for text in shown:
        assert SHOWN in text
        assert not any(sign in text for sign in ("@all", "](http", "https://", "\n# ", "a_b"))
