"""After a gap: who is told, what, and how often."""

from __future__ import annotations

from datetime import timedelta

from handlers.hearing import gaps
from handlers.message import GroupPost, Outgoing, Priority, Private
from storage.gaps import Reason
from storage.groups import Group
from storage.inbox import Arrival
from tests.handlers.hall import ADMIN, CLASS, EXTERNAL, MORNING, OFFICE, Hall, a_hall

MINUTE = timedelta(minutes=1)
NINE = MORNING - 30 * MINUTE
"""Half an hour before, 9:00 in the college."""


def heard(hall: Hall, *groups: str, minutes_before: int = 10) -> None:
    """People @ the bot in groups, before nine."""
    hall.store.inbox.take(
        Arrival(f"message:{group}-{number}", "message", group, "{}", NINE - minutes_before * MINUTE)
        for number, group in enumerate(groups)
    )


def a_gap(hall: Hall, begins: int = 0, lasts: int = 19, reason: Reason = Reason.OFFLINE) -> None:
    hall.store.gaps.note(NINE + begins * MINUTE, NINE + (begins + lasts) * MINUTE, reason)


def to_admins(sent: list[Outgoing]) -> str:
    (private,) = [one for one in sent if isinstance(one, Private)]
    assert private.to == (ADMIN,)
    return private.body.text


def posts(sent: list[Outgoing]) -> list[GroupPost]:
    return [one for one in sent if isinstance(one, GroupPost)]


def test_admins_hear_from_when_to_when_why_and_which_groups_were_active() -> None:
    with a_hall() as hall:
        heard(hall, OFFICE, CLASS, OFFICE)
        a_gap(hall)
        sent = gaps.tell(hall.context, to_groups=False)
        assert to_admins(sent) == (
            "**9:00 到 9:19（19 分钟）我没有听到消息**：连不上钉钉。\n\n"
            "这段时间里 @我 的消息可能丢失，请相关同事再说一次。\n\n"
            "之前活跃的群：教务处工作群、软件2301班级群。\n\n"
            "请看看服务器的网络、域名解析和代理是否稳定。"
        )
        assert posts(sent) == []


def test_several_gaps_are_told_together_and_each_once() -> None:
    with a_hall() as hall:
        for begins in (0, 6, 12):
            a_gap(hall, begins, lasts=4, reason=Reason.STOPPED)
        text = to_admins(gaps.tell(hall.context, to_groups=False))
        assert text.startswith(
            "**我有 3 次没有听到消息**，共 12 分钟：\n\n"
            "- 9:00 到 9:04（4 分钟），程序没有在运行，或电脑休眠了\n"
            "- 9:06 到 9:10（4 分钟）"
        )
        assert gaps.tell(hall.context, to_groups=True) == []


def test_fifty_gaps_are_still_read_on_one_screen() -> None:
    with a_hall() as hall:
        for begins in range(0, 200, 4):
            a_gap(hall, begins - 200, lasts=3)
        text = to_admins(gaps.tell(hall.context, to_groups=False))
        assert "我有 50 次" in text
        assert "更早还有 45 次" in text
        assert len(text) < 500


def test_admins_hear_once_an_hour_at_most_and_of_all_that_came_meanwhile() -> None:
    with a_hall() as hall:
        assert not gaps.is_due(hall.store, hall.now)
        a_gap(hall)
        assert gaps.is_due(hall.store, hall.now)
        gaps.tell(hall.context, to_groups=False)
        told = 1
        for begins in range(30, 300, 10):
            a_gap(hall, begins, lasts=5)
            hall.now = NINE + (begins + 5) * MINUTE
            if gaps.is_due(hall.store, hall.now):
                told += len(gaps.tell(hall.context, to_groups=False))
        assert told == 5
        hall.now += 60 * MINUTE
        assert gaps.is_due(hall.store, hall.now)
        gaps.tell(hall.context, to_groups=False)
        assert hall.store.gaps.untold() == []


def test_a_word_from_a_clock_that_was_ahead_keeps_nobody_quiet() -> None:
    with a_hall() as hall:
        a_gap(hall)
        hall.now += timedelta(days=30)
        gaps.tell(hall.context, to_groups=False)
        hall.now = MORNING
        a_gap(hall, begins=20, lasts=5)
        assert gaps.is_due(hall.store, hall.now)


def test_a_gap_that_lasts_is_not_told() -> None:
    with a_hall() as hall:
        hall.store.gaps.note(NINE, None, Reason.OFFLINE)
        assert not gaps.is_due(hall.store, hall.now)
        assert gaps.tell(hall.context, to_groups=True) == []


def test_groups_that_were_active_get_one_calm_line_if_settings_say_so() -> None:
    with a_hall() as hall:
        heard(hall, OFFICE, EXTERNAL, "private-clerk")
        heard(hall, CLASS, minutes_before=300)
        a_gap(hall)
        [post] = posts(gaps.tell(hall.context, to_groups=True))
        assert (post.conversation, post.priority) == (OFFICE, Priority.DIGEST)
        assert post.body.text == ("9:00 到 9:19 我没有听到消息。那时 @我 的话可能没收到，需要的话请再说一次，谢谢！")
        assert post.expires_at == hall.now + timedelta(hours=4)


def test_no_group_is_told_outside_working_hours_or_of_what_is_long_past() -> None:
    for hours in (14, 24):
        with a_hall() as hall:
            heard(hall, OFFICE)
            a_gap(hall)
            hall.now += timedelta(hours=hours)
            sent = gaps.tell(hall.context, to_groups=True)
            assert posts(sent) == []
            assert "教务处工作群" in to_admins(sent)


def test_twenty_groups_at_most_are_told_and_five_are_named() -> None:
    with a_hall() as hall:
        many = [f"cid{number:02}" for number in range(30)]
        for conversation in many:
            hall.store.groups.save(Group(conversation, f"{conversation}群", "project"))
        heard(hall, *many)
        a_gap(hall)
        sent = gaps.tell(hall.context, to_groups=True)
        assert len(posts(sent)) == 20
        assert "cid04群等 30 个。" in to_admins(sent)


def test_with_nobody_to_tell_nothing_waits_for_ever() -> None:
    with a_hall(roles={"main_admins": []}) as hall:
        a_gap(hall)
        assert gaps.tell(hall.context, to_groups=False) == []
        assert hall.store.gaps.untold() == []


def test_a_title_is_shown_as_it_is_written_and_holds_no_number() -> None:
    with a_hall() as hall:
        hall.store.groups.save(Group("cidX", "*联系* 13812345678", "project"))
        heard(hall, "cidX")
        a_gap(hall)
        text = to_admins(gaps.tell(hall.context, to_groups=False))
        assert "＊联系＊" in text
        assert "13812345678" not in text
