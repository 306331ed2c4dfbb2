"""What other people write stands in our Markdown as it is, and does nothing there."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.markdown import literal


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("王建国", "王建国"),
        ("教务处-王建国-8021", "教务处-王建国-8021"),
        ("2023级1班（家长群）", "2023级1班（家长群）"),
        ("3.14 运维群", "3.14 运维群"),
        ("**全体**放假", "＊＊全体＊＊放假"),
        ("[点我](https://x.example/a_b)", "［点我］(https：//x.example/a＿b)"),
        ("![](http://x/a.png)", "！［］(http：//x/a.png)"),
        ("@0427 请回复", "＠0427 请回复"),
        ("# 通知", "＃ 通知"),
        ("> 引用", "＞ 引用"),
        ("- 一", "－ 一"),
        ("1. 一", "1． 一"),
        ("1) 一", "1） 一"),
        ("二.6.(三)", "二.6.(三)"),
        ("---", "－－－"),
        ("<font color=red>红</font>", "＜font color=red＞红＜/font＞"),
        ("一\n\n# 二\r\n三", "一 ＃ 二 三"),
        ("王\u202e国建\u200b", "王国建"),
        ("👩‍🏫 张老师", "👩‍🏫 张老师"),
        ("", ""),
    ],
)
def test_it_reads_the_same_and_means_nothing(written: str, shown: str) -> None:
    assert literal(written) == shown


MARKUP = st.text(st.sampled_from("*_`#>-+=.!@[]()<>|~\\:/ \n\t1a王\u202e\u200b\x00\x85\u2028"), max_size=40)


@given(st.text(max_size=60) | MARKUP)
def test_nothing_that_marks_up_links_or_mentions_is_left(text: str) -> None:
    shown = literal(text)
    assert not set("\\`*_~#[]<>|!@\n\r\u2028\u2029") & set(shown)
    assert "://" not in shown
    assert not re.match(r"([-+]|\d{1,9}[.)])\s|(-\s*){3,}$|=+$", shown)
    assert not any(unicodedata.bidirectional(sign) in ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI") for sign in shown)


@given(st.text(max_size=60) | MARKUP)
def test_twice_is_once(text: str) -> None:
    assert literal(literal(text)) == literal(text)


@given(st.text(max_size=60) | MARKUP)
def test_every_letter_is_still_there(text: str) -> None:
    """The same to everybody who reads, and to whoever sends it back: full width is read like half width."""
    letters = [sign for sign in text if sign.isalnum()]
    assert [sign for sign in literal(text) if sign.isalnum()] == letters
