"""`steward policy curated`, run as people run it: out to a file, and back."""

from __future__ import annotations

import csv
import stat
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from bot.exports.cells import csv_bytes, guarded, plain
from bot.exports.curated import as_csv, as_toml
from bot.imports.curated import read
from handlers.policy.curated.exchange import COLUMNS, Line
from handlers.toml import text, texts
from storage.curated import CuratedAnswer, Link
from storage.database import Database
from storage.store import Store

T = TypeVar("T")
DAY = datetime(2026, 9, 1, 4, tzinfo=UTC)
TITLE = "学院钉钉使用管理暂行办法（要点）"
ANSWER = CuratedAnswer(
    "=不留。\n退休当月由群主移出。",
    ("退休的老师还留在群里吗", "退休了要不要退群"),
    "0001",
    DAY,
    "0001",
    DAY,
    (Link(TITLE, "二.6", "old"),),
    TITLE,
)
NEW = '[[answer]]\nquestions = ["公务车归谁管"]\nanswer = "办公室"\n'


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["policy", "curated", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.stdout == ""
    return result


def with_store(work: Callable[[Store], T]) -> T:
    with Database("steward.db") as database:
        return work(Store(database))


def stored() -> list[CuratedAnswer]:
    return with_store(lambda store: store.curated.all())


@pytest.mark.parametrize("name", ["answers.toml", "answers.csv"])
def test_what_goes_out_comes_back_as_it_was(name: str) -> None:
    with_store(
        lambda store: [store.curated.add(ANSWER), store.curated.add(replace(ANSWER, links=(), phrasings=("问",)))]
    )
    before = stored()
    result = run("export", name)
    assert (result.exit_code, result.stderr) == (0, "已导出 2 条问答 / 2 answers exported\n")
    assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
    result = run("import", name)
    assert result.exit_code == 0
    assert "2 条没变" in result.stderr
    assert stored() == before
    assert with_store(lambda store: store.audit.latest()[0]).detail == "0 added, 0 changed"


def test_a_table_opens_in_a_spreadsheet_without_running_anything() -> None:
    with_store(lambda store: store.curated.add(ANSWER))
    run("export", "answers.csv")
    data = Path("answers.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(data.decode("utf-8-sig").splitlines(keepends=True))
    assert tuple(header) == COLUMNS
    assert row[2] == "'=不留。\n退休当月由群主移出。"
    assert row[3] == f"《{TITLE}》二.6"


def test_new_and_changed_answers_are_taken() -> None:
    with_store(lambda store: store.curated.add(ANSWER))
    Path("a.toml").write_text(
        NEW + '[[answer]]\nnumber = 1\nquestions = ["退休的老师还留在群里吗"]\nanswer = "不留"\narticles = ["二.6"]\n',
        encoding="utf-8",
    )
    result = run("import", "--dry-run", "a.toml")
    assert result.stderr.splitlines()[:2] == [
        "+ 新增 / new：公务车归谁管",
        "~ 问答 1 / answer 1：问法、答案、条款：退休的老师还留在群里吗",
    ]
    assert "会新增 1 条，修改 1 条，0 条没变；没有导入" in result.stderr
    assert len(stored()) == 1
    assert "已新增 1 条，修改 1 条" in run("import", "a.toml").stderr
    changed, new = stored()
    assert (changed.answer, changed.phrasings, changed.author) == ("不留", ("退休的老师还留在群里吗",), "0001")
    assert changed.links[0].content_hash != "old"
    assert (new.answer, new.author, new.document, new.state) == ("办公室", "cli", None, "given")
    assert "0 条没变" not in run("import", "a.toml").stderr, "by its question a line finds its answer"
    assert len(stored()) == 2


def test_a_workbook_is_read_too() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["问题", "答案", "条款", "状态", "复核日期"])
    sheet.append(["公务车归谁管\n谁管公务车", "办公室", "二.6；五.8", "停用", datetime(2026, 9, 1)])  # noqa: DTZ001
    book.save("a.xlsx")
    assert run("import", "a.xlsx").exit_code == 0
    [answer] = stored()
    assert answer.phrasings == ("公务车归谁管", "谁管公务车")
    assert [link.article for link in answer.links] == ["二.6", "五.8"]
    assert (answer.document, answer.state, answer.reviewed_at.date()) == (TITLE, "stopped", DAY.date())


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("9,问,答,,,", "「编号」：没有问答「9」"),
        ("x,问,答,,,", "「编号」：没有问答「x」"),
        (",,答,,,", "「问法」：没有填"),
        (",？,答,,,", "「问法」：问题是空的"),
        (f",{'长' * 121},答,,,", "「问法」：问题太长"),
        (",问,,,,", "「答案」：答案是空的"),
        (f",问,{'长' * 1501},,,", "「答案」：答案太长"),
        (",问,答,五.99,,", "「条款」：现行文件里没有「五.99」"),
        (",问,答,《没有》五.8,,", "「条款」：现行文件里没有「《没有》五.8」"),
        (",问,答,随便,,", "「条款」：看不懂「随便」"),
        (",问,答,,也许,", "「状态」：认不出「也许」"),
        (",问,答,,,明年", "「复核日期」：「明年」"),
        (",问,答,,,2999-01-01", "「复核日期」：「2999-01-01」"),
        (",车归谁管,答,,,", "「问法」：同一个问题在文件里出现了两次"),
    ],
)
def test_one_bad_row_and_nothing_is_taken(row: str, wrong: str) -> None:
    Path("a.csv").write_text(f"{','.join(COLUMNS)}\n,车归谁管,办公室,,,\n{row}\n", encoding="utf-8")
    result = run("import", "a.csv")
    assert result.exit_code == 2
    first, last = result.stderr.splitlines()
    assert first.startswith(f"a.csv 第 3 行{wrong}")
    assert first.count(" / line 3, ") == 1
    assert "什么都没有改" in last
    assert stored() == []


