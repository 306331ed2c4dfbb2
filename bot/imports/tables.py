"""Reading tables: CSV in any usual encoding and with any usual delimiter, and XLSX."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.imports.workbooks import is_workbook, read_workbook
from bot.imports.wrong import TableError

__all__ = ["BadRow", "Row", "TableError", "read_table"]

Lines = list[tuple[int, list[str]]]
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
"""How old .xls files begin, and .xlsx files with a password."""
_DELIMITERS = ",\t;，；|"
_TITLE_LINES = 10
"""The header may stand below a title, within the first lines that hold anything."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file (the first is line 1) and its values by our column names."""

    line: int
    values: Mapping[str, str]
    has_surplus: bool = False
    """There are more values than columns: one of them probably holds the delimiter."""

    def get(self, column: str) -> str:
        """The value, trimmed; empty where there is none."""
        return self.values.get(column, "").strip()

    def has(self, column: str) -> bool:
        """The file has this column, filled in or not."""
        return column in self.values


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

    `columns` gives each of our names the headers that mean it, the most telling first; where several stand in the
    file, that one counts. Of each group in `required` one must be there. Raises `TableError`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path}：读不到（{error.strerror}）/ cannot be read") from error
    if data.startswith(_OLD_OR_LOCKED):
        raise TableError(
            f"{path}：是旧版 .xls 或加了密码的文件，请去掉密码、另存为 .xlsx / an old .xls, or with a password: "
            "save it as .xlsx without one"
        )
    # A cover sheet with a word to the reader may come before the one with the table.
    readings = (read_workbook(path, data) if is_workbook(data) else list(_csv(path, data))) or [[]]
    headers = [(lines, *_header(lines, columns)) for lines in readings]
    lines, at, header = max(headers, key=lambda found: _fits(found[2], required))
    if not lines:
        raise TableError(f"{path}：文件是空的 / the file is empty")
    for group in required:
        if not any(name in header.values() for name in group):
            raise TableError(
                f"{path}：缺少列「{'」或「'.join(group)}」，表头是：{_shown(lines[at][1])} / "
                f"a column is missing: {' or '.join(group)}"
            )
    if at + 1 == len(lines):
        raise TableError(f"{path}：只有表头，没有内容 / there is nothing below the header")
    width = len(lines[at][1])
    return [
        Row(
            number,
            {name: cells[index] if index < len(cells) else "" for index, name in header.items()},
            has_surplus=any(cell.strip() for cell in cells[width:]) and not is_workbook(data),
        )
        for number, cells in lines[at + 1 :]
    ]


def _header(lines: Lines, columns: Mapping[str, Sequence[str]]) -> tuple[int, dict[int, str]]:
    """Which of the lines is the header, and which place holds which of our columns."""
    found = [(at, columns_in(cells, columns)) for at, (_, cells) in enumerate(lines[:_TITLE_LINES])]
    return max(found, key=lambda one: (len(one[1]), -one[0]), default=(0, {}))


def columns_in(cells: Sequence[str], columns: Mapping[str, Sequence[str]]) -> dict[int, str]:
    """Which place of a row of headers holds which of our columns."""
    plain = [_plain(cell) for cell in cells]
    places: dict[int, str] = {}
    for name, aliases in columns.items():
        spellings = [_plain(alias) for alias in (*aliases, name)]
        at = next((plain.index(spelling) for spelling in spellings if spelling in plain), None)
        if at is not None:
            places[at] = name
    return places


def _fits(header: Mapping[int, str], required: Sequence[Sequence[str]]) -> tuple[int, int]:
    there = set(header.values())
    return sum(bool(there.intersection(group)) for group in required), len(there)


def _plain(header: str) -> str:
    """A header without what people put around it: `＊工号（必填）` and `Staff ID` are 工号 and staffid."""
    narrow = re.sub(r"\(.*?\)|[\s_*\-:\ufeff]", "", unicodedata.normalize("NFKC", header))
    return narrow.lower()


def _shown(cells: Sequence[str]) -> str:
    text = "、".join("".join(letter for letter in cell if letter.isprintable()).strip() for cell in cells)
    return text if len(text) <= 100 else text[:100] + "…"


def _csv(path: Path, data: bytes) -> Iterable[Lines]:
    """The lines as each delimiter would have them. Raises `TableError` if with none of them they are any."""
    text = _decoded(path, data)
    reading, trouble = False, ""
    for delimiter in _DELIMITERS:
        if delimiter not in text and delimiter != ",":
            continue
        try:
            yield _split(text, delimiter)
            reading = True
        except _BadLineError as error:
            trouble = trouble or str(error)
    if not reading:
        raise TableError(f"{path} {trouble}")


class _BadLineError(Exception):
    """Where the text stops being CSV."""


def _split(text: str, delimiter: str) -> Lines:
    # Strict: a quote that is never closed would otherwise swallow the rest of the file without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: Lines = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((begins, [_bare(cell) for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _BadLineError(f"第 {begins} 行：不是合格的 CSV（{error}）/ line {begins} is not valid CSV") from error
    return lines


def _bare(cell: str) -> str:
    """What a spreadsheet means by `="00012"`: the text in it."""
    found = re.fullmatch(r'\s*="(.*)"\s*', cell)
    return found[1] if found else cell


def _decoded(path: Path, data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TableError(
        f"{path}：不是认得出的表格，请另存为 UTF-8 的 CSV 或 XLSX / not a table that we know: save it as UTF-8 CSV or XLSX"
    )
