"""What every reader of a format gives, and the error that all of them raise."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.policy.documents.doubts import Doubt

MOST_BYTES = 20_000_000
"""Of a file; a regulation has some hundred thousand, scanned pages that nobody can read have more."""
MOST_CHARACTERS = 3_000_000
"""Of the text in a file."""

_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
"""PDF files often have the radical ⼀ where the character 一 is meant; both look the same."""


class CorpusError(Exception):
    """The file or the text cannot be taken as a regulation; it says why and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as text: one line a paragraph, in Markdown, so that `corpus.parse` sees which lines are headings."""

    text: str
    dropped: tuple[str, ...] = ()
    """Lines that are no part of the document: headers, footers, page numbers, tables of contents, navigation."""
    doubts: tuple[Doubt, ...] = ()


def source(lines: Iterable[str], dropped: Iterable[str] = (), doubts: Iterable[Doubt] = ()) -> Source:
    """A source from lines. Raises `CorpusError` where there are too many characters."""
    text = "\n".join(lines).translate(_RADICALS)
    if len(text) > MOST_CHARACTERS:
        raise CorpusError(
            f"文字太多（超过 {MOST_CHARACTERS // 10_000} 万字），请拆成几个文件分别导入 / too much text, split the file"
        )
    return Source(text, tuple(dropped), tuple(doubts))
