"""The time that a question asks about, and what is answered for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.finding.in_force import Meant, day_meant, standing
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST, Desk, a_desk

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("question", "day", "rest"),
    [
        ("2023年时群主由谁担任", date(2023, 12, 31), "群主由谁担任"),
        ("2022年那会儿，退休的人要退群吗", date(2022, 12, 31), "退休的人要退群吗"),
        ("２０２３年６月的时候用车提前几天申请？", date(2023, 6, 30), "用车提前几天申请?"),
        ("2023年6月1日时用车怎么申请", date(2023, 6, 1), "用车怎么申请"),
        ("请问2021年底那时候怎么报备", date(2021, 12, 31), "请问怎么报备"),
        ("二〇二二年当时怎么规定", date(2022, 12, 31), "怎么规定"),
        ("22年那会儿群主是谁当", date(2022, 12, 31), "群主是谁当"),
        ("2022年的规定里群主是谁", date(2022, 12, 31), "规定里群主是谁"),
        ("按2022年的办法，谁当群主", date(2022, 12, 31), "按办法,谁当群主"),
        ("2022版怎么说用车", date(2022, 12, 31), "版怎么说用车"),
        ("用车按2024年怎么算", date(2024, 12, 31), "用车按怎么算"),
        ("去年的规定是提前几天", date(2025, 12, 31), "规定是提前几天"),
        ("去年用车要提前几天申请", date(2025, 12, 31), "用车要提前几天申请"),
        ("去年那会儿用车要提前几天", date(2025, 12, 31), "用车要提前几天"),
        ("前年是怎么规定用车的？", date(2024, 12, 31), "是怎么规定用车的?"),
        ("去年上半年用车怎么申请", date(2025, 6, 30), "用车怎么申请"),
        ("明年用车怎么申请", date(2027, 12, 31), "用车怎么申请"),
        ("明年开始用车怎么申请", date(2027, 12, 31), "用车怎么申请"),
        ("去年10月的规定里群主是谁", date(2025, 10, 31), "规定里群主是谁"),
        ("去年的差旅费标准是多少", date(2025, 12, 31), "差旅费标准是多少"),
        ("2022年，群主由谁担任？", date(2022, 12, 31), "群主由谁担任?"),
        ("在2022年，群主由谁担任", date(2022, 12, 31), "群主由谁担任"),
    ],
)
def test_a_question_names_its_time(question: str, day: date, rest: str) -> None:
    assert day_meant(question, TODAY) == Meant(day, rest=rest)


@pytest.mark.parametrize(
    "question",
    [
        "以前的规定是怎么说用车的",
        "旧版里群主是谁",
        "按老办法用车提前几天",
        "原来的规定要提前几天申请",
        "修订前的用车要求是什么",
        "上一版怎么规定",
        "之前的版本里怎么写用车",
    ],
)
def test_a_question_asks_for_the_version_before(question: str) -> None:
    assert day_meant(question, TODAY).is_previous


@pytest.mark.parametrize(
    "question",
    [
        "2023年11月28日施行的办法是哪个",
        "去年退休的老师还要留在群里吗",
        "我去年就退休了，要退群吗",
        "去年离职的同事还在群里怎么办",
        "去年交了材料，今年还要交吗",
        "我2022年的时候退休的，还能在群里吗",
        "2022年的时候退休的老师要移出去吗",
        "2023级的班级群归谁管",
        "2024年以前建的群要登记吗",
        "2024年入职的新老师怎么加入",
        "群成员超过2000人怎么办",
        "旧版钉钉打不开怎么办",
        "新规定和旧规定有什么区别",
        "2023年的文件还有效吗",
        "2024年，我退休了，还要在群里吗",
        "去年没有交材料怎么办",
        "去年10月份建的群要登记吗",
        "去年的老师要求退群",
        "旧版本怎么装",
        "旧文件谁来清理",
        "以前的群还要不要",
        "老师可以建群吗",
        "之前的群主走了谁来当",
        "2026年群主由谁担任",
        "今年用车怎么申请",
        "3000年时怎么办",
        "2023年2月30日时怎么办",
        "群主由谁担任",
        "",
    ],
)
def test_a_time_that_belongs_to_the_matter_does_not_count(question: str) -> None:
    found = day_meant(question, TODAY)
    assert found.is_today, found


@given(st.text(alphabet="去前明年2023时那会儿的规定办法旧版以按月日底退休了 ，？", max_size=60))
def test_any_question_is_read_and_nothing_is_lost_entirely(question: str) -> None:
    found = day_meant(question, TODAY)
    assert bool(found.rest.strip()) == bool(question.strip())


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Cars: one working day in advance from March 2025, two from March 2026 on. The digest is from November 2023."""
    with a_desk() as desk:
        desk.bring(CARS_TEXT)
        desk.bring(CARS_TEXT.replace("一个工作日", "两个工作日").replace("2025年", "2026年"))
        yield desk


def documents(desk: Desk, question: str) -> tuple[list[tuple[str, int]], str, str]:
    found = standing(question, desk.context)
    return sorted((one.title, one.version) for one, _ in found.index.documents), found.question, found.note


def test_today_is_the_rule(desk: Desk) -> None:
    context = desk.context
    found = standing("用车提前几天", context)
    assert found.index is context.policies
    assert (found.question, found.note) == ("用车提前几天", "")


def test_a_day_of_the_past(desk: Desk) -> None:
    assert documents(desk, "2025年时用车提前几天") == (
        [(CARS, 1), (DIGEST, 1)],
        "用车提前几天",
        "按 2025 年 12 月 31 日时有效的版本回答，现在的规定可能已经变了。",
    )
    assert documents(desk, "2024年时用车提前几天")[0] == [(DIGEST, 1)]


def test_the_version_before(desk: Desk) -> None:
    assert documents(desk, "旧版里用车提前几天") == (
        [(CARS, 1), (DIGEST, 1)],
        "用车提前几天",
        "按上一版回答，上一版现在已经不用了；没有上一版的文件，按现在这一版。",
    )


def test_a_version_to_come(desk: Desk) -> None:
    desk.bring(CARS_TEXT.replace("2025年", "2027年"))
    assert documents(desk, "明年用车提前几天") == (
        [(CARS, 3), (DIGEST, 1)],
        "用车提前几天",
        "按 2027 年 12 月 31 日时有效的版本回答，有的现在还没有开始施行。",
    )


def test_a_time_of_which_nothing_is_there(desk: Desk) -> None:
    assert documents(desk, "2010年时用车提前几天") == (
        [(CARS, 2), (DIGEST, 1)],
        "用车提前几天",
        "那时候有效的版本我这里没有，只能查现在有效的。",
    )


def test_a_time_that_has_the_same_versions() -> None:
    with a_desk() as desk:
        found = standing("去年的规定里谁当群主", desk.context)
        assert found.index is desk.context.policies
        assert found.note == "那时有效的和现在的是同一版。"
        assert standing("旧版里谁当群主", desk.context).note == "更早的版本我这里没有，只能查现在有效的。"
