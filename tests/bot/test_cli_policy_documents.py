"""What `steward policy` says about an import, and the verbs that concern one document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main, policy
from handlers.policy.shipped import digest
from storage.database import Database
from storage.staff import StaffFact
from storage.store import Store
from tests.handlers.hall import MORNING
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST
from tests.handlers.policy.documents.test_overlaps import NET_TEXT


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cars.txt").write_text(CARS_TEXT, encoding="utf-8")
    (tmp_path / "newer.txt").write_text(CARS_TEXT.replace("2025年", "2026年"), encoding="utf-8")
    return tmp_path


def steward(*arguments: str, says: str | None = None) -> Result:
    return CliRunner().invoke(main, ["policy", *arguments], input=says, catch_exceptions=False)


def listed() -> list[tuple[str, int, bool]]:
    lines = steward("list", "--json").stdout.splitlines()
    return [(row["title"], row["version"], row["in_force"]) for row in map(json.loads, lines)]


def one(title: str, version: int = 1) -> dict[str, Any]:
    lines = [json.loads(line) for line in steward("list", "--json").stdout.splitlines()]
    return next(row for row in lines if (row["title"], row["version"]) == (title, version))


def test_the_date_in_the_text_counts_and_is_said() -> None:
    result = steward("import", "cars.txt")
    assert (
        "2025-03-01 起施行（正文写着「自2025年3月1日起施行」） / in force since 2025-03-01, as the text says"
        in result.stderr
    )
    assert one(CARS)["effective"] == "2025-03-01"
    assert steward("import", "cars.txt", "--effective", "2025-04-01").exit_code == 0
    assert one(CARS, 2)["effective"] == "2025-04-01"


def test_a_future_date_in_the_text_says_when_it_begins_and_how_to_begin_now(folder: Path) -> None:
    (folder / "later.txt").write_text(CARS_TEXT.replace("2025年", "2999年"), encoding="utf-8")
    result = steward("import", "later.txt")
    assert "2999-03-01 起施行（正文写着「自2999年3月1日起施行」），在那以前不按它作答" in result.stderr
    command = result.stderr.split("想现在就按它作答：steward policy ")[1].split(" / ")[0]
    assert listed() == [(CARS, 1, False), (DIGEST, 1, True)]
    assert steward(*command.split()).exit_code == 0
    assert listed() == [(CARS, 1, True), (DIGEST, 1, True)]


def test_overlaps_and_articles_that_need_questions_are_named(folder: Path) -> None:
    (folder / "net.txt").write_text(NET_TEXT, encoding="utf-8")
    result = steward("import", "net.txt")
    assert "⚠ 4 条和别的文件说到同一件事 / 4 articles speak of the same matter as others" in result.stderr
    assert f"  第四条 和《{DIGEST}》五.2（" in result.stderr
    text = "学院钉钉使用管理暂行办法\n一、总则\n"
    text += "".join(f"{n}．{digest().articles[n].text}\n" for n in (1, 2, 3)) + "4．餐具由后勤处采购。\n"
    (folder / "official.txt").write_text(text, encoding="utf-8")
    result = steward("import", "official.txt")
    assert "3 条编号和内容对得上，沿用了原来的常见问法 / 3 articles inherited their questions" in result.stderr
    assert "1 条还没有常见问法，需要补：一.4 / 1 articles need questions" in result.stderr


def test_a_script_hears_of_doubts_and_goes_on(folder: Path) -> None:
    (folder / "gap.txt").write_text(CARS_TEXT.replace("第四条", "第七条", 1), encoding="utf-8")
    result = steward("import", "gap.txt")
    assert (result.exit_code, result.stdout) == (0, "")
    assert any(line.startswith("⚠ ") for line in result.stderr.splitlines())
    assert "确定导入吗" not in result.stderr


def test_on_a_terminal_it_shows_what_it_found_and_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_is_terminal", lambda: True)
    result = steward("import", "cars.txt", says="n\n")
    assert result.exit_code == 2
    assert "第三条" in result.stderr
    assert "2025-03-01 起施行" in result.stderr
    assert "没有导入" in result.stderr
    assert listed() == [(DIGEST, 1, True)]
    assert steward("import", "cars.txt", says="y\n").exit_code == 0
    assert steward("import", "cars.txt", "--yes").exit_code == 0
    assert listed() == [(CARS, 2, True), (CARS, 1, False), (DIGEST, 1, True)]


def test_a_dry_run_changes_nothing() -> None:
    result = steward("import", "cars.txt", "--dry-run")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "第三条" in result.stderr
    assert listed() == [(DIGEST, 1, True)]


def test_an_old_version_is_told_from_a_new_one(folder: Path) -> None:
    steward("import", "newer.txt")
    result = steward("import", "cars.txt", "--dry-run")
    assert "比这一份还新；如果这是旧版本" in result.stderr
    assert "--until 2026-03-01" in result.stderr
    result = steward("import", "cars.txt", "--until", "2026-03-01")
    assert "2026-03-01 起停用" in result.stderr
    assert listed() == [(CARS, 2, False), (CARS, 1, True), (DIGEST, 1, True)]


def test_a_question_about_another_time_is_tried_in_the_versions_of_then(folder: Path) -> None:
    steward("import", "cars.txt")
    steward("import", "newer.txt", "--title", "学院用车办法", "--replace")
    found = json.loads(steward("test", "--json", "2025年时用车要提前几天申请").stdout)
    assert (found["question"], found["document"]) == ("2025年时用车要提前几天申请", CARS)
    found = json.loads(steward("test", "--json", "用车要提前几天申请").stdout)
    assert found["document"] == "学院用车办法"


def test_a_document_is_shown() -> None:
    steward("import", "cars.txt")
    result = steward("show", CARS)
    assert result.stdout.startswith(
        f"《{CARS}》第 1 版（2 号）：现行，2025 年 3 月 1 日起施行\n负责人 / owner：—　级别 / rank：学院\n"
    )
    assert "第三条" in result.stdout


def test_a_document_is_exported_and_imports_again(folder: Path) -> None:
    steward("import", "cars.txt")
    text = steward("export", "2").stdout
    assert text.startswith(f"# {CARS}\n")
    assert steward("export", CARS, "-o", "again.md").exit_code == 0
    assert (folder / "again.md").read_text(encoding="utf-8") == text
    result = steward("import", "again.md")
    assert f"已导入《{CARS}》第 2 版，6 条" in result.stderr
    with Database(folder / "steward.db") as database:
        policies = Store(database).policies
        before, after = policies.articles(2), policies.articles(3)
    assert [(a.number, a.text) for a in before] == [(a.number, a.text) for a in after]
    assert steward("export", CARS, "-o", "none/again.md").exit_code == 2


def test_the_digest_is_exported_whole() -> None:
    assert "谁建群谁负责" in steward("export", "1").stdout


def test_owner_rank_and_date_are_set(folder: Path) -> None:
    steward("import", "cars.txt")
    with Database(folder / "steward.db") as database, database.transaction():
        Store(database).staff.put(StaffFact("0012", "directory", "孙悦"), MORNING)
    result = steward("set", CARS, "--owner", "0012", "--rank", "上级文件", "--effective", "2026-01-01")
    assert result.stderr == f"已修改《{CARS}》第 1 版（2 号） / changed\n"
    found = one(CARS)
    assert (found["owner"], found["rank"], found["effective"]) == ("0012", "上级文件", "2026-01-01")
    assert "，上级文件，负责人 0012" in steward("list").stdout
    result = steward("set", "2", "--owner", "none", "--effective", "none")
    assert (one(CARS)["owner"], one(CARS)["effective"]) == (None, None)
    assert "通讯录里还没有 0099" in steward("set", "2", "--owner", "0099").stderr


def test_repealed_and_restored() -> None:
    steward("import", "cars.txt")
    steward("import", "newer.txt")
    assert steward("repeal", CARS, "--on", "2999-01-01").exit_code == 0
    assert listed()[0] == (CARS, 2, True)
    assert "恢复用 steward policy restore 3" in steward("repeal", CARS).stderr
    assert listed() == [(CARS, 2, False), (CARS, 1, False), (DIGEST, 1, True)]
    assert steward("restore", "3").exit_code == 0
    result = steward("restore", "2")
    assert (
        result.stderr
        == f"《{CARS}》第 1 版（2 号）恢复使用 / in force again\n《{CARS}》第 2 版（3 号）停用 / out of force\n"
    )
    assert listed() == [(CARS, 2, False), (CARS, 1, True), (DIGEST, 1, True)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "9"], "9：没有这份文件"),
        (["show", "学院"], "学院：有几份文件都像是"),
        (["set", "2"], "请写要改什么"),
        (["set", "2", "--rank", "最高"], "--rank 最高：可写 上级文件、学校、学院、部门"),
        (["set", "2", "--effective", "明年"], "--effective 明年：不是日期"),
        (["repeal", "2", "--on", "哪天"], "--on 哪天：不是日期"),
        (["restore", "2"], "没有停用"),
        (["import", "cars.txt", "--until", "x"], "--until x：不是日期"),
    ],
)
def test_bad_use_is_one_clear_line(arguments: list[str], said: str) -> None:
    steward("import", "cars.txt")
    before = steward("list", "--json").stdout
    result = steward(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert steward("list", "--json").stdout == before
