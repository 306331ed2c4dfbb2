"""Reading tables: CSV in UTF-8 or GB18030 with any usual delimiter, and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl


class TableError(Exception):
    """The file cannot be read as a table; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file (the header is line 1) and its values by our column names."""

    line: int
    values: Mapping[str, str]

    def get(self, column: str) -> str:
        """The value, trimmed; empty where there is none."""
        return self.values.get(column, "").strip()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: where and why."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"第 {self.line} 行「{self.column}」：{self.reason} / line {self.line}, column {self.column}"


def read_table(path: Path, columns: Mapping[str, Sequence[str]], required: Sequence[Sequence[str]]) -> list[Row]:
    """The rows of a file, with headers translated to our names.

    `columns` gives each of our names the headers that mean it; of each group in `required` one must be there.
    Raises `TableError`.
    """
    lines = _xlsx(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path)
    numbered = [(number, cells) for number, cells in lines if any(cell.strip() for cell in cells)]
    if not numbered:
        raise TableError(f"{path}：文件是空的 / the file is empty")
    names = {alias.lower(): name for name, aliases in columns.items() for alias in (name, *aliases)}
    header = [names.get(_plain(cell)) for cell in numbered[0][1]]
    for group in required:
        if not any(name in header for name in group):
            raise TableError(
                f"{path}：缺少列「{'」或「'.join(group)}」，表头是：{'、'.join(numbered[0][1])} / "
                f"a column is missing: {' or '.join(group)}"
            )
    return [
        Row(number, {name: cell for name, cell in zip(header, cells, strict=False) if name is not None})
        for number, cells in numbered[1:]
    ]


def rows_of(dictionaries: Iterable[Mapping[str, str]]) -> list[Row]:
    """Rows that are in memory already, numbered as if they stood in a file."""
    return [Row(line, values) for line, values in enumerate(dictionaries, start=2)]


def _plain(header: str) -> str:
    return header.replace("\ufeff", "").replace(" ", "").replace("\u3000", "").strip("*＊").lower()


def _csv(path: Path) -> list[tuple[int, list[str]]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path}：读不到（{error.strerror}）/ cannot be read") from error
    text = _decoded(path, data)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t，", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            lines.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"{path} 第 {begins} 行：不是合格的 CSV（{error}）/ not valid CSV") from error
    return lines


def _decoded(path: Path, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError(f"{path}：编码认不出，请另存为 UTF-8 的 CSV 或 XLSX / save it as UTF-8 CSV or XLSX")


def _xlsx(path: Path) -> list[tuple[int, list[str]]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise TableError(f"{path}：不是能打开的 XLSX（{error}）/ cannot be opened as XLSX") from error
    try:
        sheet = book.active
        if sheet is None:
            raise TableError(f"{path}：没有工作表 / no sheet")
        return [
            (number, [_cell(value) for value in values])
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
    finally:
        book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
