"""Numbers and dates are the same however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.documents.quantities import Quantity, quantities


@pytest.mark.parametrize(
    ("text", "value", "measure"),
    [
        ("三十日内", "30", "天"),
        ("30 天", "30", "天"),
        ("叁拾天", "30", "天"),
        ("㉚日", "30", "天"),
        ("３０日", "30", "天"),
        ("٣天", "3", "天"),
        ("廿五人", "25", "人"),
        ("两名", "2", "人"),
        ("两个老师", "2", "人"),
        ("两个群", "2", "个群"),
        ("3个工作日", "3", "个工"),
        ("十分钟", "10", "分钟"),
        ("百分之五十", "50", "%"),
        ("50％", "50", "%"),
        ("3,000元", "3000", "元"),
        ("三千元", "3000", "元"),
        ("3.5万元", "35000", "元"),
        ("三万五千块", "35000", "元"),
        ("1.50元", "1.5", "元"),
        ("半年", "半", "年"),
        ("三个月", "3", "个月"),
        ("5 0人", "0", "人"),
        ("13812345678", "13812345678", ""),
        ("一三八一二三四五六七八", "13812345678", ""),
    ],
)
def test_one_number_in_many_forms(text: str, value: str, measure: str) -> None:
    assert Quantity(value, measure) in quantities(text).numbers


@pytest.mark.parametrize("text", ["一律清理", "十分重要", "千万不要", "一把手", "同一个群的统一管理", "进一步", ""])
def test_words_that_count_nothing(text: str) -> None:
    assert quantities(text).numbers <= {Quantity("1", "个群")}


@pytest.mark.parametrize(
    "text",
    ["2023年11月28日", "二〇二三年十一月二十八日", "2023-11-28", "2023.11.28", "2023/11/28", "２０２３年１１月２８号"],
)
def test_one_date_in_many_forms(text: str) -> None:
    assert quantities(text) == quantities("2023年11月28日")
    assert not quantities("自2023年11月28日起").lacks(quantities(text))
    assert quantities("自2023年11月起，到2024年5月28日为止").lacks(quantities(text))


def test_a_time_of_day() -> None:
    assert quantities("8:30") == quantities("八点三十分") == quantities("08：30")


@given(st.text(max_size=300))
def test_a_text_lacks_nothing_of_its_own(text: str) -> None:
    found = quantities(text)
    assert not found.lacks(found)


@given(st.integers(2, 9_999_999))
def test_every_number_is_told_from_the_next(number: int) -> None:
    assert quantities(f"{number}天").lacks(quantities(f"{number + 1}天"))
    assert not quantities(f"{number}天").lacks(quantities(f"{number}日"))
    assert quantities(f"{number}天").lacks(quantities(f"{number}元"))


def test_a_long_text_takes_no_long_time() -> None:
    for text in ("一" * 200_000, "1" * 200_000, "1." * 100_000, "年1月1日" * 50_000, "百分之" * 60_000, "万" * 200_000):
        quantities(text)
