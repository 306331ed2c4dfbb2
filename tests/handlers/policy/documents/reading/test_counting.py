"""Numbers as Word writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.numerals import value
from handlers.policy.documents.reading.counting import chinese, counted


@pytest.mark.parametrize(
    ("style", "numbers", "written"),
    [
        ("decimal", (0, 1, 12), "0 1 12"),
        ("chineseCounting", (1, 10, 12, 20, 101, 110), "一 十 十二 二十 一百零一 一百一十"),
        ("chineseCountingThousand", (11, 1005, 2010), "十一 一千零五 二千零一十"),
        ("ideographDigital", (1, 10, 23), "一 一〇 二三"),
        ("chineseLegalSimplified", (1, 10, 12, 105), "壹 壹拾 壹拾贰 壹佰零伍"),
        ("ideographTraditional", (1, 10, 11), "甲 癸 11"),
        ("ideographZodiac", (1, 12, 13), "子 亥 13"),
        ("decimalFullWidth", (3, 12), "３ １２"),
        ("decimalZero", (3, 12), "03 12"),
        ("decimalEnclosedCircle", (1, 20, 21), "① ⑳ 21"),
        ("decimalEnclosedCircleChinese", (2,), "②"),
        ("decimalEnclosedParen", (1,), "⑴"),
        ("lowerLetter", (1, 26, 27, 261), "a z aa 261"),
        ("upperLetter", (2,), "B"),
        ("lowerRoman", (0, 4, 19, 40, 94), "0 iv xix xl xciv"),
        ("upperRoman", (9,), "IX"),
        ("bullet", (1,), ""),
        ("none", (1,), ""),
        ("thaiCounting", (7,), "7"),
        ("chineseCounting", (-1, 10_000), "-1 10000"),
    ],
)
def test_styles(style: str, numbers: tuple[int, ...], written: str) -> None:
    assert " ".join(counted(number, style) for number in numbers) == written


@given(st.integers(1, 9999))
def test_chinese_numbers_are_read_back(number: int) -> None:
    assert value(chinese(number)) == number
