"""`steward scan` over chats as people export them, and the workbook that the office gets."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.cli.progress import Progress
from bot.exports.scan_report import Basis, Place, RuleRow, ScanReport

RULES = """
[[rule]]
id = "own"
category = "abuse"
article = "一.2"
meaning = "骂人的话。"
words = ["坏词"]

[[rule]]
id = "numbers"
category = "privacy"
article = "四.(三).2"
state = "enforce"
detectors = ["mobile"]

[[rule]]
id = "never"
category = "secrecy"
article = "五.3"
words = ["没有人说"]
"""
CHAT = """时间,发送人,内容,群
2026-11-20 09:12:33,=HYPERLINK("x"),坏词 13800138000,教务群
2026-11-21 10:00:00,李四,=坏词+1,教务群
2026-11-21 10:01:00,李四,可以在群里说坏词吗？,教务群13912345678
2026-11-22 11:00:00,王五,好的,
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "chat.csv").write_text(CHAT, encoding="utf-8")
    return tmp_path


def steward(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def sheets(path: str) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row), "no cell is a formula"
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


@pytest.mark.parametrize("name", ["chat.csv", "chat.txt", "chat.jsonl"])
def test_each_kind_of_file_gives_the_same_hits(folder: Path, name: str) -> None:
    if name == "chat.txt":
        (folder / name).write_text("张三 2026-11-20 09:12:33\n坏词 13800138000\n", encoding="gbk")
    elif name == "chat.jsonl":
        (folder / name).write_text('{"content": "坏词 13800138000"}', encoding="utf-8")
    result = steward("scan", "--json", "--rules", "rules.toml", name)
    assert result.exit_code == 0, result.stderr
    first = json.loads(result.stdout.splitlines()[0])
    assert first["text"] == "坏词 13800138000"
    assert [(hit["rule"], hit["span"]) for hit in first["hits"]] == [("own", [0, 2]), ("numbers", [3, 14])]


def test_questions_about_a_rule_are_no_offence() -> None:
    rows = [
        json.loads(line) for line in steward("scan", "--json", "--rules", "rules.toml", "chat.csv").stdout.splitlines()
    ]
    assert [row["flagged"] for row in rows] == [True, True, False, False]


def test_a_workbook_with_counts_places_and_what_it_rests_on() -> None:
    result = steward("scan", "--rules", "rules.toml", "--report", "report.xlsx", "chat.csv")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "已写入 / written: report.xlsx" in result.stderr
    assert "共 4 条，命中 2 条" in result.stderr
    found = sheets("report.xlsx")
    assert list(found) == ["按规则", "命中明细", "说明"]
    assert found["按规则"] == [
        ["规则", "类别", "依据", "程度", "状态", "命中条数", "其中像询问或提醒", "文件里的编号"],
        ["骂人的话", "不文明用语", "一.2", "中", "观察", 3, 1, "own"],
        ["numbers", "个人信息", "四.(三).2", "中", "执行", 1, 0, "numbers"],
        ["never", "涉密内容", "五.3", "中", "观察", 0, 0, "never"],
    ]
    head, *places = found["命中明细"]
    assert "发送人" not in head
    assert places[0][head.index("规则")] == "骂人的话"
    assert [place[0] for place in places] == [2, 2, 3, 4]
    assert places[-1][-1] == "像是在询问、提醒或引用"
    told = dict(found["说明"])
    assert told["消息条数"] == 4
    assert told["命中条数"] == 2
    assert told["消息时间"] == "2026-11-20 09:12 到 2026-11-22 11:00"
    assert told["群"].split("、")[0] == "教务群（2 条）"
    assert "没写群名（1 条）" in told["群"]
    assert "只看了这份导出文件里的消息" in told["范围"]
    whole = str(found)
    assert "13800138000" not in whole
    assert "13912345678" not in whole
    assert "李四" not in whole


def test_a_chat_that_names_no_group_says_so(folder: Path) -> None:
    (folder / "one.csv").write_text("时间,发送人,内容\n2026-11-20 09:12:33,张三,好的\n", encoding="utf-8")
    steward("scan", "--rules", "rules.toml", "--report", "r.xlsx", "one.csv")
    assert dict(sheets("r.xlsx")["说明"])["群"] == "文件里没有写"


def test_names_stand_there_when_they_are_asked_for_and_are_no_formula() -> None:
    assert steward("scan", "--rules", "rules.toml", "--report", "r.xlsx", "--names", "chat.csv").exit_code == 0
    head, first, *_ = sheets("r.xlsx")["命中明细"]
    assert first[head.index("发送人")] == '=HYPERLINK("x")'
    assert any("=坏词+1" in str(row) for row in sheets("r.xlsx")["命中明细"])


def test_the_workbook_filters_and_keeps_its_head_in_sight() -> None:
    steward("scan", "--rules", "rules.toml", "--report", "r.xlsx", "chat.csv")
    book = openpyxl.load_workbook("r.xlsx")
    assert [sheet.freeze_panes for sheet in book.worksheets] == ["A2", "A2", "A2"]
    assert book["按规则"].auto_filter.ref == "A1:H4"
    assert book["命中明细"].auto_filter.ref == "A1:I5"


def test_a_report_that_cannot_be_written_is_said_before_the_work(folder: Path) -> None:
    for path in ("report.csv", "nowhere/report.xlsx"):
        result = steward("scan", "--rules", "rules.toml", "--report", path, "chat.csv")
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert not list(folder.glob("*.xlsx"))


def test_a_broken_file_leaves_no_report(folder: Path) -> None:
    (folder / "chat.jsonl").write_text('{"text": "坏词"}\nnonsense', encoding="utf-8")
    result = steward("scan", "--rules", "rules.toml", "--report", "r.xlsx", "chat.jsonl")
    assert (result.exit_code, result.stderr.startswith("chat.jsonl 第 2 行：不是 JSON")) == (2, True)
    assert not (folder / "r.xlsx").exists()


def test_more_places_than_a_sheet_holds_are_counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.exports.scan_report._MOST_ROWS", 2)
    report, rule = ScanReport(with_names=True), RuleRow("own", "骂人的话", "不文明用语", "一.2", "中", "观察")
    for line in range(5):
        report.add(Place(line, "", "", "", rule, "坏词"))
    report.write(folder / "r.xlsx", Basis(), [rule])
    found = sheets("r.xlsx")
    assert (len(found["命中明细"]), found["按规则"][1][5]) == (3, 5)
    assert "还有 3 条" in dict(found["说明"])["没有列出的"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal_and_nothing_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.progress._FIRST_SECONDS", 0.0)
    monkeypatch.setattr("bot.cli.progress._BETWEEN_SECONDS", 0.0)
    for stream, is_drawn in ((Terminal(), True), (io.StringIO(), False)):
        with Progress(100, stream) as progress:
            progress.add(25)
            progress.add(100)
        shown = stream.getvalue()
        assert (" 25%" in shown, "100%" in shown) == (is_drawn, is_drawn)
        assert shown.endswith("\x1b[2K") == is_drawn


def test_what_is_quick_draws_nothing() -> None:
    stream = Terminal()
    with Progress(10, stream) as progress:
        progress.add(10)
    assert stream.getvalue() == ""
