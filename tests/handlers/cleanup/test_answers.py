"""What owners type, and what it says about which findings."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.cleanup.answers import Answer, Understood, Verdict, understand, understand_command

TODAY = date(2026, 11, 24)
NAMES = {"王伟": (1,), "李娜": (2,), "张三丰": (3, 4)}


def removed(*numbers: int) -> Answer:
    return Answer("removed", numbers)


def unknown(*numbers: int) -> Answer:
    return Answer("unknown", numbers)


def kept(*numbers: int, reason: str = "", until: date | None = None) -> Answer:
    return Answer("kept", numbers, reason, until)


JUNE = date(2027, 6, 30)


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("全部已移出", [removed()]),
        ("都移了", [removed()]),
        ("全移了！谢谢", [removed()]),
        ("好的，全部处理完了。", [removed()]),
        ("所有人都移出了", [removed()]),
        ("其余的移了", [removed()]),
        ("1 3 已移出，2 返聘保留到6月30日", [removed(1, 3), kept(2, reason="返聘", until=JUNE)]),
        ("1 3 已移出 2 返聘保留到6月30日", [removed(1, 3), kept(2, reason="返聘", until=JUNE)]),
        ("１、３已移出", [removed(1, 3)]),
        ("一、三已移出", [removed(1, 3)]),
        ("十一、十二已移出", [removed(11, 12)]),
        ("1和3号移了", [removed(1, 3)]),
        ("1-3移出了", [removed(1, 2, 3)]),
        ("一到三都退群了", [removed(1, 2, 3)]),
        ("第一个已移出，第二个保留", [removed(1), kept(2)]),
        ("1，3，4已移出，2、5不清楚", [removed(1, 3, 4), unknown(2, 5)]),
        ("1已移出2不清楚", [removed(1), unknown(2)]),
        ("1已移除 2已移除 3返聘保留", [removed(1), removed(2), kept(3, reason="返聘")]),
        (
            "1. 已移出\n2. 保留（返聘）到2027-06-30\n3. 不清楚",
            [removed(1), kept(2, reason="返聘", until=JUNE), unknown(3)],
        ),
        ("已移出 1 3", [removed(1, 3)]),
        ("保留2", [kept(2)]),
        ("4不清楚", [unknown(4)]),
        ("4不知道是谁", [unknown(4)]),
        ("2不是我的群", [unknown(2)]),
        ("一个都不认识", [unknown()]),
        ("1 3两个已移出", [removed(1, 3)]),
        ("5 已登记", [removed(5)]),
        ("5改好了", [removed(5)]),
        ("都已提醒改名", [removed()]),
        ("2 保留到明年6月", [kept(2, until=JUNE)]),
        ("第2项保留，借调到2027年6月", [kept(2, reason="借调", until=JUNE)]),
        ("2 外聘教师保留到2027.6.30", [kept(2, reason="外聘教师", until=JUNE)]),
        ("2 王老师还没办退休，保留到明年6月底", [kept(2, reason="王老师还没办退休", until=JUNE)]),
        ("2不能移，项目还没结束", [kept(2, reason="项目还没结束")]),
        ("全部保留", [kept()]),
        ("王伟已移出，李娜返聘保留", [removed(1), kept(2, reason="返聘")]),
        ("把王伟移出群了", [removed(1)]),
        ("王伟返聘，保留半年", [kept(1, reason="返聘", until=date(2027, 5, 24))]),
        ("①②已移出", [removed(1, 2)]),  # used to be read as twelve
        ("1️⃣2️⃣已移出", [removed(1, 2)]),
        ("（1）已移出", [removed(1)]),
        ("1.已移出 2.已移出", [removed(1), removed(2)]),
        ("2留下其他都移了", [kept(2), removed()]),
        ("已经全部清理完毕", [removed()]),
        ("名单上的人都已移出群聊", [removed()]),
        ("我都处理好了", [removed()]),
        ("都处理好啦", [removed()]),
        ("全部己移出", [removed()]),
        ("已全部移处", [removed()]),
        ("1-3号已清退", [removed(1, 2, 3)]),
        ("李娜返聘了，要留着", [kept(2, reason="返聘")]),
        ("3先留着吧", [kept(3)]),
    ],
)
def test_an_answer(text: str, answers: list[Answer]) -> None:
    assert understand(text, TODAY, NAMES) == Understood(tuple(answers))


@pytest.mark.parametrize(
    "text",
    [
        "退休的老师还要留在群里吗",
        "怎么移出群成员",
        "1不知道怎么移出？",
        "3天不登录会被移出吗",
        "2个月没登录要保留吗",
        "全体教职工都要保留账号吗",
        "全校老师不清楚怎么登录",
        "都不知道怎么改",
        "群成员要保留多久",
        "3条规定不清楚",
        "五一放假群里通知了吗",
        "五.8",
        "二.6.(三)",
        "三.4 有什么规定",
        "一直没人管",
        "退休人员移出",
        "谢谢",
        "好的",
        "你好",
        "帮助",
        "",
        "🙂",
        "1" * 5000,
        "已移出，" * 200,
    ],
)
def test_no_answer(text: str) -> None:
    understood = understand(text, TODAY, NAMES)
    assert understood.answers == ()
    assert not understood.is_vague


@pytest.mark.parametrize(
    "text",
    [
        "已移出",
        "我不清楚",
        "3",
        "1 3",
        "全部",
        "1还没移",
        "帮我把1移出",
        "都没移",
        "请全部移出",
        "三位老师已移出",
        "张三丰已移出",  # sits in two groups
        "2 保留到2020-01-01",
        "2 保留到2月30日",
        "2 保留到去年",
        "2 返聘",
        "李娜返聘",
        "4查无此人",
        "前三个移出了",
        "第一个已经不在了",
        "都是在职的",
        "我不是群主了",
        "名单有误",
        "已完成",
        "全部已移出，除了张老师",
        "全部已移出，但赵老师还没有",
        "全部已移出，3还没有",
    ],
)
def test_what_is_asked_back(text: str) -> None:
    understood = understand(text, TODAY, NAMES)
    assert understood.answers == ()
    assert understood.is_vague
    assert understood.rest


def test_part_of_a_text_can_be_unreadable() -> None:
    assert understand("1已移出，天气不错", TODAY) == Understood((removed(1),), ("天气不错",))


@pytest.mark.parametrize("text", ["除了3都移了", "除了3，其他都移了", "全部已移出，除了3", "除王五外都移了"])
def test_an_exception_to_all(text: str) -> None:
    understood = understand(text, TODAY, {"王五": (3,)})
    assert understood.answers == (removed(),)
    assert understood.spared == {3}


@pytest.mark.parametrize(
    ("verdict", "words", "answers"),
    [
        ("removed", "1,3", [removed(1, 3)]),
        ("removed", "1 3", [removed(1, 3)]),
        ("removed", "一 三", [removed(1, 3)]),
        ("removed", "2-4", [removed(2, 3, 4)]),
        ("removed", "全部", [removed()]),
        ("removed", "ALL", [removed()]),
        ("removed", "王伟", [removed(1)]),
        ("unknown", "４", [unknown(4)]),
        ("kept", "2", [kept(2)]),
        ("kept", "2 工作需要", [kept(2, reason="工作需要")]),
        ("kept", "2 返聘 2027-06-30", [kept(2, reason="返聘", until=JUNE)]),
        ("kept", "2 2027-06-30", [kept(2, until=JUNE)]),
        ("kept", "2、3 返聘 到6月30日", [kept(2, 3, reason="返聘", until=JUNE)]),
        ("kept", "全部 返聘 明年6月", [kept(reason="返聘", until=JUNE)]),
    ],
)
def test_words_after_a_command(verdict: Verdict, words: str, answers: list[Answer]) -> None:
    assert understand_command(verdict, words, TODAY, NAMES) == Understood(tuple(answers))


@pytest.mark.parametrize(("verdict", "words"), [("removed", "abc"), ("removed", "张三丰"), ("kept", "2 到2020-01-01")])
def test_words_after_a_command_that_say_nothing(verdict: Verdict, words: str) -> None:
    assert understand_command(verdict, words, TODAY, NAMES).answers == ()


NUMBERS = st.lists(st.integers(1, 99), min_size=1, max_size=5, unique=True)
JOINED = st.sampled_from([" ", "、", ",", "，", "和", " 、 "])
SAID: dict[Verdict, list[str]] = {
    "removed": ["已移出", "移了", "都移出了", "已经移除", "踢了", "退群了", "已处理"],
    "unknown": ["不清楚", "都不认识", "不知道是谁", "不是我的群"],
    "kept": ["保留", "先保留", "留着", "不能移"],
}


@settings(deadline=None)
@given(NUMBERS, JOINED, st.sampled_from(list(SAID)), st.data())
def test_any_numbers_with_any_verdict(numbers: list[int], joined: str, verdict: Verdict, data: st.DataObject) -> None:
    text = joined.join(map(str, numbers)) + data.draw(st.sampled_from(["", " ", "号", "：", "项"]))
    text += data.draw(st.sampled_from(SAID[verdict]))
    assert understand(text, TODAY).answers == (Answer(verdict, tuple(numbers)),)


ANYTHING = st.text(
    alphabet="0123456789一二三十全部都已移出了保留不清楚到月日年号和、，。 吗？除第个半返聘王伟-", max_size=40
)


@settings(deadline=None)
@given(ANYTHING)
def test_any_text_is_read_without_an_error_and_nothing_is_dated_back(text: str) -> None:
    for answer in understand(text, TODAY, NAMES).answers:
        assert answer.until is None or answer.until >= TODAY
        assert all(number > 0 for number in answer.numbers)


@settings(deadline=None)
@given(ANYTHING.filter(lambda text: not any(sign in text for sign in "，。、 ")))
def test_a_question_is_never_recorded_as_kept(text: str) -> None:
    assert all(answer.verdict != "kept" for answer in understand(f"{text}保留吗？", TODAY, NAMES).answers)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    understand(text, TODAY, NAMES)
    understand_command("kept", text, TODAY, NAMES)
