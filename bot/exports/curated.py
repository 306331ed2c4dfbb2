"""Curated answers as a file that people edit: TOML, or CSV for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from bot.exports.cells import csv_bytes
from handlers.policy.curated.exchange import COLUMNS, KEYS, Line
from handlers.toml import text, texts

BETWEEN = "\n"
"""Stands between the questions, and between the articles, of one cell."""
_HEAD = """\
# 人工问答：改好以后用 steward policy curated import 导入；没写到的问答不受影响。
# 新的问答不写 number。articles 写《文件》编号；state 写 在用 或 停用。
# Answers written by people. Take them in with: steward policy curated import FILE
"""


def as_toml(lines: Iterable[Line]) -> bytes:
    """A file that `bot.imports.curated` reads."""
    return "\n".join([_HEAD, *map(_entry, lines)]).encode()


def as_csv(lines: Iterable[Line]) -> bytes:
    """The same for a spreadsheet."""
    return csv_bytes(
        COLUMNS,
        (
            (
                line.number,
                BETWEEN.join(line.questions),
                line.answer,
                BETWEEN.join(line.articles),
                line.state,
                line.reviewed,
            )
            for line in lines
        ),
    )


def _entry(line: Line) -> str:
    number, questions, answer, articles, state, reviewed = KEYS
    return (
        f"[[answer]]\n{number} = {line.number}\n{questions} = {texts(line.questions)}\n{answer} = {text(line.answer)}\n"
        f"{articles} = {texts(line.articles)}\n{state} = {text(line.state)}\n{reviewed} = {line.reviewed}\n"
    )
