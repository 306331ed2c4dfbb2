"""`steward restore`, run as people run it: what comes back, what is not done twice, and when nothing is touched."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from storage.backup import copy
from storage.database import Database
from storage.inbox import Arrival
from storage.lock import ProcessLock
from storage.outbox import Draft
from storage.presence import Presence
from storage.schedules import ScheduleRow
from storage.store import Store
from storage.times import to_text

T = TypeVar("T")
NOW, DAY = datetime(2026, 11, 25, 1, 30, tzinfo=UTC), timedelta(days=1)
DATABASE, BACKUP = Path("steward.db"), Path("backup.db")


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, answer: str | None = None) -> Result:
    result = CliRunner().invoke(main, ["restore", *arguments], input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def change(work: Callable[[Store], T], path: Path = DATABASE) -> T:
    with Database(path) as database, database.transaction():
        return work(Store(database))


def heard(*titles: str) -> Callable[[Store], None]:
    def work(store: Store) -> None:
        for title in titles:
            store.groups.heard(f"cid{title}", title, NOW)

    return work


def titles(path: Path = DATABASE) -> set[str]:
    return change(lambda store: {group.title for group in store.groups.all()}, path)


def asides() -> list[Path]:
    return sorted(Path().glob("steward.db.before-restore-*"))


def no_link(*_: object) -> None:
    """As on a file system where no file has two names."""
    raise OSError(95, "not supported")


def took(store: Store, key: str) -> int:
    store.inbox.take([Arrival(key, "message", "cid", "{}", NOW)])
    return max(row.id for row in store.inbox.next_rows(NOW))


def queued(store: Store, text: str) -> int:
    return store.outbox.add(Draft("private", text, 1, NOW, recipients=("0001",)))


def states(table: str) -> dict[str, str]:
    column = {"inbox": "key", "outbox": "body"}[table]
    return change(lambda store: {row[0]: row[1] for row in store.database.rows(f"select {column}, state from {table}")})


def test_what_was_backed_up_comes_back_and_the_present_is_put_aside() -> None:
    change(heard("早"))
    copy(DATABASE, BACKUP)
    change(heard("晚"))
    before = BACKUP.read_bytes()
    result = run("backup.db", "--yes")
    assert result.exit_code == 0, result.output
    assert titles() == {"早"}
    [aside] = asides()
    assert titles(aside) == {"早", "晚"}
    assert BACKUP.read_bytes() == before, "the backup itself is only read"
    [line] = result.stdout.splitlines()
    assert "群 1" in line
    assert aside.name in result.stderr
    assert change(lambda store: [(e.actor, e.action, e.subject) for e in store.audit.latest(1)]) == [
        ("cli", "restore", "backup.db")
    ]
    if os.name == "posix":
        assert DATABASE.stat().st_mode & 0o777 == 0o600
    assert not list(Path().glob("steward.db.[rp]*"))


def test_it_asks_first_and_takes_no_for_an_answer() -> None:
    change(heard("早"))
    copy(DATABASE, BACKUP)
    change(heard("晚"))
    for answer, says in (("n\n", "什么都没有改"), ("\n", "什么都没有改"), (None, "--yes")):
        result = run("backup.db", answer=answer)
        assert result.exit_code == 2
        assert says in result.stderr
        assert titles() == {"早", "晚"}
    assert asides() == []
    result = run("backup.db", answer="y\n")
    assert result.exit_code == 0
    assert "before-restore" in result.stderr
    assert titles() == {"早"}


def test_times_are_told_in_the_configured_zone() -> None:
    change(lambda store: took(store, "message:1"))
    copy(DATABASE, BACKUP)
    assert "最近 / newest 2026-11-25 09:30" in run("backup.db", "--yes").stdout


def test_on_a_new_machine_there_is_nothing_to_ask() -> None:
    change(heard("早"), BACKUP)
    assert run("backup.db").exit_code == 0
    assert titles() == {"早"}
    assert asides() == []


def test_while_the_bot_runs_nothing_is_touched() -> None:
    change(heard("早"))
    copy(DATABASE, BACKUP)
    lock = ProcessLock(DATABASE)
    try:
        result = run("backup.db", "--yes")
    finally:
        lock.release()
    assert result.exit_code == 2
    assert "请先结束它" in result.stderr
    assert asides() == []


def test_while_another_command_has_it_open_nothing_is_touched() -> None:
    change(heard("早"))
    copy(DATABASE, BACKUP)
    with Database(DATABASE):
        result = run("backup.db", "--yes")
    assert result.exit_code == 2
    assert "打开着" in result.stderr
    assert asides() == []
    assert run("backup.db", "--yes").exit_code == 0


def _text() -> None:
    BACKUP.write_text("no database at all", encoding="utf-8")


def _damaged() -> None:
    change(heard(*(f"{'群' * 50}{n}" for n in range(500))), BACKUP)
    data = bytearray(BACKUP.read_bytes())
    data[20 * 4096 : 40 * 4096] = os.urandom(20 * 4096)
    BACKUP.write_bytes(data)


def _newer() -> None:
    change(heard("早"), BACKUP)
    with closing(sqlite3.connect(BACKUP, isolation_level=None)) as connection:
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('steward', 'm999_later', '')"
        )


def _nothing() -> None:
    pass


def _folder() -> None:
    BACKUP.mkdir()


def test_what_is_no_file_is_said_plainly() -> None:
    change(heard("早"))
    Path("folder").mkdir()
    for typed, says in (("none.db", "没有这个文件"), (".", "不是文件"), ("..", "不是文件"), ("folder", "不是文件")):
        result = run(typed, "--yes")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"{typed}：{says}")
    assert titles() == {"早"}


@pytest.mark.parametrize("make", [_text, _damaged, _newer, _nothing, _folder])
def test_a_file_that_is_no_good_backup_changes_nothing(make: Callable[[], None]) -> None:
    change(heard("早"))
    make()
    result = run("backup.db", "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("backup.db")
    assert len(result.stderr.splitlines()) == 1
    assert titles() == {"早"}
    assert asides() == []
    assert not list(Path().glob("steward.db.[rp]*"))


def test_the_present_database_is_no_backup_of_itself() -> None:
    change(heard("早"))
    assert run("steward.db", "--yes").exit_code == 2
    assert titles() == {"早"}


def test_a_plain_copy_with_its_log_beside_it_is_taken_whole() -> None:
    """As people made them who copied `steward.db` and `steward.db-wal` of a bot that had been killed."""
    with Database(DATABASE) as database:
        with database.transaction():
            Store(database).groups.heard("cid早", "早", NOW)
        shutil.copy(DATABASE, BACKUP)
        shutil.copy("steward.db-wal", "backup.db-wal")
    change(heard("晚"))
    before = Path("backup.db-wal").read_bytes()
    assert before
    assert run("backup.db", "--yes").exit_code == 0
    assert titles() == {"早"}
    assert Path("backup.db-wal").read_bytes() == before


def test_an_older_backup_is_brought_up_to_date() -> None:
    change(heard("早"), BACKUP)
    with closing(sqlite3.connect(BACKUP, isolation_level=None)) as connection:
        connection.execute("drop table probes")
        connection.execute("drop table gaps")
        connection.execute("drop table presence")
        connection.execute("drop table calls")
        connection.execute("create table quota (month text, api text, calls integer) strict")
        connection.execute("delete from _sqlite_migrations where name = 'm008_operation'")
    change(heard("晚"))
    assert run("backup.db", "--yes").exit_code == 0
    assert titles() == {"早"}
    assert change(lambda store: store.quota.total("2026-11")) == 0


def test_a_damaged_present_is_put_aside_whole_and_does_not_spoil_the_new_one() -> None:
    change(heard("早"), BACKUP)
    DATABASE.write_text("damaged" * 1000, encoding="utf-8")
    Path("steward.db-wal").write_text("a log of the damaged one", encoding="utf-8")
    result = run("backup.db", "--yes")
    assert result.exit_code == 0
    assert "读不了" in result.stderr
    assert titles() == {"早"}
    aside, log = asides()
    assert aside.read_text(encoding="utf-8") == "damaged" * 1000
    assert log.name == f"{aside.name}-wal"


def test_what_came_since_is_not_answered_again_and_what_is_unknown_is_parked() -> None:
    def at_backup(store: Store) -> None:
        for key in ("message:answered since", "message:unknown"):
            took(store, key)
        for text in ("sent since", "unknown", "caught"):
            queued(store, text)
        store.database.execute("update outbox set state = 'sending' where body = 'caught'")

    change(at_backup)
    copy(DATABASE, BACKUP)

    def since(store: Store) -> None:
        rows = {row.key: row.id for row in store.inbox.next_rows(NOW)}
        store.inbox.done(rows["message:answered since"], NOW + DAY)
        store.inbox.done(took(store, "message:new"), NOW + DAY)
        store.database.execute("update outbox set state = 'sent', sent_at = 'x' where body = 'sent since'")
        for table, column in (("inbox", "key"), ("outbox", "body")):
            store.database.execute(f"delete from {table} where {column} like '%unknown'")  # purged, say

    change(since)
    result = run("backup.db", "--yes")
    assert result.exit_code == 0
    assert states("inbox") == {
        "message:answered since": "done",
        "message:unknown": "parked",
        "message:new": "done",
    }
    assert states("outbox") == {"sent since": "sent", "unknown": "parked", "caught": "parked"}
    assert {row.error_code for row in change(lambda store: store.outbox.parked())} == {"restored"}
    assert "搁置" in result.stderr
    again = change(lambda store: store.inbox.take([Arrival("message:new", "message", "cid", "{}", NOW)]))
    assert [taken.is_new for taken in again] == [False], "DingTalk delivers it again: it is known"


def test_what_is_open_in_both_is_done_and_what_came_since_and_is_open_is_not_lost() -> None:
    """The bot was ended in the middle of things: nobody else can have done them."""

    def at_backup(store: Store) -> None:
        took(store, "message:open in both")
        queued(store, "queued in both")

    def since(store: Store) -> None:
        took(store, "message:came since")
        store.inbox.park(took(store, "message:parked since"), "broken", NOW)
        store.outbox.add(Draft("reply", "answer since", 0, NOW, conversation="cid", webhook="https://x"))
        queued(store, "reminder since")

    change(at_backup)
    copy(DATABASE, BACKUP)
    change(since)
    result = run("backup.db", "--yes")
    assert result.exit_code == 0
    assert "搁置" not in result.stderr
    assert states("inbox") == {
        "message:open in both": "new",
        "message:came since": "new",
        "message:parked since": "parked",
    }
    assert states("outbox") == {"queued in both": "queued", "answer since": "queued"}
    rows = change(lambda store: store.inbox.next_rows(NOW))
    assert [(row.key, row.body) for row in rows] == [("message:open in both", "{}"), ("message:came since", "{}")]


def test_with_send_queued_what_was_open_is_done_except_what_is_known_to_have_been() -> None:
    change(lambda store: (took(store, "message:a"), took(store, "message:b"), queued(store, "x"), queued(store, "y")))
    copy(DATABASE, BACKUP)
    change(lambda store: store.database.execute("update inbox set state = 'done' where key = 'message:a'"))
    change(lambda store: store.database.execute("update outbox set state = 'sent' where body = 'x'"))
    assert run("backup.db", "--yes", "--send-queued").exit_code == 0
    assert states("inbox") == {"message:a": "done", "message:b": "new"}
    assert states("outbox") == {"x": "sent", "y": "queued"}


def test_another_row_with_the_same_number_is_not_taken_for_the_one_in_the_backup() -> None:
    """The bot ran with a new, empty database for a while: its first message out is not our first."""
    change(lambda store: queued(store, "ours"), BACKUP)
    change(lambda store: store.outbox.sent(queued(store, "another"), NOW))
    assert run("backup.db", "--yes").exit_code == 0
    assert states("outbox") == {"ours": "parked"}


@pytest.mark.parametrize(("fired", "expected"), [(NOW + DAY, NOW + 30 * DAY), (None, NOW)])
def test_a_schedule_that_fired_since_does_not_fire_again_and_another_does_late(
    fired: datetime | None, expected: datetime
) -> None:
    change(lambda store: store.schedules.put(ScheduleRow("monthly", "when", NOW - 30 * DAY, NOW)))
    copy(DATABASE, BACKUP)
    change(lambda store: store.schedules.put(ScheduleRow("monthly", "when", fired, NOW + 30 * DAY)))
    assert run("backup.db", "--yes").exit_code == 0
    row = change(lambda store: store.schedules.get("monthly"))
    assert row is not None
    assert row.next_fire_at == expected


def test_calls_since_the_backup_stay_counted() -> None:
    day = date(2026, 11, 25)
    change(lambda store: store.quota.count(day, "robot/groupMessages/send", 3))
    copy(DATABASE, BACKUP)
    change(lambda store: store.quota.count(day, "robot/groupMessages/send", 4))
    change(lambda store: store.quota.tell("2026-11", "calls", 2, NOW))
    assert run("backup.db", "--yes").exit_code == 0
    assert change(lambda store: (store.quota.total("2026-11"), store.quota.told("2026-11", "calls"))) == (7, 2)


def presence(beat_at: datetime) -> Presence:
    return Presence(NOW - DAY, beat_at, "0.1.0", "host", 1, 2, 2, heard_at=beat_at)


def test_silences_are_counted_from_when_the_bot_was_last_heard_of_not_from_the_backup(tmp_path: Path) -> None:
    def at_backup(store: Store) -> None:
        store.presence.put(presence(NOW))
        store.database.execute("insert into gaps (began_at, reason) values (?, 'offline')", (to_text(NOW),))

    def since(store: Store) -> None:
        store.presence.put(presence(NOW + DAY))
        store.database.execute("update gaps set ended_at = ?, told_at = ?", (to_text(NOW + DAY), to_text(NOW + DAY)))

    def told(store: Store) -> tuple[object, ...]:
        found = store.presence.get()
        gaps = store.database.rows("select ended_at is not null, told_at is not null from gaps")
        return (None if found is None else found.beat_at, [tuple(row) for row in gaps])

    change(at_backup)
    copy(DATABASE, BACKUP)
    change(since)
    assert run("backup.db", "--yes").exit_code == 0
    assert change(told) == (NOW + DAY, [(1, 1)])
    DATABASE.write_text("damaged" * 1000, encoding="utf-8")
    assert run("backup.db", "--yes").exit_code == 0
    assert change(told) == (None, []), "nobody knows whether it heard since"
    DATABASE.unlink()
    assert run("backup.db", "--yes", "--send-queued").exit_code == 0
    assert change(told) == (NOW, [(0, 0)]), "it has not run since: the silence is real"


@pytest.mark.parametrize("has_links", [True, False])
def test_a_file_that_cannot_be_put_in_place_leaves_the_present_one_there(
    has_links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program holds the file on Windows, say; and there are disks on which no file has two names."""
    change(heard("早"))
    copy(DATABASE, BACKUP)
    change(heard("晚"))
    replace = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "steward.db.restoring":
            raise PermissionError(13, "in use")
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        if not has_links:
            patch.setattr(os, "link", no_link)
        result = run("backup.db", "--yes")
    assert result.exit_code == 2
    assert "没有动" in result.stderr
    assert titles() == {"早", "晚"}


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("is_done_first", [True, False])
@pytest.mark.parametrize("has_links", [True, False])
def test_wherever_it_is_killed_there_is_a_whole_database(
    has_links: bool, is_done_first: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before or after each step that touches files: the old or the new one, and never an empty one by accident.

    Where no file has two names there is one moment without: then the old one stands under its new name.
    """
    outcomes = []
    for step in range(1, 50):
        folder = tmp_path / str(step)
        folder.mkdir()
        monkeypatch.chdir(folder)
        change(heard("早"))
        copy(DATABASE, BACKUP)
        change(heard("晚"))
        passed = 0

        def killing(original: Callable[..., T], last: int) -> Callable[..., T]:
            def call(*arguments: object, **named: object) -> T:
                nonlocal passed
                passed += 1
                if passed == last and not is_done_first:
                    raise Killed
                result = original(*arguments, **named)
                if passed == last:
                    raise Killed
                return result

            return call

        with monkeypatch.context() as patch:
            for owner, name in ((os, "link"), (os, "fsync"), (Path, "replace")):
                patch.setattr(owner, name, killing(getattr(owner, name), step))
            if not has_links:
                patch.setattr(os, "link", no_link)
            try:
                result = CliRunner().invoke(main, ["restore", "backup.db", "--yes"])
                is_killed = isinstance(result.exception, Killed)
            except Killed:
                is_killed = True
        if DATABASE.exists():
            outcomes.append(tuple(sorted(titles())))
        else:
            [aside] = asides()
            assert not has_links
            outcomes.append(tuple(sorted(titles(aside))))
        if not is_killed:
            break
    assert len(outcomes) > 3
    assert set(outcomes) == {("早",), tuple(sorted(("早", "晚")))}
    assert outcomes == sorted(outcomes, key=len, reverse=True), "once the new one is there it stays"


def test_where_no_file_has_two_names_it_is_restored_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    change(heard("早"))
    copy(DATABASE, BACKUP)
    change(heard("晚"))

    monkeypatch.setattr(os, "link", no_link)
    assert run("backup.db", "--yes").exit_code == 0
    assert titles() == {"早"}
    assert [titles(aside) for aside in asides()] == [{"早", "晚"}]


@pytest.mark.parametrize("has_one", [True, False])
def test_what_root_restores_belongs_to_the_bots_user(has_one: bool) -> None:
    """To the owner of the database before, on a new machine to the folder's; nobody but root gives files away."""
    user = 12345 if os.name == "posix" and os.geteuid() == 0 else Path().stat().st_uid
    change(heard("早"), BACKUP)
    if has_one:
        change(heard("晚"))
    for path in (Path(), *([DATABASE] if has_one else [])):
        if path.stat().st_uid != user:
            os.chown(path, user, user)
    assert run("backup.db", "--yes").exit_code == 0
    assert {path.stat().st_uid for path in Path().glob("steward.db*")} == {user}
