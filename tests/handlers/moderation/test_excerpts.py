"""What is kept of a message: little, and masked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.detectors import NAMES
from handlers.moderation.excerpts import LONGEST, excerpt, together, without_kinds
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner

SCANNER = Scanner.from_rules(
    [Rule("words", "abuse", "一.2", words=("代写论文",)), Rule("data", "privacy", "四.(三).2", detectors=NAMES)]
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("专业代写论文，加微信包过", "专业代写论文，加微信包过"),
        ("一二三四五六七八九十代写论文一二三四五六七八九十", "…三四五六七八九十代写论文一二三四五六七八…"),
        ("代写论文，电话13800138000", "代写论文，电话138******00〔手机号〕"),
        ("身份证11010519491231002X", "身份证110*************2X〔身份证号〕"),
        ("写信到zhangsan@example.cn", "写信到z*******@*******.*n〔邮箱〕"),
        ("电话138📞0013📞8000", "电话138📞****📞**00〔手机号〕"),
        ("车牌京A12345", "车牌京*****5〔车牌号〕"),
        ("文件是机密★10年", "文件是机密★10年"),
        ("代\n写\n论\n文", "代 写 论 文"),
        ("\ud800代写论文", "?代写论文"),
        ("没有命中的话只留开头几个字", "没有命中的话只留开…"),
        ("", ""),
    ],
)
def test_what_is_kept(text: str, kept: str) -> None:
    assert excerpt(text, SCANNER.scan(text)) == kept


@pytest.mark.parametrize(
    ("excerpts", "kept"),
    [
        ([], []),
        (
            ["代写，骂人，138*…", "代写，骂人，138******00〔手机号〕", "…骂人，138***…"],
            ["代写，骂人，138******00〔手机号〕"],
        ),
        (["电话138******00", "电话138******00〔手机号〕"], ["电话138******00〔手机号〕"]),
        (["一…", "…二", "一…"], ["一…", "…二"]),
    ],
)
def test_excerpts_of_one_message_are_read_once(excerpts: list[str], kept: list[str]) -> None:
    assert together(excerpts) == kept


def test_a_word_does_not_lay_bare_what_a_detector_hides() -> None:
    scanner = Scanner.from_rules([Rule("r", "abuse", "一.2", expressions=("13800138",), detectors=("mobile",))])
    text = "电话13800138000"
    assert len(scanner.scan(text)) == 2
    assert excerpt(text, scanner.scan(text)) == "电话138******00〔手机号〕"


@given(
    st.text(max_size=40),
    st.sampled_from(
        ["13800138000", "138 0013 8000", "11010519491231002X", "6222021234567890128", "E12345678", "a.bc@de.fg"]
    ),
    st.text(max_size=40),
)
def test_no_number_is_readable_in_what_is_kept(before: str, number: str, after: str) -> None:
    text = f"{before}，{number}，{after}"
    kept = excerpt(text, SCANNER.scan(text))
    assert number not in kept
    assert re.search(r"\d{7}", kept) is None
    assert len(without_kinds(kept)) <= LONGEST + 2
    assert kept.encode()


def test_the_kind_is_named_once_and_can_be_taken_out_again() -> None:
    scanner = Scanner.from_rules(
        [
            Rule("numbers", "privacy", "四", detectors=("mobile", "email")),
            Rule("more", "privacy", "四", detectors=("mobile",)),
        ]
    )
    text = "打13800138000，写a.b@example.cn〔不是种类〕"
    line = excerpt(text, scanner.scan(text))
    assert line == "打138******00〔手机号〕，写a.*@*******.*n〔邮箱〕〔不是种类〕"
    assert without_kinds(line) == "打138******00，写a.*@*******.*n〔不是种类〕"
    assert len(without_kinds(line)) == len(text)
