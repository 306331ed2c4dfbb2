"""Main admins hear of a shortage once a month and level."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.message import Priority, Private
from handlers.quota import apis
from handlers.quota.due import watch
from handlers.quota.standing import Level, held_back
from storage.roles import Grant
from tests.handlers.hall import ADMIN, SUB, Hall, a_hall

USERS = "v2/user/list"


@pytest.fixture
def hall() -> Iterator[Hall]:
    with a_hall(quota={"calls_per_month": 1_000, "dings_per_month": 10}) as hall:
        yield hall


def use(hall: Hall, calls: int, api: str = USERS) -> None:
    hall.store.quota.count(hall.context.today, api, calls)


def heard(hall: Hall) -> list[str]:
    """The first lines of what the main admins are told."""
    sent = watch(hall.context)
    assert all(isinstance(one, Private) and one.to == (ADMIN,) for one in sent)
    return [one.body.text.splitlines()[0].strip("*") for one in sent if isinstance(one, Private)]


def test_nobody_hears_of_plenty(hall: Hall) -> None:
    use(hall, 699)
    assert heard(hall) == []


def test_each_level_is_told_once(hall: Hall) -> None:
    told = []
    for _ in range(11):
        use(hall, 100)
        told += heard(hall)
        told += heard(hall)
    assert told == ["钉钉接口额度偏紧", "钉钉接口额度紧张", "钉钉接口额度已用完"]


def test_a_level_that_was_passed_over_is_not_told_afterwards(hall: Hall) -> None:
    use(hall, 900)
    assert heard(hall) == ["钉钉接口额度紧张"]
    hall.settings = hall.settings.model_copy(
        update={"quota": hall.settings.quota.model_copy(update={"calls_per_month": 1_200})}
    )
    assert heard(hall) == []
    use(hall, 300)
    assert heard(hall) == ["钉钉接口额度已用完"]


def test_a_new_month_is_told_anew(hall: Hall) -> None:
    use(hall, 1_000)
    assert heard(hall) == ["钉钉接口额度已用完"]
    hall.now = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    assert hall.context.today == date(2026, 12, 1)
    assert heard(hall) == []
    use(hall, 1_000)
    assert heard(hall) == ["钉钉接口额度已用完"]


def test_the_month_is_that_of_the_configured_zone() -> None:
    quota = {"calls_per_month": 1_000}
    with a_hall(quota=quota, scheduler={"timezone": "America/Los_Angeles"}) as hall:
        hall.now = datetime(2026, 12, 1, 7, 59, tzinfo=UTC)  # the last minute of November there
        use(hall, 1_000)
        assert heard(hall) == ["钉钉接口额度已用完"]
        hall.later(timedelta(minutes=1))
        assert heard(hall) == []


def test_dings_are_told_apart(hall: Hall) -> None:
    use(hall, 9, apis.DING_RECEIVERS)
    assert heard(hall) == ["DING 额度偏紧"]
    use(hall, 700)
    assert heard(hall) == ["钉钉接口额度偏紧"]
    use(hall, 1, apis.DING_RECEIVERS)
    assert heard(hall) == ["DING 额度已用完"]


def test_the_word_comes_through_when_reminders_wait(hall: Hall) -> None:
    use(hall, 1_000)
    (word,) = watch(hall.context)
    assert isinstance(word, Private)
    assert not held_back(word.priority, Level.OUT)
    assert held_back(Priority.REMINDER, Level.OUT)


def test_every_main_admin_hears_it_and_no_sub_admin(hall: Hall) -> None:
    hall.store.roles.grant(Grant("dean", "main-admin"), ADMIN, hall.now)
    use(hall, 1_000)
    (word,) = watch(hall.context)
    assert isinstance(word, Private)
    assert word.to == (ADMIN, "dean")
    assert SUB not in word.to


def test_where_there_is_no_main_admin_the_first_one_is_told_later() -> None:
    with a_hall(quota={"calls_per_month": 1_000}, roles={"main_admins": []}) as hall:
        use(hall, 1_000)
        assert watch(hall.context) == []
        hall.store.roles.grant(Grant(ADMIN, "main-admin"), ADMIN, hall.now)
        assert heard(hall) == ["钉钉接口额度已用完"]
