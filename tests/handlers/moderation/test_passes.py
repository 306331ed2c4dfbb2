"""Each disguise that is seen through, that a rule can do without it, and what it must not make of harmless words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.normalise import Folded
from handlers.moderation.passes import CHEAP, DEAR, DEFAULT_PASSES, LABELS, NAMES, NOT_BY_DEFAULT
from handlers.moderation.passes.characters import seen_through
from handlers.moderation.passes.split import components
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Hit, Scanner

WORDS = ("赌博", "代写论文", "代写", "加微信", "枪支", "天天彩票", "weixin", "pk10", "cnm")


def scanner(*passes: str, words: tuple[str, ...] = WORDS, allow: tuple[str, ...] = ()) -> Scanner:
    return Scanner.from_rules([Rule("r", "advertising", "五.2", words=words, allow=allow, passes=passes)])


USUAL, EVERY = scanner(), scanner(*NAMES)


def seen(hits: list[Hit]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(hit.matched, hit.word, hit.passes) for hit in hits]


def test_the_names_are_those_that_the_rules_know() -> None:
    assert set(CHEAP) | set(DEAR) == set(NAMES) == set(LABELS)
    assert set(DEFAULT_PASSES) == set(NAMES) - set(NOT_BY_DEFAULT)


DISGUISED = [
    ("赌博", "赌博", ()),
    ("ｗｅｉｘｉｎ", "weixin", ("width",)),
    ("PK10", "pk10", ("case",)),
    ("賭博", "赌博", ("traditional",)),
    ("代写論文", "代写论文", ("traditional",)),
    ("pk①⓪", "pk10", ("digits",)),
    ("pk١٠", "pk10", ("digits",)),
    ("ⓦ𝖾𝕚𝚡𝒾n", "weixin", ("styles",)),
    ("🅲🅽🅼", "cnm", ("styles",)),
    ("赌\u200b博", "赌博", ("invisible",)),
    ("赌 * 博", "赌博", ("noise",)),
    ("赌😀博", "赌博", ("noise",)),
    ("代\n写\n论\n文", "代写论文", ("noise",)),
    ("Ｗeixin", "weixin", ("width", "case")),
    ("賭\u2060·博", "赌博", ("traditional", "invisible", "noise")),
    ("加微微微信", "加微信", ("repeats",)),
    ("代写写论论文", "代写论文", ("repeats",)),
    ("代写论论文", "代写论文", ("repeats",)),
    ("ccnnmm", "cnm", ("repeats",)),
    ("ⒸⒸⒸnnⓂm", "cnm", ("case", "styles", "repeats")),
    ("天天天天彩票", "天天彩票", ()),
    ("贝者博", "赌博", ("split",)),
    ("貝者 十尃", "赌博", ("traditional", "noise", "split")),
    ("木仓支", "枪支", ("split",)),
    ("加微亻言", "加微信", ("split",)),
    ("dubo", "赌博", ("pinyin",)),
    ("du bo", "赌博", ("noise", "pinyin")),
    ("d-u-b-o", "赌博", ("noise", "pinyin")),
    ("du3bo2", "赌博", ("pinyin",)),
    ("dǔ bó", "赌博", ("styles", "noise", "pinyin")),
    ("DuBo", "赌博", ("case", "pinyin")),
    ("du博", "赌博", ("pinyin",)),
    ("赌bo", "赌博", ("pinyin",)),
    ("dai写lun文", "代写论文", ("pinyin",)),
]


@pytest.mark.parametrize(("text", "word", "passes"), DISGUISED)
def test_usual_disguises_are_seen_through(text: str, word: str, passes: tuple[str, ...]) -> None:
    matched = "天天彩票" if word == "天天彩票" else text.rstrip("2") if "pinyin" in passes else text
    assert seen(USUAL.scan(f"我要 {text} 吗")) == [(matched, word, passes)]


@pytest.mark.parametrize(
    ("text", "word", "passes"),
    [
        ("db", "赌博", ("initials",)),
        ("DB", "赌博", ("case", "initials")),
        ("d博", "赌博", ("initials",)),
        ("dxlw", "代写论文", ("initials",)),
        ("加w信", "加微信", ("initials",)),
        ("博赌", "赌博", ("reversed",)),
        ("文 论 写 代", "代写论文", ("noise", "reversed")),
        ("嘉薇芯", "加微信", ("homophones",)),
        ("代泻论闻", "代写论文", ("homophones",)),
        ("jia薇xin", "加微信", ("pinyin", "homophones")),
    ],
)
def test_other_disguises_only_where_a_rule_asks_for_them(text: str, word: str, passes: tuple[str, ...]) -> None:
    assert seen(EVERY.scan(f"我要{text}吗")) == [(text, word, passes)]
    assert [hit.word for hit in USUAL.scan(f"我要{text}吗") if hit.word == word] == []


@pytest.mark.parametrize(("text", "word", "passes"), [one for one in DISGUISED if one[2]])
def test_a_rule_without_one_of_the_passes_does_not_see_it(text: str, word: str, passes: tuple[str, ...]) -> None:
    for missing in passes:
        others = tuple(name for name in DEFAULT_PASSES if name != missing)
        assert word not in [hit.word for hit in scanner(*others).scan(text)], missing


def test_two_characters_that_sound_alike_need_a_second_sign() -> None:
    assert EVERY.scan("大家堵搏一下") == []
    assert [hit.word for hit in EVERY.scan("堵搏请扫码")] == ["赌博"]
    assert [hit.word for hit in EVERY.scan("堵搏，代写论文")] == ["赌博", "代写论文"]
    assert EVERY.scan("进实验室要带鞋套") == []  # 带鞋 sounds like 代写


def test_what_is_turned_around_is_read_as_people_see_it() -> None:
    assert seen(USUAL.scan("来\u202e博赌\u202c吧")) == [("博赌", "赌博", ("invisible",))]
    assert USUAL.scan("博赌，\u202e来吧") == []


def test_a_word_is_compared_as_its_rule_writes_it() -> None:
    written = scanner("case", words=("賭博", "AV", "赌 钱"))
    assert seen(written.scan("賭博 AV av 赌 钱")) == [
        ("賭博", "賭博", ()),
        ("AV", "AV", ()),
        ("av", "AV", ("case",)),
        ("赌 钱", "赌 钱", ()),
    ]


def test_combinations_tell_their_words_and_all_that_was_needed() -> None:
    rule = Rule("r", "advertising", "五.2", combinations=(("代写", "微信|vx"),), within=8)
    assert seen(Scanner.from_rules([rule]).scan("daixie的请加微·信")) == [
        ("daixie的请加微·信", "代写+微信", ("noise", "pinyin"))
    ]


def test_expressions_need_passes_too() -> None:
    usual = Rule("usual", "abuse", "一.2", expressions=("滚.{0,2}蛋",))
    plain = Rule("plain", "abuse", "一.2", expressions=("滚.{0,2}蛋",), passes=("case",))
    hits = Scanner.from_rules([usual, plain]).scan("滾蛋，滚蛋")
    assert [(hit.rule.id, hit.matched, hit.passes) for hit in hits] == [
        ("usual", "滾蛋", ("traditional",)),
        ("usual", "滚蛋", ()),
        ("plain", "滚蛋", ()),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "一三八零零一三八零零零",
        "壹叁捌零零壹叁捌零零零",
        "幺三八零零幺三八零零零",
        "①③⑧零零壹叁捌00〇",
        "l38OO138OOO",
        "一三八○○一三八○○○",
        "1️⃣3️⃣八零零1️⃣3️⃣八零零零",
        "138零零138零零零",
        "一三八-零零一三-八零零零",
    ],
)
def test_numbers_in_chinese_numerals_and_lookalikes(text: str) -> None:
    rule = Rule("r", "privacy", "四.(三).2", detectors=("mobile",))
    (hit,) = Scanner.from_rules([rule]).scan(f"找我{text}，谢谢")
    assert hit.matched == text
    assert "numerals" in hit.passes
    others = tuple(name for name in NAMES if name != "numerals")
    strict = Rule("r", "privacy", "四.(三).2", detectors=("mobile",), passes=others)
    assert Scanner.from_rules([strict]).scan(f"找我{text}，谢谢") == []


def test_numerals_in_sentences_are_no_numbers() -> None:
    rule = Rule("r", "privacy", "四.(三).2", detectors=("mobile", "id-number", "bank-card"))
    for text in (
        "二〇二六年一月一日星期四一二节课三四节停课",
        "第一三五周，二四六周休息",
        "一二三四五六七八九十",
        "oil olio lollilo",
    ):
        assert Scanner.from_rules([rule]).scan(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "谢谢老师，看看天天彩虹",
        "一代代写手成长起来",
        "女子贝壳者也",
        "SSB调制和SSB信号",
        "ccnm",
        "aaaaa啊",
        "这是他妈妈的手机",
        "有个PPT要做，发QQ群",
    ],
)
def test_harmless_words_stay_harmless(text: str) -> None:
    words = (*WORDS, "sb", "好评", "aa", "他妈的")
    assert [hit.matched for hit in scanner(words=words).scan(text) if hit.passes] == []


def test_the_table_of_split_characters_is_sound() -> None:
    assert len(components()) >= 400
    assert all(len(parts) >= 2 and Folded(parts).bare == parts for parts in components())
    assert all(len(character) == 1 and Folded(character).bare == character for character in components().values())


@given(st.characters(exclude_categories=()))
def test_what_makes_a_character_its_form_is_a_cheap_pass(character: str) -> None:
    form = Folded(character).bare
    if form:
        assert seen_through(character, form) <= set(CHEAP)
        assert bool(seen_through(character, form)) == (character != form)


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
PIECES = st.sampled_from(
    [
        *(
            "赌",
            "博",
            "贝者",
            "十尃",
            "du",
            "bo",
            "d",
            "u",
            "dai",
            "xie",
            "代",
            "写",
            "lun文",
            "加",
            "微",
            "亻言",
            "加薇",
            "db",
        ),
        *(
            "*",
            " ",
            "。",
            "，",
            "\n",
            "\u200b",
            "1",
            "2",
            "一三八",
            "零零",
            "138",
            "微微",
            "cnm",
            "cc",
            "ai",
            "@",
            "www.",
        ),
    ]
)
MIXED = st.lists(st.one_of(PIECES, st.characters(exclude_categories=())), max_size=25).map("".join)


@given(st.one_of(MIXED, ANY_TEXT), st.sets(st.sampled_from(NAMES)))
def test_every_hit_needs_only_what_its_rule_has(text: str, names: set[str]) -> None:
    rule = Rule(
        "r",
        "advertising",
        "五.2",
        words=WORDS,
        combinations=(("代写", "微信"),),
        detectors=("mobile",),
        expressions=("代.写",),
        passes=tuple(sorted(names)),
    )
    for hit in Scanner.from_rules([rule]).scan(text):
        assert set(hit.passes) <= (names or set(DEFAULT_PASSES))
        assert text[hit.span[0] : hit.span[1]] == hit.matched != ""


@given(st.one_of(MIXED, ANY_TEXT))
def test_a_hit_is_what_a_person_would_point_at(text: str) -> None:
    """It begins and ends with something that is seen, and is a hit by itself."""
    for hit in USUAL.scan(text):
        assert hit.matched[0].isalnum()
        assert hit.matched[-1].isalnum()
        if set(hit.passes).isdisjoint(("pinyin", "noise", "repeats")):
            assert hit.matched in [again.matched for again in USUAL.scan(hit.matched)]


@given(st.one_of(MIXED, ANY_TEXT))
def test_nothing_raises_with_every_pass(text: str) -> None:
    assert EVERY.scan(text) == EVERY.scan(text)
