"""An owner's answer is recorded, and the owner hears what was recorded and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from tests.handlers.cleanup.desk import (
    ADMIN,
    CLERK,
    LI,
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


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Wang has been asked about 1 赵退之, 2 钱离 and 3 孙内, Li about two more."""
    with a_desk(china(11, 2)) as desk:
        desk.open()
        yield desk


def states(desk: Desk, owner: str = WANG) -> list[str]:
    return [finding.state for finding in desk.store.findings.asked_of(owner)]


@pytest.mark.parametrize("text", ["全部已移出", "都移了", "1-3移出了", "赵退之、钱离、孙内已移出"])
def test_everything_is_removed(desk: Desk, text: str) -> None:
    body = reply(desk.say(WANG, text))
    assert body.text == ("已记录：\n\n- 1 赵退之：已移出\n- 2 钱离：已移出\n- 3 孙内：已移出\n\n全部处理完了，谢谢！")
    assert body.buttons == ()
    assert states(desk) == ["removed"] * 3
    assert states(desk, LI) == ["open", "open"]


def test_a_partial_answer_says_what_is_left_and_offers_the_next(desk: Desk) -> None:
    body = reply(desk.say(WANG, "2已移出"))
    assert body.text == (
        "已记录：\n\n- 2 钱离：已移出\n\n"
        "还剩 2 项。下一项：\n\n「教务处工作群」1、赵退之：已退休，2026-06-30 起（二.6.(二)）"
    )
    assert [button.label for button in body.buttons] == ["1 已移出", "1 保留", "1 不清楚", "全部已移出", "看我的名单"]


def test_a_kept_member_is_excepted_until_the_day_that_was_said(desk: Desk) -> None:
    body = reply(desk.say(WANG, "1 3 已移出，2 返聘保留到6月30日"))
    assert "- 2 钱离：保留（返聘）到 2027-06-30" in body.text
    kept = desk.store.findings.asked_of(WANG)[1]
    assert (kept.state, kept.keep_reason, kept.keep_until) == ("kept", "返聘", date(2027, 6, 30))
    assert desk.store.findings.is_exempt(TEACHING, "qian", date(2027, 6, 30))
    assert not desk.store.findings.is_exempt(TEACHING, "qian", date(2027, 7, 1))


def test_without_a_day_keep_lasts_as_long_as_the_settings_say(desk: Desk) -> None:
    assert "- 1 赵退之：保留（工作需要）到 2027-05-01" in reply(desk.say(WANG, "1保留")).text
    with a_desk(china(11, 2), keep_days=30) as other:
        other.open()
        assert "到 2026-12-02" in reply(other.say(WANG, "1保留")).text


def test_who_is_not_known_goes_to_the_main_admins(desk: Desk) -> None:
    sent = desk.say(WANG, "3不清楚")
    assert "- 3 孙内：不清楚，已转管理员核对" in reply(sent).text
    assert sent is not None
    assert hearers(sent) == [ADMIN]
    assert private_to(ADMIN, sent).text == "王建国对下面几项不清楚，请核对：\n\n- 评估项目群：孙内（已内退）"
    again = desk.say(WANG, "3不清楚")
    assert again is not None
    assert hearers(again) == []


def test_not_my_group_goes_to_the_main_admins_too(desk: Desk) -> None:
    sent = desk.say(WANG, "2不是我的群")
    assert sent is not None
    assert hearers(sent) == [ADMIN]
    assert states(desk) == ["open", "unknown", "open"]


def test_what_was_not_understood_is_said_beside_what_was(desk: Desk) -> None:
    text = reply(desk.say(WANG, "1已移出，9不清楚，天气不错")).text
    assert "- 1 赵退之：已移出" in text
    assert "这些我没看懂：「天气不错」\n\n没有这样的编号：9。" in text
    assert "还剩 2 项" in text


def test_an_exception_to_all_stays_open(desk: Desk) -> None:
    desk.say(WANG, "除了孙内都移了")
    assert states(desk) == ["removed", "removed", "open"]


