"""Short questions that go on from the one before, by person and chat, for a few minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.evaluation.sets import shipped_index
from handlers.message import Reply
from handlers.policy.answering.follow_ups import own_words, reads_as_follow_up, understand
from handlers.policy.finding.decision import decide
from handlers.retention import forget
from handlers.settings import HandlerSettings
from tests.handlers.hall import CLASS, CLERK, OFFICE, OWNER, Hall, a_hall
from tests.handlers.policy.desk import a_desk

INDEX = shipped_index()
RETIRED = "退休的老师还要留在群里吗"
TRIPS = """公务用车管理办法

第一条 为规范公务用车，制定本办法。
第二条 公务用车由后勤处车辆管理科统一调度。
第三条 各部门用车，应当提前一个工作日提出申请，写明事由、人数、时间和目的地。
第四条 节假日用车须经分管院领导批准。
第五条 驾驶员不得酒后驾车，不得把公务用车借给他人使用。
"""


@pytest.fixture
def hall() -> Iterator[Hall]:
    with a_hall() as hall:
        yield hall


def about(message: str, subject: str) -> tuple[str, str]:
    """How a message is taken after `subject`, and the article; «-» where none answers."""
    found = understand(message, subject, INDEX, 0.5)
    return found.kind, found.decision.hits[0].article.number if found.decision.is_answered else "-"


def first(question: str) -> str:
    found = decide(question, INDEX, 0.5)
    return found.hits[0].article.number if found.is_answered else "-"


@pytest.mark.parametrize(
    ("subject", "message", "question"),
    [
        ("退休的人要移出组织架构吗", "那内退的呢", "内退的人要移出组织架构吗"),
        ("退休的老师要移出吗", "那学生呢？", "学生要移出吗"),
        (RETIRED, "如果是返聘的老师呢", "返聘的老师还要留在群里吗"),
        ("请假走什么流程", "那用车呢", "用车走什么流程"),
        ("班级群要不要管", "那部门群呢", "部门群要不要管"),
    ],
)
def test_somebody_else_takes_the_place(subject: str, message: str, question: str) -> None:
    found = understand(message, subject, INDEX, 0.5)
    assert (found.kind, found.question) == ("another", question)


@pytest.mark.parametrize("subject", [RETIRED, "群主一天要在线多久", "请假多少钱一天", "涉密文件能放钉盘吗"])
@pytest.mark.parametrize(
    "word", ["退休", "内退", "外聘", "学生", "用车", "请假", "群主", "管理员", "班级群", "图片", "文件"]
)
def test_what_is_answered_by_itself_is_not_lost_for_somebody_else(subject: str, word: str) -> None:
    """«用车多少钱一天» may be answered by nothing, where «那用车呢» is."""
    message = f"那{word}呢"
    assert understand(message, subject, INDEX, 0.5).decision.is_answered >= decide(message, INDEX, 0.5).is_answered


@pytest.mark.parametrize(
    "message", ["谁负责这个", "为什么", "多久一次", "有依据吗", "哪条规定的", "不移会怎么样", "这个谁管", "凭什么呢"]
)
def test_what_says_nothing_by_itself_is_about_what_was_said(message: str) -> None:
    kind, number = about(message, RETIRED)
    assert kind == "more"
    assert number in ("五.8", "二.6.(二)", "二.6")


def test_what_says_next_to_nothing_is_about_what_was_said_too() -> None:
    assert about("谁来改", "手机号换了怎么办") == ("more", "二.2")
    assert about("谁来移", RETIRED)[0] == "more"


@pytest.mark.parametrize(
    "message", ["那今天天气呢", "那食堂呢", "那钉钉怎么换铃声呢", "那工资呢", "那火星呢", "今天几点下班", "那微信呢"]
)
@pytest.mark.parametrize("subject", [RETIRED, "请假走什么流程", "涉密文件能放钉盘吗"])
def test_what_is_out_of_scope_is_so_after_a_question_too(message: str, subject: str) -> None:
    assert about(message, subject)[1] == "-"


@pytest.mark.parametrize(
    "message",
    [
        *(
            "手机号换了怎么办",
            "那手机号换了怎么办呢",
            "怎么请假",
            "那班级群要不要管理呢",
            "那学生要用钉钉吗",
            "要打印审批单吗",
        ),
        *("五.8", "第九十九条是什么", "群主谁来当", "如果发了广告会怎么样", "这个群要几个管理员", "那人脸识别能用吗"),
    ],
)
@pytest.mark.parametrize("subject", [RETIRED, "一个群要几个管理员", "涉密文件能放钉盘吗"])
def test_a_whole_question_stays_what_it_is(message: str, subject: str) -> None:
    alone = decide(message, INDEX, 0.5)
    found = understand(message, subject, INDEX, 0.5)
    if alone.is_answered or alone.kind == "no-such-number":
        assert (found.kind, found.decision) == ("alone", alone)


@pytest.mark.parametrize("subject", ["晚上不能发通知吗", RETIRED, "食堂几点开门"])
def test_a_question_of_its_own_gains_nothing_from_an_unrelated_one_before(subject: str) -> None:
    with a_desk() as desk:
        desk.bring(TRIPS)
        index = desk.context.policies
        question = "用车要提前几天申请"
        assert understand(question, subject, index, 0.5) == understand(question, None, index, 0.5)


@pytest.mark.parametrize(
    "text", ["那外聘的呢", "那学生呢？", "为什么", "谁负责这个", "如果是返聘的", "多久一次", "它归谁管"]
)
def test_follow_ups_read_as_such(text: str) -> None:
    assert reads_as_follow_up(text)


@pytest.mark.parametrize("text", ["退休的老师还要留在群里吗", "班级群谁管", "那年退休的人怎么算", "请假走什么流程" * 4])
def test_whole_questions_do_not(text: str) -> None:
    assert not reads_as_follow_up(text)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=50)
def test_anything_after_anything(message: str, subject: str) -> None:
    found = understand(message, subject, INDEX, 0.5)
    assert found.kind == "alone" or found.question
    assert len(own_words(message)) <= 4 * len(message)


# -- in chats ----------------------------------------------------------------------------------------------------


def test_a_conversation(hall: Hall) -> None:
    hall.ask(CLERK, "退休的人要移出组织架构吗", OFFICE)
    body = hall.ask(CLERK, "那内退的呢", OFFICE)
    assert body.text.startswith("接着刚才的，你是想问「内退的人要移出组织架构吗」吧：\n\n")
    assert "**（三）按学院安排提前离岗、内部退养（内退）的**" in body.text
    body = hall.ask(CLERK, "为什么", OFFICE)
    assert body.text.startswith("接着刚才的「内退的人要移出组织架构吗」：\n\n")
    hall.ask(CLERK, "那今天天气呢", OFFICE)
    assert "「离职的人要移出组织架构吗」" in hall.ask(CLERK, "那离职的呢", OFFICE).text


def test_nothing_crosses_persons_or_chats(hall: Hall) -> None:
    hall.ask(CLERK, RETIRED, OFFICE)
    for person, chat in ((OWNER, OFFICE), (CLERK, CLASS), (CLERK, None)):
        assert "接着刚才" not in hall.ask(person, "那内退的呢", chat).text
        hall.ask(person, "今天天气怎么样", chat)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([CLERK, OWNER, None]),
            st.sampled_from([OFFICE, CLASS]),
            st.sampled_from(
                ["退休的要移出吗", "手机号换了怎么办", "班级群谁管", "为什么", "那内退的呢", "那今天天气呢", "五.8"]
            ),
            st.integers(0, 4),
        ),
        max_size=12,
    )
)
@settings(max_examples=30, deadline=None)
def test_whatever_is_said_only_ones_own_last_question_is_gone_on_from(
    said: list[tuple[str | None, str, str, int]],
) -> None:
    with a_hall() as hall:
        asked: dict[tuple[str | None, str], list[str]] = {}
        for person, chat, text, minutes in said:
            hall.later(timedelta(minutes=minutes))
            sent = hall.say(person, text, chat)
            before = asked.setdefault((person, chat), [])
            goes_on = next(
                (one.body.text for one in sent if isinstance(one, Reply) and "接着刚才" in one.body.text), ""
            )
            if goes_on:
                assert before, "there was nothing to go on from"
                question = goes_on.split("「")[1].split("」")[0]
                own = [*before, *(one.replace("退休", "内退") for one in before)]
                assert question in [one.rstrip("吗") for one in own] + own or "五.8" in before
            before.append(text)


def test_people_of_another_organisation_have_their_subject_too(hall: Hall) -> None:
    hall.ask(None, RETIRED, CLASS)
    assert "接着刚才" in hall.ask(None, "那内退的呢", CLASS).text
    assert "接着刚才" not in hall.ask(CLERK, "那内退的呢", CLASS).text


def test_after_some_minutes_it_is_over(hall: Hall) -> None:
    hall.ask(CLERK, RETIRED)
    hall.later(timedelta(minutes=5))
    assert "接着刚才" in hall.ask(CLERK, "那内退的呢").text
    hall.later(timedelta(minutes=5, seconds=1))
    assert "接着刚才" not in hall.ask(CLERK, "那离职的呢").text


def test_how_long_is_a_setting() -> None:
    with a_hall(policy={"follow_up_minutes": 0}) as hall:
        hall.ask(CLERK, RETIRED)
        assert "接着刚才" not in hall.ask(CLERK, "那内退的呢").text
        assert not hall.store.database.rows("select * from subjects")


def test_an_article_that_was_only_named_is_a_subject(hall: Hall) -> None:
    hall.ask(CLERK, "五.8")
    assert "》五.8**" in hall.ask(CLERK, "谁负责这个").text


def test_an_article_that_was_opened_is_one_too(hall: Hall) -> None:
    hall.ask(CLERK, "今天天气怎么样", OFFICE)
    hall.ask(CLERK, "/规章 查看 五.8", OFFICE)
    assert "》五.8**" in hall.ask(CLERK, "谁负责这个", OFFICE).text


def test_only_the_last_question_is_kept_masked_and_not_for_long(hall: Hall) -> None:
    hall.say(CLERK, "退休的老师13812345678还要留在群里吗")
    rows = hall.store.database.rows("select question from subjects")
    assert [row["question"] for row in rows] == ["退休的老师138******78还要留在群里吗"]
    hall.later(timedelta(minutes=6))
    hall.ask(OWNER, "手机号换了怎么办")
    rows = hall.store.database.rows("select person from subjects")
    assert [row["person"] for row in rows] == [OWNER]
    hall.later(timedelta(minutes=6))
    forget(hall.context)
    assert not hall.store.database.rows("select * from subjects")


@pytest.mark.parametrize(("message", "number"), [("那外聘的呢", "五.8"), ("那内退的呢", "二.6.(三)")])
def test_the_subject_is_kept_unless_another_article_speaks_of_who_is_asked_about(message: str, number: str) -> None:
    """Of 外聘 only a question of another article speaks, of 内退 its text does."""
    understood = understand(message, "退休的老师还要留在群里吗", INDEX, HandlerSettings().policy.refusal_threshold)
    assert understood.kind == "another"
    assert understood.decision.is_answered
    assert understood.decision.hits[0].article.number == number
