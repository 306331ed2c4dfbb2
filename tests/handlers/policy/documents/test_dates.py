"""The day on which a regulation says that it comes into force, and dates that admins write."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.documents.dates import day_in, effective_in
from handlers.policy.shipped import EFFECTIVE, digest

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("第六条 本规定自2025年3月1日起施行。", date(2025, 3, 1)),
        ("本办法自 2024 年 3 月 1 日起正式实施，由办公室负责解释。", date(2024, 3, 1)),
        ("本办法从２０２４年９月１日起执行。", date(2024, 9, 1)),
        ("本细则自二〇二四年十二月二十一日起试行。", date(2024, 12, 21)),
        ("本制度于2024-09-01起生效", date(2024, 9, 1)),
        ("本办法自2024年9月1日起施行，原《差旅费管理暂行规定》同时废止。", date(2024, 9, 1)),
        ("原《办法》自2019年1月1日起施行，现予废止。本办法自2024年9月1日起施行。", date(2024, 9, 1)),
        ("本办法自2024年9月1日起施行。此前自2019年1月1日起施行的暂行办法同时废止。", date(2024, 9, 1)),
        ("本办法自发布之日（2023年11月28日）起施行。", date(2023, 11, 28)),
        ("本办法自印发之日起施行。\n某某学院\n2024年3月5日", date(2024, 3, 5)),
        ("本办法自公布之日起施行。\n某某学院办公室　二〇二四年三月五日", date(2024, 3, 5)),
        ("某院发〔2024〕3号（2024年3月5日印发）\n一、总则\n1. 本办法自印发之日起施行。", date(2024, 3, 5)),
        ("本办法自发布之日起施行。", None),
        ("2024年3月5日", None),
        ("自2024年2月30日起施行。", None),
        ("住宿标准自2024年3月1日起调整。", None),
        ("第三条 2023年入职的人员，满一年后申请。", None),
        ("", None),
    ],
)
def test_the_day_that_a_text_names(text: str, day: date | None) -> None:
    found = effective_in([text])
    assert (None if found is None else found.day) == day


def test_the_digest_names_its_own_day() -> None:
    found = effective_in(article.text for article in digest().articles)
    assert found is not None
    assert found.day == EFFECTIVE
    assert found.said == "自发布之日(2023年11月28日)起施行"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-09-01", date(2026, 9, 1)),
        ("2026.9.1", date(2026, 9, 1)),
        ("２０２６／９／１", date(2026, 9, 1)),
        ("2026年9月1日", date(2026, 9, 1)),
        ("今天", TODAY),
        ("明天", date(2026, 11, 26)),
        ("2026-02-30", None),
        ("9月1日", None),
        ("随便", None),
        ("", None),
    ],
)
def test_a_day_that_somebody_writes(written: str, day: date | None) -> None:
    assert day_in(written, TODAY) == day


@given(st.text(alphabet="自从起施行发布之日（）()2024年13月二〇十一日原《》。;\n -.", max_size=200))
def test_any_text_is_read(text: str) -> None:
    effective_in([text])
    day_in(text, TODAY)
