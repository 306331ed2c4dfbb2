"""Times and lengths as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.hearing import texts
from storage.gaps import Reason

CHINA = ZoneInfo("Asia/Shanghai")


def china(month: int, day: int, hour: int, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


NOW = china(11, 25, 10)


@pytest.mark.parametrize(
    ("began", "ended", "said"),
    [
        (china(11, 25, 9, 12), china(11, 25, 9, 31), "9:12 到 9:31"),
        (china(11, 25, 0, 5), china(11, 25, 9, 0), "0:05 到 9:00"),
        (china(11, 24, 22, 10), china(11, 24, 22, 40), "11月24日 22:10 到 22:40"),
        (china(11, 24, 22, 10), china(11, 25, 7, 0), "11月24日 22:10 到 7:00"),
        (china(12, 31, 9, year=2025), china(1, 2, 9), "2025年12月31日 9:00 到 1月2日 9:00"),
    ],
)
def test_from_when_to_when(began: datetime, ended: datetime, said: str) -> None:
    assert texts.between(began, ended, NOW) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 秒"),
        (59, "59 秒"),
        (60, "1 分钟"),
        (3600, "1 小时"),
        (3900, "1 小时 5 分钟"),
        (86_400, "1 天"),
        (183_600, "2 天 3 小时"),
        (86_700, "1 天"),
    ],
)
def test_how_long(seconds: int, said: str) -> None:
    assert texts.lasting(timedelta(seconds=seconds)) == said


@given(st.text(max_size=60), st.integers(2, 1000))
def test_a_group_may_be_called_anything(title: str, messages: int) -> None:
    said = texts.rival(messages, title, NOW, NOW).text
    assert said.count("\n\n") == 3
    body = texts.to_admins([(NOW - timedelta(hours=1), NOW, Reason.REFUSED)], [title], NOW)
    assert body.text.count("\n\n") == 3
    assert "请核对 client_id" in body.text


def test_the_advice_is_that_for_the_longest() -> None:
    spans = [
        (china(11, 25, 8), china(11, 25, 8, 5), Reason.STOPPED),
        (china(11, 25, 9), china(11, 25, 9, 30), Reason.REFUSED),
    ]
    assert texts.ADVICE[Reason.REFUSED] in texts.to_admins(spans, [], NOW).text


def test_every_reason_has_words() -> None:
    assert set(texts.BECAUSE) == set(texts.ADVICE) == set(Reason)


def test_in_private_no_group_is_named() -> None:
    said = texts.rival(2, None, china(11, 25, 9, 12), NOW).text
    assert "最近一条在私聊，发于 9:12" in said
