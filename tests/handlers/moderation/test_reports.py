"""`举报` with a quote: those hear of it who can act, and nobody hears from whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.message import MessageKind, Outgoing, Priority, Private, Quoted, Reply
from handlers.moderation.reports import is_report
from handlers.moderation.reviewers import reviewers_for
from storage.verdicts import Verdict
from tests.handlers.moderation.desk import (
    ADMIN,
    CLASS,
    CLERK,
    OFFICE,
    OTHER,
    OWNER,
    UNKNOWN,
    Desk,
    a_desk,
    reply,
    told,
    word_to,
)

ADVERT = Quoted(text="专业代写论文，电话13800138000", message_id="bad", sender_id="$:someone")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


@pytest.mark.parametrize(
    "text",
    [
        "举报",
        "举报！",
        " 举报 广告",
        "我要举报",
        "我想举报这条",
        "匿名举报",
        "舉報",
        "【举报】",
        "report",
        "Report spam",
    ],
)
def test_what_is_a_report(desk: Desk, text: str) -> None:
    assert is_report(desk.message(CLERK, text, OFFICE, quoted=ADVERT))
    assert is_report(desk.message(CLERK, text, OFFICE))


@pytest.mark.parametrize(
    "text",
    [
        "怎么举报",
        "举报怎么弄？",
        "举报电话是多少",
        "可以举报吗",
        "举报流程",
        "昨天的举报处理了吗",
        "reporter 名单",
        "请交报告",
        "",
    ],
)
def test_what_is_none(desk: Desk, text: str) -> None:
    assert not is_report(desk.message(CLERK, text, OFFICE, quoted=ADVERT))


def test_without_a_quote_it_says_how(desk: Desk) -> None:
    assert "长按要举报的那条消息，选「引用」" in reply(desk.report(CLERK, None)).text
    assert desk.flags == []


def test_owner_and_admins_hear_what_and_not_from_whom(desk: Desk) -> None:
    sent = desk.report(CLERK, ADVERT)
    assert told(sent) == [(CLERK,), (OWNER,), (ADMIN,)]
    assert word_to(OWNER, sent).text == (
        "**收到一条举报 #1**\n\n「教务处工作群」里有人举报了这条消息：\n\n> 专业代写论文，电话138＊＊＊＊＊＊00〔手机号〕\n\n"
        "可能涉及：广告推销（五.2）；个人信息（四.(三).2）\n\n请看一下是否要处理。举报人受保护，请不要追问是谁。"
    )
    assert "孙悦" not in word_to(OWNER, sent).text
    assert CLERK not in word_to(OWNER, sent).text
    assert {word.priority for word in sent if isinstance(word, Private)} == {Priority.ANSWER}, "at night as well"


def test_the_reporter_is_thanked_in_private(desk: Desk) -> None:
    assert word_to(CLERK, desk.report(CLERK, ADVERT)).text == (
        "举报收到了，编号 #1，已转给群主和管理员处理。我不会告诉别人是你举报的，谢谢！"
    )


def test_a_flag_for_each_rule_that_fires(desk: Desk) -> None:
    desk.report(CLERK, ADVERT)
    assert [(flag.rule, flag.source, flag.reporter, flag.sender) for flag in desk.flags] == [
        ("adverts", "report", CLERK, None),
        ("numbers", "report", CLERK, None),
    ]
    assert all("13800138000" not in flag.excerpt for flag in desk.flags)


def test_what_several_rules_are_about_is_said_once(desk: Desk) -> None:
    sent = desk.report(CLERK, Quoted(text="闲聊，灌水", message_id="bad"))
    assert len(desk.flags) == 2
    assert word_to(OWNER, sent).text.count("一.2") == 1


def test_what_no_rule_finds_is_recorded_all_the_same(desk: Desk) -> None:
    sent = desk.report(CLERK, Quoted(text="这人一直阴阳怪气", message_id="q"))
    (flag,) = desk.flags
    assert (flag.rule, flag.category, flag.article, flag.excerpt) == ("reported", "举报", "五.2", "这人一直阴阳怪气")
    assert "可能涉及" not in word_to(OWNER, sent).text


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        (MessageKind.PICTURE, "", "〔图片〕"),
        (MessageKind.FILE, "名单.xlsx", "〔文件〕名单.xlsx"),
        (MessageKind.AUDIO, "", "〔语音〕"),
        (MessageKind.UNKNOWN, "", "〔内容看不到〕"),
        (MessageKind.TEXT, "", "〔内容看不到〕"),
    ],
)
def test_what_cannot_be_read_is_named(desk: Desk, kind: MessageKind, text: str, kept: str) -> None:
    desk.report(CLERK, Quoted(text=text, message_id="q", kind=kind))
    assert desk.flags[0].excerpt == kept


def test_the_same_message_twice_is_passed_on_once(desk: Desk) -> None:
    desk.report(CLERK, ADVERT)
    again, other = desk.report(CLERK, ADVERT), desk.report(OTHER, ADVERT)
    assert told(again) == [(CLERK,)]
    assert told(other) == [(OTHER,)]
    assert "之前已经收到，编号 #1" in word_to(OTHER, other).text
    assert len(desk.flags) == 2


def test_another_message_is_another_report(desk: Desk) -> None:
    desk.report(CLERK, ADVERT)
    assert told(desk.report(CLERK, Quoted(text="代写", message_id="bad2"))) == [(CLERK,), (OWNER,), (ADMIN,)]


def test_what_was_flagged_when_it_was_posted_can_still_be_reported(desk: Desk) -> None:
    desk.write(OTHER, "专业代写", number="bad")
    sent = desk.report(CLERK, Quoted(text="专业代写", message_id="bad"))
    assert told(sent) == [(CLERK,), (OWNER,), (ADMIN,)]
    assert [flag.rule for flag in desk.flags] == ["adverts", "reported"]
    assert f"编号 #{desk.flags[-1].id}" in word_to(CLERK, sent).text


def test_a_report_does_not_count_against_the_reporter(desk: Desk) -> None:
    desk.report(CLERK, ADVERT)
    assert told(desk.write(CLERK, "代写")) == [(CLERK,)]


def test_an_owner_and_an_admin_may_report(desk: Desk) -> None:
    assert told(desk.report(OWNER, ADVERT)) == [(OWNER,), (ADMIN,)]
    assert told(desk.report(ADMIN, Quoted(text="代写", message_id="x"), CLASS)) == [(ADMIN,), (OWNER,)]


def test_where_nobody_can_be_told_it_is_kept(desk: Desk) -> None:
    sent = desk.report(ADMIN, ADVERT, UNKNOWN)
    assert told(sent) == [(ADMIN,)]
    assert "已登记" in word_to(ADMIN, sent).text


def test_an_outsider_gets_thanks_that_say_nothing(desk: Desk) -> None:
    sent: list[Outgoing] = desk.report(None, ADVERT)
    assert [one.body.text for one in sent if isinstance(one, Reply)] == ["收到，谢谢。"]
    assert [one.to for one in sent if isinstance(one, Private)] == [(OWNER,), (ADMIN,)]


def test_in_a_private_chat_the_thanks_are_the_reply(desk: Desk) -> None:
    sent = desk.report(CLERK, ADVERT, None)
    assert "编号 #1" in reply(sent).text
    assert word_to(ADMIN, sent).text.startswith("**收到一条举报 #1**\n\n有人举报")


def test_a_quote_without_any_id_is_its_own_report(desk: Desk) -> None:
    desk.report(CLERK, Quoted(text="代写"))
    desk.report(CLERK, Quoted(text="代写"))
    assert len({flag.message_key for flag in desk.flags}) == 2


def test_admins_can_judge_it_at_once_and_others_cannot(desk: Desk) -> None:
    sent = desk.report(CLERK, ADVERT)
    assert [button.says for button in word_to(ADMIN, sent).buttons] == ["/复核 1"]
    assert word_to(OWNER, sent).buttons == ()


def test_many_reporters_make_it_urgent_once(desk: Desk) -> None:
    people = [CLERK, OTHER, None, "third", "fourth"]
    heard = []
    for person in people:
        sent = desk.report(person, ADVERT)
        heard.append([one.to for one in sent if isinstance(one, Private) and person not in one.to])
    assert heard == [[(OWNER,), (ADMIN,)], [], [(OWNER,), (ADMIN,)], [], []]
    assert desk.store.reports.count("bad") == 5
    assert {flag.severity for flag in desk.flags} == {"high"}
    assert len(desk.flags) == 2, "a flag a rule, however many report it"


def test_what_owner_and_admins_read_when_many_report(desk: Desk) -> None:
    for person in (CLERK, OTHER):
        desk.report(person, ADVERT)
    text = word_to(OWNER, desk.report("third", ADVERT)).text
    assert text == (
        "**已有 3 人举报同一条消息 #1**\n\n「教务处工作群」里这条消息请尽快看一下：\n\n> 专业代写论文，电话138＊＊＊＊＊＊00〔手机号〕\n\n"
        "举报人受保护，请不要追问是谁。"
    )


def test_the_threshold_is_a_setting() -> None:
    with a_desk(report_threshold=2) as desk:
        desk.report(CLERK, ADVERT)
        assert "已有 2 人举报" in word_to(OWNER, desk.report(OTHER, ADVERT)).text


def test_one_person_alone_makes_nothing_urgent(desk: Desk) -> None:
    for _ in range(5):
        sent = desk.report(CLERK, ADVERT)
    assert told(sent) == [(CLERK,)]
    assert desk.store.reports.count("bad") == 1


def test_somebody_can_report_so_many_a_day_and_more_the_next() -> None:
    with a_desk(reports_a_day=2) as desk:
        for number in range(2):
            desk.report(CLERK, Quoted(text="代写", message_id=f"q{number}"))
        sent = desk.report(CLERK, Quoted(text="代写", message_id="q2"))
        assert told(sent) == [(CLERK,)]
        assert "明天可以再报" in word_to(CLERK, sent).text
        assert desk.store.flags.of_message("q2") == []
        assert told(desk.report(CLERK, Quoted(text="代写", message_id="q1"))) == [(CLERK,)], "that one is known"
        assert len(told(desk.report(OTHER, Quoted(text="代写", message_id="q2")))) == 3
        desk.now += timedelta(hours=12)
        assert len(told(desk.report(CLERK, Quoted(text="代写", message_id="q3")))) == 3


def test_a_report_that_was_wrong_costs_the_reporter_nothing(desk: Desk) -> None:
    desk.report(CLERK, ADVERT)
    for flag in desk.flags:
        desk.store.verdicts.put(Verdict(flag.id, "wrong", ADMIN, desk.now))
    sent = desk.report(CLERK, Quoted(text="代写", message_id="next"))
    assert told(sent) == [(CLERK,), (OWNER,), (ADMIN,)]
    assert all("误" not in one.body.text for one in sent if isinstance(one, Private))


def test_rules_for_other_places_and_times_do_not_count(desk: Desk) -> None:
    desk.report(CLERK, Quoted(text="班规", message_id="c"), OFFICE)
    desk.report(CLERK, Quoted(text="班规", message_id="d"), CLASS)
    assert [flag.rule for flag in desk.flags] == ["reported", "classes"]


def test_nobody_reviews_what_they_reported_not_even_as_the_second(desk: Desk) -> None:
    desk.report(CLERK, ADVERT)
    desk.report(ADMIN, ADVERT)
    assert reviewers_for(desk.flags, desk.context) == ()


def test_who_wrote_what_was_reported_is_kept_as_an_opaque_id(desk: Desk) -> None:
    desk.report(CLERK, ADVERT)
    assert {flag.author_key for flag in desk.flags} == {desk.store.prints.of_person("$:someone")}
