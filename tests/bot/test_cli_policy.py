"""`steward policy import|list|test`, run as people and programs run it, on a database in a folder of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from handlers.policy.shipped import digest
from storage.database import Database
from storage.store import Store
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cars.txt").write_text(CARS_TEXT, encoding="utf-8")
    return tmp_path


def steward(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["policy", *arguments], catch_exceptions=False)


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return [json.loads(line) for line in result.stdout.splitlines()]


def questions(folder: Path, *asked: str) -> str:
    file = folder / "asked.jsonl"
    file.write_text(
        "".join(json.dumps({"question": one}, ensure_ascii=False) + "\n\n" for one in asked), encoding="utf-8"
    )
    return str(file)


def test_a_fresh_folder_has_the_digest(folder: Path) -> None:
    assert rows(steward("list", "--json")) == [
        {
            "title": DIGEST,
            "version": 1,
            "in_force": True,
            "effective": "2023-11-28",
            "repealed": None,
            "digest": True,
            "articles": 50,
            "source": "digest.md",
            "id": 1,
            "owner": None,
            "rank": "学院",
            "superseded_by": None,
        }
    ]
    assert (folder / "steward.db").exists()


def test_questions_from_a_file(folder: Path) -> None:
    file = questions(folder, "退休的老师还要留在群里吗", "今天天气怎么样", "", "二.6.（三）", "qwxyz")
    answered, refused, empty, named, strange = rows(steward("test", "--json", file))
    assert list(answered) == ["question", "answered", "document", "articles", "score"]
    assert answered["question"] == "退休的老师还要留在群里吗"
    assert (answered["answered"], answered["document"]) == (True, DIGEST)
    assert answered["articles"] == ["五.8", "二.6.(二)", "二.6"]
    assert answered["score"] > 0.5
    assert refused["answered"] is False
    assert len(refused["articles"]) == 3
    assert refused["score"] < 0.5
    assert (named["answered"], named["articles"], named["score"]) == (True, ["二.6.(三)"], 1.0)
    for nothing in (empty, strange):
        assert (nothing["answered"], nothing["document"], nothing["articles"], nothing["score"]) == (
            False,
            None,
            [],
            0.0,
        )


def test_every_article_by_its_number(folder: Path) -> None:
    numbers = [article.number for article in digest().articles[1:]]
    assert [row["articles"] for row in rows(steward("test", "--json", questions(folder, *numbers)))] == [
        [n] for n in numbers
    ]


def test_one_question_on_the_command_line() -> None:
    [row] = rows(steward("test", "--json", "群主谁来当"))
    assert row["articles"][0] == "五.7"
    line = steward("test", "群主谁来当").stdout
    assert line.startswith("作答\t群主谁来当\t五.7（")
    assert steward("test", "今天天气怎么样").stdout.startswith("不作答\t")
    assert steward("test", "退休" * 2000).exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"question": "a"}\n{"question": \n', "第 2 行：不是 JSON"),
        (b'{"ask": "a"}\n', '第 1 行：要写 {"question"'),
        (b'{"question": 3}\n', '第 1 行：要写 {"question"'),
        (b'["question"]\n', '第 1 行：要写 {"question"'),
        (b"\xff\xfe", "第 1 行：不是 UTF-8 编码"),
        (None, "读不到"),
    ],
)
def test_a_bad_file_of_questions_is_one_clear_line(folder: Path, content: bytes | None, said: str) -> None:
    file = folder / "bad.jsonl"
    if content is not None:
        file.write_bytes(content)
    result = steward("test", "--json", str(file))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert str(file) in result.stderr


def test_importing_a_second_regulation(folder: Path) -> None:
    result = steward("import", "cars.txt", "--effective", "2025-03-01")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"已导入《{CARS}》第 1 版，6 条 / imported, version 1, 6 articles\n"
    assert [(row["title"], row["in_force"]) for row in rows(steward("list", "--json"))] == [
        (CARS, True),
        (DIGEST, True),
    ]
    [row] = rows(steward("test", "--json", "司机违章罚款谁出"))
    assert (row["answered"], row["document"], row["articles"][0]) == (True, CARS, "第五条")
    with Database(folder / "steward.db") as database:
        [entry] = Store(database).audit.latest()
    assert (entry.actor, entry.action, entry.subject) == ("cli", "policy import", CARS)
    assert entry.detail == "version 1, 6 articles, 0 inherited"


def test_importing_a_new_version_and_one_of_the_future() -> None:
    steward("import", "cars.txt")
    again = steward("import", "cars.txt")
    assert "取代《学院公务用车管理规定》第 1 版" in again.stderr
    later = steward("import", "cars.txt", "--effective", "2999-01-01")
    assert "2999-01-01 起施行，在那以前仍按原来的作答" in later.stderr
    assert steward("list").stdout == (
        f"  4 号《{CARS}》第 3 版，2999-01-01 起施行，6 条\n"
        f"* 3 号《{CARS}》第 2 版，2025-03-01 起施行，2999-01-01 停用，由 4 号取代，6 条\n"
        f"  2 号《{CARS}》第 1 版，2025-03-01 起施行，2025-03-01 停用，由 3 号取代，6 条\n"
        f"* 1 号《{DIGEST}》第 1 版，2023-11-28 起施行，50 条，要点\n"
    )


def test_the_only_one_in_force_under_a_given_title() -> None:
    assert steward("import", "cars.txt", "--replace", "--title", "用车办法").exit_code == 0
    assert [row["title"] for row in rows(steward("list", "--json")) if row["in_force"]] == ["用车办法"]
    [row] = rows(steward("test", "--json", "退休的老师还要留在群里吗"))
    assert row["answered"] is False


def test_the_digest_as_the_official_text_inherits_every_question(folder: Path) -> None:
    text = "\n".join(f"{article.text}" for article in digest().articles[:1])
    shipped = (Path(__file__).parents[2] / "handlers" / "policy" / "digest.md").read_text(encoding="utf-8")
    (folder / "official.md").write_text(shipped.replace("（要点）", "").replace(text, "前言"), encoding="utf-8")
    result = steward("import", "official.md")
    assert f"取代《{DIGEST}》第 1 版" in result.stderr
    assert "50 条编号和内容对得上，沿用了原来的常见问法" in result.stderr
    [row] = rows(steward("test", "--json", "退休的老师还要留在群里吗"))
    assert (row["answered"], row["document"]) == (True, "学院钉钉使用管理暂行办法")
    assert row["articles"][0] == "五.8"


@pytest.mark.parametrize(
    ("name", "content", "arguments", "said"),
    [
        ("none.txt", None, [], "none.txt：读不到"),
        ("a.docx", b"PK", [], "a.docx：文件坏了或者不是 Word 文档"),
        ("a.xlsx", b"x", [], "a.xlsx：只能导入 .txt .md .docx"),
        ("a.txt", b"", [], "a.txt：文件是空的"),
        ("a.txt", "没有条款".encode(), [], "a.txt：没有找到编号的条款"),
        ("a.txt", b"\xff\xff\xff", [], "a.txt 第 1 行：编码认不出"),
        ("cars.txt", None, ["--effective", "明天"], "--effective 明天：不是日期，请写成 2026-09-01"),
        ("cars.txt", None, ["--effective", "2026-02-30"], "--effective 2026-02-30：不是日期"),
    ],
)
def test_a_bad_import_is_one_clear_line_and_changes_nothing(
    folder: Path, name: str, content: bytes | None, arguments: list[str], said: str
) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    result = steward("import", name, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert [row["title"] for row in rows(steward("list", "--json"))] == [DIGEST]


def test_in_gb18030_and_with_a_configuration(folder: Path) -> None:
    (folder / "gb.txt").write_bytes(CARS_TEXT.encode("gb18030"))
    (folder / "elsewhere").mkdir()
    config = folder / "elsewhere" / "config.toml"
    config.write_text('[storage]\npath = "data.db"\n[policy]\nrefusal_threshold = 1.0\n', encoding="utf-8")
    config.chmod(0o600)
    assert steward("import", "-c", str(config), "gb.txt").exit_code == 0
    assert (folder / "elsewhere" / "data.db").exists()
    assert not (folder / "steward.db").exists()
    [row] = rows(steward("test", "-c", str(config), "--json", "司机违章罚款谁出"))
    assert (row["answered"], row["document"]) == (False, CARS)


def test_the_program_itself(folder: Path) -> None:
    """Standard output carries JSON in UTF-8 and nothing else, whatever the console speaks."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "policy", "test", "--json", questions(folder, "群主谁来当")],
        capture_output=True,
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert json.loads(done.stdout.decode("utf-8"))["articles"][0] == "五.7"
