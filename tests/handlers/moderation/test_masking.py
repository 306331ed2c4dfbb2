"""Numbers are unreadable once they are masked, however they were written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.masking import mask

DIGITS_AND_MORE = st.text(st.sampled_from("0123456789０１２９①②٣४ -－.·*/()xX\u200b年月号电话A,，\n"), max_size=60)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13800138000，谢谢", "电话138******00，谢谢"),
        ("138 0013 8000", "138 **** **00"),
        ("138-0013-8000", "138-****-**00"),
        ("１３８００１３８０００", "１３８******００"),
        ("13\u200b800138\u200b000", "13\u200b8*****\u200b*00"),
        ("1 3 8 0 0 1 3 8 0 0 0", "1 3 8 * * * * * * 0 0"),
        ("①③⑧⓪⓪①③⑧⓪⓪⓪", "①③⑧******⓪⓪"),
        ("身份证11010519491231002X", "身份证110************02X"),
        ("卡号 6222 0212 3456 7890 123", "卡号 622* **** **** **** *23"),
        ("办公室 0571-88881234", "办公室 057*-******34"),
        ("(0571) 8888 1234", "(057*) **** **34"),
        ("8888123", "888**23"),
        ("会议定于 2026-11-25 召开", "会议定于 2026-11-25 召开"),
        ("2026-11-25 13800138000", "2026-11-25 138******00"),
        ("教室 302，共 45 人，9:30 开始", "教室 302，共 45 人，9:30 开始"),
        ("123456", "123456"),
        ("", ""),
    ],
)
def test_what_masking_leaves(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.one_of(DIGITS_AND_MORE, st.text(max_size=80)))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)
    assert len(mask(text)) == len(text)


@given(st.one_of(DIGITS_AND_MORE, st.text(max_size=80)))
def test_no_long_run_of_digits_is_left(text: str) -> None:
    runs = re.findall(r"\d{7,}", mask(text))
    assert runs == []


@given(st.text(st.characters(exclude_categories=("Nd", "No", "Nl")), max_size=80))
def test_text_without_digits_stays(text: str) -> None:
    assert mask(text) == text


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-", "－", "\u200b", " - ", "."]))
def test_a_mobile_number_is_never_left_readable(number: str, gap: str) -> None:
    written = gap.join(number)
    left = "".join(character for character in mask(f"请打{written}找我") if character.isdigit())
    assert left == number[:3] + number[-2:]
