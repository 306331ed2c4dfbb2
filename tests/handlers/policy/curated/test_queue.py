"""Questions that nothing answers go to whoever answers for the document, and nobody learns who asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.message import Private
from storage.roles import Grant
from tests.handlers.hall import ADMIN, CLASS, CLERK, OFFICE, SUB
from tests.handlers.policy.desk import DIGEST
from tests.handlers.policy.office import FRIEND, KEEPER, TEACHER, Office, an_office, privates, replied

QUESTION = "公务车周末可以停在家里吗"


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office() as made:
        yield made


def test_a_refused_question_goes_to_the_owner_without_the_name_of_whoever_asked(office: Office) -> None:
    number = office.asked(QUESTION)
    sent = office.say(TEACHER, f"/规章 转交 {number}")
    assert "已转给《学院公务用车管理规定》的负责人" in replied(sent)
    [(to, text)] = privates(sent).items()
    assert to == (KEEPER,)
    assert "**问1**" in text
    assert QUESTION in text
    assert "第三条" in text
    assert not any(word in text for word in ("何老师", TEACHER))
    [private] = [one for one in sent if isinstance(one, Private)]
    assert [button.says for button in private.body.buttons] == [
        "/规章 查看 第三条 学院公务用车管理规定",
        "/规章 不答 1",
    ]


def test_what_no_owner_answers_for_goes_to_the_main_admins(office: Office) -> None:
    for document in (DIGEST, None):
        number = office.asked("食堂几点开门" if document is None else QUESTION, document=document, article=None)
        assert list(privates(office.say(TEACHER, f"/规章 转交 {number}"))) == [(ADMIN,)]


def test_an_owner_who_has_left_is_asked_no_more(office: Office) -> None:
    office.store.database.execute("update staff_facts set status = 'retired' where staff_id = ?", (KEEPER,))
    assert list(privates(office.say(TEACHER, f"/规章 转交 {office.asked(QUESTION)}"))) == [(ADMIN,)]


def test_whom_no_message_reaches_is_not_waited_for(office: Office) -> None:
    office.store.unreachable.missed([KEEPER], office.now)
    assert list(privates(office.say(TEACHER, f"/规章 转交 {office.asked(QUESTION)}"))) == [(ADMIN,)]
    assert "1 个" in office.ask(KEEPER, "/规章 待答").text


def test_what_has_been_answered_meanwhile_is_said_at_once(office: Office) -> None:
    number = office.asked(QUESTION)
    office.ask(KEEPER, f"/规章 问答 添加 {QUESTION}｜不可以｜第四条")
    assert "不可以" in office.ask(TEACHER, f"/规章 转交 {number}").text
    assert office.store.policy_queue.open() == []


def test_where_nobody_answers_the_contact_is_named_and_nothing_waits() -> None:
    with an_office(roles={"main_admins": []}, policy={"contact": "党政办"}) as office:
        number = office.asked(QUESTION, document=None)
        assert "请直接问党政办" in replied(office.say(TEACHER, f"/规章 转交 {number}"))
        assert office.store.policy_queue.open() == []


def test_a_question_of_another_chat_cannot_be_passed_on_or_rated(office: Office) -> None:
    number = office.asked(QUESTION)
    for said in (f"/规章 转交 {number}", f"/规章 有用 {number}", f"/规章 没用 {number} 不对"):
        for person, chat in ((FRIEND, None), (TEACHER, OFFICE)):
            body = office.say(person, said, chat)
            assert "这里没有问过" in replied(body)
            assert privates(body) == {}
    assert office.store.policy_queue.open() == []


@pytest.mark.parametrize("rest", ["", " abc", " 999", " 99999999999999999999", " -1"])
def test_numbers_that_are_none(office: Office, rest: str) -> None:
    for word in ("转交", "有用", "没用", "回答", "不答", "撤回"):
        assert "用法" in replied(office.say(KEEPER, f"/规章 {word}{rest}"))


def test_the_same_question_is_told_of_once_and_answers_all_who_ask(office: Office) -> None:
    first, second = office.asked(QUESTION), office.asked("公务用车周末可以停在家里吗", FRIEND)
    third = office.asked("请问公务车周末能不能停在家里", CLERK)
    assert privates(office.say(TEACHER, f"/规章 转交 {first}"))
    assert replied(office.say(TEACHER, f"/规章 转交 {first}")) == "已经转过了，有答复我会告诉你。"
    assert privates(office.say(CLERK, f"/规章 转交 {third}")) == {}
    assert privates(office.say(FRIEND, f"/规章 转交 {second}"))
    queue = office.store.policy_queue
    assert [len(queue.askers(one.id)) for one in queue.open()] == [2, 1]


def test_an_owner_hears_of_so_many_a_day_and_the_rest_waits() -> None:
    with an_office(policy={"questions_a_day": 2}) as office:
        told = []
        for at in range(4):
            number = office.asked(f"公务车第{'甲乙丙丁'[at]}种情况能不能用", "teacher" if at % 2 else FRIEND)
            told.append(privates(office.say("teacher" if at % 2 else FRIEND, f"/规章 转交 {number}")))
        assert [len(one) for one in told] == [1, 1, 0, 0]
        assert "今天不再一条条打扰了" in told[1][(KEEPER,)]
        assert "4 个" in office.ask(KEEPER, "/规章 待答").text
        office.later(timedelta(days=1))
        number = office.asked("驾驶员生病了怎么办")
        assert privates(office.say(TEACHER, f"/规章 转交 {number}"))


def test_one_person_cannot_flood_an_owner(office: Office) -> None:
    for kind in "甲乙丙丁戊己":
        number = office.asked(f"{kind}类车辆归谁管")
        said = replied(office.say(TEACHER, f"/规章 转交 {number}"))
    assert "一天最多转 5 个问题" in said
    assert len(office.store.policy_queue.open()) == 5


def test_who_may_not_ask_here_may_not_pass_on(office: Office) -> None:
    number = office.asked(QUESTION, None, OFFICE)
    assert "这里不回答规章问题" in replied(office.say(None, f"/规章 转交 {number}", OFFICE))


def test_somebody_from_outside_is_answered_in_the_group(office: Office) -> None:
    number = office.asked(QUESTION, None, CLASS)
    assert "在这个群里告诉大家" in replied(office.say(None, f"/规章 转交 {number}", CLASS))


def test_an_answer_is_rated_once_a_person(office: Office) -> None:
    number = office.asked(QUESTION, chat=OFFICE, is_answered=True)
    queue = office.store.policy_queue
    assert replied(office.say(TEACHER, f"/规章 有用 {number}", OFFICE)) == "记下了，谢谢。"
    office.say(TEACHER, f"/规章 有用 {number}", OFFICE)
    office.say(FRIEND, f"/规章 有用 {number}", OFFICE)
    assert queue.ratings(number) == (2, 0)
    office.say(TEACHER, f"/规章 没用 {number}", OFFICE)
    assert queue.ratings(number) == (1, 1)
    raters = [row["rater"] for row in office.store.database.rows("select rater from policy_ratings")]
    assert not any(person in rater for rater in raters for person in (TEACHER, FRIEND))


def test_a_bare_dislike_waits_quietly_and_a_reason_is_told_at_once(office: Office) -> None:
    number = office.asked(QUESTION, is_answered=True)
    sent = office.say(TEACHER, f"/规章 没用 {number}")
    assert privates(sent) == {}
    assert f"/规章 没用 {number}" in replied(sent)
    sent = office.say(TEACHER, f"/规章 没用 {number} 我问的是周末，电话 13812345678")
    assert "不会说是谁说的" in replied(sent)
    [(to, text)] = privates(sent).items()
    assert to == (KEEPER,)
    assert "有人觉得我的回答没用" in text
    assert "我问的是周末" in text
    assert "13812345678" not in text
    [entry] = office.store.policy_queue.open()
    assert "13812345678" not in entry.reason


def test_who_changes_their_mind_leaves_nothing_to_do(office: Office) -> None:
    number = office.asked(QUESTION, is_answered=True)
    office.say(TEACHER, f"/规章 没用 {number}")
    office.say(TEACHER, f"/规章 有用 {number}")
    assert office.store.policy_queue.open() == []


def test_a_refusal_cannot_be_of_no_use_but_passed_on(office: Office) -> None:
    number = office.asked(QUESTION)
    body = office.ask(TEACHER, f"/规章 没用 {number}")
    assert [button.says for button in body.buttons] == [f"/规章 转交 {number}"]


def test_who_sees_what_waits(office: Office) -> None:
    office.say(TEACHER, f"/规章 转交 {office.asked(QUESTION)}")
    office.say(TEACHER, f"/规章 转交 {office.asked('食堂几点开门', document=None)}")
    assert "1 个" in office.ask(KEEPER, "/规章 待答").text
    assert "2 个" in office.ask(ADMIN, "/规章 待答").text
    assert "没有等你答" in office.ask(TEACHER, "/规章 待答").text
    assert "没有等你答" in office.ask(SUB, "/规章 待答").text, "a sub-admin of another family"
    assert "请私聊我" in office.ask(KEEPER, "/规章 待答", OFFICE).text
    assert QUESTION in office.ask(KEEPER, "/规章 待答 1").text
    assert "不归你答" in office.ask(KEEPER, "/规章 待答 2").text
    assert "不归你答" in office.ask(TEACHER, "/规章 待答 1").text


def test_help_offers_it_to_those_who_answer(office: Office) -> None:
    assert "待答" in office.ask(KEEPER, "/帮助").text
    assert "待答" in office.ask(ADMIN, "/帮助").text
    text = office.ask(TEACHER, "/帮助").text
    assert "待答" not in text
    assert "转交" not in text


def test_a_sub_admin_for_regulations_answers_for_all(office: Office) -> None:
    office.say(TEACHER, f"/规章 转交 {office.asked(QUESTION)}")
    assert "1 个" not in office.ask(FRIEND, "/规章 待答").text
    office.store.roles.grant(Grant(FRIEND, "sub-admin", families=("规章",)), ADMIN, office.now)
    assert "1 个" in office.ask(FRIEND, "/规章 待答").text
    assert privates(office.confirmed(FRIEND, "问1 不可以"))
