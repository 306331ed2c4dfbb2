"""Which articles are studied, and which comes next, also when documents change under way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy import shipped
from handlers.study.lessons import Lesson, following, lessons, worth_reading
from storage.policies import Article, Document
from storage.study import Position
from tests.handlers.study.school import School, a_school

A, B = Document("甲办法"), Document("乙办法")


def of(document: Document, *numbers: str) -> list[Lesson]:
    return [Lesson(document, Article(number, f"{number} 的内容。")) for number in numbers]


def next_after(known: list[Lesson], title: str, number: str, *, repeat: bool = True) -> tuple[str, str] | None:
    found = following(known, Position(title, number), repeat=repeat)
    return None if found is None else (found.document.title, found.article.number)


@pytest.fixture
def school() -> Iterator[School]:
    with a_school() as made:
        yield made


def test_every_article_of_the_digest_once_and_items_within_the_article_that_lists_them() -> None:
    numbers = [article.number for article in worth_reading(shipped.digest().articles)]
    assert len(numbers) == 45
    assert numbers[0] == "一.1"
    assert "前言" not in numbers
    assert "二.6" in numbers
    assert "二.6.(三)" not in numbers
    assert "四.(六).4" in numbers


def test_bare_titles_are_nothing_to_read() -> None:
    articles = [
        Article("第一章", "第一章 总则", "第一章 总则"),
        Article("第一条", "为了规范管理，制定本办法。", "第一章 总则"),
        Article("前言", "某学院印发"),
    ]
    assert [article.number for article in worth_reading(articles)] == ["第一条"]


def test_it_begins_at_the_beginning_and_goes_on_in_order() -> None:
    known = of(A, "第一条", "第二条")
    assert following(known, None, repeat=True) == known[0]
    assert next_after(known, "甲办法", "第一条") == ("甲办法", "第二条")


@pytest.mark.parametrize(("repeat", "expected"), [(True, ("甲办法", "第一条")), (False, None)])
def test_after_the_last_it_begins_again_or_ends(repeat: bool, expected: tuple[str, str] | None) -> None:
    known = of(A, "第一条", "第二条") + of(B, "一.1")
    assert next_after(known, "甲办法", "第二条") == ("乙办法", "一.1")
    assert next_after(known, "乙办法", "一.1", repeat=repeat) == expected


def test_a_number_that_is_gone_is_passed_over() -> None:
    assert next_after(of(A, "第一条", "第三条", "第四条"), "甲办法", "第二条") == ("甲办法", "第三条")
    assert next_after(of(A, "二.1", "二.6", "三.1"), "甲办法", "二.5") == ("甲办法", "二.6")
    assert next_after(of(A, "第一条", "第二条"), "甲办法", "第九条", repeat=False) is None


def test_another_document_takes_the_place_where_only_one_is_studied() -> None:
    assert next_after(of(Document("正式办法"), "五.7", "五.8"), "要点", "五.7") == ("正式办法", "五.8")


def test_nothing_in_force_is_nothing_to_send() -> None:
    assert following([], None, repeat=True) is None
    assert following([], Position("甲办法", "第一条"), repeat=True) is None


@given(st.integers(1, 12), st.integers(0, 30), st.booleans())
def test_each_lesson_comes_once_a_turn(size: int, steps: int, repeat: bool) -> None:
    known = of(A, *(f"第{number}条" for number in range(1, size + 1)))
    seen: list[Lesson] = []
    last: Position | None = None
    for _ in range(steps):
        lesson = following(known, last, repeat=repeat)
        if lesson is None:
            break
        seen.append(lesson)
        last = lesson.position
    assert seen == [known[place % size] for place in range(steps if repeat else min(steps, size))]


def test_a_plan_names_a_document_or_takes_all_in_force(school: School) -> None:
    store, hall = school.store, school.hall
    store.policies.add(Document("用车办法"), [Article("第一条", "公务用车由办公室派。")], hall.now)
    later = (hall.now + timedelta(days=30)).date()
    store.policies.add(Document("以后的办法", effective=later), [Article("第一条", "以后才算。")], hall.now)
    titles = list(dict.fromkeys(lesson.document.title for lesson in lessons(hall.context)))
    assert sorted(titles) == sorted(["用车办法", shipped.digest().title])
    assert [lesson.article.number for lesson in lessons(hall.context, "用车办法")] == ["第一条"]
    assert [lesson.article.number for lesson in lessons(hall.context, "用车")] == ["第一条"]
    assert lessons(hall.context, "没有的办法") == []
