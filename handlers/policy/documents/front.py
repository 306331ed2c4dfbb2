"""The beginning of a document: which line is its title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from handlers.policy.documents.lines import Line, compact
from handlers.policy.documents.marks import clause, is_numbered

_LONGEST = 60
_LOOKED_AT = 8
"""Lines before the first number among which the title is looked for."""
_KIND = re.compile(
    r"(?:办法|规定|制度|细则|条例|规则|规程|守则|章程|通知|方案|意见|准则|规范|标准|流程|指南|要求|须知|公约|预案|手册|要点|通告|决定)"
    r"(?:\s*[（(〔][^（）()]{1,20}[）)〕])?$"
)
_REFERENCE = re.compile(r"^\S{1,20}[〔\[（(【﹝]\s*\d{4}\s*[〕\]）)】﹞]\s*第?\s*\d{1,4}\s*号$")
"""发文字号: 某院发〔2023〕15号."""
_LETTERHEAD = re.compile(
    r"^(?:.{2,30}文件|特急|急件|加急|平急|内部(?:资料|文件)|机密.{0,8}|秘密.{0,8}|发文字号.{0,30})$"
)
_ISSUED = re.compile(r"《([^《》]{3,60})》的(?:通知|决定|通告)$")


def split(lines: Sequence[Line]) -> tuple[str, list[Line]]:
    """The title, and the other lines.

    It is a first line that is a Markdown heading, or short and unnumbered; a letterhead and a 发文字号 are none. It may go on
    to a second line. Where a notice issues 《某办法》 and that follows, this is the title.
    """
    if not lines or is_numbered(lines[0].text):
        return "", list(lines)
    if lines[0].is_heading:
        return lines[0].text, list(lines[1:])
    if not _may_be(lines[0].text):
        return "", list(lines)
    at = _first(lines)
    title, end = lines[at].text, at + 1
    if end < len(lines) and _goes_on(title, lines[end].text):
        title, end = title + lines[end].text, end + 1
    rest = [*lines[:at], *lines[end:]]
    if (issued := _ISSUED.search(title)) and _is_below(issued[1], rest):
        return issued[1], [*lines]
    return title, rest


def _first(lines: Sequence[Line]) -> int:
    """The first line that is no letterhead; the first of all where nothing else may be a title."""
    for at, line in enumerate(lines[:_LOOKED_AT]):
        if is_numbered(line.text) or not _may_be(line.text):
            break
        if not _REFERENCE.match(line.text) and not _LETTERHEAD.match(compact(line.text)):
            return at
    return 0


def _may_be(text: str) -> bool:
    return len(text) <= _LONGEST and text[-1] not in "。；;：:，,、"


def _goes_on(title: str, line: str) -> bool:
    """The title is unfinished, and this line ends it."""
    return (
        not _KIND.search(title)
        and bool(_KIND.search(line))
        and _may_be(line)
        and len(title) + len(line) <= _LONGEST
        and not is_numbered(line)
    )


def _is_below(title: str, lines: Sequence[Line]) -> bool:
    """The regulation that a notice issues follows: its title stands alone, or there are clauses, which a notice has not."""
    return any(_plain(line.text) == _plain(title) or clause(line.text) for line in lines)


def _plain(title: str) -> str:
    return unicodedata.normalize("NFKC", compact(title))
