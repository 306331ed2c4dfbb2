"""`/规则`: what the rules are and what they would do, for admins, in private."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.access import Role
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.rules import COMMANDS
from handlers.message import Body, Outgoing, Private, Reply
from tests.handlers.moderation.desk import ADMIN, CLERK, OFFICE, RULES, Desk, a_desk, reply, word_to


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def command(words: tuple[str, str]) -> Command:
    return next(one for one in COMMANDS if words in (one.words, one.aliases))


def call(desk: Desk, words: tuple[str, str], rest: str = "", chat: str | None = None) -> list[Outgoing]:
    message = desk.message(ADMIN, f"/{' '.join(words)} {rest}", chat)
    return command(words).run(Call(message, tuple(rest.split()), rest), desk.context)


def ask(desk: Desk, *words: str, rest: str = "") -> Body:
    one, two = words
    return reply(call(desk, (one, two), rest))


def test_only_admins_may() -> None:
    assert {one.role for one in COMMANDS} == {Role.SUB_ADMIN}


def test_the_list_says_what_each_rule_is_and_how_often_it_fired(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    desk.write(CLERK, "代写，加微信")
    text = ask(desk, "规则", "列表").text
    assert text.startswith(f"**共 {len(RULES)} 条内容规则**（命中数为近 30 天）")
    assert "**adverts**  \n广告推销，依据 五.2，私下提醒本人  \n2 个词；命中 2 次" in text
    assert "**marks**  \n涉密内容，依据 五.3，私下提醒本人，告知群主、部门负责人、主管理员  \n1 种号码或标志；命中 0 次" in text
    assert "**watched**  \n与工作无关，依据 一.2，只记录  \n1 个词；命中 0 次" in text
    assert all(rule.id in text for rule in RULES)


def test_a_trial_says_what_would_follow_and_records_nothing(desk: Desk) -> None:
    assert ask(desk, "规则", "测试", rest="专业代*写 电话13800138000").text == (
        "**会命中 2 处**\n\n"
        "- **adverts**：代＊写  \n广告推销，依据 五.2，私下提醒本人\n\n"
        "- **numbers**：138＊＊＊＊＊＊00  \n个人信息，依据 四.(三).2，私下提醒本人\n\n"
        "只是测试，没有记录。"
    )
    assert desk.flags == []


def test_a_trial_of_something_harmless(desk: Desk) -> None:
    assert ask(desk, "规则", "测试", rest="下午开会").text == "没有规则会命中这段文字。\n\n只是测试，没有记录。"


def test_a_trial_tells_when_a_question_is_excused(desk: Desk) -> None:
    text = ask(desk, "规则", "测试", rest="群里可以发代写的广告吗？").text
    assert text.startswith("命中的部分看起来是在询问规定或提醒他人，不会提醒。")
    text = ask(desk, "规则", "测试", rest="群里可以发代写的广告吗？我的身份证11010519491231002X").text
    assert "会命中 1 处" in text
    assert "其余命中看起来是在询问规定" in text


@pytest.mark.parametrize("rest", ["", "  "])
def test_a_trial_of_nothing_gets_the_usage(desk: Desk, rest: str) -> None:
    with pytest.raises(UsageError, match="请写要测试的文字"):
        call(desk, ("规则", "测试"), rest)


@pytest.mark.parametrize(("words", "rest"), [(("规则", "列表"), ""), (("规则", "测试"), "代写")])
def test_in_a_group_the_answer_goes_to_whoever_asked(desk: Desk, words: tuple[str, str], rest: str) -> None:
    sent = call(desk, words, rest, OFFICE)
    assert [type(one) for one in sent] == [Private, Reply]
    assert "adverts" in word_to(ADMIN, sent).text
    assert reply(sent).text == "已私下发给你。"


def test_the_english_words_do_the_same(desk: Desk) -> None:
    assert ask(desk, "rule", "list") == ask(desk, "规则", "列表")
    assert ask(desk, "rule", "test", rest="代写") == ask(desk, "规则", "测试", rest="代写")
