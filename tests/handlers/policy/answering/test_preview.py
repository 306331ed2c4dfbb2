"""Which messages are shown to a model before their turn, and what the handler makes of what came back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers import router
from handlers.context import Context
from handlers.fetched import Fetched, Rephrasing
from handlers.message import ChatKind, Incoming, Reply, Sender
from handlers.policy.answering.preview import Where, hits_for, questions_of
from handlers.policy.answering.retold import retold
from handlers.policy.finding.index import Hit
from storage.policies import Article, Document
from tests.handlers.hall import CLASS, CLERK, EXTERNAL, NEW, OFFICE, Hall, a_hall

EVERYWHERE = Where(("department", "project", "class", "external"), private=True, outsiders=True)
QUESTION = "退休的老师还要留在群里吗"


def incoming(text: str = QUESTION, person: str | None = CLERK, chat: str | None = None) -> Incoming:
    return Incoming(
        id="m1",
        conversation=chat or f"private-{person}",
        chat=ChatKind.GROUP if chat else ChatKind.PRIVATE,
        sender=Sender(person, nick=person or "来宾", sender_id=f"$:{person}"),
        text=text,
    )


def wanted(hall: Hall, message: Incoming, where: Where = EVERYWHERE) -> bool:
    return bool(hits_for(message, hall.context, where)[1])


def test_a_question_that_articles_answer_is_worth_a_model() -> None:
    with a_hall() as hall:
        question, hits = hits_for(incoming(), hall.context, EVERYWHERE)
        assert question == QUESTION
        assert 1 <= len(hits) <= 3
        assert questions_of(incoming(), hall.context)[0] == QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/帮助",
        "帮助",
        "谢谢",
        "你好",
        "转人工",
        "举报",
        "今天天气怎么样",
        "五.8",
        "第五章第八条说什么",
        "问" * 1001,
        f"{QUESTION}，他的手机是13812345678",
        "加微信代写论文，包过",
    ],
)
def test_nothing_else_is(text: str) -> None:
    with a_hall() as hall:
        assert not wanted(hall, incoming(text))


def test_content_that_a_rule_finds_gets_no_vector_either() -> None:
    with a_hall() as hall:
        assert questions_of(incoming(f"{QUESTION}，他的手机是13812345678"), hall.context) == ()
        assert questions_of(incoming("/帮助"), hall.context) == ()


def test_the_settings_say_where_and_for_whom() -> None:
    only_department = Where(("department",), private=False, outsiders=False)
    with a_hall() as hall:
        assert wanted(hall, incoming(chat=OFFICE), only_department)
        assert not wanted(hall, incoming(chat=CLASS), only_department)
        assert not wanted(hall, incoming(chat=NEW), only_department), "nobody has said what this group is"
        assert not wanted(hall, incoming(), only_department)
        assert wanted(hall, incoming(), replace(only_department, private=True))
        assert wanted(hall, incoming(person=None, chat=CLASS))
        assert not wanted(hall, incoming(person=None, chat=CLASS), replace(EVERYWHERE, outsiders=False))
        assert not wanted(hall, incoming(chat=EXTERNAL)), "no answers there, whatever the model may do"


def test_a_look_ahead_leaves_nothing_behind() -> None:
    with a_hall() as hall:
        before = hall.store.database.connection.total_changes
        hits_for(incoming(chat=NEW), hall.context, EVERYWHERE)
        questions_of(incoming(chat=OFFICE), hall.context)
        assert hall.store.database.connection.total_changes == before


def said(hall: Hall, message: Incoming, fetched: Fetched) -> str:
    context: Context = replace(hall.context, fetched=fetched)
    (sent,) = [one for one in router.handle(message, context) if isinstance(one, Reply)]
    return sent.body.text


def test_the_handler_verifies_once_more() -> None:
    with a_hall() as hall:
        question, hits = hits_for(incoming(), hall.context, EVERYWHERE)
        good = f"{hits[0].article.text.splitlines()[0][:40]}[1]"
        plain = said(hall, incoming(), Fetched())
        with_lead = said(hall, incoming(), Fetched(rephrased=Rephrasing(question, good)))
        assert "以上由语言模型转述，以条文为准" in with_lead
        assert with_lead.index("以上由语言模型转述") < with_lead.index(hits[0].document.title)
        for other in (
            Rephrasing("别的问题", good),
            Rephrasing(question, good.replace("[1]", "[7]")),
            Rephrasing(question, f"{good}请在99天内办理。"),
            Rephrasing(question, ""),
        ):
            text = said(hall, incoming(), Fetched(rephrased=other))
            assert strip_numbers(text) == strip_numbers(plain)


def strip_numbers(text: str) -> str:
    return "".join(character for character in text if not character.isdigit())


def test_one_of_the_articles_that_are_quoted_has_to_be_cited() -> None:
    document = Document("群管理办法")
    first = Hit(document, Article("第一条", "退休的人要移出群。"), 1.0, 0.9)
    second = Hit(replace(document, title="通知办法"), Article("第二条", "重要通知用 DING 提醒。"), 0.5, 0.5)

    def lead(text: str) -> str:
        return retold("问", [first], [first, second], Fetched(rephrased=Rephrasing("问", text)))

    assert lead("退休的人要移出群。[1]") == "退休的人要移出群。\n\n以上由语言模型转述，以条文为准（第一条）。"
    assert lead("重要通知用 DING 提醒。[2]") == ""
    assert lead("退休的人要移出群[1]，重要通知用 DING 提醒[2]。").endswith(
        "以条文为准（《群管理办法》第一条、《通知办法》第二条）。"
    )
    assert retold("问", [first], [first], Fetched()) == ""
