"""What is due is taken once, on time or late, whatever the clock and the process did meanwhile."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.schedule import Schedule
from bot.settings import Settings
from bot.writer import Writer
from handlers.cleanup.when import WhenError
from handlers.message import Due
from handlers.settings import CleanupSchedule, CleanupSettings, ModerationSettings, PolicySettings, SchedulerSettings
from storage.database import Database
from storage.schedules import ScheduleRow
from storage.store import Store

CHINA = ZoneInfo("Asia/Shanghai")


def china(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


@dataclass
class Hands:
    """A clock that is set by hand."""

    time: datetime

    def now(self) -> datetime:
        return self.time


@dataclass
class Bench:
    """A schedule that can be stopped, started with other settings, and moved in time."""

    path: Path
    clock: Hands
    taken: list[Due] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    settings: Settings = field(default_factory=Settings)
    zone: ZoneInfo = CHINA

    def __post_init__(self) -> None:
        self.database = Database(self.path)
        self.start()

    def start(self, *schedules: CleanupSchedule, **cleanup: object) -> None:
        if schedules:
            cleanup["schedules"] = schedules
        self.settings = Settings(
            cleanup=CleanupSettings.model_validate(cleanup), scheduler=SchedulerSettings(timezone=self.zone)
        )
        self.store = Store(self.database)
        self.schedule = Schedule(self.clock, self.store, self.settings, self.take)
        self.store.schedules.keep_only(name for name, _ in self.schedule.next_fires())
        self.schedule.look()

    def take(self, due: Due) -> bool:
        """As the inbox does: each planned time is new once."""
        is_new = due.id not in self.known
        self.known.add(due.id)
        if is_new:
            self.taken.append(due)
        return is_new

    def at(self, moment: datetime, task: str = "cleanup-cycle") -> list[Due]:
        """What is taken when the clock is set to this moment."""
        self.taken.clear()
        self.clock.time = moment
        self.schedule.look()
        return [due for due in self.taken if due.task == task]

    def at_any(self, moment: datetime) -> list[str]:
        self.at(moment)
        return [due.task for due in self.taken]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "steward.db", Hands(china(24, 9, 30)))
    yield bench
    bench.database.close()


def test_a_cycle_is_taken_when_its_time_has_come_and_not_again(bench: Bench) -> None:
    assert bench.at(china(1, 8, 59, month=12)) == []
    assert bench.at(china(1, 9, month=12)) == [Due("cleanup-cycle", "department-monthly", china(1, 9, month=12))]
    assert bench.at(china(1, 9, 1, month=12)) == []


def test_the_first_start_catches_up_on_nothing(bench: Bench) -> None:
    """Nobody was promised anything before the bot was there."""
    assert bench.taken == []


def test_reminders_and_the_directory_have_their_own_times(bench: Bench) -> None:
    assert bench.at_any(china(24, 10)) == ["cleanup-reminders"]
    assert bench.at_any(china(24, 14, 30)) == ["study-reminders"]
    assert bench.at_any(china(25, 3)) == ["directory-sync"]
    assert bench.at_any(china(25, 3, 30)) == ["retention"]
    assert bench.at_any(china(25, 8, 40)) == ["quota-watch"]
    assert bench.at_any(china(25, 9, 10)) == ["policy-review"]
    assert bench.at_any(china(25, 10)) == ["cleanup-reminders"]
    assert bench.at_any(china(25, 14, 30)) == ["study-reminders"]
    assert bench.at_any(china(28, 10)) == ["directory-sync", "retention"]  # a Saturday
    assert bench.at_any(china(30, 10)) == [
        "cleanup-reminders",
        "study-reminders",
        "policy-review",
        "policy-digest",
        "moderation-digest",
        "directory-sync",
        "retention",
        "quota-watch",
    ]
    assert bench.at_any(china(30, 10, 30)) == []


def test_what_was_missed_while_stopped_runs_once_and_late(bench: Bench) -> None:
    bench.start(CleanupSchedule(name="weekly", when="每周二 9:00"))
    bench.clock.time = china(17, 15, month=12)  # three Tuesdays later
    bench.taken.clear()
    bench.start(CleanupSchedule(name="weekly", when="每周二 9:00"))
    cycles = [due for due in bench.taken if due.task == "cleanup-cycle"]
    assert cycles == [Due("cleanup-cycle", "weekly", china(1, 9, month=12), is_late=True)]
    assert bench.at(china(17, 15, 1, month=12)) == []
    assert bench.at(china(22, 9, month=12)) == [Due("cleanup-cycle", "weekly", china(22, 9, month=12))]


@pytest.mark.parametrize(("minutes", "is_late"), [(0, False), (5, False), (6, True)])
def test_a_few_minutes_are_not_late(bench: Bench, minutes: int, is_late: bool) -> None:
    (due,) = bench.at(china(1, 9, minutes, month=12))
    assert due.is_late is is_late


def test_a_restart_at_night_waits_for_the_working_day(bench: Bench) -> None:
    """Missed on Tuesday morning, started again on Friday night: nobody hears of it before Monday morning."""
    assert bench.at(china(4, 23, month=12)) == []
    assert bench.at(china(5, 11, month=12)) == []
    assert bench.at(china(7, 8, 29, month=12)) == []
    (due,) = bench.at(china(7, 8, 30, month=12))
    assert (due.planned_at, due.is_late) == (china(1, 9, month=12), True)


def test_the_directory_is_read_at_night_all_the_same(bench: Bench) -> None:
    assert bench.at(china(29, 4), "directory-sync") == [Due("directory-sync", "directory-sync", china(25, 3), True)]


def test_a_cycle_planned_at_night_speaks_in_the_morning_and_is_not_late(bench: Bench) -> None:
    bench.start(CleanupSchedule(name="nightly", when="每周二 23:00"))
    assert bench.at(china(24, 23)) == []
    assert ("nightly", china(25, 8, 30)) in bench.schedule.next_fires()
    (due,) = bench.at(china(25, 8, 30))
    assert (due.planned_at, due.is_late) == (china(24, 23), False)


def test_same_speaks_on_a_holiday_but_in_working_hours(bench: Bench) -> None:
    bench.clock.time = china(30, 9, month=9)
    bench.start(CleanupSchedule(name="first", when="每月1日 20:00", on_holiday="same"))
    assert bench.at(china(1, 20, month=10)) == []
    assert len(bench.at(china(2, 8, 30, month=10))) == 1


def test_nothing_is_due_in_the_national_holiday(bench: Bench) -> None:
    bench.clock.time = china(30, 18, month=9)
    bench.start(CleanupSchedule(name="monthly", when="每月第一个工作日 9:00"))
    for day in range(1, 8):
        for hour in (0, 9, 10, 12, 18):
            assert set(bench.at_any(china(day, hour, month=10))) <= {"directory-sync", "retention"}
    assert bench.at_any(china(8, 9, month=10))[0] == "cleanup-cycle"


def test_a_changed_time_starts_afresh(bench: Bench) -> None:
    bench.start(CleanupSchedule(name="weekly", when="每周二 9:00"))
    bench.clock.time = china(2, 9, 30, month=12)
    bench.start(CleanupSchedule(name="weekly", when="每周三 9:00"))
    assert bench.at(china(3, 9, month=12)) == []
    (due,) = bench.at(china(9, 9, month=12))
    assert due.planned_at == china(9, 9, month=12)


def test_a_changed_zone_starts_afresh(bench: Bench) -> None:
    bench.zone = ZoneInfo("Asia/Tokyo")
    bench.start()
    assert dict(bench.schedule.next_fires())["department-monthly"] == china(1, 8, month=12)


def test_a_schedule_that_comes_back_to_the_settings_starts_afresh(bench: Bench) -> None:
    weekly = CleanupSchedule(name="weekly", when="每周二 9:00")
    bench.start(weekly)
    bench.start()
    bench.clock.time = china(16, 9, 30, month=12)
    bench.taken.clear()
    bench.start(weekly)
    assert [due for due in bench.taken if due.schedule == "weekly"] == []


def test_other_settings_hold_without_a_start(bench: Bench) -> None:
    """The new schedule and the new hours hold, the old schedule is forgotten, and the reminders go on as they were."""
    bench.at(china(24, 9))
    weekly = CleanupSchedule(name="weekly", when="每周三 16:00", kinds=("class",))
    before = bench.store.schedules.get("cleanup-reminders")
    bench.schedule.obey(
        Settings(
            cleanup=CleanupSettings.model_validate({"schedules": [weekly], "working_hours_to": "15:00"}),
            scheduler=SchedulerSettings(timezone=CHINA),
        )
    )
    assert bench.at(china(24, 9, 1)) == []
    assert bench.store.schedules.get("cleanup-reminders") == before
    assert bench.store.schedules.get("department-monthly") is None
    assert bench.at(china(25, 16)) == [], "outside of the new hours"
    assert [due.schedule for due in bench.at(china(26, 9))] == ["weekly"]
    assert bench.at(china(1, 9, month=12)) == []


def test_a_schedule_that_can_never_be_due_changes_nothing(bench: Bench) -> None:
    wrong = CleanupSchedule.model_construct(
        name="x", when="每月第九十个工作日 9:00", kinds=("class",), on_holiday="next"
    )
    with pytest.raises(WhenError):
        bench.schedule.obey(Settings(cleanup=CleanupSettings.model_construct(schedules=(wrong,))))
    assert [due.schedule for due in bench.at(china(1, 9, month=12))] == ["department-monthly"]


def test_a_clock_that_was_set_back_does_not_silence_the_schedule(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.clock.time = china(24, 9, month=11) + timedelta(days=3650)
    bench.schedule.look()
    with caplog.at_level(logging.WARNING):
        assert bench.at(china(24, 9, 40)) == []
    assert "the clock went back" in caplog.text
    assert bench.at(china(1, 9, month=12)) == [], "that one was had, late, by the clock that was ahead"
    [following] = [at for name, at in bench.schedule.next_fires() if name == "department-monthly"]
    assert (following.year, following.month) == (2027, 1)


def test_a_clock_that_was_ahead_at_the_first_start_does_not_silence_the_schedule(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A machine whose battery is empty begins in some other year; nothing has fired by then."""
    ahead = Bench(tmp_path / "ahead.db", Hands(datetime(2036, 1, 1, 9, tzinfo=CHINA)))
    ahead.clock.time = china(24, 9, 40)
    with caplog.at_level(logging.WARNING):
        ahead.start()
    assert "the clock went back" in caplog.text
    assert len(ahead.at(china(1, 9, month=12))) == 1
    ahead.database.close()


