"""What counts as a hit, and where it is said to be."""

from __future__ import annotations

from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.detectors import NAMES
from handlers.moderation.matcher import MOST_NOISE
from handlers.moderation.normalise import INVISIBLE, NOISE, Folded
from handlers.moderation.occurrences import MOST_PLACES
from handlers.moderation.rule import Rule, Scope
from handlers.moderation.scanner import Scanner
from handlers.moderation.scope import Circumstances

WORDS = Rule(
    "words",
    "advertising",
    "五.2",
    words=("代写", "代写论文", "赌博", "办证", "加微信", "av", "vx", "weixin", "开黑", "pk10"),
    allow=("现代写作", "办证大厅"),
)
SCANNER = Scanner.from_rules([WORDS])
EVERYTHING = Scanner.from_rules(
    [
        WORDS,
        Rule("pairs", "abuse", "一.2", combinations=(("甲", "乙"), ("子", "丑", "寅")), within=6, allow=("甲虫",)),
        Rule("numbers", "privacy", "四.(三).2", detectors=NAMES),
        Rule("expressions", "unlawful", "五.2", expressions=("滚.{0,2}蛋", "[a-z]{3}[0-9]{3}")),
    ]
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
PIECES = st.sampled_from(
    [
        *(
            "代写",
            "论文",
            "赌",
            "博",
            "甲",
            "乙",
            "子丑",
            "寅",
            "现代写作",
            "甲虫",
            "滚",
            "蛋",
            "密",
            "机密",
            "av",
            "ＡＶ",
            "x",
        ),
        *(
            "13800138000",
            "11010519491231002X",
            "京A12345",
            "a@b.cn",
            "★",
            "10年",
            "。",
            "，",
            "（",
            "\n",
            " ",
            "*",
            "\u200b",
        ),
    ]
)
MIXED = st.lists(st.one_of(PIECES, st.characters(exclude_categories=())), max_size=30).map("".join)


def found(text: str, scanner: Scanner = SCANNER) -> list[str]:
    return [hit.matched for hit in scanner.scan(text)]


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("代写论文", ["代写论文"]),  # the longest of those that begin together
        ("赌博和办证", ["赌博", "办证"]),
        ("赌*博 賭博 赌\u200b\u202e博 赌😀博 赌、博", ["赌*博", "賭博", "赌\u200b\u202e博", "赌😀博", "赌、博"]),
        ("赌--------博", ["赌--------博"]),
        ("赌---------博", []),  # more than eight marks
        ("要办，证件", []),
        ("打开“黑板”", []),
        ("请加，微信群里见", []),
        ("加，微，信", ["加，微，信"]),
        ("来（赌）博", ["赌）博"]),
        ("赌，博", ["赌，博"]),
        ("代写，论文", ["代写，论文"]),
        ("赌。博", ["赌。博"]),
        ("不要赌。博客更新了", []),
        ("赌。博客更新了", []),
        ("代\n写\n论\n文", ["代\n写\n论\n文"]),
        ("我来代\n写论文", []),
        ("现代写作课", []),
        ("现代写作课，代写论文", ["代写论文"]),
        ("去办证大厅办证", ["办证"]),
        ("have", []),
        ("1av2 测av试 ＡＶ a.v Av", ["av", "av", "ＡＶ", "a.v", "Av"]),
        ("ｈａｖｅ", []),  # full-width letters are letters
        ("h\u200bav", []),
        ("ⓥⓧ v❤x vx", ["ⓥⓧ", "v❤x", "vx"]),
        ("wei xin w e i x i n", ["wei xin", "w e i x i n"]),
        ("北京pk10 pk100 apk10", ["pk10"]),
        ("\ud800赌博\udfff", ["赌博"]),
        ("", []),
    ],
)
def test_words(text: str, matched: list[str]) -> None:
    assert found(text) == matched


def test_a_short_latin_word_is_strewn_throughout_or_not_at_all() -> None:
    scanner = Scanner.from_rules([Rule("r", "abuse", "一.2", words=("nmsl", "weixin"))])
    assert found("nmsl n m s l nm sl n.msl wei xin", scanner) == ["nmsl", "n m s l", "wei xin"]


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("甲乙", ["甲乙"]),
        ("乙在甲前", ["乙在甲"]),
        ("甲一二三四五六乙", ["甲一二三四五六乙"]),
        ("甲一二三四五六七乙", []),
        ("甲 * 一二三四五六，乙", ["甲 * 一二三四五六，乙"]),  # marks do not count for the distance
        ("甲虫和乙", []),
        ("甲虫和甲和乙", ["甲和乙"]),
        ("甲乙乙甲", ["甲乙", "乙甲"]),
        ("寅一子二丑", ["寅一子二丑"]),
        ("子丑", []),
    ],
)
def test_combinations(text: str, matched: list[str]) -> None:
    assert [hit.matched for hit in EVERYTHING.scan(text) if hit.rule.id == "pairs"] == matched


