"""From the text of a regulation to its articles, each with a number that people can say.

Two families of numbering are known. In documents with 第…条, articles are numbered through and called `第十二条`; titles of
编, 章 and 节 become headings. Elsewhere the levels 一、／（一）／1.／(1)／① are taken in the order in which the document nests
them, and an article is called by its path: `二.6`, `四.(二).2`, `二.6.(三)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from handlers.policy.documents import anchors, back, checking, clauses, contents, front, outline
from handlers.policy.documents.doubts import Doubt
from handlers.policy.documents.lines import Line, Reading, lines_of
from handlers.policy.documents.reading import CorpusError, Source, read
from handlers.policy.documents.reading.source import MOST_BYTES
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
    dropped: tuple[str, ...] = ()
    """Lines of the file that are no part of it: headers, page numbers, menus."""


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
    found = _parse(source.text, title, source.doubts)
    titled = PurePath(name).stem.strip() if found.title == UNTITLED and name else found.title
    return replace(found, title=titled or UNTITLED, dropped=source.dropped)


def parse(text: str, title: str = "") -> Regulation:
    """The regulation in a text. Every line of it is in some article; what comes before the first number is `前言`.

    The same text always gives the same numbers. Raises `CorpusError` when no numbered article is found.
    """
    return _parse(text, title, ())


def _parse(text: str, title: str, before_reading: Sequence[Doubt]) -> Regulation:
    """`before_reading`: what was doubtful in the file already."""
    lines = lines_of(text)
    if marked := anchors.read(text):
        found_title, exact = marked
        return Regulation(title or found_title or UNTITLED, tuple(_distinct(exact)), tuple(before_reading))
    found_title, rest = front.split(lines)
    before, rest = contents.split(rest)
    own, annexes = back.annexes(rest)
    own, signed = back.signature(own)
    body, doubts = _read(own)
    articles = _with_introduction(body.articles, before, signed)
    for annex in annexes:
        more, found = _annexed(annex)
        articles += more
        doubts += found
    if not any(article.number for _, article in articles):
        raise CorpusError(_no_articles([line.text for line in lines]))
    first = articles[0][1]
    doubts += before_reading
    doubts += checking.before_articles("" if first.number else first.text, articles[0][0])
    named = list(zip([at for at, _ in articles], _distinct([article for _, article in articles]), strict=True))
    return Regulation(
        title or found_title or UNTITLED, tuple(article for _, article in named), checking.placed(doubts, named)
    )


def _read(lines: Sequence[Line]) -> tuple[Reading, list[Doubt]]:
    """A part of a document that is numbered in itself, and what is doubtful in it."""
    found = clauses.read(lines) if clauses.has_clauses(lines) else outline.read(lines)
    doubts = [*checking.gaps(found.numbered), *checking.jumps(found.numbered)]
    if found.numbered:
        first = found.numbered[0].at
        rest = [line for line in lines if line.at >= first and line.at not in found.headings]
        doubts += checking.like_headings(rest, found.numbered)
    return found, doubts


def _with_introduction(
    articles: Sequence[tuple[int, Article]], before: Sequence[Line], signed: Sequence[Line]
) -> list[tuple[int, Article]]:
    """The table of contents and the signature go with what stands before the first article."""
    has_own = bool(articles) and not articles[0][1].number
    own = [articles[0][1].text] if has_own else []
    texts = [*(line.text for line in before), *own, *(line.text for line in signed)]
    begun = [*before[:1], *signed[:1]]
    at = articles[0][0] if has_own and not before else begun[0].at if begun else 0
    introduction = [(at, Article("", "\n".join(texts)))] if texts else []
    return [*introduction, *articles[has_own:]]


def _annexed(annex: back.Annex) -> tuple[list[tuple[int, Article]], list[Doubt]]:
    """The articles of an annex: `附件1.一.2`, `附件1第三条`; one article where nothing in it is numbered."""
    lines, signed = back.signature(annex.lines)
    body, doubts = _read(lines)
    own = [line.text for line in lines] if not body.numbered else []
    articles = body.articles if body.numbered else []
    if articles and not articles[0][1].number:
        own = articles[0][1].text.split("\n")
        articles = articles[1:]
    name = annex.name
    if not name and own and len(own[0]) <= _LONGEST_TITLE and own[0][-1] not in "。；;：:，,、":
        name, own = own[0], own[1:]
    heading = clauses.squeezed(f"{annex.label} {name}".strip()).replace("\u00a0", " ")
    own += [line.text for line in signed]
    found = []
    if own or not articles:
        found.append((annex.line.at, Article(annex.label, "\n".join(own) or name or annex.label, heading)))
    for at, article in articles:
        joint = "" if article.number.startswith("第") else "."
        above = " ".join(filter(None, (heading, article.heading)))
        found.append((at, replace(article, number=f"{annex.label}{joint}{article.number}", heading=above)))
    if not body.numbered:
        shown = checking.shown(f"{annex.label} {name}".strip())
        doubts.append(Doubt(annex.line.at, "附件无编号", f"「{shown}」里没有编号，整个算作一条"))
    return found, doubts


def count_of(articles: Sequence[Article]) -> int:
    """How many numbered articles there are."""
    return sum(article.number != PREAMBLE for article in articles)


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
