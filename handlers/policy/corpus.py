"""From the text of a regulation to its articles, each with a number that people can say.

Two families of numbering are known. In documents with 第…条, articles are numbered through and called `第十二条`; titles of
编, 章 and 节 become headings. Elsewhere the levels 一、／（一）／1.／(1)／① are taken in the order in which the document nests
them, and an article is called by its path: `二.6`, `四.(二).2`, `二.6.(三)`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from handlers.policy import clauses, outline
from handlers.policy.marks import bare, is_numbered
from storage.policies import Article

PREAMBLE = "前言"
"""Number of what stands before the first numbered article."""
_LONGEST_TITLE = 60


class CorpusError(Exception):
    """The text cannot be taken as a regulation; it says why and what to do."""


@dataclass(frozen=True, slots=True)
class Regulation:
    """A parsed document: its title, and its articles in order."""

    title: str
    articles: tuple[Article, ...]


def read_text(path: Path) -> str:
    """The text of a .txt or .md file in UTF-8 or GB18030. Raises `CorpusError`."""
    if path.suffix.lower() not in (".txt", ".md"):
        raise CorpusError(f"{path}：只能导入 .txt 和 .md，请另存为纯文本 / save it as .txt or .md first")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}：读不到（{error.strerror}）/ cannot be read") from error
    readable = 0
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            readable = max(readable, error.start)  # the encoding that was meant gets further
    line = data[:readable].count(b"\n") + 1
    raise CorpusError(f"{path} 第 {line} 行：编码认不出，请另存为 UTF-8 / line {line} is neither UTF-8 nor GB18030")


def parse(text: str, title: str = "") -> Regulation:
    """The regulation in a text. Every line of it is in some article; what comes before the first number is `前言`.

    The same text always gives the same numbers. Raises `CorpusError` when no numbered article is found.
    """
    lines = [bare(line) for line in unicodedata.normalize("NFC", text).splitlines()]
    first_heading = next((line for line in text.splitlines() if line.strip()), "").lstrip("\ufeff \t").startswith("#")
    written = [line for line in lines if line]
    found_title, lines = _title(written, is_heading=first_heading)
    articles = clauses.read(lines) if clauses.has_clauses(lines) else outline.read(lines)
    if not any(article.number for article in articles):
        raise CorpusError(_no_articles(written))
    return Regulation(title or found_title or "未命名规章", tuple(_distinct(articles)))


def count_of(articles: Sequence[Article]) -> int:
    """How many numbered articles there are."""
    return sum(article.number != PREAMBLE for article in articles)


def _title(lines: Sequence[str], *, is_heading: bool) -> tuple[str, list[str]]:
    """A first line that is a Markdown heading, or short and unnumbered, is the title; it may go on to a second line."""
    if not lines:
        return "", []
    first = lines[0]
    is_short = len(first) <= _LONGEST_TITLE and first[-1] not in "。；;：:，,、"
    if not is_numbered(first) and (is_heading or is_short):
        return first, list(lines[1:])
    return "", list(lines)


def _no_articles(lines: Sequence[str]) -> str:
    if not lines:
        return "文件是空的 / the file is empty"
    shown = lines[0] if len(lines[0]) <= 20 else lines[0][:20] + "…"
    return (
        f"没有找到编号的条款（共 {len(lines)} 行，开头是「{shown}」）；条款要另起一行，"
        "写成「第一条」「一、」「（一）」「1.」的形式 / no numbered articles: each has to begin a line"
    )


def _distinct(articles: Sequence[Article]) -> list[Article]:
    """Numbers that come again (numbering that restarts) get the occurrence behind them: `1`, `1#2`."""
    taken: set[str] = set()
    distinct: list[Article] = []
    for article in articles:
        name = article.number or PREAMBLE
        number, again = name, 1
        while number in taken:
            again += 1
            number = f"{name}#{again}"
        taken.add(number)
        distinct.append(replace(article, number=number))
    return distinct