@pytest.mark.parametrize(
    ("pattern", "text", "matched"),
    [
        ("滚.{0,2}蛋", "滾 蛋", ["滾 蛋"]),
        ("貸款", "贷款", ["贷款"]),
        ("VX[:：]?[a-z]+", "ＶＸ：Abc", ["ＶＸ：Abc"]),
        (r"\d{3}元", "①②③元", ["①②③元"]),
        ("a*b?c", "caac", ["c", "aac"]),
    ],
)
def test_expressions(pattern: str, text: str, matched: list[str]) -> None:
    assert found(text, Scanner.from_rules([Rule("e", "abuse", "一.2", expressions=(pattern,))])) == matched


def test_allow_words_hold_for_expressions_and_detectors_too() -> None:
    rule = Rule(
        "r", "abuse", "一.2", expressions=("滚.{0,2}蛋",), detectors=("mobile",), allow=("滚鸡蛋", "热线13800138000")
    )
    assert found("立夏滚鸡蛋，热线13800138000", Scanner.from_rules([rule])) == []
    assert found("滚下蛋，13800138000", Scanner.from_rules([rule])) == ["滚下蛋", "13800138000"]


def test_each_rule_has_its_own_hit_in_the_order_of_the_rules() -> None:
    first = Rule("first", "abuse", "一.2", words=("赌博",))
    second = Rule("second", "unlawful", "五.2", words=("赌博", "网络赌博", "赌 博"))
    hits = Scanner.from_rules([first, second]).scan("赌博，网络赌博")
    assert [(hit.rule.id, hit.span) for hit in hits] == [
        ("first", (0, 2)),
        ("second", (0, 2)),
        ("second", (3, 7)),
        ("first", (5, 7)),
    ]


def test_an_allow_word_of_one_rule_does_not_excuse_another() -> None:
    strict = Rule("strict", "abuse", "一.2", words=("代写",))
    assert [hit.rule.id for hit in Scanner.from_rules([WORDS, strict]).scan("现代写作")] == ["strict"]


def test_a_rule_with_kinds_counts_only_there() -> None:
    classes = Rule("classes", "abuse", "一.2", words=("赌博",), scope=Scope(kinds=("class",)))
    scanner = Scanner.from_rules([classes])
    assert scanner.scan("赌博", "class")
    assert scanner.scan("赌博", "department") == []
    assert scanner.scan("赌博", None)  # a group that is not registered


def test_in_boundary_mode_a_word_across_two_others_is_none() -> None:
    words = ("开黑", "代写")
    loose = Scanner.from_rules([Rule("r", "non-work", "一.2", words=words)])
    strict = Scanner.from_rules([Rule("r", "non-work", "一.2", words=words, boundary=True)])
    assert found("打开黑板，一起开黑吗，kai黑", loose) == ["开黑", "开黑", "kai黑"]
    assert found("打开黑板，一起开黑吗，kai黑", strict) == ["开黑", "kai黑"]
    parts = Rule("r", "non-work", "一.2", combinations=(("开黑", "来"),), boundary=True)
    assert found("来打开黑板", Scanner.from_rules([parts])) == []


def test_departments_groups_and_roles_count_as_their_scope_says() -> None:
    rule = Rule("r", "abuse", "一.2", words=("赌博",), scope=Scope(groups=("a",), roles=("student",)))
    scanner = Scanner.from_rules([rule])
    assert scanner.scan("赌博", Circumstances(group="a", roles=("student",)))
    assert scanner.scan("赌博", Circumstances(group="b", roles=("student",))) == []
    assert scanner.scan("赌博", Circumstances(group="a", roles=("staff",))) == []
    assert scanner.scan("赌博", Circumstances())


def test_words_of_marks_alone_and_over_lines_do_no_harm() -> None:
    rule = Rule("r", "abuse", "一.2", words=("。", "赌\n博", "代写", "網 賭"))
    assert found("赌博。代写，网赌", Scanner.from_rules([rule])) == ["赌博", "代写", "网赌"]


def test_without_rules_nothing_is_found() -> None:
    assert Scanner.from_rules([]).scan("赌博 13800138000") == []


@given(st.one_of(MIXED, ANY_TEXT))
def test_spans_are_exact_ordered_and_single(text: str) -> None:
    hits = EVERYTHING.scan(text)
    assert all(text[hit.span[0] : hit.span[1]] == hit.matched != "" for hit in hits)
    assert [hit.span for hit in hits] == sorted(hit.span for hit in hits)
    assert len({(hit.rule.id, hit.span) for hit in hits}) == len(hits)
    assert EVERYTHING.scan(text) == hits


