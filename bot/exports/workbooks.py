"""Writing XLSX workbooks that are safe to open and easy to read: headers, filters, a frozen row, no formulas."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.exports.files import put

Cell = str | int | date | datetime | None
"""A moment has no zone any more: it is what the office's clock showed."""

_WIDEST = 60
_NARROWEST = 8
_LONGEST_CELL = 32_000
"""Excel takes 32,767 characters."""
_TOP = Alignment(vertical="top")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_NOT_IN_A_TITLE = str.maketrans("[]:*?/\\", "－－－－－－－")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def write(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write a workbook, readable by its owner alone; what stood there before is whole until the new one is complete.

    Raises OSError.
    """
    put(path, as_bytes(sheets))


def as_bytes(sheets: Sequence[Sheet]) -> bytes:
    """The workbook as it would stand on the disk."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title.translate(_NOT_IN_A_TITLE)[:31]), sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _fill(into: Worksheet, sheet: Sheet) -> None:
    for number, values in enumerate((sheet.header, *sheet.rows), start=1):
        for place, value in enumerate(values, start=1):
            _put(into.cell(number, place), value)
    for place in range(1, len(sheet.header) + 1):
        head = into.cell(1, place)
        head.font, head.alignment = Font(bold=True), Alignment(vertical="center")
        column = (row[place - 1] for row in (sheet.header, *sheet.rows) if len(row) >= place)
        width = max((_width(value) for value in column), default=0) + 2
        into.column_dimensions[get_column_letter(place)].width = min(max(width, _NARROWEST), _WIDEST)
    into.freeze_panes = "A2"
    into.auto_filter.ref = f"A1:{get_column_letter(len(sheet.header))}{len(sheet.rows) + 1}"


def _put(cell: Any, value: Cell) -> None:
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value
        if isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm"
        elif isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"


def put_text(cell: Any, value: str) -> None:
    """Fill a cell with a text that stays one, whatever it begins with, here and when somebody edits it: no formula."""
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_CELL]
    if not text:
        return  # an empty cell, which filters show as one
    cell.value = text
    cell.data_type = "s"
    if text[0] in "=+-@\t\r":
        cell.quotePrefix = True
    cell.alignment = _WRAPPED if len(text) > _WIDEST // 2 else _TOP


def _width(value: Cell) -> int:
    """In digits; Chinese characters are two wide."""
    if isinstance(value, datetime):
        return 16
    text = "" if value is None else str(value)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text[:_WIDEST])
