"""`steward policy questions`, run as people run it: out to a table, and back with more."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from storage.article_questions import ArticleQuestion
from storage.database import Database
from storage.store import Store

TITLE = "学院钉钉使用管理暂行办法（要点）"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["policy", "questions", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.stdout == ""
    return result


def written(*rows: str) -> str:
    Path("in.csv").write_text("\n".join(("文件,条款,问法", *rows)), encoding="utf-8")
    return "in.csv"


def stored(number: str) -> list[ArticleQuestion]:
    with Database("steward.db") as database:
        store = Store(database)
        return store.article_questions.of(store.policies.documents()[0].id, number)


def test_out_and_back_changes_nothing() -> None:
    assert run("export", "out.csv").exit_code == 0
    rows = list(csv.DictReader(Path("out.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert sum(row["条款"] == "五.8" for row in rows) == len(stored("五.8")) > 10
    assert {row["文件"] for row in rows} == {TITLE}
    result = run("import", "out.csv")
    assert result.exit_code == 0 and "已加 0 个问法" in result.stderr


def test_new_ones_are_added_and_say_where_they_come_from() -> None:
    run("export", "out.csv")
    before = stored("五.8")
    file = written(f"{TITLE},五.8,发票丢了群主赔吗", ",五.8,“电话13812345678打得通吗”", f"{TITLE},五.9,")
    assert "会加 2 个问法" in run("import", "--dry-run", file).stderr
    assert stored("五.8") == before
    assert "已加 2 个问法" in run("import", file).stderr
    new = stored("五.8")[len(before) :]
    assert [(one.source, one.added_by) for one in new] == [("import", "cli")] * 2
    assert not any("13812345678" in one.question for one in new)
    assert "已加 0 个问法，2 个不用再加" in run("import", file).stderr


def test_what_another_article_has_is_left_out() -> None:
    file = written("要点,五.8,发票丢了群主赔吗", "要点,五.9,发票丢了群主赔吗？")
    result = run("import", file)
    assert "已加 1 个问法，1 个不用再加" in result.stderr and f"已经在《{TITLE}》五.8" in result.stderr


def test_a_workbook_with_several_in_a_cell() -> None:
    book = openpyxl.Workbook()
    for row in (("条款", "问法"), ("五.8", "发票丢了群主赔吗\n车票丢了群主赔吗")):
        book.worksheets[0].append(row)
    book.save("in.xlsx")
    assert "已加 2 个问法" in run("import", "in.xlsx").stderr


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("没有,五.8,问", "里没有「五.8」这一条"),
        (",九.9,问", "里没有「九.9」这一条"),
        (",五.8,？？", "问题是空的"),
        (",五.8," + "长" * 121, "问题太长"),
    ],
)
def test_with_anything_wrong_nothing_is_changed(row: str, wrong: str) -> None:
    run("export", "out.csv")
    before = stored("五.8")
    result = run("import", written(",五.8,发票丢了群主赔吗", row))
    assert result.exit_code == 2
    assert wrong in result.stderr and "第 3 行" in result.stderr and "什么都没有改" in result.stderr
    assert stored("五.8") == before


def test_too_many_for_one_article() -> None:
    result = run("import", written(*(f",五.8,发票丢到第{number}号楼了吗" for number in range(100))))
    assert result.exit_code == 2 and "最多 100 个" in result.stderr


def test_other_files() -> None:
    assert "要以 .csv 结尾" in run("export", "out.txt").stderr
    Path("in.txt").write_text("x", encoding="utf-8")
    assert "只认" in run("import", "in.txt").stderr
    assert run("import", "none.csv").exit_code == 2
