"""Study plans of the settings: when they are due, what holds after a reload, what the self-check says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.schedule import Schedule
from bot.settings import Settings, SettingsError, load
from handlers.doctor.facts import Asked
from handlers.doctor.gathering import gather
from handlers.message import Due
from storage.database import Database
from storage.store import Store

CHINA = ZoneInfo("Asia/Shanghai")
PLAN = '[[study.schedules]]\nname = "{name}"\nwhen = "{when}"\n'


def china(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


def settings(folder: Path, text: str) -> Settings:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, environ={})


class Hands:
    """A clock that is set by hand."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time


def taking(taken: list[Due]) -> Callable[[Due], bool]:
    """As the inbox takes what is due."""

    def take(due: Due) -> bool:
        taken.append(due)
        return True

    return take


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def fired(schedule: Schedule, clock: Hands, taken: list[Due], moment: datetime) -> list[Due]:
    taken.clear()
    clock.time = moment
    schedule.look()
    return [due for due in taken if due.task == "study-post"]


def test_a_plan_is_due_at_its_time_beside_a_clean_up_of_the_same_name(tmp_path: Path, store: Store) -> None:
    text = PLAN.format(name="department-monthly", when="每周三 9:00")
    clock, taken = Hands(china(24, 10)), list[Due]()
    schedule = Schedule(clock, store, settings(tmp_path, text), taking(taken))
    schedule.look()
    assert fired(schedule, clock, taken, china(25, 8, 59)) == []
    [due] = fired(schedule, clock, taken, china(25, 9))
    assert (due.schedule, due.planned_at, due.is_late) == ("study:department-monthly", china(25, 9), False)
    assert fired(schedule, clock, taken, china(25, 9, 1)) == []


def test_a_plan_at_night_waits_for_working_hours_and_a_missed_one_comes_once_and_late(
    tmp_path: Path, store: Store
) -> None:
    clock, taken = Hands(china(20, 10)), list[Due]()
    text = PLAN.format(name="nightly", when="每天 23:00")
    schedule = Schedule(clock, store, settings(tmp_path, text), taking(taken))
    schedule.look()
    assert fired(schedule, clock, taken, china(20, 23)) == []
    [due] = fired(schedule, clock, taken, china(25, 12))
    assert due.is_late


def test_a_plan_that_was_added_by_a_reload_is_due(tmp_path: Path, store: Store) -> None:
    clock, taken = Hands(china(24, 10)), list[Due]()
    schedule = Schedule(clock, store, Settings(), taking(taken))
    schedule.look()
    schedule.obey(settings(tmp_path, PLAN.format(name="weekly", when="每周三 9:00")))
    schedule.look()
    assert len(fired(schedule, clock, taken, china(25, 9))) == 1
    schedule.obey(Settings())
    assert store.schedules.get("study:weekly") is None


def test_the_self_check_knows_the_plan(tmp_path: Path, store: Store) -> None:
    found = settings(tmp_path, PLAN.format(name="weekly", when="每周三 9:00"))
    clock = Hands(china(24, 10))
    Schedule(clock, store, found, lambda due: True).look()
    facts = gather(store, found, clock.now().astimezone(UTC), Asked.CONSOLE, [], documents=1, rules=14)
    [plan] = [plan for plan in facts.plans if plan.name == "study:weekly"]
    assert plan.is_known and not plan.is_overdue and plan.next_at == china(25, 9)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PLAN.format(name="a", when="每天"), "第 1 项 的 when = '每天'：「每天」：没有写几点"),
        (PLAN.format(name="a", when="每天 9:00") * 2, "计划名重复：a"),
        (PLAN.format(name="a", when="每天 9:00") + "kinds = []\n", "第 1 项 的 kinds = []：至少写一类群"),
        (PLAN.format(name="a", when="每天 9:00") + 'departments = [""]\n', "departments 第 1 项"),
        (PLAN.format(name="a", when="每天 9:00") + "repet = true\n", "是不是 repeat？"),
        ("[study]\nmax_reminders = 9\n", "[study] max_reminders = 9"),
    ],
)
def test_a_mistake_in_a_plan_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings(tmp_path, text)
    [line] = error.value.problems
    assert said in line
