"""`steward export --person` and `steward forget`, run as people run them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.clock import SystemClock
from handlers import persons
from handlers.person_columns import COLUMNS
from storage.database import Database
from storage.flags import Flag
from storage.person_traces import TRACES
from storage.staff import StaffFact
from storage.store import Store

DATABASE = Path("steward.db")
NOW = SystemClock().now()
HER = "0042"


@pytest.fixture(autouse=True)
def in_a_folder_where_she_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Database(DATABASE) as database, database.transaction():
        store = Store(database)
        store.staff.put(StaffFact(HER, "directory", "孙悦", "=教务处", "13812345678", title="科员"), NOW)
        for key, category in (("m1", "advertising"), ("m2", "secrecy")):
            store.flags.add(Flag(key, "r", category, "五.2", "remind", "mention", "cid", HER, "…代写…", NOW, "0043"))


def run(*arguments: str, answer: str | None = None) -> Result:
    result = CliRunner().invoke(main, [*arguments], input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def senders() -> list[str | None]:
    with Database(DATABASE) as database:
        return [flag.sender for flag in Store(database).flags.latest()]


def audited() -> list[tuple[str, str]]:
    with Database(DATABASE) as database:
        return [(entry.action, entry.subject) for entry in Store(database).audit.latest()]


def test_all_about_her_is_json_on_standard_output() -> None:
    result = run("export", "--person", HER)
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    held = {holding["what"]: holding["rows"] for holding in found["holdings"]}
    assert set(held) == {"人员资料", "内容提醒"}
    assert held["人员资料"][0]["mobile"] == "13812345678"
    assert "0043" not in result.stdout, "who reported her is protected"
    assert audited() == [("export person", HER)]


def test_a_zip_has_tables_that_spreadsheets_open_safely(tmp_path: Path) -> None:
    result = run("export", "--person", HER, "--output", "her.zip")
    assert result.exit_code == 0
    assert "人员资料 1 条 (staff_facts)" in result.stderr
    with zipfile.ZipFile(tmp_path / "her.zip") as archive:
        assert archive.namelist() == ["说明.txt", "data.json", "01 人员资料.csv", "02 内容提醒.csv"]
        table = list(csv.DictReader(io.StringIO(archive.read("01 人员资料.csv").decode("utf-8-sig"))))
        assert "内容提醒：2 条" in archive.read("说明.txt").decode("utf-8-sig")
    assert table[0]["姓名"] == "孙悦"
    assert table[0]["部门"] == "'=教务处"


def test_every_column_of_a_table_has_a_chinese_head() -> None:
    """Fails for a column that is new or no more: name it in handlers/person_columns.py."""
    shown: set[str] = set()
    with Database(":memory:") as database:
        for trace in TRACES:
            row = database.connection.execute(f"select {trace.shows} from {trace.table}")
            shown |= {column[0] for column in row.description} - set(trace.hidden)
    assert shown == set(COLUMNS)
    assert not [name for name in COLUMNS.values() if name.isascii()]


def test_an_unknown_person_and_an_unknown_form_are_said() -> None:
    assert "没有存过这个人的任何东西" in run("export", "--person", "nobody").stderr
    result = run("export", "--person", HER, "--output", "her.pdf")
    assert (result.exit_code, "以 .zip 或 .json 结尾" in result.stderr) == (2, True)
    assert run("export").exit_code == 2


def test_a_dry_run_says_what_would_happen_and_why() -> None:
    result = run("forget", HER, "--dry-run")
    assert result.exit_code == 0
    assert "人员资料：删除 / deleted 1" in result.stdout
    assert "内容提醒：匿名 / made anonymous 1，保留 / kept 1（次数留下" in result.stdout
    assert senders() == [HER, HER]


def test_forgetting_asks_and_does_nothing_without_a_yes() -> None:
    for answer, said in (("n\n", "什么都没有动"), (None, "没有人回答")):
        result = run("forget", HER, answer=answer)
        assert (result.exit_code, said in result.stderr) == (2, True)
    assert senders() == [HER, HER]
    assert audited() == []


def test_she_is_forgotten_and_the_audit_does_not_say_who() -> None:
    result = run("forget", HER, answer="y\n")
    assert result.exit_code == 0
    assert senders() == [HER, None], "secrecy is kept"
    ((action, subject),) = audited()
    assert action == "forget person"
    assert subject.startswith("已删除-")
    assert "人员资料" not in run("forget", HER, "--yes").stdout


def test_what_another_command_has_forgotten_meanwhile_is_counted_as_nothing() -> None:
    assert persons.summary([]) == "0 deleted, 0 anonymous, 0 kept"


def test_export_and_forget_in_one_go(tmp_path: Path) -> None:
    result = run("export", "--person", HER, "--output", "her.json", "--forget", "--yes")
    assert (result.exit_code, result.stdout) == (0, ""), "nothing mixes with JSON on standard output"
    assert "还在通讯录里" in result.stderr
    assert json.loads((tmp_path / "her.json").read_bytes())["person"] == HER
    assert senders() == [HER, None]


def test_without_a_database_there_is_nothing_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    for arguments in (("forget", HER), ("export", "--person", HER)):
        result = run(*arguments)
        assert (result.exit_code, "还没有数据库" in result.stderr) == (2, True)
    assert not DATABASE.exists()
