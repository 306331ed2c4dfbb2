"""From the text of a regulation to its articles, each with a number that people can say.

Two families of numbering are known. In documents with 第…条, articles are numbered through and called `第十二条`; titles of
编, 章 and 节 become headings. Elsewhere the levels 一、／（一）／1.／(1)／① are taken in the order in which the document nests
them, and an article is called by its path: `二.6`, `四.(二).2`, `二.6.(三)`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storage.policies import Article

_CHINESE = "〇零一二三四五六七八九十百千两"
_TITLES = re.compile(rf"^第\s*([{_CHINESE}\d]+)\s*([编章节])\s*(.*)$")
_CLAUSE = re.compile(rf"^第\s*([{_CHINESE}\d]+)\s*条(?:之([{_CHINESE}]+))?\s*[:：、.]?\s*(.*)$")
_LEVELS = (
    ("chinese", re.compile(rf"^([{_CHINESE}]+)\s*[、．.]\s*(.*)$")),
    ("bracketed", re.compile(rf"^[（(]\s*([{_CHINESE}]+)\s*[）)]\s*[、.]?\s*(.*)$")),
    ("arabic", re.compile(r"^(\d{1,3})\s*(?:[.．、](?!\d)|\s(?=\D))\s*(.*)$")),
    ("bracketed-arabic", re.compile(r"^[（(]\s*(\d{1,3})\s*[）)]\s*[、.]?\s*(.*)$")),
    ("circled", re.compile(r"^([①-⑳])\s*(.*)$")),
)
_LONGEST_TITLE = 30
"""Characters; a longer numbered line without anything below it is an article, not a title."""


class CorpusError(Exception):
    """The text cannot be taken as a regulation; it says why and what to do."""


@dataclass(frozen=True, slots=True)
class Regulation:
    """A parsed document: its title, and its articles in order."""

    title: str
    articles: tuple[Article, ...]


@dataclass(slots=True)
class _Node:
    """A numbered line with what stands below it."""

    level: str
    label: str
    text: str
    lines: list[str] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)


def read_text(path: Path) -> str:
    """The text of a .txt or .md file in UTF-8 or GB18030. Raises `CorpusError`."""
    if path.suffix.lower() not in (".txt", ".md"):
        raise CorpusError(f"{path}：只能导入 .txt 和 .md，请另存为纯文本 / save it as .txt or .md first")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}：读不到（{error.strerror}）/ cannot be read") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CorpusError(f"{path}：编码认不出，请另存为 UTF-8 / save it as UTF-8")


def parse(text: str, title: str = "") -> Regulation:
    """The regulation in a text. Every line of it is in some article; what comes before the first number is `前言`.

    Raises `CorpusError` when no numbered article is found.
    """
    lines = [line.strip() for line in unicodedata.normalize("NFC", text).replace("\r", "\n").split("\n")]
    lines = [line for line in lines if line]
    found_title, lines = _title(lines)
    articles = _clauses(lines) if any(_CLAUSE.match(line) for line in lines) else _outline(lines)
    if not any(article.number != "前言" for article in articles):
        raise CorpusError(
            "没有找到编号的条款，请检查是否写成「第一条」或「一、」「1.」的形式 / no numbered articles were found"
        )
    return Regulation(title or found_title or "未命名规章", tuple(_distinct(articles)))


def _title(lines: Sequence[str]) -> tuple[str, list[str]]:
    """A first line that is a heading or short and unnumbered is the title."""
    if not lines:
        return "", []
    first = lines[0].lstrip("#").strip()
    is_heading = lines[0].startswith("#")
    is_short = len(first) <= _LONGEST_TITLE * 2 and first[-1:] not in "。；;：:" and not _is_numbered(first)
    if is_heading or is_short:
        return first, list(lines[1:])
    return "", list(lines)


def _is_numbered(line: str) -> bool:
    return bool(_TITLES.match(line) or _CLAUSE.match(line) or any(pattern.match(line) for _, pattern in _LEVELS))


def _clauses(lines: Sequence[str]) -> list[Article]:
    """Documents with 第…条: whatever follows belongs to the clause until the next one or the next title."""
    articles: list[Article] = []
    headings: dict[str, str] = {}
    number, body, heading = "前言", list[str](), ""

    def finish() -> None:
        if body:
            articles.append(Article(number, "\n".join(body), heading))

    for raw in lines:
        line = raw.lstrip("#").strip()
        if titled := _TITLES.match(line):
            finish()
            level = titled[2]
            headings = {kept: text for kept, text in headings.items() if "编章节".index(kept) < "编章节".index(level)}
            headings[level] = line
            number, body, heading = line, [], " ".join(headings.values())
        elif clause := _CLAUSE.match(line):
            finish()
            number = f"第{clause[1]}条" + (f"之{clause[2]}" if clause[2] else "")
            body = [clause[3]] if clause[3] else [line]
            heading = " ".join(headings.values())
        else:
            body.append(line)
    finish()
    return articles


def _outline(lines: Sequence[str]) -> list[Article]:
    """Documents numbered by levels: each level is as deep as the document first nests it."""
    root = _Node("", "", "")
    path = [root]
    for raw in lines:
        line = raw.lstrip("#").strip()
        numbered = _level(line)
        if numbered is None:
            path[-1].lines.append(line)
            continue
        level, label, rest = numbered
        depth = next((at for at, node in enumerate(path) if node.level == level), len(path))
        node = _Node(level, label, rest)
        del path[depth:]
        path[-1].children.append(node)
        path.append(node)
    articles: list[Article] = []
    if root.lines:
        articles.append(Article("前言", "\n".join(root.lines)))
    for child in root.children:
        _flatten(child, (), (), articles)
    return articles


def _level(line: str) -> tuple[str, str, str] | None:
    for level, pattern in _LEVELS:
        if match := pattern.match(line):
            label = match[1]
            if level in ("bracketed", "bracketed-arabic"):
                label = f"({label})"
            return level, label, match[2].strip()
    return None


def _flatten(node: _Node, path: tuple[str, ...], headings: tuple[str, ...], articles: list[Article]) -> None:
    """A node with children and a short line is a title; every other node is an article."""
    here = (*path, node.label)
    is_title = (
        bool(node.children) and not node.lines and len(node.text) <= _LONGEST_TITLE and node.text[-1:] not in "：:。"
    )
    if not is_title:
        text = "\n".join(filter(None, (node.text, *node.lines)))
        below = "".join(f"\n{_bracketed(child)}{child.text}" for child in node.children)
        articles.append(Article(".".join(here), (text + below) or node.label, " ".join(headings)))
    for child in node.children:
        _flatten(child, here, (*headings, node.text) if is_title else headings, articles)


def _bracketed(node: _Node) -> str:
    label = node.label
    return label.replace("(", "（").replace(")", "）") if label.startswith("(") else f"{label}. "


def _distinct(articles: Sequence[Article]) -> list[Article]:
    """Numbers that come again (numbering that restarts) get the occurrence behind them: `1`, `1#2`."""
    seen: dict[str, int] = {}
    distinct: list[Article] = []
    for article in articles:
        seen[article.number] = seen.get(article.number, 0) + 1
        again = seen[article.number]
        number = article.number if again == 1 else f"{article.number}#{again}"
        distinct.append(Article(number, article.text, article.heading))
    return distinct
