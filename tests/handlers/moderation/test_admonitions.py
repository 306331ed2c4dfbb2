"""Warning of something is not doing it; a warning that sells is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.admonitions import without_admonitions
from handlers.moderation.excused import serious
from handlers.moderation.rule import Rule
from handlers.moderation.rules import load_rule_files
from handlers.moderation.scanner import Scanner

PLAIN = Scanner.from_rules(
    [
        Rule("words", "advertising", "五.2", words=("代写论文", "赌博", "刷单返利", "全网最低价", "傻瓜")),
        Rule("data", "privacy", "四.(三).2", detectors=("mobile",)),
    ]
)
SHIPPED = Scanner.from_rules(load_rule_files([]))


def left(text: str) -> list[str]:
    return [hit.matched for hit in serious(text, PLAIN.scan(text))]


@pytest.mark.parametrize(
    "text",
    [
        "严禁代写论文",
        "严禁在群内发布赌博、色情信息",
        "学校严厉打击找人代写论文的行为，请大家自律。",
        "反诈提醒：谨防刷单返利骗局",
        "请勿在群里骂人傻瓜",
        "我们承诺不赌博",
        "请不要发全网最低价之类的广告",
    ],
)
def test_a_warning_is_excused(text: str) -> None:
    assert PLAIN.scan(text)
    assert left(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "代写论文，禁止白嫖",  # what is warned of comes after it
        "严禁还价。代写论文",
        "拒绝套路，代写论文",
        "请勿错过，全网最低价",
        "谨防上当，代写论文找我们一手团队",
        "警惕假冒，代写论文加微信",
        "严禁代写论文。全网最低价",
        "禁止的事情有很多很多很多很多很多很多很多很多很多很多，赌博",
    ],
)
def test_an_advert_stays_one_when_it_warns(text: str) -> None:
    assert left(text)


def test_data_lies_open_whatever_is_warned_of() -> None:
    assert left("谨防诈骗电话13800138000") == ["13800138000"]


@given(
    st.text(max_size=50),
    st.sampled_from(["严禁代写论文", "需要代写吗？加微信", "群里可以发赌博广告吗", ""]),
    st.text(max_size=30),
)
def test_what_is_left_was_there_before(before: str, middle: str, after: str) -> None:
    text = before + middle + after
    for scanner in (PLAIN, SHIPPED):
        hits = scanner.scan(text)
        held = serious(text, hits)
        assert held == [hit for hit in hits if hit in held]


@pytest.mark.parametrize(
    "text", ["信不信我找几个社会上的兄弟去你宿舍", "小心我叫几个混社会的兄弟来堵你", "当心你的狗命，我找人打你"]
)
def test_a_threat_is_no_warning(text: str) -> None:
    hits = [hit for hit in SHIPPED.scan(text) if hit.rule.category == "abuse"]
    assert hits
    assert without_admonitions(text, hits) == hits
