"""`steward purge`, run as people run it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.cli.purge import _shrink
from bot.clock import SystemClock
from bot.settings import Settings
from storage.database import Database
from storage.flags import Flag
from storage.inbox import Arrival
from storage.lock import ProcessLock
from storage.policies import Asked
from storage.store import Store

T = TypeVar("T")
DATABASE = Path("steward.db")
NOW = SystemClock().now()
"""The verb asks the machine's clock; all ages here are days away from any limit."""


CHINA = ZoneInfo("Asia/Shanghai")


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def change(work: Callable[[Store], T]) -> T:
    with Database(DATABASE) as database, database.transaction():
        return work(Store(database))


@pytest.fixture(autouse=True)
def in_a_folder_with_things_of_many_ages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def work(store: Store) -> None:
        for days in (400, 300, 20):
            at = ago(days)
            store.policies.asked(Asked(at, "cid", "退休了还要留吗", is_answered=True))
            store.flags.add(Flag(f"m{days}", "rule", "advertising", "五.2", "remind", "mention", "cid", "1", "…", at))

    change(work)


def run(*arguments: str, answer: str | None = None) -> Result:
    result = CliRunner().invoke(main, ["purge", *arguments], input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def left() -> tuple[int, int]:
    """Questions and flags that are still there."""
    return change(lambda store: (len(store.policies.latest_asked()), store.flags.count()))


def audited() -> list[tuple[str, str, str]]:
    return change(lambda store: [(e.actor, e.action, e.detail) for e in store.audit.latest()])


def test_what_the_settings_say_goes_and_the_audit_says_how_much() -> None:
    result = run()
    assert result.exit_code == 0
    assert left() == (2, 1)
    assert audited() == [("cli", "purge", "1 messages, 2 flags, 0 notes")]
    first, second, third = result.stdout.splitlines()
    assert f"{ago(365).astimezone():%Y}" in first
    assert second.endswith("deleted: 收发记录 1、内容提醒 2、内部记录 0 / 1 messages, 2 flags, 0 notes")
    assert third.startswith("文件 / file:")


def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    result = run("--dry-run")
    assert result.exit_code == 0
    assert "收发记录 1、内容提醒 2" in result.stdout
    assert left() == (3, 3)
    assert audited() == []


def test_with_nothing_old_there_is_nothing_to_note() -> None:
    run()
    assert "收发记录 0、内容提醒 0" in run().stdout
    assert len(audited()) == 1


def test_a_day_of_ones_own_is_asked_about_first() -> None:
    day = f"{ago(30):%Y-%m-%d}"
    for answer, says in (("n\n", "什么都没有删"), (None, "--yes")):
        result = run("--before", day, answer=answer)
        assert result.exit_code == 2
        assert says in result.stderr
        assert left() == (3, 3)
    assert run("--before", day, answer="y\n").exit_code == 0
    assert left() == (1, 1)


def test_or_not_asked_about() -> None:
    assert run("--before", f"{ago(30):%Y-%m-%d}", "--yes").exit_code == 0
    assert left() == (1, 1)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("gestern", "不是日期"),
        ("2026-13-01", "不是日期"),
        ("today", "最近一天"),
        ("9999-12-31", "最近一天"),
    ],
)
def test_a_day_that_will_not_do_is_one_line(day: str, says: str) -> None:
    if day == "today":  # in the configured zone, and when the test runs
        day = f"{datetime.now(CHINA):%Y-%m-%d}"
    result = run("--before", day, "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert left() == (3, 3)


def test_beside_a_running_bot_it_deletes_and_leaves_the_file_its_size() -> None:
    lock = ProcessLock(DATABASE)
    try:
        result = run()
    finally:
        lock.release()
    assert result.exit_code == 0
    assert left() == (2, 1)
    assert "机器人在运行" in result.stderr
    assert "文件" not in result.stdout


def test_many_rows_go_in_steps_and_the_file_shrinks_when_the_bot_is_stopped() -> None:
    def work(store: Store) -> None:
        store.inbox.take(Arrival(f"message:{n}", "message", "cid", "x" * 500, ago(400)) for n in range(3500))
        for row in store.inbox.next_rows(NOW, 4000):
            store.inbox.park(row.id, "broken", ago(400))

    change(work)
    before = DATABASE.stat().st_size
    assert "收发记录 3501" in run().stdout
    assert DATABASE.stat().st_size < before / 3
    assert change(lambda store: store.inbox.counts()) == {"new": 0, "parked": 0}


def test_a_file_that_cannot_be_shrunk_is_said_to_be_so(capsys: pytest.CaptureFixture[str]) -> None:
    """Another command writes just then."""
    with closing(sqlite3.connect(DATABASE, isolation_level=None)) as writer:
        writer.execute("begin immediate")
        _shrink(Settings())
    said = capsys.readouterr()
    assert (said.out, "没有变小" in said.err) == ("", True)


def test_without_a_database_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert run().exit_code == 2
    assert not DATABASE.exists()
