"""Words in Latin letters are found, and English, names and addresses are left in peace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.passes.pinyin import english, spellings, syllables_of
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner
from handlers.syllables import spelled

WORDS = (
    "赌博",
    "代写",
    "代写论文",
    "妈的",
    "做爱",
    "女优",
    "银行卡",
    "加微",
    "校园贷",
    "办证",
    "略卖",
    "刷单",
    "枪",
    "长期兼职",
    "答案",
    "内定",
    "皮袄",
)
SCANNER = Scanner.from_rules([Rule("r", "advertising", "五.2", words=WORDS, allow=("现代写作",))])


def found(text: str) -> list[str]:
    return [hit.matched for hit in SCANNER.scan(text)]


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("wangluodubo", ["dubo"]),
        ("wangluo dubo", ["dubo"]),
        ("有人dai xie吗", ["dai xie"]),
        ("有人ＤＡＩ　ＸＩＥ吗", ["ＤＡＩ　ＸＩＥ"]),
        ("xiaoyuandai", ["xiaoyuandai"]),
        ("校yuan贷", ["校yuan贷"]),
        ("yinhangka yinxingka 银hang卡", ["yinhangka", "yinxingka", "银hang卡"]),
        ("nvyou nuyou 女you", ["nvyou", "nuyou", "女you"]),
        ("lvemai luemai", ["lvemai", "luemai"]),
        ("changqijianzhi", ["changqijianzhi"]),
        ("ma de 妈de", ["ma de", "妈de"]),
        ("b-a-n-z-h-e-n-g", ["b-a-n-z-h-e-n-g"]),
        ("办zheng 办·zheng", ["办zheng", "办·zheng"]),
        ("shua1dan1", ["shua1dan"]),
        ("shuādān", ["shuādān"]),
        ("daixielunwen", ["daixielunwen"]),
        ("wobuduboa", ["dubo"]),
        ("答an da案 da an", ["答an", "da案", "da an"]),
    ],
)
def test_pinyin_is_found(text: str, matched: list[str]) -> None:
    assert found(text) == matched


@pytest.mark.parametrize(
    "text",
    [
        "This tea was made in China.",
        "Handmade, MADE, self-made, Obama demands",
        "we have to do both in a box",
        "We do both: the DU board and the BO board.",
        "做AI项目，做 ai 开发",
        "请联系 Li Jiawei 或 Wei Jiawei",
        "Wang Dubo, Dubo Wang",
        "jiawei_li@example.edu.cn",
        "https://www.example.com/dubo/banzheng",
        "www.dubo.example",
        "@dubo 请看一下",
        "xiandaixiezuo",
        "xian dai xie zuo",
        "现代xie作",
        "qiang",  # one character is never found by its sound
        "dub o, d ubo",
        "dubox, sdubo",
        "赌，bo",
        "答 / An Introduction",
        "群内DING一下",
        "banzhengu",  # 办证 would end within a syllable
        "piao",  # 票, not 皮袄
        "班上的PPT用WPS做，发到QQ群",
    ],
)
def test_english_names_and_addresses_are_left_in_peace(text: str) -> None:
    assert found(text) == []


def test_the_list_of_english_words_holds_only_what_could_be_pinyin() -> None:
    assert len(english()) > 500
    assert all(len(word) >= 4 and len(spelled(word)) >= 2 for word in english())


def test_no_everyday_english_word_by_itself_is_a_chinese_one() -> None:
    """For whatever word a rule may have: the sound of an English word is not held against anybody."""
    words = ("满级", "妈的", "吃呢", "他么", "大特", "马克", "那么", "嘎么", "多么", "拉特", "你尼")
    scanner = Scanner.from_rules([Rule("r", "abuse", "一.2", words=words)])
    assert scanner.scan(" ".join(sorted(english()))) == []


def test_spellings() -> None:
    assert spellings("赌博") == (("du", "bo"),)
    assert ("yin", "hang", "ka") in spellings("银行卡")
    assert spellings("赌") == spellings("加v") == spellings("av") == spellings("賭博") == ()
    assert syllables_of("长") == ("zhang", "chang")
    assert syllables_of("x") == ()


GAPS = st.sampled_from(["", " ", "-", "·", "\u200b", "  "])


@given(st.sampled_from(["赌博", "代写论文", "办证", "校园贷", "刷单"]), st.data())
def test_a_word_in_pinyin_is_found_however_it_is_mixed(word: str, data: st.DataObject) -> None:
    spelling = data.draw(st.sampled_from(spellings(word)))
    pieces = [data.draw(st.sampled_from([one, sound])) for one, sound in zip(word, spelling, strict=True)]
    gaps = [data.draw(GAPS) for _ in word[1:]]
    text = pieces[0] + "".join(gap + piece for gap, piece in zip(gaps, pieces[1:], strict=True))
    before, after = data.draw(st.sampled_from(["", "我要", "，"])), data.draw(st.sampled_from(["", "吗", "！", "群"]))
    assert (len(before), len(before) + len(text)) in {hit.span for hit in SCANNER.scan(before + text + after)}
