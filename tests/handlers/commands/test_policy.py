"""`/规章`, as staff, outsiders and admins use it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from handlers.access import Role
from handlers.commands.command import Call, UsageError
from handlers.commands.policy import COMMANDS
from handlers.message import Body, Incoming, Outgoing, Private, Reply
from handlers.policy.texts import NOT_HERE
from storage.groups import Group
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST, NOW, Desk, a_desk, a_message, says


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def test_who_may_use_what() -> None:
    assert {command.words[1]: command.role for command in COMMANDS} == {
        "列表": Role.STAFF,
        "查看": Role.OUTSIDER,
        "全文": Role.OUTSIDER,
        "测试": Role.SUB_ADMIN,
    }
    assert all(command.effect is None for command in COMMANDS)


def test_the_list_says_what_is_in_force_and_what_is_only_a_digest(desk: Desk) -> None:
    desk.bring(CARS_TEXT, effective=date(2025, 3, 1))
    desk.bring("印章办法\n第一条 印章由办公室保管。")
    desk.bring("明年的办法\n第一条 甲", effective=date(2027, 1, 1))
    assert desk.call("/规章 列表").text == (
        "**现行规章 3 份**\n\n"
        "- **《印章办法》**第 1 版，未注明施行日期，1 条（正式文本）\n"
        f"- **《{CARS}》**第 1 版，2025-03-01 起施行，6 条（正式文本）\n"
        f"- **《{DIGEST}》**第 1 版，2023-11-28 起施行，50 条（要点，不是正式文件）\n\n"
        "看某一条：/规章 查看 编号"
    )


def test_the_list_of_nothing() -> None:
    with a_desk(with_digest=False) as desk:
        assert "没有现行有效的规章" in desk.call("/规章 列表").text


@pytest.mark.parametrize(
    "words", ["五.8", "5.8", "五、8", "第五章第八条", f"五.8 {DIGEST}", f"五.8 《{DIGEST}》", "五.8 钉钉"]
)
def test_an_article_is_shown(desk: Desk, words: str) -> None:
    body = desk.call(f"/规章 查看 {words}")
    assert body.text.startswith(f"**《{DIGEST}》五.8**（2023-11-28 起施行）\n\n> 管理员应当审核入群人员。")
    assert body == desk.call(f"/policy show {words}")


def test_a_number_may_be_written_with_spaces(desk: Desk) -> None:
    assert "二.6.(三)**" in desk.call("/规章 查看 二.6 （三）").text


def test_the_same_number_in_several_documents(desk: Desk) -> None:
    desk.bring(CARS_TEXT)
    desk.bring(f"{CARS}实施细则\n第一条 甲。\n第二条 乙。")
    body = desk.call("/规章 查看 第二条")
    assert says(body) == [f"/规章 查看 第二条 {CARS}", f"/规章 查看 第二条 {CARS}实施细则"]
    assert desk.call(says(body)[0]).text.startswith(f"**《{CARS}》第二条**")
    assert desk.call("/规章 查看 第二条 细则").text.startswith(f"**《{CARS}实施细则》第二条**")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/规章 查看", "请写条款编号"),
        ("/规章 查看 九.9", "没有「九.9」这一条"),
        ("/规章 查看 五.8 食堂办法", "没有「五.8 食堂办法」这一条"),
        ("/规章 测试", "请写要试的问题"),
    ],
)
def test_wrong_arguments(desk: Desk, command: str, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace(".", r"\.")):
        desk.call(command)


@pytest.mark.parametrize(("kind", "is_shown"), [("class", True), ("department", False), ("external", False)])
def test_outsiders_see_articles_only_where_they_may_ask(desk: Desk, kind: str, is_shown: bool) -> None:
    desk.store.groups.save(Group("cid", "群", kind, registered_at=NOW))
    body = desk.call("/规章 查看 五.8", a_message("", None, "cid"))
    assert (body.text != NOT_HERE) == is_shown


def test_the_full_text_goes_to_whoever_taps_alone(desk: Desk) -> None:
    (private, said) = run("/规章 全文 五.8", desk, a_message("", "li", "cid"))
    assert isinstance(private, Private)
    assert private.to == ("li",)
    assert private.body == desk.call("/规章 查看 五.8")
    assert isinstance(said, Reply)
    assert (said.body.text, said.at_sender) == ("已私下发给你。", True)
    (reply,) = run("/规章 全文 五.8", desk, a_message("", "li"))
    assert isinstance(reply, Reply)
    assert reply.body == private.body


def test_an_outsider_who_taps_reads_it_in_the_group(desk: Desk) -> None:
    desk.store.groups.save(Group("cid", "群", "class", registered_at=NOW))
    (reply,) = run("/规章 全文 五.8", desk, a_message("", None, "cid"))
    assert reply == Reply(desk.call("/规章 查看 五.8"))
    desk.store.groups.save(Group("cid", "群", "external", registered_at=NOW))
    assert run("/规章 全文 五.8", desk, a_message("", None, "cid")) == [Reply(Body(NOT_HERE))]


def run(text: str, desk: Desk, message: Incoming) -> list[Outgoing]:
    words = text.removeprefix("/").split()
    command = next(one for one in COMMANDS if one.words == tuple(words[:2]))
    return command.run(Call(message, tuple(words[2:]), " ".join(words[2:])), desk.context)


def test_trying_a_question(desk: Desk) -> None:
    text = desk.call("/规章 测试 退休的老师 还要留在群里吗").text
    assert text.startswith("**会作答**（把握 9")
    assert f"门槛 {desk.settings.policy.refusal_threshold:.0%}）\n\n- 《" in text
    assert text.count("》") == 3
    assert "五.8：" in text


def test_trying_a_question_that_is_refused(desk: Desk) -> None:
    text = desk.call("/规章 测试 钉钉怎么换铃声").text
    assert text.startswith("**不作答**")
    assert text.endswith("更像是在问：提示音与显示")
    assert "：0%" not in text
    assert "没有一条和它沾边" in desk.call("/policy test qwxyz").text


def test_trying_leaves_no_trace(desk: Desk) -> None:
    desk.call("/规章 测试 退休")
    assert desk.store.policies.latest_asked() == []
