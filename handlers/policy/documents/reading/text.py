"""Plain text and Markdown: which encoding, and tables as lines."""

from __future__ import annotations

import codecs
import re

from handlers.policy.documents.reading.source import CorpusError, Source, source
from handlers.policy.documents.reading.tables import table_lines

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RARE = 1000
"""Characters of a page among which one may be broken."""
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^[\s|:-]*-[\s|:-]*$")
_CELL_END = re.compile(r"(?<!\\)\|")


def read(data: bytes) -> Source:
    """Text in UTF-8, GB18030, or UTF-16 and UTF-32 with their mark. Tables of Markdown become a line a row."""
    lines: list[str] = []
    table: list[str] = []
    for line in decode(data).splitlines():
        if _ROW.match(line):
            table.append(line)
            continue
        lines += _rows(table)
        table = []
        lines.append(line)
    return source([*lines, *_rows(table)])


def decode(data: bytes, declared: str = "") -> str:
    """The text of a file; `declared` is the encoding that it claims to have. Raises `CorpusError` with the line."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data, (encoding,))
    return _decode(data, tuple(filter(None, (declared, "utf-8", "gb18030"))))


def decode_page(data: bytes, declared: str) -> str:
    """As `decode`, but a few broken bytes become U+FFFD, as in a browser. Raises `CorpusError`."""
    try:
        return decode(data, declared)
    except CorpusError:
        for encoding in filter(None, (declared, "utf-8", "gb18030")):
            text = data.decode(encoding, errors="replace")
            if text.count("\ufffd") * _RARE <= len(text):
                return text
        raise


def _decode(data: bytes, encodings: tuple[str, ...]) -> str:
    readable = 0
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            readable = max(readable, error.start)  # the encoding that was meant gets further
    line = data[:readable].count(b"\n") + 1
    raise CorpusError(f"第 {line} 行：编码认不出，请另存为 UTF-8 / line {line} is neither UTF-8 nor GB18030")


def _rows(table: list[str]) -> list[str]:
    """The rows of a table of Markdown as lines; what only looks like one stays as it is."""
    if len(table) < 2 or not _RULE.match(table[1]):
        return table
    cells = [_CELL_END.split(row.strip().strip("|")) for row in (table[0], *table[2:])]
    return table_lines([[cell.replace("\\|", "|").strip() for cell in row] for row in cells])
