"""Web pages: a line a block, tables and numbered lists as they are shown; no menus, scripts and forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from handlers.policy.documents.doubts import Doubt
from handlers.policy.documents.marks import bare, escaped, is_numbered
from handlers.policy.documents.reading.counting import counted
from handlers.policy.documents.reading.html_tokens import RAW, Tag, tokens
from handlers.policy.documents.reading.source import CorpusError, Source, source
from handlers.policy.documents.reading.tables import table_lines
from handlers.policy.documents.reading.text import decode_page

MOST_CHARACTERS = 5_000_000
"""Of a page, with its tags."""
MOST_SPREAD = 20_000
"""Cells of a table that others spread over; further ones are left away."""
DEEPEST = 50
"""Tables within tables; what is deeper is read as text."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_BLOCKS = {
    *(
        "address",
        "article",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
    ),
    *("figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "ol", "p"),
    *("pre", "section", "summary", "details", "tbody", "thead", "tfoot", "ul", "option"),
}
_SKIPPED = {"nav", "aside", "footer", "head", "svg", "button", "select", "object", "math", "map", *RAW}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|sidebar|breadcrumbs?|footer|foot|copyright|advert\w*|ads?|banner|share|toolbar|pager|"
    r"pagination|crumbs?|related|search|login|weixin|qrcode)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""In `class` or `id`: what stands beside the document."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LIST_STYLES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


@dataclass(slots=True)
class _Table:
    """A table that is being read: the lines of each cell, row by row."""

    rows: list[list[list[str]]] = field(default_factory=list)
    is_layout: bool = False
    """It has a table in it: pages are laid out so."""
    beside: int = 0
    """Columns that the open cell takes besides its own."""
    spread: int = 0
    """How many cells others have been spread over."""
    below: dict[int, tuple[int, list[str]]] = field(default_factory=dict)
    """Columns that a cell above takes, for how many rows more."""

    def begin_row(self) -> None:
        """A row begins; the one before it is complete."""
        self._fill()
        self.rows.append([])

    def begin_cell(self, columns: int, rows: int) -> None:
        """A cell begins, over so many columns and rows."""
        if not self.rows:
            self.rows.append([])
        self._fill()
        cell: list[str] = []
        if rows > 1 and self.spread < MOST_SPREAD:
            self.below[len(self.rows[-1])] = (rows - 1, cell)
        self.rows[-1].append(cell)
        self.beside = columns - 1

    def _taken(self, count: int) -> int:
        """How many of so many cells may still be added; they are counted."""
        granted = min(count, MOST_SPREAD - self.spread)
        self.spread += granted
        return granted

    def _fill(self) -> None:
        """Add the cells that others spread over."""
        if not self.rows:
            return
        row = self.rows[-1]
        row += [[] for _ in range(self._taken(self.beside))]
        self.beside = 0
        while len(row) in self.below and self._taken(1):
            left, cell = self.below.pop(len(row))
            if left > 1:
                self.below[len(row)] = (left - 1, cell)
            row.append(cell)


