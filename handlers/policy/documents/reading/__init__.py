"""Files of every usual format to text: bytes in, lines out, no I/O."""

from __future__ import annotations

from pathlib import PurePath

from handlers.policy.documents.reading import docx, html, pdf, text
from handlers.policy.documents.reading.source import MOST_BYTES, CorpusError, Source

__all__ = ["FORMATS", "CorpusError", "Source", "read"]

FORMATS = (".txt", ".md", ".docx", ".pdf", ".html", ".htm")
"""Endings of the files that can be read."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BY_ENDING = {
    ".txt": text.read,
    ".md": text.read,
    ".docx": docx.read,
    ".pdf": pdf.read,
    ".html": html.read,
    ".htm": html.read,
}


def read(name: str, data: bytes) -> Source:
    """The text of a file. Its content decides where the name says something else.

    Raises `CorpusError`, one line that begins with `name`.
    """
    ending = PurePath(name).suffix.lower()
    try:
        if len(data) > MOST_BYTES:
            raise CorpusError(
                f"文件超过 {MOST_BYTES // 1_000_000} MB，请拆开，或者去掉图片后另存 / too large, split it or remove pictures"
            )
        reader = _BY_ENDING.get(ending)
        if data.startswith(_OLD_OFFICE):
            raise CorpusError(_old(ending))
        if data.startswith(b"%PDF-"):
            reader = pdf.read
        elif data.startswith(b"PK\x03\x04") and ending in (*FORMATS, ".doc"):
            reader = docx.read
        elif ending == ".doc" and data.lstrip()[:200].lower().startswith(
            (b"<html", b"<!doctype html", b"\xef\xbb\xbf<html")
        ):
            reader = html.read  # saved by a web page
        if reader is None:
            raise CorpusError(_unknown(ending))
        return reader(data)
    except CorpusError as error:
        told = str(error)
        joint = " " if told.startswith("第 ") else "："
        raise CorpusError(f"{name}{joint}{told}") from error


def _old(ending: str) -> str:
    if ending == ".docx":
        return (
            "打不开：有密码，或者其实是旧格式；请用 Word 打开，去掉密码后另存为 .docx / encrypted or old, save it again"
        )
    return "是旧版 Office 格式，请用 Word 或 WPS 打开后另存为 .docx / an old format, save it as .docx"


def _unknown(ending: str) -> str:
    if ending in (".doc", ".wps", ".rtf", ".odt"):
        return f"不能读 {ending}，请用 Word 或 WPS 打开后另存为 .docx / save it as .docx first"
    return f"只能导入 {' '.join(FORMATS)}，请先另存为其中一种 / save it as one of these first"
