"""Reviewers look at flags, say right, wrong or unsure; nobody looks at the own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.message import GroupPost, Outgoing, Quoted, Reply
from handlers.moderation import queue
from handlers.moderation.allowing import allow_word
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner
from handlers.moderation.written import as_json
from storage.groups import Group
from storage.roles import Grant
from storage.rules import StoredRule
from tests.handlers.moderation.desk import (
    ADMIN,
    CLASS,
    CLERK,
    OFFICE,
    OTHER,
    OWNER,
    RULES,
    Desk,
    a_desk,
    ask,
    numbers,
    private,
    reply,
    word_to,
)

SUB = "sub"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


# The queue


def test_a_page_of_the_queue_as_it_is_read(desk: Desk) -> None:
    desk.write(CLERK, "专业代写论文", CLASS)
    body = ask(desk, "/复核")
    assert body.text == (
        "**待复核 1 条**\n\n**#1** 广告推销  \n专业代写论文  \n「软件2301班级群」，11-24 12:00，规则「adverts」"
    )
    assert [(button.label, button.says) for button in body.buttons] == [("看 #1", "/复核 1")]


def test_nobody_is_named_in_the_queue(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    for text in ("/复核", "/复核 1"):
        assert "孙悦" not in ask(desk, text).text
        assert CLERK not in ask(desk, text).text


def test_an_empty_queue(desk: Desk) -> None:
    assert ask(desk, "/复核").text == "没有要复核的，都看过了。"
    assert ask(desk, "/复核 下一条").text == "没有要复核的，都看过了。"
    desk.write(CLERK, "代写")
    assert "没有符合条件的" in ask(desk, "/复核 涉密").text


def test_filters_in_any_order(desk: Desk) -> None:
    desk.write(CLERK, "代写", CLASS)  # 1
    desk.write(OTHER, "13800138000", OFFICE)  # 2
    desk.write(CLERK, "闲聊", OFFICE)  # 3
    desk.write(OTHER, "骂人", CLASS)  # 4
    desk.say(CLERK, "申诉 1 是例子")
    desk.say(ADMIN, "/复核 2 对")
    desk.report(OTHER, Quoted(text="刷屏", message_id="q"))  # 5
    for words, found in {
        "": [1, 5, 4, 3],
        "列表": [1, 5, 4, 3],
        "广告": [1],
        "类别：广告": [1],
        "个人信息 已复核": [2],
        "numbers 全部": [2],
        "规则 numbers 对": [2],
        "软件2301": [1, 4],
        "群：教务处工作群 全部": [5, 3, 2],
        "执行": [5, 4],
        "执行 软件2301": [4],
        "观察": [3],
        "申诉中": [1],
        "举报": [5],
        "advertising": [1],
        "全部 第9页": [1, 5, 4, 3, 2],
    }.items():
        assert numbers(ask(desk, f"/复核 {words}")) == found, words


def test_a_word_that_filters_nothing_is_named(desk: Desk) -> None:
    assert "「没这个」不是类别、规则、群名或状态" in ask(desk, "/复核 没这个").text


def keep(desk: Desk, *rules: str) -> dict[str, int]:
    """Store rules of the desk, so that they have numbers."""
    known = {rule.id: rule for rule in RULES}
    store = desk.store.rules
    return {rule: store.put(StoredRule(rule, as_json(known[rule]), desk.now, "cli")) for rule in rules}


def test_a_rule_is_a_filter_by_its_number_and_by_what_it_is_called(desk: Desk) -> None:
    number = keep(desk, "watched", "strict", "public")["public"]
    desk.write(CLERK, "群发")
    desk.write(CLERK, "骂人")
    for words in (f"规则 {number}", f"规则{number}", f"规则：{number} 全部", f"rule #{number}", "只发工作消息"):
        assert numbers(ask(desk, f"/复核 {words}")) == [1], words
    assert "规则99" in ask(desk, "/复核 规则 99").text
    for _ in range(queue.PAGE):
        desk.now += timedelta(days=1)
        desk.write(CLERK, "群发")
    button = ask(desk, f"/复核 规则 {number} 全部").buttons[-1]
    assert button.says == f"/复核 列表 规则{number} 全部 第2页"
    assert numbers(ask(desk, button.says)) == [1]


def test_people_read_the_number_of_a_rule(desk: Desk) -> None:
    number = keep(desk, "watched", "strict")["strict"]
    desk.write(CLERK, "大众骂人者", CLASS)
    assert f"规则 {number}「strict」（执行）" in ask(desk, "/复核 1").text
    body = ask(desk, "/复核 1 错")
    assert body.text.endswith(f"/规则 放行 {number} 众骂人者")
    assert body.buttons[0].says == f"/规则 放行 {number} 众骂人者"


def test_pages_are_turned_by_buttons_that_keep_the_filter(desk: Desk) -> None:
    for number in range(queue.PAGE * 2 + 1):
        desk.write(CLERK, "代写", CLASS, number=f"n{number}")
        desk.now += timedelta(days=1)
    first = ask(desk, "/复核 广告 软件2301")
    assert "第 1/3 页" in first.text
    assert first.buttons[-1].says == "/复核 列表 广告 软件2301 第2页"
    second = ask(desk, first.buttons[-1].says)
    assert [button.label for button in second.buttons[1:]] == ["上一页", "下一页"]
    third = ask(desk, second.buttons[-1].says)
    assert sorted(numbers(first) + numbers(second) + numbers(third)) == list(range(1, queue.PAGE * 2 + 2))
    assert [button.label for button in third.buttons[1:]] == ["上一页"]


@given(st.text(max_size=40))
def test_any_filter_is_answered(text: str) -> None:
    with a_desk() as desk:
        desk.write(CLERK, "代写")
        assert desk.say(ADMIN, f"/复核 {text}")


# Who may


def test_the_own_flag_is_not_reviewable(desk: Desk) -> None:
    desk.write(ADMIN, "代写")
    assert "没有编号 1 的提醒，或者不由你复核" in ask(desk, "/复核 1").text
    assert "没有编号 1 的提醒，或者不由你复核" in ask(desk, "/复核 1 错").text
    assert ask(desk, "/复核 全部").text.startswith("没有符合条件的")
    assert desk.store.verdicts.get(1) is None


def test_who_reported_does_not_judge_it(desk: Desk) -> None:
    desk.report(ADMIN, Quoted(text="刷屏", message_id="q"))
    assert "不由你复核" in ask(desk, "/复核 1 对").text


def test_who_reported_it_as_well_does_not_judge_it(desk: Desk) -> None:
    desk.store.roles.grant(Grant(SUB, "sub-admin"), ADMIN, desk.now)
    for person in (OTHER, SUB):
        desk.report(person, Quoted(text="刷屏", message_id="q"))
    assert "不由你复核" in ask(desk, "/复核 1 对", SUB).text
    assert numbers(ask(desk, "/复核", SUB)) == []
    assert numbers(ask(desk, "/复核")) == [1]


def test_a_report_of_what_no_rule_finds_is_judged_and_taken_back_like_a_flag(desk: Desk) -> None:
    desk.store.roles.grant(Grant(SUB, "sub-admin"), ADMIN, desk.now)
    desk.report(OTHER, Quoted(text="刷屏", message_id="q"))
    assert "没有规则命中" in ask(desk, "/复核 1").text
    assert "reported" not in ask(desk, "/复核").text
    sent = desk.say(SUB, "/复核 1 错")
    assert private(sent) == [(ADMIN, OWNER)]
    assert "是误会" in word_to(OWNER, sent).text


def test_whose_message_was_reported_does_not_judge_it(desk: Desk) -> None:
    desk.store.roles.grant(Grant(SUB, "sub-admin"), ADMIN, desk.now)
    desk.write(SUB, "代写", number="q")
    desk.report(OTHER, Quoted(text="代写，刷屏", message_id="q"))
    reported = desk.flags[-1].id
    assert "不由你复核" in ask(desk, f"/复核 {reported} 错", SUB).text
    assert numbers(ask(desk, "/复核")) == [1, reported]


def test_staff_and_sub_admins_for_other_things_may_not(desk: Desk) -> None:
    desk.store.roles.grant(Grant(SUB, "sub-admin", families=("清理",)), ADMIN, desk.now)
    desk.write(CLERK, "代写")
    for person in (SUB, OTHER, OWNER):
        assert "需要子管理员及以上" in ask(desk, "/复核 1 对", person).text
    assert desk.store.verdicts.get(1) is None


def test_a_sub_admin_sees_the_own_departments_alone(desk: Desk) -> None:
    desk.store.groups.save(Group("cidLab", "实验室群", "department", "实训中心/机房", OWNER))
    desk.store.roles.grant(Grant(SUB, "sub-admin", ("实训中心",), ("复核",)), ADMIN, desk.now)
    desk.write(CLERK, "代写", OFFICE)
    desk.write(CLERK, "代写", "cidLab")
    desk.write(OTHER, "代写", None)
    assert numbers(ask(desk, "/复核", SUB)) == [2]
    assert numbers(ask(desk, "/复核 教务处工作群 全部", SUB)) == []
    assert "不由你复核" in ask(desk, "/复核 1 对", SUB).text
    assert "不由你复核" in ask(desk, "/复核 3 对", SUB).text
    assert "记为「对」" in ask(desk, "/复核 2 对", SUB).text


def test_in_a_group_all_of_it_goes_in_private(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    for text in ("/复核", "/复核 1", "/复核 1 对"):
        sent = desk.say(ADMIN, text, OFFICE)
        assert [one.body.text for one in sent if isinstance(one, Reply)] == ["已私下发给你。"]
        assert private(sent) == [(ADMIN,)]


# Verdicts


def test_one_flag_as_the_reviewer_reads_it(desk: Desk) -> None:
    desk.write(CLERK, "群发一下", CLASS)
    desk.say(CLERK, "申诉 1 是通知")
    body = ask(desk, "/复核 1")
    assert body.text == (
        "**#1 与工作无关（一.2）**\n\n> 群发一下\n\n「软件2301班级群」，11-24 12:00，@ 我的消息\n\n"
        "规则「工作群只发工作消息」（提醒）\n\n已告知：主管理员、本人\n\n"
        "**发送人说是误会**：是通知\n\n命中得对不对？"
    )
    assert [(button.label, button.says) for button in body.buttons] == [
        ("对", "/复核 1 对"),
        ("错", "/复核 1 错"),
        ("说不准", "/复核 1 说不准"),
        ("在群里提醒大家", "/复核 1 公开"),
    ]


def test_wrong_after_an_appeal_is_told_to_all_who_heard_and_offers_an_allow_word(desk: Desk) -> None:
    desk.write(CLERK, "当众骂人者罚站是旧规")
    desk.say(CLERK, "申诉 1 是历史课")
    sent = desk.say(ADMIN, "/复核 1 错")
    assert reply(sent).text == (
        "#1 记为「错」，谢谢。\n\n规则「strict」，至今复核：对 0，错 1，说不准 0。\n\n"
        "以后遇到「众骂人者」要不要放行？点按钮，或者改好再发：/规则 放行 strict 众骂人者"
    )
    assert [button.says for button in reply(sent).buttons] == ["/规则 放行 strict 众骂人者", "/复核 下一条"]
    assert word_to(CLERK, sent).text.startswith("你的申诉有结果了：#1「当众骂人者罚站是旧规」是误会，不算数")
    assert word_to(OWNER, sent).text == "之前告诉你的内容提醒 #1 复核过了，是误会，请不用再找本人。"
    assert private(sent) == [(CLERK,), (OWNER,)]  # the reviewer knows
    assert desk.store.appeals.get(1).settled_at == desk.now  # type: ignore[union-attr]
    assert desk.store.flag_counts.of("strict", desk.now).wrong == 1
    assert [entry.action for entry in desk.store.audit.latest(1)] == ["复核"]


def test_a_right_one_is_told_kindly_and_only_to_who_appealed(desk: Desk) -> None:
    desk.write(CLERK, "骂人")
    desk.write(OTHER, "骂人")
    desk.say(CLERK, "申诉 1")
    sent = desk.say(ADMIN, "/复核 1 对")
    assert private(sent) == [(CLERK,)]
    assert "提醒只是提醒，以后留意就好" in word_to(CLERK, sent).text
    assert private(desk.say(ADMIN, "/复核 2 对")) == []


def test_what_nobody_is_sure_of_counts_for_the_sender(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    desk.say(CLERK, "申诉 1")
    sent = desk.say(ADMIN, "/复核 1 说不准")
    assert "说不准，所以不算数" in word_to(CLERK, sent).text
    assert desk.store.appeals.get(1).settled_at is not None  # type: ignore[union-attr]
    desk.now += timedelta(days=1)
    assert private(desk.write(CLERK, "代写")) == [(CLERK,)]  # no repetition


def test_a_mistake_is_told_without_an_appeal_too_and_taken_back_the_same_way(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    assert word_to(CLERK, desk.say(ADMIN, "/复核 1 错")).text.startswith("之前提醒你的 #1")
    again = desk.say(ADMIN, "/复核 1 错")
    assert "没有变化" in reply(again).text
    assert private(again) == []
    assert "又看了一遍" in word_to(CLERK, desk.say(ADMIN, "/复核 1 对")).text


def test_of_what_is_only_observed_nobody_hears(desk: Desk) -> None:
    desk.write(CLERK, "闲聊")
    for word in ("错", "对", "说不准"):
        assert private(desk.say(ADMIN, f"/复核 1 {word}")) == []


def test_numbers_have_no_allow_word(desk: Desk) -> None:
    desk.write(CLERK, "我的电话13800138000谢谢")
    body = ask(desk, "/复核 1 错")
    assert "放行" not in body.text
    assert [button.says for button in body.buttons] == ["/复核 下一条"]


@pytest.mark.parametrize(
    "text", ["/复核 1 对", "/复核 #1 对。", "／复核1对", "/复核 １ 没错", "/review 1 right", "/复核 1号 属实"]
)
def test_the_ways_of_saying_it(desk: Desk, text: str) -> None:
    desk.write(CLERK, "代写")
    ask(desk, text)
    assert desk.store.verdicts.get(1).verdict == "right"  # type: ignore[union-attr]


def test_another_word_is_no_verdict(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    assert "请写对、错或说不准" in ask(desk, "/复核 1 也许").text


def test_the_next_one_is_the_first_that_waits(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    desk.write(OTHER, "代写")
    assert "**#2" in ask(desk, "/复核 下一条").text
    ask(desk, "/复核 2 对")
    assert "**#1" in ask(desk, "/复核 next").text


def test_a_rule_that_is_gone_can_be_judged(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    desk.store.database.execute("update flags set rule = 'forgotten'")
    assert "规则「forgotten」（提醒）" in ask(desk, "/复核 1").text
    assert "记为「错」" in ask(desk, "/复核 1 错").text


@pytest.mark.parametrize(
    ("excerpt", "word"),
    [
        ("…请打开黑板上的灯", "打开黑板"),
        ("请出开黑板报的人", "开黑板报"),
        ("老师们开黑讨论", "老师们开黑讨论"),
        ("蓏开黑菔", "蓏开黑菔"),  # no words that anybody knows
        ("开黑", None),  # it would switch the word off
        ("今晚，开黑！", None),
        ("没有别的", None),
        ("138******00〔手机号〕开黑吧", "0开黑吧"),
    ],
)
def test_an_allow_word_is_the_find_with_its_neighbours(excerpt: str, word: str | None) -> None:
    scanner = Scanner.from_rules([Rule("games", "non-work", "一.2", words=("开黑",))])
    assert allow_word("games", excerpt, scanner) == word
    assert allow_word("others", excerpt, scanner) is None


# In the group itself


def confirmed(desk: Desk, text: str, person: str = ADMIN) -> list[Outgoing]:
    code = re.search(r"/确认 (\d{4})", ask(desk, text, person).text)
    assert code is not None
    return desk.say(person, f"/确认 {code[1]}")


def test_a_post_in_the_group_is_shown_confirmed_and_names_nobody(desk: Desk) -> None:
    desk.write(CLERK, "群发广告", CLASS)
    assert "将在「软件2301班级群」发这一条，不提是谁" in ask(desk, "/复核 1 公开").text
    sent = confirmed(desk, "/复核 1 公开")
    (post,) = [one for one in sent if isinstance(one, GroupPost)]
    assert post.conversation == CLASS
    assert post.body.text == (
        "**温馨提醒**\n\n群里请不要发与工作无关的内容（工作群只发工作消息）。闲聊请换个地方，谢谢大家。（依据 一.2）"
    )
    assert [(one.person, one.rung) for one in desk.store.tellings.of(1) if one.rung == "public"] == [(ADMIN, "public")]
    again = desk.say(ADMIN, "/复核 1 公开")
    assert "已经在群里提过了" in reply(again).text
    assert "公开" not in str(ask(desk, "/复核 1").buttons)


@pytest.mark.parametrize(("text", "chat"), [("代写", CLASS), ("群发", None)])
def test_nothing_is_posted_that_the_rule_does_not_allow(desk: Desk, text: str, chat: str | None) -> None:
    desk.write(CLERK, text, chat)
    assert "不能在群里提" in ask(desk, "/复核 1 公开").text


def test_sub_admins_do_not_post_and_mistakes_are_not_posted(desk: Desk) -> None:
    desk.store.roles.grant(Grant(SUB, "sub-admin"), ADMIN, desk.now)
    desk.write(CLERK, "群发", CLASS)
    assert "不能在群里提" in ask(desk, "/复核 1 公开", SUB).text
    ask(desk, "/复核 1 错")
    assert "已经复核为误会" in ask(desk, "/复核 1 公开").text
