"""`steward import`, run as people run it: what is said where, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from storage.database import Database
from storage.store import Store

T = TypeVar("T")
STAFF = "工号,姓名,状态\n00012,赵一,退休\n00013,钱二,在职\n"
BAD_STAFF = "工号,姓名,状态\n00012,赵一,退休\n00013,钱二,出差\n,孙三,\n"
GROUPS = "群ID,群名,类型\ncidA,教务处群,部门群\n"
MEMBERS = "群ID,工号,姓名\ncidA,00012,赵一\n"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(what: str, text: str, *options: str) -> Result:
    Path("table.csv").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["import", what, *options, "table.csv"])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result


def looked_up(ask: Callable[[Store], T]) -> T:
    with Database("steward.db") as database:
        return ask(Store(database))


def test_good_files_are_taken_one_after_the_other() -> None:
    for what, text, rows in (("staff", STAFF, 2), ("groups", GROUPS, 1), ("members", MEMBERS, 1)):
        result = run(what, text)
        assert (result.exit_code, result.stderr) == (0, f"已导入 {rows} 行 / imported\n")
    assert looked_up(lambda store: store.staff.count()) == 2
    assert looked_up(lambda store: [member.staff_id for member in store.members.of("cidA")]) == ["00012"]
    entries = looked_up(lambda store: store.audit.latest())
    assert [(entry.actor, entry.action, entry.subject, entry.detail) for entry in reversed(entries)] == [
        ("cli", "import staff", "table.csv", "2 rows"),
        ("cli", "import groups", "table.csv", "1 rows"),
        ("cli", "import members", "table.csv", "1 rows"),
    ]


def test_with_bad_rows_nothing_changes_and_every_one_is_named() -> None:
    result = run("staff", BAD_STAFF)
    assert result.exit_code == 2
    first, second, last = result.stderr.splitlines()
    assert first.startswith("table.csv 第 3 行「状态」：认不出「出差」")
    assert second.startswith("table.csv 第 4 行「工号」：没有填")
    assert "有 2 处错误，什么都没有改" in last
    assert "--keep-good" in last
    assert "1 行" in last
    assert looked_up(lambda store: (store.staff.count(), store.audit.latest())) == (0, [])


def test_keep_good_takes_the_rest_and_says_what_it_left() -> None:
    result = run("staff", BAD_STAFF, "--keep-good")
    assert result.exit_code == 0
    assert [line.split("：")[0] for line in result.stderr.splitlines()] == [
        "table.csv 第 3 行「状态」",
        "table.csv 第 4 行「工号」",
        "已导入 1 行 / imported",
    ]
    assert looked_up(lambda store: [fact.staff_id for fact in store.staff.all_facts()]) == ["00012"]


@pytest.mark.parametrize(
    ("what", "text", "said"),
    [
        ("staff", "", "文件是空的"),
        ("staff", "工号,部门\n1,教务处\n", "缺少列「姓名」"),
        ("groups", "群ID\nx\n", "缺少列「群名」"),
        ("members", "群ID,备注\nx,y\n", "缺少列「工号」或「姓名」"),
        ("members", "群ID,工号\n", "只有表头"),
    ],
)
def test_what_is_no_such_table_is_one_line(what: str, text: str, said: str) -> None:
    result = run(what, text)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert said in result.stderr
    assert not Path("steward.db").exists()


def test_a_file_that_is_not_there_and_wrong_usage() -> None:
    runner = CliRunner()
    missing = runner.invoke(main, ["import", "staff", "nowhere.csv"])
    assert (missing.exit_code, len(missing.stderr.splitlines())) == (2, 1)
    assert runner.invoke(main, ["import", "staff"]).exit_code == 2
    assert runner.invoke(main, ["import", "people", "table.csv"]).exit_code == 2


def test_the_database_of_the_configuration_is_used() -> None:
    Path("college.toml").write_text('[storage]\npath = "data/college.db"\n', encoding="utf-8")
    assert run("staff", STAFF, "-c", "college.toml").exit_code == 0
    assert Path("data/college.db").exists()
    assert not Path("steward.db").exists()


def test_a_file_that_is_no_database_is_one_line() -> None:
    Path("steward.db").write_bytes(b"not a database at all" * 100)
    result = run("staff", STAFF)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_help_names_the_columns() -> None:
    for what, column in (("staff", "工号"), ("groups", "管理员"), ("members", "姓名")):
        result = CliRunner().invoke(main, ["import", what, "--help"])
        assert result.exit_code == 0
        assert column in result.output