def test_an_answer_named_twice_and_a_question_of_another() -> None:
    with_store(lambda store: [store.curated.add(ANSWER), store.curated.add(replace(ANSWER, phrasings=("问",)))])
    Path("a.csv").write_text("编号,问法,答案\n1,甲问,答\n1,乙问,答\n2,退休了要不要退群,答\n", encoding="utf-8")
    first, second, _ = run("import", "a.csv").stderr.splitlines()
    assert "问答 1 在文件里出现了两次" in first
    assert "问答 1 已经有这个问题了" in second


@pytest.mark.parametrize(
    ("name", "data", "wrong"),
    [
        ("a.txt", b"", "只认 .toml"),
        ("gone.toml", None, "读不到"),
        ("a.toml", b"[[answer]\n", "不是合格的 TOML"),
        ("a.toml", b"\xff\xfe", "不是 UTF-8"),
        ("a.toml", b"x = 1\n", "不认识「x」"),
        ("a.toml", b"answer = 1\n", "[[answer]]"),
        ("a.toml", b"answer = [1]\n", "要写成 [[answer]] 小节"),
        ("a.toml", b"[[answer]]\nquestion = ['x']\n", "没有「question」这一项，是不是 questions"),
        ("a.toml", b"[[answer]]\nquestions = 1\n", "「questions」：要写成文字的列表"),
        ("a.toml", b"[[answer]]\nquestions = ['x']\nanswer = 1\n", "「answer」：类型不对"),
        ("a.toml", b"[[answer]]\nnumber = true\n", "「number」：类型不对"),
        ("a.csv", "问法\nx\n".encode(), "缺少列「答案」"),
    ],
)
def test_what_is_no_such_file_is_one_line(name: str, data: bytes | None, wrong: str) -> None:
    if data is not None:
        Path(name).write_bytes(data)
    result = run("import", name)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert wrong in result.stderr


def test_where_it_cannot_be_written() -> None:
    assert run("export", "a.txt").exit_code == 2
    result = run("export", "no/such/folder.csv")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


_LINES = st.builds(
    Line,
    number=st.integers(1, 10**6).map(str),
    questions=st.lists(
        st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), min_size=1, max_size=3, unique=True
    ).map(tuple),
    answer=st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from("=+-@'\"\n ，")).map(
        lambda said: f"{said}答".strip()
    ),
    articles=st.lists(st.sampled_from(["《甲》二.6", "第一条", "=五.8"]), max_size=2, unique=True).map(tuple),
    state=st.sampled_from(["在用", "停用"]),
    reviewed=st.dates().map(lambda day: day.isoformat()),
)


@given(st.lists(_LINES, min_size=1, max_size=4))
def test_any_texts_come_back(tmp_path_factory: pytest.TempPathFactory, lines: list[Line]) -> None:
    folder = tmp_path_factory.mktemp("answers")
    for name, data in (("a.toml", as_toml(lines)), ("a.csv", as_csv(lines))):
        (folder / name).write_bytes(data)
        back = [replace(line, articles=tuple(filter(None, line.articles))) for line in read(folder / name).lines]
        assert back == lines


@given(st.text())
def test_no_cell_runs_and_every_cell_comes_back(cell: str) -> None:
    assert guarded(cell)[:1] not in tuple("=+-@\t\r＝＋－＠")
    assert plain(guarded(cell)) == cell


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_any_text_is_good_toml(values: list[str]) -> None:
    written = f"one = {text(''.join(values))}\nmany = {texts(values)}\n"
    assert tomllib.loads(written) == {"one": "".join(values), "many": values}


def test_an_empty_table_has_its_header() -> None:
    assert csv_bytes(("甲", "乙"), []) == "\ufeff甲,乙\r\n".encode()
