"""Tasks, duties, questions and positions as rows; forgetting takes all that belongs to a task."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from storage.database import Database
from storage.quiz import Question
from storage.retention import Before
from storage.store import Store
from storage.study import Position

NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
QUESTION = Question("办法", "五.8", "谁审核？", ("管理员", "群主"), 0)


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def a_post(store: Store, at: datetime = NOW) -> int:
    number = store.study.open_post("weekly", "教务处", Position("办法", "五.8"), "schedule", at)
    store.study.give(number, "教务处", ("sun", "wang"))
    return number


def a_quiz(store: Store, *questions: int) -> int:
    number = store.study.open_quiz(questions, "admin", NOW)
    store.study.give(number, "教务处", ("sun",))
    return number


def test_what_is_owed_and_done(store: Store) -> None:
    first, second = a_post(store), a_post(store)
    assert [task.id for task in store.study.owed_by("sun")] == [first, second]
    store.study.done(first, "sun", NOW)
    store.study.done(first, "sun", LATER)
    duty = store.study.duty(first, "sun")
    assert duty is not None and duty.done_at == NOW
    assert [task.id for task in store.study.owed_by("sun")] == [second]
    assert [task.id for task in store.study.done_by("sun", 5)] == [first]
    assert [(one.staff_id, one.task_id) for one in store.study.owing()] == [
        ("sun", second),
        ("wang", first),
        ("wang", second),
    ]


def test_giving_again_changes_nothing(store: Store) -> None:
    number = a_post(store)
    store.study.done(number, "sun", NOW)
    store.study.give(number, "别处", ("sun", "new"))
    assert [(one.staff_id, one.department, one.done_at) for one in store.study.duties((number,))] == [
        ("new", "别处", None),
        ("sun", "教务处", NOW),
        ("wang", "教务处", None),
    ]


def test_closing_by_hand_and_by_age(store: Store) -> None:
    old, new = a_post(store), a_post(store, LATER)
    assert store.study.close_older(LATER, LATER) == 1
    assert [task.id for task in store.study.open_tasks()] == [new]
    store.study.close(new, LATER)
    store.study.close(old, LATER + timedelta(days=1))
    closed = store.study.task(old)
    assert closed is not None and closed.closed_at == LATER and not closed.is_open
    assert store.study.owed_by("sun") == []
    assert store.study.owing() == []
    assert [task.id for task in store.study.tasks_since(LATER)] == [new]
    assert len(store.study.tasks_since()) == 2


def test_reminders_are_counted(store: Store) -> None:
    number = a_post(store)
    store.study.reminded([number], ["sun"], LATER)
    store.study.reminded([number], ["sun"], LATER)
    duty = store.study.duty(number, "sun")
    assert duty is not None and (duty.reminders, duty.last_reminded_at) == (2, LATER)
    assert [one.reminders for one in store.study.duties((number,))] == [2, 0]


def test_positions_and_pauses(store: Store) -> None:
    assert store.study.position("weekly", "教务处") is None
    for article in ("五.7", "五.8"):
        store.study.move("weekly", "教务处", Position("办法", article), NOW)
    assert store.study.position("weekly", "教务处") == Position("办法", "五.8")
    store.study.pause("weekly", "admin", NOW)
    store.study.pause("weekly", "admin", NOW)
    assert store.study.is_paused("weekly") and not store.study.is_paused("other")
    store.study.resume("weekly")
    assert not store.study.is_paused("weekly")


def test_questions_in_their_order_and_first_tries(store: Store) -> None:
    one, two = store.quiz.add(QUESTION, "admin", NOW), store.quiz.add(QUESTION, "admin", NOW)
    number = a_quiz(store, two, one)
    assert [question.id for question in store.quiz.of_task(number)] == [two, one]
    store.quiz.answer(number, one, "sun", NOW, is_right=False)
    store.quiz.answer(number, one, "sun", LATER, is_right=True)
    assert store.quiz.answered(number, "sun") == {one: False}
    assert store.quiz.rates(number) == {one: (1, 0)}
    assert store.quiz.asked_before() == {one, two}
    stored = store.quiz.get(one)
    assert stored is not None and stored.options == ("管理员", "群主")
    assert store.quiz.get(99) is None


def test_a_quiz_under_way_comes_before_one_that_is_closed(store: Store) -> None:
    question = store.quiz.add(QUESTION, "admin", NOW)
    first, second = a_quiz(store, question), a_quiz(store, question)
    assert store.quiz.task_with(question, "sun") == second
    store.study.close(second, LATER)
    assert store.quiz.task_with(question, "sun") == first
    assert store.quiz.task_with(question, "wang") is None


def test_drafts_and_what_is_retired_are_not_ready(store: Store) -> None:
    number = store.quiz.add(Question("办法", "五.8", "谁？", ("甲", "乙"), 0, state="draft"), "admin", NOW)
    assert store.quiz.ready() == []
    store.quiz.set_state(number, "ready")
    assert [question.id for question in store.quiz.ready()] == [number]
    assert store.quiz.has(Question("办法", "五.8", "谁？", ("丙", "丁"), 1))
    store.quiz.set_state(number, "retired")
    assert store.quiz.ready() == []


def test_forgetting_takes_closed_tasks_with_all_that_belongs_to_them_and_stale_drafts(store: Store) -> None:
    question = store.quiz.add(QUESTION, "admin", NOW)
    store.quiz.add(Question("办法", "五.8", "草稿", ("甲", "乙"), 0, state="draft"), "admin", NOW)
    still_open, closed = a_post(store), a_quiz(store, question)
    store.quiz.answer(closed, question, "sun", NOW, is_right=True)
    store.study.close(closed, NOW)
    before = Before(LATER, LATER, date(2020, 1, 1))
    assert store.retention.count(before).notes == 2
    store.retention.forget(before)
    assert [task.id for task in store.study.tasks_since()] == [still_open]
    assert {duty.task_id for duty in store.study.duties((still_open, closed))} == {still_open}
    for table in ("study_answers", "study_task_questions"):
        row = store.database.row(f"select count(*) as n from {table}")
        assert row is not None and row["n"] == 0
    assert [one.id for one in store.quiz.ready()] == [question]
