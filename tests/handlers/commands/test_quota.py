"""`/配额`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from handlers.message import Priority
from storage.inbox import Arrival
from storage.outbox import HELD_NIGHT, HELD_QUOTA, Draft
from storage.roles import Grant
from tests.handlers.hall import ADMIN, CLERK, OFFICE, OWNER, SUB, Hall, a_hall, private_to, reply

USERS = "v2/user/list"


@pytest.fixture
def hall() -> Iterator[Hall]:
    with a_hall(quota={"calls_per_month": 1_000}) as hall:
        yield hall


def use(hall: Hall, calls: int) -> None:
    hall.store.quota.count(hall.context.today, USERS, calls)


def test_an_admin_sees_the_month(hall: Hall) -> None:
    use(hall, 340)
    hall.store.quota.count(hall.context.today, "sessionWebhook", 12)
    hall.store.inbox.take([Arrival("message:1", "message", OFFICE, "{}", hall.now)])
    text = hall.ask(ADMIN, "/配额").text
    assert "本月接口用量：充足" in text
    assert "■■■□□□□□□□ 34%" in text
    assert "已用 340 次，额度 1,000 次" in text
    assert "读通讯录 340 次" in text
    assert "会话内回复 12 次，收到推送 1 条" in text
    assert "缓发：没有" in text


def test_the_english_name_and_the_private_way(hall: Hall) -> None:
    sent = hall.say(ADMIN, "/quota", OFFICE)
    assert "额度 1,000 次" in private_to(ADMIN, sent).text
    assert "额度" not in reply(sent).text


@pytest.mark.parametrize("person", [CLERK, OWNER, None])
def test_others_are_told_who_may(hall: Hall, person: str | None) -> None:
    text = hall.ask(person, "/配额", OFFICE).text
    assert "已用" not in text
    assert "子管理员" in text


def test_a_sub_admin_without_a_narrower_grant_may(hall: Hall) -> None:
    assert "已用" not in hall.ask(SUB, "/配额").text  # for 清理 alone
    hall.store.roles.grant(Grant(SUB, "sub-admin"), ADMIN, hall.now)
    assert "已用 0 次" in hall.ask(SUB, "/配额").text


def test_what_is_kept_back_is_shown_by_kind_and_nothing_else(hall: Hall) -> None:
    outbox = hall.store.outbox
    for priority, code in (
        (Priority.ANSWER, None),
        (Priority.REMINDER, None),
        (Priority.REMINDER, HELD_NIGHT),
        (Priority.REMINDER, HELD_QUOTA),
        (Priority.DIGEST, HELD_QUOTA),
        (Priority.DIGEST, HELD_QUOTA),
    ):
        row = outbox.add(Draft("group", "{}", priority, hall.now, conversation=OFFICE))
        if code is not None:
            outbox.hold(row, hall.now, code, "")
    assert "缓发：提醒 1 条、汇总 2 条" in hall.ask(ADMIN, "/配额").text
    outbox.sent(row, hall.now)
    assert "缓发：提醒 1 条、汇总 1 条" in hall.ask(ADMIN, "/配额").text


def test_last_month_is_over_at_midnight_of_the_configured_zone(hall: Hall) -> None:
    use(hall, 1_000)
    hall.now = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    hall.store.inbox.take([Arrival("message:1", "message", OFFICE, "{}", hall.now)])
    text = hall.ask(ADMIN, "/配额").text
    assert "已用 1,000 次" in text
    assert "收到推送 1 条" in text
    hall.later(timedelta(minutes=1))
    text = hall.ask(ADMIN, "/配额").text
    assert "已用 0 次" in text
    assert "收到推送 0 条" in text


def test_status_counts_the_same_calls_and_says_where_there_is_more(hall: Hall) -> None:
    use(hall, 340)
    hall.store.quota.count(hall.context.today, "sessionWebhook", 12)
    text = hall.ask(ADMIN, "/状态").text
    assert "接口 340 次（额度 1,000" in text
    assert "/配额" in text
