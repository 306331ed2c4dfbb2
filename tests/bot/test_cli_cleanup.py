"""`steward cleanup findings`, run as people and programs run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from storage.database import Database

STAFF = """工号,姓名,部门,状态,日期
boss,王建国,教务处,在职,
clerk,孙悦,教务处/教学科,在职,
old,赵退,教务处,退休,2026-06-30
gone,钱离,教务处,离职,
away,罗调,教务处,调离,
other,黎转,学生处,在职,
stud,方学,软件2301班,学生,
later,周迟,教务处,退休,2099-01-01
li1,李明,教务处,在职,
li2,李明,学生处,在职,
"""
GROUPS = """群ID,群名,类型,部门,群主,管理员
cidA,教务处群,部门群,教务处,boss,clerk
cidB,软件班,班级群,软件2301班,boss,clerk
cidC,校企群,外部群,教务处,boss,clerk
cidD,后勤群,部门群,后勤处,old,
cidE,没登记的群,,,,
"""
MEMBERS = """群ID,工号,姓名
cidA,boss,王建国
cidA,old,赵退
cidA,gone,钱离
cidA,away,罗调
cidA,other,黎转
cidA,stud,方学
cidA,later,周迟
cidA,,李明
cidA,,外人 13811112222
cidA,clerk,悦悦
cidB,stud,方学
cidB,,子涵妈妈
cidB,,赵退
cidC,,客人
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def fill() -> None:
    for what, text in (("staff", STAFF), ("groups", GROUPS), ("members", MEMBERS)):
        Path(f"{what}.csv").write_text(text, encoding="utf-8")
        assert run("import", what, f"{what}.csv").exit_code == 0


def found(*options: str) -> list[dict[str, str | None]]:
    result = run("cleanup", "findings", "--json", *options)
    assert result.exit_code == 1
    assert result.stderr == ""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_finding_is_one_json_line_in_the_promised_form() -> None:
    fill()
    lines = found()
    assert all(
        list(line) == ["group", "kind", "member", "reason", "article", "recommendation", "source"] for line in lines
    )
    assert {(line["group"], line["member"], line["reason"], line["article"]) for line in lines} == {
        ("cidA", "old", "retired", "二.6.(二)"),
        ("cidA", "gone", "departed", "二.6.(一)"),
        ("cidA", "away", "moved", "二.6.(四)"),
        ("cidA", "other", "moved", "二.5"),
        ("cidA", "stud", "not-serving", "五.8"),
        ("cidA", "李明", "unknown-person", "五.8"),
        ("cidA", "外人 138******22", "unknown-person", "五.8"),
        ("cidA", "clerk", "name-form", "二.3"),
        ("cidB", "old", "retired", "二.6.(二)"),
        ("cidD", None, "owner-gone", "五.7"),
        ("cidD", None, "no-admin", "五.7"),
        ("cidE", None, "unregistered", "五.5"),
    }
    assert {line["kind"] for line in lines if line["group"] == "cidA"} == {"department"}
    assert {line["kind"] for line in lines if line["group"] == "cidE"} == {None}
    assert {line["source"] for line in lines if line["member"]} == {"file"}


def test_a_pasted_name_comes_back_as_it_was_written() -> None:
    """It used to lose its spaces on the way in."""
    fill()
    Path("again.csv").write_text("群ID,工号,姓名\ncidA,,启明公司 老卢\ncidA,,孙 悦\n", encoding="utf-8")
    run("import", "members", "again.csv")
    unknown = [one["member"] for one in found("--group", "cidA") if one["reason"] == "unknown-person"]
    assert unknown == ["启明公司 老卢"], "and a name with a space in it is still known"


def test_one_group_alone() -> None:
    fill()
    assert {line["group"] for line in found("--group", "cidB")} == {"cidB"}
    clean = run("cleanup", "findings", "--json", "--group", "cidC")
    assert (clean.exit_code, clean.stdout) == (0, "")


def test_a_group_that_there_is_not_is_bad_input() -> None:
    fill()
    result = run("cleanup", "findings", "--json", "--group", "cidX")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "没有 cidX 这个群" in result.stderr


def test_for_people_each_finding_is_a_line_in_words() -> None:
    fill()
    result = run("cleanup", "findings", "--group", "cidA")
    assert result.exit_code == 1
    assert "教务处群：赵退 已退休（2026-06-30 起） [二.6.(二)] 请移出本群" in result.stdout.splitlines()
    assert "13811112222" not in result.stdout
    about_the_group = run("cleanup", "findings", "--group", "cidE")
    assert "没登记的群：本群 还没有登记 [五.5]" in about_the_group.stdout


def test_nothing_known_and_nothing_wrong_end_with_zero() -> None:
    empty = run("cleanup", "findings")
    assert (empty.exit_code, empty.stdout) == (0, "")
    assert "还没有群" in empty.stderr
    Path("groups.csv").write_text("群ID,群名,类型\ncidC,校企群,外部群\n", encoding="utf-8")
    run("import", "groups", "groups.csv")
    clean = run("cleanup", "findings")
    assert (clean.exit_code, clean.stdout) == (0, "")
    assert "没有发现问题" in clean.stderr


def test_looking_changes_nothing() -> None:
    fill()
    assert found() == found()


def test_a_database_of_a_newer_steward_is_refused_in_one_line() -> None:
    with Database("steward.db") as database:
        database.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('steward', 'm999', '')"
        )
    result = run("cleanup", "findings", "--json")
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert "m999" in result.stderr