def test_what_is_said_of_a_number_beats_what_is_said_of_all_and_later_beats_earlier(desk: Desk) -> None:
    desk.say(WANG, "2保留，其他全部移出")
    assert states(desk) == ["removed", "kept", "removed"]
    with a_desk(china(11, 2)) as other:
        other.open()
        other.say(WANG, "1-3已移出，3保留")
        assert states(other) == ["removed", "removed", "kept"]


@pytest.mark.parametrize("text", ["已移出", "1 2", "全部已移出，但是赵老师还没有", "2 保留到2020年1月1日"])
def test_what_is_unclear_is_asked_back_and_not_recorded(desk: Desk, text: str) -> None:
    body = reply(desk.say(WANG, text))
    assert "还没有记录任何答复" in body.text
    assert body.buttons
    assert states(desk) == ["open"] * 3


def test_the_last_open_one_needs_no_number(desk: Desk) -> None:
    desk.say(WANG, "1 2 已移出")
    assert "- 3 孙内：已移出" in reply(desk.say(WANG, "移了")).text
    assert states(desk) == ["removed"] * 3


@pytest.mark.parametrize(
    "text", ["退休的老师还要留在群里吗", "多久清理一次群成员", "你好", "谢谢", "", "/帮助", "／清理 名单"]
)
def test_what_is_no_answer_goes_on(desk: Desk, text: str) -> None:
    assert desk.say(WANG, text) is None
    assert states(desk) == ["open"] * 3


def test_nobody_else_can_answer(desk: Desk) -> None:
    assert "没有待处理" in reply(desk.say(CLERK, "全部已移出")).text
    assert states(desk) == ["open"] * 3


def test_a_group_is_no_place_for_an_answer(desk: Desk) -> None:
    """It used to be looked up in the regulations, in front of everybody."""
    body = reply(desk.say(WANG, "全部已移出", conversation=TEACHING))
    assert "私聊" in body.text
    assert body.buttons == ()
    assert states(desk) == ["open"] * 3
    assert desk.say(CLERK, "全部已移出", conversation=TEACHING) is None
    desk.say(WANG, "全部已移出")
    assert "私聊" in reply(desk.say(WANG, "全部已移出", conversation=TEACHING)).text
    assert desk.say(WANG, "群成员要多久清理一次", conversation=TEACHING) is None


@pytest.mark.parametrize("text", ["收到，马上处理", "好的，明天上班再看", "还没处理"])
def test_a_promise_is_taken_kindly_and_answers_nothing(desk: Desk, text: str) -> None:
    body = reply(desk.say(WANG, text))
    assert "还剩 3 项" in body.text
    assert [button.says for button in body.buttons] == ["/清理 名单"]
    assert states(desk) == ["open"] * 3
    desk.say(WANG, "全部已移出")
    assert desk.say(WANG, text) is None


@pytest.mark.parametrize("text", ["你帮我踢了吧", "怎么把人移出群", "我没有权限移人", "麻烦帮我移一下", "怎么移"])
def test_whoever_wants_the_bot_to_remove_people_hears_who_can(desk: Desk, text: str) -> None:
    assert "我没有移人的权限" in reply(desk.say(WANG, text)).text
    assert states(desk) == ["open"] * 3


def test_a_slip_is_told_how_to_be_mended(desk: Desk) -> None:
    desk.say(WANG, "2已移出")
    body = reply(desk.say(WANG, "不好意思，点错了"))
    assert "没关系" in body.text
    assert [button.says for button in body.buttons] == ["/清理 撤回 2"]
    assert desk.say(LI, "点错了") is None


@pytest.mark.parametrize("text", ["撤回2", "撤回 2", "我要撤回第2项", "取消2", "撤回钱离"])
def test_an_answer_is_taken_back_in_plain_words(desk: Desk, text: str) -> None:
    desk.say(WANG, "全部已移出")
    assert "已撤回" in reply(desk.say(WANG, text)).text
    assert states(desk) == ["removed", "open", "removed"]


