"""How a body looks on the platform."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbox import shape
from bot.outbox.cuts import SHORTEST_PART
from handlers.message import Body, Button

THREE = (Button("全部已移出", "全部已移出"), Button("保留", "保留 1 2"), Button("不清楚", "不清楚 + 100%"))


def says(url: str) -> str:
    """What somebody says who taps a button with this address."""
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path) == ("dtmd", "dingtalkclient", "/sendMessage")
    return parse_qs(parts.query)["content"][0]


def test_a_plain_text_is_markdown_with_a_title_for_the_list_of_chats() -> None:
    sent = shape.for_webhook(Body("### 退休的老师\n\n应当移出。"), ())
    assert sent["msgtype"] == "markdown"
    assert sent["markdown"] == {"title": "退休的老师", "text": "### 退休的老师\n\n应当移出。"}
    assert shape.for_openapi(Body("好", title="一" * 30)) == ("sampleMarkdown", {"title": "一" * 20, "text": "好"})


def test_a_title_is_not_cut_inside_a_sign() -> None:
    for before in range(13, 21):
        title = shape.title_of(Body("好", title="一" * before + "👨‍👩‍👧‍👦" * 2))
        assert len(title) <= shape.LONGEST_TITLE
        assert title.strip("一") in ("", "👨‍👩‍👧‍👦")


def test_whoever_is_mentioned_stands_in_the_text_and_in_the_list() -> None:
    sent = shape.for_webhook(Body("收到"), ("0427",))
    assert sent["markdown"]["text"] == "@0427 收到"
    assert sent["at"] == {"atUserIds": ["0427"]}


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_buttons_say_their_words_and_the_commands_stand_below(number: int) -> None:
    buttons = tuple(Button(f"第{n}个", f"/做 {n}") for n in range(number))
    sent = shape.for_webhook(Body("请选", buttons=buttons), ("0427",))
    card = sent["actionCard"]
    assert [(b["title"], says(b["actionURL"])) for b in card["btns"]] == [(b.label, b.says) for b in buttons]
    key, parameters = shape.for_openapi(Body("请选", buttons=buttons))
    assert key == f"sampleActionCard{number}"
    for n, button in enumerate(buttons, start=1):
        assert parameters[f"actionTitle{n}"] == button.label
        assert says(parameters[f"actionURL{n}"]) == button.says
    for text in (card["text"], parameters["text"]):
        assert text.startswith("请选\n\n")
        for button in buttons:
            assert f"{button.label}：{button.says}" in text


def test_two_short_commands_about_one_number_share_a_line() -> None:
    buttons = (Button("有用", "/规章 有用 12"), Button("没用", "/规章 没用 12"), Button("保留", "/清理 保留 1"))
    assert shape.commands_below(buttons).endswith("\n- 有用：/规章 有用 12　没用：/规章 没用 12\n- 保留：/清理 保留 1")
    assert shape.with_links(Body("好", "", buttons)).text.count("\n- ") == 2
    assert "　" not in shape.commands_below(
        (Button("移出", "/清理 已移出 全部"), Button("不清楚", "/清理 不清楚 全部"))
    )


def test_one_button_is_a_single_one() -> None:
    one = THREE[:1]
    card = shape.for_webhook(Body("请选", buttons=one), ())["actionCard"]
    key, parameters = shape.for_openapi(Body("请选", buttons=one))
    assert key == "sampleActionCard"
    assert (card["singleTitle"], parameters["singleTitle"]) == ("全部已移出", "全部已移出")
    assert says(card["singleURL"]) == says(parameters["singleURL"]) == "全部已移出"


def test_more_than_five_buttons_are_links() -> None:
    buttons = tuple(Button(f"第{n}个", f"做 {n}") for n in range(6))
    sent = shape.for_webhook(Body("请选", buttons=buttons), ())
    assert sent["msgtype"] == "markdown"
    key, parameters = shape.for_openapi(Body("请选", buttons=buttons))
    assert key == "sampleMarkdown"
    for text in (sent["markdown"]["text"], parameters["text"]):
        assert text.count("](dtmd://dingtalkclient/sendMessage?content=") == 6
        assert "第5个：做 5" in text


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("好", "@0427 好"),
        ("**二.6** 退休", "@0427 **二.6** 退休"),
        ("2026年起", "@0427 2026年起"),
        ("- 一\n- 二", "@0427\n\n- 一\n- 二"),
        ("### 标题", "@0427\n\n### 标题"),
        ("> 原文", "@0427\n\n> 原文"),
        ("1. 一", "@0427\n\n1. 一"),
    ],
)
def test_a_mention_stands_before_the_text_and_breaks_no_block(text: str, sent: str) -> None:
    found = shape.for_webhook(Body(text), ("0427",))
    assert (found["markdown"]["text"], found["at"]) == (sent, {"atUserIds": ["0427"]})


def test_a_label_is_no_markup() -> None:
    """Titles of articles become labels, and regulations are imported."""
    buttons = (Button("[点我](http://x)", "/帮助"),) * 6
    for text in (
        shape.for_webhook(Body("请选", buttons=buttons), ())["markdown"]["text"],
        shape.for_openapi(Body("请选", buttons=buttons))[1]["text"],
    ):
        assert "](http" not in text
        assert text.count("［点我］") == 12


def test_a_long_text_is_cut_at_the_ends_of_paragraphs_and_the_last_part_has_the_buttons() -> None:
    paragraphs = [f"第{n}段" + "字" * 500 for n in range(20)]
    parts = list(shape.split(Body("\n\n".join(paragraphs), "题", THREE)))
    assert len(parts) > 2
    assert "\n\n".join(part.text for part in parts) == "\n\n".join(paragraphs)
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert {part.title for part in parts} == {"题"}


def test_a_text_without_any_place_to_cut_is_cut_anyway() -> None:
    parts = list(shape.split(Body("字" * 10_000)))
    assert "".join(part.text for part in parts) == "字" * 10_000
    assert all(len(part.text) <= shape.LONGEST_TEXT for part in parts)


def split(text: str) -> list[str]:
    return [part.text for part in shape.split(Body(text))]


FILL = "这一段说的是别的事情。"


def test_a_sentence_is_not_cut_where_another_ends_before() -> None:
    parts = split((FILL * 400)[: shape.LONGEST_TEXT + 50])
    assert all(part.endswith("。") for part in parts[:-1])


def test_a_heading_stays_with_what_comes_below_it() -> None:
    parts = split(FILL * 300 + "\n\n### 二、群主的职责\n\n" + FILL * 100)
    assert parts[1].startswith("### 二、群主的职责\n\n")


def test_a_list_is_cut_between_two_items() -> None:
    items = [f"- 第{n}项：" + FILL * 3 for n in range(150)]
    parts = split("\n".join(items))
    assert len(parts) > 1
    assert [line for part in parts for line in part.split("\n")] == items


@pytest.mark.parametrize(
    "whole",
    [
        "[按这里看全文](https://example.edu.cn/a/very/long/address/of/a/page?with=arguments&and=more)",
        "https://example.edu.cn/a/very/long/address/of/a/page?with=arguments&and=more",
        "**必须在本周五之前完成的那件事情**",
        "`/清理 保留 12 34 到 2026-12-31`",
        "@manager4220",
    ],
)
@pytest.mark.parametrize("before", range(shape.LONGEST_TEXT - 100, shape.LONGEST_TEXT + 2, 17))
def test_a_link_a_command_and_a_mention_are_never_cut(whole: str, before: int) -> None:
    text = "字" * before + whole + "字" * 500
    parts = split(text)
    assert sum(whole in part for part in parts) == 1
    assert "".join(parts) == text


@pytest.mark.parametrize("sign", ["👨‍👩‍👧‍👦", "👍🏽", "🇨🇳", "é", "❤️", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "\ud83d\ude00"])
def test_a_sign_of_several_characters_is_never_cut(sign: str) -> None:
    for before in range(shape.LONGEST_TEXT - 14, shape.LONGEST_TEXT + 1):
        text = "字" * before + sign + "字" * 30
        parts = split(text)
        assert "".join(parts) == text
        assert sum(sign in part for part in parts) == 1, before


def test_two_flags_are_cut_between_them_only() -> None:
    flags = "🇨🇳🇯🇵" * 2000
    parts = split(flags)
    assert "".join(parts) == flags
    assert all(len(part) % 2 == 0 for part in parts)


def test_a_block_of_code_that_fits_is_not_cut() -> None:
    block = "```python\n" + "print('一')\n\n" * 60 + "```"
    parts = split(FILL * 320 + "\n\n" + block + "\n\n" + FILL * 10)
    assert sum(block in part for part in parts) == 1


def test_a_block_of_code_that_does_not_fit_is_closed_and_opened_again() -> None:
    lines = [f"print({n})" for n in range(900)]
    parts = split("前\n\n```python\n" + "\n".join(lines) + "\n```\n\n后")
    assert len(parts) > 2
    assert all(part.count("```") % 2 == 0 for part in parts)
    assert all(part.startswith("```python\n") for part in parts[2:])
    assert all(len(part) <= shape.LONGEST_TEXT for part in parts)
    assert [line for part in parts for line in part.split("\n") if line.startswith("print")] == lines


@pytest.mark.parametrize("text", ["", "  ", "\n\n"])
def test_a_body_without_text_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="without text"):
        list(shape.split(Body(text)))


@given(
    st.lists(st.text(alphabet='字。\n\n a😀"\\`[](*@#-', max_size=3000), max_size=6).map("".join),
    st.lists(st.builds(Button, st.text(max_size=20), st.text(max_size=60)), max_size=8).map(tuple),
)
def test_every_part_fits_and_no_word_is_lost(text: str, buttons: tuple[Button, ...]) -> None:
    if not text.strip():
        return
    parts = list(shape.split(Body(text, "题", buttons)))
    assert _bare("".join(part.text for part in parts)) == _bare(text)
    assert len(parts) <= 2 + len(text) // SHORTEST_PART
    for part in parts:
        assert part.text.strip()
        _, parameters = shape.for_openapi(part)
        assert _bytes(parameters["text"]) <= 15_000 - 1_500 or len(buttons) > 5
        assert _bytes(shape.for_webhook(part, ("0427",))) <= 20_000 or len(buttons) > 5


def _bare(text: str) -> str:
    """Without spaces, and without the signs that open and close a block of code: they may be doubled at a cut."""
    return re.sub(r"`|~", "", "".join(text.split()))


def _bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
