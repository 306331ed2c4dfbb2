"""Whoever answers for a document replies in their own words; the askers get it, and it becomes a curated answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.message import GroupPost, Private, Quoted
from storage.members import Member
from storage.outbox import Draft
from storage.staff import StaffFact
from tests.handlers.hall import ADMIN, CLASS, OFFICE, OWNER
from tests.handlers.policy.office import (
    FRIEND,
    KEEPER,
    TEACHER,
    Office,
    an_office,
    code_in,
    privates,
    replied,
)

QUESTION = "公务车周末可以停在家里吗"
ANSWER = "不可以，周五下班前开回学院车库。"


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office() as made:
        made.say(TEACHER, f"/规章 转交 {made.asked(QUESTION)}")
        yield made


def test_the_owner_sees_what_the_asker_will_read_and_the_asker_gets_it(office: Office) -> None:
    body = office.ask(KEEPER, f"/规章 回答 1 第四条 {ANSWER}")
    assert ANSWER in body.text
    assert "《学院公务用车管理规定》第四条" in body.text
    assert "会发给提问的 1 位" in body.text
    assert office.store.curated.all() == []
    sent = office.say(KEEPER, f"/确认 {code_in(body)}")
    assert "已发给 1 位提问的人" in replied(sent)
    text = privates(sent)[(TEACHER,)]
    assert QUESTION in text
    assert ANSWER in text
    assert "《学院公务用车管理规定》第四条" in text
    assert "《学院公务用车管理规定》的负责人 2026-11-24 答复" in text
    assert KEEPER not in text
    assert "郑保管" not in text


def test_at_night_the_owner_hears_when_it_goes_out(office: Office) -> None:
    office.later(timedelta(hours=13))
    assert "现在是夜里，07:00 发给 1 位提问的人" in replied(office.confirmed(KEEPER, f"问1 {ANSWER}"))


def test_the_answer_is_kept_with_its_question_and_article(office: Office) -> None:
    office.confirmed(KEEPER, f"/规章 回答 1 第四条 {ANSWER}")
    [answer] = office.store.curated.all()
    assert (answer.answer, answer.phrasings, answer.author) == (ANSWER, (QUESTION,), KEEPER)
    assert [(link.document, link.article) for link in answer.links] == [("学院公务用车管理规定", "第四条")]
    assert answer.reviewed_at == office.now
    found = office.context.curated.match("请问公务车周末能停在家里吗？")
    assert found is not None
    assert found.answer.id == answer.id
    assert "规章 回答" in office.audited()
    [entry] = [office.store.policy_queue.get(1)]
    assert entry is not None
    assert (entry.state, entry.settled_by, entry.curated_id) == ("answered", KEEPER, answer.id)


@pytest.mark.parametrize(
    "text", [f"问1 {ANSWER}", f"问 1：{ANSWER}", f"问１，{ANSWER}", f"1 {ANSWER}", f"1、{ANSWER}", f"问1\n{ANSWER}"]
)
def test_a_number_before_the_answer_is_enough(office: Office, text: str) -> None:
    assert privates(office.confirmed(KEEPER, text))[(TEACHER,)].count(ANSWER) == 1


def test_quoting_the_question_is_enough(office: Office) -> None:
    key = told(office, "key-1", "**问1** 有人问")
    body = office.say(KEEPER, f"第四条 {ANSWER}", quoted=Quoted(platform_key=key))
    assert "会发给提问的 1 位" in replied(body)
    assert "第四条" in replied(body)


def test_of_several_questions_in_one_message_it_is_asked_which(office: Office) -> None:
    office.say(FRIEND, f"/规章 转交 {office.asked('驾驶员生病了怎么办', FRIEND)}")
    told(office, "key-1", "**问1** 有人问")
    key = told(office, "key-1", "**问2** 有人问")
    said = replied(office.say(KEEPER, ANSWER, quoted=Quoted(platform_key=key)))
    assert "问1、问2" in said
    assert "会发给" in replied(office.say(KEEPER, f"问2 {ANSWER}", quoted=Quoted(platform_key=key)))


def test_a_quotation_of_somebody_elses_question_is_an_ordinary_message(office: Office) -> None:
    key = told(office, "key-1", "**问1** 有人问")
    for person in (TEACHER, OWNER):
        said = replied(office.say(person, "停车要多少钱", quoted=Quoted(platform_key=key)))
        assert "会发给" not in said


@pytest.mark.parametrize(
    "text",
    ["1 个部门可以有几辆车？", "12 月要交什么材料", "1", "问题1怎么解决", "问1个问题", "3 号车归谁"],
)
def test_what_is_no_reply_stays_a_question(office: Office, text: str) -> None:
    assert "会发给" not in replied(office.say(KEEPER, text))


def test_an_answer_under_a_number_that_there_is_not_is_told(office: Office) -> None:
    assert "没有「问99」" in office.ask(KEEPER, f"问99 {ANSWER}").text
    for person, said in ((KEEPER, "问99下群主的事"), (KEEPER, "问99 群主是谁吗"), (TEACHER, f"问99 {ANSWER}")):
        assert "没有「问99」" not in office.ask(person, said).text


def test_nobody_else_answers_and_nobody_answers_in_a_group(office: Office) -> None:
    assert "不归你答" in office.ask(TEACHER, f"/规章 回答 1 {ANSWER}").text
    assert "请私聊我" in office.ask(KEEPER, f"/规章 回答 1 {ANSWER}", OFFICE).text
    assert "会发给" not in replied(office.say(KEEPER, f"问1 {ANSWER}", OFFICE))
    assert office.store.curated.all() == []
    assert privates(office.confirmed(ADMIN, f"问1 {ANSWER}"))


def test_a_list_of_the_clean_up_with_that_number_comes_first(office: Office) -> None:
    office.store.staff.put(StaffFact("gone", "personnel-file", "赵离", status="departed"), office.now)
    office.store.members.add(OFFICE, Member(OFFICE, "gone"), "file", office.now)
    office.store.database.execute("update groups set owner = ? where conversation = ?", (KEEPER, OFFICE))
    code = code_in(office.ask(ADMIN, "/清理 发起 部门群"))
    office.say(ADMIN, f"/确认 {code}")
    assert [finding.number for finding in office.store.findings.asked_of(KEEPER)] == [1]
    assert "会发给" not in replied(office.say(KEEPER, "1 已移出"))
    assert "会发给" in replied(office.say(KEEPER, f"问1 {ANSWER}"))


def test_numbers_of_people_are_masked_before_anybody_sees_them(office: Office) -> None:
    body = office.ask(KEEPER, "问1 打张师傅电话 13812345678")
    assert "已经隐去" in body.text
    assert "13812345678" not in body.text
    sent = office.say(KEEPER, f"/确认 {code_in(body)}")
    assert "13812345678" not in privates(sent)[(TEACHER,)]
    assert "13812345678" not in office.store.curated.all()[0].answer


def test_a_web_address_stays_and_markup_does_not(office: Office) -> None:
    text = privates(office.confirmed(KEEPER, "问1 见 https://oa.example.edu.cn/car?id=1 **必填** [点我](x)"))[
        (TEACHER,)
    ]
    assert "https://oa.example.edu.cn/car?id=1" in text
    assert "[点我]" not in text
    assert "**必填**" not in text


def test_a_second_answer_corrects_the_first(office: Office) -> None:
    office.confirmed(KEEPER, f"问1 第四条 {ANSWER}")
    sent = office.confirmed(KEEPER, "问1 第二条 可以，先向办公室登记。")
    text = privates(sent)[(TEACHER,)]
    assert "更正" in text
    assert "先向办公室登记" in text
    [answer] = office.store.curated.all()
    assert answer.answer == "可以，先向办公室登记。"
    assert [link.article for link in answer.links] == ["第二条"]


def test_an_answer_can_be_withdrawn(office: Office) -> None:
    assert "没有可撤回的" in office.ask(KEEPER, "/规章 撤回 1").text
    office.confirmed(KEEPER, f"问1 {ANSWER}")
    sent = office.confirmed(KEEPER, "/规章 撤回 1")
    assert "已经撤回" in privates(sent)[(TEACHER,)]
    assert office.context.curated.match(QUESTION) is None
    assert [one.id for one in office.store.policy_queue.open()] == [1]
    assert "规章 撤回" in office.audited()
    office.confirmed(KEEPER, "问1 可以")
    assert office.context.curated.match(QUESTION) is not None


def test_no_answer_is_told_too(office: Office) -> None:
    sent = office.say(KEEPER, "/规章 不答 1 这归后勤管")
    assert "已告诉提问的 1 位" in replied(sent)
    assert "这归后勤管" in privates(sent)[(TEACHER,)]
    assert office.store.policy_queue.open() == []
    assert "已经处理过" in office.ask(KEEPER, "/规章 不答 1").text
    number = office.asked(QUESTION, FRIEND)
    office.say(FRIEND, f"/规章 转交 {number}")
    assert [one.question for one in office.store.policy_queue.open()] == [QUESTION], "asked by somebody else: it waits"


def test_outsiders_and_the_unreachable_are_answered_in_the_group(office: Office) -> None:
    office.say(None, f"/规章 转交 {office.asked(QUESTION, None, CLASS)}", CLASS)
    office.say(FRIEND, f"/规章 转交 {office.asked(QUESTION, FRIEND, OFFICE)}", OFFICE)
    office.store.unreachable.missed([FRIEND], office.now)
    sent = office.confirmed(KEEPER, f"问1 {ANSWER}")
    assert [one.to for one in sent if isinstance(one, Private)] == [(TEACHER,)]
    posts = [one for one in sent if isinstance(one, GroupPost)]
    assert {one.conversation for one in posts} == {CLASS, OFFICE}
    assert all(ANSWER in one.body.text for one in posts)


def test_who_asks_again_after_the_answer_reads_it_at_once(office: Office) -> None:
    office.confirmed(KEEPER, f"问1 {ANSWER}")
    [row] = office.store.database.rows("select asked_id from policy_queue")
    assert ANSWER in office.ask(TEACHER, f"/规章 转交 {row['asked_id']}").text


def test_a_disliked_curated_answer_is_put_right_in_place(office: Office) -> None:
    office.confirmed(KEEPER, f"问1 {ANSWER}")
    number = office.asked("请问公务车周末能停在家里吗", FRIEND, is_answered=True)
    sent = office.say(FRIEND, f"/规章 没用 {number} 早就改了")
    assert "问答 1 号就是答这个的" in privates(sent)[(KEEPER,)]
    office.confirmed(KEEPER, "问2 可以，登记以后就行。")
    [answer] = office.store.curated.all()
    assert answer.answer == "可以，登记以后就行。"
    assert len(answer.phrasings) == 2


@pytest.mark.parametrize("said", ["/规章 回答 1", "/规章 回答 1 " + "长" * 1501])
def test_what_is_no_answer(office: Office, said: str) -> None:
    assert "用法" in office.ask(KEEPER, said).text


def told(office: Office, key: str, text: str) -> str:
    """A message with this text went out to the owner; the key by which DingTalk calls it."""
    draft = Draft("private", json.dumps({"text": text}), 1, office.now, recipients=(KEEPER,))
    office.store.outbox.sent(office.store.outbox.add(draft), office.now, key)
    return key
