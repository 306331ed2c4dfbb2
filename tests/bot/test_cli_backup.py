"""`steward backup`, run as people run it."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from storage.database import Database
from storage.store import Store

NAME = re.compile(r"steward-\d{8}-\d{6}\.db")


@pytest.fixture(autouse=True)
def in_a_folder_with_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Database("steward.db") as database, database.transaction():
        Store(database).groups.heard("cidA", "教务处群", datetime(2026, 11, 25, tzinfo=UTC))


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["backup", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_without_a_word_it_goes_to_a_private_folder_beside_the_database_named_by_the_time() -> None:
    result = run()
    [copy] = Path("backups").iterdir()
    assert NAME.fullmatch(copy.name)
    assert (result.exit_code, result.stderr) == (0, "")
    [line] = result.stdout.splitlines()
    assert str(copy) in line
    assert "群 1" in line
    if os.name == "posix":
        assert Path("backups").stat().st_mode & 0o777 == 0o700
        assert copy.stat().st_mode & 0o777 == 0o600
    with Database(copy) as database:
        assert [group.title for group in Store(database).groups.all()] == ["教务处群"]


def test_what_root_backs_up_belongs_to_the_bots_user() -> None:
    """Or the bot's user could neither add to the folder nor delete from it; nobody but root gives files away."""
    user = 12345 if os.name == "posix" and os.geteuid() == 0 else Path().stat().st_uid
    for path in (Path(), Path("steward.db")):
        if path.stat().st_uid != user:
            os.chown(path, user, user)
    assert run().exit_code == 0
    [copy] = Path("backups").iterdir()
    assert (Path("backups").stat().st_uid, copy.stat().st_uid) == (user, user)


def test_without_a_database_no_folder_is_made() -> None:
    Path("steward.db").unlink()
    for target in ((), ("new/folder",)):
        result = run(*target)
        assert (result.exit_code, "还没有数据库" in result.stderr) == (2, True)
    assert list(Path().glob("*")) == []


@pytest.mark.parametrize("target", ["copy.db", "there/copy.sqlite"])
def test_a_file_gets_the_name_that_it_is_given(target: str) -> None:
    assert run(target).exit_code == 0
    assert Path(target).is_file()


@pytest.mark.parametrize("target", ["there", "new/folder"])
def test_a_folder_may_be_new(target: str) -> None:
    Path("there").mkdir()
    assert run(target).exit_code == 0
    assert [bool(NAME.fullmatch(path.name)) for path in Path(target).iterdir()] == [True]


def test_nothing_is_overwritten() -> None:
    Path("copy.db").write_text("mine", encoding="utf-8")
    result = run("copy.db")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "不覆盖" in result.stderr
    assert Path("copy.db").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made_is_one_line() -> None:
    Path("file").write_text("", encoding="utf-8")
    result = run("file/below")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    result = run()
    assert result.exit_code == 2
    assert "还没有数据库" in result.stderr
    assert not Path("steward.db").exists()


def test_keep_deletes_the_oldest_of_our_copies_and_nothing_else() -> None:
    folder = Path("backups")
    folder.mkdir()
    old = [f"steward-2026110{day}-030000.db" for day in range(1, 5)]
    others = [
        "steward-20261101-030000.db.txt",
        "other-20261101-030000.db",
        "steward-2026.db",
        "steward-a-20261101-030000.db",
    ]
    for name in (*old, *others):
        (folder / name).write_text("", encoding="utf-8")
    result = run("--keep", "3")
    assert result.exit_code == 0
    names = {path.name for path in folder.iterdir()}
    [new] = [name for name in names if name not in (*old, *others)]
    assert NAME.fullmatch(new)
    assert names == {new, *old[2:], *others}
    assert len(result.stdout.splitlines()) == 1
    assert [line.rpartition(" ")[2] for line in result.stderr.splitlines()] == [old[1], old[0]]


def test_keep_and_the_name_of_a_file_do_not_go_together() -> None:
    result = run("--keep", "3", "copy.db")
    assert result.exit_code == 2
    assert "--keep" in result.stderr
    assert not Path("copy.db").exists()


def test_an_older_copy_stays_where_there_is_no_new_one() -> None:
    Path("backups").mkdir()
    kept = Path("backups/steward-20261101-030000.db")
    kept.write_text("", encoding="utf-8")
    Path("steward.db").write_text("damaged", encoding="utf-8")
    assert run("--keep", "1").exit_code == 2
    assert kept.exists()


def test_what_a_killed_copy_left_behind_goes_when_it_is_a_day_old() -> None:
    folder = Path("backups")
    folder.mkdir()
    for name, hours in (("steward-20261101-030000.db.part", 25), ("steward-20261125-030000.db.part", 1)):
        (folder / name).write_text("", encoding="utf-8")
        then = datetime.now(UTC).timestamp() - hours * 3600
        os.utime(folder / name, (then, then))
    assert run().exit_code == 0
    assert len(list(folder.glob("*.part"))) == 2, "only with --keep is anything deleted"
    for made in folder.glob("*.db"):
        made.unlink()  # there may be only one within a second
    assert run("--keep", "9").exit_code == 0
    assert [path.name for path in folder.glob("*.part")] == ["steward-20261125-030000.db.part"]
