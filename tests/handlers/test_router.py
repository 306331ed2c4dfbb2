"""What a message is taken for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import courtesies
from handlers.message import Body, MessageKind, Private, Quoted, Reply
from tests.handlers.hall import ADMIN, CLASS, CLERK, EXTERNAL, NEW, OFFICE, OWNER, Hall, a_hall, private_to, reply

ADVERT = "专业代写论文，加微信包过"
QUESTION = "退休的老师还要留在群里吗"


@pytest.fixture
def hall() -> Iterator[Hall]:
    with a_hall() as hall:
        yield hall


def flags(hall: Hall) -> int:
    return hall.store.flags.count()


def test_a_question_is_answered_with_document_and_article(hall: Hall) -> None:
    (sent,) = hall.say(CLERK, QUESTION, OFFICE)
    assert isinstance(sent, Reply)
    assert sent.at_sender
    assert "二.6" in sent.body.text or "五.8" in sent.body.text
    assert "学院钉钉使用管理暂行办法" in sent.body.text
    assert len(sent.body.buttons) == 4


def test_what_is_out_of_scope_is_refused_with_what_was_searched(hall: Hall) -> None:
    text = hall.ask(CLERK, "今天食堂有什么菜").text
    assert "学院钉钉使用管理暂行办法" in text
    assert "二.6" not in text


def test_courtesies_come_before_the_regulations(hall: Hall) -> None:
    assert hall.ask(CLERK, "你好", OFFICE).text == courtesies.HELLO
    assert hall.ask(CLERK, "谢谢", OFFICE).text == courtesies.THANKS
    assert hall.ask(CLERK, "", OFFICE).text == courtesies.EMPTY


def test_an_advert_brings_a_private_word_and_nothing_in_the_group(hall: Hall) -> None:
    sent = hall.say(CLERK, ADVERT, OFFICE)
    assert "五.2" in private_to(CLERK, sent).text
    assert all(isinstance(one, Private) for one in sent)
    assert flags(hall) >= 1


def test_two_rules_that_find_the_same_words_make_one_line(hall: Hall) -> None:
    text = private_to(CLERK, hall.say(CLERK, ADVERT, OFFICE)).text
    assert flags(hall) > 1
    assert text.translate(dict.fromkeys(map(ord, "【】"))).count(ADVERT) == 1
    assert "有一处" in text


def test_the_same_advert_again_is_met_with_silence_in_the_group(hall: Hall) -> None:
    """It used to get «nothing found» in front of everybody, because there was nothing left to say in private."""
    hall.say(CLERK, ADVERT, OFFICE)
    assert hall.say(CLERK, ADVERT, OFFICE) == []
    assert hall.say(CLERK, f"/{ADVERT}", OFFICE) == []
    assert "一天我只说一次" in hall.ask(CLERK, ADVERT).text


def test_whoever_exposes_a_number_while_asking_is_told_and_answered(hall: Hall) -> None:
    sent = hall.say(CLERK, "退休的王老师13812345678还要留在群里吗", OFFICE)
    assert "四.(三).2" in private_to(CLERK, sent).text
    assert "二.6" in reply(sent).text or "五.8" in reply(sent).text
    assert "13812345678" not in reply(sent).text


def test_an_advert_dressed_as_a_question_is_not_answered(hall: Hall) -> None:
    sent = hall.say(CLERK, "需要代写论文吗？加微信abc123", OFFICE)
    assert all(isinstance(one, Private) for one in sent)


def test_whoever_tells_of_an_advert_is_answered(hall: Hall) -> None:
    reply(hall.say(CLERK, "有人发赌博广告怎么办", OFFICE))
    assert flags(hall) == 0


def test_a_picture_with_the_robot_mentioned_hears_about_pictures(hall: Hall) -> None:
    """In a group such a message comes as rich text without words."""
    assert "图片" in reply(hall.say(CLERK, "", OFFICE, kind=MessageKind.RICH_TEXT)).text


def test_help_promises_no_answers_where_none_are_given(hall: Hall) -> None:
    assert "答规章" not in hall.ask(None, "帮助", EXTERNAL).text
    assert "答规章" in hall.ask(None, "帮助", CLASS).text


def test_an_owner_who_owes_nothing_is_told_so(hall: Hall) -> None:
    """`全部已移出` used to be looked up in the regulations."""
    assert "没有待处理" in hall.ask(OWNER, "全部已移出").text
    assert "没有待处理" in hall.ask(OWNER, "1 3 已移出，2 保留到明年6月30日").text


def test_a_slash_does_not_hide_an_advert(hall: Hall) -> None:
    sent = hall.say(CLERK, f"/{ADVERT}", OFFICE)
    assert "五.2" in private_to(CLERK, sent).text
    assert flags(hall) >= 1


def test_a_command_that_holds_an_advert_is_a_command(hall: Hall) -> None:
    hall.say(ADMIN, f"/规则 测试 {ADVERT}")
    assert flags(hall) == 0


def test_a_report_is_one_and_the_quoted_text_is_not_the_reporters(hall: Hall) -> None:
    sent = hall.say(CLERK, "举报", OFFICE, quoted=Quoted(ADVERT, message_id="old", sender_id="$:other"))
    assert flags(hall) >= 1
    assert hall.store.flags.latest(1)[0].reporter == CLERK
    assert private_to(ADMIN, sent)


@pytest.mark.parametrize("text", ["人工", "转人工客服！", "有真人吗", "我要找客服"])
def test_whoever_wants_a_human_hears_whom_to_ask(hall: Hall, text: str) -> None:
    assert "请找学院办公室" in hall.ask(CLERK, text).text


def test_a_question_about_people_is_none_for_a_human(hall: Hall) -> None:
    assert "机器人" not in hall.ask(CLERK, "客服群的群主由谁当").text


def test_a_report_with_a_slash_is_one_too(hall: Hall) -> None:
    """It used to be an unknown command, and the report was lost."""
    for text in ("/举报", "／举报"):
        sent = hall.say(CLERK, text, OFFICE, quoted=Quoted(ADVERT, message_id=f"old{text}", sender_id="$:other"))
        assert private_to(ADMIN, sent)
    assert "怎么举报" in hall.ask(CLERK, "/举报").text


def test_outsiders_are_offered_nothing_that_they_would_be_refused(hall: Hall) -> None:
    assert "/规章" not in hall.ask(None, "/帮助", EXTERNAL).text
    assert "/规章 查看" in hall.ask(None, "/帮助", CLASS).text
    assert "规章" not in hall.ask(None, "你好", EXTERNAL).text


def test_asking_about_a_rule_is_no_offence(hall: Hall) -> None:
    assert "五.2" in hall.ask(CLERK, "群里能不能发广告", OFFICE).text or flags(hall) == 0
    assert flags(hall) == 0


def test_outsiders_are_answered_where_their_membership_is_in_order(hall: Hall) -> None:
    assert "二.6" in hall.ask(None, QUESTION, CLASS).text or "五.8" in hall.ask(None, QUESTION, CLASS).text
    for chat in (OFFICE, EXTERNAL, NEW):
        assert "二.6" not in hall.ask(None, QUESTION, chat).text


def test_external_groups_are_answered_where_the_setting_says_so() -> None:
    with a_hall(policy={"external_groups": True}) as hall:
        for person in (None, CLERK):
            assert "学院钉钉使用管理暂行办法" in hall.ask(person, QUESTION, EXTERNAL).text


def test_a_group_becomes_known_by_being_heard(hall: Hall) -> None:
    hall.say(CLERK, "你好", NEW)
    group = hall.store.groups.get(NEW)
    assert group is not None
    assert group.title == "新群"
    assert group.last_heard_at == hall.now


@pytest.mark.parametrize("kind", list(MessageKind))
def test_every_kind_of_message_gets_a_short_reply(hall: Hall, kind: MessageKind) -> None:
    body = reply(hall.say(CLERK, "", kind=kind, file_name="名单.xlsx" if kind is MessageKind.FILE else ""))
    assert 1 < len(body.text) < 60


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(
    st.one_of(st.text(max_size=300), st.sampled_from([QUESTION, ADVERT, "举报", "全部已移出"])),
    st.sampled_from([CLERK, OWNER, ADMIN, None]),
    st.sampled_from([OFFICE, CLASS, EXTERNAL, NEW]),
    st.sampled_from(MessageKind),
    st.one_of(st.none(), st.builds(Quoted, text=st.text(max_size=50), message_id=st.just("q"))),
)
def test_nobody_is_left_without_an_answer_and_no_number_is_told_in_a_group(
    hall: Hall, text: str, person: str | None, chat: str, kind: MessageKind, quoted: Quoted | None
) -> None:
    sent = hall.say(person, text, chat, kind=kind, quoted=quoted)
    assert sent or flags(hall)
    bodies: list[Body] = [one.body for one in sent if isinstance(one, Reply)]
    for body in bodies:
        assert body.text.strip()
        assert "13812345678" not in body.text


@pytest.mark.parametrize("text", ["我是谁", "我是谁？", " 我是谁。", "whoami", "WhoAmI"])
def test_a_command_of_one_word_is_understood_without_its_slash(hall: Hall, text: str) -> None:
    assert hall.ask(CLERK, text).text == hall.ask(CLERK, "/我是谁").text


def test_without_its_slash_a_command_is_run_by_those_who_may_and_only_when_nothing_else_is_said(hall: Hall) -> None:
    assert "收不到" in hall.ask(ADMIN, "自检").text
    assert "收不到" not in hall.ask(CLERK, "自检").text
    assert "收不到" not in hall.ask(ADMIN, "自检一下安全").text
    for everyday in ("确认", "取消"):
        assert "代码" not in hall.ask(CLERK, everyday).text
