"""From the text of a regulation to its articles, each with a number that people can say.

Two families of numbering are known. In documents with 第…条, articles are numbered through and called `第十二条`; titles of
编, 章 and 节 become headings. Elsewhere the levels 一、／（一）／1.／(1)／① are taken in the order in which the document nests
them, and an article is called by its path: `二.6`, `四.(二).2`, `二.6.(三)`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from handlers.policy import clauses, outline
from handlers.policy.doubts import Doubt
from handlers.policy.marks import bare, is_numbered
from handlers.policy.reading import CorpusError, Source, read
from handlers.policy.reading.source import MOST_BYTES
from storage.policies import Article

__all__ = [
    "PREAMBLE",
    "UNTITLED",
    "CorpusError",
    "Regulation",
    "count_of",
    "parse",
    "parse_source",
    "read_file",
    "read_text",
]

PREAMBLE = "前言"
"""Number of what stands before the first numbered article."""
UNTITLED = "未命名规章"
"""Title of a text that has none."""
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Regulation:
    """A parsed document: its title, and its articles in order."""

    title: str
    articles: tuple[Article, ...]
    doubts: tuple[Doubt, ...] = ()
    """What a person should look at before it is taken in, in the order of the text."""


def read_file(path: Path) -> Source:
    """The text of a file in any format that `reading` knows. Raises `CorpusError`, which begins with the path."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CorpusError(f"{path}：读不到（{error.strerror}）/ cannot be read") from error
    return read(str(path), data)


def read_text(path: Path) -> str:
    """The text of a file, as `read_file` reads it."""
    return read_file(path).text


def parse_source(source: Source, title: str = "", name: str = "") -> Regulation:
    """The regulation in a file that was read, with what was doubtful in it.

    Without a title in the text the file's `name` becomes the title. Raises `CorpusError`.
    """
    found = parse(source.text, title)
    titled = PurePath(name).stem.strip() if found.title == UNTITLED and name else found.title
    return replace(found, title=titled or UNTITLED, doubts=(*source.doubts, *found.doubts))


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
    return Regulation(title or found_title or UNTITLED, tuple(_distinct(articles)))


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
