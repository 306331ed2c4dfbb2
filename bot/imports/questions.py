"""Questions for quizzes from a table (CSV, XLSX) or a TOML file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.imports.tables import read_table
from bot.imports.toml import read_toml
from bot.imports.wrong import TableError
from handlers.study.written import LETTERS, QuestionError, Written, checked

COLUMNS = {
    "条款": ("条款", "条款编号", "依据", "article", "number"),
    "文件": ("文件", "文件名", "标题", "document", "title"),
    "题干": ("题干", "题目", "问题", "stem", "question"),
    **{letter: (letter, f"选项{letter}", f"选项 {letter}", f"option{letter}") for letter in LETTERS},
    "答案": ("答案", "正确答案", "answer"),
}
REQUIRED = (("条款",), ("题干",), ("A",), ("B",), ("答案",))
_KEYS = {"article", "document", "stem", "options", "answer"}
MOST_BYTES = 2_000_000


def read_questions(path: Path) -> tuple[list[tuple[str, Written]], list[str]]:
    """The questions of a file, each with where it stands, and a line for every one that cannot be taken.

    Raises `TableError` for a file that cannot be read at all.
    """
    entries = _from_toml(path) if path.suffix.lower() == ".toml" else _from_table(path)
    good: list[tuple[str, Written]] = []
    bad: list[str] = []
    for where, values in entries:
        try:
            good.append((where, _question(values)))
        except QuestionError as error:
            bad.append(f"{where}：{error} / no question that can be asked")
    return good, bad


def _question(values: Mapping[str, Any]) -> Written:
    options = values.get("options")
    texts = [values.get(key, "") for key in ("article", "document", "stem", "answer")]
    if not all(isinstance(text, str) for text in texts):
        raise QuestionError("article、stem、answer 要写文字，加引号")
    if not isinstance(options, list) or not all(isinstance(option, str) for option in options):
        raise QuestionError('options 要写成列表，如 ["是", "否"]')
    if unknown := sorted(set(values) - _KEYS):
        raise QuestionError(f"没有 {'、'.join(unknown)} 这一项，可写 {'、'.join(sorted(_KEYS))}")
    article, title, stem, answer = texts
    return checked(article, title.strip("《》 "), stem, options, answer)


def _from_toml(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    found = read_toml(path, MOST_BYTES).get("question")
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise TableError(f"{path}：没有 [[question]]，每道题写一个 / there is no [[question]]")
    for number, entry in enumerate(found, start=1):
        yield f"{path} 第 {number} 题", entry


def _from_table(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for row in read_table(path, COLUMNS, REQUIRED):
        options = [row.get(letter) for letter in LETTERS]
        while options and not options[-1]:
            options.pop()
        yield (
            f"{path} 第 {row.line} 行",
            {
                "article": row.get("条款"),
                "document": row.get("文件"),
                "stem": row.get("题干"),
                "options": options,
                "answer": row.get("答案"),
            },
        )
