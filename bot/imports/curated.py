"""Reading curated answers from TOML, CSV or XLSX."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.exports.cells import plain
from bot.imports.tables import TableError, read_table
from bot.imports.toml import read_toml
from bot.mistakes import nearest
from handlers.policy.curated.exchange import COLUMNS, KEYS, Line

MOST_BYTES = 20_000_000
_HEADERS = {
    "编号": ("number", "id", "问答编号"),
    "问法": ("questions", "question", "问题"),
    "答案": ("answer", "答复", "回答"),
    "条款": ("articles", "article", "依据"),
    "状态": ("state", "status"),
    "复核日期": ("reviewed", "复核", "日期"),
}
_BETWEEN = re.compile(r"[\n\r]+")
_BETWEEN_ARTICLES = re.compile(r"[\n\r；;、]+")
_EXCEL_DAY = re.compile(r"(\d{4}-\d{2}-\d{2}) 00:00:00")


@dataclass(frozen=True, slots=True)
class Read:
    """The lines of a file, and how to name each of them and its columns."""

    lines: tuple[Line, ...]
    places: tuple[str, ...]
    """`第 3 行` or `第 2 个 [[answer]]`, and the same in English, a pair for each line."""
    columns: dict[str, str]
    """What the file calls each column."""


def read(path: Path) -> Read:
    """The answers in a file. Raises `TableError` with one line that says what is wrong."""
    if path.suffix.lower() == ".toml":
        return _from_toml(path)
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise TableError(f"{path}：只认 .toml、.csv 和 .xlsx / only .toml, .csv and .xlsx are read")
    rows = read_table(path, _HEADERS, [("问法",), ("答案",)])
    lines = []
    for row in rows:
        cells = {column: plain(row.get(column)) for column in COLUMNS}
        lines.append(
            Line(
                number=cells["编号"].removesuffix(".0"),
                questions=tuple(map(str.strip, _BETWEEN.split(cells["问法"]))),
                answer=cells["答案"],
                articles=tuple(map(str.strip, _BETWEEN_ARTICLES.split(cells["条款"]))),
                state=cells["状态"],
                reviewed=_EXCEL_DAY.sub(r"\1", cells["复核日期"]),
            )
        )
    places = tuple(f"第 {row.line} 行 / line {row.line}" for row in rows)
    return Read(tuple(lines), places, {column: column for column in COLUMNS})


def _from_toml(path: Path) -> Read:
    found = read_toml(path, MOST_BYTES)
    entries = found.pop("answer", None)
    if found or not isinstance(entries, list):
        wrong = f"不认识「{next(iter(found))}」，" if found else ""
        raise TableError(f"{path}：{wrong}每条问答写成一个 [[answer]] 小节 / each answer is an [[answer]] table")
    lines = tuple(_line(path, number, entry) for number, entry in enumerate(entries, start=1))
    places = tuple(f"第 {number} 个 [[answer]] / [[answer]] number {number}" for number in range(1, len(lines) + 1))
    return Read(lines, places, dict(zip(COLUMNS, KEYS, strict=True)))


def _line(path: Path, number: int, entry: object) -> Line:
    where = f"{path} 第 {number} 个 [[answer]]"
    if not isinstance(entry, dict):
        raise TableError(f"{where}：要写成 [[answer]] 小节 / must be a table")
    for key in entry:
        if key not in KEYS:
            raise TableError(f"{where}：没有「{key}」这一项{nearest(key, KEYS)} / unknown key")
    return Line(
        number=_scalar(where, entry, "number", int),
        questions=_list(where, entry, "questions"),
        answer=_scalar(where, entry, "answer", str),
        articles=_list(where, entry, "articles"),
        state=_scalar(where, entry, "state", str),
        reviewed=_scalar(where, entry, "reviewed", date, str),
    )


def _scalar(where: str, entry: dict[str, Any], key: str, *kinds: type) -> str:
    value = entry.get(key, "")
    if value != "" and (not isinstance(value, kinds) or isinstance(value, bool)):
        raise TableError(f"{where}「{key}」：类型不对 / {key} is of another type")
    return str(value)


def _list(where: str, entry: dict[str, Any], key: str) -> tuple[str, ...]:
    value: Sequence[object] = entry.get(key, [])
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TableError(f"{where}「{key}」：要写成文字的列表 / {key} must be a list of texts")
    return tuple(str(one) for one in value)
