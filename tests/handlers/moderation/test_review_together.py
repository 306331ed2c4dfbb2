"""A message that fires several rules is reviewed once, and its sender hears of it once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.message import Quoted
from storage.groups import Group
from tests.handlers.moderation.desk import (
    ADMIN,
    CLASS,
    CLERK,
    OTHER,
    OWNER,
    Desk,
    a_desk,
    ask,
    numbers,
    private,
    reply,
    word_to,
)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def test_one_message_is_one_entry_whatever_number_of_rules_it_breaks(desk: Desk) -> None:
    desk.write(CLERK, "代写，骂人，13800138000", CLASS)
    desk.write(OTHER, "闲聊", CLASS)
    body = ask(desk, "/复核")
    assert body.text == (
        "**待复核 2 条**\n\n**#4** 与工作无关  \n闲聊  \n「软件2301班级群」，11-24 12:00，规则「watched」\n\n"
        "**#1、#2、#3** 广告推销、不文明用语、个人信息  \n代写，骂人，138＊＊＊＊＊＊00〔手机号〕  \n"
        "「软件2301班级群」，11-24 12:00，规则「adverts」、规则「strict」、规则「numbers」"
    )
    assert numbers(ask(desk, "/复核 广告")) == [1]


def test_the_rules_of_one_message_are_judged_at_once(desk: Desk) -> None:
    desk.write(CLERK, "代写，骂人，13800138000", CLASS)
    desk.say(CLERK, "申诉 1、2 是课文")
    body = ask(desk, "/复核 2")
    assert body.text == (
        "**#1、#2、#3 广告推销（五.2）、不文明用语（一.2）、个人信息（四.(三).2）**\n\n"
        "> 代写，骂人，138＊＊＊＊＊＊00〔手机号〕\n\n「软件2301班级群」，11-24 12:00，@ 我的消息\n\n"
        "- #1 规则「adverts」（提醒）\n- #2 规则「strict」（执行）\n- #3 规则「numbers」（提醒）\n\n"
        "已告知：本人、部门负责人、群主\n\n**发送人说 #1、#2 是误会**：是课文\n\n"
        "命中得对不对？按钮把 #1、#2、#3 一起判了；只判一条就发：/复核 3 错"
    )
    assert [(button.label, button.says) for button in body.buttons] == [
        ("都对", "/复核 1、2、3 对"),
        ("都错", "/复核 1、2、3 错"),
        ("都说不准", "/复核 1、2、3 说不准"),
    ]
    sent = desk.say(ADMIN, body.buttons[1].says)
    assert reply(sent).text.startswith(
        "#1、#2、#3 记为「错」，谢谢。\n\n规则「adverts」，至今复核：对 0，错 1，说不准 0。"
    )
    assert [button.says for button in reply(sent).buttons][-1] == "/复核 下一条"
    assert word_to(CLERK, sent).text == (
        "你的申诉有结果了：#1、#2、#3「代写，骂人，138＊＊＊＊＊＊00〔手机号〕」是误会，不算数，"
        "之前听说的人我也会告诉。打扰你了，抱歉。"
    )
    assert word_to(OWNER, sent).text == "之前告诉你的内容提醒 #2 复核过了，是误会，请不用再找本人。"
    assert private(sent) == [(CLERK,), (OWNER,)]
    assert [desk.store.flag_counts.of(rule, desk.now).wrong for rule in ("adverts", "strict", "numbers")] == [1, 1, 1]
    assert [one.settled_at for number in (1, 2) if (one := desk.store.appeals.get(number))] == [desk.now] * 2
    assert ask(desk, "/复核").text == "没有要复核的，都看过了。"
    assert "都复核过了，可以一起改" in ask(desk, "/复核 1").text


def test_heads_read_what_of_the_message_is_no_mistake(desk: Desk) -> None:
    desk.write(CLERK, "骂人，绝密名单", CLASS)  # the owner hears of both
    sent = desk.say(ADMIN, "/复核 1 错")
    assert word_to(OWNER, sent).text == "之前告诉你的内容提醒 #1 复核过了，是误会（同一条消息的 #2 不在内）。"
    sent = desk.say(ADMIN, "/复核 2 错")
    assert word_to(OWNER, sent).text == "之前告诉你的内容提醒 #2 复核过了，是误会，请不用再找本人。"
    sent = desk.say(ADMIN, "/复核 1、2 对")
    assert word_to(OWNER, sent).text == "关于内容提醒 #1、#2：又看了一遍，不是误会，请还是留意。"


def test_of_many_rules_the_first_few_are_counted_up(desk: Desk) -> None:
    desk.write(CLERK, "代写，骂人，13800138000，群发")
    assert ask(desk, "/复核 1、2、3、4 对").text == (
        "#1、#2、#3、#4 记为「对」，谢谢。\n\n规则「adverts」，至今复核：对 1，错 0，说不准 0。\n\n"
        "规则「strict」，至今复核：对 1，错 0，说不准 0。\n\n规则「numbers」，至今复核：对 1，错 0，说不准 0。"
        "\n\n其他规则：/规则 统计"
    )


def test_one_rule_of_several_is_judged_alone(desk: Desk) -> None:
    desk.write(CLERK, "代写，骂人，13800138000", CLASS)
    body = ask(desk, "/复核 2 对")
    assert [button.says for button in body.buttons] == ["/复核 1", "/复核 下一条"]
    assert numbers(ask(desk, "/复核")) == [1, 3]
    rest = ask(desk, "/复核 1")
    assert "- #2 规则「strict」（执行），复核过：对" in rest.text
    assert [button.says for button in rest.buttons] == ["/复核 1、3 对", "/复核 1、3 错", "/复核 1、3 说不准"]
    assert "#2 之前就判为「对」" in ask(desk, "/复核 #1、2 对").text
    last = ask(desk, "/复核 3")
    assert "#3 还没复核，命中得对不对？" in last.text
    assert [button.label for button in last.buttons] == ["对", "错", "说不准"]


def test_of_one_message_that_was_half_judged_both_is_said(desk: Desk) -> None:
    desk.write(CLERK, "代写，骂人")
    desk.say(ADMIN, "/复核 2 对")
    assert "**#1、#2** 广告推销、不文明用语　对，有没看的  \n" in ask(desk, "/复核 全部").text
    desk.say(ADMIN, "/复核 1 对")
    assert "**#1、#2** 广告推销、不文明用语　对  \n" in ask(desk, "/复核 全部").text


def test_a_message_that_was_reported_too_says_both(desk: Desk) -> None:
    desk.write(CLERK, "代写", number="m")
    desk.report(OTHER, Quoted(text="代写", message_id="m"))
    assert "，@ 我的消息、有人举报\n" in ask(desk, "/复核 1").text


def test_the_buttons_judge_no_more_than_a_command_takes(desk: Desk) -> None:
    desk.write(CLERK, "代写", number="m")
    flag = desk.flags[0]
    for number in range(11):
        desk.store.flags.add(replace(flag, rule=f"rule{number}"))
    body = ask(desk, "/复核 1")
    assert "按钮把 #1、#2、#3、#4、#5、#6、#7、#8、#9、#10 一起判了" in body.text
    done = ask(desk, body.buttons[0].says)
    assert ("看同一条的其他规则", "/复核 11") in [(button.label, button.says) for button in done.buttons]
    assert ask(desk, "/复核 11").buttons[0].says == "/复核 11、12 对"


def test_flags_of_several_messages_are_told_message_by_message(desk: Desk) -> None:
    desk.write(CLERK, "代写，骂人")
    desk.write(OTHER, "代写")
    sent = desk.say(ADMIN, "/复核 1号，#2 3 错")
    assert private(sent) == [(CLERK,), (OWNER,), (OTHER,)]
    assert "#1、#2「代写，骂人」看过了，是误会" in word_to(CLERK, sent).text
    assert "#3「代写」看过了，是误会" in word_to(OTHER, sent).text


def test_among_several_numbers_all_must_be_theirs_to_judge(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    desk.write(ADMIN, "代写")
    assert "没有编号 2 的提醒，或者不由你复核" in ask(desk, "/复核 1、2 错").text
    assert desk.store.verdicts.get(1) is None
    assert "一次只写一个编号" in ask(desk, "/复核 1、2 公开").text


def test_a_group_whose_name_begins_with_a_number_is_a_filter(desk: Desk) -> None:
    desk.store.groups.save(Group("cidYear", "2024级辅导员群", "department", "教务处", OWNER))
    desk.write(CLERK, "代写", "cidYear")
    desk.write(CLERK, "骂人", CLASS)
    assert numbers(ask(desk, "/复核 2024级辅导员群")) == [1]
    assert numbers(ask(desk, "/复核 2024级辅导员群 第1页")) == [1]
