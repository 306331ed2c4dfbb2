"""What is asked about working the app, and what is only about the app."""

from __future__ import annotations

import pytest

from handlers.policy.finding.operating import asks_to_work


@pytest.mark.parametrize("question", ["怎么关闭DING提醒", "消息发送失败", "如何导出群成员", "怎么置顶"])
def test_about_working_it(question: str) -> None:
    assert asks_to_work(question)


@pytest.mark.parametrize("question", ["DING一次要多少钱", "群里最多多少人", "谁可以建群", "钉盘有多大"])
def test_not_about_working_it(question: str) -> None:
    assert not asks_to_work(question)
