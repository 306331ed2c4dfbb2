"""Workbooks that the office opens: readable, without formulas, and nobody else's to read."""

from __future__ import annotations

import io
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports.workbooks import Sheet, as_bytes, write

NINE = datetime(2026, 11, 30, 9)  # noqa: DTZ001 - a cell has no zone
SHEET = Sheet("人员", ("姓名", "人数", "时间"), [("孙悦", 3, NINE), ("王建国", 12, None)])
NAUGHTY = ('=HYPERLINK("http://example.com")', "+1", "-1", "@SUM(1)", "\tx", "=1+1")


def opened(*sheets: Sheet) -> Any:
    return openpyxl.load_workbook(io.BytesIO(as_bytes(sheets)))


def test_a_sheet_has_a_header_a_frozen_row_and_filters() -> None:
    sheet = opened(SHEET)["人员"]
    assert [cell.value for cell in sheet[1]] == ["姓名", "人数", "时间"]
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C3"
    assert [cell.value for cell in sheet[2]] == ["孙悦", 3, NINE]
    assert sheet.column_dimensions["C"].width >= 16


def test_a_sheet_without_rows_is_a_sheet() -> None:
    sheet = opened(Sheet("空/的:表", ("甲", "乙"), []))["空－的－表"]
    assert sheet.auto_filter.ref == "A1:B1"


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_text_is_no_formula(text: str) -> None:
    cell = opened(Sheet("表", ("列",), [(text,)]))["表"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


@given(st.text(max_size=200))
def test_any_text_can_be_written_and_stays_a_text(text: str) -> None:
    cell = opened(Sheet("表", ("列",), [(text,)]))["表"]["A2"]
    assert cell.data_type == ("s" if cell.value else "n")


def test_only_the_owner_reads_it_and_an_older_one_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"old")
    write(path, [SHEET])
    assert openpyxl.load_workbook(path).sheetnames == ["人员"]
    assert os.name != "posix" or path.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["台账.xlsx"]


def test_a_folder_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        write(tmp_path / "没有" / "台账.xlsx", [SHEET])
