"""A word is one only where it is read as one: 打开黑板 has no 开黑."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation import boundary
from handlers.moderation.boundary import stands_alone
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner


def is_word(text: str, word: str) -> bool:
    start = text.index(word)
    return stands_alone(text, (start, start + len(word)))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("请打开黑板左边的灯", "开黑"),
        ("打开 黑板", "开 黑"),
        ("打開黑板", "開黑"),
        ("想开黑色的车", "开黑"),
        ("离开黑龙江", "开黑"),
        ("展开黑白对比", "开黑"),
        ("收费用户", "费用"),
        ("现代写作课", "代写"),
        ("古代写的诗", "代写"),
        ("那个年代写的信", "代写"),
        ("举办证书颁发仪式", "办证"),
        ("要办证件复印", "办证"),
        ("打赌博士能来", "赌博"),
        ("消毒品类", "毒品"),
        ("集中毒害", "中毒"),
        ("书包过来拿", "包过"),
        ("替考虑一下", "替考"),
        ("招代考虑", "代考"),
        ("参加微课比赛", "加微"),
        ("增加微机课", "加微"),
        ("需要加微积分课", "加微"),
        ("来自杀毒软件", "自杀"),
        ("论文发表格", "发表"),
        ("焊枪坏了", "枪"),
    ],
)
def test_where_other_words_meet_there_is_none(text: str, word: str) -> None:
    assert not is_word(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("晚上开黑吗", "开黑"),
        ("大家开黑去", "开黑"),
        ("开黑人多", "开黑"),
        ("王者开黑上分", "开黑"),
        ("打，开黑，板", "开黑"),
        ("打 开黑 板", "开黑"),  # whoever writes it apart means it
        ("打3开黑x板", "开黑"),
        ("专业代写论文", "代写"),
        ("有人代写吗", "代写"),
        ("个人代写论文", "代写"),
        ("全年代写", "代写"),
        ("办证找我", "办证"),
        ("赌博网站", "赌博"),
        ("论文包过", "包过"),
        ("考试包过", "包过"),
        ("需要加微", "加微"),
        ("有枪卖", "枪"),
        ("助学贷款", "贷款"),  # a longer word of which it is the main part says nothing against it
        ("开黑", "开黑"),
        ("打kai黑板", "kai黑"),
        ("vx", "vx"),
    ],
)
def test_where_it_is_read_as_one_it_is_one(text: str, word: str) -> None:
    assert is_word(text, word)


def test_a_rule_asks_for_it() -> None:
    text = "请打开黑板，晚上开黑"
    rule = Rule("r", "non-work", "五.2", words=("开黑",))
    assert [hit.span for hit in Scanner([rule]).scan(text)] == [(2, 4), (8, 10)]
    bounded = Rule("r", "non-work", "五.2", words=("开黑",), boundary=True)
    assert [hit.span for hit in Scanner([bounded]).scan(text)] == [(8, 10)]


def test_it_holds_for_the_words_of_combinations() -> None:
    rule = Rule("r", "non-work", "五.2", combinations=(("开黑", "上分"),), boundary=True)
    assert Scanner([rule]).scan("开黑上分")
    assert not Scanner([rule]).scan("打开黑板上分数")


def test_the_words_are_everyday_words_and_no_others() -> None:
    words = boundary._words()
    assert 3_000 < len(words) < 8_000
    assert all(word.isalpha() and 2 <= len(word) <= 6 for word in words)
    assert boundary._EVERYDAY.stat().st_size < 100_000


@given(st.text(st.sampled_from("打开黑板展示色的吗 ，x\u200b\n"), max_size=30), st.data())
def test_any_span_of_any_text_has_an_answer(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert stands_alone(text, (start, end)) in (True, False)


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_what_is_far_away_does_not_matter(text: str) -> None:
    assert not is_word(f"{text}。请打开黑板。{text}".replace("开黑", "", text.count("开黑")), "开黑")


@given(st.sampled_from(["开黑", "代写", "办证"]), st.text(st.sampled_from("，。 *1a\n"), min_size=1, max_size=3))
def test_marks_around_it_leave_no_doubt(word: str, mark: str) -> None:
    assert is_word(f"打{mark}{word}{mark}板", word)
