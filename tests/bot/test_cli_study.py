"""`steward study import` and `export`, run as the office runs them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from handlers.policy import shipped
from storage.database import Database
from storage.policies import Article, Document
from storage.quiz import Question
from storage.staff import StaffFact
from storage.store import Store
from storage.study import Position

NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)
TABLE = (
    "条款,题干,A,B,C,答案\n五.8,谁审核入群人员？,管理员,任何成员,不用,A\n五.7,群主由谁担任？,负责人,任何人,,答案 B\n"
)
TOML = """
[[question]]
article = "五.8"
document = "学院钉钉使用管理暂行办法（要点）"
stem = "谁审核入群人员？"
options = ["管理员", "任何成员"]
answer = "A"
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Database("steward.db") as database:
        shipped.install(Store(database).policies, NOW)


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, ["study", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.stdout == ""
    return result


def taken(name: str, text: str) -> Result:
    Path(name).write_text(text, encoding="utf-8")
    return run("import", name)


def ready() -> list[Question]:
    with Database("steward.db") as database:
        return Store(database).quiz.ready()


@pytest.mark.parametrize(("name", "text", "count"), [("q.csv", TABLE, 2), ("q.toml", TOML, 1)])
def test_questions_are_imported_once(name: str, text: str, count: int) -> None:
    result = taken(name, text)
    assert (result.exit_code, result.stderr.startswith(f"已导入 {count} 道题")) == (0, True)
    first = ready()[0]
    assert (first.document, first.article, first.answer, first.created_by) == (
        shipped.digest().title,
        "五.8",
        0,
        "cli",
    )
    assert "已导入 0 道题" in taken(name, text).stderr
    assert len(ready()) == count
    with Database("steward.db") as database:
        [_, entry] = Store(database).audit.latest()
    assert (entry.actor, entry.action, entry.subject) == ("cli", "study import", name)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("q.csv", TABLE.replace("五.7", "九.9"), "q.csv 第 3 行：没有「九.9」这一条"),
        ("q.csv", TABLE.replace("答案 B", "D"), "q.csv 第 3 行：最后写正确答案"),
        ("q.csv", TABLE.replace("任何成员", "13812345678"), "q.csv 第 2 行：题目里不要写手机号"),
        ("q.csv", "条款,题干\n五.8,谁？\n", "缺少列「A」"),
        ("q.toml", TOML.replace('"A"', "1"), "第 1 题：article、stem、answer 要写文字"),
        ("q.toml", TOML.replace('["管理员", "任何成员"]', '"管理员"'), "第 1 题：options 要写成列表"),
        ("q.toml", TOML.replace("answer", "right"), "第 1 题："),
        ("q.toml", TOML.replace("（要点）", "（没有）"), "没有「《学院钉钉使用管理暂行办法（没有）》五.8」这一条"),
        ("q.toml", "[question]\n", "没有 [[question]]"),
        ("q.toml", "[[question\n", "不是合格的 TOML"),
    ],
)
def test_with_one_mistake_nothing_is_imported_and_it_is_named(name: str, text: str, said: str) -> None:
    result = taken(name, text)
    assert result.exit_code == 2
    assert said in result.stderr
    assert ready() == []


def test_a_number_that_several_documents_have_needs_the_title() -> None:
    with Database("steward.db") as database:
        Store(database).policies.add(Document("用车办法"), [Article("五.8", "司机应当持证。")], NOW)
    assert "几份文件都有" in taken("q.csv", TABLE).stderr
    assert taken("q.toml", TOML).exit_code == 0


def test_a_file_that_is_not_there() -> None:
    assert run("import", "没有.csv").exit_code == run("import", "没有.toml").exit_code == 2


def a_year_of_study() -> None:
    """A post and a quiz; 钱多 has left before finishing, 孙悦 has a name that would be a formula."""
    with Database("steward.db") as database, database.transaction():
        store = Store(database)
        for staff_id, name, status in (
            ("sun", "=孙悦", "serving"),
            ("wang", "王建国", "serving"),
            ("qian", "钱多", "departed"),
        ):
            store.staff.put(StaffFact(staff_id, "personnel-file", name, "教务处", "13812345678", status=status), NOW)
        post = store.study.open_post("weekly", "教务处", Position("办法", "五.8"), "schedule", NOW)
        store.study.give(post, "教务处", ("sun", "wang", "qian"))
        store.study.done(post, "sun", NOW)
        number = store.quiz.add(Question("办法", "五.8", "谁审核？", ("管理员", "群主"), 0), "admin", NOW)
        quiz = store.study.open_quiz([number], "admin", NOW)
        store.study.give(quiz, "教务处", ("sun", "wang"))
        store.quiz.answer(quiz, number, "sun", NOW, is_right=True)
        store.study.done(quiz, "sun", NOW)


def rows(sheet: str, path: str = "台账.xlsx") -> list[tuple[object, ...]]:
    return [tuple(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def test_the_export_has_counts_people_and_questions_and_nobodys_results() -> None:
    a_year_of_study()
    result = run("export", "台账.xlsx")
    assert result.exit_code == 0, result.stderr
    opened_at = datetime(2026, 11, 30, 9)  # noqa: DTZ001 - a cell has no zone
    assert rows("部门进度")[1:] == [
        (1, "学习", "办法", "五.8", "教务处", opened_at, "进行中", 2, 1, 50),
        (2, "测验", None, None, "教务处", opened_at, "进行中", 2, 1, 50),
    ]
    people = rows("人员明细")
    assert people[1:4] == [
        (1, "学习", "办法", "五.8", "教务处", "qian", "钱多", "离职", "否", None, 0),
        (1, "学习", "办法", "五.8", "教务处", "sun", "=孙悦", "在职", "是", opened_at, 0),
        (1, "学习", "办法", "五.8", "教务处", "wang", "王建国", "在职", "否", None, 0),
    ]
    assert rows("题目")[1] == (2, 1, "办法", "五.8", "谁审核？", 1, None)  # one answer would name who gave it
    text = str([row for sheet in ("部门进度", "人员明细", "题目") for row in rows(sheet)])
    assert "对" not in text.replace("首次答对比例", "")
    assert "13812345678" not in text
    with Database("steward.db") as database:
        entry = Store(database).audit.latest(1)[0]
    assert (entry.actor, entry.action, entry.subject) == ("cli", "study export", "台账.xlsx")


def test_the_share_of_right_answers_stands_where_enough_answered() -> None:
    a_year_of_study()
    with Database("steward.db") as database, database.transaction():
        for number in range(4):
            Store(database).quiz.answer(2, 1, f"p{number}", NOW, is_right=number < 2)
    run("export", "台账.xlsx")
    assert rows("题目")[1][-2:] == (5, 60)


def test_counts_only_and_since() -> None:
    a_year_of_study()
    assert run("export", "--counts-only", "台账.xlsx").exit_code == 0
    assert openpyxl.load_workbook("台账.xlsx").sheetnames == ["部门进度", "题目"]
    assert run("export", "--since", "2026-12-01", "台账.xlsx").exit_code == 0
    assert len(rows("部门进度")) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "台账.csv"), "请以 .xlsx 结尾"),
        (("export", "--since", "去年", "台账.xlsx"), "不是日期"),
        (("export", "没有/台账.xlsx"), "写不了"),
    ],
)
def test_what_cannot_be_exported(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