@given(st.one_of(MIXED, ANY_TEXT))
def test_hits_begin_and_end_with_what_was_found(text: str) -> None:
    """No disguise at the edges belongs to the hit, so the span never widens."""
    for hit in SCANNER.scan(text):
        assert hit.matched[0].isalnum()
        assert hit.matched[-1].isalnum()


QUIET = st.text(st.sampled_from("今天下午开会请各位老师准时参加谢谢安排工作"), max_size=20)
STREWN = st.sampled_from(
    [
        "",
        " ",
        "*",
        ".",
        "-",
        "_",
        "/",
        "|",
        "~",
        "·",
        "\u200b",
        "\u2060",
        "\ufeff",
        "😀",
        "❤\ufe0f",
        "\u3000",
        "\u200b*\u202e",
    ]
)
DRESSES = {"代": "代", "写": "寫", "论": "論", "文": "文", "赌": "賭", "博": "博", "加": "加", "微": "微", "信": "信"}


@given(
    st.sampled_from(["代写论文", "赌博", "加微信"]),
    st.lists(STREWN, min_size=3, max_size=3),
    st.lists(st.booleans(), min_size=4, max_size=4),
    QUIET,
    QUIET,
)
def test_a_planted_word_is_found_however_it_is_disguised(
    word: str, strewn: list[str], traditional: list[bool], before: str, after: str
) -> None:
    dressed = [DRESSES[one] if other else one for one, other in zip(word, traditional, strict=False)]
    planted = "".join(one + gap for one, gap in zip_longest(dressed, strewn[: len(word) - 1], fillvalue=""))
    assert (len(before), len(before) + len(planted)) in {hit.span for hit in SCANNER.scan(before + planted + after)}


@given(st.sampled_from(["weixin", "pk10"]), st.data(), QUIET, QUIET)
def test_latin_words_are_found_in_every_dress(word: str, data: st.DataObject, before: str, after: str) -> None:
    dressed = "".join(
        data.draw(st.sampled_from([one, one.upper(), chr(ord(one) + 0xFEE0), chr(ord(one.upper()) + 0xFEE0)]))
        for one in word
    )
    assert any(dressed in matched for matched in found(before + dressed + after))  # 加weixin is one word


MANY = [chr(code) for block in (range(0x20, 0x3400), range(0x1F300, 0x1FB00)) for code in block]
ANY_NOISE = st.sampled_from([one for one in MANY if Folded(one).form == NOISE])
ANY_INVISIBLE = st.sampled_from([one for one in MANY if Folded(one).form == INVISIBLE])


@given(st.sampled_from(["代写论文", "赌博", "加微信"]), st.data(), QUIET, QUIET)
def test_no_noise_up_to_the_most_hides_a_word(word: str, data: st.DataObject, before: str, after: str) -> None:
    """Whatever is inserted between any two of its characters: symbols, blanks, emoji, and unseen ones without limit."""
    planted = word[0]
    for character in word[1:]:
        noise = data.draw(st.lists(ANY_NOISE, max_size=MOST_NOISE))
        unseen = data.draw(st.lists(ANY_INVISIBLE, max_size=12))
        planted += "".join(data.draw(st.permutations(noise + unseen))) + character
    span = (len(before), len(before) + len(planted))
    assert any(hit.span[0] <= span[0] and span[1] <= hit.span[1] for hit in SCANNER.scan(before + planted + after))


@pytest.mark.parametrize(
    "text",
    [
        "赌" * 200_000,
        "赌博" * 50_000,
        "dubo " * 50_000,
        "d u b o " * 50_000,
        "贝者博" * 50_000,
        "加微微信" * 50_000,
        "赌" + "\u200b" * 300_000 + "博",
        "have " * 100_000,
        "1 " * 100_000,
        "一三八零" * 50_000,
        "a@" * 100_000,
        "代写 " * 50_000,
        "甲乙" * 50_000,
    ],
)
def test_a_flood_is_looked_at_only_in_part(text: str) -> None:
    """However long a text is, the number of places that cost something is bounded; `make bench` has the times."""
    hits = EVERYTHING.scan(text)
    assert all(text[hit.span[0] : hit.span[1]] == hit.matched for hit in hits)
    assert len([hit for hit in hits if not hit.detector]) <= MOST_PLACES * len(EVERYTHING.rules)
    assert text[:2] not in ("赌博", "du", "贝者", "甲乙") or hits


def test_a_text_as_long_as_messages_can_be_is_looked_at_to_the_end() -> None:
    assert len(SCANNER.scan("赌博，" * 5_000)) == MOST_PLACES
    assert SCANNER.scan("各位老师好，" * 4_000 + "赌 博")
