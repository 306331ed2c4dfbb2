"""The last day of an exception, in people's words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.cleanup.until import find_until

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("返聘到6月30日", date(2027, 6, 30)),
        ("到12月1日", date(2026, 12, 1)),
        ("2027-06-30", date(2027, 6, 30)),
        ("20270630", date(2027, 6, 30)),
        ("到2027年6月30号", date(2027, 6, 30)),
        ("2027/6/30", date(2027, 6, 30)),
        ("2027.6.30", date(2027, 6, 30)),
        ("2027年6月", date(2027, 6, 30)),
        ("到明年2月", date(2027, 2, 28)),
        ("到明年2月底", date(2027, 2, 28)),
        ("六月三十日", date(2027, 6, 30)),
        ("到今年12月", date(2026, 12, 31)),
        ("到11月24日", TODAY),
        ("到年底", date(2026, 12, 31)),
        ("明年底", date(2027, 12, 31)),
        ("2028年底", date(2028, 12, 31)),
        ("到月底", date(2026, 11, 30)),
        ("下个月底", date(2026, 12, 31)),
        ("本学期末", date(2027, 1, 31)),
        ("到下学期结束", date(2027, 7, 15)),
        ("保留半年", date(2027, 5, 24)),
        ("3个月", date(2027, 2, 24)),
        ("再留两周", date(2026, 12, 8)),
        ("一年", date(2027, 11, 24)),
        ("10天", date(2026, 12, 4)),
        ("到2020-01-01", None),
        ("到今年6月", None),
        ("2月30日", None),
        ("2027-13-01", None),
    ],
)
def test_a_day(words: str, day: date | None) -> None:
    found = find_until(words, TODAY)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize("words", ["", "返聘", "工作需要", "还在上课", "第2项"])
def test_no_day(words: str) -> None:
    assert find_until(words, TODAY) is None


def test_the_words_that_say_it_are_handed_back() -> None:
    found = find_until("返聘，保留到明年6月30日", TODAY)
    assert found is not None
    assert found.said == "保留到明年6月30日"


@settings(deadline=None)
@given(st.dates(TODAY, date(2099, 12, 31)), st.sampled_from(["{0}-{1:02}-{2:02}", "{0}年{1}月{2}日", "{0}/{1}/{2}"]))
def test_every_full_date_from_today_on_is_read_exactly(day: date, form: str) -> None:
    found = find_until("保留到" + form.format(day.year, day.month, day.day), TODAY)
    assert found is not None
    assert found.day == day


@settings(deadline=None)
@given(
    st.text(alphabet="0123456789年月日号到底末半一二十个周天明今后下本学期-/. ", max_size=20),
    st.dates(date(2024, 1, 1), date(2032, 2, 29)),
)
def test_no_words_break_it_and_no_day_lies_in_the_past(words: str, today: date) -> None:
    found = find_until(words, today)
    assert found is None or found.day is None or found.day >= today
