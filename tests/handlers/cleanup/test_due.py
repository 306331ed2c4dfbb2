"""A month of the clean-up as people live through it."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.cleanup.workdays import is_workday
from handlers.message import Outgoing, Private
from tests.handlers.cleanup.desk import (
    ADMIN,
    LI,
    STUDENTS,
    TEACHING,
    TEACHING_PROJECT,
    WANG,
    Desk,
    a_desk,
    china,
    hearers,
    private_to,
    reply,
)

Heard = list[tuple[datetime, list[Outgoing]]]


def live_until(desk: Desk, end: datetime) -> Heard:
    """Every day at ten the reminders are due, holidays or not; what was said, and when."""
    heard: Heard = []
    while desk.now < end:
        desk.now = (desk.now + timedelta(days=1)).replace(hour=10, minute=0)
        sent = desk.due("cleanup-reminders")
        if sent:
            heard.append((desk.now, sent))
    return heard


def days(heard: Heard, person: str) -> list[str]:
    return [f"{moment:%m-%d}" for moment, sent in heard if person in hearers(sent)]


def test_a_month_with_a_holiday_in_it() -> None:
    """Asked on 28 September: one answers half and finishes when reminded, one never says a word."""
    with a_desk(china(9, 28)) as desk:
        sent = desk.open()
        assert sorted(hearers(sent)) == [LI, WANG]

        desk.now = china(9, 28, 11)
        assert "还剩 1 项" in reply(desk.say(WANG, "1已移出，2返聘保留到明年6月30日")).text

        heard = live_until(desk, china(9, 30, 12))
        assert days(heard, WANG) == days(heard, LI) == ["09-30"]
        text = private_to(WANG, heard[0][1]).text
        assert "孙内" in text
        assert "赵退之" not in text

        assert "全部处理完了，谢谢！" in reply(desk.say(WANG, "移了")).text

        heard = live_until(desk, china(10, 31, 12))
        assert days(heard, WANG) == []
        assert days(heard, LI) == ["10-09", "10-12"]
        assert days(heard, ADMIN) == ["10-14"]
        assert all(is_workday(moment.date()) for moment, _ in heard)
        assert "李明：2 项" in private_to(ADMIN, heard[-1][1]).text
        assert "冯调" not in private_to(ADMIN, heard[-1][1]).text

        status = reply(desk.call(ADMIN, "/清理 状态")).text
        assert "已处理 3/5 项（已移出 2、保留 1）" in status
        assert "- 李明：还欠 2 项，已提醒 4 次" not in status  # the fourth was to the admins
        assert "- 李明：还欠 2 项，已提醒 3 次" in status


def test_the_next_month_asks_only_what_is_still_so() -> None:
    with a_desk(china(11, 2)) as desk:
        desk.open()
        desk.say(WANG, "1 3已移出，2返聘保留到明年6月30日")
        desk.now = china(12, 1)
        desk.read(TEACHING, "qian", WANG)
        desk.read(TEACHING_PROJECT, WANG, "sun")  # said to be removed, and still there
        sent = desk.open()
        assert sorted(hearers(sent)) == [LI, WANG]
        text = private_to(WANG, sent).text
        assert "1 项要核对" not in text
        assert "**1** 项" in text
        assert "4、孙内" in text
        assert "**2** 项" in private_to(LI, sent).text  # never answered: asked anew
        assert days(live_until(desk, china(12, 3, 12)), LI) == ["12-03"]


def test_nothing_but_counts_and_private_words_leaves_the_house() -> None:
    with a_desk(china(11, 2)) as desk:
        sent = desk.open()
        for one in sent:
            assert isinstance(one, Private) or not any(
                name in one.body.text  # type: ignore[union-attr]
                for name in ("赵退之", "钱离", "孙内", "冯调", "陈离", "王建国", "李明")
            )
        assert not any("1380000" in one.body.text for one in sent if isinstance(one, Private))
        assert STUDENTS in {getattr(one, "conversation", None) for one in sent}
