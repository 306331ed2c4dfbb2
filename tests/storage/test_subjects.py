"""What was asked last, by person and chat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.subjects import Subject, Subjects

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
ASKED = Subject("0147", "cidA", "退休的老师还要留在群里吗", NOW)
ALWAYS = NOW - timedelta(days=1)


@pytest.fixture
def subjects() -> Iterator[Subjects]:
    with Database(":memory:") as database:
        yield Subjects(database)


def test_a_subject_belongs_to_one_person_in_one_chat(subjects: Subjects) -> None:
    subjects.put(ASKED)
    assert subjects.get("0147", "cidA", ALWAYS) == ASKED
    assert subjects.get("0147", "cidB", ALWAYS) is None
    assert subjects.get("0148", "cidA", ALWAYS) is None


def test_the_last_question_takes_the_place_of_the_one_before(subjects: Subjects) -> None:
    later = replace(ASKED, question="手机号换了怎么办", asked_at=NOW + timedelta(minutes=1))
    subjects.put(ASKED)
    subjects.put(replace(ASKED, conversation="cidB"))
    subjects.put(later)
    assert subjects.get("0147", "cidA", ALWAYS) == later
    assert subjects.get("0147", "cidB", ALWAYS) == replace(ASKED, conversation="cidB")


def test_it_lasts_for_a_while_only(subjects: Subjects) -> None:
    subjects.put(ASKED)
    assert subjects.get("0147", "cidA", NOW) == ASKED
    assert subjects.get("0147", "cidA", NOW + timedelta(seconds=1)) is None


def test_what_is_old_is_forgotten(subjects: Subjects) -> None:
    subjects.put(ASKED)
    subjects.put(replace(ASKED, person="0148", asked_at=NOW + timedelta(minutes=9)))
    assert subjects.forget(NOW + timedelta(minutes=5)) == 1
    assert subjects.get("0147", "cidA", ALWAYS) is None
    assert subjects.get("0148", "cidA", ALWAYS) is not None
    assert subjects.forget(NOW) == 0
