"""`/我是谁`, `/本群`, `/状态`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from storage.inbox import Arrival
from storage.outbox import Draft
from storage.staff import StaffFact
from tests.handlers.hall import ADMIN, CLERK, EXTERNAL, NEW, OFFICE, OWNER, Hall, a_hall, private_to, reply


@pytest.fixture
def hall() -> Iterator[Hall]:
    with a_hall() as hall:
        yield hall


def test_who_am_i_in_private(hall: Hall) -> None:
    text = hall.ask(CLERK, "/我是谁").text
    assert "姓名：孙悦" in text
    assert "部门：教务处/教学科" in text
    assert "身份：教职工" in text
    assert "138＊＊＊＊5678" in text
    assert "13812345678" not in text


def test_who_am_i_in_a_group_is_told_in_private(hall: Hall) -> None:
    sent = hall.say(CLERK, "/whoami", OFFICE)
    assert "孙悦" in private_to(CLERK, sent).text
    assert "孙悦" not in reply(sent).text
    assert "私下" in reply(sent).text


def test_an_owner_hears_of_the_own_groups(hall: Hall) -> None:
    text = hall.ask(OWNER, "/我是谁").text
    assert "身份：群主" in text
    assert "教务处工作群" in text


def test_a_name_is_no_markup(hall: Hall) -> None:
    hall.store.staff.put(StaffFact("sly", "directory", "[点我](http://x.cn)", "**部门**", title="@all"), hall.now)
    text = hall.ask("sly", "/我是谁").text
    assert "](" not in text
    assert "**部门**" not in text
    assert "@all" not in text


def test_somebody_whom_the_roster_does_not_know(hall: Hall) -> None:
    assert "名册里还没有" in hall.ask("stranger", "/我是谁").text


def test_here_tells_the_register_and_what_the_bot_hears(hall: Hall) -> None:
    text = hall.ask(CLERK, "/本群", OFFICE).text
    assert "类型：部门群" in text
    assert "群主：王建国" in text
    assert "只有 @我 的消息" in text
    assert OFFICE in text
    assert "没有登记" not in text


def test_here_in_a_new_group_asks_for_the_register(hall: Hall) -> None:
    text = hall.ask(CLERK, "/here", NEW).text
    assert "新群" in text
    assert "/群 登记" in text
    assert "还不知道" in text


def test_here_names_nobody_to_an_outsider(hall: Hall) -> None:
    text = hall.ask(None, "/本群", EXTERNAL).text
    assert "外部群" in text
    assert "王建国" not in text
    assert "教务处" not in text


def test_here_in_private_says_where_to_ask(hall: Hall) -> None:
    assert "在群里" in hall.ask(CLERK, "/本群").text


def test_status_for_everybody_is_a_line(hall: Hall) -> None:
    text = hall.ask(CLERK, "/状态", OFFICE).text
    assert "1 份规章" in text
    assert "搁置" not in text


def test_status_for_admins_shows_what_waits_and_what_went_wrong(hall: Hall) -> None:
    hall.store.inbox.take([Arrival("message:x", "message", OFFICE, "{}", hall.now)])
    (row,) = hall.store.inbox.next_rows(hall.now)
    hall.store.inbox.park(row.id, "Traceback …\nValueError: broken", hall.now)
    number = hall.store.outbox.add(Draft("private", "{}", 1, hall.now, recipients=(CLERK,)))
    hall.store.outbox.park(number, "staffId.notExisted", "收件人不在本组织")
    hall.store.quota.count(date(2026, 11, 24), "robot/oToMessages", 7)
    hall.store.inbox.take([Arrival("message:this", "message", OFFICE, "{}", hall.now)])
    text = hall.ask(ADMIN, "/状态").text
    assert "待处理 0 条" in text  # the command itself waits for nobody
    assert "搁置 2 条" in text
    assert "ValueError: broken" in text
    assert "收件人不在本组织" in text
    assert "接口 7 次" in text
    assert "群 3 个，人员 4 名" in text
    assert "11-24 09:30" in text


def test_status_details_stay_out_of_a_group(hall: Hall) -> None:
    sent = hall.say(ADMIN, "/status", OFFICE)
    assert "搁置" in private_to(ADMIN, sent).text
    assert "搁置" not in reply(sent).text
