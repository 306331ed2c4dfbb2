"""Texts that changed rules are tried on: a line each in .txt, a column of .csv or .xlsx, or `{"text": …}` lines in .jsonl."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bot.imports.tables import TableError, read_table

FORMATS = (".txt", ".csv", ".xlsx", ".jsonl")
_COLUMN = {"内容": ("text", "content", "message", "消息", "消息内容", "正文", "文字", "样本")}


def read(path: Path) -> list[str]:
    """The texts of a file, without empty ones. Raises `TableError` with one line that says what is wrong."""
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise TableError(f"{path}：只认 {'、'.join(FORMATS)} / only these are read")
    if ending in (".csv", ".xlsx"):
        found = [row.get("内容") for row in read_table(path, _COLUMN, [("内容",)])]
    else:
        lines = _lines(path)
        found = list(lines) if ending == ".txt" else list(_texts(path, lines))
    return [text for text in (one.strip() for one in found) if text]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_bytes().decode("utf-8-sig").splitlines()
    except OSError as error:
        raise TableError(f"{path}：读不到（{error.strerror}）/ cannot be read") from error
    except UnicodeDecodeError as error:
        raise TableError(f"{path}：不是 UTF-8 编码，请另存为 UTF-8 / is not UTF-8") from error


def _texts(path: Path, lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise TableError(f"{path} 第 {number} 行：不是 JSON / line {number} is not JSON") from error
        if not isinstance(found, dict) or not isinstance(found.get("text"), str):
            raise TableError(f'{path} 第 {number} 行：要写 {{"text": "…"}} / line {number} needs a text under "text"')
        yield found["text"]
