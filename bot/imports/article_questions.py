"""Reading the questions of articles from CSV or XLSX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.exports.cells import plain
from bot.imports.tables import TableError, read_table

COLUMNS = ("文件", "条款", "问法")
_HEADERS = {
    "文件": ("document", "文件名", "文件名称", "title"),
    "条款": ("article", "编号", "条"),
    "问法": ("question", "questions", "问题", "常见问法"),
}
_BETWEEN = re.compile(r"[\n\r]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its line in the file, the document (empty: the only one that has the article), and the questions."""

    number: int
    title: str
    article: str
    questions: tuple[str, ...]


def read(path: Path) -> list[Line]:
    """The rows that hold a question; those without one only remind of an article. Raises `TableError`."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise TableError(f"{path}：只认 .csv 和 .xlsx / only .csv and .xlsx are read")
    lines = []
    for row in read_table(path, _HEADERS, [("条款",), ("问法",)]):
        title, article, said = (plain(row.get(column)) for column in COLUMNS)
        questions = tuple(one.strip() for one in _BETWEEN.split(said) if one.strip())
        if questions:
            lines.append(Line(row.line, title, article, questions))
    return lines
