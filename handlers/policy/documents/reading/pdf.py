"""PDF with text in it: what stands on each page, without headers, footers and page numbers, joined to paragraphs."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from handlers.policy.documents.doubts import Doubt
from handlers.policy.documents.marks import escaped
from handlers.policy.documents.reading.flow import Line, like_tables, paragraphs, without_margins
from handlers.policy.documents.reading.source import MOST_CHARACTERS, CorpusError, Source, source

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MOST_PAGES = 1500
_MOST_UNREADABLE = 0.2
"""Share of characters that no font says the meaning of, from which on the text is no text."""
_TURN = threading.Lock()
"""PDFium does one thing at a time."""
_PASSWORD = 4
"""FPDF_ERR_PASSWORD of PDFium's fpdfview.h."""


def read(data: bytes) -> Source:
    """The text of a PDF. Raises `CorpusError`: damaged, encrypted, scanned, too many pages."""
    with _TURN:
        pages = _pages(data)
    characters = "".join(line.text for page in pages for line in page)
    if not characters.strip():
        raise CorpusError(
            "文件里没有文字，多半是扫描件；请先识别成文字（OCR），或者找电子版 / no text, probably scanned: run OCR first"
        )
    unreadable = sum(character == "\ufffd" or "\ue000" <= character <= "\uf8ff" for character in characters)
    if unreadable > _MOST_UNREADABLE * len(characters):
        raise CorpusError(
            "文字认不出（字体没有说明是哪个字），请找 Word 版或者重新打印成 PDF / its fonts do not say which characters they show"
        )
    kept, dropped = without_margins(pages)
    empty = [number for number, page in enumerate(pages, 1) if not page]
    doubts = [Doubt(0, "图片", f"第 {number} 页没有文字，可能是图片，没有读进来") for number in empty]
    lines = paragraphs(kept)
    doubts += [
        Doubt(at, "表格", f"「{lines[at - 1][:20]}」起像是表格，PDF 里看不出行和列，请对照原文看一看")
        for at in like_tables(lines)
    ]
    return source([escaped(line) for line in lines], dropped, doubts)


def _pages(data: bytes) -> list[list[Line]]:
    import pypdfium2  # only who reads a PDF waits for the library, and has it in memory

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise CorpusError(
                "文件有密码，请去掉密码后再导入 / the file is encrypted, take the password off"
            ) from error
        raise CorpusError("文件坏了或者不是 PDF / damaged, or no PDF") from error
    with closing(document):
        if len(document) > MOST_PAGES:
            raise CorpusError(f"超过 {MOST_PAGES} 页，请拆成几个文件分别导入 / more than {MOST_PAGES} pages, split it")
        try:
            return list(_all_lines(document))
        except pypdfium2.PdfiumError as error:
            raise CorpusError("文件里有读不出的页，请重新另存为 PDF / a page cannot be read, save it again") from error


def _all_lines(document: PdfDocument) -> Iterator[list[Line]]:
    count = 0
    for page in document:
        with closing(page), closing(page.get_textpage()) as text:
            size = text.count_chars()
            count += size
            if count > MOST_CHARACTERS:
                raise CorpusError("文字太多，请拆成几个文件分别导入 / too much text, split the file")
            yield list(_lines(text, size, page.get_height()))


def _lines(text: Any, size: int, height: float) -> Iterator[Line]:
    """The lines of a page in the order in which PDFium reads them, with the boxes of their first and last character."""
    from pypdfium2 import raw

    words: list[str] = []
    first = last = -1
    for at in range(size + 1):
        code = 10 if at == size else raw.FPDFText_GetUnicode(text.raw, at)
        if code not in (10, 13):
            words.append(_character(code))
            if not words[-1].isspace() and not raw.FPDFText_IsGenerated(text.raw, at):
                first, last = (at if first < 0 else first), at
            continue
        if line := " ".join("".join(words).split()):
            left, bottom, _, top = _box(raw, text, first)
            _, _, right, _ = _box(raw, text, last)
            yield Line(line, left, right, bottom, top, height)
        words, first, last = [], -1, -1


def _character(code: int) -> str:
    """A character; what is none becomes U+FFFD. PDFium gives U+FFFE for a hyphen at which a word is broken."""
    if code in (2, 0xFFFE):
        return "-"
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 and code >= 32 else "\ufffd"


def _box(raw: Any, text: Any, at: int) -> tuple[float, float, float, float]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text.raw, max(at, 0), left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value
