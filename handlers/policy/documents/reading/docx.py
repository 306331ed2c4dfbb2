"""Word documents: paragraphs with the numbers that Word writes itself, tables, notes; no headers and footers.

A .docx is a ZIP file with XML in it (ISO/IEC 29500-1). Deleted text of tracked changes is left out, inserted text kept.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from handlers.policy.documents.doubts import Doubt
from handlers.policy.documents.marks import escaped
from handlers.policy.documents.reading import xml
from handlers.policy.documents.reading.docx_styles import Styles
from handlers.policy.documents.reading.numbering import Numbering
from handlers.policy.documents.reading.source import CorpusError, Source, source
from handlers.policy.documents.reading.tables import table_lines
from handlers.policy.documents.reading.xml import Element, is_on, value

MOST_UNPACKED = 60_000_000
"""Bytes of one part of the file when it is unpacked: a small file may hold gigabytes of nothing."""

_UNSEEN = {
    "del",
    "moveFrom",
    "rPrChange",
    "pPrChange",
    "instrText",
    "delText",
    "pPr",
    "rPr",
    "rt",
    "Fallback",
    "txbxContent",
}
"""Not text of the paragraph: deleted, about its form, or (boxes) shown elsewhere."""
_WITHIN = ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice")
"""What paragraphs and tables may be wrapped in."""
_HEADING = re.compile(r"^#{1,6} ")
_BROKEN = (
    "文件坏了或者不是 Word 文档，请用 Word 打开后另存为 .docx / damaged or no Word document, save it again as .docx"
)


def read(data: bytes) -> Source:
    """The text of a .docx file. Raises `CorpusError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            document = _part(archive, "word/document.xml")
            if document is None:
                raise CorpusError("不是 Word 文档，请用 Word 打开后另存为 .docx / not a Word document")
            reader = _Reader(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise CorpusError(_BROKEN) from error
    body = document.find("body")
    lines = list(reader.lines(body)) if body is not None else []
    if not any(lines):
        with_pictures = any(element.tag in ("drawing", "pict") for element in document.iter())
        raise CorpusError(
            "文件里只有图片，没有文字；请先识别成文字（OCR）/ only pictures, no text"
            if with_pictures
            else "文件里没有文字 / there is no text in the file"
        )
    return source(lines, reader.dropped, reader.doubts)


def _part(archive: zipfile.ZipFile, name: str) -> Element | None:
    """A part of the file; None where there is none."""
    try:
        member = archive.getinfo(name)
    except KeyError:
        return None
    if member.flag_bits & 1:
        raise CorpusError("文件有密码，请去掉密码后再导入 / the file is encrypted, take the password off")
    with archive.open(member) as stream:
        unpacked = stream.read(MOST_UNPACKED + 1)  # what the file says of its size need not be true
    if len(unpacked) > MOST_UNPACKED:
        raise CorpusError("文件解开后太大，请拆成几个文件分别导入 / too large when unpacked, split it")
    return xml.parse(unpacked)


class _Reader:
    """Goes through one document from its beginning to its end: numbers depend on what came before."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.dropped: list[str] = []
        self.doubts: list[Doubt] = []
        self._numbering = Numbering(_part(archive, "word/numbering.xml"))
        self._styles = Styles(_part(archive, "word/styles.xml"))
        self._notes = {kind: _notes(_part(archive, f"word/{kind}s.xml"), kind) for kind in ("footnote", "endnote")}
        self._line = 0

    def lines(self, parent: Element) -> Iterator[str]:
        """The lines of a body, a cell, a note or a box."""
        for line in self._lines(parent):
            self._line += 1
            yield line

    def _lines(self, parent: Element) -> Iterator[str]:
        for element in parent:
            if element.tag == "p":
                yield from self._paragraph(element)
            elif element.tag == "tbl":
                yield from self._table(element)
            elif element.tag == "sdt" and _is_contents(element):
                self.dropped += [line for inner in element.iter("p") if (line := _text(inner).strip())]
            elif element.tag in _WITHIN:
                yield from self._lines(element)

    def _paragraph(self, paragraph: Element) -> Iterator[str]:
        """Usually one line; more where it has line breaks, notes or boxes."""
        text = _text(paragraph)
        properties = paragraph.find("pPr")
        style = self._styles.of(value(None if properties is None else properties.find("pStyle")))
        parts = [line for part in text.split("\n") if (line := " ".join(part.split()))]
        if style.is_contents:
            self.dropped += parts
            return
        if parts:  # an empty paragraph shows its number in Word, but numbers nothing
            parts[0] = self._number(properties) + parts[0]
            outline = "" if properties is None else value(properties.find("outlineLvl"))
            heading = int(outline) + 1 if outline.isdecimal() and int(outline) < 9 else style.heading
            mark = f"{'#' * min(heading, 6)} " if heading and len(parts) == 1 else ""
            yield from (mark + escaped(part) for part in parts)
        for kind, notes in self._notes.items():
            for reference in paragraph.iter(f"{kind}Reference"):
                if note := notes.get(value(reference, "id")):
                    yield escaped(f"（注：{note}）")
        for box in _boxes(paragraph):
            yield from self._lines(box)

    def _number(self, properties: Element | None) -> str:
        style_id = "" if properties is None else value(properties.find("pStyle"))
        style = self._styles.of(style_id)
        own = None if properties is None else properties.find("numPr")
        list_id = value(None if own is None else own.find("numId")) or style.list_id
        if not list_id or list_id == "0":
            return ""
        level = value(None if own is None else own.find("ilvl"))
        at = style.level if style.level is not None else self._numbering.level_of(list_id, style_id)
        return self._numbering.next(list_id, int(level) if level.isdecimal() else at)

    def _table(self, table: Element) -> Iterator[str]:
        rows: list[list[str]] = []
        is_single = True
        for row in table.iter("tr") if table.find("tr") is None else table.findall("tr"):
            if row.find("trPr/del") is not None:
                continue
            cells: list[str] = []
            for cell in _cells(row):
                at = len(cells)
                inner = list(self._lines(cell))
                is_single = is_single and at == 0
                if cell.find(".//tbl") is not None:
                    self.doubts.append(
                        Doubt(self._line + 1, "表格", "这里的表格里套着表格，可能读乱了，请对照原文看一看")
                    )
                goes_on = cell.find("tcPr/vMerge")
                if goes_on is not None and value(goes_on) != "restart" and rows and at < len(rows[-1]):
                    cells.append(rows[-1][at])
                else:
                    cells.append("\n".join(inner if is_single else (_HEADING.sub("", line) for line in inner)))
                span = value(cell.find("tcPr/gridSpan"))
                cells += [""] * (min(int(span), 60) - 1 if span.isdecimal() else 0)
            rows.append(cells)
        if is_single:  # a frame around text
            yield from (line for row in rows for cell in row for line in cell.split("\n") if line)
        else:
            yield from table_lines(rows)


def _cells(row: Element) -> Iterator[Element]:
    for element in row:
        if element.tag == "tc":
            yield element
        elif element.tag in _WITHIN:
            yield from _cells(element)


def _text(element: Element) -> str:
    """The text that a reader sees in a paragraph; line breaks stay."""
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == "t":
            yield child.text or ""
        elif tag == "r":
            if not is_on(child.find("rPr/vanish")):
                yield from _pieces(child)
        elif tag == "tab":
            yield " "
        elif tag in ("br", "cr"):
            yield "\n" if value(child, "type") in ("", "textWrapping") else " "
        elif tag == "noBreakHyphen":
            yield "-"
        elif tag not in _UNSEEN:
            yield from _pieces(child)


def _boxes(paragraph: Element) -> Iterator[Element]:
    """The text boxes in a paragraph; Word writes each twice, the second time for old programs (`Fallback`)."""
    for child in paragraph:
        if child.tag == "txbxContent":
            yield child
        elif child.tag not in ("Fallback", "del", "moveFrom"):
            yield from _boxes(child)


def _notes(root: Element | None, kind: str) -> dict[str, str]:
    """Footnotes or endnotes by their id; lines that only separate them have a type."""
    elements = () if root is None else root.findall(kind)
    return {
        value(element, "id"): " ".join(" ".join(map(_text, element.iter("p"))).split())
        for element in elements
        if not value(element, "type") or value(element, "type") == "normal"
    }


def _is_contents(control: Element) -> bool:
    """An automatic table of contents."""
    return value(control.find("sdtPr/docPartObj/docPartGallery")) == "Table of Contents"
