"""What somebody typed after a slash."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.commands import grammar
from handlers.commands.registry import COMMANDS


@pytest.mark.parametrize(
    ("text", "words", "rest"),
    [
        ("/帮助", ("帮助",), ""),
        ("／帮助", ("帮助",), ""),
        ("  /帮助  清理 ", ("帮助",), "清理"),
        ("/help", ("帮助",), ""),
        ("/HELP", ("帮助",), ""),
        ("/清理 状态", ("清理", "状态"), ""),
        ("/清理状态", ("清理", "状态"), ""),
        ("/清理　状态", ("清理", "状态"), ""),
        ("/ 清理 状态", ("清理", "状态"), ""),
        ("//清理 状态", ("清理", "状态"), ""),
        ("/cleanup status", ("清理", "状态"), ""),
        ("/群 登记 部门群 教务处", ("群", "登记"), "部门群 教务处"),
        ("/规则 测试 /帮助", ("规则", "测试"), "/帮助"),
        ("/规章 测试\n退休了还要留吗", ("规章", "测试"), "退休了还要留吗"),
        ("/状态", ("状态",), ""),
        ("/状态！", ("状态",), "！"),
        ("/我是谁？", ("我是谁",), "？"),
        ("/确认0427", ("确认",), "0427"),
        ("/确认：0427", ("确认",), "：0427"),
        ("/confirm0427", ("确认",), "0427"),
        ("/帮助清理", ("帮助",), "清理"),
        ("/规章查看五.8", ("规章", "查看"), "五.8"),
        ("/清理已移出1 3", ("清理", "已移出"), "1 3"),
        ("/清理 保留2 返聘", ("清理", "保留"), "2 返聘"),
        ("/群 登记部门群 教务处", ("群", "登记"), "部门群 教务处"),
    ],
)
def test_a_command_is_found_with_what_follows(text: str, words: tuple[str, ...], rest: str) -> None:
    found = grammar.find(text, COMMANDS)
    assert found is not None
    assert (found.command.words, found.rest) == (words, rest)


@pytest.mark.parametrize("text", ["/", "/清理", "/清理 状态吧", "/cleanupstatus", "/helpme", "/状态栏", "/群登", "/ "])
def test_what_is_no_command_is_not_found(text: str) -> None:
    assert grammar.is_command(text)
    assert grammar.find(text, COMMANDS) is None


@pytest.mark.parametrize(
    ("rest", "arguments"),
    [
        ("", ()),
        ("1 3", ("1", "3")),
        ("部门群 “教务处 教学科” 日常", ("部门群", "教务处 教学科", "日常")),
        ('a "b c" d', ("a", "b c", "d")),
        ("「一 二」三", ("一 二", "三")),
        ("it's 5 o'clock", ("it's", "5", "o'clock")),
        ('"没有结尾 的引号', ('"没有结尾', "的引号")),
        ('""', ("",)),
    ],
)
def test_arguments_respect_quotes(rest: str, arguments: tuple[str, ...]) -> None:
    assert grammar.arguments(rest) == arguments


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/清里 状态", ("清理", "状态")),
        ("/清理 状太", ("清理", "状态")),
        ("/whomai", ("我是谁",)),
        ("/帮助住", ("帮助",)),
        ("/帮住", ("帮助",)),
        ("/确定 0427", ("确认",)),
        ("/清里状态 教务处", ("清理", "状态")),
        ("/我是水", ("我是谁",)),
    ],
)
def test_the_nearest_command_is_what_was_meant(text: str, words: tuple[str, ...]) -> None:
    found = grammar.nearest(text, COMMANDS)
    assert found is not None
    assert found.words == words


def test_nothing_is_near_to_something_else() -> None:
    assert grammar.nearest("/今天天气如何", COMMANDS) is None
    assert grammar.nearest("/", COMMANDS) is None


def test_names_and_aliases_differ() -> None:
    names = [command.words for command in COMMANDS] + [command.aliases for command in COMMANDS]
    assert len(set(names)) == len(names)


def test_every_command_can_be_typed_as_its_example_says() -> None:
    for command in COMMANDS:
        found = grammar.find(command.example, COMMANDS)
        assert found is not None
        assert found.command is command
        english = "/" + " ".join(command.aliases)
        again = grammar.find(english, COMMANDS)
        assert again is not None
        assert again.command is command
        assert command.usage.startswith("/" + " ".join(command.words))


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    found = grammar.find("/" + text, COMMANDS)
    if found is None:
        near = grammar.nearest("/" + text, COMMANDS)
        assert near is None or near in COMMANDS
    else:
        assert "".join(found.rest.split()) in "".join(text.split())


@given(st.text(max_size=100))
def test_arguments_lose_nothing_but_quotes_and_spaces(rest: str) -> None:
    def letters(text: str) -> str:
        return "".join(c for c in text if not c.isspace() and c not in "\"'“”「」")

    assert letters("".join(grammar.arguments(rest))) == letters(rest)
