"""What people write to change a rule, and how it is said back to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.editing.differences import differences
from handlers.moderation.editing.fields import FIELDS, WHY, Edit, EditError, edited, read
from handlers.moderation.editing.labels import CATEGORY_WORDS, STATE_WORDS, code, hours_code, hours_said
from handlers.moderation.hours import read_hours
from handlers.moderation.rule import Examples, Rule, Scope
from handlers.moderation.written import table_of

RULE = Rule("r", "abuse", "一.2", words=("坏词", "丑话"))


def test_labels_take_what_follows_up_to_the_next_one() -> None:
    written = read("3 加词：代考、 替考，枪手\n例外: 代考虑；轻重：重 原因：学生：反映")
    assert written.head == "3"
    assert written.edits == (Edit("词", "代考、 替考，枪手", "加"), Edit("例外", "代考虑"), Edit("轻重", "重"))
    assert written.why == "学生：反映"


def test_without_labels_all_is_head() -> None:
    assert read("广告 五.2 生词：表") == read("  广告 五.2 生词：表 ")
    assert read("广告 五.2 生词：表").edits == ()


def test_each_part_of_a_rule_can_be_written() -> None:
    text = (
        "词：甲、乙 例外：甲子 搭配：丙｜己+丁+戊 相隔：5 至少：2 域名：example.edu.cn "
        "看穿：拼音、全角半角 整词：是 通读：是 类别：广告 条款：五.2 轻重：轻 告知：本人、群主 说明：一句话 建议：另一句 "
        "群类型：班级群 部门：教务处 群：cid1 身份：学生 时间：周一至周五 8:00-18:00 "
        "应命中：我说甲\n我说乙\n不应命中：甲子年 表达式：进群[0-9]{6}"
    )
    rule = edited(RULE, read(text).edits)
    assert rule == Rule(
        "r",
        "advertising",
        "五.2",
        severity="low",
        words=("甲", "乙"),
        allow=("甲子",),
        combinations=(("丙|己", "丁", "戊"),),
        within=5,
        at_least=2,
        domains=("example.edu.cn",),
        passes=("pinyin", "width"),
        boundary=True,
        unless_harmless=True,
        consequences=("sender", "owner"),
        meaning="一句话",
        advice="另一句",
        scope=Scope(("class",), ("教务处",), ("cid1",), ("student",), "Mon-Fri 8:00-18:00"),
        examples=Examples(("我说甲", "我说乙"), ("甲子年",)),
        expressions=("进群[0-9]{6}",),
    )
    assert len(differences(RULE, rule)) == 20


@pytest.mark.parametrize("word", ["无", "不限", "默认"])
def test_a_word_empties_a_part(word: str) -> None:
    rule = edited(RULE, read("群类型：班级群 例外：甲 说明：一句").edits)
    assert edited(rule, read(f"群类型：{word} 例外：{word} 说明：{word}").edits) == RULE


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("工作时间", "working-hours"),
        ("8:00-18:00", "8:00-18:00"),
        ("8：00至18：00", "8:00-18:00"),
        ("周一至周五 8:00-18:00", "Mon-Fri 8:00-18:00"),
        ("星期一到星期五8:00到18:00", "Mon-Fri 8:00-18:00"),
        ("周六、周日 0:00-24:00", "Sat,Sun 0:00-24:00"),
        ("每天 22:00~6:00", "22:00-6:00"),
        ("Mon-Fri 08:00-18:00", "Mon-Fri 08:00-18:00"),
    ],
)
def test_hours_are_written_as_people_do(written: str, meant: str) -> None:
    assert hours_code(written) == meant
    read_hours(meant)
    assert hours_code(hours_said(meant)) == meant


@pytest.mark.parametrize(
    ("word", "found"),
    [("广告", "advertising"), ("涉", "secrecy"), ("ABUSE", "abuse"), ("违法", "unlawful"), ("", None), ("什么", None)],
)
def test_words_for_a_category(word: str, found: str | None) -> None:
    assert code(word, CATEGORY_WORDS) == found
    assert code("执行", STATE_WORDS) == "enforce"


LABEL = st.sampled_from([*FIELDS, WHY, "加词", "删词", "加例外", "随便"])
PIECE = st.tuples(LABEL, st.sampled_from("：:　"), st.text(max_size=8), st.sampled_from([" ", "\n", "；", ""]))


@given(st.lists(st.one_of(PIECE.map("".join), st.text(max_size=8)), max_size=6).map("".join))
def test_whatever_is_written_gives_a_rule_or_one_line(text: str) -> None:
    written = read(text)
    try:
        rule = edited(RULE, written.edits)
    except EditError as error:
        assert str(error)
        assert "\n" not in str(error).strip()
    else:
        assert bool(differences(RULE, rule)) is (unordered(rule) != unordered(RULE))


def unordered(rule: Rule) -> dict[str, object]:
    """What the rule says, in whatever order its lists are."""
    table = table_of(rule)
    return {key: sorted(map(str, value)) if isinstance(value, list) else value for key, value in table.items()}