def test_a_clock_that_is_corrected_by_a_minute_fires_nothing_twice(bench: Bench) -> None:
    assert len(bench.at(china(1, 9, month=12))) == 1
    assert bench.at(china(1, 8, 59, month=12)) == []
    bench.start()
    assert bench.at(china(1, 9, month=12)) == []


def test_a_clock_set_back_and_forth_swallows_nothing_that_was_missed(bench: Bench) -> None:
    """It comes to a time that has fired before; what was missed behind that fires late."""
    bench.start(CleanupSchedule(name="weekly", when="每周二 9:00"))
    assert len(bench.at(china(1, 9, month=12))) == 1
    bench.at(china(30, 9))
    [late] = [due for _ in range(3) for due in bench.at(china(8, 10, month=12))]
    assert (late.planned_at, late.is_late) == (china(8, 9, month=12), True)


def test_a_restart_computes_nothing_anew_that_was_right(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for hour in range(0, 24 * 40, 7):
            bench.at(china(24, 10) + timedelta(hours=hour))
            bench.start()
    assert "went back" not in caplog.text


def test_a_refused_task_is_due_again(bench: Bench) -> None:
    """The task and the next time are stored together or not at all."""

    def refuse(due: Due) -> bool:
        raise OSError("disk full")

    broken = Schedule(bench.clock, bench.store, bench.settings, refuse)
    bench.clock.time = china(1, 9, month=12)
    with pytest.raises(OSError, match="disk full"):
        broken.look()
    assert bench.at(china(1, 9, 1, month=12)) == [Due("cleanup-cycle", "department-monthly", china(1, 9, month=12))]


def test_the_next_fires_come_soonest_first(bench: Bench) -> None:
    assert bench.schedule.next_fires() == [
        ("cleanup-reminders", china(24, 10)),
        ("study-reminders", china(24, 14, 30)),
        ("directory-sync", china(25, 3)),
        ("retention", china(25, 3, 30)),
        ("quota-watch", china(25, 8, 40)),
        ("policy-review", china(25, 9, 10)),
        ("moderation-digest", china(30, 8, 50)),
        ("policy-digest", china(30, 9)),
        ("department-monthly", china(1, 9, month=12)),
    ]


def test_the_next_fires_are_known_before_the_first_look(tmp_path: Path) -> None:
    with Database(tmp_path / "new.db") as database:
        schedule = Schedule(Hands(china(24, 9, 30)), Store(database), Settings(), lambda due: True)
        assert schedule.next_fires()[0] == ("cleanup-reminders", china(24, 10))


def test_a_year_without_calendar_is_logged_once(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        bench.at(datetime(2051, 3, 1, 9, tzinfo=CHINA))
        bench.at(datetime(2051, 4, 3, 9, tzinfo=CHINA))
    assert [record.getMessage()[:6] for record in caplog.records].count("2051 年") == 1


def noting(heard: list[Due]) -> Callable[[Due], bool]:
    """Takes everything, once."""

    def take(due: Due) -> bool:
        heard.append(due)
        return True

    return take


@asynccontextmanager
async def running(database: Database, clock: Hands, take: Callable[[Due], bool]) -> AsyncIterator[asyncio.Queue[int]]:
    """A schedule at work, that tells each time something is on disk; it ends when it is cancelled."""
    taken: asyncio.Queue[int] = asyncio.Queue()
    with Writer(database) as writer:
        store = Store(database)
        schedule = Schedule(clock, store, Settings(), take, lambda: taken.put_nowait(1))
        task = asyncio.create_task(schedule.run(writer))
        async with asyncio.timeout(10):
            while store.schedules.get("retention") is None:  # the first look sets out from the clock's present time
                await asyncio.sleep(0.002)
        try:
            yield taken
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            assert task.cancelled()


async def test_running_looks_by_itself_and_says_so_when_it_is_on_disk(tmp_path: Path) -> None:
    heard: list[Due] = []
    with Database(tmp_path / "steward.db") as database:
        clock = Hands(china(24, 9, 30))
        async with running(database, clock, noting(heard)) as taken:
            clock.time = china(24, 10)
            await asyncio.wait_for(taken.get(), 10)
            assert heard == [Due("cleanup-reminders", "cleanup-reminders", china(24, 10))]
            assert taken.empty()
        clock.time = china(1, 9, month=12)
    # The database is closed: a job that was still running would raise into the loop's handler.


async def test_it_looks_in_one_thread_that_is_not_the_loops(tmp_path: Path) -> None:
    """The loop waits for no disk; and APScheduler gave a plain function to a pool, which read beside the loop's writes."""
    threads: list[str] = []

    def take(due: Due) -> bool:
        threads.append(threading.current_thread().name)
        return True

    with Database(tmp_path / "steward.db") as database:
        clock = Hands(china(24, 9, 30))
        async with running(database, clock, take) as taken:
            clock.time = china(24, 10)
            await asyncio.wait_for(taken.get(), 10)
            clock.time = china(25, 3, 30)
            await asyncio.wait_for(taken.get(), 10)
    assert set(threads) == {"writer"}


async def test_a_disk_error_is_said_once_and_looking_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Database(tmp_path / "steward.db") as database:
        clock = Hands(china(24, 9, 30))
        async with running(database, clock, lambda _: True) as taken:
            database.execute("alter table schedules rename to elsewhere")
            async with asyncio.timeout(10):
                while "ERROR" not in [record.levelname for record in caplog.records]:
                    await asyncio.sleep(0.01)
            await asyncio.sleep(1.2)  # one more look, which says nothing
            assert [record.levelname for record in caplog.records].count("ERROR") == 1
            database.execute("alter table elsewhere rename to schedules")
            clock.time = china(24, 10)
            await asyncio.wait_for(taken.get(), 10)


async def test_a_database_that_is_in_trouble_at_the_start_does_not_keep_it_from_starting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Locked by an import, for instance."""
    with Database(tmp_path / "steward.db") as database, Writer(database) as writer:
        store = Store(database)
        store.schedules.put(ScheduleRow("of-old-settings", "每天 9:00", None, china(24, 9)))
        database.execute("alter table schedules rename to elsewhere")
        schedule = Schedule(Hands(china(24, 9, 30)), store, Settings(), lambda _: True)
        task = asyncio.create_task(schedule.run(writer))
        async with asyncio.timeout(10):
            while "稍后再试" not in caplog.text:
                await asyncio.sleep(0.01)
            database.execute("alter table elsewhere rename to schedules")
            while store.schedules.get("retention") is None:
                await asyncio.sleep(0.01)
        assert store.schedules.get("of-old-settings") is None
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_clock_that_was_set_back_is_noticed_though_the_look_could_not_be_stored(tmp_path: Path) -> None:
    """What shares its transaction may make the disk take all of it back."""
    with Database(tmp_path / "steward.db") as database, Writer(database) as writer:
        store, clock = Store(database), Hands(china(24, 9) + timedelta(days=3650))
        schedule = Schedule(clock, store, Settings(), lambda _: True)
        await schedule._look_again(writer)
        clock.time = china(24, 9, 40)

        def spoil() -> None:
            database.connection.execute("pragma defer_foreign_keys = on")
            database.execute("insert into group_admins (conversation, staff_id) values ('nowhere', '0001')")

        go = threading.Event()
        first = asyncio.create_task(writer.do(lambda: go.wait(10)))
        await asyncio.sleep(0.05)  # the thread has taken it up alone; the next two share a transaction
        look = asyncio.create_task(schedule._look_again(writer))
        spoilt = asyncio.create_task(writer.do(spoil))
        await asyncio.sleep(0)
        go.set()
        with pytest.raises(sqlite3.IntegrityError):
            await spoilt
        await asyncio.gather(first, look)
        await schedule._look_again(writer)
        [at] = [at for name, at in schedule.next_fires() if name == "department-monthly"]
        assert at == china(1, 9, month=12)


async def test_it_ends_without_a_word_though_a_tick_is_just_due(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """APScheduler logs a job that it cancels as an error, with a traceback."""
    with Database(tmp_path / "steward.db") as database, Writer(database) as writer:
        schedule = Schedule(Hands(china(24, 9, 30)), Store(database), Settings(), lambda _: True)
        task = asyncio.create_task(schedule.run(writer))
        await asyncio.sleep(0.1)
        # Both in one turn of the loop: the end is asked for, then the tick is begun, then the end comes.
        asyncio.get_running_loop().call_soon(task.cancel)
        time.sleep(1.1)
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0)
    assert [record.getMessage() for record in caplog.records] == []


def test_there_are_no_digests_where_none_are_wanted(bench: Bench) -> None:
    none = {"policy": PolicySettings(digest=""), "moderation": ModerationSettings(digest="")}
    bench.schedule.obey(bench.settings.model_copy(update=none))
    assert not {"policy-digest", "moderation-digest"} & dict(bench.schedule.next_fires()).keys()