@dataclass(slots=True)
class _Reader:
    """What has been read of a page so far."""

    with_all: bool
    """What stands beside the document is read too."""
    lines: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    lists: list[tuple[str, int] | None] = field(default_factory=list)
    """Style and next number of the lists around; None for one with bullets."""
    words: list[str] = field(default_factory=list)
    skipped: str = ""
    """Name of the element that is being left out."""
    depth: int = 0
    """How many elements of that name are open in it."""
    heading: int = 0

    @property
    def has_articles(self) -> bool:
        """Some line is numbered."""
        return any(is_numbered(bare(line)) for line in self.lines)

    def take(self, token: Tag | str) -> None:
        """Go on by one tag or text."""
        if self.skipped:
            self._skip(token)
        elif isinstance(token, str):
            self.words.append(token)
        elif not token.ends and self._is_beside(token):
            self._flush()
            self.skipped, self.depth = token.name, 1
        elif token.name == "br":
            self._flush()
        elif token.name in ("table", "tr", "td", "th"):
            self._flush()
            self._take_table(token)
        elif token.name in _BLOCKS:
            self._flush()
            self._take_block(token)

    def end(self) -> None:
        """The page is over; what is open is closed."""
        self._flush()
        while self.tables:
            self._close_table()

    def _skip(self, token: Tag | str) -> None:
        if isinstance(token, str):
            if line := " ".join(token.split()):
                self.dropped.append(line)
        elif token.name == self.skipped:
            self.depth += -1 if token.ends else 1
            if not self.depth:
                self.skipped = ""

    def _is_beside(self, tag: Tag) -> bool:
        if tag.name in _VOID or tag.name in ("html", "body", "table", "tbody", "tr"):
            return False
        if tag.name in RAW or tag.name == "head":
            return True
        if self.with_all:
            return False
        named = f"{tag.attributes.get('class', '')} {tag.attributes.get('id', '')}"
        return (
            tag.name in _SKIPPED or bool(_BESIDE.search(named)) or bool(_HIDDEN.search(tag.attributes.get("style", "")))
        )

    def _take_block(self, tag: Tag) -> None:
        name = tag.name
        if re.fullmatch("h[1-6]", name):
            self.heading = 0 if tag.ends else int(name[1])
        elif name in ("ol", "ul"):
            if tag.ends:
                del self.lists[-1:]
            else:
                start = tag.attributes.get("start", "1")
                count = int(start) if start.isascii() and start.isdecimal() and len(start) < 5 else 1
                style = _LIST_STYLES.get(tag.attributes.get("type", ""), "decimal")
                self.lists.append((style, count) if name == "ol" else None)
        elif name == "li" and not tag.ends and self.lists and (numbered := self.lists[-1]):
            style, count = numbered
            self.lists[-1] = (style, count + 1)
            self.words.append(f"{counted(count, style)}. ")

    def _take_table(self, tag: Tag) -> None:
        if tag.name == "table":
            if tag.ends:
                self._close_table()
            elif len(self.tables) < DEEPEST:
                if self.tables:
                    self.tables[-1].is_layout = True
                self.tables.append(_Table())
        elif self.tables and not tag.ends:
            table = self.tables[-1]
            if tag.name == "tr":
                table.begin_row()
            else:
                table.begin_cell(_span(tag, "colspan"), _span(tag, "rowspan"))

    def _close_table(self) -> None:
        if not self.tables:
            return
        table = self.tables.pop()
        if table.is_layout or all(len(row) < 2 for row in table.rows):
            found = [line for row in table.rows for cell in row for line in cell]
        else:
            found = table_lines([[" ".join(cell) for cell in row] for row in table.rows])
        self._target().extend(found)

    def _target(self) -> list[str]:
        """Where lines go: to the cell that is open, or to the page."""
        if self.tables and self.tables[-1].rows and self.tables[-1].rows[-1]:
            return self.tables[-1].rows[-1][-1]
        return self.lines

    def _flush(self) -> None:
        line = " ".join("".join(self.words).split())
        self.words.clear()
        if not line:
            return
        mark = f"{'#' * self.heading} " if self.heading and not self.tables else ""
        self._target().append(mark + escaped(line))


def _span(tag: Tag, name: str) -> int:
    """Over how many columns or rows a cell goes."""
    written = tag.attributes.get(name, "")
    return int(written) if written.isascii() and written.isdecimal() and 0 < len(written) < 3 else 1


def _lines(page: str, *, with_all: bool) -> _Reader:
    reader = _Reader(with_all)
    for token in tokens(page):
        reader.take(token)
    reader.end()
    return reader


def read(data: bytes) -> Source:
    """The text of a page. Raises `CorpusError`."""
    declared = _CHARSET.search(data[:8192])
    page = decode_page(data, _encoding(declared[1].decode("ascii")) if declared else "")
    if len(page) > MOST_CHARACTERS:
        raise CorpusError("网页太大，请只保存正文部分 / the page is too large, save the text only")
    document = _lines(page, with_all=False)
    if not document.has_articles:
        whole = _lines(page, with_all=True)
        if whole.has_articles or not document.lines:
            document = whole  # what seemed to stand beside the document was the document
    if document.lines:
        broken = "".join(document.lines).count("\ufffd")
        doubts = [Doubt(0, "乱码", f"有 {broken} 个字认不出，成了「\ufffd」，请对照网页看一看")] if broken else []
        return source(document.lines, document.dropped, doubts)
    raise CorpusError("网页里没有文字；内容如果是打开后才载入的，请在浏览器里另存 / the page has no text")


def _encoding(declared: str) -> str:
    """A name that Python knows; GB18030 for its older forms, nothing for what is not known."""
    name = declared.lower()
    if name in ("gb2312", "gbk", "gb_2312-80"):
        return "gb18030"
    return name if name in ("utf-8", "utf8", "gb18030", "big5", "utf-16") else ""