@pytest.mark.parametrize("text", ["赵退之不是早就走了吗", "你怎么知道赵退之退休的", "为什么有赵退之"])
def test_whoever_doubts_a_line_hears_what_it_rests_on(desk: Desk, text: str) -> None:
    """It used to be looked up in the regulations."""
    said = reply(desk.say(WANG, text)).text
    assert "1、赵退之：已退休，2026-06-30 起（二.6.(二)）" in said
    assert "人事名册" in said
    assert "「1 不清楚」" in said
    assert states(desk) == ["open"] * 3
    assert desk.say(LI, text) is None


def test_whoever_asks_where_the_list_comes_from_is_told(desk: Desk) -> None:
    assert "人事名册" in reply(desk.say(WANG, "这个名单是怎么来的？")).text


@pytest.mark.parametrize("text", ["撤回消息怎么操作", "怎么清理群成员才合规定", "发错了消息怎么办", "离职的人谁来移"])
def test_a_question_is_no_remark(desk: Desk, text: str) -> None:
    desk.say(WANG, "2已移出")
    assert desk.say(WANG, text) is None


def test_no_number_of_a_person_is_kept_with_a_reason(desk: Desk) -> None:
    text = reply(desk.say(WANG, "2 保留 返聘电话13812345678")).text
    assert "13812345678" not in text
    assert desk.store.findings.asked_of(WANG)[1].keep_reason == "返聘电话138******78"
    assert all("13812345678" not in entry.detail for entry in desk.store.audit.latest())
    assert "13812345678" not in reply(desk.say(WANG, "1已移出，13812345678找谁")).text


def test_one_thing_about_the_group_gets_a_fitting_example(desk: Desk) -> None:
    """`1 返聘保留到6月30日` used to stand below a group without an admin."""
    with a_desk(china(11, 2)) as other:
        other.read(TEACHING, WANG, CLERK)
        other.read(TEACHING_PROJECT, WANG, CLERK)
        group = other.store.groups.get(TEACHING)
        assert group is not None
        other.store.groups.save(replace(group, admins=()))
        text = private_to(WANG, other.open()).text
        assert text.count("没有设管理员") == 1
        assert "1 已处理" in text
        assert "返聘" not in text


def test_a_number_that_nobody_was_asked_about_finishes_nothing(desk: Desk) -> None:
    desk.say(WANG, "全部已移出")
    body = reply(desk.say(WANG, "99 不清楚"))
    assert body.title != "已记录"
    text = body.text
    assert "没有这样的编号：99" in text
    assert "处理完了" not in text


def test_an_answer_can_be_corrected_after_finishing(desk: Desk) -> None:
    desk.say(WANG, "全部已移出")
    assert desk.say(WANG, "谢谢") is None
    assert "- 2 钱离：保留（返聘）" in reply(desk.say(WANG, "2 返聘保留")).text
    assert desk.store.findings.is_exempt(TEACHING, "qian", desk.now.date())
    desk.say(WANG, "2 已移出")
    assert not desk.store.findings.is_exempt(TEACHING, "qian", desk.now.date())


def test_all_again_after_finishing_changes_nothing(desk: Desk) -> None:
    desk.say(WANG, "1 2 保留，3已移出")
    assert reply(desk.say(WANG, "全部已移出")).text == "你名下没有待处理的清理事项，谢谢！"
    assert states(desk) == ["kept", "kept", "removed"]


def test_every_answer_is_recorded_with_who_and_where(desk: Desk) -> None:
    desk.say(WANG, "1已移出，2返聘保留到6月30日，3不清楚")
    entries = list(reversed(desk.store.audit.latest(3)))
    assert [(e.actor, e.action, e.subject, e.conversation) for e in entries] == [
        (WANG, "清理 已移出", "zhao", TEACHING),
        (WANG, "清理 保留", "qian", TEACHING),
        (WANG, "清理 不清楚", "sun", TEACHING_PROJECT),
    ]
    assert entries[1].detail == "departed 返聘 2027-06-30"
